"""What of a face is seen in a picture: whether each part looks like what the points say it is.

The face network gives points for a covered eye or mouth too: it guesses them from the rest of the
face. So the picture is asked: a small crop about each part is described by histograms of oriented
gradients (Dalal and Triggs 2005, "Histograms of oriented gradients for human detection", CVPR), and
a logistic regression tells the part from anything else. Its weights, ``seen.json``, were fitted to
drawn parts, drawn covers and textures, to no photograph; `benchmarks/fit_seen.py` makes them again.

A likeness says nothing about how well a part can be followed, and needs no earlier picture: a cover
that is there from the first frame on is told like one that comes later.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from facewire.face import Side
from facewire.landmarks.detectors.crop import Square
from facewire.landmarks.points import (
    EYE_CORNERS,
    MIRROR_POINTS,
    OUTER_CORNERS,
)
from facewire.video import Frame

FloatArray = NDArray[np.float64]
Float32 = NDArray[np.float32]

PARTS = ("eye", "mouth", "nose")
"""The columns of a likeness: an eye, half of the mouth, half of the nose."""

SEEN_ROW = {Side.RIGHT: 0, Side.LEFT: 1}
"""Its rows."""

WEIGHTS = Path(__file__).with_name("seen.json")

CROP_PX = 32
CELLS = 5
BINS = 8
SMOOTH_PX = 0.8
_DIRECTIONS = np.arange(BINS, dtype=np.float32)[:, None, None]

CORNER, ALA, BELOW_NOSE = 61, 98, 2
"""Of the patient's right."""
LIPS_MIDDLE = (13, 14)

# Sides of the crops: the eye's in widths of the eye, the others' in widths between the outer
# corners of the eyes; and how far from the corner or ala towards the middle a crop lies.
EYE_SIDE, MOUTH_SIDE, NOSE_SIDE = 1.5, 0.45, 0.34
MOUTH_INWARD, NOSE_INWARD = 0.45, 0.35


def likeness(frame: Frame, points_px: FloatArray) -> Float32:
    """Return how much each part looks like itself, as a logit; shape (2, 3), right side first.

    Parameters
    ----------
    frame : Frame
        The picture.
    points_px : ndarray, shape (478, 3)
        The face network's points.
    """
    crops = cut_parts(frame, points_px)
    described = describe(crops.reshape(-1, CROP_PX, CROP_PX)).reshape(*crops.shape[:2], -1)
    logits: Float32 = np.einsum("spk,pk->sp", described, _weights()).astype(np.float32)
    return logits


def cut_parts(frame: Frame, points_px: FloatArray) -> Float32:
    """Cut the crops of both sides' parts, those of the left turned over; shape (2, 3, 32, 32).

    Parameters
    ----------
    frame : Frame
        The picture.
    points_px : ndarray, shape (478, 3)
        The face network's points.
    """
    cuts = [_cut(frame.y, square, flip) for square, flip in _squares(points_px[:, :2])]
    return np.stack(cuts).reshape(len(SEEN_ROW), len(PARTS), CROP_PX, CROP_PX)


def describe(crops: Float32) -> FloatArray:
    """Describe crops by their gradients: histograms of cells, contrast, and 1 for the constant.

    Parameters
    ----------
    crops : ndarray, shape (n_crops, 32, 32)
        Brightness, 0 to 255.

    Returns
    -------
    ndarray, shape (n_crops, 202)
    """
    smooth = [cv2.GaussianBlur(crop, (0, 0), SMOOTH_PX) for crop in crops]
    soft = np.pad(np.stack(smooth), ((0, 0), (1, 1), (1, 1)), mode="edge")
    right = (soft[:, 1:-1, 2:] - soft[:, 1:-1, :-2]) / 2
    down = (soft[:, 2:, 1:-1] - soft[:, :-2, 1:-1]) / 2
    turn = np.arctan2(down, right)[:, None] * np.float32(BINS / (2 * np.pi))
    apart = np.abs(turn - _DIRECTIONS)
    away = np.minimum(apart, np.abs(BINS - apart))
    votes = np.hypot(right, down)[:, None] * np.maximum(0.0, 1.0 - away)
    cells = _pooling() @ votes @ _pooling().T
    roots = np.sqrt(cells).reshape(len(crops), -1)
    size = np.linalg.norm(roots, axis=1, keepdims=True)
    contrast = 0.3 * np.log1p(size)
    return np.hstack([roots / (size + 1e-6), contrast, np.ones_like(size)]).astype(np.float64)


@cache
def _pooling() -> Float32:
    """Weights of the pixels of a row in each cell, overlapping; shape (5, 32)."""
    cell = CROP_PX / CELLS
    away = np.abs(np.arange(CROP_PX) + 0.5 - (np.arange(CELLS)[:, None] + 0.5) * cell) / cell
    weights = np.maximum(0.0, 1.0 - away)
    pooled: Float32 = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return pooled


@cache
def _weights() -> FloatArray:
    table: dict[str, list[float]] = json.loads(WEIGHTS.read_text(encoding="utf8"))
    return np.array([table[part] for part in PARTS])


def _squares(plane: FloatArray) -> list[tuple[Square, bool]]:
    """Return every crop and whether it is mirrored, the right side's parts first."""
    right, left = plane[list(OUTER_CORNERS)]
    width = float(np.linalg.norm(left - right))
    across = (left - right) / width
    lips = plane[list(LIPS_MIDDLE)].mean(axis=0)
    mouth = plane[MIRROR_POINTS[CORNER]] - plane[CORNER]
    found = []
    for side in SEEN_ROW:
        flip = side is Side.LEFT
        own = MIRROR_POINTS if flip else np.arange(len(MIRROR_POINTS))
        outer, inner = plane[list(EYE_CORNERS[side])]
        eye = outer - inner if flip else inner - outer
        corner, ala = plane[own[CORNER]], plane[own[ALA]]
        places = (
            ((outer + inner) / 2, EYE_SIDE * float(np.linalg.norm(eye)), eye),
            (corner + MOUTH_INWARD * (lips - corner), MOUTH_SIDE * width, mouth),
            (ala + NOSE_INWARD * (plane[BELOW_NOSE] - ala), NOSE_SIDE * width, across),
        )
        for (x, y), size, axis in places:
            turn = float(np.arctan2(axis[1], axis[0]))
            found.append((Square(float(x), float(y), size, turn), flip))
    return found


def _cut(plane: NDArray[np.uint8], square: Square, flip: bool) -> Float32:
    """Cut one crop; a picture that is finer is averaged, not skipped over."""
    finer = max(1, int(np.ceil(square.size_px / CROP_PX)))
    size = CROP_PX * finer
    cut = cv2.warpAffine(
        plane,
        square.affine(size, mirrored=flip),
        (size, size),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    small = cv2.resize(cut, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA)
    crop: Float32 = small.astype(np.float32)
    return crop
