"""Faces of a known stage, measured with noise, with what a clinician would know about them.

Flaccid, paretic, synkinetic, restricted and mixed faces differ in what drives their muscles; early
recovery and a face after an operation differ from them in history alone, which is stated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, SMILES, Movement, Region, Side
from facewire.face.movements import healthy_activation
from facewire.face.muscles import GROUP_INDEX, ORBICULARIS_OCULI, SIDE_CHANNELS, MuscleGroup
from facewire.results.measurement import Measurement
from facewire.results.stage import StageName
from facewire.safety import Facts, parse_facts
from simulated.wiring_patients import face_of_drives, measured_face

FloatArray = NDArray[np.float64]
Rng = np.random.Generator

DRAGGED = 0.15
"""Part of the healthy side's way that the mouth of a lame side is dragged along, at most."""
LIDS_FALL = 0.35
"""Part of a closure that a lame eye makes when its levator lets go, at most."""
_ZYGOMATIC = GROUP_INDEX[MuscleGroup.ZYGOMATICUS_MAJOR]
_DAO = GROUP_INDEX[MuscleGroup.DEPRESSOR_ANGULI_ORIS]
_LIDS = [GROUP_INDEX[group] for group in ORBICULARIS_OCULI]
_MOUTH = [
    k
    for k, (region, _) in enumerate(SIDE_CHANNELS)
    if region in (Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP, Region.ALA)
]
_SMILES = [MOVEMENTS.index(m) for m in SMILES]
_CLOSURES = [MOVEMENTS.index(m) for m in (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT)]
_BROW = MOVEMENTS.index(Movement.BROW_RAISE)
_TO_EYE = [MOVEMENTS.index(m) for m in (*SMILES, Movement.SNARL, Movement.LIP_PUCKER)]


@dataclass(frozen=True)
class StagedPatient:
    """A simulated face of a known stage.

    Parameters
    ----------
    stage : StageName
    affected : Side
    result : Measurement
    facts : Facts
        What a clinician would know: months since the onset, an operation, a test block.
    """

    stage: StageName
    affected: Side
    result: Measurement
    facts: Facts


def staged_patient(seed: int, stage: StageName) -> StagedPatient:
    """Simulate a face of a stage and its measurement.

    Parameters
    ----------
    seed : int
    stage : StageName
    """
    rng = np.random.default_rng([seed, list(StageName).index(stage)])
    side = int(rng.integers(2))
    right, wrong = _drives(stage, rng)
    face = face_of_drives(right, wrong, side, rng)
    if stage is StageName.FLACCID:
        drag = rng.uniform(0.0, DRAGGED)
        face.total[side][:, _MOUTH] += drag * face.total[1 - side][:, _MOUTH]
    stated = stage is not StageName.HEALTHY
    affected, result = measured_face(face, side, rng, side_stated=stated)
    return StagedPatient(stage, affected, result, parse_facts({"facts": _history(stage, rng)}))


def _history(stage: StageName, rng: Rng) -> dict[str, object]:
    """Return what is stated: months for all, the operation, and a block where the smile is less."""
    early = stage in (StageName.FLACCID, StageName.EARLY_RECOVERY)
    months = rng.uniform(0.5, 5.5) if early else rng.uniform(8.0, 60.0)
    known: dict[str, object] = {"months_since_onset": round(float(months), 1)}
    known["early_after_surgery"] = stage is StageName.POST_OPERATIVE
    if stage is StageName.RESTRICTED:
        known["test_block_dao"] = "good"
    elif stage in (StageName.SYNKINETIC, StageName.MIXED, StageName.PARETIC):
        known["test_block_dao"] = "poor"
    return known


def _drives(stage: StageName, rng: Rng) -> tuple[FloatArray, FloatArray]:
    typical = healthy_activation()
    wrong = np.zeros_like(typical)
    if stage is StageName.HEALTHY:
        return typical.copy(), wrong
    if stage is StageName.FLACCID:
        right = typical * rng.uniform(0.0, 0.06, typical.shape)
        right[:, _LIDS] = typical[:, _LIDS] * rng.uniform(0.1, LIDS_FALL)
        return right, wrong
    if stage in (StageName.PARETIC, StageName.EARLY_RECOVERY):
        return typical * np.clip(
            rng.normal(rng.uniform(0.4, 0.65), 0.07, typical.shape), 0.35, 0.75
        ), wrong
    right = typical * rng.uniform(0.7, 0.95, typical.shape)
    for row in _TO_EYE:
        wrong[row, _LIDS[0]] = rng.uniform(0.1, 0.45)
    for row in _CLOSURES:
        wrong[row, _ZYGOMATIC] = rng.uniform(0.15, 0.4)
    if stage is StageName.RESTRICTED:
        wrong[_SMILES, _DAO] = rng.uniform(0.5, 0.8)
    if stage is StageName.MIXED:
        right[_BROW] *= rng.uniform(0.0, 0.1)
    return right, wrong
