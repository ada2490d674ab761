"""Movements: where each asked repetition begins, holds and ends, and whether it can be used."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from facewire.errors import CueSheetError
from facewire.face import Movement
from facewire.motion.blinks import Blink

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
class Repetition:
    """One repetition as it was found, seconds; a dropped one keeps its reason.

    ``onset_s`` and ``end_s`` are where the movement's main target, on the side that moves more,
    passes a tenth of its hold; ``apex_start_s`` to ``apex_end_s`` is the hold. A kept repetition
    may carry a remark in ``reason``, such as how it was named.

    ``rest_start_s`` to ``rest_end_s`` is the rest that it is compared with; ``rest_kind`` is
    ``before`` (the rest just before it) or ``opening`` (the opening rest, because the face had
    not returned to rest).
    """

    movement: Movement
    repetition: int
    start_s: float
    onset_s: float
    apex_start_s: float
    apex_end_s: float
    end_s: float
    rest_start_s: float
    rest_end_s: float
    rest_kind: str
    kept: bool
    reason: str


@dataclass(frozen=True)
class MovementSet:
    """Every repetition and blink of a recording, and its opening rest.

    ``named_by`` is ``cues`` (a cue sheet) or ``signals`` (found and named without one).
    """

    repetitions: tuple[Repetition, ...]
    blinks: tuple[Blink, ...]
    opening_rest_s: tuple[float, float]
    named_by: str

    def kept(self, movement: Movement) -> tuple[Repetition, ...]:
        """Return the usable repetitions of one movement."""
        return tuple(r for r in self.repetitions if r.movement is movement and r.kept)
