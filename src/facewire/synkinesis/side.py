"""Which side is affected, from the recording alone.

Two kinds of evidence: regions that move without being asked on one side and not on the other, and
voluntary movements that are smaller on one side. In a weak face without synkinesis the strong
side seems to carry more along, so that evidence is discounted by the other side's weakness.

A side is named, or that there is none, only where smile, pucker and closure of the eyes were done
and could be used: a recording without them may lack what speaks for the other side. That no side
is affected further needs an answer for most eyes and corners that could go along. Else it stays
undecided.

Both sides are affected when each has a finding of its own: a region that moves more than the same
one on the other side, beyond doubt and beyond what healthy sides differ by. One affected side
cannot make the other's regions move more. Sides that are affected alike stay hidden.

What is covered on one side says nothing about either: a pair of which one half is not seen gives no
evidence, and that no side is affected is not said while an eye or a corner of the mouth is covered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from facewire.errors import TrackError
from facewire.face import (
    MOVEMENTS,
    SIDES,
    Movement,
    Region,
    Side,
    main_target,
    movements_of,
    moves_on_purpose,
)
from facewire.synkinesis.affected import AffectedSide
from facewire.synkinesis.parts import (
    Evidence,
    asked_parts,
    involuntary_part,
)
from facewire.synkinesis.presence import beyond_healthy, settle

FREE_Z = 1.0
"""Evidence counts from this many standard deviations on."""

NAMED = 5.0
"""Least evidence for a side to be named: of 120 simulated healthy faces one has more."""

CREDIBLE_Z = 4.0
"""A side has a finding of its own from this many standard deviations on, see `carries`."""

TOLD_SHARE = 0.5
"""That no side is affected is said where at least this share of the witnesses has an answer."""

DECISIVE = 2.0
"""A side is named when its evidence is this many times the other's."""

HEALTHY_RATIO_SD = 0.13
"""Spread of weaker over stronger side in healthy smiles (`norms.WEAKER_OVER_STRONGER`)."""

WEAKNESS_DISCOUNT = 5.0

NEEDED = {"smile": 2, "eye_close": 2, "pucker": 1}
"""Least usable repetitions of each command before anything is said of the affected side: the
patterns that are most often seen show in them (oral-ocular and ocular-oral, Beurskens 2010). How
many is a convention: two where most is seen, because a single one may have been something else."""

WITNESSES = (Region.EYE, Region.COMMISSURE)


@dataclass(frozen=True)
class SideEvidence:
    """Evidence against one side: involuntary movement and weakness, in excess deviations."""

    involuntary: float
    weakness: float

    def __post_init__(self) -> None:
        if not (self.involuntary >= 0 and self.weakness >= 0):
            raise TrackError(
                "Evidence for a side is less than nothing",
                found=f"{self.involuntary}, {self.weakness}",
            )


def side_evidence(evidence: Evidence, side: Side) -> SideEvidence:
    """Add up what speaks for one side being the affected one."""
    moved = sum(
        max(_excess_z(evidence, m, r, side) - FREE_Z, 0.0)
        for m in MOVEMENTS
        for r in WITNESSES
        if not moves_on_purpose(m, r) and evidence.changes.count(m)
    )
    weak = sum(
        max(_weakness_z(evidence, m, side) - FREE_Z, 0.0)
        for m in MOVEMENTS
        if evidence.changes.count(m)
    )
    return SideEvidence(moved, weak)


def _excess_z(evidence: Evidence, movement: Movement, region: Region, side: Side) -> float:
    """Involuntary change in standard deviations; 0 where it was not measured on both sides."""
    if any(evidence.covered(region, s) for s in SIDES):
        return 0.0
    part = involuntary_part(evidence, movement, region, side)
    if not part.known:
        return 0.0
    if region is Region.EYE:
        return float(-part.value[0] / part.sd[0])
    return part.z if leads(evidence, movement, region, side) else 0.0


