"""Treatments of which no size is published, only a direction: denervation, eyelid, lifts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from facewire.errors import UsageError
from facewire.face import EYE_CLOSURES, MOVEMENTS, REGIONS, Region
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

NO_SIZE = mark("no published change in millimetres, direction only")
MEANS_ALONE = mark(
    "published as means without a spread (117 people, platinum: upper lid 1.4 mm lower at rest, "
    "gap 2.5 mm less in gentle closure, Am J Ophthalmol 2019), direction only"
)
LEAST_MM = 1.0
"""A group that moves a region by less does not put its numbers in doubt."""
REASON = mark("selective denervation: no published size, direction only")


@dataclass(frozen=True)
class _DirectionOnly(Treatment):
    """A treatment of unknown size."""

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:  # noqa: ARG002
        """Return nothing: the size is not known."""
        return ()


@dataclass(frozen=True)
class SelectiveDenervation(_DirectionOnly):
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


@dataclass(frozen=True)
class _LidProcedure(_DirectionOnly):
    """A procedure that narrows the fissure at rest; by how much is not published."""

    def directions(self) -> tuple[Direction, ...]:
        """Return the fissure at rest: down."""
        reason = f"{self.kind}: {NO_SIZE}"
        return (Direction("rest_mm", Region.EYE, self.side, "down", reason),)


@dataclass(frozen=True)
class UpperLidWeight(_LidProcedure):
    """A weight in the upper lid of an eye that does not close. Never for a narrow eye.

    Closes further (fissure change ``down``), rests lower. One series of platinum gives means
    without a spread: told among the sources, not simulated.
    """

    kind: ClassVar[TreatmentKind] = "upper_lid_weight"
    risks: ClassVar[tuple[str, ...]] = (
        "lid_weight_ptosis",
        "lid_weight_astigmatism",
        "lid_weight_complications",
        "lid_weight_extrusion",
        "lid_weight_bulging",
        "lid_weight_revision_gold",
        "lid_weight_revision_platinum",
        "lid_weight_allergy",
    )

    def directions(self) -> tuple[Direction, ...]:
        """Return the fissure at rest, and in closing: down."""
        reason = f"{self.kind}: {MEANS_ALONE}"
        closing = Direction("voluntary_mm", Region.EYE, self.side, "down", reason, EYE_CLOSURES)
        return (Direction("rest_mm", Region.EYE, self.side, "down", reason), closing)


@dataclass(frozen=True)
class Tarsorrhaphy(_LidProcedure):
    """The lids are joined at a corner: the fissure rests lower."""

    kind: ClassVar[TreatmentKind] = "tarsorrhaphy"
    risks: ClassVar[tuple[str, ...]] = ("tarsorrhaphy_any",)


@dataclass(frozen=True)
class Canthoplasty(_LidProcedure):
    """The lower lid is tightened at the outer corner: a gaping fissure rests lower."""

    kind: ClassVar[TreatmentKind] = "canthoplasty"
    risks: ClassVar[tuple[str, ...]] = ("canthoplasty_revision",)


@dataclass(frozen=True)
class _Lift(_DirectionOnly):
    """A lift: raises one region at rest; by how much is not published."""

    region: ClassVar[Region] = Region.BROW

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
