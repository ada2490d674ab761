"""The published course after facial palsy, against the simulation.

Calibration means that parameters were set so that the figure comes out: such a test only guards
it. The others are checks: nothing was set by them. Their ranges are those of the publications.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.face.muscles import GROUP_INDEX, MuscleGroup
from facewire.regrowth import simulate
from facewire.regrowth.movement import PATTERNS
from unit.regrowth.made_injuries import CRUSH, NEURAPRAXIA, courses

WEEKS_PER_MONTH = 30.44 / 7
EYE = GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL]


def test_check_first_activity_around_the_eye_at_about_three_months():
    assert 2.5 <= np.median(courses(CRUSH, runs=200).first_emg) <= 4.0


def test_check_activity_around_the_eye_is_normal_by_a_year():
    drive = courses(CRUSH, runs=200).drive[:, 12, :, EYE].sum(axis=1)
    assert np.median(drive) >= 0.9


def test_check_first_movement_of_a_degenerated_nerve_at_three_to_six_months():
    first = courses(CRUSH, runs=200).first_movement
    assert np.mean((first >= 3) & (first <= 6)) >= 0.9


def test_check_synkinesis_is_visible_from_twelve_to_sixteen_weeks_or_later():
    first = courses(CRUSH, runs=200).first_synkinesis * WEEKS_PER_MONTH
    assert np.nanmin(first) >= 12
    assert 12 <= np.nanmedian(first) <= 26


def test_check_synkinesis_mostly_follows_the_first_movement():
    found = courses(CRUSH, runs=200)
    later = found.first_synkinesis > found.first_movement
    assert np.mean(later[np.isfinite(found.first_synkinesis)]) > 0.75


def _share_with_synkinesis(least, most):
    """Share of courses with a visible pattern at a year, over evenly spread injuries."""
    percents = np.linspace(least, most, 9)
    shares = [
        simulate(replace(CRUSH, degenerated_percent=float(percent)), runs=25, months=12, seed=seed)
        .visible[:, -1]
        .any(axis=-1)
        .mean()
        for seed, percent in enumerate(percents)
    ]
    return np.mean(shares)


def test_calibration_synkinesis_where_few_axons_conduct():
    """Celik 2000: 14 of 18 below a ratio of 40 %; exact 95 % interval."""
    assert 0.524 <= _share_with_synkinesis(60, 100) <= 0.936


def test_check_synkinesis_where_many_axons_conduct():
    """Celik 2000: 3 of 16 at a ratio of 40 % or more; exact 95 % interval."""
    assert 0.040 <= _share_with_synkinesis(0, 60) <= 0.456


def test_calibration_course_changes_for_one_to_two_years():
    assert 12 <= np.median(courses(CRUSH, runs=200).plateau) <= 24


def test_calibration_movement_returns_within_three_weeks_where_axons_are_whole():
    first = courses(NEURAPRAXIA, runs=200).first_movement * WEEKS_PER_MONTH
    assert 0.75 <= np.mean(first <= 3) <= 0.95


def test_check_neurapraxia_leaves_no_synkinesis():
    assert np.isnan(courses(NEURAPRAXIA, runs=200).first_synkinesis).all()


def _frequencies():
    found = courses(CRUSH, runs=200)
    shown = found.visible[:, -1]
    shown = shown[shown.any(axis=-1)].mean(axis=0)
    return {p.id: (shown[i], p.frequency) for i, p in enumerate(PATTERNS)}


@pytest.mark.parametrize("pattern", [p.id for p in PATTERNS if p.frequency > 0])
def test_calibration_patterns_are_as_frequent_as_published(pattern):
    """Within two standard errors of both the 103 people and the 200 courses, about 10 %."""
    simulated, published = _frequencies()[pattern]
    assert simulated == pytest.approx(published, abs=0.10)


def test_calibration_lifting_the_brow_is_the_rarest_pattern():
    shares = {name: share for name, (share, _) in _frequencies().items()}
    assert min(shares, key=shares.__getitem__) == "any_brow"
    assert shares["any_brow"] < 0.5 * sorted(shares.values())[1]
