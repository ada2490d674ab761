"""Is the picture squashed? How wide a face is for its height, against what faces are.

A picture that is shown with the wrong proportions (4:3 as 16:9) keeps its irises' width and their
height apart by the same share as the face's. Faces differ, irises are round: so both are asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.landmarks.points import CHIN, FOREHEAD, N_MESH, OUTER_CORNERS
from facewire.motion.pose import HeadPose

FloatArray = NDArray[np.float64]

TEMPLES = (234, 454)
IRIS_WIDTHS, IRIS_HEIGHTS = ((469, 471), (474, 476)), ((470, 472), (475, 477))

USUAL = (0.83, 0.55, 1.10)
"""Between the temples and between the outer corners of the eyes, in heights of the face; width of
an iris in its height, as the face network draws it: means of seven real and eight rendered
people."""

LIKELY = (0.88, 1.13)
"""Width for height, in parts of what is usual. Those people had 0.92 to 1.06; their pictures
squashed to 3/4 of their width 0.74 to 0.84, stretched to 4/3 of it 1.18 to 1.34."""


def width_to_height(mesh_px: NDArray[np.floating], pose: HeadPose) -> float | None:
    """Return how wide a face is for its height, in parts of what is usual; None if unknown.

    Parameters
    ----------
    mesh_px : ndarray, shape (n_frames, 478, 3)
        The face network's points in frames of rest.
    pose : HeadPose
        Of the same frames; foreshortening by the head's turn is taken out.
    """
    flat = pose.template[:, :2]
    height = _apart(flat, FOREHEAD, CHIN)
    across, down = (np.median(np.linalg.norm(pose.rotation[:, :2, i], axis=-1)) for i in (0, 1))
    iris = mesh_px[:, N_MESH:, :2].astype(np.float64)
    wide, high = (
        np.mean([np.median(_apart(iris, a - N_MESH, b - N_MESH)) for a, b in pairs])
        for pairs in (IRIS_WIDTHS, IRIS_HEIGHTS)
    )
    if not (height > 0 and wide > 0 and high > 0):
        return None
    ratios = [_apart(flat, *pair) / height for pair in (TEMPLES, OUTER_CORNERS)]
    ratios.append(wide / across / (high / down))
    return float(np.exp(np.mean(np.log(np.array(ratios) / USUAL))))


def squashed(ratio: float | None) -> float:
    """Return the share by which width and height disagree; 0 where faces are like that."""
    low, high = LIKELY
    if ratio is None or low <= ratio <= high:
        return 0.0
    return abs(ratio - 1.0)


def _apart(points: FloatArray, one: int, other: int) -> FloatArray:
    distance: FloatArray = np.linalg.norm(points[..., one, :] - points[..., other, :], axis=-1)
    return distance
