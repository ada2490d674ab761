"""Drawn eyes: pictures of one eye with the rows of both lids' edges, made by rule and by chance.

No photograph is used. What a lid looks like is varied far beyond what faces do (skin, folds,
lashes, make-up, glasses, light), so that a network can hold on to the only thing that stays: the
edge of skin over an eyeball. All eyes are right ones: the outer corner lies left in the picture.

Lengths are pixels of a crop in which the eye is 48 pixels wide, so a millimetre is about 1.7.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

CROP_PX = 64
FINE = 1.5
"""Drawn finer than the crop, so that edges are soft as a lens makes them."""
FINE_PX = int(CROP_PX * FINE)

FILMED_TIMES = 4
"""Crops of each drawing, each by another camera."""

N_COLUMNS = 16
COLUMNS_PX = 4.0 * np.arange(N_COLUMNS) + 2.0
"""Middle of the columns in which the lids' edges are told."""

TALL = 1.25
"""The crop shows the eye so many times taller than it is: a lid's millimetre is more rows."""

EYE_LEFT_PX, EYE_RIGHT_PX, LINE_PX = 8.0, 56.0, 32.0
"""The corners of the eye in the crop, and the row of the line between them."""

CLOSED_SHARE, OPEN_SHARE, HIDDEN_SHARE = 0.17, 0.28, 0.04
SQUINT_SHARE = 0.25
"""Of the open ones: the lower lid is pushed up, as by a smile, over the line of the corners too."""

USUAL_SEED, USUAL_EYES, USUAL_SD_PX = 1, 15_000, 2.5
USUAL_COLUMNS = slice(4, 12)

Array = NDArray[np.float32]
Rng = np.random.Generator

_Y, _X = (np.mgrid[0:FINE_PX, 0:FINE_PX] + 0.5).astype(
    np.float32
) / FINE  # rows, columns in crop pixels
_CURVE_X = np.arange(-8.0, 72.0, 0.5, dtype=np.float32)


@dataclass(frozen=True)
class DrawnEye:
    """A picture and where its lids are.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (64, 64, 3)
        The crop.
    rows_px : ndarray, shape (2, 16)
        Row of the edge of the upper and lower lid in each column; NaN where the column shows
        none of the eye, everywhere when the eye is hidden.
    """

    rgb: NDArray[np.uint8]
    rows_px: Array


@dataclass(frozen=True)
class _Lids:
    """The edges as curves over `_CURVE_X`, and what the drawing needs to know of them."""

    upper: Array
    lower: Array
    upper_open: Array
    openness: float
    raised: float
    start: float
    end: float


def draw_eyes(rng: Rng) -> list[DrawnEye]:
    """Draw one eye and film it `FILMED_TIMES` times."""
    lids = _lids(rng)
    picture = _skin(rng)
    if rng.random() < 0.9:
        _brow(rng, picture, lids)
    _upper_lid(rng, picture, lids)
    _lower_lid(rng, picture, lids)
    _eyeball(rng, picture, lids)
    _lashes(rng, picture, lids)
    _wrinkles(rng, picture, lids)
    hidden = rng.random() < HIDDEN_SHARE
    if hidden:
        _cover(rng, picture)
    if rng.random() < 0.3:
        _glasses(rng, picture)
    return [_filmed(rng, picture, lids, hidden=hidden) for _ in range(FILMED_TIMES)]


@cache
def usual_rows() -> Array:
    """Return how often a row holds a lid's edge over the iris, shape (2, 64); the most often 1.

    A network that was trained on drawn eyes leans towards these rows where it is unsure.
    """
    rng = np.random.default_rng(USUAL_SEED)
    counts = np.zeros((2, CROP_PX), np.float32)
    for _ in range(USUAL_EYES):
        lids = _lids(rng)
        rows = _rows_after(*_crop(rng), lids, hidden=False)[:, USUAL_COLUMNS]
        for i, found in enumerate(rows):
            counts[i] += np.histogram(found[np.isfinite(found)], CROP_PX, (0, CROP_PX))[0]
    smooth = cv2.GaussianBlur(counts, (21, 1), USUAL_SD_PX)
    return smooth / smooth.max(axis=1, keepdims=True)


def _between(rng: Rng, low: float, high: float) -> float:
    return float(rng.uniform(low, high))


def _chance(rng: Rng, share: float) -> bool:
    return bool(rng.random() < share)


