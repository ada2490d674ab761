"""Uncertain parameters: drawn once for each draw of the face, from a seed and a name.

The name leaves side and place in the plan out, so that a mirrored plan on a mirrored face draws
the same numbers, and so does the same plan in another order.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from facewire.treatment.facts import Fact

FloatArray = NDArray[np.float64]

Z95 = 1.959964
"""Half width of a 95 % interval in standard deviations."""


def uniforms(n: int, seed: int, name: str) -> FloatArray:
    """Return ``n`` numbers in (0, 1), one in each n-th part, in random order.

    Parameters
    ----------
    n : int
        Number of draws.
    seed : int
    name : str
        Same seed and name, same numbers.
    """
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    return np.asarray((rng.permutation(n) + rng.random(n)) / n)


def normals(n: int, seed: int, name: str) -> FloatArray:
    """Return ``n`` standard normal numbers, spread as `uniforms`."""
    from scipy.special import ndtri

    return np.asarray(ndtri(uniforms(n, seed, name)))


def draw(fact: Fact, n: int, seed: int, name: str = "") -> FloatArray:
    """Return ``n`` draws of a fact by its ``spread``.

    Parameters
    ----------
    fact : Fact
    n, seed : int
    name : str, optional
        What the number belongs to, such as a muscle: other names, other draws.
    """
    if fact.spread == "fixed":
        return np.full(n, fact.value)
    place = f"{fact.id}/{name}"
    u = uniforms(n, seed, place)
    if fact.spread == "uniform":
        return np.asarray(fact.low + u * (fact.high - fact.low))
    if fact.spread == "triangular":
        return _triangular(u, fact.low, fact.value, fact.high)
    z = normals(n, seed, place)
    if fact.spread == "normal":
        return np.maximum(fact.value + fact.sd * z, 0.0)
    return fractions(fact.value, (fact.low, fact.high), z)


def fractions(value: float, interval: tuple[float, float], z: FloatArray) -> FloatArray:
    """Return logit-normal draws with a median and a 95 % interval; exact at 0 and 1.

    Parameters
    ----------
    value : float
        The median, 0 to 1.
    interval : tuple of float
        2.5 and 97.5 % points.
    z : ndarray
        Standard normal draws.
    """
    if value in (0.0, 1.0):
        return np.full(len(z), value)
    low, high = (_logit(min(max(v, 0.005), 0.995)) for v in interval)
    middle = _logit(value)
    sd = np.where(z < 0, middle - low, high - middle) / Z95
    return np.asarray(1.0 / (1.0 + np.exp(-(middle + np.maximum(sd, 0.0) * z))))


def _logit(share: float) -> float:
    return float(np.log(share / (1.0 - share)))


def _triangular(u: FloatArray, low: float, mode: float, high: float) -> FloatArray:
    split = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u < split, rising, falling)
