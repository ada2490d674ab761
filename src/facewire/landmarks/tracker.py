"""Frames in, landmark track out: the same for a file and for a live camera.

Each frame goes through two stages. The face network reads a crop whose place comes from the
points found ``LAG_FRAMES`` frames earlier, so that several frames can be under way at once and
the answer does not depend on how fast the machine is. Then the eye network reads crops of both
eyes, and optical flow compares the frame with the person's own rest picture.

Nothing is smoothed over time here.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from facewire.face import Side
from facewire.landmarks.detectors.crop import Square, cut_rgb
from facewire.landmarks.detectors.face_detector import Detection, FaceDetector
from facewire.landmarks.detectors.lids import CROP_PX, LidNetwork, lid_square, with_lids
from facewire.landmarks.detectors.meshes import (
    EYE_INPUT_PX,
    FACE_INPUT_PX,
    MIN_PRESENCE,
    Mesh,
    eye_points_from_outputs,
    eye_square,
    mesh_from_outputs,
    next_square,
)
from facewire.landmarks.detectors.runtime import Network
from facewire.landmarks.faces import (
    LARGEST,
    LOOK_EVERY_S,
    FaceCount,
    check_face,
    chosen_square,
    moved_by,
    one_of_each,
    windows,
)
from facewire.landmarks.flow import PLACES, FlowSettings, RestFrames, RestPicture
from facewire.landmarks.models import ModelBytes
from facewire.landmarks.points import (
    EYE_CORNERS,
    N_EYE_POINTS,
    N_MESH,
    N_POINTS,
)
from facewire.landmarks.seen import PARTS, likeness
from facewire.landmarks.track_file import StoredPoints
from facewire.video import Frame

FloatArray = NDArray[np.float64]
EyesFound = tuple[FloatArray, FloatArray]
"""Points of both eyes and the spread of each fissure's height."""

LAG_FRAMES = 3
"""The region of interest comes from the points this many frames earlier."""

FRAMES_HELD = 2 * LAG_FRAMES + 2
"""Frames whose pictures must stay readable while they are under way."""

WORKERS = 5
"""Threads. More than two cores need, because a thread that turns numbers over in Python holds up
the others: on two cores five threads followed a fifth more frames a second than two."""

MOST_WAITING = 900
"""Frames whose points may wait for a rest picture."""

KnownPoints = Sequence[NDArray[np.float32]] | NDArray[np.float32] | StoredPoints


@dataclass(frozen=True)
class TrackerSettings:
    """How much is run on each frame.

    Parameters
    ----------
    plain : bool
        The face network alone: no eye network, no flow. Enough to look at, too little to measure.
    flow : FlowSettings
        Size and effort of the flow.
    face : str
        Which of several faces is followed, see `chosen_square`.
    """

    plain: bool = False
    flow: FlowSettings = field(default_factory=FlowSettings)
    face: str = LARGEST

    def __post_init__(self) -> None:
        check_face(self.face)

    @classmethod
    def fast(cls) -> TrackerSettings:
        """Return settings for slow machines: quicker flow."""
        return cls(flow=FlowSettings(192, 5, 12))


@dataclass(frozen=True)
class FramePoints:
    """Everything found in one frame; see `LandmarkTrack` for the arrays. NaN where not found."""

    time_s: float
    points_px: FloatArray
    presence: float
    eyes_px: FloatArray | None
    eyes_spread_px: FloatArray | None
    corrected_px: FloatArray | None
    mismatch: float
    seen: NDArray[np.float32] | None = None
    match: NDArray[np.float32] | None = None


class Opening:
    """Keeps back the points of the frames before the rest picture until they are corrected too.

    Parameters
    ----------
    rest : RestFrames
        Holds the pictures of those frames.
    solver : callable
        Gives the thread's flow solver.
    """

    def __init__(self, rest: RestFrames, solver: Callable[[], cv2.DISOpticalFlow]) -> None:
        self._rest, self._solver = rest, solver
        self._waiting: deque[FramePoints] = deque()

    def take(self, points: FramePoints) -> Generator[FramePoints, None, None]:
        """Take the next frame's points; yield what is complete by now, in order."""
        self._waiting.append(points)
        while self._waiting and not (self._rest.waiting and len(self._waiting) < MOST_WAITING):
            yield self._corrected(self._waiting.popleft())

    def end(self) -> Generator[FramePoints, None, None]:
        """Yield what still waits: the recording is over."""
        self._rest.settle()
        while self._waiting:
            yield self._corrected(self._waiting.popleft())

    def _corrected(self, points: FramePoints) -> FramePoints:
        held = self._rest.held(points.time_s)
        if held is None or self._rest.picture is None:
            return points
        corrected, mismatch, match = self._rest.picture.correct(*held, self._solver())
        return replace(
            points, corrected_px=corrected.astype(np.float64), mismatch=mismatch, match=match
        )


