"""Which compared outcomes are told first: the others are noise around nothing, and stay folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from facewire.face import VOLUNTARY_TARGETS, Movement, Region

Document = Mapping[str, Any]

INVOLUNTARY = "involuntary"
MATTERS_MM = 0.7
"""From here on an involuntary part can be called present (`facewire measure`)."""


def matters(row: Document, sizes_mm: Iterable[float | None], affected: str | None) -> bool:
    """Say whether an outcome is worth a line of its own.

    Parameters
    ----------
    row : mapping
        A compared pair or a course: movement, region, side and kind.
    sizes_mm : iterable of float or None
        Its values at the visits.
    affected : str or None
        The affected side, ``L`` or ``R``.

    Returns
    -------
    bool
        True for an involuntary part that reached 0.7 mm at any visit, and for what the movement
        itself is to move, on the affected side.
    """
    if row["kind"] == INVOLUNTARY:
        return any(abs(size) >= MATTERS_MM for size in sizes_mm if size is not None)
    target = VOLUNTARY_TARGETS[Movement(row["movement"])][0]
    return Region(row["region"]) is target and affected in (None, row["side"])
