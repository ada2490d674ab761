"""What a browser's camera would send: JPEG pictures of the moving face, with capture times."""

from __future__ import annotations

from functools import cache

import cv2

import moving_face
from facewire.video.pictures import Picture

FIRST_MS = 1_700_000_000_000
QUALITY = 92


def jpeg_of(picture: moving_face.Picture, quality: int = QUALITY) -> bytes:
    """An RGB picture as a JPEG file."""
    _, code = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return bytes(code)


@cache
def camera_pictures(length_s: float = moving_face.LENGTH_S) -> tuple[Picture, ...]:
    """The moving face at 20 pictures a second, some a few milliseconds late as cameras are."""
    step_ms = 1000 // moving_face.RATE_HZ
    return tuple(
        Picture(FIRST_MS + i * step_ms + (i * 7) % 5, jpeg_of(picture))
        for i, picture in enumerate(moving_face.pictures(length_s))
    )


def numbered(count: int) -> list[Picture]:
    """Small grey pictures, each a little lighter than the one before."""
    import numpy as np

    greys = (np.full((16, 24, 3), 20 + i, np.uint8) for i in range(count))
    return [Picture(FIRST_MS + 33 * i, jpeg_of(grey)) for i, grey in enumerate(greys)]
