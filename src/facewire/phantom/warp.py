"""A known change is drawn into a picture: lids, mouth corner and brow moved by millimetres.

Everything is laid out in the head's frontal plane, in millimetres to the patient's left and down,
so that a turned or tilted head gets what a straight one gets. A field ``D`` says how far the skin
that is seen at a place has come: what is drawn at ``q`` is taken from ``q - D(q)`` of the unedited
picture. Every field is 0 outside its region, and pixels there keep their values. The strips that
matter (lid margin with its lashes, brow, mouth corner) move as they are, without being stretched;
the skin beside them gives way smoothly. Of the eye nothing is stretched: the lids slide over it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facewire.face import Side
from facewire.video import Frame

FloatArray = NDArray[np.float64]
Plane = NDArray[np.uint8]
Layer = tuple[FloatArray, FloatArray, FloatArray]
"""Displacement to the patient's left and down, mm, and the part of the layer that is seen."""

UPPER_LID = {
    Side.RIGHT: (33, 246, 161, 160, 159, 158, 157, 173, 133),
    Side.LEFT: (263, 466, 388, 387, 386, 385, 384, 398, 362),
}
LOWER_LID = {
    Side.RIGHT: (33, 7, 163, 144, 145, 153, 154, 155, 133),
    Side.LEFT: (263, 249, 390, 373, 374, 380, 381, 382, 362),
}
BROW_ABOVE = {Side.RIGHT: (70, 63, 105, 66, 107), Side.LEFT: (300, 293, 334, 296, 336)}
BROW_BELOW = {Side.RIGHT: (46, 53, 52, 65, 55), Side.LEFT: (276, 283, 282, 295, 285)}
CORNER = {Side.RIGHT: 61, Side.LEFT: 291}

LOWER_SHARE = 1.0 / 3.0
"""Of the upper lid's way, what the lower lid comes up."""
CORNER_WAY = (0.6, 0.8)
"""Outward and up: along this the corner is pulled."""

UPPER_STRIP_MM, LASHES_MM = 1.6, 0.9
LOWER_STRIP_MM, LOWER_LASHES_MM = 1.6, 0.4
SEAM_MM = 0.7
"""Over this the moved lid's edge goes into the eye behind it."""
LID_SKIN_MM, LOWER_SKIN_MM = (3.0, 9.0), 7.0
CORNER_RIGID_MM, CORNER_REACH_MM = 2.5, 15.0
BROW_MARGIN_MM, BROW_ABOVE_MM, BROW_BESIDE_MM = 1.0, 12.0, 7.0
BROW_SKIN_MM = (2.0, 8.0)
MOST_OF_FISSURE = 0.85
"""A lid is moved no further than this part of the fissure that is there."""


@dataclass(frozen=True)
class Sizes:
    """How far the parts of one side are moved in a picture, mm.

    Parameters
    ----------
    lid_mm : float
        The upper lid, down; the lower lid comes up by `LOWER_SHARE` of it.
    corner_mm : float
        The mouth corner, along `CORNER_WAY`.
    brow_mm : float
        The brow, down.
    """

    lid_mm: float = 0.0
    corner_mm: float = 0.0
    brow_mm: float = 0.0

    @property
    def nothing(self) -> bool:
        """Whether the picture stays as it is."""
        return max(self.lid_mm, self.corner_mm, self.brow_mm) <= 0.0

    @property
    def fissure_mm(self) -> float:
        """What the eye's opening loses."""
        return self.lid_mm * (1.0 + LOWER_SHARE)


