"""Accounts, looked after by an administrator."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from web_app import ANNA, BEN, PASSWORD, Clinic, TestClient

from facewire.record.people import let_in_again
from named_account import account_named
from unit.record.test_audit import without_triggers

OWN = "seven quiet otters paddle"


def account_id(clinic: Clinic, name: str) -> str:
    with clinic.record.reading() as session:
        return account_named(session, name).id


def shown_password(page: str) -> str:
    return re.findall(r'class="onetime">([^<]+)<', page)[0]


def choose_own(client: TestClient, handed_out: str) -> None:
    """Take the place of a password that somebody else made."""
    sent = {"old": handed_out, "password": OWN, "again": OWN}
    assert client.post("/account/password", data=sent).headers["location"] == "/account?changed=1"


@pytest.mark.slow
def test_a_new_member_of_the_team_signs_in(clinic: Clinic, as_administrator: TestClient) -> None:
    new = {"name": "m.keller", "shown_name": "Mia Keller", "kind": "injector"}
    answer = as_administrator.post("/accounts/new", data=new)
    assert answer.status_code == 201
    sent = {"name": "m.keller", "password": shown_password(answer.text)}
    mia = clinic.client()
    assert mia.post("/login", data=sent).headers["location"] == "/"
    choose_own(mia, sent["password"])
    assert mia.get("/patients").status_code == 200
    assert mia.get("/accounts").status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("way", ["new", "reset", "terminal"])
def test_a_password_that_somebody_else_made_opens_nothing_but_its_change(
    clinic: Clinic, as_administrator: TestClient, way: str
) -> None:
    name = "m.keller" if way == "new" else "surgeon"
    if way == "new":
        new = {"name": name, "shown_name": "Mia Keller", "kind": "surgeon"}
        password = shown_password(as_administrator.post("/accounts/new", data=new).text)
    elif way == "reset":
        address = f"/accounts/{account_id(clinic, name)}/password"
        password = shown_password(as_administrator.post(address).text)
    else:
        with clinic.record.writing() as session:
            _, password = let_in_again(session, name)
    person = clinic.client()
    person.post("/login", data={"name": name, "password": password})
    for address in ("/", "/patients", f"/patients/{ANNA}", "/account/second-step"):
        assert person.get(address).headers["location"] == "/account"
    refused = person.get("/api/v1/patients")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "own_password")
    assert "Somebody else made this password" in person.get("/account").text
    same = {"old": password, "password": password, "again": password}
    assert person.post("/account/password", data=same).status_code == 422
    assert person.get("/patients").headers["location"] == "/account"
    choose_own(person, password)
    assert person.get("/patients").status_code == 200
    assert "Somebody else made this password" not in person.get("/account").text


def test_a_program_chooses_its_own_password_first(
    clinic: Clinic, as_administrator: TestClient
) -> None:
    address = f"/accounts/{account_id(clinic, 'surgeon')}/password"
    password = shown_password(as_administrator.post(address).text)
    program = clinic.client()
    sent = {"name": "surgeon", "password": password}
    token = program.post("/api/v1/sign-in", json=sent).json()["token"]
    held = {"authorization": f"Bearer {token}"}
    assert program.get("/api/v1/patients", headers=held).status_code == 403
    changed = program.post(
        "/api/v1/password", json={"old": password, "password": OWN}, headers=held
    )
    assert program.get("/api/v1/patients", headers=held).status_code == 401
    held = {"authorization": f"Bearer {changed.json()['token']}"}
    assert program.get("/api/v1/patients", headers=held).status_code == 200


def test_who_resets_the_own_password_knows_it_alone(
    clinic: Clinic, as_administrator: TestClient
) -> None:
    address = f"/accounts/{account_id(clinic, 'admin')}/password"
    password = shown_password(as_administrator.post(address).text)
    again = clinic.client()
    again.post("/login", data={"name": "admin", "password": password})
    assert again.get("/accounts").status_code == 200


def test_a_patients_account_sees_that_patient(clinic: Clinic, as_administrator: TestClient) -> None:
    new = {"name": "anna2", "shown_name": "Anna", "kind": "patient", "patient_code": " P-A001 "}
    password = shown_password(as_administrator.post("/accounts/new", data=new).text)
    anna = clinic.client()
    anna.post("/login", data={"name": "anna2", "password": password})
    choose_own(anna, password)
    assert anna.get(f"/consents/{ANNA}").status_code == 200
    assert anna.get(f"/consents/{BEN}").status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "therapist"}, "This name is taken"),
        ({"kind": "patient"}, "There is no patient with this code"),
        ({"kind": ""}, "There is no such role or profession"),
        ({"shown_name": " "}, "The shown name is empty"),
    ],
)
def test_what_is_wrong_is_said(
    as_administrator: TestClient, change: dict[str, str], words: str
) -> None:
    new = {"name": "new", "shown_name": "New", "kind": "surgeon"} | change
    answer = as_administrator.post("/accounts/new", data=new)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_closed_account_is_out_at_once(clinic: Clinic, as_administrator: TestClient) -> None:
    therapist = clinic.client("therapist")
    address = f"/accounts/{account_id(clinic, 'therapist')}/active"
    assert as_administrator.post(address, data={"active": "no"}).status_code == 303
    assert therapist.get("/").status_code == 303
    answer = clinic.client().post("/login", data={"name": "therapist", "password": PASSWORD})
    assert answer.status_code == 401
    as_administrator.post(address, data={"active": "yes"})
    answer = clinic.client().post("/login", data={"name": "therapist", "password": PASSWORD})
    assert answer.status_code == 303


def test_a_new_password_replaces_the_old_one(clinic: Clinic, as_administrator: TestClient) -> None:
    address = f"/accounts/{account_id(clinic, 'surgeon')}/password"
    password = shown_password(as_administrator.post(address).text)
    old, new = (
        clinic.client().post("/login", data={"name": "surgeon", "password": word}).status_code
        for word in (PASSWORD, password)
    )
    assert (old, new) == (401, 303)


def test_somebody_stays_administrator(clinic: Clinic, as_administrator: TestClient) -> None:
    own = account_id(clinic, "admin")
    answer = as_administrator.post(f"/accounts/{own}/active", data={"active": "no"})
    assert answer.status_code == 409
    assert "No administrator would be left" in answer.text
    answer = as_administrator.post(f"/accounts/{own}/role", data={"kind": "surgeon"})
    assert answer.status_code == 409


def test_an_administrator_with_a_profession_treats_patients(
    clinic: Clinic, as_administrator: TestClient
) -> None:
    address = f"/accounts/{account_id(clinic, 'surgeon')}/role"
    as_administrator.post(address, data={"kind": "surgeon", "administrator": "yes"})
    surgeon = clinic.client("surgeon")
    assert surgeon.get("/accounts").status_code == 200
    assert surgeon.get("/patients").status_code == 200
    assert as_administrator.get("/patients").status_code == 403


def test_a_patients_account_stays_a_patients(clinic: Clinic, as_administrator: TestClient) -> None:
    address = f"/accounts/{account_id(clinic, 'anna')}/role"
    answer = as_administrator.post(address, data={"kind": "surgeon", "administrator": "yes"})
    assert answer.status_code == 409


def test_no_password_is_in_the_list(as_administrator: TestClient) -> None:
    page = as_administrator.get("/accounts").text
    assert "argon2" not in page
    assert PASSWORD not in page


def test_a_changed_trail_meets_the_administrator_first(
    clinic: Clinic, as_administrator: TestClient, as_therapist: TestClient
) -> None:
    words = "The audit trail was changed by somebody other than this app."
    assert words not in as_administrator.get("/").text
    with without_triggers(clinic.record.engine), clinic.record.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET action = 'changed' WHERE number = 2"))
    clinic.services.trail.start()
    clinic.services.trail.stop()
    assert words in as_administrator.get("/").text
    assert words not in as_therapist.get("/").text
    assert "places did not fit: 1. The first: row 2, its content was changed." in (
        as_administrator.get("/audit").text
    )


def test_what_was_not_seen_of_the_trail_is_not_called_whole(
    clinic: Clinic, as_administrator: TestClient
) -> None:
    def page() -> str:
        return str(as_administrator.get("/audit").text)

    assert "It is being looked through since facewire started." in page()
    for words in ("No end had been noted before", "held the end that was noted on"):
        clinic.services.trail.start()
        clinic.services.trail.stop()
        assert words in page()
    clinic.services.trail.problem = "The record does not answer"
    assert "It could not be looked through as facewire started: The record" in page()
    assert "The audit trail could not be looked through" in as_administrator.get("/").text
