"""The media folder: videos, tracks and result files, whole or not at all.

With a key every file is an encrypted stream (see stream.py); without one it is the bytes
themselves. A file is at ``folder/xx/id`` where ``xx`` are the first two characters of its id.
What the file is, whose it is and its SHA-256 are in the record.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from facewire.errors import StorageError, UsageError
from facewire.files import (
    PART,
    private_folder,
    read_failure,
    storing,
    sync_folder,
    write_whole,
)
from facewire.record.sealing import (
    CHUNK_BYTES,
    HEADER_BYTES,
    SEALED_CHUNK_BYTES,
    TAG_BYTES,
    StreamCipher,
    refused,
    salt_of,
    seal_stream,
)

_ID = re.compile(r"[0-9a-z][0-9a-z_-]{2,63}")


@dataclass(frozen=True)
class StoredMedia:
    """A file that is safely in the media folder.

    ``size_bytes`` and ``sha256`` (hexadecimal) are those of the bytes themselves, not of what is
    on the disk.
    """

    id: str
    size_bytes: int
    sha256: str


class MediaStore:
    """A folder of files under random ids.

    Parameters
    ----------
    folder : Path
        Made when it is not there, readable to its owner only.
    key : bytes, optional
        32 bytes; without it files are stored as they are.
    """

    def __init__(self, folder: Path, key: bytes | None = None) -> None:
        self.folder = private_folder(folder)
        self._key = key

    def write(
        self,
        source: Iterable[bytes] | BinaryIO,
        *,
        media_id: str | None = None,
    ) -> StoredMedia:
        """Store bytes, whole or not at all; they are on the disk when this returns.

        Parameters
        ----------
        source : iterable of bytes, or binary file
            Read once, piece by piece.
        media_id : str, optional
            3 to 64 of ``0-9a-z_-``; else a new random one.

        Raises
        ------
        StorageError
            No room, the folder cannot be written, or the id is taken.
        """
        name = media_id or uuid.uuid4().hex
        path = self.path_of(name)
        if path.exists():
            raise StorageError(f"The media file {name} is there already", do="take another id")
        private_folder(path.parent)
        counted = _Counted(_pieces(source))
        stored = counted if self._key is None else seal_stream(counted, self._key, name)
        write_whole(path, stored, private=True)
        sync_folder(self.folder)
        return StoredMedia(name, counted.size_bytes, counted.digest.hexdigest())

    def size(self, media_id: str) -> int:
        """Return the number of bytes stored, without those of the encryption.

        Raises
        ------
        StorageError
            It is not there.
        """
        on_disk = self._disk_size(media_id)
        return on_disk if self._key is None else _plain_size(on_disk, media_id)

    def read(self, media_id: str, *, sha256: str | None = None) -> Iterator[bytes]:
        """Return the bytes, piece by piece; a missing file is refused at once.

        Raises
        ------
        VaultError
            While reading: the file was altered or cut off, or the key is another one.
        StorageError
            It is not there or, at its end, not what ``sha256`` says.
        """
        pieces = self.read_range(media_id, 0, self.size(media_id))
        return pieces if sha256 is None else _checked(pieces, media_id, sha256)

    def read_range(self, media_id: str, start: int, end: int) -> Iterator[bytes]:
        """Return the bytes from ``start`` up to, not including, ``end``, piece by piece.

        Raises
        ------
        UsageError
            The range is not inside the file.
        StorageError, VaultError
            As `read`. Encrypted, the end of the file is checked too, so that a range of a file
            that was cut off is refused.
        """
        size = self.size(media_id)
        if not 0 <= start <= end <= size:
            raise UsageError(
                f"The range is outside the media file {media_id}",
                expected=f"inside 0 to {size}",
                found=f"{start} to {end}",
            )
        if self._key is None:
            return self._plain_range(media_id, start, end)
        return self._sealed_range(media_id, start, end)

    def copy_to(self, media_id: str, path: Path, *, sha256: str | None = None) -> None:
        """Write the bytes, not encrypted, to a file: whole or not at all."""
        write_whole(path, self.read(media_id, sha256=sha256), private=True)

    def erase(self, media_id: str) -> bool:
        """Remove a file for good; return whether it was there."""
        path = self.path_of(media_id)
        with storing(path):
            try:
                path.unlink()
            except FileNotFoundError:
                return False
            sync_folder(path.parent)
        return True

    def ids(self) -> Iterator[str]:
        """Yield the ids of all stored files, sorted."""
        for path in sorted(self.folder.glob("??/*")):
            if _ID.fullmatch(path.name) and not path.name.endswith(PART):
                yield path.name

    def sweep(self) -> int:
        """Remove what interrupted writing left; return how many. Only while nobody writes."""
        rubbish = list(self.folder.glob(f"*/.*{PART}"))
        for path in rubbish:
            path.unlink(missing_ok=True)
        return len(rubbish)

    def path_of(self, media_id: str) -> Path:
        """Return where the file of an id is, there or not.

        Raises
        ------
        UsageError
            It cannot be an id.
        """
        if not _ID.fullmatch(media_id):
            raise UsageError("This is no id of a media file", expected="3 to 64 of 0-9 a-z _ -")
        return self.folder / media_id[:2] / media_id

    def _disk_size(self, media_id: str) -> int:
        path = self.path_of(media_id)
        try:
            return path.stat().st_size
        except OSError as error:
            raise read_failure(path, error) from error

    def _plain_range(self, media_id: str, start: int, end: int) -> Iterator[bytes]:
        with _opened(self.path_of(media_id)) as file:
            file.seek(start)
            while start < end:
                piece = file.read(min(CHUNK_BYTES, end - start))
                if not piece:
                    raise _damaged(media_id)
                start += len(piece)
                yield piece

    def _sealed_range(self, media_id: str, start: int, end: int) -> Iterator[bytes]:
        last = _chunk_count(self._disk_size(media_id), media_id) - 1
        with _opened(self.path_of(media_id)) as file:
            cipher = StreamCipher(
                self._key or b"", media_id, salt_of(file.read(HEADER_BYTES), media_id)
            )

            def chunk(number: int) -> bytes:
                file.seek(HEADER_BYTES + number * SEALED_CHUNK_BYTES)
                return cipher.open(file.read(SEALED_CHUNK_BYTES), number, last=number == last)

            ending = chunk(last)
            for number in range(start // CHUNK_BYTES, -(-end // CHUNK_BYTES)):
                piece = ending if number == last else chunk(number)
                offset = number * CHUNK_BYTES
                yield piece[max(start - offset, 0) : end - offset]


class _Counted:
    """Passes bytes on, counting and hashing them."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.size_bytes = 0
        self.digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.size_bytes += len(piece)
            self.digest.update(piece)
            yield piece


def _pieces(source: Iterable[bytes] | BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a file in pieces of our size, not in lines."""
    read = getattr(source, "read", None)
    if read is None:
        yield from source
        return
    while piece := read(CHUNK_BYTES):
        yield piece


def _checked(pieces: Iterator[bytes], media_id: str, sha256: str) -> Iterator[bytes]:
    counted = _Counted(pieces)
    yield from counted
    if counted.digest.hexdigest() != sha256:
        raise _damaged(media_id)


def _damaged(media_id: str) -> StorageError:
    return StorageError(
        f"The media file {media_id} is damaged",
        expected="the bytes that were stored",
        found="other bytes",
        do="restore it from a backup",
    )


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise read_failure(path, error) from error


def _chunk_count(disk_size: int, media_id: str) -> int:
    body = disk_size - HEADER_BYTES
    count = max(-(-body // SEALED_CHUNK_BYTES), 1)
    if body - (count - 1) * SEALED_CHUNK_BYTES < TAG_BYTES:
        raise refused(media_id)
    return count


def _plain_size(disk_size: int, media_id: str) -> int:
    return disk_size - HEADER_BYTES - _chunk_count(disk_size, media_id) * TAG_BYTES
