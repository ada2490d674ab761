"""What a treatment changes in a face: shares taken from it, and what is added to it.

At level ``c`` of its course an effect multiplies ``strength``, ``tone``, ``right`` and ``wrong``
by ``1 - c share`` and adds ``c added_mm`` and ``c shift_mm``. Factors commute, so do sums: the
order of treatments on one day does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from facewire.face import Movement, Region, Side
from facewire.results.forecast import Quantity, Way
from facewire.treatment.course import Course
from facewire.wiring import FaceState

FloatArray = NDArray[np.float64]

FACTORS = ("strength", "tone", "right", "wrong")
SUMS = ("added_mm", "shift_mm")


@dataclass(frozen=True, eq=False)
class Effect:
    """One change of a face over time.

    Parameters
    ----------
    course : Course
        Its level, in days since the treatment.
    strength, tone : ndarray, shape (n, 2, 14), optional
        Share taken from each at full level; negative where it grows.
    right, wrong : ndarray, shape (n, 2, 8, 14), optional
        The same of activations.
    added_mm : ndarray, shape (n, 2, 8, 10), optional
        Movement that a transferred muscle adds.
    shift_mm : ndarray, shape (n, 2, 10), optional
        Displacement at rest.
    """

    course: Course
    strength: FloatArray | None = None
    tone: FloatArray | None = None
    right: FloatArray | None = None
    wrong: FloatArray | None = None
    added_mm: FloatArray | None = None
    shift_mm: FloatArray | None = None


@dataclass(frozen=True)
class Direction:
    """A change whose direction is known and whose size is not published.

    Parameters
    ----------
    quantity : str
        ``rest_mm``, ``voluntary_mm`` or ``involuntary_mm``.
    region : Region
    side : Side
    direction : str
        ``up``, ``down`` (the sign of the millimetres) or ``toward_zero``.
    reason : str
        Why there is no number.
    movements : tuple of Movement
        The movements that it holds for; empty for the resting face.
    """

    quantity: Quantity
    region: Region
    side: Side
    direction: Way
    reason: str
    movements: tuple[Movement, ...] = ()


def changed(state: FaceState, effect: Effect, days: float) -> FaceState:
    """Return the face as an effect leaves it, so many days after the treatment.

    Parameters
    ----------
    state : FaceState
    effect : Effect
        Made for the same number of draws.
    days : float
        Since the treatment; before it nothing is changed.
    """
    level = effect.course.at(days)
    values: dict[str, FloatArray] = {}
    for name in FACTORS:
        share = getattr(effect, name)
        if share is not None:
            values[name] = getattr(state, name) * (1.0 - spread_over(level, share) * share)
    for name in SUMS:
        added = getattr(effect, name)
        if added is not None:
            values[name] = getattr(state, name) + spread_over(level, added) * added
    return replace(state, **values)


def spread_over(level: FloatArray, like: FloatArray) -> FloatArray:
    """Return the level of each draw, shaped to multiply an array whose first axis is draws."""
    return level.reshape(-1, *(1,) * (like.ndim - 1))
