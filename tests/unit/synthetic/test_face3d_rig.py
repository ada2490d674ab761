"""The moving face: lids, muscles, mirror symmetry."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face import SIDES, Side
from facewire.synthetic.commands import MUSCLE_INDEX, MUSCLES, Muscle
from facewire.synthetic.face3d.lids import IRIS_DIAMETER_MM, close_lids, fissure_mm
from facewire.synthetic.face3d.rig import FaceRig, pose_face
from facewire.synthetic.face3d.surfaces import EYE_PICTURE_HALF_MM, paint_eye
from facewire.synthetic.face3d.surfaces import TEXELS as EYE_TEXELS
from facewire.synthetic.face3d.truth import measure_points
from facewire.synthetic.patient import FaceLook

pytestmark = pytest.mark.models

LEFT, RIGHT = (SIDES.index(side) for side in (Side.LEFT, Side.RIGHT))


def contract(muscle: Muscle, sides: tuple[int, ...] = (0, 1), amount: float = 1.0) -> np.ndarray:
    activation = np.zeros((2, len(MUSCLES)))
    activation[list(sides), MUSCLE_INDEX[muscle]] = amount
    return activation


def moved(rig: FaceRig, activation: np.ndarray) -> dict[str, np.ndarray]:
    rest = measure_points(rig, pose_face(rig, np.zeros((2, len(MUSCLES)))))
    now = measure_points(rig, pose_face(rig, activation))
    return {name: now[name] - rest[name] for name in now}


@pytest.mark.parametrize("eye", [LEFT, RIGHT])
def test_closed_lids_leave_no_fissure(rig: FaceRig, eye: int) -> None:
    points = rig.shape.mesh.points_mm
    assert 9.0 < fissure_mm(points, rig.eyes[eye]) < 12.0
    assert fissure_mm(close_lids(points, rig.eyes[eye], 1.0), rig.eyes[eye]) < 0.02


def test_fissure_shrinks_in_proportion_to_closure(rig: FaceRig) -> None:
    points, eye = rig.shape.mesh.points_mm, rig.eyes[0]
    shares = [fissure_mm(close_lids(points, eye, c), eye) for c in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert np.allclose(np.array(shares) / shares[0], [1, 0.75, 0.5, 0.25, 0], atol=0.03)


def test_one_eye_closes_alone(rig: FaceRig) -> None:
    change = moved(rig, contract(Muscle.ORBICULARIS_OCULI_PALPEBRAL, (RIGHT,)))
    assert change["fissure_R"] < -9
    assert change["fissure_L"] == 0
    assert abs(change["brow_R"]) < 0.1


def test_lids_never_enter_the_eyeball(rig: FaceRig) -> None:
    for closure in (0.0, 0.5, 1.0):
        points = close_lids(rig.shape.mesh.points_mm, rig.eyes[0], closure)
        away = np.linalg.norm(points[rig.eyes[0].skin] - rig.eyes[0].centre_mm, axis=1)
        assert away.min() > 12.0


@pytest.mark.parametrize(
    ("muscle", "signal", "direction"),
    [
        (Muscle.FRONTALIS, "brow_L", (1.0,)),
        (Muscle.ZYGOMATICUS_MAJOR, "commissure_L", (1.0, 1.0)),
        (Muscle.RISORIUS, "commissure_L", (1.0,)),
        (Muscle.ORBICULARIS_ORIS, "commissure_L", (-1.0,)),
        (Muscle.DEPRESSOR_ANGULI_ORIS, "commissure_L", (1.0, -1.0)),
        (Muscle.LEVATOR_LABII, "upper_lip_L", (1.0,)),
        (Muscle.DEPRESSOR_LABII, "lower_lip_L", (-1.0,)),
        (Muscle.MENTALIS, "chin", (0.0, 1.0)),
    ],
)
def test_muscle_pulls_its_way(
    rig: FaceRig, muscle: Muscle, signal: str, direction: tuple[float, ...]
) -> None:
    change = np.ravel(moved(rig, contract(muscle))[signal])[: len(direction)]
    assert np.all(change * np.array(direction) >= 0)
    assert np.abs(change).max() > 1.5


@pytest.mark.parametrize("muscle", MUSCLES)
def test_mirrored_contraction_mirrors_the_face(rig: FaceRig, muscle: Muscle) -> None:
    right, left = (moved(rig, contract(muscle, (side,))) for side in (RIGHT, LEFT))
    for name in ("fissure", "brow", "upper_lip", "lower_lip"):
        assert right[f"{name}_R"] == pytest.approx(left[f"{name}_L"], abs=1e-4)
        assert right[f"{name}_L"] == pytest.approx(left[f"{name}_R"], abs=1e-4)
    for name in ("commissure", "ala"):
        assert right[f"{name}_R"] * [-1, 1, 1] == pytest.approx(left[f"{name}_L"], abs=1e-4)


@pytest.mark.slow
def test_iris_is_11_7_mm_wide() -> None:
    look = FaceLook(iris_rgb=(30, 40, 60))
    row = paint_eye(look, np.random.default_rng(1))[EYE_TEXELS // 2, :, 2]
    texel_mm = 2 * EYE_PICTURE_HALF_MM / (EYE_TEXELS - 1)
    dark = np.flatnonzero(row < 0.35)
    assert IRIS_DIAMETER_MM == 11.7
    assert (dark[-1] - dark[0]) * texel_mm == pytest.approx(11.7, abs=0.25)
