"""How much light from around reaches each point of the resting head: soft shadow in the hollows."""

from __future__ import annotations

import numpy as np

from facewire.synthetic.face3d import raster
from facewire.synthetic.face3d.mesh import FloatArray
from facewire.synthetic.face3d.parts import SKIN
from facewire.synthetic.face3d.scene import Scene

DIRECTIONS = 48
DARKEST = 0.30
_MAP_PX = 512
_MAP_MM = 520.0
_FORWARD_MM = 1000.0
_BIAS_MM = 2.5


def sky_seen(scene: Scene, points: FloatArray) -> FloatArray:
    """Return a factor `DARKEST` to 1 for the light at each point, shape (n,).

    Only the skin casts and takes this shadow; eyes, teeth and clothes keep 1.

    Parameters
    ----------
    scene : Scene
        The head.
    points : ndarray of float, shape (n, 3)
        At rest, mm.
    """
    triangles = np.ascontiguousarray(scene.triangles[scene.materials == SKIN], dtype=np.int32)
    skin = np.unique(triangles)
    normals = raster.point_normals(points.astype(np.float32), triangles)[skin].astype(np.float64)
    seen, possible = np.zeros(len(skin)), np.zeros(len(skin))
    for way in _sky():
        facing = np.clip(normals @ way, 0.0, None)
        possible += facing
        seen += facing * _reached(points, triangles, skin, way)
    factor = np.ones(len(points))
    factor[skin] = DARKEST + (1 - DARKEST) * seen / np.maximum(possible, 1e-6)
    return factor


def _sky() -> FloatArray:
    """Return directions spread evenly over the sky in front and above, shape (n, 3)."""
    k = np.arange(DIRECTIONS * 2) + 0.5
    z = 1 - k / DIRECTIONS
    turn = np.pi * (1 + 5**0.5) * k
    ways = np.column_stack([np.sqrt(1 - z**2) * np.cos(turn), np.sqrt(1 - z**2) * np.sin(turn), z])
    return ways[(ways[:, 2] > 0.0) & (ways[:, 1] > -0.45)]


def _reached(
    points: FloatArray, triangles: raster.Int32, which: np.ndarray, way: FloatArray
) -> FloatArray:
    right = np.cross([0.0, 1.0, 0.0], way)
    right /= np.linalg.norm(right)
    frame = np.array([right, np.cross(way, right), way])
    local = (points - [0, -20, -20]) @ frame.T
    at = (local[:, :2] * [1, -1] / _MAP_MM + 0.5) * _MAP_PX
    screen = np.column_stack([at, local[:, 2] + _FORWARD_MM]).astype(np.float32)
    depth = np.empty((_MAP_PX, _MAP_PX), np.float32)
    owner = np.empty((_MAP_PX, _MAP_PX), np.int32)
    raster.fill_triangles(screen, triangles, np.zeros(len(triangles), np.int32), depth, owner)
    column, row = (np.clip(at[which, k].astype(int), 0, _MAP_PX - 1) for k in (0, 1))
    return np.asarray(screen[which, 2] >= depth[row, column] - _BIAS_MM, dtype=np.float64)
