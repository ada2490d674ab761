"""What is not known about an injured nerve, drawn once a run; and the dice of its axons.

Every run has its own stretch of one stream of random numbers, so that a run is the same whatever
the number of runs, and so that two injuries of one seed differ by the injury alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facewire.errors import UsageError
from facewire.regrowth.facts import facts, value
from facewire.regrowth.injury import Injury
from facewire.regrowth.nerve import FloatArray, Nerve
from facewire.results.regrowth import Severity

SPROUTS = 4
"""Most branches of one axon, the first included."""
PER_SPROUT = 8
PER_AXON = 4
VARYING = ("rate_mm_per_day", "start_days", "maturation_months", "block_days")


@dataclass(frozen=True)
class RunValues:
    """What differs between runs; every array has the shape (runs,) unless said otherwise.

    Parameters
    ----------
    rate_mm_per_day, start_days, maturation_months, block_days : ndarray
        As in the table.
    tubes_kept : ndarray
        Chance of an axon to find its own tube.
    length_scale : ndarray
        Length of this nerve over the typical one.
    joined : ndarray of bool, shape (runs, 4)
        Which neighbouring branches are joined in the cheek.
    """

    rate_mm_per_day: FloatArray
    start_days: FloatArray
    maturation_months: FloatArray
    block_days: FloatArray
    tubes_kept: FloatArray
    length_scale: FloatArray
    joined: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Dice:
    """Uniform random numbers of every axon.

    Parameters
    ----------
    axon : ndarray, shape (runs, axons, 4)
        One row an axon: interrupted, speed, block, number of sprouts.
    sprout : ndarray, shape (runs, axons, sprouts, 8)
        One row a sprout: crosses the injury, keeps its tube, wrong tube, wait, errs at the
        division and where to, crosses in the cheek and where to.
    """

    axon: FloatArray
    sprout: FloatArray


def draw_runs(injury: Injury, nerve: Nerve, runs: int, seed: int) -> RunValues:
    """Draw what differs between runs.

    Parameters
    ----------
    injury : Injury
    nerve : Nerve
    runs : int
        How many.
    seed : int
        Same seed, same values.
    """
    joins = len(nerve.join_fraction)
    u = np.random.default_rng([seed, 1]).random((runs, len(VARYING) + 2 + joins))
    varying = {name: _ranged(name, u[:, i]) for i, name in enumerate(VARYING)}
    spread = value("tubes_kept_spread") * (2 * u[:, -1 - joins] - 1)
    size = value("size_spread") * (2 * u[:, -2 - joins] - 1)
    return RunValues(
        **varying,
        tubes_kept=np.clip(mean_tubes_kept(injury) + spread, 0.0, 1.0),
        length_scale=1 + size,
        joined=u[:, -joins:] < nerve.join_fraction,
    )


def mean_tubes_kept(injury: Injury) -> float:
    """Return the chance of an axon to find its own tube, mean over runs."""
    if injury.severity is Severity.CUT:
        return value("tubes_kept_cut")
    return value("tubes_kept_crush") if injury.tubes_kept is None else injury.tubes_kept


def roll(axons: int, runs: int, rng: np.random.Generator) -> Dice:
    """Roll the dice of the next runs."""
    u = rng.random((runs, axons, PER_AXON + SPROUTS * PER_SPROUT))
    return Dice(u[..., :PER_AXON], u[..., PER_AXON:].reshape(runs, axons, SPROUTS, PER_SPROUT))


def _ranged(name: str, u: FloatArray) -> FloatArray:
    found = facts()[name]
    if found.low is None or found.high is None:
        raise UsageError("The parameter of regrowth has no range", found=name)
    return found.low + (found.high - found.low) * u