def _smooth(rng: Rng, cells: int) -> Array:
    """Return smooth noise over the picture, about -1 to 1."""
    grid = rng.standard_normal((cells, cells)).astype(np.float32)
    return cv2.resize(grid, (FINE_PX, FINE_PX), interpolation=cv2.INTER_CUBIC)


def _at(curve: Array) -> Array:
    """Return a curve at every column of the fine picture, shape (1, 128)."""
    return np.interp(_X[0], _CURVE_X, curve).astype(np.float32)[None]


def _blend(picture: Array, alpha: Array | float, colour: Array) -> None:
    """Lay a colour, or a picture, over the picture."""
    alpha = alpha[..., None] if isinstance(alpha, np.ndarray) else alpha
    picture += alpha * (colour - picture)


# ---------------------------------------------------------------- where the lids are


def _lids(rng: Rng) -> _Lids:
    start, end = EYE_LEFT_PX + rng.normal(0, 1.0), EYE_RIGHT_PX - abs(rng.normal(0, 1.8))
    t = np.clip((_CURVE_X - start) / (end - start), 0.0, 1.0)
    line = LINE_PX + rng.normal(0, 0.8) + rng.normal(0, 1.0) * (t - 0.5)
    high, low = _between(rng, 7.0, 14.5), _between(rng, 2.0, 7.0)
    rise, sag = _bow(rng, t), _bow(rng, t)
    lower_open = line + low * sag
    upper_open = line - high * rise
    which = rng.random()
    if which < CLOSED_SHARE:
        openness = 0.0
    elif which < CLOSED_SHARE + OPEN_SHARE:
        openness = _between(rng, 0.85, 1.15)
    else:
        openness = _between(rng, 0.03, 1.0)
    raised = _between(rng, 0.0, 0.45) * (1.0 - openness) + _between(rng, 0.0, 0.3) * _chance(
        rng, 0.2
    )
    if openness > 0 and _chance(rng, SQUINT_SHARE):
        raised = _between(rng, 0.4, 1.3)
    lower = lower_open - raised * (lower_open - line)
    tilt = rng.normal(0, 0.15) if openness > 0 else 0.0
    part = np.clip(openness * (1.0 + tilt * (2 * t - 1)), 0.0, 1.25)
    dome = 4 * t * (1 - t)
    over = openness > 0 and _chance(rng, 0.3)
    bump = rng.normal(0, 0.8) * dome * np.sin(2 * np.pi * (t + rng.random())) if over else 0.0
    upper = lower + part * (upper_open - lower) + np.minimum(part, 1.0) * bump
    upper = np.minimum(upper, lower)
    return _Lids(
        upper.astype(np.float32),
        lower.astype(np.float32),
        upper_open.astype(np.float32),
        openness,
        raised,
        start,
        end,
    )


def _bow(rng: Rng, t: Array) -> Array:
    """Return the bow of a lid from corner to corner, its top 1."""
    p, q = _between(rng, 0.5, 1.1), _between(rng, 0.5, 1.1)
    bow = t**p * (1 - t) ** q
    return bow / bow.max()


# ---------------------------------------------------------------- what lies about the eye


def _skin(rng: Rng) -> Array:
    level = _between(rng, 0.08, 0.8)
    tone = np.array(
        [1.0, (green := _between(rng, 0.64, 0.9)), green * _between(rng, 0.72, 1.0)],
        dtype=np.float32,
    )
    picture = np.empty((FINE_PX, FINE_PX, 3), np.float32)
    picture[:] = level * tone
    shade = np.zeros(picture.shape[:2], np.float32)
    for cells, size in ((3, 0.14), (6, 0.08), (14, 0.04), (40, 0.03), (100, 0.03)):
        shade += _between(rng, 0.0, size) * _smooth(rng, cells)
    for x, y, wide in ((57, 24, 7), (32, 44, 14), (20, 16, 14), (8, 30, 9), (32, 20, 16)):
        spot = (_X - x - rng.normal(0, 3)) ** 2 + ((_Y - y - rng.normal(0, 3)) * 1.3) ** 2
        shade += rng.normal(-0.03, 0.14) * np.exp(
            -spot / (2 * (wide * _between(rng, 0.6, 1.4)) ** 2)
        )
    picture *= (1.0 + shade)[..., None]
    hue = _smooth(rng, 4)[..., None] * rng.normal(0, 0.04, 3).astype(np.float32)
    picture *= 1.0 + hue
    if _chance(rng, 0.1):  # freckles, moles
        for _ in range(int(rng.integers(1, 12))):
            spot = (_X - _between(rng, 0, 64)) ** 2 + (_Y - _between(rng, 0, 64)) ** 2
            size = _between(rng, 0.3, 1.2)
            picture *= (1 - _between(rng, 0.1, 0.5) * np.exp(-spot / (2 * size**2)))[..., None]
    return picture


