"""What each muscle group moves in this person: typical actions corrected by the healthy side.

The healthy side's movements are ``y = H A``: ``H`` what healthy wiring drives in each movement
(`facewire.face.movements.MOVEMENT_FACTS`, uncertain), ``A`` what each group moves at full
activation. With ``A`` normal around the typical table, scaled to this face, its posterior given
``y`` is normal, channel by channel (Bishop, Pattern Recognition and Machine Learning, 2006,
equations 3.50 and 3.51).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, Movement, Region
from facewire.face.movements import healthy_activation
from facewire.face.muscles import (
    GROUP_INDEX,
    SIDE_CHANNEL_INDEX,
    SIDE_CHANNELS,
    TYPICAL_ACTION_MM,
    MuscleGroup,
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
    precision, information : ndarray, shapes (n, 10, 14, 14) and (n, 10, 14)
        The normal distributions that the actions are drawn from, channel by channel.
    """

    scale: float
    pattern: FloatArray
    action: FloatArray
    precision: FloatArray
    information: FloatArray


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


def action_posterior(
    change: FloatArray,
    sd: FloatArray,
    fissure: tuple[float, float],
    pattern: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return what the healthy side's movements say of its actions: normal, channel by channel.

    Parameters
    ----------
    change, sd : ndarray, shape (8, 10)
        Changes of the healthy side, on a face of typical size.
    fissure : tuple of float
        Its resting fissure and the standard deviation of that: full closure moves as far.
    pattern : ndarray, shape (n, 8, 14)
        What it drives.

    Returns
    -------
    tuple of ndarray, shapes (n, 10, 14, 14) and (n, 10, 14)
        Precision, and precision times mean.
    """
    usable = np.isfinite(change) & np.isfinite(sd) & learning_mask()
    value = np.where(usable, change, 0.0)
    variance = np.where(usable, sd, 1.0) ** 2 + (MODEL_SHARE * value) ** 2
    weight = np.where(usable, 1.0 / variance, 0.0)
    prior = (ACTION_SPREAD * np.abs(TYPICAL_ACTION_MM) + ACTION_SPREAD_MM).T ** -2
    turned = pattern[:, None].swapaxes(-1, -2) * weight.T[:, None, :]
    precision = np.matmul(turned, pattern[:, None])
    precision += prior[..., None] * np.eye(N_GROUPS)
    information = np.matmul(turned, value.T[..., None])[..., 0]
    information += prior * TYPICAL_ACTION_MM.T
    if np.isfinite(fissure[0]):
        precision[:, EYE, PALPEBRAL, PALPEBRAL] += 1.0 / fissure[1] ** 2
        information[:, EYE, PALPEBRAL] -= fissure[0] / fissure[1] ** 2
    return precision, information
