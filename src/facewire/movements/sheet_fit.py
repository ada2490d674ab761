"""Does a cue sheet fit the recording? Another zero of time moves every cue by the same.

Sheets count from the sound, from an untrimmed file, from another clock. Each movement's main
target is held against the sheet at every shift: the level in the holds minus the level beside the
cues, in parts of what healthy faces do. One shift for the whole sheet; and where that is not enough
one rate: a clock that runs slow, pictures that were made to run at another rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENT_FACTS, Movement
from facewire.movements.cues import Cue
from facewire.movements.even import EvenSignals, drives

FloatArray = NDArray[np.float64]

LONGEST_S = 15.0
STEP_S = 0.05
SHIFTS_S: FloatArray = np.linspace(-LONGEST_S, LONGEST_S, 2 * round(LONGEST_S / STEP_S) + 1)
IGNORED_S = 0.7
"""People begin late by up to about half a second, which each cue's own window allows for."""
BESIDE_S = 0.4
"""The rest beside a cue is this long."""
LEAST_LEVEL = 0.12
"""Mean of a healthy movement's size from which on a shift counts as fitting at all."""
BETTER = 1.25
"""The sheet is moved only where it fits this many times better there than as it is."""
ALONE = 0.9
"""No other shift may come this near to the best; a second away from it."""
NEIGHBOUR_S = 1.0
LEAST_CUES = 4
RATES = tuple(1.0 + step / 200 for step in range(-16, 17) if step)
"""Up to 8 % in steps of 0.5 %: half a step is 0.1 s, 40 s from where the sheet fits."""


@dataclass(frozen=True)
class SheetFit:
    """How a sheet's times become the recording's: times ``rate``, plus ``shift_s``."""

    rate: float = 1.0
    shift_s: float = 0.0


AS_IT_IS = SheetFit()


@dataclass(frozen=True)
class SheetDoubt:
    """A sheet that does not fit as it is and was left so.

    Parameters
    ----------
    shifts_s : tuple of float
        Shifts at which it would fit, one as well as the others; empty where it fits at none.
    """

    shifts_s: tuple[float, ...]


def fit_sheet(even: EvenSignals, cues: Sequence[Cue], late_s: float = 0.0) -> SheetFit:
    """Find the shift and the rate at which the asked movements are seen where the sheet has them.

    Parameters
    ----------
    even : EvenSignals
    cues : sequence of Cue
        In the order of time.
    late_s : float
        How long after a player's zero the first picture is shown: of shifts that fit alike, the one
        that it explains is taken.

    Returns
    -------
    SheetFit
        The sheet as it is where it fits so, or where no other place fits clearly better than all
        the rest. Another rate is looked for in sheets of `LEAST_CUES` cues or more alone, and taken
        where the sheet fits that much better with it than with a shift.
    """
    level = _level(even, cues)
    shifts = _rivals(level)
    of_file = [shift for shift in shifts if late_s and abs(shift + late_s) <= IGNORED_S]
    meant = shifts if len(shifts) == 1 else of_file
    clear = len(meant) == 1 and abs(meant[0]) > IGNORED_S and _is_better(level)
    shifted = SheetFit(shift_s=meant[0]) if clear else AS_IT_IS
    if len(cues) < LEAST_CUES:
        return shifted
    best, most = shifted, BETTER * float(level.max())
    for rate in RATES:
        rated = _level(even, moved(cues, SheetFit(rate)))
        if float(rated.max()) > most and len(_rivals(rated)) == 1:
            best, most = SheetFit(rate, float(SHIFTS_S[int(np.argmax(rated))])), float(rated.max())
    return best


def doubt_sheet(even: EvenSignals, cues: Sequence[Cue]) -> SheetDoubt | None:
    """Say where else a sheet that was left as it is would fit; None where it fits as it is.

    Parameters
    ----------
    even : EvenSignals
    cues : sequence of Cue
        As for `fit_sheet`.
    """
    level = _level(even, cues)
    shifts = _rivals(level)
    fits = any(abs(shift) <= IGNORED_S for shift in shifts)
    if fits or (shifts and not _is_better(level)):
        return None
    return SheetDoubt(shifts)


