"""What the track of a live session says of its origin."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from facewire.clinic.live.finishing import _source
from facewire.landmarks import TrackWriter
from facewire.pipeline.tracking import upright_track
from unit.landmarks.made_track import frame_points


def test_the_track_of_a_live_session_is_measured_as_one_of_this_version(tmp_path: Path) -> None:
    """It is refused unless it names the networks and how the eyes were cut out."""
    pictures = SimpleNamespace(first_ms=0, last_ms=2000, count=61, size_px=(640, 480))
    room: Any = SimpleNamespace(pictures=pictures)
    path = tmp_path / "track.parquet"
    with TrackWriter(path, {}) as writer:
        for i in range(3):
            writer.add(frame_points(i))
        writer.finish(_source(room, None, "0" * 64))
    found = upright_track(path, mirrored=None).source
    assert (found.container, found.duration_s, found.frame_rate_hz) == ("live", 2.0, 30.0)
