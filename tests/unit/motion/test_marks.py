"""Marks: gaze, speech, something over the face."""

import numpy as np

from facewire.motion.marks import gaze_off, occluded, speech

N = 100


def eyes(across_mm: float = 0.0, up_mm: float = 0.0, height_mm: float = 10.0) -> np.ndarray:
    """Two eyes 30 mm wide, iris in the middle; the last half of the frames looks away."""
    points = np.zeros((N, 2, 76, 2))
    for row, (outer, inner) in enumerate(((0.0, 30.0), (100.0, 70.0))):
        points[:, row, 0, 0], points[:, row, 8, 0] = outer, inner
        points[:, row, 12, 1], points[:, row, 4, 1] = -5.0, 5.0
        points[:, row, 71, 0] = (outer + inner) / 2
    points[N // 2 :, :, 71] += (across_mm, -up_mm)
    points[N // 2 :, :, 12, 1] = -height_mm / 2
    points[N // 2 :, :, 4, 1] = height_mm / 2
    return points


REST = np.arange(N) < N // 2


def test_straight_gaze_is_unmarked() -> None:
    assert not gaze_off(eyes(), 1.0, REST).any()


def test_gaze_down_is_marked() -> None:
    assert gaze_off(eyes(up_mm=-4.0, height_mm=6.5), 1.0, REST)[N // 2 :].all()


def test_gaze_aside_is_marked() -> None:
    assert gaze_off(eyes(across_mm=5.0), 1.0, REST)[N // 2 :].all()


def test_closed_eyes_say_nothing_about_gaze() -> None:
    assert not gaze_off(eyes(across_mm=5.0, height_mm=2.0), 1.0, REST).any()


def test_eyes_that_move_apart_are_not_gaze() -> None:
    points = eyes(across_mm=5.0)
    points[N // 2 :, 1, 71, 0] -= 10.0
    assert not gaze_off(points, 1.0, REST).any()


def test_syllables_are_marked_at_any_frame_rate() -> None:
    for rate_hz in (25.0, 30.0, 60.0):
        t = np.arange(0.0, 10.0, 1.0 / rate_hz)
        gap = np.where((t > 4) & (t < 8), 1.5 * np.sin(2 * np.pi * 4.5 * t), 0.0)
        marked = speech(t, gap)
        assert marked[(t > 5) & (t < 7)].all()
        assert not marked[t < 3].any()


def test_a_slow_smile_is_not_speech() -> None:
    t = np.arange(0.0, 10.0, 1 / 30)
    rise = np.clip((t - 4.0) / 0.5, 0, 1) - np.clip((t - 6.0) / 0.5, 0, 1)
    assert not speech(t, 6.0 * rise).any()


def test_a_hand_over_the_face_is_marked() -> None:
    mismatch = np.full(N, 4.0)
    mismatch[40:50] = 30.0
    assert occluded(mismatch).sum() == 10


def test_the_usual_mismatch_of_movement_is_not() -> None:
    assert not occluded(np.linspace(2.0, 8.0, N)).any()
