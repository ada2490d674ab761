from __future__ import annotations

import math
from fractions import Fraction
from types import SimpleNamespace

import pytest

from facewire.errors import VideoError
from facewire.video.media import Media
from facewire.video.timeline import MAX_LEFT_OUT_IN_A_ROW, Timeline

MS = Fraction(1, 1000)


def place_all(stamps: list[tuple[int | None, int | None]], rate_hz: float = math.nan) -> list:
    timeline = Timeline(MS, rate_hz)
    return [timeline.place(*stamp) for stamp in stamps]


def test_presentation_stamps_count_from_the_first_frame() -> None:
    assert place_all([(40, 0), (73, 1), (173, 2)]) == [0.0, 0.033, 0.133]


def test_negative_first_stamp_is_time_zero() -> None:
    assert place_all([(-20, None), (0, None)]) == [0.0, 0.02]


def test_decoding_stamps_serve_where_no_others_are() -> None:
    assert place_all([(None, 100), (None, 140)]) == [0.0, 0.04]


def test_even_rate_serves_where_no_stamps_are() -> None:
    assert place_all([(None, None)] * 3, rate_hz=25.0) == [0.0, 0.04, 0.08]


def test_frames_before_the_first_stamp_are_left_out_where_a_file_has_stamps() -> None:
    """A cut left half a group of pictures: no time is invented for them, nor for the others."""
    timeline = Timeline(MS, 30.0, stamped=True)
    before = [timeline.place(None, None) for _ in range(2 * MAX_LEFT_OUT_IN_A_ROW)]
    after = [timeline.place(pts, None) for pts in (17, 117, 150)]
    assert before == [None] * len(before)
    assert after == [0.0, 0.1, 0.133]
    assert timeline.left_out == len(before)


def test_no_stamps_and_no_rate_is_refused() -> None:
    with pytest.raises(VideoError, match="no time stamps and announces no frame rate"):
        place_all([(None, None)])


@pytest.mark.parametrize("bad", [20, 10, None])
def test_frame_without_a_later_stamp_is_left_out_and_counted(bad: int | None) -> None:
    timeline = Timeline(MS, 30.0)
    times = [timeline.place(pts, 0) for pts in (0, 20, bad, 40)]
    assert times == [0.0, 0.02, None, 0.04]
    assert timeline.left_out == 1


def test_stamps_that_stay_behind_are_refused() -> None:
    stamps = [(0, 0), (500, 0), *[(n, 0) for n in range(MAX_LEFT_OUT_IN_A_ROW)]]
    with pytest.raises(VideoError, match=r"10 frames in a row .* after 0\.50 s"):
        place_all(stamps)


@pytest.mark.parametrize("rate", [None, Fraction(0), Fraction(-25)])
def test_a_rate_that_the_file_does_not_say_is_unknown(rate: Fraction | None) -> None:
    media = Media.__new__(Media)
    media.stream, media.slow_motion = SimpleNamespace(average_rate=rate), Fraction(1)
    assert math.isnan(media.rate_hz)
