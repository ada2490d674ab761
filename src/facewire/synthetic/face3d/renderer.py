"""From a moment of the performance to a picture: camera, light, film, caption."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from facewire.synthetic.face3d import raster
from facewire.synthetic.face3d.canvas import TEXEL_MM, to_linear
from facewire.synthetic.face3d.mesh import FloatArray
from facewire.synthetic.face3d.rig import FaceRig
from facewire.synthetic.face3d.scene import Scene, build_scene, head_share, scene_points
from facewire.synthetic.face3d.skin import paint_head
from facewire.synthetic.face3d.surfaces import SKIN, paint_eye
from facewire.synthetic.patient_spec import Camera, PatientSpec

Bytes = NDArray[np.uint8]

_LOOK_AT_MM = np.array([0.0, -6.0, 40.0])
_PIVOT_MM = np.array([0.0, -70.0, -40.0])
_LIGHTS = np.array(
    [
        # direction (x to the patient's left, y up, z to the camera), linear colour
        (-0.52, 0.58, 0.66, 0.74, 0.69, 0.64),
        (0.66, 0.25, 0.66, 0.27, 0.28, 0.30),
        (0.0, 0.92, -0.25, 0.10, 0.10, 0.11),
    ]
)
_AMBIENT = np.array([(0.115, 0.11, 0.11), (0.11, 0.115, 0.13)])
_GLOSS = np.array(
    [
        # wrap of red, green, blue, strength of the shine, squarings of its cosine
        (0.45, 0.24, 0.20, 0.07, 4),  # skin
        (0.25, 0.20, 0.20, 1.60, 7),  # eye
        (0.40, 0.24, 0.20, 0.06, 4),  # plain
        (0.10, 0.10, 0.10, 0.01, 3),  # cloth
        (0.10, 0.10, 0.10, 0.02, 3),  # lash
        (0.30, 0.26, 0.24, 0.20, 5),  # tooth
    ]
)

DIRECTIONS = 48
DARKEST = 0.30
_MAP_PX = 512
_MAP_MM = 520.0
_FORWARD_MM = 1000.0
_BIAS_MM = 2.5

CAPTION = "synthetic face"
_LETTERS = {
    "s": "..... ..... .#### #.... .###. ....# ####. ..... .....",
    "y": "..... ..... #...# #...# #...# .#### ....# ....# .###.",
    "n": "..... ..... ####. #...# #...# #...# #...# ..... .....",
    "t": ".#... .#... ####. .#... .#... .#..# ..##. ..... .....",
    "h": "#.... #.... ####. #...# #...# #...# #...# ..... .....",
    "e": "..... ..... .###. #...# ##### #.... .###. ..... .....",
    "i": "..#.. ..... .##.. ..#.. ..#.. ..#.. .###. ..... .....",
    "c": "..... ..... .###. #.... #.... #.... .###. ..... .....",
    "f": "..##. .#... ####. .#... .#... .#... .#... ..... .....",
    "a": "..... ..... .###. ....# .#### #...# .#### ..... .....",
    " ": "..... ..... ..... ..... ..... ..... ..... ..... .....",
}


@dataclass(frozen=True)
class Renderer:
    """Everything that stays the same through a clip."""

    spec: PatientSpec
    scene: Scene
    follow: FloatArray
    pictures: tuple[raster.Float32, raster.Float32]
    backdrop: raster.Float32
    curve: raster.Float32
    grain: raster.Float32
    buffers: tuple[raster.Float32, raster.Int32]


def build_renderer(spec: PatientSpec, rig: FaceRig) -> Renderer:
    """Return a renderer for the patient; paints the skin, which takes seconds."""
    rng = np.random.default_rng([spec.seed, 4])
    bare = build_scene(rig, spec.face)
    rest, _ = scene_points(bare, np.zeros((2, rig.fields.shape[1])), np.eye(3))
    scene = replace(bare, colours=bare.colours * sky_seen(bare, rest)[:, None])
    pictures = (
        _fit(paint_head(rig.shape.mesh.points_mm, spec.face, rng), spec.camera),
        np.ascontiguousarray(paint_eye(spec.face, rng), np.float32),
    )
    camera = spec.camera
    grain = rng.standard_normal((camera.height_px + 97, camera.width_px + 89, 3))
    backdrop = _backdrop(camera, rng)
    return Renderer(
        spec,
        scene,
        head_share(rest),
        pictures,
        backdrop,
        _film_curve(),
        grain.astype(np.float32),
        _buffers(camera),
    )


def render_frame(
    renderer: Renderer, activation: FloatArray, pose: tuple[FloatArray, FloatArray], number: int
) -> Bytes:
    """Return one picture, shape (height, width, 3), RGB.

    Parameters
    ----------
    renderer : Renderer
        Whose.
    activation : ndarray of float, shape (2, n_muscles)
        Of the muscles.
    pose : tuple of ndarray
        Yaw, pitch, roll (3,) in degrees and shift (3,) in mm of the head.
    number : int
        Of the frame; chooses the noise.
    """
    turn = head_rotation(pose[0])
    points, colours = scene_points(renderer.scene, activation, turn.T)
    moved = (points - _PIVOT_MM) @ turn.T + _PIVOT_MM + pose[1]
    share = renderer.follow[:, None]
    placed = np.asarray(points * (1 - share) + moved * share)
    light = _draw(renderer, placed, colours)
    camera = renderer.spec.camera
    grain = _noise_window(renderer, number)
    picture = raster.develop(
        light, np.float32(camera.light), renderer.curve, grain, np.float32(camera.noise_sigma)
    )
    return burn_caption(picture)


def _fit(picture: FloatArray, camera: Camera) -> Any:
    """Shrink the head's picture to about one texel a pixel, so that it does not shimmer."""
    pixel_mm = camera.view_height_mm / camera.height_px
    share = float(np.clip(TEXEL_MM * 1.5 / pixel_mm, 0.1, 1.0))
    soft = (
        ndimage.gaussian_filter(picture, (0.45 / share, 0.45 / share, 0)) if share < 1 else picture
    )
    small = ndimage.zoom(soft, (share, share, 1), order=1) if share < 1 else soft
    return np.ascontiguousarray(small, dtype=np.float32)


