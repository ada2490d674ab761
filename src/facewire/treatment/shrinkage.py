"""People, courses and a literature between them: a normal model of three levels, and its answers.

A course's effect lies about its person's own, that about the clinic's mean, and the mean about the
literature's. Given the two spreads all of it is normal and in closed form (Lindley and Smith 1972,
J R Stat Soc B 34:1); the spreads themselves are not known, so the answers are summed over a grid
of them, weighted by how well each explains the courses. Their priors are log-normal and keep away
from 0: few courses, measured with much error, would else look as if people did not differ, and
every person's interval would be too narrow (Chung 2013, Psychometrika 78:685). What a course was
measured with enters as its own deviation: it is no spread between people.

Durations are logarithms, and what a visit says about one is not normal: an effect that is gone may
have ended at any earlier day. Their likelihoods stand on a grid instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from facewire.results.estimate import QUANTILES_95

FloatArray = NDArray[np.float64]

SPREAD_STEPS = 24
SPREAD_LOG_SD = 0.5
"""Of a spread's prior: its 95 % interval reaches from three eighths of its middle to 2.7 times."""
SPREAD_REACH = 3.0
"""Standard deviations that a grid of spreads reaches to either side, ``SPREAD_STEPS`` points."""


@dataclass(frozen=True)
class Prior:
    """What the literature expects before a clinic has seen anybody.

    Parameters
    ----------
    mean, mean_sd : float
        Middle of everybody, and how far a clinic's own middle may lie from it.
    between, within : float
        Medians of the priors of two standard deviations: between people, and between the courses
        of one.
    """

    mean: float
    mean_sd: float
    between: float
    within: float


@dataclass(frozen=True, eq=False)
class Mixture:
    """Normal densities with weights, each of shape (k,): an answer summed over the spreads."""

    weight: FloatArray
    centre: FloatArray
    deviation: FloatArray

    @cached_property
    def mean(self) -> float:
        """Its mean."""
        return float(self.weight @ self.centre)

    @cached_property
    def sd(self) -> float:
        """Its standard deviation."""
        square = self.weight @ (self.deviation**2 + (self.centre - self.mean) ** 2)
        return float(np.sqrt(square))

    def quantile(self, share: float) -> float:
        """Return the point below which a share of it lies, by halving."""
        from scipy.special import ndtr

        low = float((self.centre - 8.0 * self.deviation).min()) - 1e-9
        high = float((self.centre + 8.0 * self.deviation).max()) + 1e-9
        for _ in range(60):
            middle = 0.5 * (low + high)
            below = float(self.weight @ ndtr((middle - self.centre) / self.deviation))
            low, high = (middle, high) if below < share else (low, middle)
        return 0.5 * (low + high)

    @property
    def interval(self) -> tuple[float, float]:
        """Its middle 95 %."""
        return self.quantile(QUANTILES_95[0]), self.quantile(QUANTILES_95[1])


@dataclass(frozen=True)
class Answers:
    """What is known of one quantity after a clinic's courses.

    Parameters
    ----------
    clinic : Mixture
        The clinic's own middle.
    next_new : Mixture
        The next course of somebody whom the clinic has not treated.
    people, next_own : mapping of str to Mixture
        Each person's own middle, and that person's next course.
    literature : float
        How much the literature weighs in the clinic's middle, 0 to 1.
    own : mapping of str to float
        How much a person's own courses weigh in that person's middle, 0 to 1; the rest is the
        clinic's.
    between_sd : float
        Mean of the spread between people.
    """

    clinic: Mixture
    next_new: Mixture
    people: Mapping[str, Mixture]
    next_own: Mapping[str, Mixture]
    literature: float
    own: Mapping[str, float]
    between_sd: float


@dataclass(frozen=True)
class Seen:
    """What one course showed of a quantity: whose it was, value, standard deviation."""

    person: str
    value: float
    sd: float


def fit_normal(courses: Sequence[Seen], prior: Prior) -> Answers:
    """Return what courses say whose errors are normal.

    Parameters
    ----------
    courses : sequence of Seen
        Of any number of people, none included.
    prior : Prior
    """
    between, within, weight = _spreads(prior)
    names = tuple(dict.fromkeys(one.person for one in courses))
    found = [_of_person([c for c in courses if c.person == name], within) for name in names]
    middle = np.array([one[0] for one in found]).reshape(len(names), -1)
    error = np.array([one[1] for one in found]).reshape(len(names), -1)
    about = between**2 + error
    trust = prior.mean_sd**-2.0 + (1.0 / about).sum(axis=0)
    mean = (prior.mean / prior.mean_sd**2 + (middle / about).sum(axis=0)) / trust
    weight = weight + sum((one[2] for one in found), np.zeros_like(between))
    weight = weight - 0.5 * (np.log(about) + (middle - mean) ** 2 / about).sum(axis=0)
    weight = weight - 0.5 * ((mean - prior.mean) ** 2 / prior.mean_sd**2 + np.log(trust))
    share = _normed(weight)
    doubt = 1.0 / trust
    own = between**2 / about
    centres = own * middle + (1.0 - own) * mean
    left = own * error + (1.0 - own) ** 2 * doubt
    return Answers(
        clinic=Mixture(share, mean, np.sqrt(doubt)),
        next_new=Mixture(share, mean, np.sqrt(doubt + between**2 + within**2)),
        people={
            n: Mixture(share, c, np.sqrt(v)) for n, c, v in zip(names, centres, left, strict=True)
        },
        next_own={
            n: Mixture(share, c, np.sqrt(v + within**2))
            for n, c, v in zip(names, centres, left, strict=True)
        },
        literature=float(share @ (doubt / prior.mean_sd**2)),
        own={n: float(share @ part) for n, part in zip(names, own, strict=True)},
        between_sd=float(share @ between),
    )


