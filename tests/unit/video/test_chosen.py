"""A few frames without decoding all: each must be what a whole pass gives, to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facewire.video import Frame, frames_at, open_video

MakeClip = Callable[..., Path]
N_FRAMES = 40
CHOSEN = (0, 3, 11, 12, 25, 39)
OPEN_GROUPS = "open-gop=1:keyint=10:bframes=3:log-level=-1"
B_PICTURES = {"g": "12", "bf": "3", "preset": "medium"}
QUIET = {"x264-params": "log-level=-1"}

CLIPS: dict[str, dict[str, Any]] = {
    "one key picture": {"codec_options": {"g": "250"}},
    "key pictures": {"codec_options": {"g": "8"}},
    "pictures built on later ones": {"codec_options": {**B_PICTURES, **QUIET}},
    "open groups": {"codec_options": {"preset": "medium", "x264-params": OPEN_GROUPS}},
    "no key picture after the first": {
        "codec_options": {"x264-params": "intra-refresh=1:keyint=10:log-level=-1"}
    },
    "matroska": {"name": "a.mkv", "codec_options": {**B_PICTURES, **QUIET}},
    "no presentation stamps": {"name": "a.avi", "codec_options": {"g": "8"}},
    "vp9": {"name": "a.webm", "codec": "libvpx-vp9", "codec_options": {"g": "8"}},
    "hevc": {"codec": "libx265", "codec_options": {"g": "8"}},
    "mjpeg": {"name": "a.mov", "codec": "mjpeg", "pix_fmt": "yuvj420p"},
    "variable rate": {"stamps_ms": tuple(np.cumsum([33, 17, 50, 34] * 10).tolist())},
    "rotated": {"rotation_deg": 90, "codec_options": {"g": "8"}},
}


def _planes(frame: Frame) -> tuple[Any, ...]:
    planes = tuple(p.tobytes() for p in (frame.y, frame.u, frame.v))
    return (frame.time_s, frame.full_range, frame.damaged, *planes)


def _whole(clip: Path) -> dict[int, tuple[Any, ...]]:
    with open_video(clip, allow_partial=True) as stream:
        return {frame.index: _planes(frame) for frame in stream}


@pytest.mark.slow
@pytest.mark.parametrize("kind", CLIPS)
@pytest.mark.parametrize("straight", [False, True])
def test_chosen_frames_are_those_of_a_whole_pass(
    kind: str, straight: bool, make_clip: MakeClip
) -> None:
    clip = make_clip(n_frames=N_FRAMES, **CLIPS[kind])
    whole = _whole(clip)
    wanted = {index: whole[index][0] for index in CHOSEN}
    found = {f.index: _planes(f) for f in frames_at(clip, wanted, straight=straight)}
    assert found == {index: whole[index] for index in CHOSEN}


def test_pictures_that_nothing_needs_are_not_decoded(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fractions import Fraction

    from facewire.video.decoder import chosen_pictures
    from facewire.video.limits import DecodeLimits
    from facewire.video.media import Media

    clip = make_clip(n_frames=N_FRAMES, codec_options={"g": "8"})
    media = Media(clip, DecodeLimits())
    decoded: list[int] = []
    whole = media.pictures

    def counted(wanted: Any = None) -> Any:
        for picture in whole(wanted):
            decoded.append(picture.pts)
            yield picture

    monkeypatch.setattr(media, "pictures", counted)
    step = round(Fraction(1, 30) / media.stream.time_base)
    found = [p.pts // step for p in chosen_pictures(media, [9 * step, 34 * step])]
    assert found == [9, 34]
    assert len(decoded) < 8


@pytest.mark.slow
def test_times_that_are_no_frame_are_found_by_position(make_clip: MakeClip) -> None:
    clip = make_clip(n_frames=N_FRAMES)
    found = [(f.index, f.time_s) for f in frames_at(clip, {4: 0.001, 99: 7.0})]
    assert found == [(4, pytest.approx(4 / 30))]


def test_nothing_wanted_opens_nothing(tmp_path: Path) -> None:
    assert list(frames_at(tmp_path / "none.mp4", {})) == []


@pytest.mark.slow
def test_damage_leads_to_a_straight_pass(make_clip: MakeClip) -> None:
    clip = make_clip(n_frames=N_FRAMES, codec_options={"g": "20"}, name="a.mkv")
    content = bytearray(clip.read_bytes())
    middle = len(content) // 3
    content[middle : middle + 40] = bytes(40)
    clip.write_bytes(content)
    whole = _whole(clip)
    wanted = {index: whole[index][0] for index in CHOSEN if index in whole}
    found = {f.index: _planes(f) for f in frames_at(clip, wanted, straight=True)}
    assert found == {index: whole[index] for index in wanted}
