"""How large a change must be before it can be told from measuring again.

Smallest detectable change of one person: ``1.96 * sqrt(2) * SEM`` (Weir 2005, J Strength Cond Res
19:231; de Vet 2006, Health Qual Life Outcomes 4:54), SEM the standard deviation within a person.
Until a clinic loads its own repeated recordings of at least 30 people, the larger of the synthetic
and the published figure serves, and every answer is provisional.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from facewire.comparison.effort import LEAST_EFFORT_MM, at_effort, common_effort_mm, effort_sd_mm
from facewire.comparison.visits import Place, Visit
from facewire.errors import UsageError
from facewire.face import MOVEMENTS, REGIONS, SIDES, Region
from facewire.files import packaged_table
from facewire.results.comparison import Floor
from facewire.results.estimate import QUANTILES_95, Z95

FACTOR = Z95 * math.sqrt(2.0)
ENOUGH_PEOPLE = 30
"""From here on a clinic's own repeated recordings replace the provisional figures."""


@dataclass(frozen=True)
class Floors:
    """Smallest detectable change of each region.

    Parameters
    ----------
    rows : tuple of Floor
        One for every region.
    provisional : bool
        True until they come from the clinic's own repeated recordings.

    Raises
    ------
    UsageError
        A region is missing.
    """

    rows: tuple[Floor, ...]
    provisional: bool

    def __post_init__(self) -> None:
        missing = sorted(set(REGIONS) - {row.region for row in self.rows})
        if missing:
            raise UsageError(
                f"There is no smallest detectable change for the {missing[0]}",
                expected="one for every region",
            )

    def sdc_mm(self, region: Region) -> float:
        """Return the smallest detectable change of a region, mm."""
        return next(row.sdc_mm for row in self.rows if row.region is region)


@cache
def load_floors() -> Floors:
    """Return the provisional floors that come with the package."""
    table = packaged_table("facewire.comparison", "floors.toml")
    return Floors(tuple(_larger(table, region) for region in REGIONS), provisional=True)


def _larger(table: Mapping[str, Any], region: Region) -> Floor:
    own = FACTOR * float(table["synthetic"]["sem_mm"][region.value])
    options = [(own, f"synthetic: {table['synthetic']['source']}")]
    options += [
        (float(row["sdc_mm"]), f"published: {row['source']}")
        for row in table["published"]
        if region.value in row["regions"]
    ]
    sdc_mm, source = max(options)
    return Floor(region=region, sdc_mm=sdc_mm, source=source)


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

    rows = []
    for region in REGIONS:
        variances = [v for pair in pairs if (v := _within(pair, region)) is not None]
        n = len(variances)
        if n < ENOUGH_PEOPLE:
            raise UsageError(
                f"The {region} was measured twice in too few people",
                expected=f"{ENOUGH_PEOPLE} or more",
                found=str(n),
            )
        sdc_mm = FACTOR * math.sqrt(sum(variances) / n)
        high, low = (sdc_mm * math.sqrt(n / float(chi2.ppf(q, n))) for q in QUANTILES_95)
        rows.append(
            Floor(
                region=region,
                sdc_mm=sdc_mm,
                ci_low=low,
                ci_high=high,
                source=f"this clinic: {len(pairs)} people recorded twice",
                people=len(pairs),
            )
        )
    return Floors(tuple(rows), provisional=False)


def _within(pair: tuple[Visit, Visit], region: Region) -> float | None:
    """Variance within one person: mean over the movements of half the squared difference."""
    one, two = pair
    places = [(m, region, s) for m in MOVEMENTS for s in SIDES]
    found = [d for place in places if (d := _difference_mm(one, two, place)) is not None]
    return sum(d**2 / 2 for d in found) / len(found) if found else None


def _difference_mm(one: Visit, two: Visit, place: Place) -> float | None:
    """Return the difference at equal effort, as two visits are compared; None where they cannot."""
    efforts = [visit.effort(place) for visit in (one, two)]
    known = [e for e in efforts if e is not None and e.mean_mm >= LEAST_EFFORT_MM]
    if len(known) < len(efforts):
        return None
    at = common_effort_mm(known[0], known[1], effort_sd_mm(one, two, place))
    if at is None:
        return None
    before, after = (at_effort(one, visit, place, at) for visit in (one, two))
    return None if before is None or after is None else after.value - before.value
