"""A video on its way to the app: how it is described, and its parts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
