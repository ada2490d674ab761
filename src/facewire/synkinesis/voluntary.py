"""Total changes: what every region did in every movement, on both sides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, REGIONS, SIDES, Movement, Region, Side
from facewire.synkinesis.cells import VoluntaryCell
from facewire.synkinesis.parts import Evidence, InvoluntaryPart
from facewire.words import mark

FloatArray = NDArray[np.float64]

Z95 = 1.959964
LEAST_FOR_SYMMETRY_MM = 0.7


def voluntary_cells(evidence: Evidence) -> tuple[VoluntaryCell, ...]:
    """Return total change of every movement, region and side."""
    return tuple(_cell(evidence, m, r, s) for m in MOVEMENTS for r in REGIONS for s in SIDES)


def total_change(
    evidence: Evidence, movement: Movement, region: Region, side: Side
) -> InvoluntaryPart:
    """Return the total change with its standard deviation, in the form of a part of it.

    Parameters
    ----------
    evidence : Evidence
    movement : Movement
    region : Region
    side : Side
    """
    value = evidence.change(movement, region, side)
    sd = evidence.change_sd(movement, region, side, difference=False)
    nan = np.full_like(value, np.nan)
    return InvoluntaryPart(value, sd, nan, nan)


def _cell(evidence: Evidence, movement: Movement, region: Region, side: Side) -> VoluntaryCell:
    nan = float("nan")
    count = evidence.changes.count(movement)
    part = total_change(evidence, movement, region, side)
    if count == 0 or not np.isfinite(part.value).all():
        reason = (
            mark("the movement was not recorded, or no repetition could be kept")
            if count == 0
            else mark("the region was not measured")
        )
        return VoluntaryCell(movement, region, side, repetitions=count, reason=reason)
    size, sd = part.length_mm, part.length_sd_mm
    vector = len(part.value) == 2
    return VoluntaryCell(
        movement,
        region,
        side,
        size,
        size - Z95 * sd,
        size + Z95 * sd,
        float(part.value[0]) if vector else nan,
        float(part.value[-1]),
        _symmetry(evidence, movement, region, side),
        count,
        "",
    )


def _symmetry(evidence: Evidence, movement: Movement, region: Region, side: Side) -> float:
    """Return this side's excursion over the other's; NaN where the other hardly moves."""
    if region is Region.CHIN:
        return float("nan")
    own = total_change(evidence, movement, region, side).length_mm
    other = total_change(evidence, movement, region, side.other).length_mm
    return own / other if abs(other) >= LEAST_FOR_SYMMETRY_MM else float("nan")
