"""Writing frames as a video file: planes as they are, times as they are, little lost to coding."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from facewire.errors import VideoError
from facewire.video.frames import Frame, Plane, VideoInfo

TICKS_PER_S = 90_000
QUALITY = "10"
"""Constant rate factor: twelve under that of usual files."""
_MATRICES = {"bt601": 5, "bt709": 1, "bt2020": 9}


def write_video(path: Path, info: VideoInfo, frames: Iterable[Frame]) -> None:
    """Write frames as H.264 in mp4.

    The planes are coded without a change of colours; a last odd row or column is left out.

    Parameters
    ----------
    path : Path
        The file to write.
    info : VideoInfo
        Of the recording that they come from.
    frames : iterable of Frame
        In order of time.

    Raises
    ------
    VideoError
        There is no frame, or the encoder refuses them.
    """
    import av

    rate = info.frame_rate_hz if info.frame_rate_hz > 0 else 30.0
    with av.open(str(path), "w", format="mp4") as out:
        stream: Any = out.add_stream("libx264", rate=Fraction(rate).limit_denominator(1001))
        stream.width, stream.height = info.width_px // 2 * 2, info.height_px // 2 * 2
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": QUALITY, "preset": "veryfast"}
        context = stream.codec_context
        context.time_base = Fraction(1, TICKS_PER_S)
        context.colorspace = _MATRICES[info.color_matrix]
        first = True
        for frame in frames:
            if first:
                context.color_range = 2 if frame.full_range else 1
                first = False
            picture = av.VideoFrame(stream.width, stream.height, "yuv420p")
            for plane, values in zip(picture.planes, (frame.y, frame.u, frame.v), strict=True):
                _fill(plane, values)
            picture.pts = round(frame.time_s * TICKS_PER_S)
            picture.time_base = Fraction(1, TICKS_PER_S)
            picture.color_range = 2 if frame.full_range else 1
            out.mux(stream.encode(picture))
        if first:
            raise VideoError("There is no picture to write", expected="at least one")
        out.mux(stream.encode(None))


def _fill(plane: Any, values: Plane) -> None:
    rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
    rows[:, : plane.width] = values[: plane.height, : plane.width]
