"""One patient's head as a scene: all its surfaces, and where their points are in a given frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facewire.face import SIDES
from facewire.synthetic.face3d import anatomy
from facewire.synthetic.face3d.canvas import to_linear, unroll
from facewire.synthetic.face3d.lids import EYEBALL_RADIUS_MM, Eye
from facewire.synthetic.face3d.mesh import FloatArray, IntArray, border_loops
from facewire.synthetic.face3d.rig import FaceRig, pose_face
from facewire.synthetic.face3d.shape import smoothstep
from facewire.synthetic.face3d.skin import skin_rgb
from facewire.synthetic.face3d.surfaces import (
    LASH,
    LASH_TRIANGLES,
    PLAIN,
    SKIN,
    Part,
    build_body,
    build_cavity,
    build_ear,
    build_eyeball,
    build_teeth,
    grid_triangles,
    lashes,
    plain,
    skull_rings,
)
from facewire.synthetic.patient_spec import FaceLook

_LID_RIM_RGB = np.array([0.62, 0.30, 0.26])
_LIP_RIM_RGB = np.array([0.34, 0.11, 0.11])
_CLOTH_RGB = np.array([0.10, 0.19, 0.26])
_LASH_RGB = np.array([0.020, 0.014, 0.012])
_NOSTRIL_MM = (6.6, -15.4, 54.5)


@dataclass(frozen=True)
class Scene:
    """The surfaces of a head.

    Parameters
    ----------
    rig : FaceRig
        The moving skin.
    rim : ndarray of int
        Border of the face, where the skull begins.
    rings_mm : ndarray of float, shape (rings, n_rim, 3)
        The skull behind it, at rest.
    mouth : ndarray of int
        Border of the lips.
    still : tuple of Part
        Surfaces that only move with the head: ears, teeth, cavity, neck, clothes.
    eyeball : Part
        About the origin, looking along z.
    triangles, materials : ndarray of int
        Of the whole scene, in the order in which `scene_points` stacks the points.
    uv : ndarray of float, shape (n, 2)
        Places in the pictures.
    colours : ndarray of float, shape (n, 3)
        At rest; `scene_points` darkens the eyeballs under the lids.
    """

    rig: FaceRig
    rim: IntArray
    rings_mm: FloatArray
    mouth: IntArray
    still: tuple[Part, ...]
    eyeball: Part
    triangles: IntArray
    materials: IntArray
    uv: FloatArray
    colours: FloatArray


def build_scene(rig: FaceRig, look: FaceLook) -> Scene:
    """Return the scene of a patient's head."""
    face = rig.shape
    rim, rings = skull_rings(face)
    mouth = _mouth_border(rig)
    skin = to_linear(skin_rgb(look.skin_tone))
    ears = tuple(build_ear(side, skin) for side in SIDES)
    teeth = (build_teeth(upper=True), build_teeth(upper=False), build_cavity())
    still = (*ears, *teeth, *build_body(_CLOTH_RGB))
    eyeball = build_eyeball()
    bare = Scene(
        rig,
        rim,
        rings,
        mouth,
        still,
        eyeball,
        *(np.zeros(0, dtype=np.int64),) * 2,
        np.zeros((0, 2)),
        np.zeros((0, 3)),
    )
    parts = [*_skin_parts(bare), *still, eyeball, eyeball, *_moving_parts(bare)]
    offsets = np.cumsum([0] + [len(p.points) for p in parts])
    triangles = np.concatenate([p.triangles + o for p, o in zip(parts, offsets, strict=False)])
    materials = np.concatenate([np.full(len(p.triangles), p.material) for p in parts])
    uv, colours = (np.concatenate([getattr(p, k) for p in parts]) for k in ("uv", "colour"))
    return Scene(rig, rim, rings, mouth, still, eyeball, triangles, materials, uv, colours)


def _mouth_border(rig: FaceRig) -> IntArray:
    corner = anatomy.INNER_LIP_UPPER[0]
    return next(b for b in border_loops(rig.shape.mesh.triangles) if corner in b)


def _skin_parts(scene: Scene) -> list[Part]:
    """Return face and skull as one part that shares points, so that no seam is seen."""
    mesh = scene.rig.shape.mesh
    points = np.concatenate([mesh.points_mm, scene.rings_mm.reshape(-1, 3)])
    n_rim = len(scene.rim)
    strip = grid_triangles(len(scene.rings_mm) + 1, n_rim, wrap=True)
    index = np.concatenate(
        [scene.rim, len(mesh.points_mm) + np.arange(scene.rings_mm[..., 0].size)]
    )
    triangles = np.concatenate([mesh.triangles, index[strip][:, ::-1]])
    shade = np.ones(len(points))
    for side in SIDES:
        hole = np.asarray(_NOSTRIL_MM) * [anatomy.sign(side), 1, 1]
        distance = np.linalg.norm((points - hole) / [3.6, 3.0, 4.5], axis=1)
        shade -= 0.93 * np.exp(-(distance**2.4))
    colour = np.repeat(np.clip(shade, 0.03, 1)[:, None], 3, axis=1)
    return [Part(points, triangles, colour, unroll(points), SKIN)]


