"""The estimated Sunnybrook score of a simulated face, beside that of the measured one."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face import MOVEMENTS, REGIONS, Movement, Region
from facewire.face.muscles import SIDE_CHANNEL_INDEX
from facewire.grading import SUNNYBROOK_MOVEMENTS, SYNKINESIS_REGIONS
from facewire.grading.sunnybrook_estimate import estimate_sunnybrook
from facewire.treatment.sunnybrook import (
    COLUMNS,
    PARTS,
    draw_leaning,
    drawn_face,
    estimate,
    movement_ratio,
    region_mm,
    scores,
)
from facewire.wiring import FaceState, Settings, infer_wiring
from made_treatments import L, R, faces
from simulated.face_states import Group
from simulated.wiring_patients import Kind, simulate_patient

UP = SIDE_CHANNEL_INDEX[Region.COMMISSURE, "up"]
ACROSS = SIDE_CHANNEL_INDEX[Region.COMMISSURE, "across"]
QUICK = Settings(chains=50, sweeps=60, kept=30)


@pytest.mark.parametrize("kind", [Kind.MISWIRED, Kind.WEAK])
@pytest.mark.parametrize("seed", [3, 8])
def test_a_face_as_measured_and_as_inferred_scores_the_same(kind: Kind, seed: int) -> None:
    patient = simulate_patient(seed, kind)
    measured = estimate_sunnybrook(patient.result)
    drawn = estimate(
        FaceState.of_draws(infer_wiring([patient.result], settings=QUICK).draws), patient.affected
    )
    for part in PARTS:
        one, draws = getattr(measured, part), drawn[:, PARTS.index(part)]
        low, high = np.percentile(draws, [2.5, 97.5])
        assert one.ci_low <= draws.mean() <= one.ci_high
        assert low <= one.ci_high
        assert one.ci_low <= high
    composite = drawn[:, PARTS.index("composite")]
    assert measured.composite.expected is not None
    assert composite.mean() == pytest.approx(measured.composite.expected, abs=4.0)
    assert np.percentile(composite, 2.5) <= measured.composite.expected
    assert measured.composite.expected <= np.percentile(composite, 97.5)


def test_what_a_rater_sees_of_a_face() -> None:
    involuntary, ratio = np.zeros((1, 8, 7)), np.arange(8.0)[None]
    pucker, smile = (MOVEMENTS.index(m) for m in (Movement.LIP_PUCKER, Movement.SMILE_OPEN))
    involuntary[0, pucker, REGIONS.index(Region.EYE)] = -2.0
    difference = np.zeros((1, 10))
    difference[0, COLUMNS[Region.EYE]] = -1.5
    difference[0, [ACROSS, UP]] = 3.0, -4.0
    seen = drawn_face(involuntary, ratio, difference)
    row = SUNNYBROOK_MOVEMENTS.index(Movement.LIP_PUCKER)
    narrowing = seen.involuntary_mm[0, row, SYNKINESIS_REGIONS.index(Region.EYE)]
    assert narrowing == pytest.approx(2.0)
    assert np.isnan(seen.involuntary_mm[0, row, SYNKINESIS_REGIONS.index(Region.COMMISSURE)])
    assert seen.ratio[0, SUNNYBROOK_MOVEMENTS.index(Movement.SMILE_OPEN)] == smile
    assert abs(seen.rest_eye_mm[0]) == pytest.approx(1.5)
    assert seen.rest_mouth_mm[0] == pytest.approx(5.0)


def test_days_are_scored_together_as_one_by_one() -> None:
    made = [drawn_face(np.full((3, 8, 7), mm), np.ones((3, 8)), np.zeros((3, 10))) for mm in (1, 3)]
    leaning = draw_leaning(3, 1)
    found = scores(made, leaning)
    assert found.shape == (2, 3, 4)
    assert np.allclose(found[1], scores(made[1:], leaning)[0])
    assert scores([], leaning).shape == (0, 3, 4)


def test_healthy_faces_lose_little_but_the_fold_that_is_not_seen() -> None:
    healthy = estimate(faces(200, 1, Group(strength=1.0, severity=0.0)), L).mean(axis=0)
    assert healthy[0] > 88
    assert healthy[1] == pytest.approx(5.0, abs=0.2)


def test_flaccid_faces_lose_movement_not_synkinesis() -> None:
    score = estimate(faces(200, 1, Group(strength=0.2, severity=0.0)), L).mean(axis=0)
    assert score[2] < 45
    assert score[3] == pytest.approx(0.0, abs=0.01)


def test_more_synkinesis_scores_lower() -> None:
    means = [estimate(faces(200, 1, Group(severity=s)), L)[:, 0].mean() for s in (0, 0.5, 1, 2)]
    assert means == sorted(means, reverse=True)


def test_mirrored_faces_score_the_same() -> None:
    assert np.allclose(estimate(faces(), L), estimate(faces().mirrored(), R))


def test_the_leaning_of_the_rater_is_repeatable_and_spreads_the_scores() -> None:
    one, again = draw_leaning(200, 3), draw_leaning(200, 3)
    assert np.array_equal(one, again)
    assert one.std() == pytest.approx(1.0, abs=0.05)
    alike = drawn_face(np.full((200, 8, 7), 2.0), np.full((200, 8), 0.6), np.zeros((200, 10)))
    assert scores([alike], one)[0, :, 0].std() > 2.0


def test_half_a_smile_is_half_the_other_side_s() -> None:
    total = np.zeros((1, 2, 8, 10))
    smile = MOVEMENTS.index(Movement.SMILE_OPEN)
    total[0, 1, smile, UP], total[0, 0, smile, UP] = 8.0, 4.0
    assert movement_ratio(total, np.zeros((1, 2, 10)), 0, total)[0, smile] == pytest.approx(0.5)


def test_closing_a_narrow_eye_fully_is_a_full_closure() -> None:
    total, rest = np.zeros((1, 2, 8, 10)), np.zeros((1, 2, 10))
    eye, row = COLUMNS[Region.EYE].start, MOVEMENTS.index(Movement.EYE_CLOSE_GENTLE)
    rest[0, :, eye] = 8.0, 10.0
    total[0, :, row, eye] = -8.0, -10.0
    assert movement_ratio(total, rest, 0, total)[0, row] == pytest.approx(1.0)


def test_regions_are_heights_or_lengths() -> None:
    moved = np.zeros((1, 10))
    moved[0, 0], moved[0, COLUMNS[Region.COMMISSURE]] = -2.0, (3.0, 4.0)
    assert region_mm(moved)[0, :3].tolist() == [-2.0, 0.0, 5.0]
