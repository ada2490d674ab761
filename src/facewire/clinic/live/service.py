"""The live sessions of the app: opened, found again, finished, and their rows."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from facewire.clinic.live.finishing import LEAST_PICTURES, Finished, finish_session
from facewire.clinic.live.protocol import PROTOCOLS, Protocol
from facewire.clinic.live.room import Room, state_of
from facewire.clinic.live.tracking import LiveTracking, nobody
from facewire.errors import (
    FacewireError,
    ForbiddenError,
    NotFoundError,
    RecordError,
    UsageError,
    parts_of,
)
from facewire.record.audit import SYSTEM, Actor
from facewire.record.clinical import require_care
from facewire.record.folder import DataFolder
from facewire.record.jobs import ask
from facewire.record.media import MediaStore
from facewire.record.recordings import open_live
from facewire.record.store import Record, Session, add, change, get, void
from facewire.record.tables import Media, Recording, Visit
from facewire.record.work import LIVE_NAME, live_work

ORIGIN, STATE = "live", "recording"
IDLE_S = 600.0
LEFT = timedelta(hours=24)
"""A session that no page came back to for this long is finished with what it holds."""
LEFT_LOOK_S = 600.0
LOOK_S = 1.0
"""How often sessions are looked after: what may not go on ends within two of these."""
MOST_ROOMS = 4
LEAST_CORES = 4
"""With fewer, browser and tracker together cannot follow every picture while it is shown."""


class LiveSessions:
    """All live sessions.

    Parameters
    ----------
    record, media, folder
        Rows, stored files, and the data folder.
    jobs : object, optional
        Is woken when a measurement is due.
    protocols : mapping of str to Protocol
        The sets that can be chosen.
    """

    def __init__(
        self,
        record: Record,
        media: MediaStore,
        folder: DataFolder,
        jobs: Any = None,
        protocols: Mapping[str, Protocol] = PROTOCOLS,
    ) -> None:
        self._record, self._media, self._folder, self._jobs = record, media, folder, jobs
        self.protocols = dict(protocols)
        self._rooms: dict[str, Room] = {}
        self._opening = asyncio.Lock()
        self._work = folder.work()
        self._spare: asyncio.Task[LiveTracking] | None = None
        self._running = False
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take sessions, and look after them; called where the app's tasks run."""
        self._running = True
        self._watch = asyncio.create_task(self._look_after())

    async def stop(self) -> None:
        """End the trackers; what was stored stays and can be continued."""
        self._running = False
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
        rooms, self._rooms = list(self._rooms.values()), {}
        for room in rooms:
            await room.close()
        spare, self._spare = self._spare, None
        if spare is not None:
            with suppress(FacewireError):
                await (await spare).close()

    def create(
        self, session: Session, visit: Visit, protocol: str, *, keep_video: bool
    ) -> Recording:
        """Return a new recording that a page can connect to.

        Parameters
        ----------
        session : Session
            For writing.
        visit : Visit
        protocol : str
            Name of the set.
        keep_video : bool
            What the person said before; it can be said otherwise at the end.

        Raises
        ------
        UsageError
            There is no such set.
        ForbiddenError
            The patient does not agree to be recorded.
        """
        self.protocol(protocol)
        require_care(session, visit.patient_id)
        row = Recording(
            patient_id=visit.patient_id,
            visit_id=visit.id,
            origin=ORIGIN,
            state=STATE,
            started_at=self._record.moment(),
            mirrored=False,
            protocol=protocol,
            capture={"keep_video": keep_video},
        )
        return add(session, row)

    def protocol(self, name: str | None) -> Protocol:
        """Return a set by its name.

        Raises
        ------
        UsageError
            There is none.
        """
        found = self.protocols.get(name or "")
        if found is None:
            raise UsageError(
                "There is no such set of movements",
                expected=", ".join(self.protocols),
                found=str(name),
            )
        return found

    async def open(self, recording: Recording) -> Room:
        """Return the room of a recording, continued where it stopped.

        Raises
        ------
        RecordError
            The recording is finished, or too many sessions run.
        """
        async with self._opening:
            room = self._rooms.get(recording.id)
            if room is not None:
                return room
            if recording.state != STATE or recording.voided_at is not None:
                raise RecordError("This recording is finished", found=recording.state)
            await self.leave_unused()
            if len(self._rooms) >= MOST_ROOMS:
                raise RecordError(
                    "Too many people record at the same time",
                    expected=f"at most {MOST_ROOMS}",
                    do="finish another session first",
                )
            room = self._rooms[recording.id] = await asyncio.to_thread(self._room, recording)
            return room

    async def finish(self, room: Room, keep_video: bool, by: Actor) -> str:
        """Store what a session left and ask for its measurement; return where to go next.

        Raises
        ------
        FacewireError
            Something stands in the way; the pictures stay.
        """
        await asyncio.to_thread(self.check_may_go_on, room.recording_id)
        done = await finish_session(room, keep_video=keep_video)
        await asyncio.to_thread(self._store, room, done, by)
        self._rooms.pop(room.recording_id, None)
        # Not `Room.close`: that would cancel this very task.
        await room.tracking.close()
        room.release()
        await asyncio.to_thread(self._clear, room.recording_id)
        if self._jobs is not None:
            self._jobs.wake()
        return f"/recordings/{room.recording_id}"

    async def discard(self, recording_id: str) -> None:
        """Forget the pictures of a session that nobody wants."""
        room = self._rooms.pop(recording_id, None)
        if room is not None:
            await room.close()
        await asyncio.to_thread(self._clear, recording_id)

    def _room(self, recording: Recording) -> Room:
        folder = self._folder.path / LIVE_NAME / recording.id
        work = self._work.place(live_work(recording.id))
        protocol = self.protocol(recording.protocol)
        return Room(recording.id, folder, work, protocol, self._tracker, self._key)

    @property
    def _key(self) -> bytes | None:
        return None if self._folder.keys is None else self._folder.keys.uploads

    async def warm(self) -> None:
        """Start a tracker for the session that will come: loading its networks takes seconds."""
        if self._running and self._spare is None and not self._rooms:
            self._spare = asyncio.create_task(_started())

    async def _tracker(self) -> LiveTracking:
        """Return a started tracker: the one that waits, or a new one."""
        spare, self._spare = self._spare, None
        if spare is not None:
            with suppress(FacewireError):
                waiting = await spare
                if waiting.alive:
                    return waiting
        return await _started()

    async def _look_after(self) -> None:
        left_at = -LEFT_LOOK_S
        while True:
            # A record that does not answer for a while is asked again.
            with suppress(FacewireError):
                await self.leave_unused()
                if time.monotonic() - left_at >= LEFT_LOOK_S:
                    left_at = time.monotonic()
                    await self.finish_left()
            await asyncio.sleep(LOOK_S)

    async def finish_left(self) -> None:
        """Finish sessions alone: those that were asked to, and those that nobody came back to.

        Where too little was recorded, or the patient withdrew, the recording is voided with the
        reason and its pictures are deleted. What the disk or the tracker prevents is told on the
        recording's page and tried again at the next look; the others are finished meanwhile.
        """
        for recording in await asyncio.to_thread(self._open_recordings):
            used = recording.id in self._rooms and self._rooms[recording.id].in_use
            if used or len(self._rooms) >= MOST_ROOMS:
                continue
            try:
                await self._finish_one(recording)
            except FacewireError as error:
                await asyncio.to_thread(self._tell, recording.id, error)

    async def _finish_one(self, recording: Recording) -> None:
        asked = await asyncio.to_thread(self._asked_to_end, recording)
        if asked is None and self._record.moment() - self._touched_at(recording) < LEFT:
            return
        room = await self.open(recording)
        if (reason := await asyncio.to_thread(self._no_worth, room)) is not None:
            await asyncio.to_thread(self._void, recording.id, reason)
            await self.discard(recording.id)
            return
        keep = bool(recording.capture.get("keep_video")) if asked is None else asked
        if (ending := room.finish(keep_video=keep, finish=self._finish_alone)) is not None:
            await ending
        if room.problem is not None:
            raise room.problem

    def _tell(self, recording_id: str, error: FacewireError) -> None:
        """Keep why a session could not be finished, once."""
        with self._record.writing(by=SYSTEM) as session:
            recording = get(session, Recording, recording_id)
            if recording.problem != parts_of(error):
                change(session, recording, problem=parts_of(error))

    async def _finish_alone(self, room: Room, keep_video: bool) -> str:
        return await self.finish(room, keep_video, SYSTEM)

    def _open_recordings(self) -> Sequence[Recording]:
        with self._record.reading() as session:
            return open_live(session)

    def is_ending(self, recording: Recording) -> bool:
        """Tell whether a session was asked to finish, so that it goes on by itself.

        False where its log cannot be read: that is said where the session is opened.
        """
        with suppress(FacewireError):
            return self._asked_to_end(recording) is not None
        return False

    def _asked_to_end(self, recording: Recording) -> bool | None:
        """Return what the log says of the end, without the pictures: those may be thousands."""
        folder = self._folder.path / LIVE_NAME / recording.id
        if not folder.is_dir():
            return None
        protocol = self.protocol(recording.protocol)
        return state_of(recording.id, folder, protocol, self._key).ending

    def _touched_at(self, recording: Recording) -> datetime:
        """When the last picture or event came; the beginning where none did."""
        folder = self._folder.path / LIVE_NAME / recording.id
        times = [path.stat().st_mtime for path in folder.glob("*") if path.stat().st_size]
        started = recording.started_at or recording.created_at
        return datetime.fromtimestamp(max(times), UTC) if times else started

    def _no_worth(self, room: Room) -> str | None:
        if isinstance(self._refusal(room.recording_id), ForbiddenError):
            return "not finished, and the patient no longer agrees"
        few = room.pictures.count < LEAST_PICTURES
        return "left unfinished: too little was recorded" if few else None

    def _void(self, recording_id: str, reason: str) -> None:
        with self._record.writing(by=SYSTEM) as session:
            void(session, get(session, Recording, recording_id), reason)

    async def leave_unused(self) -> None:
        """Close the rooms that no page is connected to, once nobody may or does come back.

        A page whose recording may not go on is sent away by its own line (`check_may_go_on`). The
        pictures of an erased or void recording are deleted; those of a patient who withdrew stay,
        unread, until the answer changes or the recording is erased.
        """
        now = time.monotonic()
        left = [(key, room) for key, room in self._rooms.items() if not room.in_use]
        for key, room in left:
            refused = await asyncio.to_thread(self._refusal, key)
            if isinstance(refused, NotFoundError):
                await self.discard(key)
            elif not room.in_use and (refused is not None or now - room.left_at > IDLE_S):
                self._rooms.pop(key, None)
                await room.close()

    def _refusal(self, recording_id: str) -> FacewireError | None:
        try:
            self.check_may_go_on(recording_id)
        except (NotFoundError, ForbiddenError) as error:
            return error
        return None

    def check_may_go_on(self, recording_id: str) -> None:
        """Refuse a recording that was erased or voided, or whose patient withdrew consent.

        Raises
        ------
        NotFoundError
            It is erased or void.
        ForbiddenError
            The patient does not agree to be recorded.
        """
        with self._record.reading() as session:
            recording = get(session, Recording, recording_id)
            if recording.voided_at is not None:
                raise NotFoundError("This recording is void", do="start a new one")
            require_care(session, recording.patient_id)

    def _store(self, room: Room, done: Finished, by: Actor) -> None:
        with self._record.writing(by=by) as session:
            recording = get(session, Recording, room.recording_id)
            track = self._keep(session, recording, done.track, "track")
            video = None
            if done.video is not None:
                video = self._keep(session, recording, done.video, "video")
            changed = change(
                session,
                recording,
                track_media_id=track,
                video_media_id=video,
                cues={"cues": done.cues} if done.cues else None,
                capture={**done.capture, "session": done.session},
            )
            ask(session, changed)

    def _keep(self, session: Session, recording: Recording, path: Path, kind: str) -> str:
        with path.open("rb") as file:
            stored = self._media.write(file)
        row = Media(
            id=stored.id,
            patient_id=recording.patient_id,
            kind=kind,
            name=path.name,
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
        )
        add(session, row)
        return stored.id

    def _clear(self, recording_id: str) -> None:
        """Delete the pictures and working files of a session, whether or not it is open."""
        shutil.rmtree(self._folder.path / LIVE_NAME / recording_id, ignore_errors=True)
        self._work.remove(live_work(recording_id))


async def _started() -> LiveTracking:
    tracking = LiveTracking(nobody, newest_only=(os.cpu_count() or 1) < LEAST_CORES)
    await tracking.start()
    return tracking
