"""Open sessions of people who signed in: only the SHA-256 of their token is stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from facewire.record import audit
from facewire.record.store import Record
from facewire.record.tables import Account, SignIn

LONGEST = timedelta(hours=12)
"""A working day; then one signs in again."""
IDLE = timedelta(minutes=60)
"""A session that is not used ends; a guided recording is use."""
TOUCH_AFTER = timedelta(minutes=1)
TOKEN_BYTES = 32


def open_session(
    session: Session, account: Account, now: datetime, *, waits_until: datetime | None = None
) -> str:
    """Open a session and return its token, which is stored nowhere.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    account : Account
        That `check_password` returned.
    now : datetime
    waits_until : datetime, optional
        The session opens nothing but waits for the code of the second step, until then.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = SignIn(
        token_sha256=hash_token(token),
        account_id=account.id,
        opened_at=now,
        seen_at=now,
        ends_at=waits_until or now + LONGEST,
        waits=waits_until is not None,
    )
    session.add(row)
    session.flush()
    return token


def find_session(record: Record, token: str, now: datetime) -> Account | None:
    """Return whose session a token opens, and note once a minute that it is in use.

    Parameters
    ----------
    record : Record
    token : str
        From the person's cookie.
    now : datetime

    Returns
    -------
    Account or None
        None when the session has ended, was closed, or the account is closed.
    """
    with record.reading() as session:
        found = session.execute(
            select(SignIn, Account)
            .join(Account, Account.id == SignIn.account_id)
            .where(
                SignIn.token_sha256 == hash_token(token),
                SignIn.waits.is_(False),
                SignIn.closed_at.is_(None),
                SignIn.ends_at > now,
                SignIn.seen_at > now - IDLE,
                Account.active,
            )
        ).first()
    if found is None:
        return None
    row, account = found[0], found[1]
    if row.seen_at < now - TOUCH_AFTER:
        _touch(record, row.token_sha256, now)
    return account


def opened_at(session: Session, account_id: str, now: datetime) -> Sequence[datetime]:
    """Return since when each open session of an account is open, the newest first."""
    query = select(SignIn.opened_at).where(
        SignIn.account_id == account_id,
        SignIn.waits.is_(False),
        SignIn.closed_at.is_(None),
        SignIn.ends_at > now,
        SignIn.seen_at > now - IDLE,
    )
    return session.scalars(query.order_by(SignIn.opened_at.desc())).all()


def close_session(session: Session, token: str, now: datetime) -> None:
    """End a session; nothing happens when it has ended or never was.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    token : str
    now : datetime
    """
    row = session.get(SignIn, hash_token(token))
    if row is not None and row.closed_at is None:
        row.closed_at = now
        audit.note(session, "signed_out", "accounts", row.account_id)


def close_all(session: Session, account_id: str, now: datetime) -> None:
    """End every session of an account.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    account_id : str
    now : datetime
    """
    session.execute(
        update(SignIn)
        .where(SignIn.account_id == account_id, SignIn.closed_at.is_(None))
        .values(closed_at=now)
    )
    audit.note(session, "signed_out", "accounts", account_id, details={"sessions": "all"})


def hash_token(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _touch(record: Record, token_sha256: str, now: datetime) -> None:
    with record.writing() as session:
        session.execute(
            update(SignIn)
            .where(SignIn.token_sha256 == token_sha256, SignIn.seen_at < now)
            .values(seen_at=now)
        )
