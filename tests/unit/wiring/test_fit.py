from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import Movement, Side
from facewire.face.muscles import MuscleGroup
from facewire.wiring import Settings, WiringModel, infer_wiring
from facewire.wiring.fit import unsaturated
from facewire.wiring.state import saturated
from simulated.wiring_patients import Kind, WiringPatient, simulate_patient

QUICK = Settings(chains=40, sweeps=50, kept=25)
MM_KEYS = ("_mm", "ci_low", "ci_high")


@pytest.fixture(scope="module")
def patient() -> WiringPatient:
    return simulate_patient(11, Kind.MISWIRED)


@pytest.fixture(scope="module")
def wiring(patient: WiringPatient) -> WiringModel:
    return infer_wiring(patient.result, settings=QUICK)


def percents(model: WiringModel) -> np.ndarray:
    return np.array([e.percent for e in model.edges])


def scaled(result: dict[str, Any], factor: float) -> dict[str, Any]:
    """The same face with every millimetre this many times as long."""
    out = copy.deepcopy(result)
    for table in ("voluntary", "synkinesis", "rest"):
        for row in out[table]:
            for key, value in row.items():
                length = key.endswith("_mm") or "ci_" in key
                if length and isinstance(value, float):
                    row[key] = factor * value
    return out


def mirrored(result: dict[str, Any]) -> dict[str, Any]:
    out = copy.deepcopy(result)
    swap = {"L": "R", "R": "L", None: None}
    out["side_affected"] = swap[out["side_affected"]]
    for table in ("voluntary", "synkinesis", "rest"):
        for row in out[table]:
            row["side"] = swap[row["side"]]
            if row["region"] == "chin" and row.get("across_mm") is not None:
                row["across_mm"] = -row["across_mm"]
    return out


def test_true_and_inferred_edges_agree(patient: WiringPatient, wiring: WiringModel) -> None:
    found = percents(wiring)
    known = np.isfinite(found)
    assert np.corrcoef(patient.percent.ravel()[known], found[known])[0, 1] > 0.9


def test_every_command_and_group_is_listed_once(wiring: WiringModel) -> None:
    assert len({(e.command, e.muscle, e.side) for e in wiring.edges}) == 8 * 14
    assert {e.side for e in wiring.edges} == {wiring.affected_side}


def test_the_same_input_gives_the_same_output(patient: WiringPatient, wiring: WiringModel) -> None:
    again = infer_wiring(patient.result, settings=QUICK)
    assert np.array_equal(percents(again), percents(wiring), equal_nan=True)
    assert np.array_equal(again.state.wrong, wiring.state.wrong)


def test_doubling_all_millimetres_leaves_percents(
    patient: WiringPatient, wiring: WiringModel
) -> None:
    double = infer_wiring(scaled(patient.result, 2.0), settings=QUICK)
    assert np.allclose(percents(double), percents(wiring), atol=1e-6, equal_nan=True)
    assert np.allclose(double.state.action_mm, 2 * wiring.state.action_mm)


def test_a_mirrored_face_has_the_mirrored_wiring(
    patient: WiringPatient, wiring: WiringModel
) -> None:
    other = infer_wiring(mirrored(patient.result), settings=QUICK)
    assert other.affected_side is patient.affected.other
    assert np.allclose(percents(other), percents(wiring), atol=1e-6, equal_nan=True)


def test_a_healthy_face_has_no_edge_present() -> None:
    healthy = simulate_patient(3, Kind.HEALTHY, side_stated=False)
    model = infer_wiring(healthy.result, settings=QUICK)
    assert model.affected_side is None
    assert {e.side for e in model.edges} == set(Side)
    assert not any(e.present for e in model.edges)
    assert any("healthy" in note for note in model.notes)


def test_weakness_alone_is_no_wrong_edge() -> None:
    weak = simulate_patient(5, Kind.WEAK)
    assert not any(e.present for e in infer_wiring(weak.result, settings=QUICK).edges)


