"""How late an involuntary region follows the voluntary one, and how closely.

The voluntary rise (5 to 95 % of its height) is laid on the involuntary one, both brought to the
height 1. One shift for all repetitions, because nerve and muscle are the same in each: the one
with the least squared distance in mm, summed over the repetitions and found between frames by
interpolation. Where the lids meet before the muscle has finished, the part of its way at which
they did is fitted along. Nerve latencies are near 10 ms, less than a frame: the shift is 'not
resolved' when its interval includes zero. It is not interpreted clinically, except that well over
100 ms may be voluntary or compensatory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.face import (
    CHANNEL_INDEX,
    EYE_CLOSURES,
    Movement,
    Region,
    Side,
    main_target,
    region_channels,
)
from facewire.motion import MotionSignals
from facewire.movements import Repetition
from facewire.results.estimate import Estimate
from facewire.synkinesis.changes import median_rows

FloatArray = NDArray[np.float64]

STEP_S = 0.004
LONGEST_S = 0.25
SHIFTS_S = np.arange(-round(LONGEST_S / STEP_S), round(LONGEST_S / STEP_S) + 1) * STEP_S
BEFORE_S, AFTER_S = 0.35, 0.1
"""The onset is looked for from this long before it was located to this long into the hold."""

RISE = (0.05, 0.95)
"""The part of the voluntary rise that is compared, in parts of its height."""

LIDS_MEET = frozenset({Movement.EYE_CLOSE_TIGHT})
"""Movements whose voluntary part stops before the muscle has finished: the lids have met."""
MET_RISE = (0.05, 0.9)
LEAST_SHARE = 0.4
"""The lids meet at this part of the muscle's way or later."""

BLINK_MARGIN_S = 0.15
"""A blink this near hides the onset of the lids, and moves what is wired to them."""

LEAST_MM = 0.8
"""A smaller change has no onset that could be timed."""

SHAPE_SD_S = 0.010
"""Error that all repetitions share, on rendered patients: the two onsets differ in shape."""
USUAL_SD_S = 0.020
PRIOR_WEIGHT = 4.0
"""The spread of single repetitions is drawn towards the usual one by this many of them."""


@dataclass(frozen=True)
class Timing:
    """Latency in seconds, and coupling (correlation, -1 to 1); None where nothing was timed."""

    latency: Estimate | None
    coupling: float | None

    def __post_init__(self) -> None:
        if self.coupling is not None and not -1 - 1e-9 <= self.coupling <= 1 + 1e-9:
            raise TrackError("A correlation is out of range", found=f"{self.coupling}")


NOT_TIMED = Timing(None, None)


@dataclass(frozen=True)
class _Course:
    """A region over time along its own change, 0 at rest and 1 at hold; that change in mm."""

    part: FloatArray
    size_mm: float


@dataclass(frozen=True)
class _Onset:
    """One repetition: squared distance for each of `SHIFTS_S`, mm2, and coupling."""

    cost: FloatArray
    coupling: float


def measure_timing(
    signals: MotionSignals, repetitions: tuple[Repetition, ...], region: Region, side: Side
) -> Timing:
    """Time one involuntary region against the main target of its movement, on the same side.

    Parameters
    ----------
    signals : MotionSignals
    repetitions : tuple of Repetition
        The kept repetitions of one movement. Those with a blink in their onset are left out,
        unless the movement is a closure of the eyes.
    region : Region
        The involuntary one.
    side : Side
        The affected side.

    Returns
    -------
    Timing
        Later than the voluntary movement is positive; `NOT_TIMED` when either moves by less than
        `LEAST_MM`, in no repetition without a blink, or when no shift up to `LONGEST_S` fits.
    """
    found = (_onset(signals, repetition, region, side) for repetition in repetitions)
    onsets = [onset for onset in found if onset is not None]
    if not onsets:
        return NOT_TIMED
    costs = np.array([onset.cost for onset in onsets])
    latency = lowest(costs.sum(axis=0))
    if not np.isfinite(latency):
        return NOT_TIMED
    frame_s = float(np.median(np.diff(signals.times_s)))
    coupling = float(np.median([onset.coupling for onset in onsets]))
    return Timing(Estimate.of(latency, _deviation(costs, frame_s), "s"), coupling)


def lowest(cost: FloatArray) -> float:
    """Return the shift of least cost, by the parabola through it and its neighbours, seconds.

    NaN where the least cost lies at an end of `SHIFTS_S`.
    """
    i = int(np.argmin(cost))
    if i in (0, len(cost) - 1):
        return float("nan")
    before, here, after = cost[i - 1 : i + 2]
    bend = before - 2 * here + after
    return float(SHIFTS_S[i] + (STEP_S * (before - after) / (2 * bend) if bend > 0 else 0.0))


