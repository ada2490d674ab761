"""How many patients a validation needs.

ICC: Bonett 2002, Stat Med 21:1331-1335. Limits of agreement: standard error of a limit
``sqrt(3 s^2 / n)`` (Bland & Altman 1986). Sensitivity: Buderer 1996, Acad Emerg Med 3:895-900.
"""

from __future__ import annotations

import math

from facewire.errors import UsageError
from facewire.results.estimate import Z95
from facewire.results.validation import SampleSize
from facewire.words import mark


def usual_sample_sizes() -> tuple[SampleSize, ...]:
    """Return how many patients the next study needs, for usual wishes."""
    wishes = (
        (mark("ICC of 0.8 known to ±0.1, two raters"), patients_for_icc(0.8, 0.2)),
        (mark("ICC of 0.5 known to ±0.1, two raters"), patients_for_icc(0.5, 0.2)),
        (
            mark("limits of agreement known to ±0.34 of the differences' SD"),
            patients_for_limits(1.0, 0.34),
        ),
        (
            mark("sensitivity of 0.9 known to ±0.1, half of the patients having it"),
            patients_for_share(0.9, 0.1, 0.5),
        ),
    )
    return tuple(SampleSize(wish=wish, patients=patients) for wish, patients in wishes)


def patients_for_icc(expected: float, width: float) -> int:
    """Return the number of patients for a 95 % interval of this width about an ICC, two raters.

    Parameters
    ----------
    expected : float
        The ICC that is expected, between 0 and 1.
    width : float
        Full width of the interval.
    """
    _check(0 <= expected < 1 and 0 < width < 1, "an ICC in [0, 1), a width")
    n = 4 * Z95**2 * (1 - expected) ** 2 * (1 + expected) ** 2 / width**2 + 1
    # Bonett's correction for two raters and a high correlation.
    return math.ceil(n + (5 * expected if expected >= 0.7 else 0))


def patients_for_limits(sd: float, half_width: float) -> int:
    """Return the number of pairs for limits of agreement known to ``half_width`` (95 %)."""
    _check(sd > 0 and half_width > 0, "a positive standard deviation and half width")
    return math.ceil(3 * (Z95 * sd / half_width) ** 2)


def patients_for_share(expected: float, half_width: float, prevalence: float = 1.0) -> int:
    """Return the number of patients for a sensitivity known to ``half_width`` (95 %).

    Parameters
    ----------
    expected : float
        Sensitivity (or specificity) that is expected.
    half_width : float
    prevalence : float
        Share of the patients in whom it can be seen (for specificity: one minus the prevalence).
    """
    _check(0 < expected < 1 and half_width > 0 and 0 < prevalence <= 1, "shares between 0 and 1")
    return math.ceil(Z95**2 * expected * (1 - expected) / half_width**2 / prevalence)


def _check(condition: bool, expected: str) -> None:
    if not condition:
        raise UsageError("A sample size cannot be given for these numbers", expected=expected)
