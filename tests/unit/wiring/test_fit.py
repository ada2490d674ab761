from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.face.muscles import MuscleGroup
from facewire.results.measurement import Measurement
from facewire.results.wiring import ClinicianFinding, Wiring
from facewire.wiring import FaceState, Settings, infer_wiring
from facewire.wiring.fit import unsaturated
from facewire.wiring.state import saturated
from simulated.wiring_patients import Kind, WiringPatient, simulate_patient

QUICK = Settings(chains=40, sweeps=50, kept=25)


@pytest.fixture(scope="module")
def patient() -> WiringPatient:
    return simulate_patient(11, Kind.MISWIRED)


@pytest.fixture(scope="module")
def wiring(patient: WiringPatient) -> Wiring:
    return infer_wiring([patient.result], settings=QUICK)


def percents(model: Wiring) -> np.ndarray:
    return np.array([np.nan if e.percent is None else e.percent for e in model.edges])


def scaled(result: Measurement, factor: float) -> Measurement:
    """The same face with every millimetre this many times as long."""
    tables = {}
    for table in ("voluntary", "synkinesis", "rest"):
        rows = []
        for row in getattr(result, table):
            lengths = [n for n in type(row).model_fields if n.endswith("_mm") or "ci_" in n]
            known = {n: getattr(row, n) for n in lengths if getattr(row, n) is not None}
            rows.append(row.replaced(**{n: factor * value for n, value in known.items()}))
        tables[table] = tuple(rows)
    return result.replaced(**tables)


def mirrored(result: Measurement) -> Measurement:
    def turned(row: Any) -> Any:
        chin = {"across_mm": None if row.across_mm is None else -row.across_mm}
        return row.replaced(side=row.side.other, **(chin if row.region is Region.CHIN else {}))

    return result.replaced(
        side_affected=None if result.side_affected is None else result.side_affected.other,
        voluntary=tuple(turned(row) for row in result.voluntary),
        synkinesis=tuple(turned(row) for row in result.synkinesis),
        rest=tuple(
            row if row.side is None else row.replaced(side=row.side.other) for row in result.rest
        ),
    )


def state_of(model: Wiring) -> FaceState:
    return FaceState.of_draws(model.draws)


@pytest.mark.slow
def test_true_and_inferred_edges_agree(patient: WiringPatient, wiring: Wiring) -> None:
    found = percents(wiring)
    known = np.isfinite(found)
    assert np.corrcoef(patient.percent.ravel()[known], found[known])[0, 1] > 0.9


def test_every_command_and_group_is_listed_once(wiring: Wiring) -> None:
    assert len({(e.command, e.muscle, e.side) for e in wiring.edges}) == 8 * 14
    assert {e.side for e in wiring.edges} == {wiring.affected_side}


@pytest.mark.slow
def test_the_same_input_gives_the_same_output(patient: WiringPatient, wiring: Wiring) -> None:
    again = infer_wiring([patient.result], settings=QUICK)
    assert np.array_equal(percents(again), percents(wiring), equal_nan=True)
    assert again.draws == wiring.draws


@pytest.mark.slow
def test_doubling_all_millimetres_leaves_percents(patient: WiringPatient, wiring: Wiring) -> None:
    double = infer_wiring([scaled(patient.result, 2.0)], settings=QUICK)
    assert np.allclose(percents(double), percents(wiring), atol=1e-6, equal_nan=True)
    assert np.allclose(state_of(double).action_mm, 2 * state_of(wiring).action_mm, atol=0.02)


@pytest.mark.slow
def test_a_mirrored_face_has_the_mirrored_wiring(patient: WiringPatient, wiring: Wiring) -> None:
    other = infer_wiring([mirrored(patient.result)], settings=QUICK)
    assert other.affected_side is patient.affected.other
    assert np.allclose(percents(other), percents(wiring), atol=1e-6, equal_nan=True)


@pytest.mark.slow
def test_a_healthy_face_has_no_edge_present() -> None:
    healthy = simulate_patient(3, Kind.HEALTHY, side_stated=False)
    model = infer_wiring([healthy.result], settings=QUICK)
    assert model.affected_side is None
    assert {e.side for e in model.edges} == set(Side)
    assert not any(e.present for e in model.edges)
    assert any("healthy" in note for note in model.notes)


def test_weakness_alone_is_no_wrong_edge() -> None:
    weak = simulate_patient(5, Kind.WEAK)
    assert not any(e.present for e in infer_wiring([weak.result], settings=QUICK).edges)


@pytest.mark.slow
def test_a_missing_movement_is_not_answered() -> None:
    some = tuple(m for m in Movement if m is not Movement.SNARL)
    model = infer_wiring([simulate_patient(11, movements=some).result], settings=QUICK)
    snarl = [e for e in model.edges if e.command is Movement.SNARL]
    assert all(e.percent is None and e.present is None for e in snarl)
    assert {e.reason for e in snarl} == {
        "the movement was not recorded, or no repetition could be kept"
    }
    assert {e.resolved_by for e in snarl} == {"record snarl"}


