"""Draws one moment of a mesh as SVG path data; millimetres, the patient's left on the right.

The page's script draws the moving face by the same rules (``moving_mesh.js``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from facewire.face import Side
from facewire.figures.mesh_points import N_MESH, OVAL, Line, eye, lines

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

LEVELS = 14
"""Tones of the skin, from dark to light."""

LIGHT = np.array([0.0, 0.5, 0.9])
"""Where the light comes from: above and in front; from a side, shade would look like asymmetry."""

TIGHTNESS = 6.0
"""Catmull-Rom: a sixth of the way between the neighbours is the handle of a Bezier curve."""

MARGIN_MM = (17.0, 34.0, 17.0, 16.0)
"""Room around the face: left, above, right, below."""


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
        Style and path of every line, in the order of `mesh_points.lines`.
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
        What `mesh_points.drawn_points` returned, mm.
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
