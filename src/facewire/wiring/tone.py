"""Activation at rest, from the difference between the sides at rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.face import SIDES
from facewire.face.muscles import GROUPS
from facewire.wiring.action import CHIN
from facewire.wiring.observe import Observations

FloatArray = NDArray[np.float64]

TONE_SD = 0.12
"""Standard deviation of resting activation between muscles, before measuring."""
RESTING_DIFFERENCE_MM = 0.5
"""Difference between the sides of healthy faces at rest, as standard deviation."""


def draw_tone(
    seen: Observations, action_mm: FloatArray, scale: float, rng: np.random.Generator
) -> FloatArray:
    """Draw the resting activation of the affected side, shape (n, 2, 14); the other side's is 0.

    ``difference = A' tone + noise`` with tone normal around 0; the posterior is normal (Bishop
    2006, equations 2.116 and 2.117). Negative where the face hangs. 0 on a healthy face.

    Parameters
    ----------
    seen : Observations
    action_mm : ndarray, shape (n, 2, 14, 10)
    scale : float
        Size of the face against the typical one.
    rng : numpy.random.Generator
    """
    n = len(action_mm)
    tone = np.zeros((n, len(SIDES), len(GROUPS)))
    if seen.affected is None:
        return tone
    side = SIDES.index(seen.affected)
    usable = np.isfinite(seen.difference_mm[side]) & ~CHIN
    if not usable.any():
        return tone
    value = seen.difference_mm[side][usable]
    noise = seen.difference_sd_mm[side][usable] ** 2 + (RESTING_DIFFERENCE_MM * scale) ** 2
    design = action_mm[:, side][:, :, usable]
    prior = TONE_SD * rng.standard_normal((n, len(GROUPS)))
    noisy = value + np.sqrt(noise) * rng.standard_normal((n, int(usable.sum())))
    spread = TONE_SD**2 * np.matmul(design.swapaxes(1, 2), design)
    spread += np.diag(noise)
    miss = noisy - np.matmul(prior[:, None, :], design)[:, 0]
    weight = np.linalg.solve(spread, miss[..., None])
    tone[:, side] = prior + TONE_SD**2 * np.matmul(design, weight)[..., 0]
    return tone
