"""From a predicted change of each channel to a change of every point of the mesh.

Between the points that the channels are measured at, the change is interpolated linearly by
distance (radial basis functions with the kernel -r, of Duchon's family; Powell 1992); what does
not move (bridge of the nose, temples, forehead, sides, corners of the eyes) holds it at zero. The
field is linear in the channels and has no constant part: where nothing changes, nothing moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from facewire.face import Region, Side
from facewire.face.muscles import SIDE_CHANNELS
from facewire.figures.mesh import (
    IRIS_AT,
    LID_PAIRS,
    LIDS_AT,
    LOWER_INNER,
    LOWER_LID,
    LOWER_LIP,
    N_MESH,
    UPPER_INNER,
    UPPER_LID,
    UPPER_LIP,
    with_between,
)

FloatArray = NDArray[np.float64]

UPPER_SHARE = 0.7
"""Part of a change of the fissure that the upper lid is drawn to make; the lower lid the rest."""

LEAST_OPENING_MM = 0.5

STILL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 109, 67, 103, 54, 21, 162, 127, 234, 93,
    132, 151, 9, 8, 168, 6, 197, 195, 33, 133, 263, 362, 130, 359, 58, 288, 172, 397, 136, 365,
    230, 450, 231, 451, 229, 449,
)  # fmt: skip

Anchors = dict[tuple[Region, str], tuple[int, ...]]

_RIGHT: Anchors = {
    (Region.BROW, "height"): (70, 63, 105, 66, 107, 46, 53, 52, 65, 55),
    (Region.COMMISSURE, "across"): (61, 78),
    (Region.COMMISSURE, "up"): (61, 78),
    (Region.UPPER_LIP, "height"): (37, 82),
    (Region.LOWER_LIP, "height"): (84, 87),
    (Region.ALA, "across"): (48, 64, 98),
    (Region.ALA, "up"): (48, 64, 98),
    (Region.CHIN, "across"): (152, 175, 199, 148, 176),
    (Region.CHIN, "up"): (152, 175, 199, 148, 176),
}
_LEFT: Anchors = {
    (Region.BROW, "height"): (300, 293, 334, 296, 336, 276, 283, 282, 295, 285),
    (Region.COMMISSURE, "across"): (291, 308),
    (Region.COMMISSURE, "up"): (291, 308),
    (Region.UPPER_LIP, "height"): (267, 312),
    (Region.LOWER_LIP, "height"): (314, 317),
    (Region.ALA, "across"): (278, 294, 327),
    (Region.ALA, "up"): (278, 294, 327),
    (Region.CHIN, "across"): (377, 400),
    (Region.CHIN, "up"): (377, 400),
}
"""The chin is one point: both sides say the same of it."""

ANCHORS = {Side.RIGHT: _RIGHT, Side.LEFT: _LEFT}
_LIDS = {
    Side.RIGHT: ((159, 158, 160, 161, 157), (145, 144, 153, 163, 154)),
    Side.LEFT: ((386, 385, 387, 388, 384), (374, 373, 380, 390, 381)),
}

N_COLUMNS = 2 * len(SIDE_CHANNELS)
_UPPER = (*UPPER_LIP[1:-1], *UPPER_INNER[1:-1])
_LOWER = (*LOWER_LIP[1:-1], *LOWER_INNER[1:-1])


@dataclass(frozen=True)
class Field:
    """What one millimetre of each channel moves, mm.

    Parameters
    ----------
    across, up : ndarray, shape (n_points, 20)
        Towards the patient's left, and up. Columns: the ten channels of the left side in the order
        of `SIDE_CHANNELS`, then those of the right side.
    """

    across: FloatArray
    up: FloatArray

    def moved(self, change_mm: FloatArray) -> FloatArray:
        """Displacement of every drawn point, shape (n_points, 2), for changes of shape (20,)."""
        return np.column_stack([self.across @ change_mm, self.up @ change_mm])


def column(side: Side, region: Region, component: str) -> int:
    """Return the place of a channel among the changes."""
    place = SIDE_CHANNELS.index((region, component))
    return place if side is Side.LEFT else len(SIDE_CHANNELS) + place


def field_of(rest: FloatArray) -> Field:
    """Work out the field on a face at rest.

    Parameters
    ----------
    rest : ndarray, shape (n_points, 2)
        What `drawn_points` returned for the face at rest, mm.
    """
    across = _skin(rest, _pull("across"))
    up = _skin(rest, _pull("height", "up"))
    for side, start in LIDS_AT.items():
        _lids(up, rest, start, column(side, Region.EYE, "height"))
    head = N_MESH + len(LIDS_AT) * 16 + len(IRIS_AT)
    return Field(with_between(across[:head]), with_between(up[:head]))


def _pull(*components: str) -> dict[int, dict[int, float]]:
    """Return what each anchor takes of which column."""
    pulled: dict[int, dict[int, float]] = {point: {} for point in STILL}
    for side, anchors in ANCHORS.items():
        for (region, component), points in anchors.items():
            if component not in components:
                continue
            outward = -1.0 if component == "across" and _is_outward(region, side) else 1.0
            for point in points:
                pulled[point] = {column(side, region, component): outward}
        if "height" in components:
            place = column(side, Region.EYE, "height")
            for points, share in zip(_LIDS[side], (UPPER_SHARE, UPPER_SHARE - 1), strict=True):
                pulled |= {point: {place: share} for point in points}
    return pulled


def _is_outward(region: Region, side: Side) -> bool:
    """Whether outward is towards the patient's right."""
    return side is Side.RIGHT and region is not Region.CHIN


def _skin(rest: FloatArray, pulled: dict[int, dict[int, float]]) -> FloatArray:
    """Interpolate over the mesh; the lips part, so neither is drawn along by the other."""
    out = np.zeros((len(rest), N_COLUMNS))
    every = np.arange(N_MESH)
    out[every] = _interpolated(rest, pulled, every)
    for lip, other in ((_UPPER, _LOWER), (_LOWER, _UPPER)):
        free = {point: takes for point, takes in pulled.items() if point not in other}
        out[list(lip)] = _interpolated(rest, free, np.array(lip))
    return out


def _interpolated(
    rest: FloatArray, pulled: dict[int, dict[int, float]], wanted: NDArray[np.intp]
) -> FloatArray:
    values = np.zeros((len(pulled), N_COLUMNS))
    for row, takes in enumerate(pulled.values()):
        for place, share in takes.items():
            values[row, place] = share
    between = RBFInterpolator(rest[list(pulled)], values, kernel="linear", degree=0)
    found: FloatArray = between(rest[wanted])
    return found


def _lids(up: FloatArray, rest: FloatArray, start: int, place: int) -> None:
    """Move the edges of the lids in proportion to how far they stand apart at rest."""
    upper, lower = ([start + i for i in lid] for lid in (UPPER_LID, LOWER_LID))
    gap = rest[upper, 1] - rest[lower, 1]
    profile = gap / max(float(gap[2:5].mean()), LEAST_OPENING_MM)
    up[upper, place] = UPPER_SHARE * profile
    up[lower, place] = (UPPER_SHARE - 1) * profile


def lids_closed(points: FloatArray) -> FloatArray:
    """Return the points with lids that would cross meeting on the lower one instead."""
    out = points.copy()
    upper, lower = np.transpose(LID_PAIRS)
    out[upper, 1] = np.maximum(out[upper, 1], out[lower, 1])
    return out
