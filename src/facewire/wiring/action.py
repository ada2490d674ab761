"""What each muscle group moves in this person: typical actions corrected by the healthy side.

The healthy side's movements are ``y = H A``: ``H`` what healthy wiring drives in each movement
(`facewire.face.muscles.HEALTHY_ACTIVATION`, uncertain), ``A`` what each group moves at full
activation. With ``A`` normal around the typical table, scaled to this face, its posterior given
``y`` is normal, channel by channel (Bishop, Pattern Recognition and Machine Learning, 2006,
equations 3.50 and 3.51).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, Movement, Region
from facewire.face.muscles import (
    GROUP_INDEX,
    SIDE_CHANNEL_INDEX,
    SIDE_CHANNELS,
    TYPICAL_ACTION_MM,
    MuscleGroup,
    healthy_activation,
)
from facewire.wiring.state import EYE, N_CHANNELS, N_GROUPS

FloatArray = NDArray[np.float64]

ACTION_SPREAD = 0.3
"""Standard deviation between people of each entry of the action table, as a part of it."""
ACTION_SPREAD_MM = 0.25
"""The same for entries that the table leaves at or near 0, on a face of typical size."""
PATTERN_SPREAD = 0.3
"""Between people: how hard a movement drives its lesser muscles (log-normal)."""
MODEL_SHARE = 0.12
"""What a sum of muscles leaves of a movement, as a part of it."""

PALPEBRAL = GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL]
CHIN = np.array([region is Region.CHIN for region, _ in SIDE_CHANNELS])
CHIN_ACROSS = SIDE_CHANNEL_INDEX[Region.CHIN, "across"]


@dataclass(frozen=True)
class PersonAction:
    """Draws of the healthy side, all on a face of typical size.

    Parameters
    ----------
    scale : float
        Size of this face's movements against the typical table: millimetres are this many
        times the numbers here.
    pattern : ndarray, shape (n, 8, 14)
        What the healthy side drives in each movement.
    action : ndarray, shape (n, 14, 10)
        What each group moves at full activation.
    """

    scale: float
    pattern: FloatArray
    action: FloatArray


def face_scale(change_mm: FloatArray) -> float:
    """Return how large the movements of a healthy side are against the typical table.

    Least squares of the changes on what healthy wiring moves with typical actions. The
    same scale in all millimetres, right or wrong, drops out of every percent.

    Parameters
    ----------
    change_mm : ndarray, shape (8, 10)
        Changes of the healthy side; NaN where not measured.
    """
    expected = healthy_activation() @ TYPICAL_ACTION_MM
    usable = np.isfinite(change_mm) & learning_mask()
    weight = np.where(usable, np.abs(expected), 0.0)
    top = float(np.nansum(weight * np.sign(expected) * np.where(usable, change_mm, 0.0)))
    bottom = float((weight * np.abs(expected)).sum())
    return top / bottom if bottom > 0 else 0.0


def learning_mask() -> NDArray[np.bool_]:
    """Return which changes of the healthy side teach what muscles do, shape (8, 10).

    The lids narrow in smiles by themselves, and in a tight closure they meet before the muscles
    are done: the eye is learned from the gentle closure and the resting fissure alone. The chin
    does not move across by either side's own muscles.
    """
    mask = np.ones((len(MOVEMENTS), N_CHANNELS), bool)
    mask[:, CHIN_ACROSS] = False
    for row, movement in enumerate(MOVEMENTS):
        mask[row, EYE] = movement is Movement.EYE_CLOSE_GENTLE
    return mask


def draw_patterns(n: int, rng: np.random.Generator) -> FloatArray:
    """Return draws of what a healthy side drives, shape (n, 8, 14); full activations stay 1."""
    typical = healthy_activation()
    draws = typical * np.exp(PATTERN_SPREAD * rng.standard_normal((n, *typical.shape)))
    return np.where(typical >= 1.0, typical, draws)


def draw_actions(
    change: FloatArray,
    sd: FloatArray,
    fissure: tuple[float, float],
    pattern: FloatArray,
    rng: np.random.Generator,
) -> FloatArray:
    """Draw the actions of the healthy side given its movements, shape (n, 14, 10).

    Parameters
    ----------
    change, sd : ndarray, shape (8, 10)
        Changes of the healthy side, on a face of typical size.
    fissure : tuple of float
        Its resting fissure and the standard deviation of that: full closure moves as far.
    pattern : ndarray, shape (n, 8, 14)
        What it drives.
    rng : numpy.random.Generator
    """
    usable = np.isfinite(change) & np.isfinite(sd) & learning_mask()
    value = np.where(usable, change, 0.0)
    variance = np.where(usable, sd, 1.0) ** 2 + (MODEL_SHARE * value) ** 2
    precision = np.where(usable, 1.0 / variance, 0.0)
    prior_sd = ACTION_SPREAD * np.abs(TYPICAL_ACTION_MM) + ACTION_SPREAD_MM
    drawn = np.empty((len(pattern), N_GROUPS, N_CHANNELS))
    for k in range(N_CHANNELS):
        weight = pattern * precision[:, k, None]
        inner = np.matmul(weight.transpose(0, 2, 1), pattern)
        inner += np.diag(1.0 / prior_sd[:, k] ** 2)
        right = np.matmul(weight.transpose(0, 2, 1), value[:, k])
        right += TYPICAL_ACTION_MM[:, k] / prior_sd[:, k] ** 2
        if k == EYE and np.isfinite(fissure[0]):
            inner[:, PALPEBRAL, PALPEBRAL] += 1.0 / fissure[1] ** 2
            right[:, PALPEBRAL] -= fissure[0] / fissure[1] ** 2
        drawn[:, :, k] = _draw_normal(inner, right, rng)
    return drawn


def _draw_normal(
    precision: FloatArray, information: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Draw from normal distributions given by precision matrix and information vector."""
    factor = np.linalg.cholesky(precision)
    mean = np.linalg.solve(precision, information[..., None])
    noise = rng.standard_normal(information.shape)[..., None]
    away = np.linalg.solve(factor.transpose(0, 2, 1), noise)
    return np.asarray((mean + away)[..., 0])