def _brow(rng: Rng, picture: Array, lids: _Lids) -> None:
    t = (_X - lids.start) / (lids.end - lids.start)
    middle = LINE_PX - _between(rng, 15, 31) - _between(rng, -2, 4) * np.sin(np.pi * t)
    middle = middle + rng.normal(0, 3) * (t - 0.5)
    thick = _between(rng, 1.5, 4.5) * np.clip(0.5 + 0.8 * t, 0.3, 1.2)
    body = np.exp(-(((_Y - middle) / thick) ** 2)) * np.clip(1.8 * t + 0.6, 0, 1)
    hair = np.clip(0.8 + 0.5 * _smooth(rng, 50), 0, 1.3)
    dark = picture.mean() * _between(rng, 0.1, 0.9) * rng.uniform(0.6, 1.1, 3).astype(np.float32)
    _blend(picture, np.clip(body * hair * _between(rng, 0.1, 1.0), 0, 1), dark)


def _upper_lid(rng: Rng, picture: Array, lids: _Lids) -> None:
    """Fold, the skin between fold and edge, make-up, bulge of the eyeball."""
    travel = lids.upper - lids.upper_open
    follows = _between(rng, 0.1, 0.6)
    apart = _between(rng, -1.0, 11.0)
    bow = _bow(rng, np.clip((_CURVE_X - lids.start) / (lids.end - lids.start), 0, 1))
    fold = lids.upper_open + follows * travel - apart * (0.4 + 0.6 * bow)
    fold = np.minimum(fold + rng.normal(0, 1) * bow, lids.upper - _between(rng, 0.0, 1.2))
    edge, fold_at = _at(lids.upper), _at(fold)
    inside = _soft(_Y - fold_at, 1.0) * _soft(edge - _Y, 0.7) * _soft(_X - lids.start + 2, 2.0)
    inside = inside * _soft(lids.end + 2 - _X, 2.0)
    wide = np.maximum(edge - fold_at, 1.0)
    up = np.clip((edge - _Y) / wide, 0, 1)  # 0 at the edge, 1 at the fold
    shade = _between(rng, -0.15, 0.3) * np.exp(-(((up - _between(rng, 0.2, 0.7)) / 0.35) ** 2))
    shade -= _between(rng, 0.0, 0.3) * np.clip(up - 0.6, 0, 1)
    picture *= (1 + inside * shade)[..., None]
    if _chance(rng, 0.3):  # make-up, or redder skin
        colour = (
            picture.mean(axis=(0, 1))
            * _between(rng, 0.4, 1.2)
            * rng.uniform(0.8, 1.15, 3).astype(np.float32)
        )
        reach = np.clip(1.2 - up * _between(rng, 0.2, 1.2), 0, 1)
        _blend(picture, inside * reach * _between(rng, 0.1, 0.8), colour)
    bulge = np.exp(
        -((_X - _between(rng, 24, 40)) ** 2) / _between(rng, 80, 350)
        - ((_Y - edge + _between(rng, 2, 9)) ** 2) / _between(rng, 8, 60)
    )
    picture *= (1 + _between(rng, -0.05, 0.35) * inside * bulge)[..., None]
    line = np.exp(-(((_Y - fold_at) / _between(rng, 0.4, 1.6)) ** 2))
    faint = _between(rng, 0.0, 0.6) * (0.35 + 0.65 * min(lids.openness, 1.0))
    line *= np.clip(0.7 + 0.5 * _smooth(rng, 5), 0, 1) * _soft(_X - lids.start, 3.0)
    picture *= (1 - faint * line * _soft(lids.end + 4 - _X, 4.0))[..., None]
    if _chance(rng, 0.4):  # further folds above and in the lid
        for _ in range(int(rng.integers(1, 4))):
            away = _between(rng, -4, 7)
            one = np.exp(-(((_Y - fold_at + away) / _between(rng, 0.3, 1.2)) ** 2))
            picture *= (1 - _between(rng, -0.08, 0.2) * one * (edge - 0.5 > _Y))[..., None]
    if _chance(rng, 0.5):  # shadow or light of the brow's ridge
        above = _soft(fold_at - _Y, 2.5)
        picture *= (1 + rng.normal(0, 0.12) * above)[..., None]


