"""The face mesh as a drawing: which points make which line, and one moment as SVG path data.

Millimetres, the patient's left on the right. The page's script draws the moving face by the same
rules (``moving_mesh.js``). Numbers are those of the published face mesh topology (468 points); the
edges of the lids and the irises follow behind them, then points between two others for the
folds of the lids. A drawing is a list of lines, so that the script draws any moment of the face
with one rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import Side
from facewire.results.pictures import MeshMoment

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

N_MESH, N_LIDS = 468, 16
LIDS_AT = {Side.RIGHT: N_MESH, Side.LEFT: N_MESH + N_LIDS}
IRIS_AT = {Side.RIGHT: N_MESH + 2 * N_LIDS, Side.LEFT: N_MESH + 2 * N_LIDS + 1}
BETWEEN_AT = N_MESH + 2 * N_LIDS + 2

LOWER_LID, UPPER_LID = range(1, 8), range(9, 16)
"""Within the edge of the lids, point over point from the outer corner inwards."""

LEVELS = 14
"""Tones of the skin, from dark to light."""

LIGHT = np.array([0.0, 0.5, 0.9])
"""Where the light comes from: above and in front; from a side, shade would look like asymmetry."""

TIGHTNESS = 6.0
"""Catmull-Rom: a sixth of the way between the neighbours is the handle of a Bezier curve."""

MARGIN_MM = (17.0, 34.0, 17.0, 16.0)
"""Room around the face: left, above, right, below."""

OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
UPPER_LIP = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
UPPER_INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_INNER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
LOWER_LIP = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
BROWS = {
    Side.RIGHT: (70, 63, 105, 66, 107, 55, 65, 52, 53, 46),
    Side.LEFT: (300, 293, 334, 296, 336, 285, 295, 282, 283, 276),
}
NOSE = {Side.RIGHT: (49, 129, 64, 98, 97, 2), Side.LEFT: (279, 358, 294, 327, 326, 2)}
NOSTRILS = {Side.RIGHT: (240, 75, 60, 20, 99), Side.LEFT: (460, 305, 290, 250, 328)}
CHEEK_FOLDS = {Side.RIGHT: (129, 203, 206, 216), Side.LEFT: (358, 423, 426, 436)}
ABOVE_EYE = {
    Side.RIGHT: (247, 30, 29, 27, 28, 56, 190),
    Side.LEFT: (467, 260, 259, 257, 258, 286, 414),
}
BELOW_EYE = {
    Side.RIGHT: (25, 110, 24, 23, 22, 26, 112),
    Side.LEFT: (255, 339, 254, 253, 252, 256, 341),
}

FOLD_ABOVE, FOLD_BELOW = 0.42, 0.62
"""How far from the lid's edge towards the skin beyond the fold of a lid is drawn."""


def _between() -> tuple[tuple[int, int, float], ...]:
    found = []
    for side in (Side.RIGHT, Side.LEFT):
        for lid, ring, share in (
            (UPPER_LID, ABOVE_EYE[side], FOLD_ABOVE),
            (LOWER_LID, BELOW_EYE[side], FOLD_BELOW),
        ):
            found += [(LIDS_AT[side] + i, k, share) for i, k in zip(lid, ring, strict=True)]
    return tuple(found)


BETWEEN = _between()
"""Points on the way from one point to another: from, to, share of the way."""


@dataclass(frozen=True)
class Line:
    """One line or shape of the drawing, in the order of drawing.

    ``style`` is its CSS class, ``points`` the numbers it passes smoothly; ``closed`` shapes end
    where they begin. A shape with ``back`` runs there and back, with corners at both ends.
    """

    style: str
    points: tuple[int, ...]
    closed: bool = False
    back: tuple[int, ...] = ()


