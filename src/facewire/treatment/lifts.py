"""Brow lift and facelift: the resting position. Direction only: no figure found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from facewire.face import Region
from facewire.results.forecast import TreatmentKind
from facewire.treatment.base import Treatment
from facewire.treatment.effect import Direction, Effect
from facewire.wiring import FaceState
from facewire.words import mark

NO_SIZE = mark("no published change in millimetres, direction only")


@dataclass(frozen=True)
class _Lift(Treatment):
    """A lift: raises one region at rest; by how much is not published."""

    region: ClassVar[Region] = Region.BROW

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:  # noqa: ARG002
        """Return nothing: the size is not known."""
        return ()

    def directions(self) -> tuple[Direction, ...]:
        """Return the lifted region at rest: up."""
        reason = f"{self.kind}: {NO_SIZE}"
        return (Direction("rest_mm", self.region, self.side, "up", reason),)


@dataclass(frozen=True)
class BrowLift(_Lift):
    """Raises the brow of one side at rest."""

    kind: ClassVar[TreatmentKind] = "brow_lift"


@dataclass(frozen=True)
class Facelift(_Lift):
    """Raises the mouth corner of one side at rest (facelift, static sling)."""

    kind: ClassVar[TreatmentKind] = "facelift"
    region: ClassVar[Region] = Region.COMMISSURE
