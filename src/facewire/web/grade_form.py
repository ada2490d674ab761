"""The form of a clinician's grades: blind first, then with the video's estimate beside each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from facewire.errors import UsageError
from facewire.grading import EnteredGrades, grade_measurement, read_entered
from facewire.grading.entered import HOUSE_BRACKMANN_GRADES
from facewire.grading.facts import fact
from facewire.grading.sunnybrook import (
    RESTING_OPTIONS,
    RESTING_WEIGHT,
    SUNNYBROOK_MOVEMENTS,
    SYNKINESIS_RANGE,
    SYNKINESIS_WEIGHT,
    VOLUNTARY_RANGE,
    VOLUNTARY_WEIGHT,
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
SECONDARY = "secondary_movement"
FNGS_WORDS = {
    "brow": mark("Brow"),
    "eye": mark("Eye"),
    "nasolabial_fold": mark("Nasolabial fold"),
    "oral": mark("Mouth"),
    SECONDARY: mark("Secondary movement"),
}

Options = tuple[tuple[str, str], ...]

VOLUNTARY_ANCHORS = (
    mark("no movement"),
    mark("a little"),
    mark("part of the way"),
    mark("nearly full"),
    mark("full"),
)
SYNKINESIS_ANCHORS = (
    mark("none"),
    mark("slight"),
    mark("obvious, not disfiguring"),
    mark("disfiguring, or all moves"),
)
HOUSE_BRACKMANN_ANCHORS = (
    mark("normal everywhere"),
    mark("weak on close look; the eye closes with little effort"),
    mark("clear, not disfiguring; the eye closes with effort"),
    mark("disfiguring; the eye does not close"),
    mark("movement barely seen"),
    mark("no movement"),
)
FNGS_ANCHORS = (
    mark("normal"),
    mark("over 75 % of normal"),
    mark("over 50 %, symmetrical at rest"),
    mark("under 50 %, asymmetrical at rest"),
    mark("a trace"),
    mark("none"),
)
FNGS_SECONDARY_ANCHORS = (
    mark("none"),
    mark("slight, hardly any contracture"),
    mark("obvious, some contracture"),
    mark("disfiguring, severe contracture"),
)
"""What each grade means, in our own words: the printed form of Sunnybrook is not copied."""


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
        What the video suggests, a range; empty where nothing is estimated, or not graded yet.
    anchors : tuple of str
        What each option means; empty where its words say it.
    points : tuple of int
        What each option adds to the Sunnybrook composite; empty for other scales.
    """

    name: str
    label: str
    options: Options
    estimated: str = ""
    anchors: tuple[str, ...] = ()
    points: tuple[int, ...] = ()


@dataclass(frozen=True)
class GradePart:
    """A part of a scale: its title, what the ends mean, and its items."""

    title: str
    help: str
    items: tuple[GradeItem, ...]


def grade_parts(
    estimate: Grades | None, done: Collection[str] = frozenset()
) -> tuple[GradePart, ...]:
    """Return the parts of the form.

    Parameters
    ----------
    estimate : Grades, optional
        Of this visit's measurement.
    done : collection of str
        Names of the items that this clinician graded: beside these alone stands the estimate.
    """
    seen = _Seen(None if estimate is None else estimate.sunnybrook, done)
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
                    seen.beside(RESTING, item),
                    points=tuple(-RESTING_WEIGHT * points for points in options.values()),
                )
                for item, options in RESTING_OPTIONS.items()
            ),
        ),
        _movements(
            translate("Sunnybrook: voluntary movement"),
            translate("Held against the other side."),
            _Scale(VOLUNTARY, VOLUNTARY_RANGE, VOLUNTARY_ANCHORS, VOLUNTARY_WEIGHT),
            movements,
            seen,
        ),
        _movements(
            translate("Sunnybrook: synkinesis"),
            translate("The worst of each movement counts."),
            _Scale(SYNKINESIS, SYNKINESIS_RANGE, SYNKINESIS_ANCHORS, -SYNKINESIS_WEIGHT),
            movements,
            seen,
        ),
        _house_brackmann(),
        _fngs2(),
    )


def _movements(
    title: str,
    words: str,
    part: _Scale,
    movements: list[tuple[str, str]],
    seen: _Seen,
) -> GradePart:
    low, high = part.range
    items = (
        GradeItem(
            f"{part.name}-{key}",
            label,
            _numbers(low, high),
            seen.beside(part.name, key),
            _all(part.anchors),
            tuple(part.weight * grade for grade in range(low, high + 1)),
        )
        for key, label in movements
    )
    return GradePart(title, words, tuple(items))


def _house_brackmann() -> GradePart:
    options = tuple((grade, grade) for grade in HOUSE_BRACKMANN_GRADES)
    anchors = _all(HOUSE_BRACKMANN_ANCHORS)
    item = GradeItem(HOUSE_BRACKMANN, translate("Grade"), options, anchors=anchors)
    words = translate("By eye alone: video does not estimate it.")
    return GradePart(translate(SCALES[HOUSE_BRACKMANN]), words, (item,))


def _fngs2() -> GradePart:
    words = translate("By eye alone: video does not estimate it. All five, or none of them.")
    items = tuple(
        GradeItem(
            f"{FNGS2}-{name}",
            translate(label),
            _numbers(*_fngs_range(name)),
            anchors=_all(FNGS_ANCHORS if name != SECONDARY else FNGS_SECONDARY_ANCHORS),
        )
        for name, label in FNGS_WORDS.items()
    )
    return GradePart(translate(SCALES[FNGS2]), words, items)


def _fngs_range(name: str) -> tuple[int, int]:
    part = SECONDARY if name == SECONDARY else "region"
    low, high = fact(f"fngs2.{part}_range")
    return int(low), int(high)


def _numbers(low: int, high: int) -> Options:
    return tuple((str(n), str(n)) for n in range(low, high + 1))


def _all(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(translate(text) for text in texts)


@dataclass(frozen=True)
class _Scale:
    """A part of Sunnybrook that has a number for each movement."""

    name: str
    range: tuple[int, int]
    anchors: tuple[str, ...]
    weight: int


@dataclass(frozen=True)
class _Seen:
    """What the video suggests, and which items were graded without it."""

    estimate: Sunnybrook | None
    done: Collection[str]

    def beside(self, part: str, name: str) -> str:
        """Return the estimate of an item that was graded; empty before."""
        return _estimated(self.estimate, part, name) if f"{part}-{name}" in self.done else ""


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
