"""Parts of a face are told from what covers them: on drawings, and on a rendered face."""

from __future__ import annotations

import json
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import moving_face
from drawn_parts import DRAW, covered, filmed, texture
from facewire.face import Side
from facewire.landmarks.models import read_models
from facewire.landmarks.seen import CROP_PX, PARTS, SEEN_ROW, WEIGHTS, describe, likeness
from facewire.landmarks.tracker import FaceTracker, TrackerSettings
from facewire.motion.cover import COVERED, find_cover

SEED = 77
"""Not the one of `fit_seen.py`: drawings that the weights have not seen."""

Picture = NDArray[np.uint8]
RIGHT_EYE, LEFT_EYE = moving_face.EYES_PX
MOUTH = (146.0, 207.0)


def told(part: str, crops: list[NDArray[np.float32]]) -> NDArray[np.float64]:
    weights = np.array(json.loads(WEIGHTS.read_text())[part])
    return np.asarray(describe(np.stack(crops)) @ weights)


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_drawn_parts_are_told_from_covers_and_textures(part: str) -> None:
    rng = np.random.default_rng(SEED)
    shown = told(part, [filmed(rng, DRAW[part](rng)) for _ in range(60)])
    hidden = told(part, [filmed(rng, covered(rng, DRAW[part](rng))) for _ in range(60)])
    other = told(part, [filmed(rng, texture(rng)) for _ in range(60)])
    assert (shown > 0).mean() > 0.85
    assert (hidden < 0).mean() > 0.85
    assert (other < 0).mean() > 0.85


def test_a_description_does_not_ask_for_light_or_contrast() -> None:
    """Half the light gives the same histograms; what changes is the contrast's own number."""
    rng = np.random.default_rng(SEED)
    crop = filmed(rng, DRAW["eye"](rng))
    bright, dim = describe(np.stack([crop, crop / 2 + 10]))
    np.testing.assert_allclose(bright[:-2], dim[:-2], atol=1e-4)
    assert bright[-2] > dim[-2]


def test_plain_crops_are_described_without_a_fault() -> None:
    flat = describe(np.zeros((1, CROP_PX, CROP_PX), np.float32))
    assert np.isfinite(flat).all()
    assert not flat[0, :-1].any()


def patched(middle: tuple[float, float], half: tuple[int, int], cover: Picture | int) -> Picture:
    picture = moving_face.draw(moving_face.Pose()).copy()
    x, y = (round(v) for v in middle)
    picture[y - half[1] : y + half[1], x - half[0] : x + half[0]] = cover
    return cv2.GaussianBlur(picture, (0, 0), 0.7)


@cache
def tracker() -> FaceTracker:
    return FaceTracker(read_models(), TrackerSettings(plain=True))


def seen_in(picture: Picture) -> NDArray[np.float32]:
    (points,) = tracker().track([moving_face.frame_of(picture)])
    return likeness(moving_face.frame_of(picture), points.points_px)


STRIPES = np.broadcast_to((np.arange(44)[:, None, None] // 4 % 2 * 200 + 30), (44, 56, 3))


@pytest.mark.models
@pytest.mark.parametrize("cover", [20, 235, (205, 160, 140), STRIPES], ids=str)
@pytest.mark.parametrize("side", Side)
def test_a_patch_is_told_and_the_other_eye_stays_seen(side: Side, cover: Picture | int) -> None:
    middle = RIGHT_EYE if side is Side.RIGHT else LEFT_EYE
    found = seen_in(patched(middle, (28, 22), cover))
    eye = PARTS.index("eye")
    assert found[SEEN_ROW[side], eye] < COVERED["eye"]
    assert found[SEEN_ROW[side.other], eye] > COVERED["eye"]
    for part in ("mouth", "nose"):
        assert (found[:, PARTS.index(part)] > COVERED[part]).all()


@pytest.mark.models
@pytest.mark.parametrize("mask", [20, 235, (205, 160, 140)], ids=str)
def test_a_mask_is_told(mask: Picture | int) -> None:
    found = seen_in(patched((MOUTH[0], 200.0), (60, 52), mask))
    cover = find_cover(found[None], np.zeros(1))
    assert cover.part("nose").all()
    assert cover.part("mouth").all()
    assert not cover.eyes.any()


@pytest.mark.models
@pytest.mark.parametrize(
    "pose",
    [
        moving_face.Pose(),
        moving_face.Pose(smile_left=1.0),
        moving_face.Pose(smile_right=1.0, smile_left=1.0),
    ],
    ids=str,
)
def test_a_bare_face_is_seen_in_every_part(pose: moving_face.Pose) -> None:
    assert (seen_in(moving_face.draw(pose)) > [COVERED[part] for part in PARTS]).all()
