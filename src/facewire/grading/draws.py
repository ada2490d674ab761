"""The same relation for draws of a simulated face: expected Sunnybrook scores, one for each draw.

For forecasts, where uncertainty is carried by draws. `estimate` grades one measured face with the
same cut-points and the same rater; nothing here is validated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import Region
from facewire.grading.ordinal import cut_points, reaching_exact
from facewire.grading.sunnybrook import (
    RESTING_MOST,
    RESTING_WEIGHT,
    SUNNYBROOK_MOVEMENTS,
    SYNKINESIS_WEIGHT,
    VOLUNTARY_RANGE,
    VOLUNTARY_WEIGHT,
)

FloatArray = NDArray[np.float64]

SYNKINESIS_REGIONS = (Region.EYE, Region.COMMISSURE, Region.BROW)
"""Regions for which there is a published figure of what observers notice."""


@dataclass(frozen=True, eq=False)
class DrawnFace:
    """What a rater sees in each draw of a face, affected side against the other.

    Parameters
    ----------
    ratio : ndarray, shape (n, 5)
        Movement of the main target, affected over other side, for `SUNNYBROOK_MOVEMENTS`; closures
        in parts of each eye's own fissure.
    involuntary_mm : ndarray, shape (n, 5, 3)
        Involuntary change in `SYNKINESIS_REGIONS`; at the eye narrowing is positive, elsewhere the
        size counts. NaN where the movement moves the region on purpose.
    rest_eye_mm, rest_mouth_mm : ndarray, shape (n,)
        Difference between the sides at rest: fissure, and length for the mouth corner; NaN where
        it was not seen.
    """

    ratio: FloatArray
    involuntary_mm: FloatArray
    rest_eye_mm: FloatArray
    rest_mouth_mm: FloatArray

    def __post_init__(self) -> None:
        n, five = len(self.ratio), len(SUNNYBROOK_MOVEMENTS)
        wanted = [(n, five), (n, five, len(SYNKINESIS_REGIONS)), (n,), (n,)]
        given = [self.ratio, self.involuntary_mm, self.rest_eye_mm, self.rest_mouth_mm]
        found = [np.shape(one) for one in given]
        if found != wanted:
            raise UsageError(
                "The drawn face has the wrong shape", expected=f"{wanted}", found=f"{found}"
            )


def expected_scores(
    face: DrawnFace, leaning: FloatArray | float = 0.0, fold_points: float | None = None
) -> FloatArray:
    """Return composite, resting, voluntary and synkinesis of each draw, shape (n, 4).

    The nasolabial fold is not seen: it counts with the mean of its points where nobody graded it.
    Where eyes or corners were not seen at rest, resting points and composite are NaN. The
    composite is not clipped.

    Parameters
    ----------
    face : DrawnFace
    leaning : ndarray, shape (n,), or float
        Of the rater, standard normal: one draw for each draw of the face spreads the scores as
        raters differ.
    fold_points : float, optional
        Of the nasolabial fold, graded by eye.
    """
    lean = np.broadcast_to(np.asarray(leaning, dtype=np.float64), face.rest_eye_mm.shape)
    voluntary = VOLUNTARY_WEIGHT * _voluntary(face.ratio, lean).sum(axis=1)
    synkinesis = SYNKINESIS_WEIGHT * _synkinesis(face.involuntary_mm, lean).sum(axis=1)
    resting = RESTING_WEIGHT * _resting(face, lean, fold_points)
    composite = voluntary - resting - synkinesis
    return np.stack([composite, resting, voluntary, synkinesis], axis=1)


def _voluntary(ratio: FloatArray, lean: FloatArray) -> FloatArray:
    found = reaching_exact(ratio, cut_points("voluntary"), lean[:, None])
    return np.asarray(VOLUNTARY_RANGE[0] + found.sum(axis=-1))


def _synkinesis(involuntary_mm: FloatArray, lean: FloatArray) -> FloatArray:
    """Return the expected grade of the worst region, shape (n, 5)."""
    sizes = np.array(involuntary_mm, dtype=np.float64)
    sizes[..., 1:] = np.abs(sizes[..., 1:])
    regions = [
        reaching_exact(sizes[..., i], cut_points(f"synkinesis_{region}"), lean[:, None])
        for i, region in enumerate(SYNKINESIS_REGIONS)
    ]
    return np.asarray(np.max(regions, axis=0).sum(axis=-1))


def _resting(face: DrawnFace, lean: FloatArray, fold_points: float | None) -> FloatArray:
    eye = reaching_exact(np.abs(face.rest_eye_mm), cut_points("resting_eye"), lean)
    mouth = reaching_exact(np.abs(face.rest_mouth_mm), cut_points("resting_mouth"), lean)
    fold = 0.5 * RESTING_MOST["cheek_nasolabial_fold"] if fold_points is None else fold_points
    unseen = np.isnan(face.rest_eye_mm) | np.isnan(face.rest_mouth_mm)
    return np.where(unseen, np.nan, eye[:, 0] + mouth[:, 0] + fold)
