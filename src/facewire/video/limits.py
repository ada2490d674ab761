"""How much a video may ask for before decoding stops."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from facewire.errors import DecoderLimitError, UsageError

CONTAINERS = {
    "mov": ("mp4", "mov", "m4v", "3gp", "3g2"),
    "matroska": ("mkv", "webm"),
    "avi": ("avi",),
    "mpegts": ("mts", "m2ts", "ts"),
    "mpeg": ("mpg", "mpeg"),
}
"""Formats that are read, and how their files' names end: the one list of what is taken."""

SUFFIXES = tuple(f".{ending}" for endings in CONTAINERS.values() for ending in endings)

LEAST_MEMORY_MIB = 100
"""Below this the codec library cannot even start: it took 70 MiB when this was written."""


@dataclass(frozen=True)
class DecodeLimits:
    """Limits of decoding; past one of them, `DecoderLimitError` is raised.

    Parameters
    ----------
    max_pixels : int
        Largest picture, width times height.
    memory_mib : int
        Memory of the decoding process, mebibytes, the shared ring not counted. Held by the
        operating system where it can (Linux).
    stall_s : float
        Most processor time of the decoding process for one frame, seconds. Not the clock's: a busy
        computer makes every decoder slow (where the system tells it: Linux).
    wait_s : float
        Longest wait for one frame by the clock, seconds, whatever the reason.
    max_duration_s : float
        Longest recording, seconds: an endless one ends with an error.
    threads : int
        Threads of the codec. On two cores that also ran two other processes, one thread gave
        280 to 440 frames a second (720p, H.264) and two gave 200 to 290, for a third more
        processor time; with the cores to itself the second thread gains 10 to 80 %.
    """

    max_pixels: int = 8192 * 8192
    memory_mib: int = 2048
    stall_s: float = 30.0
    wait_s: float = 600.0
    max_duration_s: float = 7200.0
    threads: int = 1

    def __post_init__(self) -> None:
        for name, value in self.to_dict().items():
            least = LEAST_MEMORY_MIB if name == "memory_mib" else 0
            if not value > least:
                raise UsageError(
                    f"The decoding limit {name} is wrong",
                    expected=f"a number above {least}",
                    found=str(value),
                )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as provenance and the decoding process take them."""
        return asdict(self)

    def check_size(self, width_px: int, height_px: int) -> None:
        """Raise `DecoderLimitError` for a picture over the limit."""
        if width_px * height_px > self.max_pixels:
            raise DecoderLimitError(
                "The pictures of the video are too large",
                expected=f"at most {self.max_pixels} pixels",
                found=f"{width_px} x {height_px}",
                do="export it at a smaller size",
            )

    def check_length(self, length_s: float) -> None:
        """Raise `DecoderLimitError` for a recording over the limit."""
        if length_s > self.max_duration_s:
            raise DecoderLimitError(
                "The video is too long",
                expected=f"at most {self.max_duration_s:g} s",
                found=f"{length_s:.1f} s or more",
                do="cut out the part with the movements",
            )
