"""One treatment of every kind, and small faces to give them to."""

from __future__ import annotations

from functools import cache

import numpy as np

from facewire.face import MOVEMENTS, Movement, Region, Side
from facewire.face.muscles import GROUP_INDEX, SIDE_CHANNEL_INDEX, MuscleGroup
from facewire.treatment import (
    BotulinumToxin,
    BrowLift,
    Canthoplasty,
    CrossFaceNerveGraft,
    Cut,
    Facelift,
    GracilisTransfer,
    Myectomy,
    NerveTransfer,
    NeuromuscularRetraining,
    SelectiveDenervation,
    SelectiveNeurolysis,
    Tarsorrhaphy,
    Treatment,
    UpperLidWeight,
)
from facewire.treatment.reanimation import MASSETER
from facewire.wiring import FaceState, total_mm
from simulated.face_states import Group, synthetic_faces

L, R = Side.LEFT, Side.RIGHT
ONA = "onabotulinumtoxinA"
DAO = MuscleGroup.DEPRESSOR_ANGULI_ORIS
SMILE = MOVEMENTS.index(Movement.SMILE_OPEN)
CORNER = [SIDE_CHANNEL_INDEX[Region.COMMISSURE, part] for part in ("across", "up")]

SIZED: tuple[Treatment, ...] = (
    BotulinumToxin(L, "orbicularis_oculi", ONA, units=10.0, weakening_percent=50.0),
    BotulinumToxin(R, "frontalis", "unspecified"),
    SelectiveNeurolysis(L, (Cut("platysma"), Cut(str(DAO), Movement.SMILE_OPEN))),
    NeuromuscularRetraining(L, adherence=0.8, minutes_per_day=30.0),
    Myectomy(L, (str(DAO), "platysma")),
    GracilisTransfer(L, MASSETER),
    NerveTransfer(L),
)
UNSIZED: tuple[Treatment, ...] = (
    SelectiveDenervation(L, str(DAO)),
    UpperLidWeight(L),
    Tarsorrhaphy(L),
    Canthoplasty(L),
    CrossFaceNerveGraft(L, length_mm=200.0),
    BrowLift(L),
    Facelift(L),
)
EVERY = SIZED + UNSIZED


@cache
def faces(n: int = 60, seed: int = 1, group: Group | None = None) -> FaceState:
    """Synthetic faces, affected on the left; made once."""
    return synthetic_faces(n, seed, group)


def same(a: FaceState, b: FaceState, tolerance: float = 1e-12) -> bool:
    """Whether two faces are the same in every array."""
    return all(
        np.allclose(getattr(a, name), getattr(b, name), atol=tolerance, equal_nan=True)
        for name in vars(a)
    )


def smile_mm(state: FaceState) -> np.ndarray:
    """Excursion of the left corner in a smile along the other side's own direction, mm."""
    moved = total_mm(state)[:, :, SMILE][..., CORNER]
    along = moved[:, 1] / np.linalg.norm(moved[:, 1], axis=1, keepdims=True)
    return (moved[:, 0] * along).sum(axis=1)


def strength_of(state: FaceState, muscle: MuscleGroup, side: int = 0) -> np.ndarray:
    return state.strength[:, side, GROUP_INDEX[muscle]]
