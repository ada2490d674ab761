"""What was entered wrongly is marked as void: gone from the pages, still in the record."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from web_app import ANNA, BEN, Clinic, TestClient

from facewire.record.clinical import add_note, complaints_of, save_finding
from facewire.record.store import add
from facewire.record.tables import Complaint, Finding, Measurement, Note, Recording, Visit


@pytest.fixture
def visit_id(clinic: Clinic) -> str:
    with clinic.record.writing() as session:
        return add(session, Visit(patient_id=ANNA, on=date(2026, 3, 4), kind="in_person")).id


@pytest.mark.slow
def test_a_note_is_made_void_with_its_reason(
    as_therapist: TestClient, clinic: Clinic, visit_id: str
) -> None:
    with clinic.record.writing() as session:
        note = add_note(session, ANNA, "of somebody else", visit_id).id
    assert "of somebody else" in as_therapist.get(f"/visits/{visit_id}").text
    address = f"/visits/{visit_id}/entries/notes/{note}/void"
    assert as_therapist.post(address, data={"reason": ""}).status_code == 303
    assert "of somebody else" in as_therapist.get(f"/visits/{visit_id}").text
    as_therapist.post(address, data={"reason": "wrong patient"})
    assert "of somebody else" not in as_therapist.get(f"/visits/{visit_id}").text
    with clinic.record.reading() as session:
        kept = session.get_one(Note, note)
        assert (kept.text, kept.void_reason) == ("of somebody else", "wrong patient")
    assert as_therapist.post(address, data={"reason": "again"}).status_code == 404


def test_an_entry_of_another_visit_is_not_there(
    as_therapist: TestClient, clinic: Clinic, visit_id: str
) -> None:
    with clinic.record.writing() as session:
        other = add(session, Visit(patient_id=BEN, on=date(2026, 3, 4), kind="in_person"))
        note = add_note(session, BEN, "his", other.id).id
    for kind in ("notes", "grades", "patients"):
        address = f"/visits/{visit_id}/entries/{kind}/{note}/void"
        assert as_therapist.post(address, data={"reason": "x"}).status_code == 404


@pytest.mark.slow
def test_a_recording_goes_with_its_measurements(
    as_therapist: TestClient, clinic: Clinic, visit_id: str
) -> None:
    with clinic.record.writing() as session:
        recording = Recording(patient_id=ANNA, visit_id=visit_id, origin="upload")
        recording.state, recording.started_at = "measured", datetime.now(UTC)
        add(session, recording)
        made = Measurement(patient_id=ANNA, visit_id=visit_id, recording_id=recording.id)
        made.result, made.files = {"schema": "facewire.measurement/1"}, {}
        ids = recording.id, add(session, made).id
    page = as_therapist.get(f"/recordings/{ids[0]}").text
    assert f'action="/recordings/{ids[0]}/void"' in page
    as_therapist.post(f"/recordings/{ids[0]}/void", data={"reason": "another person's video"})
    assert as_therapist.get(f"/recordings/{ids[0]}").status_code == 404
    assert as_therapist.get(f"/measurements/{ids[1]}").status_code == 404
    assert "No recording yet" in as_therapist.get(f"/visits/{visit_id}").text


def test_a_recording_at_work_is_not_made_void(
    as_therapist: TestClient, clinic: Clinic, visit_id: str
) -> None:
    with clinic.record.writing() as session:
        recording = Recording(patient_id=ANNA, visit_id=visit_id, origin="upload")
        recording.state, recording.started_at = "measuring", datetime.now(UTC)
        recording_id = add(session, recording).id
    answer = as_therapist.post(f"/recordings/{recording_id}/void", data={"reason": "x"})
    assert answer.status_code in (409, 422)
    assert "stop it first" in answer.text.lower()


def test_a_complaint_is_set_back_to_not_asked(
    as_therapist: TestClient, clinic: Clinic, visit_id: str
) -> None:
    for sent in ({"pain": "4"}, {"pain": "4", "bother": "2"}, {"pain": "", "bother": "2"}):
        as_therapist.post(f"/visits/{visit_id}/complaints", data=sent)
    with clinic.record.reading() as session:
        held = {row.name: row.score for row in complaints_of(session, visit_id)}
        assert held == {"bother": 2}
        assert session.query(Complaint).count() == 2


@pytest.mark.slow
def test_only_an_empty_visit_is_made_void(
    as_therapist: TestClient, clinic: Clinic, visit_id: str
) -> None:
    with clinic.record.writing() as session:
        save_finding(session, session.get_one(Visit, visit_id), "platysma", "L", 2)
    refused = as_therapist.post(f"/visits/{visit_id}/void", data={"reason": "wrong day"})
    assert "not empty" in refused.text
    as_therapist.post(f"/visits/{visit_id}/findings", data={"platysma-L": ""})
    with clinic.record.reading() as session:
        assert session.query(Finding).one().voided_at is not None
    assert f'action="/visits/{visit_id}/void"' in as_therapist.get(f"/visits/{visit_id}").text
    as_therapist.post(f"/visits/{visit_id}/void", data={"reason": "wrong day"})
    assert as_therapist.get(f"/visits/{visit_id}").status_code == 404
