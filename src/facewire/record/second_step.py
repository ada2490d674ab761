"""A second step at sign-in: codes of a phone, which change every 30 seconds (TOTP, RFC 6238).

Who knows a password still lacks the phone. A code counts once; the codes of one step before and
after do, too, since phones' clocks differ. Wrong ones count as wrong passwords do. `SPARE` codes on
paper, each good for once, are for the day when the phone is lost.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
from sqlalchemy.orm import Session

from facewire.errors import RecordError, SignInError
from facewire.record import audit, people, sessions
from facewire.record.store import change
from facewire.record.tables import Account, SignIn

ISSUER = "facewire"
STEP_S = 30
DRIFT = 1
"""Steps that a phone's clock may be off, each way."""
SPARE = 8
SPARE_GROUPS = 3
"""Of four signs: 59 bits, too many to try."""
CODE_WITHIN = timedelta(minutes=10)
"""After the password, so long may the code take."""

_REFUSED = "This code does not fit"
_WHAT_TO_DO = "take the newest code that the phone shows; its clock must be right"


def begin(session: Session, account: Account) -> str:
    """Make the secret that the phone shall share; nothing is asked for until `turn_on`.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    account : Account

    Returns
    -------
    str
        Address (``otpauth:``) for the phone's program; `secret_of` reads the secret out of it.

    Raises
    ------
    RecordError
        The second step is on already.
    """
    if account.code_since is not None:
        raise RecordError("The second step is on already", do="turn it off first")
    own = change(session, account, code_secret=pyotp.random_base32())
    return address_of(own)


def address_of(account: Account) -> str:
    """Return what a phone's program reads as a picture; empty before `begin`."""
    if account.code_secret is None:
        return ""
    shared = pyotp.TOTP(account.code_secret)
    return shared.provisioning_uri(name=account.name, issuer_name=ISSUER)


def turn_on(session: Session, account: Account, code: str, now: datetime) -> tuple[str, ...]:
    """Ask for codes from now on, once the phone has shown that it makes the right ones.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    account : Account
    code : str
        As typed.
    now : datetime

    Returns
    -------
    tuple of str
        Codes for the day when the phone is lost; only their SHA-256 is stored.

    Raises
    ------
    SignInError
        The code is not one of the phone's.
    RecordError
        The second step was not begun, or is on already.
    """
    if account.code_secret is None or account.code_since is not None:
        raise RecordError("The second step was not begun", do="begin it under your account")
    step = _step_of(account, code, now)
    if step is None:
        raise SignInError(_REFUSED, do=_WHAT_TO_DO)
    spare = tuple(_spare_code() for _ in range(SPARE))
    hashed = [_hashed(one) for one in spare]
    change(session, account, code_since=now, code_step=step, spare_codes=hashed)
    return spare


def turn_off(session: Session, account: Account) -> Account:
    """Ask for the password alone again."""
    return change(session, account, **people.WITHOUT_CODES)


def finish(session: Session, token: str, code: str, now: datetime) -> str:
    """Open the session that a right password began, with a code of the phone or of the paper.

    The transaction is committed before the code is looked at and after a wrong one, so that the
    attempt counts whatever follows.

    Parameters
    ----------
    session : Session
        Of `Record.writing`, with nothing else in it.
    token : str
        Of the session that waits.
    code : str
        As typed.
    now : datetime

    Returns
    -------
    str
        Token of the new session.

    Raises
    ------
    SignInError
        No session waits, the code is wrong or was used, or the account is closed or locked.
    """
    waiting = session.get(SignIn, sessions.hash_token(token))
    if waiting is None or not waiting.waits or waiting.closed_at or waiting.ends_at <= now:
        raise SignInError("The password was too long ago", do="sign in again")
    account = people.count_attempt_on(session, waiting.account_id, now)
    if account is None or not _use(account, code, now):
        audit.note(session, "sign_in_refused", "accounts", waiting.account_id)
        session.commit()
        raise SignInError(_REFUSED, do=_WHAT_TO_DO)
    account.failed_attempts, account.locked_until = 0, None
    waiting.closed_at = now
    audit.note(session, "signed_in", "accounts", account.id)
    return sessions.open_session(session, account, now)


def _use(account: Account, code: str, now: datetime) -> bool:
    """Whether a code fits; then it fits no more."""
    step = _step_of(account, code, now)
    if step is not None and step > account.code_step:
        account.code_step = step
        return True
    hashed = _hashed(code)
    left = [one for one in account.spare_codes if not hmac.compare_digest(one, hashed)]
    fits = len(left) < len(account.spare_codes)
    account.spare_codes = left
    return fits


def _step_of(account: Account, code: str, now: datetime) -> int | None:
    """Return in which step the phone makes this code; None where in none near now."""
    plain = "".join(code.split())
    if not plain.isascii():
        return None
    made = pyotp.HOTP(account.code_secret or "")
    here = int(now.timestamp()) // STEP_S
    steps = range(here - DRIFT, here + DRIFT + 1)
    fits = [step for step in steps if hmac.compare_digest(made.at(step), plain)]
    return max(fits, default=None)


def _spare_code() -> str:
    signs = [secrets.choice(people.READ_OUT) for _ in range(4 * SPARE_GROUPS)]
    return "-".join("".join(signs[at : at + 4]) for at in range(0, len(signs), 4))


def _hashed(code: str) -> str:
    plain = "".join(sign for sign in code.casefold() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
