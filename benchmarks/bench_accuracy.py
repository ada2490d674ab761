"""Accuracy on rendered patients: maps fitted without each patient, and with nothing fitted.

These are other people's renders of another head model than the package's own, but renders all the
same: agreement with them is a self-check, not evidence about real faces.

Every number of a recording comes from maps that never saw its identity. The predictions are
written to ``out/bench`` in the form of ``facewire measure --json``.
"""

from __future__ import annotations

import json
from unittest import mock

import numpy as np

from facewire.motion import MotionSettings, compute, compute_motion, maps
from facewire.synkinesis import MapSettings
from fit_maps import leave_one_out, measure
from patients import ROOT, Patient, measurement_from, patients, track_of
from rows import Row

ASKED = {
    "brow_raise": ("eye", "commissure"),
    "eye_close_gentle": ("commissure", "chin"),
    "eye_close_tight": ("commissure", "chin"),
    "smile_closed": ("eye", "brow"),
    "smile_open": ("eye", "brow"),
    "snarl": ("eye",),
    "lip_pucker": ("eye", "brow"),
    "lower_teeth_show": ("eye", "brow"),
}
"""Movement and region pairs that are scored."""

WIRES = {
    "smile": ("smile_closed", "smile_open"),
    "pucker": ("lip_pucker",),
    "snarl": ("snarl",),
    "brow": ("brow_raise",),
    "eye_close": ("eye_close_gentle", "eye_close_tight"),
    "lower_teeth": ("lower_teeth_show",),
}
"""Movements that a command of the truth's miswiring stands for."""
REACHED = {"eye_narrow": "eye", "commissure_pull": "commissure", "chin": "chin"}
TIMED_MM = 1.5
LATE_MS, LATE_SMILE_MS = 20.0, 30.0

OUT = ROOT / "out" / "bench"


def predict(patient: Patient, fitted: maps.FittedMaps | None) -> dict[str, object]:
    """Measure one recording with given maps, or with none."""
    with mock.patch.object(compute, "load_maps", return_value=fitted):
        settings = MotionSettings(fitted=fitted is not None)
        signals = compute_motion(track_of(patient), settings)
    return measurement_from(patient, signals, MapSettings(fitted=fitted is not None)).plain()


def rows() -> list[Row]:
    """Score every rendered patient, with and without the fitted maps."""
    people = patients()
    if not people:
        remark = "no rendered patients: name their folder in FACEWIRE_PATIENTS"
        return [Row("accuracy", "rendered patients", float("nan"), "", remark=remark)]
    without = leave_one_out([measure(p) for p in people])
    OUT.mkdir(parents=True, exist_ok=True)
    found = []
    for name, fitted in (("fitted, unseen", True), ("nothing fitted", False)):
        results = {p.case: predict(p, without[p.identity] if fitted else None) for p in people}
        path = OUT / f"predictions_{'fitted' if fitted else 'unfitted'}.json"
        path.write_text(json.dumps(results), encoding="utf8")
        truths = {
            p.case: json.loads(p.video.with_suffix(".truth.json").read_text()) for p in people
        }
        found += _score(name, results, truths, goals=fitted)
    return found


def _score(name: str, results: dict, truths: dict, *, goals: bool) -> list[Row]:
    found = []
    for region, error, sensitivity in (("eye", 0.4, 0.95), ("commissure", 0.45, 0.9)):
        pairs = _pairs(results, truths, region)
        there = [
            (got["change_mm"], true["involuntary_mm"]) for got, true in pairs if true["present"]
        ]
        got, true = (np.array(v, dtype=float) for v in zip(*there, strict=True))
        known = np.isfinite(got)
        hit = np.array([bool(g.get("present")) for g, t in pairs if t["present"]])
        quiet = np.array([not g.get("present") for g, t in pairs if not t["present"]])
        label = f"{name}: involuntary {region}"
        miss = float(np.abs(got - true)[known].mean())
        slope_pairs = [(t["involuntary_mm"], g["change_mm"]) for g, t in pairs]
        found += [
            Row(
                "accuracy",
                f"{label}, error where present",
                miss,
                "mm",
                at_most=error if goals else None,
            ),
            Row(
                "accuracy", f"{label}, slope", _slope(slope_pairs), "", remark="0.85 to 1.15 asked"
            ),
            Row(
                "accuracy",
                f"{label}, sensitivity",
                float(hit.mean()),
                "",
                at_least=sensitivity if goals else None,
            ),
            Row(
                "accuracy",
                f"{label}, specificity",
                float(quiet.mean()),
                "",
                at_least=0.97 if goals else None,
            ),
        ]
    found += _totals(name, results, truths, goals=goals)
    found += _latencies(name, results, truths, goals=goals)
    return found + _cases(name, results, truths, goals=goals)


