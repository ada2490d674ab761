"""Repetitions to changes: hold minus rest of every signal, one row for each kept repetition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import CHANNELS, MOVEMENTS, Movement
from facewire.motion import MotionSignals
from facewire.movements import MovementSet, Repetition

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MIN_SAMPLES = 2
PRIOR_WEIGHT = 4.0
"""A repetition's spread is drawn towards the spread of all movements by this many repetitions."""


@dataclass(frozen=True)
class Changes:
    """Changes of every signal in every kept repetition.

    Parameters
    ----------
    movements : tuple of Movement
        Movement of each row.
    change_mm : ndarray, shape (n_repetitions, n_channels)
        Median of the hold minus median of the rest; NaN where either was not measured.
    hold_mm : ndarray, same shape
        Median of the hold itself.
    noise_mm : ndarray, same shape
        Standard deviation that tracking noise alone gives to the change.
    """

    movements: tuple[Movement, ...]
    change_mm: FloatArray
    hold_mm: FloatArray
    noise_mm: FloatArray

    def rows(self, movement: Movement) -> BoolArray:
        """Mark the rows of a movement, shape (n_repetitions,)."""
        return np.array([m is movement for m in self.movements], dtype=bool)

    def count(self, movement: Movement) -> int:
        """Return the number of kept repetitions of a movement."""
        return int(self.rows(movement).sum())

    def mean(self, movement: Movement) -> FloatArray:
        """Return the mean change, shape (n_channels,); NaN without a repetition."""
        rows = self.change_mm[self.rows(movement)]
        if len(rows) == 0:
            return np.full(len(CHANNELS), np.nan)
        average: FloatArray = rows.mean(axis=0)
        return average

    def mean_hold(self, movement: Movement) -> FloatArray:
        """Return the mean level of the hold, mm, shape (n_channels,); NaN without a repetition."""
        rows = self.hold_mm[self.rows(movement)]
        if len(rows) == 0:
            return np.full(len(CHANNELS), np.nan)
        average: FloatArray = rows.mean(axis=0)
        return average


def measure_changes(signals: MotionSignals, movements: MovementSet) -> Changes:
    """Return hold minus rest of every kept repetition, blinks and unmeasured frames left out."""
    kept = [r for r in movements.repetitions if r.kept]
    good = ~signals.blink
    shape = (len(kept), len(CHANNELS))
    change, hold, noise = (np.full(shape, np.nan) for _ in range(3))
    for i, repetition in enumerate(kept):
        hold[i], hold_sd = _level(
            signals, good, repetition, repetition.apex_start_s, repetition.apex_end_s
        )
        rest, rest_sd = _level(
            signals, good, repetition, repetition.rest_start_s, repetition.rest_end_s
        )
        change[i] = hold[i] - rest
        noise[i] = np.hypot(hold_sd, rest_sd)
    return Changes(tuple(r.movement for r in kept), change, hold, noise)


def _level(
    signals: MotionSignals, good: BoolArray, repetition: Repetition, start_s: float, end_s: float
) -> tuple[FloatArray, FloatArray]:
    """Median of a stretch and its standard error.

    In an eye closure the lids are what is asked for: frames taken for a blink stay in.
    """
    inside = (signals.times_s >= start_s) & (signals.times_s <= end_s)
    closure = repetition.movement in (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT)
    chosen = inside if closure else inside & good
    rows = signals.position_mm[chosen]
    rows = rows[np.isfinite(rows[:, 0])]
    if len(rows) < MIN_SAMPLES:
        nan = np.full(len(CHANNELS), np.nan)
        return nan, nan
    sd = np.nanmedian(signals.sd_mm[chosen], axis=0)
    # 1.2533 is the loss of a median against a mean for normal noise.
    return np.median(rows, axis=0), 1.2533 * sd / np.sqrt(len(rows))


def relative_spread(changes: Changes) -> FloatArray:
    """Return the spread between repetitions of each movement after its strength is taken out.

    Repetitions of different strength are normal. Within a movement the rows are brought to one
    strength (the length of the whole face's change), and what still differs counts as spread.

    Returns
    -------
    ndarray, shape (n_movements, n_channels)
        Standard deviation of one repetition, mm, drawn towards the root mean square over
        movements; NaN where no movement was repeated.
    """
    squares = np.full((len(MOVEMENTS), len(CHANNELS)), np.nan)
    counts = np.zeros(len(MOVEMENTS))
    for i, movement in enumerate(MOVEMENTS):
        rows = changes.change_mm[changes.rows(movement)]
        if len(rows) < 2 or not np.isfinite(rows).all():
            continue
        mean = rows.mean(axis=0)
        strength = rows @ mean / float(mean @ mean)
        squares[i] = ((rows - strength[:, None] * mean) ** 2).sum(axis=0) / (len(rows) - 1)
        counts[i] = len(rows) - 1
    if not counts.any():
        return squares
    pooled = np.nansum(squares * counts[:, None], axis=0) / counts.sum()
    known = np.where(np.isfinite(squares), squares, 0.0) * counts[:, None]
    spread: FloatArray = np.sqrt(
        (known + PRIOR_WEIGHT * pooled) / (counts[:, None] + PRIOR_WEIGHT)
    )
    return spread
