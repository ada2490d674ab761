"""An mp4 that was written piece by piece, as browsers and screen recorders do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from facewire.errors import TruncatedVideoError
from facewire.video import Frame, open_video

MakeClip = Callable[..., Path]
LONG_PIECES = {"movflags": "frag_keyframe+empty_moov"}
ONE_PICTURE_EACH = {"movflags": "frag_every_frame+empty_moov"}


def make_pieces(make_clip: MakeClip, muxer: dict[str, str], share: float) -> Path:
    path = make_clip(n_frames=90, size=(320, 240), muxer=muxer, codec_options={"g": "15"})
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


@pytest.mark.slow
@pytest.mark.parametrize("muxer", [LONG_PIECES, ONE_PICTURE_EACH])
def test_whole_recording_is_whole(
    muxer: dict[str, str], make_clip: MakeClip, number_of: Callable[[Frame], int]
) -> None:
    with open_video(make_pieces(make_clip, muxer, 1.0)) as stream:
        assert [number_of(frame) for frame in stream] == list(range(90))
    assert not stream.truncated


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.3, 0.6])
@pytest.mark.parametrize("muxer", [LONG_PIECES, ONE_PICTURE_EACH])
def test_cut_recording_raises_after_its_last_frame(
    muxer: dict[str, str], share: float, make_clip: MakeClip
) -> None:
    path, seen = make_pieces(make_clip, muxer, share), []
    with (
        pytest.raises(TruncatedVideoError, match=r"breaks off.*pictures for \d\.\d\d s\."),
        open_video(path) as stream,
    ):
        seen.extend(frame.index for frame in stream)
    assert 90 * (share - 0.15) < len(seen) < 90 * (share + 0.15)


@pytest.mark.slow
def test_cut_recording_may_be_accepted(
    make_clip: MakeClip, number_of: Callable[[Frame], int]
) -> None:
    path = make_pieces(make_clip, ONE_PICTURE_EACH, 0.6)
    with open_video(path, allow_partial=True) as stream:
        numbers = [number_of(frame) for frame in stream]
    assert stream.truncated
    assert numbers[:40] == list(range(40))
