"""Intervals hold the truth, and little is found where nothing is: the benchmark, loosely."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "interval_coverage.py"


@pytest.fixture
def coverage(monkeypatch):
    spec = importlib.util.spec_from_file_location("coverage_benchmark", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "coverage_benchmark", module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_intervals_hold_the_truth(coverage):
    cells, sides = coverage.of_patients(20, seed=7, fitted=True)
    assert np.mean([c.covered for c in cells]) > 0.90
    assert sides["right"] >= 18


@pytest.mark.slow
@pytest.mark.parametrize("weak", [False, True])
def test_false_discoveries_are_few(coverage, weak):
    cells, _ = coverage.without_synkinesis(10, seed=7, fitted=True, weak=weak, stated=True)
    assert np.mean([c.present is True for c in cells]) <= 0.05


def test_totals_and_places_lie_in_their_intervals(coverage):
    """Halved intervals would hold two thirds, doubled ones all."""
    off = coverage.of_every_kind(5, seed=3)
    for kind, least in (("total", 250), ("rest", 100)):
        assert len(off[kind]) >= least
        assert 0.85 < np.mean(np.abs(off[kind]) <= 1.0) < 0.995
        assert np.mean(np.abs(off[kind]) <= 0.5) < 0.85


@pytest.mark.slow
def test_gaps_and_blinks_lie_in_their_intervals(coverage):
    """Blinks are few: their intervals, by Student's t, are wide."""
    off = coverage.of_every_kind(40, seed=3)
    assert len(off["closure"]) >= 40
    assert np.mean(np.abs(off["closure"]) <= 1.0) > 0.88
    assert np.mean(np.abs(off["closure"]) <= 0.5) < 0.88
    assert np.mean(np.abs(off["blink"]) <= 1.0) > 0.93


def test_drawn_errors_have_the_measured_size(coverage):
    """One side's, and the difference's: both from the table."""
    from facewire.face import CHANNEL_INDEX, Channel, Movement, Region, Side
    from facewire.motion.maps import left_over_sd_mm
    from facewire.synkinesis.parts import CALIBRATION

    rng = np.random.default_rng(3)
    draws = np.array(
        [coverage.tracker_errors(rng, fitted=True)[Movement.SMILE_OPEN] for _ in range(400)]
    )
    left, right = (draws[:, CHANNEL_INDEX[Channel(Region.EYE, s, "height")]] for s in Side)
    for found, difference in ((left, False), (right, False), (left - right, True)):
        wanted = left_over_sd_mm(
            Movement.SMILE_OPEN, Region.EYE, "height", difference=difference, fitted=True
        )
        assert found.std() == pytest.approx(CALIBRATION * wanted, rel=0.12)
