"""Numba kernels: triangles to a depth buffer, then light, then an 8-bit picture.

Only imported when something is drawn. Compiled code is not cached on disk, so that nothing is
written beside the package.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError

try:
    from numba import njit, prange
except ImportError as error:
    raise UsageError(
        "Drawing a synthetic patient needs the package numba",
        found="it is not installed",
        do="pip install facewire[simulate]",
    ) from error

Kernel = TypeVar("Kernel", bound=Callable[..., Any])
Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Surface = tuple[Int32, Int32, Float32, Float32, Float32]

SUPERSAMPLING = 2
BANDS = 8
LAST_CLOSED = 1
HALF = np.float32(0.5)
BEHIND = np.float32(-0.3)
SAME_SURFACE = np.float32(0.004)
ONE = np.float32(1.0)


def _compiled(*, parallel: bool) -> Callable[[Kernel], Kernel]:
    made = njit(cache=False, parallel=parallel, fastmath=True, nogil=True, error_model="numpy")
    return cast("Callable[[Kernel], Kernel]", made)


@_compiled(parallel=False)
def point_normals(points: Float32, triangles: Int32) -> Float32:
    """Return unit normals, shape (n, 3), weighted by the areas of the triangles around."""
    out = np.zeros_like(points)
    for k in range(triangles.shape[0]):
        a, b, c = triangles[k, 0], triangles[k, 1], triangles[k, 2]
        ux, uy, uz = (
            points[b, 0] - points[a, 0],
            points[b, 1] - points[a, 1],
            points[b, 2] - points[a, 2],
        )
        vx, vy, vz = (
            points[c, 0] - points[a, 0],
            points[c, 1] - points[a, 1],
            points[c, 2] - points[a, 2],
        )
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for i in (a, b, c):
            out[i, 0] += nx
            out[i, 1] += ny
            out[i, 2] += nz
    for i in range(points.shape[0]):
        size = np.sqrt(out[i, 0] ** 2 + out[i, 1] ** 2 + out[i, 2] ** 2) + np.float32(1e-12)
        for k in range(3):
            out[i, k] /= size
    return out


@_compiled(parallel=True)
def fill_triangles(
    screen: Float32, triangles: Int32, materials: Int32, depth: Float32, owner: Int32
) -> None:
    """Write the nearest triangle of every sample.

    Parameters
    ----------
    screen : ndarray of float, shape (n, 3)
        Column and row in samples, and one over the distance.
    triangles : ndarray of int, shape (m, 3)
        Into ``screen``.
    materials : ndarray of int, shape (m,)
        Those up to ``LAST_CLOSED`` are closed surfaces, whose back is never seen.
    depth, owner : ndarray, shape (rows, columns)
        Filled in place: one over the distance (0 where empty) and the triangle (-1).
    """
    rows, columns = depth.shape
    for band in prange(BANDS):
        low, high = rows * band // BANDS, rows * (band + 1) // BANDS
        depth[low:high] = 0.0
        owner[low:high] = -1
        for k in range(triangles.shape[0]):
            a, b, c = triangles[k, 0], triangles[k, 1], triangles[k, 2]
            ay, by, cy = screen[a, 1], screen[b, 1], screen[c, 1]
            y0 = max(low, int(np.ceil(min(ay, by, cy) - 0.5)))
            y1 = min(high - 1, int(np.floor(max(ay, by, cy) - 0.5)))
            if y0 > y1:
                continue
            ax, bx, cx = screen[a, 0], screen[b, 0], screen[c, 0]
            area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
            if abs(area) < 1e-9 or (area > 0 and materials[k] <= LAST_CLOSED):
                continue
            x0 = max(0, int(np.ceil(min(ax, bx, cx) - 0.5)))
            x1 = min(columns - 1, int(np.floor(max(ax, bx, cx) - 0.5)))
            inverse = np.float32(1.0) / area
            bx_step, by_step = (cy - ay) * inverse, -(cx - ax) * inverse
            cx_step, cy_step = -(by - ay) * inverse, (bx - ax) * inverse
            az = screen[a, 2]
            bz, cz = screen[b, 2] - az, screen[c, 2] - az
            px = x0 + HALF - ax
            for y in range(y0, y1 + 1):
                py = y + HALF - ay
                wb = px * bx_step + py * by_step
                wc = px * cx_step + py * cy_step
                for x in range(x0, x1 + 1):
                    if wb >= 0.0 and wc >= 0.0 and wb + wc <= 1.0:
                        near = az + wb * bz + wc * cz
                        if near > depth[y, x]:
                            depth[y, x] = near
                            owner[y, x] = k
                    wb += bx_step
                    wc += cx_step


@_compiled(parallel=False)
def _look_up(picture: Float32, place: Float32, albedo: Float32) -> None:
    """Multiply the albedo by the picture at a place, interpolated."""
    x = place[0] * np.float32(picture.shape[1] - 1)
    y = place[1] * np.float32(picture.shape[0] - 1)
    i = min(max(int(x), 0), picture.shape[1] - 2)
    j = min(max(int(y), 0), picture.shape[0] - 2)
    fx, fy = x - np.float32(i), y - np.float32(j)
    for k in range(3):
        top = picture[j, i, k] * (ONE - fx) + picture[j, i + 1, k] * fx
        bottom = picture[j + 1, i, k] * (ONE - fx) + picture[j + 1, i + 1, k] * fx
        albedo[k] *= top * (ONE - fy) + bottom * fy


@_compiled(parallel=False)
def _surface_at(
    k: int,
    at: tuple[Any, Any],
    screen: Float32,
    surface: Surface,
    found: tuple[Float32, Float32, Float32],
) -> None:
    """Fill in normal, colour and picture place of a triangle at a sample, in perspective."""
    triangles, _, normals, colours, places = surface
    normal, colour, place = found
    a, b, c = triangles[k, 0], triangles[k, 1], triangles[k, 2]
    ax, ay = screen[a, 0], screen[a, 1]
    bx, by = screen[b, 0] - ax, screen[b, 1] - ay
    cx, cy = screen[c, 0] - ax, screen[c, 1] - ay
    px, py = at[0] - ax, at[1] - ay
    inverse = ONE / (bx * cy - cx * by)
    wb = (px * cy - cx * py) * inverse
    wc = (bx * py - px * by) * inverse
    wa = (ONE - wb - wc) * screen[a, 2]
    wb *= screen[b, 2]
    wc *= screen[c, 2]
    total = ONE / (wa + wb + wc)
    wa, wb, wc = wa * total, wb * total, wc * total
    for j in range(3):
        normal[j] = wa * normals[a, j] + wb * normals[b, j] + wc * normals[c, j]
        colour[j] = wa * colours[a, j] + wb * colours[b, j] + wc * colours[c, j]
    for j in range(2):
        place[j] = wa * places[a, j] + wb * places[b, j] + wc * places[c, j]
    size = ONE / np.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2)
    size = -size if normal[2] * size < BEHIND else size
    for j in range(3):
        normal[j] *= size
    normal[2] = max(normal[2], np.float32(0.0))


@_compiled(parallel=False)
def _light(
    n: Float32, albedo: Float32, gloss: Float32, lamps: tuple[Float32, Float32], out: Float32
) -> None:
    """Write wrapped diffuse light (redder in the half-shade), ambient light and soft shine."""
    lights, ambient = lamps
    above = HALF + HALF * n[1]
    for j in range(3):
        out[j] = ambient[0, j] + ambient[1, j] * above
    shine = np.float32(0.0)
    for k in range(lights.shape[0]):
        facing = n[0] * lights[k, 0] + n[1] * lights[k, 1] + n[2] * lights[k, 2]
        for j in range(3):
            soft = (facing + gloss[j]) / (ONE + gloss[j])
            if soft > 0.0:
                out[j] += soft * lights[k, 3 + j]
        half = n[0] * lights[k, 6] + n[1] * lights[k, 7] + n[2] * lights[k, 8]
        if half > 0.0:
            for _ in range(int(gloss[4])):
                half *= half
            shine += half * lights[k, 4]
    edge = ONE - n[2]
    shine *= gloss[3] * (ONE + edge * edge + edge * edge)
    for j in range(3):
        out[j] = out[j] * albedo[j] + shine


@_compiled(parallel=True)
def shade(
    samples: tuple[Float32, Int32, Float32],
    surface: Surface,
    pictures: tuple[Float32, Float32],
    optics: tuple[Float32, Float32, Float32],
    backdrop: Float32,
) -> Float32:
    """Return linear light of every pixel, shape (height, width, 3).

    Parameters
    ----------
    samples : tuple
        Depth and owner of every sample, as `fill_triangles` leaves them, and the points on the
        screen.
    surface : tuple
        Triangles (m, 3), their materials (m,), normals (n, 3), colours (n, 3), picture places
        (n, 2).
    pictures : tuple
        Of the head and of the eye.
    optics : tuple
        Gloss (n_materials, 5): wrap of red, green and blue, strength of the shine, how often its
        cosine is squared. Lights (n, 9): direction, colour, direction halfway to the camera.
        Ambient light (2, 3): from below, and what the sky adds.
    backdrop : ndarray of float, shape (height, width, 3)
        What is behind the head.
    """
    depth, owner, screen = samples
    gloss, lights, ambient = optics
    materials = surface[1]
    head, eye = pictures
    height, width = backdrop.shape[0], backdrop.shape[1]
    share = np.float32(1.0 / (SUPERSAMPLING * SUPERSAMPLING))
    out = np.empty((height, width, 3), dtype=np.float32)
    for y in prange(height):
        n = np.empty(3, dtype=np.float32)
        albedo = np.empty(3, dtype=np.float32)
        lit = np.empty(3, dtype=np.float32)
        place = np.empty(2, dtype=np.float32)
        for x in range(width):
            last_material, last_near = -9, np.float32(0.0)
            red = green = blue = np.float32(0.0)
            for s in range(SUPERSAMPLING * SUPERSAMPLING):
                sy = y * SUPERSAMPLING + s // SUPERSAMPLING
                sx = x * SUPERSAMPLING + s % SUPERSAMPLING
                k, near = owner[sy, sx], depth[sy, sx]
                material = materials[k] if k >= 0 else -1
                if material != last_material or abs(near - last_near) > SAME_SURFACE * near:
                    last_material, last_near = material, near
                    if k < 0:
                        for j in range(3):
                            lit[j] = backdrop[y, x, j]
                    else:
                        _surface_at(k, (sx + HALF, sy + HALF), screen, surface, (n, albedo, place))
                        if material < 2:
                            _look_up(head if material == 0 else eye, place, albedo)
                        _light(n, albedo, gloss[material], (lights, ambient), lit)
                red += lit[0]
                green += lit[1]
                blue += lit[2]
            out[y, x, 0] = red * share
            out[y, x, 1] = green * share
            out[y, x, 2] = blue * share
    return out


@_compiled(parallel=True)
def develop(
    light: Float32, exposure: np.float32, curve: Float32, grain: Float32, sigma: np.float32
) -> Bytes:
    """Return the 8-bit picture (height, width, 3) of linear light, with the sensor's noise.

    Parameters
    ----------
    light : ndarray of float, shape (height, width, 3)
        Linear.
    exposure : float
        Multiplies the light.
    curve : ndarray of float, shape (n,)
        Grey level 0 to 255 for linear values 0 to 1.
    grain : ndarray of float, shape (height, width, 3)
        Unit normal noise.
    sigma : float
        Deviation of the noise, grey levels.
    """
    height, width = light.shape[0], light.shape[1]
    out = np.empty((height, width, 3), dtype=np.uint8)
    last = curve.shape[0] - 1
    for y in prange(height):
        for x in range(width):
            for k in range(3):
                at = int(min(max(light[y, x, k] * exposure, 0.0), 1.0) * last)
                level = curve[at] + grain[y, x, k] * sigma
                out[y, x, k] = np.uint8(min(max(level + 0.5, 0.0), 255.0))
    return out