def _pairs(results: dict, truths: dict, region: str) -> list[tuple[dict, dict]]:
    found = []
    for case, result in results.items():
        truth = {(t["movement"], t["region"], t["side"]): t for t in truths[case]["summary"]}
        found += [
            (row, truth[row["movement"], region, row["side"]])
            for row in result["synkinesis"]
            if row["region"] == region and region in ASKED[row["movement"]]
        ]
    return found


def _slope(pairs: list[tuple[float, float | None]]) -> float:
    known = [(x, y) for x, y in pairs if y is not None]
    true, got = (np.array(v, dtype=float) for v in zip(*known, strict=True))
    return float(np.polyfit(true, got, 1)[0])


def _totals(name: str, results: dict, truths: dict, *, goals: bool) -> list[Row]:
    found = []
    for region in ("eye", "commissure", "brow", "upper_lip", "lower_lip", "ala"):
        pairs = []
        for case, result in results.items():
            truth = {(t["movement"], t["region"], t["side"]): t for t in truths[case]["summary"]}
            pairs += [
                (truth[r["movement"], region, r["side"]]["total_change_mm"], r["excursion_mm"])
                for r in result["voluntary"]
                if r["region"] == region and r["excursion_mm"] is not None
            ]
        error = float(np.mean([abs(a - b) for a, b in pairs]))
        limit = 0.45 if region in ("eye", "commissure") else 0.35
        label = f"{name}: total {region}"
        found.append(
            Row("accuracy", f"{label}, error", error, "mm", at_most=limit if goals else None)
        )
        found.append(
            Row("accuracy", f"{label}, slope", _slope(pairs), "", remark="0.9 to 1.1 asked")
        )
    return found


def _latencies(name: str, results: dict, truths: dict, *, goals: bool) -> list[Row]:
    """Error of the onset delays of large involuntary changes, and how many are near enough."""
    errors, within = [], []
    for case, result in results.items():
        side, spec = truths[case]["affected_side"], truths[case]["spec"]
        sizes = {
            (t["movement"], t["region"]): abs(t["involuntary_mm"])
            for t in truths[case]["summary"]
            if t["side"] == side or t["region"] == "chin"
        }
        found = {
            (r["movement"], r["region"]): r["latency_s"]
            for r in result["synkinesis"]
            if r["side"] == side or (r["region"] == "chin" and r["latency_s"] is not None)
        }
        for wire in spec.get("miswiring", []):
            for movement in WIRES[wire["from"]]:
                key = movement, REACHED[wire["to"]]
                if sizes.get(key, 0.0) < TIMED_MM:
                    continue
                late = found.get(key)
                error = float("nan") if late is None else 1000 * late - wire["latency_ms"]
                errors.append(error)
                limit = LATE_SMILE_MS if wire["from"] == "smile" else LATE_MS
                within.append(abs(error) <= limit)
    known = np.abs(errors)[np.isfinite(errors)]
    label = f"{name}: onset delay"
    how = f"{len(errors)} of at least {TIMED_MM:g} mm; {len(errors) - len(known)} not resolved"
    return [
        Row("accuracy", f"{label}, median error", float(np.median(known)), "ms", remark=how),
        Row("accuracy", f"{label}, largest error", float(known.max()), "ms", remark=how),
        Row(
            "accuracy",
            f"{label}, within {LATE_MS:g} ms ({LATE_SMILE_MS:g} in smiles)",
            float(np.mean(within)),
            "",
            at_least=1.0 if goals else None,
            remark=how,
        ),
    ]


def _cases(name: str, results: dict, truths: dict, *, goals: bool) -> list[Row]:
    side = [results[c]["side_affected"] == truths[c]["affected_side"] for c in results]
    named = [
        any(
            r.get("present")
            for r in results[c]["synkinesis"]
            if r["region"] in ASKED[r["movement"]]
        )
        == truths[c]["has_synkinesis"]
        for c in results
    ]
    inside, widths = [], []
    affected = {c: r for c, r in results.items() if truths[c]["affected_side"]}
    for region in ("eye", "commissure", "brow", "chin"):
        for got, true in _pairs(affected, truths, region):
            if got["ci_low"] is not None:
                inside.append(got["ci_low"] <= true["involuntary_mm"] <= got["ci_high"])
                widths.append(got["ci_high"] - got["ci_low"])
    one = 1.0 if goals else None
    return [
        Row("accuracy", f"{name}: affected side right", float(np.mean(side)), "", at_least=one),
        Row(
            "accuracy", f"{name}: synkinetic or not, right", float(np.mean(named)), "", at_least=one
        ),
        Row(
            "accuracy",
            f"{name}: 95 % intervals cover",
            float(np.mean(inside)),
            "",
            remark="0.90 to 0.99 asked",
        ),
        Row(
            "accuracy",
            f"{name}: mean width of intervals",
            float(np.mean(widths)),
            "mm",
            at_most=one,
        ),
    ]
