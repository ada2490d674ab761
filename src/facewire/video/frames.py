"""What the video step hands on: pictures with times, and what is known of the file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import VideoError

Plane = NDArray[np.uint8]

COLOR_MATRICES = ("bt601", "bt709", "bt2020")


@dataclass(frozen=True)
class VideoInfo:
    """What is known of a recording before its pictures are looked at.

    Parameters
    ----------
    name : str
        File name without its folder.
    sha256 : str
        Hash of the file's bytes, hexadecimal; empty for a live camera.
    width_px, height_px : int
        Size of the upright picture, after rotation.
    rotation_deg : int
        Clockwise turn that was applied to make the picture upright: 0, 90, 180 or 270.
    codec, container : str
        Short names, such as ``h264`` and ``mp4``.
    frame_rate_hz : float
        Mean rate announced by the file; NaN when it announces none. The time axis is always the
        frames' own time stamps.
    duration_s : float
        Announced length; NaN when unknown.
    color_matrix : str
        How the planes relate to red, green and blue: ``bt601``, ``bt709`` or ``bt2020``. A file
        that does not say is taken as ``bt601``, as swscale and OpenCV take it.
    flipped_by_file : bool
        True when the file itself asked for a left-right flip, which was applied. False says
        nothing about whether a camera had mirrored the picture before.
    created_on : str
        The day that the file says it was recorded on, ``YYYY-MM-DD``, as the camera's clock had it;
        empty where it does not say.
    slow_motion : float
        How many times slower than the face a player shows the file, as far as it says so. All times
        of the frames, rate and length are the face's own.
    late_s : float
        How long after a player's zero the first picture is shown; times count from that picture.
    video_tracks : int
        How many moving pictures the file holds; the one marked as default, or the largest, is read.
    """

    name: str
    sha256: str
    width_px: int
    height_px: int
    rotation_deg: int
    codec: str
    container: str
    frame_rate_hz: float
    duration_s: float
    color_matrix: str = "bt601"
    flipped_by_file: bool = False
    created_on: str = ""
    slow_motion: float = 1.0
    late_s: float = 0.0
    video_tracks: int = 1

    def __post_init__(self) -> None:
        if self.rotation_deg not in (0, 90, 180, 270):
            raise VideoError(
                "The rotation of a video cannot be used",
                expected="0, 90, 180 or 270 degrees",
                found=f"{self.rotation_deg}",
                do="export the video again without rotation",
            )
        if self.color_matrix not in COLOR_MATRICES:
            raise VideoError(
                "The colours of the video cannot be read",
                expected=", ".join(COLOR_MATRICES),
                found=self.color_matrix,
            )
        if self.width_px <= 0 or self.height_px <= 0:
            raise VideoError(
                "The video has no picture", found=f"{self.width_px} x {self.height_px} pixels"
            )
        if self.frame_rate_hz <= 0 or self.duration_s < 0:  # NaN: not known
            raise VideoError(
                "The video announces a rate or a length that cannot be",
                expected="above 0 frames a second, 0 s or more",
                found=f"{self.frame_rate_hz:g} frames a second, {self.duration_s:g} s",
                do="export it again as mp4",
            )


@dataclass(frozen=True)
class Frame:
    """One upright picture in YUV 4:2:0 planes, with its time.

    The planes may be read-only views of shared memory: they keep this picture while ``keep``
    further frames are taken from the stream (see `open_video`); copy what is needed longer.

    Parameters
    ----------
    index : int
        Position in the recording, from 0.
    time_s : float
        Presentation time since the first frame, seconds.
    y : ndarray of uint8, shape (height, width)
        Brightness.
    u, v : ndarray of uint8, shape ((height + 1) // 2, (width + 1) // 2)
        Colour differences.
    full_range : bool
        True when 0 to 255 are black to white, False when 16 to 235 are.
    damaged : bool
        The decoder patched errors in this picture, or built it on a picture that was damaged.
    """

    index: int
    time_s: float
    y: Plane
    u: Plane
    v: Plane
    full_range: bool
    damaged: bool = False
