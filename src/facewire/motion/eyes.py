"""Fissure heights and their changes from the eye network and the lids' optical flow.

The eye network sees one eye alone, so the other side of the face cannot pull it. What it returns
is nearly linear in the true height but too flat: closed lids read 2 to 4 mm. A full closure of
the better closing eye shows by how much; its gain (1 to 2) is applied to both eyes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.face import CHANNEL_INDEX, SIDES, Channel, Region, Side
from facewire.landmarks.points import EYE_INNER, EYE_OUTER
from facewire.landmarks.track import check_shapes
from facewire.motion.maps import FittedMaps, eye_features
from facewire.motion.pose import HeadPose
from facewire.motion.regions import LOWER_LID, UPPER_LID

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

UPPER_MIDS, LOWER_MIDS = (11, 12, 13), (3, 4, 5)
IRIS_LEFTMOST, IRIS_RIGHTMOST = 72, 74

MAX_GAIN = 2.0
USUAL_GAIN = 1.4
"""Gain where no eye was seen to close: the middle of what full closures showed on renders."""

CLOSED_QUANTILE = 0.02
LEAST_CLOSURE = 0.4
"""An eye that never narrows by this part of its height shows nothing about the gain."""

EYE_ROW = {Side.RIGHT: 0, Side.LEFT: 1}
EYE_COLUMNS = [CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in EYE_ROW]
"""Of the signals, in the order of `EYE_ROW`."""


@dataclass(frozen=True)
class EyeShape:
    """Lids of both eyes over time; rows of each array are the sides by `EYE_ROW`.

    Parameters
    ----------
    upper_mm, lower_mm : ndarray, shape (2, n_frames)
        Height of the middle of each lid over the line of the eye's corners, mm, from the eye
        network, without gain.
    upper_flow_mm, lower_flow_mm : ndarray, shape (2, n_frames)
        Upward displacement of the lid's skin from rest, from the corrected face mesh, mm.
    iris_px : ndarray, shape (2, n_frames)
        Width of the visible iris, pixels.
    """

    upper_mm: FloatArray
    lower_mm: FloatArray
    upper_flow_mm: FloatArray
    lower_flow_mm: FloatArray
    iris_px: FloatArray

    def __post_init__(self) -> None:
        shape = (len(EYE_ROW), self.upper_mm.shape[-1])
        check_shapes("the lids", self, {each.name: shape for each in fields(self)})

    @classmethod
    def joined(cls, parts: Sequence[EyeShape]) -> EyeShape:
        """Put stretches of a recording together."""
        names = [each.name for each in fields(cls)]
        return cls(*(np.concatenate([getattr(p, n) for p in parts], axis=1) for n in names))

    def of_seen(self, covered: BoolArray) -> EyeShape:
        """Return the lids with those of the other eye where one is covered: a guess tells nothing.

        Parameters
        ----------
        covered : ndarray of bool, shape (2,)
            Eyes that are covered throughout.
        """
        if not covered.any() or covered.all():
            return self
        rows = np.where(covered, 1 - np.arange(len(covered)), np.arange(len(covered)))
        return EyeShape(*(getattr(self, each.name)[rows] for each in fields(self)))

    @property
    def height_mm(self) -> FloatArray:
        """Height between the lids as the network gives it, shape (2, n_frames)."""
        return self.upper_mm - self.lower_mm


def iris_width_px(eyes_px: FloatArray) -> FloatArray:
    """Return the width of the iris of both eyes, shape (2, n_frames), pixels."""
    across = eyes_px[:, :, IRIS_LEFTMOST] - eyes_px[:, :, IRIS_RIGHTMOST]
    width: FloatArray = np.linalg.norm(across, axis=-1).T
    return width


def eye_shape(
    eyes_px: FloatArray, pose: HeadPose, moved: FloatArray, mm_per_unit: float
) -> EyeShape:
    """Measure the lids.

    Parameters
    ----------
    eyes_px : ndarray, shape (n_frames, 2, 76, 2)
        Points of the eye network.
    pose : HeadPose
        Gives the scale of each frame.
    moved : ndarray, shape (n_frames, 468, 2)
        Displacement of the corrected mesh in the head's frame, template units.
    mm_per_unit : float
        Millimetres for one template unit.
    """
    mm_per_px = mm_per_unit / pose.scale
    upper, lower, upper_flow, lower_flow = [], [], [], []
    for side in sorted(SIDES, key=lambda s: EYE_ROW[s]):
        points = eyes_px[:, EYE_ROW[side]]
        heights = _heights(points, mirrored=side is Side.LEFT) * mm_per_px[:, None]
        upper.append(heights[:, list(UPPER_MIDS)].mean(axis=1))
        lower.append(heights[:, list(LOWER_MIDS)].mean(axis=1))
        upper_flow.append(-moved[:, list(UPPER_LID[side]), 1].mean(axis=1) * mm_per_unit)
        lower_flow.append(-moved[:, list(LOWER_LID[side]), 1].mean(axis=1) * mm_per_unit)
    return EyeShape(
        np.array(upper),
        np.array(lower),
        np.array(upper_flow),
        np.array(lower_flow),
        iris_width_px(eyes_px),
    )


def _heights(points: FloatArray, *, mirrored: bool) -> FloatArray:
    """Height of each point over the line of the eye's corners, shape (n_frames, 76), pixels."""
    axis = points[:, EYE_INNER] - points[:, EYE_OUTER]
    axis = (-axis if mirrored else axis) / np.linalg.norm(axis, axis=1)[:, None]
    up = np.stack([axis[:, 1], -axis[:, 0]], axis=1)
    middle = (points[:, EYE_OUTER] + points[:, EYE_INNER]) / 2
    heights: FloatArray = np.einsum("nkc,nc->nk", points - middle[:, None], up)
    return heights


