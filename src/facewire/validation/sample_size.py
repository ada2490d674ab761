"""How many patients a validation needs.

ICC: Bonett 2002, Stat Med 21:1331-1335. Limits of agreement: standard error of a limit
``sqrt(3 s^2 / n)`` (Bland & Altman 1986). Sensitivity: Buderer 1996, Acad Emerg Med 3:895-900.
"""

from __future__ import annotations

import math

from facewire.errors import UsageError

Z95 = 1.959964


def patients_for_icc(expected: float, width: float, raters: int = 2) -> int:
    """Return the number of patients for a 95 % interval of this width about an ICC.

    Parameters
    ----------
    expected : float
        The ICC that is expected, between 0 and 1.
    width : float
        Full width of the interval.
    raters : int
        Two or more.
    """
    _check(0 <= expected < 1 and 0 < width < 1 and raters >= 2, "an ICC in [0, 1), a width")
    spread = (1 - expected) ** 2 * (1 + (raters - 1) * expected) ** 2
    n = 8 * Z95**2 * spread / (raters * (raters - 1) * width**2) + 1
    # Bonett's correction for two raters and a high correlation.
    return math.ceil(n + (5 * expected if raters == 2 and expected >= 0.7 else 0))


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