def leads(evidence: Evidence, movement: Movement, region: Region, side: Side) -> bool:
    """Tell whether a region moves more on this side than on the other; the eye: narrows more.

    The chin has no sides; it is counted with the left.

    Parameters
    ----------
    evidence : Evidence
        Changes of both sides.
    movement, region, side
        Which change.
    """
    own, other = (evidence.change(movement, region, s) for s in (side, side.other))
    if region is Region.CHIN:
        return side is Side.LEFT
    if region is Region.EYE:
        return bool(own[0] < other[0])
    return bool(np.linalg.norm(own) > np.linalg.norm(other))


def carries(evidence: Evidence, side: Side) -> bool:
    """Tell whether a side has a finding of its own, whatever the other side does.

    An eye or a mouth corner that moves more than on the other side, present, beyond what healthy
    sides differ by, and by at least `CREDIBLE_Z` standard deviations.
    """
    parts = asked_parts(evidence, side)
    rest_mm = evidence.rest_fissure_mm[side]
    answers = settle(parts, rest_mm)
    return any(
        answers[movement, region].present
        and part.z >= CREDIBLE_Z
        and leads(evidence, movement, region, side)
        and beyond_healthy(part, region, evidence.change(movement, region, side.other), rest_mm)
        for (movement, region), part in parts.items()
        if region in WITNESSES
    )


def _weakness_z(evidence: Evidence, movement: Movement, side: Side) -> float:
    """How much less this side moves, in standard deviations; 0 where it was not measured."""
    own = evidence.excursion_mm(movement, side)
    other = evidence.excursion_mm(movement, side.other)
    region = main_target(movement)
    sd = evidence.change_sd(movement, region, side, difference=True)
    weakness = float((other - own) / np.hypot(np.linalg.norm(sd), HEALTHY_RATIO_SD * other))
    return weakness if np.isfinite(weakness) else 0.0


def _could_show(evidence: Evidence) -> bool:
    """Tell whether the recording could have shown an affected side: most witnesses answer."""
    if any(evidence.covered(region, side) for region in WITNESSES for side in SIDES):
        return False
    asked = [
        (movement, region)
        for movement in MOVEMENTS
        for region in WITNESSES
        if not moves_on_purpose(movement, region)
    ]
    recorded = [key for key in asked if evidence.changes.count(key[0])]
    answers = [settle(asked_parts(evidence, s), evidence.rest_fissure_mm[s]) for s in SIDES]
    told = sum(
        key in found and found[key].present is not None for found in answers for key in recorded
    )
    return told >= TOLD_SHARE * len(SIDES) * len(recorded) > 0


def lacking(usable: Mapping[Movement, int]) -> tuple[str, ...]:
    """Return the commands of `NEEDED` with too few usable repetitions.

    Parameters
    ----------
    usable : mapping of Movement to int
        Usable repetitions; none of a movement that is not in it.
    """
    return tuple(
        command
        for command, least in NEEDED.items()
        if sum(usable.get(movement, 0) for movement in movements_of(command)) < least
    )


def infer_side(evidence: Evidence) -> AffectedSide:
    """Name the affected side, or say that there is none, that both are, or that it is not clear."""
    if lacking({movement: evidence.changes.count(movement) for movement in MOVEMENTS}):
        return AffectedSide(None, "undecided", float("nan"))
    found = {side: side_evidence(evidence, side) for side in SIDES}
    moved = {
        side: found[side].involuntary
        * float(np.exp(-found[side.other].weakness / WEAKNESS_DISCOUNT))
        for side in SIDES
    }
    total = {side: moved[side] + found[side].weakness for side in SIDES}
    strong = max(SIDES, key=lambda s: total[s])
    most, least = total[strong], total[strong.other]
    if most < NAMED and not _could_show(evidence):
        return AffectedSide(None, "undecided", float("nan"))
    if most < NAMED:
        return AffectedSide(None, "none", float(1.0 - most / (2.0 * NAMED)))
    if min(moved.values()) >= NAMED and all(carries(evidence, s) for s in SIDES):
        return AffectedSide(None, "both", float("nan"))
    confidence = float(most / (most + least))
    if most < DECISIVE * least:
        return AffectedSide(None, "undecided", confidence)
    return AffectedSide(strong, "inferred", confidence)
