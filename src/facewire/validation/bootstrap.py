"""Intervals by drawing patients again: rows of one patient stay together.

Field & Welsh 2007, J R Stat Soc B 69:369-390 (cluster bootstrap); percentile intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError

FloatArray = NDArray[np.float64]

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
    found = [_value(statistic, rows) for rows, _ in drawn_again(patient, draws)]
    return interval_of(np.array(found), draws)


def drawn_again(
    patient: NDArray[np.generic], draws: int = DRAWS
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield the rows of patients drawn with replacement, and who each row is of in this draw.

    A patient who is drawn twice counts as two. Nothing is yielded where there is one patient only.
    """
    who = np.unique(patient, return_inverse=True)[1]
    rows = [np.flatnonzero(who == i) for i in range(int(who.max()) + 1 if len(who) else 0)]
    if len(rows) < 2:
        return
    rng = np.random.default_rng(SEED)
    for _ in range(draws):
        picked = [rows[i] for i in rng.integers(len(rows), size=len(rows))]
        labels = np.repeat(np.arange(len(picked)), [len(part) for part in picked])
        yield np.concatenate(picked), labels


def interval_of(values: FloatArray, draws: int = DRAWS) -> tuple[float, float]:
    """Return the middle 95 % of drawn values; NaN where under half of them exist."""
    known = values[np.isfinite(values)]
    if len(known) < max(LEAST_USABLE * draws, 1):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)


def _value(statistic: Callable[[NDArray[np.intp]], float], rows: NDArray[np.intp]) -> float:
    try:
        return statistic(rows)
    except UsageError:
        return float("nan")
