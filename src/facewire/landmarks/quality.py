"""How well a picture can be measured: light, distance, head, frame, sharpness, number of faces.

Hints for the person in front of the camera, from one picture at a time. They never change a
number: what is measured is decided from the track.

Where the limits come from: the head within about 10 degrees, even light, one face that fills the
picture, no back light (the capture notes of this project; recalled from clinical practice, not
published figures). The least iris is that of the measurement, with a margin. Brightness and
sharpness are this project's own judgement on rendered and made faces.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facewire.landmarks.points import CHIN, FOREHEAD, MIRROR_PAIRS, N_MESH, OUTER_CORNERS
from facewire.video import Frame

FloatArray = NDArray[np.float64]

DARK, BRIGHT = 60.0, 215.0
BACK_LIGHT = 70.0
UNEVEN = 0.35
LEAST_IRIS_PX = 9.5
LARGEST_SHARE = 0.85
MARGIN_SHARE = 0.01
TURNED_DEG, TILTED_DEG = 12.0, 10.0
LEAST_SHARPNESS = 0.012

CROP_PX = 128
IRIS_RIMS = ((469, 471), (474, 476))
LEVEL_PITCH_DEG = -1.5
"""What an upright face reads: the line from forehead to chin is not quite vertical."""


@dataclass(frozen=True)
class PictureQuality:
    """What one picture is like.

    Parameters
    ----------
    faces : int
        How many faces were counted.
    brightness : float
        Mean of the face, 0 to 255; NaN without a face, like all that follow.
    surround : float
        Mean of the picture around the face, 0 to 255.
    uneven : float
        Difference of the face's two halves in brightness, share of their mean; positive when the
        patient's left is brighter.
    iris_px, eyes_px : float
        Width of the iris; distance of the outer corners of the eyes.
    face_share : float
        Height of the face in heights of the picture.
    yaw_deg, pitch_deg, roll_deg : float
        Head towards the patient's left, up, towards the left shoulder; from the network's own
        depth, so within a few degrees.
    inside : bool
        Whether the whole face lies in the picture.
    sharpness : float
        Fine detail (Laplacian) in spreads of brightness, at one size of the face.
    """

    faces: int
    brightness: float = np.nan
    surround: float = np.nan
    uneven: float = np.nan
    iris_px: float = np.nan
    eyes_px: float = np.nan
    face_share: float = np.nan
    yaw_deg: float = np.nan
    pitch_deg: float = np.nan
    roll_deg: float = np.nan
    inside: bool = False
    sharpness: float = np.nan

    @property
    def problems(self) -> tuple[str, ...]:
        """Names of what is wrong, the most important first; empty when the picture is good."""
        if not np.isfinite(self.brightness):
            return ("no_face",)
        found = {
            "several_faces": self.faces > 1,
            "cut_off": not self.inside,
            "dark": self.brightness < DARK,
            "bright": self.brightness > BRIGHT,
            "back_light": self.surround - self.brightness > BACK_LIGHT,
            "far": self.iris_px < LEAST_IRIS_PX,
            "near": self.face_share > LARGEST_SHARE,
            "turned": max(abs(self.yaw_deg), abs(self.pitch_deg)) > TURNED_DEG,
            "tilted": abs(self.roll_deg) > TILTED_DEG,
            "uneven": abs(self.uneven) > UNEVEN,
            "blurred": self.sharpness < LEAST_SHARPNESS,
        }
        return tuple(name for name, wrong in found.items() if wrong)


PROBLEMS = (
    "no_face",
    "several_faces",
    "cut_off",
    "dark",
    "bright",
    "back_light",
    "far",
    "near",
    "turned",
    "tilted",
    "uneven",
    "blurred",
)
"""Every problem that can be named."""


def picture_quality(frame: Frame, points_px: FloatArray, faces: int) -> PictureQuality:
    """Judge one picture.

    Parameters
    ----------
    frame : Frame
        The picture.
    points_px : ndarray, shape (478, 3)
        The face network's points; NaN where no face was found.
    faces : int
        How many faces were counted last.
    """
    if not np.isfinite(points_px[0, 0]):
        return PictureQuality(faces)
    height, width = frame.y.shape
    plane = points_px[:N_MESH, :2]
    low, high = plane.min(axis=0), plane.max(axis=0)
    edge = MARGIN_SHARE * height
    brightness, surround = _light(frame, low, high)
    yaw, pitch, roll = head_angles_deg(points_px)
    return PictureQuality(
        max(faces, 1),
        brightness,
        surround,
        _unevenness(frame, plane),
        float(np.mean([np.linalg.norm(points_px[a] - points_px[b]) for a, b in IRIS_RIMS])),
        float(np.linalg.norm(plane[OUTER_CORNERS[0]] - plane[OUTER_CORNERS[1]])),
        float((high - low)[1] / height),
        yaw,
        pitch,
        roll,
        bool((low > edge).all() and (high < np.array([width, height]) - edge).all()),
        _sharpness(frame, low, high),
    )


def head_angles_deg(points_px: FloatArray) -> tuple[float, float, float]:
    """Return yaw (to the patient's left), pitch (up) and roll (to the left shoulder), degrees.

    Parameters
    ----------
    points_px : ndarray, shape (478, 3)
        The face network's points.
    """
    across = np.sum([points_px[left] - points_px[right] for right, left in MIRROR_PAIRS], axis=0)
    down = points_px[CHIN] - points_px[FOREHEAD]
    flat = float(np.hypot(across[0], across[1]))
    yaw = np.degrees(np.arctan2(across[2], flat))
    roll = np.degrees(np.arctan2(across[1], across[0]))
    pitch = -np.degrees(np.arctan2(down[2], np.hypot(down[0], down[1]))) - LEVEL_PITCH_DEG
    return float(yaw), float(pitch), float(roll)


def _light(frame: Frame, low: FloatArray, high: FloatArray) -> tuple[float, float]:
    """Mean brightness of the inner face and of what lies around it."""
    inset = (high - low) * 0.2
    face = _part(frame, low + inset, high - inset)
    total, n = float(frame.y.sum(dtype=np.int64)), frame.y.size
    whole = _part(frame, low, high)
    around = (total - float(whole.sum(dtype=np.int64))) / max(n - whole.size, 1)
    return float(face.mean()) if face.size else np.nan, around


def _unevenness(frame: Frame, plane: FloatArray) -> float:
    """Compare the cheeks below the eyes, outside the mouth."""
    right, left = (
        _patch_mean(frame, plane[list(points)].mean(axis=0), plane)
        for points in ((50, 205), (280, 425))
    )
    return (left - right) / max((left + right) / 2, 1.0)


def _patch_mean(frame: Frame, middle: FloatArray, plane: FloatArray) -> float:
    half = 0.08 * np.linalg.norm(plane[OUTER_CORNERS[0]] - plane[OUTER_CORNERS[1]])
    patch = _part(frame, middle - half, middle + half)
    return float(patch.mean()) if patch.size else 0.0


def _sharpness(frame: Frame, low: FloatArray, high: FloatArray) -> float:
    face = _part(frame, low, high)
    if min(face.shape) < 8:
        return np.nan
    small = cv2.resize(face, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA)
    detail = cv2.Laplacian(small, cv2.CV_32F)
    return float(np.mean(np.abs(detail)) / max(float(small.std()), 1.0) / 10)


def _part(frame: Frame, low: FloatArray, high: FloatArray) -> NDArray[np.uint8]:
    height, width = frame.y.shape
    left, top = np.clip(low.astype(int), 0, [width, height])
    right, bottom = np.clip(high.astype(int), 0, [width, height])
    part: NDArray[np.uint8] = frame.y[top:bottom, left:right]
    return part
