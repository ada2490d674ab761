"""How far raters, or a rater and an instrument, agree: intraclass correlation, weighted kappa.

McGraw & Wong 1996, Psychol Methods 1:30-46; Shrout & Fleiss 1979, Psychol Bull 86:420-428;
Cohen 1968, Psychol Bull 70:213-220.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class IntraclassCorrelation:
    """Intraclass correlation of single ratings, subjects and raters crossed.

    Parameters
    ----------
    agreement : float
        ICC(2,1) of Shrout & Fleiss, ICC(A,1) of McGraw & Wong: absolute agreement. The two have
        one formula; they differ in whether the raters are a sample of raters (2,1) or all there
        are (A,1, two-way mixed). NaN when nothing varies.
    consistency : float
        ICC(3,1), ICC(C,1): a constant difference between raters does not count.
    subjects, raters : int
    """

    agreement: float
    consistency: float
    subjects: int
    raters: int


def intraclass_correlation(ratings: FloatArray) -> IntraclassCorrelation:
    """Return the intraclass correlations of a table of ratings.

    Parameters
    ----------
    ratings : ndarray, shape (n_subjects, n_raters)
        Complete: rows with NaN are left out.

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
    rows, columns, error = mean_squares(table)
    return IntraclassCorrelation(
        _ratio(rows - error, rows + (k - 1) * error + k * (columns - error) / n),
        _ratio(rows - error, rows + (k - 1) * error),
        n,
        k,
    )


def mean_squares(table: FloatArray) -> tuple[float, float, float]:
    """Return the mean squares of subjects, raters and error of a complete two-way table."""
    n, k = table.shape
    grand = table.mean()
    by_row, by_column = table.mean(axis=1), table.mean(axis=0)
    rows = k * float(((by_row - grand) ** 2).sum()) / (n - 1)
    columns = n * float(((by_column - grand) ** 2).sum()) / (k - 1)
    rest = table - by_row[:, None] - by_column[None, :] + grand
    return rows, columns, float((rest**2).sum()) / ((n - 1) * (k - 1))


def weighted_kappa(one: FloatArray, two: FloatArray, *, power: int = 2) -> float:
    """Return Cohen's weighted kappa of two raters' grades.

    Parameters
    ----------
    one, two : ndarray, shape (n,)
        Grades, whole numbers; pairs with NaN are left out.
    power : int
        1 weighs a disagreement by its size, 2 by its square; 0 counts any the same (unweighted).

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
    apart = np.abs(grades[:, None] - grades[None, :])
    weights = (apart > 0).astype(np.float64) if power == 0 else apart**power
    return 1.0 - _ratio(float((weights * seen).sum()), float((weights * chance).sum()))


def _ratio(a: float, b: float) -> float:
    return float(a / b) if b else float("nan")
