"""Exact truth of a synthetic patient, in mm, from the same geometry that is drawn.

Positions are head-fixed: origin and axes are those of the head, x to the patient's left, y up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from facewire.face import MOVEMENTS, REGIONS, SIDES, VECTOR_REGIONS, Movement, Region, Side
from facewire.synthetic.commands import MUSCLES
from facewire.synthetic.face3d import anatomy
from facewire.synthetic.face3d.lids import IRIS_DIAMETER_MM, fissure_mm
from facewire.synthetic.face3d.mesh import FloatArray, IntArray
from facewire.synthetic.face3d.rig import FaceRig, pose_face
from facewire.synthetic.patient_spec import PatientSpec
from facewire.synthetic.performance import (
    BLINK_CLOSING_S,
    BLINK_OPENING_S,
    BLINK_SHUT_S,
    Cue,
    Performance,
    plan_performance,
)

PRESENT_MM = 0.7
PRESENT_FISSURE_SHARE = 0.08
_BLINK_MARGIN_S = 0.08

_HEIGHT_POINT = {
    "upper_lip": anatomy.UPPER_LIP_POINT,
    "lower_lip": anatomy.LOWER_LIP_POINT,
}
_PLACE_POINT = {"commissure": anatomy.COMMISSURE, "ala": anatomy.ALA}


@dataclass(frozen=True)
class PatientTruth:
    """What really happened in a clip.

    Parameters
    ----------
    performance : Performance
        Cue sheet, blinks and the patient's description.
    rest : dict
        Signals of the resting face: floats, or arrays (3,) for places, mm.
    signals, without_miswiring : dict of str to ndarray
        ``fissure_R``, ``brow_L``, ``upper_lip_R``, ``lower_lip_L``: shape (n_frames,), mm.
        ``commissure_R``, ``ala_L``, ``chin``: shape (n_frames, 3), mm.
    pose_deg : ndarray of float, shape (n_frames, 3)
        Yaw (to the patient's left), pitch (up), roll (to the patient's left shoulder).
    summary : tuple of dict
        One row for each movement of the vocabulary, region and side; no change where ``asked`` is
        False.
    """

    performance: Performance
    rest: dict[str, Any]
    signals: dict[str, FloatArray]
    without_miswiring: dict[str, FloatArray]
    pose_deg: FloatArray
    summary: tuple[dict[str, Any], ...]

    @property
    def spec(self) -> PatientSpec:
        """The patient."""
        return self.performance.spec

    @property
    def has_synkinesis(self) -> bool:
        """Whether any involuntary change is present."""
        return any(row["present"] for row in self.summary)


def compute_truth(spec: PatientSpec, rig: FaceRig) -> PatientTruth:
    """Return the truth of the patient's clip; nothing is drawn."""
    performance = plan_performance(spec)
    times_s = performance.times_s
    healed = plan_performance(spec.healed())
    signals = _signals(rig, performance.activations(times_s))
    without = _signals(rig, healed.activations(times_s))
    tone = performance.activations(np.array([-10.0]))
    rest = {name: values[0] for name, values in _signals(rig, tone).items()}
    summary = _summary(performance, rest, signals, without)
    pose = performance.head_pose(times_s)[0]
    return PatientTruth(performance, rest, signals, without, pose, summary)


def measure_points(rig: FaceRig, points: FloatArray) -> dict[str, FloatArray]:
    """Return the signals of one posed face: heights as (), places as (3,), mm."""
    found: dict[str, FloatArray] = {}
    for eye in rig.eyes:
        side = eye.side
        found[f"fissure_{side}"] = np.asarray(fissure_mm(points, eye))
        found[f"brow_{side}"] = np.asarray(_brow_height(points, side))
        for region, numbers in _HEIGHT_POINT.items():
            found[f"{region}_{side}"] = points[numbers[side], 1]
        for region, numbers in _PLACE_POINT.items():
            found[f"{region}_{side}"] = points[numbers[side]]
    found["chin"] = points[anatomy.CHIN]
    return found


def _brow_height(points: FloatArray, side: Side) -> float:
    """Height of the middle of the brow over the line of the eye corners."""
    brow = (points[anatomy.BROW[side]] + points[anatomy.BROW_BELOW[side]]) / 2
    right, left = (points[anatomy.OUTER_CANTHUS[s]] for s in (Side.RIGHT, Side.LEFT))
    share = (brow[0] - right[0]) / (left[0] - right[0])
    return float(brow[1] - (right[1] + share * (left[1] - right[1])))


def _signals(rig: FaceRig, activations: FloatArray) -> dict[str, FloatArray]:
    flat = activations.reshape(len(activations), 2, len(MUSCLES))
    kinds, which = np.unique(np.round(flat, 9), axis=0, return_inverse=True)
    rows = [measure_points(rig, pose_face(rig, kind)) for kind in kinds]
    return {name: np.stack([row[name] for row in rows])[which.ravel()] for name in rows[0]}


