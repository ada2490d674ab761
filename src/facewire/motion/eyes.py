"""Fissure heights from the lids' edges.

The lid network sees one eye alone, so the other side of the face cannot pull it, and it follows a
lid in proportion, so that no closure is needed to know a millimetre (`facewire.landmarks`).
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from facewire.face import CHANNEL_INDEX, Channel, Region, Side
from facewire.landmarks.points import EYE_INNER, EYE_IRIS, EYE_OUTER
from facewire.motion.pose import HeadPose
from facewire.motion.scale import iris_width_px

FloatArray = NDArray[np.float64]

UPPER_MIDS, LOWER_MIDS = (11, 12, 13), (3, 4, 5)
UPPER_LID, LOWER_LID = (8, 9, 10, 11, 12, 13, 14, 15, 0), (8, 7, 6, 5, 4, 3, 2, 1, 0)

PUPIL_UP = 0.032
"""The eye network's middle of the iris lies so many widths of the iris under the pupil's, since
the upper lid hides the top of the iris: by 0.38 mm (SD 0.20) in 16 rendered eyes read by hand; by
0.3 to 0.6 in eight eyes of real people whose iris shows its lower edge."""

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
        _, heights_px = _places(eyes_px[:, row], mirrored=side is Side.LEFT)
        upper, lower = heights_px[:, list(UPPER_MIDS)], heights_px[:, list(LOWER_MIDS)]
        found[:, row] = upper.mean(axis=1) - lower.mean(axis=1)
    return found * (mm_per_unit / pose.scale)[:, None]


def _places(points: FloatArray, *, mirrored: bool) -> tuple[FloatArray, FloatArray]:
    """Place of each point along and over the line of the eye's corners, each (n_frames, 76), px."""
    axis = points[:, EYE_INNER] - points[:, EYE_OUTER]
    axis = (-axis if mirrored else axis) / np.linalg.norm(axis, axis=1)[:, None]
    up = np.stack([axis[:, 1], -axis[:, 0]], axis=1)
    offsets = points - ((points[:, EYE_OUTER] + points[:, EYE_INNER]) / 2)[:, None]
    along, heights = (np.einsum("nkc,nc->nk", offsets, one) for one in (axis, up))
    return along, heights


def pupil_margins(eyes_px: FloatArray, pose: HeadPose, mm_per_unit: float) -> FloatArray:
    """Return how far the lids' edges stand from the pupil's middle, shape (n_frames, 2, 2), mm.

    Parameters
    ----------
    eyes_px : ndarray, shape (n_frames, 2, 76, 2)
        Points of the eyes, the lids' edges by the lid network, the iris by the eye network.
    pose : HeadPose
        Gives the scale of each frame.
    mm_per_unit : float
        Millimetres for one template unit.

    Returns
    -------
    ndarray
        For each eye the upper lid above the pupil's middle and the lower one under it, both at
        the pupil's column (margin reflex distances 1 and 2); negative where a lid passes it.
    """
    pupil_up_px = PUPIL_UP * iris_width_px(eyes_px)
    found = np.empty((len(eyes_px), len(EYE_ROW), 2))
    for side, row in EYE_ROW.items():
        along, heights = _places(eyes_px[:, row], mirrored=side is Side.LEFT)
        pupil = heights[:, EYE_IRIS] + pupil_up_px[row]
        upper, lower = (
            _edges_at(along[:, EYE_IRIS], along[:, lid], heights[:, lid])
            for lid in (list(UPPER_LID), list(LOWER_LID))
        )
        found[:, row] = np.stack([upper - pupil, pupil - lower], axis=1)
    return found * (mm_per_unit / pose.scale)[:, None, None]


def _edges_at(places: FloatArray, along: FloatArray, heights: FloatArray) -> FloatArray:
    """Return a lid's height at one place in each frame, straight from point to point."""
    order = np.argsort(along, axis=1)
    along, heights = (np.take_along_axis(one, order, axis=1) for one in (along, heights))
    return np.array([np.interp(*one) for one in zip(places, along, heights, strict=True)])


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
