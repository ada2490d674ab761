"""The course of a simulated recording: what is asked when, how strongly, and every blink."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENT_FACTS, MOVEMENTS, REGIONS, Movement, Region, Side
from facewire.motion.blinks import Blink
from facewire.movements.cues import Cue
from simulated.wiring_spec import SignalPatient

FloatArray = NDArray[np.float64]

CLOSING_S, SHUT_S, OPENING_S = 0.09, 0.04, 0.15
"""A blink: the lid closes faster than it opens."""
BLINK_COMMAND = 0.7
"""Command of a blink to a miswired region, as a part of a full closure."""
CLOSED_SMILE_SHARE = 0.65
"""Command of a closed smile, as a part of that of an open one."""
BETWEEN_BLINKS_S = 0.6
TAIL_S = 0.6


@dataclass(frozen=True)
class Plan:
    """What happens when: cues with their efforts, blinks, natural difference of the sides."""

    cues: tuple[Cue, ...]
    efforts: tuple[float, ...]
    blinks_s: tuple[float, ...]
    side_gain: dict[tuple[Movement, Region, Side], float]
    duration_s: float


def plan_course(spec: SignalPatient, rng: np.random.Generator) -> Plan:
    """Return when everything happens, the same for mirrored patients and at every frame rate."""
    asked, cues, efforts, at = spec.protocol, [], [], spec.protocol.opening_rest_s
    for movement in asked.movements:
        for number in range(1, asked.repetitions + 1):
            lengths = np.array([asked.ramp_s, asked.hold_s, asked.ramp_s])
            ends = at + np.cumsum(lengths * rng.uniform(0.85, 1.15, 3))
            cues.append(Cue(movement, number, at, float(ends[0]), float(ends[1]), float(ends[2])))
            efforts.append(float(rng.uniform(asked.weakest_effort, 1.0)))
            at = cues[-1].end_s + asked.rest_s * rng.uniform(0.95, 1.1)
    duration = at + TAIL_S
    gains = {
        (m, r, s): float(rng.normal(1.0, spec.side_spread))
        for m in MOVEMENTS
        for r in REGIONS
        for s in side_order(spec)
    }
    blinks = _blink_times(spec, tuple(cues), duration, rng)
    return Plan(tuple(cues), tuple(efforts), blinks, gains, duration)


def _blink_times(
    spec: SignalPatient, cues: tuple[Cue, ...], duration_s: float, rng: np.random.Generator
) -> tuple[float, ...]:
    """Draw blinks at random, not within closures of the eyes."""
    closures = [c for c in cues if MOVEMENT_FACTS[c.movement].command == "eye_close"]
    found: list[float] = []
    count = rng.poisson(spec.blinks_per_minute * duration_s / 60.0)
    for start in np.sort(rng.uniform(0.2, duration_s - 0.5, count)):
        free = all(start < c.start_s - BETWEEN_BLINKS_S or start > c.end_s + 0.2 for c in closures)
        if free and (not found or start > found[-1] + BETWEEN_BLINKS_S):
            found.append(float(start))
    return tuple(found)


def side_order(spec: SignalPatient) -> tuple[Side, Side]:
    """Affected (or left) side first: random numbers are drawn in this order, so faces mirror."""
    first = spec.affected_side or Side.LEFT
    return first, first.other


def minimum_jerk(part: FloatArray) -> FloatArray:
    """Return the course of a smooth rise, 0 before 0 and 1 after 1 (Flash and Hogan 1985)."""
    s = np.clip(part, 0.0, 1.0)
    return np.asarray(s**3 * (10 - 15 * s + 6 * s**2))


def cue_course(cue: Cue, times_s: FloatArray) -> FloatArray:
    """Return the course of one repetition, 0 at rest to 1 in its hold, shape (n_times,)."""
    up = minimum_jerk((times_s - cue.start_s) / (cue.onset_end_s - cue.start_s))
    down = minimum_jerk((times_s - cue.offset_start_s) / (cue.end_s - cue.offset_start_s))
    return np.asarray(up - down)


def blinking(plan: Plan, times_s: FloatArray) -> FloatArray:
    """Return the course of all blinks, 0 open to 1 closed, shape (n_times,)."""
    closed = np.zeros(len(times_s))
    for start in plan.blinks_s:
        shut = minimum_jerk((times_s - start) / CLOSING_S)
        closed += shut - minimum_jerk((times_s - start - CLOSING_S - SHUT_S) / OPENING_S)
    return closed


def blink_at(start_s: float) -> Blink:
    """Return the blink that starts at a time."""
    end = start_s + CLOSING_S + SHUT_S + OPENING_S
    return Blink(start_s, start_s + CLOSING_S + SHUT_S / 2, end)


def command(plan: Plan, movement: Movement, times_s: FloatArray) -> FloatArray:
    """Return the voluntary command of one movement, 0 to 1, shape (n_times,)."""
    total = np.zeros(len(times_s))
    for cue, effort in zip(plan.cues, plan.efforts, strict=True):
        if cue.movement is movement:
            total += effort * cue_course(cue, times_s)
    return total


def group_command(spec: SignalPatient, plan: Plan, group: str, times_s: FloatArray) -> FloatArray:
    """Return the command of a group, 0 to 1, shape (n_times,); ``eye_close`` includes blinks.

    Parameters
    ----------
    spec : SignalPatient
        The patient.
    plan : Plan
        When each movement is made, and how strongly.
    group : str
        A group of movements that share a command.
    times_s : ndarray, shape (n_times,)
        When.
    """
    members = [m for m in spec.protocol.movements if MOVEMENT_FACTS[m].command == group]
    total = np.zeros(len(times_s))
    for movement in members:
        part = CLOSED_SMILE_SHARE if movement is Movement.SMILE_CLOSED else 1.0
        total += part * command(plan, movement, times_s)
    if group == "eye_close":
        total = np.fmax(total, BLINK_COMMAND * blinking(plan, times_s))
    return total
