"""All of the head that is not the skin of the face: skull, ears, neck, eyes, teeth, lashes.

Also the picture on the eyeballs: sclera with veins, iris with its fibres, pupil.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facewire.face import Side
from facewire.synthetic.face3d import anatomy
from facewire.synthetic.face3d.canvas import AXIS_Z_MM, to_linear, unroll
from facewire.synthetic.face3d.lids import EYEBALL_RADIUS_MM, IRIS_DIAMETER_MM, Eye
from facewire.synthetic.face3d.mesh import FloatArray, IntArray, border_loops
from facewire.synthetic.face3d.shape import FaceShape, smoothstep
from facewire.synthetic.face3d.skin import hairline_mm
from facewire.synthetic.patient_spec import FaceLook

SKIN, EYE, PLAIN, CLOTH, LASH, TOOTH = range(6)
"""Materials: how a surface is looked up and how it shines."""


@dataclass(frozen=True)
class Part:
    """A piece of surface with its colours.

    Parameters
    ----------
    points : ndarray of float, shape (n, 3)
        mm, head at rest.
    triangles : ndarray of int, shape (m, 3)
        Into the points.
    colour : ndarray of float, shape (n, 3)
        Linear; multiplies the picture where the material has one.
    uv : ndarray of float, shape (n, 2)
        Place in the picture, 0 to 1.
    material : int
        One of the materials above.
    """

    points: FloatArray
    triangles: IntArray
    colour: FloatArray
    uv: FloatArray
    material: int


def grid_triangles(rows: int, columns: int, *, wrap: bool) -> IntArray:
    """Return the triangles of a grid of points stored row by row."""
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(columns - (not wrap)), indexing="ij")
    right = (c + 1) % columns
    a, b = r * columns + c, r * columns + right
    d, e = (r + 1) * columns + c, (r + 1) * columns + right
    quads = np.stack([np.stack([a, d, b], -1), np.stack([b, d, e], -1)], axis=2)
    return np.asarray(quads.reshape(-1, 3), dtype=np.int64)


def plain(points: FloatArray, triangles: IntArray, rgb: FloatArray, material: int) -> Part:
    """Return a part coloured point by point.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3)
        Places, mm.
    triangles : ndarray of int, shape (n_triangles, 3)
        Corners of each triangle.
    rgb : ndarray, shape (3,) or (n_points, 3)
        Colour, 0 to 1.
    material : int
        How it shines.
    """
    colour = np.broadcast_to(rgb, points.shape).copy()
    return Part(points, triangles, colour, np.zeros((len(points), 2)), material)


def skull_rings(face: FaceShape) -> tuple[IntArray, FloatArray]:
    """Return the rim of the face and the rings behind it, shape (rings, n_rim, 3), mm.

    The rings run from the rim over the widest section of the head to its back; hair adds to them.
    """
    points = face.mesh.points_mm
    loops = border_loops(face.mesh.triangles)
    rim = next(loop for loop in loops if anatomy.FOREHEAD_TOP in loop)
    start = points[rim]
    widest = _widest_section(start)
    back = np.array([0.0, 32.0, -118.0])
    front = [_bow(start, widest, t) for t in np.linspace(0, 1, 13)[1:]]
    rear = [
        widest + (back - widest) * np.array([1 - np.cos(a), 1 - np.cos(a), np.sin(a)])
        for a in np.linspace(0, np.pi / 2, 9)[1:]
    ]
    rings = np.stack(front + rear)
    return rim, _add_hair(rings)


def _bow(start: FloatArray, end: FloatArray, t: float) -> FloatArray:
    share = np.array([np.sin(t * np.pi / 2) ** 1.05, np.sin(t * np.pi / 2) ** 1.05, t**1.15])
    return np.asarray(start + (end - start) * share)


def _widest_section(rim: FloatArray) -> FloatArray:
    angle = np.arctan2(rim[:, 1] - 12.0, rim[:, 0])
    up = np.sin(angle)
    x = np.cos(angle) * (76.0 - 20.0 * smoothstep(-up * 1.1))
    y = 12.0 + np.where(up > 0, 108.0 * up, 86.0 * up)
    z = -38.0 + 22.0 * smoothstep((-up - 0.35) * 1.5)
    return np.column_stack([x, y, z])


def _add_hair(rings: FloatArray) -> FloatArray:
    angle = np.arctan2(rings[..., 0], rings[..., 2] - AXIS_Z_MM)
    above = rings[..., 1] - hairline_mm(angle)
    thick = 12.0 * smoothstep((above + 2.0) / 34.0) * smoothstep(rings[..., 1] / 130.0 + 0.42)
    middle = np.array([0.0, 20.0, -35.0])
    outward = rings - middle
    outward /= np.linalg.norm(outward, axis=-1, keepdims=True)
    return np.asarray(rings + outward * thick[..., None])


def build_ear(side: Side, skin: FloatArray) -> Part:
    """Return an ear; its folds are shading."""
    rows, columns = 24, 28
    polar = np.linspace(0.02, np.pi - 0.02, rows)[:, None]
    round_ = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    y = np.sign(np.cos(polar)) * np.abs(np.cos(polar)) ** 0.75 * np.ones_like(round_)
    depth = np.sin(polar) * np.cos(round_)
    thick = np.sin(polar) * np.sin(round_)
    width = 15.0 * (0.80 + 0.20 * smoothstep((y + 0.9) / 1.2))
    local = np.stack([thick * 4.0, y * (28.0 - 2.0 * depth), -depth * width], -1)
    rim = np.hypot(y, depth)
    local[..., 0] += 2.5 * smoothstep((rim - 0.6) / 0.35)
    turn = np.radians(32)
    x = local[..., 0] * np.cos(turn) - local[..., 2] * np.sin(turn)
    z = local[..., 0] * np.sin(turn) + local[..., 2] * np.cos(turn)
    points = np.stack([(x + 78.0) * anatomy.sign(side), local[..., 1] + 10.0, z - 30.0], -1)
    bowl = 1 - smoothstep((rim - 0.35) / 0.3)
    helix = np.exp(-(((rim - 0.72) / 0.07) ** 2))
    shade = 0.95 - 0.5 * bowl - 0.28 * helix
    colour = skin * shade[..., None] * np.array([1.04, 0.92, 0.9])
    triangles = grid_triangles(rows, columns, wrap=True)
    return Part(
        points.reshape(-1, 3),
        triangles,
        colour.reshape(-1, 3),
        np.zeros((rows * columns, 2)),
        PLAIN,
    )


EYE_PICTURE_HALF_MM = 13.0
BODY_COLUMNS = 64

_BODY = np.array(
    [
        # height, half width, half depth, middle of the depth; mm
        (-40, 48, 44, -34),
        (-75, 53, 48, -34),
        (-105, 56, 51, -38),
        (-128, 60, 54, -42),
        (-142, 72, 57, -45),
        (-152, 100, 60, -48),
        (-164, 148, 66, -50),
        (-182, 184, 74, -50),
        (-215, 200, 80, -52),
        (-300, 205, 84, -54),
    ],
    dtype=np.float64,
)


def _tube(height: FloatArray) -> FloatArray:
    """Return rings about the neck and shoulders, heights (rows, columns), shape (..., 3)."""
    width, depth, middle = (np.interp(-height, -_BODY[:, 0], _BODY[:, k]) for k in (1, 2, 3))
    angle = _body_angles()[None]
    return np.stack([width * np.sin(angle), height, depth * np.cos(angle) + middle], axis=-1)


def _body_angles() -> FloatArray:
    return np.linspace(0, 2 * np.pi, BODY_COLUMNS, endpoint=False)


def build_body(cloth: FloatArray) -> tuple[Part, Part]:
    """Return neck (with the skin's picture) and clothed shoulders."""
    straight = np.ones((1, BODY_COLUMNS))
    neck_points = _tube(np.linspace(-40, -165, 30)[:, None] * straight).reshape(-1, 3)
    triangles = grid_triangles(30, BODY_COLUMNS, wrap=True)
    shade = 0.30 + 0.70 * smoothstep((-66.0 - neck_points[:, 1]) / 66.0)
    neck = Part(neck_points, triangles, np.repeat(shade[:, None], 3, 1), unroll(neck_points), SKIN)
    collar = -122.0 - 20.0 * np.maximum(np.cos(_body_angles()), 0) ** 2
    share = np.linspace(0, 1, 40)[:, None]
    points = _tube(collar[None] * (1 - share) - 300.0 * share)
    points[..., [0, 2]] *= 1.0 + 0.05 * (1 - np.exp(-share * 30.0))[..., None]
    hem = np.exp(-(((share - 0.055) / 0.012) ** 2)) * 0.35 + 0.5 * np.exp(-share / 0.006)
    rgb = (cloth * (1.0 - hem[..., None])) * np.ones((40, BODY_COLUMNS, 1))
    cloth_triangles = grid_triangles(40, BODY_COLUMNS, wrap=True)
    return neck, plain(points.reshape(-1, 3), cloth_triangles, rgb.reshape(-1, 3), CLOTH)


def build_eyeball() -> Part:
    """Return an eyeball about the origin that looks along z, the cornea standing out a little."""
    rows, columns = 36, 40
    polar = np.concatenate([np.linspace(0.0, 0.62, 22), np.linspace(0.66, 1.75, 14)])[:, None]
    around = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    off_axis = EYEBALL_RADIUS_MM * np.sin(polar)
    bulge = 0.9 * np.clip(1 - (off_axis / (IRIS_DIAMETER_MM / 2 + 0.4)) ** 2, 0, 1)
    bulge = np.where(polar > 1.0, 0.0, bulge)
    radius = EYEBALL_RADIUS_MM + bulge
    points = np.stack(
        [
            radius * np.sin(polar) * np.cos(around),
            radius * np.sin(polar) * np.sin(around),
            radius * np.cos(polar) * np.ones_like(around),
        ],
        -1,
    ).reshape(-1, 3)
    uv = points[:, :2] / (2 * EYE_PICTURE_HALF_MM) * [1, -1] + 0.5
    triangles = grid_triangles(rows, columns, wrap=True)
    return Part(points, triangles, np.ones_like(points), uv, EYE)


def lash_roots(eye: Eye, points: FloatArray, *, upper: bool) -> FloatArray:
    """Return evenly spaced roots along the margin of a lid, shape (n, 3), from corner to corner."""
    margin = points[eye.upper if upper else eye.lower]
    steps = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(margin, axis=0), axis=1))])
    n = 48 if upper else 24
    at = np.linspace(0.06, 0.90, n) * steps[-1]
    return np.column_stack([np.interp(at, steps, margin[:, k]) for k in range(3)])


