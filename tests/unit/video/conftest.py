"""Tiny clips, made on the spot: bright and dark columns that spell the frame's number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.codec import Codec
from numpy.typing import NDArray

from facewire.video import Frame

BITS = 8
OPTIONS = {
    "libx264": {"preset": "ultrafast", "crf": "12", "x264-params": "log-level=-1"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:crf=12"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "20"},
    "mjpeg": {"q:v": "3", "strict": "unofficial"},
}


@dataclass(frozen=True)
class Recipe:
    """How a clip is made; ``stamps`` in thousandths of a second override the even rate."""

    name: str = "clip.mp4"
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    size: tuple[int, int] = (64, 48)
    n_frames: int = 12
    rate: int = 30
    stamps_ms: tuple[int, ...] = ()
    rotation_deg: int | None = None
    aspect: Fraction | None = None
    muxer: dict[str, str] = field(default_factory=dict)
    codec_options: dict[str, str] = field(default_factory=dict)


def number_picture(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """RGB: column k is bright where bit k of the number is set; the lower half is grey."""
    picture = np.full((height, width, 3), 128, np.uint8)
    for bit in range(BITS):
        left, right = bit * width // BITS, (bit + 1) * width // BITS
        picture[: height // 2, left:right] = 210 if number >> bit & 1 else 40
    return picture


def read_number(frame: Frame) -> int:
    """The number in an upright clip's frame."""
    height, width = frame.y.shape
    columns = ((np.arange(BITS) + 0.5) * width / BITS).astype(int)
    return int(((frame.y[height // 4, columns] > 120) << np.arange(BITS)).sum())


def _frames(recipe: Recipe) -> Iterable[av.VideoFrame]:
    stamps = recipe.stamps_ms or range(recipe.n_frames)
    for number, stamp in enumerate(stamps):
        frame = av.VideoFrame.from_ndarray(number_picture(number, *recipe.size), format="rgb24")
        frame.pts = stamp
        frame.time_base = Fraction(1, 1000 if recipe.stamps_ms else recipe.rate)
        yield frame


def write_clip(recipe: Recipe, folder: Path) -> Path:
    try:
        Codec(recipe.codec, "w")
    except av.codec.codec.UnknownCodecError:
        pytest.skip(f"this PyAV cannot encode {recipe.codec}")
    path = folder / recipe.name
    options = {**OPTIONS.get(recipe.codec, {}), **recipe.codec_options}
    with av.open(str(path), "w", options=recipe.muxer) as out:
        stream = out.add_stream(recipe.codec, rate=recipe.rate, options=options)
        stream.width, stream.height = recipe.size
        stream.pix_fmt = recipe.pix_fmt
        if recipe.stamps_ms:
            stream.codec_context.time_base = Fraction(1, 1000)
        if recipe.aspect is not None:
            stream.codec_context.sample_aspect_ratio = recipe.aspect
        if recipe.rotation_deg is not None:
            stream.set_display_rotation(-recipe.rotation_deg)
        for frame in _frames(recipe):
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


@pytest.fixture
def make_clip(tmp_path: Path) -> Callable[..., Path]:
    """Make a clip in the test's own folder: ``make_clip(name="a.mkv", n_frames=20)``."""
    return lambda **changes: write_clip(Recipe(**changes), tmp_path)


@pytest.fixture
def number_of() -> Callable[[Frame], int]:
    return read_number


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """250 frames, many more than the ring holds; not to be changed."""
    return write_clip(Recipe(n_frames=250), tmp_path_factory.mktemp("clips"))