def lines() -> tuple[Line, ...]:
    """Return the lines of a face, in the order of drawing; the eyes are apart."""
    found = [Line("mm-fold", CHEEK_FOLDS[side]) for side in Side]
    found += [Line("mm-brow", BROWS[side], closed=True) for side in Side]
    found += [Line("mm-nostril", NOSTRILS[side], closed=True) for side in Side]
    found += [Line("mm-nose", NOSE[side]) for side in Side]
    found += [
        Line("mm-mouth", UPPER_INNER, back=LOWER_INNER),
        Line("mm-lip", UPPER_LIP, back=UPPER_INNER),
        Line("mm-lip low", LOWER_LIP, back=LOWER_INNER),
        Line("mm-lipline", UPPER_INNER),
    ]
    return tuple(found)


@dataclass(frozen=True)
class Eye:
    """Numbers that draw one eye: edge of both lids, the upper one, its folds, the iris."""

    edge: Line
    upper: Line
    folds: tuple[Line, Line]
    iris: int


def eye(side: Side) -> Eye:
    """Return what draws the eye of a side."""
    start = LIDS_AT[side]
    lower = tuple(start + i for i in (0, *LOWER_LID, 8))
    upper = tuple(start + i for i in (0, *UPPER_LID, 8))
    fold = BETWEEN_AT + (0 if side is Side.RIGHT else 2 * len(UPPER_LID))
    return Eye(
        Line("mm-white", upper, back=lower),
        Line("mm-lash", upper),
        (
            Line("mm-crease", tuple(range(fold, fold + 7))),
            Line("mm-bag", tuple(range(fold + 7, fold + 14))),
        ),
        IRIS_AT[side],
    )


def with_between(points: FloatArray) -> FloatArray:
    """Append the points that lie between two others; shape (n, k) to (n + 28, k)."""
    more = [(1 - share) * points[a] + share * points[b] for a, b, share in BETWEEN]
    return np.concatenate([points, np.array(more)])


def drawn_points(moment: MeshMoment) -> FloatArray:
    """Return every point that is drawn, from one moment of a mesh file, mm, shape (n, 2)."""
    parts = [np.array(moment.points_mm, dtype=float)]
    parts += [np.array(moment.lids_mm[side], dtype=float) for side in LIDS_AT]
    parts += [np.array([moment.iris_mm[side]], dtype=float) for side in IRIS_AT]
    return with_between(np.concatenate(parts))


@dataclass(frozen=True)
class DrawnEye:
    """Path data of one eye; ``iris`` is its centre."""

    edge: str
    upper: str
    folds: tuple[str, ...]
    iris: tuple[float, float]


@dataclass(frozen=True)
class DrawnFace:
    """Path data of one moment, drawn in this order.

    Parameters
    ----------
    head, oval : str
        The head behind (it does not move), and the face.
    tones : tuple of str
        Skin, one path for each tone, from dark to light.
    lines : tuple of (str, str)
        Style and path of every line, in the order of `lines`.
    eyes : tuple of DrawnEye
        Left, then right, as `Side` lists them.
    """

    head: str
    oval: str
    tones: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    eyes: tuple[DrawnEye, ...]


def draw(points: FloatArray, tones: Sequence[IntArray], head: str) -> DrawnFace:
    """Draw one moment.

    Parameters
    ----------
    points : ndarray, shape (n_points, 2)
        What `drawn_points` returned, mm.
    tones : sequence of ndarray, shape (n, 3)
        What `skin_tones` returned.
    head : str
        What `head_path` returned.
    """
    return DrawnFace(
        head,
        smooth(points[list(OVAL)], closed=True),
        tuple(triangles_path(points, one) for one in tones),
        tuple((line.style, line_path(points, line)) for line in lines()),
        tuple(_draw_eye(points, side) for side in Side),
    )


def _draw_eye(points: FloatArray, side: Side) -> DrawnEye:
    one = eye(side)
    x, up = points[one.iris]
    return DrawnEye(
        line_path(points, one.edge),
        line_path(points, one.upper),
        tuple(line_path(points, fold) for fold in one.folds),
        (round(float(x), 2), round(-float(up), 2)),
    )


