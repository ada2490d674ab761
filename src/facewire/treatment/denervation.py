"""Selective denervation: the nerve of one muscle is divided. Direction only: no figure found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, REGIONS, Region
from facewire.face.muscles import (
    GROUP_INDEX,
    SIDE_CHANNELS,
    TYPICAL_ACTION_MM,
    MuscleGroup,
)
from facewire.results.forecast import TreatmentKind
from facewire.treatment.base import Treatment
from facewire.treatment.effect import Direction, Effect
from facewire.treatment.muscles import groups_of
from facewire.wiring import FaceState
from facewire.words import mark

LEAST_MM = 1.0
"""A group that moves a region by less does not put its numbers in doubt."""
REASON = mark("selective denervation: no published size, direction only")


@dataclass(frozen=True)
class SelectiveDenervation(Treatment):
    """Division of the nerve of one muscle: its involuntary and its wanted movement get smaller.

    No published figure says by how much: every number of the regions that it moves is left out
    from that day on, with the direction ``toward_zero``.

    Parameters
    ----------
    side : Side
    muscle : str
        One of `facewire.treatment.muscles.NAMES` that video sees.

    Raises
    ------
    UsageError
        The muscle is not known, or video sees no movement of it.
    """

    kind: ClassVar[TreatmentKind] = "selective_denervation"

    muscle: str

    def __post_init__(self) -> None:
        if not groups_of(self.muscle):
            raise UsageError(
                "The denervated muscle is not simulated",
                expected="a muscle whose movement video sees",
                found=self.muscle,
            )

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:  # noqa: ARG002
        """Return nothing: the size is not known."""
        return ()

    def directions(self) -> tuple[Direction, ...]:
        """Return the regions that the muscle moves, towards no movement."""
        return tuple(
            Direction(quantity, region, self.side, "toward_zero", REASON, MOVEMENTS)
            for quantity in ("involuntary_mm", "voluntary_mm")
            for region in REGIONS
            if any(_moves(group, region) for group in groups_of(self.muscle))
        )

    def removes(self) -> tuple[MuscleGroup, ...]:
        """Return the groups without a nerve."""
        return groups_of(self.muscle)


def _moves(group: MuscleGroup, region: Region) -> bool:
    columns = [k for k, (r, _) in enumerate(SIDE_CHANNELS) if r is region]
    moved = np.linalg.norm(TYPICAL_ACTION_MM[GROUP_INDEX[group], columns])
    return bool(moved >= LEAST_MM)
