"""Stretches in which the face is away from rest, found without a cue sheet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.face import CHANNEL_INDEX, MOVEMENT_FACTS, SIDES, Channel, Movement, Region
from facewire.movements.drive import drives
from facewire.movements.even import STEP_S, EvenSignals
from facewire.movements.rest import Stretch

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

ACTIVE = 0.25
"""Least part of a typical movement that counts as one."""
EDGE = 0.3
SHORTEST_S = 0.4
LONGEST_S = 6.0
SHORTEST_PAUSE_S = 0.15

_SOUGHT = tuple(m for m in Movement if m is not Movement.EYE_CLOSE_TIGHT)


def activity(even: EvenSignals, rest_mm: FloatArray) -> FloatArray:
    """Return how far the face is from rest, in typical healthy movements, shape (n,).

    Parameters
    ----------
    even : EvenSignals
    rest_mm : ndarray of float, shape (n_channels,)
        Where the channels are at rest.
    """
    found = np.zeros(len(even.times_s))
    for movement in _SOUGHT:
        rise = drives(even.position_mm, movement) - drives(rest_mm, movement)[:, None]
        found = np.fmax(found, np.nan_to_num(rise).max(axis=0) / _typical_mm(movement, rest_mm))
    return found


def find_stretches(even: EvenSignals, active: FloatArray) -> tuple[Stretch, ...]:
    """Find the stretches in which the face holds a movement.

    Parameters
    ----------
    even : EvenSignals
    active : ndarray of float, shape (n,)
        See `activity`.

    Returns
    -------
    tuple of (start_s, end_s)
        Where the activity is above 30 % of the stretch's own peak, 0.4 to 6 s long, in order.
    """
    found: list[Stretch] = []
    for first, last in _runs((active >= ACTIVE) & even.usable):
        part = active[first:last]
        for a, b in _runs(part >= max(ACTIVE, EDGE * float(part.max()))):
            found.append((float(even.times_s[first + a]), float(even.times_s[first + b - 1])))
    return tuple(s for s in found if SHORTEST_S <= s[1] - s[0] <= LONGEST_S)


def _runs(high: BoolArray) -> list[tuple[int, int]]:
    """Return first and one-past-last index of each run, short pauses bridged."""
    edges = np.flatnonzero(np.diff(np.pad(high.astype(int), 1)))
    runs: list[tuple[int, int]] = []
    for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if runs and (a - runs[-1][1]) * STEP_S < SHORTEST_PAUSE_S:
            runs[-1] = (runs[-1][0], b)
        else:
            runs.append((a, b))
    return runs


def _typical_mm(movement: Movement, rest_mm: FloatArray) -> float:
    if movement is not Movement.EYE_CLOSE_GENTLE:
        return MOVEMENT_FACTS[movement].typical_mm
    eyes = [CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in SIDES]
    fissure = float(np.nan_to_num(rest_mm[eyes]).max())
    return fissure if fissure > 0 else MOVEMENT_FACTS[movement].typical_mm