@dataclass(frozen=True)
class FacePlane:
    """The head's frontal plane in one picture.

    Parameters
    ----------
    origin_px : ndarray, shape (2,)
        Where its zero lies in the picture.
    px_per_mm : ndarray, shape (2, 2)
        Pixels right and down for a millimetre to the patient's left and down.
    """

    origin_px: FloatArray
    px_per_mm: FloatArray

    def to_mm(self, points_px: FloatArray) -> FloatArray:
        """Return places of the picture in the plane; any shape (..., 2)."""
        mm: FloatArray = (points_px - self.origin_px) @ np.linalg.inv(self.px_per_mm).T
        return mm

    def to_px(self, points_mm: FloatArray) -> FloatArray:
        """Return places of the plane in the picture; any shape (..., 2)."""
        px: FloatArray = points_mm @ self.px_per_mm.T + self.origin_px
        return px


@dataclass(frozen=True)
class FaceLines:
    """Where the lids, brow and mouth corner of one side lie, mm in the plane.

    Parameters
    ----------
    upper, lower : ndarray, shape (9, 2)
        The lids' margins from corner to corner, in the order of growing first coordinate.
    brow : ndarray, shape (5, 2)
        The middle line of the brow, in the same order.
    brow_half_mm : float
        Half of its height.
    corner : ndarray, shape (2,)
    outward : float
        1 where outward is to the patient's left, -1 to the right.
    """

    upper: FloatArray
    lower: FloatArray
    brow: FloatArray
    brow_half_mm: float
    corner: FloatArray
    outward: float

    @classmethod
    def of(cls, points_px: FloatArray, plane: FacePlane, side: Side) -> FaceLines:
        """Find them among the mesh points of a picture, shape (468 or more, 2)."""
        mm = plane.to_mm(points_px)
        above, below = mm[list(BROW_ABOVE[side])], mm[list(BROW_BELOW[side])]
        middle = (above + below) / 2
        return cls(
            _in_order(mm[list(UPPER_LID[side])]),
            _in_order(mm[list(LOWER_LID[side])]),
            _in_order(middle),
            float(np.mean(below[:, 1] - above[:, 1])) / 2,
            mm[CORNER[side]],
            -1.0 if side is Side.RIGHT else 1.0,
        )

    @property
    def middle_mm(self) -> float:
        """Where the middle of the eye lies across."""
        return float(self.upper[[0, -1], 0].mean())

    @property
    def fissure_mm(self) -> float:
        """Height between the margins in the middle of the eye."""
        return float(_at(self.lower, self.middle_mm) - _at(self.upper, self.middle_mm))

    @property
    def lid_skin_mm(self) -> float:
        """From the lower edge of the brow to the margin of the upper lid, in the middle."""
        brow = float(_at(self.brow, self.middle_mm)) + self.brow_half_mm
        return float(_at(self.upper, self.middle_mm)) - brow

    def possible(self, sizes: Sizes) -> Sizes:
        """Return what of the sizes this face has room for."""
        lid = MOST_OF_FISSURE * max(self.fissure_mm, 0.0) / (1.0 + LOWER_SHARE)
        room = BROW_MARGIN_MM + UPPER_STRIP_MM + BROW_SKIN_MM[0]
        brow = max(self.lid_skin_mm - room, 0.0)
        return Sizes(min(sizes.lid_mm, lid), sizes.corner_mm, min(sizes.brow_mm, brow))


def _in_order(line: FloatArray) -> FloatArray:
    ordered: FloatArray = line[np.argsort(line[:, 0])]
    return ordered


def _at(line: FloatArray, across_mm: FloatArray | float) -> FloatArray:
    height: FloatArray = np.asarray(np.interp(across_mm, line[:, 0], line[:, 1]))
    return height


def _step(part: FloatArray) -> FloatArray:
    """0 up to 0, 1 from 1 on, smooth between, with slope 0 at both."""
    inside = np.clip(part, 0.0, 1.0)
    smooth: FloatArray = inside * inside * (3.0 - 2.0 * inside)
    return smooth


