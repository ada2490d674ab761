"""Single pictures and recordings made of them give the same frames, bit for bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from camera_pictures import FIRST_MS, camera_pictures, jpeg_of, numbered
from facewire.errors import DecoderLimitError, VideoError
from facewire.video import DecodeLimits, open_video, pictures
from facewire.video.pictures import Picture, PictureDecoder, write_pictures


@pytest.mark.slow
def test_a_picture_alone_is_the_frame_of_the_recording(tmp_path: Path) -> None:
    pictures = camera_pictures(0.5)
    path = tmp_path / "session.mkv"
    assert write_pictures(path, pictures) == len(pictures)
    decoder = PictureDecoder()
    with open_video(path) as stream:
        assert (stream.info.codec, stream.info.container) == ("mjpeg", "mkv")
        for i, (frame, picture) in enumerate(zip(stream, pictures, strict=True)):
            alone = decoder.decode(picture.jpeg, i, (picture.time_ms - FIRST_MS) / 1000)
            assert (frame.index, frame.time_s) == (alone.index, alone.time_s)
            assert frame.full_range == alone.full_range
            for plane in "yuv":
                assert np.array_equal(getattr(frame, plane), getattr(alone, plane))


def test_brightness_is_what_was_drawn() -> None:
    frame = PictureDecoder().decode(numbered(1)[0].jpeg, 0, 0.0)
    assert frame.full_range
    assert frame.y.shape == (16, 24)
    assert frame.u.shape == (8, 12)
    assert float(frame.y.mean()) == pytest.approx(20, abs=1)


def test_colour_without_subsampling_is_read_too() -> None:
    import cv2

    grey = np.full((16, 24, 3), 90, np.uint8)
    full = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    _, code = cv2.imencode(".jpg", grey, full)
    frame = PictureDecoder().decode(bytes(code), 0, 0.0)
    assert frame.u.shape == (8, 12)
    assert float(frame.y.mean()) == pytest.approx(90, abs=1)


@pytest.mark.parametrize("jpeg", [b"", b"GIF89a", b"\xff\xd8\xff\xe0nothing"])
def test_what_is_no_picture_is_refused(jpeg: bytes) -> None:
    with pytest.raises(VideoError, match="from the camera cannot be read"):
        PictureDecoder().decode(jpeg, 0, 0.0)


def test_a_decoder_goes_on_after_a_broken_picture() -> None:
    decoder = PictureDecoder()
    good = numbered(1)[0].jpeg
    with pytest.raises(VideoError):
        decoder.decode(good[:60], 0, 0.0)
    assert decoder.decode(good, 0, 0.0).y.shape == (16, 24)


def test_a_picture_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pictures.LIMITS.max_pixels == 4096 * 4096
    monkeypatch.setattr(pictures, "LIMITS", DecodeLimits(max_pixels=100))
    with pytest.raises(DecoderLimitError, match="too large"):
        PictureDecoder().decode(jpeg_of(np.zeros((16, 24, 3), np.uint8)), 0, 0.0)


def test_a_picture_that_is_not_later_is_left_out(tmp_path: Path) -> None:
    first, second, third = numbered(3)
    late = replace(second, time_ms=first.time_ms)
    assert write_pictures(tmp_path / "s.mkv", [first, late, third]) == 2


def test_a_recording_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="no picture"):
        write_pictures(tmp_path / "s.mkv", [])


def test_pictures_are_stored_as_they_came(tmp_path: Path) -> None:
    import av

    pictures = numbered(3)
    write_pictures(tmp_path / "s.mkv", pictures)
    with av.open(str(tmp_path / "s.mkv")) as file:
        stored = [bytes(packet) for packet in file.demux(video=0) if packet.size]
    assert stored == [p.jpeg for p in pictures]
    assert Picture(1, b"x") == Picture(1, b"x")
