"""Differences between two methods: Bland-Altman, also with repeated measures; repeatability.

Bland & Altman 1986, Lancet 327:307-310; Bland & Altman 2007, J Biopharm Stat 17:571-582 (several
measurements of each person, the true value varying); Bland & Altman 1996, BMJ 313:744 (standard
deviation within a person).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError

FloatArray = NDArray[np.float64]

Z95 = 1.959964


@dataclass(frozen=True)
class LimitsOfAgreement:
    """Mean difference of two methods and the range that holds 95 % of the differences.

    Parameters
    ----------
    bias, sd : float
        Mean and standard deviation of first minus second.
    low, high : float
        Limits of agreement, ``bias -+ 1.96 sd``.
    bias_ci, low_ci, high_ci : tuple of float
        95 % intervals; NaN for repeated measures, where they are bootstrapped by person.
    slope : float
        Of the difference on the mean: a bias that grows with size.
    count, people : int
    """

    bias: float
    sd: float
    low: float
    high: float
    bias_ci: tuple[float, float]
    low_ci: tuple[float, float]
    high_ci: tuple[float, float]
    slope: float
    count: int
    people: int


def limits_of_agreement(
    one: FloatArray, two: FloatArray, person: NDArray[np.generic] | None = None
) -> LimitsOfAgreement:
    """Return the limits of agreement of two methods.

    Parameters
    ----------
    one, two : ndarray, shape (n,)
        The same quantity by both methods; pairs with NaN are left out.
    person : ndarray, shape (n,), optional
        Who each pair is of. Where somebody stands there more than once, the variance is put
        together from that between and within persons (Bland & Altman 2007, section 3).

    Raises
    ------
    UsageError
        Fewer than three pairs, or all of one person.
    """
    both = np.isfinite(one) & np.isfinite(two)
    a, b = np.asarray(one, float)[both], np.asarray(two, float)[both]
    if len(a) < 3:
        raise UsageError(
            "There are too few pairs for limits of agreement", expected="3", found=str(len(a))
        )
    who = np.arange(len(a)) if person is None else np.unique(person[both], return_inverse=True)[1]
    away = a - b
    people = int(who.max()) + 1
    if people < 2:
        raise UsageError(
            "Limits of agreement need several people", expected="two or more", found="one"
        )
    bias, sd = float(away.mean()), float(np.sqrt(_variance(away, who)))
    nowhere = (float("nan"), float("nan"))
    bias_ci, low_ci, high_ci = (
        _intervals(bias, sd, len(a)) if people == len(a) else (nowhere, nowhere, nowhere)
    )
    mean = (a + b) / 2
    spread = float(((mean - mean.mean()) ** 2).sum())
    slope = float(((mean - mean.mean()) * away).sum() / spread) if spread else float("nan")
    low, high = bias - Z95 * sd, bias + Z95 * sd
    return LimitsOfAgreement(bias, sd, low, high, bias_ci, low_ci, high_ci, slope, len(a), people)


def _variance(away: FloatArray, who: NDArray[np.intp]) -> float:
    """Variance of a single difference: within persons plus between persons."""
    counts = np.bincount(who)
    if len(counts) == len(away):
        return float(away.var(ddof=1))
    means = np.bincount(who, away) / counts
    within = float(((away - means[who]) ** 2).sum()) / (len(away) - len(counts))
    between = float((counts * (means - away.mean()) ** 2).sum()) / (len(counts) - 1)
    size = (len(away) ** 2 - float((counts**2).sum())) / ((len(counts) - 1) * len(away))
    return within + max(0.0, (between - within) / size)


def _intervals(bias: float, sd: float, count: int) -> tuple[tuple[float, float], ...]:
    """95 % intervals of the bias and of both limits (standard error ``sqrt(3 s^2 / n)``)."""
    from scipy.stats import t

    reach = float(t.ppf(0.975, count - 1)) * sd / np.sqrt(count)
    wide = reach * np.sqrt(3.0)
    low, high = bias - Z95 * sd, bias + Z95 * sd
    places = ((bias, reach), (low, wide), (high, wide))
    return tuple((float(place - half), float(place + half)) for place, half in places)


def within_person_sd(values: FloatArray, person: NDArray[np.generic]) -> float:
    """Return the standard deviation of repeated measurements of the same person.

    The root of the mean square within persons of a one-way analysis of variance. NaN when nobody
    was measured twice.
    """
    known = np.isfinite(values)
    y = np.asarray(values, float)[known]
    who = np.unique(person[known], return_inverse=True)[1]
    counts = np.bincount(who)
    spare = len(y) - len(counts)
    if spare < 1:
        return float("nan")
    means = np.bincount(who, y) / counts
    return float(np.sqrt(((y - means[who]) ** 2).sum() / spare))
