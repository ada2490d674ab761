"""Head pose: a synthetic rigid head whose movement is known."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from facewire.motion.pose import RIGID_POINTS, HeadPose, fit_head, fit_pose, make_template
from unit.motion.made_face import filmed, head, turn

N = 90
TIMES_S = np.arange(N) / 30.0


def swing(amplitude_deg, hz):
    return amplitude_deg * np.sin(2 * np.pi * hz * TIMES_S)


def test_a_known_movement_is_recovered():
    yaw, pitch, roll = swing(8, 0.5), swing(5, 0.7), swing(6, 0.4)
    rotation = turn(yaw, pitch, roll)
    seen = filmed(head(), rotation, 1.3, (320.0, 240.0))
    pose = fit_pose(make_template(head()), seen)
    np.testing.assert_allclose(pose.angles_deg(), np.column_stack([yaw, pitch, roll]), atol=1e-6)
    np.testing.assert_allclose(pose.scale, 1.3, rtol=1e-9)
    np.testing.assert_allclose(pose.shift_px, np.tile([320.0, 240.0], (N, 1)), atol=1e-6)
    np.testing.assert_allclose(pose.displacement(seen), 0.0, atol=1e-6)


@pytest.mark.parametrize(
    ("point", "axis", "moves", "angle"),
    [
        ([0, 0, -1], 0, 1.0, 0),  # the nose goes to the patient's left, which is the image's right
        ([0, 0, -1], 1, -1.0, 1),  # the nose goes up
        ([0, -1, 0], 0, 1.0, 2),  # the crown goes to the patient's left shoulder
    ],
)
def test_angles_are_positive_as_the_docstring_says(point, axis, moves, angle):
    degrees = np.zeros(3)
    degrees[angle] = 10.0
    rotation = turn(*degrees)[:1]
    assert np.sign((rotation[0] @ point)[axis]) == moves
    pose = HeadPose(head(), np.ones(1), rotation, np.zeros((1, 2)), np.zeros(1))
    np.testing.assert_allclose(pose.angles_deg()[0], degrees, atol=1e-9)


def test_template_stands_upright_in_the_heads_own_frame():
    tilted = head() @ Rotation.from_euler("xyz", [4, -7, 9], degrees=True).as_matrix().T
    template = make_template(tilted + np.array([300, 200, 10]))
    np.testing.assert_allclose(template[168], 0.0, atol=1e-9)
    assert abs(template[152, 0] - template[10, 0]) < 1e-9 * abs(template[152, 1])
    across = [template[left] - template[right] for right, left in ((33, 263), (127, 356))]
    assert np.mean(across, axis=0)[0] > 0


def test_what_a_muscle_moves_does_not_move_the_pose():
    moved = filmed(head(), turn(swing(5, 0.5), 0, 0))
    pulled = np.setdiff1d(np.arange(468), RIGID_POINTS)
    brow = [i for i in RIGID_POINTS if i in (68, 298, 71, 301)]
    moved[:, pulled] += [6.0, -8.0]
    moved[:, brow] += [0.0, -12.0]
    pose = fit_pose(make_template(head()), moved)
    np.testing.assert_allclose(pose.angles_deg()[:, 0], swing(5, 0.5), atol=0.3)
    np.testing.assert_allclose(pose.displacement(moved)[:, 61], np.tile([6, -8], (N, 1)), atol=0.5)


def wrong_depth(factor=1.3, point=61):
    true = make_template(head())
    wrong = true.copy()
    wrong[point, 2] *= factor
    return true, wrong, point


def test_a_wrong_depth_is_found_when_the_head_turns():
    true, wrong, point = wrong_depth()
    pose = fit_head(wrong, filmed(true, turn(swing(8, 0.5), swing(3, 0.8), 0)), TIMES_S)
    error, before = (abs(t[point, 2] - true[point, 2]) for t in (pose.template, wrong))
    assert error < 0.1 * before


def test_frames_in_which_a_point_moves_by_itself_hardly_place_it():
    """A smile in every fifth frame: where the corner lies is what the other frames agree on."""
    true, wrong, point = wrong_depth()
    seen = filmed(true, turn(swing(8, 0.5), swing(3, 0.8), 0))
    seen[::5, point] += [9.0, -12.0]
    pose = fit_head(wrong, seen, TIMES_S)
    np.testing.assert_allclose(pose.template[point], true[point], atol=0.15)


def test_a_still_head_keeps_the_depth_of_the_network():
    true, wrong, point = wrong_depth()
    pose = fit_head(wrong, filmed(true, turn(0, 0, 0)), TIMES_S)
    assert pose.template[point, 2] == pytest.approx(wrong[point, 2], abs=1e-6)
