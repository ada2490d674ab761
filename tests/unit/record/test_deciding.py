from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from facewire.errors import ForbiddenError, NotFoundError, RecordError
from facewire.record.audit import Actor
from facewire.record.clinical import save_consent
from facewire.record.deciding import (
    Choice,
    computed_row,
    decide,
    decision_before,
    decision_of,
    given_since,
    newest_computed,
    release,
    released_documents,
    released_ids,
)
from facewire.record.injections import Given, Injection, record_injections
from facewire.record.jobs import ask_to_decide, cancel, deciding_jobs, queue_before, take
from facewire.record.recordings import void_recording
from facewire.record.store import Record, Session, add
from facewire.record.tables import (
    Computed,
    Decision,
    Job,
    Measurement,
    Media,
    Patient,
    Recording,
    Release,
    Visit,
)
from facewire.record.visits import add_visit, void_visit

BY = Actor("a" * 32, "clinician")


def measured(session: Session, visit: Visit) -> Measurement:
    own = {"patient_id": visit.patient_id, "visit_id": visit.id}
    recording = Recording(**own, origin="upload", state="measured", started_at=datetime.now(UTC))
    add(session, recording)
    return add(session, Measurement(**own, recording_id=recording.id, result={}))


def computed(session: Session, row: Measurement, kind: str) -> Computed:
    own = {"patient_id": row.patient_id, "visit_id": row.visit_id, "measurement_id": row.id}
    media = Media(patient_id=row.patient_id, kind="document", name=kind, size_bytes=2)
    media.sha256 = "0" * 64
    add(session, media)
    job = add(session, Job(kind="decide", visit_id=row.visit_id, state="done"))
    links = {"job_id": job.id, "media_id": media.id}
    return add(session, Computed(**own, **links, kind=kind, inputs="{}"))


def choice(chosen: str = "C1") -> Choice:
    return Choice(chosen, "toxin, light", "the eye narrows", "Dr Ann", date(2026, 3, 2))


def test_the_newest_document_holds_and_the_former_stays(record: Record, visit: Visit) -> None:
    with record.writing(by=BY) as session:
        row = measured(session, visit)
        first, second = (computed(session, row, "plan") for _ in range(2))
    with record.reading() as session:
        newest = newest_computed(session, visit.id, "plan")
        assert newest is not None
        assert newest.id == second.id
        assert computed_row(session, visit.id, first.id).voided_at is None
        assert newest_computed(session, visit.id, "wiring") is None


def test_a_decision_keeps_who_when_and_why_and_is_corrected_by_a_new_row(
    record: Record, visit: Visit
) -> None:
    with record.writing(by=BY) as session:
        plan = computed(session, measured(session, visit), "plan")
        first = decide(session, visit, choice(), plan_id=plan.id)
        decide(session, visit, choice("nothing"), plan_id=plan.id)
    with record.reading() as session:
        held = decision_of(session, visit.id)
        rows = session.query(Decision).all()
    assert held is not None
    assert (held.chosen, held.supersedes, held.reason) == ("nothing", first.id, "the eye narrows")
    assert (held.decided_by, held.decided_on) == ("Dr Ann", date(2026, 3, 2))
    assert len(rows) == 2


def test_a_decision_cannot_be_rewritten(record: Record, visit: Visit) -> None:
    with record.writing(by=BY) as session:
        row = decide(session, visit, choice())

    def rewrite() -> None:
        with record.writing(by=BY) as session:
            session.get_one(Decision, row.id).reason = "another"

    with pytest.raises(RecordError, match="a kept row is not changed"):
        rewrite()


@pytest.mark.parametrize("name", ["chosen", "words", "reason", "decided_by"])
def test_a_decision_without_one_of_its_parts_is_refused(name: str) -> None:
    given = vars(choice()) | {name: "  "}
    with pytest.raises(RecordError, match="not complete"):
        Choice(**given)


def test_documents_of_another_visit_or_kind_are_refused(
    record: Record, visit: Visit, patient: Patient
) -> None:
    with record.writing(by=BY) as session:
        other = add_visit(session, patient.id, date(2026, 4, 1), "in_person")
        plan = computed(session, measured(session, visit), "plan")

    def at_another_visit() -> None:
        with record.writing(by=BY) as session:
            decide(session, other, choice(), plan_id=plan.id)

    def as_a_forecast() -> None:
        with record.writing(by=BY) as session:
            decide(session, visit, choice(), forecast_id=plan.id)

    for wrong in (at_another_visit, as_a_forecast):
        with pytest.raises(RecordError, match="does not belong here"):
            wrong()
    with record.reading() as session, pytest.raises(NotFoundError):
        computed_row(session, other.id, plan.id)


