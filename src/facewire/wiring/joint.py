"""Activations and the muscles' own actions, drawn in turn from what both sides show.

What the healthy side teaches about the muscles is the prior of the affected side's; the affected
side's own movements then correct it (Gibbs sampling, block by block; Geman and Geman, IEEE
Transactions on Pattern Analysis and Machine Intelligence 6, 1984, 721). Lids that meet hide how far
they would have gone on: such a closure is drawn as at least as far as they came (data augmentation
for a censored value; Chib, Journal of Econometrics 51, 1992, 79).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from facewire.wiring.sampler import Evidence, Prior, heat_of, start_of, sweep
from facewire.wiring.state import EYE

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

EVERY = 5
"""Sweeps over the activations between two draws of the actions."""
MISFITS = np.geomspace(0.06, 4.0, 9)
MISFIT_CENTRE, MISFIT_SPREAD = 0.5, 1.0
"""How much a face's movements differ from a sum of muscles, against what is typical: the factor
on that part of the variance, log-normal before measuring."""
_FLOOR = 1e-12


@dataclass(frozen=True)
class Changes:
    """One side's changes, for each chain.

    Parameters
    ----------
    value, precision : ndarray, shape (n, 8, 10)
        Changes on a face of typical size, and one over their variance; 0 where not measured.
    counts : ndarray of bool, shape (8, 14, 10)
        Which groups can show in a channel of a movement.
    lids_meet : ndarray of bool, shape (8,)
        Movements in which the lids meet.
    measured, misfit : ndarray, shape (n, 8, 10)
        Variance of the measurement, and what a sum of muscles typically adds.
    """

    value: FloatArray
    precision: FloatArray
    counts: BoolArray
    lids_meet: BoolArray
    measured: FloatArray
    misfit: FloatArray


@dataclass(frozen=True)
class ActionPrior:
    """What the healthy side says of one side's actions: normal, channel by channel.

    Parameters
    ----------
    precision : ndarray, shape (n, 10, 14, 14)
    information : ndarray, shape (n, 10, 14)
        Precision times mean.
    """

    precision: FloatArray
    information: FloatArray


def evidence_of(changes: Changes, action: FloatArray) -> Evidence:
    """Return the changes as quadratic forms of the activations, given the actions (n, 14, 10)."""
    design = action[:, None, :, :] * changes.counts
    weighted = design * changes.precision[:, :, None, :]
    gram = np.matmul(weighted, design.swapaxes(-1, -2))
    return Evidence(gram, np.matmul(weighted, changes.value[..., None])[..., 0])


def draw_given_activations(
    changes: Changes, prior: ActionPrior, pull: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Draw the actions, shape (n, 14, 10), given what pulls.

    Parameters
    ----------
    changes : Changes
        What was measured.
    prior : ActionPrior
        What muscles usually do.
    pull : ndarray, shape (n, 8, 14)
        How much of each muscle a movement pulls.
    rng : numpy.random.Generator
        Source of the draws.
    """
    design = pull[:, None] * changes.counts.transpose(2, 0, 1)
    weighted = (design * changes.precision.swapaxes(1, 2)[..., None]).swapaxes(-1, -2)
    precision = prior.precision + np.matmul(weighted, design)
    value = changes.value.swapaxes(1, 2)[..., None]
    information = prior.information + np.matmul(weighted, value)[..., 0]
    return draw_normal(precision, information, rng).swapaxes(1, 2)


def beyond_the_lids(
    changes: Changes, action: FloatArray, pull: FloatArray, rng: np.random.Generator
) -> Changes:
    """Return the changes with closures drawn as far as they would have gone had the lids not met.

    A normal around what the muscles pull, cut off at what was measured.

    Parameters
    ----------
    changes : Changes
        What was measured.
    action : ndarray, shape (n, 14, 10)
        What each muscle does to each channel, mm, one chain after another.
    pull : ndarray, shape (n, 8, 14)
        How much of each muscle a movement pulls.
    rng : numpy.random.Generator
        Source of the draws.
    """
    rows = np.flatnonzero(changes.lids_meet)
    if not rows.size:
        return changes
    expected = np.einsum("nmg,ng->nm", pull[:, rows], action[..., EYE])
    sd = 1.0 / np.sqrt(changes.precision[:, rows, EYE])
    below = ndtr((changes.value[:, rows, EYE] - expected) / sd)
    quantile = np.clip(rng.random(below.shape) * below, _FLOOR, 1.0 - _FLOOR)
    value = changes.value.copy()
    value[:, rows, EYE] = np.minimum(expected + sd * ndtri(quantile), value[:, rows, EYE])
    return replace(changes, value=value)


