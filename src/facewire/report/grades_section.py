"""Clinical scales: estimated as ranges, and room for what the clinician grades.

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
    Grades,
    GradeSummary,
    HouseBrackmann,
    ScoreRange,
    Sunnybrook,
)
from facewire.results.measurement import Measurement
from facewire.words import mark, movement_name, plain, translate
from facewire.words.coverage import seen_sentences

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
    seen : tuple of str
        What the recording showed and could not show; empty without a document of grades.
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

    seen: tuple[str, ...]
    rows: tuple[GradeRow, ...]
    items: tuple[GradeRow, ...]
    statements: tuple[str, ...]
    rater: str
    estimated: bool


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


def grades_view(found: Grades | GradeSummary | None) -> GradesView:
    """Gather the clinical scales.

    Parameters
    ----------
    found : Grades, GradeSummary or None
        Grades, or the scores that a measurement itself carries, where it does.
    """
    sunnybrook = None if found is None else found.sunnybrook
    eface = None if found is None else found.eface_like
    whole = found if isinstance(found, Grades) else None
    statements = () if whole is None else whole.statements
    if found is not None and whole is None:
        statements = (
            mark("Estimated, not validated: ranges of probable grades. A clinic validates first."),
        )
    return GradesView(
        seen=() if whole is None else seen_sentences(whole.coverage),
        rows=(
            *(_score(words, getattr(sunnybrook, name, None)) for name, words in PARTS.items()),
            *(_score(words, getattr(eface, name, None)) for name, words in EFACE_PARTS.items()),
            *(_by_entry(words, getattr(whole, name, None)) for name, words in BY_ENTRY.items()),
        ),
        items=() if whole is None else tuple(_items(whole.sunnybrook)),
        statements=tuple(translate(text) for text in statements),
        rater="" if whole is None else whole.rater or "",
        estimated=found is not None,
    )


def _score(words: str, score: ScoreRange | EfaceRange | None) -> GradeRow:
    if score is None:
        return GradeRow(translate(words), translate(NOT_ESTIMATED))
    entered: float | None = getattr(score, "entered", None)
    return GradeRow(
        translate(words),
        _range(score.ci_low, score.ci_high, score.expected),
        "" if entered is None else plain(entered, 0),
    )


def _range(low: float | None, high: float | None, expected: float | None = None) -> str:
    if low is None or high is None:
        return translate(NOT_ESTIMATED)
    text = translate("{low} to {high}").format(low=plain(low, 0), high=plain(high, 0))
    if expected is None:
        return text
    return translate("{range} (expected {value})").format(range=text, value=plain(expected, 0))


def _by_entry(words: str, scale: HouseBrackmann | Fngs | None) -> GradeRow:
    entered = None if scale is None else scale.entered
    grade = entered if isinstance(entered, str | None) else entered.grade
    return GradeRow(translate(words), translate(NOT_ESTIMATED), grade or "")


def _items(sunnybrook: Sunnybrook) -> Iterable[GradeRow]:
    for part, words in ITEM_PARTS.items():
        for name, item in getattr(sunnybrook, part).items.items():
            blank = item.kind == "blank"
            yield GradeRow(
                f"{translate(words)}: {_item_name(name)}",
                translate(NOT_ESTIMATED) if blank else _range(item.ci_low, item.ci_high),
                "" if item.entered is None else plain(item.entered, 0),
            )


def _item_name(name: str) -> str:
    if name in set(Movement):
        return movement_name(Movement(name))
    return translate(RESTING_ITEMS.get(name, name.replace("_", " ")))
