"""A simulated course as faces: the same type that inference, treatment and plan use."""

from __future__ import annotations

import numpy as np

from facewire.errors import UsageError
from facewire.face import SIDES
from facewire.face.movements import healthy_activation
from facewire.face.muscles import (
    TYPICAL_ACTION_MM,
)
from facewire.regrowth.movement import right_and_wrong
from facewire.regrowth.nerve import FloatArray
from facewire.regrowth.simulate import Regrowth
from facewire.wiring.state import N_CHANNELS, N_GROUPS, N_MOVEMENTS, FaceState, side_index


def face_state(regrowth: Regrowth, month: int) -> FaceState:
    """Return the faces of one month, a draw a run; the other side is healthy.

    Parameters
    ----------
    regrowth : Regrowth
    month : int
        Months after the injury, 0 to the end of the time line.

    Returns
    -------
    FaceState
        On a typical face: what each muscle moves is the table's, not a person's. Where the
        channels stand at rest is not known (NaN).

    Raises
    ------
    UsageError
        The month is not on the time line.
    """
    if not 0 <= month <= regrowth.months:
        raise UsageError(
            "The month is not on the time line",
            expected=f"0 to {regrowth.months}",
            found=str(month),
        )
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
