"""The numbers of the traces: repetitions aligned at their onsets, as change from their own rest.

Each panel is one region in one movement. Lost samples, turned heads and blinks leave a gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
from facewire.words import number

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
    table: pl.DataFrame, movement: Movement, region: Region, rows: list[Mapping[str, Any]]
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
    rows : list of Mapping
        The kept repetitions, with known onset and hold.

    Returns
    -------
    Panel or None
        None when the table lacks the region.
    """
    times, absent = _column(table, "time_s"), _absent(table)
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
        values = np.column_stack([_column(table, name) for name in names])
        values[absent] = np.nan
        for row in rows:
            change = _aligned(times, values, row, grid)
            traces.append(Trace(side, _size(change, region)))
    return Panel(
        movement, region, grid, tuple(traces), hold, _blinks(table, times, rows, grid),
        region in VOLUNTARY_TARGETS[movement],
    )  # fmt: skip


def _column(table: pl.DataFrame, name: str) -> Array:
    return table[name].cast(float).fill_null(float("nan")).to_numpy().astype(np.float64)


def _absent(table: pl.DataFrame) -> NDArray[np.bool_]:
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


def _hold(rows: list[Mapping[str, Any]]) -> tuple[float, float]:
    starts = [row["apex_start_s"] - row["onset_s"] for row in rows]
    ends = [row["apex_end_s"] - row["onset_s"] for row in rows]
    return float(np.median(starts)), float(np.median(ends))


def _aligned(times: Array, values: Array, row: Mapping[str, Any], grid: Array) -> Array:
    """Return the change from the repetition's own rest on a grid of seconds from its onset."""
    start, end = number(row, "rest_start_s"), number(row, "rest_end_s")
    onset = row["onset_s"]
    if start is None or end is None:
        start, end = onset - 0.5, onset - 0.1
    quiet = values[(times >= start) & (times <= end)]
    quiet = quiet[np.isfinite(quiet).all(axis=1)]
    if len(quiet) == 0:
        return np.full((len(grid), values.shape[1]), np.nan)
    change = values - np.median(quiet, axis=0)
    known = np.isfinite(change).all(axis=1)
    return _resample(times[known] - onset, change[known], grid)


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


def _size(change: Array, region: Region) -> Array:
    """Return the length of a displacement for vector regions, the signed height elsewhere."""
    if region in VECTOR_REGIONS:
        return np.asarray(np.hypot(change[:, 0], change[:, 1]), dtype=np.float64)
    return np.asarray(change[:, 0], dtype=np.float64)


def _blinks(
    table: pl.DataFrame, times: Array, rows: list[Mapping[str, Any]], grid: Array
) -> tuple[float, ...]:
    if "blink" not in table.columns:
        return ()
    closed = table["blink"].fill_null(value=False).to_numpy().astype(np.int8)
    starts = times[np.flatnonzero(np.diff(closed, prepend=0) == 1)]
    shifts = [starts - row["onset_s"] for row in rows]
    inside = [shift[(shift >= grid[0]) & (shift <= grid[-1])] for shift in shifts]
    return tuple(float(value) for value in np.concatenate(inside))
