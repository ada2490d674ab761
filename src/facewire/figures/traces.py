"""Panels of traces as shapes for an inline SVG; the page's style sheet gives them their look.

Drawn here rather than by a plotting library: the lines follow the page's colours in light, dark
and print, and nothing is written into the reader's home folder, where Matplotlib keeps its font
list.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from facewire.face import VECTOR_REGIONS, Side
from facewire.figures.trace_panels import Array, Panel
from facewire.words import plain

WIDTH, HEIGHT = 330.0, 176.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 326.0, 18.0, 154.0
"""Size of a panel and the edges of its plot, picture units."""
MIN_SPAN_MM = 3.0
"""Smallest range of the vertical axis, so that tracking noise does not look like movement."""
MOST_STEPS = 4


@dataclass(frozen=True)
class Line:
    """A trace as SVG path data; ``style`` is ``main`` or ``other``, ``bold`` for the median."""

    path: str
    style: str
    bold: bool


@dataclass(frozen=True)
class Tick:
    """A number on an axis: where it stands, picture units, and its words."""

    at: float
    words: str


@dataclass(frozen=True)
class Figure:
    """Everything one panel draws; picture units, x to the right, y downwards.

    Parameters
    ----------
    lines : tuple of Line
        The traces; later ones lie on top.
    rows, columns : tuple of Tick
        Steps of mm (``at`` is y) and of seconds (``at`` is x).
    hold : tuple of float
        Left edge and width of the hold.
    onset : float
        Where the onset stands.
    blinks : tuple of float
        Where blinks start.
    """

    lines: tuple[Line, ...]
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    hold: tuple[float, float]
    onset: float
    blinks: tuple[float, ...]

    @property
    def hold_middle(self) -> float:
        """Where the word for the hold stands."""
        return self.hold[0] + self.hold[1] / 2


@dataclass(frozen=True)
class Axes:
    """From seconds (left to right) and mm (low to high) to picture units."""

    left_s: float
    right_s: float
    low_mm: float
    high_mm: float

    def x(self, seconds: float) -> float:
        """Return where a time stands."""
        share = (seconds - self.left_s) / (self.right_s - self.left_s)
        return round(LEFT + (RIGHT - LEFT) * share, 1)

    def y(self, length_mm: float) -> float:
        """Return where a length stands."""
        share = (length_mm - self.low_mm) / (self.high_mm - self.low_mm)
        return round(BOTTOM - (BOTTOM - TOP) * share, 1)


def draw_panel(panel: Panel, main: Side) -> Figure:
    """Turn a panel into shapes; the ``main`` side is drawn on top of the other."""
    low, high = _limits(panel)
    axes = Axes(float(panel.times_s[0]), float(panel.times_s[-1]), low, high)
    start, end = axes.x(panel.hold_s[0]), axes.x(panel.hold_s[1])
    return Figure(
        lines=(
            *_side_lines(axes, panel, main.other, "other"),
            *_side_lines(axes, panel, main, "main"),
        ),
        rows=tuple(_rows(axes)),
        columns=tuple(Tick(axes.x(s), f"{s} s") for s in range(math.floor(axes.right_s) + 1)),
        hold=(start, round(end - start, 1)),
        onset=axes.x(0),
        blinks=tuple(axes.x(blink) for blink in panel.blinks_s),
    )


def _side_lines(axes: Axes, panel: Panel, side: Side, style: str) -> Iterable[Line]:
    own = [trace.change_mm for trace in panel.traces if trace.side is side]
    for change in own:
        yield Line(line_path(axes, panel.times_s, change), style, bold=False)
    if own:
        yield Line(line_path(axes, panel.times_s, _median(np.array(own))), style, bold=True)


def line_path(axes: Axes, times_s: Array, change_mm: Array) -> str:
    """Return SVG path data; the line pauses where a value is NaN, and stays inside the plot."""
    parts, pen = [], "M"
    inside = np.clip(change_mm, axes.low_mm, axes.high_mm)
    for time, value in zip(times_s, inside, strict=True):
        if math.isnan(value):
            pen = "M"
            continue
        parts.append(f"{pen}{axes.x(time):g} {axes.y(value):g}")
        pen = "L"
    return "".join(parts)


def _median(changes: Array) -> Array:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmedian(changes, axis=0), dtype=np.float64)


def _limits(panel: Panel) -> tuple[float, float]:
    """Return the range of mm: nearly all values, zero, and no less than the smallest range."""
    values = np.concatenate([trace.change_mm for trace in panel.traces])
    values = values[np.isfinite(values)]
    low, high = np.percentile(values, (0.3, 99.7)) if len(values) else (-1.0, 1.0)
    low, high = min(low, 0.0), max(high, 0.0)
    room = max(MIN_SPAN_MM - (high - low), 0.0)
    edge = 0.08 * max(high - low, MIN_SPAN_MM)
    below = 0.0 if panel.region in VECTOR_REGIONS else room / 2
    return float(low - below - edge), float(high + room - below + edge)


def _rows(axes: Axes) -> Iterable[Tick]:
    step = nice_step(axes.high_mm - axes.low_mm)
    for i in range(math.ceil(axes.low_mm / step), math.floor(axes.high_mm / step) + 1):
        yield Tick(axes.y(i * step), plain(i * step).removesuffix(".0"))


def nice_step(span: float) -> float:
    """Return the smallest of 1, 2 or 5 times a power of ten that divides a span few times."""
    power = 10.0 ** math.floor(math.log10(span / MOST_STEPS))
    return next(power * n for n in (1, 2, 5, 10) if span / (power * n) <= MOST_STEPS)
