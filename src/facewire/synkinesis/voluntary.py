"""Total changes: what every region did in every movement, on both sides."""

from __future__ import annotations

import math
from typing import Any

from facewire.face import MOVEMENTS, REGIONS, SIDES, Movement, Region, Side
from facewire.results.cells import VoluntaryCell
from facewire.results.estimate import Z95, Estimate
from facewire.synkinesis.parts import Evidence, InvoluntaryPart, total_change
from facewire.words import mark

LEAST_FOR_SYMMETRY_MM = 0.7


def voluntary_cells(evidence: Evidence) -> tuple[VoluntaryCell, ...]:
    """Return total change of every movement, region and side."""
    return tuple(_cell(evidence, m, r, s) for m in MOVEMENTS for r in REGIONS for s in SIDES)


def vector_columns(part: InvoluntaryPart) -> dict[str, Any]:
    """Return the columns of a change's components; a height alone has only ``up_mm``."""
    if len(part.value) == 1:
        return {"up_mm": float(part.value[0])}
    (across, up), (across_sd, up_sd) = part.value, part.sd
    return {
        "across_mm": float(across),
        "up_mm": float(up),
        "across_sd_mm": float(across_sd),
        "up_sd_mm": float(up_sd),
        "covariance_mm2": float(part.covariance[0, 1]),
    }


def _cell(evidence: Evidence, movement: Movement, region: Region, side: Side) -> VoluntaryCell:
    count = evidence.changes.count(movement)
    part = total_change(evidence, movement, region, side)
    if count == 0 or not part.known:
        reason = (
            mark("the movement was not recorded, or no repetition could be kept")
            if count == 0
            else evidence.not_measured(region, side)
        )
        return VoluntaryCell(
            movement=movement, region=region, side=side, repetitions=count, reason=reason
        )
    return VoluntaryCell(
        movement=movement,
        region=region,
        side=side,
        **VoluntaryCell.columns("excursion_mm", part.size),
        **vector_columns(part),
        **_symmetry(evidence, movement, region, side),
        repetitions=count,
    )


def _symmetry(evidence: Evidence, movement: Movement, region: Region, side: Side) -> dict[str, Any]:
    """Return this side's excursion over the other's; nothing where the other hardly moves.

    The interval is symmetric on the logarithm's scale; there is none where either excursion may
    as well be nothing. Relative errors add in squares, as if the sides erred apart: what they
    share makes the true interval narrower.
    """
    if region is Region.CHIN:
        return {}
    own, other = (total_change(evidence, movement, region, s).size for s in (side, side.other))
    if own is None or other is None or abs(other.value) < LEAST_FOR_SYMMETRY_MM:
        return {}
    ratio = own.value / other.value
    if not (own.excludes(0.0) and other.excludes(0.0)):
        return {"symmetry": ratio}
    relative_sd = math.hypot(own.needed_sd / own.value, other.needed_sd / other.value)
    ends = sorted((ratio * math.exp(-Z95 * relative_sd), ratio * math.exp(Z95 * relative_sd)))
    number = Estimate(
        value=ratio, sd=abs(ratio) * relative_sd, low=ends[0], high=ends[1], unit="ratio"
    )
    return VoluntaryCell.columns("symmetry", number)
