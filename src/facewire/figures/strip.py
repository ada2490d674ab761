"""One region over a whole recording, both sides, as lines that a cursor runs along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facewire.face import Region, Side, region_channels
from facewire.figures.traces import MAX_GAP_S, Array, absent_samples, column, displacement
from facewire.results.measurement import Repetition

if TYPE_CHECKING:
    import polars as pl

WIDTH, HEIGHT = 1000, 140
MOST_POINTS = 1500
"""So many points of a side are drawn: more than a wide screen shows."""
MIN_SPAN_MM = 3.0
EDGE = 0.04
"""Of the height, left free above and below."""


@dataclass(frozen=True)
class Strip:
    """A region over a recording, in a picture of 1000 x 140.

    Parameters
    ----------
    region : Region
    length_s : float
        Of the recording: the picture's width.
    paths : tuple of (Side, str)
        A line for each side; gaps where the face was lost or turned.
    low_mm, high_mm : float
        What the picture's foot and head stand for.
    """

    region: Region
    length_s: float
    paths: tuple[tuple[Side, str], ...]
    low_mm: float
    high_mm: float


def strip(table: pl.DataFrame, region: Region, rows: Sequence[Repetition]) -> Strip | None:
    """Draw one region over the whole recording, as change from the first rest.

    Parameters
    ----------
    table : polars.DataFrame
        The signals table; mm and seconds.
    region : Region
    rows : sequence of Repetition
        The first of them names the rest; without one the median of all stands for it.

    Returns
    -------
    Strip or None
        None when the table lacks the region, or holds nothing of it.
    """
    times, absent = column(table, "time_s"), absent_samples(table)
    sides = (Side.RIGHT,) if region is Region.CHIN else tuple(Side)
    names = {side: [one.name for one in region_channels(region, side)] for side in sides}
    if not all(name in table.columns for own in names.values() for name in own):
        return None
    lines = {side: _change(table, own, times, absent, rows) for side, own in names.items()}
    sizes = {side: displacement(change, region) for side, change in lines.items()}
    known = np.concatenate([size[np.isfinite(size)] for size in sizes.values()])
    if len(known) == 0 or times[-1] <= 0:
        return None
    low, high = _span(known)
    length_s = float(times[-1])
    paths = tuple((side, _path(times, size, length_s, low, high)) for side, size in sizes.items())
    return Strip(region, length_s, paths, low, high)


def _change(
    table: pl.DataFrame,
    names: list[str],
    times: Array,
    absent: NDArray[np.bool_],
    rows: Sequence[Repetition],
) -> Array:
    values = np.column_stack([column(table, name) for name in names])
    values[absent] = np.nan
    quiet = values
    if rows:
        first = rows[0]
        quiet = values[(times >= first.rest_start_s) & (times <= first.rest_end_s)]
    quiet = quiet[np.isfinite(quiet).all(axis=1)]
    if len(quiet) == 0:
        return np.full_like(values, np.nan)
    return np.asarray(values - np.median(quiet, axis=0), dtype=np.float64)


def _span(known: Array) -> tuple[float, float]:
    low, high = float(min(known.min(), 0)), float(max(known.max(), 0))
    more = max(MIN_SPAN_MM - (high - low), 0) / 2
    return low - more, high + more


def _path(times: Array, size: Array, length_s: float, low: float, high: float) -> str:
    step = max(-(-len(times) // MOST_POINTS), 1)
    parts, last_s = [], -np.inf
    for at, value in zip(times[::step], size[::step], strict=True):
        if not np.isfinite(value):
            last_s = -np.inf
            continue
        x = at / length_s * WIDTH
        y = HEIGHT * (EDGE + (1 - 2 * EDGE) * (high - value) / (high - low))
        parts.append(f"{'L' if at - last_s <= step * MAX_GAP_S else 'M'}{x:.1f} {y:.1f}")
        last_s = at
    return "".join(parts)
