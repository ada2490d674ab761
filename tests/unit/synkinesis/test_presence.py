"""Presence: false discoveries held, and what cannot be told."""

import numpy as np
import pytest
from scipy.stats import chi2, false_discovery_control, norm

from facewire.face import MOVEMENTS, Movement, Region
from facewire.synkinesis.parts import InvoluntaryPart
from facewire.synkinesis.presence import (
    adaptive_q,
    beyond_healthy,
    false_discovery_q,
    judge,
    p_value,
    settle,
    threshold_mm,
)

REST_MM = 10.0


def part(*value, sd=0.5):
    nan = np.full(len(value), np.nan)
    return InvoluntaryPart(np.array(value, dtype=float), sd**2 * np.eye(len(value)), nan, nan)


@pytest.mark.parametrize("seed", range(4))
def test_q_values_are_those_of_benjamini_and_hochberg(seed):
    p = np.random.default_rng(seed).uniform(size=12) ** 3
    np.testing.assert_allclose(false_discovery_q(p), false_discovery_control(p, method="bh"))


def test_two_stages_by_hand():
    """Stage one at 0.05 / 1.05 = 0.0476 finds two; the others are tested at 0.0476 x 6 / 4."""
    p = np.array([0.0003, 0.0013, 0.027, 0.13, 0.4, 0.8])
    q = adaptive_q(p)
    assert list(q <= 0.05) == [True, True, True, False, False, False]
    assert q[2] == pytest.approx(0.027 * 6 / 3 * 1.05 * 4 / 6)
    assert list(false_discovery_q(p) <= 0.05) == [True, True, False, False, False, False]


def test_with_nothing_in_the_first_stage_none_is_found():
    p = np.array([0.0165, 0.4, 0.6])
    assert false_discovery_q(p)[0] < 0.05
    assert adaptive_q(p)[0] > 0.05


@pytest.mark.slow
def test_two_stages_hold_the_rate():
    """4,000 families of eight, four of them true: the share of false ones among the found."""
    rng = np.random.default_rng(3)
    shares = []
    for _ in range(4000):
        z = rng.normal(np.r_[np.full(4, 3.0), np.zeros(4)])
        found = adaptive_q(norm.sf(z)) <= 0.05
        shares.append(found[4:].sum() / max(found.sum(), 1))
    assert np.mean(shares) < 0.05 + 2 * np.std(shares) / np.sqrt(len(shares))
    assert np.mean(shares) > 0.03


def test_only_narrowing_of_the_eye_counts():
    assert p_value(part(-1.0), Region.EYE) == pytest.approx(norm.sf(2.0))
    assert p_value(part(1.0), Region.EYE) == pytest.approx(norm.sf(-2.0))


def test_brow_goes_either_way_and_vectors_any():
    assert p_value(part(-1.0), Region.BROW) == pytest.approx(2 * norm.sf(2.0))
    assert p_value(part(0.6, 0.8), Region.CHIN) == pytest.approx(chi2.sf(4.0, 2))


@pytest.mark.parametrize(
    ("region", "rest_mm", "expected"),
    [(Region.CHIN, 10.0, 0.7), (Region.EYE, 10.0, 0.7), (Region.EYE, 8.0, 0.64)],
)
def test_thresholds(region, rest_mm, expected):
    assert threshold_mm(region, rest_mm) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("size_mm", "sd", "q", "expected"),
    [
        (-2.0, 0.3, 0.001, (True, True)),
        (-0.5, 0.1, 0.001, (True, False)),  # sure, and too small to matter
        (-0.5, 0.25, 0.04, (True, None)),  # within one deviation of what matters, but smaller
        (-0.7, 0.25, 0.04, (True, True)),  # what matters
        (-0.1, 0.2, 0.6, (False, False)),
        (-0.6, 0.5, 0.2, (False, None)),  # neither nothing nor enough can be ruled out
        (2.0, 0.3, 0.001, (False, False)),  # a widened eye is no narrowing
    ],
)
def test_answers_by_hand(size_mm, sd, q, expected):
    assert judge(part(size_mm, sd=sd), Region.EYE, q, 0.7) == expected


def test_what_moves_less_than_matters_has_a_reason():
    parts = {(m, Region.EYE): part(-0.6, sd=0.15) for m in MOVEMENTS}
    answers = settle(parts, REST_MM).values()
    assert {(a.detected, a.present) for a in answers} == {(True, None)}
    assert {a.reason for a in answers} == {"it moves; whether as much as matters cannot be told"}


def test_two_weak_findings_stand():
    parts = {(m, Region.EYE): part(-0.05) for m in MOVEMENTS}
    two = {(m, Region.EYE): part(-1.7) for m in (Movement.SMILE_OPEN, Movement.LIP_PUCKER)}
    found = settle({**parts, **two}, REST_MM)
    assert [found[k].present for k in two] == [True, True]


def test_regions_are_families_of_their_own():
    """One brow among strong eyes has the q-value of a family of one: its p-value, times 1.05."""
    parts = {(m, Region.EYE): part(-3.0) for m in MOVEMENTS}
    brow = (Movement.SMILE_OPEN, Region.BROW)
    found = settle({**parts, brow: part(1.0)}, REST_MM)
    assert found[brow].q_value == pytest.approx(1.05 * 2 * norm.sf(2.0))


def test_an_empty_map():
    assert settle({}, REST_MM) == {}


def test_beyond_healthy_by_hand():
    still = np.zeros(2)
    assert beyond_healthy(part(-1.01), Region.EYE, still, 10.0) is True
    assert beyond_healthy(part(-0.99), Region.EYE, still, 10.0) is False
    assert beyond_healthy(part(1.5), Region.EYE, still, 10.0) is False
    assert beyond_healthy(part(2.0), Region.BROW, np.array([4.9]), 10.0) is True
    assert beyond_healthy(part(2.0), Region.BROW, np.array([5.1]), 10.0) is False
    assert beyond_healthy(part(2.0, 0.0), Region.CHIN, still, 10.0) is None
