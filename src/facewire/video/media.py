"""Inside the decoding process: from a file to decoded pictures, and what went wrong on the way."""

from __future__ import annotations

import math
import mmap
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.sidedata.sidedata import Type as SideDataType
from av.stream import Discard, Disposition

from facewire.errors import TruncatedVideoError, VideoError
from facewire.video.completeness import FileShape, breaks_off, read_shape
from facewire.video.frames import Plane
from facewire.video.limits import CONTAINERS, DecodeLimits
from facewire.video.ring import Planes

# Only these are tried, and nothing but the file itself is opened: play lists and other formats
# that refer to further files or to the network are never followed.
_OPEN_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": ",".join(CONTAINERS)}

_READING: dict[str, Any] = (
    {"metadata_errors": "replace"} if int(av.__version__.partition(".")[0]) < 19 else {}
)
"""Titles and tags may be in any encoding; from 19 on PyAV never fails on what is no text."""

CAPTURE_RATE = "com.android.capture.fps"
"""Pictures a second at which a phone recorded; the file may play them slower."""
LEAST_CAPTURE_HZ = 100.0
LEAST_SLOWER = 2.5
"""A camera that announces 60 and writes 30 pictures a second in dim light is no slow motion."""

_FULL_RANGE = 2
_BYTES_PER_PIXEL = 3
_SPARE_PICTURES = 3
_MATRICES = {1: "bt709", 5: "bt601", 6: "bt601", 9: "bt2020", 10: "bt2020"}
_DIRECT_FORMATS = ("yuv420p", "yuvj420p")


@dataclass(frozen=True)
class Orientation:
    """A left-right flip, then a clockwise turn; multiples of 90 degrees can be applied."""

    rotation_deg: int = 0
    flipped: bool = False

    @classmethod
    def from_matrix(cls, matrix: Sequence[int]) -> Orientation:
        """Read a display matrix: nine numbers, row by row (ISO/IEC 14496-12, 6.2.2).

        The picture's point (x, y), y down, is shown at (a x + c y, b x + d y), where a, b are the
        first two numbers and c, d the fourth and fifth. A matrix of zeros turns nothing.
        """
        a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
        flipped = a * d - b * c < 0
        if flipped:
            a, b = -a, -b
        return cls(round(math.degrees(math.atan2(b, a))) % 360, flipped)

    @property
    def swaps_sides(self) -> bool:
        """True when width and height change places."""
        return self.rotation_deg in (90, 270)

    def write(self, plane: Plane, out: Plane) -> None:
        """Write the upright plane into ``out``, which has the upright shape."""
        if self == Orientation():
            np.copyto(out, plane)
            return
        # Loaded for turned recordings alone: it would double the start of the others.
        import cv2

        if self.flipped:
            plane = cv2.flip(plane, 1)
        turns = {
            90: cv2.ROTATE_90_CLOCKWISE,
            180: cv2.ROTATE_180,
            270: cv2.ROTATE_90_COUNTERCLOCKWISE,
        }
        if self.rotation_deg == 0:
            np.copyto(out, plane)
        else:
            cv2.rotate(plane, turns[self.rotation_deg], dst=out)


@dataclass
class Tally:
    """What happened while decoding: grows as the pictures come.

    Parameters
    ----------
    damaged : int
        Pictures that could not be decoded, or that rest on such a one.
    tainted : bool
        The picture at hand rests on a damaged one: true until the next key picture.
    read_error : str
        Why the file could not be read on.
    end_s : float
        End of the last picture.
    quantizers : list of int
        How coarsely each picture was written, on H.264's scale of 0 to 51; empty for other codecs.
    """

    damaged: int = 0
    tainted: bool = False
    read_error: str = ""
    end_s: float = 0.0
    quantizers: list[int] = field(default_factory=list)

    @property
    def quantizer(self) -> float | None:
        """The middle one; None where none is known."""
        return float(np.median(self.quantizers)) if self.quantizers else None

    def note(self, picture: Any) -> None:
        """Note how coarsely a picture was written."""
        written = picture.side_data.get(SideDataType.VIDEO_ENC_PARAMS)
        if written is not None:
            self.quantizers.append(int(written.qp))


