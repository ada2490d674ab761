"""The measured course of a patient as a drawing: a few findings over the visits, treatments marked.

Dots are joined only where no treatment lies between them: a line across an injection would be read
as a course of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from facewire.face import Movement, Region, Side
from facewire.figures.axes import Axes, Frame, Mark
from facewire.record.timeline import CoursePoint
from facewire.words import movement_name, sentence, side_region, with_interval

FRAME = Frame(left=60.0, right=686.0, top=18.0, bottom=226.0)
"""In a picture of 720 x 260."""
MOST = 3
STYLES = ("one", "two", "three")

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Dot:
    """One visit's value: place, ends of the 95 % interval, and all of it in words."""

    x: float
    y: float
    top: float
    bottom: float
    words: str


@dataclass(frozen=True)
class Series:
    """One finding over the visits; ``joins`` are the pieces of line between its dots."""

    name: str
    style: str
    dots: tuple[Dot, ...]
    joins: tuple[str, ...]


@dataclass(frozen=True)
class CoursePlot:
    """The drawing.

    Parameters
    ----------
    series : tuple of Series
        The findings that were largest at any visit.
    rows : tuple of Mark
        Millimetres, involuntary.
    days : tuple of Mark
        Days of the visits.
    given : tuple of Mark
        Days of treatments.
    """

    series: tuple[Series, ...]
    rows: tuple[Mark, ...]
    days: tuple[Mark, ...]
    given: tuple[Mark, ...]


def course_plot(points: Sequence[CoursePoint], treatments: Mapping[date, str]) -> CoursePlot | None:
    """Draw the course of the largest findings.

    Parameters
    ----------
    points : sequence of CoursePoint
        Measurements in the order of the visits.
    treatments : mapping of date to str
        What was given on which day, in words.

    Returns
    -------
    CoursePlot or None
        None when nothing was measured twice, or nothing was ever present.
    """
    keys = _largest(points)
    if len({point.on for point in points}) < 2 or not keys:
        return None
    first, last = min(p.on for p in points), max(p.on for p in points)
    inside = {on: words for on, words in treatments.items() if first <= on <= last}
    rows = {key: [_row(point, key) for point in points] for key in keys}
    highest = max(_size(row, "ci_high") for own in rows.values() for row in own if row)
    begin, end = first.toordinal(), max(last.toordinal(), first.toordinal() + 1)
    axes = Axes(begin, end, 0.0, max(2.0, float(int(highest) + 1)), FRAME)
    step = 1 if axes.y_high <= 5 else 2
    return CoursePlot(
        series=tuple(
            _series(axes, key, style, points, rows[key], inside)
            for key, style in zip(keys, STYLES, strict=False)
        ),
        rows=tuple(Mark(axes.y(v), f"{v}") for v in range(0, int(axes.y_high) + 1, step)),
        days=tuple(Mark(axes.x(on.toordinal()), f"{on:%d.%m.%y}") for on in _apart(points, axes)),
        given=tuple(Mark(axes.x(on.toordinal()), words) for on, words in sorted(inside.items())),
    )


def _largest(points: Sequence[CoursePoint]) -> list[Key]:
    """Return the findings that were present at some visit, the largest first."""
    sizes: dict[Key, float] = {}
    for point in points:
        for row in point.result.get("synkinesis", ()):
            if row.get("present") and row.get("change_mm") is not None:
                key = (row["movement"], row["region"], row["side"] or "L")
                sizes[key] = max(sizes.get(key, 0.0), abs(row["change_mm"]))
    return sorted(sizes, key=lambda key: -sizes[key])[:MOST]


def _row(point: CoursePoint, key: Key) -> Mapping[str, Any] | None:
    for row in point.result.get("synkinesis", ()):
        if (row["movement"], row["region"], row["side"] or "L") == key:
            return None if row.get("change_mm") is None else row
    return None


def _size(row: Mapping[str, Any], name: str) -> float:
    """Return millimetres without their sign: heights that fall are negative in the document."""
    ends = [row.get("ci_low"), row.get("ci_high")]
    sign = -1.0 if row["change_mm"] < 0 else 1.0
    if name == "change_mm" or None in ends:
        return sign * float(row["change_mm"])
    low, high = sorted(sign * float(end) for end in ends if end is not None)
    return high if name == "ci_high" else low


def _series(
    axes: Axes,
    key: Key,
    style: str,
    points: Sequence[CoursePoint],
    rows: Sequence[Mapping[str, Any] | None],
    given: Mapping[date, str],
) -> Series:
    told = [(point, row) for point, row in zip(points, rows, strict=True) if row is not None]
    dots = [_dot(axes, point, row) for point, row in told]
    joins = []
    for i in range(1, len(told)):
        before, after = told[i - 1][0].on, told[i][0].on
        if not any(before <= on <= after for on in given):
            joins.append(f"M{dots[i - 1].x} {dots[i - 1].y}L{dots[i].x} {dots[i].y}")
    movement, region, side = key
    place = side_region(Region(region), Side(side))
    name = f"{sentence(movement_name(Movement(movement)))} → {place}"
    return Series(name, style, tuple(dots), tuple(joins))


def _dot(axes: Axes, point: CoursePoint, row: Mapping[str, Any]) -> Dot:
    value, low, high = (_size(row, name) for name in ("change_mm", "ci_low", "ci_high"))
    words = f"{point.on.isoformat()}: {with_interval(f'{value:.1f} mm', low, high)}"
    top, middle, foot = (axes.y(min(max(v, 0.0), axes.y_high)) for v in (high, value, low))
    return Dot(axes.x(point.on.toordinal()), middle, top, foot, words)


def _apart(points: Sequence[CoursePoint], axes: Axes) -> list[date]:
    """Return the days whose words have room beside one another."""
    shown: list[date] = []
    for on in sorted({point.on for point in points}):
        if not shown or axes.x(on.toordinal()) - axes.x(shown[-1].toordinal()) > 62:
            shown.append(on)
    return shown