def _lower_lid(rng: Rng, picture: Array, lids: _Lids) -> None:
    edge = _at(lids.lower)
    under = _Y - edge
    along = _soft(_X - lids.start - 2, 2.0) * _soft(lids.end - 1 - _X, 2.0)
    if _chance(rng, 0.75):  # the wet edge
        wide = _between(rng, 0.4, 1.8)
        colour = picture.mean(axis=(0, 1)) * rng.uniform(0.85, 1.5, 3).astype(np.float32)
        seen = np.exp(-(((under - wide / 2) / (wide / 2 + 0.2)) ** 2)) * along
        _blend(picture, seen * _between(rng, 0.1, 0.8) * min(0.3 + lids.openness, 1.0), colour)
    if _chance(rng, 0.4):  # lashes, liner, or the lid's own shade: the dark goes on below the edge
        thick = _between(rng, 0.4, 2.2)
        dark = np.where(under > 0, np.exp(-((under / thick) ** 2)), np.exp(-((under / 0.5) ** 2)))
        dark *= along * np.clip(0.8 + 0.5 * _smooth(rng, 9), 0, 1.2)
        ink = picture.mean() * _between(rng, 0.05, 0.7) * rng.uniform(0.7, 1.2, 3)
        _blend(picture, np.clip(dark, 0, 1) * _between(rng, 0.1, 0.8), ink.astype(np.float32))
    if lids.raised > 0.4:  # the roll of muscle under a lid that is pushed up, and its creases
        away, thick = _between(rng, 2, 6), _between(rng, 1.5, 4)
        roll = np.exp(-(((under - away) / thick) ** 2)) * along * (under > 0)
        picture *= (1 + _between(rng, 0.0, 0.4) * roll)[..., None]
        for _ in range(int(rng.integers(0, 4))):
            curve = under - away - _between(rng, 1.5, 8) * (0.6 + 0.4 * ((_X - 32) / 24) ** 2)
            line = np.exp(-((curve / _between(rng, 0.4, 1.6)) ** 2)) * along
            picture *= (1 - _between(rng, 0.05, 0.45) * line)[..., None]
    for _ in range(int(rng.integers(0, 4))):  # bag, trough, fine lines
        away = _between(rng, 2, 16)
        curve = under - away * (1 + 0.4 * ((_X - 32) / 24) ** 2 * rng.normal(0, 1))
        line = np.exp(-((curve / _between(rng, 0.4, 3.0)) ** 2)) * along
        picture *= (1 + rng.normal(-0.06, 0.1) * line)[..., None]
    puff = np.exp(-(((under - _between(rng, 2, 6)) / _between(rng, 1.5, 4)) ** 2)) * along
    picture *= (1 + _between(rng, -0.1, 0.2) * puff * (under > 0))[..., None]


def _soft(distance: Array, width: float) -> Array:
    """Return 0 to 1 over ``width`` pixels about a distance of 0."""
    return np.clip(distance / width + 0.5, 0.0, 1.0)


# ---------------------------------------------------------------- the eyeball


def _eyeball(rng: Rng, picture: Array, lids: _Lids) -> None:
    upper, lower = _at(lids.upper), _at(lids.lower)
    seen = np.clip(np.minimum(_Y - upper, lower - _Y) * FINE * 0.7 + 0.5, 0, 1)
    seen *= (lower - upper) > 0.05
    if seen.max() <= 0:
        return
    skin = float(picture.mean())
    white = np.clip(skin * _between(rng, 0.7, 2.0), 0.1, 1.0)
    ball = np.empty_like(picture)
    ball[:] = white * (1 + rng.normal(0, 0.05, 3).astype(np.float32))
    if _chance(rng, 0.35):  # a white that is hardly lighter than the skin, nor of another colour
        tone = picture.mean(axis=(0, 1)) * _between(rng, 0.8, 1.3)
        ball += _between(rng, 0.3, 1.0) * (tone - ball)
    round_ = ((_X - 32) / 26) ** 2
    ball *= (1 - _between(rng, 0.0, 0.5) * round_ + 0.06 * _between(rng, 0, 1) * _smooth(rng, 12))[
        ..., None
    ]
    red = np.exp(-(((_X - lids.end) / _between(rng, 2, 5)) ** 2))
    flesh = np.array([1.0, 0.62, 0.55], np.float32) * skin * _between(rng, 0.8, 1.4)
    _blend(ball, red * _between(rng, 0.2, 1.0), flesh)
    _iris(rng, ball, lids, white)
    under_lid = np.exp(-np.maximum(_Y - upper, 0) / _between(rng, 0.8, 4.5))
    ball *= (1 - _between(rng, 0.0, 0.65) * under_lid)[..., None]
    if _chance(rng, 0.2):  # an eye in the shade of its lids and lashes
        shaded = np.exp(-np.maximum(_Y - upper, 0) / _between(rng, 3.0, 9.0))
        ball *= (1 - _between(rng, 0.3, 0.8) * shaded)[..., None]
    if _chance(rng, 0.5):  # tears: a bright line on the lower edge
        wet = np.exp(-(((lower - _Y - 0.4) / 0.5) ** 2))
        ball += (_between(rng, 0, 0.35) * wet * np.clip(_smooth(rng, 16), 0, 1))[..., None]
    _blend(picture, seen, ball)


