"""Skin, lips, brows and hair, painted procedurally: grain at every scale, for optical flow too."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from facewire.face import SIDES, Side
from facewire.synthetic.face3d import anatomy
from facewire.synthetic.face3d.canvas import (
    TEXELS,
    Grid,
    band,
    curve_mask,
    make_grid,
    noise,
    paint,
    soft_step,
    stroke,
    texels,
    to_linear,
)
from facewire.synthetic.face3d.mesh import FloatArray
from facewire.synthetic.patient_spec import FaceLook

Rgb = tuple[float, float, float]

_LIGHT_SKIN = np.array([236, 200, 176]) / 255
_DARK_SKIN = np.array([104, 68, 50]) / 255
_HAIRLINE = ((0.0, 76.0), (0.35, 75.0), (0.7, 66.0), (1.0, 42.0), (1.15, 30.0), (1.32, 4.0))
_HAIRLINE_BEHIND = ((1.5, 4.0), (1.62, -18.0), (2.3, -34.0))


def hairline_mm(angle_rad: FloatArray) -> FloatArray:
    """Return the height of the hairline at angles about the head's axis (0 is forward), mm."""
    table = np.array(_HAIRLINE + _HAIRLINE_BEHIND)
    return np.asarray(np.interp(np.abs(angle_rad), table[:, 0], table[:, 1]))


def paint_head(points: FloatArray, look: FaceLook, rng: np.random.Generator) -> FloatArray:
    """Return the head's picture, shape (TEXELS, TEXELS, 3), linear light 0 to 1.

    Parameters
    ----------
    points : ndarray of float, shape (n, 3)
        The face at rest; the first 468 are those of the canonical mesh.
    look : FaceLook
        Colours.
    rng : numpy.random.Generator
        Fixes the grain, the freckles and the hairs.
    """
    grid = make_grid()
    picture = _bare_skin(points, grid, look.skin_tone, rng)
    picture = _paint_lips(picture, points, rng, look.skin_tone)
    picture = _paint_lids(picture, points, look.skin_tone)
    picture = _paint_brows(picture, points, look, rng)
    picture = _paint_hair(picture, grid, look, rng)
    return to_linear(picture)


def skin_rgb(tone: float) -> FloatArray:
    """Return the mean colour of the skin, sRGB 0 to 1, shape (3,)."""
    return np.asarray(_LIGHT_SKIN + (_DARK_SKIN - _LIGHT_SKIN) * tone)


def _bare_skin(points: FloatArray, grid: Grid, tone: float, rng: np.random.Generator) -> FloatArray:
    scales = ((140, 0.008), (60, 0.008), (24, 0.008), (10, 0.010), (4.5, 0.015), (2.2, 0.020))
    grain = sum((noise(rng, s, s) * a for s, a in scales), np.zeros((TEXELS, TEXELS)))
    red = noise(rng, 50, 50) * 0.005 + noise(rng, 12, 12) * 0.005
    picture = skin_rgb(tone) * (1.0 + grain[..., None])
    picture += red[..., None] * np.array([1.0, -0.5, -0.4])
    flush = _flush(points, grid)
    picture = picture * (1.0 - flush[..., None] * np.array([0.02, 0.16, 0.15]))
    jaw = soft_step(-28.0 - grid.height_mm, 36.0) * soft_step(1.25 - np.abs(grid.angle_rad), 0.5)
    picture = picture * (1.0 - 0.07 * (jaw * (1 + 0.4 * noise(rng, 2, 2)))[..., None])
    picture = _sprinkle(picture, grid, rng, tone)
    fold = np.zeros((TEXELS, TEXELS))
    for numbers in ((129, 203, 206, 216), (358, 423, 426, 436)):
        path = texels(points[list(numbers)])
        fold = np.maximum(fold, curve_mask(path, 9.0))
    return np.asarray(picture * (1.0 - 0.07 * fold[..., None]))


def _flush(points: FloatArray, grid: Grid) -> FloatArray:
    """Return where blood shows through: cheeks, nose, chin, around the eyes."""
    spots = [(50, 17, 14, 0.75), (280, 17, 14, 0.75), (4, 9, 9, 0.7), (199, 12, 9, 0.4)]
    spots += [(110, 10, 5, 0.35), (339, 10, 5, 0.35), (27, 13, 5, 0.5), (257, 13, 5, 0.5)]
    total = np.zeros((TEXELS, TEXELS))
    for number, across, along, strength in spots:
        total += strength * grid.spot(points[number], across, along)
    return total


def _sprinkle(picture: FloatArray, grid: Grid, rng: np.random.Generator, tone: float) -> FloatArray:
    """Freckles and small moles."""
    mask = np.zeros((TEXELS, TEXELS))
    column = rng.normal(0.5, 0.13, 420) * TEXELS
    row = rng.normal(0.43, 0.085, 420) * TEXELS
    for x, y, size, dark in zip(
        column, row, rng.uniform(0.7, 2.0, 420), rng.uniform(0.1, 0.4, 420), strict=True
    ):
        at = np.array([x, y])
        stroke(mask, at, at, float(size), float(dark))
    for _ in range(5):
        at = np.array([rng.uniform(0.36, 0.64), rng.uniform(0.3, 0.7)]) * TEXELS
        stroke(mask, at, at, 2.4, 0.8)
    mask *= soft_step(60.0 - grid.height_mm, 30.0)
    return paint(picture, mask * (0.75 - 0.3 * tone), tuple(skin_rgb(tone) * [0.58, 0.46, 0.4]))


