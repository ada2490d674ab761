"""The decoding process: started by `facewire.video.stream`, one for each opened video.

It reads one line with its orders, then one byte for every picture slot that is free again. It
writes pictures into the shared ring and one short line about each. It ends with its parent,
whatever it is doing at that moment.
"""

from __future__ import annotations

import itertools
import json
import mmap
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NoReturn

from av.video.frame import PictureType

from facewire.confined import confine
from facewire.errors import DecoderLimitError, VideoError
from facewire.video.limits import DecodeLimits
from facewire.video.media import (
    Media,
    color_matrix_of,
    is_full_range,
    orientation_of,
    square_pixel_size,
    write_planes,
)
from facewire.video.ring import Ring
from facewire.video.timeline import Timeline

SAME_SHAPE = 0.02
"""Width to height of pictures of one shape may differ by so much: sizes are rounded."""


class Line:
    """The way to and from the parent."""

    def __init__(self, source: BinaryIO, slots: int) -> None:
        self._source = source
        self._free = threading.Semaphore(slots)
        # Whatever a library prints must not reach the parent as a message.
        self._out = os.dup(1)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.close(silent)
        threading.Thread(target=self._listen, daemon=True).start()

    def send(self, **message: Any) -> None:
        """Send one message; end at once when the parent is gone."""
        try:
            os.write(self._out, json.dumps(message).encode() + b"\n")
        except BrokenPipeError:
            os._exit(1)

    def wait_for_slot(self) -> None:
        """Wait until the parent no longer needs the next slot."""
        self._free.acquire()

    def fail(self, error: VideoError) -> NoReturn:
        """Hand an error to the parent and end."""
        parts = {"what": error.what, "expected": error.expected}
        self.send(error=type(error).__name__, **parts, found=error.found, do=error.do)
        os._exit(1)

    def _listen(self) -> None:
        while given := self._source.read(64):
            self._free.release(len(given))
        os._exit(0)


def run(orders: dict[str, Any], source: BinaryIO) -> NoReturn:
    """Decode as ordered, to the end.

    Parameters
    ----------
    orders : dict
        ``path``, ``descriptor`` of the shared memory, ``slots``, ``limits``, and ``chosen``: the
        times of the only pictures that are wanted, or None.
    source : binary file
        Where the parent's bytes come in; unbuffered.
    """
    # An interrupt from the keyboard reaches both processes; the parent closes this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    confine()
    line = Line(source, orders["slots"])
    sys.excepthook = _reporter(line)
    limits = DecodeLimits(**orders["limits"])
    _limit_memory(limits.memory_mib)
    try:
        _decode(line, orders, limits)
    except VideoError as error:
        line.fail(error)
    except MemoryError:
        too_much = "Decoding the video needs too much memory"
        most, do = f"at most {limits.memory_mib} MiB", "export it at a smaller size"
        line.fail(DecoderLimitError(too_much, expected=most, do=do))
    os._exit(0)


def _decode(line: Line, orders: dict[str, Any], limits: DecodeLimits) -> None:
    media = Media(Path(orders["path"]), limits)
    timeline = Timeline(media.unit_s, media.rate_hz, stamped=media.stamped)
    placed = ((picture, timeline.place(picture.pts, picture.dts)) for picture in media.pictures())
    timed = ((picture, time_s) for picture, time_s in placed if time_s is not None)
    first, first_s = next(timed, (None, 0.0))
    if first is None:
        raise VideoError(
            "The video has no frame that can be decoded",
            expected=f"{media.codec} pictures",
            found=f"none, {media.tally.damaged} damaged",
            do="play it to the end in a video player, then copy or export it again",
        )
    writer = _Writer(media, first, limits, orders["slots"], orders["descriptor"])
    line.send(**writer.describe())
    if orders["chosen"] is not None:
        _send_chosen(line, media, writer, first.pts, orders["chosen"])
        return
    for number, (picture, time_s) in enumerate(itertools.chain([(first, first_s)], timed)):
        limits.check_length(time_s)
        line.wait_for_slot()
        writer.write(picture, number, time_s)
        media.tally.end_s = time_s + float((picture.duration or 0) * media.unit_s)
        line.send(
            time_s=time_s,
            full_range=is_full_range(picture),
            damaged=media.tally.tainted,
            counts=[media.tally.damaged, timeline.left_out, writer.resized],
        )
    counts = [media.tally.damaged, timeline.left_out, writer.resized]
    line.send(end=media.truncated, counts=counts, quantizer=media.tally.quantizer)


def _send_chosen(
    line: Line, media: Media, writer: _Writer, first_pts: int | None, times_s: list[float]
) -> None:
    """Send the pictures at some times; those that cannot be reached exactly are missing."""
    stamps = chosen_stamps(media, first_pts, times_s)
    unit_s = media.unit_s
    for number, picture in enumerate(chosen_pictures(media, stamps)):
        line.wait_for_slot()
        time_s = float((picture.pts - (first_pts or 0)) * unit_s)
        writer.write(picture, number, time_s)
        line.send(time_s=time_s, full_range=is_full_range(picture), damaged=False, counts=[0, 0, 0])
    line.send(end="", counts=[0, 0, 0], quantizer=None)


