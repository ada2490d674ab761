"""Estimated Sunnybrook scores: ranges over what is not known, and the order of kinds of faces."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import SIDES, Region, Side
from facewire.grading import (
    SUNNYBROOK_MOVEMENTS,
    SYNKINESIS_REGIONS,
    DrawnFace,
    expected_scores,
)
from facewire.grading.eface import estimate_eface_like
from facewire.grading.facts import fact
from facewire.grading.sunnybrook_estimate import estimate_sunnybrook
from unit.grading.made_measurement import by_hand, changed, measured

SMILE_EYE = ("smile_open", "eye", "R")


@cache
def graded(kind, seed=1, side=Side.RIGHT):
    return estimate_sunnybrook(measured(kind, seed, side))


@pytest.mark.parametrize("seed", [1, 2])
def test_healthy_faces_score_as_healthy_people_do(seed):
    healthy = fact("sunnybrook.healthy.right_reference")
    found = graded("healthy", seed).composite
    assert healthy["min"] <= found.expected <= healthy["max"]
    assert healthy["min"] <= found.ci_low < found.ci_high <= healthy["max"]


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
def test_synkinetic_faces_score_lower(side):
    ill, well = graded("synkinetic", 1, side), graded("healthy")
    assert ill.composite.expected < well.composite.expected - 10
    assert ill.synkinesis.expected > well.synkinesis.expected + 4
    assert ill.synkinesis.ci_low > well.synkinesis.expected


@pytest.mark.slow
def test_flaccid_faces_lose_voluntary_points_and_have_no_synkinesis():
    flaccid, well = graded("flaccid"), graded("healthy")
    assert flaccid.voluntary.ci_high < well.voluntary.ci_low
    assert flaccid.synkinesis.expected < 2


def test_mirrored_faces_score_alike():
    right, left = (graded("synkinetic", 1, side).composite for side in (Side.RIGHT, Side.LEFT))
    assert right.expected == pytest.approx(left.expected, abs=0.01)


def test_the_composite_follows_from_its_parts():
    found = graded("synkinetic")
    parts = found.voluntary.expected - found.resting.expected - found.synkinesis.expected
    assert found.composite.expected == pytest.approx(parts)


def test_the_nasolabial_fold_stays_blank():
    fold = graded("healthy").items["resting"]["cheek_nasolabial_fold"]
    assert fold.blank
    assert "nasolabial fold" in fold.reason


def test_a_filled_blank_narrows_the_range():
    document = by_hand()
    filled = estimate_sunnybrook(document, {"resting": {"cheek_nasolabial_fold": 0}}).composite
    open_ = estimate_sunnybrook(document).composite
    assert filled.ci_low == open_.ci_low + 10
    assert filled.expected == pytest.approx(open_.expected + 5)


def test_a_clinician_s_grade_does_not_touch_an_estimate():
    document = by_hand()
    given = estimate_sunnybrook(document, {"voluntary": {"smile_open": 1}})
    assert given.voluntary == estimate_sunnybrook(document).voluntary


def test_symmetric_by_hand_is_nearly_full():
    found = estimate_sunnybrook(by_hand())
    assert found.voluntary.expected == pytest.approx(100, abs=3)
    assert found.synkinesis.expected == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize(("ratio", "grade"), [(0.02, 1), (0.25, 2), (0.5, 3), (0.72, 4), (1.0, 5)])
def test_movement_against_the_other_side_makes_the_grade(ratio, grade):
    where = ("smile_open", "commissure", "R")
    document = changed(by_hand(), "voluntary", where, excursion_mm=8.0 * ratio)
    chances = estimate_sunnybrook(document).items["voluntary"]["smile_open"].probabilities()
    assert max(chances, key=lambda g: chances[g]) == grade
    assert chances[grade] < 0.97


def test_narrower_eyes_that_close_fully_close_fully():
    document = by_hand()
    own = tuple(
        cell.replaced(position_mm=8.0, ci_low=7.0, ci_high=9.0)
        if (cell.region, cell.side) == (Region.EYE, Side.RIGHT)
        else cell
        for cell in document.rest
    )
    where = ("eye_close_gentle", "eye", "R")
    narrow = changed(document.replaced(rest=own), "voluntary", where, excursion_mm=6.4)
    reading = estimate_sunnybrook(narrow).items["voluntary"]["eye_close_gentle"].sights[0][0]
    assert reading.reading.value == pytest.approx(1.0)


def test_more_narrowing_never_lowers_the_grade():
    expected = [
        estimate_sunnybrook(
            changed(by_hand(), "synkinesis", SMILE_EYE, change_mm=-mm)
        ).synkinesis.expected
        for mm in (0.5, 1.0, 2.0, 4.0, 8.0)
    ]
    assert expected == sorted(expected)
    assert expected[-1] - expected[0] > 2


def test_widening_of_the_eye_is_no_synkinesis():
    wide = changed(by_hand(), "synkinesis", SMILE_EYE, change_mm=4.0)
    assert estimate_sunnybrook(wide).synkinesis.expected < 0.3


def test_what_is_not_measured_is_blank_with_its_reason():
    where = ("snarl", "ala", "R")
    nothing = dict.fromkeys(("excursion_mm", "excursion_sd_mm", "ci_low", "ci_high"))
    nothing |= {"reason": "not recorded"}
    found = estimate_sunnybrook(changed(by_hand(), "voluntary", where, **nothing))
    item = found.items["voluntary"]["snarl"]
    assert (item.blank, item.reason) == (True, "not recorded")
    full = estimate_sunnybrook(by_hand()).voluntary
    assert found.voluntary.ci_low <= full.ci_low - 12


def test_a_still_other_side_is_no_reference():
    document = changed(by_hand(), "voluntary", ("snarl", "ala", "L"), excursion_mm=0.3)
    assert "hardly moved" in estimate_sunnybrook(document).items["voluntary"]["snarl"].reason


def test_with_both_sides_affected_everything_is_blank():
    found = estimate_sunnybrook(by_hand(None, "both"))
    assert found.composite.expected is None
    assert (found.composite.ci_low, found.composite.ci_high) == (-15, 100)
    assert "both sides" in found.items["voluntary"]["smile_open"].reason


def test_without_an_affected_side_each_side_is_graded():
    document = by_hand(None, "none")
    sights = estimate_sunnybrook(document).items["voluntary"]["smile_open"].sights
    assert len(sights) == 2
    uneven = changed(document, "voluntary", ("smile_open", "commissure", "R"), excursion_mm=4.0)
    chances = estimate_sunnybrook(uneven).items["voluntary"]["smile_open"].probabilities()
    assert chances[5] == pytest.approx(0.5, abs=0.02)


def test_a_larger_deviation_widens_the_range():
    """The stored deviation counts; an interval that was clipped does not narrow it."""
    document = by_hand()
    rows = tuple(cell.replaced(excursion_sd_mm=3.0) for cell in document.voluntary)
    sure, unsure = (estimate_sunnybrook(d) for d in (document, document.replaced(voluntary=rows)))
    assert unsure.voluntary.ci_low < sure.voluntary.ci_low


def test_a_gap_clipped_at_nothing_keeps_its_own_deviation():
    """0.81 mm of a 10 mm fissure are 8.1 %, so 15.9 to either side, not half of 0 to 1.74."""
    document = by_hand()
    gaps = tuple(
        cell.replaced(gap_mm=0.15, gap_sd_mm=0.81, ci_low=0.0, ci_high=1.74)
        for cell in document.eye_closure
    )
    closure = estimate_eface_like(document.replaced(eye_closure=gaps)).items["dynamic"]
    low = 100.0 - 1.959964 * 8.1
    assert closure["gentle_closure"].ci_low == pytest.approx(low, abs=0.01)


def test_a_file_without_deviations_is_refused_not_guessed():
    document = by_hand()
    rows = tuple(cell.replaced(excursion_sd_mm=None) for cell in document.voluntary)
    with pytest.raises(UsageError, match="no standard deviations"):
        estimate_sunnybrook(document.replaced(voluntary=rows))


def test_unseen_parts_can_only_lower_the_composite():
    found = graded("healthy")
    assert found.lowest_with_unseen <= found.composite.ci_low


def drawn(ratio, narrowing, n=3):
    involuntary = np.zeros((n, 5, len(SYNKINESIS_REGIONS)))
    involuntary[:, 2, 0] = narrowing
    return DrawnFace(np.full((n, 5), ratio), involuntary, np.zeros(n), np.zeros(n))


@pytest.mark.parametrize(("ratio", "narrowing"), [(1.0, 0.0), (0.5, 2.0), (0.8, 4.0)])
def test_draws_follow_the_same_relation(ratio, narrowing):
    """Scores of draws, averaged over raters, are those of the same face measured without error."""
    document = by_hand()
    targets = ("brow", "eye", "commissure", "ala", "commissure")
    for movement, region in zip(SUNNYBROOK_MOVEMENTS, targets, strict=True):
        where = (str(movement), region, "R")
        document = changed(document, "voluntary", where, excursion_mm=8.0 * ratio)
    document = changed(document, "synkinesis", SMILE_EYE, change_mm=-narrowing)
    measured_ = estimate_sunnybrook(document)
    lean = np.random.default_rng(3).normal(size=20_000)
    scores = expected_scores(drawn(ratio, narrowing, 20_000), lean).mean(axis=0)
    wanted = [
        r.expected
        for r in (measured_.composite, measured_.resting, measured_.voluntary, measured_.synkinesis)
    ]
    assert list(scores) == pytest.approx(wanted, abs=0.8)


def test_draws_of_the_wrong_shape_are_refused():
    with pytest.raises(UsageError, match=r"wrong shape.*\(3, 5, 3\)"):
        DrawnFace(np.ones((3, 5)), np.ones((3, 5, 7)), np.ones(3), np.ones(3))


def test_eface_like_scores_of_a_symmetric_face_are_100():
    found = estimate_eface_like(by_hand())
    for part in (found.static, found.dynamic, found.synkinesis, found.total):
        assert (part.expected, part.ci_high) == (pytest.approx(100.0), 100.0)
        assert part.ci_low < 100.0


def test_a_ratio_at_rest_has_the_error_of_the_difference_between_the_sides():
    """Both fissures P mm: the ratio's error is that of their difference over P, in percent."""
    document = by_hand()
    cell = document.rest_cell(Region.EYE, "height", Side.RIGHT)
    wanted = 100.0 * cell.difference.sd / cell.position_mm
    found = estimate_eface_like(document).items["static"]["palpebral_fissure"]
    # Folded at 100 %: the whole interval's width is how far it reaches below.
    assert 100.0 - found.ci_low == pytest.approx(1.96 * wanted, rel=0.02)


