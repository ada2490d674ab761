from __future__ import annotations

import cv2
import numpy as np
import pytest

from facewire.landmarks.detectors.crop import Square, cut_rgb, jpeg_of, yuv_to_rgb
from facewire.video import Frame

TURNED = Square(50.0, 40.0, 20.0, np.deg2rad(90.0))


def _frame(y: np.ndarray, *, full_range: bool = True) -> Frame:
    grey = np.full(((y.shape[0] + 1) // 2, (y.shape[1] + 1) // 2), 128, np.uint8)
    return Frame(0, 0.0, y, grey, grey.copy(), full_range=full_range)


def test_corners_of_a_turned_square() -> None:
    """Turned clockwise by a quarter: the crop's upper left corner lies at the upper right."""
    corners = TURNED.to_picture(np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.5]]))
    assert corners == pytest.approx(np.array([[60.0, 30.0], [60.0, 50.0], [50.0, 40.0]]))


@pytest.mark.parametrize("turn_deg", [0.0, 17.0, -130.0])
@pytest.mark.parametrize("mirrored", [False, True])
def test_affine_and_to_picture_say_the_same(turn_deg: float, mirrored: bool) -> None:
    square = Square(31.0, 47.0, 22.0, np.deg2rad(turn_deg))
    crop_px = np.array([[0.0, 0.0], [64.0, 0.0], [10.0, 55.0]])
    by_affine = np.column_stack([crop_px, np.ones(3)]) @ square.affine(64, mirrored=mirrored).T
    share = crop_px / 64
    if mirrored:
        share[:, 0] = 1.0 - share[:, 0]
    assert by_affine == pytest.approx(square.to_picture(share))


def test_cut_at_full_scale_is_the_picture_itself() -> None:
    y = np.random.default_rng(1).integers(0, 256, (40, 40), np.uint8)
    crop = cut_rgb(_frame(y), Square(20.0, 18.0, 16.0, 0.0), 16)
    assert crop[..., 1] * 255 == pytest.approx(y[10:26, 12:28], abs=0.01)
    assert crop.dtype == np.float32


def test_mirrored_cut_is_the_cut_turned_over() -> None:
    y = np.random.default_rng(2).integers(0, 256, (40, 40), np.uint8)
    crop = cut_rgb(_frame(y), Square(20.0, 20.0, 16.0, 0.0), 16, mirrored=True)
    assert crop[..., 0] * 255 == pytest.approx(y[12:28, 28:12:-1], abs=0.01)


@pytest.mark.parametrize("full_range", [False, True])
def test_outside_the_picture_is_black(full_range: bool) -> None:
    y = np.full((40, 40), 200, np.uint8)
    crop = cut_rgb(_frame(y, full_range=full_range), Square(0.0, 0.0, 20.0, 0.0), 20)
    assert crop[:9, :9].max() < 1e-3
    assert crop[11:, 11:].min() > 0.7


def test_colour_stands_where_brightness_does() -> None:
    """A red square in the picture's middle is found in its place at half resolution too."""
    picture = np.full((64, 64, 3), 60, np.uint8)
    picture[24:40, 24:40] = (220, 40, 40)
    planes = cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).ravel()
    u, v = planes[64 * 64 :].reshape(2, 32, 32)
    frame = Frame(0, 0.0, planes[: 64 * 64].reshape(64, 64), u, v, full_range=False)
    crop = cut_rgb(frame, Square(32.0, 32.0, 64.0, 0.0), 64)
    red = crop[..., 0] - crop[..., 1]
    rows, columns = np.nonzero(red > red.max() / 2)
    assert (rows.mean(), columns.mean()) == pytest.approx((31.5, 31.5), abs=0.1)
    assert crop[32, 32] * 255 == pytest.approx([220, 40, 40], abs=3)


@pytest.mark.parametrize(
    ("yuv", "full_range", "rgb"),
    [
        # ITU-R BT.601: Y = 16 + 65.481 R + 128.553 G + 24.966 B and so on, worked by hand.
        ((16, 128, 128), False, (0.0, 0.0, 0.0)),
        ((235, 128, 128), False, (1.0, 1.0, 1.0)),
        ((81, 90, 240), False, (1.0, 0.0, 0.0)),
        ((145, 54, 34), False, (0.0, 1.0, 0.0)),
        ((41, 240, 110), False, (0.0, 0.0, 1.0)),
        # JPEG's full range: Y = 0.299 R + 0.587 G + 0.114 B.
        ((0, 128, 128), True, (0.0, 0.0, 0.0)),
        ((255, 128, 128), True, (1.0, 1.0, 1.0)),
        ((76, 85, 255), True, (1.0, 0.0, 0.0)),
    ],
)
def test_colours_of_bt601(
    yuv: tuple[int, int, int], full_range: bool, rgb: tuple[float, float, float]
) -> None:
    y, u, v = (np.full((1, 1), value, np.uint8) for value in yuv)
    assert yuv_to_rgb(y, u, v, full_range=full_range)[0, 0] == pytest.approx(rgb, abs=0.006)


def test_jpeg_keeps_colours_in_order() -> None:
    picture = np.zeros((16, 16, 3), np.float32)
    picture[..., 0] = 1.0
    code = jpeg_of(picture, 95)
    assert code.startswith(b"\xff\xd8\xff")
    decoded = cv2.imdecode(np.frombuffer(code, np.uint8), cv2.IMREAD_COLOR)
    assert decoded[8, 8, ::-1] == pytest.approx([255, 0, 0], abs=4)
