"""The involuntary part, worked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from facewire.errors import TrackError
from facewire.face import Movement, Region, Side
from facewire.motion.maps import left_over_sd_mm
from facewire.synkinesis.norms import EYE_CHANGE
from facewire.synkinesis.parts import (
    CALIBRATION,
    CLOSED_RATIO_SD,
    RATIO_SD,
    USUAL_SPREAD_MM,
    InvoluntaryPart,
    involuntary_part,
)
from unit.synkinesis.made_evidence import evidence_of

L, R = Side.LEFT, Side.RIGHT
SMILE = Movement.SMILE_OPEN


TWICE = 2
"""Equal repetitions show that there is no spread."""


def smile(own_eye=-5.0, other_eye=-2.0, own_mm=4.0, other_mm=8.0, movement=SMILE):
    """The right side is affected; its smile has half the strength."""
    return [
        (
            movement,
            {
                (Region.COMMISSURE, R): (0.0, own_mm),
                (Region.COMMISSURE, L): (0.0, other_mm),
                (Region.EYE, R): (own_eye,),
                (Region.EYE, L): (other_eye,),
            },
        )
    ] * TWICE


def floor(region, part, *, difference, movement=SMILE):
    return CALIBRATION * left_over_sd_mm(movement, region, part, difference=difference, fitted=True)


def test_from_the_other_side_alone():
    """Half as strong a smile: half of the other eye's 2 mm is expected, 4 of 5 are not."""
    part = involuntary_part(evidence_of(smile(), healthy_norms=False), SMILE, Region.EYE, R)
    one, both = (floor(Region.EYE, "height", difference=d) for d in (False, True))
    scaling = RATIO_SD * 0.5 * 2.0
    assert part.value == pytest.approx([-4.0])
    assert part.sd == pytest.approx([np.sqrt(0.25 * one**2 + 0.5 * both**2 + scaling**2)])
    assert part.vs_other == pytest.approx(part.value)
    assert np.isnan(part.vs_norm)


def test_from_healthy_faces_alone():
    """Of a fissure of 10 mm a full smile closes 2.156; half as strong a smile, half of that."""
    part = involuntary_part(evidence_of(smile(), other_side=False), SMILE, Region.EYE, R)
    spread = EYE_CHANGE[SMILE].sd * 10.0
    assert part.value == pytest.approx([-5.0 + 1.078])
    assert part.sd == pytest.approx(
        [np.hypot(floor(Region.EYE, "height", difference=False), spread)]
    )
    assert part.vs_norm == part.value


def test_both_are_weighed_by_inverse_variance():
    alone = [
        involuntary_part(evidence_of(smile(), **{use: False}), SMILE, Region.EYE, R)
        for use in ("healthy_norms", "other_side")
    ]
    weights = np.array([1 / p.sd[0] ** 2 for p in alone])
    part = involuntary_part(evidence_of(smile()), SMILE, Region.EYE, R)
    mean = weights @ [p.value[0] for p in alone] / weights.sum()
    assert part.value == pytest.approx([mean])
    assert part.sd == pytest.approx([1 / np.sqrt(weights.sum())])


def test_references_that_disagree_leave_it_uncertain():
    """Against the other side -6 mm, against healthy faces nothing: a variance times chi-squared."""
    mean_mm = -6.0 - EYE_CHANGE[SMILE].mean * 10.0
    evidence = evidence_of(smile(own_eye=-6.0, other_eye=0.0, own_mm=8.0) * TWICE)
    part = involuntary_part(evidence, SMILE, Region.EYE, R)
    one = involuntary_part(
        evidence_of(smile(own_eye=-6.0, other_eye=0.0, own_mm=8.0) * TWICE, healthy_norms=False),
        SMILE,
        Region.EYE,
        R,
    )
    norm_only = involuntary_part(
        evidence_of(smile(own_eye=-6.0, other_eye=0.0, own_mm=8.0) * TWICE, other_side=False),
        SMILE,
        Region.EYE,
        R,
    )
    assert norm_only.value[0] == pytest.approx(mean_mm)
    variances = one.covariance[0, 0], norm_only.covariance[0, 0]
    joint = 1 / sum(1 / v for v in variances)
    apart = (one.value[0] - norm_only.value[0]) ** 2 / sum(variances)
    assert apart > 1
    assert part.covariance[0, 0] == pytest.approx(joint * apart)


def test_sides_of_equal_strength_leave_the_error_of_their_difference():
    part = involuntary_part(
        evidence_of(smile(own_mm=8.0), healthy_norms=False), SMILE, Region.EYE, R
    )
    assert part.value == pytest.approx([-3.0])
    assert part.sd == pytest.approx([floor(Region.EYE, "height", difference=True)])


@pytest.mark.parametrize(("own_mm", "expected"), [(9.6, -3.0), (16.0, -1.0)])
def test_a_little_more_strength_is_not_credited(own_mm, expected):
    evidence = evidence_of(smile(own_mm=own_mm), healthy_norms=False)
    assert involuntary_part(evidence, SMILE, Region.EYE, R).value == pytest.approx([expected])


