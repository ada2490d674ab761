"""What the copies say: slope, error, leak, intervals, what is found, and how small it may be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from facewire.face import SIDES, Movement, Region, Side
from facewire.findings.coverage import power
from facewire.phantom.implant import IMPLANTED
from facewire.phantom.warp import CORNER_WAY
from facewire.results.measurement import Measurement
from facewire.results.phantom import Found, PhantomCell, PhantomCopy, RegionCheck
from facewire.words import mark

FloatArray = NDArray[np.float64]
Truth = Mapping[tuple[Movement, Region], float]
"""What was implanted in the holds, mm."""

POWER, LARGEST_MM, STEP_MM = 0.8, 5.0, 0.1
CODED = "coded"
"""The copy without a change, which the others are held against."""


@dataclass(frozen=True)
class Measured:
    """A copy, what was implanted in it, and what was measured; None where nothing could be."""

    copy: PhantomCopy
    truth: Truth
    result: Measurement | None


def cells_of(copies: Sequence[Measured]) -> tuple[PhantomCell, ...]:
    """Return every change that was drawn, and of unedited copies every one that was not.

    Parameters
    ----------
    copies : sequence of Measured
        The one named `CODED` among them.
    """
    base = next((c.result for c in copies if c.copy.name == CODED), None)
    return tuple(
        _cell(one, base, movement, region, side)
        for one in copies
        for movement, region in one.truth
        for side in (SIDES if one.copy.side is None else (one.copy.side,))
    )


def _cell(
    one: Measured, base: Measurement | None, movement: Movement, region: Region, side: Side
) -> PhantomCell:
    cell = PhantomCell(
        copy_name=one.copy.name,
        side=side,
        movement=movement,
        region=region,
        true_mm=one.truth[movement, region],
        reason=one.copy.reason or mark("it was not measured"),
    )
    if one.result is None:
        return cell
    found = one.result.involuntary_cell(movement, region, side)
    moved, other = (_moved(one.result, base, (movement, region, s)) for s in (side, side.other))
    return cell.replaced(
        change_mm=found.change_mm,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        detected=found.detected,
        present=found.present,
        moved_mm=moved,
        other_moved_mm=other,
        reason="" if found.change_mm is not None else found.reason or cell.reason,
    )


def _moved(
    result: Measurement, base: Measurement | None, key: tuple[Movement, Region, Side]
) -> float | None:
    """Return a side's own movement along the implant's way, less that of the unedited copy."""
    ways = [_way(each, key) for each in (result, base) if each is not None]
    known = [way for way in ways if way is not None]
    return known[0] - known[1] if len(known) == 2 else None


def _way(result: Measurement, key: tuple[Movement, Region, Side]) -> float | None:
    cell = result.voluntary_cell(*key)
    if cell.up_mm is None or cell.across_mm is None:
        return cell.up_mm
    return CORNER_WAY[0] * cell.across_mm + CORNER_WAY[1] * cell.up_mm


def region_check(
    region: Region, cells: Sequence[PhantomCell], copies: Sequence[Measured]
) -> RegionCheck:
    """Return what the copies say of one region.

    Parameters
    ----------
    region : Region
    cells : sequence of PhantomCell
        Of all regions.
    copies : sequence of Measured
        Those that the cells come from.
    """
    own = [c for c in cells if c.region is region]
    levels = {one.copy.name: one.copy.level_mm for one in copies}
    drawn = [c for c in own if levels[c.copy_name] > 0]
    slope, slope_sd, left_sd = _slope(own)
    errors = [_more(c) for c in drawn if c.change_mm is not None]
    intervals = [c for c in drawn if c.ci_low is not None and c.ci_high is not None]
    return RegionCheck(
        region=region,
        movements=tuple(m for m in IMPLANTED[region] if any(c.movement is m for c in own)),
        cells=len(drawn),
        numbers=len(errors),
        slope=slope,
        slope_low=None if slope is None or slope_sd is None else slope - slope_sd,
        slope_high=None if slope is None or slope_sd is None else slope + slope_sd,
        own_slope=_through_zero([(c.true_mm, c.moved_mm) for c in drawn]),
        error_mm=float(np.mean(np.abs(errors))) if errors else None,
        bias_mm=float(np.mean(errors)) if errors else None,
        held=sum((c.ci_low or 0.0) <= c.true_mm <= (c.ci_high or 0.0) for c in intervals),
        intervals=len(intervals),
        leak=_through_zero([(c.true_mm, c.other_moved_mm) for c in drawn]),
        found=tuple(
            Found(
                level_mm=level,
                found=sum(c.detected is True for c in drawn if levels[c.copy_name] == level),
                asked=sum(levels[c.copy_name] == level for c in drawn),
            )
            for level in sorted({levels[c.copy_name] for c in drawn})
        ),
        smallest_mm=_smallest(region, slope, left_sd, copies),
    )


def _more(cell: PhantomCell) -> float:
    """How much more was measured than is true; narrowing and lowering count as they go."""
    way = -1.0 if cell.true_mm < 0 else 1.0
    return way * ((cell.change_mm or 0.0) - cell.true_mm)


def _slope(cells: Sequence[PhantomCell]) -> tuple[float | None, float | None, float]:
    """Return slope, half its 95 % interval, and the deviation about the lines, mm.

    Least squares; each movement and side has a line of its own of one common slope, because a
    face's own asymmetry shifts all of a line's values alike.
    """
    groups: dict[tuple[Movement, Side], list[tuple[float, float]]] = {}
    for c in cells:
        if c.change_mm is not None:
            groups.setdefault((c.movement, c.side), []).append((c.true_mm, c.change_mm))
    x, y = (
        np.concatenate(
            [np.array(v)[:, i] - np.mean(np.array(v)[:, i]) for v in groups.values()] or [[]]
        )
        for i in (0, 1)
    )
    spread = float(x @ x)
    if spread < 1e-9:
        return None, None, 0.0
    slope = float(x @ y) / spread
    free = len(x) - len(groups) - 1
    if free < 1:
        return slope, None, 0.0
    left_sd = math.sqrt(float(np.sum((y - slope * x) ** 2)) / free)
    return slope, float(student.ppf(0.975, free)) * left_sd / math.sqrt(spread), left_sd


def _through_zero(pairs: Sequence[tuple[float, float | None]]) -> float | None:
    known = [(x, y) for x, y in pairs if y is not None]
    spread = sum(x * x for x, _ in known)
    return sum(x * y for x, y in known) / spread if spread > 0 else None


def _smallest(
    region: Region, slope: float | None, left_sd: float, copies: Sequence[Measured]
) -> float | None:
    """Return the smallest change that is detected with enough probability.

    A true change shows as slope times itself. Its error is the larger of what the intervals say
    and what the values leave about their lines; the limit that it has to pass is that of the map.
    """
    powers = [
        (cell.replaced(change_sd_mm=max(cell.change_sd_mm or 0.0, left_sd)), tests)
        for one in copies
        if one.result is not None and one.copy.side is not None
        for movement in IMPLANTED[region]
        if (movement, region) in one.truth
        for cell in [one.result.involuntary_cell(movement, region, one.copy.side)]
        for tests in [_tests(one.result, region, one.copy.side)]
        if cell.change_sd_mm
    ]
    if slope is None or slope <= 0 or not powers:
        return None
    for size in np.arange(STEP_MM, LARGEST_MM + STEP_MM / 2, STEP_MM):
        if np.median([power(cell, slope * size, tests) for cell, tests in powers]) >= POWER:
            return round(float(size), 2)
    return None


def _tests(result: Measurement, region: Region, side: Side) -> int:
    """Return over how many cells the false discovery rate is held."""
    return sum(
        c.region is region and c.side is side and bool(c.change_sd_mm) for c in result.synkinesis
    )
