from __future__ import annotations

import gc
import hashlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from facewire.confined import can_confine
from facewire.errors import UsageError
from facewire.video import Frame, open_video, probe_video
from facewire.video.stream import slots_for

MakeClip = Callable[..., Path]
NumberOf = Callable[[Frame], int]
FORMATS = [
    ("a.mp4", "libx264", "yuv420p"),
    ("a.mov", "libx264", "yuv420p"),
    ("a.avi", "libx264", "yuv420p"),
    ("a.mkv", "libx264", "yuv420p"),
    ("a.mp4", "libx265", "yuv420p"),
    ("a.mov", "libx265", "yuv420p10le"),
    ("a.webm", "libvpx-vp9", "yuv420p"),
    ("a.avi", "mjpeg", "yuvj420p"),
    ("a.mov", "mjpeg", "yuvj422p"),
    ("a.avi", "mpeg4", "yuv420p"),
    ("a.mkv", "ffv1", "bgr0"),
]
SHORT_NAMES = {"libx264": "h264", "libx265": "hevc", "libvpx-vp9": "vp9"}


def is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3]
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not can_confine(), reason="this kernel has no seccomp")
def test_decoding_has_no_network(make_clip: MakeClip) -> None:
    with open_video(make_clip()) as stream:
        next(iter(stream))
        status = Path(f"/proc/{stream._process._process.pid}/status").read_text()
    assert "\nSeccomp:\t2\n" in status
    assert "\nNoNewPrivs:\t1\n" in status


@pytest.mark.slow
@pytest.mark.parametrize(("name", "codec", "pix_fmt"), FORMATS)
def test_every_format_gives_every_frame_in_its_time(
    name: str, codec: str, pix_fmt: str, make_clip: MakeClip, number_of: NumberOf
) -> None:
    path = make_clip(name=name, codec=codec, pix_fmt=pix_fmt, rate=25)
    with open_video(path) as stream:
        found = [(frame.index, number_of(frame), frame.time_s) for frame in stream]
    assert found == [(n, n, pytest.approx(n / 25, abs=0.001)) for n in range(12)]
    assert (stream.truncated, stream.damaged_frames, stream.dropped_frames) == (False, 0, 0)
    info = stream.info
    assert (info.width_px, info.height_px, info.frame_rate_hz) == (64, 48, pytest.approx(25))
    assert (info.codec, info.container) == (SHORT_NAMES.get(codec, codec), name[2:])
    assert info.duration_s == pytest.approx(12 / 25, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("rate", [24, 240])
def test_slow_and_fast_cameras_keep_their_times(rate: int, make_clip: MakeClip) -> None:
    with open_video(make_clip(rate=rate, n_frames=24)) as stream:
        times = [frame.time_s for frame in stream]
    assert times == pytest.approx(np.arange(24) / rate, abs=1e-6)


def test_variable_rate_keeps_its_times(make_clip: MakeClip) -> None:
    stamps = (0, 33, 67, 167, 180, 400, 433, 1500)
    with open_video(make_clip(stamps_ms=stamps)) as stream:
        times = [frame.time_s for frame in stream]
    assert times == pytest.approx(np.array(stamps) / 1000, abs=0.001)


def test_first_frame_is_time_zero(make_clip: MakeClip) -> None:
    with open_video(make_clip(name="a.mkv", stamps_ms=(500, 540, 580))) as stream:
        assert [frame.time_s for frame in stream] == pytest.approx([0, 0.04, 0.08], abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(64, 48), (66, 50), (65, 49)])
def test_planes_are_the_decoders_own(size: tuple[int, int], make_clip: MakeClip) -> None:
    path = make_clip(name="a.webm", codec="libvpx-vp9", size=size, n_frames=3)
    with av.open(str(path)) as file:
        expected = [
            [
                np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[
                    : plane.height, : plane.width
                ]
                for plane in picture.planes
            ]
            for picture in file.decode(video=0)
        ]
    with open_video(path, keep=3) as stream:
        for frame, planes in zip(stream, expected, strict=True):
            for plane, wanted in zip((frame.y, frame.u, frame.v), planes, strict=True):
                np.testing.assert_array_equal(plane, wanted)


@pytest.mark.parametrize(
    ("codec", "pix_fmt", "full", "white", "black"),
    [("mjpeg", "yuvj420p", True, 210, 40), ("ffv1", "yuv420p", False, 196, 50)],
)
def test_range_is_told_and_kept(
    codec: str, pix_fmt: str, full: bool, white: int, black: int, make_clip: MakeClip
) -> None:
    """Grey 210 and 40 are 16 + 219/255 of that in studio range (ITU-R BT.601)."""
    with open_video(make_clip(name="a.mkv", codec=codec, pix_fmt=pix_fmt)) as stream:
        frame = next(stream)
        second = next(stream)
    assert frame.full_range is full
    assert frame.y[12, 4] == pytest.approx(black, abs=3)
    assert second.y[12, 4] == pytest.approx(white, abs=3)
    assert frame.u[6, 6] == pytest.approx(128, abs=2)


