"""Parts of faces, drawn: what `fit_seen.py` learns from instead of photographs.

Each function draws one part as it lies in its crop of `facewire.landmarks.seen`, with everything
about it left to chance: light, skin, shape, contrast, hair, glasses, reflections. Coordinates are
sides of the crop from its middle, x from the outer side of the face inwards, y down.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Float32 = NDArray[np.float32]
Random = np.random.Generator

DRAWN_PX = 64
CROP_PX = 32
Y, X = np.mgrid[-0.5 : 0.5 : DRAWN_PX * 1j, -0.5 : 0.5 : DRAWN_PX * 1j]


@dataclass
class Drawing:
    """A picture in the making."""

    rng: Random
    picture: FloatArray
    skin: float

    @classmethod
    def skin_alone(cls, rng: Random) -> Drawing:
        """Begin with unevenly lit skin."""
        skin = rng.uniform(60, 200)
        tilt = rng.normal(0, 0.25, 2)
        picture = skin * (1 + tilt[0] * X + tilt[1] * Y + rng.normal(0, 0.15) * X * Y)
        for blur_px, most in ((3, 0.03), (10, 0.05)):
            picture = picture * (1 + rng.uniform(0, most) * grain(rng, blur_px))
        return cls(rng, picture, skin)

    def chance(self, share: float) -> bool:
        """Return true in this share of the cases."""
        return bool(self.rng.random() < share)

    def line(
        self, away: FloatArray, width: float, depth: float, where: FloatArray | float = 1.0
    ) -> None:
        """Darken along a line that is ``away`` from each pixel."""
        self.picture = self.picture * (1 - depth * where * np.exp(-((away / width) ** 2)))

    def fill(self, mask: FloatArray, value: FloatArray | float) -> None:
        """Replace what lies under a mask."""
        self.picture = self.picture * (1 - mask) + value * mask

    def beard(self, where: FloatArray) -> None:
        """Put a beard there, in some."""
        if self.chance(0.4):
            hairs = np.clip(0.8 + 0.4 * grain(self.rng, self.rng.uniform(0.6, 2)), 0, 1.6)
            self.picture = self.picture * (1 - where * self.rng.uniform(0.1, 0.6) * hairs)


def grain(rng: Random, blur_px: float) -> FloatArray:
    """Return blurred noise of deviation 1."""
    noise = cv2.GaussianBlur(rng.normal(0, 1, (DRAWN_PX, DRAWN_PX)), (0, 0), blur_px)
    grained: FloatArray = noise / noise.std()
    return grained


def inside(away: FloatArray, softness: float) -> FloatArray:
    """Return 1 where a distance is positive, 0 where negative, softly."""
    soft: FloatArray = 1 / (1 + np.exp(-np.clip(away / softness, -30, 30)))
    return soft


def eye(rng: Random) -> FloatArray:
    """An eye: lids, eyeball, lashes, fold, at times glasses; a tenth are nearly closed."""
    d = Drawing.skin_alone(rng)
    width = rng.uniform(0.88, 1.08) / 1.5
    x, y = X - rng.normal(0, 0.015), Y - rng.normal(0, 0.02) - rng.normal(0, 0.06) * X
    t = x / (width / 2)
    opening = rng.uniform(0.12, 0.42) if d.chance(0.9) else rng.uniform(0, 0.1)
    arch = np.clip(1 - np.abs(t + rng.normal(0, 0.1)) ** rng.uniform(1.6, 2.6), 0, None)
    upper = -width * opening * rng.uniform(0.5, 0.75) * arch ** rng.uniform(0.5, 0.9)
    lower = width * opening * rng.uniform(0.25, 0.5) * arch ** rng.uniform(0.6, 1)
    soft = rng.uniform(0.006, 0.015)
    mask = inside(y - upper, soft) * inside(lower - y, soft) * (np.abs(t) < 1.02)
    d.fill(mask, _eyeball(d, x, y, t, upper, width))
    on = np.clip(1.08 - np.abs(t), 0, 0.15) / 0.15
    d.line(y - upper, rng.uniform(0.008, 0.035), rng.uniform(0.15, 0.85), on)
    d.line(y - lower, rng.uniform(0.006, 0.02), rng.uniform(0, 0.45), on)
    fold = rng.uniform(0.04, 0.16) * width
    bent = y - upper + fold * np.sqrt(np.clip(1 - 0.5 * t**2, 0, 1))
    d.line(bent, rng.uniform(0.008, 0.03), rng.uniform(0, 0.5), on)
    bag = y - lower - rng.uniform(0.08, 0.2) * width
    d.line(bag, rng.uniform(0.015, 0.05), rng.uniform(0, 0.2), on)
    d.line(y - upper + fold / 2, 0.12 * width, rng.uniform(0, 0.35), on)
    brow = y + rng.uniform(0.3, 0.6) - 0.15 * x * rng.normal(0, 1) - 0.05 * t**2
    d.line(brow, rng.uniform(0.03, 0.08), rng.uniform(0, 0.6))
    if d.chance(0.35):
        _glasses(d)
    return d.picture


def _eyeball(
    d: Drawing, x: FloatArray, y: FloatArray, t: FloatArray, upper: FloatArray, width: float
) -> FloatArray:
    rng = d.rng
    white = d.skin * rng.uniform(0.75, 1.5) + rng.uniform(-5, 25)
    ball = white * (1 - 0.35 * rng.random() * t**2)
    middle = rng.normal(0, 0.08) * width, rng.normal(-0.02, 0.03) * width
    radius = width * rng.uniform(0.17, 0.24)
    away = np.hypot(x - middle[0], y - middle[1])
    iris = rng.uniform(15, min(0.8 * white, 120))
    ball = ball + (iris - ball) * inside(radius - away, 0.01)
    pupil = rng.uniform(5, 0.7 * iris + 5)
    ball = ball + (pupil - ball) * inside(radius * rng.uniform(0.3, 0.5) - away, 0.01)
    if d.chance(0.7):
        glint = middle[0] + rng.normal(0, 0.06) * width, middle[1] - rng.uniform(-0.03, 0.1) * width
        near = rng.uniform(0.015, 0.05) * width - np.hypot(x - glint[0], y - glint[1])
        ball = ball + (rng.uniform(180, 255) - ball) * inside(near, 0.008)
    shade: FloatArray = np.exp(-(((y - upper) / (0.06 * width)) ** 2))
    return ball * (1 - rng.uniform(0.1, 0.5) * shade)


def _glasses(d: Drawing) -> None:
    rng = d.rng
    for _ in range(int(rng.integers(1, 3))):
        at = float(rng.choice([-1, 1]) * rng.uniform(0.3, 0.5))
        frame = Y - at - rng.normal(0, 0.1) * X + 0.3 * X**2 * np.sign(at)
        d.line(frame, rng.uniform(0.01, 0.04), rng.uniform(0.2, 0.9))
    if d.chance(0.6):
        spot, size = rng.uniform(-0.35, 0.35, 2), rng.uniform(0.03, 0.14, 2)
        shape = ((X - spot[0]) / size[0]) ** 2 + ((Y - spot[1]) / size[1]) ** 2
        d.picture = d.picture + rng.uniform(20, 110) * np.exp(-shape)


def brow(rng: Random) -> FloatArray:
    """A brow, the shade below it, at times the eye's fold or glasses."""
    d = Drawing.skin_alone(rng)
    y = Y - rng.normal(0.06, 0.035) - rng.normal(0, 0.1) * X - rng.uniform(0, 0.5) * X**2
    thick = rng.uniform(0.04, 0.11) * (1 + rng.uniform(-0.2, 0.9) * X)
    ends = inside(X + rng.uniform(0.3, 0.8), 0.04) * inside(rng.uniform(0.35, 0.8) - X, 0.05)
    mask = inside(thick - np.abs(y), rng.uniform(0.01, 0.03)) * ends
    hairs = np.clip(1 + 0.25 * grain(rng, rng.uniform(0.6, 1.5)), 0.3, 1.4)
    d.picture = d.picture * (1 - mask * rng.uniform(0.12, 0.75) * hairs)
    d.picture = d.picture * (1 - rng.uniform(0, 0.35) * inside(y - thick - 0.05, 0.06))
    if d.chance(0.7):
        lid = Y - rng.uniform(0.33, 0.6) - 0.2 * X**2
        d.line(lid, rng.uniform(0.02, 0.06), rng.uniform(0, 0.8))
    if d.chance(0.3):
        frame = Y - rng.uniform(0.15, 0.5) - 0.2 * X * rng.normal()
        d.line(frame, rng.uniform(0.01, 0.04), rng.uniform(0.2, 0.9))
    return d.picture