def _draw(renderer: Renderer, points: FloatArray, colours: FloatArray) -> Any:
    scene, camera = renderer.scene, renderer.spec.camera
    screen = np.ascontiguousarray(project(points, camera) * _sampling(), dtype=np.float32)
    triangles = np.ascontiguousarray(scene.triangles, dtype=np.int32)
    normals = raster.point_normals(np.ascontiguousarray(points, dtype=np.float32), triangles)
    depth, owner = renderer.buffers
    materials = np.ascontiguousarray(scene.materials, dtype=np.int32)
    raster.fill_triangles(screen, triangles, materials, depth, owner)
    surface = (
        triangles,
        materials,
        normals,
        np.ascontiguousarray(colours, dtype=np.float32),
        np.ascontiguousarray(scene.uv, dtype=np.float32),
    )
    optics = (_GLOSS.astype(np.float32), *_lamps())
    samples = (depth, owner, screen)
    return raster.shade(samples, surface, renderer.pictures, optics, renderer.backdrop)


def _buffers(camera: Camera) -> tuple[Any, Any]:
    size = (camera.height_px * raster.SUPERSAMPLING, camera.width_px * raster.SUPERSAMPLING)
    return np.empty(size, np.float32), np.empty(size, np.int32)


def _sampling() -> FloatArray:
    return np.array([raster.SUPERSAMPLING, raster.SUPERSAMPLING, 1.0])


def project(points: FloatArray, camera: Camera) -> FloatArray:
    """Return column, row in pixels and one over the distance (1/mm) of points, shape (n, 3)."""
    focal_px = camera.height_px / camera.view_height_mm * camera.distance_mm
    near = 1.0 / (camera.distance_mm - (points[:, 2] - _LOOK_AT_MM[2]))
    column = camera.width_px / 2 + focal_px * (points[:, 0] - _LOOK_AT_MM[0]) * near
    row = camera.height_px / 2 - focal_px * (points[:, 1] - _LOOK_AT_MM[1]) * near
    return np.column_stack([column, row, near])


def head_rotation(angles_deg: FloatArray) -> FloatArray:
    """Return the rotation (3, 3) of yaw (to the patient's left), pitch (up), roll (to the left)."""
    yaw, pitch, roll = np.radians(angles_deg) * [1.0, -1.0, -1.0]
    cy, sy, cp, sp, cr, sr = (f(a) for a in (yaw, pitch, roll) for f in (np.cos, np.sin))
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(about_y @ about_x @ about_z)


def _lamps() -> Any:
    way = _LIGHTS[:, :3] / np.linalg.norm(_LIGHTS[:, :3], axis=1, keepdims=True)
    half = way + np.array([0.0, 0.0, 1.0])
    half /= np.linalg.norm(half, axis=1, keepdims=True)
    lights = np.hstack([way, _LIGHTS[:, 3:], half])
    return lights.astype(np.float32), _AMBIENT.astype(np.float32)


def _noise_window(renderer: Renderer, number: int) -> Any:
    rng = np.random.default_rng([renderer.spec.seed, 5, number])
    camera = renderer.spec.camera
    y, x = int(rng.integers(0, 97)), int(rng.integers(0, 89))
    return renderer.grain[y : y + camera.height_px, x : x + camera.width_px]


def _film_curve() -> Any:
    """Grey levels of linear light: a soft shoulder, then the sRGB curve."""
    light = np.linspace(0.0, 1.0, 8192)
    level = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return (level * 255.0).astype(np.float32)


def _backdrop(camera: Camera, rng: np.random.Generator) -> Any:
    y = np.linspace(-1, 1, camera.height_px)[:, None]
    x = np.linspace(-1, 1, camera.width_px)[None]
    glow = np.exp(-((x + 0.25) ** 2 * 0.9 + (y + 0.2) ** 2 * 0.7))
    waves = sum(
        np.sin(x * a + p) * np.sin(y * b + q) for a, b, p, q in rng.uniform(1.0, 6.0, (4, 4))
    )
    level = (0.55 + 0.30 * glow + 0.012 * waves)[..., None]
    return to_linear(np.clip(level * np.array([0.80, 0.86, 0.90]), 0, 1)).astype(np.float32)


def burn_caption(picture: Bytes) -> Bytes:
    """Return the picture with the caption in its lower left corner, white on a dark strip."""
    zoom = max(picture.shape[0] // 360, 1)
    words = np.kron(_bitmap(), np.ones((zoom, zoom), dtype=np.uint8))
    rows, columns = words.shape
    low, left = picture.shape[0] - rows - 2 * zoom, 4 * zoom
    columns = min(columns, picture.shape[1] - left)
    out = picture.copy()
    window = out[low : low + rows, left : left + columns]
    window[:] = np.where(words[:, :columns, None] > 0, 245, window // 4)
    return out


def _bitmap() -> Bytes:
    glyphs = [
        np.array([[mark == "#" for mark in row] for row in _LETTERS[letter].split()])
        for letter in CAPTION
    ]
    spaced = [np.pad(glyph, ((1, 0), (0, 1))) for glyph in glyphs]
    return np.pad(np.hstack(spaced), ((0, 0), (1, 0))).astype(np.uint8)


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
