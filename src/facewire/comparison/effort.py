"""Involuntary parts at one voluntary amplitude, so that a smaller smile is no cure."""

from __future__ import annotations

import math

from facewire.comparison.references import frozen_mm
from facewire.comparison.visits import Z95, Effort, Place, Value, Visit

LEAST_EFFORT_MM = 1.0
"""Below this a movement is too small to compare what goes along with it."""


def common_effort_mm(one: Effort, two: Effort, sd_mm: float) -> float | None:
    """Return the middle of the amplitudes that both visits cover, or None.

    Parameters
    ----------
    one, two : Effort
        Amplitudes of the repetitions.
    sd_mm : float
        Uncertainty of the difference of two amplitudes; ranges that miss each other by less than
        it allows still meet.
    """
    low, high = max(one.low_mm, two.low_mm), min(one.high_mm, two.high_mm)
    return (low + high) / 2 if low <= high + Z95 * sd_mm else None


def effort_sd_mm(first: Visit, later: Visit, place: Place) -> float:
    """Return the standard deviation of the difference of two visits' amplitudes, mm."""
    movement, _, side = place
    sds = []
    for visit in (first, later):
        own = [
            value
            for (m, _, s), value in visit.total.items()
            if m is movement and s is side and value.known
        ]
        largest = max(own, key=lambda value: abs(value.value_mm), default=None)
        sds.append(largest.sd_mm if largest else 0.0)
    return math.hypot(*sds)


def at_effort(first: Visit, later: Visit, place: Place, at_mm: float) -> Value:
    """Return a visit's involuntary part at one amplitude, against the first visit's reference.

    Parameters
    ----------
    first : Visit
        Its physiological part, for each mm of voluntary movement, is the reference.
    later : Visit
        May be the first one.
    place : Place
    at_mm : float
        The voluntary amplitude.

    Returns
    -------
    Value
        Its error is that of the part as measured: people filmed twice differ by less than that,
        also against the frozen reference (``benchmarks/bench_repeatability.py``).
    """
    value, factor = later.involuntary[place], at_mm / later.effort[place].mean_mm
    sd = value.sd_mm * factor
    frozen, own = first.reference.get(place), later.reference.get(place)
    if frozen is None or own is None:
        return Value(value.value_mm * factor, sd)
    expected = frozen.physiological() * (at_mm / first.effort[place].mean_mm)
    moved = own.physiological(frozen.weight) * factor - expected
    return Value(frozen_mm(value.value_mm, factor, own, moved), sd)
