"""Single pictures instead of a file: what a browser's camera sends, as frames and as a recording.

A picture comes as a JPEG file with its capture time. It goes through the decoder and the plane
writer of video files, so that a frame is the same, bit for bit, whether its picture comes alone
or in a recording. The stamps of a recording are whole milliseconds: capture times are rounded to
them first, so that both ways have the same times too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from facewire.errors import VideoError
from facewire.video.frames import Frame
from facewire.video.limits import DecodeLimits
from facewire.video.media import (
    is_full_range,
    orientation_of,
    square_pixel_size,
    write_planes,
)

SUFFIX = ".mkv"
STAMPS_PER_S = 1000
JPEG_START = b"\xff\xd8\xff"
LIMITS = DecodeLimits(max_pixels=4096 * 4096)


@dataclass(frozen=True)
class Picture:
    """A JPEG picture with its capture time.

    Parameters
    ----------
    time_ms : int
        Capture time, milliseconds; of the recording's own clock.
    jpeg : bytes
        The JPEG file.
    """

    time_ms: int
    jpeg: bytes


class PictureDecoder:
    """Turns JPEG pictures into frames, one after the other.

    To be used in a process of its own: what comes from outside may be hostile.
    """

    def __init__(self) -> None:
        import av

        self._av = av
        self._codec: Any = av.CodecContext.create("mjpeg", "r")
        self._codec.thread_count = 1

    def decode(self, jpeg: bytes, index: int, time_s: float) -> Frame:
        """Decode one picture.

        Parameters
        ----------
        jpeg : bytes
            The JPEG file.
        index : int
            Position in the recording, from 0.
        time_s : float
            Seconds since the first picture.

        Raises
        ------
        VideoError
            It is not a JPEG picture that can be decoded.
        DecoderLimitError
            It is too large.
        """
        picture = self._picture(jpeg)
        size = square_pixel_size(picture, self._codec.sample_aspect_ratio)
        LIMITS.check_size(*size)
        turn = orientation_of(picture)
        width_px, height_px = size[::-1] if turn.swaps_sides else size
        colour = ((height_px + 1) // 2, (width_px + 1) // 2)
        y, u, v = (np.empty(s, np.uint8) for s in ((height_px, width_px), colour, colour))
        write_planes(picture, size, turn, (y, u, v))
        full = is_full_range(picture)
        return Frame(index, time_s, y, u, v, full_range=full, damaged=bool(picture.is_corrupt))

    def _picture(self, jpeg: bytes) -> Any:
        if not jpeg.startswith(JPEG_START):
            raise _not_a_picture("something else")
        try:
            decoded = self._codec.decode(self._av.Packet(jpeg))
        except self._av.error.FFmpegError as error:
            raise _not_a_picture(str(error.strerror)) from error
        if not decoded:
            raise _not_a_picture("no picture in it")
        return decoded[0]


def _not_a_picture(found: str) -> VideoError:
    return VideoError(
        "A picture from the camera cannot be read", expected="a JPEG picture", found=found
    )


def write_pictures(path: Path, pictures: Iterable[Picture]) -> int:
    """Write JPEG pictures as a recording (Motion JPEG in Matroska); return how many.

    The pictures are stored as they are, not coded again. A picture that is not later than the one
    before it is left out, as the reader would leave it out.

    Parameters
    ----------
    path : Path
        The file; its suffix should be `SUFFIX`.
    pictures : iterable of Picture
        In order of time.

    Raises
    ------
    VideoError
        There is no picture, or the first one cannot be read.
    """
    import av

    count, last_ms, first_ms = 0, -1, 0
    with av.open(str(path), "w", format="matroska") as out:
        stream: Any = None
        for picture in pictures:
            if stream is None:
                stream = _add_stream(out, picture.jpeg)
                first_ms = picture.time_ms
            time_ms = picture.time_ms - first_ms
            if time_ms <= last_ms:
                continue
            packet = av.Packet(picture.jpeg)
            packet.stream, packet.is_keyframe = stream, True
            packet.time_base = stream.time_base
            packet.pts = packet.dts = round(time_ms / STAMPS_PER_S / stream.time_base)
            out.mux(packet)
            count, last_ms = count + 1, time_ms
        if stream is None:
            raise VideoError("The recording has no picture", expected="at least one")
    return count


def _add_stream(out: Any, jpeg: bytes) -> Any:
    from fractions import Fraction

    first = PictureDecoder()._picture(jpeg)
    stream = out.add_stream("mjpeg", rate=30)
    stream.width, stream.height = first.width, first.height
    stream.pix_fmt = first.format.name
    stream.time_base = Fraction(1, STAMPS_PER_S)
    return stream
