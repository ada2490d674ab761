"""The model bundle and a movable face made from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from facewire.errors import ModelError
from facewire.face import Movement, Side
from facewire.landmarks.models import FACE_BUNDLE, find_network
from facewire.synthetic.commands import Muscle
from facewire.synthetic.face3d.rig import FaceRig, build_rig
from facewire.synthetic.patient import Camera, Miswiring, PatientSpec, Protocol

TINY = Camera(width_px=96, height_px=108, fps=10, noise_sigma=1.0)
SHORT = Protocol(
    movements=(Movement.SMILE_OPEN, Movement.EYE_CLOSE_GENTLE), repetitions=1, opening_rest_s=0.6
)


@pytest.fixture(scope="session")
def bundle_path() -> Path:
    try:
        return find_network(FACE_BUNDLE)
    except ModelError as error:
        pytest.skip(f"missing part: network files ({error})")


@pytest.fixture(scope="session")
def rig(bundle_path: Path) -> FaceRig:
    return build_rig(bundle_path)


@pytest.fixture
def healthy() -> PatientSpec:
    return PatientSpec("healthy", camera=TINY, protocol=SHORT)


@pytest.fixture
def synkinetic(healthy: PatientSpec) -> PatientSpec:
    edge = Miswiring("smile", Muscle.ORBICULARIS_OCULI_PALPEBRAL, 0.4, 0.05)
    return replace(healthy, name="patient", affected_side=Side.RIGHT, miswiring=(edge,))