def _summary(
    performance: Performance,
    rest: dict[str, Any],
    signals: dict[str, FloatArray],
    without: dict[str, FloatArray],
) -> tuple[dict[str, Any], ...]:
    rows = []
    for movement in MOVEMENTS:
        cues = [c for c in performance.cues if c.movement is movement]
        holds = [_hold_frames(performance, cue) for cue in cues]
        for region in REGIONS:
            for side in SIDES:
                name = _signal_name(region, side)
                now = _mean_of_holds(signals[name], holds, rest[name])
                healed = _mean_of_holds(without[name], holds, rest[name])
                change = (now - rest[name], now - healed)
                row = _row(performance.spec, (movement, region, side), change, rest)
                rows.append(row | {"asked": bool(cues)})
    return tuple(rows)


def _mean_of_holds(signal: FloatArray, holds: list[IntArray], rest: FloatArray) -> FloatArray:
    """Return the mean over the repetitions; of a movement that was not asked, the rest."""
    return np.mean([signal[h].mean(axis=0) for h in holds], axis=0) if holds else np.asarray(rest)


def _hold_frames(performance: Performance, cue: Cue) -> IntArray:
    """Return the frames of a hold, without those in which a blink passes."""
    times_s = performance.times_s
    hold = (times_s >= cue.onset_end_s) & (times_s <= cue.offset_start_s)
    blink_s = BLINK_CLOSING_S + BLINK_SHUT_S + BLINK_OPENING_S + _BLINK_MARGIN_S
    open_eye = np.ones_like(hold)
    for start in performance.blinks_s:
        open_eye &= (times_s < start - _BLINK_MARGIN_S) | (times_s > start + blink_s)
    return np.flatnonzero(hold & open_eye if (hold & open_eye).any() else hold)


def _signal_name(region: Region, side: Side) -> str:
    if region is Region.CHIN:
        return "chin"
    return f"fissure_{side}" if region is Region.EYE else f"{region}_{side}"


def _row(
    spec: PatientSpec,
    what: tuple[Movement, Region, Side],
    change: tuple[FloatArray, FloatArray],
    rest: dict[str, Any],
) -> dict[str, Any]:
    movement, region, side = what
    total, involuntary = change
    vectors: list[list[float] | None] = [None, None]
    if region in VECTOR_REGIONS:
        outward = np.array([anatomy.sign(side), 1.0, 1.0])
        vectors = [_rounded(total * outward), _rounded(involuntary * outward)]
        total, involuntary = np.hypot(*total[:2]), np.hypot(*involuntary[:2])
    size = abs(float(involuntary))
    enough = size >= PRESENT_MM or (
        region is Region.EYE and size >= PRESENT_FISSURE_SHARE * float(rest[f"fissure_{side}"])
    )
    return {
        "movement": str(movement),
        "region": str(region),
        "side": str(side),
        "total_change_mm": round(float(total), 3),
        "total_vector_mm": vectors[0],
        "involuntary_mm": round(float(involuntary), 3),
        "involuntary_vector_mm": vectors[1],
        "present": bool(enough and side == spec.affected_side),
    }


def _rounded(values: FloatArray) -> list[float]:
    return [round(float(v), 3) for v in np.ravel(values)]


def cue_sheet(performance: Performance) -> list[dict[str, Any]]:
    """Return the cue sheet: movement, repetition and its four times in seconds."""
    return [
        {
            "movement": str(c.movement),
            "repetition": c.repetition,
            "start_s": c.start_s,
            "onset_end_s": c.onset_end_s,
            "offset_start_s": c.offset_start_s,
            "end_s": c.end_s,
        }
        for c in performance.cues
    ]


def truth_table(truth: PatientTruth) -> dict[str, Any]:
    """Return the truth as plain values, the content of a ``.truth.json``."""
    spec = truth.spec
    return {
        "case": spec.name,
        "sides": "L/R = the subject's left/right",
        "units": "mm",
        "affected_side": None if spec.affected_side is None else str(spec.affected_side),
        "has_synkinesis": truth.has_synkinesis,
        "fps": spec.camera.fps,
        "rest": {
            k: _rounded(v) if np.ndim(v) else round(float(v), 3) for k, v in truth.rest.items()
        },
        "blinks_s": truth.performance.blinks_s.tolist(),
        "iris_diameter_mm": IRIS_DIAMETER_MM,
        "spec": spec.to_json(),
        "protocol": cue_sheet(truth.performance),
        "summary": list(truth.summary),
    }


def truth_arrays(truth: PatientTruth) -> dict[str, FloatArray]:
    """Return every frame of the truth, the content of a ``.truth.npz``."""
    arrays = {"t": truth.performance.times_s, "head_yaw_pitch_roll_deg": truth.pose_deg}
    arrays |= truth.signals
    for side in SIDES:
        moved = truth.signals[f"commissure_{side}"] - truth.rest[f"commissure_{side}"]
        arrays[f"commissure_excursion_{side}"] = np.hypot(moved[:, 0], moved[:, 1])
    arrays |= {f"without_miswiring_{k}": v for k, v in truth.without_miswiring.items()}
    return arrays
