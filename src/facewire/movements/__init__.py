"""Where each asked movement begins, holds and ends, and whether it can be used."""

from facewire.movements.cues import check_cues_fit, cues_of, load_cues
from facewire.movements.locate import locate_movements
from facewire.movements.movements import Blink, Cue, MovementSet, Repetition

__all__ = [
    "Blink",
    "Cue",
    "MovementSet",
    "Repetition",
    "check_cues_fit",
    "cues_of",
    "load_cues",
    "locate_movements",
]
