"""From arrivals to a face over time: who drives which muscle, its force, its tone at rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facewire.regrowth.draws import RunValues
from facewire.regrowth.facts import value
from facewire.regrowth.growth import STEPS_PER_MONTH, Arrivals
from facewire.regrowth.nerve import FloatArray


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
