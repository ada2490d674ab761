"""Optical flow against the rest picture finds a warp that is known because the test made it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from facewire.landmarks.flow import MARGIN, PLACES, FlowSettings, RestPicture
from facewire.landmarks.points import MIRROR_POINTS, OUTER_CORNERS

FloatArray = NDArray[np.float64]

SIDE_PX = 400
RADIUS_PX = 140.0
MIDDLE_PX = 200.0
BUMP_PX, BUMP_WIDTH_PX = np.array([3.0, -2.0]), 45.0
REST_PX_OF_A_PICTURE_PX = FlowSettings().size_px / (MARGIN * 2 * RADIUS_PX)


def _texture(seed: int) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).normal(size=(SIDE_PX, SIDE_PX))
    smooth = cv2.GaussianBlur(noise, (0, 0), 2.0) + 2 * cv2.GaussianBlur(noise, (0, 0), 6.0)
    return np.clip(128 + 45 * smooth / smooth.std(), 0, 255).astype(np.uint8)


def _mesh() -> FloatArray:
    """468 points evenly over a disk, as sunflower seeds lie."""
    i = np.arange(468)
    radius = RADIUS_PX * np.sqrt((i + 0.5) / 468)
    turn = i * np.pi * (3 - np.sqrt(5))
    return MIDDLE_PX + radius[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])


def _bump(points: FloatArray) -> FloatArray:
    away = np.linalg.norm(points - MIDDLE_PX, axis=-1, keepdims=True)
    return np.asarray(BUMP_PX * np.exp(-((away / BUMP_WIDTH_PX) ** 2) / 2))


def _moved(picture: NDArray[np.uint8], shift: FloatArray) -> NDArray[np.uint8]:
    """What lay at x lies at x + bump(x) + shift."""
    x, y = np.meshgrid(np.arange(SIDE_PX) + 0.5, np.arange(SIDE_PX) + 0.5)
    now = np.stack([x, y], axis=-1) - shift
    before = now.copy()
    for _ in range(20):
        before = now - _bump(before)
    places = (before - 0.5).astype(np.float32)
    return np.asarray(cv2.remap(picture, places, None, cv2.INTER_CUBIC), dtype=np.uint8)


@pytest.fixture(params=[1, 2])
def texture(request: pytest.FixtureRequest) -> NDArray[np.uint8]:
    return _texture(request.param)


@pytest.mark.slow
def test_an_unseen_movement_is_found(texture: NDArray[np.uint8]) -> None:
    settings, mesh = FlowSettings(), _mesh()
    shift = np.array([6.0, 4.0])
    rest = RestPicture([texture], [mesh], settings)
    now = _moved(texture, shift)
    corrected, mismatch, match = rest.correct(now, mesh + shift, settings.make())
    error_px = np.linalg.norm(corrected - (mesh + shift + _bump(mesh)), axis=1)
    assert np.median(error_px) * REST_PX_OF_A_PICTURE_PX < 0.1
    assert np.quantile(error_px, 0.95) * REST_PX_OF_A_PICTURE_PX < 0.2
    assert mismatch > 1
    assert match.min() > 0.95  # once the flow is taken off, it is the same skin


def test_the_same_picture_changes_nothing(texture: NDArray[np.uint8]) -> None:
    settings, mesh = FlowSettings(), _mesh()
    rest = RestPicture([texture], [mesh], settings)
    corrected, mismatch, match = rest.correct(texture, mesh, settings.make())
    assert np.abs(corrected - mesh).max() < 0.02
    assert mismatch < 0.1
    assert match.min() > 0.99


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("place", list(PLACES))
def test_something_else_than_at_rest_matches_nowhere_but_there(place: str, side: int) -> None:
    """Even skin lies over one place, as a hand or tape would."""
    settings, mesh, texture = FlowSettings(), _spread_mesh(), _texture(1)
    rest = RestPicture([texture], [mesh], settings)
    points = list(PLACES[place]) if side == 0 else list(MIRROR_POINTS[list(PLACES[place])])
    x, y = mesh[points].mean(axis=0).astype(int)
    covered = texture.copy()
    even = 128 + np.random.default_rng(9).normal(0, 3, (52, 52))
    covered[y - 26 : y + 26, x - 26 : x + 26] = even.astype(np.uint8)
    match = rest.correct(covered, mesh, settings.make())[2]
    told = np.argwhere(match < 0.7)
    assert told.tolist() == [[side, list(PLACES).index(place)]]


def _spread_mesh() -> FloatArray:
    """The disk, with the points of each place put together, far from every other place."""
    mesh = _mesh()
    turns = np.linspace(0, 2 * np.pi, 2 * len(PLACES), endpoint=False)
    for i, turn in enumerate(turns):
        points = list(PLACES.values())[i % len(PLACES)]
        own = list(points) if i < len(PLACES) else list(MIRROR_POINTS[list(points)])
        away = 105.0 * np.array([np.cos(turn), np.sin(turn)])
        mesh[own] = MIDDLE_PX + away + np.random.default_rng(i).normal(0, 1.0, (len(own), 2))
    mesh[list(OUTER_CORNERS)] = MIDDLE_PX + np.array([[-60.0, 0.0], [60.0, 0.0]])
    return mesh


def test_turned_and_nearer_is_no_movement(texture: NDArray[np.uint8]) -> None:
    settings, mesh = FlowSettings(), _mesh()
    turn = cv2.getRotationMatrix2D((MIDDLE_PX, MIDDLE_PX), 7.0, 1.05)
    in_indices = turn.copy()
    in_indices[:, 2] += turn[:, :2] @ [0.5, 0.5] - 0.5
    now = np.asarray(cv2.warpAffine(texture, in_indices, (SIDE_PX, SIDE_PX), flags=cv2.INTER_CUBIC))
    moved = mesh @ turn[:, :2].T + turn[:, 2]
    rest = RestPicture([texture], [mesh], settings)
    corrected, *_ = rest.correct(now, moved, settings.make())
    assert np.median(np.linalg.norm(corrected - moved, axis=1)) * REST_PX_OF_A_PICTURE_PX < 0.1


@pytest.mark.slow
def test_several_rest_frames_make_one_sharp_picture(texture: NDArray[np.uint8]) -> None:
    """Their noise averages out: the mean fits the noiseless picture better than one frame does."""
    settings, mesh = FlowSettings(), _mesh()
    random = np.random.default_rng(5)
    noisy = [
        np.clip(texture + random.normal(0, 8, texture.shape), 0, 255).astype(np.uint8)
        for _ in range(5)
    ]
    one = RestPicture(noisy[:1], [mesh], settings).correct(texture, mesh, settings.make())[1]
    five = RestPicture(noisy, [mesh] * 5, settings).correct(texture, mesh, settings.make())[1]
    assert five < 0.7 * one
