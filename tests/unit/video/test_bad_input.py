"""Files that are wrong, and limits."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import av
import numpy as np
import pytest

from facewire.errors import DecoderLimitError, TruncatedVideoError, UsageError, VideoError
from facewire.video import DecodeLimits, Frame, open_video
from facewire.video import process as process_module
from facewire.video import stream as stream_module

MakeClip = Callable[..., Path]
NumberOf = Callable[[Frame], int]
FAST_START = {"movflags": "faststart"}


def read_all(path: Path, **options: object) -> list[int]:
    with open_video(path, **options) as stream:
        return [frame.index for frame in stream]


def cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def wipe_packets(path: Path, wanted: Iterable[int]) -> None:
    with av.open(str(path)) as file:
        packets = [(p.pos, p.size) for p in file.demux(video=0) if p.size]
    data = bytearray(path.read_bytes())
    for number in wanted:
        start, size = packets[number]
        # The eight bytes before the picture's own data may be the chunk's head.
        data[start + 8 : start + size] = bytes(size - 8)
    path.write_bytes(data)


def write_sound(path: Path) -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=8000)
        samples = np.zeros((1, 8000), np.float32)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate = 8000
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def write_picture(path: Path) -> Path:
    frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
    frame.save(path)
    return path


@pytest.mark.parametrize(
    "content",
    [b"dear diary\n" * 50, b"#EXTM3U\n#EXTINF:1,\nother.mp4\n", bytes(5000), b"\x00\x00"],
    ids=["text", "play list", "zeros", "two bytes"],
)
def test_other_files_are_no_video(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(VideoError, match=r"clip\.mp4 is not a video that can be read"):
        read_all(path)


@pytest.mark.parametrize("name", ["face.png", "face.jpg"])
def test_picture_is_no_video(name: str, tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="is not a video that can be read"):
        read_all(write_picture(tmp_path / name))


def test_empty_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").touch()
    with pytest.raises(VideoError, match=r"clip\.mp4 is empty.*0 bytes"):
        read_all(tmp_path / "clip.mp4")


def test_missing_file_and_folder_are_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_all(tmp_path / "nothing.mp4")
    with pytest.raises(UsageError, match="Found: a folder"):
        read_all(tmp_path)


def test_pipe_is_wrong_use(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        read_all(tmp_path / "pipe.mp4")


def test_sound_alone_is_told(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match=r"no pictures that can be decoded.*Found: audio"):
        read_all(write_sound(tmp_path / "sound.mp4"))


def test_no_readable_frame_is_told(make_clip: MakeClip) -> None:
    path = make_clip(name="a.avi", codec="mjpeg", pix_fmt="yuvj420p")
    wipe_packets(path, range(12))
    with pytest.raises(VideoError, match=r"no frame that can be decoded.*none, 12 damaged"):
        read_all(path)


def test_unfinished_recording_is_told_at_once(make_clip: MakeClip) -> None:
    path = cut(make_clip(n_frames=60), 0.6)
    with pytest.raises(TruncatedVideoError, match="never finished: its index is missing"):
        read_all(path, allow_partial=True)


CUT = [
    {"name": "a.mp4", "muxer": FAST_START},
    {"name": "a.mkv"},
    {"name": "a.webm", "codec": "libvpx-vp9"},
    {"name": "a.avi", "codec": "mjpeg", "pix_fmt": "yuvj420p"},
]


@pytest.mark.slow
@pytest.mark.parametrize("recipe", CUT, ids=lambda recipe: recipe["name"])
def test_cut_recording_raises_after_its_last_frame(
    recipe: dict[str, object], make_clip: MakeClip
) -> None:
    path = cut(make_clip(n_frames=90, **recipe), 0.6)
    seen = []
    with (
        pytest.raises(TruncatedVideoError, match=r"breaks off.*pictures for .* of 3\.0"),
        open_video(path) as stream,
    ):
        seen.extend(frame.index for frame in stream)
    assert 20 < len(seen) < 75
    assert stream.truncated


@pytest.mark.slow
def test_cut_recording_may_be_accepted(make_clip: MakeClip, number_of: NumberOf) -> None:
    path = cut(make_clip(name="a.mkv", n_frames=90), 0.6)
    with open_video(path, allow_partial=True) as stream:
        numbers = [number_of(frame) for frame in stream]
    assert stream.truncated
    assert numbers[:20] == list(range(20))


def test_damage_in_the_middle_is_counted(make_clip: MakeClip) -> None:
    path = make_clip(name="a.avi", codec="mjpeg", pix_fmt="yuvj420p", n_frames=10)
    wipe_packets(path, [4])
    with open_video(path) as stream:
        seen = [(frame.time_s, frame.damaged) for frame in stream]
    assert stream.damaged_frames == 1
    assert seen == [(pytest.approx(n / 30, abs=1e-6), False) for n in range(10) if n != 4]


def test_pictures_built_on_a_damaged_one_are_marked(
    make_clip: MakeClip, number_of: NumberOf
) -> None:
    path = make_clip(n_frames=20, size=(320, 240), codec_options={"g": "10"})
    wipe_packets(path, [4])
    with open_video(path) as stream:
        marked = [number_of(frame) for frame in stream if frame.damaged]
    assert len(marked) + 1 == stream.damaged_frames
    assert len(marked) == 5
    assert stream.info.codec == "h264"


def test_killed_decoder_is_told(long_clip: Path) -> None:
    with open_video(long_clip) as stream:
        next(stream)
        os.kill(stream._process._process.pid, signal.SIGKILL)
        with pytest.raises(VideoError, match=r"stopped in the middle of the video.*signal 9"):
            list(stream)
        assert list(stream) == []


def test_a_decoder_that_is_kept_off_is_waited_for_and_then_told(
    long_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped, it has no processor time: what a computer does that is too busy."""
    with open_video(long_clip) as stream:
        pid = stream._process._process.pid
        os.kill(pid, signal.SIGSTOP)
        monkeypatch.setattr(stream._process, "_limits", DecodeLimits(stall_s=0.1, wait_s=0.5))
        began = time.monotonic()
        with pytest.raises(
            DecoderLimitError, match=r"within 0\.5 s.*0\.\d s of them at work.*busy"
        ):
            list(stream)
        assert time.monotonic() - began >= 0.5


