"""The axes of every plot: from the data's units to picture units, with round numbers beside them.

Plots are SVG shapes of our own: they follow the page's colours in light, dark and print, and no
plotting library writes into the reader's home folder.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facewire.words import MINUS

Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """Edges of the plot inside its picture, picture units; ``most_steps`` numbers at an axis."""

    left: float
    right: float
    top: float
    bottom: float
    most_steps: int = 6


PLOT = Frame(left=52.0, right=408.0, top=14.0, bottom=258.0)
"""In a picture of 420 x 300."""


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
    """Ranges of a plot, in the units of the data, and the frame that they fill."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    frame: Frame = PLOT

    def x(self, value: float) -> float:
        """Return the place of a value on the horizontal axis, to a tenth."""
        share = (value - self.x_low) / (self.x_high - self.x_low)
        return round(self.frame.left + share * (self.frame.right - self.frame.left), 1)

    def y(self, value: float) -> float:
        """Return the place of a value on the vertical axis, to a tenth."""
        share = (value - self.y_low) / (self.y_high - self.y_low)
        return round(self.frame.bottom - share * (self.frame.bottom - self.frame.top), 1)

    def x_marks(self) -> tuple[Mark, ...]:
        """Return numbers for the horizontal axis."""
        found = steps(self.x_low, self.x_high, self.frame.most_steps)
        return tuple(Mark(self.x(v), _number(v)) for v in found)

    def y_marks(self) -> tuple[Mark, ...]:
        """Return numbers for the vertical axis."""
        found = steps(self.y_low, self.y_high, self.frame.most_steps)
        return tuple(Mark(self.y(v), _number(v)) for v in found)

    def path(self, points: Iterable[Point]) -> str:
        """Return points joined by lines, as SVG path data; it pauses where a height is NaN."""
        parts, pen = [], "M"
        for x, y in points:
            if math.isnan(y):
                pen = "M"
                continue
            parts.append(f"{pen}{self.x(x):g} {self.y(y):g}")
            pen = "L"
        return "".join(parts)


def around(values: Sequence[float], share: float = 0.08) -> tuple[float, float]:
    """Return a range that holds the values with a little room; never empty."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = max((high - low) * share, 1e-6 + abs(high) * 0.01)
    return low - room, high + room


def steps(low: float, high: float, most: int = PLOT.most_steps) -> list[float]:
    """Return the multiples of 1, 2 or 5 times a power of ten between two numbers, few of them."""
    span = high - low
    size = 10.0 ** math.floor(math.log10(span / most))
    step = next(size * k for k in (1, 2, 5, 10, 20) if span / (size * k) <= most)
    first = math.ceil(low / step)
    return [k * step for k in range(first, math.floor(high / step) + 1)]


def _number(value: float) -> str:
    return f"{value:.10g}".replace("-", MINUS)
