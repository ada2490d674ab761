"""The nerve as the simulation needs it: pools, lanes of axons, lengths, joins between branches.

A lane is the axons of one pool in one branch. Positions of branches are their order from the
forehead down: the distance between two of them is the number of steps between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face.anatomy import BRANCHES, Branch, anatomy
from facewire.face.muscles import GROUP_INDEX, GROUPS, MuscleGroup
from facewire.regrowth.facts import STATUSES, table

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

AXONS = 700
"""Axons of the model; each stands for about ten of the nerve."""


@dataclass(frozen=True)
class Nerve:
    """One facial nerve, the same in every run but for its length and its joins.

    Parameters
    ----------
    pool_share : ndarray, shape (14,)
        Share of the motoneurons that belongs to each muscle group; sums to 1.
    to_muscle_mm : ndarray, shape (14,)
        From the division of the trunk to the muscle.
    lane_group, lane_branch : ndarray, shape (lanes,)
        Group and branch of each lane.
    lane_count : ndarray, shape (lanes,)
        Axons of each lane; at least 1.
    join_fraction : ndarray, shape (4,)
        How often branch i and branch i + 1 are joined in the cheek.
    foramen_mm, division_mm, branch_mm : float
        Where, along the nerve from the geniculate ganglion, lie the stylomastoid foramen, the
        division of the trunk, and an injury of a branch.
    """

    pool_share: FloatArray
    to_muscle_mm: FloatArray
    lane_group: IntArray
    lane_branch: IntArray
    lane_count: IntArray
    join_fraction: FloatArray
    foramen_mm: float
    division_mm: float
    branch_mm: float

    @property
    def axon_lane(self) -> IntArray:
        """Lane of each axon, shape (axons,)."""
        return np.repeat(np.arange(len(self.lane_count)), self.lane_count)

    @property
    def pool_count(self) -> FloatArray:
        """Axons of each pool, shape (14,)."""
        return np.bincount(self.lane_group, self.lane_count, len(GROUPS)).astype(np.float64)

    @property
    def typical_mm(self) -> float:
        """From the geniculate ganglion to a muscle, mean over the axons."""
        return float(self.division_mm + self.pool_share @ self.to_muscle_mm)


@cache
def nerve() -> Nerve:
    """Return the nerve of the table.

    Raises
    ------
    UsageError
        The table is wrong: a pool is missing or its branches do not add up to 1.
    """
    pools = {MuscleGroup(row["muscle"]): row for row in table()["pool"]}
    lengths = {
        row["id"]: float(row["mm"]) for row in table()["length"] if row["status"] in STATUSES
    }
    if tuple(pools) != GROUPS:
        raise UsageError("The pools of the nerve are wrong", expected=", ".join(GROUPS))
    share = np.array([row["share"] for row in pools.values()])
    lanes = [
        (GROUP_INDEX[group], BRANCHES.index(Branch(name)), row["share"] * part)
        for group, row in pools.items()
        for name, part in row["branches"].items()
    ]
    if not np.isclose(share.sum(), 1) or not np.isclose(sum(lane[2] for lane in lanes), 1):
        raise UsageError("The pools of the nerve do not add up to 1")
    foramen = lengths["geniculate_to_stylomastoid"]
    division = foramen + lengths["stylomastoid_to_division"]
    return Nerve(
        pool_share=share,
        to_muscle_mm=np.array([float(row["mm"]) for row in pools.values()]),
        lane_group=np.array([lane[0] for lane in lanes]),
        lane_branch=np.array([lane[1] for lane in lanes]),
        lane_count=np.array([max(1, round(AXONS * lane[2])) for lane in lanes]),
        join_fraction=_joins(),
        foramen_mm=foramen,
        division_mm=division,
        branch_mm=division + lengths["division_to_branch"],
    )


def _joins() -> FloatArray:
    found = {frozenset((c.a, c.b)): c.fraction for c in anatomy().communications}
    return np.array([found.get(frozenset(pair), 0.0) for pair in pairwise(BRANCHES)])
