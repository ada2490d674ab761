"""Sunnybrook score estimated from a simulated face: an estimate, not validated.

The relation of millimetres to points is that of measured faces (`facewire.grading`), so that a
measured and a simulated face that move alike are estimated alike. Here a face is brought into the
form that it reads: ratios to the other side, involuntary millimetres, differences at rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, REGIONS, VOLUNTARY_TARGETS, Region, Side, moves_on_purpose
from facewire.face.muscles import SIDE_CHANNEL_INDEX, SIDE_CHANNELS
from facewire.grading import (
    SUNNYBROOK_MOVEMENTS,
    SYNKINESIS_REGIONS,
    DrawnFace,
    expected_scores,
)
from facewire.treatment.facts import normals
from facewire.treatment.reserve import draw_reserve, rest_after_mm, total_after_mm
from facewire.wiring import FaceState, involuntary_mm, rest_change_mm, total_mm
from facewire.wiring.state import EYE, side_index
from facewire.words import mark

FloatArray = NDArray[np.floating[Any]]

LABEL = mark("estimate, not validated")
PARTS = ("composite", "resting", "voluntary", "synkinesis")
ROWS = [MOVEMENTS.index(m) for m in SUNNYBROOK_MOVEMENTS]
_FIRST = {r: [q for q, _ in SIDE_CHANNELS].index(r) for r in REGIONS}
_WIDTH = {r: sum(q is r for q, _ in SIDE_CHANNELS) for r in REGIONS}
COLUMNS = {r: slice(_FIRST[r], _FIRST[r] + _WIDTH[r]) for r in REGIONS}
_SQUARES = np.array([[float(q is r) for r in REGIONS] for q, _ in SIDE_CHANNELS])
_TARGETS = [VOLUNTARY_TARGETS[m][0] for m in MOVEMENTS]
_AIMED = np.array([[q is target for q, _ in SIDE_CHANNELS] for target in _TARGETS])
_CLOSING = [i for i, target in enumerate(_TARGETS) if target is Region.EYE]
_CORNER = [SIDE_CHANNEL_INDEX[Region.COMMISSURE, part] for part in ("across", "up")]
_SEEN = [REGIONS.index(r) for r in SYNKINESIS_REGIONS]
_NARROWING = np.array([-1.0 if r is Region.EYE else 1.0 for r in SYNKINESIS_REGIONS])
_ON_PURPOSE = np.array(
    [[moves_on_purpose(m, r) for r in SYNKINESIS_REGIONS] for m in SUNNYBROOK_MOVEMENTS]
)


def draw_leaning(n: int, seed: int) -> NDArray[np.float64]:
    """Return draws of how the rater leans, standard normal; same seed, same draws.

    Parameters
    ----------
    n, seed : int
    """
    return normals(n, seed, "sunnybrook/leaning")


def estimate(
    state: FaceState, affected: Side, seed: int = 0, measured: FaceState | None = None
) -> FloatArray:
    """Return the expected score of each draw of a face, shape (n, 4), in the order of `PARTS`.

    NaN where it rests on a resting place that was not seen.

    Parameters
    ----------
    state : FaceState
    affected : Side
        The other side is what is compared with.
    seed : int, optional
        For the leaning of the rater.
    measured : FaceState, optional
        The same face when its resting position was measured, where it was treated since.
    """
    before = state if measured is None else measured
    side, reserve = side_index(affected), draw_reserve(before, seed)
    change = rest_after_mm(state, before, reserve)
    rest = state.rest_mm + change - rest_change_mm(before)
    total = total_after_mm(state, before, reserve)
    face = drawn_face(
        region_mm(involuntary_mm(state))[:, side],
        movement_ratio(total, rest, side, total_mm(before)),
        rest[:, side] - rest[:, 1 - side],
    )
    return expected_scores(face, draw_leaning(state.draws, seed))


def drawn_face(involuntary: FloatArray, ratio: FloatArray, difference_mm: FloatArray) -> DrawnFace:
    """Return what a rater sees in each draw.

    Parameters
    ----------
    involuntary : ndarray, shape (n, 8, 7)
        Involuntary movement of each region of the affected side, mm.
    ratio : ndarray, shape (n, 8)
        How far each movement goes against the other side; see `movement_ratio`.
    difference_mm : ndarray, shape (n, 10)
        Resting position, affected minus other side.
    """
    seen = involuntary[:, ROWS][..., _SEEN] * _NARROWING
    return DrawnFace(
        ratio=ratio[:, ROWS].astype(np.float64),
        involuntary_mm=np.where(_ON_PURPOSE, np.nan, seen),
        rest_eye_mm=difference_mm[:, EYE].astype(np.float64),
        rest_mouth_mm=np.hypot(*difference_mm[:, _CORNER].astype(np.float64).T),
    )


def scores(
    faces: Sequence[DrawnFace],
    leaning: NDArray[np.float64],
    fold_points: float | None = None,
) -> FloatArray:
    """Return the expected scores of the same draws on several days, shape (days, n, 4).

    Parameters
    ----------
    faces : sequence of DrawnFace
        One for each day.
    leaning : ndarray, shape (n,)
        Of the rater, the same on every day.
    fold_points : float, optional
        Of the nasolabial fold, the same on every day: what weakening does to it is not simulated.
    """
    if not faces:
        return np.zeros((0, len(leaning), len(PARTS)))
    names = [f.name for f in fields(DrawnFace)]
    together = DrawnFace(*(np.concatenate([getattr(f, name) for f in faces]) for name in names))
    found = expected_scores(together, np.tile(leaning, len(faces)), fold_points)
    return found.reshape(len(faces), len(leaning), len(PARTS))


def movement_ratio(
    total: FloatArray, rest_mm: FloatArray, affected: int, before: FloatArray
) -> FloatArray:
    """Return how far each movement goes against the other side, shape (n, 8); 1 is as far.

    The movement of the main target along the other side's: ``a . b / |b|^2``. Closures are
    counted in parts of each eye's own fissure, and against the other eye as it closed at day 0:
    an eye that no longer closes is no measure of closing well.

    Parameters
    ----------
    total : ndarray, shape (n, 2, 8, 10)
    rest_mm : ndarray, shape (n, 2, 10)
    affected : int
    before : ndarray, shape (n, 2, 8, 10)
        The total at day 0.
    """
    own, other = total[:, affected] * _AIMED, total[:, 1 - affected] * _AIMED
    other[:, _CLOSING] = (before[:, 1 - affected] * _AIMED)[:, _CLOSING]
    along, whole = (np.einsum("nmk,nmk->nm", one, other) for one in (own, other))
    along /= np.maximum(whole, 1e-6)
    along[:, _CLOSING] *= _fissure_ratio(rest_mm[:, :, EYE], affected)[:, None]
    return np.asarray(along)


def _fissure_ratio(fissure: FloatArray, affected: int) -> FloatArray:
    """Other side's fissure over the affected side's; 1 where they were not measured."""
    own, other = fissure[:, affected], fissure[:, 1 - affected]
    usable = (own > 1.0) & (other > 1.0)
    return np.where(usable, other / np.where(usable, own, 1.0), 1.0)


def region_mm(moved: FloatArray) -> FloatArray:
    """Return regions from channels, (..., 10) to (..., 7): heights with sign, lengths elsewhere."""
    flat = moved.reshape(-1, moved.shape[-1])
    lengths = np.sqrt((flat * flat) @ _SQUARES.astype(moved.dtype))
    found = lengths.reshape(*moved.shape[:-1], len(REGIONS))
    for i, region in enumerate(REGIONS):
        if _WIDTH[region] == 1:
            found[..., i] = moved[..., _FIRST[region]]
    return np.asarray(found)
