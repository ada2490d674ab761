"""Reading a video: what the other steps use."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from facewire.errors import TruncatedVideoError, UsageError, VideoError
from facewire.video.frames import Frame, VideoInfo
from facewire.video.limits import DecodeLimits
from facewire.video.process import DecoderProcess
from facewire.video.ring import Ring

LIMITS = DecodeLimits()
"""What decoding may use."""

PREFETCH = 4
"""Pictures that may be decoded ahead of the one being looked at."""


class VideoStream:
    """The frames of a recording, in order, once; made by `open_video`.

    Attributes
    ----------
    info : VideoInfo
        What is known of the file.
    """

    def __init__(self, process: DecoderProcess, info: VideoInfo, keep: int, partial: bool) -> None:
        self.info = info
        self._process = process
        self._keep = keep
        self._partial = partial
        self._ring = Ring(info.width_px, info.height_px, slots_for(keep))
        self._memory = self._ring.map_for_reading(process.memory)
        self._taken = 0
        self._ended = False
        self._truncated = False
        self._counts = (0, 0, 0)
        self._quantizer: float | None = None

    @property
    def truncated(self) -> bool:
        """True once the end was reached and the recording turned out to break off."""
        return self._truncated

    @property
    def damaged_frames(self) -> int:
        """Frames so far that could not be decoded, or are marked `Frame.damaged`."""
        return self._counts[0]

    @property
    def dropped_frames(self) -> int:
        """Frames so far that were left out because they had no usable time stamp."""
        return self._counts[1]

    @property
    def resized_frames(self) -> int:
        """Frames so far of another size than the first, which were brought to its size."""
        return self._counts[2]

    @property
    def quantizer(self) -> float | None:
        """How coarsely the pictures were written, on H.264's scale of 0 to 51: the middle one.

        Known once the end was reached; None before, and for other codecs.
        """
        return self._quantizer

    def __iter__(self) -> Iterator[Frame]:
        return self

    def __next__(self) -> Frame:
        """Return the next frame.

        Raises
        ------
        VideoError
            The decoder failed or died, or the file cannot be read on.
        TruncatedVideoError
            After the last frame of a recording that breaks off, unless partial ones are allowed.
        DecoderLimitError
            A limit was passed.
        """
        if self._ended:
            raise StopIteration
        if self._taken > self._keep:
            self._process.free_slot()
        # Whatever goes wrong now, there is no further frame.
        self._ended = True
        message = self._process.receive()
        damaged, dropped, resized = message["counts"]
        self._counts = (damaged, dropped, resized)
        if "end" in message:
            self._quantizer = message["quantizer"]
            self._finish(message["end"])
            raise StopIteration
        self._ended = False
        return self._frame(message)

    def close(self) -> None:
        """Take no further frame."""
        self._ended = True

    def _frame(self, message: dict[str, Any]) -> Frame:
        y, u, v = self._ring.planes(self._memory, self._taken)
        frame = Frame(
            self._taken, message["time_s"], y, u, v, message["full_range"], message["damaged"]
        )
        self._taken += 1
        return frame

    def _finish(self, broken_off: str) -> None:
        self._truncated = bool(broken_off)
        if broken_off and not self._partial:
            raise TruncatedVideoError(
                f"The recording {self.info.name} breaks off",
                found=broken_off,
                do="copy it again from the camera, or allow a partial result",
            )


def slots_for(keep: int) -> int:
    """Return how many pictures the ring holds: the one taken, those kept, those decoded ahead."""
    return 1 + keep + PREFETCH


@contextmanager
def open_video(
    path: str | os.PathLike[str],
    *,
    keep: int = 8,
    allow_partial: bool = False,
) -> Iterator[VideoStream]:
    """Open a recording and yield its frames as a `VideoStream`.

    Decoding runs in one process of its own, a few frames ahead, and ends with the ``with`` block.
    Memory does not depend on the length of the recording. Sound is ignored.

    Parameters
    ----------
    path : path
        An mp4, mov, avi, mkv, webm, mts or mpg file.
    keep : int
        A frame's planes keep their picture while this many further frames are taken.
    allow_partial : bool
        A recording that breaks off gives what there is and sets `VideoStream.truncated`, instead
        of raising `TruncatedVideoError` after its last frame.

    Raises
    ------
    UsageError
        There is no such file, or ``keep`` is negative.
    VideoError
        The file is not a video, has no pictures, or cannot be decoded.
    TruncatedVideoError
        The file was never finished (at once), or breaks off (after its last frame).
    DecoderLimitError
        It needs more than `LIMITS` allow.
    """
    # The decoding process loads this module too, and starts a third sooner without that one.
    from facewire.files import sha256_of

    video = Path(path)
    _check_request(video, keep)
    process = DecoderProcess(video, LIMITS, slots_for(keep))
    stream = None
    try:
        # Hashed while the decoder starts: this costs next to no time.
        sha256 = sha256_of(video)
        info = VideoInfo(name=video.name, sha256=sha256, **process.receive())
        stream = VideoStream(process, info, keep, allow_partial)
        yield stream
    finally:
        if stream is not None:
            stream.close()
        process.close()


def frames_at(
    path: str | os.PathLike[str], wanted: Mapping[int, float], *, straight: bool = False
) -> Generator[Frame]:
    """Yield some frames of a recording, each exactly as `open_video` would give it.

    The recording is not decoded as a whole where it need not be.

    Parameters
    ----------
    path : path
        The recording.
    wanted : mapping of int to float
        Position and time (seconds) of each wanted frame, as a whole pass gave them.
    straight : bool
        Decode everything up to the last one: for recordings with damage or unusable time stamps.

    Yields
    ------
    Frame
        In no certain order; its planes keep their picture until the next one is taken. Positions
        that the recording does not have are left out.
    """
    left = dict(wanted)
    if left and not straight:
        positions = {time_s: index for index, time_s in left.items()}
        for frame in _chosen(Path(path), sorted(positions)):
            index = positions[frame.time_s]
            del left[index]
            yield replace(frame, index=index)
    if left:
        with open_video(path, keep=0, allow_partial=True) as stream:
            for frame in stream:
                if left.pop(frame.index, None) is not None:
                    yield frame
                if not left:
                    return


def _chosen(video: Path, times_s: list[float]) -> Iterator[Frame]:
    _check_request(video, 0)
    process = DecoderProcess(video, LIMITS, slots_for(0), times_s)
    try:
        info = VideoInfo(name=video.name, sha256="", **process.receive())
        yield from VideoStream(process, info, 0, partial=True)
    finally:
        process.close()


def probe_video(path: str | os.PathLike[str]) -> VideoInfo:
    """Return what is known of a recording; its first frame is decoded, no more.

    Raises the same errors as `open_video`.
    """
    with open_video(path, keep=0) as stream:
        return stream.info


def _check_request(video: Path, keep: int) -> None:
    if keep < 0:
        raise UsageError("keep is wrong", expected="0 or more frames", found=str(keep))
    if not video.is_file():
        found = "a folder" if video.is_dir() else "no such file"
        found = "neither a file nor a folder" if video.exists() and found != "a folder" else found
        raise UsageError(
            f"The video {video} cannot be opened",
            expected="a video file",
            found=found,
            do="check the path",
        )
    if not video.stat().st_size:
        raise VideoError(
            f"The file {video.name} is empty",
            expected="a video",
            found="0 bytes",
            do="copy it again from the camera",
        )
