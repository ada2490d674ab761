"""A squashed picture is told by the face's own proportions; faces, turned ones too, are not."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from facewire.motion.pose import HeadPose
from facewire.motion.proportions import squashed, width_to_height
from unit.motion.made_face import turn

N = 4
FACE_PX = {10: (0, -50), 152: (0, 50), 234: (-41.5, 0), 454: (41.5, 0), 33: (-27.5, -20)}
FACE_PX[263] = (27.5, -20)
IRIS_PX = ((5.5, 0), (0, 5), (-5.5, 0), (0, -5))


def face(squash=1.0, yaw_deg=0.0):
    """A face 83 and 55 wide for 100 of its height, its irises drawn 11 wide and 10 high."""
    template = np.zeros((468, 3))
    for point, place in FACE_PX.items():
        template[point, :2] = place
    template[:, 0] *= squash
    mesh = np.zeros((N, 478, 3))
    for first in (469, 474):
        mesh[:, first : first + 4, :2] = IRIS_PX
    mesh[:, :, 0] *= squash * np.cos(np.radians(yaw_deg))
    rotation = turn(np.full(N, yaw_deg), 0, 0, N)
    return mesh, HeadPose(template, np.ones(N), rotation, np.zeros((N, 2)), np.zeros(N))


def test_a_face_like_most_is_as_wide_as_usual():
    assert width_to_height(*face()) == pytest.approx(1.0)


@pytest.mark.parametrize("yaw_deg", [-20.0, 15.0])
def test_a_turned_head_is_not_squashed(yaw_deg):
    assert width_to_height(*face(yaw_deg=yaw_deg)) == pytest.approx(1.0)


@given(st.floats(0.3, 3.0))
def test_a_squash_is_read_as_it_was_made(share):
    ratio = width_to_height(*face(squash=share))
    assert ratio == pytest.approx(share)
    assume(min(abs(share - 0.88), abs(share - 1.13)) > 1e-6)
    assert squashed(ratio) == (pytest.approx(abs(share - 1)) if not 0.88 <= share <= 1.13 else 0)


def test_where_no_iris_was_drawn_nothing_is_said():
    mesh, pose = face()
    mesh[:, 468:] = 0.0
    assert width_to_height(mesh, pose) is None
    assert squashed(None) == 0.0


@pytest.mark.parametrize("share", [3 / 4, 4 / 3])
def test_common_wrong_proportions_are_told_of_people_who_differ(share):
    """The people who were measured lie within 0.92 to 1.07: of each the squash is told."""
    for own in (0.92, 1.0, 1.07):
        assert squashed(own) == 0.0
        assert squashed(own * share) > 0.1
