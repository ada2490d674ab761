"""Clinical scales: estimated as ranges, and room for what the clinician grades.

In: ``facewire.grades/1``, or the scores that a measurement carries. An estimate is never shown as
one number alone, and the clinician's own grade always has a place beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from facewire.errors import UsageError
from facewire.face import Movement
from facewire.schemas import GRADES, validate
from facewire.words import mark, movement_name, number, plain, translate

Document = Mapping[str, Any]

PARTS = {
    "composite": mark("Sunnybrook, composite (0 to 100)"),
    "resting": mark("Sunnybrook, resting symmetry (0 to 20, 0 best)"),
    "voluntary": mark("Sunnybrook, voluntary movement (20 to 100)"),
    "synkinesis": mark("Sunnybrook, synkinesis (0 to 15, 0 best)"),
}
EFACE_PARTS = {
    "total": mark("eFACE-like, total (0 to 100)"),
    "static": mark("eFACE-like, static"),
    "dynamic": mark("eFACE-like, dynamic"),
    "synkinesis": mark("eFACE-like, synkinesis"),
}
ITEM_PARTS = {
    "resting": mark("At rest"),
    "voluntary": mark("Voluntary movement"),
    "synkinesis": mark("Synkinesis"),
}
RESTING_ITEMS = {
    "eye": mark("eye"),
    "cheek_nasolabial_fold": mark("cheek (nasolabial fold)"),
    "mouth": mark("mouth"),
}
BY_ENTRY = {
    "house_brackmann": mark("House-Brackmann (I to VI)"),
    "fngs2": mark("FNGS 2.0, grade (I to VI)"),
}
NOT_ESTIMATED = mark("not estimated")


@dataclass(frozen=True)
class GradeRow:
    """One scale or item: the estimate as a range, and the clinician's grade or nothing."""

    name: str
    estimated: str
    entered: str = ""


@dataclass(frozen=True)
class GradesView:
    """Everything that is shown of the clinical scales.

    Parameters
    ----------
    rows : tuple of GradeRow
        Scores of the scales; every scale is named, also one that is only entered by hand.
    items : tuple of GradeRow
        Items of the Sunnybrook scale; empty without a document of grades.
    statements : tuple of str
        What a reader must know.
    rater : str
        Who entered grades; may be empty.
    estimated : bool
        Whether anything was estimated or entered.
    """

    rows: tuple[GradeRow, ...]
    items: tuple[GradeRow, ...]
    statements: tuple[str, ...]
    rater: str
    estimated: bool


def check_grades(result: Document, grades: Document) -> None:
    """Refuse grades that are not of this measurement.

    Raises
    ------
    UsageError
        The document is no ``facewire.grades/1``, or names another person or side.
    """
    validate(grades, GRADES)
    for name, words in (("subject", "person"), ("side_affected", "affected side")):
        if grades.get(name) != result.get(name):
            raise UsageError(
                f"The grades are of another {words}",
                expected=str(result.get(name)),
                found=str(grades.get(name)),
                do="grade this measurement with facewire grade",
            )


def grades_view(result: Document, grades: Document | None = None) -> GradesView:
    """Gather the clinical scales.

    Parameters
    ----------
    result : mapping
        ``facewire.measurement/1``; its own scores serve where no document is given.
    grades : mapping, optional
        ``facewire.grades/1``.
    """
    found = grades or result.get("grades") or {}
    sunnybrook, eface = found.get("sunnybrook") or {}, found.get("eface_like") or {}
    rows = [
        *(_score(words, sunnybrook.get(name) or {}, 0) for name, words in PARTS.items()),
        *(_score(words, eface.get(name) or {}, 0) for name, words in EFACE_PARTS.items()),
        *(_by_entry(words, found.get(name) or {}) for name, words in BY_ENTRY.items()),
    ]
    statements = found.get("statements") or (
        [
            translate(
                "Estimated, not validated: ranges of probable grades. A clinic validates first."
            )
        ]
        if found
        else []
    )
    return GradesView(
        rows=tuple(rows),
        items=tuple(_items(sunnybrook)) if grades else (),
        statements=tuple(translate(str(text)) for text in statements),
        rater=str(found.get("rater") or ""),
        estimated=bool(found),
    )


def _score(words: str, score: Document, digits: int) -> GradeRow:
    low, high = number(score, "ci_low"), number(score, "ci_high")
    expected, entered = number(score, "expected"), number(score, "entered")
    return GradeRow(
        translate(words),
        _range(low, high, expected, digits),
        "" if entered is None else plain(entered, digits),
    )


def _range(low: float | None, high: float | None, expected: float | None, digits: int) -> str:
    if low is None or high is None:
        return translate(NOT_ESTIMATED)
    text = translate("{low} to {high}").format(low=plain(low, digits), high=plain(high, digits))
    if expected is None:
        return text
    return translate("{range} (expected {value})").format(range=text, value=plain(expected, digits))


def _by_entry(words: str, scale: Document) -> GradeRow:
    entered = scale.get("entered")
    grade = entered.get("grade") if isinstance(entered, Mapping) else entered
    return GradeRow(translate(words), translate(NOT_ESTIMATED), str(grade or ""))


def _items(sunnybrook: Document) -> Iterable[GradeRow]:
    for part, words in ITEM_PARTS.items():
        for name, item in ((sunnybrook.get(part) or {}).get("items") or {}).items():
            low, high = number(item, "ci_low"), number(item, "ci_high")
            blank = item.get("kind") == "blank" or low is None or high is None
            entered = number(item, "entered")
            yield GradeRow(
                f"{translate(words)}: {_item_name(name)}",
                translate(NOT_ESTIMATED) if blank else _range(low, high, None, 0),
                "" if entered is None else plain(entered, 0),
            )


def _item_name(name: str) -> str:
    if name in set(Movement):
        return movement_name(Movement(name))
    return translate(RESTING_ITEMS.get(name, name.replace("_", " ")))
