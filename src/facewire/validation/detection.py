"""Whether a score tells present from absent: ROC curve, sensitivity and specificity, calibration.

Area under the curve as the probability that a present case scores higher than an absent one
(Hanley & McNeil 1982, Radiology 143:29-36).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class RocCurve:
    """True and false positive rates over every threshold, and the area under them.

    Parameters
    ----------
    false_positive, true_positive, threshold : ndarray, shape (n,)
        From no case called present to all; a case is called present from the threshold on.
    area : float
    present, absent : int
        Number of cases.
    """

    false_positive: FloatArray
    true_positive: FloatArray
    threshold: FloatArray
    area: float
    present: int
    absent: int


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
    threshold = np.append(np.inf, value[last])
    return RocCurve(false_positive, true_positive, threshold, area, yes, no)


@dataclass(frozen=True)
class CalibrationBin:
    """Cases of similar score: their mean score, how many are present, and its 95 % interval."""

    mean_score: float
    share_present: float
    ci_low: float
    ci_high: float
    count: int


def calibration_curve(
    score: FloatArray, present: BoolArray, bins: int = 5
) -> tuple[CalibrationBin, ...]:
    """Return how often cases of each score are present; bins of equal numbers of cases.

    Intervals after Wilson 1927, J Am Stat Assoc 22:209.
    """
    known = np.isfinite(score)
    value, truth = np.asarray(score, float)[known], np.asarray(present, bool)[known]
    order = np.argsort(value, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return tuple(
        CalibrationBin(
            float(value[part].mean()),
            float(truth[part].mean()),
            *wilson_interval(int(truth[part].sum()), len(part)),
            len(part),
        )
        for part in parts
    )


def wilson_interval(hits: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    if count == 0:
        return float("nan"), float("nan")
    share = hits / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + z * z / (4 * count**2))
    return float(centre - half), float(centre + half)
