"""Follows the live face: which picture next, what is answered, what goes into the track.

Two promises pull apart. What is shown must be of the newest picture; what is kept must hold every
picture in its order. While the machine keeps up both are one: each kept picture is followed and
answered. When pictures wait, the newest one is looked at out of turn for the answer, and the
waiting ones follow in the time that is left. When too many wait, the track is given up here and
made from the stored pictures after the session; nothing is lost by it but time.

On a machine with few cores there is nothing to keep up for: then only the newest picture is looked
at, with the quicker settings, and the whole track is made after the session.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from facewire.errors import FacewireError, TrackError, VideoError
from facewire.face import CHANNELS, SIDES
from facewire.landmarks import TrackWriter
from facewire.landmarks.detectors.meshes import Mesh
from facewire.landmarks.live_tracker import SteppingTracker, track_of
from facewire.landmarks.models import ModelBytes
from facewire.landmarks.quality import picture_quality
from facewire.landmarks.tracker import FramePoints, TrackerSettings
from facewire.motion.compute import MAX_TURN_DEG
from facewire.motion.eyes import EYE_ROW
from facewire.motion.live import LiveMotion, LiveValues, enough_for_live
from facewire.results.provenance import Source
from facewire.video import Frame
from facewire.video.pictures import PictureDecoder

FACES_EVERY = 15
QUALITY_EVERY = 3
KEEPING_UP = 10
"""Pictures that may wait while each is still followed and answered in turn."""
TURNS_A_GLANCE = 8
"""Waiting pictures that are followed after each look out of turn: so that they become fewer."""
MOST_WAITING = 600
DIGITS = 2

Message = dict[str, Any]
Found = tuple[Frame, Mesh | None]


@dataclass(frozen=True)
class Arrived:
    """A picture as it arrived: its number, capture time, and whether it is kept."""

    number: int
    time_ms: int
    jpeg: bytes
    kept: bool


class Follower:
    """The live tracker's own order of work; one thread uses it.

    Parameters
    ----------
    models : ModelBytes
        The networks.
    settings : TrackerSettings, optional
        How much is run on each picture; the track of a recording is made with the same.
    newest_only : bool
        Whether pictures that come too late for the answer are left out; then no track is made.
    """

    def __init__(
        self,
        models: ModelBytes,
        settings: TrackerSettings | None = None,
        *,
        newest_only: bool = False,
    ) -> None:
        self._newest_only = newest_only
        self._tracker = SteppingTracker(models, settings)
        self._decoder, self._glance_decoder = PictureDecoder(), PictureDecoder()
        self._before, self._beside = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._begun: Future[Found] | None = None
        self._writer: TrackWriter | None = None
        self._recording = False
        self._forget()

    def _forget(self) -> None:
        self._drop_begun()
        self._waiting: deque[Arrived] = deque()
        self._newest: Arrived | None = None
        self._glanced, self._turns = -1, 0
        self._opening: list[FramePoints] = []
        self._motion: LiveMotion | None = None
        self._zero: Future[LiveMotion | None] | None = None
        self._first_ms: int | None = None
        self._last_ms = -1
        self._index = 0
        self._damaged = 0
        self._faces, self._seen = 0, 0
        self._patient = False
        self._complete = not self._newest_only

    @property
    def busy(self) -> bool:
        """Whether a picture waits."""
        return bool(self._waiting) or self._newest is not None

    @property
    def full(self) -> bool:
        """Whether further pictures should stay where they are for now."""
        return self._patient and len(self._waiting) > MOST_WAITING // 4

    def begin(self, track: Path, key: dict[str, Any], *, patient: bool = False) -> None:
        """Start a recording: the next kept picture is its first.

        Parameters
        ----------
        track : Path
            The track file to make.
        key : dict
            What it is made from.
        patient : bool
            Whether any number of pictures may wait, because nobody looks at the answers.
        """
        self._forget()
        self._patient = patient
        self._tracker.begin()
        self._recording = True
        self._writer = None if self._newest_only else TrackWriter(track, key)

    def take(self, picture: Arrived) -> None:
        """Take a picture; of those not kept only the newest waits."""
        if picture.kept and self._recording and self._newest_only:
            self._waiting.clear()
            self._waiting.append(picture)
        elif picture.kept and self._recording and self._complete:
            self._waiting.append(picture)
            if len(self._waiting) > MOST_WAITING and not self._patient:
                self._complete = False
                self._waiting.clear()
                self._drop_begun()
        if not (picture.kept and self._waiting):
            self._newest = picture

    def work(self) -> Message | None:
        """Look at one picture; return what is to be answered, None when nothing is."""
        if self._waiting and self._in_turn():
            picture = self._waiting.popleft()
            self._turns += 1
            return self._follow(picture, answered=picture.number > self._glanced)
        if self._waiting:
            self._glanced, self._turns = self._waiting[-1].number, 0
            return self._glance(self._waiting[-1])
        newest, self._newest = self._newest, None
        return None if newest is None else self._glance(newest)

    def _in_turn(self) -> bool:
        """Whether the oldest picture is next: always until the live values have their zero."""
        keeping_up = len(self._waiting) <= KEEPING_UP or self._motion is None
        seen = self._waiting[-1].number <= self._glanced
        return keeping_up or seen or self._turns < TURNS_A_GLANCE

    def _glance(self, picture: Arrived) -> Message | None:
        """Look at a picture for the answer alone."""
        try:
            frame = self._glance_decoder.decode(picture.jpeg, self._index, self._time_s(picture))
        except VideoError as error:
            return _refused(picture, error)
        return self._answer(picture, frame, self._tracker.glance(frame))

    def _follow(self, picture: Arrived, *, answered: bool) -> Message | None:
        """Take the oldest kept picture into the track; the next one's face is found meanwhile."""
        if self._first_ms is not None and picture.time_ms <= self._last_ms:
            return None
        begun, self._begun = self._begun or self._begin_with(picture), None
        try:
            frame, mesh = begun.result()
        except VideoError as error:
            self._damaged += 1
            return _refused(picture, error)
        self._first_ms = picture.time_ms if self._first_ms is None else self._first_ms
        self._last_ms = picture.time_ms
        self._index += 1
        if self._waiting and self._waiting[0].time_ms > self._last_ms:
            self._begun = self._begin_with(self._waiting[0])
        points = self._tracker.closer(frame, mesh)
        if self._writer is not None:
            for complete in self._tracker.complete(points):
                self._writer.add(complete)
        if self._motion is None:
            self._settle(points)
        return self._answer(picture, frame, points) if answered else None

    def _begin_with(self, picture: Arrived) -> Future[Found]:
        return self._before.submit(self._find, picture, self._index, self._time_s(picture))

    def _find(self, picture: Arrived, index: int, time_s: float) -> Found:
        frame = self._decoder.decode(picture.jpeg, index, time_s)
        return frame, self._tracker.find(frame)

    def _drop_begun(self) -> None:
        if self._begun is not None:
            wait([self._begun])
        self._begun = None

    def _time_s(self, picture: Arrived) -> float:
        return 0.0 if self._first_ms is None else (picture.time_ms - self._first_ms) / 1000

    def _settle(self, points: FramePoints) -> None:
        """Collect the opening rest until the live values have their zero, found meanwhile."""
        if self._zero is not None:
            if self._zero.done():
                self._motion, self._zero = self._zero.result(), None
            return
        if points.corrected_px is None or not np.isfinite(points.corrected_px[0, 0]):
            return
        self._opening.append(points)
        if enough_for_live([p.time_s for p in self._opening]):
            self._zero = self._beside.submit(_live_motion, self._opening)
            # Where the face is too small it is looked at again with the next ones.
            self._opening = self._opening[len(self._opening) // 2 :]

    def _answer(self, picture: Arrived, frame: Frame, points: FramePoints) -> Message:
        if self._seen % FACES_EVERY == 0:
            self._faces = self._tracker.count_faces(frame)
        if self._seen % QUALITY_EVERY == 0:
            self._quality = picture_quality(frame, points.points_px, self._faces)
        self._seen += 1
        quality = self._quality
        message: Message = {
            "type": "values",
            "frame": picture.number,
            "capture_ms": picture.time_ms,
            "waiting": len(self._waiting),
            "values": None,
            "quality": {
                "problems": list(quality.problems),
                "iris_px": _finite(quality.iris_px),
                "eyes_px": _finite(quality.eyes_px),
                "brightness": _finite(quality.brightness),
                "yaw_deg": _finite(quality.yaw_deg),
                "pitch_deg": _finite(quality.pitch_deg),
                "roll_deg": _finite(quality.roll_deg),
            },
        }
        values = self._values(picture, points)
        if values is not None:
            message["values"] = _named(values)
            message["turned"] = bool(np.abs(values.pose_deg[:2]).max() > MAX_TURN_DEG)
        return message

    def _values(self, picture: Arrived, points: FramePoints) -> LiveValues | None:
        corrected, eyes = points.corrected_px, points.eyes_px
        if self._motion is None or corrected is None or eyes is None:
            return None
        if not np.isfinite(corrected[0, 0]):
            return None
        return self._motion.read(self._time_s(picture), corrected, eyes)

    def finish(self, source: Source, progress: Callable[[int], None] | None = None) -> Message:
        """Follow what waits and store the track.

        Parameters
        ----------
        source : Source
            What is known of the recording; how it was followed is added.
        progress : callable, optional
            Told now and then how many pictures wait still.

        Returns
        -------
        dict
            ``type`` is ``finished``; ``complete`` says whether the track was stored.
        """
        while self._waiting:
            self._follow(self._waiting.popleft(), answered=False)
            if progress is not None and len(self._waiting) % FACES_EVERY == 0:
                progress(len(self._waiting))
        writer, self._writer, self._recording = self._writer, None, False
        complete = self._complete and self._index > 0 and writer is not None
        problem = ""
        if writer is not None and complete:
            try:
                for points in self._tracker.complete_rest():
                    writer.add(points)
                writer.finish(
                    source.replaced(
                        damaged_frames=self._damaged, faces_seen=self._tracker.faces.most
                    )
                )
            except FacewireError as error:
                complete, problem = False, str(error)
        elif writer is not None:
            writer.discard()
        return {
            "type": "finished",
            "complete": complete,
            "pictures": self._index,
            "problem": problem,
        }


def _live_motion(opening: list[FramePoints]) -> LiveMotion | None:
    """Return the live values' zero; None where the face is too small."""
    try:
        return LiveMotion(track_of(opening))
    except TrackError:
        return None


def _refused(picture: Arrived, error: VideoError) -> Message:
    return {"type": "picture_refused", "frame": picture.number, "what": error.what}


def _named(values: LiveValues) -> dict[str, float | None]:
    """Return the values by name: changes in mm, and the fissures' heights."""
    found = {c.name: _finite(v) for c, v in zip(CHANNELS, values.change_mm, strict=True)}
    heights = {f"fissure_{s}": _finite(values.eye_mm[EYE_ROW[s]]) for s in SIDES}
    return {**found, **heights}


def _finite(value: float) -> float | None:
    return round(float(value), DIGITS) if np.isfinite(value) else None
