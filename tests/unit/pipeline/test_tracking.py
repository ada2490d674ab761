"""What a track says of its recording."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from facewire.errors import TrackError
from facewire.landmarks import TrackWriter
from facewire.landmarks.faces import FaceCount
from facewire.landmarks.models import LID_NETWORK, NETWORKS
from facewire.pipeline.tracking import TrackOptions, _source, upright_track
from facewire.results.provenance import Source
from facewire.video import VideoInfo
from unit.landmarks.made_track import frame_points


def test_what_a_file_does_not_announce_is_null() -> None:
    """Browsers write recordings without a length; it stays unknown and stops nothing."""
    info = VideoInfo("a.webm", "0" * 64, 64, 48, 0, "vp9", "webm", math.nan, math.nan)
    stream: Any = SimpleNamespace(
        info=info, truncated=False, damaged_frames=0, dropped_frames=0, resized_frames=0
    )
    tracker: Any = SimpleNamespace(faces=FaceCount())
    source = _source(stream, TrackOptions(), tracker, 1.0)
    assert (source.frame_rate_hz, source.duration_s) == (None, None)
    assert (source.name, source.width_px) == ("a.webm", 64)


@pytest.mark.parametrize(
    "made_with",
    [
        {"networks": NETWORKS[:2]},
        {"networks": (LID_NETWORK.replaced(sha256="0" * 64),)},
        {"networks": NETWORKS},
        {"networks": NETWORKS, "eye_crop": 2.1},
    ],
)
def test_eyes_as_an_earlier_version_found_them_are_not_measured_as_todays(
    tmp_path: Path, made_with: dict[str, Any]
) -> None:
    path = tmp_path / "track.parquet"
    with TrackWriter(path, {}) as writer:
        writer.add(frame_points(0))
        writer.finish(Source(name="a.mp4", **made_with))
    with pytest.raises(TrackError, match=r"earlier version.*track the recording again"):
        upright_track(path, mirrored=None)
