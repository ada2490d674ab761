"""One eye's pixels replaced by a closed eye: what else seems to move?

Nothing but one eye changes between two pictures, so whatever else the landmarks show is the
tracker's own leak: the other eye that seems to close, brows and mouth corners that seem to move.
Before: the face network's points. After: the eye network, and the points corrected by flow.
Done on each rendered patient, right eye and left eye in turn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from facewire.landmarks.detectors.face_detector import face_square
from facewire.landmarks.detectors.meshes import Mesh
from facewire.landmarks.flow import FlowSettings, RestPicture
from facewire.landmarks.models import read_models
from facewire.landmarks.tracker import FaceTracker
from facewire.video import Frame, open_video
from patients import Patient, patients
from rows import Row

FloatArray = NDArray[np.float64]

EYES = {"R": (33, 133, 159, 145), "L": (263, 362, 386, 374)}
BROWS = {"R": (105,), "L": (334,)}
CORNERS = {"R": (61,), "L": (291,)}
RIGID = (33, 133, 263, 362, 168, 6, 1, 127, 356)
RESTS = 5


@dataclass(frozen=True)
class Seen:
    """What the tracker makes of one picture; lengths in pixels."""

    mesh: FloatArray
    corrected: FloatArray
    network_heights: FloatArray


def _copied(frame: Frame) -> Frame:
    return replace(frame, y=frame.y.copy(), u=frame.u.copy(), v=frame.v.copy())


def _pictures(patient: Patient) -> tuple[list[Frame], Frame]:
    """Return the frames just before the first tight closure, and one of its hold."""
    cues = json.loads(patient.cues.read_text())
    cue = next(c for c in cues if c["movement"] == "eye_close_tight")
    middle = (cue["onset_end_s"] + cue["offset_start_s"]) / 2
    before: list[Frame] = []
    with open_video(patient.video, keep=1) as stream:
        for frame in stream:
            if frame.time_s < cue["start_s"] - 0.1:
                before = [*before[-RESTS + 1 :], _copied(frame)]
            elif frame.time_s >= middle:
                return before, _copied(frame)
    raise ValueError(f"{patient.case}: the closure lies outside the recording")


def _with_closed_eye(
    rest: Frame, closed: Frame, meshes: tuple[FloatArray, FloatArray], side: str
) -> Frame:
    """Paste one closed eye, softly cut out and laid on by the rigid points, into a picture."""
    to, source = (m[list(RIGID)].astype(np.float32) for m in meshes)
    affine, _ = cv2.estimateAffinePartial2D(source, to)
    outer, inner = meshes[0][EYES[side][0]], meshes[0][EYES[side][1]]
    centre, width = (outer + inner) / 2, float(np.linalg.norm(outer - inner))
    planes = {}
    for name, step in (("y", 1), ("u", 2), ("v", 2)):
        plane, other = getattr(rest, name), getattr(closed, name)
        matrix = affine.copy()
        matrix[:, 2] /= step
        height, across = plane.shape
        moved = cv2.warpAffine(other, matrix, (across, height), borderMode=cv2.BORDER_REPLICATE)
        mask = np.zeros(plane.shape, np.float32)
        size = (int(0.62 * width / step), int(0.42 * width / step))
        spot = tuple(int(v) for v in centre / step)
        cv2.ellipse(mask, spot, size, 0, 0, 360, 1.0, -1)
        mask = cv2.GaussianBlur(mask, (0, 0), max(1.0, 0.05 * width / step))
        planes[name] = (mask * moved + (1 - mask) * plane + 0.5).astype(np.uint8)
    return replace(rest, **planes)


def _look(tracker: FaceTracker, frame: Frame, picture: RestPicture | None) -> Seen:
    mesh = _mesh(tracker, frame)
    eyes, _ = tracker._find_eyes(frame, mesh)
    plane = mesh.points_px[:468, :2]
    corrected = plane
    if picture is not None:
        corrected, *_ = picture.correct(frame.y, plane, FlowSettings().make())
    heights = np.linalg.norm(eyes[:, 12] - eyes[:, 4], axis=-1)
    return Seen(plane, np.asarray(corrected, dtype=np.float64), heights)


def _mesh(tracker: FaceTracker, frame: Frame) -> Mesh:
    found = tracker._find_mesh(frame, face_square(tracker._detector.detect(frame)[0]))
    if found is None:
        raise ValueError("no face in a rendered picture")
    return found


def _height(points: FloatArray, side: str) -> float:
    return float(np.linalg.norm(points[EYES[side][2]] - points[EYES[side][3]]))


def _moved(now: FloatArray, before: FloatArray, points: tuple[int, ...]) -> float:
    """Movement of points after the whole face's shift is taken off, pixels."""
    shift = np.median((now - before)[list(RIGID)], axis=0)
    return float(np.linalg.norm((now - before)[list(points)].mean(axis=0) - shift))


def _leaks(tracker: FaceTracker, patient: Patient) -> list[dict[str, float]]:
    rests, closed = _pictures(patient)
    rest = rests[-1]
    meshes = [_mesh(tracker, f).points_px[:468, :2] for f in rests]
    picture = RestPicture([f.y for f in rests], meshes, FlowSettings())
    base = _look(tracker, rest, picture)
    shut = _mesh(tracker, closed).points_px[:468, :2]
    found = []
    for row, side in enumerate("RL"):
        other = "L" if side == "R" else "R"
        mixed = _with_closed_eye(rest, closed, (base.mesh, shut), side)
        seen = _look(tracker, mixed, picture)
        width = float(np.linalg.norm(base.mesh[33] - base.mesh[263])) / 100.0
        own = _height(base.mesh, side) - _height(seen.mesh, side)
        leak = _height(base.mesh, other) - _height(seen.mesh, other)
        fell = base.network_heights - seen.network_heights
        found.append(
            {
                "the other eye seems to close, face network": 100 * leak / own,
                "the other eye seems to close, eye network": 100 * fell[1 - row] / fell[row],
                "mouth corner moves, face network": _moved(seen.mesh, base.mesh, CORNERS[other])
                / width,
                "mouth corner moves, with flow": _moved(
                    seen.corrected, base.corrected, CORNERS[other]
                )
                / width,
                "brow moves, face network": _moved(seen.mesh, base.mesh, BROWS[other]) / width,
                "brow moves, with flow": _moved(seen.corrected, base.corrected, BROWS[other])
                / width,
            }
        )
    return found


def rows() -> list[Row]:
    """Return the median leak over the rendered patients, before and after correction."""
    people = patients()
    if not people:
        remark = "no rendered patients: name their folder in FACEWIRE_PATIENTS"
        return [Row("one eye", "rendered patients", float("nan"), "", remark=remark)]
    tracker = FaceTracker(read_models())
    found = [leak for patient in people for leak in _leaks(tracker, patient)]
    shown = []
    for name in found[0]:
        values = [f[name] for f in found]
        unit = "% of the closing eye" if "eye seems" in name else "% of eye distance"
        spread = f"{min(values):.2f} to {max(values):.2f} in {len(values)}"
        shown.append(Row("one eye", name, float(np.median(values)), unit, remark=spread))
    return shown
