"""Which side is held against the other when a face is graded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from facewire.face import SIDES, Side
from facewire.words import mark

NO_REFERENCE = mark("both sides are affected: there is no other side to grade against")


def graded_sides(result: Mapping[str, Any]) -> tuple[Side, ...]:
    """Return the sides to grade: the affected one, each in turn, or none.

    Healthy people are graded in the literature with either side as the reference (Picard 2024), so
    a face without an affected side, or with an undecided one, is graded each way with equal weight.
    Where both sides are affected no side is a reference.
    """
    if result.get("side_affected") in ("L", "R"):
        return (Side(result["side_affected"]),)
    return () if result.get("side_status") == "both" else SIDES
