"""The form of a clinician's grades: its items with the video's own estimate beside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from facewire.errors import UsageError
from facewire.grading import EnteredGrades, grade_measurement, read_entered
from facewire.grading.entered import HOUSE_BRACKMANN_GRADES
from facewire.grading.facts import fact
from facewire.grading.sunnybrook import (
    RESTING_OPTIONS,
    SUNNYBROOK_MOVEMENTS,
    SYNKINESIS_RANGE,
    VOLUNTARY_RANGE,
)
from facewire.record.clinical import grades_of
from facewire.record.people import accounts_by_id
from facewire.record.store import Session
from facewire.record.tables import Grade
from facewire.report.grade_words import RESTING_ITEMS
from facewire.results.grades import GradedItem, Grades, Sunnybrook
from facewire.results.measurement import Measurement
from facewire.web.forms import Entries, fault_words
from facewire.words import mark, movement_name, sentence, translate

SUNNYBROOK, HOUSE_BRACKMANN, FNGS2 = "sunnybrook", "house_brackmann", "fngs2"
SCALES = {
    SUNNYBROOK: mark("Sunnybrook"),
    HOUSE_BRACKMANN: mark("House-Brackmann"),
    FNGS2: mark("FNGS 2.0"),
}
RESTING, VOLUNTARY, SYNKINESIS = "resting", "voluntary", "synkinesis"
RESTING_WORDS = {
    "normal": mark("as the other side"),
    "narrow": mark("narrow"),
    "wide": mark("wide"),
    "eyelid_surgery": mark("eyelid surgery"),
    "absent": mark("absent"),
    "less_marked": mark("less marked"),
    "more_marked": mark("more marked"),
    "corner_drooped": mark("corner droops"),
    "corner_pulled_up_or_out": mark("corner pulled up or out"),
}
FNGS_WORDS = {
    "brow": mark("Brow"),
    "eye": mark("Eye"),
    "nasolabial_fold": mark("Nasolabial fold"),
    "oral": mark("Mouth"),
    "secondary_movement": mark("Secondary movement"),
}

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class GradeItem:
    """One item to grade.

    Parameters
    ----------
    name : str
        Of the form field.
    label : str
        In words.
    options : tuple of (value, words)
        What can be chosen.
    estimated : str
        What the video suggests, a range; empty where nothing is estimated.
    """

    name: str
    label: str
    options: Options
    estimated: str = ""


@dataclass(frozen=True)
class GradePart:
    """A part of a scale: its title, what the ends mean, and its items."""

    title: str
    help: str
    items: tuple[GradeItem, ...]


def grade_parts(estimate: Grades | None) -> tuple[GradePart, ...]:
    """Return the parts of the form.

    Parameters
    ----------
    estimate : Grades, optional
        Of this visit's measurement.
    """
    seen = None if estimate is None else estimate.sunnybrook
    movements = [(str(m), sentence(movement_name(m))) for m in SUNNYBROOK_MOVEMENTS]
    return (
        GradePart(
            translate("Sunnybrook: at rest"),
            "",
            tuple(
                GradeItem(
                    f"{RESTING}-{item}",
                    sentence(translate(RESTING_ITEMS[item])),
                    tuple((key, translate(RESTING_WORDS[key])) for key in options),
                    _estimated(seen, RESTING, item),
                )
                for item, options in RESTING_OPTIONS.items()
            ),
        ),
        _movements(
            translate("Sunnybrook: voluntary movement"),
            translate("1 is no movement, 5 is as far as the other side."),
            (VOLUNTARY, VOLUNTARY_RANGE),
            movements,
            seen,
        ),
        _movements(
            translate("Sunnybrook: synkinesis"),
            translate("0 is none, 3 is the most. The worst of each movement counts."),
            (SYNKINESIS, SYNKINESIS_RANGE),
            movements,
            seen,
        ),
        _house_brackmann(),
        _fngs2(),
    )


def _movements(
    title: str,
    words: str,
    part: tuple[str, tuple[int, int]],
    movements: list[tuple[str, str]],
    seen: Sunnybrook | None,
) -> GradePart:
    name, (low, high) = part
    options = _numbers(low, high)
    items = (
        GradeItem(f"{name}-{key}", label, options, _estimated(seen, name, key))
        for key, label in movements
    )
    return GradePart(title, words, tuple(items))


def _house_brackmann() -> GradePart:
    options = tuple((grade, grade) for grade in HOUSE_BRACKMANN_GRADES)
    item = GradeItem(HOUSE_BRACKMANN, translate("Grade"), options)
    words = translate("By eye alone: video does not estimate it.")
    return GradePart(translate(SCALES[HOUSE_BRACKMANN]), words, (item,))


def _fngs2() -> GradePart:
    words = translate("By eye alone: video does not estimate it. All five, or none of them.")
    items = tuple(
        GradeItem(f"{FNGS2}-{name}", translate(label), _numbers(*_fngs_range(name)))
        for name, label in FNGS_WORDS.items()
    )
    return GradePart(translate(SCALES[FNGS2]), words, items)


def _fngs_range(name: str) -> tuple[int, int]:
    part = "secondary_movement" if name == "secondary_movement" else "region"
    low, high = fact(f"fngs2.{part}_range")
    return int(low), int(high)


def _numbers(low: int, high: int) -> Options:
    return tuple((str(n), str(n)) for n in range(low, high + 1))


def _estimated(seen: Sunnybrook | None, part: str, name: str) -> str:
    item: GradedItem | None = None if seen is None else getattr(seen, part).items[name]
    if item is None or item.kind == "blank":
        return ""
    if item.ci_low == item.ci_high:
        return translate("estimated {low}").format(low=item.ci_low)
    return translate("estimated {low} to {high}").format(low=item.ci_low, high=item.ci_high)


def read_grades(sent: Entries) -> dict[str, Any]:
    """Return what was entered by scale, as `read_entered` takes it; faults are noted in ``sent``.

    A scale of which nothing was entered is left out.
    """
    chosen = {
        item.name: value
        for part in grade_parts(None)
        for item in part.items
        if (value := sent.choice(item.name, [key for key, _ in item.options], needed=False))
    }
    found: dict[str, Any] = {}
    sunnybrook = {part: _chosen(chosen, part) for part in (RESTING, VOLUNTARY, SYNKINESIS)}
    if any(sunnybrook.values()):
        found[SUNNYBROOK] = {part: items for part, items in sunnybrook.items() if items}
    if HOUSE_BRACKMANN in chosen:
        found[HOUSE_BRACKMANN] = chosen[HOUSE_BRACKMANN]
    regions = _chosen(chosen, FNGS2)
    if regions:
        found[FNGS2] = regions
        for name in FNGS_WORDS.keys() - regions.keys():
            sent.fault(f"{FNGS2}-{name}", translate("Please grade all five, or none of them."))
    if not sent.problems:
        _check(sent, found)
    return found


def _chosen(chosen: Mapping[str, str], part: str) -> dict[str, Any]:
    """Return the items of a part; numbers as such, resting items by their option."""
    return {
        name.removeprefix(f"{part}-"): int(value) if value.isdigit() else value
        for name, value in chosen.items()
        if name.startswith(f"{part}-")
    }


def _check(sent: Entries, found: Mapping[str, Any]) -> None:
    try:
        read_entered(found)
    except UsageError as error:
        sent.fault("", fault_words(error))


def form_values(grades: Sequence[Grade]) -> dict[str, str]:
    """Return stored grades as the values of the form's fields."""
    values: dict[str, str] = {}
    for row in grades:
        if row.scale == SUNNYBROOK:
            for part, items in row.items.items():
                values |= {f"{part}-{name}": str(grade) for name, grade in items.items()}
        elif row.scale == HOUSE_BRACKMANN:
            values[HOUSE_BRACKMANN] = str(row.items["grade"])
        elif row.scale == FNGS2:
            values |= {f"{FNGS2}-{name}": str(grade) for name, grade in row.items.items()}
    return values


