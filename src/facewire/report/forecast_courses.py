"""Simulated courses over time as curves with bands and treatment dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facewire.face import Movement, Region
from facewire.figures.axes import Axes, Mark, around
from facewire.results.forecast import Course, Forecast, InvoluntaryCourse
from facewire.words import (
    movement_name,
    plain,
    region_term,
    sentence,
    side_region,
    translate,
    with_interval,
)

MOST_PANELS = 3
LEAST_MM = 0.7
"""Courses of involuntary movement that begin under this are not drawn."""


@dataclass(frozen=True)
class CourseDrawing:
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
class _Titled:
    """A course with its title, its unit in words, and its days."""

    title: str
    unit: str
    days: Sequence[int]
    course: Course


def courses(forecast: Forecast) -> tuple[CourseDrawing, ...]:
    """Draw the courses of a forecast: the told rows, smile, closure, rest and score.

    Parameters
    ----------
    forecast : Forecast
    """
    return tuple(_drawing(forecast, one) for one in _chosen_courses(forecast))


def told_rows(forecast: Forecast) -> list[InvoluntaryCourse]:
    """Return the largest involuntary movements of the affected side at day 0."""
    sizes = [
        (abs(row.change_mm[0]), row)
        for row in forecast.involuntary
        if row.side is forecast.affected_side and row.change_mm[0] is not None
    ]
    told = sorted((one for one in sizes if one[0] >= LEAST_MM), key=lambda one: -one[0])
    return [row for _, row in told[:MOST_PANELS]]


def _chosen_courses(forecast: Forecast) -> list[_Titled]:
    mm = translate("mm")
    found = [_Titled(_row_title(row), mm, forecast.map_days, row) for row in told_rows(forecast)]
    summary, days = forecast.summary, forecast.days
    for movement in (Movement.SMILE_OPEN, Movement.EYE_CLOSE_GENTLE):
        title = translate("{movement}: this side against the other")
        title = title.format(movement=sentence(movement_name(movement)))
        course = summary.movement_symmetry[movement]
        found.append(_Titled(title, translate("% of the other side"), days, course))
    rest = summary.rest_difference
    for region, apart in ((Region.EYE, rest.eye), (Region.COMMISSURE, rest.commissure)):
        title = translate("At rest: {region}, affected minus other side").format(
            region=region_term(region)
        )
        found.append(_Titled(title, mm, days, apart))
    title = translate("Sunnybrook composite: {label}").format(
        label=translate(summary.sunnybrook.label)
    )
    points = summary.sunnybrook.composite
    found.append(_Titled(title, translate("points, 0 to 100"), days, points))
    return [one for one in found if any(value is not None for value in one.course.middle)]


def _row_title(row: InvoluntaryCourse) -> str:
    text = translate("{movement}: {what}, involuntary")
    return text.format(
        movement=sentence(movement_name(row.movement)), what=side_region(row.region, row.side)
    )


def _drawing(forecast: Forecast, one: _Titled) -> CourseDrawing:
    columns = (one.course.middle, *one.course.ends())
    known = [value for column in columns for value in column if value is not None]
    low, high = around([*known, 0.0]) if one.unit == translate("mm") else around(known)
    axes = Axes(0.0, float(max(one.days[-1], 1)), low, high)
    stretches = list(_stretches(one))
    middle = "".join(axes.path([(d, m) for d, m, _, _ in stretch]) for stretch in stretches)
    return CourseDrawing(
        title=one.title,
        unit=one.unit,
        middle=middle,
        bands=tuple(_band(axes, stretch) for stretch in stretches),
        when=tuple(Mark(axes.x(row.day), str(i)) for i, row in enumerate(forecast.treatments, 1)),
        x_marks=axes.x_marks(),
        y_marks=axes.y_marks(),
        text=_course_words(one),
    )


_Stretch = list[tuple[float, float, float, float]]


def _stretches(one: _Titled) -> Iterable[_Stretch]:
    """Split a course where its size is unknown."""
    stretch: _Stretch = []
    for place, day in enumerate(one.days):
        number = one.course.at(place)
        if number is not None:
            stretch.append((float(day), number.value, number.low, number.high))
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _band(axes: Axes, stretch: _Stretch) -> str:
    above = [(day, high) for day, _, _, high in stretch]
    below = [(day, low) for day, _, low, _ in reversed(stretch)]
    return axes.path(above + below) + "Z"


def _course_words(one: _Titled) -> str:
    """Say first, furthest and last day, for those who do not see the picture."""
    values = [
        number.value if number else None for number in map(one.course.at, range(len(one.days)))
    ]
    known = [place for place, value in enumerate(values) if value is not None]
    if not known:
        return f"{translate('Simulated')}. {one.title}. "
    furthest = max(known, key=lambda place: abs(values[place] - values[known[0]]))  # type: ignore[operator]
    parts = []
    for place in sorted({known[0], furthest, known[-1]}):
        number = one.course.at(place)
        if number is not None:
            value = f"{plain(number.value)} {one.unit}"
            text = with_interval(value, number.low, number.high)
            parts.append(translate("day {day}: {value}").format(day=one.days[place], value=text))
    return f"{translate('Simulated')}. {one.title}. {'; '.join(parts)}"
