from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, event

from facewire.errors import NotFoundError, RecordError, SignInError
from facewire.record import people
from facewire.record.audit import Actor, find_rows
from facewire.record.people import (
    NewAccount,
    check_password,
    create_account,
    list_accounts,
    set_active,
    set_password,
    set_role,
    waiting_time,
)
from facewire.record.sessions import find_session, open_session
from facewire.record.store import Record
from facewire.record.tables import Account, Patient
from named_account import account_named

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
RIGHT = "three calm herons"
ADMINISTRATOR = Actor("c" * 32, "administrator")

pytestmark = pytest.mark.usefixtures("quick_passwords")


def new(name: str = "Ann.Lee", role: str = "administrator", **more: str) -> NewAccount:
    return NewAccount(name, "Ann Lee", RIGHT, role, **more)


@pytest.fixture
def account(record: Record) -> Account:
    with record.writing(by=ADMINISTRATOR) as session:
        return create_account(session, new())


def sign_in(record: Record, name: str, password: str, now: datetime = NOW) -> Account:
    with record.writing() as session:
        return check_password(session, name, password, now)


def refused(record: Record, name: str, password: str, now: datetime = NOW) -> str:
    with pytest.raises(SignInError, match="do not fit") as caught:
        sign_in(record, name, password, now)
    return str(caught.value)


def test_the_password_is_stored_as_argon2id_only(record: Record, account: Account) -> None:
    assert account.password_hash.startswith("$argon2id$")
    assert RIGHT not in account.password_hash


def test_the_default_cost_is_the_recommended_one() -> None:
    """RFC 9106, 4: second recommended option: t = 3, p = 4, 64 MiB."""
    default = PasswordHasher()
    assert (default.time_cost, default.parallelism, default.memory_cost) == (3, 4, 64 * 1024)


@pytest.mark.parametrize("name", ["ann.lee", "ANN.LEE", " Ann.Lee "])
def test_the_right_password_opens(record: Record, account: Account, name: str) -> None:
    assert sign_in(record, name, RIGHT).id == account.id
    with record.reading() as session:
        assert find_rows(session, limit=1)[0].action == "signed_in"


def test_one_letter_has_one_form(record: Record) -> None:
    with record.writing() as session:
        create_account(
            session, NewAccount("jose\u0301", "José", "cafe\u0301 and herons", "administrator")
        )
    assert sign_in(record, "jos\u00e9", "caf\u00e9 and herons").shown_name == "José"


def test_all_refusals_are_the_same(record: Record, account: Account) -> None:
    words = {refused(record, "ann.lee", "wrong words here"), refused(record, "nobody", RIGHT)}
    with record.writing() as session:
        create_account(session, new("second"))
        set_active(session, account_named(session, "ann.lee"), active=False)
    words.add(refused(record, "ann.lee", RIGHT))
    assert len(words) == 1


def test_an_unknown_name_takes_the_same_work(
    record: Record, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    verify = people._verify
    monkeypatch.setattr(people, "_verify", lambda *a: done.append("verify") or verify(*a))
    statements = _count_statements(record.engine)
    counts = []
    for name in ("ann.lee", "nobody"):
        before = len(statements)
        refused(record, name, "wrong words here")
        counts.append((len(statements) - before, len(done)))
    assert counts[0][0] == counts[1][0]
    assert done == ["verify", "verify"]


def _count_statements(engine: Engine) -> list[str]:
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    return seen


def test_many_attempts_lock_the_account_for_longer_and_longer(
    record: Record, account: Account
) -> None:
    for _ in range(people.FREE_ATTEMPTS):
        refused(record, "ann.lee", "wrong words here")
    refused(record, "ann.lee", RIGHT, NOW + timedelta(seconds=29))
    later = NOW + timedelta(seconds=30)
    refused(record, "ann.lee", "wrong words here", later)
    refused(record, "ann.lee", RIGHT, later + timedelta(seconds=59))
    assert sign_in(record, "ann.lee", RIGHT, later + timedelta(seconds=60)).failed_attempts == 0


def test_the_right_password_forgets_wrong_ones(record: Record, account: Account) -> None:
    for _ in range(3):
        for _ in range(people.FREE_ATTEMPTS - 1):
            refused(record, "ann.lee", "wrong words here")
        sign_in(record, "ann.lee", RIGHT)


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (9, 480), (12, 3600), (99, 3600)]
)
def test_waiting_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert waiting_time(attempts) == timedelta(seconds=seconds)


def test_a_clock_that_was_set_back_locks_nobody_out_for_longer_than_an_hour(
    record: Record, account: Account
) -> None:
    for _ in range(people.FREE_ATTEMPTS):
        refused(record, "ann.lee", "wrong words here", NOW + timedelta(days=400))
    assert sign_in(record, "ann.lee", RIGHT, NOW).failed_attempts == 0


