"""Uncertain grades and their sums, against simulated raters."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import Region
from facewire.grading.combine import Item, Sight, score_range, sum_of
from facewire.grading.ordinal import (
    SHARED_PART,
    CutPoints,
    from_reaching,
    reaching,
    reaching_exact,
)
from facewire.results.estimate import Estimate


def reading(value, sd):
    return Estimate.of(value, sd, "mm")


LINEAR = CutPoints((1.0, 2.0), (0.5, 0.5))
LOG = CutPoints((1.0, 2.0, 4.0), (0.5, 0.5, 0.5), "log")


def item(name, size, cuts, **given):
    grades = {"low": cuts.lowest, "high": cuts.lowest + len(cuts.at)}
    return Item(name, **grades, sights=((Sight(Region.EYE, size, cuts),),), **given)


def raters(readings, cuts, n=200_000):
    """Grades that simulated raters give, shape (n, items): independent of the module's sums."""
    rng = np.random.default_rng(5)
    lean = rng.normal(size=(n, 1)) * np.sqrt(SHARED_PART)
    grades = []
    for one in readings:
        step = (lean + rng.normal(size=(n, 1)) * np.sqrt(1 - SHARED_PART)) * np.array(cuts.spread)
        at = np.array(cuts.at) * np.exp(step) if cuts.scale == "log" else np.array(cuts.at) + step
        size = one.value + one.sd * rng.normal(size=(n, 1))
        grades.append((size >= at).sum(axis=1))
    return np.stack(grades, axis=1)


@pytest.mark.parametrize("cuts", [LINEAR, LOG], ids=["linear", "log"])
@pytest.mark.parametrize("size", [reading(0.3, 0.4), reading(1.4, 0.3), reading(3.0, 0.01)])
def test_probabilities_are_those_of_simulated_raters(cuts, size):
    found = item("one", size, cuts).probabilities()
    counts = np.bincount(raters([size], cuts)[:, 0], minlength=len(found))
    assert list(found.values()) == pytest.approx(list(counts / counts.sum()), abs=0.01)


def test_the_range_of_a_sum_is_that_of_simulated_raters():
    readings = [reading(1.2, 0.2), reading(1.8, 0.2), reading(0.9, 0.2), reading(1.5, 0.2)]
    found = score_range([(4, item("x", r, LINEAR)) for r in readings])
    totals = 4 * raters(readings, LINEAR).sum(axis=1)
    assert found.expected == pytest.approx(totals.mean(), abs=0.1)
    assert (found.ci_low, found.ci_high) == tuple(np.quantile(totals, [0.025, 0.975]))


def test_grades_are_certain_far_from_every_cut():
    assert item("one", reading(9.0, 0.1), LINEAR).probabilities()[2] == pytest.approx(1.0)


def test_probabilities_sum_to_one():
    found = from_reaching(reaching(reading(1.0, 0.5), LOG, 0.3))
    assert found.sum() == pytest.approx(1.0)
    assert (found >= 0).all()


def test_exact_sizes_agree_with_readings_without_error():
    for cuts in (LINEAR, LOG):
        closed = reaching_exact(np.array([0.4, 1.7, 3.3]), cuts, 0.7)
        summed = [reaching(reading(v, 0.0), cuts, 0.7) for v in (0.4, 1.7, 3.3)]
        np.testing.assert_allclose(closed, summed, atol=0.01)


def test_an_unknown_size_reaches_nothing():
    assert reaching_exact(np.array([np.nan]), LOG).max() < 1e-6


def test_the_worst_region_makes_the_grade():
    regions = (
        Sight(Region.EYE, reading(0.1, 0.1), LOG),
        Sight(Region.BROW, reading(6.0, 0.1), LOG),
    )
    both = Item("x", 0, 3, sights=(regions,))
    worst = item("x", reading(6.0, 0.1), LOG)
    assert both.probabilities() == worst.probabilities()


def test_a_blank_runs_over_all_its_grades():
    known = item("x", reading(9.0, 0.1), LINEAR)
    found = score_range([(5, known), (-5, Item("y", 0, 2, reason="not seen"))])
    assert (found.expected, found.ci_low, found.ci_high) == (pytest.approx(5.0), 0.0, 10.0)


def test_more_blanks_than_items_have_no_expected_value():
    found = score_range([(1, item("x", reading(9.0, 0.1), LINEAR)), *[(1, Item("y", 0, 2))] * 2])
    assert found.expected is None
    assert (found.ci_low, found.ci_high) == (2.0, 6.0)


def test_an_entered_grade_fills_its_blank():
    found = score_range([(5, Item("y", 0, 2, fixed=2))])
    assert (found.expected, found.ci_low, found.ci_high) == (10.0, 10.0, 10.0)


def test_a_negative_weight_mirrors_the_sum():
    one = item("x", reading(1.4, 0.3), LINEAR)
    up, down = sum_of([(3, one)]), sum_of([(-3, one)])
    assert down.mean == pytest.approx(-up.mean)
    assert down.quantile(0.5) == -up.quantile(0.5)


def test_an_estimate_is_never_one_grade():
    assert item("x", reading(9.0, 0.1), LINEAR).grade_range() == (1, 2)
    assert item("x", reading(0.0, 0.1), LINEAR).grade_range() == (0, 1)


@pytest.mark.parametrize(
    ("at", "spread", "scale"),
    [
        ((2.0, 1.0), (1.0, 1.0), "linear"),
        ((1.0,), (0.0,), "log"),
        ((1.0,), (1.0, 1.0), "log"),
        ((-1.0, 1.0), (1.0, 1.0), "log"),
        ((1.0,), (1.0,), "square"),
    ],
)
def test_impossible_cuts_are_refused(at, spread, scale):
    with pytest.raises(UsageError, match="Cut-points cannot be used"):
        CutPoints(at, spread, scale)
