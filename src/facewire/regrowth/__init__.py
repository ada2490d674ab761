"""Regrowth of an injured facial nerve, simulated for teaching; never a forecast for one patient."""

from facewire.regrowth.injury import Injury, InjuryFile, injury_from, read_injury
from facewire.regrowth.simulate import RegrowthRuns, simulate
from facewire.regrowth.summary import summarise
from facewire.results.regrowth import Place, Severity

__all__ = [
    "Injury",
    "InjuryFile",
    "Place",
    "RegrowthRuns",
    "Severity",
    "injury_from",
    "read_injury",
    "simulate",
    "summarise",
]
