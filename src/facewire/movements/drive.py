"""How far a face has gone into a movement: its main target along the way that it usually goes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.face import CHANNEL_INDEX, MOVEMENT_FACTS, SIDES, Channel, Movement, Side
from facewire.movements.even import EvenSignals

FloatArray = NDArray[np.float64]


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
