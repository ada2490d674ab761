"""Movements: where each asked repetition begins, holds and ends, and whether it can be used."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from facewire.errors import CueSheetError, TrackError
from facewire.face import Movement
from facewire.motion.blinks import Blink
from facewire.results.measurement import Repetition

__all__ = ["Blink", "Cue", "MovementSet", "Repetition"]


@dataclass(frozen=True)
class Cue:
    """One asked repetition on the recording's time axis, seconds.

    ``effort`` is what the patient was asked for, such as ``comfortable`` or ``full``; empty where
    the cue sheet does not say.
    """

    movement: Movement
    repetition: int
    start_s: float
    onset_end_s: float
    offset_start_s: float
    end_s: float
    effort: str = ""

    def __post_init__(self) -> None:
        times = (self.start_s, self.onset_end_s, self.offset_start_s, self.end_s)
        if not all(a < b for a, b in pairwise(times)):
            raise CueSheetError(
                f"The times of {self.movement} {self.repetition} are not in order",
                expected="start_s < onset_end_s < offset_start_s < end_s",
                found=", ".join(f"{t:g}" for t in times),
                do="correct the cue sheet",
            )


@dataclass(frozen=True)
class MovementSet:
    """Every repetition and blink of a recording, and its opening rest.

    ``named_by`` is ``cues`` (a cue sheet) or ``signals`` (found and named without one);
    ``sheet_shift_s`` is what was added to the sheet's times to fit it to the recording.
    """

    repetitions: tuple[Repetition, ...]
    blinks: tuple[Blink, ...]
    opening_rest_s: tuple[float, float]
    named_by: str
    sheet_shift_s: float = 0.0

    def __post_init__(self) -> None:
        start, end = self.opening_rest_s
        if not start <= end or self.named_by not in ("cues", "signals"):
            raise TrackError(
                "The movements of a recording contradict themselves",
                expected="a rest that ends after its start, named by cues or signals",
                found=f"{start:g} to {end:g} s, {self.named_by}",
            )

    def kept(self, movement: Movement) -> tuple[Repetition, ...]:
        """Return the usable repetitions of one movement."""
        return tuple(r for r in self.repetitions if r.movement is movement and r.kept)