def mouth(rng: Random) -> FloatArray:
    """Half a mouth, its corner on the outer side."""
    d = Drawing.skin_alone(rng)
    half = 0.62 * rng.uniform(0.88, 1.12)
    x, y = X + 0.28 - rng.normal(0, 0.025), Y - rng.normal(0, 0.035)
    d.beard(inside(np.abs(y) - rng.uniform(0.05, 0.2), 0.045))
    t = x / half
    t = np.where(t > 1, 2 - t, t)
    along = np.clip(t, 0, 1)
    meet = rng.normal(-0.02, 0.1) * half * (1 - (1 - along) ** 2)
    meet = meet + rng.normal(0, 0.02) * half * np.sin(np.pi * along)
    gap = max(0.0, rng.normal(0, 0.16)) * half if d.chance(0.5) else 0.0
    shape = along ** rng.uniform(0.5, 1)
    upper, lower = meet - 0.4 * gap * shape, meet + 0.6 * gap * shape
    bow = 1 - rng.uniform(0, 0.25) * np.exp(-(((1 - along) / 0.12) ** 2))
    top = upper - half * rng.uniform(0.1, 0.3) * shape * bow
    full = half * rng.uniform(0.18, 0.42)
    bottom = lower + full * np.sqrt(1 - (1 - along) ** 2)
    on, soft = inside(t, 0.03), rng.uniform(0.01, 0.04)
    red = rng.uniform(0.6, 1.05) * d.picture
    light = 1 + rng.uniform(0, 0.3) * np.exp(-(((y - (lower + bottom) / 2) / (0.3 * full)) ** 2))
    d.fill(inside(y - top, soft) * inside(upper - y, 0.01) * on, rng.uniform(0.8, 1) * red)
    d.fill(inside(y - lower, 0.01) * inside(bottom - y, soft) * on, red * light)
    if gap > 0.02 * half:
        open_ = inside(y - upper, 0.008) * inside(lower - y, 0.008) * on
        d.fill(open_, rng.uniform(8, 50))
        if d.chance(0.7):
            teeth = inside(upper + rng.uniform(0.3, 1) * gap - y, 0.01) * inside(t - 0.15, 0.03)
            d.fill(open_ * teeth, d.skin * rng.uniform(1, 1.6))
    for edge in (upper, lower) if gap > 0.02 * half else (meet,):
        d.line(y - edge, rng.uniform(0.008, 0.03), rng.uniform(0.25, 0.85), on)
    d.line(np.hypot(x, 0.8 * y), 0.12 * half, rng.uniform(0, 0.5))
    crease = x + half * rng.uniform(0.1, 0.5) - rng.normal(0, 0.4) * y
    d.line(crease, rng.uniform(0.02, 0.05), rng.uniform(0, 0.25))
    d.line(y - bottom - 0.12 * half, 0.12 * half, rng.uniform(0, 0.35), inside(t - 0.2, 0.1))
    return d.picture


