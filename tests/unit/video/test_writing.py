"""Frames that are written are read again: planes, times, range and matrix as they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from facewire.errors import VideoError
from facewire.video import Frame, VideoInfo, open_video
from facewire.video.writing import write_video

TIMES_S = (0.0, 0.04, 0.1, 0.13, 0.2, 0.21)


def info(matrix: str) -> VideoInfo:
    return VideoInfo("x.mp4", "", 97, 65, 0, "h264", "mp4", 25.0, 0.2, matrix)


def frames(full_range: bool) -> Iterator[Frame]:
    """A slope of brightness that moves, 97 x 65, in blue-green."""
    x, y = np.meshgrid(np.arange(97), np.arange(65))
    for i, time_s in enumerate(TIMES_S):
        bright = (40 + x + y + 3 * i).astype(np.uint8)
        u, v = (np.full((33, 49), value, np.uint8) for value in (150, 90))
        yield Frame(i, time_s, bright, u, v, full_range)


@pytest.mark.parametrize(("matrix", "full_range"), [("bt709", False), ("bt601", True)])
def test_what_is_written_is_read(tmp_path: Path, matrix: str, full_range: bool) -> None:
    path = tmp_path / "x.mp4"
    write_video(path, info(matrix), frames(full_range))
    with open_video(path, keep=len(TIMES_S)) as stream:
        read = list(stream)
        assert stream.info.color_matrix == matrix
        assert (stream.info.width_px, stream.info.height_px) == (96, 64)
    assert [f.time_s for f in read] == pytest.approx(TIMES_S, abs=1e-4)
    for one, other in zip(frames(full_range), read, strict=True):
        assert other.full_range is full_range
        assert np.abs(other.y.astype(float) - one.y[:64, :96]).max() <= 4
        assert np.abs(other.u.astype(float) - 150).max() <= 3
        assert np.abs(other.v.astype(float) - 90).max() <= 3


def test_no_frame_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="no picture to write"):
        write_video(tmp_path / "x.mp4", info("bt601"), iter(()))
