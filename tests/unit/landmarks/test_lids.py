"""The lid network: against a plain twin, on eyes drawn here by other rules, and its geometry."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import correlate2d

from facewire.landmarks.detectors.crop import Square
from facewire.landmarks.detectors.lids import (
    COLUMNS_PX,
    CROP_PX,
    LEAST_USUAL,
    MIDDLE,
    VIEWS,
    Layer,
    LidNetwork,
    LidRows,
    level,
    lid_graph,
    lid_layers,
    lid_rows,
    lid_square,
    usual_rows,
    with_lids,
)
from facewire.landmarks.detectors.runtime import Network
from facewire.landmarks.models import LID_NETWORK
from facewire.video import Frame

Array = NDArray[np.float64]
SIZE_PX = 200
CENTRES = ((60.0, 100.0), (140.0, 100.0))
HALF_PX = 24.0
MM_PX = 2 * HALF_PX / 29.0


def convolved(x: Array, layer: Layer, stride: tuple[int, int]) -> Array:
    """A convolution with zeros around, by correlation of each pair of channels."""
    out = []
    high, wide = (side // 2 for side in layer.weights.shape[2:])
    padded = np.pad(x, ((0, 0), (high, high), (wide, wide)))
    for kernels, bias in zip(layer.weights, layer.biases, strict=True):
        pairs = zip(padded, kernels, strict=True)
        out.append(sum(correlate2d(one, kernel, "valid") for one, kernel in pairs) + bias)
    return np.array(out)[:, :: stride[0], :: stride[1]]


def twin(x: Array) -> Array:
    """The network as its training script describes it, channel by channel."""
    layers = list(lid_layers())

    def then(x: Array, stride: tuple[int, int] = (1, 1)) -> Array:
        return np.maximum(convolved(x, layers.pop(0), stride), 0.0)

    fine = then(x, (1, 2))
    half = then(fine, (2, 2))
    quarter = then(then(half, (2, 2)))
    x = then(then(quarter, (2, 2)))
    x = then(np.concatenate([x.repeat(2, 1).repeat(2, 2), quarter]))
    x = then(np.concatenate([x.repeat(2, 1).repeat(2, 2), half]))
    pooled = (fine[:, :, ::2] + fine[:, :, 1::2]) / 2
    x = then(np.concatenate([x.repeat(2, 1), pooled]))
    logits = convolved(x, layers.pop(0), (1, 1))
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


@pytest.mark.slow
def test_the_graph_is_the_network_that_was_trained() -> None:
    crops = np.random.default_rng(1).random((2, CROP_PX, CROP_PX, 3)).astype(np.float32)
    x = level(np.stack([cv2.GaussianBlur(crop, (0, 0), 2.0) for crop in crops]))
    (likely,) = Network(lid_graph(2), outputs=("likely",)).infer(x)
    for one, crop in zip(likely, x, strict=True):
        np.testing.assert_allclose(one, twin(crop.astype(np.float64)), atol=2e-4)


def test_a_result_names_the_weights_that_were_used() -> None:
    stored = files("facewire.landmarks.detectors").joinpath("lids.npz").read_bytes()
    assert hashlib.sha256(stored).hexdigest() == LID_NETWORK.sha256


def test_a_crop_in_other_light_is_the_same_crop() -> None:
    crop = np.random.default_rng(2).random((1, CROP_PX, CROP_PX, 3)).astype(np.float32)
    np.testing.assert_allclose(level(0.5 * crop + 0.25), level(crop), atol=0.08)


def test_rows_are_the_mean_over_the_views() -> None:
    """Each view is certain of the edge at 20 and 40, where it sees it."""
    likely = np.zeros((len(VIEWS), 2, CROP_PX, len(COLUMNS_PX)))
    for view, (_, y, zoom, taller) in zip(likely, VIEWS, strict=True):
        for lid, row in enumerate((20.0, 40.0)):
            seen = zoom * taller * (row - 32.0) + 32.0 + y - 0.5
            low = int(np.floor(seen))
            view[lid, low], view[lid, low + 1] = low + 1 - seen, seen - low
    found = lid_rows(likely)
    np.testing.assert_allclose(found.rows_px, [[20.0] * 16, [40.0] * 16], atol=0.1)
    assert found.spread_px < 0.75


def test_rows_without_any_hint_spread_over_the_crop() -> None:
    """Sixty-four equal rows have a standard deviation of 64 / sqrt(12), two of them more; 1.5 of
    them are one row of the crop in one view, 1.25 in the other.
    """
    likely = np.full((len(VIEWS), 2, CROP_PX, len(COLUMNS_PX)), 1 / CROP_PX)
    expected = CROP_PX / np.sqrt(6) * (1 / 1.5 + 1 / 1.25) / 2
    assert lid_rows(likely).spread_px == pytest.approx(expected, rel=0.01)


def test_what_is_usual_moves_no_edge() -> None:
    """By Bayes: of a picture that is a Gaussian about a row, the network tells it times the usual.

    The mean of what it tells leans to the usual rows; without that, both lids are where they are.
    """
    at = np.arange(CROP_PX) + 0.5
    usual = np.maximum(usual_rows(), LEAST_USUAL)
    likely = np.zeros((len(VIEWS), 2, CROP_PX, len(COLUMNS_PX)))
    leaning = []
    for view, (_, y, zoom, taller) in zip(likely, VIEWS, strict=True):
        for lid, row in enumerate((19.0, 43.0)):
            seen = zoom * taller * (row - 32.0) + 32.0 + y
            told = usual[lid] * np.exp(-((at - seen) ** 2) / (2 * 3.0**2))
            view[lid] = (told / told.sum())[:, None]
            leaning.append(abs(told @ at / told.sum() - seen))
    np.testing.assert_allclose(lid_rows(likely).rows_px, [[19.0] * 16, [43.0] * 16], atol=0.05)
    assert min(leaning) > 0.4


def test_what_is_usual_is_what_was_drawn() -> None:
    """The drawn upper lids lie above the corners' line, the lower ones below; 32 is that line."""
    at = np.arange(CROP_PX) + 0.5
    upper, lower = usual_rows()
    assert upper.max() == lower.max() == 1.0
    assert np.minimum(upper, lower).min() >= 0.0
    assert upper @ at / upper.sum() < 32 < lower @ at / lower.sum()


