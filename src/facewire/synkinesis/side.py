"""Which side is affected, from the recording alone.

Two kinds of evidence: regions that move without being asked on one side and not on the other, and
voluntary movements that are smaller on one side. In a weak face without synkinesis the strong
side seems to carry more along, so that evidence is discounted by the other side's weakness.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facewire.face import MOVEMENTS, SIDES, Movement, Region, Side, moves_on_purpose
from facewire.synkinesis.cells import AffectedSide
from facewire.synkinesis.parts import MAIN_TARGET, Evidence, involuntary_part

FREE_Z = 1.0
"""Evidence counts from this many standard deviations on."""

NAMED = 4.0
"""Least evidence for a side to be named."""

DECISIVE = 2.0
"""A side is named when its evidence is this many times the other's."""

HEALTHY_RATIO_SD = 0.13
"""Spread of weaker over stronger side in healthy smiles (`norms.WEAKER_OVER_STRONGER`)."""

WEAKNESS_DISCOUNT = 5.0

WITNESSES = (Region.EYE, Region.COMMISSURE)


@dataclass(frozen=True)
class SideEvidence:
    """Evidence against one side: involuntary movement and weakness, in excess deviations."""

    involuntary: float
    weakness: float


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
    """Involuntary change in standard deviations; 0 where it was not measured."""
    part = involuntary_part(evidence, movement, region, side)
    if not np.isfinite(part.value).all():
        return 0.0
    if region is Region.EYE:
        return float(-part.value[0] / part.sd[0])
    own = np.linalg.norm(evidence.change(movement, region, side))
    other = np.linalg.norm(evidence.change(movement, region, side.other))
    return part.z if own > other else 0.0


def _weakness_z(evidence: Evidence, movement: Movement, side: Side) -> float:
    """How much less this side moves, in standard deviations; 0 where it was not measured."""
    own = evidence.excursion_mm(movement, side)
    other = evidence.excursion_mm(movement, side.other)
    region = MAIN_TARGET[movement]
    sd = evidence.change_sd(movement, region, side, difference=True)
    weakness = float((other - own) / np.hypot(np.linalg.norm(sd), HEALTHY_RATIO_SD * other))
    return weakness if np.isfinite(weakness) else 0.0


def infer_side(evidence: Evidence) -> AffectedSide:
    """Name the affected side, or say that there is none or that it cannot be told."""
    found = {side: side_evidence(evidence, side) for side in SIDES}
    total = {
        side: found[side].involuntary
        * float(np.exp(-found[side.other].weakness / WEAKNESS_DISCOUNT))
        + found[side].weakness
        for side in SIDES
    }
    strong = max(SIDES, key=lambda s: total[s])
    most, least = total[strong], total[strong.other]
    if most < NAMED:
        return AffectedSide(None, "none", float(1.0 - most / (2.0 * NAMED)))
    confidence = float(most / (most + least))
    if most < DECISIVE * least:
        return AffectedSide(None, "undecided", confidence)
    return AffectedSide(strong, "inferred", confidence)
