"""What the wiring looks like from outside: wrong and right activation of each movement, in mm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOUTH_MOVEMENTS, MOVEMENTS, Movement, Region
from facewire.face.movements import healthy_activation
from facewire.face.muscles import (
    SIDE_CHANNEL_INDEX,
    TYPICAL_ACTION_MM,
)
from facewire.regrowth.facts import value
from facewire.regrowth.nerve import FloatArray
from facewire.wiring.state import saturated
from facewire.words import mark

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Pattern:
    """A synkinesis by its name: some movements, and what goes along.

    Parameters
    ----------
    id, name : str
        In files, and in words.
    movements : tuple of Movement
        Any of these shows it.
    region : Region
        Where.
    direction : int
        1 up, -1 down (or narrowing); 0 any way.
    frequency : float
        Share of 103 people with synkinesis (Beurskens 2010); NaN where not counted.
    """

    id: str
    name: str
    movements: tuple[Movement, ...]
    region: Region
    direction: int
    frequency: float = float("nan")


PATTERNS = (
    Pattern(
        "brow_oral",
        mark("brow raise pulls the mouth"),
        (Movement.BROW_RAISE,),
        Region.COMMISSURE,
        0,
        0.89,
    ),
    Pattern(
        "ocular_oral",
        mark("eye closure pulls the mouth"),
        (Movement.EYE_CLOSE_GENTLE,),
        Region.COMMISSURE,
        0,
        0.85,
    ),
    Pattern(
        "oral_ocular_pucker",
        mark("lip pucker narrows the eye"),
        (Movement.LIP_PUCKER,),
        Region.EYE,
        -1,
        0.82,
    ),
    Pattern(
        "oral_ocular_smile", mark("smile narrows the eye"), (Movement.SMILE_OPEN,), Region.EYE, -1
    ),
    Pattern(
        "any_brow",
        mark("another movement lifts the brow"),
        (Movement.EYE_CLOSE_GENTLE, *MOUTH_MOVEMENTS),
        Region.BROW,
        1,
        0.17,
    ),
)
"""The patterns that are followed. The first, second, third and fifth were counted by Beurskens."""


def activation(drive: FloatArray) -> FloatArray:
    """Return the activation of each group in each movement, shape (..., 8, 14).

    Parameters
    ----------
    drive : ndarray, shape (..., 14, 14)
        Pool first, muscle second. The commands stay those of a healthy face: the brain's own
        adaptation is not modelled.
    """
    return np.asarray(np.matmul(healthy_activation(), drive))


@cache
def belongs() -> BoolArray:
    """Return which groups belong to which movement, shape (8, 14)."""
    return np.asarray(healthy_activation() > 0)


def right_and_wrong(drive: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return activation that belongs to each movement, and that which does not, (..., 8, 14).

    The meaning is that of `facewire.wiring.state.FaceState`.
    """
    every = activation(drive)
    return np.where(belongs(), every, 0.0), np.where(belongs(), 0.0, every)


def moved_mm(activated: FloatArray, strength: FloatArray) -> FloatArray:
    """Return what activation (..., 8, 14) moves on a typical face, shape (..., 8, 10), mm."""
    pull = saturated(activated) * strength[..., None, :]
    return np.asarray(np.matmul(pull, TYPICAL_ACTION_MM))


def pattern_mm(pattern: Pattern, wrong_mm: FloatArray) -> FloatArray:
    """Return how far a pattern goes, the largest over its movements, shape (...), mm; 0 or more."""
    rows = wrong_mm[..., [MOVEMENTS.index(m) for m in pattern.movements], :]
    if pattern.direction == 0:
        across = rows[..., SIDE_CHANNEL_INDEX[pattern.region, "across"]]
        up = rows[..., SIDE_CHANNEL_INDEX[pattern.region, "up"]]
        return np.asarray(np.hypot(across, up).max(axis=-1))
    height = rows[..., SIDE_CHANNEL_INDEX[pattern.region, "height"]]
    return np.asarray(np.maximum(pattern.direction * height, 0.0).max(axis=-1))


def visible_mm(pattern: Pattern) -> float:
    """Return from how far on a pattern can be seen, mm."""
    return value("visible_eye_mm" if pattern.region is Region.EYE else "visible_mm")
