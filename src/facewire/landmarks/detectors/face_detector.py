"""BlazeFace: where faces are in a picture.

Bazarevsky et al. 2019, "BlazeFace: sub-millisecond neural face detection on mobile GPUs"
(arXiv 1907.05047); the short-range network of the MediaPipe bundle, 128 x 128 pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.landmarks.detectors.crop import Square, cut_rgb
from facewire.landmarks.detectors.runtime import Network
from facewire.video import Frame

INPUT_PX = 128
MIN_SCORE = 0.5
MAX_OVERLAP = 0.3

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Detection:
    """A face: box and the two eyes in pixels, score between 0 and 1."""

    left_px: float
    top_px: float
    width_px: float
    height_px: float
    right_eye_px: tuple[float, float]
    left_eye_px: tuple[float, float]
    score: float

    @property
    def area_px2(self) -> float:
        """Area of the box."""
        return self.width_px * self.height_px


def anchor_centres() -> FloatArray:
    """Return the anchors' centres, shape (896, 2): 16 x 16 twice, then 8 x 8 six times."""
    grids = []
    for cells, repeat in ((16, 2), (8, 6)):
        ys, xs = np.mgrid[0:cells, 0:cells]
        centres = np.stack([(xs + 0.5) / cells, (ys + 0.5) / cells], axis=-1).reshape(-1, 2)
        grids.append(np.repeat(centres, repeat, axis=0))
    return np.concatenate(grids)


class FaceDetector:
    """Finds every face of a picture."""

    def __init__(self, model: bytes) -> None:
        self._network = Network(model, outputs=("regressors", "classificators"))
        self._anchors = anchor_centres()

    def detect(self, frame: Frame) -> list[Detection]:
        """Return the faces of a frame, the best first."""
        height, width = frame.y.shape
        size = float(max(height, width))
        square = Square(width / 2, height / 2, size, 0.0)
        rgb = cut_rgb(frame, square, INPUT_PX) * np.float32(2) - np.float32(1)
        boxes, logits = self._network.infer(rgb[None])
        scores = 1.0 / (1.0 + np.exp(-np.clip(logits.ravel().astype(np.float64), -100, 100)))
        good = scores >= MIN_SCORE
        values = boxes[0][good].astype(np.float64) / INPUT_PX
        return merge_boxes(values, self._anchors[good], scores[good], square)


def merge_boxes(
    values: FloatArray, anchors: FloatArray, scores: FloatArray, square: Square
) -> list[Detection]:
    """Merge the answers that overlap by more than `MAX_OVERLAP`, weighted by their scores.

    Parameters
    ----------
    values : ndarray, shape (n, 16)
        Centre, size and six points of each box, relative to its anchor, in sides of the square.
    anchors : ndarray, shape (n, 2)
        Centres of the anchors.
    scores : ndarray, shape (n,)
        Between 0 and 1.
    square : Square
        Where the network looked.

    Returns
    -------
    list of Detection
        One a face, the best first.
    """
    centres = values[:, :2] + anchors
    points = values[:, 4:8].reshape(-1, 2, 2) + anchors[:, None]
    corners = np.concatenate([centres - values[:, 2:4] / 2, values[:, 2:4]], axis=1)
    left = list(np.argsort(-scores))
    faces = []
    while left:
        best = left[0]
        same = [i for i in left if _overlap(corners[best], corners[i]) > MAX_OVERLAP] or [best]
        left = [i for i in left if i not in same]
        weight = scores[same] / scores[same].sum()
        box = weight @ corners[same]
        eyes = square.to_picture(np.tensordot(weight, points[same], axes=1))
        left_px, top_px = square.to_picture(box[:2])
        width_px, height_px = box[2:] * square.size_px
        faces.append(
            Detection(
                float(left_px),
                float(top_px),
                float(width_px),
                float(height_px),
                right_eye_px=(float(eyes[0, 0]), float(eyes[0, 1])),
                left_eye_px=(float(eyes[1, 0]), float(eyes[1, 1])),
                score=float(scores[best]),
            )
        )
    return faces


def _overlap(a: FloatArray, b: FloatArray) -> float:
    """Intersection over union of two boxes given as left, top, width, height."""
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(across, 0.0) * max(down, 0.0)
    return float(shared / (a[2] * a[3] + b[2] * b[3] - shared))


def face_square(face: Detection) -> Square:
    """Return the region in which the landmark network looks for a detected face.

    The longer side of the box, 1.5 times, turned so that the eyes are level.
    """
    (rx, ry), (lx, ly) = face.right_eye_px, face.left_eye_px
    return Square(
        face.left_px + face.width_px / 2,
        face.top_px + face.height_px / 2,
        1.5 * max(face.width_px, face.height_px),
        float(np.arctan2(ly - ry, lx - rx)),
    )
