"""Writing files whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from glob import escape as glob_escape
from pathlib import Path
from typing import BinaryIO

from facewire.errors import StorageError

PART = ".part"
"""Ending of a file that is being written; what is left of one after a stop is rubbish."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that appears under its name only when it is complete and on disk.

    Readable to its owner only. When the block fails, nothing is left and what was there stays.

    Raises
    ------
    StorageError
        The disk is full, or the folder cannot be written.
    """
    part = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}{PART}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise not_written(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def sweep_parts(path: Path) -> None:
    """Remove what an interrupted writing of this file left beside it."""
    for part in path.parent.glob(f".{glob_escape(path.name)}-*{PART}"):
        part.unlink(missing_ok=True)


def new_private_file(path: Path) -> Path:
    """Make an empty file that only its owner can read, and return it.

    Raises
    ------
    StorageError
        It cannot be made.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    except OSError as error:
        raise not_written(path, error) from error
    return path


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Write chunks to a file, whole or not at all; see `whole_file`."""
    with whole_file(path) as file:
        for chunk in chunks:
            file.write(chunk)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: a new or a removed file stays so after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner can enter, with its parents, and return it.

    Raises
    ------
    StorageError
        It cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise not_written(folder, error) from error
    return folder


def not_written(path: Path, error: OSError) -> StorageError:
    """Make the error of a file that cannot be written."""
    return StorageError(
        f"{path.name} cannot be written",
        expected="a folder with room that can be written",
        found=error.strerror or "an error of the disk",
        do="make room on the disk or correct the rights, then try again",
    )


def not_read(path: Path, error: OSError) -> StorageError:
    """Make the error of a file that cannot be read."""
    return StorageError(
        f"{path.name} cannot be read",
        found=error.strerror or "an error of the disk",
        do="check that it is there and its rights",
    )
