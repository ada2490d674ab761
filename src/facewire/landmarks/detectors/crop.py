"""Square, turned crops of a picture, and the way back from crop to picture.

Crops are cut from the YUV planes and only the cut is converted to RGB: a 256-pixel crop costs a
fraction of the conversion of a whole picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facewire.video import Frame

FloatArray = NDArray[np.float64]
Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Square:
    """A square region of a picture: centre and side in pixels, clockwise turn in radians."""

    center_x_px: float
    center_y_px: float
    size_px: float
    turn_rad: float

    def to_picture(self, points: FloatArray) -> FloatArray:
        """Map crop coordinates (0 to 1 across the square) to pixels; shape (..., 2)."""
        cos, sin = np.cos(self.turn_rad), np.sin(self.turn_rad)
        offset = (points - 0.5) * self.size_px
        x = self.center_x_px + offset[..., 0] * cos - offset[..., 1] * sin
        y = self.center_y_px + offset[..., 0] * sin + offset[..., 1] * cos
        return np.stack([x, y], axis=-1)

    def to_crop(self, points: FloatArray) -> FloatArray:
        """Map pixels to crop coordinates, the way back of `to_picture`; shape (..., 2)."""
        cos, sin = np.cos(self.turn_rad), np.sin(self.turn_rad)
        x = points[..., 0] - self.center_x_px
        y = points[..., 1] - self.center_y_px
        return np.stack([x * cos + y * sin, y * cos - x * sin], axis=-1) / self.size_px + 0.5

    def affine(self, out_px: int, *, mirrored: bool = False) -> FloatArray:
        """Return the 2 x 3 matrix from crop pixels to picture pixels.

        Crop pixel j lies j steps from the corner, as in the published pipeline: on the same region
        the points then agree with the MediaPipe runtime's to 0.2 px at 720p, where pixel centres
        at half steps left a common offset of half a pixel.
        """
        step = self.size_px / out_px
        cos, sin = np.cos(self.turn_rad) * step, np.sin(self.turn_rad) * step
        flip = -1.0 if mirrored else 1.0
        turn = np.array([[cos * flip, -sin], [sin * flip, cos]])
        middle = np.array([self.center_x_px, self.center_y_px])
        start = middle - turn @ np.full(2, out_px / 2)
        return np.column_stack([turn, start])


def cut_rgb(frame: Frame, square: Square, out_px: int, *, mirrored: bool = False) -> Float32:
    """Cut a square as RGB between 0 and 1, shape (out_px, out_px, 3).

    Outside the picture the crop is black, as in the published pipeline.

    Parameters
    ----------
    frame : Frame
        The picture.
    square : Square
        What to cut.
    out_px : int
        Side of the crop, pixels.
    mirrored : bool
        Whether the crop is turned over left to right.
    """
    affine = square.affine(out_px, mirrored=mirrored)
    y = _warp(frame.y, affine, out_px, border=0 if frame.full_range else 16)
    half = affine / 2.0
    half[:, 2] = affine[:, 2] / 2.0 - 0.25
    u = _warp(frame.u, half, out_px, border=128)
    v = _warp(frame.v, half, out_px, border=128)
    return yuv_to_rgb(y, u, v, full_range=frame.full_range)


def jpeg_of(rgb: Float32, quality: int) -> bytes:
    """Return a cut as a JPEG file; quality 0 to 100."""
    picture = (rgb[..., ::-1] * 255).astype(np.uint8)
    _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return bytes(code)


def _warp(
    plane: NDArray[np.uint8], affine: FloatArray, out_px: int, *, border: int
) -> NDArray[np.uint8]:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped: NDArray[np.uint8] = cv2.warpAffine(
        plane,
        affine,
        (out_px, out_px),
        flags=flags,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=border,
    )
    return warped


# ITU-R BT.601, studio range: what phones and webcams write into standard 8-bit files.
_STUDIO = np.array(
    [[1.164384, 0, 1.596027], [1.164384, -0.391762, -0.812968], [1.164384, 2.017232, 0]]
)
_FULL = np.array([[1.0, 0, 1.402], [1.0, -0.344136, -0.714136], [1.0, 1.772, 0]])


def yuv_to_rgb(
    y: NDArray[np.uint8], u: NDArray[np.uint8], v: NDArray[np.uint8], *, full_range: bool
) -> Float32:
    """Convert planes of equal size to RGB between 0 and 1 (ITU-R BT.601).

    Parameters
    ----------
    y, u, v : ndarray of uint8, shape (height, width)
        Brightness and colour differences.
    full_range : bool
        True when 0 to 255 are black to white, False when 16 to 235 are.
    """
    matrix = (_FULL if full_range else _STUDIO) / 255.0
    black = np.array([0.0 if full_range else 16.0, 128.0, 128.0])
    shifted = np.column_stack([matrix, -(matrix @ black)])
    rgb: Float32 = cv2.transform(cv2.merge([y, u, v]).astype(np.float32), shifted)
    return np.clip(rgb, 0.0, 1.0, out=rgb)
