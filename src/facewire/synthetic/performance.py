"""The patient's performance: cue sheet, blinks, sway of the head, activation of every muscle.

All of it is a function of time fixed by the patient's seed; frames sample it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENT_FACTS, MOVEMENTS, SIDES, Movement
from facewire.synthetic.commands import (
    BLINK,
    BRANCH_OF,
    MUSCLE_INDEX,
    MUSCLES,
    MUSCLES_OF,
    Muscle,
)
from facewire.synthetic.patient_spec import PatientSpec

FloatArray = NDArray[np.float64]

BLINK_CLOSING_S, BLINK_SHUT_S, BLINK_OPENING_S = 0.09, 0.04, 0.17
_EDGE_S = 0.6
_SWAY_HZ = (0.07, 0.19, 0.43)


@dataclass(frozen=True)
class Cue:
    """One asked repetition; the four times as in a cue sheet."""

    movement: Movement
    repetition: int
    effort: float
    start_s: float
    onset_end_s: float
    offset_start_s: float
    end_s: float

    def envelope(self, times_s: FloatArray) -> FloatArray:
        """Return the command over time, 0 to the effort, with minimum-jerk ramps."""
        rise = _minimum_jerk((times_s - self.start_s) / (self.onset_end_s - self.start_s))
        fall = _minimum_jerk((times_s - self.offset_start_s) / (self.end_s - self.offset_start_s))
        return self.effort * (rise - fall)


@dataclass(frozen=True)
class Performance:
    """Everything that happens in a clip.

    Parameters
    ----------
    spec : PatientSpec
        Whose.
    cues : tuple of Cue
        In order of time.
    blinks_s : ndarray of float, shape (n_blinks,)
        Start of every spontaneous blink.
    duration_s : float
        Length of the clip.
    """

    spec: PatientSpec
    cues: tuple[Cue, ...]
    blinks_s: FloatArray
    duration_s: float

    @property
    def times_s(self) -> FloatArray:
        """Time of every frame, shape (n_frames,)."""
        return np.arange(round(self.duration_s * self.spec.camera.fps)) / self.spec.camera.fps

    def command(self, movement: Movement, times_s: FloatArray) -> FloatArray:
        """Return the voluntary command of one movement over time, 0 to 1."""
        mine = [c.envelope(times_s) for c in self.cues if c.movement is movement]
        return np.sum(mine, axis=0) if mine else np.zeros_like(times_s)

    def blinking(self, times_s: FloatArray) -> FloatArray:
        """Return the blink command over time, 0 to 1."""
        total = np.zeros_like(times_s)
        for start in self.blinks_s:
            shut = start + BLINK_CLOSING_S
            closing = _minimum_jerk((times_s - start) / BLINK_CLOSING_S)
            opening = _minimum_jerk((times_s - shut - BLINK_SHUT_S) / BLINK_OPENING_S)
            total = np.maximum(total, closing - opening)
        return total

    def group(self, name: str, times_s: FloatArray) -> FloatArray:
        """Return the command of a group over time, 0 to 1; ``eye_close`` includes blinks."""
        members = [self.command(m, times_s) for m in MOVEMENTS if MOVEMENT_FACTS[m].command == name]
        members += [self.blinking(times_s)] if name == "eye_close" else []
        return np.asarray(np.max(members, axis=0))

    def activations(self, times_s: FloatArray) -> FloatArray:
        """Return the activation of every muscle, shape (n_times, 2, n_muscles).

        Sides in the order of `facewire.face.SIDES`. 1 is full; the lids stop at closure.
        """
        healthy = self._healthy(times_s)
        both = np.stack([healthy, healthy], axis=1)
        if self.spec.affected_side is not None:
            at = SIDES.index(self.spec.affected_side)
            both[:, at] = self._affected(healthy, times_s)
        return both

    def _healthy(self, times_s: FloatArray) -> FloatArray:
        out = np.zeros((len(times_s), len(MUSCLES)))
        for movement, shares in MUSCLES_OF.items():
            command = self.command(movement, times_s)
            for muscle, share in shares.items():
                out[:, MUSCLE_INDEX[muscle]] += share * command
        palpebral = MUSCLE_INDEX[Muscle.ORBICULARIS_OCULI_PALPEBRAL]
        narrowing = self.spec.face.smile_eye_narrowing * self.group("smile", times_s)
        out[:, palpebral] += narrowing
        blink = self.blinking(times_s)
        for muscle, share in BLINK.items():
            out[:, MUSCLE_INDEX[muscle]] += share * blink
        return out

    def _affected(self, healthy: FloatArray, times_s: FloatArray) -> FloatArray:
        gains = [self.spec.voluntary_gain.get(BRANCH_OF[m], 1.0) for m in MUSCLES]
        tones = [self.spec.resting_tone.get(m, 0.0) for m in MUSCLES]
        out = healthy * gains + tones
        for edge in self.spec.miswiring:
            late = self.group(edge.command, times_s - edge.latency_s)
            out[:, MUSCLE_INDEX[edge.muscle]] += edge.gain * late
        return np.asarray(out)

    def head_pose(self, times_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return yaw, pitch, roll (n, 3) in degrees and the shift (n, 3) in mm of the head.

        Yaw towards the patient's left, pitch up and roll towards the patient's left shoulder are
        positive.
        """
        rng = np.random.default_rng([self.spec.seed, 3])
        b = self.spec.behaviour
        size = [
            b.yaw_sway_deg,
            b.pitch_sway_deg,
            b.roll_sway_deg,
            b.shift_mm,
            b.shift_mm,
            b.shift_mm,
        ]
        phases = rng.uniform(0, 2 * np.pi, (len(_SWAY_HZ), 6))
        speed = np.asarray(_SWAY_HZ)[:, None] * rng.uniform(0.85, 1.15, (len(_SWAY_HZ), 6))
        share = np.array([0.65, 0.28, 0.07])[:, None]
        waves = np.sin(2 * np.pi * times_s[:, None, None] * speed + phases)
        sway = (waves * share).sum(axis=1) * size
        return sway[:, :3], sway[:, 3:]


