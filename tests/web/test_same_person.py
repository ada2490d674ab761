"""One person, two records: told before a second one is made, joined, and taken apart again."""

from __future__ import annotations

import re
from datetime import date

from web_app import ANNA, BEN, Clinic, TestClient

from facewire.record.store import add
from facewire.record.tables import AuditRow, Patient, Visit

WAYS = (
    {"given_name": "Example", "family_name": "Anna", "birth_date": "1980-05-17"},
    {"given_name": "Ánna", "family_name": "EXAMPLE", "birth_date": ""},
)


def test_a_second_record_is_not_made_without_a_look(
    clinic: Clinic, as_therapist: TestClient
) -> None:
    for who in WAYS:
        answer = as_therapist.post("/patients/new", data=who)
        assert answer.status_code == 409
        assert "P-A001" in answer.text
    assert (
        "same names, exchanged, same birth date"
        in as_therapist.post("/patients/new", data=WAYS[0]).text
    )
    with clinic.record.reading() as session:
        assert session.query(Patient).count() == 2
        seen = session.query(AuditRow).filter(AuditRow.kind == "look_alikes").first()
        assert seen is not None
        assert ANNA in seen.details["patients"]
    made = as_therapist.post("/patients/new", data={**WAYS[0], "another": "yes"})
    assert made.status_code == 303
    page = as_therapist.get(made.headers["location"]).text
    assert "Somebody like this is in the record too" in page
    assert "P-A001" in page


def test_two_records_are_shown_as_one_and_apart_again(
    clinic: Clinic, as_therapist: TestClient, as_patient: TestClient, as_other_patient: TestClient
) -> None:
    with clinic.record.writing() as session:
        theirs = add(session, Visit(patient_id=BEN, on=date(2026, 3, 4), kind="in_person")).id
    address = f"/patients/{ANNA}/same-person"
    assert as_patient.get(f"/visits/{theirs}").status_code == 404
    assert as_therapist.post(address, data={"code": "P-B001"}).status_code == 422
    assert (
        "no patient with this code"
        in as_therapist.post(address, data={"code": "P-X001", "seen": "yes"}).text
    )
    joined = as_therapist.post(address, data={"code": "p-b001", "seen": "yes"})
    assert joined.headers["location"] == address
    assert "Ben" in as_therapist.get(address).text
    page = as_therapist.get(f"/patients/{BEN}").text
    assert "P-A001" in page
    assert "Two records are shown here as one person" in page
    assert as_patient.get(f"/visits/{theirs}").status_code == 200
    assert as_other_patient.get(f"/patients/{ANNA}").status_code == 200
    apart = re.search(r'action="([^"]+/apart)"', as_therapist.get(address).text)
    assert apart is not None
    as_therapist.post(apart[1], data={"reason": ""})
    assert as_patient.get(f"/visits/{theirs}").status_code == 200
    as_therapist.post(apart[1], data={"reason": "cousins"})
    assert as_patient.get(f"/visits/{theirs}").status_code == 404
    assert "P-B001" in as_therapist.get(f"/patients/{BEN}").text
    assert as_therapist.post(apart[1], data={"reason": "again"}).status_code == 404
