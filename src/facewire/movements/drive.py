"""How far a face has gone into a movement: its main target along the way that it usually goes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.face import CHANNEL_INDEX, SIDES, Channel, Component, Movement, Region, Side
from facewire.movements.even import EvenSignals

FloatArray = NDArray[np.float64]

Direction = tuple[tuple[Region, Component, float], ...]

_CLOSURE: Direction = ((Region.EYE, "height", -1.0),)
_SMILE: Direction = ((Region.COMMISSURE, "across", 0.55), (Region.COMMISSURE, "up", 0.835))

DIRECTIONS: dict[Movement, Direction] = {
    Movement.BROW_RAISE: ((Region.BROW, "height", 1.0),),
    Movement.EYE_CLOSE_GENTLE: _CLOSURE,
    Movement.EYE_CLOSE_TIGHT: _CLOSURE,
    Movement.SMILE_CLOSED: _SMILE,
    Movement.SMILE_OPEN: _SMILE,
    Movement.SNARL: ((Region.ALA, "up", 0.6), (Region.UPPER_LIP, "height", 0.8)),
    Movement.LIP_PUCKER: ((Region.COMMISSURE, "across", -1.0),),
    Movement.LOWER_TEETH_SHOW: ((Region.LOWER_LIP, "height", -1.0),),
}
"""Unit vectors of the main target, outward and up positive.

The smile's direction, 57 degrees above the horizontal, lies between the 47 degrees of children's
spontaneous smiles (Tarantili 2005) and the steeper full smile; its cosine hardly matters.
"""

TYPICAL_MM: dict[Movement, float] = {
    Movement.BROW_RAISE: 8.3,
    Movement.EYE_CLOSE_GENTLE: 9.1,
    Movement.EYE_CLOSE_TIGHT: 9.1,
    Movement.SMILE_CLOSED: 9.3,
    Movement.SMILE_OPEN: 9.3,
    Movement.SNARL: 9.0,
    Movement.LIP_PUCKER: 5.0,
    Movement.LOWER_TEETH_SHOW: 6.5,
}
"""Healthy adults: brow (Cruz 2004), lid and commissure (3-D motion capture of 12 adults); snarl,
pucker and lower lip have no published figure and are of the order that faces show."""


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
    parts = DIRECTIONS[movement]
    columns = [CHANNEL_INDEX[Channel(region, side, part)] for region, part, _ in parts]
    return columns, np.array([weight for _, _, weight in parts])