def test_ocular_synkinesis_is_the_lesser_fissure_ratio():
    document = by_hand()
    for movement, left, right in (("smile_open", -2.0, -5.0), ("lip_pucker", -1.0, -1.0)):
        for side, value in (("L", left), ("R", right)):
            where = (movement, "eye", side)
            document = changed(document, "voluntary", where, excursion_mm=value)
    assert estimate_eface_like(document).synkinesis.expected == pytest.approx(100 * 5 / 8)


def test_eface_like_says_what_was_not_measured():
    found = estimate_eface_like(by_hand().replaced(eye_closure=()))
    assert (found.total.expected, found.total.reason) == (None, "not measured")
    assert found.static.expected is not None


@pytest.mark.parametrize("kind", ["synkinetic", "flaccid"])
def test_eface_like_total_is_lower_in_patients(kind):
    ill, well = (estimate_eface_like(measured(k)).total.expected for k in (kind, "healthy"))
    assert ill < well - 5


def test_eface_sub_scores_are_means_of_folded_items():
    """Miller 2021: 90 and 110 % count alike, the three sub-scores have one mean."""
    document = by_hand()
    for movement, region, side, value in (
        ("brow_raise", "brow", "R", 4.0),  # 50 %
        ("smile_open", "commissure", "R", 9.6),  # 120 % counts as 80
        ("lower_teeth_show", "lower_lip", "R", 4.8),  # 60 %
    ):
        document = changed(document, "voluntary", (movement, region, side), excursion_mm=value)
    found = estimate_eface_like(document)
    assert found.dynamic.expected == pytest.approx((50 + 80 + 60 + 100 + 100) / 5)
    total = (found.static.expected + found.dynamic.expected + found.synkinesis.expected) / 3
    assert found.total.expected == pytest.approx(total)
