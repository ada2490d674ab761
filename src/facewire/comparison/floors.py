"""How large a change must be before it can be told from measuring again.

Smallest detectable change of one person: ``1.96 * sqrt(2) * SEM`` (Weir 2005, J Strength Cond Res
19:231; de Vet 2006, Health Qual Life Outcomes 4:54), SEM the standard deviation within a person.
Until a clinic loads its own repeated recordings of at least 30 people, the larger of the synthetic
and the published figure serves, and every answer is provisional.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from facewire.comparison.effort import LEAST_EFFORT_MM, at_effort, common_effort_mm, effort_sd_mm
from facewire.comparison.visits import Place, Visit
from facewire.errors import UsageError
from facewire.face import REGIONS, Region

FACTOR = 1.96 * math.sqrt(2.0)
ENOUGH_PEOPLE = 30
"""From here on a clinic's own repeated recordings replace the provisional figures."""


@dataclass(frozen=True)
class Floors:
    """Smallest detectable change for each region, mm, and where it comes from.

    Parameters
    ----------
    sdc_mm, ci_low_mm, ci_high_mm : mapping of Region to float
        The change and its 95 % interval; the interval is NaN where the source gives none.
    source : mapping of Region to str
    provisional : bool
        True until they come from the clinic's own repeated recordings.
    people : int
        How many people stand behind them; 0 when provisional.
    """

    sdc_mm: Mapping[Region, float]
    ci_low_mm: Mapping[Region, float]
    ci_high_mm: Mapping[Region, float]
    source: Mapping[Region, str]
    provisional: bool
    people: int = 0

    def __post_init__(self) -> None:
        for region in REGIONS:
            if not self.sdc_mm.get(region, math.nan) > 0:
                raise UsageError(
                    f"There is no smallest detectable change for the {region}",
                    expected="a positive number of mm",
                    found=str(self.sdc_mm.get(region)),
                )


@cache
def load_floors() -> Floors:
    """Return the provisional floors that come with the package."""
    text = resources.files(__package__).joinpath("floors.toml").read_text("utf-8")
    table = tomllib.loads(text)
    chosen = {region: _larger(table, region) for region in REGIONS}
    nan = dict.fromkeys(REGIONS, math.nan)
    return Floors(
        {r: size for r, (size, _) in chosen.items()},
        nan,
        nan,
        {r: source for r, (_, source) in chosen.items()},
        provisional=True,
    )


def _larger(table: Mapping[str, Any], region: Region) -> tuple[float, str]:
    own = FACTOR * float(table["synthetic"]["sem_mm"][region.value])
    options = [(own, f"synthetic: {table['synthetic']['source']}")]
    options += [
        (float(row["sdc_mm"]), f"published: {row['source']}")
        for row in table["published"]
        if region.value in row["regions"]
    ]
    return max(options)


def floors_from_retest(pairs: Sequence[tuple[Visit, Visit]]) -> Floors:
    """Return floors from people recorded twice while nothing changed.

    Parameters
    ----------
    pairs : sequence of (Visit, Visit)
        Two recordings of each person, one pair a person.

    Raises
    ------
    UsageError
        Fewer than 30 people, or a region was not measured in both recordings of 30 people.
    """
    if len(pairs) < ENOUGH_PEOPLE:
        raise UsageError(
            "Too few people were recorded twice",
            expected=f"{ENOUGH_PEOPLE} or more",
            found=str(len(pairs)),
            do="go on with the provisional figures until there are enough",
        )
    from scipy.stats import chi2

    sdc, low, high = {}, {}, {}
    for region in REGIONS:
        variances = [v for pair in pairs if (v := _within(pair, region)) is not None]
        n = len(variances)
        if n < ENOUGH_PEOPLE:
            raise UsageError(
                f"The {region} was measured twice in too few people",
                expected=f"{ENOUGH_PEOPLE} or more",
                found=str(n),
            )
        sem = math.sqrt(sum(variances) / n)
        sdc[region] = FACTOR * sem
        low[region] = sdc[region] * math.sqrt(n / float(chi2.ppf(0.975, n)))
        high[region] = sdc[region] * math.sqrt(n / float(chi2.ppf(0.025, n)))
    source = dict.fromkeys(REGIONS, f"this clinic: {len(pairs)} people recorded twice")
    return Floors(sdc, low, high, source, provisional=False, people=len(pairs))


def _within(pair: tuple[Visit, Visit], region: Region) -> float | None:
    """Variance within one person: mean over the movements of half the squared difference."""
    one, two = pair
    halves = [
        difference**2 / 2
        for place in one.involuntary
        if place[1] is region and math.isfinite(difference := _difference_mm(one, two, place))
    ]
    return sum(halves) / len(halves) if halves else None


def _difference_mm(one: Visit, two: Visit, place: Place) -> float:
    """Return the difference at equal effort, as two visits are compared; NaN where they cannot."""
    visits = (one, two)
    if not all(place in v.involuntary and v.involuntary[place].known for v in visits):
        return math.nan
    if not all(v.effort[place].mean_mm >= LEAST_EFFORT_MM for v in visits):
        return math.nan
    at = common_effort_mm(one.effort[place], two.effort[place], effort_sd_mm(one, two, place))
    if at is None:
        return math.nan
    before, after = (at_effort(one, visit, place, at).value_mm for visit in visits)
    return after - before
