"""The person's own face as a mesh: at rest and held in each movement, head-fixed, mm.

For drawing and teaching: pictures of the movement without a photograph. The map is not measured
from it. Points are the flow-corrected ones of the face network; the lids come from the eye
network, which sees one eye alone, opened as far as the measured fissure says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.face import Side
from facewire.landmarks.points import EYE_CONTOUR, EYE_CORNERS, EYE_IRIS, INNER_CORNERS, N_MESH
from facewire.landmarks.track import check_shapes
from facewire.motion.compute import FixedHead
from facewire.motion.eyes import EYE_COLUMNS, EYE_ROW
from facewire.motion.signals import MotionSignals

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LOWER_LID, UPPER_LID = slice(1, 8), slice(9, 16)
"""Between the corners, both from the outer to the inner corner, point over point."""

LEAST_OPENING_MM = 0.3


@dataclass(frozen=True)
class Hold:
    """One stretch that shows a movement, and the rest that it is compared with, seconds.

    ``closing`` is True for closures of the eyes, in which no frame is taken for a blink.
    """

    movement: str
    start_s: float
    end_s: float
    rest_start_s: float
    rest_end_s: float
    closing: bool = False

    def __post_init__(self) -> None:
        if not (self.start_s <= self.end_s and self.rest_start_s <= self.rest_end_s):
            raise TrackError(
                f"A hold of {self.movement}, or its rest, ends before it starts",
                found=f"hold {self.start_s:g} to {self.end_s:g} s, "
                f"rest {self.rest_start_s:g} to {self.rest_end_s:g} s",
            )


@dataclass(frozen=True)
class FaceMesh:
    """The face at one moment.

    Parameters
    ----------
    points_mm : ndarray, shape (468, 2)
        Across towards the patient's left, and up; from midway between the inner corners of the
        eyes at rest. In the frontal plane; movement in depth cannot be seen.
    lids_mm : dict of Side to ndarray, shape (16, 2)
        Edge of the lids: outer corner, lower lid, inner corner, upper lid from the outer side.
    iris_mm : dict of Side to ndarray, shape (2,)
        Centre of the iris as the network gives it, also behind a closed lid.
    repetitions : int
        Kept repetitions that it is the mean of.
    """

    points_mm: FloatArray
    lids_mm: dict[Side, FloatArray]
    iris_mm: dict[Side, FloatArray]
    repetitions: int

    def __post_init__(self) -> None:
        check_shapes("a face's mesh", self, {"points_mm": (N_MESH, 2)})
        lids = {self.lids_mm[side].shape for side in Side}
        irises = {self.iris_mm[side].shape for side in Side}
        if lids != {(EYE_CONTOUR, 2)} or irises != {(2,)} or self.repetitions < 1:
            raise TrackError(
                "A face's mesh contradicts itself",
                expected=f"{EYE_CONTOUR} points of each eye's lids, an iris, 1 repetition or more",
                found=f"lids {lids}, irises {irises}, {self.repetitions} repetitions",
            )


@dataclass(frozen=True)
class FaceMeshes:
    """The face at rest and in each movement; ``depth_mm`` (468,) is away from the camera.

    The depth is the network's guess, corrected by the head's own turning: good for shading a
    picture, not for measuring.
    """

    rest: FaceMesh
    movements: dict[str, FaceMesh]
    depth_mm: FloatArray
    iris_diameter_mm: float

    def __post_init__(self) -> None:
        check_shapes("a face's meshes", self, {"depth_mm": (N_MESH,)})


def face_meshes(
    head: FixedHead,
    signals: MotionSignals,
    holds: Sequence[Hold],
    opening_rest_s: tuple[float, float],
) -> FaceMeshes | None:
    """Return the mesh of the opening rest and the mean one of each movement.

    Parameters
    ----------
    head : FixedHead
        Pose and points of the track.
    signals : MotionSignals
        Of the same track: blinks, and the fissures that the lids are opened to.
    holds : sequence of Hold
        The kept repetitions. A movement without a measured frame is left out.
    opening_rest_s : tuple of float
        Start and end of the opening rest, seconds.

    Returns
    -------
    FaceMeshes or None
        None when no frame of the opening rest was measured with open eyes.
    """
    seen = _Seen(head, signals)
    at_rest = seen.level(*opening_rest_s)
    if at_rest is None:
        return None
    rest = _mesh(at_rest, 1)
    movements = {}
    for name in dict.fromkeys(hold.movement for hold in holds):
        found = [seen.change(hold) for hold in holds if hold.movement == name]
        changes = [change for change in found if change is not None]
        if changes:
            mean = at_rest + np.mean(changes, axis=0)
            movements[name] = _mesh(mean, len(changes))
    template = head.pose.template
    depth = (template[:, 2] - template[list(INNER_CORNERS), 2].mean()) * head.mm_per_unit
    return FaceMeshes(rest, movements, depth, signals.scale.reference_mm)


class _Seen:
    """The usable frames, turned into rows where they are asked for: all at once are large."""

    def __init__(self, head: FixedHead, signals: MotionSignals) -> None:
        self._head, self._signals = head, signals
        self.times_s = signals.times_s[head.usable]
        self.blink = signals.blink[head.usable]

    def _rows(self, chosen: BoolArray) -> FloatArray:
        """One row for each frame: mesh, lids, irises, and the heights of both fissures."""
        head = self._head.at(chosen)
        template = head.pose.template
        origin = template[list(INNER_CORNERS), :2].mean(axis=0)
        mesh = template[:, :2] + head.pose.displacement(head.points_px)
        eyes = [_in_plane(head, side) for side in EYE_ROW]
        plane = np.concatenate([mesh, *eyes], axis=1) - origin
        mm = plane * head.mm_per_unit * [1.0, -1.0]
        fissures = self._signals.position_mm[head.usable][:, EYE_COLUMNS]
        return np.concatenate([mm.reshape(len(mm), -1), fissures], axis=1)

    def level(self, start_s: float, end_s: float, *, closing: bool = False) -> FloatArray | None:
        """Median of a stretch; None when no frame of it can be used."""
        chosen = (self.times_s >= start_s) & (self.times_s <= end_s) & (closing | ~self.blink)
        return np.median(self._rows(chosen), axis=0) if chosen.any() else None

    def change(self, hold: Hold) -> FloatArray | None:
        """Hold minus the rest that it is compared with."""
        held = self.level(hold.start_s, hold.end_s, closing=hold.closing)
        rest = self.level(hold.rest_start_s, hold.rest_end_s)
        return None if held is None or rest is None else held - rest


_EYE_POINTS = (*range(EYE_CONTOUR), EYE_IRIS)


def _in_plane(head: FixedHead, side: Side) -> FloatArray:
    """Lids and iris of one eye in the head's frontal plane, at the depth of the eye's corners."""
    pose = head.pose
    seen = head.eyes_px[:, EYE_ROW[side]][:, list(_EYE_POINTS)]
    depth = pose.template[list(EYE_CORNERS[side]), 2].mean()
    flat = pose.rotation[:, :2]
    plane = (seen - pose.shift_px[:, None]) / pose.scale[:, None, None]
    plane = plane - depth * flat[:, None, :, 2]
    turned: FloatArray = plane @ np.linalg.inv(flat[:, :, :2]).transpose(0, 2, 1)
    return turned


def _mesh(row: FloatArray, repetitions: int) -> FaceMesh:
    points = row[: -len(EYE_ROW)].reshape(-1, 2)
    lids, irises = {}, {}
    for i, side in enumerate(EYE_ROW):
        eye = points[N_MESH + i * len(_EYE_POINTS) :][: len(_EYE_POINTS)]
        lids[side] = opened(eye[:EYE_CONTOUR], float(row[i - len(EYE_ROW)]))
        irises[side] = eye[EYE_CONTOUR]
    return FaceMesh(points[:N_MESH], lids, irises, repetitions)


def opened(contour_mm: FloatArray, fissure_mm: float) -> FloatArray:
    """Open the lids of a contour as far as the measured fissure, from the lower lid up.

    The network's closed lids stand some millimetres apart; the measured fissure does not.

    Parameters
    ----------
    contour_mm : ndarray, shape (16, 2)
        Edge of the lids by the lid network, up positive.
    fissure_mm : float
        Measured height at mid-lid; below 0 counts as closed. NaN, where it was not measured,
        leaves the lids as the network sees them.
    """
    if not np.isfinite(fissure_mm):
        return contour_mm.copy()
    lower, upper = contour_mm[LOWER_LID], contour_mm[UPPER_LID]
    gap = upper - lower
    middle = max(float(gap[2:5, 1].mean()), LEAST_OPENING_MM)
    out = contour_mm.copy()
    out[UPPER_LID] = lower + gap * [1.0, max(fissure_mm, 0.0) / middle]
    return out
