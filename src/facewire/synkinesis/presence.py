"""Which involuntary changes are there: the false discovery rate held over the whole map.

``detected``: the change differs from zero, with the share of false discoveries held at 5 % over
the cells of each region that were asked (in two stages: Benjamini, Krieger and Yekutieli 2006,
Biometrika 93:491, on Benjamini and Hochberg 1995, J R Stat Soc B 57:289; a family for each region,
since a strong finding at the eye says nothing about the chin). ``present``: detected, and as large
as what matters. When neither zero nor a change that matters can be ruled out, or what was detected
is smaller by less than its uncertainty, the answer is None: it cannot be told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from facewire.errors import TrackError
from facewire.face import Movement, Region
from facewire.synkinesis.norms import (
    EYE_BEYOND,
    OTHER_BEYOND,
    PRESENT_EYE_SHARE,
    PRESENT_MM,
)
from facewire.synkinesis.parts import InvoluntaryPart
from facewire.words import mark

FloatArray = NDArray[np.float64]
Question = tuple[Movement, Region]

FALSE_DISCOVERY_RATE = 0.05
REACHES_Z = 1.0
"""A detected change that is smaller than what matters by less than this many standard deviations
may be as large."""

OPEN_SHARE = 0.2
"""With at least this probability of a change that matters, 'not detected' is not 'no'."""


@dataclass(frozen=True)
class Presence:
    """Answer for one cell; see the module's text."""

    q_value: float
    detected: bool
    present: bool | None
    reason: str

    def __post_init__(self) -> None:
        if not 0 <= self.q_value <= 1 or (self.present and not self.detected):
            raise TrackError(
                "The answer of a cell contradicts itself",
                expected="a q-value from 0 to 1, and nothing present that is not detected",
                found=f"{self.q_value}, {self.present}, {self.detected}",
            )


def p_value(part: InvoluntaryPart, region: Region) -> float:
    """Return the probability of a change at least this large when there is none.

    The fissure can only narrow involuntarily (one-sided); the brow goes either way; commissure,
    ala and chin are tested on the vector (chi-squared with two degrees of freedom).
    """
    if region is Region.EYE:
        return float(norm.cdf(part.value[0] / part.sd[0]))
    return float(chi2.sf(part.z**2, df=len(part.value)))


def false_discovery_q(p: FloatArray) -> FloatArray:
    """Return the q-value of every p-value (Benjamini and Hochberg 1995), same shape."""
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    q = np.empty_like(p)
    q[order] = np.minimum.accumulate(p[order] * len(p) / ranks)
    return q


def adaptive_q(p: FloatArray) -> FloatArray:
    """Return q-values with the number of true nulls estimated first, same shape.

    Two stages (Benjamini, Krieger and Yekutieli 2006, Biometrika 93:491, definition 6), for the
    rate `FALSE_DISCOVERY_RATE`: what the step-up procedure finds at ``rate / (1 + rate)`` is no
    null; it is then run again at that level times all over the nulls that are left. A q-value of
    at most the rate is a discovery. Where the first stage finds nothing it is a little stricter
    than the plain procedure.
    """
    rate = FALSE_DISCOVERY_RATE
    q = false_discovery_q(p)
    nulls = len(p) - int((q <= rate / (1.0 + rate)).sum())
    adapted: FloatArray = np.minimum(q * (1.0 + rate) * max(nulls, 1) / len(p), 1.0)
    return adapted


def threshold_mm(region: Region, rest_fissure_mm: float) -> float:
    """Return the size from which an involuntary change matters, mm."""
    if region is Region.EYE:
        return min(PRESENT_MM, PRESENT_EYE_SHARE * rest_fissure_mm)
    return PRESENT_MM


def judge(
    part: InvoluntaryPart, region: Region, q: float, threshold: float
) -> tuple[bool, bool | None]:
    """Return ``detected`` and ``present`` of one cell.

    Parameters
    ----------
    part : InvoluntaryPart
    region : Region
        At the eye only narrowing counts.
    q : float
        From `adaptive_q`.
    threshold : float
        From `threshold_mm`.
    """
    size = -part.length_mm if region is Region.EYE else abs(part.length_mm)
    sd = part.length_sd_mm
    detected = q <= FALSE_DISCOVERY_RATE and size > 0
    if detected:
        may_be = size + REACHES_Z * sd >= threshold
        return True, True if size >= threshold else None if may_be else False
    chance = float(norm.sf((threshold - size) / sd))
    return False, None if chance >= OPEN_SHARE else False


def settle(
    parts: dict[Question, InvoluntaryPart], rest_fissure_mm: float
) -> dict[Question, Presence]:
    """Judge every cell of one side's map together.

    Parameters
    ----------
    parts : dict
        Involuntary part of each asked cell, by movement and region.
    rest_fissure_mm : float
        Resting fissure of that side.
    """
    keys = list(parts)
    if not keys:
        return {}
    q = np.empty(len(keys))
    regions = np.array([key[1] for key in keys])
    for region in set(regions):
        family = regions == region
        p = [p_value(parts[k], k[1]) for k, inside in zip(keys, family, strict=True) if inside]
        q[family] = adaptive_q(np.array(p))
    found = {}
    for key, one in zip(keys, q, strict=True):
        limit = threshold_mm(key[1], rest_fissure_mm)
        detected, present = judge(parts[key], key[1], float(one), limit)
        small = mark("it moves; whether as much as matters cannot be told")
        reason = small if detected and present is None else ""
        found[key] = Presence(float(one), detected, present, reason)
    return found


def beyond_healthy(
    part: InvoluntaryPart, region: Region, other_change: FloatArray, rest_fissure_mm: float
) -> bool | None:
    """Return whether a change also exceeds the spread between the sides of healthy faces.

    Narrowing of the eye against the side difference of nine healthy people (0.10 of the fissure);
    elsewhere against the part of the other side's change by which healthy sides differ.

    Parameters
    ----------
    part : InvoluntaryPart
    region : Region
    other_change : ndarray
        The other side's change, mm.
    rest_fissure_mm : float
        Of the same side.

    Returns
    -------
    bool or None
        None for the chin, which has no other side.
    """
    if region is Region.CHIN:
        return None
    if region is Region.EYE:
        return bool(-part.length_mm > EYE_BEYOND * rest_fissure_mm)
    return bool(abs(part.length_mm) > OTHER_BEYOND * float(np.linalg.norm(other_change)))
