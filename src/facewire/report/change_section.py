"""Change between visits, in plain and in technical words.

In: ``facewire.comparison/1``. A difference that is not larger than the smallest detectable change
is never called change, in neither kind of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from facewire.errors import UsageError
from facewire.face import VECTOR_REGIONS, Movement, Region, Side
from facewire.report.relevance import matters
from facewire.schemas import COMPARISON, validate
from facewire.words import (
    interval,
    join,
    mark,
    mm,
    movement_name,
    number,
    plain,
    region_name,
    sentence,
    side_word,
    translate,
    when_you,
    with_interval,
    your_region,
)

Document = Mapping[str, Any]

ANSWERS = {True: mark("yes"), False: mark("no"), None: mark("cannot tell")}
ONE_OF_MANY = mark("no: may be chance, one of many")
KINDS = {"involuntary": mark("involuntary"), "voluntary": mark("total movement")}
SOME_UNTOLD = mark("{count} pairs could not be compared; the file gives each reason.")
NO_CHANGE = mark("{count} other pairs, none of which is change")


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


def check_comparison(result: Document, comparison: Document) -> None:
    """Refuse a comparison that this measurement is not part of.

    Raises
    ------
    UsageError
        The document is no ``facewire.comparison/1``, or names another person or recordings.
    """
    validate(comparison, COMPARISON)
    subjects = {result.get("subject"), comparison.get("subject")} - {None}
    if len(subjects) > 1:
        raise UsageError(
            "The comparison is of another person",
            expected=str(result.get("subject")),
            found=str(comparison.get("subject")),
        )
    own = (result["provenance"].get("source") or {}).get("sha256")
    known = {one.get("recording_sha256") for one in comparison.get("recordings", ())} - {None, ""}
    if own and known and own not in known:
        raise UsageError(
            "The comparison does not hold this recording",
            expected="a comparison in which this measurement is one of the visits",
            found=", ".join(comparison["visits"]),
        )


def changes_view(comparison: Document) -> ChangesView:
    """Put a comparison into words.

    Parameters
    ----------
    comparison : mapping
        ``facewire.comparison/1``.
    """
    found = [*comparison["changes"], *comparison.get("voluntary_changes", ())]
    told = [row for row in found if number(row, "change_mm") is not None]
    told.sort(key=_order)
    untold = len(comparison["changes"]) - sum(row["kind"] == "involuntary" for row in told)
    return ChangesView(
        visits=", ".join(str(name) for name in comparison["visits"]),
        plain=tuple(_plain(told, [str(name) for name in comparison["visits"]])),
        first=str(comparison["visits"][0]),
        later=tuple(_visit(str(name), told, comparison) for name in comparison["visits"][1:]),
        untold=translate(SOME_UNTOLD).format(count=untold) if untold else "",
        notes=tuple(translate(str(note)) for note in comparison["notes"]),
        provisional=bool(comparison["provisional"]),
    )


def _visit(name: str, told: list[Document], comparison: Document) -> VisitChanges:
    affected = comparison.get("side_affected")
    own = [row for row in told if str(row["visit"]) == name]
    shown = [row for row in own if _is_shown(row, affected)]
    others = [row for row in own if not _is_shown(row, affected)]
    return VisitChanges(
        name,
        tuple(_row(row) for row in shown),
        tuple(_row(row) for row in others),
        translate(NO_CHANGE).format(count=len(others)) if others else "",
    )


def _is_shown(row: Document, affected: str | None) -> bool:
    sizes = (number(row, "before_mm"), number(row, "after_mm"))
    return bool(row["beyond_sdc"] or row.get("named")) or matters(row, sizes, affected)


def _order(row: Document) -> tuple[bool, bool, bool, float]:
    return (
        not row["beyond_sdc"],
        not row.get("named"),
        row.get("kind") != "involuntary",
        -abs(row["change_mm"]),
    )


def change_title(row: Document) -> str:
    """Name a compared pair, such as ``Open smile → right eye``."""
    region = Region(row["region"])
    name = region_name(region)
    where = name if region is Region.CHIN else f"{side_word(Side(row['side']))} {name}"
    return f"{sentence(movement_name(Movement(row['movement'])))} → {where}"


def answer_words(row: Document) -> str:
    """Say whether a difference is change; the same words for a trend."""
    large = number(row, "sdc_mm") is not None and abs(row["change_mm"]) > row["sdc_mm"]
    if row["beyond_sdc"] is False and large:
        return translate(ONE_OF_MANY)
    return translate(ANSWERS[row["beyond_sdc"]])


def _row(row: Document) -> ChangeRow:
    signed = Region(row["region"]) not in VECTOR_REGIONS
    change = f"{plain(row['change_mm'], signed=True)} mm"
    title = change_title(row)
    if row.get("named"):
        title = translate("{title} (named in advance)").format(title=title)
    return ChangeRow(
        visit=str(row["visit"]),
        title=title,
        kind=translate(KINDS[row["kind"]]),
        before=mm(number(row, "before_mm"), signed=signed),
        after=mm(number(row, "after_mm"), signed=signed),
        change=with_interval(change, number(row, "ci_low"), number(row, "ci_high")),
        difference=change,
        interval=interval(number(row, "ci_low"), number(row, "ci_high")),
        smallest=mm(number(row, "sdc_mm")),
        answer=answer_words(row),
        beyond=bool(row["beyond_sdc"]),
        involuntary=row["kind"] == "involuntary",
    )


def _plain(rows: Sequence[Document], visits: Sequence[str]) -> Iterable[str]:
    """Tell the patient what is change, and that nothing else is."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for row in sorted(rows, key=lambda row: visits.index(str(row["visit"]))):
        if row["beyond_sdc"]:
            where = your_region(Region(row["region"]), Side(row["side"]))
            key = (str(row["visit"]), where, _how(row))
            groups.setdefault(key, []).append(when_you(Movement(row["movement"])))
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


def _how(row: Document) -> str:
    before, after = abs(number(row, "before_mm") or 0.0), abs(number(row, "after_mm") or 0.0)
    less = after < before
    if row["kind"] == "involuntary":
        if less:
            return translate("moves along less than")
        return translate("moves along more than")
    return translate("moves less than") if less else translate("moves more than")
