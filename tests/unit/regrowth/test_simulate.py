"""Properties of the simulation that hold whatever its parameters are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import Side
from facewire.face.muscles import GROUP_INDEX, GROUPS, MuscleGroup
from facewire.regrowth import Injury, Place, Severity, simulate
from facewire.wiring.state import involuntary_mm
from unit.regrowth.made_injuries import (
    CRUSH,
    NEURAPRAXIA,
    NONE,
    OPEN_CUT,
    REPAIRED,
    ZYGOMATIC,
    courses,
    face_state,
)

IDENTITY = np.eye(len(GROUPS))


def test_no_injury_is_healthy_wiring_always():
    found = courses(NONE)
    np.testing.assert_allclose(found.drive, np.broadcast_to(IDENTITY, found.drive.shape))
    np.testing.assert_array_equal(found.strength, 1)
    np.testing.assert_allclose(found.tone, 0, atol=1e-12)
    assert np.isnan(found.first_synkinesis).all()


def test_a_new_injury_leaves_no_drive():
    assert courses(CRUSH).drive[:, 0].max() == 0


def test_drive_never_passes_the_muscle():
    for injury in (CRUSH, REPAIRED, ZYGOMATIC):
        found = courses(injury)
        assert found.drive.min() >= 0
        assert found.drive.sum(axis=2).max() <= 1 + 1e-9


def test_same_seed_same_courses():
    np.testing.assert_array_equal(simulate(CRUSH, runs=3).drive, simulate(CRUSH, runs=3).drive)
    assert (simulate(CRUSH, runs=3, seed=2).drive != simulate(CRUSH, runs=3).drive).any()


def test_a_course_is_the_same_among_more_courses():
    few, many = simulate(CRUSH, runs=2, months=12), simulate(CRUSH, runs=60, months=12)
    np.testing.assert_allclose(few.drive, many.drive[:2], atol=1e-12)


def test_a_longer_time_line_changes_no_month():
    short, long = simulate(CRUSH, runs=3, months=9), simulate(CRUSH, runs=3, months=20)
    np.testing.assert_allclose(short.drive, long.drive[:, :10], atol=1e-12)


@pytest.mark.parametrize("event", ["first_emg", "first_movement"])
def test_a_longer_way_takes_longer_in_every_course(event):
    ways = [
        Injury(Side.LEFT, Severity.CRUSH, place=Place.DISTANCE, distance_mm=mm)
        for mm in (80, 100, 119)
    ]
    near, middle, far = (getattr(courses(way, runs=30, months=12), event) for way in ways)
    assert (near < middle).all()
    assert (middle < far).all()


def test_each_further_millimetre_takes_a_day_over_the_rate():
    ways = [
        Injury(Side.LEFT, Severity.CRUSH, place=Place.DISTANCE, distance_mm=mm)
        for mm in (80.0, 110.0)
    ]
    near, far = (courses(way, runs=60, months=12).first_emg for way in ways)
    days = 30.44 * np.median(far - near)
    assert 30 / 1.8 < days < 30 / 1.0


def test_more_tubes_lost_more_wrong_drive():
    kept = [replace(CRUSH, tubes_kept=share) for share in (0.9, 0.6, 0.3)]
    wrong = [courses(injury, runs=30).wrong_drive[:, -1].mean(axis=-1) for injury in kept]
    assert (wrong[0] < wrong[1]).all()
    assert (wrong[1] < wrong[2]).all()


def test_more_severe_more_wrong_edges_and_less_force():
    order = (NONE, NEURAPRAXIA, replace(CRUSH, degenerated_percent=50), CRUSH, REPAIRED)
    edges = [(courses(i).drive[:, -1] > 0.02).sum(axis=(1, 2)).mean() for i in order]
    force = [courses(i).force[:, -1].mean() for i in order]
    assert edges == sorted(edges)
    assert force == sorted(force, reverse=True)


def test_neurapraxia_ends_healthy_and_never_crosses():
    found = courses(NEURAPRAXIA)
    np.testing.assert_allclose(found.drive[:, -1], np.broadcast_to(IDENTITY, (60, 14, 14)))
    assert found.wrong_drive.max() == 0


def test_an_open_cut_hardly_grows_back():
    assert np.median(courses(OPEN_CUT).force[:, -1].mean(axis=-1)) < 0.1


def test_a_late_repair_reaches_less():
    force = [
        courses(replace(REPAIRED, repair_month=m), runs=20, months=48).force[:, -1].mean()
        for m in (0.0, 16.0, 21.0)
    ]
    assert force[0] > force[1] > force[2]


def test_a_cut_branch_leaves_the_others_alone():
    found = courses(ZYGOMATIC)
    for group in (MuscleGroup.FRONTALIS, MuscleGroup.MENTALIS):
        own = found.drive[:, :, GROUP_INDEX[group], GROUP_INDEX[group]]
        np.testing.assert_allclose(own[:, 0], 1.0)


def test_the_mirrored_injury_gives_the_mirrored_face():
    right = courses(replace(CRUSH, side=Side.RIGHT), runs=4)
    left = face_state(courses(CRUSH, runs=4), 18)
    for name in ("right", "wrong", "tone", "strength"):
        np.testing.assert_array_equal(
            getattr(face_state(right, 18), name), getattr(left.mirrored(), name)
        )


def test_the_other_side_of_the_face_is_healthy():
    state = face_state(courses(CRUSH, runs=4), 18)
    assert state.wrong[:, 1].max() == 0
    np.testing.assert_array_equal(state.strength[:, 1], 1)


def test_patterns_agree_with_the_face_state():
    found = courses(CRUSH, runs=4)
    moved = involuntary_mm(face_state(found, 24))[:, 0]
    np.testing.assert_allclose(np.hypot(moved[:, 0, 2], moved[:, 0, 3]), found.pattern_mm[:, -1, 0])


def test_a_face_without_a_nerve_hangs_and_a_miswired_one_is_tight():
    found = courses(CRUSH)
    assert found.tone[:, 0].max() < 0
    assert np.median(found.tone[:, -1]) > 0


@pytest.mark.parametrize(
    ("change", "message"),
    [({"months": 0}, "months.*1 to 60"), ({"runs": 0}, "runs"), ({"seed": -1}, "seed")],
)
def test_refuses_numbers_out_of_range(change, message):
    with pytest.raises(UsageError, match=message):
        simulate(CRUSH, **change)
