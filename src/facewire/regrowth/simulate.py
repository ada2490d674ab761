"""The simulation as one function: an injury in, many possible courses out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face.muscles import GROUP_INDEX, MuscleGroup
from facewire.regrowth.draws import RunValues, draw_runs, roll
from facewire.regrowth.facts import value
from facewire.regrowth.growth import DAYS_PER_MONTH, STEPS_PER_MONTH, Arrivals, grow
from facewire.regrowth.injury import Injury
from facewire.regrowth.movement import (
    PATTERNS,
    moved_mm,
    pattern_mm,
    right_and_wrong,
    visible_mm,
)
from facewire.regrowth.nerve import FloatArray, nerve
from facewire.results.regrowth import Severity
from facewire.words import mark

TEACHING = mark("Simulation for teaching; not a forecast for one patient.")
LONGEST_MONTHS = 60
MOST_RUNS = 2000
CHUNK = 25
PATTERN_STEPS = 2
"""Patterns are looked at in every second step: twice a month."""
SETTLED = 0.05
"""A course has levelled off when it stays within this of where it ends."""


@dataclass(frozen=True)
class RegrowthRuns:
    """Many possible courses after one injury. Simulated, for teaching.

    Times are months after the injury; NaN where it does not happen within the time line.

    Parameters
    ----------
    injury : Injury
    months, runs, seed : int
        Length of the time line, number of courses, and what fixes them.
    drive : ndarray, shape (runs, months + 1, 14, 14)
        What the full command of a pool (first) activates in a muscle group (second), in full
        activations of the healthy muscle.
    strength : ndarray, shape (runs, months + 1, 14)
        Force of the fibres that have a nerve, 1 untouched.
    tone : ndarray, shape (runs, months + 1, 14)
        Activation at rest; negative where the face hangs.
    pattern_mm : ndarray, shape (runs, months + 1, patterns)
        How far each of `PATTERNS` goes on a typical face.
    front_mm : ndarray, shape (runs, months + 1)
        How far past the injury a typical axon has grown, were its way endless.
    first_emg, first_movement, first_synkinesis, plateau : ndarray, shape (runs,)
        First activity in orbicularis oculi; first visible movement; first pattern that can be
        seen; when force and patterns have levelled off.
    """

    injury: Injury
    months: int
    runs: int
    seed: int
    drive: FloatArray
    strength: FloatArray
    tone: FloatArray
    pattern_mm: FloatArray
    front_mm: FloatArray
    first_emg: FloatArray
    first_movement: FloatArray
    first_synkinesis: FloatArray
    plateau: FloatArray

    @property
    def force(self) -> FloatArray:
        """What each command moves of its own muscle, 1 healthy, shape (runs, months + 1, 14)."""
        return np.asarray(np.einsum("rtii->rti", self.drive) * self.strength)

    @property
    def wrong_drive(self) -> FloatArray:
        """Activation of each muscle by commands of others, shape (runs, months + 1, 14)."""
        own = np.einsum("rtii->rti", self.drive)
        return np.asarray(self.drive.sum(axis=2) - own)

    @property
    def visible(self) -> NDArray[np.bool_]:
        """Which patterns can be seen, shape (runs, months + 1, patterns)."""
        return np.asarray(self.pattern_mm >= [visible_mm(p) for p in PATTERNS])


def simulate(injury: Injury, *, months: int = 24, runs: int = 100, seed: int = 1) -> RegrowthRuns:
    """Let an injured facial nerve grow back many times.

    Parameters
    ----------
    injury : Injury
    months : int
        Length of the time line, 1 to 60.
    runs : int
        How many courses, 1 to 2000.
    seed : int
        Same injury, same seed: same courses, whatever the number of runs and months.

    Raises
    ------
    UsageError
        A number is out of its range.
    """
    _check("months", months, 1, LONGEST_MONTHS)
    _check("runs", runs, 1, MOST_RUNS)
    _check("seed", seed, 0, 2**31)
    parts = list(_parts(injury, months, runs, seed))
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return RegrowthRuns(injury, months, runs, seed, **joined)


def _parts(injury: Injury, months: int, runs: int, seed: int) -> Iterator[dict[str, FloatArray]]:
    found = nerve()
    values = draw_runs(injury, found, runs, seed)
    rng = np.random.default_rng([seed, 2])
    for start in range(0, runs, CHUNK):
        own = _take(values, slice(start, start + CHUNK))
        dice = roll(int(found.lane_count.sum()), len(own.rate_mm_per_day), rng)
        arrivals = grow(injury, own, dice, months * STEPS_PER_MONTH + 1)
        yield {
            **_summary(follow(arrivals, own, found.pool_count)),
            "front_mm": _front_mm(injury, own, months),
        }


def _front_mm(injury: Injury, values: RunValues, months: int) -> FloatArray:
    """Return how far a typical axon has grown; 0 where none was interrupted or joined again."""
    open_cut = injury.severity is Severity.CUT and not injury.repaired
    if injury.interrupted == 0 or open_cut:
        return np.zeros((len(values.start_days), months + 1))
    days = (np.arange(months + 1) - injury.repair_month) * DAYS_PER_MONTH
    growing = np.maximum(days[None, :] - values.start_days[:, None], 0.0)
    return np.asarray(growing * values.rate_mm_per_day[:, None])


def _take(values: RunValues, rows: slice) -> RunValues:
    return RunValues(**{f.name: getattr(values, f.name)[rows] for f in fields(RunValues)})


def _summary(course: Course) -> dict[str, FloatArray]:
    """Keep the months of a course, and the times of its events on the finer steps."""
    coarse = slice(None, None, PATTERN_STEPS)
    _, wrong = right_and_wrong(course.drive[:, coarse])
    wrong_mm = moved_mm(wrong, course.strength[:, coarse])
    far = np.stack([pattern_mm(p, wrong_mm) for p in PATTERNS], axis=-1)
    own = np.einsum("rtii->rti", course.drive)
    force = own * course.strength
    eye = own[..., GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL]]
    shown = (far / [visible_mm(p) for p in PATTERNS]).max(axis=-1)
    monthly = slice(None, None, STEPS_PER_MONTH)
    return {
        "drive": course.drive[:, monthly],
        "strength": course.strength[:, monthly],
        "tone": course.tone[:, monthly],
        "pattern_mm": far[:, :: STEPS_PER_MONTH // PATTERN_STEPS],
        "first_emg": _first(eye, value("emg")),
        "first_movement": _first(force.max(axis=-1), value("visible_movement")),
        "first_synkinesis": PATTERN_STEPS * _first(shown, 1.0),
        "plateau": np.maximum(
            _settled(force.mean(axis=-1)), PATTERN_STEPS * _settled(far.mean(axis=-1))
        ),
    }


def _first(quantity: FloatArray, threshold: float) -> FloatArray:
    """Return the month in which a quantity first reaches a threshold, between steps by a line."""
    reached = quantity >= threshold
    step = np.argmax(reached, axis=1)
    row = np.arange(len(quantity))
    now, before = quantity[row, step], quantity[row, np.maximum(step - 1, 0)]
    rise = np.where(now > before, now - before, 1.0)
    early = np.where(step > 0, (now - threshold) / rise, 0.0)
    return np.where(reached.any(axis=1), (step - early) / STEPS_PER_MONTH, np.nan)


def _settled(quantity: FloatArray) -> FloatArray:
    """Return from which month on a quantity stays near its end, shape (runs,)."""
    span = np.max(np.abs(quantity), axis=1, keepdims=True)
    far = np.abs(quantity - quantity[:, -1:]) > SETTLED * span
    last_far = quantity.shape[1] - 1 - np.argmax(far[:, ::-1], axis=1)
    return np.where(far.any(axis=1), (last_far + 1) / STEPS_PER_MONTH, 0.0)


def _check(name: str, found: int, low: int, high: int) -> None:
    if not low <= found <= high:
        raise UsageError(
            f"The number of {name} cannot be used", expected=f"{low} to {high}", found=str(found)
        )


@dataclass(frozen=True)
class Course:
    """The injured side over time, many runs.

    Parameters
    ----------
    drive : ndarray, shape (runs, steps, 14, 14)
        What the full command of a pool (first) activates in a muscle group (second), in full
        activations of the healthy muscle. Healthy wiring is the identity.
    strength : ndarray, shape (runs, steps, 14)
        Force of the fibres that have a nerve, 1 untouched.
    tone : ndarray, shape (runs, steps, 14)
        Activation at rest; negative where the face hangs.
    """

    drive: FloatArray
    strength: FloatArray
    tone: FloatArray


def follow(arrivals: Arrivals, values: RunValues, pool_count: FloatArray) -> Course:
    """Follow the muscles of some runs.

    The share of the fibres of a muscle that a sprout holds grows with its age,
    ``(1 - exp(-age / maturation)) * (1 + (enlargement - 1) * (1 - exp(-age / enlargement time)))``
    over the number of axons that the muscle had; whole axons hold their own share and enlarge too.
    Where the shares pass the muscle's fibres they are scaled to them.

    Parameters
    ----------
    arrivals : Arrivals
    values : RunValues
        Of the same runs.
    pool_count : ndarray, shape (14,)
        Axons that each muscle had.
    """
    steps = arrivals.sprouts.shape[1]
    held = _held_by_sprouts(arrivals, values) / pool_count
    enlarged = _enlarged(np.arange(steps) / STEPS_PER_MONTH)
    territory = enlarged[None, :, None] * arrivals.whole[:, None, :] / pool_count
    conducting = np.cumsum(arrivals.unblocked, axis=1) / np.maximum(arrivals.whole, 1)[:, None, :]
    scale = np.maximum(1.0, held.sum(axis=2) + territory)
    drive = held / scale[:, :, None, :]
    own = np.einsum("rtii->rti", drive)
    own += territory * conducting / scale
    with_nerve = (held.sum(axis=2) + territory) / scale
    strength = _strength(with_nerve)
    return Course(drive, strength, _tone(drive))


def _held_by_sprouts(arrivals: Arrivals, values: RunValues) -> FloatArray:
    """Sum the growing shares of the sprouts of every earlier step.

    Multiplied out, a share is a sum of four exponentials of the age, each of which needs only the
    step before: ``E - (E - 1) v - E u + (E - 1) u v``.
    """
    step_months = 1 / STEPS_PER_MONTH
    most = value("enlargement")
    ripens = np.exp(-step_months / values.maturation_months)
    enlarges = np.full_like(ripens, np.exp(-step_months / value("enlargement_months")))
    decay = np.stack([np.ones_like(ripens), enlarges, ripens, ripens * enlarges])[..., None, None]
    weight = np.array([most, 1 - most, -most, most - 1])
    held = np.zeros_like(arrivals.sprouts)
    state = np.zeros((4, *held[:, 0].shape))
    for step in range(1, held.shape[1]):
        state = (state + arrivals.sprouts[:, step - 1]) * decay
        held[:, step] = np.tensordot(weight, state, axes=1)
    return np.maximum(held, 0.0)


def _enlarged(age_months: FloatArray) -> FloatArray:
    growth = 1 - np.exp(-age_months / value("enlargement_months"))
    return np.asarray(1 + (value("enlargement") - 1) * growth)


def _strength(with_nerve: FloatArray) -> FloatArray:
    """Force of the fibres that have a nerve: new ones bring the atrophy of their wait with them."""
    step_months = 1 / STEPS_PER_MONTH
    regain = 1 - np.exp(-step_months / value("trophic_recovery_months"))
    floor = value("atrophy_floor")
    strength = np.ones_like(with_nerve)
    for step in range(1, with_nerve.shape[1]):
        waited = step * step_months
        left = floor + (1 - floor) * np.exp(-waited / value("atrophy_months"))
        before, now = with_nerve[:, step - 1], with_nerve[:, step]
        kept = np.minimum(before, now)
        old = strength[:, step - 1]
        old = old + (1 - old) * regain
        share = np.divide(kept, now, out=np.zeros_like(now), where=now > 0)
        strength[:, step] = share * old + (1 - share) * left
    return strength


def _tone(drive: FloatArray) -> FloatArray:
    own = np.einsum("rtii->rti", drive)
    everything = drive.sum(axis=2)
    wrong = everything - own
    return np.asarray(
        value("hypertonus") * wrong - value("slack") * np.maximum(1.0 - everything, 0.0)
    )
