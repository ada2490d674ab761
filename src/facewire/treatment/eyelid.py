"""Eyelid procedures: upper lid weight, tarsorrhaphy, canthoplasty. Direction only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from facewire.face import EYE_CLOSURES, Region
from facewire.results.forecast import TreatmentKind
from facewire.treatment.base import Treatment
from facewire.treatment.effect import Direction, Effect
from facewire.wiring import FaceState
from facewire.words import mark

NO_SIZE = mark("no published change in millimetres, direction only")


@dataclass(frozen=True)
class _LidProcedure(Treatment):
    """A procedure that narrows the fissure at rest; by how much is not published."""

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:  # noqa: ARG002
        """Return nothing: the size is not known."""
        return ()

    def directions(self) -> tuple[Direction, ...]:
        """Return the fissure at rest: down."""
        reason = f"{self.kind}: {NO_SIZE}"
        return (Direction("rest_mm", Region.EYE, self.side, "down", reason),)


@dataclass(frozen=True)
class UpperLidWeight(_LidProcedure):
    """A weight in the upper lid of an eye that does not close. Never for a narrow eye.

    Closes further (fissure change ``down``), rests lower. Series report that closure is reached,
    not by how many millimetres.
    """

    kind: ClassVar[TreatmentKind] = "upper_lid_weight"
    risks: ClassVar[tuple[str, ...]] = ("lid_weight_complications", "lid_weight_extrusion")

    def directions(self) -> tuple[Direction, ...]:
        """Return the fissure at rest, and in closing: down."""
        reason = f"{self.kind}: {NO_SIZE}"
        closing = Direction("voluntary_mm", Region.EYE, self.side, "down", reason, EYE_CLOSURES)
        return (*super().directions(), closing)


@dataclass(frozen=True)
class Tarsorrhaphy(_LidProcedure):
    """The lids are joined at a corner: the fissure rests lower."""

    kind: ClassVar[TreatmentKind] = "tarsorrhaphy"


@dataclass(frozen=True)
class Canthoplasty(_LidProcedure):
    """The lower lid is tightened at the outer corner: a gaping fissure rests lower."""

    kind: ClassVar[TreatmentKind] = "canthoplasty"
