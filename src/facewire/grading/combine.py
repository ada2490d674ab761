"""Items to scores: sums of uncertain grades, with blanks over their whole range.

Given how a rater leans, items are independent; over all leanings they go together. A blank item
counts with its best and its worst grade in an interval, and with the mean of its grades in an
expected value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import SIDES, Region, Side
from facewire.grading.ordinal import (
    LEANING_WEIGHTS,
    LEANINGS,
    CutPoints,
    from_reaching,
    reaching,
)
from facewire.results.estimate import Estimate
from facewire.results.grades import ScoreRange
from facewire.results.measurement import Measurement
from facewire.words import mark

FloatArray = NDArray[np.float64]

TAIL = 0.025
NO_REFERENCE = mark("both sides are affected: there is no other side to grade against")


def graded_sides(result: Measurement) -> tuple[Side, ...]:
    """Return the sides to grade: the affected one, each in turn, or none.

    Healthy people are graded in the literature with either side as the reference (Picard 2024), so
    a face without an affected side, or with an undecided one, is graded each way with equal weight.
    Where both sides are affected no side is a reference.
    """
    if result.side_affected is not None:
        return (result.side_affected,)
    return () if result.side_status == "both" else SIDES


@dataclass(frozen=True)
class Sight:
    """One region as it speaks for an item: what was measured, and the cuts it is held against."""

    region: Region
    reading: Estimate
    cuts: CutPoints
    both_ways: bool = False


@dataclass(frozen=True)
class Item:
    """One item of a scale as far as it is known.

    Parameters
    ----------
    name : str
    low, high : int
        Its grades.
    sights : tuple of tuple of Sight
        For each side that may be the affected one, the regions that were measured; the worst
        region makes the grade. Empty for a blank.
    fixed : int or None
        The grade that a clinician entered for a blank.
    reason : str
        Why it is blank; empty when it is not.
    unit, basis : str
        What the readings are, and where the cuts come from.
    not_seen : tuple of str
        Where the item can be worse without video seeing it.
    """

    name: str
    low: int
    high: int
    sights: tuple[tuple[Sight, ...], ...] = ()
    fixed: int | None = None
    reason: str = ""
    unit: str = ""
    basis: str = ""
    not_seen: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether nothing is known of the grade."""
        return self.fixed is None and not self.sights

    @property
    def estimated(self) -> bool:
        """Whether the grade rests on a measurement."""
        return self.fixed is None and bool(self.sights)

    def chances(self, scenario: int, leaning: float) -> FloatArray:
        """Return the probability of each grade, shape (high - low + 1,), given side and rater."""
        if self.fixed is not None:
            return np.asarray(np.eye(self.high - self.low + 1)[self.fixed - self.low])
        regions = self.sights[scenario]
        worst = np.max(
            [reaching(s.reading, s.cuts, leaning, both_ways=s.both_ways) for s in regions], axis=0
        )
        return from_reaching(worst)

    def grade_range(self) -> tuple[int, int]:
        """Return the 95 % range of grades: all grades of a blank, never one grade of an estimate.

        Where one grade alone holds 95 % the likelier of its neighbours is added.
        """
        if self.blank:
            return self.low, self.high
        found = sum_of([(1, self)])
        low, high = found.quantile(TAIL), found.quantile(1.0 - TAIL)
        if low < high or self.fixed is not None:
            return low, high
        chance = self.probabilities()
        if chance.get(low - 1, -1.0) > chance.get(high + 1, -1.0):
            return low - 1, high
        return low, high + 1

    def probabilities(self) -> dict[int, float]:
        """Return the probability of each grade over raters and sides; empty for a blank."""
        if self.blank:
            return {}
        total = sum_of([(1, self)])
        return {g: float(total.p[g - total.lowest]) for g in range(self.low, self.high + 1)}


@dataclass(frozen=True)
class Sum:
    """Distribution of a whole-numbered sum.

    Parameters
    ----------
    lowest : int
        Value of the first entry.
    p : ndarray
        Probability of each value, in steps of 1.
    """

    lowest: int
    p: FloatArray

    @property
    def mean(self) -> float:
        """Expected value."""
        return float(self.p @ (self.lowest + np.arange(len(self.p))))

    def quantile(self, share: float) -> int:
        """Return the smallest value that at least this share does not exceed."""
        steps = np.cumsum(self.p) / self.p.sum()
        return int(self.lowest + np.searchsorted(steps, share - 1e-9))


Weighted = tuple[int, Item]
"""An item and what one of its grades counts in the score; negative where it is taken off."""


def sum_of(items: Sequence[Weighted]) -> Sum:
    """Return the distribution of the weighted sum of items that are not blank."""
    known = [(weight, item) for weight, item in items if not item.blank]
    scenarios = max([len(item.sights) for _, item in known] + [1])
    lowest = sum(min(w * i.low, w * i.high) for w, i in known)
    total = 0.0
    for scenario in range(scenarios):
        for leaning, share in zip(LEANINGS, LEANING_WEIGHTS, strict=True):
            total = total + share / scenarios * _given(known, scenario, leaning)
    return Sum(lowest, np.atleast_1d(np.asarray(total)))


def _given(items: Sequence[Weighted], scenario: int, leaning: float) -> FloatArray:
    p = np.ones(1)
    for weight, item in items:
        p = np.convolve(p, _spread(item.chances(scenario, leaning), weight))
    return p


def _spread(chances: FloatArray, weight: int) -> FloatArray:
    """Put the grades' probabilities a weight apart; a negative weight turns their order."""
    spaced = np.zeros(abs(weight) * (len(chances) - 1) + 1)
    spaced[:: abs(weight)] = chances if weight > 0 else chances[::-1]
    return spaced


def score_range(items: Sequence[Weighted]) -> ScoreRange:
    """Return the expected value and interval of a weighted sum of items, blanks included.

    ``expected`` is None where more than half of the items are blank.
    """
    found = sum_of(items)
    blanks = [(w, i) for w, i in items if i.blank]
    least = sum(min(w * i.low, w * i.high) for w, i in blanks)
    most = sum(max(w * i.low, w * i.high) for w, i in blanks)
    told = 2 * len(blanks) <= len(items)
    middle = 0.5 * (least + most)
    return ScoreRange(
        expected=found.mean + middle if told else None,
        of_blanks=middle if told and blanks else None,
        ci_low=float(found.quantile(TAIL) + least),
        ci_high=float(found.quantile(1.0 - TAIL) + most),
    )
