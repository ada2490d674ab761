"""The lid network: where the edges of both lids are, seen in a crop of one eye.

The eye network's lids bend: they follow a lid's first millimetres by a fifth to a half. This
network of ours was trained on drawn eyes alone (``benchmarks/lids``). For each of 16 columns of the
crop it gives how likely each row is the edge of the upper and of the lower lid. Their mean, freed
of what is usual in drawn eyes, is the position, so that it follows a lid in proportion; their
spread says how well the edge was seen, and a hidden eye has one that reaches over the whole crop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facewire.landmarks.detectors.crop import Square, cut_rgb
from facewire.landmarks.detectors.runtime import Network, openvino
from facewire.landmarks.points import EYE_INNER, EYE_OUTER
from facewire.video import Frame

FloatArray = NDArray[np.float64]
Float32 = NDArray[np.float32]

CROP_PX = 64
EYE_WIDTH_PX = 48.0
"""Width of the eye in the crop."""

COLUMNS_PX = 4.0 * np.arange(16) + 2.0
INSIDE = slice(3, 13)
"""Columns that lie within the eye wherever its corners were found a little off."""
MIDDLE = slice(6, 10)
"""Columns over the iris, by which the spread is told."""

FINER = 1.3
"""A picture so many times finer than the crop is averaged, else single pixels would speak."""

LEAST_USUAL = 0.1
"""Rows that are less usual than this, of the most usual one, are weighed as if they were not: no
row is made more than ten times likelier."""

VIEWS = ((1.5, 0.0, 1.0, 1.5), (-1.5, 0.7, 1.05, 1.25))
"""Crops of each eye that are averaged: shift to the right and down in crop pixels, enlargement,
and how many times taller than it is the eye is shown: a lid's millimetre is more rows.

The network was trained on eyes 1.0 to 1.56 times taller. A slit is seen better in the taller view,
a wide eye in the other. Two are as steady as four at half the time (docs/method/landmarks.md)."""

UPPER_CONTOUR, LOWER_CONTOUR = tuple(range(9, 16)), tuple(range(1, 8))
"""The eye network's points of the lids' edges between the corners."""


@dataclass(frozen=True)
class LidRows:
    """The lids of one eye in its crop.

    Parameters
    ----------
    rows_px : ndarray, shape (2, 16)
        Row of the edge of the upper and the lower lid in each column.
    spread_px : float
        Standard deviation of the distance between the lids over the iris, as the network's own
        doubt about the rows gives it.
    """

    rows_px: FloatArray
    spread_px: float


def level(crops: Float32) -> Float32:
    """Bring crops to one mean and spread; shape (n, 64, 64, 3), RGB 0 to 1, to (n, 3, 64, 64)."""
    x = crops.transpose(0, 3, 1, 2) * np.float32(255)
    inner = x[:, :, 8:56, 4:60]
    mean = inner.mean(axis=(1, 2, 3), keepdims=True)
    spread = inner.std(axis=(1, 2, 3), keepdims=True)
    levelled: Float32 = np.ascontiguousarray((x - mean) / (spread + np.float32(4)))
    return levelled


@dataclass(frozen=True)
class Layer:
    """A convolution: weights of shape (out, in, height, width), one bias for each output."""

    weights: Float32
    biases: Float32


CHANNELS = ((3, 8), (8, 16), (16, 24), (24, 24), (24, 32), (32, 32), (56, 24), (40, 16), (24, 12))
"""Into and out of each layer of 3 x 3, in the order in which they are stored; the last is 5 x 3."""


@cache
def lid_layers() -> tuple[Layer, ...]:
    """Return the weights that come with the package.

    They are stored as whole numbers of 8 bits, with one scale for each channel.
    """
    shapes = [(out, inward, 3, 3) for inward, out in CHANNELS] + [(2, CHANNELS[-1][1], 5, 3)]
    with files("facewire.landmarks.detectors").joinpath("lids.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        whole, scales, biases = (stored[name] for name in ("weights", "scales", "biases"))
    layers, start, channel = [], 0, 0
    for shape in shapes:
        stop, last = start + int(np.prod(shape)), channel + shape[0]
        weights = whole[start:stop].reshape(shape) * scales[channel:last, None, None, None]
        layers.append(Layer(weights.astype(np.float32), biases[channel:last]))
        start, channel = stop, last
    return tuple(layers)


@cache
def usual_rows() -> FloatArray:
    """Return how often a row held a lid's edge in training, shape (2, 64); the most often is 1."""
    with files("facewire.landmarks.detectors").joinpath("lids.npz").open("rb") as file:
        return np.asarray(np.load(file, allow_pickle=False)["usual"], dtype=np.float64)