def _iris(rng: Rng, ball: Array, lids: _Lids, white: float) -> None:
    radius = _between(rng, 8.3, 11.2)
    x = 32 + rng.normal(0, 4.5) if _chance(rng, 0.8) else _between(rng, 14, 50)
    y = LINE_PX - _between(rng, -1.0, 4.0) + rng.normal(0, 2.0)
    if lids.openness < 0.5 and _chance(rng, 0.3):  # the eye turns up as it closes, or looks down
        y += _between(rng, -9, 7)
    squash = _between(rng, 0.9, 1.1)
    r = np.hypot((_X - x) * squash, _Y - y)
    dark = _chance(rng, 0.55)
    value = white * (_between(rng, 0.05, 0.35) if dark else _between(rng, 0.3, 0.85))
    colour = value * rng.uniform(0.55, 1.25, 3).astype(np.float32)
    body = np.empty_like(ball)
    angle = np.arctan2(_Y - y, _X - x)
    spokes = np.sin(angle * int(rng.integers(9, 40)) + _between(rng, 0, 6)) * _between(rng, 0, 0.12)
    body[:] = colour
    body *= (1 + spokes + _between(rng, -0.3, 0.4) * (_Y - y) / radius)[..., None]
    ring = np.exp(-(((r - radius) / _between(rng, 0.6, 2.2)) ** 2))
    body *= (1 - _between(rng, 0, 0.6) * ring)[..., None]
    pupil = np.clip((radius * _between(rng, 0.25, 0.62) - r) * 2 + 0.5, 0, 1)
    _blend(body, pupil, np.float32(value * _between(rng, 0.02, 0.4)) * np.ones(3, np.float32))
    _blend(ball, np.clip((radius - r) / _between(rng, 0.6, 2.0) + 0.5, 0, 1), body)
    for _ in range(int(rng.integers(0, 4))):  # reflections of lamps and windows
        gx, gy = x + rng.normal(0, 4), y + rng.normal(-2, 4)
        wide, high = _between(rng, 0.4, 2.6), _between(rng, 0.4, 2.6)
        if _chance(rng, 0.4):
            spot = _soft(wide - abs(_X - gx), 0.6) * _soft(high - abs(_Y - gy), 0.6)
        else:
            spot = np.exp(-(((_X - gx) / wide) ** 2) - ((_Y - gy) / high) ** 2)
        _blend(ball, spot * _between(rng, 0.2, 1.0), np.float32(_between(rng, 0.7, 1.0)))


# ---------------------------------------------------------------- lashes


