"""Rest: the opening rest of a recording and the rest just before a repetition."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from facewire.face import CHANNELS, Region
from facewire.movements.even import STEP_S, EvenSignals

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Stretch = tuple[float, float]

REST_S = 0.8
SHORTEST_REST_S = 0.15
SHORTEST_OPENING_S = 0.4
LONGEST_OPENING_S = 3.0
STILL_MM = 0.4
STILL_SD = 4.0
SAME_TOLERANCES = 2.5
"""A face that is still may be further from where it was a while ago: the tracker wanders."""
RETURNED_MM = 0.7
"""As much as makes a synkinesis present: a face that is further from rest has not returned."""
RETURNED_SPREADS = 5.0
RETURNED_PART = 0.15
OPEN_QUANTILE, OPEN_PART = 0.9, 0.8
"""A rest has the eyes open: both together this part of how high they stand when wide open."""

NOWHERE: Stretch = (np.inf, np.inf)

_EYES = [i for i, c in enumerate(CHANNELS) if c.region is Region.EYE]
_COMPARED = np.array([c.region is not Region.CHIN for c in CHANNELS])


def level_mm(even: EvenSignals, stretch: Stretch) -> FloatArray:
    """Return the median of every channel over the clear samples of a stretch, shape (n_channels,).

    NaN where the stretch has none.
    """
    part = even.cut(*stretch)
    if not part.clear.any():
        return np.full(len(CHANNELS), np.nan)
    level: FloatArray = np.median(part.position_mm[part.clear], axis=0)
    return level


def opening_rest(even: EvenSignals, first_start_s: float, asked: Sequence[Stretch] = ()) -> Stretch:
    """Find the opening rest: the quietest stretch before the first movement.

    Parameters
    ----------
    even : EvenSignals
    first_start_s : float
        When the first movement begins.
    asked : sequence of tuple of float
        When movements were asked for: how a face stands then says nothing of its rest.

    Returns
    -------
    tuple of float
        Start and end, at most 3 s apart. Where there is under 0.4 s before the first movement, or
        the eyes are closed there, the second that is nearest to the face's middle position over
        the recording; and where a quiet face is found there that is seen for less time than that
        one: somebody held a movement that nobody asked for.
    """
    start = float(even.times_s[0])
    length = min(first_start_s - start, LONGEST_OPENING_S)
    middle = resting_second(even)
    if length < SHORTEST_OPENING_S:
        return middle
    found = _best_stretch(even, (start, first_start_s), length, _unrest(even))
    if found is None:
        return middle
    free = even.clear & ~np.any([even.between(*stretch) for stretch in asked], axis=0)
    # Frames that look like both are no reason to leave the opening.
    here, there = _stands_as(even, found), _stands_as(even, middle)
    elsewhere = free & there & ~here
    return middle if elsewhere.sum() > (free & here).sum() else found


def resting_second(even: EvenSignals) -> Stretch:
    """Find the second in which the face is still and nearest to its middle position.

    Every movement takes up a small part of a recording, so the median of each channel over all
    of it in which the eyes are open is close to rest.
    """
    fit = _fit(even)
    clear = even.position_mm[fit] if fit.any() else even.position_mm
    away = np.abs(even.position_mm - np.median(clear, axis=0)) / _tolerance(even)
    whole = (float(even.times_s[0]), float(even.times_s[-1]))
    cost = np.nanmax(np.nan_to_num(away), axis=1) + _unrest(even)
    return _best_stretch(even, whole, min(1.0, whole[1] - whole[0]), cost) or whole


def rest_before(even: EvenSignals, earliest_s: float, end_s: float) -> Stretch | None:
    """Find the still stretch that ends where a movement begins.

    Parameters
    ----------
    even : EvenSignals
    earliest_s : float
        End of the movement before.
    end_s : float
        Begin of the movement.

    Returns
    -------
    tuple of float or None
        Start and end, at most 0.8 s apart; None where under 0.15 s are still and not in a blink.
    """
    start = max(earliest_s, end_s - REST_S, float(even.times_s[0]))
    level = level_mm(even, (max(start, end_s - REST_S / 2), end_s))
    part = even.cut(start, end_s)
    away = np.nan_to_num(np.abs(part.position_mm - level) / _tolerance(even))
    restless = np.flatnonzero(part.clear & (away > 1.0).any(axis=1))
    if len(restless):
        start = float(part.times_s[restless[-1]]) + STEP_S
    if even.clear_s(start, end_s) < SHORTEST_REST_S:
        return None
    return start, end_s


def returned_to_rest(
    levels_mm: FloatArray, opening_mm: FloatArray, before_mm: FloatArray
) -> BoolArray:
    """Tell which rests have returned to the opening rest.

    Parameters
    ----------
    levels_mm : ndarray of float, shape (n_rests, n_channels)
        NaN rows for missing rests.
    opening_mm : ndarray of float, shape (n_channels,)
    before_mm : ndarray of float, shape (n_rests, n_channels)
        Hold of the movement before each rest; NaN where there was none.

    Returns
    -------
    ndarray of bool, shape (n_rests,)
        False for missing rests, and where a channel other than the chin's is still away from the
        opening rest, the way that the movement before took it, by more than 0.7 mm, 15 % of that
        movement and five times the robust spread of the rests. Any other difference is the
        tracker's wander, from which the rest just before a movement protects better.
    """
    known = np.isfinite(opening_mm)
    compared = _COMPARED & known
    present = np.asarray(~np.isnan(levels_mm[:, known]).any(axis=1))
    away = (levels_mm - opening_mm)[:, compared]
    if not present.any():
        return present
    spread = 1.4826 * np.median(np.abs(away[present] - np.median(away[present], axis=0)), axis=0)
    carried = np.nan_to_num(before_mm - opening_mm)[:, compared]
    limit = np.fmax(np.fmax(RETURNED_MM, RETURNED_SPREADS * spread), RETURNED_PART * abs(carried))
    left = np.where(carried < 0, -away, away)
    stays: BoolArray = np.any((left > limit) & (abs(carried) > RETURNED_MM), axis=1)
    return present & ~stays


def _stands_as(even: EvenSignals, stretch: Stretch) -> BoolArray:
    """Tell when the face stands as it does in a stretch."""
    away = np.nan_to_num(np.abs(even.position_mm - level_mm(even, stretch)))
    return np.asarray((away <= SAME_TOLERANCES * _tolerance(even)).all(axis=1))


def _tolerance(even: EvenSignals) -> FloatArray:
    return np.fmax(STILL_MM, STILL_SD * even.sd_mm)


def _fit(even: EvenSignals) -> BoolArray:
    """Clear samples in which the eyes are as open as usual; a fissure never measured is open."""
    both = even.position_mm[:, _EYES].sum(axis=1)
    known = even.clear & np.isfinite(both)
    if not known.any():
        return even.clear
    closed = both < OPEN_PART * np.quantile(both[known], OPEN_QUANTILE)
    fit: BoolArray = even.clear & ~closed
    return fit


def _unrest(even: EvenSignals) -> FloatArray:
    """How fast the face moves, in tolerances a tenth of a second, the fastest channel's."""
    tenth = round(0.1 / STEP_S)
    padded = np.pad(even.position_mm, ((tenth // 2, tenth - tenth // 2), (0, 0)), mode="edge")
    moved = np.abs(padded[tenth:] - padded[:-tenth]) / _tolerance(even)
    fastest: FloatArray = np.max(np.nan_to_num(moved), axis=1)
    return fastest


def _best_stretch(
    even: EvenSignals, within: Stretch, length_s: float, cost: FloatArray
) -> Stretch | None:
    """Return the earliest of the stretches with the least mean cost.

    Half of it at least is clear, with open eyes.
    """
    fit = _fit(even)
    n = max(1, round(length_s / STEP_S))
    inside = np.flatnonzero(even.between(*within))
    if len(inside) < n:
        return None
    first, last = inside[0], inside[-1] + 1
    paid = np.where(fit, cost, 0.0)[first:last]
    clear = np.convolve(fit[first:last].astype(float), np.ones(n), "valid")
    total = np.convolve(paid, np.ones(n), "valid")
    mean = np.where(clear >= n / 2, total / np.fmax(clear, 1.0), np.inf)
    if not np.isfinite(mean).any():
        return None
    i = int(np.argmin(mean))
    return float(even.times_s[first + i]), float(even.times_s[first + i + n - 1])
