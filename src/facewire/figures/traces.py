"""The traces of a recording: repetitions aligned at their onsets, as change from their own rest.

Each panel is one region in one movement, drawn as shapes; the page's style sheet gives them their
look. Lost samples, turned heads and blinks leave a gap.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facewire.face import (
    VECTOR_REGIONS,
    VOLUNTARY_TARGETS,
    Movement,
    Region,
    Side,
    region_channels,
)
from facewire.figures.axes import Axes, Frame, Mark
from facewire.results.measurement import Repetition

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]

BEFORE_S, AFTER_S = 0.7, 0.8
BLINK_EDGE_S = 0.15
"""Taken off on both sides of a marked blink: lids move before and after they are called closed."""
EYE_MOVEMENTS = (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT)
STEP_S = 1 / 30
MAX_GAP_S = 0.12
"""Samples further apart than this are not joined by a line."""

PANEL = Frame(left=34.0, right=326.0, top=18.0, bottom=154.0, most_steps=4)
"""In a picture of 330 x 176."""
MIN_SPAN_MM = 3.0
"""Smallest range of the vertical axis, so that tracking noise does not look like movement."""


@dataclass(frozen=True)
class Trace:
    """One line of a panel: a side in one repetition.

    Parameters
    ----------
    side : Side
        The patient's side.
    change_mm : ndarray, shape (n_times,)
        Change from rest; NaN where the face was lost or turned.
    """

    side: Side
    change_mm: Array


@dataclass(frozen=True)
class Panel:
    """One region in one movement.

    Parameters
    ----------
    times_s : ndarray, shape (n_times,)
        Seconds from the onset of each repetition.
    hold_s : tuple of float
        Start and end of the hold, median of the repetitions, seconds from the onset.
    blinks_s : tuple of float
        Starts of blinks inside the window, seconds from the onset.
    asked : bool
        Whether the movement moves this region on purpose.
    """

    movement: Movement
    region: Region
    times_s: Array
    traces: tuple[Trace, ...]
    hold_s: tuple[float, float]
    blinks_s: tuple[float, ...]
    asked: bool


def build_panel(
    table: pl.DataFrame, movement: Movement, region: Region, rows: Sequence[Repetition]
) -> Panel | None:
    """Gather one region in the kept repetitions of a movement.

    Parameters
    ----------
    table : polars.DataFrame
        The signals table; mm and seconds.
    movement : Movement
        Which movement.
    region : Region
        Which region.
    rows : sequence of Repetition
        The kept ones.

    Returns
    -------
    Panel or None
        None when the table lacks the region.
    """
    times, absent = column(table, "time_s"), absent_samples(table)
    if movement not in EYE_MOVEMENTS:
        absent |= _blinking(table, times)
    hold = _hold(rows)
    grid = np.arange(-BEFORE_S, hold[1] + AFTER_S, STEP_S)
    sides = (Side.RIGHT,) if region is Region.CHIN else tuple(Side)
    traces = []
    for side in sides:
        names = [channel.name for channel in region_channels(region, side)]
        if not all(name in table.columns for name in names):
            return None
        values = np.column_stack([column(table, name) for name in names])
        values[absent] = np.nan
        for row in rows:
            change = _aligned(times, values, row, grid)
            traces.append(Trace(side, displacement(change, region)))
    return Panel(
        movement, region, grid, tuple(traces), hold, _blinks(table, times, rows, grid),
        region in VOLUNTARY_TARGETS[movement],
    )  # fmt: skip


def column(table: pl.DataFrame, name: str) -> Array:
    """Return a column of the signals table; NaN where there is nothing."""
    return table[name].cast(float).fill_null(float("nan")).to_numpy().astype(np.float64)


def absent_samples(table: pl.DataFrame) -> NDArray[np.bool_]:
    """Return which samples are of no use: the face was lost or turned."""
    found = np.zeros(table.height, dtype=bool)
    for name in ("lost", "turned"):
        if name in table.columns:
            found |= table[name].fill_null(value=True).to_numpy()
    return found


def _blinking(table: pl.DataFrame, times: Array) -> NDArray[np.bool_]:
    """Return the samples inside a blink or close to one."""
    found = np.zeros(table.height, dtype=bool)
    if "blink" in table.columns:
        closed = times[table["blink"].fill_null(value=False).to_numpy()]
        after = np.searchsorted(closed, times - BLINK_EDGE_S)
        found |= np.searchsorted(closed, times + BLINK_EDGE_S, side="right") > after
    return found


def _hold(rows: Sequence[Repetition]) -> tuple[float, float]:
    starts = [row.apex_start_s - row.onset_s for row in rows]
    ends = [row.apex_end_s - row.onset_s for row in rows]
    return float(np.median(starts)), float(np.median(ends))


def _aligned(times: Array, values: Array, row: Repetition, grid: Array) -> Array:
    """Return the change from the repetition's own rest on a grid of seconds from its onset."""
    quiet = values[(times >= row.rest_start_s) & (times <= row.rest_end_s)]
    quiet = quiet[np.isfinite(quiet).all(axis=1)]
    if len(quiet) == 0:
        return np.full((len(grid), values.shape[1]), np.nan)
    change = values - np.median(quiet, axis=0)
    known = np.isfinite(change).all(axis=1)
    return _resample(times[known] - row.onset_s, change[known], grid)