def _lashes(rng: Rng, picture: Array, lids: _Lids) -> None:
    look = rng.random()
    strength = (
        0.0 if look < 0.12 else _between(rng, 0.1, 0.5) if look < 0.45 else _between(rng, 0.5, 1)
    )
    ink = picture.mean() * rng.uniform(0.02, 0.5) * rng.uniform(0.7, 1.2, 3).astype(np.float32)
    edge = _at(lids.upper)
    along = _soft(_X - lids.start + 1, 2.0) * _soft(lids.end - 1 - _X, 4.0)
    closed = lids.openness < 0.02
    thick = _between(rng, 0.3, 1.4)
    if _chance(rng, 0.15):
        thick = _between(rng, 1.4, 3.5)  # liner, false lashes
    uneven = np.clip(0.85 + 0.4 * _smooth(rng, 9), 0, 1.2)
    up = edge - _Y + _between(rng, 0.0, 0.6)
    base = np.where(up > 0, np.exp(-((up / thick) ** 2)), np.exp(-((up / 0.45) ** 2)))
    _blend(picture, np.clip(base * along * uneven, 0, 1) * strength * _between(rng, 0.3, 1.0), ink)
    down = _between(rng, 0.0, 1.0) if lids.openness < 0.45 else _between(rng, 0.0, 0.35)
    down = _between(rng, 0.55, 1.0) if closed else down
    if (closed or lids.openness < 0.3) and _chance(rng, 0.6):
        # Shut lids show a band: the lashes of both lids lie over each other and point down.
        deep = _between(rng, 0.6, 5.0)
        below = _Y - edge
        band = _soft(below + 0.4, 0.9) * np.clip(1 - below / deep, 0, 1) ** _between(rng, 0.4, 1.5)
        clumps = np.clip(0.7 + _between(rng, 0, 0.8) * _smooth(rng, 24), 0, 1.2)
        _blend(
            picture, np.clip(band * along * clumps, 0, 1) * strength * _between(rng, 0.2, 0.9), ink
        )
    elif closed and strength < 0.3:
        crease = np.exp(-(((_Y - edge) / _between(rng, 0.4, 1.8)) ** 2)) * along
        picture *= (1 - _between(rng, 0.0, 0.5) * crease)[..., None]
    if lids.openness < 0.15 and _chance(rng, 0.4):  # the shade under lids that are shut
        below = (_Y - edge - _between(rng, -0.5, 2.0)) / _between(rng, 1.0, 4.0)
        picture *= (1 - _between(rng, 0.1, 0.6) * np.exp(-(below**2)) * along)[..., None]
    n = int(rng.integers(6, 34)) if _chance(rng, 0.75) else 0
    hairs = np.zeros(picture.shape[:2], np.uint8)
    _draw_hairs(rng, hairs, lids, lids.upper, n, down)
    if _chance(rng, 0.5):
        _draw_hairs(rng, hairs, lids, lids.lower, int(rng.integers(4, 16)), 1.0, short=0.5)
    if hairs.any():
        veil = cv2.GaussianBlur(hairs, (0, 0), _between(rng, 0.5, 1.2)).astype(np.float32) / 255
        _blend(picture, np.clip(veil * _between(rng, 0.6, 1.4), 0, 1) * strength, ink)


def _draw_hairs(
    rng: Rng,
    canvas: NDArray[np.uint8],
    lids: _Lids,
    edge: Array,
    n: int,
    down: float,
    short: float = 1.0,
) -> None:
    """Draw hairs from an edge; ``down`` 0 points up, 1 down."""
    length = _between(rng, 2.0, 8.0) * short
    spread = _between(rng, 0.2, 1.1)
    s = np.linspace(0, 1, 5)
    for x in rng.uniform(lids.start + 1, lids.end - 5, n):
        y = float(np.interp(x, _CURVE_X, edge))
        lean = spread * (x - 34) / 20 + rng.normal(0, 0.15)
        rise = (1 - 2 * down) + rng.normal(0, 0.15)
        size = length * _between(rng, 0.5, 1.1)
        bend = _between(rng, 0.0, 0.8) * (1 - down)
        xs = x + size * s * lean
        ys = y - size * s * rise - bend * size * s**2 * 0.5 + (1 - down) * (1 - s) * s * size * 0.5
        points = (np.stack([xs, ys], axis=1) * FINE * 8).astype(np.int32)
        cv2.polylines(canvas, [points], isClosed=False, color=255, lineType=cv2.LINE_AA, shift=3)


def _wrinkles(rng: Rng, picture: Array, lids: _Lids) -> None:
    canvas = np.zeros(picture.shape[:2], np.uint8)
    for _ in range(int(rng.integers(0, 7))):
        if _chance(rng, 0.6):
            x0, y0 = lids.start + rng.normal(0, 1), LINE_PX + rng.normal(0, 4)
            x1, y1 = x0 - _between(rng, 4, 14), y0 + rng.normal(0, 6)
        else:
            x0, y0 = _between(rng, 8, 56), LINE_PX + _between(rng, 8, 26)
            x1, y1 = x0 + rng.normal(0, 14), y0 + rng.normal(0, 4)
        ends = (np.array([[x0, y0], [x1, y1]]) * FINE * 8).astype(np.int32)
        cv2.line(canvas, tuple(ends[0]), tuple(ends[1]), 255, 1, cv2.LINE_AA, 3)
    if canvas.any():
        soft = cv2.GaussianBlur(canvas, (0, 0), _between(rng, 0.6, 2.0)).astype(np.float32) / 255
        picture *= (1 - _between(rng, 0.1, 0.9) * soft)[..., None]


