"""Gibbs sampling of non-negative activations, most of the wrong ones exactly zero.

Spike and slab: Mitchell and Beauchamp, Bayesian variable selection in linear regression, Journal of
the American Statistical Association 83, 1988, 1023-1032; one coordinate at a time as in George and
McCulloch, 1993. Truncated normals by inversion. Every chain has its own design: what is not known
about the muscles' actions is carried by the chains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr, ndtri

from facewire.face import MOVEMENTS
from facewire.face.movements import ONE_COMMAND

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

HIGHEST = 1.5
"""Largest activation that is considered."""

SIBLING_SD = 0.15
"""How far their activations of the same wrong muscle differ."""
WITH_SIBLING = 0.7
"""Probability of a wrong edge whose sibling is there."""
ALONE = 0.4
"""Factor on the odds of a wrong edge whose sibling is absent."""

_FLOOR = 1e-12


def _sibling_of() -> NDArray[np.intp]:
    place = np.arange(len(MOVEMENTS))
    for one, two in ONE_COMMAND:
        place[MOVEMENTS.index(one)] = MOVEMENTS.index(two)
        place[MOVEMENTS.index(two)] = MOVEMENTS.index(one)
    return place


SIBLING = _sibling_of()
PASSES = (
    np.flatnonzero(np.arange(len(MOVEMENTS)) <= SIBLING),
    np.flatnonzero(np.arange(len(MOVEMENTS)) > SIBLING),
)
"""Siblings are drawn one after the other."""

_TYPICAL_OVERLAP = 0.47
_BOTH_LOG_ODDS = float(np.log(WITH_SIBLING / (1 - WITH_SIBLING) / _TYPICAL_OVERLAP))
"""The density of two edges that are both there is divided by its mean overlap."""


@dataclass(frozen=True)
class Prior:
    """What is believed of each activation before measuring; each array of shape (8, 14).

    Parameters
    ----------
    certain : ndarray of bool
        The connection exists (it belongs to the movement); else it is zero with probability
        ``1 - share``.
    share : ndarray
        Probability that a wrong edge exists.
    mean, sd : ndarray
        Of the normal of an activation that exists, cut off at 0 and at `HIGHEST`.
    """

    certain: BoolArray
    share: FloatArray
    mean: FloatArray
    sd: FloatArray


@dataclass(frozen=True)
class Evidence:
    """Quadratic form of the data, for each chain and movement.

    Parameters
    ----------
    gram : ndarray, shape (n, 8, 14, 14)
        Design' weight design.
    projection : ndarray, shape (n, 8, 14)
        Design' weight data.
    """

    gram: FloatArray
    projection: FloatArray


def sample(
    evidence: Evidence,
    prior: Prior,
    sweeps: int,
    kept: int,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Return the last activations of each chain, and what they would be if they existed.

    Both of shape (kept, n, 8, 14); where an activation is not zero both are the same.

    Parameters
    ----------
    evidence : Evidence
    prior : Prior
    sweeps, kept : int
        Sweeps over all groups, and how many of the last are kept. The noise starts wide and
        shrinks over the first half of the others, so that chains settle in every mode.
    rng : numpy.random.Generator
    """
    state, slab = start_of(prior, len(evidence.gram))
    out = np.empty((2, kept, *state.shape))
    burn = sweeps - kept
    for number in range(sweeps):
        state, slab = sweep(evidence, prior, (state, slab), heat_of(number, burn), rng)
        if number >= burn:
            out[:, number - burn] = state, slab
    return out[0], out[1]


def start_of(prior: Prior, chains: int) -> tuple[FloatArray, FloatArray]:
    """Return activations to start from, and the same if they existed; shape (chains, 8, 14)."""
    state = np.where(prior.certain, np.maximum(prior.mean, 0.0), 0.0)
    state = np.broadcast_to(state, (chains, *state.shape)).copy()
    return state, state.copy()


