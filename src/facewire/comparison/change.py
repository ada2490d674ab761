"""Two or more visits of one person: what changed, by how much, and whether it can be told.

The first visit stays the reference. Involuntary movement grows with the effort, so a smaller smile
would look like a cure: the involuntary part is compared at the same voluntary amplitude, inside the
range that both visits cover, and not at all where they do not overlap. What counts as physiological
is frozen at the first visit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from facewire.comparison.effort import (
    LEAST_EFFORT_MM,
    at_effort,
    common_effort_mm,
    effort_sd_mm,
)
from facewire.comparison.floors import Floors, load_floors
from facewire.comparison.visits import Place, Visit
from facewire.errors import UsageError
from facewire.face import MOVEMENTS, REGIONS, SIDES, Movement, Region, Side
from facewire.results.comparison import Change, Comparison, VisitRecording
from facewire.results.course import Part
from facewire.results.estimate import Estimate
from facewire.words import mark

Outcome = tuple[Movement, Region]
"""The one outcome named in advance."""

FALSE_DISCOVERY_RATE = 0.05
DIFFERENT_EFFORT = mark("not comparable: different effort")
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


def compare_visits(
    visits: Sequence[Visit],
    floors: Floors | None = None,
    outcome: Outcome | None = None,
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
    return Comparison(
        subject=first.result.subject,
        side_affected=first.result.side_affected,
        visits=tuple(v.name for v in visits),
        reference=first.name,
        provisional=floors.provisional,
        smallest_detectable_change=floors.rows,
        changes=tuple(c for c in changes if c.kind == "involuntary"),
        voluntary_changes=tuple(c for c in changes if c.kind == "voluntary"),
        notes=tuple(_notes(visits, floors)),
        recordings=tuple(
            VisitRecording(visit=v.name, recording_sha256=v.recording_sha256) for v in visits
        ),
        synthetic=any(v.result.synthetic for v in visits),
    )


def _check(visits: Sequence[Visit]) -> None:
    if len(visits) < 2:
        raise UsageError("There is nothing to compare", expected="two or more visits")
    subjects = {v.result.subject for v in visits if v.result.subject is not None}
    if len(subjects) > 1:
        raise UsageError(
            "The visits are of different people",
            expected="one subject",
            found=", ".join(sorted(subjects)),
            do="name files of one person",
        )
    sides = {side for v in visits if (side := v.result.side_affected) is not None}
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
    recordings = [v.recording_sha256 for v in visits if v.recording_sha256]
    results = [v.result for v in visits]
    remarks = (
        (any(result.subject is None for result in results), NO_SUBJECT),
        (len(set(recordings)) < len(recordings), SAME_RECORDING),
        (not all(result.side_confirmed for result in results), SIDES_NOT_CONFIRMED),
        (len({v.scale for v in visits}) > 1, DIFFERENT_SCALES),
        (floors.provisional, PROVISIONAL),
        (any(result.synthetic for result in results), mark("Synthetic patients: no person.")),
    )
    return [text for holds, text in remarks if holds]


def _asked(first: Visit, later: Visit) -> list[Place]:
    return asked_parts(first.result.side_affected or later.result.side_affected)


def asked_parts(side: Side | None) -> list[Place]:
    """Return the places of involuntary parts: those of the affected side."""
    return [(m, r, s) for m in MOVEMENTS for r in REGIONS for s in SIDES if s is side]


def asked_totals(first: Visit) -> list[Place]:
    """Return the places of total movement: both sides, the chin once."""
    once = first.result.side_affected or Side.LEFT
    places = ((m, r, s) for m in MOVEMENTS for r in REGIONS for s in SIDES)
    return [p for p in places if p[1] is not Region.CHIN or p[2] is once]


def _involuntary(first: Visit, later: Visit, place: Place, floors: Floors) -> Change:
    before, after = (visit.involuntary(place) for visit in (first, later))
    if before is None or after is None:
        return _untold(later, "involuntary", place, floors, mark("not measured in both visits"))
    one, two = first.effort(place), later.effort(place)
    if one is None or two is None or min(one.mean_mm, two.mean_mm) < LEAST_EFFORT_MM:
        reason = mark("the movement itself is too small to compare at")
        return _untold(later, "involuntary", place, floors, reason)
    at = common_effort_mm(one, two, effort_sd_mm(first, later, place))
    if at is None:
        ranges = f"{one.low_mm:.1f} to {one.high_mm:.1f} and {two.low_mm:.1f} to {two.high_mm:.1f}"
        reason = f"{DIFFERENT_EFFORT} ({ranges} mm)"
        return _untold(later, "involuntary", place, floors, reason)
    parts = [at_effort(first, visit, place, at) for visit in (first, later)]
    return _difference(later, "involuntary", place, floors, parts).replaced(at_mm=at)


def _voluntary(first: Visit, later: Visit, place: Place, floors: Floors) -> Change:
    totals = [visit.total(place) for visit in (first, later)]
    return _difference(later, "voluntary", place, floors, totals)


def _untold(later: Visit, kind: Part, place: Place, floors: Floors, reason: str) -> Change:
    movement, region, side = place
    return Change(
        visit=later.name,
        kind=kind,
        movement=movement,
        region=region,
        side=side,
        change_mm=None,
        ci_low=None,
        ci_high=None,
        sdc_mm=floors.sdc_mm(region),
        beyond_sdc=None,
        reason=reason,
    )


def _difference(
    later: Visit, kind: Part, place: Place, floors: Floors, numbers: Sequence[Estimate | None]
) -> Change:
    before, after = numbers
    if before is None or after is None:
        return _untold(later, kind, place, floors, mark("not measured in both visits"))
    movement, region, side = place
    change = after.minus(before)
    return Change(
        visit=later.name,
        kind=kind,
        movement=movement,
        region=region,
        side=side,
        before_mm=before.value,
        before_sd_mm=before.sd,
        after_mm=after.value,
        after_sd_mm=after.sd,
        **Change.columns("change_mm", change),
        sdc_mm=max(floors.sdc_mm(region), change.high - change.value),
        beyond_sdc=None,
        reason="",
    )


def p_value(change: Estimate) -> float:
    """Return the probability of a change at least this large when nothing changes."""
    from scipy.stats import norm

    return float(2 * norm.sf(abs(change.value) / change.needed_sd))


def _judged(rows: Sequence[Change], outcome: Outcome | None) -> Iterable[Change]:
    """Answer each row: beyond the smallest detectable change, false discoveries held."""
    p = {i: p_value(number) for i, row in enumerate(rows) if (number := row.change) is not None}
    named = [row.kind == "involuntary" and (row.movement, row.region) == outcome for row in rows]
    others = [i for i in p if not named[i]]
    q = dict(zip(others, q_values([p[i] for i in others]), strict=True))
    for i, row in enumerate(rows):
        if row.change_mm is None or row.sdc_mm is None:
            yield row.replaced(named=named[i])
            continue
        value = p[i] if named[i] else q[i]
        beyond = abs(row.change_mm) > row.sdc_mm and value <= FALSE_DISCOVERY_RATE
        yield row.replaced(named=named[i], q_value=value, beyond_sdc=beyond)


def q_values(p: list[float]) -> list[float]:
    """Return false discovery rates (Benjamini and Hochberg 1995, J R Stat Soc B 57:289)."""
    if not p:
        return []
    from scipy.stats import false_discovery_control

    return [float(q) for q in false_discovery_control(np.array(p))]
