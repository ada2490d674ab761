"""Scenes that cannot be measured as they are: each is marked in plain words, and not misread."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from facewire.errors import NoFaceError
from facewire.pipeline import MeasureOptions, TrackOptions, measure, track_video
from whole_tracks import load_track

pytestmark = pytest.mark.models

Picture = NDArray[np.uint8]
SAID = TrackOptions(mirrored=False)
DARK = (25, 22, 20)
ROUND_THE_RIGHT_EYE = (33, 133, 159, 145, 70, 105)
CHEEK = 50


def _pictures(clip: Path) -> Iterator[tuple[float, Picture]]:
    with av.open(str(clip)) as container:
        for picture in container.decode(video=0):
            yield float(picture.time), picture.to_ndarray(format="rgb24")


def _write(path: Path, like: Path, change: Callable[[int, float, Picture], Picture]) -> Path:
    with av.open(str(like)) as container:
        rate = container.streams.video[0].average_rate
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=rate, options={"crf": "16", "preset": "veryfast"})
        stream.pix_fmt = "yuv420p"
        for index, (time_s, picture) in enumerate(_pictures(like)):
            changed = np.ascontiguousarray(change(index, time_s, picture.copy()))
            if not index:
                stream.height, stream.width = changed.shape[:2]
            out.mux(stream.encode(av.VideoFrame.from_ndarray(changed, format="rgb24")))
        out.mux(stream.encode(None))
    return path


def _codes(result: dict[str, Any]) -> dict[str, str]:
    return {m["code"]: m["text"] for m in result["quality"]["messages"]}


def _reasons(result: dict[str, Any]) -> list[str]:
    return [r["reason"] for r in result["repetitions"]]


@pytest.fixture(scope="module")
def seen(small_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.float32]:
    """Where the face is in the clip without anything over it."""
    path = tmp_path_factory.mktemp("seen") / "track.parquet"
    track_video(small_clip, path, TrackOptions(plain=True))
    return load_track(path).points_px


@pytest.mark.slow
@pytest.mark.parametrize("colour", [None, DARK], ids=["hand", "hat"])
def test_a_covered_eye_is_marked_and_not_taken_for_a_closure(
    small_clip: Path, seen: NDArray[np.float32], tmp_path: Path, colour: Any
) -> None:
    """The right eye is hidden from before the second smile to its end; skin-coloured, or dark."""
    cues = json.loads(small_clip.with_suffix(".protocol.json").read_text())
    start_s, end_s = cues[1]["start_s"] - 0.4, cues[1]["offset_start_s"]

    def cover(index: int, time_s: float, picture: Picture) -> Picture:
        if start_s <= time_s <= end_s:
            around = seen[index, list(ROUND_THE_RIGHT_EYE), :2]
            low, high = around.min(axis=0), around.max(axis=0)
            margin = 0.15 * (high - low)[0] * np.array([1.0, 0.7])
            (x0, y0), (x1, y1) = (low - margin).astype(int), (high + margin).astype(int)
            x, y = seen[index, CHEEK, :2].astype(int)
            picture[y0:y1, x0:x1] = picture[y, x] if colour is None else colour
        return picture

    clip = _write(tmp_path / "covered.mp4", small_clip, cover)
    options = MeasureOptions(cues=small_clip.with_suffix(".protocol.json"))
    result = measure(clip, None, tmp_path / "r.json", SAID, options).plain()
    assert "cover part of the face" in _codes(result)["occluded"]
    first, second, third = _reasons(result)
    assert "the face was covered" in second
    assert (first, third) == ("", "")
    eye = {"movement": "smile_open", "region": "eye", "side": "R"}
    row = next(r for r in result["synkinesis"] if eye.items() <= r.items())
    assert row["repetitions"] == 2


@pytest.mark.slow
def test_a_head_turned_away_is_told_and_its_repetition_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from facewire.landmarks.models import FACE_BUNDLE, find_network
    from facewire.synthetic.face3d import render_patient
    from facewire.synthetic.patient import load_patient
    from facewire.synthetic.performance import Performance, plan_performance

    description = tmp_path / "turned.toml"
    description.write_text(TURNED_PATIENT)
    spec = load_patient(description)
    second = plan_performance(spec).cues[1]
    still = Performance.head_pose

    def turned(self: Performance, times_s: NDArray[np.float64]) -> Any:
        angles, shift = still(self, times_s)
        since, until = times_s - second.start_s, second.end_s - times_s
        away = np.clip(np.minimum(since + 0.4, until + 0.2) / 0.4, 0, 1)
        return angles + 38.0 * away[:, None] * [1.0, 0.0, 0.0], shift

    monkeypatch.setattr(Performance, "head_pose", turned)
    clip = tmp_path / "turned.mp4"
    render_patient(spec, find_network(FACE_BUNDLE), clip)
    options = MeasureOptions(cues=clip.with_suffix(".protocol.json"))
    result = measure(clip, None, tmp_path / "r.json", SAID, options).plain()
    assert "The head was turned too far" in _codes(result)["turned"]
    first, reason = _reasons(result)
    assert first == ""
    assert "the head was turned away" in reason
    assert "smile open" in _codes(result)["one_repetition"]


TURNED_PATIENT = """
name = "turned"
affected_side = "R"
seed = 7

