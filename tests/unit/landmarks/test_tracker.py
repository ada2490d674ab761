"""The networks and the flow, on a warped still whose movements are known."""

from __future__ import annotations

from itertools import islice

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import moving_face
from facewire.landmarks import LandmarkTrack
from facewire.landmarks.models import ModelBytes, read_models
from facewire.landmarks.tracker import FaceTracker, FramePoints, TrackerSettings
from facewire.video import Frame
from unit.landmarks.made_track import equal, track_of
from whole_tracks import mirrored as turned_over

LENGTH_S = 3.2
ARRAYS = (
    "points_px",
    "eyes_px",
    "eyes_spread_px",
    "corrected_px",
    "mismatch",
    "seen",
    "match",
)
MOUTH_CORNERS = {"R": 61, "L": 291}
STILL_FRAME, SMILING_FRAME = 26, 46

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def models() -> ModelBytes:
    return read_models()


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    return moving_face.frames(LENGTH_S)


@pytest.fixture(scope="module")
def followed(models: ModelBytes, frames: list[Frame]) -> list[FramePoints]:
    return list(FaceTracker(models).track(frames))


@pytest.fixture(scope="module")
def track(followed: list[FramePoints]) -> LandmarkTrack:
    return track_of(followed)


def _identical(one: list[FramePoints], other: list[FramePoints]) -> bool:
    pairs = zip(one, other, strict=True)
    return all(equal(getattr(a, name), getattr(b, name)) for a, b in pairs for name in ARRAYS)


def _smile_px(track: LandmarkTrack, side: str) -> NDArray[np.float64]:
    """Movement of a mouth corner against the inner corners of the eyes, pixels: right, down."""
    assert track.corrected_px is not None
    points = track.corrected_px.astype(np.float64)
    corner = points[:, MOUTH_CORNERS[side]] - points[:, [133, 362]].mean(axis=1)
    return np.asarray(corner[SMILING_FRAME] - corner[STILL_FRAME])


def test_the_face_is_followed_surely(track: LandmarkTrack, frames: list[Frame]) -> None:
    assert len(track.times_s) == len(frames)
    assert track.presence.min() > 0.9
    assert np.isfinite(track.eyes_px).all()
    assert np.isfinite(track.corrected_px).all()


def test_the_eyes_are_where_they_were_drawn(track: LandmarkTrack) -> None:
    """Iris centres of the first picture, the still itself; half an eye is 14 px wide."""
    assert track.points_px[0, 468, :2] == pytest.approx(moving_face.EYES_PX[0], abs=6)
    assert track.points_px[0, 473, :2] == pytest.approx(moving_face.EYES_PX[1], abs=6)


@pytest.mark.parametrize(("side", "out", "size"), [("R", -1, 0.6), ("L", 1, 1.0)])
def test_the_smile_is_the_one_that_was_drawn(
    track: LandmarkTrack, side: str, out: int, size: float
) -> None:
    wanted = size * np.array([out * moving_face.SMILE_PX[0], moving_face.SMILE_PX[1]])
    assert np.linalg.norm(_smile_px(track, side) - wanted) < 1.5


@pytest.mark.slow
@pytest.mark.parametrize("stopped_after", [2, 31])
def test_a_continued_run_gives_what_an_unbroken_one_gives(
    models: ModelBytes, frames: list[Frame], followed: list[FramePoints], stopped_after: int
) -> None:
    known = np.array([p.points_px for p in followed[:stopped_after]], np.float32)
    tracker = FaceTracker(models)
    rest = list(tracker.track(frames, known))
    assert _identical(rest, followed[stopped_after:])
    assert tracker.faces.most == 1


@pytest.mark.slow
def test_stopping_early_ends_the_threads(models: ModelBytes, frames: list[Frame]) -> None:
    running = FaceTracker(models).track(frames)
    assert len(list(islice(running, 5))) == 5
    running.close()


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing(
    models: ModelBytes, frames: list[Frame], followed: list[FramePoints]
) -> None:
    assert _identical(list(FaceTracker(models, workers=1).track(frames)), followed)


@pytest.mark.slow
def test_a_mirrored_picture_gives_the_mirrored_track(
    models: ModelBytes, track: LandmarkTrack
) -> None:
    """The networks are not exactly symmetric: a tenth of the eye distance is 8 px here."""
    pictures = [np.ascontiguousarray(p[:, ::-1]) for p in moving_face.pictures(LENGTH_S)]
    turned = [moving_face.frame_of(p, i) for i, p in enumerate(pictures)]
    mirrored = track_of(list(FaceTracker(models).track(turned)))
    back = turned_over(mirrored, moving_face.WIDTH_PX)
    assert np.median(np.abs(back.points_px[..., :2] - track.points_px[..., :2])) < 0.8
    assert np.median(np.abs(back.eyes_px - track.eyes_px)) < 0.8
    for side in "RL":
        assert np.linalg.norm(_smile_px(back, side) - _smile_px(track, side)) < 1.0


def _scene(size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.full((*size, 3), 150, np.uint8)


@pytest.mark.slow
def test_of_two_faces_the_larger_one_is_followed(models: ModelBytes) -> None:
    face = moving_face.draw(moving_face.Pose())
    small = cv2.resize(face, (168, 192), interpolation=cv2.INTER_AREA)
    scene = _scene((320, 460))
    scene[100:292, :168], scene[:, 180:] = small, face
    tracker = FaceTracker(models, TrackerSettings(plain=True))
    (points,) = tracker.track([moving_face.frame_of(scene)])
    assert tracker.faces.most == 2
    assert points.points_px[:468, 0].min() > 180


@pytest.mark.slow
def test_without_a_face_nothing_is_found(models: ModelBytes) -> None:
    tracker = FaceTracker(models)
    found = list(tracker.track([moving_face.frame_of(_scene((320, 280)), i) for i in range(6)]))
    assert len(found) == 6
    assert np.isnan([p.presence for p in found]).all()
    assert tracker.faces.most == 0


@pytest.mark.slow
def test_a_face_that_comes_later_is_found(models: ModelBytes, frames: list[Frame]) -> None:
    empty = [moving_face.frame_of(_scene((320, 280)), i) for i in range(5)]
    coming = [moving_face.frame_of(moving_face.draw(moving_face.Pose()), i) for i in range(5, 10)]
    found = list(FaceTracker(models, TrackerSettings(plain=True)).track(empty + coming))
    assert np.isfinite([p.presence for p in found]).tolist() == [False] * 5 + [True] * 5
    assert found[-1].eyes_px is None


@pytest.mark.slow
def test_a_face_too_small_for_the_detector_is_found_in_a_part_of_the_picture(
    models: ModelBytes,
) -> None:
    """A face 200 px wide in 1920: 13 of the detector's 128 pixels."""
    pictures = []
    for index, picture in enumerate(islice(moving_face.pictures(), 4)):
        scene = np.full((1080, 1920, 3), 128, np.uint8)
        scene[600:920, 1100:1380] = picture
        pictures.append(moving_face.frame_of(scene, index))
    tracker = FaceTracker(models, TrackerSettings(plain=True))
    assert tracker._detector.detect(pictures[0]) == []
    followed = list(tracker.track(pictures))
    eyes = np.add(moving_face.EYES_PX, (1100, 600))
    for points in followed:
        assert points.points_px[[468, 473], :2] == pytest.approx(eyes, abs=6)