class _Writer:
    """Writes the pictures of one recording into the ring; all get the first one's size.

    Browsers send smaller pictures where the line or the processor is slow: they are enlarged.
    """

    def __init__(
        self, media: Media, first: Any, limits: DecodeLimits, slots: int, descriptor: int
    ) -> None:
        self._media, self._first = media, first
        self.resized = 0
        self._decoded_size = (first.width, first.height)
        self._size = square_pixel_size(first, media.stream.sample_aspect_ratio)
        limits.check_size(*self._size)
        self._turn = orientation_of(first)
        width_px, height_px = self._size[::-1] if self._turn.swaps_sides else self._size
        self._ring = Ring(width_px, height_px, slots)
        self._memory: mmap.mmap = self._ring.map_for_writing(descriptor)

    def describe(self) -> dict[str, Any]:
        """Return what `VideoInfo` needs."""
        return {
            "width_px": self._ring.width_px,
            "height_px": self._ring.height_px,
            "rotation_deg": self._turn.rotation_deg,
            "codec": self._media.codec,
            "container": self._media.container,
            "frame_rate_hz": self._media.rate_hz,
            "duration_s": self._media.duration_s,
            "color_matrix": color_matrix_of(self._first),
            "flipped_by_file": self._turn.flipped,
            "created_on": self._media.created_on,
            "slow_motion": float(self._media.slow_motion),
            "late_s": self._media.late_s(self._first.pts),
            "video_tracks": self._media.video_tracks,
        }

    def write(self, picture: Any, number: int, time_s: float) -> None:
        """Write one picture; ``number`` counts from 0."""
        width, height = self._decoded_size
        if (picture.width, picture.height) != (width, height):
            if abs(picture.width * height / (picture.height * width) - 1) > SAME_SHAPE:
                raise VideoError(
                    "The shape of the picture changes within the video",
                    expected=f"{width} x {height} pixels throughout, or of that shape",
                    found=f"{picture.width} x {picture.height} at {time_s:.2f} s",
                    do="cut it there and measure its parts: a phone may have been turned",
                )
            self.resized += 1
        write_planes(picture, self._size, self._turn, self._ring.planes(self._memory, number))


def _limit_memory(memory_mib: int) -> None:
    try:
        import resource
    except ImportError:
        return
    wanted = memory_mib << 20
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or wanted < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, wanted))


def _reporter(line: Line) -> Any:
    def report(
        kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        found = f"{kind.__name__}: {error}"
        line.fail(VideoError("The decoder failed", found=found, do="report this message"))

    return report


def chosen_stamps(media: Media, first_pts: int | None, times_s: Sequence[float]) -> list[int]:
    """Return the stamps of the pictures at these times; times that no stamp gives are left out.

    Parameters
    ----------
    media : Media
        The recording.
    first_pts : int or None
        Stamp of its first picture.
    times_s : sequence of float
        Seconds since the first picture, as the time line gives them.
    """
    if first_pts is None:
        return []
    unit_s = media.unit_s
    stamps = [first_pts + round(time_s / unit_s) for time_s in times_s]
    return [
        stamp
        for stamp, time_s in zip(stamps, times_s, strict=True)
        if float((stamp - first_pts) * unit_s) == time_s
    ]


def chosen_pictures(media: Media, stamps: Sequence[int]) -> Iterator[Any]:
    """Yield the pictures with these stamps, in order; those that are not sure are missing.

    From the key picture before each wanted one the decoder goes on to it, and leaves out what no
    other picture is built on. A picture comes out exactly as if everything had been decoded, or not
    at all: whatever is not sure (no stamps, no clean key picture, damage) is left to a straight
    pass.

    Parameters
    ----------
    media : Media
        The recording; it stands anywhere afterwards.
    stamps : sequence of int
        Presentation stamps.
    """
    keys = [e.timestamp for e in media.stream.index_entries if e.is_keyframe]
    remaining = sorted(set(stamps), reverse=True)
    wanted = frozenset(remaining)
    reached: int | None = None
    pictures: Iterator[Any] = iter(())
    while remaining:
        target = remaining[-1]
        if reached is None or any(reached < key <= target for key in keys):
            media.seek(target)
            pictures = _from_key_picture(media, wanted)
        picture = next((p for p in pictures if p.pts >= target), None)
        if picture is None:
            return
        reached = picture.pts
        while remaining and remaining[-1] <= reached:
            if remaining.pop() == reached and not media.tally.tainted:
                yield picture


def _from_key_picture(media: Media, wanted: frozenset[int]) -> Iterator[Any]:
    """Yield what follows a seek; nothing where it does not begin with a clean key picture."""
    pictures = media.pictures(wanted)
    first = next(pictures, None)
    if (
        first is None
        or first.pts is None
        or not first.key_frame
        or first.pict_type != PictureType.I
    ):
        return
    yield first
    yield from (picture for picture in pictures if picture.pts is not None)
