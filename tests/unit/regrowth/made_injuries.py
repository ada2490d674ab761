"""Injuries for the tests, and their courses, each simulated once."""

from __future__ import annotations

from functools import cache

from facewire.face import Side
from facewire.face.anatomy import Branch
from facewire.regrowth import Injury, Place, Regrowth, Severity, simulate

CRUSH = Injury(Side.LEFT, Severity.CRUSH)
NEURAPRAXIA = Injury(Side.LEFT, Severity.NEURAPRAXIA)
REPAIRED = Injury(Side.LEFT, Severity.CUT, repaired=True)
OPEN_CUT = Injury(Side.LEFT, Severity.CUT)
NONE = Injury(Side.LEFT, Severity.NONE)
ZYGOMATIC = Injury(Side.LEFT, Severity.CRUSH, place=Place.BRANCH, branch=Branch.ZYGOMATIC)


@cache
def courses(injury: Injury, runs: int = 60, months: int = 24, seed: int = 1) -> Regrowth:
    return simulate(injury, runs=runs, months=months, seed=seed)
