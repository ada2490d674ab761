"""Fit the maps of `facewire.motion.maps` on rendered patients; write ``maps.json``.

    .venv/bin/python benchmarks/fit_maps.py            print what each choice leaves over
    .venv/bin/python benchmarks/fit_maps.py --write    and write the package's maps

Ridge regression of the truth's hold-minus-rest changes on the measured ones, one map for the even
part, one for the odd part, one for the fissure. What is left over is measured on patients that
the maps had not seen: whole identities are left out in turn.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import (
    CHANNEL_INDEX,
    CHANNELS,
    MOVEMENTS,
    Channel,
    Region,
    Side,
    moves_on_purpose,
)
from facewire.motion import maps
from facewire.motion.compute import MotionSettings, fix_head
from facewire.motion.eyes import EYE_ROW, closure_gain, eye_shape
from facewire.motion.regions import region_displacements
from patients import ROOT, Patient, cue_movements, hold_changes, patients, track_of, truth_signals

FloatArray = NDArray[np.float64]

EVEN_RIDGE, ODD_RIDGE, EYE_RIDGE = 0.01, 0.01, 0.003
CLOSURE_WEIGHT = 0.3
"""Closures are ten times as large as what matters; they count less."""

POOL_WEIGHT = 3.0
"""A movement's left-over is drawn towards the region's by this many patients."""

TARGET = ROOT / "src" / "facewire" / "motion" / "maps.json"


@dataclass(frozen=True)
class Sample:
    """Measured and true changes of one recording, one row for each cue."""

    patient: Patient
    movements: list[str]
    measured: FloatArray
    true: FloatArray
    eye_features: dict[Side, FloatArray]
    rest_ratio: float


def measure(patient: Patient) -> Sample:
    """Measure a recording with no map applied."""
    track = track_of(patient)
    head = fix_head(track, MotionSettings())
    times, rest = track.times_s[head.usable], head.rest
    moved = head.pose.displacement(head.points_px.astype(np.float64))
    eyes = head.eyes_px.astype(np.float64)
    shape = eye_shape(eyes, head.pose, moved, head.mm_per_unit)
    features = _features(shape, rest)
    values = region_displacements(moved, head.mm_per_unit)
    for side in Side:
        values[:, _eye(side)] = features[side][:, 0]
    truth_times, truth = truth_signals(patient)
    open_mm = np.median(shape.height_mm[:, rest], axis=1)
    true_open = [np.median(truth[:30, _eye(s)]) for s in sorted(Side, key=EYE_ROW.__getitem__)]
    return Sample(
        patient,
        cue_movements(patient.cues),
        hold_changes(times, values, patient.cues),
        hold_changes(truth_times, truth, patient.cues),
        {s: hold_changes(times, f, patient.cues) for s, f in features.items()},
        float(np.mean(np.array(true_open) / open_mm)),
    )


def _eye(side: Side) -> int:
    return CHANNEL_INDEX[Channel(Region.EYE, side, "height")]


def _features(shape, rest) -> dict[Side, FloatArray]:  # type: ignore[no-untyped-def]
    gain = closure_gain(shape.height_mm, rest)
    upper = gain * (shape.upper_mm - np.median(shape.upper_mm[:, rest], axis=1)[:, None])
    lower = gain * (shape.lower_mm - np.median(shape.lower_mm[:, rest], axis=1)[:, None])
    flows = np.stack([shape.upper_flow_mm, shape.lower_flow_mm], axis=-1)
    flows = flows - np.median(flows[:, rest], axis=1)[:, None]
    return {
        side: maps.eye_features(upper[row], lower[row], upper[1 - row] - lower[1 - row], flows[row])
        for side, row in EYE_ROW.items()
    }


def _split(changes: FloatArray) -> tuple[FloatArray, FloatArray]:
    left, right = changes[:, maps.LEFT_COLUMNS], changes[:, maps.RIGHT_COLUMNS]
    even = np.column_stack([(left + right) / 2, changes[:, maps.CHIN_UP]])
    odd = np.column_stack([(left - right) / 2, changes[:, maps.CHIN_ACROSS]])
    return even, odd


def _ridge(
    features: FloatArray, wanted: FloatArray, penalty: float, weights: FloatArray
) -> FloatArray:
    """Return weights drawn towards nothing, on features brought to one spread."""
    spread = features.std(axis=0) + 1e-9
    scaled = features / spread
    normal = (scaled * weights[:, None]).T @ scaled
    normal += penalty * weights.sum() * np.eye(len(spread))
    found = np.linalg.solve(normal, (scaled * weights[:, None]).T @ wanted)
    return found / (spread[:, None] if found.ndim == 2 else spread)


def fit(samples: list[Sample]) -> maps.FittedMaps:
    """Fit the three maps on some recordings."""
    measured = [_split(s.measured) for s in samples]
    true = [_split(s.true) for s in samples]
    parts = []
    for i, penalty in enumerate((EVEN_RIDGE, ODD_RIDGE)):
        features = np.vstack([m[i] for m in measured])
        wanted = np.vstack([t[i] - m[i] for m, t in zip(measured, true, strict=True)])
        part = _ridge(features, wanted, penalty, np.ones(len(features)))
        part[:, 0] = 0.0  # the fissure has a map of its own
        if i == 1:
            part[:, -1] = 0.0  # the rendered chins never leave the midline: nothing to learn
        parts.append(part)
    eyes = [(s, side) for s in samples for side in Side]
    features = np.vstack([s.eye_features[side] for s, side in eyes])
    wanted = np.concatenate(
        [s.true[:, _eye(side)] - s.eye_features[side][:, 0] for s, side in eyes]
    )
    closing = np.concatenate([[m.startswith("eye_close") for m in s.movements] for s, _ in eyes])
    eye = _ridge(features, wanted, EYE_RIDGE, np.where(closing, CLOSURE_WEIGHT, 1.0))
    ratio = float(np.mean([s.rest_ratio for s in samples]))
    return maps.FittedMaps(parts[0], parts[1], eye, ratio)


def predict(fitted: maps.FittedMaps, sample: Sample) -> FloatArray:
    """Apply maps to the measured changes of a recording."""
    changes = sample.measured.copy()
    for side in Side:
        features = sample.eye_features[side]
        changes[:, _eye(side)] = features[:, 0] + features @ fitted.eye
    return fitted.apply(changes)


def leave_one_out(samples: list[Sample]) -> dict[str, maps.FittedMaps]:
    """Return, for each identity, the maps fitted without it."""
    identities = {s.patient.identity for s in samples}
    return {i: fit([s for s in samples if s.patient.identity != i]) for i in sorted(identities)}


def left_over(
    samples: list[Sample], predicted: list[FloatArray], *, difference: bool
) -> dict[str, dict[str, float]]:
    """Root mean square error of a movement's mean change, mm, by channel and movement."""
    table = {}
    for channel in CHANNELS:
        if channel.side is Side.LEFT:
            continue
        errors = {
            str(m): _errors(samples, predicted, (channel, str(m)), difference=difference)
            for m in MOVEMENTS
        }
        own = {m: float(np.mean(np.square(e))) for m, e in errors.items()}
        asked = [m for m in MOVEMENTS if not moves_on_purpose(m, channel.region)]
        pooled = float(np.mean([own[str(m)] for m in asked or MOVEMENTS]))
        n = len(samples)
        table[f"{channel.region}_{channel.component}"] = {
            m: round(float(np.sqrt((n * v + POOL_WEIGHT * pooled) / (n + POOL_WEIGHT))), 3)
            for m, v in own.items()
        }
    return table


