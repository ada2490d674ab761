"""Fissures from hand-made contours of the lids."""

from dataclasses import replace

import numpy as np
import pytest

from facewire.face import Side
from facewire.motion.eyes import (
    EYE_ROW,
    USUAL_GAIN,
    EyeShape,
    closure_gain,
    eye_changes,
    eye_shape,
    eye_zero,
)
from facewire.motion.maps import no_maps
from facewire.motion.pose import HeadPose
from unit.motion.made_face import eyes


def still(n, scale=1.0):
    return HeadPose(
        np.zeros((468, 3)), np.full(n, scale), np.tile(np.eye(3), (n, 1, 1)), np.zeros((n, 2)), None
    )


@pytest.mark.parametrize("roll_deg", [0.0, 25.0, -40.0])
def test_height_of_a_contour_at_any_tilt(roll_deg):
    shape = eye_shape(
        eyes([10, 8], [9, 3], roll_deg=roll_deg), still(2), np.zeros((2, 468, 2)), 1.0
    )
    np.testing.assert_allclose(shape.height_mm[EYE_ROW[Side.RIGHT]], [10, 8])
    np.testing.assert_allclose(shape.height_mm[EYE_ROW[Side.LEFT]], [9, 3])
    np.testing.assert_allclose(shape.lower_mm, -2.0)
    np.testing.assert_allclose(shape.iris_px, 12.0)


def test_nearer_faces_give_the_same_millimetres():
    near = eye_shape(2.0 * eyes([10], [9]), still(1, 2.0), np.zeros((1, 468, 2)), 0.5)
    far = eye_shape(eyes([10], [9]), still(1), np.zeros((1, 468, 2)), 0.5)
    np.testing.assert_allclose(near.height_mm, far.height_mm)
    np.testing.assert_allclose(far.height_mm[:, 0], [5.0, 4.5])


def test_flow_is_the_upward_movement_of_the_lids_skin():
    moved = np.zeros((1, 468, 2))
    moved[0, [386, 385, 387], 1] = -3.0
    moved[0, [145, 144, 153], 1] = 1.0
    shape = eye_shape(eyes([10], [9]), still(1), moved, 0.5)
    assert shape.upper_flow_mm[:, 0] == pytest.approx([0.0, 1.5])
    assert shape.lower_flow_mm[:, 0] == pytest.approx([-0.5, 0.0])


def closing(least_mm):
    """Ten seconds of 10 mm, one of them closed as far as the network shows it."""
    height = np.full((2, 300), 10.0)
    height[0, 100:130] = least_mm
    return height, np.arange(300) < 60


def test_a_full_closure_calibrates():
    assert closure_gain(*closing(2.5)) == pytest.approx(10.0 / 7.5)


def test_the_better_closing_eye_decides():
    height, rest = closing(2.0)
    height[1, 100:130] = 8.0
    assert closure_gain(height, rest) == pytest.approx(1.25)


def test_without_a_closure_the_gain_is_the_usual_one():
    assert closure_gain(*closing(7.0)) == USUAL_GAIN


@pytest.mark.parametrize(("least_mm", "gain"), [(5.5, 2.0), (-1.0, 1.0)])
def test_gain_stays_between_one_and_two(least_mm, gain):
    assert closure_gain(*closing(least_mm)) == gain


def test_a_change_is_the_upper_lids_less_the_lower_lids_times_the_gain():
    """Right: the upper lid sinks by 2 mm, the lower rises by 1; left: the lower alone, by 0.5."""
    rest = np.array([[5.0, 5.0], [5.0, 5.0]])
    right, left = EYE_ROW[Side.RIGHT], EYE_ROW[Side.LEFT]
    upper, lower = rest.copy(), -rest
    upper[right, 1] -= 2.0
    lower[right, 1] += 1.0
    lower[left, 1] += 0.5
    still_flow = np.zeros((2, 2))
    shape = EyeShape(upper, lower, still_flow, still_flow, np.full((2, 2), 12.0))
    zero = replace(eye_zero(shape, np.array([True, False]), np.array([True, True])), gain=1.5)
    change = eye_changes(shape, zero, no_maps())
    np.testing.assert_allclose(change[0], 0.0)
    assert change[1, right] == pytest.approx(1.5 * -3.0)
    assert change[1, left] == pytest.approx(1.5 * -0.5)


def test_where_neither_eye_closes_the_gap_is_read_as_none():
    """A limit that the page of limits names: lids that stop at 4 of 10 mm are taken as closed."""
    height = np.full((2, 300), 10.0)
    height[:, 100:130] = 4.0
    gain = closure_gain(height, np.arange(300) < 60)
    assert 10.0 - gain * (10.0 - 4.0) == pytest.approx(0.0)
