"""Learning from the clinic's own patients: off, an administrator's to turn on, in the trail."""

from __future__ import annotations

import threading

import pytest
from web_app import ANNA, Clinic, TestClient

from facewire.record.audit import SYSTEM
from facewire.record.clinical import Story, save_consent, save_history
from facewire.record.tables import AuditRow


def learned(clinic: Clinic) -> object:
    with clinic.record.reading() as session:
        return clinic.services.learner.learned_for(session, ANNA)


@pytest.mark.slow
def test_it_is_off_until_an_administrator_turns_it_on(
    clinic: Clinic, as_administrator: TestClient
) -> None:
    assert "It is off." in as_administrator.get("/learning").text
    assert learned(clinic) is None
    answer = as_administrator.post("/learning", data={"on": "yes"})
    assert answer.headers["location"] == "/learning"
    assert "It is on." in as_administrator.get("/learning").text
    clinic.services.learner.read()
    assert learned(clinic) is not None
    assert "whose figures they hold" in as_administrator.get("/learning").text
    as_administrator.post("/learning", data={"on": "no"})
    assert learned(clinic) is None
    with clinic.record.reading() as session:
        rows = session.query(AuditRow).filter_by(kind="learning").all()
    assert [row.action for row in rows] == ["turned_on", "turned_off"]
    assert all(row.account_id for row in rows)
    assert "learning from this clinic" in as_administrator.get("/audit").text


def test_nobody_else_sees_or_sets_it(as_therapist: TestClient, as_patient: TestClient) -> None:
    for person in (as_therapist, as_patient):
        assert person.get("/learning").status_code == 403
        assert person.post("/learning", data={"on": "yes"}).status_code == 403


def test_a_form_without_an_answer_changes_nothing(
    clinic: Clinic, as_administrator: TestClient
) -> None:
    as_administrator.post("/learning", data={"on": "perhaps"})
    assert "It is off." in as_administrator.get("/learning").text


@pytest.mark.slow
def test_a_clinician_reads_what_courses_taught_once_it_is_on(
    clinic: Clinic, as_administrator: TestClient, as_therapist: TestClient
) -> None:
    address = f"/patients/{ANNA}/treatments"
    given = {"on": "2026-01-10", "product": "onabotulinumtoxinA", "muscle-0": "mentalis"}
    as_therapist.post(f"{address}/injections", data=given | {"side-0": "R"})
    with clinic.record.writing(by=SYSTEM) as session:
        save_history(session, ANNA, Story(side="R"))
        save_consent(session, ANNA, "care", given=True, wording="care/1")
    assert "What courses taught here" not in as_therapist.get(f"{address}?taught=yes").text
    as_administrator.post("/learning", data={"on": "yes"})
    assert "Show it" in as_therapist.get(f"{address}?taught=yes").text
    for thread in (one for one in threading.enumerate() if one.name == "facewire-learn"):
        thread.join()
    page = as_therapist.get(f"{address}?taught=yes").text
    assert "mentalis, affected side, onabotulinumtoxinA" in page
    assert "Nobody who was given this was measured before and after it" in page
