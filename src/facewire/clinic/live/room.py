"""One live session: what comes from the page, what is kept, what is answered."""

from __future__ import annotations

import asyncio
import json
import struct
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from facewire.clinic.live.follower import Arrived, Message
from facewire.clinic.live.pictures import PictureStore
from facewire.clinic.live.protocol import Protocol
from facewire.clinic.live.session import SessionLog, SessionState, read_state
from facewire.clinic.live.tracking import LiveTracking
from facewire.clinic.live.watching import Watch
from facewire.errors import FacewireError, UsageError, VideoError, parts_of
from facewire.record.sealing import PieceCipher
from facewire.version import facewire_version
from facewire.video.pictures import Picture

HEAD = struct.Struct("<dI")
KEPT_BIT = 1 << 31
STORED_EVERY = 10
PICTURES, EVENTS, TRACK = "pictures", "events.jsonl", "track.parquet"
PICTURES_AS, EVENTS_AS = "facewire.live/1", "facewire.live-events/1"
"""What sealed pictures and sealed events say of themselves, so that neither passes as the other."""
SESSION_EVENTS = frozenset(("phase", "step_end", "repeat", "skip"))
CHECK, RECORDING, PAUSED, FINISHING, DONE = "check", "recording", "paused", "finishing", "done"

Send = Callable[[Message], Awaitable[None]]
Tracker = Callable[[], Awaitable[LiveTracking]]
Finish = Callable[["Room", bool], Awaitable[str]]


