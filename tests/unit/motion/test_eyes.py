"""Fissures from hand-made contours of the lids."""

import numpy as np
import pytest

from facewire.face import Side
from facewire.motion.eyes import (
    EYE_ROW,
    closed_reading,
    fissure_heights,
    pupil_margins,
    without_reading,
)
from facewire.motion.pose import HeadPose
from unit.motion.made_face import eyes

RIGHT, LEFT = EYE_ROW[Side.RIGHT], EYE_ROW[Side.LEFT]


def still(n, scale=1.0):
    return HeadPose(
        np.zeros((468, 3)), np.full(n, scale), np.tile(np.eye(3), (n, 1, 1)), np.zeros((n, 2)), None
    )


@pytest.mark.parametrize("roll_deg", [0.0, 25.0, -40.0])
def test_height_of_a_contour_at_any_tilt(roll_deg):
    found = fissure_heights(eyes([10, 8], [9, 3], roll_deg=roll_deg), still(2), 1.0)
    np.testing.assert_allclose(found[:, RIGHT], [10, 8])
    np.testing.assert_allclose(found[:, LEFT], [9, 3])


def test_nearer_faces_give_the_same_millimetres():
    near = fissure_heights(2.0 * eyes([10], [9]), still(1, 2.0), 0.5)
    far = fissure_heights(eyes([10], [9]), still(1), 0.5)
    np.testing.assert_allclose(near, far)
    np.testing.assert_allclose(far[0, [RIGHT, LEFT]], [5.0, 4.5])


def test_a_raised_lower_lid_narrows_the_eye_too():
    open_, raised = (
        fissure_heights(eyes([h], [9], lower_px=p), still(1), 1.0) for h, p in ((10, 2.0), (9, 1.0))
    )
    assert (raised - open_)[0, RIGHT] == pytest.approx(-1.0)


@pytest.mark.parametrize("roll_deg", [0.0, 25.0])
def test_margins_about_the_pupil_at_any_tilt(roll_deg):
    """Lids at 8 and 7 px over the corners' line and 2 px under it, level from point to point.

    The iris is drawn with its middle on the line, 12 px wide: the pupil lies 0.384 px higher.
    """
    seen = eyes([10, 9], [9, 3], roll_deg=roll_deg)
    found = pupil_margins(seen, still(2, 2.0), 0.5)
    places = [[[8, 2], [7, 2]], [[7, 2], [1, 2]]]
    by_hand = np.add(places, (-0.384, 0.384))
    np.testing.assert_allclose(found[:, [RIGHT, LEFT]], by_hand / 4, atol=1e-9)


def test_a_lid_that_hides_the_pupil_stands_below_0():
    seen = eyes([2.2], [9])
    assert pupil_margins(seen, still(1), 1.0)[0, RIGHT, 0] == pytest.approx(0.2 - 0.384)


def sitting(closed_mm, *, held=10, rate_hz=30, length_s=60):
    """A minute of 10 mm; the right eye shuts once, for some frames."""
    heights = np.full((rate_hz * length_s, 2), 10.0)
    heights[300 : 300 + held, RIGHT] = closed_mm
    return closed_reading(heights, 1 / rate_hz)


def test_what_shut_lids_are_read_apart_does_not_hang_on_how_long_somebody_sits_there():
    assert sitting(0.8) == sitting(0.8, length_s=600) == 0.8


def test_a_glimpse_is_no_closure():
    assert sitting(0.8, held=2) == 0.0
    assert sitting(0.8, held=3) == 0.8


def test_lids_that_stay_apart_are_not_taken_for_shut():
    assert sitting(1.6) == 0.0


def test_slits_by_hand():
    """Shut lids read 1 mm: 1 is 0, half way from there to 2.5 is 1.25, and 2.5 and more stay."""
    found = without_reading(np.array([0.7, 1.0, 1.75, 2.5, 9.0]), 1.0)
    np.testing.assert_allclose(found, [0.0, 0.0, 1.25, 2.5, 9.0])
    np.testing.assert_allclose(without_reading(np.array([0.7, 9.0]), 0.0), [0.7, 9.0])
