"""Regrowth of an injured facial nerve, simulated for teaching; never a forecast for one patient."""

from facewire.regrowth.document import regrowth_document
from facewire.regrowth.faces import face_state
from facewire.regrowth.injury import Injury, Place, Severity
from facewire.regrowth.injury_file import InjuryFile, injury_from, read_injury
from facewire.regrowth.simulate import TEACHING, Regrowth, simulate

__all__ = [
    "TEACHING",
    "Injury",
    "InjuryFile",
    "Place",
    "Regrowth",
    "Severity",
    "face_state",
    "injury_from",
    "read_injury",
    "regrowth_document",
    "simulate",
]