# ---------------------------------------------------------------- what comes between


def _cover(rng: Rng, picture: Array) -> None:
    """Hide the eye: patch, tape, hand, hair, dark glass."""
    colour = rng.uniform(0.02, 0.95) * rng.uniform(0.6, 1.0, 3).astype(np.float32)
    cloth = np.empty_like(picture)
    cloth[:] = colour
    for cells in (3, 8, 30, 90):
        cloth *= (1 + _between(rng, 0, 0.12) * _smooth(rng, cells))[..., None]
    if _chance(rng, 0.4):
        wave = np.sin((_X * rng.normal() + _Y * rng.normal()) * _between(rng, 0.3, 3))
        cloth *= (1 + _between(rng, 0, 0.25) * wave)[..., None]
    shape = np.hypot((_X - 32) / _between(rng, 27, 60), (_Y - 32) / _between(rng, 16, 50))
    _blend(picture, _soft(1.0 - shape, _between(rng, 0.02, 0.2)), cloth)


def _glasses(rng: Rng, picture: Array) -> None:
    tint = rng.uniform(0.6, 1.05) * rng.uniform(0.9, 1.05, 3).astype(np.float32)
    picture *= tint
    colour = _between(rng, 0.0, 0.8) * rng.uniform(0.6, 1.0, 3).astype(np.float32)
    wide, tall = _between(rng, 26, 46), _between(rng, 13, 34)
    x, y = 32 + rng.normal(0, 6), LINE_PX + rng.normal(2, 5)
    power = _between(rng, 1.6, 6.0)
    rim = (np.abs((_X - x) / wide) ** power + np.abs((_Y - y) / tall) ** power) ** (1 / power)
    thick = _between(rng, 0.5, 3.0)
    frame = np.clip((thick - np.abs(rim - 1) * min(wide, tall)) / 0.8 + 0.5, 0, 1)
    if _chance(rng, 0.85):
        _blend(picture, frame * _between(rng, 0.4, 1.0), colour)
    lens = (rim < 1).astype(np.float32)
    if _chance(rng, 0.35):  # a veil of light over the whole lens
        veil = lens * np.clip(0.6 + 0.6 * _smooth(rng, 3), 0, 1)
        haze = np.float32(_between(rng, 0.3, 1.0)) * rng.uniform(0.8, 1.0, 3).astype(np.float32)
        _blend(picture, veil * _between(rng, 0.05, 0.5), haze)
    for _ in range(int(rng.integers(0, 4))):
        cx, cy, turn = _between(rng, 4, 60), _between(rng, 14, 52), _between(rng, 0, np.pi)
        along = (_X - cx) * np.cos(turn) + (_Y - cy) * np.sin(turn)
        across = -(_X - cx) * np.sin(turn) + (_Y - cy) * np.cos(turn)
        long, narrow, soft = _between(rng, 2, 20), _between(rng, 0.7, 7), _between(rng, 0.5, 5)
        glare = _soft(long - abs(along), soft) * _soft(narrow - abs(across), soft) * lens
        light = np.float32(_between(rng, 0.5, 1.0)) * rng.uniform(0.8, 1.0, 3).astype(np.float32)
        _blend(picture, glare * _between(rng, 0.1, 0.9), light)


def _light(rng: Rng, picture: Array) -> None:
    turn = _between(rng, 0, 2 * np.pi)
    toward = ((_X - 32) * np.cos(turn) + (_Y - 32) * np.sin(turn)) / 32
    picture *= np.exp(rng.normal(0, 0.35) * toward)[..., None]
    if _chance(rng, 0.2):
        edge = toward + _between(rng, -0.6, 0.6) + 0.1 * _smooth(rng, 4)
        picture *= (1 - _between(rng, 0, 0.6) * _soft(edge, _between(rng, 0.05, 0.8)))[..., None]
    if _chance(rng, 0.3):  # shine on skin
        spot = (_X - _between(rng, 0, 64)) ** 2 + ((_Y - _between(rng, 0, 64)) * 2) ** 2
        picture += (_between(rng, 0, 0.3) * np.exp(-spot / _between(rng, 8, 200)))[..., None]
    wide = 0.2 if _chance(rng, 0.2) else 0.06
    picture *= rng.uniform(1 - wide, 1 + wide, 3).astype(np.float32)


# ---------------------------------------------------------------- the camera


