from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from facewire.errors import NotFoundError, RecordError
from facewire.record.injections import Given, Injection, record_injections
from facewire.record.patients import Who, add_patient
from facewire.record.store import Record, add, get, supersede, void
from facewire.record.tables import Measurement, Note, Patient, Recording, Visit
from facewire.record.visits import (
    add_visit,
    correct_visit,
    recent_visits,
    visits_of,
    void_visit,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def recording_on(visit: Visit, state: str = "measured") -> Recording:
    return Recording(
        patient_id=visit.patient_id,
        visit_id=visit.id,
        origin="upload",
        state=state,
        started_at=NOON,
    )


def measurement_of(recording: Recording, value: int = 1) -> Measurement:
    return Measurement(
        patient_id=recording.patient_id,
        visit_id=recording.visit_id,
        recording_id=recording.id,
        result={"value": value},
    )


def test_a_visit_has_a_known_kind_and_patient(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        with pytest.raises(RecordError, match="no such kind of visit"):
            add_visit(session, patient.id, date(2026, 3, 2), "by_letter")
        with pytest.raises(NotFoundError, match="patients"):
            add_visit(session, "nobody", date(2026, 3, 2), "home")


def test_visits_are_listed_latest_first(record: Record, patient: Patient) -> None:
    days = [date(2026, 1, 5), date(2026, 3, 5), date(2026, 2, 5)]
    with record.writing() as session:
        for day in days:
            add_visit(session, patient.id, day, "home")
    with record.reading() as session:
        assert [v.on for v in visits_of(session, patient.id)] == sorted(days, reverse=True)


def test_a_corrected_visit_keeps_what_was_done_at_it(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        note = add(session, Note(patient_id=visit.patient_id, visit_id=visit.id, text="calm"))
        correct_visit(session, visit, on=date(2026, 3, 4), kind="virtual")
    with record.reading() as session:
        (listed,) = visits_of(session, visit.patient_id)
        assert (listed.id, listed.on, listed.kind) == (visit.id, date(2026, 3, 4), "virtual")
        assert get(session, Note, note.id).visit_id == listed.id


def test_a_visit_is_void_only_when_it_is_empty(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        row = add(session, recording_on(visit))
        with pytest.raises(RecordError, match=r"not empty.*recordings"):
            void_visit(session, visit, "wrong patient")
        void(session, row, "wrong patient")
        void_visit(session, visit, "wrong patient")
    with record.reading() as session:
        assert visits_of(session, visit.patient_id) == []
        assert recent_visits(session) == []


def test_the_list_shows_the_newest_measurement(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        row = add(session, recording_on(visit))
        first = add(session, measurement_of(row))
        again = supersede(session, first, measurement_of(row, 2))
        other = add(session, recording_on(visit, "waiting"))
    with record.reading() as session:
        (listed,) = recent_visits(session)
    assert (listed.measurement_id, listed.measured_at) == (again.id, again.created_at)
    assert listed.recording_state == other.state
    assert (listed.given_name, listed.family_name) == ("Maria", "Muster")


def test_the_list_shows_the_days_since_the_last_toxin_on_each_side(
    record: Record, patient: Patient
) -> None:
    given = {
        date(2026, 1, 1): ("L", "R"),
        date(2026, 2, 1): ("L",),
        date(2026, 6, 1): ("R",),
    }
    with record.writing() as session:
        for on, sides in given.items():
            rows = [Injection("mentalis", side, 2.0) for side in sides]
            record_injections(session, Given(patient.id, on), "Botox", rows)
        wrong = record_injections(
            session,
            Given(patient.id, date(2026, 2, 20)),
            "Botox",
            [Injection("platysma", "L", 1.0)],
        )
        void(session, wrong.rows[0], "never given")
        for day in (date(2025, 12, 1), date(2026, 3, 1)):
            add_visit(session, patient.id, day, "home")
    with record.reading() as session:
        days = {v.on: v.toxin_days for v in recent_visits(session)}
    assert days == {date(2025, 12, 1): {}, date(2026, 3, 1): {"L": 28, "R": 59}}


def test_the_list_takes_three_queries(record: Record) -> None:
    with record.writing() as session:
        for number in range(30):
            patient = add_patient(session, Who("Maria", f"Muster{number}"))
            add_visit(session, patient.id, date(2026, 3, 1), "home")
    seen: list[str] = []
    event.listen(record.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    with record.reading() as session:
        assert len(recent_visits(session)) == 25
    assert len([one for one in seen if one.startswith("SELECT")]) == 3