@pytest.mark.parametrize("flip", [False, True])
def test_the_contour_takes_its_height_from_the_lids(*, flip: bool) -> None:
    """An eye 48 px wide at (100, 50), level: rows are pixels, the corners stay."""
    inward = -1.0 if flip else 1.0
    eye = np.zeros((76, 2))
    eye[0], eye[8] = [100 - 24 * inward, 50], [100 + 24 * inward, 50]
    eye[9:16, 0] = eye[7:0:-1, 0] = 100 + inward * np.linspace(18, -18, 7)
    square = lid_square(eye[8], eye[0], flip=flip)
    found = with_lids(eye, LidRows(np.array([[20.0] * 16, [37.0] * 16]), 1.0), square, flip=flip)
    np.testing.assert_allclose(found[11:14, 1], 50 + 20 - 32)
    np.testing.assert_allclose(found[3:6, 1], 50 + 37 - 32)
    np.testing.assert_allclose(found[:, 0], eye[:, 0])
    np.testing.assert_allclose(found[[0, 8]], eye[[0, 8]])


def test_a_crop_and_back() -> None:
    square = Square(40.0, 70.0, 33.0, 0.4)
    points = np.random.default_rng(3).random((5, 2))
    np.testing.assert_allclose(square.to_crop(square.to_picture(points)), points)


# An eye of a few ellipses, which shares nothing with the eyes that the network was trained on.


def face(heights_mm: tuple[float, float], *, patch: bool = False) -> Frame:
    y, x = np.mgrid[0:SIZE_PX, 0:SIZE_PX].astype(np.float64) + 0.5
    picture = 150 + 15 * np.cos((x - SIZE_PX / 2) / 60) - 0.12 * y
    for (cx, cy), height_mm in zip(CENTRES, heights_mm, strict=True):
        t = np.clip((x - cx) / HALF_PX, -1, 1)
        lower = cy + 2.5 * MM_PX * (1 - t**2)
        upper = lower - height_mm * MM_PX * (1 - t**2)
        inside = (y > upper) & (y < lower) & (np.abs(x - cx) < HALF_PX)
        iris = np.hypot(x - cx, y - cy + 1.0) < 5.85 * MM_PX
        pupil = np.hypot(x - cx, y - cy + 1.0) < 2.2 * MM_PX
        picture = np.where(inside, np.where(pupil, 25, np.where(iris, 80, 215)), picture)
        lash = np.exp(-(((y - upper + 0.6) / 1.1) ** 2)) * (np.abs(x - cx) < HALF_PX - 1)
        picture = picture * (1 - 0.6 * lash)
        if patch:
            picture = np.where(np.hypot(x - cx, (y - cy) * 1.2) < 32, 120, picture)
    picture = cv2.GaussianBlur(picture, (0, 0), 1.0)
    picture += np.random.default_rng(4).normal(0, 2, picture.shape)
    luma = np.clip(picture, 0, 255).astype(np.uint8)
    small = np.full((SIZE_PX // 2, SIZE_PX // 2), 118, np.uint8)
    return Frame(0, 0.0, luma, small, np.full_like(small, 138), full_range=True)


def squares() -> tuple[Square, Square]:
    (rx, ry), (lx, ly) = (np.array(c) for c in CENTRES)
    right = lid_square(np.array([rx + HALF_PX, ry]), np.array([rx - HALF_PX, ry]), flip=False)
    left = lid_square(np.array([lx - HALF_PX, ly]), np.array([lx + HALF_PX, ly]), flip=True)
    return right, left


@pytest.fixture(scope="module")
def network() -> LidNetwork:
    return LidNetwork()


def read_mm(network: LidNetwork, frame: Frame) -> tuple[float, float]:
    found = network.find(frame, squares())
    right, left = (float((e.rows_px[1] - e.rows_px[0])[MIDDLE].mean()) / MM_PX for e in found)
    return right, left


def test_a_lid_is_followed_in_proportion(network: LidNetwork) -> None:
    true = np.arange(2.0, 11.0)
    found = np.array([read_mm(network, face((h, h))) for h in true]).T
    for side in found:
        slope, _ = np.polyfit(true, side, 1)
        assert slope == pytest.approx(1.0, abs=0.12)  # plainer drawings than it learned: 0.89
        assert np.abs(side - true * 0.97).max() < 1.0


def test_each_eye_is_read_alone(network: LidNetwork) -> None:
    wide, narrow = read_mm(network, face((10.0, 10.0))), read_mm(network, face((6.0, 6.0)))
    one = read_mm(network, face((10.0, 6.0)))
    assert one == pytest.approx((wide[0], narrow[1]), abs=0.05)


def test_a_mirrored_eye_reads_alike(network: LidNetwork) -> None:
    right, left = read_mm(network, face((8.0, 8.0)))
    assert right == pytest.approx(left, abs=0.35)


def test_a_hidden_eye_has_no_edge(network: LidNetwork) -> None:
    seen = network.find(face((9.0, 9.0)), squares())
    hidden = network.find(face((9.0, 9.0), patch=True), squares())
    for clear, covered in zip(seen, hidden, strict=True):
        assert covered.spread_px > 3 * clear.spread_px
