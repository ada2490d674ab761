"""From the closed canonical mesh to a face at rest: openings cut, made smooth, mouth closed.

The canonical eyes are narrow and its mouth stands a little open; both are brought to a relaxed
adult face here, before any muscle acts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facewire.face import SIDES, Side
from facewire.synthetic.face3d import anatomy
from facewire.synthetic.face3d.mesh import FloatArray, IntArray, TriangleMesh, loop_subdivide

SIZE = 0.95
"""The canonical face is a little larger than the mean adult one."""

LEVELS = 2
FISSURE_LENGTH_MM = 28.0
FISSURE_HEIGHT_MM = 10.7
"""Height of the outline before smoothing, which takes about a millimetre away."""

_LIP_CLOSING_REACH_MM = 16.0


@dataclass(frozen=True)
class FaceShape:
    """The skin of the face at rest.

    Parameters
    ----------
    mesh : TriangleMesh
        Eyes and mouth are open borders. Points 0 to 467 are those of the canonical mesh.
    below_mouth : ndarray of float, shape (n,)
        1 where a point belongs to the lower lip and jaw, 0 above the mouth, smooth at the corners.
    asymmetry : float
        Relative difference of width between the halves, positive where the left is wider.
    """

    mesh: TriangleMesh
    below_mouth: FloatArray
    asymmetry: float


def build_face(canonical: TriangleMesh, asymmetry: float = 0.0) -> FaceShape:
    """Return the face at rest.

    Parameters
    ----------
    canonical : TriangleMesh
        As `read_canonical_mesh` returns it.
    asymmetry : float
        The patient's left half is wider than the right by this share (0.01 is usual).
    """
    points = canonical.points_mm * SIZE
    for side in SIDES:
        points = _open_eye(points, side)
    open_mesh = TriangleMesh(points, _cut_openings(canonical.triangles))
    fine = loop_subdivide(open_mesh, corners=anatomy.CORNERS, levels=LEVELS)
    below = _below_mouth(fine.points_mm)
    closed = _close_mouth(fine.points_mm, below)
    width = 1.0 + np.sign(closed[:, :1]) * asymmetry / 2
    stretched = closed * np.hstack([width, np.ones((len(closed), 2))])
    return FaceShape(TriangleMesh(stretched, fine.triangles), below, asymmetry)


def _cut_openings(triangles: IntArray) -> IntArray:
    rims = [set(anatomy.UPPER_LID[s]) | set(anatomy.LOWER_LID[s]) for s in SIDES]
    rims.append(set(anatomy.INNER_LIP_UPPER) | set(anatomy.INNER_LIP_LOWER))
    keep = [not any(set(t) <= rim for rim in rims) for t in triangles.tolist()]
    kept: IntArray = triangles[np.asarray(keep)]
    return kept


def _open_eye(points: FloatArray, side: Side) -> FloatArray:
    """Scale the outline of the eye to adult size; the surroundings yield with distance."""
    rim = points[list(anatomy.UPPER_LID[side] + anatomy.LOWER_LID[side])]
    middle = (rim.max(axis=0) + rim.min(axis=0)) / 2
    size = rim.max(axis=0) - rim.min(axis=0)
    growth = np.array([FISSURE_LENGTH_MM / size[0], FISSURE_HEIGHT_MM / size[1]])
    offset = points[:, :2] - middle[:2]
    radius = np.hypot(offset[:, 0] / (size[0] / 2), offset[:, 1] / (size[1] / 2))
    reach_mm = np.hypot(offset[:, 0], offset[:, 1]) * np.maximum(1 - 1 / np.maximum(radius, 1), 0)
    yielding = np.exp(-((reach_mm / 9.0) ** 2)) / np.maximum(radius, 1.0)
    moved = points.copy()
    moved[:, :2] += offset * (growth - 1) * yielding[:, None]
    return moved


def _mouth_line(points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return x, and the heights of the inner borders of the upper and lower lip there."""
    upper = points[list(anatomy.INNER_LIP_UPPER)]
    lower = points[list(anatomy.INNER_LIP_LOWER)]
    grid = np.linspace(upper[0, 0], upper[-1, 0], 81)
    return (
        grid,
        np.interp(grid, upper[:, 0], upper[:, 1]),
        np.interp(grid, lower[:, 0], lower[:, 1]),
    )


def _below_mouth(points: FloatArray) -> FloatArray:
    grid, upper, lower = _mouth_line(points)
    line = np.interp(points[:, 0], grid, (upper + lower) / 2)
    beyond = np.maximum(np.abs(points[:, 0]) - grid[-1], 0.0)
    softness = 0.6 + beyond * 0.9
    return smoothstep((line - points[:, 1]) / softness * 0.5 + 0.5)


def _close_mouth(points: FloatArray, below: FloatArray) -> FloatArray:
    """Bring the inner borders of the lips together, the lower one moving most."""
    grid, upper, lower = _mouth_line(points)
    gap = np.interp(points[:, 0], grid, upper - lower, left=0.0, right=0.0)
    up = np.interp(points[:, 0], grid, upper)
    low = np.interp(points[:, 0], grid, lower)
    away = np.where(below > 0.5, low - points[:, 1], points[:, 1] - up)
    fall = np.exp(-((np.maximum(away, 0) / _LIP_CLOSING_REACH_MM) ** 2))
    moved = points.copy()
    moved[:, 1] += gap * fall * np.where(below > 0.5, 0.72, -0.28)
    return moved


def smoothstep(values: FloatArray) -> FloatArray:
    """Return 3t^2 - 2t^3 of the values clipped to 0..1."""
    t = np.clip(values, 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))