def closure_gain(height_mm: FloatArray, rest: BoolArray) -> float:
    """Return the gain that makes the fullest closure of the better closing eye a full one.

    Parameters
    ----------
    height_mm : ndarray, shape (2, n_frames)
        Heights as the network gives them.
    rest : ndarray of bool, shape (n_frames,)
        Frames of the reference rest.

    Returns
    -------
    float
        rest / (rest - fullest closure), between 1 and 2; `USUAL_GAIN` when no eye was seen to
        narrow by `LEAST_CLOSURE` of its height.
    """
    open_mm = np.median(height_mm[:, rest], axis=1)
    closed_mm = np.quantile(height_mm, CLOSED_QUANTILE, axis=1)
    closure = (open_mm - closed_mm) / open_mm
    if closure.max() < LEAST_CLOSURE:
        return USUAL_GAIN
    return float(np.clip(1.0 / closure.max(), 1.0, MAX_GAIN))


@dataclass(frozen=True)
class EyeZero:
    """Where the lids stand at rest; rows are the sides by `EYE_ROW`.

    The zero is apart from the change, so that a recording as a whole and a live camera, which knows
    the opening rest only, go through the same lines.

    Parameters
    ----------
    upper_mm, lower_mm : ndarray, shape (2,)
        Height of each lid over the line of the eye's corners.
    flow_mm : ndarray, shape (2, 2)
        Displacement of the upper and lower lid's skin.
    height_mm : ndarray, shape (2,)
        Height of the fissure as the eye network gives it.
    gain : float
        What makes the fullest closure a full one; see `closure_gain`.
    """

    upper_mm: FloatArray
    lower_mm: FloatArray
    flow_mm: FloatArray
    height_mm: FloatArray
    gain: float

    def __post_init__(self) -> None:
        two = (len(EYE_ROW),)
        shapes = {"upper_mm": two, "lower_mm": two, "height_mm": two, "flow_mm": (*two, 2)}
        check_shapes("the lids at rest", self, shapes)
        if not 1.0 <= self.gain <= MAX_GAIN:
            raise TrackError(
                "The gain of the lids is none",
                expected=f"1 to {MAX_GAIN:g}",
                found=f"{self.gain:g}",
            )


def eye_zero(shape: EyeShape, rest: BoolArray, seen: BoolArray) -> EyeZero:
    """Return the zero of some frames.

    Parameters
    ----------
    shape : EyeShape
    rest, seen : ndarray of bool, shape (n_frames,)
        The reference rest; the frames in which the eyes are not covered.
    """
    flows = _flows(shape)
    return EyeZero(
        np.median(shape.upper_mm[:, rest], axis=1),
        np.median(shape.lower_mm[:, rest], axis=1),
        np.asarray(np.median(flows[:, rest], axis=1)),
        np.median(shape.height_mm[:, rest], axis=1),
        closure_gain(shape.height_mm[:, seen | rest], rest[seen | rest]),
    )


def eye_changes(shape: EyeShape, zero: EyeZero, maps: FittedMaps) -> FloatArray:
    """Return the change of both fissures from rest, shape (n_frames, 2), mm, right first."""
    upper = zero.gain * (shape.upper_mm - zero.upper_mm[:, None])
    lower = zero.gain * (shape.lower_mm - zero.lower_mm[:, None])
    flows = _flows(shape) - zero.flow_mm[:, None]
    changes = np.empty((upper.shape[1], 2))
    for row in EYE_ROW.values():
        other = upper[1 - row] - lower[1 - row]
        features = eye_features(upper[row], lower[row], other, flows[row])
        changes[:, row] = features[:, 0] + features @ maps.eye
    return changes


def _flows(shape: EyeShape) -> FloatArray:
    return np.stack([shape.upper_flow_mm, shape.lower_flow_mm], axis=-1)
