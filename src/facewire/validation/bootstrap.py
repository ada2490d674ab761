"""Intervals by drawing patients again: rows of one patient stay together.

Field & Welsh 2007, J R Stat Soc B 69:369-390 (cluster bootstrap); percentile intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.results.estimate import QUANTILES_95

FloatArray = NDArray[np.float64]

DRAWS = 1000
SEED = 20240229
LEAST_USABLE = 0.5
"""Share of draws in which the statistic must exist for an interval to be given."""


class Spread(NamedTuple):
    """How drawn values spread: their deviation and middle 95 %; None where it is not known."""

    sd: float | None
    low: float | None
    high: float | None


def spread_by_patient(
    statistic: Callable[[NDArray[np.intp]], float], patient: NDArray[np.generic]
) -> Spread:
    """Return the deviation and 95 % interval of a statistic, patients drawn with replacement.

    Parameters
    ----------
    statistic : callable
        Takes row numbers, returns a number; NaN or `UsageError` where it does not exist.
    patient : ndarray, shape (n,)
        Who each row is of.

    Returns
    -------
    Spread
        Unknown when there is one patient only, or the statistic exists in under half of the draws.
    """
    return spread_of(np.array([_value(statistic, rows) for rows, _ in drawn_again(patient)]))


def drawn_again(
    patient: NDArray[np.generic],
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield the rows of patients drawn with replacement, and who each row is of in this draw.

    A patient who is drawn twice counts as two. Nothing is yielded where there is one patient only.
    """
    who = np.unique(patient, return_inverse=True)[1]
    rows = [np.flatnonzero(who == i) for i in range(int(who.max()) + 1 if len(who) else 0)]
    if len(rows) < 2:
        return
    rng = np.random.default_rng(SEED)
    for _ in range(DRAWS):
        picked = [rows[i] for i in rng.integers(len(rows), size=len(rows))]
        labels = np.repeat(np.arange(len(picked)), [len(part) for part in picked])
        yield np.concatenate(picked), labels


def spread_of(values: FloatArray) -> Spread:
    """Return deviation and middle 95 % of drawn values; unknown where under half of them exist."""
    known = values[np.isfinite(values)]
    if len(known) < LEAST_USABLE * DRAWS:
        return Spread(None, None, None)
    low, high = np.quantile(known, QUANTILES_95)
    return Spread(float(known.std()), float(low), float(high))


def _value(statistic: Callable[[NDArray[np.intp]], float], rows: NDArray[np.intp]) -> float:
    try:
        return statistic(rows)
    except UsageError:
        return float("nan")