def _moving_parts(scene: Scene) -> list[Part]:
    rest = scene.rig.shape.mesh.points_mm
    parts = []
    for eye in scene.rig.eyes:
        ring = _lid_rim(eye, rest)
        parts.append(_strip(ring, _LID_RIM_RGB, closed=True))
        for upper in (True, False):
            hairs = lashes(eye, rest, upper=upper)
            offsets = np.arange(len(hairs))[:, None, None] * hairs.shape[1]
            triangles = (LASH_TRIANGLES[None] + offsets).reshape(-1, 3)
            parts.append(plain(hairs.reshape(-1, 3), triangles, _LASH_RGB, LASH))
    parts.append(_strip(_lip_rim(scene, rest), _LIP_RIM_RGB, closed=True))
    return parts


def _strip(rings: FloatArray, rgb: FloatArray, *, closed: bool) -> Part:
    count, around = rings.shape[:2]
    part = plain(rings.reshape(-1, 3), grid_triangles(count, around, wrap=closed), rgb, PLAIN)
    fade = np.repeat(np.linspace(1.0, 0.35, count), around)[:, None]
    return Part(part.points, part.triangles, part.colour * fade, part.uv, part.material)


def _lid_rim(eye: Eye, points: FloatArray) -> FloatArray:
    """Thickness of the lids: from the margin back to just inside the eyeball."""
    loop = np.concatenate([eye.upper, eye.lower[1:-1]])
    margin = points[loop]
    away = margin - eye.centre_mm
    inner = away / np.linalg.norm(away, axis=1, keepdims=True) * EYEBALL_RADIUS_MM * 0.97
    return np.stack([margin, eye.centre_mm + inner])


def _lip_rim(scene: Scene, points: FloatArray) -> FloatArray:
    """Inside of the lips: back and away from the opening."""
    border = points[scene.mouth]
    lower = scene.rig.shape.below_mouth[scene.mouth] > 0.5
    away = np.where(lower, -1.0, 1.0)[:, None] * np.array([0.0, 1.0, 0.0])
    back = np.array([0.0, 0.0, -1.0])
    return np.stack([border, border + back * 2.0 - away * 0.1, border + back * 5.0 + away * 2.5])


def scene_points(
    scene: Scene, activation: FloatArray, gaze: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return points (n, 3), mm, head not moved, and colours (n, 3) of one frame.

    Parameters
    ----------
    scene : Scene
        Whose.
    activation : ndarray of float, shape (2, n_muscles)
        Of the muscles.
    gaze : ndarray of float, shape (3, 3)
        Turns the eyeballs.
    """
    face = pose_face(scene.rig, activation)
    fade = np.linspace(1, 0, len(scene.rings_mm) + 1)[1:, None, None] ** 2
    pull = (face - scene.rig.shape.mesh.points_mm)[scene.rim]
    rings = scene.rings_mm + pull * fade
    balls = [scene.eyeball.points @ gaze.T + eye.centre_mm for eye in scene.rig.eyes]
    moving = []
    for eye in scene.rig.eyes:
        moving.append(_lid_rim(eye, face))
        moving += [lashes(eye, face, upper=upper) for upper in (True, False)]
    moving.append(_lip_rim(scene, face))
    blocks = [face, rings, *(p.points for p in scene.still), *balls, *moving]
    colours = scene.colours.copy()
    start = sum(b.reshape(-1, 3).shape[0] for b in blocks[: 2 + len(scene.still)])
    for eye, ball in zip(scene.rig.eyes, balls, strict=True):
        colours[start : start + len(ball)] *= _lid_shadow(eye, face, ball)[:, None]
        start += len(ball)
    return np.concatenate([b.reshape(-1, 3) for b in blocks]), colours


def _lid_shadow(eye: Eye, face: FloatArray, ball: FloatArray) -> FloatArray:
    local = (ball - eye.centre_mm) @ eye.axes.T
    distance = []
    for margin, way in ((eye.upper, 1.0), (eye.lower, -1.0)):
        at = (face[margin] - eye.centre_mm) @ eye.axes.T
        order = np.argsort(at[:, 0])
        height = np.interp(local[:, 0], at[order, 0], at[order, 1])
        distance.append((height - local[:, 1]) * way)
    upper = 0.34 + 0.66 * smoothstep(distance[0] / 4.2)
    lower = 0.66 + 0.34 * smoothstep(distance[1] / 2.0)
    return np.asarray(upper * lower)


def head_share(points: FloatArray) -> FloatArray:
    """Return how far points at rest follow the head, 1 (face) to 0 (shoulders), shape (n,)."""
    low = smoothstep((points[:, 1] + 165.0) / 90.0)
    return np.where(points[:, 1] > -75.0, 1.0, low)
