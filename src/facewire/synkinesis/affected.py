"""The affected side as a value: which, and how that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from facewire.errors import UsageError
from facewire.face import SIDES, Side

Status = Literal["stated", "inferred", "none", "undecided", "both"]


@dataclass(frozen=True)
class AffectedSide:
    """Which side is affected, and how that is known.

    ``side`` is None unless ``status`` is ``stated`` or ``inferred``. ``confidence`` is NaN for
    ``both``, and for ``undecided`` where the recording has too few answers.
    """

    side: Side | None
    status: Status
    confidence: float

    def __post_init__(self) -> None:
        named = isinstance(self.side, Side)
        fits = {"stated": True, "inferred": named}.get(self.status, self.side is None)
        if not fits or not (math.isnan(self.confidence) or 0 <= self.confidence <= 1):
            raise UsageError(
                "The affected side contradicts itself",
                expected="a side where it is inferred, none where it is not, a share as confidence",
                found=f"{self.side}, {self.status}, {self.confidence}",
            )

    @property
    def none(self) -> bool:
        """Whether no side is affected, stated or inferred."""
        return self.side is None and self.status in ("none", "stated")

    @property
    def sides(self) -> tuple[Side, ...]:
        """Every affected side."""
        if self.status == "both":
            return SIDES
        return () if self.side is None else (self.side,)
