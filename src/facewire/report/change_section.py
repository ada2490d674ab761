"""Change between visits, in plain and in technical words.

In: ``facewire.comparison/1``. A difference that is not larger than the smallest detectable change
is never called change, in neither kind of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facewire.errors import UsageError
from facewire.face import VECTOR_REGIONS, VOLUNTARY_TARGETS, Region, Side
from facewire.results.comparison import Change, Comparison
from facewire.results.course import OutcomeCourse, Trend
from facewire.results.measurement import Measurement
from facewire.words import (
    interval,
    join,
    mark,
    mm,
    movement_name,
    plain,
    region_name,
    sentence,
    side_word,
    translate,
    when_you,
    with_interval,
    your_region,
)

ANSWERS = {True: mark("yes"), False: mark("no"), None: mark("cannot tell")}
ONE_OF_MANY = mark("no: may be chance, one of many")
KINDS = {"involuntary": mark("involuntary"), "voluntary": mark("total movement")}
SOME_UNTOLD = mark("{count} pairs could not be compared; the file gives each reason.")
NO_CHANGE = mark("{count} other pairs, none of which is change")
MATTERS_MM = 0.7
"""From here on an involuntary part can be called present (`facewire measure`)."""


@dataclass(frozen=True)
class ChangeRow:
    """One comparison with the first visit, as text with units; brackets hold 95 % intervals.

    ``change`` is ``difference`` with its ``interval`` behind.
    """

    visit: str
    title: str
    kind: str
    before: str
    after: str
    change: str
    difference: str
    interval: str
    smallest: str
    answer: str
    beyond: bool
    involuntary: bool = True


@dataclass(frozen=True)
class VisitChanges:
    """One later visit: what is told in full, and the pairs in which nothing matters.

    Parameters
    ----------
    visit : str
    rows : tuple of ChangeRow
        What is change, the named outcome, involuntary parts of 0.7 mm and more at either visit,
        and what each movement is to move.
    others : tuple of ChangeRow
        The other pairs that could be compared.
    others_title : str
        How many they are; empty when none.
    """

    visit: str
    rows: tuple[ChangeRow, ...]
    others: tuple[ChangeRow, ...]
    others_title: str


@dataclass(frozen=True)
class ChangesView:
    """Everything that is shown of a comparison.

    Parameters
    ----------
    visits : str
        Names of the visits.
    plain : tuple of str
        Sentences for the patient.
    first : str
        Name of the first visit.
    later : tuple of VisitChanges
        The later visits in the order of time; in each first what is change, then the named outcome
        and the rest, the largest first.
    untold : str
        How many pairs could not be compared; empty when none.
    notes : tuple of str
    provisional : bool
    """

    visits: str
    plain: tuple[str, ...]
    first: str
    later: tuple[VisitChanges, ...]
    untold: str
    notes: tuple[str, ...]
    provisional: bool

    @property
    def changed(self) -> tuple[ChangeRow, ...]:
        """Rows that are change."""
        return tuple(row for one in self.later for row in one.rows if row.beyond)


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


def changes_view(comparison: Comparison) -> ChangesView:
    """Put a comparison into words.

    Parameters
    ----------
    comparison : Comparison
    """
    found = (*comparison.changes, *comparison.voluntary_changes)
    told = sorted((row for row in found if row.change_mm is not None), key=_order)
    untold = sum(row.change_mm is None for row in comparison.changes)
    return ChangesView(
        visits=", ".join(comparison.visits),
        plain=tuple(_patient_sentences(told, comparison.visits)),
        first=comparison.visits[0],
        later=tuple(_visit(name, told, comparison) for name in comparison.visits[1:]),
        untold=translate(SOME_UNTOLD).format(count=untold) if untold else "",
        notes=tuple(translate(note) for note in comparison.notes),
        provisional=comparison.provisional,
    )


def _visit(name: str, told: Sequence[Change], comparison: Comparison) -> VisitChanges:
    shown: list[ChangeRow] = []
    others: list[ChangeRow] = []
    for row in told:
        if row.visit == name:
            sizes = (row.before_mm, row.after_mm)
            known = row.beyond_sdc or row.named
            own = shown if known or matters(row, sizes, comparison.side_affected) else others
            own.append(_row(row))
    title = translate(NO_CHANGE).format(count=len(others)) if others else ""
    return VisitChanges(name, tuple(shown), tuple(others), title)


def _order(row: Change) -> tuple[bool, bool, bool, float]:
    return (
        not row.beyond_sdc,
        not row.named,
        row.kind != "involuntary",
        -abs(row.change_mm or 0.0),
    )


def change_title(row: Change | OutcomeCourse) -> str:
    """Name a compared pair, such as ``Open smile → right eye``."""
    name = region_name(row.region)
    where = name if row.region is Region.CHIN else f"{side_word(row.side)} {name}"
    return f"{sentence(movement_name(row.movement))} → {where}"


def answer_words(row: Change | Trend) -> str:
    """Say whether a difference is change; the same words for a trend."""
    change, smallest = row.change_mm, row.sdc_mm
    if row.beyond_sdc is False and change is not None and smallest is not None:
        return translate(ONE_OF_MANY if abs(change) > smallest else ANSWERS[False])
    return translate(ANSWERS[row.beyond_sdc])


def _row(row: Change) -> ChangeRow:
    signed = row.region not in VECTOR_REGIONS
    change = f"{plain(row.change_mm or 0.0, signed=True)} mm"
    title = change_title(row)
    if row.named:
        title = translate("{title} (named in advance)").format(title=title)
    return ChangeRow(
        visit=row.visit,
        title=title,
        kind=translate(KINDS[row.kind]),
        before=mm(row.before_mm, signed=signed),
        after=mm(row.after_mm, signed=signed),
        change=with_interval(change, row.ci_low, row.ci_high),
        difference=change,
        interval=interval(row.ci_low, row.ci_high),
        smallest=mm(row.sdc_mm),
        answer=answer_words(row),
        beyond=bool(row.beyond_sdc),
        involuntary=row.kind == "involuntary",
    )


def _patient_sentences(rows: Sequence[Change], visits: Sequence[str]) -> Iterable[str]:
    """Tell the patient what is change, and that nothing else is."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for row in sorted(rows, key=lambda row: visits.index(row.visit)):
        if row.beyond_sdc:
            key = (row.visit, your_region(row.region, row.side), _how(row))
            groups.setdefault(key, []).append(when_you(row.movement))
    for (visit, where, how), moves in groups.items():
        yield translate(
            "At {visit}: when you {movements}, {region} {how} at the first visit."
        ).format(visit=visit, movements=join(moves), region=where, how=how)
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