def test_nothing_is_released_until_somebody_does_and_it_can_be_taken_back(
    record: Record, visit: Visit
) -> None:
    with record.writing(by=BY) as session:
        row = measured(session, visit)
        plan, forecast = computed(session, row, "plan"), computed(session, row, "forecast")
    with record.reading() as session:
        assert released_ids(session, visit.patient_id) == frozenset()
    with record.writing(by=BY) as session:
        assert release(session, forecast, given=True) is not None
        assert release(session, forecast, given=True) is None
    with record.reading() as session:
        assert [one.id for one in released_documents(session, visit.patient_id)] == [forecast.id]
    with record.writing(by=BY) as session:
        release(session, forecast, given=False)
        assert release(session, plan, given=False) is None
    with record.reading() as session:
        assert released_documents(session, visit.patient_id) == ()
        assert [one.given for one in session.query(Release).order_by(Release.created_at)] == [
            True,
            False,
        ]


def test_a_wiring_is_not_released(record: Record, visit: Visit) -> None:
    with record.writing(by=BY) as session:
        wiring = computed(session, measured(session, visit), "wiring")

    def show() -> None:
        with record.writing(by=BY) as session:
            release(session, wiring, given=True)

    with pytest.raises(RecordError, match="a plan or forecast"):
        show()


def test_what_rests_on_a_void_recording_is_void_and_shown_to_nobody(
    record: Record, visit: Visit
) -> None:
    with record.writing(by=BY) as session:
        row = measured(session, visit)
        forecast = computed(session, row, "forecast")
        release(session, forecast, given=True)
        void_recording(session, session.get_one(Recording, row.recording_id), "another face")
    with record.reading() as session:
        assert released_ids(session, visit.patient_id) == frozenset()
        assert newest_computed(session, visit.id, "forecast") is None


def test_a_visit_with_a_decision_is_not_empty(record: Record, visit: Visit) -> None:
    with record.writing(by=BY) as session:
        decide(session, visit, choice())

    def empty() -> None:
        with record.writing(by=BY) as session:
            void_visit(session, session.get_one(Visit, visit.id), "by mistake")

    with pytest.raises(RecordError, match="not empty"):
        empty()


def test_the_last_decision_with_a_forecast_is_found_from_a_later_visit(
    record: Record, visit: Visit, patient: Patient
) -> None:
    with record.writing(by=BY) as session:
        forecast = computed(session, measured(session, visit), "forecast")
        decide(session, visit, choice(forecast.id), forecast_id=forecast.id)
        later = add_visit(session, patient.id, date(2026, 6, 1), "in_person")
        given = Given(patient.id, date(2026, 3, 5))
        record_injections(session, given, "onabotulinumtoxinA", [Injection("mentalis", "R", 2.0)])
    with record.reading() as session:
        found = decision_before(session, session.get_one(Visit, later.id))
        assert found is not None
        assert (found[0].id, found[1].forecast_id) == (visit.id, forecast.id)
        assert decision_before(session, session.get_one(Visit, visit.id)) is None
        assert [one.muscle for one in given_since(session, patient.id, visit.on)] == ["mentalis"]
        assert given_since(session, patient.id, visit.on, date(2026, 3, 4)) == []


def agreed(session: Session, patient: Patient) -> None:
    save_consent(session, patient.id, "care", given=True, wording="care/1")


def test_a_job_of_a_visit_is_asked_for_once_and_taken(
    record: Record, visit: Visit, patient: Patient
) -> None:
    with record.writing(by=BY) as session:
        agreed(session, patient)
        first = ask_to_decide(session, visit, {"of": "plan"})
        assert ask_to_decide(session, visit, {"of": "plan"}).id == first.id
        other = ask_to_decide(session, visit, {"of": "forecast", "treatments": {}})
        assert queue_before(session, other) == 1
    claim = take(record)
    assert claim is not None
    assert (claim.job_id, claim.kind, claim.visit_id) == (first.id, "decide", visit.id)
    with record.writing(by=BY) as session:
        cancel(session, session.get_one(Job, other.id))
        assert [job.state for job in deciding_jobs(session, visit.id)] == ["cancelled", "running"]


def test_nothing_is_computed_without_consent(record: Record, visit: Visit) -> None:
    def ask() -> None:
        with record.writing(by=BY) as session:
            ask_to_decide(session, visit, {"of": "plan"})

    with pytest.raises(ForbiddenError):
        ask()
