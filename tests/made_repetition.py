"""A repetition written by hand: its rest, its rise, its hold, its return."""

from __future__ import annotations

from facewire.face import Movement
from facewire.results.measurement import Repetition


def repetition(
    movement: Movement,
    number: int = 1,
    start_s: float = 1.0,
    *,
    kept: bool = True,
    reason: str = "",
) -> Repetition:
    """A rest of 0.9 s, then the movement: onset after 0.1 s, hold from 0.2 to 0.8 s, end at 1 s."""
    return Repetition(
        movement=movement,
        repetition=number,
        start_s=start_s,
        onset_s=start_s + 0.1,
        apex_start_s=start_s + 0.2,
        apex_end_s=start_s + 0.8,
        end_s=start_s + 1.0,
        rest_start_s=start_s - 1.0,
        rest_end_s=start_s - 0.1,
        rest_kind="before",
        kept=kept,
        reason=reason or ("" if kept else "blinked"),
    )