def draw_misfit(
    changes: Changes, action: FloatArray, pull: FloatArray, rng: np.random.Generator
) -> Changes:
    """Return the changes with the model's own part of their variance drawn anew, chain by chain.

    One factor on all of that part, on a grid under a log-normal prior: how far a face is from a
    sum of muscles shows in what the sum leaves of it.

    Parameters
    ----------
    changes : Changes
        What was measured.
    action : ndarray, shape (n, 14, 10)
        What each muscle does to each channel, mm, one chain after another.
    pull : ndarray, shape (n, 8, 14)
        How much of each muscle a movement pulls.
    rng : numpy.random.Generator
        Source of the draws.
    """
    moved = np.matmul(
        (pull[:, None] * changes.counts.transpose(2, 0, 1)), action.transpose(0, 2, 1)[..., None]
    )[..., 0].swapaxes(1, 2)
    usable = changes.precision > 0
    square = np.where(usable, changes.value - moved, 0.0) ** 2
    variance = changes.measured[..., None] + changes.misfit[..., None] * MISFITS
    likely = -0.5 * (np.log(variance) + square[..., None] / variance)
    score = np.where(usable[..., None], likely, 0.0).sum(axis=(1, 2))
    score -= 0.5 * ((np.log(MISFITS) - np.log(MISFIT_CENTRE)) / MISFIT_SPREAD) ** 2
    chosen = np.argmax(score + rng.gumbel(size=score.shape), axis=1)
    drawn = np.take_along_axis(variance, chosen[:, None, None, None], axis=-1)[..., 0]
    return replace(changes, precision=np.where(usable, 1.0 / drawn, 0.0))


@dataclass(frozen=True)
class Drawn:
    """The last sweeps of every chain.

    Parameters
    ----------
    pull, if_there : ndarray, shape (kept, n, 8, 14)
        Activations, and what they would be if they existed.
    action : ndarray, shape (2, n, 14, 10)
        Actions in the middle of the kept sweeps and in the last.
    """

    pull: FloatArray
    if_there: FloatArray
    action: FloatArray


def sample_jointly(
    changes: Changes,
    actions: ActionPrior,
    prior: Prior,
    work: tuple[int, int],
    rng: np.random.Generator,
) -> Drawn:
    """Draw activations and actions in turn.

    Parameters
    ----------
    changes : Changes
    actions : ActionPrior
    prior : Prior
        Of the activations.
    work : tuple of int
        Sweeps, and how many of the last are kept.
    rng : numpy.random.Generator
    """
    sweeps, kept = work
    action = draw_normal(actions.precision, actions.information, rng).swapaxes(1, 2)
    state, slab = start_of(prior, len(action))
    pulls, slabs, shown = [], [], []
    now, evidence = changes, evidence_of(changes, action)
    for number in range(sweeps):
        if number and number % EVERY == 0:
            varied = draw_misfit(now, action, state, rng)
            now = beyond_the_lids(replace(varied, value=changes.value), action, state, rng)
            action = draw_given_activations(now, actions, state, rng)
            evidence = evidence_of(now, action)
        state, slab = sweep(evidence, prior, (state, slab), heat_of(number, sweeps - kept), rng)
        if number >= sweeps - kept:
            pulls.append(state)
            slabs.append(slab)
        if number in (sweeps - kept + kept // 2, sweeps - 1):
            shown.append(action)
    return Drawn(np.stack(pulls), np.stack(slabs), np.stack(shown))


def draw_normal(
    precision: FloatArray, information: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Draw from normal distributions given by precision matrix and information vector.

    Parameters
    ----------
    precision : ndarray, shape (..., k, k)
    information : ndarray, shape (..., k)
        Precision times mean.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (..., k)
        ``L^-T (L^-1 information + z)`` with ``precision = L L^T``.
    """
    factor = np.linalg.cholesky(precision)
    noise = rng.standard_normal(information.shape)[..., None]
    half = np.linalg.solve(factor, information[..., None]) + noise
    return np.asarray(np.linalg.solve(factor.swapaxes(-1, -2), half)[..., 0])
