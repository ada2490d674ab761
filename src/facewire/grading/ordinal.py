"""From a measured size to the probability of each grade: cut-points that are uncertain themselves.

A rater gives at least grade k when the size reaches cut k. The size was measured with an error, and
where the rater puts the cut is uncertain: part of it is the rater's own leaning, which goes with
him through all items. This is an ordinal probit model (McCullagh 1980, J R Stat Soc B 42:109) with
error in the size and spread between raters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from facewire.errors import UsageError
from facewire.grading.facts import fact
from facewire.results.estimate import Estimate

FloatArray = NDArray[np.float64]

SHARED_PART = float(fact("estimate.shared_part"))
"""Part of a cut's variance that one rater carries through all items."""

_NODES, _weights = np.polynomial.hermite_e.hermegauss(15)
LEANINGS: tuple[float, ...] = tuple(float(x) for x in _NODES)
LEANING_WEIGHTS: FloatArray = _weights / _weights.sum()
"""A rater's leaning, standard normal, as Gauss-Hermite nodes and weights."""

_OWN: FloatArray = np.asarray(ndtri((np.arange(64) + 0.5) / 64.0))
"""Equally likely places of a cut for one rater, standard normal."""
_LEAST_SD = 1e-3


@dataclass(frozen=True)
class CutPoints:
    """Sizes from which each further grade is given, rising, and how uncertain each is.

    Parameters
    ----------
    at : tuple of float
        The cuts.
    spread : tuple of float
        Standard deviation of each cut, or of its logarithm.
    scale : str
        ``linear``, or ``log`` for sizes that people see in proportion.
    lowest : int
        Grade below the first cut.
    """

    at: tuple[float, ...]
    spread: tuple[float, ...]
    scale: str = "linear"
    lowest: int = 0

    def __post_init__(self) -> None:
        rising = list(self.at) == sorted(set(self.at)) and min(self.at, default=0.0) > 0
        spread = len(self.at) == len(self.spread) and min(self.spread, default=0.0) > 0
        if not (rising and spread and self.scale in ("linear", "log")):
            raise UsageError(
                "Cut-points cannot be used",
                expected="positive rising cuts, each with a positive spread, linear or log",
                found=f"{self.at} with {self.spread}, {self.scale}",
            )

    def moved(self, deviations: FloatArray) -> FloatArray:
        """Return the cuts that many standard deviations higher, shape (n, n_cuts)."""
        steps = deviations[:, None] * np.array(self.spread)
        if self.scale == "log":
            return np.asarray(np.array(self.at) * np.exp(steps))
        return np.asarray(np.array(self.at) + steps)


def cut_points(name: str, lowest: int = 0) -> CutPoints:
    """Return the cut-points of an entry of ``estimate`` in the facts."""
    table = fact(f"estimate.{name}")
    return CutPoints(tuple(table["cuts"]), tuple(table["spreads"]), table["scale"], lowest)


def reaching(
    reading: Estimate, cuts: CutPoints, leaning: float, *, both_ways: bool = False
) -> FloatArray:
    """Return the probability that each cut is reached, given how the rater leans.

    Parameters
    ----------
    reading : Estimate
        A measured size, or ratio.
    cuts : CutPoints
    leaning : float
        In standard deviations; positive is lenient: cuts lie higher.
    both_ways : bool
        A size in the other direction counts too.

    Returns
    -------
    ndarray, shape (n_cuts,)
        Falling from cut to cut.

    Raises
    ------
    UsageError
        The file that the size was read from did not hold its deviation.
    """
    places = cuts.moved(np.sqrt(SHARED_PART) * leaning + np.sqrt(1.0 - SHARED_PART) * _OWN)
    sd = max(reading.needed_sd, _LEAST_SD)
    chance = ndtr((reading.value - places) / sd)
    if both_ways:
        chance = np.minimum(chance + ndtr((-reading.value - places) / sd), 1.0)
    fallen: FloatArray = np.minimum.accumulate(chance.mean(axis=0))
    return fallen


def reaching_exact(
    size: FloatArray, cuts: CutPoints, leaning: FloatArray | float = 0.0
) -> FloatArray:
    """Return the probability that exact sizes reach each cut, in closed form.

    For draws of a simulated face, which carry their error from draw to draw.

    Parameters
    ----------
    size : ndarray, shape (...)
        NaN where not known; it reaches nothing.
    cuts : CutPoints
    leaning : ndarray or float
        Of the rater, broadcast against `size`.

    Returns
    -------
    ndarray, shape (..., n_cuts)
    """
    at, spread = np.array(cuts.at), np.array(cuts.spread)
    known = np.nan_to_num(np.asarray(size, dtype=np.float64), nan=0.0)[..., None]
    if cuts.scale == "log":
        at, known = np.log(at), np.log(np.maximum(known, 1e-9))
    shared = np.sqrt(SHARED_PART) * np.asarray(leaning, dtype=np.float64)[..., None]
    chance = ndtr(((known - at) / spread - shared) / np.sqrt(1.0 - SHARED_PART))
    fallen: FloatArray = np.minimum.accumulate(chance, axis=-1)
    return fallen


def from_reaching(chance: FloatArray) -> FloatArray:
    """Return the probability of each grade from that of reaching each cut, shape (n_cuts + 1,)."""
    edges = np.concatenate([[1.0], chance, [0.0]])
    found: FloatArray = edges[:-1] - edges[1:]
    return found