def brow_field(x: FloatArray, y: FloatArray, lines: FaceLines, down_mm: float) -> FloatArray:
    """Return how far the skin seen at each place was moved down with the brow, mm.

    Parameters
    ----------
    x, y : ndarray
        Places in the plane, mm, of one shape.
    lines : FaceLines
    down_mm : float
        How far the brow was.
    """
    half = lines.brow_half_mm + BROW_MARGIN_MM
    skin = np.clip(lines.lid_skin_mm - BROW_MARGIN_MM - UPPER_STRIP_MM - down_mm, *BROW_SKIN_MM)
    beyond = np.maximum(lines.brow[0, 0] - x, x - lines.brow[-1, 0])
    below = y - _at(lines.brow, x) - down_mm
    shape = _step(1.0 - beyond / BROW_BESIDE_MM)
    shape = shape * _step(1.0 + (below + half) / BROW_ABOVE_MM) * _step(1.0 - (below - half) / skin)
    field: FloatArray = down_mm * shape
    return field


def corner_field(
    x: FloatArray, y: FloatArray, lines: FaceLines, pull_mm: float
) -> tuple[FloatArray, FloatArray]:
    """Return how far the skin seen at each place was moved left and down with the corner, mm.

    Parameters
    ----------
    x, y : ndarray
        Places in the plane, mm, of one shape.
    lines : FaceLines
    pull_mm : float
        How far the corner was, along `CORNER_WAY`.
    """
    across, down = pull_mm * CORNER_WAY[0] * lines.outward, -pull_mm * CORNER_WAY[1]
    away = np.hypot(x - lines.corner[0] - across, y - lines.corner[1] - down)
    shape = _step((CORNER_REACH_MM - away) / (CORNER_REACH_MM - CORNER_RIGID_MM))
    return across * shape, down * shape


def lid_layers(
    x: FloatArray, y: FloatArray, lines: FaceLines, sizes: Sizes
) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
    """Return how far each lid's skin was moved down, mm, and the part of it that is seen.

    Parameters
    ----------
    x, y : ndarray
        Places in the plane, mm, of one shape.
    lines : FaceLines
    sizes : Sizes

    Returns
    -------
    tuple
        Of the lower lid, and of the upper one.
    """
    ends = lines.upper[[0, -1], 0]
    along = np.clip(2.0 * (x - ends[0]) / (ends[1] - ends[0]) - 1.0, -1.0, 1.0)
    upper, lower = _at(lines.upper, x), _at(lines.lower, x)
    room = np.maximum(lower - upper, 0.0) * MOST_OF_FISSURE / (1.0 + LOWER_SHARE)
    down = np.minimum(sizes.lid_mm * (1.0 - np.abs(along) ** 3), room)
    up = down * LOWER_SHARE
    skin = float(np.clip(0.8 * lines.lid_skin_mm, *LID_SKIN_MM))
    rise = _step((y - upper + skin) / (skin - UPPER_STRIP_MM + down))
    seen = _step((upper + LASHES_MM + down - y) / SEAM_MM)
    fall = _step((lower + LOWER_SKIN_MM - y) / (LOWER_SKIN_MM - LOWER_STRIP_MM + up))
    seen_below = _step((y - lower + LOWER_LASHES_MM + up) / SEAM_MM)
    return (-up * fall, seen_below * (up * fall > 0)), (down * rise, seen * (down * rise > 0))


def _upper_face(x: FloatArray, y: FloatArray, lines: FaceLines, sizes: Sizes) -> list[Layer]:
    """Return the layers of brow and lids, the hindmost first."""
    none = np.zeros_like(x)
    brow = brow_field(x, y, lines, sizes.brow_mm) if sizes.brow_mm > 0 else none
    layers = [(none, brow, (brow > 0).astype(np.float64))]
    if sizes.lid_mm > 0:
        (below, seen_below), (above, seen_above) = lid_layers(x, y, lines, sizes)
        layers += [(none, below, seen_below), (none, above + brow, seen_above)]
    return layers


def _mouth(x: FloatArray, y: FloatArray, lines: FaceLines, sizes: Sizes) -> list[Layer]:
    """Return the layer of the mouth corner."""
    across, down = corner_field(x, y, lines, sizes.corner_mm)
    return [(across, down, (np.hypot(across, down) > 0).astype(np.float64))]


