"""Which edges the measured channels can tell apart, and what else would.

Two edges of one command look alike when what one of them moves can be made by the other within the
uncertainty: ``min over b of sum_k (a e_k - b e'_k)**2 / v_k``, with ``a`` a reference activation,
``e`` and ``e'`` what the groups move, ``v`` the variance of noise and of the actions themselves.
Below `RESOLVED` squared, these data cannot tell them apart. Pairs only: three muscles together can
look like a fourth, which the posterior itself carries in its intervals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, Movement
from facewire.face.movements import healthy_activation
from facewire.face.muscles import (
    GROUPS,
    MuscleGroup,
)
from facewire.results.estimate import Z95
from facewire.wiring.observe import purpose_mask
from facewire.words import mark

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

REFERENCE_ACTIVATION = 0.3
RESOLVED = Z95
"""Standard deviations that two explanations must differ by."""

KNOWN_SHARE = 0.08
"""Uncertainty of an action that its own movement has shown, as a part of it."""

NO_MOVEMENT = "no movement of the set"


@dataclass(frozen=True)
class Likeness:
    """What these data can tell apart.

    Parameters
    ----------
    distance : ndarray, shape (8, 14, 14)
        How far an edge (second axis) is from what another (third axis) can imitate, in standard
        deviations; NaN on the diagonal.
    seen : ndarray, shape (8, 14)
        How far an edge is from nothing at all.
    """

    distance: FloatArray
    seen: FloatArray

    def confused(self, movement: int, group: int) -> list[int]:
        """Return the groups that an edge cannot be told from."""
        return [int(g) for g in np.flatnonzero(self.distance[movement, group] < RESOLVED)]


def likeness(action: FloatArray, noise_sd: FloatArray) -> Likeness:
    """Work out which edges these data can tell apart.

    Parameters
    ----------
    action : ndarray, shape (n, 14, 10)
        Draws of what each group moves.
    noise_sd : ndarray, shape (8, 10)
        Standard deviations of the measured changes; infinite where not measured.
    """
    return _likeness(action.mean(axis=0), action.var(axis=0), noise_sd)


def likeness_with(action: FloatArray, noise_sd: FloatArray, movement: Movement) -> Likeness:
    """Return the same as if a movement had been recorded that shows its muscles' own actions."""
    mean, variance = action.mean(axis=0), action.var(axis=0)
    shown = healthy_activation()[MOVEMENTS.index(movement)] > 0
    known = np.minimum(variance, (KNOWN_SHARE * mean) ** 2)
    return _likeness(mean, np.where(shown[:, None], known, variance), noise_sd)


def _likeness(mean: FloatArray, variance: FloatArray, noise_sd: FloatArray) -> Likeness:
    certain = healthy_activation() > 0
    counts = purpose_mask()[:, None, :] | ~certain[:, :, None]
    effect = mean * counts
    spread = REFERENCE_ACTIVATION**2 * variance
    both = noise_sd[:, None, None, :] ** 2 + spread[:, None, :] + spread[None, :, :]
    own = REFERENCE_ACTIVATION * effect[:, :, None, :]
    other = effect[:, None, :, :]
    cross = (own * other / both).sum(axis=-1)
    norm = (other**2 / both).sum(axis=-1)
    factor = cross / np.maximum(norm, 1e-12)
    either_sign = certain[:, :, None] | certain[:, None, :]
    factor = np.where(either_sign, factor, np.maximum(factor, 0.0))
    left = (own - factor[..., None] * other) ** 2 / both
    distance = np.sqrt(left.sum(axis=-1))
    distance[:, np.arange(len(GROUPS)), np.arange(len(GROUPS))] = np.nan
    alone = noise_sd[:, None, :] ** 2 + spread
    seen = np.sqrt(((REFERENCE_ACTIVATION * effect) ** 2 / alone).sum(axis=-1))
    return Likeness(distance, seen)


def own_movement(group: MuscleGroup) -> Movement | None:
    """Return the movement in which a group works most; None where none of the set drives it."""
    column = healthy_activation()[:, GROUPS.index(group)]
    return MOVEMENTS[int(column.argmax())] if column.max() > 0 else None


def resolver(
    inferred_action: FloatArray,
    noise_sd: FloatArray,
    edge: tuple[int, int],
    confused: list[int],
    recorded: BoolArray,
) -> str:
    """Return what would tell an edge from those it is confused with.

    A missing movement of the set where it would; else a finding for what video does not see, or
    a test block for a muscle that may hold back the movement; else ``no movement of the set``.

    Parameters
    ----------
    inferred_action : ndarray, shape (n, 14, 10)
    noise_sd : ndarray, shape (8, 10)
    edge : tuple of int
        Movement and group.
    confused : list of int
        Groups that the edge cannot be told from.
    recorded : ndarray of bool, shape (8,)
    """
    movement, group = edge
    groups = [GROUPS[g] for g in (group, *confused)]
    missing = {own_movement(g) for g in groups} - {None}
    for extra in sorted(missing, key=str):
        if extra is None or recorded[MOVEMENTS.index(extra)]:
            continue
        then = likeness_with(inferred_action, noise_sd, extra).distance[movement, group]
        if np.all(then[confused] >= RESOLVED) or len(confused) == 0:
            return f"record {extra}"
    if MuscleGroup.PLATYSMA in groups:
        return mark("the clinician's finding on the platysma")
    if MuscleGroup.DEPRESSOR_ANGULI_ORIS in groups:
        return mark("a test block of the depressor anguli oris")
    return NO_MOVEMENT
