"""Signals at even times, blinks bridged and lightly smoothed: what events are looked for in.

Only the times of events come from here. Amplitudes are measured later, on the signals themselves.
How far the face has gone into a movement is the place of its main target along its usual way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from facewire.errors import TrackError
from facewire.face import CHANNEL_INDEX, MOVEMENT_FACTS, SIDES, Channel, Movement, Side
from facewire.landmarks.track import check_shapes
from facewire.motion.blinks import Blink, blink_frames, find_blinks
from facewire.motion.signals import MotionSignals

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

STEP_S = 0.01
SMOOTH_S = 0.025
BLINK_MARGIN_S = 0.04
LARGEST_GAP_S = 0.1
HIDING_MARKS = ("lost", "turned", "occluded", "changed")
"""Marks that make a frame unfit for measuring; gaze and speech are told, not hidden."""


@dataclass(frozen=True)
class EvenSignals:
    """Motion signals every 0.01 s.

    Parameters
    ----------
    times_s : ndarray of float, shape (n,)
    position_mm : ndarray of float, shape (n, n_channels)
        Columns as in `MotionSignals`; blinks and unmeasured stretches are bridged by straight
        lines. NaN where a channel was never measured.
    through_blinks_mm : ndarray of float, shape (n, n_channels)
        The same with the blinks left in: a mouth that begins to move during a blink shows it.
    usable : ndarray of bool, shape (n,)
        False where the face was not measured, or was lost, turned or occluded.
    blink : ndarray of bool, shape (n,)
        True in a blink, a small margin included.
    sd_mm : ndarray of float, shape (n_channels,)
        Standard deviation of the smoothed tracking noise.
    blinks : tuple of Blink
    """

    times_s: FloatArray
    position_mm: FloatArray
    through_blinks_mm: FloatArray
    usable: BoolArray
    blink: BoolArray
    sd_mm: FloatArray
    blinks: tuple[Blink, ...]

    def __post_init__(self) -> None:
        n, channels = len(self.times_s), len(self.sd_mm)
        shapes = {
            "position_mm": (n, channels),
            "through_blinks_mm": (n, channels),
            "usable": (n,),
            "blink": (n,),
        }
        check_shapes("even signals", self, shapes)

    @property
    def clear(self) -> BoolArray:
        """Usable and not in a blink, shape (n,)."""
        return self.usable & ~self.blink

    def between(self, start_s: float, end_s: float) -> BoolArray:
        """Mark the samples from ``start_s`` to ``end_s``, shape (n,)."""
        return (self.times_s >= start_s) & (self.times_s <= end_s)

    def cut(self, start_s: float, end_s: float) -> EvenSignals:
        """Return the samples from ``start_s`` to ``end_s``; the blinks and noise stay whole.

        What looks at a stretch takes no longer in a long recording.
        """
        first = int(np.searchsorted(self.times_s, start_s, "left"))
        part = slice(first, int(np.searchsorted(self.times_s, end_s, "right")))
        return EvenSignals(
            self.times_s[part],
            self.position_mm[part],
            self.through_blinks_mm[part],
            self.usable[part],
            self.blink[part],
            self.sd_mm,
            self.blinks,
        )

    def clear_s(self, start_s: float, end_s: float) -> float:
        """Return how much of a stretch is clear, seconds."""
        return STEP_S * float(self.cut(start_s, end_s).clear.sum())


def even_signals(signals: MotionSignals) -> EvenSignals:
    """Bring motion signals to even times.

    Parameters
    ----------
    signals : MotionSignals
        At least two frames.

    Returns
    -------
    EvenSignals

    Raises
    ------
    TrackError
        There are too few frames, or none shows the face.
    """
    hidden = _hidden(signals)
    if len(hidden) < 2 or bool(hidden.all()):
        raise TrackError(
            "No movement can be looked for",
            expected="frames in which the face was measured",
            found=f"{int((~hidden).sum())} of {len(hidden)} frames",
        )
    sd = _median_sd(signals)
    eyes = np.where(hidden[:, None], np.nan, signals.position_mm[:, :2])
    blinks = find_blinks(signals.times_s, eyes[:, 0], eyes[:, 1], float(sd[:2].max()))
    times = np.arange(signals.times_s[0], signals.times_s[-1] + STEP_S / 2, STEP_S)
    left_out = hidden | signals.blink | blink_frames(signals.times_s, blinks, BLINK_MARGIN_S)
    return EvenSignals(
        times_s=times,
        position_mm=_resampled(signals, times, left_out if not left_out.all() else hidden),
        through_blinks_mm=_resampled(signals, times, hidden),
        usable=_near(times, signals.times_s[~hidden]),
        blink=blink_frames(times, blinks, BLINK_MARGIN_S),
        sd_mm=sd * _noise_kept(signals.times_s),
        blinks=blinks,
    )


def _hidden(signals: MotionSignals) -> BoolArray:
    hidden = np.asarray(np.isnan(signals.position_mm).all(axis=1))
    for name in HIDING_MARKS:
        if name in signals.marks:
            hidden |= signals.marks[name]
    return hidden


def _median_sd(signals: MotionSignals) -> FloatArray:
    known = np.isfinite(signals.sd_mm)
    filled = np.where(known, signals.sd_mm, 0.0)
    return np.array(
        [np.median(c[k]) if k.any() else 0.0 for c, k in zip(filled.T, known.T, strict=True)]
    )


def _resampled(signals: MotionSignals, times_s: FloatArray, left_out: BoolArray) -> FloatArray:
    even = np.full((len(times_s), signals.position_mm.shape[1]), np.nan)
    for i, column in enumerate(signals.position_mm.T):
        seen = np.isfinite(column) & ~left_out
        if seen.any():
            bridged = np.interp(times_s, signals.times_s[seen], column[seen])
            even[:, i] = gaussian_filter1d(bridged, SMOOTH_S / STEP_S, mode="nearest")
    return even


def _near(times_s: FloatArray, seen_s: FloatArray) -> BoolArray:
    after = np.clip(np.searchsorted(seen_s, times_s), 1, len(seen_s) - 1)
    if len(seen_s) < 2:
        after = np.zeros(len(times_s), dtype=int)
    gap = np.minimum(np.abs(times_s - seen_s[after]), np.abs(times_s - seen_s[after - 1]))
    near: BoolArray = gap <= LARGEST_GAP_S
    return near


def _noise_kept(times_s: FloatArray) -> float:
    """Part of white noise that a Gaussian of SMOOTH_S leaves at this frame rate, at most 1."""
    per_frame = float(np.median(np.diff(times_s)))
    return float(min(1.0, np.sqrt(per_frame / (2 * np.sqrt(np.pi) * SMOOTH_S))))


def drives(position_mm: FloatArray, movement: Movement) -> FloatArray:
    """Return the place of a movement's main target along its usual way, left and right.

    Parameters
    ----------
    position_mm : ndarray of float, shape (..., n_channels)
    movement : Movement

    Returns
    -------
    ndarray of float, shape (2, ...)
        Millimetres, growing with the movement; the zero is arbitrary.
    """
    along = []
    for side in SIDES:
        columns, weights = _columns(movement, side)
        along.append(position_mm[..., columns] @ weights)
    return np.stack(along)


def drive_sd(even: EvenSignals, movement: Movement, side: Side) -> float:
    """Return the standard deviation of the tracking noise of `drives`, mm."""
    columns, weights = _columns(movement, side)
    return float(np.hypot.reduce(even.sd_mm[columns] * weights))


def _columns(movement: Movement, side: Side) -> tuple[list[int], FloatArray]:
    parts = MOVEMENT_FACTS[movement].direction
    columns = [CHANNEL_INDEX[Channel(region, side, part)] for region, part, _ in parts]
    return columns, np.array([weight for _, _, weight in parts])