class FaceTracker:
    """Runs the networks and the flow on a stream of frames.

    Parameters
    ----------
    models : ModelBytes
        The networks.
    settings : TrackerSettings
        How much is run on each frame.
    workers : int
        Threads; the answer does not depend on it.
    """

    def __init__(
        self, models: ModelBytes, settings: TrackerSettings | None = None, workers: int = WORKERS
    ) -> None:
        self.settings = settings or TrackerSettings()
        self._detector = FaceDetector(models.detector)
        self._mesh = Network(models.landmarks, outputs=("Identity", "Identity_1"))
        self._eyes = Network(
            models.eye,
            batch=len(EYE_CORNERS),
            outputs=("output_eyes_contours_and_brows", "output_iris"),
        )
        self._lids = LidNetwork()
        self._workers = workers
        self._local = threading.local()
        self._known: KnownPoints = ()
        self._look_afresh()

    def _look_afresh(self) -> None:
        """Forget the faces of another recording."""
        self.faces = FaceCount()
        self._before: Square | None = None
        self._next_look_s = self._next_near_s = -np.inf

    def track(
        self, frames: Iterable[Frame], known: KnownPoints = ()
    ) -> Generator[FramePoints, None, None]:
        """Yield the points of each frame, in order.

        They come up to ``FRAMES_HELD`` frames late, those before the rest picture later.

        Parameters
        ----------
        frames : iterable of Frame
            Planes must stay readable until ``FRAMES_HELD`` further frames were taken.
        known : sequence of ndarray, shape (478, 3), optional
            Face points of the first frames from an earlier, interrupted run. They are not found
            again and not yielded; everything after them comes out as if there had been no break.
        """
        self._known = known
        rest = RestFrames(self.settings.flow)
        opening = Opening(rest, self._solver)
        first: deque[tuple[Frame, Future[Mesh | None]]] = deque()
        second: deque[Future[FramePoints]] = deque()
        square: Square | None = None
        with ThreadPoolExecutor(self._workers) as pool:
            for frame in frames:
                if len(first) == LAG_FRAMES:
                    square = self._advance(pool, first, second, rest)
                # Known frames too: the count of faces then is that of an unbroken run.
                square = square or self._find_face(frame)
                self._before = square or self._before
                look = self._is_due(frame.time_s)
                first.append((frame, pool.submit(self._find_mesh, frame, square, look=look)))
                if len(second) > LAG_FRAMES:
                    yield from opening.take(second.popleft().result())
            while first:
                self._advance(pool, first, second, rest)
            while second:
                yield from opening.take(second.popleft().result())
            yield from opening.end()

    def _advance(
        self,
        pool: ThreadPoolExecutor,
        first: deque[tuple[Frame, Future[Mesh | None]]],
        second: deque[Future[FramePoints]],
        rest: RestFrames,
    ) -> Square | None:
        """Move the oldest frame to the second stage; return where to look for the face next."""
        frame, future = first.popleft()
        mesh = future.result()
        picture = None
        if mesh is not None and not self.settings.plain:
            picture = rest.offer(frame, mesh.points_px)
        if frame.index >= len(self._known):
            second.append(pool.submit(self._look_closer, frame, mesh, picture))
        return None if mesh is None else next_square(mesh.points_px)

    def _find_face(self, frame: Frame) -> Square | None:
        """Detect faces; the one that was followed is taken again, else the one that is meant."""
        faces = self._detector.detect(frame)
        if not faces and frame.time_s >= self._next_near_s:
            self._next_near_s = frame.time_s + LOOK_EVERY_S
            faces = self._look_nearer(frame)
        return chosen_square(faces, self.settings.face, self._before)

    def _look_nearer(self, frame: Frame) -> list[Detection]:
        """Detect faces that are too small in the whole picture."""
        found = [
            moved_by(face, left, top)
            for left, top, part in windows(frame)
            for face in self._detector.detect(part)
        ]
        return one_of_each(found)

    def _is_due(self, time_s: float) -> bool:
        """Whether the whole picture is to be looked at for further faces."""
        due = time_s >= self._next_look_s
        if due:
            self._next_look_s = time_s + LOOK_EVERY_S
        return due

    def _look_around(self, frame: Frame) -> None:
        faces = self._detector.detect(frame)
        self.faces.add(faces, self._detector.detect(_on_its_head(frame)))

    def _find_mesh(self, frame: Frame, square: Square | None, *, look: bool = False) -> Mesh | None:
        if look:
            self._look_around(frame)
        if frame.index < len(self._known):
            points = self._known[frame.index].astype(np.float64)
            return Mesh(points, 1.0) if np.isfinite(points[0, 0]) else None
        if square is None:
            return None
        values, logit = self._mesh.infer(cut_rgb(frame, square, FACE_INPUT_PX)[None])
        mesh = mesh_from_outputs(values, float(logit.ravel()[0]), square)
        return mesh if mesh.presence >= MIN_PRESENCE else None

    def _look_closer(
        self, frame: Frame, mesh: Mesh | None, rest: RestPicture | None
    ) -> FramePoints:
        if mesh is None:
            return _nothing(frame.time_s, plain=self.settings.plain)
        plain = self.settings.plain
        eyes_found = None if plain else self._start_eyes(frame, mesh)
        corrected = None if plain else np.full((N_MESH, 2), np.nan)
        mismatch, match = float("nan"), None if plain else _unmatched()
        if rest is not None:
            plane = mesh.points_px[:N_MESH, :2]
            corrected, mismatch, match = rest.correct(frame.y, plane, self._solver())
        eyes, spread = (None, None) if eyes_found is None else eyes_found()
        return FramePoints(
            frame.time_s,
            mesh.points_px,
            mesh.presence,
            eyes,
            spread,
            corrected,
            mismatch,
            None if plain else likeness(frame, mesh.points_px),
            match,
        )

    def _start_eyes(self, frame: Frame, mesh: Mesh) -> Callable[[], EyesFound]:
        """Return what gives the eyes of a frame; here it is the work itself."""
        return partial(self._find_eyes, frame, mesh)

    def _find_eyes(self, frame: Frame, mesh: Mesh) -> EyesFound:
        """Points of both eyes, the lids' edges by the lid network, and the spread of its heights.

        Corners and iris are the eye network's.
        """
        plane = mesh.points_px[:, :2]
        flips = (False, True)
        corners = [plane[list(EYE_CORNERS[side])] for side in (Side.RIGHT, Side.LEFT)]
        squares, lid_squares = (
            [
                cut(inner, outer, flip=flip)
                for (outer, inner), flip in zip(corners, flips, strict=True)
            ]
            for cut in (eye_square, lid_square)
        )
        crops = [
            cut_rgb(frame, square, EYE_INPUT_PX, mirrored=flip)
            for square, flip in zip(squares, flips, strict=True)
        ]
        contours, irises = (a.reshape(2, -1) for a in self._eyes.infer(np.stack(crops)))
        points, spreads = [], []
        for row, lids in enumerate(self._lids.find(frame, lid_squares)):
            eye = eye_points_from_outputs(contours[row], irises[row], squares[row], flip=flips[row])
            points.append(with_lids(eye, lids, lid_squares[row], flip=flips[row]))
            spreads.append(lids.spread_px * lid_squares[row].size_px / CROP_PX)
        return np.array(points), np.array(spreads)

    def _solver(self) -> cv2.DISOpticalFlow:
        solver = getattr(self._local, "solver", None)
        if solver is None:
            solver = self._local.solver = self.settings.flow.make()
        return solver


def _on_its_head(frame: Frame) -> Frame:
    y, u, v = (np.ascontiguousarray(plane[::-1, ::-1]) for plane in (frame.y, frame.u, frame.v))
    return replace(frame, y=y, u=u, v=v)


def _nothing(time_s: float, *, plain: bool) -> FramePoints:
    nan = float("nan")
    return FramePoints(
        time_s,
        np.full((N_POINTS, 3), nan),
        nan,
        None if plain else np.full((2, N_EYE_POINTS, 2), nan),
        None if plain else np.full(2, nan),
        None if plain else np.full((N_MESH, 2), nan),
        nan,
        None if plain else np.full((2, len(PARTS)), nan, dtype=np.float32),
        None if plain else _unmatched(),
    )


def _unmatched() -> NDArray[np.float32]:
    return np.full((2, len(PLACES)), np.nan, dtype=np.float32)
