"""The pictures of a session on disk, in order, from the moment they arrive until it is measured.

One file that only grows. Whatever ends the app, the whole pictures written so far are read again;
a half-written last one is dropped. The data at rest may be sealed: then every picture is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from facewire.errors import StorageError, VideoError
from facewire.files import storing
from facewire.record.sealing import PieceCipher
from facewire.video.pictures import JPEG_START, Picture

HEAD = struct.Struct("<qI")
LARGEST_BYTES = 4_000_000
LARGEST_FILE_BYTES = 6_000_000_000
_SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class PictureStore:
    """The pictures of one session.

    Parameters
    ----------
    path : Path
        The file; made with its folder, or continued.
    seal : PieceCipher, optional
        How pictures are closed at rest.
    """

    def __init__(self, path: Path, seal: PieceCipher | None = None) -> None:
        self._path, self._seal = path, seal
        self.count, self.first_ms, self.last_ms = 0, 0, -1
        self.size_px: tuple[int, int] | None = None
        self._end = 0
        with storing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        for picture in self.read():
            self._count(picture)
        with storing(path):
            self._file = path.open("r+b", buffering=0)
            self._file.truncate(self._end)
            self._file.seek(self._end)

    def add(self, picture: Picture) -> bool:
        """Store one picture; False when it is not later than the last one and was left out.

        Raises
        ------
        VideoError
            It is no JPEG picture, too large, or of another size than the first one.
        StorageError
            The disk is full, or the session is too long.
        """
        if picture.time_ms <= self.last_ms and self.count:
            return False
        size = jpeg_size(picture.jpeg)
        if self.size_px not in (None, size):
            raise VideoError(
                "The camera's picture changed its size",
                expected=str(self.size_px),
                found=str(size),
                do="start a new recording",
            )
        body = picture.jpeg if self._seal is None else self._seal.close(self.count, picture.jpeg)
        if self._end + HEAD.size + len(body) > LARGEST_FILE_BYTES:
            raise StorageError("The session is too long", do="finish it and start another one")
        with storing(self._path):
            self._file.write(HEAD.pack(picture.time_ms, len(body)) + body)
        self._end += HEAD.size + len(body)
        self._count(picture)
        return True

    def _count(self, picture: Picture) -> None:
        if not self.count:
            self.first_ms, self.size_px = picture.time_ms, jpeg_size(picture.jpeg)
        self.count += 1
        self.last_ms = picture.time_ms

    def read(self) -> Iterator[Picture]:
        """Yield the stored pictures in order."""
        self._end = 0 if not self.count else self._end
        whole = 0
        with storing(self._path), self._path.open("rb") as file:
            while (record := _next_record(file)) is not None:
                time_ms, body = record
                jpeg = body if self._seal is None else self._seal.open(whole, body)
                whole += 1
                self._end = max(self._end, file.tell())
                yield Picture(time_ms, jpeg)

    def close(self) -> None:
        """Close the file; the pictures stay."""
        self._file.close()


def _next_record(file: BinaryIO) -> tuple[int, bytes] | None:
    head = file.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    time_ms, length = HEAD.unpack(head)
    body = file.read(length)
    return (time_ms, body) if len(body) == length else None


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Return width and height that a JPEG picture announces, pixels; nothing is decoded.

    Raises
    ------
    VideoError
        It is no JPEG picture, or too large.
    """
    if not jpeg.startswith(JPEG_START) or len(jpeg) > LARGEST_BYTES:
        raise _unreadable(f"{len(jpeg)} bytes of something else")
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker in _SIZE_MARKERS:
            height, width = struct.unpack(">HH", jpeg[at + 5 : at + 9])
            return width, height
        at += 2 + length
    raise _unreadable("a JPEG picture without a size")


def _unreadable(found: str) -> VideoError:
    return VideoError(
        "A picture from the camera cannot be used",
        expected=f"a JPEG picture of at most {LARGEST_BYTES} bytes",
        found=found,
    )