def _filmed(rng: Rng, picture: Array, lids: _Lids, *, hidden: bool) -> DrawnEye:
    """Cut the crop as a tracker would, through a camera and a codec."""
    picture = picture.copy()
    _light(rng, picture)
    matrix, shift = _crop(rng)
    rows = _rows_after(matrix, shift, lids, hidden=hidden)
    exposure = _between(rng, 0.25, 0.75) / max(float(picture.mean()), 1e-3)
    picture = np.clip(picture * exposure, 0, None)
    picture = np.clip(picture, 0, 1) ** _between(rng, 0.75, 1.4)
    source = int(np.clip(64 * np.exp(_between(rng, np.log(0.42), np.log(1.7))), 26, 108))
    scale = source / CROP_PX
    warp = np.column_stack([matrix * scale / FINE, shift * scale])
    warp[:, 2] += warp[:, :2] @ np.array([0.5, 0.5]) - 0.5
    if source < 1.4 * CROP_PX:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.4 * FINE / scale)
    picture = cv2.warpAffine(
        picture, warp, (source, source), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    picture = _sensor(rng, picture)
    flags = cv2.INTER_AREA if source > 1.3 * CROP_PX else cv2.INTER_LINEAR
    return DrawnEye(cv2.resize(picture, (CROP_PX, CROP_PX), interpolation=flags), rows)


def _crop(rng: Rng) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the way from the drawing to a crop: a matrix and a shift, in crop pixels."""
    turn = np.deg2rad(rng.normal(0, 3.0))
    zoom = _between(rng, 0.9, 1.12)
    tall = zoom * TALL * (_between(rng, 0.8, 1.25) if _chance(rng, 0.4) else 1.0)
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = np.array([[zoom * cos, -zoom * sin], [tall * sin, tall * cos]])
    shift = np.array([32.0, 32.0]) + rng.normal(0, 1.6, 2) - matrix @ np.array([32.0, 32.0])
    return matrix, shift


def _sensor(rng: Rng, picture: Array) -> NDArray[np.uint8]:
    if _chance(rng, 0.35):
        picture = cv2.GaussianBlur(picture, (0, 0), _between(rng, 0.3, 0.04 * len(picture)))
    if _chance(rng, 0.15):
        size = int(rng.integers(2, 6))
        kernel = np.zeros((size, size), np.float32)
        kernel[size // 2] = 1.0 / size
        picture = cv2.filter2D(picture, -1, kernel if _chance(rng, 0.5) else kernel.T)
    if _chance(rng, 0.2):  # little contrast
        low = _between(rng, 0.35, 0.9)
        picture = picture.mean() + low * (picture - picture.mean())
    if _chance(rng, 0.1):
        picture = np.repeat(picture.mean(axis=2, keepdims=True), 3, axis=2)
    noise = abs(rng.normal(0, 3.5)) / 255
    grain = rng.standard_normal(picture.shape[:2]).astype(np.float32)[..., None]
    picture = picture + noise * grain
    if _chance(rng, 0.5):
        picture = picture + noise * 0.6 * rng.standard_normal(picture.shape).astype(np.float32)
    out = (np.clip(picture, 0, 1) * 255).astype(np.uint8)
    if _chance(rng, 0.2):
        out = cv2.bilateralFilter(out, 5, _between(rng, 10, 60), _between(rng, 1, 4))
    if _chance(rng, 0.25):  # sharpening, as phones do it
        soft = cv2.GaussianBlur(out, (0, 0), 1.2)
        out = cv2.addWeighted(out, 1 + (more := _between(rng, 0.2, 1.5)), soft, -more, 0)
    if _chance(rng, 0.75):
        quality = int(rng.integers(15, 95))
        code = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        out = cv2.imdecode(code, cv2.IMREAD_COLOR)
    return out


def _rows_after(
    matrix: NDArray[np.float64], shift: NDArray[np.float64], lids: _Lids, *, hidden: bool
) -> Array:
    rows = np.full((2, N_COLUMNS), np.nan, np.float32)
    if hidden:
        return rows
    inside = (lids.start <= _CURVE_X) & (lids.end >= _CURVE_X)
    for i, curve in enumerate((lids.upper, lids.lower)):
        x, y = matrix @ np.stack([_CURVE_X, curve])[:, inside] + shift[:, None]
        seen = (x[0] + 1.5 <= COLUMNS_PX) & (x[-1] - 1.5 >= COLUMNS_PX)
        rows[i, seen] = np.interp(COLUMNS_PX[seen], x, y)
    rows[(rows < 0) | (rows > CROP_PX)] = np.nan
    return rows
