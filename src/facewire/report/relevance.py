"""Which compared outcomes are told first: the others are noise around nothing, and stay folded."""

from __future__ import annotations

from collections.abc import Iterable

from facewire.face import VOLUNTARY_TARGETS, Side
from facewire.results.comparison import Change
from facewire.results.course import OutcomeCourse

MATTERS_MM = 0.7
"""From here on an involuntary part can be called present (`facewire measure`)."""


def matters(
    row: Change | OutcomeCourse, sizes_mm: Iterable[float | None], affected: Side | None
) -> bool:
    """Say whether an outcome is worth a line of its own.

    Parameters
    ----------
    row : Change or OutcomeCourse
    sizes_mm : iterable of float or None
        Its values at the visits.
    affected : Side or None
        The affected side.

    Returns
    -------
    bool
        True for an involuntary part that reached 0.7 mm at any visit, and for what the movement
        itself is to move, on the affected side.
    """
    if row.kind == "involuntary":
        return any(abs(size) >= MATTERS_MM for size in sizes_mm if size is not None)
    target = VOLUNTARY_TARGETS[row.movement][0]
    return row.region is target and affected in (None, row.side)
