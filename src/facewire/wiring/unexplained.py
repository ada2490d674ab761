"""What is measured outside the regions moved on purpose and no wiring explains, with its doubt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.wiring.action import CHIN
from facewire.wiring.observe import Observations, purpose_mask
from facewire.wiring.state import saturated

FloatArray = NDArray[np.float64]

LEAST_SPREAD = 0.3
"""Movement that no wiring explains is spread at least so far, in deviations of its measurement."""


def draw_unexplained(
    seen: Observations, activation: FloatArray, action_mm: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Draw what healthy faces do too in regions that a movement does not move on purpose.

    The measured total change less what the wiring of the same draw moves there, with the doubt of
    the measurement. Noise alone would look like movement, above all where the length of a vector
    counts; so what is left is drawn towards 0, the more, the less this face's channel stands out
    of its noise: a normal prior around 0 whose spread comes from the data (empirical Bayes; Efron
    and Morris, J Am Stat Assoc 68, 1973, 117-130).

    Parameters
    ----------
    seen : Observations
    activation : ndarray, shape (n, 2, 8, 14)
        Right and wrong together.
    action_mm : ndarray, shape (n, 2, 14, 10)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n, 2, 8, 10)
        0 where a movement moves the region on purpose and where nothing was measured. The chin is
        one point that both sides move: each takes half of what is left of it.
    """
    moved = np.matmul(saturated(activation), action_mm)
    moved = np.where(CHIN, moved.sum(axis=1, keepdims=True), moved)
    usable = np.isfinite(seen.total_mm) & np.isfinite(seen.total_sd_mm) & ~purpose_mask()
    left = np.where(usable, seen.total_mm - moved, 0.0)
    variance = np.where(usable, seen.total_sd_mm, 0.0) ** 2
    spread = _spread(left.mean(axis=0), variance, usable)
    share = spread / np.where(usable, spread + variance, 1.0)
    noise = rng.standard_normal(moved.shape)
    noise[..., CHIN] = noise[:, :1][..., CHIN]
    drawn = share * left + np.sqrt(share * variance) * noise
    return np.where(usable, np.where(CHIN, drawn / 2.0, drawn), 0.0)


def _spread(left: FloatArray, variance: FloatArray, usable: NDArray[np.bool_]) -> FloatArray:
    """Return the variance of what is left in each channel beyond its noise, shape (10,)."""
    count = np.maximum(usable.sum(axis=(0, 1)), 1)
    noise = variance.sum(axis=(0, 1)) / count
    found = (left**2).sum(axis=(0, 1)) / count - noise
    return np.asarray(np.maximum(np.maximum(found, LEAST_SPREAD**2 * noise), 1e-12))