def _deviation(costs: FloatArray, frame_s: float) -> float:
    """Return the joint shift's deviation: repetitions, frame interval, shape of the onsets."""
    n = len(costs)
    usual = USUAL_SD_S**2 / n
    without = np.array([lowest(costs.sum(axis=0) - one) for one in costs]) if n > 1 else np.empty(0)
    known = without[np.isfinite(without)]
    jackknife = (n - 1) * float(np.var(known)) if len(known) > 1 else usual
    random = ((n - 1) * jackknife + PRIOR_WEIGHT * usual) / (n - 1 + PRIOR_WEIGHT)
    return float(np.sqrt(random + frame_s**2 / 12 / n + SHAPE_SD_S**2))


def _onset(
    signals: MotionSignals, repetition: Repetition, region: Region, side: Side
) -> _Onset | None:
    if _blinks(signals, repetition):
        return None
    target = main_target(repetition.movement)
    voluntary = _course(signals, repetition, target, side, 0.0)
    share = _share(signals, repetition, side)
    involuntary = _course(signals, repetition, region, side, share)
    if voluntary is None or involuntary is None:
        return None
    seen = np.isfinite(voluntary.part) & np.isfinite(involuntary.part)
    frames = signals.times_s[seen]
    onset_s = np.arange(repetition.onset_s - BEFORE_S, repetition.apex_start_s + AFTER_S, STEP_S)
    wanted = np.interp(onset_s, frames, voluntary.part[seen])
    met = repetition.movement in LIDS_MEET
    rise = _rise(wanted, MET_RISE if met else RISE)
    if not rise.any():
        return None
    risen = wanted[rise]
    moved = np.interp(SHIFTS_S[:, None] + onset_s[rise], frames, involuntary.part[seen])
    expected = _share_of_way(moved, risen) * risen if met else risen
    cost = involuntary.size_mm**2 * np.square(moved - expected).mean(axis=1)
    unmoved = moved[len(SHIFTS_S) // 2]
    return _Onset(cost, float(np.corrcoef(risen, unmoved)[0, 1]))


def _share_of_way(moved: FloatArray, risen: FloatArray) -> FloatArray:
    """Part of the muscle's way at which the lids met, for each shift by least squares, (n, 1)."""
    share: FloatArray = np.clip(moved @ risen / (risen @ risen), LEAST_SHARE, 1.0)[:, None]
    return share


def _blinks(signals: MotionSignals, repetition: Repetition) -> bool:
    if repetition.movement in EYE_CLOSURES:
        return False
    t = signals.times_s
    after_start = t >= repetition.onset_s - BLINK_MARGIN_S
    return bool(signals.blink[after_start & (t <= repetition.apex_start_s + BLINK_MARGIN_S)].any())


def _rise(course: FloatArray, part: tuple[float, float]) -> NDArray[np.bool_]:
    """Mark the rise through half the height, within parts of it; none where there is none."""
    inside = np.zeros(len(course), dtype=bool)
    middle = int(np.argmax(course > 0.5))
    below = np.flatnonzero(course[:middle] < part[0])
    above = np.flatnonzero(course[middle:] > part[1])
    if len(below) and len(above) and middle + above[0] - below[-1] > 3:
        inside[below[-1] + 1 : middle + above[0]] = True
    return inside


def _share(signals: MotionSignals, repetition: Repetition, side: Side) -> float:
    """How strong the movement is on this side against the other, 0 to 1."""
    target = main_target(repetition.movement)
    own, other = (
        float(np.linalg.norm(from_rest(signals, repetition, target, s)[1]))
        for s in (side, side.other)
    )
    return min(own / other, 1.0) if own >= 0 and other > 0 else 1.0


def from_rest(
    signals: MotionSignals, repetition: Repetition, region: Region, side: Side
) -> tuple[FloatArray, FloatArray]:
    """Return a region's course from rest, mm, shape (n_frames, n_components), and its hold.

    Parameters
    ----------
    signals : MotionSignals
    repetition : Repetition
        Whose rest and hold.
    region : Region
    side : Side
    """
    t = signals.times_s
    hold = (t >= repetition.apex_start_s) & (t <= repetition.apex_end_s)
    rest = (t >= repetition.rest_start_s) & (t <= repetition.rest_end_s)
    values = signals.position_mm[:, [CHANNEL_INDEX[c] for c in region_channels(region, side)]]
    course = values - median_rows(values[rest])
    return course, median_rows(course[hold])


def _course(
    signals: MotionSignals, repetition: Repetition, region: Region, side: Side, other_share: float
) -> _Course | None:
    """Follow a region after ``other_share`` of the other side; None where too little is left."""
    course, change = from_rest(signals, repetition, region, side)
    if other_share and region is not Region.CHIN:
        other, other_change = from_rest(signals, repetition, region, side.other)
        course, change = course - other_share * other, change - other_share * other_change
    size = float(np.linalg.norm(change))
    return _Course(course @ change / size**2, size) if size >= LEAST_MM else None