class Room:
    """The app's side of one session.

    Parameters
    ----------
    recording_id : str
    folder : Path
        Where pictures and events are; what an earlier run left is continued.
    work : Path
        Where the track is made.
    protocol : Protocol
        What is asked for.
    tracker : callable
        Gives a started tracker.
    key : bytes, optional
        32 bytes by which pictures and events are sealed at rest.
    """

    def __init__(
        self,
        recording_id: str,
        folder: Path,
        work: Path,
        protocol: Protocol,
        tracker: Tracker,
        key: bytes | None = None,
    ) -> None:
        self.recording_id, self.folder, self.work = recording_id, folder, work
        self._tracker = tracker
        self.pictures = PictureStore(folder / PICTURES, _cipher(key, PICTURES_AS, recording_id))
        self.log = open_log(recording_id, folder, protocol, key)
        self.watch = Watch(protocol)
        self.tracking = LiveTracking(self._heard)
        self.followed_from_start = False
        self.refused = 0
        self.closed = False
        self.problem: FacewireError | None = None
        self.left_at = time.monotonic()
        self._send: Send | None = None
        self._finishing: asyncio.Task[None] | None = None
        self._farewell: asyncio.Future[None] | None = None
        self.mode = PAUSED if self.pictures.count else CHECK

    @property
    def in_use(self) -> bool:
        """Whether a page is connected, or the session is being finished."""
        busy = self._finishing is not None and not self._finishing.done()
        return self._send is not None or busy

    async def join(self, send: Send) -> None:
        """Connect a page; a page that was connected before is told to stop.

        Raises
        ------
        FacewireError
            The tracker does not start.
        """
        if self._send is not None:
            await self._tell({"type": "replaced"})
        self._send = send
        if self.mode not in (FINISHING, DONE) and not self.tracking.alive:
            await self._tell({"type": "starting"})
            self.followed_from_start = False
            self.tracking = await self._tracker()
            self.tracking.listener = self._heard
        await self._tell(self.state())

    def holds(self, send: Send) -> bool:
        """Whether this page is the one that is connected."""
        return self._send == send

    async def leave(self, send: Send) -> None:
        """Disconnect a page: what was under way is cut, what was stored stays."""
        if self._send != send:
            return
        self._send, self.left_at = None, time.monotonic()
        if self.mode == RECORDING:
            self.mode = PAUSED
            self.log.note({"type": "interrupted"})

    def state(self) -> Message:
        """Return where the session is, as the page is told."""
        state = self.log.state
        return {
            "type": "state",
            "mode": self.mode,
            "next_step": state.next_step,
            "performed": [
                {"step": p.step, "outcome": p.outcome, "seen": p.seen} for p in state.performed
            ],
            "stored": self.pictures.count,
            "last_ms": self.pictures.last_ms,
        }

    async def picture(self, data: bytes) -> None:
        """Take a picture as the page sends it."""
        try:
            picture, number, kept = read_picture(data)
        except UsageError as error:
            await self._tell_problem(error)
            return
        if self.closed or self.mode in (FINISHING, DONE):
            return
        kept = kept and self.mode in (RECORDING, PAUSED)
        if kept and not await self._keep(picture, number):
            return
        self.tracking.offer(Arrived(number, picture.time_ms, picture.jpeg, kept))

    async def _keep(self, picture: Picture, number: int) -> bool:
        try:
            stored = self.pictures.add(picture)
        except VideoError as error:
            self.refused += 1
            await self._tell_problem(error)
            return False
        except FacewireError as error:
            self.mode = PAUSED
            await self._tell_problem(error)
            return False
        if stored and (self.pictures.count % STORED_EVERY == 0 or self.mode == PAUSED):
            last = {"last_ms": self.pictures.last_ms, "count": self.pictures.count}
            await self._tell({"type": "stored", "frame": number, **last})
        return stored

    async def message(self, text: str, finish: Finish) -> None:
        """Take a message of the page.

        Parameters
        ----------
        text : str
            JSON.
        finish : callable
            Does what is to be done at the end; returns where the person goes next.
        """
        try:
            message = read_message(text)
            await self._heed(message, finish)
        except FacewireError as error:
            await self._tell_problem(error)
            await self._tell(self.state())

    async def _heed(self, message: Message, finish: Finish) -> None:
        kind = message["type"]
        if self.closed:
            return
        if kind == "start":
            await self._start()
        elif kind in ("pause", "resume"):
            self._pause(pause=kind == "pause")
            await self._tell(self.state())
        elif kind == "finish":
            self.finish(keep_video=bool(message.get("keep_video")), finish=finish)
        elif kind in SESSION_EVENTS:
            state = self.log.note(message)
            if kind == "step_end":
                self.watch.ended(state)
            if kind != "phase":
                await self._tell(self.state())
        else:
            raise UsageError("The page sent a message that is not known", found=str(kind)[:40])

    async def _start(self) -> None:
        """Begin to keep: the tracker's next picture is the first of the recording."""
        if self.mode == CHECK:
            key = {"recording": self.recording_id, "facewire": facewire_version()}
            await self.tracking.begin(self.work / TRACK, key)
            self.followed_from_start = True
        if self.mode in (CHECK, PAUSED):
            self.mode = RECORDING
        await self._tell(self.state())

    def _pause(self, *, pause: bool) -> None:
        if pause and self.mode == RECORDING:
            self.log.note({"type": "pause"})
            self.mode = PAUSED
        elif not pause and self.mode == PAUSED:
            self.mode = RECORDING

    def finish(self, *, keep_video: bool, finish: Finish) -> asyncio.Task[None] | None:
        """Begin to finish, whether or not a page stays; None when that goes on already.

        The log says so first: what the end of the app interrupts is finished at its next start.
        """
        if self.mode in (FINISHING, DONE):
            return None
        self._judge(now=True)
        self.log.note({"type": "finish", "keep_video": keep_video})
        self.mode = FINISHING
        self._finishing = asyncio.create_task(self._end(keep_video, finish))
        self._finishing.add_done_callback(self._look_after)
        return self._finishing

    async def _end(self, keep_video: bool, finish: Finish) -> None:
        await self._tell(self.state())
        try:
            there = await finish(self, keep_video)
        except FacewireError as error:
            self.mode, self.problem = PAUSED, error
            await self._tell_problem(error)
            await self._tell(self.state())
            return
        self.mode, self.problem = DONE, None
        await self._tell({"type": "done", "url": there})

    def _look_after(self, ended: asyncio.Task[None]) -> None:
        """Tell of an end that nobody foresaw, so that the page does not wait for ever."""
        if ended.cancelled() or ended.exception() is None:
            return
        self.mode = PAUSED
        fault = FacewireError(
            "The session could not be finished", do="try again; what was recorded is safe"
        )
        self._farewell = asyncio.ensure_future(self._tell_problem(fault))

    async def say_share(self, share: float) -> None:
        """Tell the page how much of the finishing is done."""
        await self._tell({"type": "finishing", "share": round(share, 3)})

    async def close(self) -> None:
        """End the tracker and close the files; what was stored stays."""
        if self._finishing is not None and not self._finishing.done():
            self._finishing.cancel()
            with suppress(asyncio.CancelledError):
                await self._finishing
        await self.tracking.close()
        self.release()

    def release(self) -> None:
        """Close the files; what was stored stays. What a page still sends is not taken."""
        self.closed = True
        self.pictures.close()
        self.log.close()

    async def _heard(self, message: Message) -> None:
        if message["type"] == "tracker_ended" and self.mode in (FINISHING, DONE):
            return
        if message["type"] == "values" and not self.closed:
            self.watch.see(message)
            message = {**message, "doing": self.watch.doing(self.log.state)}
            await self._tell_seen()
        await self._tell(message)

    async def _tell_seen(self) -> None:
        try:
            told = self._judge()
        except FacewireError as error:
            await self._tell_problem(error)
            return
        if told is not None:
            await self._tell(self.state())
            await self._tell(told)

    def _judge(self, *, now: bool = False) -> Message | None:
        """Note whether the last repetition was seen; return what the page is told of it."""
        found = self.watch.verdict(now=now)
        if found is None:
            return None
        step, why = found
        state = self.log.note({"type": "seen", "step": step, "why": why})
        again = bool(why) and state.asks_again(step)
        return {"type": "seen", "step": step, "seen": not why, "why": why, "again": again}

    async def _tell(self, message: Message) -> None:
        if self._send is not None:
            await self._send(message)

    async def _tell_problem(self, error: FacewireError) -> None:
        await self._tell({"type": "problem", **parts_of(error)})


