"""Change between visits, in plain and in technical words.

In: ``facewire.comparison/1``. A difference that is not larger than the smallest detectable change
is never called change, in neither kind of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facewire.errors import UsageError
from facewire.face import VOLUNTARY_TARGETS, Side
from facewire.report.groups import grouped
from facewire.results.comparison import Change, Comparison
from facewire.results.course import OutcomeCourse, Trend
from facewire.results.measurement import Measurement
from facewire.words import (
    join,
    mark,
    movement_name,
    plain,
    sentence,
    side_and_region,
    translate,
    when_you,
    your_region,
)

ANSWERS = {True: mark("yes"), False: mark("no"), None: mark("cannot tell")}
ONE_OF_MANY = mark("no: may be chance, one of many")
KINDS = {"involuntary": mark("involuntary"), "voluntary": mark("total movement")}
MATTERS_MM = 0.7
"""From here on an involuntary part can be called present (`facewire measure`)."""


@dataclass(frozen=True)
class VisitChanges:
    """One later visit: what is told in full, and the pairs in which nothing matters.

    Parameters
    ----------
    visit : str
    rows : tuple of Change
        What is change, the named outcome, involuntary parts of 0.7 mm and more at either visit,
        and what each movement is to move; the surest first, then the largest.
    others : tuple of Change
        The other pairs that could be compared.
    """

    visit: str
    rows: tuple[Change, ...]
    others: tuple[Change, ...]

    @property
    def others_title(self) -> str:
        """Say how many the others are."""
        text = translate("{count} other pairs, none of which is change")
        return text.format(count=len(self.others))


def check_comparison(result: Measurement, comparison: Comparison) -> None:
    """Refuse a comparison that this measurement is not part of.

    Raises
    ------
    UsageError
        It names another person or recordings.
    """
    if len({result.subject, comparison.subject} - {None}) > 1:
        raise UsageError(
            "The comparison is of another person",
            expected=str(result.subject),
            found=str(comparison.subject),
        )
    own = result.provenance.source.sha256
    known = {one.recording_sha256 for one in comparison.recordings} - {None}
    if own and known and own not in known:
        raise UsageError(
            "The comparison does not hold this recording",
            expected="a comparison in which this measurement is one of the visits",
            found=", ".join(comparison.visits),
        )


def later_visits(comparison: Comparison) -> tuple[VisitChanges, ...]:
    """Return the later visits in the order of time, each with what is told of it."""
    told = _told(comparison)
    return tuple(_visit(name, told, comparison) for name in comparison.visits[1:])


def _told(comparison: Comparison) -> list[Change]:
    """Return the pairs that could be compared: change, then what was named, then by size."""
    found = (*comparison.changes, *comparison.voluntary_changes)
    return sorted((row for row in found if row.change_mm is not None), key=_order)


def _visit(name: str, told: Sequence[Change], comparison: Comparison) -> VisitChanges:
    shown: list[Change] = []
    others: list[Change] = []
    for row in told:
        if row.visit == name:
            sizes = (row.before_mm, row.after_mm)
            known = row.beyond_sdc or row.named
            own = shown if known or matters(row, sizes, comparison.side_affected) else others
            own.append(row)
    return VisitChanges(name, tuple(shown), tuple(others))


def _order(row: Change) -> tuple[bool, bool, bool, float]:
    return (
        not row.beyond_sdc,
        not row.named,
        row.kind != "involuntary",
        -abs(row.change_mm or 0.0),
    )


def untold(comparison: Comparison) -> str:
    """Say how many pairs could not be compared; empty when none."""
    count = sum(row.change_mm is None for row in comparison.changes)
    text = translate("{count} pairs could not be compared; the file gives each reason.")
    return text.format(count=count) if count else ""


def title(row: Change | OutcomeCourse, *, named: bool = False) -> str:
    """Name a compared pair, such as ``Open smile → right eye``, and whether it was named before."""
    where = side_and_region(row.region, row.side)
    words = f"{sentence(movement_name(row.movement))} → {where}"
    return translate("{title} (named in advance)").format(title=words) if named else words


def kind(row: Change | OutcomeCourse) -> str:
    """Say which kind of change it is."""
    return translate(KINDS[row.kind])


def difference(row: Change | Trend) -> str:
    """Write a difference in mm, without its interval."""
    return f"{plain(row.change_mm or 0.0, signed=True)} mm"


def answer(row: Change | Trend) -> str:
    """Say whether a difference is change; the same words for a trend."""
    change, smallest = row.change_mm, row.sdc_mm
    if row.beyond_sdc is False and change is not None and smallest is not None:
        return translate(ONE_OF_MANY if abs(change) > smallest else ANSWERS[False])
    return translate(ANSWERS[row.beyond_sdc])


def patient(comparison: Comparison) -> Iterable[str]:
    """Tell the patient what is change, and that nothing else is."""
    rows = sorted(_told(comparison), key=lambda row: comparison.visits.index(row.visit))
    groups = grouped(
        (row for row in rows if row.beyond_sdc),
        lambda row: (row.visit, your_region(row.region, row.side), _how(row)),
    )
    text = translate("At {visit}: when you {movements}, {region} {how} at the first visit.")
    for (visit, where, how), group in groups.items():
        moves = join([when_you(row.movement) for row in group])
        yield text.format(visit=visit, movements=moves, region=where, how=how)
    if not rows:
        yield translate("Nothing could be compared between these visits.")
    elif groups:
        yield translate("No other difference is larger than what measuring again gives.")
    else:
        yield translate("No difference is larger than what measuring again gives.")


def _how(row: Change) -> str:
    less = abs(row.after_mm or 0.0) < abs(row.before_mm or 0.0)
    if row.kind == "involuntary":
        return translate("moves along less than") if less else translate("moves along more than")
    return translate("moves less than") if less else translate("moves more than")


def matters(
    row: Change | OutcomeCourse, sizes_mm: Iterable[float | None], affected: Side | None
) -> bool:
    """Say whether an outcome is worth a line of its own.

    Parameters
    ----------
    row : Change or OutcomeCourse
    sizes_mm : iterable of float or None
        Its values at the visits.
    affected : Side or None
        The affected side.

    Returns
    -------
    bool
        True for an involuntary part that reached 0.7 mm at any visit, and for what the movement
        itself is to move, on the affected side.
    """
    if row.kind == "involuntary":
        return any(abs(size) >= MATTERS_MM for size in sizes_mm if size is not None)
    target = VOLUNTARY_TARGETS[row.movement][0]
    return row.region is target and affected in (None, row.side)
