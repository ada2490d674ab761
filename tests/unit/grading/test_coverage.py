"""Ranges of grades and intervals of changes hold the truth as often as they say, by simulation.

The whole form, with more faces, is ``benchmarks/bench_derived.py``.
"""

from __future__ import annotations

import numpy as np

from simulated.derived import change_held, grade_held


def test_a_range_of_grades_holds_what_a_rater_gives() -> None:
    """Errors of the measurement are twice the rater's: half their deviation would hold 80 %."""
    rng = np.random.default_rng(5)
    assert 0.90 <= np.mean([grade_held(rng) for _ in range(100)]) <= 1.0


def test_the_interval_of_a_change_holds_the_true_change() -> None:
    """Half the width would hold 67 %."""
    rng = np.random.default_rng(11)
    assert 0.90 <= np.mean([change_held(rng) for _ in range(100)]) <= 0.99
