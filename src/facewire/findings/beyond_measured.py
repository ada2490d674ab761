"""What an inferred wiring and a forecast say of works, of less and of loss, for plain words.

The lines are this program's own choices: none is published. They are cautious towards the patient:
a gain is told where the whole interval lies under its line, a loss from the middle on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from facewire.results.estimate import Z95, Estimate
from facewire.results.forecast import InvoluntaryCourse, SymmetryCourse
from facewire.results.wiring import Edge

REACHED_PERCENT = 80.0
"""Part of the other side's own activation from which a command is said to arrive."""
KEPT_POINTS, LOST_POINTS = 3.0, 10.0
"""Fall of a movement against the other side, percent points: up to the first it is kept, beyond
the second it is told as less; between them nothing is said."""
LESS_SHARE = 0.85
"""What goes along is told as less only when its whole interval lies under this part of day 0."""


def arrives(edges: Iterable[Edge]) -> bool:
    """Whether a command reaches all of its own muscles about as well as on the other side."""
    return all(e.percent is not None and e.percent >= REACHED_PERCENT for e in edges)


def is_kept(course: SymmetryCourse) -> bool:
    """Whether the middle never falls by more than a few points under day 0."""
    values = [value for value in course.percent if value is not None]
    return bool(values) and min(values) >= values[0] - KEPT_POINTS


def is_lost(course: SymmetryCourse) -> bool:
    """Whether the middle falls clearly under day 0 on some day."""
    values = [value for value in course.percent if value is not None]
    return bool(values) and min(values) < values[0] - LOST_POINTS


def goes_along_less(row: InvoluntaryCourse) -> bool:
    """Whether on some day the whole interval lies clearly under day 0's middle."""
    numbers = [row.at(place) for place in range(len(row.change_mm))]
    if numbers[0] is None:
        return False
    most = [max(abs(one.low), abs(one.high)) for one in numbers if one is not None]
    return min(most) < LESS_SHARE * abs(numbers[0].value)


def came_as_forecast(forecast: Estimate, measured: Estimate) -> bool | None:
    """Whether a measured number is as it was forecast.

    Parameters
    ----------
    forecast, measured : Estimate
        Of one quantity on one day.

    Returns
    -------
    bool or None
        False where they differ by more than 95 % of what their deviations together allow; None
        where one has none.
    """
    if forecast.sd is None or measured.sd is None:
        return None
    return abs(forecast.value - measured.value) <= Z95 * math.hypot(forecast.sd, measured.sd)
