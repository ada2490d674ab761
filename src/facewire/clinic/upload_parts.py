"""The parts of a video on its way: each is on the disk before it is acknowledged.

The files themselves say how much is here: a part's name holds where it begins and ends, and a part
appears whole or not at all. No row of a database has to agree with them after a crash.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from facewire.errors import StorageError, VaultError
from facewire.files import private_folder, sync_folder, write_whole

NONCE_BYTES = 12
ROOM_KEPT_BYTES = 256 * 1024 * 1024
"""Room on the disk that uploads leave free: the record itself must always be able to write."""
_NAME = re.compile(r"(\d{15})-(\d{15})")
_UPLOAD_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class PartStore:
    """Folder of the uploads that are not finished.

    Parameters
    ----------
    folder : Path
        One folder for each upload lies in it.
    key : bytes, optional
        32 bytes, the key of upload parts; they are then sealed (AES-256-GCM), each bound to its
        upload and its place in the file, so that none can be changed, moved or swapped unseen.
    room_kept_bytes : int
        Room on the disk that is left free.
    """

    folder: Path
    key: bytes | None = field(default=None, repr=False)
    room_kept_bytes: int = ROOM_KEPT_BYTES

    def received(self, upload: str) -> int:
        """Return how many bytes are here without a gap: where the sender goes on."""
        reached = 0
        for start, end, _ in self._parts(upload):
            if start == reached:
                reached = end
        return reached

    def add(self, upload: str, offset: int, data: bytes) -> int:
        """Store one part; when this returns, it outlives a loss of power.

        Parameters
        ----------
        upload : str
            Which upload.
        offset : int
            Where the part begins.
        data : bytes
            At least one byte.

        Returns
        -------
        int
            Where the part ends.

        Raises
        ------
        StorageError
            The disk is full, or the folder cannot be written.
        """
        end = offset + len(data)
        self.check_room(len(data))
        folder = self._folder(upload)
        path = folder / f"{offset:015d}-{end:015d}"
        if not folder.is_dir():
            private_folder(folder)
            sync_folder(self.folder)
        write_whole(path, [self._seal(data, upload, offset)], private=True)
        return end

    def read(self, upload: str) -> Iterator[bytes]:
        """Yield the bytes from the beginning, part by part.

        Raises
        ------
        VaultError
            A part was altered, or sealed with another key.
        """
        reached = 0
        for start, end, path in self._parts(upload):
            if start == reached:
                yield self._unseal(path.read_bytes(), upload, start)
                reached = end

    def remove(self, upload: str) -> None:
        """Remove all parts of an upload."""
        shutil.rmtree(self._folder(upload), ignore_errors=True)

    def kept(self) -> list[str]:
        """Return the uploads that have parts here."""
        if not self.folder.is_dir():
            return []
        return sorted(p.name for p in self.folder.iterdir() if _UPLOAD_ID.fullmatch(p.name))

    def check_room(self, size_bytes: int) -> None:
        """Refuse what would leave too little room on the disk.

        Raises
        ------
        StorageError
            There is not enough room.
        """
        free = shutil.disk_usage(private_folder(self.folder)).free
        if free - size_bytes < self.room_kept_bytes:
            raise StorageError(
                "There is not enough room on the disk for this video",
                expected=f"{_mb(size_bytes + self.room_kept_bytes)} free",
                found=f"{_mb(free)} free",
                do="make room on the disk; what was received is kept and the upload goes on",
            )

    def _folder(self, upload: str) -> Path:
        if not _UPLOAD_ID.fullmatch(upload):
            raise StorageError("This is no upload", found="a wrong name of its folder")
        return self.folder / upload

    def _parts(self, upload: str) -> list[tuple[int, int, Path]]:
        folder = self._folder(upload)
        if not folder.is_dir():
            return []
        named = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir())
        return sorted((int(name[1]), int(name[2]), path) for name, path in named if name)

    def _seal(self, data: bytes, upload: str, offset: int) -> bytes:
        if self.key is None:
            return data
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, data, _place(upload, offset))

    def _unseal(self, data: bytes, upload: str, offset: int) -> bytes:
        if self.key is None:
            return data
        nonce, sealed = data[:NONCE_BYTES], data[NONCE_BYTES:]
        try:
            return self._cipher().decrypt(nonce, sealed, _place(upload, offset))
        except (InvalidTag, ValueError) as error:
            raise VaultError(
                "A part of this upload cannot be decrypted",
                expected="what was received",
                found="altered bytes, or another key",
                do="remove this upload and send the video again",
            ) from error

    def _cipher(self) -> AESGCM:
        return AESGCM(self.key or b"")


def _place(upload: str, offset: int) -> bytes:
    return f"facewire.upload/1 {upload} {offset}".encode()


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.0f} MB"
