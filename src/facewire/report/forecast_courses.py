"""Simulated courses over time as curves with bands and treatment dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from facewire.face import Movement, Region, Side
from facewire.figures.axes import Axes, Mark, around
from facewire.words import (
    movement_name,
    plain,
    region_term,
    sentence,
    side_region,
    translate,
    with_interval,
)

Document = Mapping[str, Any]

MOST_PANELS = 3
LEAST_MM = 0.7
"""Courses of involuntary movement that begin under this are not drawn."""


@dataclass(frozen=True)
class Course:
    """One simulated course ready for the template; picture units.

    ``middle`` is a path, ``bands`` areas of the 95 % interval (several where a size is unknown in
    between); ``when`` are treatment days with their numbers.
    """

    title: str
    unit: str
    middle: str
    bands: tuple[str, ...]
    when: tuple[Mark, ...]
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    text: str


@dataclass(frozen=True)
class _Numbers:
    """A course in numbers: title, unit, days, middle and ends."""

    title: str
    unit: str
    days: Sequence[int]
    middle: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]


def numbered(document: Document) -> Iterable[tuple[int, Document]]:
    """Return the treatments with their numbers, from 1."""
    return enumerate(document["treatments"], 1)


def courses(document: Document, told: Iterable[Document]) -> tuple[Course, ...]:
    """Draw the courses of a forecast: the told rows, smile, closure, rest and score.

    Parameters
    ----------
    document : mapping
        ``facewire.forecast/1``.
    told : iterable of mapping
        What `told_rows` returned.
    """
    return tuple(_course(document, one) for one in _chosen_courses(document, told))


def told_rows(document: Document) -> list[Document]:
    """Return the largest involuntary movements of the affected side at day 0."""
    rows = [
        row
        for row in document["involuntary"]
        if row["side"] == document["affected_side"] and row["change_mm"][0] is not None
    ]
    rows = [row for row in rows if abs(row["change_mm"][0]) >= LEAST_MM]
    return sorted(rows, key=lambda row: -abs(row["change_mm"][0]))[:MOST_PANELS]


def _chosen_courses(document: Document, told: Iterable[Document]) -> list[_Numbers]:
    found = [
        _numbers(_row_title(row), translate("mm"), document["map_days"], row, "change_mm")
        for row in told
    ]
    summary, days = document["summary"], document["days"]
    for movement in (Movement.SMILE_OPEN, Movement.EYE_CLOSE_GENTLE):
        course = summary["movement_symmetry"][str(movement)]
        title = translate("{movement}: this side against the other")
        title = title.format(movement=sentence(movement_name(movement)))
        found.append(_numbers(title, translate("% of the other side"), days, course, "percent"))
    for name in ("eye", "commissure"):
        title = translate("At rest: {region}, affected minus other side").format(
            region=region_term(Region(name))
        )
        course = summary["rest_difference"][name]
        found.append(_numbers(title, translate("mm"), days, course, "difference_mm"))
    title = translate("Sunnybrook composite: {label}").format(
        label=translate(summary["sunnybrook"]["label"])
    )
    course = summary["sunnybrook"]["composite"]
    found.append(_numbers(title, translate("points, 0 to 100"), days, course, "points"))
    return [one for one in found if any(value is not None for value in one.middle)]


def _numbers(title: str, unit: str, days: Sequence[int], row: Document, name: str) -> _Numbers:
    return _Numbers(title, unit, days, row[name], row["ci_low"], row["ci_high"])


def _row_title(row: Document) -> str:
    what = side_region(Region(row["region"]), Side(row["side"]))
    text = translate("{movement}: {what}, involuntary")
    return text.format(movement=sentence(movement_name(Movement(row["movement"]))), what=what)


def _course(document: Document, one: _Numbers) -> Course:
    known = [v for v in (*one.middle, *one.low, *one.high) if v is not None]
    low, high = around([*known, 0.0]) if one.unit == translate("mm") else around(known)
    axes = Axes(0.0, float(max(one.days[-1], 1)), low, high)
    stretches = list(_stretches(one))
    middle = "".join(axes.path([(d, m) for d, m, _, _ in stretch]) for stretch in stretches)
    return Course(
        title=one.title,
        unit=one.unit,
        middle=middle,
        bands=tuple(_band(axes, stretch) for stretch in stretches),
        when=tuple(Mark(axes.x(row["day"]), str(i)) for i, row in numbered(document)),
        x_marks=axes.x_marks(),
        y_marks=axes.y_marks(),
        text=_course_words(one),
    )


_Stretch = list[tuple[float, float, float, float]]


def _stretches(one: _Numbers) -> Iterable[_Stretch]:
    """Split a course where its size is unknown."""
    stretch: _Stretch = []
    for day, middle, low, high in zip(one.days, one.middle, one.low, one.high, strict=True):
        if middle is None or low is None or high is None:
            if stretch:
                yield stretch
            stretch = []
        else:
            stretch.append((float(day), middle, low, high))
    if stretch:
        yield stretch


def _band(axes: Axes, stretch: _Stretch) -> str:
    above = [(day, high) for day, _, _, high in stretch]
    below = [(day, low) for day, _, low, _ in reversed(stretch)]
    return axes.path(above + below) + "Z"


def _course_words(one: _Numbers) -> str:
    """Say the first and the last day for those who do not see the picture."""
    parts = []
    for place in (0, -1):
        if one.middle[place] is None:
            continue
        value = f"{plain(one.middle[place] or 0.0)} {one.unit}"
        text = with_interval(value, one.low[place], one.high[place])
        parts.append(translate("day {day}: {value}").format(day=one.days[place], value=text))
    return f"{translate('Simulated')}. {one.title}. {'; '.join(parts)}"