@pytest.mark.slow
@pytest.mark.parametrize("rotation_deg", [90, 180, 270])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_pictures_come_out_upright(name: str, rotation_deg: int, make_clip: MakeClip) -> None:
    path = make_clip(name=name, rotation_deg=rotation_deg, n_frames=2)
    with av.open(str(path)) as file:
        lying = next(file.decode(video=0)).to_ndarray(format="yuv420p")[:48]
    with open_video(path) as stream:
        frame = next(stream)
    assert stream.info.rotation_deg == rotation_deg
    assert (stream.info.height_px, stream.info.width_px) == frame.y.shape
    np.testing.assert_array_equal(frame.y, np.rot90(lying, -rotation_deg // 90))
    assert frame.u.shape == ((frame.y.shape[0] + 1) // 2, (frame.y.shape[1] + 1) // 2)


@pytest.mark.slow
def test_wide_pixels_become_square(make_clip: MakeClip, number_of: NumberOf) -> None:
    path = make_clip(aspect=Fraction(3, 2), n_frames=4)
    with open_video(path) as stream:
        assert [number_of(frame) for frame in stream] == [0, 1, 2, 3]
    assert (stream.info.width_px, stream.info.height_px) == (96, 48)


@pytest.mark.slow
@pytest.mark.parametrize("keep", [0, 3])
def test_frames_stay_while_keep_further_ones_are_taken(
    keep: int, long_clip: Path, number_of: NumberOf
) -> None:
    held: list[Frame] = []
    with open_video(long_clip, keep=keep) as stream:
        for frame in stream:
            held = [*held[-keep:], frame] if keep else [frame]
            time.sleep(0.001)
            assert [number_of(f) for f in held] == [f.index for f in held]
    assert frame.index == 249


def test_frames_outlive_the_stream(make_clip: MakeClip, number_of: NumberOf) -> None:
    with open_video(make_clip(n_frames=5)) as stream:
        frames = list(stream)
    del stream
    assert [number_of(frame) for frame in frames] == list(range(5))


@pytest.mark.slow
def test_memory_does_not_grow_with_length(long_clip: Path) -> None:
    def shared_and_own(pid: int) -> int:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4

    used_kib = {}
    with open_video(long_clip) as stream:
        for frame in stream:
            if frame.index in (50, 225):
                used_kib[frame.index] = shared_and_own(stream._process._process.pid)
    assert used_kib[225] - used_kib[50] < 2048
    assert slots_for(8) == 13


def ring_maps_and_descriptors() -> int:
    gc.collect()
    links = list(Path("/proc/self/fd").iterdir())
    targets = [str(link.readlink()) for link in links if link.is_symlink()]
    maps = Path("/proc/self/maps").read_text().splitlines()
    return sum("facewire-frames" in line for line in targets + maps)


@pytest.mark.slow
@pytest.mark.parametrize("ending", [None, KeyboardInterrupt, RuntimeError])
def test_early_exit_leaves_nothing_behind(
    ending: type[BaseException] | None, long_clip: Path
) -> None:
    def look_at_one() -> int:
        with open_video(long_clip) as stream:
            pids.append(stream._process._process.pid)
            next(stream)
            if ending is not None:
                raise ending
        return 0

    pids: list[int] = []
    if ending is None:
        look_at_one()
    else:
        with pytest.raises(ending):
            look_at_one()
    assert not is_running(pids[0])
    assert ring_maps_and_descriptors() == 0


def test_decoder_dies_with_its_parent(long_clip: Path) -> None:
    code = (
        "import sys, time; from facewire.video import open_video\n"
        "with open_video(sys.argv[1]) as stream:\n"
        "    print(stream._process._process.pid, flush=True)\n"
        "    time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, long_clip], stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(pid)


@pytest.mark.slow
def test_callers_script_is_not_run_again(long_clip: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom facewire.video import open_video\nprint('once')\n"
        "with open_video(sys.argv[1]) as s: print(sum(1 for _ in s))\n"
    )
    done = subprocess.run(
        [sys.executable, script, long_clip], capture_output=True, text=True, check=True
    )
    assert (done.stdout.split(), done.stderr) == (["once", "250"], "")


@pytest.mark.slow
def test_frames_are_given_once(make_clip: MakeClip) -> None:
    with open_video(make_clip(n_frames=4)) as stream:
        assert len(list(stream)) == 4
        assert list(stream) == []


@pytest.mark.slow
def test_probing_tells_the_same(long_clip: Path) -> None:
    info = probe_video(long_clip)
    with open_video(long_clip) as stream:
        assert stream.info == info
    assert info.sha256 == hashlib.sha256(long_clip.read_bytes()).hexdigest()
    assert info.name == "clip.mp4"


def test_keep_is_not_negative(long_clip: Path) -> None:
    with pytest.raises(UsageError, match="keep is wrong"), open_video(long_clip, keep=-1):
        pass


def test_importing_the_step_loads_no_codec() -> None:
    code = "import sys, facewire.video; print({'av', 'cv2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("quantizer", [20, 36])
def test_how_coarsely_pictures_were_written_is_known_at_the_end(
    make_clip: MakeClip, quantizer: int
) -> None:
    """Of the first picture it is a little less, of those between others a little more."""
    options = {"crf": "-1", "qp": f"{quantizer}", "bf": "0"}
    path = make_clip(n_frames=12, size=(320, 240), codec_options=options)
    with open_video(path) as stream:
        next(stream)
        assert stream.quantizer is None
        list(stream)
        assert stream.quantizer == quantizer


def test_a_codec_that_does_not_tell_has_no_quantizer(make_clip: MakeClip) -> None:
    with open_video(make_clip(n_frames=5, codec="mjpeg", pix_fmt="yuvj420p")) as stream:
        list(stream)
        assert stream.quantizer is None