def _resample(times: Array, change: Array, grid: Array) -> Array:
    if len(times) < 2:
        return np.full((len(grid), change.shape[1]), np.nan)
    columns = [
        np.interp(grid, times, change[:, i], left=np.nan, right=np.nan)
        for i in range(change.shape[1])
    ]
    sampled = np.column_stack(columns)
    after = np.clip(np.searchsorted(times, grid), 1, len(times) - 1)
    sampled[times[after] - times[after - 1] > MAX_GAP_S] = np.nan
    return sampled


def displacement(change: Array, region: Region) -> Array:
    """Return the length of a displacement for vector regions, the signed height elsewhere."""
    if region in VECTOR_REGIONS:
        return np.asarray(np.hypot(change[:, 0], change[:, 1]), dtype=np.float64)
    return np.asarray(change[:, 0], dtype=np.float64)


def _blinks(
    table: pl.DataFrame, times: Array, rows: Sequence[Repetition], grid: Array
) -> tuple[float, ...]:
    if "blink" not in table.columns:
        return ()
    closed = table["blink"].fill_null(value=False).to_numpy().astype(np.int8)
    starts = times[np.flatnonzero(np.diff(closed, prepend=0) == 1)]
    shifts = [starts - row.onset_s for row in rows]
    inside = [shift[(shift >= grid[0]) & (shift <= grid[-1])] for shift in shifts]
    return tuple(float(value) for value in np.concatenate(inside))


@dataclass(frozen=True)
class Line:
    """A trace as SVG path data; ``style`` is ``main`` or ``other``, ``bold`` for the median."""

    path: str
    style: str
    bold: bool


@dataclass(frozen=True)
class Figure:
    """Everything one panel draws; picture units, x to the right, y downwards.

    Parameters
    ----------
    lines : tuple of Line
        The traces; later ones lie on top.
    rows, columns : tuple of Mark
        Steps of mm and of seconds.
    hold : tuple of float
        Left edge and width of the hold.
    onset : float
        Where the onset stands.
    blinks : tuple of float
        Where blinks start.
    """

    lines: tuple[Line, ...]
    rows: tuple[Mark, ...]
    columns: tuple[Mark, ...]
    hold: tuple[float, float]
    onset: float
    blinks: tuple[float, ...]

    @property
    def hold_middle(self) -> float:
        """Where the word for the hold stands."""
        return self.hold[0] + self.hold[1] / 2


def draw_panel(panel: Panel, main: Side) -> Figure:
    """Turn a panel into shapes; the ``main`` side is drawn on top of the other."""
    low, high = _limits(panel)
    axes = Axes(float(panel.times_s[0]), float(panel.times_s[-1]), low, high, PANEL)
    start, end = axes.x(panel.hold_s[0]), axes.x(panel.hold_s[1])
    return Figure(
        lines=(
            *_side_lines(axes, panel, main.other, "other"),
            *_side_lines(axes, panel, main, "main"),
        ),
        rows=axes.y_marks(),
        columns=tuple(Mark(axes.x(s), f"{s} s") for s in range(math.floor(axes.x_high) + 1)),
        hold=(start, round(end - start, 1)),
        onset=axes.x(0),
        blinks=tuple(axes.x(blink) for blink in panel.blinks_s),
    )


def _side_lines(axes: Axes, panel: Panel, side: Side, style: str) -> Iterable[Line]:
    own = [trace.change_mm for trace in panel.traces if trace.side is side]
    for change in own:
        yield Line(_inside(axes, panel.times_s, change), style, bold=False)
    if own:
        yield Line(_inside(axes, panel.times_s, _median(np.array(own))), style, bold=True)


def _inside(axes: Axes, times_s: Array, change_mm: Array) -> str:
    """Return a trace as path data that stays inside the plot."""
    inside = np.clip(change_mm, axes.y_low, axes.y_high)
    return axes.path(zip(times_s.tolist(), inside.tolist(), strict=True))


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


def held_mm(panel: Panel, side: Side) -> float | None:
    """Return the median change of a side in the hold, mm; None where nothing was measured."""
    inside = (panel.times_s >= panel.hold_s[0]) & (panel.times_s <= panel.hold_s[1])
    own = [t.change_mm[inside] for t in panel.traces if t.side is side]
    values = np.concatenate(own) if own else np.array([])
    values = values[np.isfinite(values)]
    return float(np.median(values)) if len(values) else None