Draw = Callable[[FloatArray, FloatArray, FaceLines, Sizes], list[Layer]]
"""Makes the layers of a part of the face at places, mm."""


def edited(frame: Frame, plane: FacePlane, lines: FaceLines, sizes: Sizes) -> Frame:
    """Return a picture with one side moved.

    Parameters
    ----------
    frame : Frame
        The unedited picture; it is not changed.
    plane : FacePlane
        The head's frontal plane in it.
    lines : FaceLines
        Of the side.
    sizes : Sizes
        What is possible, see `FaceLines.possible`.
    """
    y, u, v = (np.array(each) for each in (frame.y, frame.u, frame.v))
    for make, box in _parts(lines, sizes):
        for source, out, step in ((frame.y, y, 1), (frame.u, u, 2), (frame.v, v, 2)):
            window = _window(plane.to_px(box), source.shape, step)
            px = _centres(window, step)
            mm = plane.to_mm(px)
            layers = make(mm[..., 0], mm[..., 1], lines, sizes)
            out[window] = _drawn(source[window], layers, plane.px_per_mm / step)
    return Frame(frame.index, frame.time_s, y, u, v, frame.full_range, frame.damaged)


def _parts(lines: FaceLines, sizes: Sizes) -> Iterator[tuple[Draw, FloatArray]]:
    """Yield how each part of the face that is moved is drawn, and the corners of its box, mm."""
    if sizes.lid_mm > 0 or sizes.brow_mm > 0:
        seen = np.concatenate([lines.upper, lines.lower, lines.brow])
        yield _upper_face, _box(seen, BROW_ABOVE_MM + lines.brow_half_mm + 3.0)
    if sizes.corner_mm > 0:
        yield _mouth, _box(lines.corner[None], CORNER_REACH_MM + sizes.corner_mm + 1.0)


def _box(points_mm: FloatArray, margin_mm: float) -> FloatArray:
    (left, top), (right, bottom) = points_mm.min(axis=0), points_mm.max(axis=0)
    left, top, right, bottom = (
        left - margin_mm,
        top - margin_mm,
        right + margin_mm,
        bottom + margin_mm,
    )
    return np.array([[left, top], [right, top], [left, bottom], [right, bottom]])


def _window(box_px: FloatArray, shape: tuple[int, ...], step: int) -> tuple[slice, slice]:
    low = np.floor(box_px.min(axis=0) / step).astype(int)
    high = np.ceil(box_px.max(axis=0) / step).astype(int)
    x, y = (
        slice(int(np.clip(a, 0, n)), int(np.clip(b, 0, n)))
        for a, b, n in zip(low, high, shape[::-1], strict=True)
    )
    return y, x


def _centres(window: tuple[slice, slice], step: int) -> FloatArray:
    """Return where the pixels of a window lie in the whole picture, shape (rows, columns, 2)."""
    rows, columns = (np.arange(s.start, s.stop) for s in window)
    centres: FloatArray = (np.stack(np.meshgrid(columns, rows), axis=-1) + 0.5) * step
    return centres


def _drawn(source: Plane, layers: list[Layer], px_per_mm: FloatArray) -> Plane:
    """Draw the layers over the unedited pixels, one after the other."""
    rows, columns = source.shape
    if not rows or not columns:
        return source
    there_x, there_y = np.meshgrid(np.arange(columns), np.arange(rows))
    out = source.astype(np.float64)
    for across, down, seen in layers:
        moved = np.stack([across, down], axis=-1) @ px_per_mm.T
        taken = cv2.remap(
            source,
            (there_x - moved[..., 0]).astype(np.float32),
            (there_y - moved[..., 1]).astype(np.float32),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
        out += seen * (taken - out)
    drawn: Plane = np.clip(np.rint(out), 0, 255).astype(np.uint8)
    return drawn