def test_a_missing_movement_is_not_answered() -> None:
    some = tuple(m for m in Movement if m is not Movement.SNARL)
    model = infer_wiring(simulate_patient(11, movements=some).result, settings=QUICK)
    snarl = [e for e in model.edges if e.command is Movement.SNARL]
    assert all(np.isnan(e.percent) and e.present is None for e in snarl)
    assert {e.reason for e in snarl} == {"this movement was not recorded"}
    assert {e.resolved_by for e in snarl} == {"record snarl"}


def test_the_platysma_is_not_assessed_without_a_finding(wiring: WiringModel) -> None:
    platysma = [e for e in wiring.edges if e.muscle is MuscleGroup.PLATYSMA]
    assert all(np.isnan(e.percent) and e.present is None for e in platysma)
    assert all(e.reason.startswith("not assessed") for e in platysma)


def test_a_finding_answers_for_the_platysma(patient: WiringPatient) -> None:
    finding = {
        "finding": "platysma",
        "grade": 3,
        "side": str(patient.affected),
        "movement": "lip_pucker",
        "source": "clinician",
    }
    model = infer_wiring(patient.result, [finding], QUICK)
    edge = next(
        e
        for e in model.edges
        if e.muscle is MuscleGroup.PLATYSMA and e.command is Movement.LIP_PUCKER
    )
    assert np.isfinite(edge.percent)
    assert model.findings == (finding,)


def test_too_few_movements_are_refused() -> None:
    one = simulate_patient(2, movements=(Movement.SMILE_OPEN,))
    with pytest.raises(UsageError, match=r"too few movements.*Found: smile_open"):
        infer_wiring(one.result, settings=QUICK)


def test_an_unconfirmed_side_is_carried(patient: WiringPatient) -> None:
    result = patient.result | {"side_confirmed": False}
    model = infer_wiring(result, settings=QUICK)
    assert not model.side_confirmed
    assert any("not confirmed" in note for note in model.notes)


def test_two_recordings_narrow_the_intervals(patient: WiringPatient, wiring: WiringModel) -> None:
    both = infer_wiring([patient.result, patient.result], settings=QUICK)
    width = np.nanmean([e.ci_high - e.ci_low for e in wiring.edges])
    assert np.nanmean([e.ci_high - e.ci_low for e in both.edges]) < width
    assert len(both.source["measurements"]) == 2


def test_a_healthy_side_that_does_not_move_is_refused(patient: WiringPatient) -> None:
    still = copy.deepcopy(patient.result)
    for row in still["voluntary"]:
        for key in ("excursion_mm", "across_mm", "up_mm"):
            row[key] = None if row[key] is None else 0.0
    with pytest.raises(UsageError, match="moves too little"):
        infer_wiring(still, settings=QUICK)


def test_saturation_is_undone() -> None:
    activation = np.array([0.0, 0.3, 1.0, 1.2])
    assert np.allclose(unsaturated(saturated(activation)), activation, atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("foreign", [False, True])
def test_known_wiring_is_found_again(foreign: bool) -> None:
    faces = [simulate_patient(900 + i, foreign=foreign) for i in range(10)]
    models = [infer_wiring(face.result) for face in faces]
    truth = np.array([face.percent.ravel() for face in faces])
    low = np.array([[e.ci_low for e in m.edges] for m in models])
    high = np.array([[e.ci_high for e in m.edges] for m in models])
    found = np.array([percents(m) for m in models])
    known = np.isfinite(found)
    assert np.corrcoef(truth[known], found[known])[0, 1] > 0.9
    held = (truth >= low - 0.01) & (truth <= high + 0.01)
    assert held[known & (truth > 0)].mean() > 0.85
    called = np.array([[e.present is True for e in m.edges] for m in models])
    assert (called & (truth == 0)).sum() <= 0.1 * called.sum()
