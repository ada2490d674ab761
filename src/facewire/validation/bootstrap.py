"""Intervals by drawing patients again: rows of one patient stay together.

Field & Welsh 2007, J R Stat Soc B 69:369-390 (cluster bootstrap); percentile intervals.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError

DRAWS = 1000
SEED = 20240229
LEAST_USABLE = 0.5
"""Share of draws in which the statistic must exist for an interval to be given."""


def interval_by_patient(
    statistic: Callable[[NDArray[np.intp]], float],
    patient: NDArray[np.generic],
    draws: int = DRAWS,
) -> tuple[float, float]:
    """Return the 95 % interval of a statistic, patients drawn with replacement.

    Parameters
    ----------
    statistic : callable
        Takes row numbers, returns a number; NaN or `UsageError` where it does not exist.
    patient : ndarray, shape (n,)
        Who each row is of.
    draws : int

    Returns
    -------
    tuple of float
        NaN when there is one patient only, or the statistic exists in under half of the draws.
    """
    who = np.unique(patient, return_inverse=True)[1]
    rows = [np.flatnonzero(who == i) for i in range(int(who.max()) + 1 if len(who) else 0)]
    if len(rows) < 2:
        return float("nan"), float("nan")
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(draws):
        picked = rng.integers(len(rows), size=len(rows))
        value = _value(statistic, np.concatenate([rows[i] for i in picked]))
        if np.isfinite(value):
            found.append(value)
    if len(found) < LEAST_USABLE * draws:
        return float("nan"), float("nan")
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def _value(statistic: Callable[[NDArray[np.intp]], float], rows: NDArray[np.intp]) -> float:
    try:
        return statistic(rows)
    except UsageError:
        return float("nan")
