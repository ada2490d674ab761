"""The live tracker's process: pictures in by standard input, values out as lines of JSON.

    python -m facewire.clinic.live.process [--newest]

It is apart from the app because pictures from a browser are decoded here, and because tracking
would hold up the pages. A message in is a kind (one byte), a length (four bytes, little-endian)
and that many bytes. It ends when its standard input does: then the app that started it is gone.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import threading
from collections import deque
from pathlib import Path
from typing import Any, BinaryIO

from facewire.clinic.live.follower import Arrived, Follower, Message
from facewire.confined import confine
from facewire.errors import FacewireError, parts_of
from facewire.landmarks.models import read_models
from facewire.landmarks.tracker import TrackerSettings
from facewire.results.provenance import Source

HEAD = struct.Struct("<cI")
PICTURE_HEAD = struct.Struct("<qI?")
PICTURE, ORDER = b"P", b"O"
NEWEST_ONLY = "--newest"
"""Look at the newest picture only, quickly; see `Follower`."""
MEMORY_MB = 3072
MOST_UNREAD = 300
"""Messages that are read ahead; then the pipe fills and the app notices."""


class _Inbox:
    """What came in and was not looked at yet; filled by a thread of its own."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._came = threading.Condition()
        self._messages: deque[tuple[bytes, bytes]] = deque()
        threading.Thread(target=self._listen, daemon=True).start()

    def take(self, *, wait: bool) -> list[tuple[bytes, bytes]]:
        """Return what came in; ``wait`` until something did."""
        with self._came:
            while wait and not self._messages:
                self._came.wait()
            found = list(self._messages)
            self._messages.clear()
            self._came.notify()
        return found

    def _listen(self) -> None:
        while len(head := self._source.read(HEAD.size)) == HEAD.size:
            kind, length = HEAD.unpack(head)
            body = self._source.read(length)
            with self._came:
                while len(self._messages) > MOST_UNREAD:
                    self._came.wait()
                self._messages.append((kind, body))
                self._came.notify()
        os._exit(0)


def main() -> int:
    """Serve until the app is gone."""
    confine()
    newest_only = NEWEST_ONLY in sys.argv[1:]
    if not newest_only:
        import polars as pl  # noqa: F401  - else the first stretch that is stored waits for it

    settings = TrackerSettings.fast() if newest_only else TrackerSettings()
    say = _silenced_output()
    _stay_small()
    inbox = _Inbox(sys.stdin.buffer)
    try:
        follower = Follower(read_models(), settings, newest_only=newest_only)
    except FacewireError as error:
        say({"type": "problem", **parts_of(error)})
        return 1
    say({"type": "ready"})
    while True:
        if not follower.full:
            for kind, body in inbox.take(wait=not follower.busy):
                _heed(follower, kind, body, say)
        answer = follower.work()
        if answer is not None:
            say(answer)


def picture_message(picture: Arrived) -> bytes:
    """Return a picture as it is sent to the process."""
    body = PICTURE_HEAD.pack(picture.time_ms, picture.number, picture.kept) + picture.jpeg
    return HEAD.pack(PICTURE, len(body)) + body


def order_message(order: dict[str, Any]) -> bytes:
    """Return an order as it is sent to the process."""
    body = json.dumps(order).encode()
    return HEAD.pack(ORDER, len(body)) + body


def _heed(follower: Follower, kind: bytes, body: bytes, say: Any) -> None:
    if kind == PICTURE:
        time_ms, number, kept = PICTURE_HEAD.unpack_from(body)
        follower.take(Arrived(number, time_ms, body[PICTURE_HEAD.size :], kept))
        return
    order = json.loads(body)
    try:
        if order["do"] == "begin":
            follower.begin(Path(order["track"]), order["key"], patient=order["patient"])
        elif order["do"] == "finish":
            source = Source.model_validate_json(order["source"])
            say(follower.finish(source, lambda left: say({"type": "left", "left": left})))
    except FacewireError as error:
        say({"type": "problem", **parts_of(error)})


def _silenced_output() -> Any:
    """Return the way to the app; whatever a library prints does not take it."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.close(silent)

    def say(message: Message) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    return say


def _stay_small() -> None:
    if os.name != "posix":
        return
    import resource

    limit = MEMORY_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


if __name__ == "__main__":
    sys.exit(main())
