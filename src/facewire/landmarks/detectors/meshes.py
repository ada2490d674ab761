"""The networks that give points: the whole face, and each eye alone.

Face Mesh, 478 points of a face: Kartynnik et al. 2019, "Real-time facial
surface geometry from monocular video on mobile GPUs" (arXiv 1907.06724); the network of the
MediaPipe bundle.

The eye network, lid contour and iris: Ablavatski et al. 2020, "Real-time pupil tracking from
monocular video for digital puppetry" (arXiv 2006.11341): a 64 x 64 crop gives 71 points of lids and
brow and 5 of the iris. It sees nothing but the eye, so the other half of the face cannot pull it
towards symmetry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.landmarks.detectors.crop import Square
from facewire.landmarks.points import N_MESH, N_POINTS, OUTER_CORNERS

FACE_INPUT_PX = 256
MIN_PRESENCE = 0.5

FloatArray = NDArray[np.float64]

BOX_SCALE = 1.4
"""Side of a carried region in sizes of the box of the points."""

BOX_DROP = 0.055
"""How much lower than the middle of the box a carried region lies, in sizes of the box."""


@dataclass(frozen=True)
class Mesh:
    """The points of one face in one picture.

    ``points_px`` has shape (478, 3): x right, y down in pixels, z towards the camera negative, in
    the same unit, with its zero near the middle of the head. ``presence`` is between 0 and 1.
    """

    points_px: FloatArray
    presence: float


def mesh_from_outputs(values: NDArray[np.float32], logit: float, square: Square) -> Mesh:
    """Turn the network's answer for one crop into points of the picture."""
    raw = values.reshape(N_POINTS, 3).astype(np.float64) / FACE_INPUT_PX
    plane = square.to_picture(raw[:, :2])
    points = np.column_stack([plane, raw[:, 2] * square.size_px])
    # Single precision, as stored: a run continued from stored points goes on exactly alike.
    points = points.astype(np.float32).astype(np.float64)
    return Mesh(points, float(1.0 / (1.0 + np.exp(-logit))))


def next_square(points_px: FloatArray) -> Square:
    """Return the region for a later picture from the points of this one.

    The box of the points in the frame of the level eyes, a little lower and 1.4 times as large:
    on rendered faces that is where the detector's own region lies (standard deviation between
    people 0.01 of its size), so that points do not depend on whether a face was just detected or
    has been followed. With the box's own middle, 1.5 times, they lay 1.06 px apart at 720p
    (median); so, 0.63 px.
    """
    plane = points_px[:N_MESH, :2]
    (rx, ry), (lx, ly) = plane[list(OUTER_CORNERS)]
    turn = float(np.arctan2(ly - ry, lx - rx))
    cos, sin = np.cos(turn), np.sin(turn)
    level = plane @ np.array([[cos, -sin], [sin, cos]])
    low, high = level.min(axis=0), level.max(axis=0)
    box = float((high - low).max())
    lowered = (low + high) / 2 + [0.0, BOX_DROP * box]
    middle = lowered @ np.array([[cos, sin], [-sin, cos]])
    return Square(float(middle[0]), float(middle[1]), BOX_SCALE * box, turn)


EYE_INPUT_PX = 64


EYE_CROP = 2.9
"""Side of the eye network's crop in widths of the eye.

In narrower crops it draws the iris too narrow in some people: read against the width by hand it
came out at 0.99 to 1.15 with 2.9 and at 0.67 to 0.94 with 1.9 (seven people, see
`facewire.motion.scale`).
"""


def eye_square(inner_px: FloatArray, outer_px: FloatArray, *, flip: bool) -> Square:
    """Return the crop of one eye from its corners in pixels.

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
    x, y = (inner_px + outer_px) / 2
    turn = float(np.arctan2(axis[1], axis[0]))
    return Square(float(x), float(y), EYE_CROP * float(np.hypot(*axis)), turn)


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
    raw /= EYE_INPUT_PX
    if flip:
        raw[:, 0] = 1.0 - raw[:, 0]
    return square.to_picture(raw)
