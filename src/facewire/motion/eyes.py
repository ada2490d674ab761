"""Fissure heights from the lids' edges.

The lid network sees one eye alone, so the other side of the face cannot pull it, and it follows a
lid in proportion, so that no closure is needed to know a millimetre (`facewire.landmarks`).
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from facewire.face import CHANNEL_INDEX, Channel, Region, Side
from facewire.landmarks.points import EYE_INNER, EYE_OUTER
from facewire.motion.pose import HeadPose

FloatArray = NDArray[np.float64]

UPPER_MIDS, LOWER_MIDS = (11, 12, 13), (3, 4, 5)

CLOSED_MOST_MM = 1.5
"""Lids that touch were read as 0.0 to 1.4 mm apart on real skin and on renders: more is a gap."""
SLIT_MM = 2.5
"""What the network leaves of shut lids fades out up to this height: eyes narrowed by edits to 4, 3,
2, 1 and 0.5 mm (seven real people, eight rendered) were read as 4.2, 3.2, 2.1, 1.3 and 0.8."""
SHUT_S = 0.1
"""A closure counts that lasts as long."""

EYE_ROW = {Side.RIGHT: 0, Side.LEFT: 1}
EYE_COLUMNS = [CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in EYE_ROW]
"""Of the signals, in the order of `EYE_ROW`."""


def fissure_heights(eyes_px: FloatArray, pose: HeadPose, mm_per_unit: float) -> FloatArray:
    """Return the height between the lids at the middle of each eye, shape (n_frames, 2), mm.

    Parameters
    ----------
    eyes_px : ndarray, shape (n_frames, 2, 76, 2)
        Points of the eyes, the lids' edges by the lid network.
    pose : HeadPose
        Gives the scale of each frame.
    mm_per_unit : float
        Millimetres for one template unit.
    """
    found = np.empty((len(eyes_px), len(EYE_ROW)))
    for side, row in EYE_ROW.items():
        heights_px = _heights(eyes_px[:, row], mirrored=side is Side.LEFT)
        upper, lower = heights_px[:, list(UPPER_MIDS)], heights_px[:, list(LOWER_MIDS)]
        found[:, row] = upper.mean(axis=1) - lower.mean(axis=1)
    return found * (mm_per_unit / pose.scale)[:, None]


def _heights(points: FloatArray, *, mirrored: bool) -> FloatArray:
    """Height of each point over the line of the eye's corners, shape (n_frames, 76), pixels."""
    axis = points[:, EYE_INNER] - points[:, EYE_OUTER]
    axis = (-axis if mirrored else axis) / np.linalg.norm(axis, axis=1)[:, None]
    up = np.stack([axis[:, 1], -axis[:, 0]], axis=1)
    middle = (points[:, EYE_OUTER] + points[:, EYE_INNER]) / 2
    heights: FloatArray = np.einsum("nkc,nc->nk", points - middle[:, None], up)
    return heights


def closed_reading(heights_mm: FloatArray, step_s: float) -> float:
    """Return what the lids are read apart where they touch, mm; 0 where no closure was seen.

    The least height that an eye keeps for `SHUT_S`, of the eye that closes better: no share of the
    recording, so that it means the same however long somebody sits there.

    Parameters
    ----------
    heights_mm : ndarray, shape (n_frames, 2)
        As `fissure_heights` gives them, frames in which an eye is seen.
    step_s : float
        Time between frames.
    """
    frames = max(1, round(SHUT_S / step_s))
    if len(heights_mm) < frames:
        return 0.0
    held = sliding_window_view(heights_mm, frames, axis=0).max(axis=-1)
    least = float(held.min())
    return least if 0 < least <= CLOSED_MOST_MM else 0.0


def without_reading(heights_mm: FloatArray, closed_mm: float) -> FloatArray:
    """Take what shut lids are read apart off slits; what is open by `SLIT_MM` stays as it was.

    Parameters
    ----------
    heights_mm : ndarray
        Heights of fissures.
    closed_mm : float
        From `closed_reading`.
    """
    slit = np.maximum(heights_mm - closed_mm, 0.0) * SLIT_MM / (SLIT_MM - closed_mm)
    return np.where(heights_mm >= SLIT_MM, heights_mm, slit)
