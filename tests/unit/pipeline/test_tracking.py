"""What a track says of its recording."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

from facewire.landmarks.faces import FaceCount
from facewire.pipeline.tracking import TrackOptions, _source
from facewire.video import VideoInfo


def test_what_a_file_does_not_announce_is_null() -> None:
    """Browsers write recordings without a length; it stays unknown and stops nothing."""
    info = VideoInfo("a.webm", "0" * 64, 64, 48, 0, "vp9", "webm", math.nan, math.nan)
    stream: Any = SimpleNamespace(info=info, truncated=False, damaged_frames=0, dropped_frames=0)
    tracker: Any = SimpleNamespace(faces=FaceCount())
    source = _source(stream, TrackOptions(), tracker, 1.0)
    assert (source.frame_rate_hz, source.duration_s) == (None, None)
    assert (source.name, source.width_px) == ("a.webm", 64)
