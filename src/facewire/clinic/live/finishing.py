"""From a session that ended to its rows: track and, where wished, video; then a measurement is due.

The track that was made live is taken when it is whole. Where the machine has few cores or fell
behind, or the app ended in between, the stored pictures are followed again from the first one: the
same track, later.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facewire.clinic.live.follower import Arrived, Message
from facewire.clinic.live.room import TRACK, Room
from facewire.clinic.live.tracking import LiveTracking
from facewire.errors import FacewireError, RecordError
from facewire.files import sha256_of
from facewire.landmarks.detectors.meshes import EYE_CROP
from facewire.landmarks.models import NETWORKS
from facewire.results.provenance import Source
from facewire.version import facewire_version
from facewire.video import probe_video
from facewire.video.pictures import SUFFIX, write_pictures

VIDEO = "session" + SUFFIX
LEAST_PICTURES = 30

Progress = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Finished:
    """What is left of a session, as files in its working folder.

    Parameters
    ----------
    track : Path
    video : Path or None
        None when it was not to be kept.
    cues : list of dict
        The cue sheet; empty when no repetition was kept.
    session, capture : dict
        The session as performed; how it was captured.
    """

    track: Path
    video: Path | None
    cues: list[dict[str, Any]]
    session: dict[str, Any]
    capture: dict[str, Any]


async def finish_session(room: Room, *, keep_video: bool) -> Finished:
    """Make track and video of a session.

    Parameters
    ----------
    room : Room
    keep_video : bool
        Whether the person said that the pictures are to be kept.

    Raises
    ------
    RecordError
        Nothing was recorded.
    FacewireError
        The disk is full, or the tracker does not work; the pictures stay.
    """
    if room.pictures.count < LEAST_PICTURES:
        raise RecordError(
            "Too little was recorded to be measured",
            expected=f"at least {LEAST_PICTURES} pictures",
            found=f"{room.pictures.count}",
            do="record again",
        )
    video = room.work / VIDEO if keep_video else None
    if video is not None:
        await asyncio.to_thread(write_pictures, video, room.pictures.read())
        digest = await asyncio.to_thread(sha256_of, video)
    else:
        digest = await asyncio.to_thread(_digest, room)
    source = await asyncio.to_thread(_source, room, video, digest)
    live = await _live_track(room, source)
    if not live:
        await _track_again(room, source)
    state, pictures = room.log.state, room.pictures
    capture = {
        "pictures": pictures.count,
        "seconds": (pictures.last_ms - pictures.first_ms) / 1000,
        "width_px": source.width_px,
        "height_px": source.height_px,
        "rate_hz": source.frame_rate_hz,
        "refused": room.refused,
        "followed_live": live,
        "video_kept": keep_video,
    }
    cues = state.cue_sheet(pictures.first_ms, pictures.last_ms)
    return Finished(room.work / TRACK, video, cues, state.to_json(), capture)


async def _live_track(room: Room, source: Source) -> bool:
    """Store the track that was made live; False when there is none or it has holes."""
    tracking = room.tracking
    if tracking.newest_only or tracking.fell_behind or not tracking.alive:
        return False
    if not room.followed_from_start:
        return False
    with suppress(FacewireError):
        message = await tracking.finish(source)
        whole = message["pictures"] + room.refused >= room.pictures.count
        if message["complete"] and whole:
            return True
    (room.work / TRACK).unlink(missing_ok=True)
    return False


async def _track_again(room: Room, source: Source) -> None:
    """Follow the stored pictures from the first one."""
    total = room.pictures.count

    async def heard(message: Message) -> None:
        if message["type"] == "left":
            await room.say_share(1.0 - message["left"] / total)

    tracking = LiveTracking(heard)
    await tracking.start()
    try:
        key = {"recording": room.recording_id, "again": True}
        await tracking.begin(room.work / TRACK, key, patient=True)
        for number, picture in enumerate(room.pictures.read()):
            await tracking.feed(Arrived(number, picture.time_ms, picture.jpeg, kept=True))
            if number % 60 == 0:
                await room.say_share(number / total)
        message = await tracking.finish(source)
    finally:
        await tracking.close()
    if not message["complete"]:
        raise FacewireError(
            "The pictures of the session could not be followed",
            found=message["problem"],
            do="look at the session again, or record a new one",
        )


def _digest(room: Room) -> str:
    digest = hashlib.sha256()
    for picture in room.pictures.read():
        digest.update(picture.time_ms.to_bytes(8, "little"))
        digest.update(picture.jpeg)
    return digest.hexdigest()


def _source(room: Room, video: Path | None, digest: str) -> Source:
    """Return what the track says of its origin, like that of a file."""
    pictures = room.pictures
    seconds = (pictures.last_ms - pictures.first_ms) / 1000
    size = pictures.size_px or (0, 0)
    info = None if video is None else probe_video(video)
    return Source(
        name="live session",
        sha256=digest,
        width_px=size[0] if info is None else info.width_px,
        height_px=size[1] if info is None else info.height_px,
        rotation_deg=0,
        codec="mjpeg",
        container="live",
        frame_rate_hz=round((pictures.count - 1) / seconds, 3) if seconds > 0 else 0.0,
        duration_s=seconds,
        mirrored=False,
        facewire=facewire_version(),
        eye_crop=EYE_CROP,
        networks=NETWORKS,
    )
