"""Whether a score tells present from absent: ROC curve, sensitivity and specificity, calibration.

Area under the curve as the probability that a present case scores higher than an absent one
(Hanley & McNeil 1982, Radiology 143:29-36).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.results.estimate import Z95
from facewire.results.validation import CalibrationBin, RocCurve

FloatArray = NDArray[np.float64]
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
