"""The app's setting: off at first, turned on in the trail, and never older than the record."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from facewire.clinic import learner
from facewire.clinic.given_courses import PatientCourses
from facewire.clinic.learner import Learner, is_on, turn
from facewire.record.audit import Actor, find_rows
from facewire.record.clinical import add_note, save_consent
from facewire.record.engine import open_engine
from facewire.record.store import Record
from facewire.record.tables import Patient
from made_clinic import MadeCourse, add_made_patient
from simulated.clinics import Clinic, simulated_clinic

ADMINISTRATOR = Actor("a" * 32, "administrator")
COURSES, _ = simulated_clinic(Clinic(6, effect=0.6), 5)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made = Record.open(open_engine(f"sqlite:///{tmp_path / 'record.sqlite'}"))
    yield made
    made.close()


@pytest.fixture
def read(record: Record, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Six patients whose courses come from a simulated clinic; the ids that are read."""
    with record.writing() as session:
        people = [add_made_patient(session, f"N{i}", (MadeCourse(0, 1.0, ()),)) for i in range(6)]
    asked: list[str] = []

    def courses_of(_session: object, patient_id: str) -> PatientCourses:
        asked.append(patient_id)
        number = f"{[one.id for one in people].index(patient_id)}"
        own = [replace(c, person=patient_id) for c in COURSES if c.person == number]
        return PatientCourses(own, [], {own[0].key})

    monkeypatch.setattr(learner, "courses_of", courses_of)
    return asked


def test_it_is_off_until_somebody_turns_it_on_and_the_act_is_in_the_trail(record: Record) -> None:
    with record.reading() as session:
        assert not is_on(session)
    for on in (True, True, False):
        with record.writing(by=ADMINISTRATOR) as session:
            turn(session, on=on)
    with record.reading() as session:
        assert not is_on(session)
        rows = [
            (row.action, row.account_id) for row in find_rows(session) if row.kind == "learning"
        ]
    assert rows == [
        ("turned_off", ADMINISTRATOR.account_id),
        ("turned_on", ADMINISTRATOR.account_id),
    ]


@pytest.mark.slow
def test_while_it_is_off_nothing_is_read(record: Record, read: list[str]) -> None:
    taught = Learner(record)
    with record.reading() as session:
        patient = session.query(Patient).first()
        assert patient is not None
        assert taught.learned_for(session, patient.id) is None
    taught.stop()
    assert read == []


@pytest.mark.slow
def test_a_forecast_gets_the_clinic_and_the_person_and_never_an_older_record(
    record: Record, read: list[str]
) -> None:
    with record.writing(by=ADMINISTRATOR) as session:
        turn(session, on=True)
    taught = Learner(record)
    with record.reading() as session:
        ids = [one.id for one in session.query(Patient).all()]
        assert taught.learned_for(session, ids[0]) is None
    for thread in (one for one in threading.enumerate() if one.name == "facewire-learn"):
        thread.join()
    assert sorted(read) == sorted(ids)
    with record.reading() as session:
        found = taught.learned_for(session, ids[0])
    assert found is not None
    (row,) = found.treatments
    assert row.clinic is not None
    assert row.clinic.people == 6

    with record.writing() as session:
        add_note(session, ids[0], "a note teaches nothing")
        assert taught.is_ready(session)
        save_consent(session, ids[1], "care", given=False, wording="care/1")
    read.clear()
    with record.reading() as session:
        assert not taught.is_ready(session)
    taught.read()
    assert read == []
    with record.reading() as session:
        found = taught.learned_for(session, ids[0])
    assert found is not None
    assert found.treatments[0].clinic is not None
    assert found.treatments[0].clinic.people == 5
    taught.stop()
