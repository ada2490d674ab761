"""Live equals recorded: the same pictures, one by one and as a file, give the same points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import moving_face
from camera_pictures import FIRST_MS, camera_pictures
from facewire.landmarks.live_tracker import SteppingTracker, track_of
from facewire.landmarks.models import ModelBytes, read_models
from facewire.landmarks.tracker import FramePoints, TrackerSettings
from facewire.pipeline import TrackOptions, track_video
from facewire.video import Frame
from facewire.video.pictures import PictureDecoder, write_pictures
from whole_tracks import load_track

pytestmark = pytest.mark.models
LENGTH_S = 2.4
ARRAYS = (
    "points_px",
    "eyes_px",
    "eyes_spread_px",
    "corrected_px",
    "mismatch",
    "seen",
    "match",
)


@pytest.fixture(scope="module")
def models() -> ModelBytes:
    return read_models()


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    decoder = PictureDecoder()
    return [
        decoder.decode(p.jpeg, i, (p.time_ms - FIRST_MS) / 1000)
        for i, p in enumerate(camera_pictures(LENGTH_S))
    ]


@pytest.fixture(scope="module")
def stepped(models: ModelBytes, frames: list[Frame]) -> list[FramePoints]:
    tracker = SteppingTracker(models)
    complete = [p for frame in frames for p in tracker.complete(tracker.step(frame))]
    return [*complete, *tracker.complete_rest()]


def test_live_equals_recorded(stepped: list[FramePoints], tmp_path: Path) -> None:
    video = tmp_path / "session.mkv"
    write_pictures(video, camera_pictures(LENGTH_S))
    track_video(video, tmp_path / "track.parquet", TrackOptions())
    recorded, live = load_track(tmp_path / "track.parquet"), track_of(stepped)
    assert np.array_equal(recorded.times_s, live.times_s)
    assert np.isfinite(live.corrected_px[-1]).all()
    for name in ARRAYS:
        assert np.array_equal(getattr(recorded, name), getattr(live, name), equal_nan=True), name


@pytest.mark.slow
def test_glances_in_between_change_nothing(
    models: ModelBytes, frames: list[Frame], stepped: list[FramePoints]
) -> None:
    tracker = SteppingTracker(models)
    again = []
    for i, frame in enumerate(frames[:30]):
        again += tracker.complete(tracker.step(frame))
        if i % 4 == 1:
            tracker.glance(frames[-1])
    for one, other in zip(again, stepped, strict=False):
        assert np.array_equal(one.points_px, other.points_px)
        assert np.array_equal(one.corrected_px, other.corrected_px, equal_nan=True)


@pytest.mark.slow
def test_a_glance_sees_what_a_step_sees(
    models: ModelBytes, frames: list[Frame], stepped: list[FramePoints]
) -> None:
    """Half a pixel apart at most: only the region in which the network looks differs."""
    tracker = SteppingTracker(models)
    for frame in frames[:-1]:
        tracker.step(frame)
    assert tracker.at_rest
    glanced = tracker.glance(frames[-1])
    apart = np.abs(glanced.corrected_px - stepped[-1].corrected_px)
    assert float(np.median(apart)) < 0.5


@pytest.mark.slow
def test_a_lost_face_is_found_again(models: ModelBytes, frames: list[Frame]) -> None:
    tracker = SteppingTracker(models, TrackerSettings(plain=True))
    grey = np.full((moving_face.HEIGHT_PX, moving_face.WIDTH_PX, 3), 128, np.uint8)
    empty = moving_face.frame_of(grey)
    assert np.isfinite(tracker.glance(frames[0]).points_px).all()
    assert np.isnan(tracker.glance(empty).points_px).all()
    assert tracker.count_faces(empty) == 0
    assert np.isfinite(tracker.glance(frames[1]).points_px).all()
    assert tracker.count_faces(frames[1]) == 1
