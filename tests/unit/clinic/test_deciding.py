"""What is computed for a visit: prepared from the record, computed, stored with its inputs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from facewire.clinic.deciding import compute, made_files, prepare_deciding
from facewire.clinic.runner import JobRunner, Pace, TakenOverError, store_decided
from facewire.clinic.worker import RESULTS
from facewire.errors import FacewireError, RecordError, UsageError
from facewire.face import Side
from facewire.record.audit import Actor
from facewire.record.clinical import Story, save_consent, save_finding, save_history
from facewire.record.deciding import newest_computed, read_computed
from facewire.record.facts import save_answer
from facewire.record.injections import Given, Injection, record_injections
from facewire.record.inputs import Inputs, gather, inputs_of
from facewire.record.jobs import Claim, ask_to_decide, beat, cancel, take
from facewire.record.recordings import void_recording
from facewire.record.store import Session, add
from facewire.record.tables import Computed, Job, Measurement, Recording, Visit
from facewire.results.forecast import Forecast
from facewire.results.learned import Learned
from facewire.results.plan import Plan
from facewire.results.safety import Answer
from facewire.results.wiring import Wiring
from unit.report.made_result import synkinetic_result
from unit.treatment.test_responding import clinic, learned
from upload_place import Place

BY = Actor("a" * 32, "clinician")
TOXIN = {
    "kind": "botulinum_toxin",
    "side": "R",
    "day": 0,
    "muscle": "orbicularis_oculi",
    "product": "onabotulinumtoxinA",
    "units": 5.0,
    "sites": 2,
}
"""A treatment of the affected side, as a form asks for it."""


DRY = ("dry_eye", Side.LEFT)


def forecast_of(*rows: dict[str, Any], barred: bool = True) -> dict[str, Any]:
    return {"of": "forecast", "treatments": list(rows), "days": 120, "simulate_barred": barred}


def measured(place: Place, **changed: Any) -> str:
    """Give the visit a measurement that is affected on the right; return its id."""
    own = {"patient_id": place.visit.patient_id, "visit_id": place.visit.id}
    with place.record.writing() as session:
        recording = Recording(**own, origin="upload", state="measured")
        recording.started_at = datetime.now(UTC)
        add(session, recording)
        row = Measurement(**own, recording_id=recording.id, result=synkinetic_result() | changed)
        return add(session, row).id


class Taught:
    """A clinic in which toxin of this muscle does half of what the literature says."""

    asked_for: str | None = None

    def learned_for(self, session: Session, patient_id: str) -> Learned:
        self.asked_for = patient_id
        return learned(clinic=clinic(0.5))


def run(place: Place, settings: dict[str, Any], learner: Any = None) -> Job:
    """Ask for something and let the queue see it through in a process of its own."""
    with place.record.writing(by=BY) as session:
        job = ask_to_decide(session, place.visit, settings)
    runner = JobRunner(place.record, place.folder, pace=Pace(0.02, 0.1), learner=learner)
    assert runner.run_one()
    with place.record.reading() as session:
        return session.get_one(Job, job.id)


def newest(place: Place, kind: str) -> Computed:
    with place.record.reading() as session:
        found = newest_computed(session, place.visit.id, kind)
    assert found is not None
    return found


def now(place: Place) -> Inputs:
    with place.record.reading() as session:
        return gather(session, session.get_one(Visit, place.visit.id))


@pytest.mark.slow
def test_wiring_plan_and_forecast_are_stored_with_what_they_were_computed_from(
    sealed_place: Place,
) -> None:
    place = sealed_place
    measurement = measured(place)
    with place.record.writing(by=BY) as session:
        save_finding(session, place.visit, "platysma", "R", 2)
        earlier = Given(place.visit.patient_id, date(2026, 2, 1))
        record_injections(session, earlier, "onabotulinumtoxinA", [Injection("mentalis", "R", 2)])
    assert run(place, PLAN).state == "done"
    row = newest(place, "plan")
    plan = read_computed(place.media, row, Plan)
    wiring = read_computed(place.media, newest(place, "wiring"), Wiring)
    assert (plan.affected_side, row.created_by) == (Side.RIGHT, BY.account_id)
    assert (wiring.findings[0].finding, wiring.findings[0].grade) == ("platysma", 2)
    known = {(one.fact, one.side): one.origin for one in plan.facts.known}
    assert known["months_since_toxin", Side.RIGHT] == "toxin of 2026-02-01"
    inputs = inputs_of(row)
    assert (inputs.measurement_id, inputs.changed(now(place))) == (measurement, ())
    assert inputs.more["result_sha256"] == plan.source.measurements[0].content_sha256

    assert run(place, forecast_of(TOXIN)).state == "done"
    found = read_computed(place.media, newest(place, "forecast"), Forecast)
    assert {one.learned for one in found.treatments} == {None}
    assert [(one.day, one.muscle) for one in found.treatments] == [
        (-31, "mentalis"),
        (0, "orbicularis_oculi"),
    ]
    assert found.barred, "toxin a month after the last course"
    assert inputs_of(newest(place, "forecast")).more["wiring_id"] == newest(place, "wiring").id
    assert not any(place.folder.work().path.iterdir())


@pytest.mark.slow
def test_a_forecast_uses_what_the_clinics_own_patients_taught(place: Place) -> None:
    measured(place)
    assert run(place, PLAN).state == "done"
    taught = Taught()
    assert run(place, forecast_of(TOXIN), taught).state == "done"
    row = newest(place, "forecast")
    (given,) = read_computed(place.media, row, Forecast).treatments
    assert given.learned is not None
    assert given.learned.source == "clinic"
    assert len(inputs_of(row).more["learned_sha256"]) == 64
    assert taught.asked_for == place.visit.patient_id


def test_what_changed_since_is_named(place: Place) -> None:
    measured(place)
    before = now(place)
    with place.record.writing(by=BY) as session:
        visit = session.get_one(Visit, place.visit.id)
        save_answer(session, visit, ("dry_eye", Side.LEFT), False, by="Ann", on=visit.on)
        save_finding(session, visit, "platysma", "R", 1)
        record_injections(
            session, Given(visit.patient_id, visit.on), "onabotulinumtoxinA", [Injection("x", "R")]
        )
    assert before.changed(now(place)) == (
        "findings",
        "affected_side_treated",
        "dry_eye",
        "neck_bands",
        "toxin_ever",
        "toxin_given",
    )
    measured(place)
    assert "measurement" in before.changed(now(place))
    assert Inputs.of(before.text()) == before


def computed(place: Place, settings: dict[str, Any]) -> tuple[Claim, Path]:
    """Ask for something, take it and compute it here; what was made lies in the folder."""
    with place.record.writing(by=BY) as session:
        ask_to_decide(session, place.visit, settings)
    claim = take(place.record)
    assert claim is not None
    folder = place.folder.work().place(claim.job_id)
    with place.record.reading() as session:
        prepare_deciding(session, claim, place.media, folder)
    compute(folder, folder / RESULTS, lambda _step, _share: None)
    return claim, folder


def stored(place: Place, settings: dict[str, Any]) -> None:
    store_decided(place.record, place.media, *computed(place, settings))


PLAN = {"of": "plan"}


def test_a_visit_without_a_measurement_says_what_to_do(place: Place) -> None:
    job = run(place, PLAN)
    assert (job.state, job.problem is not None) == ("failed", True)
    problem: dict[str, str] = job.problem or {}
    assert problem["what"] == "This visit has no measurement"
    assert problem["do"].startswith("record the face")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("side", "changed", "what", "do"),
    [
        ("L", {}, "name different affected sides", "correct the history"),
        ("both", {}, "both sides are affected", "correct the history"),
        ("R", {"side_confirmed": False}, "Left and right are not confirmed", "measure again"),
    ],
)
def test_a_side_that_is_not_sure_is_refused_with_the_next_action(
    place: Place, side: str, changed: dict[str, Any], what: str, do: str
) -> None:
    measured(place, **changed)
    with place.record.writing(by=BY) as session:
        save_history(session, place.visit.patient_id, Story(side=side))
    with pytest.raises(UsageError, match=what) as caught:
        computed(place, PLAN)
    assert do in caught.value.do


def test_a_forecast_without_a_wiring_of_this_measurement_is_refused(place: Place) -> None:
    measured(place)
    with pytest.raises(RecordError, match="compute wiring and plan first"):
        computed(place, forecast_of(TOXIN))


@pytest.mark.slow
def test_what_is_barred_is_refused_unless_it_was_asked_for(place: Place) -> None:
    measured(place)
    stored(place, PLAN)
    healthy = TOXIN | {"side": "L"}
    with pytest.raises(UsageError, match="barred by a rule"):
        computed(place, forecast_of(healthy, barred=False))
    stored(place, forecast_of(healthy))
    found = read_computed(place.media, newest(place, "forecast"), Forecast)
    assert found.barred
    assert {one.answer for one in found.safety} == {Answer.BARRED}


@pytest.mark.slow
def test_results_of_a_cancelled_job_are_not_stored(place: Place) -> None:
    measured(place)
    claim, folder = computed(place, PLAN)
    with place.record.writing() as session:
        cancel(session, session.get_one(Job, claim.job_id))
    with pytest.raises(TakenOverError):
        store_decided(place.record, place.media, claim, folder)
    with place.record.reading() as session:
        assert session.query(Computed).count() == 0
    assert list(place.media.ids()) == []


@pytest.mark.slow
def test_a_withdrawn_consent_ends_the_computing(place: Place) -> None:
    measured(place)
    claim, _ = computed(place, PLAN)
    assert beat(place.record, claim, "plan", 0.5)
    with place.record.writing(by=BY) as session:
        patient_id = place.visit.patient_id
        save_consent(session, patient_id, "care", given=False, wording="care/1")
    assert not beat(place.record, claim, "plan", 0.6)
    with place.record.reading() as session:
        assert session.get_one(Job, claim.job_id).state == "failed"


@pytest.mark.slow
def test_nothing_is_stored_of_a_measurement_that_was_made_void_meanwhile(place: Place) -> None:
    measurement = measured(place)
    claim, folder = computed(place, PLAN)
    with place.record.writing(by=BY) as session:
        row = session.get_one(Measurement, measurement)
        void_recording(session, session.get_one(Recording, row.recording_id), "another face")
    with pytest.raises(RecordError, match="made void meanwhile"):
        store_decided(place.record, place.media, claim, folder)
    assert list(place.media.ids()) == []


@pytest.mark.slow
def test_the_folder_of_a_job_names_nobody(place: Place) -> None:
    measured(place)
    with place.record.writing(by=BY) as session:
        visit = session.get_one(Visit, place.visit.id)
        save_answer(session, visit, DRY, value=True, by="Dr Ann", on=visit.on)
    _, folder = computed(place, PLAN)
    text = (folder / "inputs.json").read_text()
    assert json.loads(text)["facts"]["facts"]["dry_eye"] == {"left": True}
    assert "Ann" not in text
    (folder / RESULTS / "plan.json").unlink()
    with pytest.raises(FacewireError):
        made_files(Claim("", 1, "", PLAN, "decide"), folder / RESULTS)
