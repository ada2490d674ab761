"""How much a video may ask for before decoding stops."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from facewire.errors import UsageError


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
        Longest wait for one frame, seconds.
    max_duration_s : float
        Longest recording, seconds: an endless one ends with an error.
    threads : int
        Threads of the codec, 1 or more. One is best where inference runs beside it.
    """

    max_pixels: int = 8192 * 8192
    memory_mib: int = 2048
    stall_s: float = 30.0
    max_duration_s: float = 7200.0
    threads: int = 1

    def __post_init__(self) -> None:
        for name, value in self.to_dict().items():
            if not value > 0:
                raise UsageError(
                    f"The decoding limit {name} is wrong",
                    expected="a number above 0",
                    found=str(value),
                )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as provenance and the decoding process take them."""
        return asdict(self)
