"""How far two methods, or raters, agree; how far one repeats itself; how well a score detects.

Intraclass correlation: McGraw & Wong 1996, Psychol Methods 1:30-46; Shrout & Fleiss 1979, Psychol
Bull 86:420-428. Weighted kappa: Cohen 1968, Psychol Bull 70:213-220. Limits of agreement: Bland &
Altman 1986, Lancet 327:307-310; with several measurements of each person, Bland & Altman 2007, J
Biopharm Stat 17:571-582. Standard deviation within a person: Bland & Altman 1996, BMJ 313:744.

Intervals come from drawing patients again, rows of one patient together: Field & Welsh 2007, J R
Stat Soc B 69:369-390 (cluster bootstrap); percentile intervals. Area under the curve as the
probability that a present case scores higher than an absent one: Hanley & McNeil 1982, Radiology
143:29-36.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.results.estimate import QUANTILES_95, Z95, student_95
from facewire.results.validation import CalibrationBin, Interval, LimitsOfAgreement, RocCurve

FloatArray = NDArray[np.float64]

UNKNOWN: Interval = (None, None)


def intraclass_correlation(ratings: FloatArray) -> float:
    """Return the intraclass correlation of single ratings, subjects and raters crossed.

    ICC(2,1) of Shrout & Fleiss, ICC(A,1) of McGraw & Wong: absolute agreement. The two have one
    formula; they differ in whether the raters are a sample of raters (2,1) or all there are (A,1,
    two-way mixed).

    Parameters
    ----------
    ratings : ndarray, shape (n_subjects, n_raters)
        Complete: rows with NaN are left out.

    Returns
    -------
    float
        NaN when nothing varies.

    Raises
    ------
    UsageError
        Fewer than two subjects or raters.
    """
    table = np.asarray(ratings, dtype=np.float64)
    table = table[np.isfinite(table).all(axis=1)] if table.ndim == 2 else table
    if table.ndim != 2 or min(table.shape) < 2:
        raise UsageError(
            "The ratings are too few for an intraclass correlation",
            expected="two or more subjects, each rated by the same two or more raters",
            found=f"a table of {' x '.join(map(str, table.shape))}",
        )
    n, k = table.shape
    grand = table.mean()
    by_row, by_column = table.mean(axis=1), table.mean(axis=0)
    rows = k * float(((by_row - grand) ** 2).sum()) / (n - 1)
    columns = n * float(((by_column - grand) ** 2).sum()) / (k - 1)
    rest = table - by_row[:, None] - by_column[None, :] + grand
    error = float((rest**2).sum()) / ((n - 1) * (k - 1))
    return _ratio(rows - error, rows + (k - 1) * error + k * (columns - error) / n)


def weighted_kappa(one: FloatArray, two: FloatArray) -> float:
    """Return Cohen's kappa of two raters' grades, a disagreement weighed by its square.

    Parameters
    ----------
    one, two : ndarray, shape (n,)
        Grades, whole numbers; pairs with NaN are left out.

    Returns
    -------
    float
        1 is full agreement, 0 what chance gives; NaN when both raters gave one grade only.
    """
    both = np.isfinite(one) & np.isfinite(two)
    a, b = np.asarray(one)[both], np.asarray(two)[both]
    grades = np.unique(np.concatenate([a, b]))
    if len(a) == 0 or len(grades) < 2:
        return float("nan")
    seen = np.zeros((len(grades), len(grades)))
    np.add.at(seen, (np.searchsorted(grades, a), np.searchsorted(grades, b)), 1.0)
    seen /= seen.sum()
    chance = np.outer(seen.sum(axis=1), seen.sum(axis=0))
    weights = (grades[:, None] - grades[None, :]) ** 2
    return 1.0 - _ratio(float((weights * seen).sum()), float((weights * chance).sum()))


def _ratio(a: float, b: float) -> float:
    return float(a / b) if b else float("nan")


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

    Returns
    -------
    LimitsOfAgreement
        Intervals are unknown for repeated measures: there they are bootstrapped by person.

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
    low, high = bias - Z95 * sd, bias + Z95 * sd
    single = people == len(a)
    # Standard error of a limit: sqrt(3 s^2 / n).
    reach = student_95(len(a) - 1) * sd / float(np.sqrt(len(a)))
    mean = (a + b) / 2
    spread = float(((mean - mean.mean()) ** 2).sum())
    return LimitsOfAgreement(
        bias=bias,
        sd=sd,
        low=low,
        high=high,
        bias_ci=(bias - reach, bias + reach) if single else UNKNOWN,
        low_ci=(low - reach * 3**0.5, low + reach * 3**0.5) if single else UNKNOWN,
        high_ci=(high - reach * 3**0.5, high + reach * 3**0.5) if single else UNKNOWN,
        slope=float(((mean - mean.mean()) * away).sum() / spread) if spread else None,
        count=len(a),
        people=people,
    )


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


def within_person_sd(values: FloatArray, person: NDArray[np.generic]) -> float | None:
    """Return the standard deviation of repeated measurements of the same person.

    The root of the mean square within persons of a one-way analysis of variance. None when nobody
    was measured twice.
    """
    known = np.isfinite(values)
    y = np.asarray(values, float)[known]
    who = np.unique(person[known], return_inverse=True)[1]
    counts = np.bincount(who)
    spare = len(y) - len(counts)
    if spare < 1:
        return None
    means = np.bincount(who, y) / counts
    return float(np.sqrt(((y - means[who]) ** 2).sum() / spare))


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


BoolArray = NDArray[np.bool_]

BINS = 5


def roc_curve(score: FloatArray, present: BoolArray) -> RocCurve:
    """Return the ROC curve of a score.

    Parameters
    ----------
    score : ndarray, shape (n,)
        Higher means more surely present; NaN is left out.
    present : ndarray of bool, shape (n,)
        The truth, or what raters say.

    Raises
    ------
    UsageError
        All cases are of one kind.
    """
    known = np.isfinite(score)
    value, truth = np.asarray(score, float)[known], np.asarray(present, bool)[known]
    yes, no = int(truth.sum()), int((~truth).sum())
    if not (yes and no):
        raise UsageError(
            "A ROC curve needs cases of both kinds",
            expected="at least one present and one absent",
            found=f"{yes} present, {no} absent",
        )
    order = np.argsort(-value, kind="stable")
    value, truth = value[order], truth[order]
    last = np.append(np.flatnonzero(np.diff(value)), len(value) - 1)
    true_positive = np.append(0.0, np.cumsum(truth)[last] / yes)
    false_positive = np.append(0.0, np.cumsum(~truth)[last] / no)
    area = float(np.trapezoid(true_positive, false_positive))
    return RocCurve(
        false_positive=tuple(float(x) for x in false_positive),
        true_positive=tuple(float(x) for x in true_positive),
        threshold=(None, *(float(x) for x in value[last])),
        area=area,
        present=yes,
        absent=no,
    )


def calibration_curve(score: FloatArray, present: BoolArray) -> tuple[CalibrationBin, ...]:
    """Return how often cases of each score are present; bins of equal numbers of cases.

    Intervals after Wilson 1927, J Am Stat Assoc 22:209.
    """
    known = np.isfinite(score)
    value, truth = np.asarray(score, float)[known], np.asarray(present, bool)[known]
    order = np.argsort(value, kind="stable")
    found = []
    for part in np.array_split(order, BINS):
        if len(part):
            low, high = wilson_interval(int(truth[part].sum()), len(part))
            found.append(
                CalibrationBin(
                    mean_score=float(value[part].mean()),
                    share_present=float(truth[part].mean()),
                    ci_low=low,
                    ci_high=high,
                    count=len(part),
                )
            )
    return tuple(found)


def wilson_interval(hits: int, count: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share of one or more."""
    share, z = hits / count, Z95
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + z * z / (4 * count**2))
    return float(centre - half), float(centre + half)