def test_many_who_sign_in_at_once_wait_for_each_other(
    record: Record, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash takes 64 MiB: two are made at a time."""
    running, most = [0], [0]

    class Slow(PasswordHasher):
        def verify(self, *given: Any) -> Any:
            running[0] += 1
            most[0] = max(most[0], running[0])
            time.sleep(0.02)
            running[0] -= 1
            return True

    monkeypatch.setattr(people, "HASHER", Slow(1, 8, 1))
    with ThreadPoolExecutor(16) as many:
        assert all(many.map(lambda _: people._verify("hash", RIGHT), range(16)))
    assert most[0] == 2


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "summer rain on tin roofs", "Xk7-Qm2-Vt9-Ld4"]
)
def test_words_of_ones_own_are_taken(password: str) -> None:
    assert NewAccount("ann.lee", "Ann", password, "administrator").password == password


def test_attempts_at_once_are_all_counted(record: Record, account: Account) -> None:
    """An attempt counts before its password is looked at."""
    seen: list[int] = []

    def look(*_: object) -> bool:
        with record.reading() as session:
            seen.append(account_named(session, "ann.lee").failed_attempts)
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "_verify", look)
        for _ in range(3):
            refused(record, "ann.lee", "wrong words here")
    assert seen == [1, 2, 3]


def test_a_name_is_given_once(record: Record, account: Account) -> None:
    with record.writing() as session, pytest.raises(RecordError, match="This name is taken"):
        create_account(session, new("ANN.LEE"))


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("short", "5 characters"),
        ("x" * 1001, "easy to guess"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("ann.lee-ann.lee", "easy to guess"),
        ("ab" * 501, "easy to guess"),
        ("abcdefgh" * 200, "1001 characters"),
        ("Password2026!", "easy to guess"),
        ("123456789012345", "easy to guess"),
        ("qwertyuiop[]12", "easy to guess"),
        ("qwertzuiop1234", "easy to guess"),
        ("willkommen in der klinik", "easy to guess"),
        ("FacewireFacewire1", "easy to guess"),
        ("zyxwvutsrqponm", "easy to guess"),
    ],
)
def test_a_poor_password_is_refused(password: str, found: str) -> None:
    with pytest.raises(RecordError, match="This password cannot be used") as caught:
        NewAccount("ann.lee", "Ann", password, "administrator")
    assert found in str(caught.value)
    assert password not in str(caught.value)


@pytest.mark.parametrize("name", ["", "  ", "two words", "x" * 81, "bell\x07"])
def test_a_name_that_cannot_be_typed_is_refused(name: str) -> None:
    with pytest.raises(RecordError, match="cannot be used to sign in"):
        NewAccount(name, "Ann", RIGHT, "administrator")


@pytest.mark.parametrize(
    ("role", "profession", "patient_id", "words"),
    [
        ("owner", None, None, "no such role"),
        ("clinician", "barber", None, "no such role or profession"),
        ("clinician", None, None, "do not fit"),
        ("patient", None, None, "belongs to one patient"),
        ("administrator", None, "p", "belongs to one patient"),
        ("patient", "surgeon", "p", "do not fit"),
    ],
)
def test_role_and_profession_fit(
    role: str, profession: str | None, patient_id: str | None, words: str
) -> None:
    with pytest.raises(RecordError, match=words):
        NewAccount("ann", "Ann", RIGHT, role, profession, patient_id)


def test_a_patients_account_belongs_to_the_patient(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        made = create_account(session, new("maria", "patient", patient_id=patient.id))
        assert made.patient_id == patient.id
        with pytest.raises(NotFoundError, match="patients"):
            create_account(session, new("otto", "patient", patient_id="nobody"))


Changing = Callable[[Record, Account], None]


def _new_password(record: Record, account: Account) -> None:
    with record.writing() as session:
        set_password(session, account, "four loud geese fly")


def _new_role(record: Record, account: Account) -> None:
    with record.writing() as session:
        create_account(session, new("second"))
        set_role(session, account, "clinician", "surgeon")


def _closed(record: Record, account: Account) -> None:
    with record.writing() as session:
        create_account(session, new("second"))
        set_active(session, account, active=False)


@pytest.mark.parametrize("changing", [_new_password, _new_role, _closed])
def test_a_change_ends_open_sessions(record: Record, account: Account, changing: Changing) -> None:
    with record.writing() as session:
        token = open_session(session, account, NOW)
    assert find_session(record, token, NOW) is not None
    changing(record, account)
    assert find_session(record, token, NOW) is None


def test_a_new_password_replaces_the_old_one(record: Record, account: Account) -> None:
    _new_password(record, account)
    refused(record, "ann.lee", RIGHT)
    assert sign_in(record, "ann.lee", "four loud geese fly").id == account.id


@pytest.mark.parametrize("last", [_new_role, _closed])
def test_an_administrator_is_left(record: Record, account: Account, last: Changing) -> None:
    def alone() -> None:
        with record.writing() as session:
            if last is _closed:
                set_active(session, account, active=False)
            else:
                set_role(session, account, "clinician", "surgeon")

    with pytest.raises(RecordError, match="No administrator would be left"):
        alone()
    with record.reading() as session:
        (kept,) = list_accounts(session)
    assert (kept.role, kept.active) == ("administrator", True)


def test_a_stronger_cost_is_taken_up_at_the_next_sign_in(
    record: Record, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "HASHER", PasswordHasher(2, 8, 1))
    sign_in(record, "ann.lee", RIGHT)
    with record.reading() as session:
        assert ",t=2," in account_named(session, "ann.lee").password_hash
