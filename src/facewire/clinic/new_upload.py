"""What is said of a video before it is sent, and checked at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from facewire.errors import UsageError
from facewire.video import SUFFIXES

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class NewUpload:
    """What is said of a video before it is sent.

    Parameters
    ----------
    name : str
        Of the file; folders in it are dropped.
    size_bytes : int
        Of the whole file.
    fingerprint : str
        SHA-256 of its first MiB, hexadecimal: with name and size it finds an unfinished upload.
    mirrored : bool, optional
        Whether the picture is mirrored; None leaves the sides unconfirmed.
    cues : list, optional
        Rows of a cue sheet: what was asked of the patient and when.

    Raises
    ------
    UsageError
        The name is no name of a video, size or fingerprint cannot be, or the cue sheet is wrong.
    """

    name: str
    size_bytes: int
    fingerprint: str
    mirrored: bool | None = None
    cues: list[Any] | None = None

    def __post_init__(self) -> None:
        """Check what can be checked before anything is sent."""
        object.__setattr__(self, "name", plain_name(self.name))
        if self.size_bytes < 1:
            raise UsageError("The file is empty", do="choose the video again")
        if not _SHA256.fullmatch(self.fingerprint):
            raise UsageError(
                "The fingerprint cannot be read", expected="64 hexadecimal digits of SHA-256"
            )
        if self.cues is not None:
            from facewire.movements import cues_of

            cues_of(self.cues)


def plain_name(name: str) -> str:
    """Return a file's name without folders and control characters.

    Raises
    ------
    UsageError
        It is not the name of a video.
    """
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(mark for mark in last if mark.isprintable())[-200:]
    if not kept.lower().endswith(SUFFIXES):
        raise UsageError(
            "This is not a video by its name",
            expected=", ".join(SUFFIXES),
            found=kept or "no name",
            do="choose the video itself",
        )
    return kept