def _paint_lips(
    picture: FloatArray, points: FloatArray, rng: np.random.Generator, tone: float
) -> FloatArray:
    columns = np.arange(TEXELS, dtype=np.float64)
    rows = columns[:, None]
    top = band(columns, texels(points[list(anatomy.OUTER_LIP_UPPER)]))
    bottom = band(columns, texels(points[list(anatomy.OUTER_LIP_LOWER)]))
    line = band(columns, texels(points[list(anatomy.INNER_LIP_UPPER)]))
    inside = soft_step(rows - top[None], 5.0) * soft_step(bottom[None] - rows, 6.0)
    inside = np.nan_to_num(inside)
    streaks = 1.0 + 0.035 * noise(rng, 2.5, 18) + 0.03 * noise(rng, 8, 8)
    colour = skin_rgb(tone) * np.array([0.80, 0.55, 0.56])
    lips = np.clip(colour * streaks[..., None], 0, 1)
    mask = (inside * 0.86)[..., None]
    picture = picture * (1 - mask) + lips * mask
    shade = np.nan_to_num(np.exp(-(((rows - line[None]) / 3.2) ** 2)))
    upper = np.nan_to_num(soft_step(line[None] - rows, 6.0)) * inside
    return np.asarray(picture * (1.0 - 0.5 * shade - 0.10 * upper)[..., None])


_CREASE = {
    Side.RIGHT: (247, 30, 29, 27, 28, 56),
    Side.LEFT: (467, 260, 259, 257, 258, 286),
}
_BAG = {
    Side.RIGHT: (226, 31, 228, 229, 230, 231, 232, 233),
    Side.LEFT: (446, 261, 448, 449, 450, 451, 452, 453),
}


def _paint_lids(picture: FloatArray, points: FloatArray, tone: float) -> FloatArray:
    dark = tuple(skin_rgb(tone) * [0.50, 0.38, 0.36])
    for side in SIDES:
        path = points[list(_CREASE[side])] + np.array([0.0, 1.8, 0.0])
        picture = paint(picture, 0.32 * curve_mask(texels(path), 2.6), dark)
        picture = paint(picture, 0.30 * curve_mask(texels(path), 8.0), dark)
        picture = paint(picture, 0.18 * curve_mask(texels(points[list(_BAG[side])]), 5.0), dark)
        upper = curve_mask(texels(points[list(anatomy.UPPER_LID[side])]), 3.0)
        picture = paint(picture, 0.85 * upper, (0.13, 0.09, 0.08))
        lower = curve_mask(texels(points[list(anatomy.LOWER_LID[side])]), 2.2)
        picture = paint(picture, 0.35 * lower, dark)
    return picture


def _paint_brows(
    picture: FloatArray, points: FloatArray, look: FaceLook, rng: np.random.Generator
) -> FloatArray:
    mask = np.zeros((TEXELS, TEXELS))
    for side in SIDES:
        upper = texels(points[list(anatomy.BROW_UPPER[side])])
        lower = texels(points[list(anatomy.BROW_LOWER[side])])
        _brow_hairs(mask, upper, lower, rng)
    hair = np.array(look.hair_rgb) / 255
    colour = np.minimum(hair * 0.72, 0.42)
    soft = ndimage.gaussian_filter(mask, 6.0)
    under = np.clip(mask * 0.8 + 0.45 * soft, 0, 0.92)
    return paint(picture, under, tuple(colour))


def _brow_hairs(
    mask: FloatArray, upper: FloatArray, lower: FloatArray, rng: np.random.Generator
) -> None:
    """Hairs stand upright near the nose and lie outward towards the temple."""
    outward = float(np.sign(upper[0, 0] - upper[-1, 0]))
    knots = np.linspace(0, 1, len(upper))
    for _ in range(520):
        s, t = rng.uniform(0.03, 0.98), rng.beta(1.6, 1.6)
        top = np.array([np.interp(s, knots, upper[:, k]) for k in (0, 1)])
        low = np.array([np.interp(s, knots, lower[:, k]) for k in (0, 1)])
        middle = (top + low) / 2
        root = middle + (t - 0.5) * 0.62 * (low - top) * (0.45 + 0.55 * np.sin(np.pi * s) ** 0.5)
        lean = np.radians(15 + 70 * (1 - s) + rng.normal(0, 9))
        length = rng.uniform(11, 21)
        if t < 0.45:
            lean += 0.25
        tip = root + length * np.array([outward * np.sin(lean), -np.cos(lean)])
        stroke(mask, root, tip, rng.uniform(0.55, 0.8), rng.uniform(0.45, 0.85))


def _paint_hair(
    picture: FloatArray, grid: Grid, look: FaceLook, rng: np.random.Generator
) -> FloatArray:
    line = hairline_mm(grid.angle_rad)
    ragged = noise(rng, 1.6, 40) * 2.6 + noise(rng, 14, 40) * 1.6
    cover = soft_step(grid.height_mm - line - ragged, 7.0)
    streaks = (
        1.0 + 0.15 * noise(rng, 2.2, 220) + 0.12 * noise(rng, 6, 420) + 0.1 * noise(rng, 26, 700)
    )
    hair = np.array(look.hair_rgb) / 255 * np.clip(streaks, 0.35, 1.9)[..., None]
    cover = cover[..., None]
    return np.asarray(picture * (1 - cover) + np.clip(hair, 0, 1) * cover)