def lid_graph(batch: int) -> Any:
    """Build the network; crops in, shape (batch, 3, 64, 64), likelihoods (batch, 2, 64, 16) out."""
    ops = openvino().opset13
    layers = list(lid_layers())

    def convolve(x: Any, layer: Layer, stride: tuple[int, int] = (1, 1)) -> Any:
        high, wide = (side // 2 for side in layer.weights.shape[2:])
        pads = [high, wide]
        x = ops.convolution(x, ops.constant(layer.weights), list(stride), pads, pads, [1, 1])
        return ops.add(x, ops.constant(layer.biases[None, :, None, None]))

    def then(x: Any, stride: tuple[int, int] = (1, 1)) -> Any:
        return ops.relu(convolve(x, layers.pop(0), stride))

    def enlarged(x: Any, down: float, across: float) -> Any:
        scales = np.array([down, across], np.float32)
        how = {
            "mode": "nearest",
            "shape_calculation_mode": "scales",
            "coordinate_transformation_mode": "asymmetric",
            "nearest_mode": "floor",
        }
        return ops.interpolate(x, scales, axes=np.array([2, 3]), **how)

    crops = ops.parameter([batch, 3, CROP_PX, CROP_PX], np.float32, name="crops")
    fine = then(crops, (1, 2))
    half = then(fine, (2, 2))
    quarter = then(then(half, (2, 2)))
    x = then(then(quarter, (2, 2)))
    x = then(ops.concat([enlarged(x, 2, 2), quarter], 1))
    x = then(ops.concat([enlarged(x, 2, 2), half], 1))
    pooled = ops.avg_pool(fine, [1, 2], [0, 0], [0, 0], [1, 2], exclude_pad=True)
    x = then(ops.concat([enlarged(x, 2, 1), pooled], 1))
    likely = ops.softmax(convolve(x, layers.pop(0)), 2)
    likely.output(0).tensor.set_names({"likely"})
    return openvino().Model([likely], [crops], "lids")


class LidNetwork:
    """Finds the lids' edges of both eyes."""

    def __init__(self) -> None:
        self._network = Network(lid_graph(2 * len(VIEWS)), outputs=("likely",))

    def find(self, frame: Frame, squares: Sequence[Square]) -> tuple[LidRows, LidRows]:
        """Return the lids of the right and the left eye of a frame.

        Parameters
        ----------
        frame : Frame
            The picture.
        squares : sequence of Square, 2
            Crops of both eyes as `lid_square` gives them; the left one is mirrored here.
        """
        crops = np.concatenate(
            [_views(_cut(frame, square, mirrored=bool(i))) for i, square in enumerate(squares)]
        )
        (likely,) = self._network.infer(level(crops))
        right, left = likely.astype(np.float64).reshape(2, len(VIEWS), 2, CROP_PX, len(COLUMNS_PX))
        return lid_rows(right), lid_rows(left)


def lid_square(inner_px: FloatArray, outer_px: FloatArray, *, flip: bool) -> Square:
    """Return the crop of one eye from its corners; ``flip`` for the patient's left eye."""
    axis = outer_px - inner_px if flip else inner_px - outer_px
    x, y = (inner_px + outer_px) / 2
    size_px = float(np.hypot(*axis)) * CROP_PX / EYE_WIDTH_PX
    return Square(float(x), float(y), size_px, float(np.arctan2(axis[1], axis[0])))


def _cut(frame: Frame, square: Square, *, mirrored: bool) -> Float32:
    if square.size_px <= FINER * CROP_PX:
        return cut_rgb(frame, square, CROP_PX, mirrored=mirrored)
    fine = cut_rgb(frame, square, 2 * CROP_PX, mirrored=mirrored)
    return np.asarray(cv2.resize(fine, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA))


def _views(crop: Float32) -> Float32:
    """Return a crop as each view sees it, shape (2, 64, 64, 3)."""
    return np.stack(
        [
            np.asarray(
                cv2.warpAffine(
                    crop, _view(*view), (CROP_PX, CROP_PX), borderMode=cv2.BORDER_REPLICATE
                )
            )
            for view in VIEWS
        ]
    )


def _view(right_px: float, down_px: float, zoom: float, taller: float) -> FloatArray:
    """Return the matrix from the crop to a view of it; the middle stays, but for the shift."""
    tall, middle = zoom * taller, CROP_PX / 2
    return np.array(
        [[zoom, 0.0, middle * (1 - zoom) + right_px], [0.0, tall, middle * (1 - tall) + down_px]]
    )


def lid_rows(likely: FloatArray) -> LidRows:
    """Return the mean over the views of where the lids are.

    The network learnt how usual each row is, and where it is unsure it leans to the usual ones, so
    that it would follow too little of what a lid moves. What the picture says is its likelihood
    over how usual the row is (Bayes); the mean of that is the position. The spread is the
    network's own.

    Parameters
    ----------
    likely : ndarray, shape (2, 2, 64, 16)
        Of each view, lid, row and column; sums to 1 over the rows.
    """
    at = np.arange(CROP_PX) + 0.5
    seen_at = likely / np.maximum(usual_rows(), LEAST_USUAL)[:, :, None]
    seen_at /= seen_at.sum(axis=2, keepdims=True)
    edges = np.einsum("vlrc,r->vlc", seen_at, at)
    rows = np.einsum("vlrc,r->vlc", likely, at)
    scatter = np.einsum("vlrc,vlrc->vlc", likely, (at[:, None] - rows[:, :, None]) ** 2)
    taller = np.array([view[-1] for view in VIEWS])
    spread = float((np.sqrt(scatter[:, :, MIDDLE].mean(axis=2).sum(axis=1)) / taller).mean())
    found = []
    for view, seen in zip(VIEWS, edges, strict=True):
        (across, _, right_px), (_, down, down_px) = _view(*view)
        columns = (COLUMNS_PX - right_px) / across
        found.append([np.interp(COLUMNS_PX, columns, (lid - down_px) / down) for lid in seen])
    return LidRows(np.mean(found, axis=0), spread)


def with_lids(eye_px: FloatArray, lids: LidRows, square: Square, *, flip: bool) -> FloatArray:
    """Return the eye network's points with its lids' edges laid on those that were found.

    Each point of the contour keeps its place along the eye and takes its height from the lid
    network; next to the corners, where the crop may end, the edge runs straight to the corner.

    Parameters
    ----------
    eye_px : ndarray, shape (76, 2)
        Points of the picture.
    lids : LidRows
        Of the same eye.
    square : Square
        Where its crop was cut.
    flip : bool
        Whether the crop was mirrored.
    """
    points = square.to_crop(eye_px)
    if flip:
        points[:, 0] = 1.0 - points[:, 0]
    corners = points[[EYE_OUTER, EYE_INNER]]
    for contour, rows in ((UPPER_CONTOUR, lids.rows_px[0]), (LOWER_CONTOUR, lids.rows_px[1])):
        xs = np.concatenate([corners[:1, 0], COLUMNS_PX[INSIDE] / CROP_PX, corners[1:, 0]])
        ys = np.concatenate([corners[:1, 1], rows[INSIDE] / CROP_PX, corners[1:, 1]])
        order = np.argsort(xs)
        points[list(contour), 1] = np.interp(points[list(contour), 0], xs[order], ys[order])
    if flip:
        points[:, 0] = 1.0 - points[:, 0]
    return square.to_picture(points)
