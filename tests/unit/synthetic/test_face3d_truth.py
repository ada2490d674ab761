"""The truth beside a clip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.face import Side
from facewire.synthetic.face3d.rig import FaceRig
from facewire.synthetic.face3d.truth import compute_truth, truth_arrays, truth_table
from facewire.synthetic.patient import PatientSpec

pytestmark = pytest.mark.models


def swap(name: str) -> str:
    return name[:-1] + {"L": "R", "R": "L"}[name[-1]]


def test_healthy_face_moves_alike_on_both_sides(rig: FaceRig, healthy: PatientSpec) -> None:
    truth = compute_truth(healthy, rig)
    assert truth.signals["fissure_L"] == pytest.approx(truth.signals["fissure_R"], abs=1e-4)
    mirrored = truth.signals["commissure_R"] * [-1, 1, 1]
    assert truth.signals["commissure_L"] == pytest.approx(mirrored, abs=1e-4)
    assert not truth.has_synkinesis


@pytest.mark.slow
def test_mirrored_patient_swaps_sides(rig: FaceRig, synkinetic: PatientSpec) -> None:
    one, other = (compute_truth(s, rig) for s in (synkinetic, synkinetic.mirrored()))
    assert other.spec.affected_side is Side.LEFT
    for name in ("fissure_L", "fissure_R", "brow_R", "upper_lip_L"):
        assert other.signals[swap(name)] == pytest.approx(one.signals[name], abs=1e-4)
    table = {(r["movement"], r["region"], r["side"]): r for r in one.summary}
    for row in other.summary:
        twin = table[row["movement"], row["region"], swap(row["side"])]
        assert row["involuntary_mm"] == pytest.approx(twin["involuntary_mm"], abs=0.002)
        assert row["present"] == twin["present"]


def test_miswiring_closes_the_eye_by_its_gain(rig: FaceRig, synkinetic: PatientSpec) -> None:
    truth = compute_truth(synkinetic, rig)
    row = next(
        r
        for r in truth.summary
        if (r["movement"], r["region"], r["side"]) == ("smile_open", "eye", "R")
    )
    effort = truth.performance.cues[0].effort
    rest = float(truth.rest["fissure_R"])
    assert row["involuntary_mm"] == pytest.approx(-0.4 * effort * rest, rel=0.05)
    assert row["present"]


def test_without_miswiring_nothing_is_involuntary(rig: FaceRig, synkinetic: PatientSpec) -> None:
    weak = replace(synkinetic, miswiring=(), voluntary_gain={"buccal": 0.5})
    truth = compute_truth(weak, rig)
    assert all(row["involuntary_mm"] == 0 for row in truth.summary)
    assert not truth.has_synkinesis
    for name, values in truth.signals.items():
        assert np.array_equal(values, truth.without_miswiring[name])


@pytest.mark.slow
def test_miswiring_follows_its_command_by_its_latency(
    rig: FaceRig, synkinetic: PatientSpec
) -> None:
    filmed = replace(synkinetic, camera=replace(synkinetic.camera, fps=100.0))
    truth = compute_truth(filmed, rig)
    cue = truth.performance.cues[0]
    extra = truth.signals["fissure_R"] - truth.without_miswiring["fissure_R"]
    times_s = truth.performance.times_s
    rising = (times_s > cue.start_s) & (times_s < cue.onset_end_s + 0.2)
    half = times_s[rising][np.argmax(extra[rising] <= extra[rising].min() / 2)]
    assert half - (cue.start_s + cue.onset_end_s) / 2 == pytest.approx(0.05, abs=0.015)


@pytest.mark.slow
def test_same_seed_same_truth(rig: FaceRig, synkinetic: PatientSpec) -> None:
    one, again = (truth_arrays(compute_truth(synkinetic, rig)) for _ in range(2))
    other = truth_arrays(compute_truth(replace(synkinetic, seed=9), rig))
    assert all(np.array_equal(one[k], again[k]) for k in one)
    assert not np.array_equal(one["head_yaw_pitch_roll_deg"], other["head_yaw_pitch_roll_deg"])


@pytest.mark.slow
def test_truth_table_has_every_movement_region_and_side(
    rig: FaceRig, synkinetic: PatientSpec
) -> None:
    table = truth_table(compute_truth(synkinetic, rig))
    assert len(table["summary"]) == 8 * 7 * 2
    assert {r["movement"] for r in table["summary"] if r["asked"]} == {
        "smile_open",
        "eye_close_gentle",
    }
    assert table["affected_side"] == "R"
    assert table["iris_diameter_mm"] == 11.7
    assert len(table["rest"]["commissure_R"]) == 3
