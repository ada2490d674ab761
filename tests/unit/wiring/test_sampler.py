from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, truncnorm

from facewire.wiring.sampler import SIBLING, Evidence, Prior, sample

MOVEMENTS, GROUPS, CHAINS = 8, 14, 400
PUCKER = 6


def one_muscle(
    value: float, sd: float, *, certain: bool, share: float = 0.2
) -> tuple[Evidence, Prior]:
    """One channel that one group moves by 1 at full activation, in a movement without sibling."""
    gram = np.zeros((CHAINS, MOVEMENTS, GROUPS, GROUPS))
    projection = np.zeros((CHAINS, MOVEMENTS, GROUPS))
    gram[:, PUCKER, 0, 0] = 1 / sd**2
    projection[:, PUCKER, 0] = value / sd**2
    shape = (MOVEMENTS, GROUPS)
    mean, spread = np.full(shape, 0.3), np.full(shape, 0.2)
    prior = Prior(np.full(shape, certain), np.full(shape, share), mean, spread)
    return Evidence(gram, projection), prior


@pytest.mark.slow
def test_one_right_muscle_has_the_posterior_worked_by_hand() -> None:
    # prior N(0.3, 0.2^2), data 0.5 +- 0.2: mean 0.4, sd 0.2 / sqrt(2), truncated at 0
    evidence, prior = one_muscle(0.5, 0.2, certain=True)
    draws, _ = sample(evidence, prior, 60, 40, np.random.default_rng(1))
    sd = 0.2 / np.sqrt(2)
    expected = truncnorm(-0.4 / sd, np.inf, loc=0.4, scale=sd)
    assert draws[..., PUCKER, 0].mean() == pytest.approx(expected.mean(), abs=0.005)
    assert draws[..., PUCKER, 0].std() == pytest.approx(expected.std(), abs=0.005)


@pytest.mark.slow
def test_one_wrong_muscle_is_there_with_the_probability_worked_by_hand() -> None:
    evidence, prior = one_muscle(0.15, 0.1, certain=False)
    draws, _ = sample(evidence, prior, 80, 60, np.random.default_rng(2))
    grid = np.linspace(0, 1.5, 20001)
    density = norm.pdf(grid, 0.3, 0.2) / norm.sf(0, 0.3, 0.2)
    with_edge = np.trapezoid(density * norm.pdf(0.15, grid, 0.1), grid)
    without = norm.pdf(0.15, 0, 0.1)
    expected = 0.2 * with_edge / (0.2 * with_edge + 0.8 * without)
    assert (draws[..., PUCKER, 0] > 0).mean() == pytest.approx(expected, abs=0.015)


@pytest.mark.slow
def test_without_data_the_prior_comes_back() -> None:
    evidence, prior = one_muscle(0.0, 1e6, certain=False, share=0.3)
    draws, _ = sample(evidence, prior, 60, 40, np.random.default_rng(3))
    assert (draws[..., PUCKER, 5] > 0).mean() == pytest.approx(0.3, abs=0.02)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_draws() -> None:
    evidence, prior = one_muscle(0.2, 0.1, certain=False)
    first = sample(evidence, prior, 10, 5, np.random.default_rng(4))[0]
    again = sample(evidence, prior, 10, 5, np.random.default_rng(4))[0]
    assert np.array_equal(first, again)


def test_siblings_are_mutual() -> None:
    assert np.array_equal(SIBLING[SIBLING], np.arange(MOVEMENTS))
    assert SIBLING[PUCKER] == PUCKER