def test_the_platysma_is_not_assessed_without_a_finding(wiring: Wiring) -> None:
    platysma = [e for e in wiring.edges if e.muscle is MuscleGroup.PLATYSMA]
    assert all(e.percent is None and e.present is None for e in platysma)
    assert all(e.reason.startswith("not assessed") for e in platysma)


@pytest.mark.slow
def test_a_finding_answers_for_the_platysma(patient: WiringPatient) -> None:
    finding = ClinicianFinding(
        finding="platysma", grade=3, side=patient.affected, movement=Movement.LIP_PUCKER
    )
    model = infer_wiring([patient.result], [finding], QUICK)
    edge = next(
        e
        for e in model.edges
        if e.muscle is MuscleGroup.PLATYSMA and e.command is Movement.LIP_PUCKER
    )
    assert edge.percent is not None
    assert model.findings == (finding,)


def test_too_few_movements_are_refused() -> None:
    one = simulate_patient(2, movements=(Movement.SMILE_OPEN,))
    with pytest.raises(UsageError, match=r"too few movements.*Found: smile_open"):
        infer_wiring([one.result], settings=QUICK)


@pytest.mark.slow
def test_an_unconfirmed_side_is_carried(patient: WiringPatient) -> None:
    result = patient.result.replaced(side_confirmed=False)
    model = infer_wiring([result], settings=QUICK)
    assert not model.side_confirmed
    assert any("not confirmed" in note for note in model.notes)


@pytest.mark.slow
def test_recordings_of_unnamed_people_are_pooled_with_a_remark(patient: WiringPatient) -> None:
    def remarks(*subjects: str | None) -> int:
        results = [patient.result.replaced(subject=one) for one in subjects]
        notes = infer_wiring(results, settings=QUICK).notes
        return sum("of one person was not checked" in note for note in notes)

    assert (remarks("P1", None), remarks("P1", "P1"), remarks(None)) == (1, 0, 0)


@pytest.mark.slow
def test_two_recordings_narrow_the_intervals(patient: WiringPatient, wiring: Wiring) -> None:
    both = infer_wiring([patient.result, patient.result], settings=QUICK)
    assert mean_width(both) < mean_width(wiring)
    assert len(both.source.measurements) == 2


def mean_width(model: Wiring) -> float:
    strengths = [e.strength for e in model.edges if e.strength is not None]
    return float(np.mean([one.high - one.low for one in strengths]))


def test_a_healthy_side_that_does_not_move_is_refused(patient: WiringPatient) -> None:
    none = {"excursion_mm": 0.0, "ci_low": -0.4, "ci_high": 0.4}
    rows = []
    for row in patient.result.voluntary:
        parts = {} if row.across_mm is None else {"across_mm": 0.0, "up_mm": 0.0}
        rows.append(row.replaced(**none, **parts))
    still = patient.result.replaced(voluntary=tuple(rows))
    with pytest.raises(UsageError, match="moves too little"):
        infer_wiring([still], settings=QUICK)


def test_the_interval_and_the_deviation_of_a_sure_edge_agree(wiring: Wiring) -> None:
    """Draws of an edge far from 0 are near normal: half a 95 % interval is 1.96 deviations."""
    sure = [
        e.strength
        for e in wiring.edges
        if e.strength is not None and e.ci_low and e.ci_low > 2 * (e.percent_sd or 0.0)
    ]
    ratios = [(one.high - one.low) / (2 * 1.959964 * one.needed_sd) for one in sure]
    assert len(sure) >= 5
    assert float(np.median(ratios)) == pytest.approx(1.0, abs=0.1)
    assert {one.kind for one in sure} == {"inferred"}


def test_saturation_is_undone() -> None:
    activation = np.array([0.0, 0.3, 1.0, 1.2])
    assert np.allclose(unsaturated(saturated(activation)), activation, atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("foreign", [False, True])
def test_known_wiring_is_found_again(foreign: bool) -> None:
    faces = [simulate_patient(900 + i, foreign=foreign) for i in range(10)]
    models = [infer_wiring([face.result]) for face in faces]
    truth = np.array([face.percent.ravel() for face in faces])
    low = np.array([[e.ci_low for e in m.edges] for m in models], dtype=float)
    high = np.array([[e.ci_high for e in m.edges] for m in models], dtype=float)
    found = np.array([percents(m) for m in models])
    known = np.isfinite(found)
    assert np.corrcoef(truth[known], found[known])[0, 1] > 0.9
    held = (truth >= low - 0.01) & (truth <= high + 0.01)
    assert held[known & (truth > 0)].mean() > 0.85
    called = np.array([[e.present is True for e in m.edges] for m in models])
    assert (called & (truth == 0)).sum() <= 0.1 * called.sum()