def line_path(points: FloatArray, line: Line) -> str:
    """Return the path of one line."""
    there = smooth(points[list(line.points)], closed=line.closed)
    if not line.back:
        return there
    back = smooth(points[list(reversed(line.back))])
    return f"{there}L{back[1:]}Z"


def smooth(points: FloatArray, *, closed: bool = False) -> str:
    """Return a smooth path through points (Catmull and Rom 1974), shape (n, 2), up positive."""
    picture = points * [1.0, -1.0]
    if closed:
        around = np.concatenate([picture[-1:], picture, picture[:2]])
    else:
        around = np.concatenate([picture[:1], picture, picture[-1:]])
    path = "M" + _pair(around[1])
    for before, start, end, after in zip(around, around[1:], around[2:], around[3:], strict=False):
        first, second = start + (end - before) / TIGHTNESS, end - (after - start) / TIGHTNESS
        path += f"C{_pair(first)} {_pair(second)} {_pair(end)}"
    return path + "Z" if closed else path


def _pair(point: FloatArray) -> str:
    return f"{_short(point[0])} {_short(point[1])}"


def _short(value: float) -> str:
    return f"{round(float(value), 1) + 0.0:g}"


def triangles_path(points: FloatArray, triangles: IntArray) -> str:
    """Return one path of many triangles."""
    picture = points * [1.0, -1.0]
    return "".join("M" + "L".join(_pair(picture[i]) for i in one) + "Z" for one in triangles)


def skin_tones(rest: FloatArray, depth_mm: FloatArray) -> tuple[IntArray, ...]:
    """Return the triangles of the skin by tone, dark to light, from the shape at rest.

    Parameters
    ----------
    rest : ndarray, shape (n_points, 2)
        The drawn points at rest, mm.
    depth_mm : ndarray, shape (468,)
        Away from the camera.
    """
    mesh = rest[:N_MESH]
    from scipy.spatial import Delaunay

    triangles: IntArray = np.array(Delaunay(mesh).simplices, dtype=np.intp)
    solid = np.column_stack([mesh, -depth_mm])
    a, b, c = (solid[triangles[:, i]] for i in range(3))
    normal = np.cross(b - a, c - a)
    normal *= np.sign(normal[:, 2:])
    at_points = np.zeros_like(solid)
    for i in range(3):
        np.add.at(at_points, triangles[:, i], normal)
    length = np.linalg.norm(at_points, axis=1, keepdims=True)
    light = (at_points / np.maximum(length, 1e-9)) @ (LIGHT / np.linalg.norm(LIGHT))
    bright = light[triangles].mean(axis=1)
    low, high = np.quantile(bright, [0.02, 0.98])
    level = np.clip((bright - low) / max(high - low, 1e-9) * LEVELS, 0, LEVELS - 1).astype(int)
    return tuple(triangles[level == one] for one in range(LEVELS))


def head_path(rest: FloatArray) -> str:
    """Return a plain head behind the face, a little larger and higher; it is nobody's hair."""
    oval = rest[list(OVAL)]
    middle = oval.mean(axis=0)
    above = np.clip((oval[:, 1] - middle[1]) / (oval[:, 1].max() - middle[1]), 0.0, 1.0)
    head = middle + (oval - middle) * np.column_stack([1.07 + 0.03 * above, 1.0 + 0.02 * above])
    head[:, 1] += 24.0 * above**0.8
    return smooth(head, closed=True)


def view_box(rest: FloatArray) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the picture, mm."""
    oval = rest[list(OVAL)]
    left, above, right, below = MARGIN_MM
    x0, x1 = float(oval[:, 0].min()) - left, float(oval[:, 0].max()) + right
    top, bottom = -float(oval[:, 1].max()) - above, -float(oval[:, 1].min()) + below
    return (round(x0, 1), round(top, 1), round(x1 - x0, 1), round(bottom - top, 1))
