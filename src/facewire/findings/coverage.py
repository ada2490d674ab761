"""How much a recording covers: repetitions that could be used, and the power to show a pattern.

The power is that of the test which decides ``detected`` (`facewire.synkinesis.presence`), taken as
if the change were the only one of its region: the first step of the step-up procedure is the
strictest, so the true power is not less (Benjamini and Hochberg 1995, J R Stat Soc B 57:289).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scipy.stats import chi2, ncx2, norm

from facewire.face import MOVEMENTS, SIDES, Region, Side
from facewire.findings.judge import PATTERNS
from facewire.results.cells import SynkinesisCell
from facewire.results.coverage import (
    Coverage,
    MovementCoverage,
    PatternCoverage,
    RegionCoverage,
)
from facewire.results.measurement import Repetition
from facewire.synkinesis.presence import FALSE_DISCOVERY_RATE
from facewire.synkinesis.side import lacking
from facewire.words import mark

ENOUGH_POWER = 0.8
"""A convention of study design."""


def cover(
    repetitions: Sequence[Repetition],
    synkinesis: Sequence[SynkinesisCell],
    sides: Sequence[Side] = SIDES,
    seen_share: Mapping[tuple[Region, Side], float] | None = None,
) -> Coverage:
    """Return what a recording covers.

    Parameters
    ----------
    repetitions : sequence of Repetition
        Every one that was asked for, or found.
    synkinesis : sequence of SynkinesisCell
        The map, whatever its cells say.
    sides : sequence of Side
        Those on which a pattern is looked for: not the one that serves as the reference.
    seen_share : mapping of (Region, Side) to float, optional
        Share of the measured frames in which each region is not covered.
    """
    movements = tuple(
        _of_movement([r for r in repetitions if r.movement is movement])
        for movement in MOVEMENTS
        if any(r.movement is movement for r in repetitions)
    )
    usable = {one.movement: one.usable for one in movements}
    return Coverage(
        asked=len(repetitions),
        usable=sum(usable.values()),
        movements=movements,
        lacking=lacking(usable),
        patterns=tuple(
            _of_pattern(name, synkinesis, side)
            for name in dict.fromkeys(PATTERNS.values())
            for side in sides
        ),
        regions=tuple(_of_region(*key, share) for key, share in (seen_share or {}).items()),
    )


def _of_region(region: Region, side: Side, share: float) -> RegionCoverage:
    reason = "" if share == 1 else mark("something covers it")
    return RegionCoverage(region=region, side=side, seen_share=share, reason=reason)


def _of_movement(repetitions: Sequence[Repetition]) -> MovementCoverage:
    dropped = [r.reason or "" for r in repetitions if not r.kept]
    return MovementCoverage(
        movement=repetitions[0].movement,
        asked=len(repetitions),
        usable=len(repetitions) - len(dropped),
        why_not=tuple(dict.fromkeys(dropped)),
    )


def _of_pattern(name: str, cells: Iterable[SynkinesisCell], side: Side) -> PatternCoverage:
    own = [c for c in cells if c.side is side and c.change_sd_mm]
    asked = [c for c in own if PATTERNS.get((c.movement, c.region)) == name]
    powers = [
        tuple(power(c, size_mm, sum(o.region is c.region for o in own)) for size_mm in (1.0, 2.0))
        for c in asked
    ]
    one, two = max(powers, key=lambda p: p[1], default=(None, None))
    shown = any(c.detected for c in asked)
    could_show = shown or (two is not None and two >= ENOUGH_POWER)
    return PatternCoverage(
        name=name, side=side, power_1_mm=one, power_2_mm=two, could_show=could_show
    )


def power(cell: SynkinesisCell, size_mm: float, tests: int) -> float:
    """Return the probability that a true change of a size would have been detected in a cell.

    Parameters
    ----------
    cell : SynkinesisCell
        With a deviation.
    size_mm : float
        At the eye a narrowing.
    tests : int
        Cells of its region and side, over which the false discovery rate is held.
    """
    level = FALSE_DISCOVERY_RATE / (1.0 + FALSE_DISCOVERY_RATE) / tests
    z = size_mm / (cell.change_sd_mm or float("inf"))
    if cell.region is Region.EYE:
        return float(norm.sf(norm.isf(level) - z))
    parts = 1 if cell.across_mm is None else 2
    return float(ncx2.sf(chi2.isf(level, parts), parts, z**2))
