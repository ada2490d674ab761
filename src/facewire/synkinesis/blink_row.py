"""The blink row of the map: what the mouth, chin and brow do while the eyes blink by themselves.

The twitch on blinking is what patients complain of first. Each spontaneous blink is aligned on
its closure; the change is the level around closure minus the mean of the levels just before and
just after, averaged over the blinks. Blinks inside asked eye closures are left out, and blinks
during which the region was on its way elsewhere: a blink in a steady smile counts, one in the
onset of a smile does not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.face import CHANNEL_INDEX, EYE_CLOSURES, SIDES, Region, Side, region_channels
from facewire.motion import MotionSignals
from facewire.movements import Blink, MovementSet
from facewire.results.cells import BlinkCell
from facewire.results.estimate import Estimate
from facewire.synkinesis.norms import PRESENT_MM
from facewire.synkinesis.parts import InvoluntaryPart

FloatArray = NDArray[np.float64]

BLINK_REGIONS = (Region.COMMISSURE, Region.CHIN, Region.BROW)
MIN_BLINKS = 3
BESIDE_S = 0.15
STEADY_MM = 0.6
AROUND_S = 0.07
FLOOR_SD_MM = 0.15
"""Closing lids seem to move the rest of the face by about this much in the tracker."""


def blink_row(signals: MotionSignals, movements: MovementSet) -> tuple[BlinkCell, ...]:
    """Average what regions do in spontaneous blinks, both sides."""
    blinks = _outside_closures(movements)
    return tuple(
        _blink_cell(signals, blinks, region, side) for region in BLINK_REGIONS for side in SIDES
    )


def _outside_closures(movements: MovementSet) -> list[Blink]:
    spans = [(r.start_s, r.end_s) for r in movements.repetitions if r.movement in EYE_CLOSURES]
    return [
        b for b in movements.blinks if not any(s <= b.end_s and b.start_s <= e for s, e in spans)
    ]


def _blink_changes(signals: MotionSignals, blinks: list[Blink], columns: list[int]) -> FloatArray:
    """Change of some channels in each usable blink, shape (n_blinks, n_columns)."""
    t, values = signals.times_s, signals.position_mm[:, columns]
    rows = []
    for blink in blinks:
        around = np.abs(t - blink.closed_s) <= AROUND_S
        before = (t >= blink.start_s - BESIDE_S) & (t < blink.start_s)
        after = (t > blink.end_s) & (t <= blink.end_s + BESIDE_S)
        if not (around.any() and before.any() and after.any()):
            continue
        start, end = np.median(values[before], axis=0), np.median(values[after], axis=0)
        if float(np.linalg.norm(end - start)) <= STEADY_MM:
            rows.append(np.median(values[around], axis=0) - (start + end) / 2)
    kept = np.array(rows).reshape(-1, len(columns))
    finite: FloatArray = kept[np.isfinite(kept).all(axis=1)]
    return finite


def _blink_cell(
    signals: MotionSignals, blinks: list[Blink], region: Region, side: Side
) -> BlinkCell:
    columns = [CHANNEL_INDEX[c] for c in region_channels(region, side)]
    changes = _blink_changes(signals, blinks, columns)
    n = len(changes)
    if n < MIN_BLINKS:
        reason = f"too few usable blinks: {n}, at least {MIN_BLINKS} needed"
        return BlinkCell(region=region, side=side, count=n, reason=reason)
    mean = changes.mean(axis=0)
    # A few blinks tell no covariance; the floor is what closing lids do to the tracker.
    sd = np.hypot(changes.std(axis=0, ddof=1) / np.sqrt(n), FLOOR_SD_MM)
    nan = np.full_like(mean, np.nan)
    part = InvoluntaryPart(mean, np.diag(np.square(sd)), nan, nan)
    change = Estimate.of(part.length_mm, part.length_sd_mm, "mm", freedom=n - 1)
    detected = change is not None and change.excludes(0.0)
    return BlinkCell(
        region=region,
        side=side,
        **BlinkCell.columns("change_mm", change),
        across_mm=float(mean[0]) if len(mean) == 2 else None,
        up_mm=float(mean[-1]),
        count=n,
        detected=detected,
        present=bool(detected and abs(part.length_mm) >= PRESENT_MM),
    )
