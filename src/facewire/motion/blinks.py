"""Spontaneous blinks: short dips of the fissure below the level that it holds around them.

A blink lasts 0.1 to 0.4 s; a voluntary closure or a narrowing by a smile lasts longer. Filling
every dip shorter than half a second (a grey closing: Serra 1982, Image Analysis and Mathematical
Morphology) gives the level that the lid holds, at rest and within a movement alike, and what lies
below that level is a blink.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import grey_closing, label

from facewire.errors import TrackError

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

STEP_S = 0.005
LONGEST_S = 0.5
"""A dip that lasts longer is a closure or a narrowing, not a blink."""
LEAST_DEPTH = 0.3
"""Least depth of a blink, as a part of the height from which the lid comes."""
LEAST_DEPTH_MM = 1.0
LEAST_DEPTH_SD = 5.0
EDGE = 0.1
"""A blink begins and ends at this part of its depth."""
JOINED_S = 0.03
TIE_DIGITS = 6
"""Depths that agree to so many digits are alike."""


@dataclass(frozen=True)
class Blink:
    """A spontaneous blink: the eyes begin to close, are most closed, are open again; seconds."""

    start_s: float
    closed_s: float
    end_s: float

    def __post_init__(self) -> None:
        if not self.start_s <= self.closed_s <= self.end_s:
            raise TrackError(
                "The times of a blink are not in order",
                expected="start_s <= closed_s <= end_s",
                found=f"{self.start_s:g}, {self.closed_s:g}, {self.end_s:g}",
            )


def find_blinks(
    times_s: FloatArray, left_mm: FloatArray, right_mm: FloatArray, sd_mm: float
) -> tuple[Blink, ...]:
    """Find the spontaneous blinks of a recording.

    Parameters
    ----------
    times_s : ndarray of float, shape (n_frames,)
        Increasing, at any rate.
    left_mm, right_mm : ndarray of float, shape (n_frames,)
        Height of each fissure; NaN where it was not measured.
    sd_mm : float
        Standard deviation of the noise of one sample.

    Returns
    -------
    tuple of Blink
        In the order of time. A palsied eye may stay open in a blink: the eye that closes further
        decides. Empty where neither eye was measured.
    """
    grid_s, dip, depth = _deeper_dip(times_s, (left_mm, right_mm), sd_mm)
    if not len(grid_s):
        return ()
    groups, count = label(depth >= 1.0)
    found: list[Blink] = []
    for i in range(1, count + 1):
        blink = _blink_at(grid_s, dip, int(np.argmax(np.where(groups == i, depth, -np.inf))))
        if found and blink.start_s < found[-1].end_s + JOINED_S:
            blink = _deeper(found.pop(), blink, grid_s, dip)
        found.append(blink)
    return tuple(b for b in found if b.end_s - b.start_s <= LONGEST_S)


def blink_frames(
    times_s: FloatArray, blinks: tuple[Blink, ...], margin_s: float = 0.0
) -> BoolArray:
    """Mark the frames that lie in a blink.

    Parameters
    ----------
    times_s : ndarray of float, shape (n_frames,)
    blinks : tuple of Blink
    margin_s : float
        Added before and after every blink.

    Returns
    -------
    ndarray of bool, shape (n_frames,)
    """
    inside = np.zeros(len(times_s), dtype=bool)
    for b in blinks:
        inside |= (times_s >= b.start_s - margin_s) & (times_s <= b.end_s + margin_s)
    return inside


def _deeper_dip(
    times_s: FloatArray, heights_mm: tuple[FloatArray, FloatArray], sd_mm: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Even times, the dip of the eye that closes further (mm), and its depth over the least one."""
    empty = np.empty(0)
    measured = [h for h in heights_mm if int(np.isfinite(h).sum()) >= 3]
    if not measured:
        return empty, empty, empty
    grid_s = np.arange(times_s[0], times_s[-1] + STEP_S / 2, STEP_S)
    dips = [_dip(times_s, h, grid_s) for h in measured]
    deep = np.array([dip for dip, _ in dips])
    depths = np.round(
        [
            dip / np.fmax(LEAST_DEPTH * level, max(LEAST_DEPTH_MM, LEAST_DEPTH_SD * sd_mm))
            for dip, level in dips
        ],
        TIE_DIGITS,
    )
    # Eyes that are both shut have one depth: of them the wider one is followed, not the one that
    # rounding happens to favour.
    wider = 0.5 * 10.0**-TIE_DIGITS * deep / deep.max(initial=1.0)
    best = np.argmax(depths + wider, axis=0)
    columns = np.arange(len(grid_s))
    return grid_s, deep[best, columns], depths[best, columns]


def _dip(
    times_s: FloatArray, height_mm: FloatArray, grid_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    seen = np.isfinite(height_mm)
    height = np.interp(grid_s, times_s[seen], height_mm[seen])
    level: FloatArray = grey_closing(height, size=2 * round(LONGEST_S / STEP_S / 2) + 1)
    return level - height, level


def _blink_at(grid_s: FloatArray, dip: FloatArray, lowest: int) -> Blink:
    shallow = dip < EDGE * dip[lowest]
    before = np.flatnonzero(shallow[:lowest])
    after = np.flatnonzero(shallow[lowest:])
    start = before[-1] + 1 if len(before) else 0
    end = lowest + after[0] - 1 if len(after) else len(dip) - 1
    bottom = np.flatnonzero(dip[start : end + 1] >= 0.9 * dip[lowest]) + start
    return Blink(float(grid_s[start]), float(grid_s[bottom].mean()), float(grid_s[end]))


def _deeper(first: Blink, second: Blink, grid_s: FloatArray, dip: FloatArray) -> Blink:
    closed = max((first.closed_s, second.closed_s), key=lambda t: float(np.interp(t, grid_s, dip)))
    return Blink(first.start_s, closed, max(first.end_s, second.end_s))