def _of_person(
    courses: Sequence[Seen], within: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return a person's weighted mean, its variance, and what the courses say of their spread."""
    value = np.array([one.value for one in courses])[:, None]
    variance = np.array([one.sd for one in courses])[:, None] ** 2 + within**2
    error = 1.0 / (1.0 / variance).sum(axis=0)
    middle = error * (value / variance).sum(axis=0)
    said = -0.5 * (np.log(variance) + (value - middle) ** 2 / variance).sum(axis=0)
    return middle, error, said + 0.5 * np.log(error)


def _spreads(prior: Prior) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return every pair of a spread between people and one between courses, with its log weight."""
    steps = np.linspace(-SPREAD_REACH, SPREAD_REACH, SPREAD_STEPS)
    one, two = (part.ravel() for part in np.meshgrid(steps, steps))
    scales = prior.between * np.exp(SPREAD_LOG_SD * one), prior.within * np.exp(SPREAD_LOG_SD * two)
    return *scales, -0.5 * (one**2 + two**2)


def _normed(log_weight: FloatArray) -> FloatArray:
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


GRID = np.linspace(-1.6, 1.6, 129)
"""Logarithms of a duration over the literature's: a fifth of it to five times it."""
MEAN_STEPS = 61


@dataclass(frozen=True, eq=False)
class Said:
    """What one course says of a logarithm: whose it was, log likelihood on `GRID`."""

    person: str
    log_likelihood: FloatArray


def fit_grid(courses: Sequence[Said], prior: Prior) -> Answers:
    """Return what courses say whose likelihoods stand on a grid.

    The courses of one person scatter by ``prior.within``, which is taken as known: few people have
    enough late visits to tell it.

    Parameters
    ----------
    courses : sequence of Said
    prior : Prior
        Of the logarithm.
    """
    steps = np.linspace(-SPREAD_REACH, SPREAD_REACH, SPREAD_STEPS)
    means = prior.mean + prior.mean_sd * np.linspace(-4.0, 4.0, MEAN_STEPS)
    mean, step = (part.ravel() for part in np.meshgrid(means, steps))
    between = prior.between * np.exp(SPREAD_LOG_SD * step)
    spread = _normal(GRID[None], mean[:, None], between[:, None])
    spread /= spread.sum(axis=1, keepdims=True)
    blur = _normal(GRID[:, None], GRID[None], prior.within)
    blur /= blur.sum(axis=1, keepdims=True)
    names = tuple(dict.fromkeys(one.person for one in courses))
    told = {
        name: _product([blur @ _likelihood(c) for c in courses if c.person == name])
        for name in names
    }
    weight = -0.5 * (((mean - prior.mean) / prior.mean_sd) ** 2 + step**2)
    for likelihood in told.values():
        weight = weight + np.log(spread @ likelihood + 1e-300)
    share = _normed(weight)
    clinic = Mixture(share, mean, np.full_like(mean, 0.5 * float(means[1] - means[0])))
    within = prior.within
    people = {n: _on_grid(_person(share, spread, told[n])) for n in names}
    fresh = Mixture(share, mean, np.hypot(between, within))
    alone = Mixture(share, mean, between)
    return Answers(
        clinic=clinic,
        next_new=fresh,
        people=people,
        next_own={n: _wider(one, within) for n, one in people.items()},
        literature=min(1.0, clinic.sd**2 / prior.mean_sd**2),
        own={n: max(0.0, 1.0 - one.sd**2 / alone.sd**2) for n, one in people.items()},
        between_sd=float(share @ between),
    )


def _normal(value: FloatArray, centre: FloatArray, deviation: FloatArray | float) -> FloatArray:
    return np.asarray(np.exp(-0.5 * ((value - centre) / deviation) ** 2))


def _likelihood(one: Said) -> FloatArray:
    return np.asarray(np.exp(one.log_likelihood - one.log_likelihood.max()))


def _product(parts: Sequence[FloatArray]) -> FloatArray:
    found = np.prod(parts, axis=0)
    return np.asarray(found / found.max())


def _person(share: FloatArray, spread: FloatArray, likelihood: FloatArray) -> FloatArray:
    """Return a person's own logarithm on the grid, summed over what the clinic may be like."""
    each = spread * likelihood
    each /= each.sum(axis=1, keepdims=True) + 1e-300
    return np.asarray(share @ each)


def _on_grid(density: FloatArray) -> Mixture:
    step = float(GRID[1] - GRID[0])
    return Mixture(density / density.sum(), GRID, np.full_like(GRID, 0.5 * step))


def _wider(one: Mixture, by: float) -> Mixture:
    return Mixture(one.weight, one.centre, np.hypot(one.deviation, by))
