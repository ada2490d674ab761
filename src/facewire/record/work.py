"""Working room: where a video lies in the clear while it is measured.

With a passphrase it is in memory (``/dev/shm``, a file system of the system's own memory), so that
nothing readable reaches the disk; where that is too small it is in the data folder, and the app
says so. It is readable to its owner only and emptied at every start.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from facewire.files import private_folder

MEMORY = Path("/dev/shm")  # noqa: S108 - memory, not a folder on the disk
ROOM_BYTES = 512 * 1024 * 1024
"""What memory must have free to be used: a long phone video and its results."""

LIVE_NAME = "live"
"""Folder of the sessions that are not finished, one by the id of each recording."""


def live_work(recording_id: str) -> str:
    """Return the name of a session's place in the work room."""
    return f"{LIVE_NAME}-{recording_id}"


@dataclass(frozen=True)
class WorkRoom:
    """A folder for work in progress.

    Parameters
    ----------
    path : Path
    in_memory : bool
        Whether it is in memory.
    message : str
        What the administrator should know about it; empty when all is well.
    """

    path: Path
    in_memory: bool
    message: str = ""

    def place(self, name: str) -> Path:
        """Return the private folder of a piece of work; made when new, kept until removed."""
        return private_folder(self.path / name)

    def remove(self, name: str) -> None:
        """Remove the folder of a piece of work that is done."""
        shutil.rmtree(self.path / name, ignore_errors=True)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Give a new private folder, removed with all it holds at the end."""
        name = uuid.uuid4().hex
        try:
            yield self.place(name)
        finally:
            self.remove(name)

    def clean(self, keep: Collection[str] = ()) -> None:
        """Remove what an earlier run left, but for the work named; only while nothing works here.

        Parameters
        ----------
        keep : collection of str
            Names of work that goes on, such as a measurement that was interrupted.
        """
        for item in self.path.iterdir():
            if item.name in keep:
                continue
            if item.is_dir() and not item.is_symlink():
                shutil.rmtree(item, ignore_errors=True)
            else:
                item.unlink(missing_ok=True)

    def leave(self) -> None:
        """Give the memory place back when nothing is in it."""
        if self.in_memory:
            with suppress(OSError):
                self.path.rmdir()


def open_work(data: Path, *, encrypted: bool) -> WorkRoom:
    """Choose and make the working room of a data folder; the same one every time it fits.

    Parameters
    ----------
    data : Path
        The data folder.
    encrypted : bool
        Whether a passphrase protects it.

    Raises
    ------
    StorageError
        The folder cannot be made.
    """
    on_disk = data / "work"
    if not encrypted:
        return WorkRoom(private_folder(on_disk), in_memory=False)
    place = _memory_place(data)
    if _is_ours(place) or (_free_bytes(MEMORY) >= ROOM_BYTES and not place.exists()):
        return WorkRoom(private_folder(place), in_memory=True)
    return WorkRoom(
        private_folder(on_disk),
        in_memory=False,
        message=f"Less than {ROOM_BYTES // 2**20} MiB of memory are free: while a video is "
        "measured it lies unencrypted in the data folder's work/ and is removed afterwards.",
    )


def _memory_place(data: Path) -> Path:
    mark = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]
    return MEMORY / f"facewire-{_user()}-{mark}"


def _is_ours(place: Path) -> bool:
    """Whether it is a folder of this user's, not one that somebody else put in its way."""
    return place.is_dir() and not place.is_symlink() and place.stat().st_uid == _user()


def _user() -> int:
    """Return the number of this process's user; systems without one have no such memory either."""
    return os.getuid() if hasattr(os, "getuid") else 0


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free if folder.is_dir() else 0
