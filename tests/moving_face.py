"""A face that moves for the tests: one still of a rendered, made-up face, warped.

Drawing takes a millisecond a picture where rendering takes a hundred, after a start of twenty
seconds. The still is `facewire simulate`'s own; no person is in it. Places are pixels of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from facewire.video import Frame

Picture = NDArray[np.uint8]

STILL = Path(__file__).parent / "synthetic_face.jpg"
WIDTH_PX, HEIGHT_PX = 280, 320
RATE_HZ = 20
EYES_PX = ((102.0, 119.0), (183.0, 119.0))
"""The patient's right eye lies left in the picture."""
CORNERS_PX = ((118.0, 207.0), (175.0, 207.0))
SMILE_PX = (7.0, -5.0)


@dataclass(frozen=True)
class Pose:
    """Movements between 0 and 1: smile of the right and left corner, closure of both eyes."""

    smile_right: float = 0.0
    smile_left: float = 0.0
    closure: float = 0.0
    shift_px: tuple[float, float] = (0.0, 0.0)


@cache
def _still() -> Picture:
    return np.ascontiguousarray(cv2.imread(str(STILL))[..., ::-1])


def draw(pose: Pose) -> Picture:
    """The face, shape (320, 280, 3), RGB."""
    x, y = np.meshgrid(np.arange(WIDTH_PX, dtype=np.float64), np.arange(HEIGHT_PX))
    x, y = x - pose.shift_px[0], y - pose.shift_px[1]
    from_x, from_y = x.copy(), y.copy()
    for (corner_x, corner_y), size, out in zip(
        CORNERS_PX, (pose.smile_right, pose.smile_left), (-1, 1), strict=True
    ):
        bump = size * np.exp(-((x - corner_x) ** 2 + (y - corner_y) ** 2) / (2 * 14.0**2))
        from_x -= out * SMILE_PX[0] * bump
        from_y -= SMILE_PX[1] * bump
    for eye_x, eye_y in EYES_PX:
        # The skin above the lid comes down over the eye and stops at the lower lid.
        down = np.clip((y - eye_y + 26) / 20, 0, 1) * np.clip((eye_y + 7 - y) / 3, 0, 1)
        from_y -= 11 * pose.closure * down * np.exp(-(((x - eye_x) / 19) ** 4))
    places = from_x.astype(np.float32), from_y.astype(np.float32)
    moved: Picture = cv2.remap(_still(), *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return moved


def _course(time_s: float, start_s: float) -> float:
    """0.4 s up, 0.8 s held, 0.4 s down."""
    since = time_s - start_s
    return float(np.clip(min(since / 0.4, (1.6 - since) / 0.4), 0, 1))


SMILE_S, CLOSURE_S, LENGTH_S = 1.6, 4.0, 6.4


def pose_at(time_s: float) -> Pose:
    """The right corner smiles 60 % of what the left one does; both eyes close; the head sways."""
    smile = _course(time_s, SMILE_S)
    sway = 1.5 * np.sin(time_s), np.sin(1.3 * time_s)
    return Pose(0.6 * smile, smile, _course(time_s, CLOSURE_S), sway)


def pictures(length_s: float = LENGTH_S) -> Iterator[Picture]:
    for i in range(round(length_s * RATE_HZ)):
        yield draw(pose_at(i / RATE_HZ))


def frame_of(picture: Picture, index: int = 0) -> Frame:
    """As the video step hands it on."""
    height, width = picture.shape[:2]
    planes = cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).ravel()
    n = height * width
    u, v = planes[n:].reshape(2, height // 2, width // 2)
    return Frame(index, index / RATE_HZ, planes[:n].reshape(height, width), u, v, full_range=False)


def frames(length_s: float = LENGTH_S) -> list[Frame]:
    return [frame_of(picture, i) for i, picture in enumerate(pictures(length_s))]


def write_clip(path: Path, length_s: float = LENGTH_S) -> Path:
    """The clip, and its cue sheet beside it."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(
            "libx264", rate=RATE_HZ, options={"crf": "16", "preset": "ultrafast"}
        )
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        for picture in pictures(length_s):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    path.with_suffix(".cues.json").write_text(json.dumps(cues()))
    return path


def cues() -> list[dict[str, object]]:
    asked = (("smile_closed", SMILE_S), ("eye_close_gentle", CLOSURE_S))
    return [
        {
            "movement": movement,
            "repetition": 1,
            "start_s": start_s,
            "onset_end_s": start_s + 0.4,
            "offset_start_s": start_s + 1.2,
            "end_s": start_s + 1.6,
        }
        for movement, start_s in asked
    ]