def plan_performance(spec: PatientSpec) -> Performance:
    """Return what the patient does, fixed by the seed."""
    rng = np.random.default_rng([spec.seed, 1])
    asked, cues, at = spec.protocol, [], spec.protocol.opening_rest_s
    for movement in asked.movements:
        efforts = rng.permutation(np.linspace(asked.weakest_effort, 1.0, asked.repetitions))
        for number, effort in enumerate(efforts, start=1):
            cue = _place_cue(spec, rng, at, (movement, number, float(effort)))
            cues.append(cue)
            at = cue.end_s + asked.rest_s * rng.uniform(0.97, 1.08)
    duration = at + _EDGE_S
    return Performance(spec, tuple(cues), _place_blinks(spec, duration), duration)


def _place_cue(
    spec: PatientSpec, rng: np.random.Generator, start: float, what: tuple[Movement, int, float]
) -> Cue:
    asked = spec.protocol
    onset = start + asked.ramp_s * rng.uniform(0.85, 1.15)
    offset = onset + asked.hold_s * rng.uniform(0.92, 1.08)
    end = offset + asked.ramp_s * rng.uniform(0.85, 1.15)
    return Cue(*what, *(round(t, 4) for t in (start, onset, offset, end)))


def _place_blinks(spec: PatientSpec, duration_s: float) -> FloatArray:
    rng = np.random.default_rng([spec.seed, 2])
    if spec.behaviour.blinks_per_minute == 0:
        return np.zeros(0)
    mean_s = 60.0 / spec.behaviour.blinks_per_minute
    found, at = [], mean_s * rng.uniform(0.2, 0.6)
    while at < duration_s - 0.5:
        found.append(round(at, 3))
        at += mean_s * rng.uniform(0.5, 1.5)
    return np.asarray(found)


def _minimum_jerk(share: FloatArray) -> FloatArray:
    """Flash and Hogan 1985, equation 2: the smoothest reach from 0 to 1."""
    t = np.clip(share, 0.0, 1.0)
    return np.asarray(t**3 * (10 - 15 * t + 6 * t**2))
