"""Clinical scales in words: estimated as ranges, and room for what the clinician grades.

In: ``facewire.grades/1``, or the scores that a measurement carries. An estimate is never shown as
one number alone, and the clinician's own grade always has a place beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from facewire.errors import UsageError
from facewire.face import Movement
from facewire.results.grades import (
    EfaceRange,
    Fngs,
    GradedItem,
    Grades,
    GradeSummary,
    HouseBrackmann,
    ScoreRange,
)
from facewire.results.measurement import Measurement
from facewire.words import mark, mm, movement_name, plain, translate, with_interval

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


@dataclass(frozen=True)
class Scale:
    """One scale or item: its estimate as a range, and what the clinician entered.

    Parameters
    ----------
    name : str
        In words.
    low, high, expected : float, optional
        Ends of the 95 % range and the mean; None where it was not estimated.
    entered : str or float, optional
        A grade as it is written, or points.
    of_blanks : float, optional
        Points of ``expected`` that stand for what nobody graded.
    reading : str
        What an item at rest was measured at.
    """

    name: str
    low: float | None = None
    high: float | None = None
    expected: float | None = None
    entered: str | float | None = None
    of_blanks: float | None = None
    reading: str = ""


def check_grades(result: Measurement, grades: Grades) -> None:
    """Refuse grades that are not of this measurement.

    Raises
    ------
    UsageError
        They name another recording, person or side.
    """
    recordings = result.provenance.source.sha256, grades.recording_sha256
    for own, given, words in (
        *([(*recordings, "recording")] if None not in recordings else []),
        (result.subject, grades.subject, "person"),
        (result.side_affected, grades.side_affected, "affected side"),
    ):
        if own != given:
            raise UsageError(
                f"The grades are of another {words}",
                expected=str(own),
                found=str(given),
                do="grade this measurement with facewire grade",
            )


def whole(found: Grades | GradeSummary | None) -> Grades | None:
    """Return grades that have items and statements; None for the scores of a measurement."""
    return found if isinstance(found, Grades) else None


def scales(found: Grades | GradeSummary | None) -> tuple[Scale, ...]:
    """Return every scale, also one that was not estimated or is only entered by hand.

    Parameters
    ----------
    found : Grades, GradeSummary or None
        Grades, or the scores that a measurement itself carries, where it does.
    """
    sunnybrook = None if found is None else found.sunnybrook
    eface = None if found is None else found.eface_like
    return (
        *(_score(words, getattr(sunnybrook, name, None)) for name, words in PARTS.items()),
        *(_score(words, getattr(eface, name, None)) for name, words in EFACE_PARTS.items()),
        *(_by_entry(words, getattr(whole(found), name, None)) for name, words in BY_ENTRY.items()),
    )


def _score(words: str, score: ScoreRange | EfaceRange | None) -> Scale:
    if score is None:
        return Scale(translate(words))
    entered: float | None = getattr(score, "entered", None)
    blanks = score.of_blanks if isinstance(score, ScoreRange) else None
    return Scale(translate(words), score.ci_low, score.ci_high, score.expected, entered, blanks)


def _by_entry(words: str, scale: HouseBrackmann | Fngs | None) -> Scale:
    entered = None if scale is None else scale.entered
    grade = entered if isinstance(entered, str | None) else entered.grade
    return Scale(translate(words), entered=grade)


def sunnybrook_items(grades: Grades) -> Iterable[Scale]:
    """Yield the items of the Sunnybrook scale."""
    for part, words in ITEM_PARTS.items():
        for name, item in getattr(grades.sunnybrook, part).items.items():
            low, high = (None, None) if item.kind == "blank" else (item.ci_low, item.ci_high)
            name_words = f"{translate(words)}: {_item_name(name)}"
            reading = _reading(item) if part == "resting" else ""
            yield Scale(name_words, low, high, entered=item.entered, reading=reading)


def _reading(item: GradedItem) -> str:
    """Return what an item at rest rests on, affected minus other side, with its interval."""
    return ", ".join(
        with_interval(mm(one.value, signed=True), one.ci_low, one.ci_high)
        for one in item.measured
        if one.unit == "mm"
    )


def _item_name(name: str) -> str:
    if name in set(Movement):
        return movement_name(Movement(name))
    return translate(RESTING_ITEMS.get(name, name.replace("_", " ")))


def estimated(row: Scale) -> str:
    """Write an estimate as a range: it is never one number."""
    if row.low is None or row.high is None:
        return translate("not estimated")
    text = translate("{low} to {high}").format(low=plain(row.low, 0), high=plain(row.high, 0))
    if row.reading:
        text += f"; {row.reading}"
    if row.expected is None:
        return text
    value = plain(row.expected, 0)
    if not row.of_blanks:
        return translate("{range} (expected {value})").format(range=text, value=value)
    words = translate("{range} (expected {value}, of it {blank} for what nobody graded)")
    return words.format(range=text, value=value, blank=plain(row.of_blanks, 0))


def entered(row: Scale) -> str:
    """Write what the clinician entered; empty where nothing was."""
    grade = row.entered
    return plain(grade, 0) if isinstance(grade, int | float) else grade or ""
