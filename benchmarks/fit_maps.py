"""Fit the maps of `facewire.motion.maps` on rendered patients; write ``maps.json``.

    .venv/bin/python benchmarks/fit_maps.py            print what each choice leaves over
    .venv/bin/python benchmarks/fit_maps.py --write    and write the package's maps

Ridge regression of the truth's hold-minus-rest changes on the measured ones, one map for the even
part, one for the odd part. What is left over is measured on patients that
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
    Side,
    moves_on_purpose,
)
from facewire.motion import maps
from facewire.motion.compute import MotionSettings, displacements, fix_head
from patients import ROOT, Patient, cue_movements, hold_changes, patients, track_of, truth_signals

FloatArray = NDArray[np.float64]

EVEN_RIDGE, ODD_RIDGE = 0.3, 0.3

UNTOUCHED = [i for i, (region, _) in enumerate(maps.PAIRED) if region in maps.WITHOUT_MAP]

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


def measure(patient: Patient) -> Sample:
    """Measure a recording with no map applied."""
    track = track_of(patient)
    head = fix_head(track, MotionSettings())
    values = displacements(head.points_px, head.eyes_px, head.pose, head.mm_per_unit)
    return Sample(
        patient,
        cue_movements(patient.cues),
        hold_changes(track.times_s[head.usable], values, patient.cues),
        hold_changes(*truth_signals(patient), patient.cues),
    )


def _split(changes: FloatArray) -> tuple[FloatArray, FloatArray]:
    left, right = changes[:, maps.LEFT_COLUMNS], changes[:, maps.RIGHT_COLUMNS]
    even = np.column_stack([(left + right) / 2, changes[:, maps.CHIN_UP]])
    odd = np.column_stack([(left - right) / 2, changes[:, maps.CHIN_ACROSS]])
    return even, odd


def _ridge(features: FloatArray, wanted: FloatArray, penalty: float) -> FloatArray:
    """Return weights drawn towards nothing, on features brought to one spread."""
    spread = features.std(axis=0) + 1e-9
    scaled = features / spread
    normal = scaled.T @ scaled + penalty * len(scaled) * np.eye(len(spread))
    weights: FloatArray = np.linalg.solve(normal, scaled.T @ wanted) / spread[:, None]
    return weights


def fit(samples: list[Sample]) -> maps.FittedMaps:
    """Fit both maps on some recordings."""
    measured = [_split(s.measured) for s in samples]
    true = [_split(s.true) for s in samples]
    parts = []
    for i, penalty in enumerate((EVEN_RIDGE, ODD_RIDGE)):
        features = np.vstack([m[i] for m in measured])
        wanted = np.vstack([t[i] - m[i] for m, t in zip(measured, true, strict=True)])
        part = _ridge(features, wanted, penalty)
        part[:, UNTOUCHED] = 0.0
        if i == 1:
            part[:, -1] = 0.0  # the rendered chins never leave the midline: nothing to learn
        parts.append(part)
    return maps.FittedMaps(parts[0], parts[1])


def predict(fitted: maps.FittedMaps, sample: Sample) -> FloatArray:
    """Apply maps to the measured changes of a recording."""
    return fitted.apply(sample.measured)


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
        "ridge": {"even": EVEN_RIDGE, "odd": ODD_RIDGE},
        "n_patients": len(without),
        "n_recordings": len(samples),
        "even": fitted.even.round(4).tolist(),
        "odd": fitted.odd.round(4).tolist(),
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
