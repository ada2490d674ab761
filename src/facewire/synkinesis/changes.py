"""Repetitions to changes: hold minus rest of every signal, one row for each kept repetition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.face import CHANNELS, EYE_CLOSURES, MOVEMENTS, Movement
from facewire.motion import MotionSignals
from facewire.movements import MovementSet, Repetition
from facewire.movements.locate import MOST_HIDDEN

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
    repetitions : tuple of Repetition
        The repetition of each row.
    change_mm : ndarray, shape (n_repetitions, n_channels)
        Median of the hold minus median of the rest; NaN where either was not measured.
    hold_mm : ndarray, same shape
        Median of the hold itself.
    noise_mm : ndarray, same shape
        Standard deviation that tracking noise alone gives to the change.
    lid_spread_mm : ndarray, shape (n_repetitions, 2), optional
        How unsure the lid network is of the right and the left eye in the hold, median.
    """

    repetitions: tuple[Repetition, ...]
    change_mm: FloatArray
    hold_mm: FloatArray
    noise_mm: FloatArray
    lid_spread_mm: FloatArray | None = None

    def __post_init__(self) -> None:
        wanted = (len(self.repetitions), len(CHANNELS))
        found = [a.shape for a in (self.change_mm, self.hold_mm, self.noise_mm)]
        if any(shape != wanted for shape in found):
            raise TrackError("Changes have the wrong shape", expected=str(wanted), found=str(found))
        if np.any(self.noise_mm < 0):
            raise TrackError("The noise of a change is negative", expected="0 mm or more")

    def rows(self, movement: Movement) -> BoolArray:
        """Mark the rows of a movement, shape (n_repetitions,)."""
        return np.array([r.movement is movement for r in self.repetitions], dtype=bool)

    def count(self, movement: Movement) -> int:
        """Return the number of kept repetitions of a movement."""
        return int(self.rows(movement).sum())

    def only(self, row: int) -> Changes:
        """Return the changes of one repetition alone."""
        one = slice(row, row + 1)
        return Changes(
            self.repetitions[one],
            self.change_mm[one],
            self.hold_mm[one],
            self.noise_mm[one],
            None if self.lid_spread_mm is None else self.lid_spread_mm[one],
        )

    def lid_spread(self, movement: Movement) -> FloatArray:
        """Return how unsure the lid network is in a movement, right and left; NaN if unknown."""
        if self.lid_spread_mm is None:
            return np.full(2, np.nan)
        return mean_rows(self.lid_spread_mm[self.rows(movement)])

    def mean(self, movement: Movement) -> FloatArray:
        """Return the mean change, shape (n_channels,); NaN where no repetition was measured."""
        return mean_rows(self.change_mm[self.rows(movement)])

    def mean_hold(self, movement: Movement) -> FloatArray:
        """Return the mean level of the hold, mm, shape (n_channels,); NaN where not measured."""
        return mean_rows(self.hold_mm[self.rows(movement)])


