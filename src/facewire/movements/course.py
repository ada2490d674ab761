"""The course of one repetition: onset, hold and end of its main target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.face import EYE_CLOSURES, MOVEMENT_FACTS, SIDES
from facewire.movements.cues import Cue
from facewire.movements.even import STEP_S, EvenSignals, drive_sd, drives
from facewire.movements.rest import Stretch

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MARGIN_S = 0.5
EDGE = 0.1
HALF = 0.5
HOLD = 0.85
SEEN_MM = 0.35
SEEN_SD = 4.0
SEEN_PART = 0.08
"""Less than this part of a healthy movement is not the asked one."""
LEAST_SHARED = 0.6


@dataclass(frozen=True)
class Course:
    """Where a movement begins, holds and ends, seconds.

    ``begin_s`` and ``settled_s`` are where the face leaves its rest and is back, a little before
    ``onset_s`` and after ``end_s``, which are passages of a tenth of the hold. ``reach_mm`` is how
    far the main target goes on the side that moves more.
    """

    begin_s: float
    onset_s: float
    apex: Stretch
    end_s: float
    settled_s: float
    reach_mm: float

    def __post_init__(self) -> None:
        if not (self.apex[0] <= self.apex[1] and 0 < self.reach_mm < np.inf):
            raise TrackError(
                "The course of a movement contradicts itself",
                expected="a hold that ends after its start, and a reach above 0 mm",
                found=f"{self.apex[0]:g} to {self.apex[1]:g} s, {self.reach_mm:g} mm",
            )


def cue_window(cues: tuple[Cue, ...], i: int) -> Stretch:
    """Return where a cue's movement may lie: 0.5 s around it, half way to its neighbours at most.

    Patients begin early or late; what lies nearer to another cue belongs to that one.
    """
    before = cues[i].start_s - cues[i - 1].end_s if i > 0 else np.inf
    after = cues[i + 1].start_s - cues[i].end_s if i + 1 < len(cues) else np.inf
    start = cues[i].start_s - min(MARGIN_S, before / 2)
    return start, cues[i].end_s + min(MARGIN_S, after / 2)


def find_course(
    even: EvenSignals, cue: Cue, window: Stretch, opening_mm: FloatArray
) -> Course | None:
    """Follow the main target of an asked movement through its window.

    Parameters
    ----------
    even : EvenSignals
    cue : Cue
    window : tuple of float
        Where to look, seconds.
    opening_mm : ndarray of float, shape (2,)
        The main target at the opening rest, left and right: the base where the window shows none.

    Returns
    -------
    Course or None
        None where no clear sample lies in the window or the main target of neither side goes
        further than 0.35 mm, four times its noise, and 8 % of a healthy movement.
    """
    even = even.cut(*window)
    if not even.clear.any():
        return None
    bridged = drives(even.position_mm, cue.movement)
    base = _bases(bridged, (even.times_s <= cue.start_s) & even.clear, opening_mm)
    rise = bridged - base[:, None]
    reach = np.array([_reach(r[even.clear]) for r in rise])
    noise = np.array([drive_sd(even, cue.movement, side) for side in SIDES])
    part_mm = SEEN_PART * MOVEMENT_FACTS[cue.movement].typical_mm
    seen = reach > np.fmax(max(SEEN_MM, part_mm), SEEN_SD * noise)
    if not seen.any():
        return None
    best = int(np.argmax(np.where(seen, reach, -np.inf)))
    whole = rise[best]
    if cue.movement not in EYE_CLOSURES:
        whole = drives(even.through_blinks_mm, cue.movement)[best] - base[best]
    parts = np.stack([rise[best], whole]) / reach[best]
    return _course(even.times_s, parts, cue, float(reach[best]))


def _bases(bridged: FloatArray, resting: BoolArray, opening_mm: FloatArray) -> FloatArray:
    if float(resting.sum()) * STEP_S < 0.1:
        return opening_mm
    base: FloatArray = np.median(bridged[:, resting], axis=1)
    return base


def _reach(rise: FloatArray) -> float:
    """Median of what lies above 70 % of the top: the level of the hold, whatever its length."""
    if not np.isfinite(rise).all():
        return -np.inf
    top = float(np.percentile(rise, 95))
    return float(np.median(rise[rise >= 0.7 * top])) if top > 0 else top


def _course(times_s: FloatArray, parts: FloatArray, cue: Cue, reach_mm: float) -> Course:
    """Follow the course, in parts of its hold: the hold without blinks, its edges through them."""
    first, last = _longest_run(parts[0] >= HOLD)
    whole = parts[1]
    onset, half_up = (_passage(times_s, whole, first, level, -1) for level in (EDGE, HALF))
    end, half_down = (_passage(times_s, whole, last, level, 1) for level in (EDGE, HALF))
    return Course(
        begin_s=max(onset - (half_up - onset), float(times_s[0])),
        onset_s=onset,
        apex=_hold((float(times_s[first]), float(times_s[last])), cue),
        end_s=end,
        settled_s=end + (end - half_down),
        reach_mm=reach_mm,
    )


def _longest_run(high: BoolArray) -> tuple[int, int]:
    edges = np.flatnonzero(np.diff(np.pad(high.astype(int), 1)))
    starts, ends = edges[::2], edges[1::2]
    i = int(np.argmax(ends - starts))
    return int(starts[i]), int(ends[i]) - 1


def _passage(times_s: FloatArray, part: FloatArray, start: int, level: float, step: int) -> float:
    """Return when the course passes a level, walking from a sample in the hold; interpolated."""
    i = start
    while 0 <= i + step < len(part):
        if part[i + step] < level:
            share = (part[i] - level) / (part[i] - part[i + step])
            return float(times_s[i] + share * (times_s[i + step] - times_s[i]))
        i += step
    return float(times_s[i])


def _hold(run: Stretch, cue: Cue) -> Stretch:
    """Keep the cue's hold where the movement kept to it, else the whole run."""
    shared = max(run[0], cue.onset_end_s), min(run[1], cue.offset_start_s)
    enough = LEAST_SHARED * min(run[1] - run[0], cue.offset_start_s - cue.onset_end_s)
    return shared if shared[1] - shared[0] >= enough else run