class Media:
    """An opened file with one video stream.

    Parameters
    ----------
    path : Path
        The file.
    limits : DecodeLimits
        Picture size, length and threads.

    Attributes
    ----------
    slow_motion : Fraction
        How many times slower than the face a player shows it, as far as the file says so.
    unit_s : Fraction
        Seconds of the face's own time for one unit of the stamps.
    video_tracks : int
        How many moving pictures the file holds.

    Raises
    ------
    VideoError
        The file is not a video that can be read.
    TruncatedVideoError
        Its index is missing.
    DecoderLimitError
        It announces more than the limits allow.
    """

    def __init__(self, path: Path, limits: DecodeLimits) -> None:
        self.shape = read_shape(path)
        self._container = _open(path, self.shape)
        self.stream, self.video_tracks = _video_stream(self._container)
        self.slow_motion = _slow_motion(self._container, self.stream)
        self.unit_s = Fraction(self.stream.time_base) / self.slow_motion
        self.container = _short_container(self._container.format.name, path)
        self.tally = Tally()
        self._limits = limits
        context = self.stream.codec_context
        limits.check_size(context.width, context.height)
        limits.check_length(self.duration_s)
        context.thread_type = "AUTO"
        context.thread_count = limits.threads
        if self.codec == "h264":
            # Other codecs count their quantizers otherwise, or do not tell them.
            context.options = {"export_side_data": "venc_params"}

    @property
    def stamped(self) -> bool:
        """Whether the file announces a stamp for its first picture."""
        return self.stream.start_time is not None

    @property
    def codec(self) -> str:
        """Short name of the codec."""
        return str(self.stream.codec_context.codec.canonical_name)

    @property
    def rate_hz(self) -> float:
        """Announced mean frame rate, by the face's own clock; NaN when unknown."""
        rate = self.stream.average_rate
        return float(rate * self.slow_motion) if rate and rate > 0 else math.nan

    def late_s(self, first_pts: int | None) -> float:
        """Return how long after a player's zero the first picture is shown, seconds."""
        if first_pts is None or self._container.start_time is None:
            return 0.0
        zero_s = float(self._container.start_time / av.time_base)
        return max(0.0, float(first_pts * self.stream.time_base) - zero_s)

    @property
    def duration_s(self) -> float:
        """Announced length of the pictures, of the file where that is unknown; NaN for neither."""
        return self._announced_s / float(self.slow_motion)

    @property
    def _announced_s(self) -> float:
        if self.container == "avi" and self.stream.frames and self.rate_hz > 0:
            # The library shortens the announced length of an AVI that is cut.
            return float(self.stream.frames / self.rate_hz)
        if (self.stream.duration or 0) > 0:
            return float(self.stream.duration * self.stream.time_base)
        # Such a length counts from the file's zero, the pictures from the first of them.
        late_s = float(max(self.stream.start_time or 0, 0) * self.stream.time_base)
        if (own_s := _tagged_s(self.stream)) > 0:
            return max(own_s - late_s, 0.0)
        if (self._container.duration or 0) > 0:
            return max(float(self._container.duration / av.time_base) - late_s, 0.0)
        return math.nan

    @property
    def _length_is_of_sound(self) -> bool:
        """Whether the announced length may be that of another stream."""
        own = (self.stream.duration or 0) > 0 or _tagged_s(self.stream) > 0
        return not own and len(self._container.streams) > 1

    @property
    def created_on(self) -> str:
        """The day that the file says it was recorded on, ``YYYY-MM-DD``; empty for none."""
        said = self._container.metadata
        # The first is the day at the place of recording, the second the same moment in UTC.
        text = said.get("com.apple.quicktime.creationdate") or said.get("creation_time") or ""
        try:
            return date.fromisoformat(text[:10]).isoformat()
        except ValueError:
            return ""

    @property
    def truncated(self) -> str:
        """Why the recording counts as broken off; empty when it does not. Valid at the end."""
        if self.tally.read_error:
            return f"a read error ({self.tally.read_error}) at {self.tally.end_s:.2f} s"
        interval_s = 1.0 / self.rate_hz if self.rate_hz > 0 else 0.1
        unknown = self.shape.fragmented or self._length_is_of_sound
        announced_s = math.nan if unknown else self.duration_s
        if breaks_off(
            cut=self.shape.cut,
            announced_s=announced_s,
            end_s=self.tally.end_s,
            interval_s=interval_s,
        ):
            announced = f" of {announced_s:.2f} s" if announced_s > 0 else ""
            return f"pictures for {self.tally.end_s:.2f} s{announced}"
        return ""

    def seek(self, stamp: int) -> None:
        """Go to the key picture before a stamp; until it is decoded, pictures count as tainted."""
        self._container.seek(stamp, stream=self.stream)
        self.tally.tainted = True

    def pictures(self, wanted: Container[int] | None = None) -> Iterator[Any]:
        """Yield decoded pictures in the order they are shown; damage is counted, not raised.

        Parameters
        ----------
        wanted : container of int, optional
            Stamps. Of the others, those that no picture is built on may be left out.
        """
        context = self.stream.codec_context
        for packet in self._packets():
            if wanted is not None and packet is not None:
                context.skip_frame = "DEFAULT" if packet.pts in wanted else "NONREF"
            try:
                decoded = context.decode(packet)
            except av.error.FFmpegError as error:
                self._check_memory(error)
                self.tally.damaged += 1
                self.tally.tainted = True
                continue
            for picture in decoded:
                # Later pictures are built on a damaged one until a key picture starts afresh.
                healed = picture.key_frame and not picture.is_corrupt
                self.tally.tainted = not healed and (self.tally.tainted or picture.is_corrupt)
                self.tally.damaged += self.tally.tainted
                self.tally.note(picture)
                yield picture

    def _check_memory(self, error: Exception) -> None:
        """Raise `MemoryError` when no memory is left: codecs report its want as damaged data."""
        context = self.stream.codec_context
        wanted = max(context.width * context.height * _BYTES_PER_PIXEL * _SPARE_PICTURES, 1)
        try:
            mmap.mmap(-1, wanted, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
        except OSError:
            raise MemoryError from error

    def _packets(self) -> Iterator[Any]:
        """Yield the packets, then None, which makes the codec give what it holds back."""
        try:
            for packet in self._container.demux(self.stream):
                # An empty packet would end the codec's work in the middle of the file.
                if packet.size:
                    yield packet
        except av.error.MemoryError:
            raise
        except av.error.FFmpegError as error:
            self.tally.read_error = str(error.strerror)
        yield None


def _open(path: Path, shape: FileShape) -> Any:
    try:
        return av.open(str(path), options=_OPEN_OPTIONS, **_READING)
    except av.error.MemoryError:
        raise
    except av.error.FFmpegError as error:
        if shape.lacks_index:
            raise TruncatedVideoError(
                f"The recording {path.name} was never finished: its index is missing",
                expected="a moov part, which cameras write when the recording is stopped",
                do="copy the file again from the camera, or film again",
            ) from error
        raise VideoError(
            f"The file {path.name} is not a video that can be read",
            expected="an mp4, mov, avi, mkv, webm, mts or mpg video",
            found=str(error.strerror),
            do="choose the video, or export it again as mp4",
        ) from error


def _video_stream(container: Any) -> tuple[Any, int]:
    """Return the moving-picture stream that is meant, and how many there are.

    The one that the file marks as default, else the largest. Cover pictures and stills are none.
    """
    pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    pictures = [s for s in pictures if s.codec_context]
    streams = [s for s in pictures if s.frames != 1] or pictures
    if not streams:
        raise VideoError(
            "The file has no pictures that can be decoded",
            expected="a video stream",
            found=", ".join(sorted({s.type for s in container.streams})) or "no stream",
            do="choose a video, or export it again as mp4",
        )
    chosen = max(streams, key=_meant)
    for other in container.streams:
        if other.index != chosen.index:
            other.discard = Discard.all
    return chosen, len(streams)


def _meant(stream: Any) -> tuple[bool, int]:
    context = stream.codec_context
    return bool(stream.disposition & Disposition.default), context.width * context.height


def _slow_motion(container: Any, stream: Any) -> Fraction:
    rate = stream.average_rate
    try:
        captured = float(container.metadata.get(CAPTURE_RATE, ""))
    except ValueError:
        return Fraction(1)
    slower = captured / float(rate) if rate and rate > 0 else 1.0
    if not (LEAST_CAPTURE_HZ <= captured < math.inf and slower >= LEAST_SLOWER):
        return Fraction(1)
    return Fraction(slower).limit_denominator(1000)


def _tagged_s(stream: Any) -> float:
    """Return the length that a Matroska tag gives a stream, hh:mm:ss; 0 for none."""
    parts = stream.metadata.get("DURATION", "").split(":")
    try:
        hours, minutes, seconds = (float(part) for part in parts)
    except ValueError:
        return 0.0
    return 3600 * hours + 60 * minutes + seconds


def _short_container(format_name: str, path: Path) -> str:
    suffixes = CONTAINERS.get(format_name.partition(",")[0], (format_name,))
    suffix = path.suffix[1:].lower()
    return suffix if suffix in suffixes else suffixes[0]


def orientation_of(picture: Any) -> Orientation:
    """Return how the file asks for its pictures to be turned."""
    matrix = picture.side_data.get(SideDataType.DISPLAYMATRIX)
    if matrix is None:
        return Orientation()
    return Orientation.from_matrix(np.frombuffer(matrix, np.int32).tolist())


def is_full_range(picture: Any) -> bool:
    """Return whether 0 to 255 are black to white."""
    return bool(picture.color_range == _FULL_RANGE or picture.format.name.startswith("yuvj"))


def color_matrix_of(picture: Any) -> str:
    """Return the name of the colour matrix; see `VideoInfo`."""
    return _MATRICES.get(picture.colorspace, "bt601")


def square_pixel_size(picture: Any, aspect: Any) -> tuple[int, int]:
    """Return (width, height) with square pixels; the side that is too small grows."""
    ratio = float(aspect) if aspect else 1.0
    if ratio >= 1.0:
        return round(picture.width * ratio), picture.height
    return picture.width, round(picture.height / ratio)


def write_planes(picture: Any, size: tuple[int, int], turn: Orientation, out: Planes) -> None:
    """Write a picture upright into ``out``, as YUV 4:2:0.

    Parameters
    ----------
    picture : av.VideoFrame
        The decoded picture.
    size : tuple of int
        Width and height before the turn, pixels.
    turn : Orientation
        What makes it upright.
    out : Planes
        Written in place.
    """
    if picture.format.name not in _DIRECT_FORMATS or (picture.width, picture.height) != size:
        value_range = 2 if is_full_range(picture) else 1
        picture = picture.reformat(
            *size,
            format="yuv420p",
            src_color_range=value_range,
            dst_color_range=value_range,
            threads=1,
        )
    for plane, target in zip(picture.planes, out, strict=True):
        height, width = target.shape[::-1] if turn.swaps_sides else target.shape
        rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        turn.write(rows[:height, :width], target)
