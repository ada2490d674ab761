from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import InvalidRequestError

from facewire.record.clinical import (
    Story,
    add_note,
    save_complaint,
    save_consent,
    save_finding,
    save_grade,
    save_history,
)
from facewire.record.injections import Given, Injection, record_injections
from facewire.record.patients import Who, add_patient
from facewire.record.store import Record, add, supersede, void
from facewire.record.tables import Measurement, Patient, Recording, Visit
from facewire.record.timeline import course, timeline
from facewire.record.visits import add_visit, correct_visit

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def measured(visit: Visit, value: int) -> tuple[Recording, Measurement]:
    recording = Recording(
        id=f"{value:032}",
        patient_id=visit.patient_id,
        visit_id=visit.id,
        origin="upload",
        state="measured",
        started_at=NOON,
    )
    result = Measurement(
        patient_id=visit.patient_id,
        visit_id=visit.id,
        recording_id=recording.id,
        result={"value": value},
    )
    return recording, result


def test_everything_of_a_patient_is_on_the_line(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        for row in measured(visit, 1):
            add(session, row)
        save_finding(session, visit, "tearing", "L", 1)
        save_complaint(session, visit, "pain", 3)
        save_grade(session, visit, "sunnybrook", {"eye": 1})
        save_history(session, visit.patient_id, Story(side="L"))
        save_consent(session, visit.patient_id, "care", given=True, wording="1")
        add_note(session, visit.patient_id, "calm", visit.id)
        given = Given(visit.patient_id, date(2026, 2, 1))
        record_injections(session, given, "Botox", [Injection("mentalis", "L", 2)])
    with record.reading() as session:
        events = timeline(session, visit.patient_id)
    assert [e.kind for e in events if e.on <= visit.on] == [
        "treatments_given",
        "visits",
        "recordings",
        "measurements",
        "grades",
        "findings",
        "complaints",
        "notes",
    ]
    assert {e.kind for e in events if e.on > visit.on} == {"histories", "consents"}
    assert {e.visit_id for e in events if e.on == visit.on} == {visit.id}


def test_the_line_is_in_the_order_of_days(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        for day in (9, 3, 6):
            visit = add_visit(session, patient.id, date(2026, 1, day), "home")
            save_complaint(session, visit, "pain", day)
    with record.reading() as session:
        events = timeline(session, patient.id)
    assert [(e.on.day, e.kind) for e in events] == [
        (day, kind) for day in (3, 6, 9) for kind in ("visits", "complaints")
    ]


def test_what_was_entered_moves_with_a_corrected_visit(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        save_complaint(session, visit, "pain", 3)
        correct_visit(session, visit, on=date(2026, 1, 1), kind="home")
    with record.reading() as session:
        events = timeline(session, visit.patient_id)
    assert [(e.kind, e.on) for e in events] == [
        ("visits", date(2026, 1, 1)),
        ("complaints", date(2026, 1, 1)),
    ]


def test_void_and_other_peoples_rows_are_not_on_the_line(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        other = add_patient(session, Who("Otto", "Other"))
        add_note(session, other.id, "of somebody else")
        void(session, add_note(session, visit.patient_id, "wrong"), "wrong")
    with record.reading() as session:
        assert [e.kind for e in timeline(session, visit.patient_id)] == ["visits"]


def test_the_line_does_not_read_result_documents(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        for row in measured(visit, 1):
            add(session, row)
    with record.reading() as session:
        (event,) = [e for e in timeline(session, visit.patient_id) if e.kind == "measurements"]
        with pytest.raises(InvalidRequestError, match="raiseload"):
            _ = event.row.result  # type: ignore[attr-defined]


def test_the_course_has_one_result_for_each_recording(record: Record, patient: Patient) -> None:
    newest: list[str] = []
    with record.writing() as session:
        later = add_visit(session, patient.id, date(2026, 5, 1), "home")
        sooner = add_visit(session, patient.id, date(2026, 1, 1), "home")
        for number, visit in ((1, later), (2, sooner), (3, sooner)):
            recording, result = measured(visit, number)
            add(session, recording)
            first = add(session, result)
            again = measured(visit, number)[1]
            newest.append(supersede(session, first, again).id)
    with record.reading() as session:
        points = course(session, patient.id)
    assert [(p.on.month, p.measurement_id) for p in points] == [
        (1, newest[1]),
        (1, newest[2]),
        (5, newest[0]),
    ]