[camera]
width_px = 400
height_px = 448
fps = 24.0

[protocol]
movements = ["smile_open"]
repetitions = 2
"""


@pytest.mark.slow
def test_of_two_faces_the_larger_one_is_measured(moving_clip: Path, tmp_path: Path) -> None:
    def beside(_index: int, _time_s: float, picture: Picture) -> Picture:
        scene = np.full((320, 480, 3), 150, np.uint8)
        scene[:, :280] = picture
        scene[60:260, 292:467] = cv2.resize(picture, (175, 200), interpolation=cv2.INTER_AREA)
        return scene

    clip = _write(tmp_path / "two.mp4", moving_clip, beside)
    options = MeasureOptions(cues=moving_clip.with_suffix(".cues.json"))
    out = tmp_path / "out"
    result = measure(clip, out, None, SAID, options).plain()
    text = _codes(result)["several_faces"]
    assert text == (
        "2 faces were seen in 100% of the time; one was measured throughout, the one that was the "
        "largest when it was found. Another one is chosen with --face."
    )
    assert np.nanmax(load_track(out / "track.parquet").points_px[..., 0]) < 285


@pytest.mark.slow
def test_a_picture_on_its_head_is_refused_as_such(moving_clip: Path, tmp_path: Path) -> None:
    clip = _write(tmp_path / "turned.mp4", moving_clip, lambda _i, _t, p: p[::-1, ::-1])
    with pytest.raises(NoFaceError, match=r"turned\.mp4 stands on its head"):
        measure(clip, None, tmp_path / "r.json", SAID)


@pytest.mark.slow
def test_another_recording_that_follows_is_told_and_left_out(
    moving_clip: Path, tmp_path: Path
) -> None:
    """From 3.2 s on, between the two movements, somebody darker and a little larger sits there."""

    def other(index: int, _time_s: float, picture: Picture) -> Picture:
        if index < 64:
            return picture
        return np.asarray(cv2.resize(picture, (308, 352))[16:336, 14:294] // 2)

    clip = _write(tmp_path / "two.mp4", moving_clip, other)
    options = MeasureOptions(cues=moving_clip.with_suffix(".cues.json"))
    result = measure(clip, None, tmp_path / "r.json", SAID, options).plain()
    assert _codes(result)["changed"].startswith("From 3.2 s on the picture is another than before")
    first, second = _reasons(result)
    assert first == ""
    assert "the picture was another than at the beginning in 100% of its hold" in second


@pytest.mark.slow
def test_a_loop_is_told(moving_clip: Path, tmp_path: Path) -> None:
    """A clip of 6.4 s that is shown twice, joined without encoding it anew."""
    clip = tmp_path / "loop.mp4"
    with av.open(str(moving_clip)) as file, av.open(str(clip), "w") as out:
        source = file.streams.video[0]
        stream = out.add_stream_from_template(source)
        packets = [packet for packet in file.demux(source) if packet.dts is not None]
        length = packets[-1].dts - packets[0].dts + packets[0].duration
        for turn in range(2):
            for packet in packets:
                again = av.Packet(bytes(packet))
                again.pts, again.dts = (at + turn * length for at in (packet.pts, packet.dts))
                again.duration, again.time_base = packet.duration, packet.time_base
                again.is_keyframe, again.stream = packet.is_keyframe, stream
                out.mux(again)
    result = measure(clip, None, tmp_path / "r.json", SAID).plain()
    assert result["provenance"]["source"]["repeated_s"] == pytest.approx(6.4, abs=0.2)
    assert _codes(result)["repeated_pictures"].startswith("6.")


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.75, 1.0, 4 / 3])
def test_a_squashed_picture_is_told(moving_clip: Path, tmp_path: Path, share: float) -> None:
    """Twice as large, so that the narrowed irises are wide enough to be measured."""

    def squash(_index: int, _time_s: float, picture: Picture) -> Picture:
        size = 2 * round(280 * share), 640
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC))

    clip = _write(tmp_path / "squashed.mp4", moving_clip, squash)
    options = MeasureOptions(cues=moving_clip.with_suffix(".cues.json"))
    result = measure(clip, None, tmp_path / "r.json", SAID, options)
    told = [m for m in result.quality.messages if m.code == "squashed_picture"]
    assert len(told) == (share != 1.0)
    assert result.scale is not None
    assert result.scale.width_to_height == pytest.approx(share, rel=0.12)
    assert (result.scale.relative_sd > 0.1) is (share != 1.0)


@pytest.mark.slow
def test_one_repetition_is_said_to_have_no_spread(moving_clip: Path, tmp_path: Path) -> None:
    options = MeasureOptions(cues=moving_clip.with_suffix(".cues.json"))
    result = measure(moving_clip, None, tmp_path / "r.json", SAID, options).plain()
    text = _codes(result)["one_repetition"]
    assert text == (
        "Only one usable repetition of: eye close gentle, smile closed. Its spread is not known."
    )
