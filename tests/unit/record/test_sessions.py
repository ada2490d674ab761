from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from facewire.record.people import NewAccount, create_account
from facewire.record.sessions import (
    IDLE,
    LONGEST,
    close_all,
    close_session,
    find_session,
    hash_token,
    open_session,
)
from facewire.record.store import Record
from facewire.record.tables import Account, SignIn

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def account(record: Record) -> Account:
    with record.writing() as session:
        return create_account(
            session, NewAccount("ann", "Ann", "three calm herons", "administrator")
        )


@pytest.fixture
def token(record: Record, account: Account) -> str:
    with record.writing() as session:
        return open_session(session, account, NOW)


def test_only_the_hash_of_a_token_is_stored(record: Record, token: str) -> None:
    with record.reading() as session:
        row = session.scalars(select(SignIn)).one()
    assert row.token_sha256 == hash_token(token)
    assert token not in str(vars(row))
    assert len(token) >= 43


def test_a_token_opens_its_account(record: Record, account: Account, token: str) -> None:
    found = find_session(record, token, NOW)
    assert found is not None
    assert found.id == account.id
    assert find_session(record, token + "x", NOW) is None


def test_an_unused_session_ends(record: Record, token: str) -> None:
    assert find_session(record, token, NOW + IDLE) is None


def test_a_used_session_lasts_a_working_day(record: Record, token: str) -> None:
    step = timedelta(minutes=30)
    moment = NOW
    while moment + step < NOW + LONGEST:
        moment += step
        assert find_session(record, token, moment) is not None
    assert find_session(record, token, NOW + LONGEST) is None


def test_a_closed_session_stays_closed(record: Record, token: str) -> None:
    with record.writing() as session:
        close_session(session, token, NOW)
        close_session(session, token, NOW)
        close_session(session, "unknown", NOW)
    assert find_session(record, token, NOW) is None


def test_all_sessions_close(record: Record, account: Account, token: str) -> None:
    with record.writing() as session:
        second = open_session(session, account, NOW)
        close_all(session, account.id, NOW)
    assert find_session(record, token, NOW) is None
    assert find_session(record, second, NOW) is None
