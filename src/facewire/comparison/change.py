"""Two or more visits of one person: what changed, by how much, and whether it can be told.

The first visit stays the reference. Involuntary movement grows with the effort, so a smaller smile
would look like a cure: the involuntary part is compared at the same voluntary amplitude, inside the
range that both visits cover, and not at all where they do not overlap. What counts as physiological
is frozen at the first visit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from facewire.comparison.effort import (
    LEAST_EFFORT_MM,
    at_effort,
    common_effort_mm,
    effort_sd_mm,
)
from facewire.comparison.floors import Floors, load_floors
from facewire.comparison.visits import Z95, Place, Value, Visit
from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.words import mark

FALSE_DISCOVERY_RATE = 0.05
DIFFERENT_EFFORT = mark("not comparable: different effort")
INVOLUNTARY, VOLUNTARY = "involuntary", "voluntary"
NO_SUBJECT = mark(
    "Not every visit names a subject (measure --subject): whether they are of one person was not "
    "checked."
)
SAME_RECORDING = mark("Two of the visits are the same recording: between them nothing can change.")
SIDES_NOT_CONFIRMED = mark(
    "For some visits it is not confirmed whether the picture is mirrored: left and right may be "
    "exchanged."
)
DIFFERENT_SCALES = mark(
    "The visits take their millimetres from different scales: sizes differ by as much as the "
    "scales do."
)
PROVISIONAL = mark(
    "Provisional: the smallest detectable changes come from rendered people and published figures, "
    "not from repeated recordings of this clinic's patients."
)


@dataclass(frozen=True)
class Change:
    """Later minus first visit, for one movement, region and side.

    Parameters
    ----------
    visit : str
        The later visit.
    kind : str
        ``involuntary`` (at the same voluntary amplitude ``at_mm``) or ``voluntary``.
    movement, region, side
        Where.
    before_mm, after_mm, change_mm, ci_low, ci_high : float
        In mm with a 95 % interval; signed as in the measurements. NaN where not comparable.
    at_mm : float
        Voluntary amplitude at which the involuntary parts are compared.
    sdc_mm : float
        Smallest change that can be told from measuring again.
    q_value : float
        False discovery rate over the other outcomes; for the outcome named in advance its p-value.
    named : bool
        Whether it is the outcome named in advance.
    beyond_sdc : bool or None
        None where it cannot be told.
    reason : str
        Why there is no answer.
    """

    visit: str
    kind: str
    movement: Movement
    region: Region
    side: Side
    before_mm: float = math.nan
    after_mm: float = math.nan
    change_mm: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    at_mm: float = math.nan
    sdc_mm: float = math.nan
    q_value: float = math.nan
    named: bool = False
    beyond_sdc: bool | None = None
    reason: str = ""

    @property
    def p_value(self) -> float:
        """Probability of a change at least this large between two measurements of the same."""
        from scipy.stats import norm

        sd = (self.ci_high - self.ci_low) / (2 * Z95)
        return float(2 * norm.sf(abs(self.change_mm) / sd))


@dataclass(frozen=True)
class Comparison:
    """Changes of one person over visits, the first one being the reference.

    ``recordings`` are the hashes of the visits' recordings, empty where unknown.
    """

    subject: str | None
    side_affected: Side | None
    visits: tuple[str, ...]
    changes: tuple[Change, ...]
    floors: Floors
    notes: tuple[str, ...]
    recordings: tuple[str, ...] = ()
    synthetic: bool = False


def compare_visits(
    visits: Sequence[Visit],
    floors: Floors | None = None,
    outcome: tuple[Movement, Region] | None = None,
) -> Comparison:
    """Compare every later visit with the first.

    Parameters
    ----------
    visits : sequence of Visit
        Two or more, in the order of time.
    floors : Floors, optional
        Smallest detectable changes; without, the provisional ones of the package.
    outcome : tuple of Movement and Region, optional
        The one outcome named in advance: tested by itself. All others share a false discovery
        rate of 5 %.

    Raises
    ------
    UsageError
        Fewer than two visits, different subjects, different affected sides, or measured with
        different networks or settings.
    """
    _check(visits)
    floors = floors or load_floors()
    first = visits[0]
    changes: list[Change] = []
    for later in visits[1:]:
        rows = [_involuntary(first, later, place, floors) for place in _asked(first, later)]
        rows += [_voluntary(first, later, place, floors) for place in asked_totals(first)]
        changes += _judged(rows, outcome)
    side = first.side_affected
    return Comparison(
        first.subject,
        side,
        tuple(v.name for v in visits),
        tuple(changes),
        floors,
        tuple(_notes(visits, floors)),
        tuple(v.sha256 for v in visits),
        any(v.synthetic for v in visits),
    )


def _check(visits: Sequence[Visit]) -> None:
    if len(visits) < 2:
        raise UsageError("There is nothing to compare", expected="two or more visits")
    subjects = {v.subject for v in visits if v.subject is not None}
    if len(subjects) > 1:
        raise UsageError(
            "The visits are of different people",
            expected="one subject",
            found=", ".join(sorted(subjects)),
            do="name files of one person",
        )
    sides = {v.side_affected for v in visits if v.side_affected is not None}
    if len(sides) > 1:
        raise UsageError(
            "The visits disagree about the affected side",
            expected="the same side",
            found=" and ".join(sorted(side.word for side in sides)),
            do="measure again with --affected, and check with --mirrored whether a video is "
            "mirrored",
        )
    _check_method(visits)


def _check_method(visits: Sequence[Visit]) -> None:
    first = visits[0]
    for later in visits[1:]:
        differing = [
            name
            for name in first.method.keys() & later.method.keys()
            if first.method[name] != later.method[name]
        ]
        if differing:
            raise UsageError(
                "The visits were measured in different ways",
                expected=f"what {first.name} was measured with",
                found=f"{later.name} differs in {', '.join(sorted(differing))}",
                do="measure both recordings again with the same version and settings",
            )


def _notes(visits: Sequence[Visit], floors: Floors) -> list[str]:
    recordings = [v.sha256 for v in visits if v.sha256]
    remarks = (
        (any(v.subject is None for v in visits), NO_SUBJECT),
        (len(set(recordings)) < len(recordings), SAME_RECORDING),
        (not all(v.side_confirmed for v in visits), SIDES_NOT_CONFIRMED),
        (len({v.scale for v in visits}) > 1, DIFFERENT_SCALES),
        (floors.provisional, PROVISIONAL),
        (any(v.synthetic for v in visits), mark("Synthetic patients: no person.")),
    )
    return [text for holds, text in remarks if holds]


def _asked(first: Visit, later: Visit) -> list[Place]:
    side = first.side_affected or later.side_affected
    return [p for p in first.involuntary if p[2] is side]


def asked_totals(first: Visit) -> list[Place]:
    """Return the places of total movement: both sides, the chin once."""
    once = first.side_affected or Side.LEFT
    return [p for p in first.total if p[1] is not Region.CHIN or p[2] is once]


def _involuntary(first: Visit, later: Visit, place: Place, floors: Floors) -> Change:
    blank = Change(later.name, INVOLUNTARY, *place, sdc_mm=floors.sdc_mm[place[1]])
    before, after = first.involuntary[place], later.involuntary.get(place)
    if after is None or not (before.known and after.known):
        return replace(blank, reason=mark("not measured in both visits"))
    one, two = first.effort[place], later.effort[place]
    if not min(one.mean_mm, two.mean_mm) >= LEAST_EFFORT_MM:
        return replace(blank, reason=mark("the movement itself is too small to compare at"))
    at = common_effort_mm(one, two, effort_sd_mm(first, later, place))
    if at is None:
        found = (
            f"{one.low_mm:.1f} to {one.high_mm:.1f} and {two.low_mm:.1f} to {two.high_mm:.1f} mm"
        )
        return replace(blank, reason=f"{DIFFERENT_EFFORT} ({found})")
    parts = [at_effort(first, visit, place, at) for visit in (first, later)]
    return replace(_difference(blank, *parts), at_mm=at)


def _voluntary(first: Visit, later: Visit, place: Place, floors: Floors) -> Change:
    blank = Change(later.name, VOLUNTARY, *place, sdc_mm=floors.sdc_mm[place[1]])
    before, after = first.total[place], later.total.get(place)
    if after is None or not (before.known and after.known):
        return replace(blank, reason=mark("not measured in both visits"))
    return _difference(blank, before, after)


def _difference(blank: Change, before: Value, after: Value) -> Change:
    change = after.value_mm - before.value_mm
    half = Z95 * math.hypot(before.sd_mm, after.sd_mm)
    return replace(
        blank,
        before_mm=before.value_mm,
        after_mm=after.value_mm,
        change_mm=change,
        ci_low=change - half,
        ci_high=change + half,
        sdc_mm=max(blank.sdc_mm, half),
    )


def _judged(rows: list[Change], outcome: tuple[Movement, Region] | None) -> list[Change]:
    """Answer each row: beyond the smallest detectable change, false discoveries held."""
    named = [_is_named(row, outcome) for row in rows]
    known = [math.isfinite(row.change_mm) for row in rows]
    others = [i for i in range(len(rows)) if known[i] and not named[i]]
    q = dict(zip(others, q_values([rows[i].p_value for i in others]), strict=True))
    judged = []
    for i, row in enumerate(rows):
        if not known[i]:
            judged.append(replace(row, named=named[i]))
            continue
        value = row.p_value if named[i] else q[i]
        beyond = abs(row.change_mm) > row.sdc_mm and value <= FALSE_DISCOVERY_RATE
        judged.append(replace(row, named=named[i], q_value=value, beyond_sdc=beyond))
    return judged


def _is_named(row: Change, outcome: tuple[Movement, Region] | None) -> bool:
    return row.kind == INVOLUNTARY and (row.movement, row.region) == outcome


def q_values(p: list[float]) -> list[float]:
    """Return false discovery rates (Benjamini and Hochberg 1995, J R Stat Soc B 57:289)."""
    if not p:
        return []
    from scipy.stats import false_discovery_control

    return [float(q) for q in false_discovery_control(np.array(p))]
