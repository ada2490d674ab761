"""What is wrong with a picture, from points whose place is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from facewire.landmarks.quality import (
    LEVEL_PITCH_DEG,
    PROBLEMS,
    PictureQuality,
    head_angles_deg,
    picture_quality,
)
from facewire.video import Frame
from unit.motion.made_face import head, turn

WIDTH_PX, HEIGHT_PX = 640, 480
MIDDLE = np.array([320.0, 240.0])
GOOD = PictureQuality(1, 130, 120, 0.0, 15, 110, 0.5, 0, 0, 0, inside=True, sharpness=0.03)


def points(
    yaw_deg: float = 0.0, pitch_deg: float = 0.0, roll_deg: float = 0.0, scale: float = 1.0
) -> NDArray[np.float64]:
    """The made head, turned, in the middle of the picture; irises 15 px wide."""
    found = np.zeros((478, 3))
    rotation = turn(yaw_deg, pitch_deg, roll_deg, 1)[0]
    found[:468] = head() @ rotation.T * scale
    found[:468, :2] += MIDDLE - found[:468, :2].mean(axis=0)
    for rim, across in ((469, 7.5), (471, -7.5), (474, 7.5), (476, -7.5)):
        found[rim, 0] = across * scale
    return found


def frame(brightness: int = 130, around: int = 130, noise: float = 20.0) -> Frame:
    rng = np.random.default_rng(1)
    plane = np.full((HEIGHT_PX, WIDTH_PX), around, np.float64)
    low, high = points()[:468, :2].min(axis=0), points()[:468, :2].max(axis=0)
    plane[int(low[1]) : int(high[1]), int(low[0]) : int(high[0])] = brightness
    plane += rng.normal(0, noise, plane.shape)
    half = np.full((HEIGHT_PX // 2, WIDTH_PX // 2), 128, np.uint8)
    return Frame(0, 0.0, np.clip(plane, 0, 255).astype(np.uint8), half, half, full_range=True)


@pytest.mark.parametrize(("yaw", "pitch", "roll"), [(0, 0, 0), (15, 0, 0), (0, -12, 0), (0, 0, 11)])
def test_the_heads_turn_is_read_with_its_sign(yaw: float, pitch: float, roll: float) -> None:
    """Against the same head upright: what it reads upright depends on the made head's shape."""
    level = np.array(head_angles_deg(points()))
    found = np.array(head_angles_deg(points(yaw, pitch, roll))) - level
    assert found == pytest.approx([yaw, pitch, roll], abs=1.5)
    assert pytest.approx(-1.5) == LEVEL_PITCH_DEG


def test_distance_is_told_in_pixels() -> None:
    quality = picture_quality(frame(), points(), 1)
    assert quality.iris_px == pytest.approx(15)
    assert picture_quality(frame(), points(scale=0.5), 1).eyes_px == pytest.approx(
        quality.eyes_px / 2
    )


def test_light_is_that_of_the_face() -> None:
    quality = picture_quality(frame(brightness=90, around=200), points(), 1)
    assert quality.brightness == pytest.approx(90, abs=3)
    assert quality.surround == pytest.approx(200, abs=10)
    assert "back_light" in quality.problems


def test_without_a_face_there_is_one_hint() -> None:
    lost = np.full((478, 3), np.nan)
    assert picture_quality(frame(), lost, 0).problems == ("no_face",)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"faces": 2}, "several_faces"),
        ({"inside": False}, "cut_off"),
        ({"brightness": 40.0, "surround": 50.0}, "dark"),
        ({"brightness": 230.0}, "bright"),
        ({"surround": 210.0}, "back_light"),
        ({"iris_px": 8.0}, "far"),
        ({"face_share": 0.95}, "near"),
        ({"yaw_deg": -15.0}, "turned"),
        ({"pitch_deg": 15.0}, "turned"),
        ({"roll_deg": 12.0}, "tilted"),
        ({"uneven": -0.5}, "uneven"),
        ({"sharpness": 0.005}, "blurred"),
    ],
)
def test_each_problem_is_named(change: dict[str, float], problem: str) -> None:
    assert GOOD.problems == ()
    assert replace(GOOD, **change).problems == (problem,)
    assert problem in PROBLEMS


def test_a_soft_picture_is_less_sharp() -> None:
    import cv2

    sharp = frame()
    soft = replace(sharp, y=cv2.GaussianBlur(sharp.y, (0, 0), 3))
    found = [picture_quality(f, points(), 1).sharpness for f in (sharp, soft)]
    assert found[1] < 0.5 * found[0]


@pytest.mark.parametrize(("left", "right"), [(160, 100), (100, 160)])
def test_the_patients_left_is_the_pictures_right(left: int, right: int) -> None:
    """Cheeks of 160 and 100: 60 apart, mean 130."""
    found = points()
    for cheek, across_px in (((50, 205), -40.0), ((280, 425), 40.0)):
        found[list(cheek), :2] = MIDDLE + np.array([across_px, 10.0])
    picture = frame(noise=0.0)
    picture.y[:, : WIDTH_PX // 2], picture.y[:, WIDTH_PX // 2 :] = right, left
    assert picture_quality(picture, found, 1).uneven == pytest.approx((left - right) / 130)