def test_a_decoder_that_is_kept_off_for_a_while_loses_nothing(
    long_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_video(long_clip) as stream:
        pid = stream._process._process.pid
        os.kill(pid, signal.SIGSTOP)
        monkeypatch.setattr(stream._process, "_limits", DecodeLimits(stall_s=0.1))
        threading.Timer(0.5, os.kill, (pid, signal.SIGCONT)).start()
        assert len(list(stream)) == 250


@pytest.mark.slow
def test_a_decoder_at_work_without_a_picture_is_told(
    long_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that only counts stands for a codec that never ends."""
    monkeypatch.setattr(process_module, "_START", "while True: pass")
    monkeypatch.setattr(stream_module, "LIMITS", DecodeLimits(stall_s=0.2))
    message = r"gives no picture.*0\.2 s of its own processor time"
    with pytest.raises(DecoderLimitError, match=message), open_video(long_clip):
        pytest.fail("the video was opened")


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (DecodeLimits(max_pixels=3000), "too large.*at most 3000 pixels.*64 x 48"),
        (DecodeLimits(max_duration_s=5.0), r"too long.*at most 5 s.*8\.3 s"),
    ],
)
def test_announced_excess_is_refused_at_once(
    limits: DecodeLimits, message: str, long_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "LIMITS", limits)
    with pytest.raises(DecoderLimitError, match=message), open_video(long_clip):
        pytest.fail("the video was opened")


@pytest.mark.slow
def test_endless_video_ends_in_an_error(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "LIMITS", DecodeLimits(max_duration_s=1.0))
    path = make_clip(name="a.mkv", n_frames=60, muxer={"live": "1"})
    with open_video(path) as stream:
        times = [next(stream).time_s for _ in range(31)]
        with pytest.raises(DecoderLimitError, match=r"too long.*1\.0 s or more"):
            next(stream)
    assert times[-1] == pytest.approx(1.0, abs=0.001)


@pytest.mark.slow
def test_memory_is_limited(make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch) -> None:
    """One picture of this size takes 24 MiB, and the codec needs more than one."""
    monkeypatch.setattr(stream_module, "LIMITS", DecodeLimits(memory_mib=101))
    path = make_clip(name="a.mkv", codec="mjpeg", pix_fmt="yuvj420p", size=(4096, 4096), n_frames=2)
    with pytest.raises(DecoderLimitError, match=r"too much memory.*at most 101 MiB"):
        read_all(path)


def _joined(make_clip: MakeClip, tmp_path: Path, size: tuple[int, int]) -> Path:
    """Four pictures of 64 x 48, then four of another size, in one track."""
    first = make_clip(name="a.avi", codec="mjpeg", pix_fmt="yuvj420p", n_frames=4)
    other = make_clip(name="b.avi", codec="mjpeg", pix_fmt="yuvj420p", n_frames=4, size=size)
    both = tmp_path / "both.mkv"
    with av.open(str(both), "w") as out, av.open(str(first)) as a, av.open(str(other)) as b:
        stream = out.add_stream_from_template(a.streams.video[0])
        for offset, file in ((0, a), (4, b)):
            for packet in file.demux(video=0):
                if packet.dts is not None:
                    packet.pts = packet.dts = packet.dts + offset
                    packet.stream = stream
                    out.mux(packet)
    return both


@pytest.mark.slow
def test_a_changing_shape_of_the_picture_is_refused(make_clip: MakeClip, tmp_path: Path) -> None:
    """At 30 pictures a second the fifth comes at 0.13 s."""
    both = _joined(make_clip, tmp_path, (48, 64))
    with pytest.raises(VideoError, match=r"shape of the picture changes.*48 x 64 at 0\.13 s"):
        read_all(both)


@pytest.mark.parametrize("size", [(32, 24), (128, 96), (80, 60)])
def test_pictures_of_another_size_are_brought_to_the_first_ones(
    make_clip: MakeClip, number_of: NumberOf, tmp_path: Path, size: tuple[int, int]
) -> None:
    with open_video(_joined(make_clip, tmp_path, size)) as stream:
        found = [(frame.y.shape, number_of(frame)) for frame in stream]
        assert stream.resized_frames == 4
    assert found == [((48, 64), number) for number in (0, 1, 2, 3) * 2]
