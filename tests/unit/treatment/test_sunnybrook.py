"""The estimated Sunnybrook score: its arithmetic, and how it moves."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face import MOVEMENTS, Movement, Region
from facewire.face.muscles import SIDE_CHANNEL_INDEX
from facewire.synthetic.face_states import Group
from facewire.treatment.sunnybrook import (
    COLUMNS,
    GRADED,
    Relation,
    composite,
    draw_relation,
    estimate,
    movement_ratio,
    region_mm,
)
from made_treatments import L, R, faces

UP = SIDE_CHANNEL_INDEX[Region.COMMISSURE, "up"]
ROWS = [MOVEMENTS.index(m) for m in GRADED]
PLAIN = Relation(np.ones((1, 5, 7)), np.full(1, 2.0), np.full(1, 3.0), np.ones(1))


def by_hand(items: list[int], eye_mm: float, mouth_mm: float, synkinesis: list[int]) -> list[float]:
    ratio, moved, difference = np.ones((1, 8)), np.zeros((1, 8, 7)), np.zeros((1, 10))
    ratio[0, ROWS] = (np.array(items) - 1) / 4
    moved[0, ROWS, 1] = synkinesis
    difference[0, COLUMNS[Region.EYE]], difference[0, UP] = eye_mm, mouth_mm
    return composite(PLAIN, moved, ratio, difference)[0].tolist()


@pytest.mark.parametrize(
    ("items", "eye", "mouth", "synkinesis", "expected"),
    [
        ([5, 5, 5, 5, 5], 0.0, 0.0, [0, 0, 0, 0, 0], [100, 0, 100, 0]),
        ([1, 1, 1, 1, 1], 9.0, 9.0, [0, 0, 0, 0, 0], [0, 20, 20, 0]),
        ([1, 1, 1, 1, 1], 9.0, 9.0, [9, 9, 9, 9, 9], [-15, 20, 20, 15]),
        ([4, 5, 4, 3, 4], 2.0, 1.0, [1, 2, 2, 1, 3], [61, 10, 80, 9]),
    ],
)
def test_arithmetic_of_the_scale(
    items: list[int], eye: float, mouth: float, synkinesis: list[int], expected: list[float]
) -> None:
    assert by_hand(items, eye, mouth, synkinesis) == pytest.approx(expected)


def test_healthy_faces_are_near_100() -> None:
    healthy = faces(200, 1, Group(strength=1.0, severity=0.0))
    assert estimate(healthy, L)[:, 0].mean() > 93


def test_flaccid_faces_lose_movement_not_synkinesis() -> None:
    score = estimate(faces(200, 1, Group(strength=0.2, severity=0.0)), L).mean(axis=0)
    assert score[2] < 45
    assert score[3] == pytest.approx(0.0, abs=0.01)


def test_more_synkinesis_scores_lower() -> None:
    means = [estimate(faces(200, 1, Group(severity=s)), L)[:, 0].mean() for s in (0, 0.5, 1, 2)]
    assert means == sorted(means, reverse=True)


def test_mirrored_faces_score_the_same() -> None:
    assert np.allclose(estimate(faces(), L), estimate(faces().mirrored(), R))


def test_the_relation_is_uncertain_and_repeatable() -> None:
    one, again = draw_relation(200, 3), draw_relation(200, 3)
    assert np.array_equal(one.power, again.power)
    assert 0.2 < np.log(one.power).std() < 0.4


def test_half_a_smile_is_half_the_other_side_s() -> None:
    total = np.zeros((1, 2, 8, 10))
    smile = MOVEMENTS.index(Movement.SMILE_OPEN)
    total[0, 1, smile, UP], total[0, 0, smile, UP] = 8.0, 4.0
    assert movement_ratio(total, np.zeros((1, 2, 10)), 0)[0, smile] == pytest.approx(0.5)


def test_closing_a_narrow_eye_fully_is_a_full_closure() -> None:
    total, rest = np.zeros((1, 2, 8, 10)), np.zeros((1, 2, 10))
    eye, row = COLUMNS[Region.EYE].start, MOVEMENTS.index(Movement.EYE_CLOSE_GENTLE)
    rest[0, :, eye] = 8.0, 10.0
    total[0, :, row, eye] = -8.0, -10.0
    assert movement_ratio(total, rest, 0)[0, row] == pytest.approx(1.0)


def test_regions_are_heights_or_lengths() -> None:
    moved = np.zeros((1, 10))
    moved[0, 0], moved[0, COLUMNS[Region.COMMISSURE]] = -2.0, (3.0, 4.0)
    assert region_mm(moved)[0, :3].tolist() == [-2.0, 0.0, 5.0]