def _errors(
    samples: list[Sample],
    predicted: list[FloatArray],
    which: tuple[Channel, str],
    *,
    difference: bool,
) -> list[float]:
    channel, movement = which
    found = []
    for sample, values in zip(samples, predicted, strict=True):
        rows = np.array(sample.movements) == movement
        error = (values - sample.true)[rows].mean(axis=0)
        own = error[CHANNEL_INDEX[channel]]
        if channel.side is None:
            found.append(own)
            continue
        other = error[CHANNEL_INDEX[Channel(channel.region, Side.LEFT, channel.component)]]
        found += [other - own] if difference else [own, other]
    return found


def document(samples: list[Sample]) -> dict[str, object]:
    """Return the content of ``maps.json``."""
    fitted = fit(samples)
    without = leave_one_out(samples)
    unseen = [predict(without[s.patient.identity], s) for s in samples]
    plain = [s.measured for s in samples]
    return {
        "about": "Fitted on rendered patients of known truth; left_over_mm from patients that the "
        "maps had not seen. Made by benchmarks/fit_maps.py.",
        "ridge": {"even": EVEN_RIDGE, "odd": ODD_RIDGE, "eye": EYE_RIDGE},
        "n_patients": len(without),
        "n_recordings": len(samples),
        "even": fitted.even.round(4).tolist(),
        "odd": fitted.odd.round(4).tolist(),
        "eye": fitted.eye.round(4).tolist(),
        "rest_factor": round(fitted.rest_factor, 4),
        "left_over_mm": {
            "fitted_side": left_over(samples, unseen, difference=False),
            "fitted_difference": left_over(samples, unseen, difference=True),
            "unfitted_side": left_over(samples, plain, difference=False),
            "unfitted_difference": left_over(samples, plain, difference=True),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the package's maps")
    asked = parser.parse_args()
    samples = [measure(p) for p in patients()]
    if not samples:
        raise SystemExit("no rendered patients: name their folder in FACEWIRE_PATIENTS")
    found = document(samples)
    for kind, table in found["left_over_mm"].items():  # type: ignore[attr-defined]
        print(kind)
        for name, row in table.items():
            print(f"  {name:20s}", " ".join(f"{m[:10]} {v:.2f}" for m, v in row.items()))
    if asked.write:
        TARGET.write_text(json.dumps(found, indent=1) + "\n", encoding="utf8")
        print(f"written to {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