def _is_better(level: FloatArray) -> bool:
    """Whether the best shift fits clearly better than none."""
    return float(level.max()) > BETTER * max(float(level[len(level) // 2]), 0.0)


def _rivals(level: FloatArray) -> tuple[float, ...]:
    """Return the shifts that fit nearly as well as the best, at least a second apart."""
    left, found = level.copy(), []
    while float(left.max()) >= max(LEAST_LEVEL, ALONE * float(level.max())):
        found.append(float(SHIFTS_S[int(np.argmax(left))]))
        left[np.abs(SHIFTS_S - found[-1]) < NEIGHBOUR_S] = -np.inf
    return tuple(found)


def _level(even: EvenSignals, cues: Sequence[Cue]) -> FloatArray:
    """Return how well a sheet fits at every shift, a mean over its cues from 0 to 1."""
    asked: dict[Movement, list[Cue]] = {}
    for cue in cues:
        asked.setdefault(cue.movement, []).append(cue)
    total = np.zeros(len(SHIFTS_S))
    for movement, own in asked.items():
        levels = _levels(even, movement, own, SHIFTS_S)
        # One side may be weak: the side that moves more over all cues of the movement counts.
        total += levels.sum(axis=1).max(axis=0)
    return total / max(len(cues), 1)


def _levels(
    even: EvenSignals, movement: Movement, cues: Sequence[Cue], shifts: FloatArray
) -> FloatArray:
    """Return the level of each side's main target in each cue, shape (2, n_cues, n_shifts).

    Each counts from 0 (it does not move, or the other way) to 1 (as in healthy faces), so that no
    single cue decides. A cue that would lie outside of the recording counts 0.
    """
    # A channel that was never measured moves nothing.
    along = np.nan_to_num(drives(even.position_mm, movement) / MOVEMENT_FACTS[movement].typical_mm)
    along = np.where(even.usable, along, np.median(along, axis=1, keepdims=True))
    step = float(np.median(np.diff(even.times_s)))
    sums = np.concatenate([np.zeros((2, 1)), np.cumsum(along, axis=1) * step], axis=1)
    edges = np.concatenate([even.times_s - step / 2, even.times_s[-1:] + step / 2])

    def mean(start: FloatArray, end: FloatArray) -> FloatArray:
        at = np.stack([[np.interp(when, edges, side) for side in sums] for when in (start, end)])
        return np.asarray((at[1] - at[0]) / (end - start))

    levels = np.zeros((2, len(cues), len(shifts)))
    for i, cue in enumerate(cues):
        start, end = cue.start_s + shifts, cue.end_s + shifts
        hold = mean(cue.onset_end_s + shifts, cue.offset_start_s + shifts)
        beside = (mean(start - BESIDE_S, start), mean(end, end + BESIDE_S))
        inside = (cue.onset_end_s + shifts >= edges[0]) & (cue.offset_start_s + shifts <= edges[-1])
        seen = [np.where(edges[0] <= start, beside[0], beside[1])]
        seen.append(np.where(end <= edges[-1], beside[1], beside[0]))
        levels[:, i] = np.where(inside, np.clip(hold - np.maximum(*seen), 0.0, 1.0), 0.0)
    return levels


def moved(cues: Sequence[Cue], fit: SheetFit) -> tuple[Cue, ...]:
    """Return the cues where a fit has them."""

    def when(time_s: float) -> float:
        return fit.rate * time_s + fit.shift_s

    return tuple(
        replace(
            cue,
            start_s=when(cue.start_s),
            onset_end_s=when(cue.onset_end_s),
            offset_start_s=when(cue.offset_start_s),
            end_s=when(cue.end_s),
        )
        for cue in cues
    )
