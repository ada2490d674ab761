"""Where a face stands at rest, as draws that carry what is not known about it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.wiring.action import CHIN, PALPEBRAL
from facewire.wiring.observe import Observations
from facewire.wiring.state import EYE

FloatArray = NDArray[np.float64]

LEAST_FISSURE_MM = 1.0
"""No open eye is drawn narrower."""


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
