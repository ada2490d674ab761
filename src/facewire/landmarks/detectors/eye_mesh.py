"""The eye network: lid contour and iris of one eye, seen alone.

Ablavatski et al. 2020, "Real-time pupil tracking from monocular video for digital puppetry"
(arXiv 2006.11341): a 64 x 64 crop gives 71 points of lids and brow and 5 of the iris. It sees
nothing but the eye, so the other half of the face cannot pull it towards symmetry.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.landmarks.detectors.crop import Square

INPUT_PX = 64
N_EYE_POINTS = 76

LOWER_MID, UPPER_MID = 4, 12
OUTER_CORNER, INNER_CORNER = 0, 8
IRIS_CENTER = 71

FloatArray = NDArray[np.float64]

CROP_WIDTHS = (2.1, 2.5, 1.9, 2.3, 2.3, 2.3)
"""Sides of the crops in eye widths, the most useful first."""

CROP_SHIFTS = (0.0, 0.0, 0.0, 0.0, 0.1, -0.1)
"""Shifts of the crops along the eye, in eye widths."""


def eye_squares(inner_px: FloatArray, outer_px: FloatArray, *, flip: bool) -> list[Square]:
    """Return the crops of one eye from its corners in pixels.

    Parameters
    ----------
    inner_px, outer_px : ndarray, shape (2,)
        Corners of the eye.
    flip : bool
        True for the patient's left eye, which is mirrored to look like a right one.
    """
    axis = inner_px - outer_px
    if flip:
        axis = -axis
    width = float(np.hypot(*axis))
    turn = float(np.arctan2(axis[1], axis[0]))
    middle = (inner_px + outer_px) / 2
    squares = []
    for scale, shift in zip(CROP_WIDTHS, CROP_SHIFTS, strict=True):
        x, y = middle + shift * axis
        squares.append(Square(float(x), float(y), scale * width, turn))
    return squares


def eye_points_from_outputs(
    contour: NDArray[np.float32], iris: NDArray[np.float32], square: Square, *, flip: bool
) -> FloatArray:
    """Turn the answer for one crop into pixels of the picture, shape (76, 2).

    Parameters
    ----------
    contour, iris : ndarray, shapes (213,) and (15,)
        The network's outputs, in pixels of the crop.
    square : Square
        Where the crop was cut.
    flip : bool
        Whether the crop was mirrored.
    """
    raw = np.concatenate([contour.reshape(71, 3), iris.reshape(5, 3)])[:, :2].astype(np.float64)
    raw /= INPUT_PX
    if flip:
        raw[:, 0] = 1.0 - raw[:, 0]
    return square.to_picture(raw)
