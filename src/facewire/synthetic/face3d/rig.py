"""The face that can move: shape, eyes and muscles together, and how activations become points."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facewire.face import SIDES
from facewire.synthetic.commands import MUSCLE_INDEX, Muscle
from facewire.synthetic.face3d.lids import Eye, build_eye, close_lids
from facewire.synthetic.face3d.mesh import FloatArray, read_canonical_mesh
from facewire.synthetic.face3d.muscles import muscle_fields
from facewire.synthetic.face3d.shape import FaceShape, build_face

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
