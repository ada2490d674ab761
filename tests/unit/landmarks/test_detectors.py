"""Geometry around the networks: anchors, merging, regions. No network is run."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.landmarks.detectors.crop import Square
from facewire.landmarks.detectors.face_detector import (
    Detection,
    anchor_centres,
    face_square,
    merge_boxes,
)
from facewire.landmarks.detectors.meshes import (
    eye_points_from_outputs,
    eye_square,
    mesh_from_outputs,
    next_square,
)

PICTURE = Square(320.0, 320.0, 640.0, 0.0)


def _values(x: float, y: float, size: float) -> np.ndarray:
    """A box with its anchor at 0, and eyes a quarter of its size beside and above its centre."""
    eyes = [x - size / 4, y - size / 4, x + size / 4, y - size / 4]
    return np.array([x, y, size, size, *eyes, *[0.0] * 8])


class TestAnchors:
    def test_number_and_first_cells(self) -> None:
        anchors = anchor_centres()
        assert anchors.shape == (896, 2)
        assert anchors[0] == pytest.approx([1 / 32, 1 / 32])
        assert anchors[1] == pytest.approx([1 / 32, 1 / 32])
        assert anchors[2] == pytest.approx([3 / 32, 1 / 32])
        assert anchors[32] == pytest.approx([1 / 32, 3 / 32])

    def test_coarse_cells_follow(self) -> None:
        anchors = anchor_centres()[512:]
        assert anchors[0] == pytest.approx([1 / 16, 1 / 16])
        assert anchors[6] == pytest.approx([3 / 16, 1 / 16])
        assert anchors[-1] == pytest.approx([15 / 16, 15 / 16])


class TestMerge:
    def test_two_answers_of_one_face_are_weighted_by_score(self) -> None:
        values = np.stack([_values(0.50, 0.5, 0.2), _values(0.54, 0.5, 0.2)])
        (face,) = merge_boxes(values, np.zeros((2, 2)), np.array([0.9, 0.6]), PICTURE)
        centre = (0.9 * 0.50 + 0.6 * 0.54) / 1.5
        assert face.left_px == pytest.approx((centre - 0.1) * 640)
        assert face.top_px == pytest.approx(0.4 * 640)
        assert (face.width_px, face.height_px) == pytest.approx((128.0, 128.0))
        assert face.right_eye_px == pytest.approx(((centre - 0.05) * 640, 0.45 * 640))
        assert face.score == 0.9

    def test_two_faces_stay_two_and_the_better_comes_first(self) -> None:
        values = np.stack([_values(0.2, 0.5, 0.2), _values(0.7, 0.5, 0.3)])
        faces = merge_boxes(values, np.zeros((2, 2)), np.array([0.6, 0.8]), PICTURE)
        assert [face.score for face in faces] == [0.8, 0.6]
        assert faces[0].area_px2 > faces[1].area_px2

    def test_anchors_are_added(self) -> None:
        anchors = np.array([[0.25, 0.75]])
        (face,) = merge_boxes(_values(0.0, 0.0, 0.2)[None], anchors, np.ones(1), PICTURE)
        assert (face.left_px, face.top_px) == pytest.approx((0.15 * 640, 0.65 * 640))

    def test_nothing_gives_nothing(self) -> None:
        assert merge_boxes(np.empty((0, 16)), np.empty((0, 2)), np.empty(0), PICTURE) == []


def test_region_of_a_tilted_face() -> None:
    face = Detection(100, 100, 80, 60, (120.0, 110.0), (160.0, 150.0), 0.9)
    assert face_square(face) == Square(140.0, 130.0, 120.0, pytest.approx(np.pi / 4))


class TestEyes:
    def test_right_eye(self) -> None:
        """The patient's right eye lies left in the picture, its outer corner leftmost."""
        square = eye_square(np.array([120.0, 100.0]), np.array([100.0, 100.0]), flip=False)
        assert square == Square(110.0, 100.0, pytest.approx(2.9 * 20), 0.0)

    def test_left_eye_is_the_mirror_image(self) -> None:
        right = eye_square(np.array([120.0, 104.0]), np.array([100.0, 100.0]), flip=False)
        left = eye_square(np.array([180.0, 104.0]), np.array([200.0, 100.0]), flip=True)
        assert left.center_x_px == pytest.approx(300 - right.center_x_px)
        assert (left.center_y_px, left.size_px) == pytest.approx((right.center_y_px, right.size_px))
        assert left.turn_rad == pytest.approx(-right.turn_rad)

    def test_points_of_a_mirrored_crop_come_back(self) -> None:
        contour, iris = np.full(213, 16.0, np.float32), np.full(15, 48.0, np.float32)
        square = Square(100.0, 50.0, 64.0, 0.0)
        straight = eye_points_from_outputs(contour, iris, square, flip=False)
        flipped = eye_points_from_outputs(contour, iris, square, flip=True)
        assert straight.shape == (76, 2)
        assert straight[0] == pytest.approx([84.0, 34.0])
        assert straight[-1] == pytest.approx([116.0, 66.0])
        assert flipped[0] == pytest.approx([116.0, 34.0])


class TestNextRegion:
    @staticmethod
    def _face(turn_rad: float) -> np.ndarray:
        """An upright face of 80 x 120 px about (200, 150), turned clockwise about that point."""
        points = np.zeros((478, 3))
        spread = np.random.default_rng(3).uniform(-1, 1, (468, 2)) * [40, 60]
        spread[:2] = [[-40, -60], [40, 60]]
        spread[33], spread[263] = [-30, -20], [30, -20]
        cos, sin = np.cos(turn_rad), np.sin(turn_rad)
        points[:468, :2] = spread @ np.array([[cos, sin], [-sin, cos]]) + [200, 150]
        return points

    @pytest.mark.parametrize("turn_deg", [0.0, 25.0, -40.0])
    def test_box_of_the_level_face(self, turn_deg: float) -> None:
        turn = np.deg2rad(turn_deg)
        square = next_square(self._face(turn))
        assert square.turn_rad == pytest.approx(turn)
        # The box is 120 px high; down, for a face turned by ``turn``, is (-sin, cos).
        lowered = (200 - 6.6 * np.sin(turn), 150 + 6.6 * np.cos(turn))
        assert (square.center_x_px, square.center_y_px) == pytest.approx(lowered)
        assert square.size_px == pytest.approx(168)

    def test_outputs_become_points_of_the_picture(self) -> None:
        values = np.full(478 * 3, 128.0, np.float32)
        mesh = mesh_from_outputs(values, 0.0, Square(200.0, 150.0, 180.0, 1.0))
        assert mesh.points_px[7] == pytest.approx([200.0, 150.0, 90.0])
        assert mesh.presence == pytest.approx(0.5)
