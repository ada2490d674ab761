"""A face at rest as draws: where it stands, and which activation holds it there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.face import SIDES
from facewire.face.muscles import GROUPS
from facewire.wiring.action import CHIN, PALPEBRAL
from facewire.wiring.observe import Observations
from facewire.wiring.state import EYE

FloatArray = NDArray[np.float64]

LEAST_FISSURE_MM = 1.0
"""No open eye is drawn narrower."""
TONE_SD = 0.12
"""Standard deviation of resting activation between muscles, before measuring."""
RESTING_DIFFERENCE_MM = 0.5
"""Difference between the sides of healthy faces at rest, as standard deviation."""


def draw_rest(seen: Observations, n: int, rng: np.random.Generator) -> FloatArray:
    """Draw the resting positions, shape (n, 2, 10), mm; NaN where not measured.

    The measured interval of a position holds what both sides share (the scale, the head's frame)
    and what they do not; that of the difference between the sides holds only the latter. With
    ``p`` and ``d`` their standard deviations the sides' mean has ``sqrt(p**2 - d**2 / 4)``, no
    less than 0, and the difference ``d``. Where no difference is measured the sides are
    independent; the chin is one point.

    Parameters
    ----------
    seen : Observations
    n : int
        Number of draws.
    rng : numpy.random.Generator
    """
    own = np.nan_to_num(seen.rest_sd_mm)
    apart = np.where(np.isfinite(seen.difference_sd_mm), seen.difference_sd_mm, np.sqrt(2.0) * own)
    apart = np.where(CHIN, 0.0, apart.mean(axis=0))
    shared = np.sqrt(np.maximum((own**2).mean(axis=0) - apart**2 / 4.0, 0.0))
    noise = rng.standard_normal((2, n, own.shape[-1]))
    half = apart / 2.0 * noise[1]
    rest = seen.rest_mm + (shared * noise[0])[:, None] + np.stack([half, -half], axis=1)
    rest[..., EYE] = np.where(
        np.isnan(rest[..., EYE]), np.nan, np.maximum(rest[..., EYE], LEAST_FISSURE_MM)
    )
    return np.asarray(rest)


def closing_the_fissure(action_mm: FloatArray, rest_mm: FloatArray) -> FloatArray:
    """Return the actions with 100 % of the lid's own muscle closing each draw's own fissure.

    Parameters
    ----------
    action_mm : ndarray, shape (n, 2, 14, 10)
    rest_mm : ndarray, shape (n, 2, 10)
    """
    closing = action_mm.copy()
    fissure = rest_mm[..., EYE]
    kept = closing[:, :, PALPEBRAL, EYE]
    closing[:, :, PALPEBRAL, EYE] = np.where(np.isfinite(fissure), -fissure, kept)
    return closing


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
