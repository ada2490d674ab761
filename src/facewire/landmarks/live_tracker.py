"""The tracker for a live camera: one frame in, its points out, before the next one comes.

`FaceTracker.track` keeps several frames under way and hands points out late. Here nothing is under
way between two frames. Region of interest and rest picture depend on the same earlier frames, so
the points are the same, bit for bit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from facewire.landmarks.detectors.crop import Square
from facewire.landmarks.detectors.meshes import Mesh, next_square
from facewire.landmarks.faces import chosen_square
from facewire.landmarks.flow import RestFrames, RestPicture
from facewire.landmarks.models import ModelBytes
from facewire.landmarks.track import LandmarkTrack
from facewire.landmarks.tracker import (
    LAG_FRAMES,
    EyesFound,
    FaceTracker,
    FramePoints,
    Opening,
    TrackerSettings,
)
from facewire.video import Frame


class SteppingTracker(FaceTracker):
    """Follows a face frame by frame.

    Parameters
    ----------
    models : ModelBytes
        The networks.
    settings : TrackerSettings, optional
        How much is run on each frame.
    """

    def __init__(self, models: ModelBytes, settings: TrackerSettings | None = None) -> None:
        super().__init__(models, settings, workers=1)
        self._beside = ThreadPoolExecutor(1)
        self.begin()

    def begin(self) -> None:
        """Forget the person: the next frame is the first of a recording."""
        self._rest = RestFrames(self.settings.flow)
        self._opening = Opening(self._rest, self._solver)
        self._picture: RestPicture | None = None
        self._meshes: deque[Mesh | None] = deque(maxlen=LAG_FRAMES)
        self._square: Square | None = None
        self._glanced: Square | None = None
        self._look_afresh()

    @property
    def at_rest(self) -> bool:
        """Whether the person's rest picture was taken."""
        return self._picture is not None

    def step(self, frame: Frame) -> FramePoints:
        """Return the points of the next frame of a recording, as `FaceTracker.track` finds them."""
        return self.closer(frame, self.find(frame))

    def find(self, frame: Frame) -> Mesh | None:
        """Find the face in the next frame of a recording: the first half of `step`.

        Frames go in one after the other. The second half may lag behind, in another thread.
        """
        if len(self._meshes) == LAG_FRAMES:
            self._square = _region(self._meshes[0])
        self._square = self._square or self._find_face(frame)
        self._before = self._square or self._before
        mesh = self._find_mesh(frame, self._square, look=self._is_due(frame.time_s))
        self._meshes.append(mesh)
        self._glanced = _region(mesh)
        return mesh

    def closer(self, frame: Frame, mesh: Mesh | None) -> FramePoints:
        """Return the points of a frame whose face was found: the second half of `step`."""
        if mesh is not None and not self.settings.plain:
            self._picture = self._rest.offer(frame, mesh.points_px)
        return self._look_closer(frame, mesh, None if mesh is None else self._picture)

    def complete(self, points: FramePoints) -> Generator[FramePoints, None, None]:
        """Take the points of the next frame of a recording; yield what can be stored by now.

        Those before the rest picture are corrected once it is there; `closer` could not.
        """
        yield from self._opening.take(points)

    def complete_rest(self) -> Generator[FramePoints, None, None]:
        """Yield what still waits to be stored: the recording is over."""
        yield from self._opening.end()

    def glance(self, frame: Frame) -> FramePoints:
        """Return the points of any frame, without a place in the recording.

        For what is shown only: frames between may have been left out, and nothing that a later
        `step` depends on changes.
        """
        square = self._glanced or chosen_square(self._detector.detect(frame), self.settings.face)
        mesh = self._find_mesh(frame, square)
        self._glanced = _region(mesh)
        return self._look_closer(frame, mesh, None if mesh is None else self._picture)

    def _start_eyes(self, frame: Frame, mesh: Mesh) -> Callable[[], EyesFound]:
        """Let the eye network run beside the flow: together they are most of a frame's time."""
        return self._beside.submit(self._find_eyes, frame, mesh).result

    def count_faces(self, frame: Frame) -> int:
        """Return how many faces a frame shows."""
        return len(self._detector.detect(frame))


def _region(mesh: Mesh | None) -> Square | None:
    return None if mesh is None else next_square(mesh.points_px)


def track_of(points: Sequence[FramePoints]) -> LandmarkTrack:
    """Put the points of some frames together as a track.

    Parameters
    ----------
    points : sequence of FramePoints
        All of one tracker, in order of time.
    """

    def column(name: str) -> Any:
        if getattr(points[0], name) is None:
            return None
        return np.array([getattr(p, name) for p in points], dtype=np.float32)

    return LandmarkTrack(
        np.array([p.time_s for p in points]),
        column("points_px"),
        column("presence"),
        column("eyes_px"),
        column("eyes_spread_px"),
        column("corrected_px"),
        None if points[0].corrected_px is None else column("mismatch"),
        column("seen"),
        column("match"),
    )
