"""Which of several faces is followed, and how many are counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.landmarks.detectors.crop import Square
from facewire.landmarks.detectors.face_detector import Detection, face_square
from facewire.landmarks.faces import (
    FaceCount,
    check_face,
    chosen_square,
    moved_by,
    one_of_each,
    windows,
)
from facewire.pipeline import TrackOptions
from facewire.video import Frame


def _face(x_px: float, width_px: float) -> Detection:
    left = x_px - width_px / 2
    eyes = (x_px - width_px / 4, 40.0), (x_px + width_px / 4, 40.0)
    return Detection(left, 0.0, width_px, width_px, *eyes, score=0.9)


HELPER, PATIENT, POSTER = _face(700, 300), _face(300, 150), _face(50, 40)
ALL = [HELPER, POSTER, PATIENT]


@pytest.mark.parametrize(
    ("which", "x_px"), [("largest", 700), ("left", 300), ("right", 700), ("1", 300), ("2", 700)]
)
def test_the_face_that_is_meant(which: str, x_px: float) -> None:
    """A picture on the wall is nobody."""
    square = chosen_square(ALL, which)
    assert square is not None
    assert square.center_x_px == x_px


def test_a_face_that_is_not_there_is_not_replaced_by_another() -> None:
    assert chosen_square(ALL, "3") is None
    assert chosen_square([], "left") is None


def test_a_lost_face_is_found_again_beside_a_larger_one() -> None:
    before = Square(320.0, 80.0, 230.0, 0.0)
    square = chosen_square(ALL, "largest", before)
    assert square is not None
    assert square.center_x_px == 300


def test_one_of_another_size_is_another() -> None:
    before = Square(320.0, 80.0, 800.0, 0.0)
    square = chosen_square(ALL, "largest", before)
    assert square is not None
    assert square.center_x_px == 700


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (1279, 719), (64, 64)])
def test_windows_hold_a_face_of_a_quarter_of_the_picture_wherever_it_is(
    width: int, height: int
) -> None:
    """With its colours: brightness and colour of one place stay together."""
    y = np.add.outer(np.arange(height) % 7, np.arange(width) % 11).astype(np.uint8)
    colour = y[::2, ::2]
    frame = Frame(0, 0.0, y, colour, colour, full_range=False)
    parts = list(windows(frame))
    size = max(width, height) // 4 - 2
    for x in range(0, width - size, 37):
        for top in range(0, height - size, 37):
            assert any(
                left <= x
                and above <= top
                and x + size <= left + part.y.shape[1]
                and top + size <= above + part.y.shape[0]
                for left, above, part in parts
            )
    for _, _, part in parts:
        rows, columns = part.u.shape
        np.testing.assert_array_equal(part.y[::2, ::2], part.u[:rows, :columns])


def test_a_face_that_two_windows_found_is_one() -> None:
    again = replace(PATIENT, left_px=PATIENT.left_px + 10, score=0.95)
    assert one_of_each([PATIENT, HELPER, again]) == [again, HELPER]


def test_a_face_lies_where_its_window_lay() -> None:
    moved = moved_by(PATIENT, 100.0, 40.0)
    assert face_square(moved).center_x_px == face_square(PATIENT).center_x_px + 100
    assert face_square(moved).center_y_px == face_square(PATIENT).center_y_px + 40
    assert moved.left_eye_px == (PATIENT.left_eye_px[0] + 100, PATIENT.left_eye_px[1] + 40)


@pytest.mark.parametrize("wrong", ["", "0", "-1", "both", "1.5"])
def test_what_names_no_face_is_refused(wrong: str) -> None:
    with pytest.raises(UsageError, match="which face is meant"):
        check_face(wrong)
    with pytest.raises(UsageError):
        TrackOptions(face=wrong)


def test_one_slip_of_the_detector_is_no_second_face() -> None:
    count = FaceCount()
    for faces in ([PATIENT], [PATIENT], ALL, [PATIENT]):
        count.add(faces)
    assert count.most == 1
    count.add(ALL)
    assert count.most == 2
    assert count.several_share == pytest.approx(2 / 5)


def test_faces_on_their_heads_are_told() -> None:
    count = FaceCount()
    count.add([PATIENT])
    assert not count.upside_down
    for _ in range(2):
        count.add([], [PATIENT])
    assert count.upside_down
    assert FaceCount().most == 0


def test_the_way_up_in_which_the_detector_is_surer_counts() -> None:
    """Of a face on its head it finds one upright too, and of an upright one another on its head."""
    unsure = replace(PATIENT, score=0.7)
    for upright, turned, on_its_head in ((PATIENT, unsure, False), (unsure, PATIENT, True)):
        count = FaceCount()
        count.add([upright], [turned])
        assert count.upside_down is on_its_head
        assert count.most == 1


def test_a_face_on_its_side_does_not_stand_on_its_head() -> None:
    """Filmed with the phone lying: the detector is as sure one way up as the other."""
    on_its_side, other_way = (
        replace(PATIENT, right_eye_px=eyes[0], left_eye_px=eyes[1], score=score)
        for eyes, score in ((((50, 10), (50, 90)), 0.79), (((50, 90), (50, 10)), 0.81))
    )
    assert face_square(on_its_side).turn_rad == pytest.approx(np.pi / 2)
    count = FaceCount()
    for _ in range(3):
        count.add([on_its_side], [other_way])
    assert not count.upside_down
