"""From a video file to a stored landmark track."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from facewire.errors import NoFaceError, OutputExistsError, TrackError, UsageError
from facewire.landmarks import StoredTrack, TrackWriter, open_track, track_source
from facewire.landmarks.detectors.meshes import EYE_CROP
from facewire.landmarks.faces import LARGEST, check_face
from facewire.landmarks.models import LID_NETWORK, NETWORKS, read_models
from facewire.landmarks.tracker import FRAMES_HELD, FaceTracker, TrackerSettings
from facewire.results.provenance import Source
from facewire.version import facewire_version
from facewire.video import Frame, VideoInfo, VideoStream, open_video
from facewire.video.repeats import Repeats

PROGRESS_EVERY = 15

Progress = Callable[[str, float], None]
"""Called with the name of a step and the share of it that is done, 0 to 1."""

Accept = Callable[[VideoInfo], None]
"""Called with what is known of a recording before it is followed; raises what is against it."""


@dataclass(frozen=True)
class TrackOptions:
    """How the face is followed.

    Parameters
    ----------
    model : Path, optional
        Folder of the network files.
    mirrored : bool, optional
        Whether the picture is mirrored; None leaves the sides unconfirmed.
    plain : bool
        The face network alone; such a track cannot be measured.
    fast : bool
        Coarser corrections.
    allow_partial : bool
        Use what can be read of a truncated file.
    face : str
        Which of several faces is followed: ``largest``, ``left``, ``right`` (of the picture), or a
        number from the left.
    """

    model: Path | None = None
    mirrored: bool | None = None
    plain: bool = False
    fast: bool = False
    allow_partial: bool = False
    face: str = LARGEST

    def __post_init__(self) -> None:
        check_face(self.face)


def track_video(
    video: Path,
    out: Path,
    options: TrackOptions,
    progress: Progress | None = None,
    accept: Accept | None = None,
) -> None:
    """Follow the face of a recording and store its track.

    An interrupted run leaves its parts beside ``out``; the same call continues from them. Nothing
    is written, and no folder made, before the recording can be read and is accepted.

    Parameters
    ----------
    video : Path
        The recording.
    out : Path
        The track file to write.
    options : TrackOptions
        How the face is followed.
    progress : callable, optional
        Called with step and share.
    accept : callable, optional
        Asked once the recording is open, before any work.

    Raises
    ------
    OutputExistsError
        ``out`` is there already.
    VideoError, ModelError, NoFaceError, StorageError
        See the error tree.
    """
    if out.exists():
        raise OutputExistsError(
            f"The track {out} is there already", do="name another file, or delete it first"
        )
    settings = TrackerSettings.fast() if options.fast else TrackerSettings()
    settings = replace(settings, plain=options.plain, face=options.face)
    started = time.monotonic()
    with open_video(video, keep=FRAMES_HELD, allow_partial=options.allow_partial) as stream:
        if accept:
            accept(stream.info)
        tracker = FaceTracker(read_models(options.model), settings)
        writer = TrackWriter(out, _key(stream.info, options))
        repeats = Repeats()
        known = writer.stored_points()
        found = known.any_found
        frames = _noted(stream, repeats)
        with writer, closing(tracker.track(frames, known)) as followed:
            for count, points in enumerate(followed, start=len(known)):
                writer.add(points)
                found |= bool(np.isfinite(points.presence))
                if progress and count % PROGRESS_EVERY == 0:
                    length_s = stream.info.duration_s
                    share = min(points.time_s / length_s, 1.0) if length_s > 0 else 0.0
                    progress("track", share)
        if tracker.faces.upside_down:
            writer.discard()
            raise NoFaceError(
                f"The picture of {video.name} stands on its head",
                expected="an upright face",
                found="a face in the picture turned by 180 degrees",
                do="turn the video by 180 degrees, in the phone's or computer's pictures program",
            )
        if not found:
            writer.discard()
            raise NoFaceError(
                f"No face was found in {video.name}",
                expected="one face, seen from the front",
                found="none in any frame",
                do="check light and distance; the face should fill at least a third of the picture",
            )
        source = _source(stream, options, tracker, time.monotonic() - started)
        repeated_s = round(repeats.seconds, 2)
        writer.finish(source.replaced(synthetic=is_synthetic(video), repeated_s=repeated_s))
    if progress:
        progress("track", 1.0)


def _noted(stream: VideoStream, repeats: Repeats) -> Iterator[Frame]:
    for frame in stream:
        repeats.add(frame)
        yield frame


def is_synthetic(video: Path) -> bool:
    """Return whether a clip is a rendered patient, which has its truth beside it."""
    return video.with_suffix(".truth.json").is_file()


def _key(info: VideoInfo, options: TrackOptions) -> dict[str, Any]:
    return {
        "sha256": info.sha256,
        "plain": options.plain,
        "fast": options.fast,
        "face": options.face,
        "facewire": facewire_version(),
    }


def _source(
    stream: VideoStream, options: TrackOptions, tracker: FaceTracker, seconds: float
) -> Source:
    info = stream.info
    return Source(
        name=info.name,
        sha256=info.sha256,
        width_px=info.width_px,
        height_px=info.height_px,
        rotation_deg=info.rotation_deg,
        codec=info.codec,
        container=info.container,
        frame_rate_hz=_known(info.frame_rate_hz),
        duration_s=_known(info.duration_s),
        truncated=stream.truncated,
        damaged_frames=stream.damaged_frames,
        dropped_frames=stream.dropped_frames,
        resized_frames=stream.resized_frames,
        quantizer=stream.quantizer,
        slow_motion=info.slow_motion,
        late_s=round(info.late_s, 3),
        video_tracks=info.video_tracks,
        faces_seen=tracker.faces.most,
        several_faces=round(tracker.faces.several_share, 3),
        face=options.face,
        mirrored=options.mirrored,
        plain=options.plain,
        fast=options.fast,
        eye_crop=None if options.plain else EYE_CROP,
        facewire=facewire_version(),
        seconds=round(seconds, 2),
        networks=NETWORKS,
    )


def _known(announced: float) -> float | None:
    """Return what the file announced; None where it announced nothing."""
    return announced if math.isfinite(announced) else None


def upright_track(path: Path, mirrored: bool | None) -> StoredTrack:
    """Open a track with left and right as the patient's.

    The track is stored as filmed; what was said of mirroring, at tracking or now, is applied.

    Raises
    ------
    UsageError
        What is said now disagrees with what was said at tracking.
    TrackError
        The lids were found by another network than this version's.
    """
    source = track_source(path)
    if not source.plain and LID_NETWORK not in source.networks:
        raise TrackError(
            f"The lids of {path.name} were found by an earlier version",
            expected=f"a track made with the lid network {LID_NETWORK.sha256[:12]}",
            found=", ".join(n.name for n in source.networks) or "no network named",
            do="track the recording again",
        )
    if not source.plain and source.eye_crop != EYE_CROP:
        raise TrackError(
            f"The irises of {path.name} were read by an earlier version, which saw less of the eye",
            expected=f"a track made with crops {EYE_CROP:g} times as wide as the eye",
            found="none named" if source.eye_crop is None else f"{source.eye_crop:g} times",
            do="track the recording again",
        )
    stored = source.mirrored
    if mirrored is not None and stored is not None and mirrored != stored:
        raise UsageError(
            "It was said differently before whether the recording is mirrored",
            expected=f"--mirrored {'yes' if stored else 'no'}, as when it was tracked",
            found=f"--mirrored {'yes' if mirrored else 'no'}",
            do="track the recording again",
        )
    known = stored if mirrored is None else mirrored
    track = open_track(path, float(source.width_px or 0) if known else None)
    return replace(track, source=source.replaced(mirrored=known))
