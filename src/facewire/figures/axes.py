"""Plain scatter and line plots as SVG shapes: axes with few numbers, no plotting library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 420.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 408.0, 14.0, 258.0
MOST_STEPS = 6

Point = tuple[float, float]


@dataclass(frozen=True)
class Mark:
    """A number on an axis, and where it stands in the picture."""

    place: float
    text: str


@dataclass(frozen=True)
class Rule:
    """A level line across the plot, with its words."""

    place: float
    text: str
    style: str


@dataclass(frozen=True)
class Plot:
    """A plot ready for the template: picture units, words, and a text that says what it shows.

    ``bars`` are vertical intervals: x, top and bottom.
    """

    title: str
    x_words: str
    y_words: str
    points: tuple[Point, ...]
    path: str
    rules: tuple[Rule, ...]
    bars: tuple[tuple[float, float, float], ...]
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    text: str


@dataclass(frozen=True)
class Axes:
    """Ranges of a plot, in the units of the data."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float) -> float:
        """Return the place of a value on the horizontal axis."""
        return LEFT + (value - self.x_low) / (self.x_high - self.x_low) * (RIGHT - LEFT)

    def y(self, value: float) -> float:
        """Return the place of a value on the vertical axis."""
        return BOTTOM - (value - self.y_low) / (self.y_high - self.y_low) * (BOTTOM - TOP)

    def x_marks(self) -> tuple[Mark, ...]:
        """Return numbers for the horizontal axis."""
        return tuple(Mark(self.x(v), _number(v)) for v in steps(self.x_low, self.x_high))

    def y_marks(self) -> tuple[Mark, ...]:
        """Return numbers for the vertical axis."""
        return tuple(Mark(self.y(v), _number(v)) for v in steps(self.y_low, self.y_high))

    def path(self, points: Sequence[Point]) -> str:
        """Return points joined by lines, as SVG path data."""
        places = " ".join(f"{self.x(x):.1f} {self.y(y):.1f}" for x, y in points)
        return f"M{places}" if places else ""


def around(values: Sequence[float], share: float = 0.08) -> tuple[float, float]:
    """Return a range that holds the values with a little room; never empty."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = max((high - low) * share, 1e-6 + abs(high) * 0.01)
    return low - room, high + room


def steps(low: float, high: float) -> list[float]:
    """Return round numbers between two, at most `MOST_STEPS`."""
    span = high - low
    size = 10.0 ** math.floor(math.log10(span / MOST_STEPS))
    step = next(size * k for k in (1, 2, 5, 10, 20) if span / (size * k) <= MOST_STEPS)
    first = math.ceil(low / step)
    return [k * step for k in range(first, math.floor(high / step) + 1)]


def _number(value: float) -> str:
    return f"{value:.10g}".replace("-", "\N{MINUS SIGN}")
