"""The second step at sign-in: codes as a phone makes them, each once, and what is lost."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time
from datetime import UTC, datetime, timedelta

import pytest
from web_app import PASSWORD, Clinic, TestClient

from facewire.record import second_step
from facewire.record.people import FREE_ATTEMPTS
from named_account import account_named

THERAPIST = {"name": "therapist", "password": PASSWORD}


def phone(secret: str, at_s: float | None = None) -> str:
    """Return the code of a moment, by RFC 6238 and 4226 as they are printed."""
    step = int(time.time() if at_s is None else at_s) // 30
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    place = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def test_the_phone_of_these_tests_is_the_one_of_the_standard() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    # RFC 6238, appendix B: eight digits there, of which six are asked here.
    assert [phone(secret, at) for at in (59, 1111111109, 20000000000)] == [
        "287082",
        "081804",
        "353130",
    ]


def secret_of(clinic: Clinic, name: str = "therapist") -> str:
    with clinic.record.reading() as session:
        return account_named(session, name).code_secret or ""


def turned_on(clinic: Clinic, client: TestClient) -> tuple[str, list[str]]:
    """Turn it on as a person does; gives the secret and the codes on paper."""
    client.post("/account/second-step/begin")
    page = client.get("/account/second-step").text
    secret = secret_of(clinic)
    shown = re.findall(r'class="code">([A-Z2-7 ]+)<', page)[0]
    assert shown.replace(" ", "") == secret
    assert "<svg" in page
    earlier = phone(secret, time.time() - 30)
    page = client.post("/account/second-step/on", data={"code": earlier}).text
    return secret, re.findall(r"<li>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</li>", page)


def test_a_password_alone_opens_nothing_then(clinic: Clinic, as_therapist: TestClient) -> None:
    secret, spare = turned_on(clinic, as_therapist)
    assert len(set(spare)) == second_step.SPARE
    thief = clinic.client()
    answer = thief.post("/login", data=THERAPIST | {"back": "/patients"})
    assert answer.headers["location"] == "/login/code?next=/patients"
    assert thief.get("/patients").headers["location"].startswith("/login")
    assert thief.get("/api/v1/patients").status_code == 401
    wrong = thief.post("/login/code", data={"code": "000000", "back": "/patients"})
    assert (wrong.status_code, "This code does not fit" in wrong.text) == (401, True)
    assert thief.get("/patients").status_code == 303
    code = phone(secret)
    answer = thief.post("/login/code", data={"code": code, "back": "/patients"})
    assert answer.headers["location"] == "/patients"
    assert thief.get("/patients").status_code == 200
    # The same code, read over a shoulder, opens nothing again.
    other = clinic.client()
    other.post("/login", data=THERAPIST)
    assert other.post("/login/code", data={"code": code}).status_code == 401


def test_wrong_codes_count_though_the_password_is_right(
    clinic: Clinic, as_therapist: TestClient
) -> None:
    secret, _ = turned_on(clinic, as_therapist)
    for _ in range(FREE_ATTEMPTS):
        thief = clinic.client()
        assert thief.post("/login", data=THERAPIST).status_code == 303
        assert thief.post("/login/code", data={"code": "12"}).status_code == 401
    thief = clinic.client()
    assert thief.post("/login", data=THERAPIST).status_code == 401
    with clinic.record.reading() as session:
        account = account_named(session, "therapist")
        assert account.failed_attempts == FREE_ATTEMPTS
        assert account.locked_until is not None
    assert secret == secret_of(clinic)


def test_a_code_of_the_paper_is_good_once(clinic: Clinic, as_therapist: TestClient) -> None:
    _, spare = turned_on(clinic, as_therapist)
    for code, status in ((spare[3].upper().replace("-", " "), 303), (spare[3], 401)):
        person = clinic.client()
        person.post("/login", data=THERAPIST)
        assert person.post("/login/code", data={"code": code}).status_code == status
    assert "Codes on paper that are still good: 7." in as_therapist.get("/account/second-step").text
    with clinic.record.reading() as session:
        assert not set(spare) & set(account_named(session, "therapist").spare_codes)


def test_the_code_must_come_soon(clinic: Clinic, as_therapist: TestClient) -> None:
    secret, _ = turned_on(clinic, as_therapist)
    person = clinic.client()
    person.post("/login", data=THERAPIST)
    token = person.cookies.get(clinic.services.settings.cookie) or ""
    late = datetime.now(UTC) + second_step.CODE_WITHIN + timedelta(seconds=1)
    with clinic.record.writing() as session, pytest.raises(Exception, match="too long ago"):
        second_step.finish(session, token, phone(secret, late.timestamp()), late)


@pytest.mark.parametrize("off_s", [-30, 0, 30])
def test_a_phones_clock_may_be_off_by_one_step(clinic: Clinic, off_s: int) -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    with clinic.record.writing() as session:
        account = account_named(session, "surgeon")
        second_step.begin(session, account)
        code = phone(account.code_secret or "", now.timestamp() + off_s)
        assert len(second_step.turn_on(session, account, code, now)) == second_step.SPARE


def test_a_phone_two_steps_off_is_told(clinic: Clinic) -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    with clinic.record.writing() as session:
        account = account_named(session, "surgeon")
        second_step.begin(session, account)
        code = phone(account.code_secret or "", now.timestamp() + 60)
        with pytest.raises(Exception, match="This code does not fit"):
            second_step.turn_on(session, account, code, now)
        assert account.code_since is None


def test_turning_it_off_takes_the_password(clinic: Clinic, as_therapist: TestClient) -> None:
    turned_on(clinic, as_therapist)
    wrong = as_therapist.post("/account/second-step/off", data={"password": "not this one at all"})
    assert (wrong.status_code, secret_of(clinic) != "") == (422, True)
    as_therapist.post("/account/second-step/off", data={"password": PASSWORD})
    assert secret_of(clinic) == ""
    person = clinic.client()
    assert person.post("/login", data=THERAPIST).headers["location"] == "/"


def test_an_administrator_helps_who_lost_phone_and_paper(
    clinic: Clinic, as_therapist: TestClient, as_administrator: TestClient
) -> None:
    turned_on(clinic, as_therapist)
    with clinic.record.reading() as session:
        address = f"/accounts/{account_named(session, 'therapist').id}"
    assert "Turn the code of the phone off" in as_administrator.get(address).text
    as_administrator.post(f"{address}/second-step")
    assert clinic.client().post("/login", data=THERAPIST).headers["location"] == "/"
    assert "Turn the code of the phone off" not in as_administrator.get(address).text
    assert as_therapist.post(f"{address}/second-step").status_code == 403


def test_a_program_sends_its_code(clinic: Clinic, as_therapist: TestClient) -> None:
    secret, spare = turned_on(clinic, as_therapist)
    program = clinic.client()
    answer = program.post("/api/v1/sign-in", json=THERAPIST)
    assert answer.status_code == 401
    assert "a code too" in answer.json()["error"]["what"]
    answer = program.post("/api/v1/sign-in", json=THERAPIST | {"code": phone(secret)})
    assert answer.json()["person"]["name"] == "therapist"
    assert program.post("/api/v1/sign-in", json=THERAPIST | {"code": spare[0]}).status_code == 201


def test_the_secret_is_no_more_in_the_trail_than_a_password(
    clinic: Clinic, as_therapist: TestClient, as_administrator: TestClient
) -> None:
    secret, spare = turned_on(clinic, as_therapist)
    trail = as_administrator.get("/audit").text
    assert secret not in trail
    assert not [code for code in spare if code in trail]
