from __future__ import annotations

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Region, Side
from facewire.motion import FixedHead, Hold, MotionSignals, face_meshes
from facewire.motion.mesh import opened
from facewire.motion.pose import HeadPose
from facewire.results.measurement import Scale
from unit.motion.made_face import contour, filmed, head, turn

N = 90
SCALE = Scale(source="iris", reference_mm=11.7, relative_sd=0.04, mm_per_px=0.5)
CORNER = 61
HOLDS = (Hold("smile_open", 1.0, 1.9, 0.0, 0.9), Hold("smile_open", 2.0, 2.9, 0.0, 0.9))


def recording(moved_px=(-4.0, -6.0), yaw_deg=0.0, fissure_mm=10.0):
    """3 s of a face whose right corner moves in the 2nd and, half as far, in the 3rd second."""
    template = head()
    times = np.arange(N) / 30
    rotation = turn(np.linspace(0, yaw_deg, N), 0.0, 0.0, N)
    share = np.select([times >= 2.0, times >= 1.0], [0.5, 1.0], 0.0)
    flat = np.array([filmed(template, rotation[[i]])[0] for i in range(N)])
    shown = np.einsum("nij,j->ni", rotation[:, :2, :2], np.array(moved_px))
    flat[:, CORNER] += share[:, None] * shown
    eye = [contour(20.0, side) for side in (Side.RIGHT, Side.LEFT)]
    eyes = np.broadcast_to(np.array(eye), (N, 2, 76, 2)).copy()
    pose = HeadPose(template, np.ones(N), rotation, np.zeros((N, 2)), np.zeros(N))
    every = np.ones(N, dtype=bool)
    fixed = FixedHead(every, flat, eyes, times < 1.0, True, pose, SCALE, 0.5)
    return fixed, signals(times, fissure_mm)


def signals(times, fissure_mm):
    position = np.zeros((N, len(CHANNELS)))
    for side in Side:
        position[:, CHANNEL_INDEX[Channel(Region.EYE, side, "height")]] = fissure_mm
    none = np.zeros(N, dtype=bool)
    return MotionSignals(times, position, position * 0, np.zeros((N, 3)), none, {}, SCALE)


@pytest.mark.parametrize("yaw_deg", [0.0, 12.0])
def test_movement_is_the_mean_of_the_repetitions_in_mm(yaw_deg):
    found = face_meshes(*recording(yaw_deg=yaw_deg), HOLDS, (0.0, 0.9))
    smile = found.movements["smile_open"]
    moved = smile.points_mm - found.rest.points_mm
    # 0.75 of 4 px outward on the right and 6 px up, 0.5 mm a pixel
    assert moved[CORNER] == pytest.approx([-1.5, 2.25], abs=1e-6)
    assert np.delete(moved, CORNER, axis=0) == pytest.approx(0.0, abs=1e-6)
    assert smile.repetitions == 2


def test_left_is_positive_and_up_is_positive():
    rest = face_meshes(*recording(), (), (0.0, 0.9)).rest.points_mm
    assert rest[291, 0] > 0 > rest[CORNER, 0]
    assert rest[10, 1] > rest[152, 1]
    assert rest[[133, 362]].mean(axis=0) == pytest.approx([0.0, 0.0], abs=1e-9)


def test_a_movement_that_was_not_seen_is_left_out():
    unseen = Hold("snarl", 8.0, 9.0, 0.0, 0.9)
    assert set(face_meshes(*recording(), (*HOLDS, unseen), (0.0, 0.9)).movements) == {"smile_open"}


def test_without_an_opening_rest_there_is_no_mesh():
    assert face_meshes(*recording(), HOLDS, (50.0, 60.0)) is None


def test_lids_open_as_far_as_the_measured_fissure():
    rest = face_meshes(*recording(fissure_mm=7.0), (), (0.0, 0.9)).rest
    for side in Side:
        gap = rest.lids_mm[side][12, 1] - rest.lids_mm[side][4, 1]
        assert gap == pytest.approx(7.0)


def lids(height_mm):
    across = np.linspace(0, 10, 9)
    bend = np.sin(np.pi * across / 10)
    lower = np.column_stack([across, -0.3 * height_mm * bend])
    upper = np.column_stack([across, 0.7 * height_mm * bend])[1:8]
    return np.concatenate([lower, upper])


@pytest.mark.parametrize("fissure_mm", [0.0, -0.5])
def test_a_closed_eye_meets_on_the_lower_lid(fissure_mm):
    shown = opened(lids(3.0), fissure_mm)
    assert shown[9:16] == pytest.approx(shown[1:8])
    assert shown[:9] == pytest.approx(lids(3.0)[:9])


def test_an_unmeasured_eye_stays_as_the_network_sees_it():
    assert opened(lids(8.0), float("nan")) == pytest.approx(lids(8.0))


def test_an_eye_measured_as_the_network_sees_it_is_unchanged():
    edge = lids(10.0)
    seen = float((edge[11:14] - edge[3:6])[:, 1].mean())
    assert opened(edge, seen) == pytest.approx(edge)
