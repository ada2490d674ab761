"""Axons grow: which are interrupted, which tube each sprout takes, when it reaches which muscle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from facewire.face.anatomy import BRANCHES
from facewire.face.muscles import GROUP_INDEX, GROUPS, MuscleGroup
from facewire.regrowth.draws import SPROUTS, Dice, RunValues
from facewire.regrowth.facts import value
from facewire.regrowth.injury import SHORTEST_MM, Injury
from facewire.regrowth.nerve import FloatArray, IntArray, Nerve, nerve
from facewire.results.regrowth import Severity

BoolArray = NDArray[np.bool_]

STEPS_PER_MONTH = 4
DAYS_PER_MONTH = 30.44
DAYS_PER_STEP = DAYS_PER_MONTH / STEPS_PER_MONTH
N_GROUPS = len(GROUPS)
FRONTALIS = GROUP_INDEX[MuscleGroup.FRONTALIS]


@dataclass(frozen=True)
class Arrivals:
    """How many axons and sprouts work from which step on.

    Parameters
    ----------
    whole : ndarray, shape (runs, 14)
        Axons of each pool that were not interrupted.
    unblocked : ndarray, shape (runs, steps, 14)
        How many of them conduct again from each step on.
    sprouts : ndarray, shape (runs, steps, 14, 14)
        Sprouts whose junction starts in each step: pool, muscle.
    """

    whole: FloatArray
    unblocked: FloatArray
    sprouts: FloatArray


def grow(injury: Injury, values: RunValues, dice: Dice, steps: int) -> Arrivals:
    """Let the axons of some runs grow.

    Parameters
    ----------
    injury : Injury
    values : RunValues
        Of these runs.
    dice : Dice
        Of these runs.
    steps : int
        Length of the time line, in steps of a quarter of a month.
    """
    found = nerve()
    lane = found.axon_lane
    hurt = np.isin(found.lane_branch[lane], [BRANCHES.index(b) for b in injury.branches])
    hurt &= injury.severity is not Severity.NONE
    interrupted = hurt & (dice.axon[..., 0] < injury.interrupted)
    whole, unblocked = _whole(values, dice, steps, (hurt, interrupted))
    run, axon, sprout = np.nonzero(interrupted[..., None] & _sprouting(injury, dice))
    u = dice.sprout[run, axon, sprout]
    target, detour_mm = _targets(injury, values, (run, lane[axon]), u)
    day = _arrival_days(injury, values, dice, (run, axon, found.lane_group[target], detour_mm, u))
    muscle = found.lane_group[target]
    works = _works(injury, muscle, day, u)
    cells = _cells(run, found.lane_group[lane[axon]], muscle, day, steps)
    inside = works & (day < steps * DAYS_PER_STEP)
    shape = (len(values.rate_mm_per_day), steps, N_GROUPS, N_GROUPS)
    sprouts = np.bincount(cells[inside], minlength=int(np.prod(shape))).reshape(shape)
    return Arrivals(whole, unblocked, sprouts.astype(np.float64))


def _whole(
    values: RunValues, dice: Dice, steps: int, harm: tuple[BoolArray, BoolArray]
) -> tuple[FloatArray, FloatArray]:
    """Count the axons that were not interrupted, and when each conducts again."""
    found = nerve()
    hurt, interrupted = harm
    spread = np.exp(value("block_spread") * _normal(dice.axon[..., 2]))
    day = np.where(hurt, values.block_days[:, None] * spread, 0.0)
    run, axon = np.nonzero(~interrupted)
    group = found.lane_group[found.axon_lane[axon]]
    runs = len(values.block_days)
    whole = np.bincount(run * N_GROUPS + group, minlength=runs * N_GROUPS)
    step = np.ceil(day[run, axon] / DAYS_PER_STEP).astype(np.intp)
    inside = step < steps
    cell = (run * steps + step) * N_GROUPS + group
    unblocked = np.bincount(cell[inside], minlength=runs * steps * N_GROUPS)
    return (
        whole.reshape(runs, N_GROUPS).astype(np.float64),
        unblocked.reshape(runs, steps, N_GROUPS).astype(np.float64),
    )


def _sprouting(injury: Injury, dice: Dice) -> BoolArray:
    """Return which sprouts exist: the first always, further ones by a Poisson number."""
    mean = value("sprouts_cut" if injury.severity is Severity.CUT else "sprouts_crush")
    term = np.exp(-mean) * mean ** np.arange(SPROUTS - 1)
    factorial = np.cumprod([1, *range(1, SPROUTS - 1)])
    more_than = np.cumsum(term / factorial)
    extra = (dice.axon[..., 3, None] > more_than).sum(axis=-1)
    return np.asarray(np.arange(SPROUTS) <= extra[..., None])


def _targets(
    injury: Injury, values: RunValues, origin: tuple[IntArray, IntArray], u: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Return the lane that each sprout ends in, and the detour that it made, mm."""
    run, own = origin
    table = _tube_choice(injury.in_trunk)
    kept = u[:, 1] < values.tubes_kept[run]
    lane = np.where(kept, own, _choose(table, own, u[:, 2]))
    if injury.in_trunk:
        lane = _change_branch(lane, u[:, 4] < value("division_error"), u[:, 5])
    crossed = _crosses(values, (run, lane), u[:, 6], u[:, 7])
    lane = np.where(crossed >= 0, crossed, lane)
    return lane, np.where(crossed >= 0, value("crossing_mm"), 0.0)


