"""First start, signing in and out, lock-out, ends of sessions, cookies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from web_app import ORIGIN, PASSWORD, Clinic, TestClient, copy_clinic, open_clinic, set_cookie

from facewire.record.people import FREE_ATTEMPTS
from facewire.record.sessions import IDLE, LONGEST
from facewire.web.settings import MOST_TRIES, WebSettings

FIRST = {
    "shown_name": "Kim Keller",
    "name": "kim",
    "password": PASSWORD,
    "again": PASSWORD,
    "profession": "therapist",
}


def first(clinic: Clinic, **changes: str) -> dict[str, str]:
    return {"code": clinic.services.settings.setup_code} | FIRST | changes


@pytest.mark.parametrize("address", ["/", "/login", "/patients", "/accounts", "/account"])
def test_at_the_first_start_every_page_leads_to_the_setup(
    empty_clinic: Clinic, address: str
) -> None:
    answer = empty_clinic.client().get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/setup")


@pytest.mark.slow
def test_the_code_makes_an_administrator_who_treats_patients_too(empty_clinic: Clinic) -> None:
    client = empty_clinic.client()
    assert client.post("/setup", data=first(empty_clinic)).headers["location"] == "/"
    assert client.get("/accounts").status_code == 200
    assert client.get("/patients").status_code == 200


def test_the_code_may_be_typed_carelessly(empty_clinic: Clinic) -> None:
    code = empty_clinic.services.settings.setup_code.lower().replace("-", " ")
    answer = empty_clinic.client().post("/setup", data=first(empty_clinic, code=code))
    assert answer.status_code == 303


def test_a_wrong_code_makes_nobody(empty_clinic: Clinic) -> None:
    answer = empty_clinic.client().post("/setup", data=first(empty_clinic, code="AAAA-AAAA"))
    assert answer.status_code == 422
    assert "This is not the code on the terminal" in answer.text
    assert PASSWORD not in answer.text
    assert empty_clinic.services.is_empty()


def test_a_code_cannot_be_guessed_at_length(empty_clinic: Clinic) -> None:
    client = empty_clinic.client()
    for _ in range(MOST_TRIES):
        client.post("/setup", data=first(empty_clinic, code="AAAA-AAAA"))
    answer = client.post("/setup", data=first(empty_clinic))
    assert "This code cannot be used any more" in answer.text
    assert empty_clinic.services.is_empty()


def test_the_setup_ends_with_the_first_account(empty_clinic: Clinic) -> None:
    empty_clinic.client().post("/setup", data=first(empty_clinic))
    again = empty_clinic.client()
    assert again.get("/setup").headers["location"] == "/login"
    answer = again.post("/setup", data=first(empty_clinic, name="second"))
    assert answer.headers["location"] == "/login"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"again": "another one"}, "The two passwords are not the same"),
        ({"password": "short", "again": "short"}, "This password cannot be used"),
        ({"name": "two words"}, "This name cannot be used to sign in"),
        ({"profession": "astrologer"}, "There is no such role or profession"),
    ],
)
def test_what_is_wrong_in_the_setup_is_said(
    empty_clinic: Clinic, change: dict[str, str], words: str
) -> None:
    answer = empty_clinic.client().post("/setup", data=first(empty_clinic, **change))
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Kim Keller"' in answer.text


def test_name_and_password_open_a_session(client: TestClient) -> None:
    answer = client.post("/login", data={"name": "Therapist", "password": PASSWORD})
    assert answer.headers["location"] == "/"
    assert client.get("/").status_code == 200


def test_one_comes_back_to_what_one_asked_for(client: TestClient) -> None:
    asked = client.get("/patients?q=example")
    assert asked.headers["location"] == "/login?next=/patients%3Fq%3Dexample"
    page = client.get(asked.headers["location"])
    assert 'name="back" value="/patients?q=example"' in page.text


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "\t//evil", "evil", ""]
)
def test_one_is_never_sent_elsewhere(client: TestClient, back: str) -> None:
    sent = {"name": "therapist", "password": PASSWORD, "back": back}
    assert client.post("/login", data=sent).headers["location"] == "/"


def test_wrong_name_and_wrong_password_get_one_answer(client: TestClient) -> None:
    answers = [
        client.post("/login", data={"name": name, "password": "not the password"})
        for name in ("therapist", "nobody")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    pages = [answer.text.replace("nobody", "therapist") for answer in answers]
    assert pages[0] == pages[1]


def test_many_wrong_passwords_lock_calmly_and_for_a_while(clinic: Clinic) -> None:
    client = clinic.client()
    for _ in range(FREE_ATTEMPTS):
        client.post("/login", data={"name": "therapist", "password": "not the password"})
    answer = client.post("/login", data={"name": "therapist", "password": PASSWORD})
    assert answer.status_code == 401
    assert "wait a few minutes" in answer.text
    later = datetime.now(UTC) + timedelta(hours=1, minutes=1)
    object.__setattr__(clinic.services, "clock", lambda: later)
    answer = client.post("/login", data={"name": "therapist", "password": PASSWORD})
    assert answer.status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: TestClient) -> None:
    cookie = client.post("/login", data={"name": "therapist", "password": PASSWORD}).headers[
        "set-cookie"
    ]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=strict"}


def test_with_tls_the_cookie_is_secure_and_bound_to_the_host(
    prepared_clinic: Path, tmp_path: Path
) -> None:
    clinic = open_clinic(copy_clinic(prepared_clinic, tmp_path / "d"), tls=True)
    origin = ORIGIN.replace("http:", "https:")
    client = TestClient(clinic.app, base_url=origin, follow_redirects=False)
    answer = client.post(
        "/login", data={"name": "therapist", "password": PASSWORD}, headers={"origin": origin}
    )
    assert answer.headers["set-cookie"].startswith("__Host-facewire=")
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_session_never_goes_on_under_another_person(clinic: Clinic) -> None:
    client = clinic.client("patient")
    before = client.cookies["facewire"]
    client.post("/login", data={"name": "therapist", "password": PASSWORD})
    assert client.cookies["facewire"] != before
    old = clinic.client()
    set_cookie(old, "facewire", before)
    assert old.get("/").headers["location"] == "/login"


def test_a_token_from_elsewhere_opens_nothing(client: TestClient) -> None:
    set_cookie(client, "facewire", "fixed-by-somebody")
    assert client.get("/").headers["location"] == "/login"
    client.post("/login", data={"name": "therapist", "password": PASSWORD})
    assert "fixed-by-somebody" not in str(client.cookies)


def test_signing_out_ends_the_session_itself(clinic: Clinic) -> None:
    client = clinic.client("therapist")
    token = client.cookies["facewire"]
    assert client.post("/logout").headers["location"] == "/login?left=1"
    stolen = clinic.client()
    set_cookie(stolen, "facewire", token)
    assert stolen.get("/").headers["location"] == "/login"


def test_signing_out_needs_a_form(as_therapist: TestClient) -> None:
    assert as_therapist.get("/logout").status_code == 405


@pytest.mark.parametrize("after", [IDLE, LONGEST])
def test_a_session_ends_by_itself(clinic: Clinic, after: timedelta) -> None:
    client = clinic.client("therapist")
    now = datetime.now(UTC)
    object.__setattr__(clinic.services, "clock", lambda: now + after - timedelta(minutes=2))
    kept = client.get("/").status_code == 200
    object.__setattr__(clinic.services, "clock", lambda: now + after + timedelta(minutes=2))
    assert kept == (after == IDLE)
    assert client.get("/").status_code == (200 if kept else 303)
    object.__setattr__(clinic.services, "clock", lambda: now + after + 2 * IDLE)
    assert client.get("/").status_code == 303


def test_a_new_password_ends_the_other_sessions(clinic: Clinic) -> None:
    here, there = clinic.client("therapist"), clinic.client("therapist")
    new = {"old": PASSWORD, "password": "another harbour teapot", "again": "another harbour teapot"}
    assert here.post("/account/password", data=new).headers["location"] == "/account?changed=1"
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303


def test_the_present_password_is_needed_for_a_new_one(as_therapist: TestClient) -> None:
    new = {
        "old": "guessed",
        "password": "another harbour teapot",
        "again": "another harbour teapot",
    }
    answer = as_therapist.post("/account/password", data=new)
    assert answer.status_code == 422
    assert "This is not your present password" in answer.text


def test_the_look_is_kept_in_a_cookie_of_its_own(client: TestClient) -> None:
    sent = {"theme": "dark", "calm": "yes", "back": "/login"}
    assert client.post("/look", data=sent).headers["location"] == "/login"
    assert '<html lang="en" data-theme="dark" data-calm>' in client.get("/login").text


def test_a_nonsense_look_is_the_usual_look(client: TestClient) -> None:
    client.cookies.set("facewire_look", '"><script>.calmer')
    assert '<html lang="en">' in client.get("/login").text


def test_secrets_are_not_shown_with_the_settings(tmp_path: Path) -> None:
    settings = WebSettings(tmp_path, passphrase="seven quiet herons wade")
    assert "herons" not in repr(settings)
    assert settings.setup_code not in repr(settings)