def open_log(
    recording_id: str, folder: Path, protocol: Protocol, key: bytes | None = None
) -> SessionLog:
    """Open the log of a session, begun or continued.

    Parameters
    ----------
    recording_id : str
    folder : Path
        Where pictures and events are.
    protocol : Protocol
    key : bytes, optional
        32 bytes by which events are sealed at rest.
    """
    return SessionLog(folder / EVENTS, protocol, _cipher(key, EVENTS_AS, recording_id))


def state_of(
    recording_id: str, folder: Path, protocol: Protocol, key: bytes | None = None
) -> SessionState:
    """Return what the log of a session says, without opening it for writing.

    Parameters
    ----------
    recording_id, folder, protocol, key
        As for `open_log`.
    """
    return read_state(folder / EVENTS, protocol, _cipher(key, EVENTS_AS, recording_id))


def _cipher(key: bytes | None, name: str, recording_id: str) -> PieceCipher | None:
    return None if key is None else PieceCipher(key, f"{name} {recording_id}")


def read_picture(data: bytes) -> tuple[Picture, int, bool]:
    """Read a picture as the page sends it: its number, and whether it is to be kept.

    Eight bytes of capture time (milliseconds, float64), four of its number (uint32, whose highest
    bit says that it belongs to the recording), both little-endian; then the JPEG file.

    Raises
    ------
    UsageError
        It is too short, or its time is none.
    """
    if len(data) <= HEAD.size:
        raise UsageError("A picture of the page is cut off", found=f"{len(data)} bytes")
    time_ms, number = HEAD.unpack_from(data)
    if not 0 <= time_ms < 1e15:
        raise UsageError("A picture of the page has no capture time", found=f"{time_ms}")
    jpeg = bytes(data[HEAD.size :])
    return Picture(round(time_ms), jpeg), number & (KEPT_BIT - 1), bool(number & KEPT_BIT)


def read_message(text: str) -> Message:
    """Read a text message of the page.

    Raises
    ------
    UsageError
        It is not a JSON object with a type.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError("The page sent no JSON", found=text[:40]) from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise UsageError("The page sent a message without a type", found=text[:40])
    return message