def stored_items(scale: str, entered: Any) -> dict[str, Any]:
    """Return a scale's entry as the record keeps it."""
    return {"grade": entered} if scale == HOUSE_BRACKMANN else dict(entered)


def entered_of(grades: Sequence[Grade]) -> EnteredGrades | None:
    """Return stored grades as `facewire.grading` reads them, the last of each scale; None for none.

    Scales that this form does not know are left out.
    """
    found: dict[str, Any] = {
        row.scale: row.items["grade"] if row.scale == HOUSE_BRACKMANN else row.items
        for row in grades
        if row.scale in SCALES
    }
    return read_entered(found | {"rater": ""}) if found else None


def graded(result: Measurement, entered: EnteredGrades | None = None) -> Grades | None:
    """Return the grades of a stored measurement.

    None where an earlier version made it, without the standard deviations that grades rest on.
    """
    try:
        return grade_measurement(result, entered)
    except UsageError:
        return None


def summary(grades: Sequence[Grade]) -> tuple[str, ...]:
    """Say grades in a few words, such as ``House-Brackmann III``."""
    entered = entered_of(grades)
    if entered is None:
        return ()
    words = []
    score = entered.sunnybrook_score
    if score is not None:
        words.append(translate("Sunnybrook {score} of 100").format(score=score.shown))
    elif entered.sunnybrook:
        words.append(translate("Sunnybrook, in part"))
    if entered.house_brackmann:
        words.append(f"{translate(SCALES[HOUSE_BRACKMANN])} {entered.house_brackmann}")
    if entered.fngs2:
        words.append(f"{translate(SCALES[FNGS2])} {entered.fngs2.grade}")
    return tuple(words)


def graders(session: Session, visit_id: str) -> tuple[tuple[str, tuple[Grade, ...]], ...]:
    """Return who graded at a visit, by their shown names, each with the grades that hold."""
    by: dict[str, list[Grade]] = {}
    for row in grades_of(session, visit_id):
        by.setdefault(row.created_by or "", []).append(row)
    people = accounts_by_id(session, by)
    return tuple(
        (people[who].shown_name if who in people else "", tuple(rows)) for who, rows in by.items()
    )
