"""Injuries for the tests, and their courses, each simulated once."""

from __future__ import annotations

from functools import cache

import numpy as np

from facewire.face import SIDES, Side
from facewire.face.anatomy import Branch
from facewire.face.movements import healthy_activation
from facewire.face.muscles import TYPICAL_ACTION_MM
from facewire.regrowth import Injury, Place, RegrowthRuns, Severity, simulate
from facewire.regrowth.movement import right_and_wrong
from facewire.regrowth.nerve import FloatArray
from facewire.wiring.state import N_CHANNELS, N_GROUPS, N_MOVEMENTS, FaceState, side_index

CRUSH = Injury(Side.LEFT, Severity.CRUSH)
NEURAPRAXIA = Injury(Side.LEFT, Severity.NEURAPRAXIA)
REPAIRED = Injury(Side.LEFT, Severity.CUT, repaired=True)
OPEN_CUT = Injury(Side.LEFT, Severity.CUT)
NONE = Injury(Side.LEFT, Severity.NONE)
ZYGOMATIC = Injury(Side.LEFT, Severity.CRUSH, place=Place.BRANCH, branch=Branch.ZYGOMATIC)


@cache
def courses(injury: Injury, runs: int = 60, months: int = 24, seed: int = 1) -> RegrowthRuns:
    return simulate(injury, runs=runs, months=months, seed=seed)


def face_state(regrowth: RegrowthRuns, month: int) -> FaceState:
    """Return the typical face of one month, a draw a run; the other side is healthy."""
    side, runs = side_index(regrowth.injury.side), regrowth.runs
    right, wrong = right_and_wrong(regrowth.drive[:, month])
    healthy = np.broadcast_to(healthy_activation(), right.shape)
    shape = (runs, len(SIDES))
    return FaceState(
        right=_sides(side, right, healthy),
        wrong=_sides(side, wrong, np.zeros_like(wrong)),
        tone=_sides(side, regrowth.tone[:, month], np.zeros((runs, N_GROUPS))),
        strength=_sides(side, regrowth.strength[:, month], np.ones((runs, N_GROUPS))),
        action_mm=np.broadcast_to(TYPICAL_ACTION_MM, (*shape, N_GROUPS, N_CHANNELS)).copy(),
        added_mm=np.zeros((*shape, N_MOVEMENTS, N_CHANNELS)),
        shift_mm=np.zeros((*shape, N_CHANNELS)),
        rest_mm=np.full((*shape, N_CHANNELS), np.nan),
        physiological_mm=np.zeros((*shape, N_MOVEMENTS, N_CHANNELS)),
    )


def _sides(side: int, injured: FloatArray, other: FloatArray) -> FloatArray:
    """Stack the injured and the other side in the order of ``SIDES``."""
    pair = [injured, other] if side == 0 else [other, injured]
    return np.stack(pair, axis=1)