def nose(rng: Random) -> FloatArray:
    """Half a nose from below: nostrils, crease, tip, shade."""
    d = Drawing.skin_alone(rng)
    x, y = X - rng.normal(0, 0.02), Y - rng.normal(0, 0.03)
    at = rng.uniform(0.08, 0.22), rng.uniform(-0.1, 0.03)
    slant = y - at[1] - 0.5 * rng.uniform(-0.5, 0.2) * (x - at[0])
    size = rng.uniform(0.08, 0.16), rng.uniform(0.025, 0.08)
    for away in (
        np.hypot((x - at[0]) / size[0], slant / size[1]),
        np.hypot((x - 0.76 + at[0]) / 0.12, (y - at[1]) / 0.05),
    ):
        d.picture = d.picture * (1 - rng.uniform(0.2, 0.9) * inside(1 - away, 0.15))
    ala = rng.uniform(0, 0.1), rng.uniform(-0.16, -0.05)
    crease = np.hypot(x - ala[0], 0.95 * (y - ala[1])) - rng.uniform(0.2, 0.3)
    d.line(crease, rng.uniform(0.02, 0.05), rng.uniform(0.1, 0.6), inside(ala[0] - x, 0.06))
    tip = ((x - 0.36) / 0.18) ** 2 + ((y + 0.28) / 0.15) ** 2
    d.picture = d.picture * (1 + rng.uniform(0, 0.25) * np.exp(-tip))
    d.line(y - rng.uniform(0.03, 0.12), 0.06, rng.uniform(0, 0.4), inside(x + 0.12, 0.06))
    d.beard(inside(y - rng.uniform(0.08, 0.25), 0.04))
    if d.chance(0.3):
        d.line(x + 0.3 + 0.6 * y, rng.uniform(0.02, 0.05), rng.uniform(0, 0.35))
    return d.picture


