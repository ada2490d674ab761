"""What a track says of its recording."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from facewire.errors import TrackError, UsageError
from facewire.files import sha256_of
from facewire.landmarks import TrackWriter, open_track
from facewire.landmarks.detectors.meshes import EYE_CROP
from facewire.landmarks.faces import FaceCount
from facewire.landmarks.models import LID_NETWORK, NETWORKS
from facewire.pipeline import MeasureOptions
from facewire.pipeline.flow import _Job, _track
from facewire.pipeline.tracking import TrackOptions, _source, upright_track
from facewire.results.provenance import Source
from facewire.video import VideoInfo
from unit.landmarks.made_track import frame_points


def test_what_a_file_does_not_announce_is_null() -> None:
    """Browsers write recordings without a length; it stays unknown and stops nothing."""
    info = VideoInfo("a.webm", "0" * 64, 64, 48, 0, "vp9", "webm", math.nan, math.nan)
    stream: Any = SimpleNamespace(
        info=info,
        truncated=False,
        damaged_frames=0,
        dropped_frames=0,
        resized_frames=0,
        quantizer=None,
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


SAID = [(None, False, False), (None, True, True), (False, None, False), (True, False, False)]


@pytest.mark.parametrize(("before", "said", "after"), SAID)
def test_what_is_said_of_mirroring_stays_with_the_track(
    tmp_path: Path, before: bool | None, said: bool | None, after: bool
) -> None:
    """Measured with --mirrored no, its own track was measured again with sides not confirmed."""
    video, path = tmp_path / "a.mp4", tmp_path / "track.parquet"
    video.write_bytes(b"pictures")
    known = {"networks": NETWORKS, "eye_crop": EYE_CROP, "width_px": 640, "mirrored": before}
    with TrackWriter(path, {}) as writer:
        writer.add(frame_points(0))
        writer.finish(Source(name="a.mp4", sha256=sha256_of(video), **known))
    points = open_track(path).mesh_at([0])
    job = _Job(
        source=video,
        video=video,
        out=tmp_path,
        track=path,
        cues=None,
        tracking=TrackOptions(mirrored=said),
        options=MeasureOptions(overwrite=True),
        progress=lambda _step, _share: None,
    )
    assert _track(job).source.mirrored is after
    assert upright_track(path, mirrored=None).source.mirrored is after
    np.testing.assert_array_equal(open_track(path).mesh_at([0]), points)
    with pytest.raises(UsageError, match="said differently before"):
        upright_track(path, mirrored=not after)