def lashes(eye: Eye, points: FloatArray, *, upper: bool) -> FloatArray:
    """Return the lashes of a lid, shape (n, 5, 3): two points at the root, two midway, the tip."""
    roots = lash_roots(eye, points, upper=upper)
    away = roots - eye.centre_mm
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    share = (away @ eye.axes[0])[:, None]
    uneven = (0.8 + 0.2 * np.sin(np.arange(len(roots)) * 2.4))[:, None]
    length = (
        (6.5 if upper else 3.2) * uneven * (0.8 + 0.2 * np.sign(anatomy.sign(eye.side)) * share)
    )
    rise = np.clip(0.30 + 1.3 * (away @ eye.axes[1]), -0.45, 0.85)[:, None] if upper else -0.5
    curl = eye.axes[1] * rise + eye.axes[0] * share * 0.9
    middle = roots + away * length * 0.55 + curl * length * 0.12
    tip = middle + (away * 0.3 + curl * 0.6) * length * 0.55
    half = eye.axes[0] * (0.24 if upper else 0.12)
    return np.stack([roots - half, roots + half, middle - half / 2, middle + half / 2, tip], axis=1)


LASH_TRIANGLES = np.array([(0, 1, 2), (1, 3, 2), (2, 3, 4)])


def build_teeth(*, upper: bool) -> Part:
    """Return a row of teeth with its gum, shaped and coloured point by point."""
    columns, rows = 180, 8
    x = np.linspace(-25, 25, columns)[None]
    t = np.linspace(0, 1, rows)[:, None]
    widths = np.array([8.4, 6.6, 7.4, 7.0, 8.0]) * (1.0 if upper else 0.78)
    gaps = np.concatenate([[0], np.cumsum(widths)])
    place = np.abs(np.broadcast_to(x, (rows, columns)))
    number = np.clip(np.searchsorted(gaps, place, side="right") - 1, 0, len(widths) - 1)
    inside = np.clip((place - gaps[number]) / widths[number], 0, 1) * 2 - 1
    edge_cut = 0.9 * np.abs(inside) ** 4 + np.array([0.0, 0.7, 0.1, 0.5, 0.9])[number]
    edge, gum = (-41.4, -30.5) if upper else (-42.6, -51.0)
    direction = 1.0 if upper else -1.0
    y = edge + (gum - edge) * t + direction * edge_cut * (1 - t) ** 3
    z = (
        43.5
        - 0.024 * x**2
        - (0.0 if upper else 2.2)
        + 0.9 * np.sqrt(1 - inside**2 * 0.95) * (1 - t)
    )
    gum_line = t + 0.10 * np.abs(inside) ** 2
    ivory = (
        np.array([0.80, 0.74, 0.62])
        * (0.42 + 0.58 * smoothstep((1 - np.abs(inside)) * 7))[..., None]
    )
    flesh = np.array([0.42, 0.14, 0.14])
    cover = smoothstep((gum_line - 0.86) / 0.05)[..., None]
    colour = (ivory * (1 - cover) + flesh * cover) * (1.0 - 0.62 * smoothstep(place / 24))[
        ..., None
    ]
    points = np.stack([np.broadcast_to(x, y.shape), y, z], -1)
    triangles = grid_triangles(rows, columns, wrap=False)
    return Part(
        points.reshape(-1, 3), triangles, colour.reshape(-1, 3), np.zeros((y.size, 2)), TOOTH
    )


def build_cavity() -> Part:
    """Return the dark back of the mouth."""
    x, y = np.meshgrid(np.linspace(-30, 30, 8), np.linspace(-18, -66, 8))
    points = np.stack([x, y, 24 - 0.01 * x**2], -1).reshape(-1, 3)
    rgb = np.array([0.035, 0.010, 0.010])
    return plain(points, grid_triangles(8, 8, wrap=False), rgb, CLOTH)


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
