"""Sending a video so that nothing that arrived is sent twice, whatever happens in between."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from facewire.client.errors import AnswerError, NoAnswerError
from facewire.errors import UsageError

PART_BYTES = 8 * 1024 * 1024
FINGERPRINT_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Video:
    """A file as the app wants to know it: name, size, SHA-256 of its first MiB and of all."""

    name: str
    size_bytes: int
    fingerprint: str
    checksum: str

    @classmethod
    def of(cls, path: Path) -> Video:
        """Read a file once.

        Raises
        ------
        UsageError
            It cannot be read.
        """
        whole = hashlib.sha256()
        first = hashlib.sha256()
        for offset, part in parts_of(path, 0, FINGERPRINT_BYTES):
            if offset == 0:
                first.update(part)
            whole.update(part)
        return cls(path.name, path.stat().st_size, first.hexdigest(), whole.hexdigest())

    def described(self) -> dict[str, Any]:
        """Return what an upload begins with."""
        return {"name": self.name, "size_bytes": self.size_bytes, "fingerprint": self.fingerprint}


def parts_of(path: Path, start: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) from a place in a file to its end.

    Raises
    ------
    UsageError
        It cannot be read.
    """
    try:
        with path.open("rb") as file:
            file.seek(start)
            while part := file.read(size):
                yield start, part
                start += len(part)
    except OSError as error:
        raise UsageError(
            "The video cannot be read",
            expected="a file",
            found=error.strerror or str(error),
            do=f"check {path.name}",
        ) from error


def part_at(path: Path, start: int, size: int) -> bytes:
    """Return bytes from a place in a file; fewer at its end.

    Raises
    ------
    UsageError
        It cannot be read.
    """
    return next(parts_of(path, start, size), (start, b""))[1]


PART_TYPE = "application/offset+octet-stream"
PASSING = ("offset", "busy")
"""Short names of refusals after which the app is asked where to go on."""

LONGEST_WAIT_S = 30.0

Ask = Callable[..., httpx.Response]
Said = Callable[[float], None]
"""Called with the share that has arrived, 0 to 1."""


def silent(share: float) -> None:
    """Progress for nobody."""


@dataclass(frozen=True)
class Sending:
    """One file on its way.

    Parameters
    ----------
    ask : callable
        Sends one request: method, path, then as for ``httpx.Client.request``.
    path : Path
        The video.
    patience_s : float
        How long an app that does not answer is asked again.
    said : callable
        Called with the share that has arrived.
    part_bytes : int
        Size of a part.
    """

    ask: Ask
    path: Path
    patience_s: float
    said: Said
    part_bytes: int = PART_BYTES

    def run(self, visit_id: str, more: dict[str, Any], *, keep_both: bool) -> dict[str, Any]:
        """Begin or go on, send the rest, and return the recording."""
        video = Video.of(self.path)
        begun = self._json("POST", f"/visits/{visit_id}/uploads", {**video.described(), **more})
        place, offset = f"/uploads/{begun['id']}", int(begun["received_bytes"])
        while offset < video.size_bytes:
            self.said(offset / video.size_bytes)
            offset = self._part(place, offset)
        self.said(1.0)
        return self._json(
            "POST", f"{place}/finish", {"checksum": video.checksum, "keep_both": keep_both}
        )

    def _part(self, place: str, offset: int) -> int:
        """Send one part; where the app is elsewhere, go on from there."""
        headers = {"upload-offset": str(offset), "content-type": PART_TYPE}
        part = part_at(self.path, offset, self.part_bytes)
        try:
            answer = self.ask("PATCH", place, content=part, headers=headers)
        except NoAnswerError:
            answer = self._patiently("HEAD", place)
        except AnswerError as error:
            if error.code not in PASSING:
                raise
            answer = self._patiently("HEAD", place)
        return int(answer.headers["upload-offset"])

    def _json(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return dict(self._patiently(method, path, json=body).json())

    def _patiently(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """Ask again with growing pauses while the app does not answer."""
        end, wait_s = time.monotonic() + self.patience_s, 0.2
        while True:
            try:
                return self.ask(method, path, **sent)
            except (NoAnswerError, AnswerError) as error:
                # An earlier request of ours may still be under way in the app.
                passes = isinstance(error, NoAnswerError) or error.code == "busy"
                if not passes or time.monotonic() + wait_s > end:
                    raise
            time.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)