def texture(rng: Random) -> FloatArray:
    """Return what is no part of a face: plain, clouds, stripes, an edge, some lines."""
    kind, level = rng.integers(0, 5), rng.uniform(5, 60)
    turn = rng.uniform(0, 2 * np.pi)
    along = 2 * (X * np.cos(turn) + Y * np.sin(turn))
    picture = np.zeros_like(X)
    if kind == 1:
        knots = rng.normal(0, 1, tuple(rng.integers(2, 20, 2)))
        picture = level * cv2.resize(knots, (DRAWN_PX, DRAWN_PX), interpolation=cv2.INTER_CUBIC)
    elif kind == 2:
        picture = level * np.sign(np.sin(along * rng.uniform(2, 20) + rng.uniform(0, 6)))
    elif kind == 3:
        picture = level * np.tanh((along - rng.uniform(-1, 1)) * rng.uniform(2, 20))
    elif kind == 4:
        slope = rng.uniform(-0.5, 0.5)
        for _ in range(int(rng.integers(1, 5))):
            away = 2 * (Y - slope * X) - rng.uniform(-1, 1)
            picture = picture - level * np.exp(-((away / rng.uniform(0.03, 0.1)) ** 2))
    picture = 120 + picture + 2 * (X * rng.normal(0, 8) + Y * rng.normal(0, 8))
    blurred: FloatArray = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.6, 3))
    return blurred + rng.normal(0, rng.uniform(0.3, 3), X.shape)


def covered(rng: Random, part: FloatArray) -> FloatArray:
    """Lay a texture over most of a drawn part."""
    across, down = rng.uniform(0.36, 0.8), rng.uniform(0.3, 0.8)
    place = rng.normal(0, 0.05, 2)
    away = np.abs((X - place[0]) / across) ** 4 + np.abs((Y - place[1]) / down) ** 4
    cover = texture(rng)
    cover = cover - cover.mean() + part.mean() + rng.normal(0, 40)
    mask = inside(1 - away, 0.05)
    return part * (1 - mask) + cover * mask


def filmed(rng: Random, picture: FloatArray) -> Float32:
    """Film a drawing: a little off its place, blurred, unevenly lit, noisy; a crop."""
    turn = cv2.getRotationMatrix2D(
        (DRAWN_PX / 2, DRAWN_PX / 2), np.degrees(rng.normal(0, 0.06)), np.exp(rng.normal(0, 0.08))
    )
    turn[:, 2] += rng.normal(0, 2.4, 2)
    moved = cv2.warpAffine(picture, turn, (DRAWN_PX, DRAWN_PX), borderMode=cv2.BORDER_REPLICATE)
    small = cv2.resize(moved, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.4:
        small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.3, 1.3))
    tilt = rng.normal(0, 0.13, 2)
    y, x = np.mgrid[-1 : 1 : CROP_PX * 1j, -1 : 1 : CROP_PX * 1j]
    lit = small * (1 + tilt[0] * x + tilt[1] * y)
    flat = lit.mean() + (lit - lit.mean()) * rng.uniform(0.5, 1.3)
    noisy = flat + rng.normal(0, rng.uniform(0, 3), flat.shape)
    return np.clip(noisy, 0, 255).astype(np.float32)


DRAW = {"eye": eye, "mouth": mouth, "nose": nose, "brow": brow}
ALIKE = {"eye": ("brow",)}
"""A brow's crop shows some of the eye: it is no counter-example of one."""
