"""What cannot be measured is said in one clear error, and nothing is made from nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

import moving_face
from facewire.errors import (
    CueSheetError,
    ModelError,
    NoFaceError,
    OutputExistsError,
    TrackError,
    TruncatedVideoError,
    UsageError,
    VideoError,
)
from facewire.landmarks.models import NETWORK_FILES
from facewire.landmarks.tracker import FaceTracker
from facewire.pipeline import MeasureOptions, TrackOptions, measure, track_video

pytestmark = pytest.mark.models


def _clip(path: Path, pictures: list[Any]) -> Path:
    height, width = pictures[0].shape[:2]
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=20, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for picture in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    return path


def test_no_face(tmp_path: Path) -> None:
    clip = _clip(tmp_path / "wall.mp4", [np.full((160, 120, 3), 150, np.uint8)] * 8)
    with pytest.raises(NoFaceError, match=r"No face was found in wall\.mp4.*light and distance"):
        measure(clip, tmp_path / "out", None)
    with pytest.raises(NoFaceError):
        measure(clip, None, tmp_path / "r.json")
    with pytest.raises(NoFaceError):
        track_video(clip, tmp_path / "track.parquet", TrackOptions())
    assert [p.name for p in tmp_path.iterdir()] == ["wall.mp4"]


def _sound(path: Path) -> None:
    path.write_bytes(b"RIFF" + bytes(200))


def _nothing(path: Path) -> None:
    """No such file."""


@pytest.mark.slow
@pytest.mark.parametrize("make", [_sound, _nothing])
def test_what_cannot_be_read_leaves_nothing_behind(tmp_path: Path, make: Any) -> None:
    video = tmp_path / "a.mp4"
    make(video)
    before = list(tmp_path.iterdir())
    with pytest.raises((VideoError, UsageError)):
        measure(video, tmp_path / "new" / "out", None)
    with pytest.raises((VideoError, UsageError)):
        measure(video, None, tmp_path / "r.json")
    assert list(tmp_path.iterdir()) == before


@pytest.mark.slow
def test_an_altered_network_leaves_nothing_behind(moving_clip: Path, tmp_path: Path) -> None:
    altered = tmp_path / NETWORK_FILES[0].name
    altered.write_bytes(b"other")
    with pytest.raises(ModelError):
        measure(moving_clip, tmp_path / "out", None, TrackOptions(model=tmp_path))
    assert list(tmp_path.iterdir()) == [altered]


def test_an_empty_folder_that_was_there_stays(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        measure(tmp_path / "none.mp4", tmp_path, None)
    assert tmp_path.is_dir()


@pytest.mark.slow
def test_a_face_too_small_to_measure(tmp_path: Path) -> None:
    """Its irises are 3 px wide."""
    pictures = []
    for picture in moving_face.pictures(2.5):
        scene = np.full((240, 240, 3), 150, np.uint8)
        scene[70:170, 76:164] = cv2.resize(picture, (88, 100), interpolation=cv2.INTER_AREA)
        pictures.append(scene)
    clip = _clip(tmp_path / "far.mp4", pictures)
    with pytest.raises(NoFaceError, match="too small"):
        measure(clip, None, tmp_path / "r.json")


@pytest.mark.slow
def test_too_short(tmp_path: Path) -> None:
    clip = moving_face.write_clip(tmp_path / "short.mp4", 0.8)
    with pytest.raises(TrackError, match=r"What to do"):
        measure(clip, None, tmp_path / "r.json")


@pytest.mark.slow
def test_cue_sheet_of_a_longer_recording(tmp_path: Path) -> None:
    clip = moving_face.write_clip(tmp_path / "face.mp4", 3.0)
    cues = clip.with_suffix(".cues.json")
    with pytest.raises(CueSheetError, match=r"longer than the recording.*ends at 5\.60 s"):
        measure(clip, None, tmp_path / "r.json", None, MeasureOptions(cues=cues))
    assert not (tmp_path / "r.json").exists()


def test_cue_sheet_of_a_longer_recording_stops_before_any_work(
    moving_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = moving_face.cues()
    rows[-1]["end_s"] = 8.0
    cues = tmp_path / "cues.json"
    cues.write_text(json.dumps(rows))

    def never(*_: Any) -> None:
        raise NotImplementedError

    monkeypatch.setattr(FaceTracker, "track", never)
    with pytest.raises(CueSheetError, match=r"longer than the recording.*ends at 8\.00 s"):
        measure(moving_clip, tmp_path / "out", None, None, MeasureOptions(cues=cues))
    assert not (tmp_path / "out").exists()


def test_a_broken_cue_sheet_stops_before_any_work(moving_clip: Path, tmp_path: Path) -> None:
    cues = tmp_path / "cues.json"
    cues.write_text(json.dumps([{"movement": "wink"}]))
    with pytest.raises(CueSheetError):
        measure(moving_clip, tmp_path / "out", None, None, MeasureOptions(cues=cues))
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_plain_track_is_for_looking_only(tmp_path: Path) -> None:
    clip = moving_face.write_clip(tmp_path / "face.mp4", 2.0)
    track = tmp_path / "track.parquet"
    track_video(clip, track, TrackOptions(plain=True))
    with pytest.raises(TrackError, match="plain"):
        measure(track, None, tmp_path / "r.json")
    with pytest.raises(UsageError, match="plain track cannot be measured"):
        measure(clip, None, tmp_path / "r.json", TrackOptions(plain=True))
    with pytest.raises(OutputExistsError, match="is there already"):
        track_video(clip, track, TrackOptions(plain=True))


@pytest.mark.slow
def test_truncated_clip_gives_a_result_only_when_allowed(tmp_path: Path) -> None:
    whole = moving_face.write_clip(tmp_path / "whole.mkv")
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    with pytest.raises(TruncatedVideoError, match=r"breaks off|never finished"):
        measure(cut, tmp_path / "out", None)
    assert not (tmp_path / "out" / "result.json").exists()
    result = measure(cut, tmp_path / "out", None, TrackOptions(allow_partial=True)).plain()
    assert "truncated" in [m["code"] for m in result["quality"]["messages"]]


def test_a_table_that_is_no_track(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_text("text")
    with pytest.raises(TrackError, match="not a landmark track"):
        measure(tmp_path / "t.parquet", None, tmp_path / "r.json")
