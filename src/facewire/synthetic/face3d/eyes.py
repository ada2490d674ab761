"""The picture on the eyeballs: sclera with veins, iris with its fibres, pupil."""

from __future__ import annotations

import numpy as np

from facewire.synthetic.face3d.canvas import to_linear
from facewire.synthetic.face3d.lids import IRIS_DIAMETER_MM
from facewire.synthetic.face3d.mesh import FloatArray
from facewire.synthetic.face3d.parts import EYE_PICTURE_HALF_MM
from facewire.synthetic.face3d.shape import smoothstep
from facewire.synthetic.patient_spec import FaceLook

TEXELS = 640
PUPIL_RADIUS_MM = 1.9
_SCLERA = np.array([0.90, 0.87, 0.84])
_VEIN = np.array([0.80, 0.52, 0.48])


def paint_eye(look: FaceLook, rng: np.random.Generator) -> FloatArray:
    """Return the picture of an eyeball seen from the front, shape (TEXELS, TEXELS, 3), linear."""
    axis = np.linspace(-EYE_PICTURE_HALF_MM, EYE_PICTURE_HALF_MM, TEXELS)
    x, y = np.meshgrid(axis, axis)
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    rim = IRIS_DIAMETER_MM / 2
    picture = _sclera(radius, angle, rng)
    iris = _iris(radius / rim, angle, np.array(look.iris_rgb) / 255, rng)
    inside = smoothstep((rim - radius) / 0.35 + 0.5)[..., None]
    picture = picture * (1 - inside) + iris * inside
    pupil = smoothstep((PUPIL_RADIUS_MM - radius) / 0.3 + 0.5)[..., None]
    return to_linear(np.clip(picture * (1 - pupil) + 0.015 * pupil, 0, 1))


def _sclera(radius: FloatArray, angle: FloatArray, rng: np.random.Generator) -> FloatArray:
    veins = np.zeros_like(radius)
    for _ in range(26):
        at, wave, speed = rng.uniform(-np.pi, np.pi), rng.uniform(0.03, 0.10), rng.uniform(0.8, 2)
        off = np.angle(np.exp(1j * (angle - at - wave * np.sin(radius * speed))))
        veins += np.exp(-((off * radius / 0.10) ** 2)) * smoothstep((radius - 7.5) / 5)
    cover = np.clip(veins * 0.35, 0, 0.5)[..., None]
    warm = (0.10 * smoothstep((radius - 8) / 5))[..., None] * np.array([0.1, 0.8, 1.0])
    return np.asarray((_SCLERA * (1 - warm)) * (1 - cover) + _VEIN * cover)


def _iris(
    share: FloatArray, angle: FloatArray, rgb: FloatArray, rng: np.random.Generator
) -> FloatArray:
    fibres = np.zeros_like(share)
    for count in (23, 41, 67, 97):
        phase, twist = rng.uniform(0, 2 * np.pi), rng.uniform(-1.2, 1.2)
        fibres += np.sin(angle * count + phase + twist * share * 4) / 4
    level = 0.95 + 0.30 * fibres + 0.35 * np.exp(-(((share - 0.48) / 0.14) ** 2))
    level *= 1 - 0.68 * smoothstep((share - 0.80) / 0.20)
    colour = np.asarray(rgb)[None, None] * level[..., None]
    collar = np.exp(-(((share - 0.40) / 0.10) ** 2))[..., None]
    return np.asarray(colour + collar * np.array([0.09, 0.06, 0.01]))
