from __future__ import annotations

import math
from dataclasses import replace

import pytest

from facewire.errors import UsageError, VideoError
from facewire.video import DecodeLimits, VideoInfo
from facewire.video.ring import Ring

INFO = VideoInfo("a.mp4", "", 640, 480, 0, "h264", "mp4", 30.0, 1.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rotation_deg": 45}, "rotation of a video cannot be used"),
        ({"width_px": 0}, "has no picture"),
        ({"color_matrix": "xyz"}, "colours of the video cannot be read"),
        ({"frame_rate_hz": -30.0}, "announces a rate or a length"),
        ({"duration_s": -1.0}, "announces a rate or a length"),
    ],
)
def test_wrong_facts_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(VideoError, match=message):
        replace(INFO, **change)


@pytest.mark.parametrize(
    "name", ["max_pixels", "memory_mib", "stall_s", "wait_s", "max_duration_s"]
)
def test_limits_are_above_zero(name: str) -> None:
    with pytest.raises(UsageError, match=f"decoding limit {name} is wrong"):
        DecodeLimits(**{name: 0})


def test_what_is_not_known_is_no_fault() -> None:
    assert math.isnan(replace(INFO, frame_rate_hz=math.nan, duration_s=math.nan).duration_s)


@pytest.mark.parametrize("change", [{"width_px": 0}, {"height_px": -1}, {"slots": 0}])
def test_a_ring_has_room(change: dict[str, int]) -> None:
    with pytest.raises(VideoError, match="no room"):
        replace(Ring(64, 48, 3), **change)
