"""The face that can move: shape, eyes and muscles together, and how activations become points.

The muscles are after Waters: linear ones that pull towards a bone, and sphincters. Waters, A muscle
model for animating three-dimensional facial expression, Computer Graphics 21(4), 1987: a linear
muscle moves the skin inside a cone towards its origin on the bone, the pull rising and falling as
cosines of distance and angle; a sphincter draws an ellipse of skin together. Here a field is worked
out once on the face at rest and scaled by the activation, so that the truth stays a plain sum.
Coordinates in the tables: outward, up, forward, mm, on a face at rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facewire.face import SIDES, Side
from facewire.synthetic.commands import MUSCLE_INDEX, MUSCLES, Muscle
from facewire.synthetic.face3d import anatomy
from facewire.synthetic.face3d.lids import Eye, build_eye, close_lids
from facewire.synthetic.face3d.mesh import FloatArray, read_canonical_mesh
from facewire.synthetic.face3d.shape import FaceShape, build_face, smoothstep

Point = tuple[float, float, float]


@dataclass(frozen=True)
class Pull:
    """A linear muscle, or a part of one.

    Parameters
    ----------
    origin_mm, insertion_mm : tuple of float
        The fixed end and the end in the skin.
    half_angle_deg : float
        Half-angle of the cone of skin that follows.
    end_mm : float
        Distance from the origin at which nothing follows any more.
    strength_mm : float
        Displacement at the insertion at full activation.
    lips : str
        ``both``, or ``upper`` or ``lower`` where the muscle ends in that lip alone.
    """

    origin_mm: Point
    insertion_mm: Point
    half_angle_deg: float
    end_mm: float
    strength_mm: float
    lips: str = "both"


PULLS: dict[Muscle, tuple[Pull, ...]] = {
    Muscle.FRONTALIS: (Pull((30, 100, 36), (30, 47, 46), 44, 80, 8.0),),
    Muscle.CORRUGATOR: (Pull((4, 36, 50), (24, 46, 48), 50, 40, 6.5),),
    Muscle.ZYGOMATICUS_MAJOR: (
        Pull((62, 4, 8), (23, -41, 41), 30, 96, 13.0),
        Pull((54, 14, 62), (42, -14, 36), 55, 58, 6.5, "upper"),
    ),
    Muscle.LEVATOR_LABII: (
        Pull((20, 16, 42), (11, -31, 51), 32, 68, 6.0, "upper"),
        Pull((17, 16, 44), (15, -11, 52), 26, 42, 0.8, "upper"),
    ),
    Muscle.RISORIUS: (Pull((66, -38, -4), (23, -41, 41), 30, 92, 5.0),),
    Muscle.DEPRESSOR_ANGULI_ORIS: (Pull((34, -84, 24), (23, -41, 41), 34, 70, 10.0, "lower"),),
    Muscle.DEPRESSOR_LABII: (Pull((12, -88, 42), (8, -48, 51), 34, 58, 8.0, "lower"),),
    Muscle.MENTALIS: (Pull((7, -56, 47), (7, -76, 49), 60, 38, 6.5, "lower"),),
}

_MIDLINE_MM = 7.0
_PUCKER_CENTRE_MM = (0.0, -41.0, 44.0)
_PUCKER_AXES_MM = (42.0, 30.0)
_ORBIT_AXES_MM = (34.0, 30.0)


def muscle_fields(face: FaceShape, eyes: tuple[Eye, ...]) -> FloatArray:
    """Return what every muscle does at full activation, shape (2, n_muscles, n_points, 3), mm.

    The first axis is in the order of `facewire.face.SIDES`. The palpebral part of orbicularis
    oculi has no field: the lids turn over the eyeball (`close_lids`).
    """
    points = face.mesh.points_mm
    fields = np.zeros((2, len(MUSCLES), *points.shape))
    still = _lid_margins(len(points), eyes)
    for s, side in enumerate(SIDES):
        half = smoothstep(anatomy.sign(side) * points[:, 0] / (2 * _MIDLINE_MM) + 0.5)
        for muscle, pulls in PULLS.items():
            moved = sum((_pull_field(face, pull, side) for pull in pulls), np.zeros_like(points))
            fields[s, MUSCLE_INDEX[muscle]] = moved * half[:, None]
        fields[s, MUSCLE_INDEX[Muscle.ORBICULARIS_ORIS]] = _pucker(face) * half[:, None]
        squint = _squint(points, eyes[s])
        fields[s, MUSCLE_INDEX[Muscle.ORBICULARIS_OCULI_ORBITAL]] = squint
    return np.asarray(fields * (1.0 - still)[:, None])


def _lid_margins(n: int, eyes: tuple[Eye, ...]) -> FloatArray:
    still = np.zeros(n)
    for eye in eyes:
        still[eye.skin] = np.maximum(still[eye.skin], eye.margin)
    return still


def _pull_field(face: FaceShape, pull: Pull, side: Side) -> FloatArray:
    """Waters 1987, linear muscle, normalised to its strength at the insertion."""
    flip = np.array([anatomy.sign(side), 1.0, 1.0])
    origin = np.asarray(pull.origin_mm) * flip
    axis = np.asarray(pull.insertion_mm) * flip - origin
    length = float(np.linalg.norm(axis))
    away = face.mesh.points_mm - origin
    distance = np.maximum(np.linalg.norm(away, axis=1), 1e-9)
    cosine = np.clip(away @ axis / (distance * length), -1.0, 1.0)
    angle = np.arccos(cosine) / np.radians(pull.half_angle_deg)
    angular = np.cos(np.clip(angle, 0, 1) * np.pi / 2)
    rising = np.cos((1 - np.minimum(distance / length, 1)) * np.pi / 2)
    fading = np.cos(np.clip((distance - length) / (pull.end_mm - length), 0, 1) * np.pi / 2)
    weight = angular * rising * fading * _lip_share(face, pull.lips)
    return np.asarray(-away / distance[:, None] * (weight * pull.strength_mm)[:, None])


def _lip_share(face: FaceShape, lips: str) -> FloatArray:
    if lips == "upper":
        return 1.0 - face.below_mouth
    if lips == "lower":
        return face.below_mouth
    return np.ones_like(face.below_mouth)


def _pucker(face: FaceShape) -> FloatArray:
    """Waters 1987, sphincter: an ellipse of skin drawn to its middle, the lips pushed forward."""
    offset = face.mesh.points_mm - np.asarray(_PUCKER_CENTRE_MM)
    radius = np.hypot(offset[:, 0] / _PUCKER_AXES_MM[0], offset[:, 1] / _PUCKER_AXES_MM[1])
    fall = 1.0 - smoothstep(radius)
    fall *= smoothstep((offset[:, 2] + 40) / 30)
    field = np.zeros_like(offset)
    field[:, 0] = -0.42 * offset[:, 0] * fall
    field[:, 1] = 0.10 * offset[:, 1] * fall
    field[:, 2] = 6.5 * fall**1.5
    return np.asarray(field)


def _squint(points: FloatArray, eye: Eye) -> FloatArray:
    """Waters 1987, sphincter around the orbit; the cheek rises more than the brow comes down."""
    offset = points - eye.centre_mm
    radius = np.hypot(offset[:, 0] / _ORBIT_AXES_MM[0], offset[:, 1] / _ORBIT_AXES_MM[1])
    ring = np.sin(np.pi * np.clip(radius, 0, 1)) * (offset[:, 2] > 0)
    towards = -offset[:, :2] / np.maximum(np.linalg.norm(offset[:, :2], axis=1), 1e-9)[:, None]
    field = np.zeros_like(points)
    field[:, :2] = towards * ring[:, None] * [2.0, 3.2]
    field[:, 2] = 0.8 * ring
    return field


FRONTALIS_WIDENING = 0.06
"""Part of the fissure by which a full frontalis lifts the upper lid."""

WIDEST = -0.2
"""Closure of the widest open eye."""


@dataclass(frozen=True)
class FaceRig:
    """A face that muscles move.

    Parameters
    ----------
    shape : FaceShape
        The skin at rest.
    eyes : tuple of Eye
        In the order of `facewire.face.SIDES`.
    fields : ndarray of float, shape (2, n_muscles, n_points, 3)
        Displacement of each point at full activation, mm.
    """

    shape: FaceShape
    eyes: tuple[Eye, ...]
    fields: FloatArray


def build_rig(bundle: Path, asymmetry: float = 0.0) -> FaceRig:
    """Return the movable face made from the mesh of the model bundle.

    Raises
    ------
    ModelError
        The bundle cannot be read.
    """
    shape = build_face(read_canonical_mesh(bundle), asymmetry)
    mesh = shape.mesh
    eyes = tuple(build_eye(mesh.points_mm, mesh.triangles, side) for side in SIDES)
    return FaceRig(shape, eyes, muscle_fields(shape, eyes))


def lid_closure(activation: FloatArray) -> FloatArray:
    """Return the closure of the lids, from activations of shape (..., n_muscles).

    0 as at rest, 1 closed, slightly negative when frontalis lifts the upper lid.
    """
    palpebral = activation[..., MUSCLE_INDEX[Muscle.ORBICULARIS_OCULI_PALPEBRAL]]
    frontalis = activation[..., MUSCLE_INDEX[Muscle.FRONTALIS]]
    return np.clip(palpebral - FRONTALIS_WIDENING * frontalis, WIDEST, 1.0)


def pose_face(rig: FaceRig, activation: FloatArray) -> FloatArray:
    """Return the points of the face, shape (n_points, 3), mm, head not moved.

    Parameters
    ----------
    rig : FaceRig
        The face.
    activation : ndarray of float, shape (2, n_muscles)
        Sides in the order of `facewire.face.SIDES`; 0 at rest, 1 full.
    """
    points = rig.shape.mesh.points_mm + np.tensordot(activation, rig.fields, axes=2)
    for eye, closure in zip(rig.eyes, lid_closure(activation), strict=True):
        points = close_lids(points, eye, float(closure))
    return points