def heat_of(number: int, burn: int) -> float:
    """Return the weight of the data in a sweep: the noise starts wide and shrinks to its own."""
    return min(1.0, 0.03 + 2.0 * number / max(burn, 1))


def sweep(
    evidence: Evidence,
    prior: Prior,
    before: tuple[FloatArray, FloatArray],
    heat: float,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Draw every activation once, in a random order of the groups.

    Parameters
    ----------
    evidence : Evidence
    prior : Prior
    before : tuple of ndarray, each of shape (n, 8, 14)
        Activations, and what they would be if they existed.
    heat : float
        Weight of the data, 0 to 1.
    rng : numpy.random.Generator
    """
    state, slab = before[0].copy(), before[1].copy()
    for g in rng.permutation(state.shape[-1]):
        for rows in PASSES:
            place = (rows, int(g))
            exists, slab[:, rows, g] = _one_group(evidence, prior, state, place, heat, rng)
            state[:, rows, g] = np.where(exists, slab[:, rows, g], 0.0)
    return state, slab


def _one_group(
    evidence: Evidence,
    prior: Prior,
    state: FloatArray,
    place: tuple[NDArray[np.intp], int],
    heat: float,
    rng: np.random.Generator,
) -> tuple[BoolArray, FloatArray]:
    """Draw whether one group's edges exist in some movements, and how active they are if so."""
    rows, g = place
    data = _given_others(evidence, state, rows, g)
    precision, information, log_odds = _tilted(prior, state, rows, g)
    precision = heat * data[0] + precision
    information = heat * data[1] + information
    root = np.sqrt(precision)
    standard = information / root
    log_odds = log_odds + log_ndtr(standard) + 0.5 * standard**2 - np.log(root)
    uniform = rng.random((2, *standard.shape))
    below, above = ndtr(-standard), ndtr(HIGHEST * root - standard)
    quantile = below + uniform[0] * (above - below)
    drawn = (standard + ndtri(np.clip(quantile, _FLOOR, 1.0 - _FLOOR))) / root
    exists = np.log(uniform[1]) < -np.logaddexp(0.0, -log_odds)
    return prior.certain[rows, g] | exists, np.clip(drawn, 0.0, HIGHEST)


def _given_others(
    evidence: Evidence, state: FloatArray, rows: NDArray[np.intp], g: int
) -> tuple[FloatArray, FloatArray]:
    """Precision and information of the data on one group, all other groups as they stand."""
    row = evidence.gram[:, rows, g, :]
    own = row[..., g]
    others = np.einsum("nmh,nmh->nm", row, state[:, rows]) - own * state[:, rows, g]
    return own, evidence.projection[:, rows, g] - others


def _tilted(
    prior: Prior, state: FloatArray, rows: NDArray[np.intp], g: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Precision, information and log odds of one group before the data, given its sibling.

    The sibling of a command is the same command at another effort. With both edges there the
    joint density carries ``exp(-(a - b)**2 / (2 SIBLING_SD**2))``.
    """
    mean, sd = prior.mean[rows, g], prior.sd[rows, g]
    share = np.clip(prior.share[rows, g], _FLOOR, 1.0 - _FLOOR)
    sibling = SIBLING[rows]
    other = state[:, sibling, g]
    tied = (sibling != rows) & ~prior.certain[rows, g] & ~prior.certain[sibling, g]
    both = tied & (other > 0)
    odds = np.where(both, _BOTH_LOG_ODDS, np.log(share) - np.log1p(-share))
    odds = np.where(tied & ~both, odds + np.log(ALONE), odds)
    precision = 1.0 / sd**2 + both / SIBLING_SD**2
    information = mean / sd**2 + both * other / SIBLING_SD**2
    odds = odds - np.log(sd) - log_ndtr(mean / sd) - 0.5 * (mean / sd) ** 2
    return precision, information, odds - both * 0.5 * (other / SIBLING_SD) ** 2
