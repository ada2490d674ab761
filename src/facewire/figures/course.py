"""Numbers over dated visits: marks with their intervals and days of treatments on one time axis.

The comparison's page draws one outcome a plot, with trends (`facewire.report.comparison_page`); a
patient's page the largest findings of all visits in one. Dots are joined only where no treatment
lies between them: a line across an injection would be read as a course of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from facewire.figures.axes import Axes, Frame, Mark
from facewire.results.cells import Key
from facewire.results.estimate import Estimate
from facewire.results.measurement import Measurement
from facewire.words import day_words, movement_name, sentence, side_region, with_interval

DAYS_PER_MONTH = 30.4375
WIDE = Frame(left=60.0, right=686.0, top=18.0, bottom=226.0)
"""In a picture of 720 x 260, with room for the first and the last dot."""
MOST = 3
STYLES = ("one", "two", "three")
DAY_WIDTH = 76.0
"""Room that the words of a day take, picture units."""


@dataclass(frozen=True)
class VisitMark:
    """A measured visit: place, top and bottom of its interval, picture units; shape and words."""

    x: float
    y: float
    top: float
    bottom: float
    shape: str = ""
    words: str = ""


@dataclass(frozen=True)
class Series:
    """One finding over the visits; ``joins`` are the pieces of line between its dots."""

    name: str
    style: str
    dots: tuple[VisitMark, ...]
    joins: tuple[str, ...]


@dataclass(frozen=True)
class FindingsPlot:
    """The largest findings over the visits.

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


def months(day: dt.date, first: dt.date) -> float:
    """Return how long after the first day a day is, in months."""
    return (day - first).days / DAYS_PER_MONTH


def visit_mark(
    axes: Axes, at: float, number: Estimate, shape: str = "", words: str = ""
) -> VisitMark:
    """Return the mark of a number with its interval.

    Parameters
    ----------
    axes : Axes
    at : float
        Months after the first visit.
    number : Estimate
    shape, words : str
        Of the mark.
    """
    return VisitMark(
        axes.x(at), axes.y(number.value), axes.y(number.high), axes.y(number.low), shape, words
    )


def day_marks(axes: Axes, first: dt.date, days: Iterable[tuple[dt.date, str]]) -> tuple[Mark, ...]:
    """Return marks of the days that lie on the axis, each with its words."""
    placed = ((months(day, first), words) for day, words in days)
    return tuple(Mark(axes.x(at), words) for at, words in placed if axes.x_low <= at <= axes.x_high)


def findings_plot(
    visits: Sequence[tuple[dt.date, Measurement]], treatments: Mapping[dt.date, str]
) -> FindingsPlot | None:
    """Draw the course of the largest findings.

    Parameters
    ----------
    visits : sequence of (date, Measurement)
        In the order of time.
    treatments : mapping of date to str
        What was given on which day, in words.

    Returns
    -------
    FindingsPlot or None
        None when nothing was measured twice, or nothing was ever present.
    """
    keys = _largest(visits)
    days = sorted({day for day, _ in visits})
    if len(days) < 2 or not keys:
        return None
    numbers = {key: _sizes(visits, key) for key in keys}
    highest = max(number.high for own in numbers.values() for _, number in own)
    axes = Axes(0.0, months(days[-1], days[0]), 0.0, max(2.0, float(int(highest) + 1)), WIDE)
    given = sorted((on, words) for on, words in treatments.items() if days[0] <= on <= days[-1])
    shown: list[dt.date] = []
    for day in days:
        if (
            not shown
            or axes.x(months(day, days[0])) - axes.x(months(shown[-1], days[0])) > DAY_WIDTH
        ):
            shown.append(day)
    return FindingsPlot(
        series=tuple(
            _series(axes, days[0], key, style, numbers[key], [on for on, _ in given])
            for key, style in zip(keys, STYLES, strict=False)
        ),
        rows=axes.y_marks(),
        days=day_marks(axes, days[0], ((day, day_words(day)) for day in shown)),
        given=day_marks(axes, days[0], given),
    )


def _largest(visits: Sequence[tuple[dt.date, Measurement]]) -> list[Key]:
    """Return the findings that were present at some visit, the largest first."""
    sizes: dict[Key, float] = {}
    for _, result in visits:
        for cell in result.synkinesis:
            if cell.present and cell.change_mm is not None:
                sizes[cell.key] = max(sizes.get(cell.key, 0.0), abs(cell.change_mm))
    return sorted(sizes, key=lambda key: -sizes[key])[:MOST]


def _sizes(
    visits: Sequence[tuple[dt.date, Measurement]], key: Key
) -> list[tuple[dt.date, Estimate]]:
    """Return a finding's size at each visit that knows it; heights that fall count as positive."""
    known = [(day, result.involuntary_cell(*key).change) for day, result in visits]
    return [
        (day, number.scaled(-1.0) if number.value < 0 else number)
        for day, number in known
        if number is not None
    ]


def _series(
    axes: Axes,
    first: dt.date,
    key: Key,
    style: str,
    numbers: Sequence[tuple[dt.date, Estimate]],
    given: Sequence[dt.date],
) -> Series:
    dots, joins = [], []
    for i, (day, number) in enumerate(numbers):
        size = with_interval(f"{number.value:.1f} mm", number.low, number.high)
        inside = number.replaced(low=max(number.low, 0.0))
        dots.append(visit_mark(axes, months(day, first), inside, words=f"{day_words(day)}: {size}"))
        if i and not any(numbers[i - 1][0] <= on <= day for on in given):
            joins.append(f"M{dots[-2].x:g} {dots[-2].y:g}L{dots[-1].x:g} {dots[-1].y:g}")
    movement, region, side = key
    name = f"{sentence(movement_name(movement))} → {side_region(region, side)}"
    return Series(name, style, tuple(dots), tuple(joins))