def mean_rows(rows: FloatArray) -> FloatArray:
    """Return the mean of each column over its finite values; NaN where there is none."""
    finite = np.isfinite(rows)
    count = finite.sum(axis=0)
    total = np.where(finite, rows, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def median_rows(rows: FloatArray, at_least: int = 1) -> FloatArray:
    """Return the median of each column over its finite values; NaN where there are too few."""
    median = np.full(rows.shape[1], np.nan)
    enough = np.isfinite(rows).sum(axis=0) >= at_least
    if enough.any():
        known = rows[:, enough]
        # The same number either way; where nothing is missing, thirty times sooner.
        whole = bool(np.isfinite(known).all())
        median[enough] = (np.median if whole else np.nanmedian)(known, axis=0)
    return median


def measure_changes(signals: MotionSignals, movements: MovementSet) -> Changes:
    """Return hold minus rest of every kept repetition, blinks and unmeasured frames left out.

    A repetition in which no channel at all could be measured is left out.
    """
    kept = [r for r in movements.repetitions if r.kept]
    good = ~signals.blink
    shape = (len(kept), len(CHANNELS))
    change, hold, noise = (np.full(shape, np.nan) for _ in range(3))
    spread = np.full((len(kept), 2), np.nan)
    for i, repetition in enumerate(kept):
        hold[i], hold_sd = _level(
            signals, good, repetition, repetition.apex_start_s, repetition.apex_end_s
        )
        rest, rest_sd = _level(
            signals, good, repetition, repetition.rest_start_s, repetition.rest_end_s
        )
        change[i] = hold[i] - rest
        noise[i] = np.hypot(hold_sd, rest_sd)
        if signals.lid_spread_mm is not None:
            held = (signals.times_s >= repetition.apex_start_s) & (
                signals.times_s <= repetition.apex_end_s
            )
            spread[i] = median_rows(signals.lid_spread_mm[held])
    seen = np.isfinite(change).any(axis=1)
    usable = tuple(r for r, one in zip(kept, seen, strict=True) if one)
    return Changes(usable, change[seen], hold[seen], noise[seen], spread[seen])


def _level(
    signals: MotionSignals, good: BoolArray, repetition: Repetition, start_s: float, end_s: float
) -> tuple[FloatArray, FloatArray]:
    """Median of a stretch and its standard error.

    In an eye closure the lids are what is asked for: frames taken for a blink stay in. A channel
    that is hidden in more of it than a repetition may be has no level: what is left lies beside
    what covers it.
    """
    inside = (signals.times_s >= start_s) & (signals.times_s <= end_s)
    closure = repetition.movement in EYE_CLOSURES
    chosen = inside if closure else inside & good
    rows = signals.position_mm[chosen]
    known = np.isfinite(rows)
    count = np.maximum(known.sum(axis=0), 1)
    sd = median_rows(signals.sd_mm[chosen])
    level = median_rows(rows, MIN_SAMPLES)
    measured = int(known.any(axis=1).sum())
    level[known.sum(axis=0) < (1.0 - MOST_HIDDEN) * measured] = np.nan
    # 1.2533 is the loss of a median against a mean for normal noise.
    return level, 1.2533 * sd / np.sqrt(count)


@dataclass(frozen=True)
class Spread:
    """How repetitions of a movement differ once their strength is taken out.

    Parameters
    ----------
    sd_mm : ndarray, shape (n_movements, n_channels)
        Standard deviation of one repetition, drawn towards the root mean square over movements;
        NaN where the channel was repeated in no movement. A movement without repetitions has
        that root mean square.
    correlation : ndarray, shape (n_channels, n_channels)
        Of what differs, pooled over movements and drawn towards 0; 0 where it is not known.
    """

    sd_mm: FloatArray
    correlation: FloatArray

    def __post_init__(self) -> None:
        n = len(CHANNELS)
        found = self.sd_mm.shape, self.correlation.shape
        if found != ((len(MOVEMENTS), n), (n, n)):
            raise TrackError("The spread of repetitions has the wrong shape", found=str(found))
        if np.any(self.sd_mm < 0) or np.any(np.abs(self.correlation) > 1 + 1e-9):
            raise TrackError(
                "The spread of repetitions cannot be",
                expected="deviations of 0 mm or more, correlations from -1 to 1",
            )


def relative_spread(changes: Changes) -> Spread:
    """Return the spread between repetitions of each movement after its strength is taken out.

    Repetitions of different strength are normal. Within a movement the rows are brought to one
    strength (the length of the whole face's change), and what still differs counts as spread.
    """
    n = len(CHANNELS)
    squares = np.zeros((len(MOVEMENTS), n))
    freedom = np.zeros_like(squares)
    crossed, shared = np.zeros((n, n)), np.zeros((n, n))
    for i, movement in enumerate(MOVEMENTS):
        rows = changes.change_mm[changes.rows(movement)]
        measured = np.flatnonzero(np.isfinite(rows).all(axis=0))
        if len(rows) < 2 or not len(measured):
            continue
        left = _left_by_strength(rows[:, measured])
        squares[i, measured] = np.square(left).sum(axis=0)
        freedom[i, measured] = len(rows) - 1
        both = np.ix_(measured, measured)
        crossed[both] += left.T @ left
        shared[both] += len(rows) - 1
    total = freedom.sum(axis=0)
    pooled = np.where(total > 0, squares.sum(axis=0) / np.maximum(total, 1.0), np.nan)
    sd = np.sqrt((squares + PRIOR_WEIGHT * pooled) / (freedom + PRIOR_WEIGHT))
    return Spread(sd, _correlation(crossed, shared))


def _correlation(crossed: FloatArray, freedom: FloatArray) -> FloatArray:
    size = np.sqrt(np.diag(crossed))
    product = np.outer(size, size)
    raw = np.where(product > 0, crossed / np.where(product > 0, product, 1.0), 0.0)
    drawn: FloatArray = raw * freedom / (freedom + PRIOR_WEIGHT)
    np.fill_diagonal(drawn, 1.0)
    return drawn


def _left_by_strength(rows: FloatArray) -> FloatArray:
    """Return what is left when each row is its own strength times the mean row, same shape."""
    mean = rows.mean(axis=0)
    size = float(mean @ mean)
    strength = rows @ mean / size if size > 0 else np.zeros(len(rows))
    left: FloatArray = rows - strength[:, None] * mean
    return left
