"""Sunnybrook score estimated from a face: an estimate, not validated.

``composite = 4 sum(voluntary, 1-5) - 5 sum(resting) - sum(synkinesis, 0-3)`` (Ross 1996,
doi 10.1016/S0194-59989670206-1). Graders give whole points by eye; here each item is the number of
points expected from millimetres. Where no relation is published one is assumed, and its
uncertainty enters the interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import (
    MOVEMENTS,
    REGIONS,
    VOLUNTARY_TARGETS,
    Movement,
    Region,
    Side,
    moves_on_purpose,
)
from facewire.face.muscles import SIDE_CHANNEL_INDEX, SIDE_CHANNELS
from facewire.treatment.draws import normals
from facewire.treatment.facts import fact
from facewire.wiring import FaceState, involuntary_mm, rest_change_mm, total_mm
from facewire.wiring.state import EYE, side_index

FloatArray = NDArray[np.floating[Any]]

LABEL = "estimate, not validated"
GRADED = (
    Movement.BROW_RAISE,
    Movement.EYE_CLOSE_GENTLE,
    Movement.SMILE_OPEN,
    Movement.SNARL,
    Movement.LIP_PUCKER,
)
PARTS = ("composite", "resting", "voluntary", "synkinesis")
ROWS = [MOVEMENTS.index(m) for m in GRADED]
_FIRST = {r: [q for q, _ in SIDE_CHANNELS].index(r) for r in REGIONS}
_WIDTH = {r: sum(q is r for q, _ in SIDE_CHANNELS) for r in REGIONS}
COLUMNS = {r: slice(_FIRST[r], _FIRST[r] + _WIDTH[r]) for r in REGIONS}
_CORNER_UP = SIDE_CHANNEL_INDEX[Region.COMMISSURE, "up"]


@dataclass(frozen=True, eq=False)
class Relation:
    """Draws of how millimetres become points.

    Parameters
    ----------
    mm_per_point : ndarray, shape (n, 5, 7)
        Involuntary millimetres for one synkinesis point, graded movement by region; infinite
        where the region is moved on purpose.
    eye_mm, mouth_mm : ndarray, shape (n,)
        Difference between the sides at rest that earns the whole point.
    power : ndarray, shape (n,)
        Voluntary points are ``1 + 4 ratio ** power``.
    """

    mm_per_point: FloatArray
    eye_mm: FloatArray
    mouth_mm: FloatArray
    power: FloatArray


def draw_relation(n: int, seed: int) -> Relation:
    """Return draws of the relation; same seed, same draws.

    Parameters
    ----------
    n, seed : int
    """
    sd = fact("sunnybrook_relation").value
    spread = {k: np.exp(sd * normals(n, seed, f"sunnybrook/{k}")) for k in ("syn", "rest")}
    power = np.exp(sd * normals(n, seed, "sunnybrook/power"))
    table = np.array([[_mm_per_point(m, r) for r in REGIONS] for m in GRADED])
    return Relation(
        mm_per_point=table * spread["syn"][:, None, None],
        eye_mm=fact("resting_eye").value * spread["rest"],
        mouth_mm=fact("resting_mouth").value * spread["rest"],
        power=power,
    )


def _mm_per_point(movement: Movement, region: Region) -> float:
    if moves_on_purpose(movement, region):
        return float("inf")
    if region is Region.EYE:
        smile = movement is Movement.SMILE_OPEN
        return fact("synkinesis_point_smile" if smile else "synkinesis_point_eye").value
    return fact(
        "synkinesis_point_brow" if region is Region.BROW else "synkinesis_point_mouth"
    ).value


def estimate(
    state: FaceState, affected: Side, seed: int = 0, measured: FaceState | None = None
) -> FloatArray:
    """Return the expected score of each draw of a face, shape (n, 4), in the order of `PARTS`.

    Parameters
    ----------
    state : FaceState
    affected : Side
        The other side is what is compared with.
    seed : int, optional
        For the uncertain relation of millimetres to points.
    measured : FaceState, optional
        The same face when its resting position was measured, where it was treated since.
    """
    side, change = side_index(affected), rest_change_mm(state)
    since = 0.0 if measured is None else change - rest_change_mm(measured)
    rest = np.where(np.isfinite(state.rest_mm), state.rest_mm + since, change)
    return composite(
        draw_relation(state.draws, seed),
        region_mm(involuntary_mm(state))[:, side],
        movement_ratio(total_mm(state), rest, side),
        rest[:, side] - rest[:, 1 - side],
    )


def composite(
    relation: Relation, involuntary: FloatArray, ratio: FloatArray, difference_mm: FloatArray
) -> FloatArray:
    """Return the four parts for one moment, shape (n, 4).

    Parameters
    ----------
    relation : Relation
    involuntary : ndarray, shape (n, 8, 7)
        Involuntary movement of each region of the affected side, mm.
    ratio : ndarray, shape (n, 8)
        How far each movement goes against the other side; see `movement_ratio`.
    difference_mm : ndarray, shape (n, 10)
        Resting position, affected minus other side.
    """
    reached = np.clip(ratio[:, ROWS], 0.0, 1.0)
    voluntary = 4.0 * (1.0 + 4.0 * reached ** relation.power[:, None]).sum(axis=1)
    points = np.abs(involuntary[:, ROWS]) / relation.mm_per_point
    synkinesis = np.minimum(points.max(axis=2), 3.0).sum(axis=1)
    resting = 5.0 * resting_points(relation, difference_mm)
    return np.stack([voluntary - resting - synkinesis, resting, voluntary, synkinesis], axis=1)


def resting_points(relation: Relation, difference_mm: FloatArray) -> FloatArray:
    """Return the expected resting points, 0 to 4, shape (n,).

    Eye and mouth rise from 0 to 1 with the difference between the sides. The cheek's fold is not
    seen by video: it is given twice the mouth's points, as the same muscles pull both.

    Parameters
    ----------
    relation : Relation
    difference_mm : ndarray, shape (n, 10)
        Affected minus other side.
    """
    eye = np.minimum(np.abs(difference_mm[:, EYE]) / relation.eye_mm, 1.0)
    mouth = np.minimum(np.abs(difference_mm[:, _CORNER_UP]) / relation.mouth_mm, 1.0)
    return np.asarray(eye + 3.0 * mouth)


def movement_ratio(total: FloatArray, rest_mm: FloatArray, affected: int) -> FloatArray:
    """Return how far each movement goes against the other side, shape (n, 8); 1 is as far.

    The movement of the main target along the other side's: ``a . b / |b|^2``. Closures are
    counted in parts of each eye's own fissure.

    Parameters
    ----------
    total : ndarray, shape (n, 2, 8, 10)
    rest_mm : ndarray, shape (n, 2, 10)
    affected : int
    """
    found = np.empty((len(total), len(MOVEMENTS)), dtype=total.dtype)
    for row, movement in enumerate(MOVEMENTS):
        target = VOLUNTARY_TARGETS[movement][0]
        columns = COLUMNS[target]
        own, other = total[:, affected, row, columns], total[:, 1 - affected, row, columns]
        along = (own * other).sum(axis=1) / np.maximum((other * other).sum(axis=1), 1e-6)
        if target is Region.EYE:
            along = along * _fissure_ratio(rest_mm[:, :, EYE], affected)
        found[:, row] = along
    return found


def _fissure_ratio(fissure: FloatArray, affected: int) -> FloatArray:
    """Other side's fissure over the affected side's; 1 where they were not measured."""
    own, other = fissure[:, affected], fissure[:, 1 - affected]
    usable = (own > 1.0) & (other > 1.0)
    return np.where(usable, other / np.where(usable, own, 1.0), 1.0)


def region_mm(moved: FloatArray) -> FloatArray:
    """Return regions from channels, (..., 10) to (..., 7): heights with sign, lengths elsewhere."""
    found = np.empty((*moved.shape[:-1], len(REGIONS)), dtype=moved.dtype)
    for i, region in enumerate(REGIONS):
        first = moved[..., _FIRST[region]]
        if _WIDTH[region] == 1:
            found[..., i] = first
        else:
            second = moved[..., _FIRST[region] + 1]
            found[..., i] = np.sqrt(first * first + second * second)
    return found