def test_closures_do_not_tell_how_weak_a_side_is():
    tight = Movement.EYE_CLOSE_TIGHT
    face = {
        (Region.EYE, R): (-10.0,),
        (Region.EYE, L): (-10.0,),
        (Region.COMMISSURE, R): (3.0, 3.0),
        (Region.COMMISSURE, L): (1.0, 2.0),
    }
    part = involuntary_part(evidence_of([(tight, face)] * TWICE), tight, Region.COMMISSURE, R)
    both = [floor(Region.COMMISSURE, p, difference=True, movement=tight) for p in ("across", "up")]
    assert part.value == pytest.approx([2.0, 1.0])
    assert part.sd == pytest.approx(np.hypot(both, CLOSED_RATIO_SD * np.array([1.0, 2.0])))


def test_the_chin_has_no_other_side():
    tight = Movement.EYE_CLOSE_TIGHT
    part = involuntary_part(
        evidence_of([(tight, {(Region.CHIN, None): (0.5, 1.0)})]), tight, Region.CHIN, R
    )
    assert part.value == pytest.approx([0.5, 1.0])
    assert np.isnan(part.vs_other).all()


def test_without_any_reference_there_is_no_answer():
    evidence = evidence_of(smile(movement=Movement.SNARL), other_side=False, healthy_norms=False)
    part = involuntary_part(evidence, Movement.SNARL, Region.EYE, R)
    assert np.isnan(part.value).all()


def test_an_unmeasured_target_gives_no_expectation():
    evidence = evidence_of(smile(own_mm=np.nan), healthy_norms=False)
    assert np.isnan(involuntary_part(evidence, SMILE, Region.EYE, R).value).all()


def test_length_without_its_noise():
    part = InvoluntaryPart(np.array([3.0, 4.0]), np.diag([1.0, 4.0]), *[np.full(2, np.nan)] * 2)
    assert part.length_mm == pytest.approx(np.sqrt(25 - 5))
    assert part.length_sd_mm == pytest.approx(np.sqrt((9 * 1 + 16 * 4) / 25))
    assert part.z == pytest.approx(np.sqrt(9 + 4))


def test_noise_alone_has_no_length():
    part = InvoluntaryPart(np.array([0.1, 0.1]), 0.25 * np.eye(2), *[np.full(2, np.nan)] * 2)
    assert part.length_mm == 0.0


def test_repetitions_that_differ_widen_the_interval():
    calm = smile()
    shaky = [smile(own_eye=x)[0] for x in (-1.0, -9.0)]
    sd = [
        evidence_of(rows).change_sd(SMILE, Region.EYE, R, difference=False)[0]
        for rows in (calm, shaky)
    ]
    assert sd[0] == pytest.approx(floor(Region.EYE, "height", difference=False))
    assert sd[1] > 2.0 * sd[0]


def test_a_single_repetition_has_the_usual_spread():
    evidence = evidence_of(smile()[:1])
    found = evidence.change_sd(SMILE, Region.BROW, R, difference=True)
    assert found == pytest.approx([CALIBRATION * np.sqrt(2) * USUAL_SPREAD_MM])


def test_errors_along_the_change_widen_it_and_errors_across_it_do_not():
    """A change of (3, 4) with a deviation of 1 along it and nothing beside it, and the reverse."""
    along = np.array([0.6, 0.8])
    beside = np.array([-0.8, 0.6])
    nan = np.full(2, np.nan)
    for direction, sd in ((along, 1.0), (beside, 0.1)):
        covariance = np.outer(direction, direction) + 0.01 * np.eye(2)
        part = InvoluntaryPart(np.array([3.0, 4.0]), covariance, nan, nan)
        assert part.length_sd_mm == pytest.approx(np.hypot(sd, 0.1) if sd == 1.0 else 0.1)


def test_a_wrong_ratio_errs_along_the_other_sides_change():
    """A closure with the other corner drawn by (3, 4): doubt of 0.3 of it, along it."""
    closure = Movement.EYE_CLOSE_GENTLE
    face = {
        (Region.EYE, R): (-8.0,),
        (Region.EYE, L): (-8.0,),
        (Region.COMMISSURE, R): (0.0, 0.0),
        (Region.COMMISSURE, L): (3.0, 4.0),
    }
    part = involuntary_part(evidence_of([(closure, face)] * TWICE), closure, Region.COMMISSURE, R)
    sds = [floor(Region.COMMISSURE, c, difference=True, movement=closure) for c in ("across", "up")]
    wanted = np.diag(np.square(sds)) + CLOSED_RATIO_SD**2 * np.array([[9.0, 12.0], [12.0, 16.0]])
    assert part.covariance == pytest.approx(wanted)


def test_impossible_parts_are_refused():
    nan = np.full(2, np.nan)
    with pytest.raises(TrackError, match="wrong shape"):
        InvoluntaryPart(np.zeros(2), np.ones(2), nan, nan)
    with pytest.raises(TrackError, match="without any uncertainty"):
        InvoluntaryPart(np.zeros(2), np.zeros((2, 2)), nan, nan)


@pytest.mark.parametrize("fissure_mm", [0.0, -3.0])
def test_an_impossible_fissure_is_refused(fissure_mm):
    with pytest.raises(TrackError, match="resting fissures cannot be"):
        replace(evidence_of(smile()), rest_fissure_mm={L: fissure_mm, R: 10.0})
