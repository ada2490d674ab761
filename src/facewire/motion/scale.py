"""Millimetres for a pixel, from the width of the iris.

The iris is the ruler because it differs least between people. What the eye network reads of it is
checked against the distance between the pupils, which differs more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.errors import NoFaceError
from facewire.motion.pose import HeadPose
from facewire.results.measurement import Scale

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

IRIS_MM = 11.7
"""Visible iris diameter: MediaPipe Iris assumes 11.7; Ruefer 2005 measured 11.71 (SD 0.42)."""
PEOPLE_RELATIVE_SD = 0.5 / 11.7
"""Of the diameter between people: MediaPipe Iris 0.5 mm."""

DRAWN = 1.05
"""The eye network draws the iris by so much wider than it is: 1.07 (SD 0.03) of the width read by
hand in seven people, 1.03 (SD 0.04) in eight rendered recordings."""
READ_RELATIVE_SD = 0.045
"""Of that reading, between people and pictures; the difference of the two means is in it."""
ENTERED_RELATIVE_SD = 0.01
"""Of a diameter that was measured."""

IRIS_LEFTMOST, IRIS_RIGHTMOST = 72, 74
IRIS_CENTRE = 71
MIN_IRIS_PX = 8.0

PUPILS_MM = (50.0, 75.0)
"""Distance of the pupils in the vast majority of adults (Dodgson 2004, Proc. SPIE 5291)."""


def iris_width_px(eyes_px: FloatArray) -> FloatArray:
    """Return the width of the iris of both eyes, shape (2, n_frames), pixels."""
    across = eyes_px[:, :, IRIS_LEFTMOST] - eyes_px[:, :, IRIS_RIGHTMOST]
    width: FloatArray = np.linalg.norm(across, axis=-1).T / DRAWN
    return width


def iris_scale(
    eyes_px: FloatArray, pose: HeadPose, covered: BoolArray, iris_mm: float | None
) -> tuple[Scale, float]:
    """Return the scale, and millimetres for one template unit; from the eyes that are seen.

    Parameters
    ----------
    eyes_px : ndarray, shape (n_frames, 2, 76, 2)
        Points of both eyes in the frames of rest.
    pose : HeadPose
        Of the same frames.
    covered : ndarray of bool, shape (2,)
        Right and left eye: not seen.
    iris_mm : float or None
        The patient's own diameter, when it was measured.

    Raises
    ------
    NoFaceError
        No iris is seen, or it is too small.
    """
    if covered.all():
        raise NoFaceError(
            "Both eyes are covered: nothing tells how large the face is",
            expected="at least one iris in sight",
            found="dark glasses, hair or something else before both eyes",
            do="film again without it",
        )
    iris_px = float(np.median(iris_width_px(eyes_px), axis=1)[~covered].mean())
    if iris_px < MIN_IRIS_PX:
        raise NoFaceError(
            "The face is too small to measure",
            expected=f"an iris at least {MIN_IRIS_PX:g} pixels wide",
            found=f"{iris_px:.1f} pixels",
            do="film nearer, or with a higher resolution",
        )
    reference_mm = IRIS_MM if iris_mm is None else iris_mm
    mm_per_px = reference_mm / iris_px
    pupils_mm = None if covered.any() else mm_per_px * _between_pupils_px(eyes_px, pose)
    known_sd = PEOPLE_RELATIVE_SD if iris_mm is None else ENTERED_RELATIVE_SD
    scale = Scale(
        source="iris" if iris_mm is None else "entered",
        reference_mm=reference_mm,
        relative_sd=float(np.linalg.norm([known_sd, READ_RELATIVE_SD, unlikely(pupils_mm)])),
        mm_per_px=mm_per_px,
        pupils_mm=pupils_mm,
    )
    return scale, mm_per_px * float(np.median(pose.scale))


def unlikely(pupils_mm: float | None) -> float:
    """Return how far, as a share, pupils stand outside what adults have; 0 within or unknown."""
    if pupils_mm is None:
        return 0.0
    low, high = PUPILS_MM
    return max(low / pupils_mm - 1, pupils_mm / high - 1, 0.0)


def _between_pupils_px(eyes_px: FloatArray, pose: HeadPose) -> float:
    """Distance of the pupils as it would be seen from the front."""
    seen = np.linalg.norm(eyes_px[:, 0, IRIS_CENTRE] - eyes_px[:, 1, IRIS_CENTRE], axis=-1)
    foreshortened = np.linalg.norm(pose.rotation[:, :2, 0], axis=-1)
    return float(np.median(seen / foreshortened))
