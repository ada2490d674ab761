"""Where each asked movement begins, holds and ends, and whether it can be used."""

from facewire.motion.blinks import Blink
from facewire.movements.cues import Cue, check_cues_fit, cues_of, load_cues
from facewire.movements.locate import MovementSet, locate_movements
from facewire.results.measurement import Repetition

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