@cache
def _tube_choice(in_trunk: bool) -> FloatArray:
    """Return the cumulative chance of each wrong tube, shape (lanes, lanes).

    In the trunk it falls with the distance between branches, ``exp(-steps / topography)``; past
    the division only tubes of the same branch are within reach.
    """
    found = nerve()
    steps = np.abs(found.lane_branch[:, None] - found.lane_branch[None, :])
    near = np.exp(-steps / value("topography_branches")) if in_trunk else steps == 0
    return _cumulative(near * found.lane_count[None, :])


@cache
def _lanes_of_branch() -> FloatArray:
    """Return the cumulative chance of each lane for an axon new to a branch, (branches, lanes)."""
    found = nerve()
    own = found.lane_branch[None, :] == np.arange(len(BRANCHES))[:, None]
    return _cumulative(own * found.lane_count[None, :])


def _cumulative(weight: FloatArray) -> FloatArray:
    summed = np.cumsum(weight, axis=1)
    return np.asarray(summed / summed[:, -1:])


def _choose(table: FloatArray, row: IntArray, u: FloatArray) -> IntArray:
    """Draw a column of a table of cumulative chances for each row asked for."""
    flat = (table + np.arange(len(table))[:, None]).ravel()
    found = np.searchsorted(flat, row + u, side="right") - row * table.shape[1]
    return np.asarray(np.clip(found, 0, table.shape[1] - 1))


def _change_branch(lane: IntArray, errs: BoolArray, u: FloatArray) -> IntArray:
    """Let sprouts that err at the division take the branch above or below, at random."""
    branch = nerve().lane_branch[lane]
    step = np.where(u < 0.5, -1, 1)
    other = branch + step
    other = np.where((other < 0) | (other >= len(BRANCHES)), branch - step, other)
    return np.where(errs, _choose(_lanes_of_branch(), other, (2 * u) % 1.0), lane)


def _crosses(
    values: RunValues, where: tuple[IntArray, IntArray], chance: FloatArray, u: FloatArray
) -> IntArray:
    """Return the lane of sprouts that cross to a joined branch in the cheek; -1 for the others."""
    run, lane = where
    branch = nerve().lane_branch[lane]
    up = u < 0.5
    other = np.where(up, branch - 1, branch + 1)
    join = np.where(up, branch - 1, branch)
    there = (join >= 0) & (join < values.joined.shape[1])
    safe = np.where(there, join, 0)
    crossing = there & values.joined[run, safe] & (chance < value("crossing"))
    return np.where(
        crossing, _choose(_lanes_of_branch(), np.where(there, other, 0), (2 * u) % 1.0), -1
    )


def _arrival_days(
    injury: Injury,
    values: RunValues,
    dice: Dice,
    sprouts: tuple[IntArray, IntArray, IntArray, FloatArray, FloatArray],
) -> FloatArray:
    """Return the day on which each sprout's junction starts to work.

    ``repair + start + wait at the injury + distance / rate + junction``.
    """
    run, axon, muscle, detour_mm, u = sprouts
    cut = injury.severity is Severity.CUT
    wait = -np.log1p(-u[:, 3]) * value("stagger_days_cut" if cut else "stagger_days_crush")
    speed = np.exp(value("rate_spread") * _normal(dice.axon[run, axon, 1]))
    way_mm = (distance_mm(injury, nerve())[muscle] + detour_mm) * values.length_scale[run]
    growing = way_mm / (values.rate_mm_per_day[run] * speed)
    repair = injury.repair_month * DAYS_PER_MONTH
    return np.asarray(repair + values.start_days[run] + wait + growing + value("junction_days"))


def distance_mm(injury: Injury, nerve: Nerve) -> FloatArray:
    """Return the way from the injury to each muscle group, mm, shape (14,)."""
    return np.maximum(nerve.division_mm + nerve.to_muscle_mm - injury.level_mm, SHORTEST_MM)


def _works(injury: Injury, muscle: IntArray, day: FloatArray, u: FloatArray) -> BoolArray:
    """Return which sprouts cross the injury, get there, and find fibres that still take a nerve."""
    lost = value(_lost_name(injury))
    month = day / DAYS_PER_MONTH
    first, last = value("receptive_until_months"), value("lost_after_months")
    receptive = np.clip((last - month) / (last - first), 0.0, 1.0)
    reached = np.where(muscle == FRONTALIS, value("frontalis_reached"), 1.0)
    return np.asarray(u[:, 0] < (1 - lost) * receptive * reached)


def _lost_name(injury: Injury) -> str:
    if injury.severity is not Severity.CUT:
        return "lost_crush"
    return "lost_cut_repaired" if injury.repaired else "lost_cut_open"


def _cells(
    run: IntArray, pool: IntArray, muscle: IntArray, day: FloatArray, steps: int
) -> IntArray:
    step = np.minimum(np.ceil(day / DAYS_PER_STEP).astype(np.intp), steps - 1)
    return np.asarray(((run * steps + step) * N_GROUPS + pool) * N_GROUPS + muscle)


def _normal(u: FloatArray) -> FloatArray:
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(u, 1e-9, 1 - 1e-9)), dtype=np.float64)
