"""The app's end of the live tracker: a process started, fed, listened to, ended."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from facewire.clinic.live.follower import Arrived, Message
from facewire.clinic.live.process import NEWEST_ONLY, order_message, picture_message
from facewire.clinic.measuring import PASSED_ON
from facewire.errors import FacewireError, RemoteError
from facewire.results.provenance import Source

START_S = 60.0
FINISH_S = 1800.0
LARGEST_LINE = 1 << 20
MOST_UNSENT = 8_000_000
"""Bytes that may wait for the process; pictures beyond are kept in the store alone."""

Listener = Callable[[Message], Awaitable[None]]


async def nobody(message: Message) -> None:
    """Listen to a tracker that waits for its session."""


class LiveTracking:
    """One live tracker.

    Parameters
    ----------
    listener : callable
        Awaited with every message that is not waited for otherwise; may be replaced.
    newest_only : bool
        Whether it only answers for the newest picture and makes no track; see `Follower`.
    """

    def __init__(self, listener: Listener, *, newest_only: bool = False) -> None:
        self.listener = listener
        self.newest_only = newest_only
        self._process: asyncio.subprocess.Process | None = None
        self._ears: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[Message] | None = None
        self._finished: asyncio.Future[Message] | None = None
        self.fell_behind = False

    async def start(self) -> None:
        """Start the process and wait until its networks are loaded.

        Raises
        ------
        FacewireError
            The networks are missing, or it does not come up.
        """
        loop = asyncio.get_running_loop()
        self._ready = loop.create_future()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "facewire.clinic.live.process",
            *([NEWEST_ONLY] if self.newest_only else []),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=LARGEST_LINE,
            env={
                **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
                "OPENBLAS_NUM_THREADS": "1",
            },
        )
        self._ears = asyncio.create_task(self._listen())
        await asyncio.wait_for(self._ready, START_S)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.returncode is None

    async def begin(self, track: Path, key: dict[str, Any], *, patient: bool = False) -> None:
        """Start a recording; see `Follower.begin`."""
        self.fell_behind = False
        await self._write(
            order_message({"do": "begin", "track": str(track), "key": key, "patient": patient})
        )

    def offer(self, picture: Arrived) -> bool:
        """Hand a picture on without waiting; False when the process is too far behind for it."""
        pipe = self._process.stdin if self._process is not None and self.alive else None
        if pipe is None or pipe.transport.get_write_buffer_size() > MOST_UNSENT:
            self.fell_behind |= picture.kept
            return False
        pipe.write(picture_message(picture))
        return True

    async def feed(self, picture: Arrived) -> None:
        """Hand a picture on, waiting until there is room for it."""
        await self._write(picture_message(picture))

    async def finish(self, source: Source) -> Message:
        """Have the track stored; return what the process says of it.

        Raises
        ------
        FacewireError
            The process ended, or said what stands in the way.
        """
        self._finished = asyncio.get_running_loop().create_future()
        await self._write(order_message({"do": "finish", "source": source.model_dump_json()}))
        return await asyncio.wait_for(self._finished, FINISH_S)

    async def close(self) -> None:
        """End the process."""
        if self._process is not None and self.alive:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        if self._ears is not None:
            await self._ears

    async def _write(self, message: bytes) -> None:
        if self._process is None or self._process.stdin is None or not self.alive:
            raise _gone()
        try:
            self._process.stdin.write(message)
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise _gone() from error

    async def _listen(self) -> None:
        output = self._process.stdout if self._process is not None else None
        while output is not None and (line := await output.readline()):
            await self._hear(json.loads(line))
        for waiting in (self._ready, self._finished):
            if waiting is not None and not waiting.done():
                waiting.set_exception(_gone())
        await self.listener({"type": "tracker_ended"})

    async def _hear(self, message: Message) -> None:
        kind = message["type"]
        if kind == "ready":
            _settle(self._ready, message)
        elif kind == "finished":
            _settle(self._finished, message)
        elif kind == "problem":
            parts = {k: v for k, v in message.items() if k != "type"}
            for waiting in (self._ready, self._finished):
                if waiting is not None and not waiting.done():
                    waiting.set_exception(RemoteError(parts))
                    return
            await self.listener(message)
        else:
            await self.listener(message)


def _settle(waiting: asyncio.Future[Message] | None, message: Message) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(message)


def _gone() -> FacewireError:
    return FacewireError(
        "The live tracker ended",
        expected="a running process",
        do="nothing that was stored is lost; open the recording again",
    )
