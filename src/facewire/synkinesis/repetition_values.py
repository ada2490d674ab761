"""What every region did in every single repetition: the rows that models over repetitions need."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import REGIONS, SIDES, Region, Side, moves_on_purpose
from facewire.motion import MotionSignals
from facewire.movements import MovementSet, Repetition
from facewire.results.measurement import RepetitionValue
from facewire.synkinesis.affected import AffectedSide
from facewire.synkinesis.parts import Evidence, involuntary_part, total_change
from facewire.synkinesis.timing import from_rest
from facewire.words import mark

FloatArray = NDArray[np.float64]

LEAST_MM = 0.8
"""A smaller change has no onset that could be timed."""

RISE = (0.1, 0.9)
STEP_S = 0.01
SMOOTH_S = 0.1
BEFORE_S = 0.35
"""The rise is looked for from this long before the repetition's onset."""


def repetition_values(
    evidence: Evidence, affected: AffectedSide, signals: MotionSignals, movements: MovementSet
) -> tuple[RepetitionValue, ...]:
    """Return a row for every repetition, region and side, dropped repetitions too.

    The involuntary part of one repetition is split off as that of their mean is, from this
    repetition's own changes.

    Parameters
    ----------
    evidence : Evidence
        The changes of the repetitions that were measured, and what they are compared with.
    affected : AffectedSide
    signals : MotionSignals
        For the times of each region's own rise.
    movements : MovementSet
        Every repetition, dropped ones with their reason.
    """
    measured = list(evidence.changes.repetitions)
    rows: list[RepetitionValue] = []
    for repetition in movements.repetitions:
        one = None
        if repetition in measured:
            changes = evidence.changes.only(measured.index(repetition))
            one = replace(evidence, changes=changes)
        rows += [
            _row(one, affected, signals, repetition, region, side)
            for region in REGIONS
            for side in SIDES
        ]
    return tuple(rows)


def _row(
    evidence: Evidence | None,
    affected: AffectedSide,
    signals: MotionSignals,
    repetition: Repetition,
    region: Region,
    side: Side,
) -> RepetitionValue:
    place: dict[str, Any] = {
        "movement": repetition.movement,
        "repetition": repetition.repetition,
        "effort": repetition.effort,
        "region": region,
        "side": side,
        "kept": repetition.kept,
    }
    total = None if evidence is None else total_change(evidence, repetition.movement, region, side)
    if evidence is None or total is None or total.size is None:
        reason = repetition.reason or mark("the region was not measured")
        return RepetitionValue(**place, reason=reason)
    asked = side in (affected.sides or SIDES) and not moves_on_purpose(repetition.movement, region)
    part = involuntary_part(evidence, repetition.movement, region, side).size if asked else None
    return RepetitionValue(
        **place,
        total_mm=total.size.value,
        total_sd_mm=total.size.sd,
        involuntary_mm=None if part is None else part.value,
        involuntary_sd_mm=None if part is None else part.sd,
        **_course(signals, repetition, region, side),
    )


def _course(
    signals: MotionSignals, repetition: Repetition, region: Region, side: Side
) -> dict[str, Any]:
    """Onset, rise, speed and steadiness of a region along its own change; empty where too small."""
    values, change = from_rest(signals, repetition, region, side)
    size = float(np.linalg.norm(change))
    t = signals.times_s
    seen = np.isfinite(values).all(axis=1)
    hold = seen & (t >= repetition.apex_start_s) & (t <= repetition.apex_end_s)
    if not size >= LEAST_MM or hold.sum() < 2:
        return {}
    along = values @ change / size
    grid = np.arange(repetition.onset_s - BEFORE_S, repetition.apex_end_s, STEP_S)
    course = _smoothed(np.interp(grid, t[seen], along[seen]))
    found = {"hold_sd_mm": float(np.std(along[hold]))}
    begin, end = (_first_above(course, part * size) for part in RISE)
    if begin is None or end is None or begin == 0 or end < begin:
        return found  # it was on its way before, or never got there: no rise to time
    return {
        **found,
        "onset_s": float(grid[begin]),
        "rise_s": float(grid[end] - grid[begin]),
        "peak_velocity_mm_s": float(np.gradient(course, STEP_S)[begin : end + 1].max()),
    }


def _smoothed(course: FloatArray) -> FloatArray:
    n = 2 * round(SMOOTH_S / STEP_S / 2) + 1
    padded = np.pad(course, n // 2, mode="edge")
    smooth: FloatArray = np.convolve(padded, np.full(n, 1.0 / n), mode="valid")
    return smooth


def _first_above(course: FloatArray, level: float) -> int | None:
    above = np.flatnonzero(course >= level)
    return int(above[0]) if len(above) else None
