"""The picture wrapped around the head, and the brushes that paint it.

The head is unrolled on a cylinder about a vertical axis: columns are angles, rows heights in mm.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import ndimage
from scipy.interpolate import PchipInterpolator

from facewire.synthetic.face3d.mesh import FloatArray
from facewire.synthetic.face3d.shape import smoothstep

TEXELS = 1536
AXIS_Z_MM = -25.0
HALF_ANGLE_RAD = 2.3
TOP_MM, BOTTOM_MM = 140.0, -170.0
TEXEL_MM = (TOP_MM - BOTTOM_MM) / TEXELS


def unroll(points: FloatArray) -> FloatArray:
    """Return texture coordinates 0 to 1 (column, row) of points (n, 3) on a face at rest."""
    angle = np.arctan2(points[:, 0], points[:, 2] - AXIS_Z_MM)
    column = np.clip(angle / (2 * HALF_ANGLE_RAD) + 0.5, 0, 1)
    row = np.clip((TOP_MM - points[:, 1]) / (TOP_MM - BOTTOM_MM), 0, 1)
    return np.column_stack([column, row])


def texels(points: FloatArray) -> FloatArray:
    """Return (column, row) in texels of points (n, 3) on a face at rest."""
    return unroll(points) * (TEXELS - 1)


@dataclass(frozen=True)
class Grid:
    """Where every texel lies: angle in radians (1, n) and height in mm (n, 1)."""

    angle_rad: FloatArray
    height_mm: FloatArray

    def spot(self, point: FloatArray, across_mm: float, along_mm: float) -> FloatArray:
        """Return a soft round mask about a point of the face."""
        angle = np.arctan2(point[0], point[2] - AXIS_Z_MM)
        radius = np.hypot(point[0], point[2] - AXIS_Z_MM)
        x = (self.angle_rad - angle) * radius / across_mm
        y = (self.height_mm - point[1]) / along_mm
        return np.asarray(np.exp(-(x * x + y * y)))


def make_grid() -> Grid:
    """Return the grid of the head's picture."""
    share = np.linspace(0.0, 1.0, TEXELS)
    angle = ((share - 0.5) * 2 * HALF_ANGLE_RAD)[None, :]
    return Grid(angle, (TOP_MM + share * (BOTTOM_MM - TOP_MM))[:, None])


def noise(rng: np.random.Generator, across: float, along: float) -> FloatArray:
    """Return smooth noise of unit deviation; the grain has the given size in texels."""
    rows = max(int(TEXELS / along) + 3, 4)
    columns = max(int(TEXELS / across) + 3, 4)
    coarse = rng.standard_normal((rows, columns)).astype(np.float32)
    order = 1 if min(across, along) < 3 else 2
    fine = ndimage.zoom(coarse, (TEXELS / rows, TEXELS / columns), order=order, mode="nearest")
    out = np.asarray(fine[:TEXELS, :TEXELS], dtype=np.float64)
    return np.asarray(out / out.std())


def paint(picture: FloatArray, mask: FloatArray, rgb: tuple[float, float, float]) -> FloatArray:
    """Return the picture with a colour laid over it where the mask (0 to 1) says."""
    cover = mask[..., None]
    return np.asarray(picture * (1.0 - cover) + np.asarray(rgb) * cover)


def curve_mask(path: FloatArray, half_width: float) -> FloatArray:
    """Return a soft line along texel positions (n, 2), Gaussian across."""
    mask = np.zeros((TEXELS, TEXELS))
    for start, end in pairwise(path):
        stroke(mask, start, end, half_width, 1.0)
    return mask


def stroke(
    mask: FloatArray, start: FloatArray, end: FloatArray, half_width: float, strength: float
) -> None:
    """Draw one stroke into the mask in place, keeping the stronger value at each texel.

    Parameters
    ----------
    mask : ndarray, shape (TEXELS, TEXELS)
        Changed in place.
    start, end : ndarray, shape (2,)
        Ends of the stroke, texels.
    half_width : float
        Half of its width, texels.
    strength : float
        Value along its middle, 0 to 1.
    """
    reach = 3 * half_width + 1
    low = np.floor(np.minimum(start, end) - reach).astype(int).clip(0, TEXELS - 1)
    high = np.ceil(np.maximum(start, end) + reach).astype(int).clip(1, TEXELS)
    x = np.arange(low[0], high[0])[None, :]
    y = np.arange(low[1], high[1])[:, None]
    along = end - start
    length2 = max(float(along @ along), 1e-9)
    t = np.clip(((x - start[0]) * along[0] + (y - start[1]) * along[1]) / length2, 0, 1)
    dx, dy = x - start[0] - t * along[0], y - start[1] - t * along[1]
    soft = strength * np.exp(-(dx * dx + dy * dy) / (2 * half_width**2))
    window = mask[low[1] : high[1], low[0] : high[0]]
    np.maximum(window, soft, out=window)


def band(grid_columns: FloatArray, path: FloatArray) -> FloatArray:
    """Return the row of a curve of texel positions (n, 2) at every column; NaN outside of it."""
    curve = PchipInterpolator(*path[np.argsort(path[:, 0])].T, extrapolate=False)
    return np.asarray(curve(grid_columns))


def soft_step(values: FloatArray, width: float) -> FloatArray:
    """Return 0 below -width/2, 1 above width/2, smooth between."""
    return smoothstep(values / width + 0.5)


def to_linear(picture: FloatArray) -> FloatArray:
    """Return linear light of sRGB values 0 to 1 (IEC 61966-2-1)."""
    p = np.clip(picture, 0.0, 1.0)
    return np.where(p <= 0.04045, p / 12.92, ((p + 0.055) / 1.055) ** 2.4)
