from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import truncnorm

from facewire.wiring.action import PALPEBRAL, action_posterior
from facewire.wiring.joint import (
    MISFITS,
    ActionPrior,
    Changes,
    beyond_the_lids,
    draw_given_activations,
    draw_misfit,
)
from facewire.wiring.state import EYE

CHAINS, BROW = 2000, 1
GENTLE = 1


def changes(value_mm: float, sd: float, *, meet: bool = False) -> Changes:
    """One channel of one movement: the eye of a gentle closure."""
    shape = (CHAINS, 8, 10)
    value, precision = np.zeros(shape), np.zeros(shape)
    value[:, GENTLE, EYE], precision[:, GENTLE, EYE] = value_mm, sd**-2
    lids = np.zeros(8, bool)
    lids[GENTLE] = meet
    measured = np.where(precision > 0, sd**2, 1.0)
    return Changes(value, precision, np.ones((8, 14, 10), bool), lids, measured, np.zeros(shape))


def prior(mean: float, sd: float) -> ActionPrior:
    precision = np.broadcast_to(np.eye(14) / sd**2, (CHAINS, 10, 14, 14))
    information = np.zeros((CHAINS, 10, 14))
    information[:, EYE, PALPEBRAL] = mean / sd**2
    return ActionPrior(precision, information)


def pull(amount: float) -> np.ndarray:
    found = np.zeros((CHAINS, 8, 14))
    found[:, GENTLE, PALPEBRAL] = amount
    return found


def test_an_action_has_the_posterior_worked_by_hand() -> None:
    # prior N(-10, 2^2); half of it was seen as -4 with sd 1: a second look at -8 with sd 2
    action = draw_given_activations(
        changes(-4.0, 1.0), prior(-10.0, 2.0), pull(0.5), np.random.default_rng(1)
    )
    drawn = action[:, PALPEBRAL, EYE]
    assert drawn.mean() == pytest.approx(-9.0, abs=0.1)
    assert drawn.std() == pytest.approx(np.sqrt(2.0), abs=0.08)
    assert action[:, PALPEBRAL, BROW].std() == pytest.approx(2.0, abs=0.12)


@pytest.mark.parametrize("sd", [0.5, 1.0, 2.0])
def test_lids_that_meet_hide_how_far_they_would_have_gone(sd: float) -> None:
    action = np.zeros((CHAINS, 14, 10))
    action[:, PALPEBRAL, EYE] = -10.0
    open_eye = beyond_the_lids(changes(-10.0, sd), action, pull(1.1), np.random.default_rng(2))
    assert np.all(open_eye.value[:, GENTLE, EYE] == -10.0)
    met = changes(-10.0, sd, meet=True)
    drawn = beyond_the_lids(met, action, pull(1.1), np.random.default_rng(2)).value[:, GENTLE, EYE]
    assert drawn.max() <= -10.0
    expected = truncnorm(-np.inf, 1.0 / sd, loc=-11.0, scale=sd)
    assert drawn.mean() == pytest.approx(expected.mean(), abs=0.06 * sd)
    assert drawn.std() == pytest.approx(expected.std(), rel=0.06)


@pytest.mark.parametrize(("left_mm", "large"), [(0.0, False), (30.0, True)])
def test_what_a_sum_of_muscles_leaves_sets_the_misfit(left_mm: float, large: bool) -> None:
    shape = (CHAINS, 8, 10)
    seen = Changes(
        np.full(shape, left_mm),
        np.ones(shape),
        np.ones((8, 14, 10), bool),
        np.zeros(8, bool),
        np.full(shape, 0.01),
        np.ones(shape),
    )
    varied = draw_misfit(seen, np.zeros((CHAINS, 14, 10)), pull(0.0), np.random.default_rng(3))
    share = 1.0 / varied.precision[:, 0, 0] - 0.01
    assert share == pytest.approx(np.full(CHAINS, MISFITS[-1 if large else 0]))


def test_full_closure_moves_the_lid_as_far_as_the_eye_is_open() -> None:
    """Nothing else was seen: the prior N(m, s^2) of the lid's muscle and -9 mm within 0.5 mm."""
    nothing = np.full((8, 10), np.nan)
    precision, information = action_posterior(nothing, nothing, (9.0, 0.5), np.zeros((1, 8, 14)))
    alone, usual = action_posterior(nothing, nothing, (np.nan, np.nan), np.zeros((1, 8, 14)))
    at = (0, EYE, PALPEBRAL)
    of_prior, m = alone[at][PALPEBRAL], usual[at] / alone[at][PALPEBRAL]
    wanted = (of_prior * m - 9.0 / 0.25) / (of_prior + 1.0 / 0.25)
    assert information[at] / precision[at][PALPEBRAL] == pytest.approx(wanted)
    assert wanted < -8.0
