"""Which track of a file is read, and by which clock: files with sound, covers, slow motion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from facewire.video import Frame, frames_at, open_video, probe_video

MakeClip = Callable[..., Path]
NumberOf = Callable[[Frame], int]
RATE = 25


def _write(
    path: Path,
    tracks: Sequence[tuple[int, int, bool]],
    *,
    sound_s: float = 0.0,
    late_s: float = 0.0,
    **metadata: str,
) -> Path:
    """Write grey tracks of some width, number of pictures and default mark, and a tone."""
    options = {"movflags": "use_metadata_tags"} if metadata else {}
    with av.open(str(path), "w", options=options) as out:
        out.metadata.update(metadata)
        streams = [out.add_stream("mpeg4", rate=RATE) for _ in tracks]
        sound = out.add_stream("aac", rate=8000) if sound_s else None
        for stream, (width, _, default) in zip(streams, tracks, strict=True):
            stream.width, stream.height, stream.pix_fmt = width, width, "yuv420p"
            stream.disposition = Disposition.default if default else Disposition(0)
        for stream, (width, count, _) in zip(streams, tracks, strict=True):
            for i in range(count):
                frame = av.VideoFrame.from_ndarray(
                    np.full((width, width, 3), 90, np.uint8), format="rgb24"
                )
                frame.pts = i + round(late_s * RATE)
                frame.time_base = Fraction(1, RATE)
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        if sound is not None:
            for start in range(0, round(8000 * sound_s), 1024):
                tone = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
                tone.sample_rate, tone.pts, tone.time_base = 8000, start, Fraction(1, 8000)
                out.mux(sound.encode(tone))
            out.mux(sound.encode(None))
    return path


def _read(path: Path) -> tuple[int, int]:
    with open_video(path) as stream:
        return stream.info.width_px, sum(1 for _ in stream)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tracks", "width"),
    [
        ([(32, 20, False), (64, 20, True)], 64),
        ([(64, 20, False), (32, 20, True)], 32),
        ([(32, 20, True), (64, 20, True)], 64),
    ],
)
def test_of_two_tracks_the_marked_or_the_larger_is_read(
    tracks: list[tuple[int, int, bool]], width: int, tmp_path: Path
) -> None:
    path = _write(tmp_path / "two.mkv", tracks)
    assert _read(path) == (width, 20)
    assert probe_video(path).video_tracks == 2


@pytest.mark.slow
def test_a_still_that_comes_first_is_not_read(tmp_path: Path) -> None:
    path = _write(tmp_path / "still.mp4", [(96, 1, False), (64, 20, False)])
    assert _read(path) == (64, 20)
    assert probe_video(path).video_tracks == 1


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
def test_sound_that_goes_on_is_no_break_off(name: str, tmp_path: Path) -> None:
    path = _write(tmp_path / name, [(64, 25, True)], sound_s=5.0)
    assert _read(path) == (64, 25)


@pytest.mark.parametrize("name", ["a.mkv", "a.webm", "a.mp4"])
def test_pictures_that_begin_late_without_sound_are_whole(name: str, tmp_path: Path) -> None:
    """A player begins with the first picture, whatever its stamp."""
    kind = {"a.webm": ("libvpx-vp9", "yuv420p")}.get(name, ("mpeg4", "yuv420p"))
    path = tmp_path / name
    with av.open(str(path), "w") as out:
        stream = out.add_stream(kind[0], rate=RATE)
        stream.width = stream.height = 64
        stream.pix_fmt = kind[1]
        for i in range(20):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 9 * i, np.uint8), "rgb24")
            frame.pts, frame.time_base = i + 5 * RATE, Fraction(1, RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    assert _read(path) == (64, 20)


def test_pictures_later_than_the_sound_are_told(tmp_path: Path) -> None:
    path = _write(tmp_path / "late.mp4", [(64, 25, True)], sound_s=2.5, late_s=1.5)
    with open_video(path) as stream:
        assert stream.info.late_s == pytest.approx(1.5, abs=0.1)
        assert next(stream).time_s == 0.0


@pytest.mark.slow
def test_slow_motion_is_timed_by_the_face(tmp_path: Path) -> None:
    """Recorded at 100 pictures a second, played at 25: pictures are 0.01 s apart."""
    path = _write(tmp_path / "slow.mp4", [(64, 25, True)], **{"com.android.capture.fps": "100"})
    with open_video(path) as stream:
        times = [frame.time_s for frame in stream]
    info = stream.info
    assert np.diff(times) == pytest.approx(0.01)
    assert (info.slow_motion, info.frame_rate_hz) == (4.0, pytest.approx(100.0))
    assert info.duration_s == pytest.approx(0.25, abs=0.02)
    (again,) = frames_at(path, {7: times[7]})
    assert (again.index, again.time_s) == (7, times[7])


@pytest.mark.parametrize("said", ["25", "60", "", "fast", "nan", "inf", "-100"])
def test_other_capture_rates_change_nothing(said: str, tmp_path: Path) -> None:
    """A camera that is set to 60 may write 25 pictures a second in dim light."""
    path = _write(tmp_path / "usual.mp4", [(64, 10, True)], **{"com.android.capture.fps": said})
    assert probe_video(path).slow_motion == 1.0


@pytest.mark.parametrize("name", ["a.mts", "a.ts", "a.mpg"])
def test_camcorder_files_are_read(name: str, make_clip: MakeClip, number_of: NumberOf) -> None:
    codec = "mpeg2video" if name == "a.mpg" else "libx264"
    path = make_clip(name=name, codec=codec, rate=25, n_frames=12)
    with open_video(path) as stream:
        found = [(number_of(frame), frame.time_s) for frame in stream]
    assert found == [(n, pytest.approx(n / 25, abs=0.001)) for n in range(12)]
    assert stream.info.container == name[2:]
    assert not stream.truncated
