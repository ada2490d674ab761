"""How late an involuntary region follows the voluntary one, and how closely.

Both onsets are brought to the same height; the shift that lays one on the other best is the
latency. Nerve latencies are near 10 ms, less than a frame: the shift is found between frames by
interpolation, and is 'not resolved' when its interval includes zero. It is not interpreted
clinically, except that well over 100 ms may be voluntary or compensatory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from facewire.face import CHANNEL_INDEX, Region, Side, region_channels
from facewire.motion import MotionSignals
from facewire.movements import Repetition
from facewire.synkinesis.parts import MAIN_TARGET

FloatArray = NDArray[np.float64]

STEP_S = 0.002
LONGEST_S = 0.25
BEFORE_S = 0.25
RISE = (0.1, 0.9)
"""The part of the onset that is compared, in parts of its height."""

LEAST_MM = 0.8
"""A smaller involuntary change has no onset that could be timed."""


@dataclass(frozen=True)
class Timing:
    """Latency in seconds with its 95 % interval, and coupling (correlation, -1 to 1).

    NaN where there was nothing to time.
    """

    latency_s: float
    ci_low_s: float
    ci_high_s: float
    coupling: float


NOT_TIMED = Timing(*[float("nan")] * 4)


def measure_timing(
    signals: MotionSignals,
    repetitions: tuple[Repetition, ...],
    region: Region,
    side: Side,
) -> Timing:
    """Time one involuntary region against the main target of its movement, on the same side."""
    shifts, couplings = [], []
    for repetition in repetitions:
        pair = _onset_pair(signals, repetition, region, side)
        if pair is not None:
            times, voluntary, involuntary = pair
            shifts.append(_best_shift(times, voluntary, involuntary))
            couplings.append(float(np.corrcoef(voluntary, involuntary)[0, 1]))
    if not shifts:
        return NOT_TIMED
    middle = float(np.median(shifts))
    half = _half_width(np.array(shifts), signals.times_s)
    return Timing(middle, middle - half, middle + half, float(np.median(couplings)))


def _half_width(shifts: FloatArray, times_s: FloatArray) -> float:
    """Half the 95 % interval: from the repetitions, and never under a third of a frame."""
    frame_s = float(np.median(np.diff(times_s)))
    if len(shifts) < 2:
        return 2.0 * frame_s
    spread = float(shifts.std(ddof=1))
    pooled = np.hypot(spread, frame_s / 3.0) / np.sqrt(len(shifts))
    return float(student.ppf(0.975, len(shifts) - 1) * pooled)


def _onset_pair(
    signals: MotionSignals, repetition: Repetition, region: Region, side: Side
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Voluntary and involuntary onset on a fine time axis, each from 0 at rest to 1 at hold."""
    start, end = repetition.onset_s - BEFORE_S, repetition.apex_start_s + 0.1
    voluntary = _course(signals, repetition, MAIN_TARGET[repetition.movement], side, None)
    involuntary = _course(signals, repetition, region, side, _share(signals, repetition, side))
    if voluntary is None or involuntary is None:
        return None
    times = np.arange(start, end, STEP_S)
    inside = np.isfinite(voluntary) & np.isfinite(involuntary)
    if inside.sum() < 5 or len(times) < 10:
        return None
    seen = signals.times_s[inside]
    return (
        times,
        np.interp(times, seen, voluntary[inside]),
        np.interp(times, seen, involuntary[inside]),
    )


def _share(signals: MotionSignals, repetition: Repetition, side: Side) -> float:
    """How strong the movement is on this side against the other, 0 to 1."""
    target = MAIN_TARGET[repetition.movement]
    own, other = (_hold_change(signals, repetition, target, s) for s in (side, side.other))
    size = float(np.linalg.norm(other))
    return min(float(np.linalg.norm(own)) / size, 1.0) if size > 0 else 1.0


def _hold_change(
    signals: MotionSignals, repetition: Repetition, region: Region, side: Side
) -> FloatArray:
    columns = [CHANNEL_INDEX[c] for c in region_channels(region, side)]
    t = signals.times_s
    hold = (t >= repetition.apex_start_s) & (t <= repetition.apex_end_s)
    rest = (t >= repetition.rest_start_s) & (t <= repetition.rest_end_s)
    values = signals.position_mm[:, columns]
    change: FloatArray = np.nanmedian(values[hold], axis=0) - np.nanmedian(values[rest], axis=0)
    return change


def _course(
    signals: MotionSignals,
    repetition: Repetition,
    region: Region,
    side: Side,
    other_share: float | None,
) -> FloatArray | None:
    """One region over time along its own change, 0 at rest and 1 at hold; None when too small.

    With ``other_share`` that much of the other side's course is taken off first.
    """
    t = signals.times_s
    rest = (t >= repetition.rest_start_s) & (t <= repetition.rest_end_s)
    own = signals.position_mm[:, [CHANNEL_INDEX[c] for c in region_channels(region, side)]]
    change = _hold_change(signals, repetition, region, side)
    course = own - np.nanmedian(own[rest], axis=0)
    if other_share is not None and region is not Region.CHIN:
        columns = [CHANNEL_INDEX[c] for c in region_channels(region, side.other)]
        other = signals.position_mm[:, columns]
        course = course - other_share * (other - np.nanmedian(other[rest], axis=0))
        change = change - other_share * _hold_change(signals, repetition, region, side.other)
    size = float(np.linalg.norm(change))
    if not np.isfinite(size) or size < LEAST_MM:
        return None
    along: FloatArray = course @ change / size**2
    return along


def _best_shift(times: FloatArray, voluntary: FloatArray, involuntary: FloatArray) -> float:
    """Shift of the involuntary onset against the voluntary one, seconds, later positive."""
    shifts = np.arange(-LONGEST_S, LONGEST_S + STEP_S, STEP_S)
    rising = (voluntary > RISE[0]) & (voluntary < RISE[1])
    if rising.sum() < 3:
        return float("nan")
    cost = [
        float(np.mean((np.interp(times + s, times, involuntary) - voluntary)[rising] ** 2))
        for s in shifts
    ]
    return float(shifts[int(np.argmin(cost))])
