"""Accounts: who may sign in, with which password, in which role.

Passwords are hashed with argon2id. Every attempt is counted before the password is looked at, so
that many attempts at once count as many; after `FREE_ATTEMPTS` the waiting time doubles with each.
An unknown name takes the same work and gets the same answer as a wrong password.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from facewire.errors import NotFoundError, RecordError, SignInError
from facewire.record import audit
from facewire.record.store import add, change, get
from facewire.record.tables import PROFESSIONS, ROLES, Account, Patient, SignIn

FREE_ATTEMPTS = 5
"""So many wrong passwords in a row are answered without waiting."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)

SHORTEST_PASSWORD = 12
"""Characters. Length counts, not kinds of characters (NIST SP 800-63B, 3.1.1.2)."""
LONGEST_PASSWORD = 1000
LONGEST_NAME = 80

_REFUSED = "Name and password do not fit, or there were too many attempts"
_WHAT_TO_DO = "check both; after several attempts wait up to an hour before the next"

HASHER = PasswordHasher()
"""Argon2id with the library's recommended cost (RFC 9106, low memory)."""
HASHING = threading.BoundedSemaphore(2)
"""Each hash takes 64 MiB: forty people who sign in at once wait for each other instead."""

WITHOUT_CODES: Mapping[str, Any] = {
    "code_secret": None,
    "code_since": None,
    "code_step": 0,
    "spare_codes": [],
}
"""What an account holds that has no second step."""

READ_OUT = "23456789abcdefghjkmnpqrstuvwxyz"
"""Signs that are not taken for each other when they are read out."""

COMMON_WORDS = (
    *("password", "passwort", "passphrase", "contrasena", "motdepasse", "kennwort", "geheim"),
    *("welcome", "willkommen", "bienvenido", "letmein", "iloveyou", "changeme", "secret", "login"),
    *("administrator", "admin", "facewire", "clinic", "klinik", "clinica", "hospital", "praxis"),
    *("patient", "doctor", "doktor", "therapist", "surgeon", "summer", "sommer", "winter"),
    *("monkey", "dragon", "football", "baseball", "princess", "sunshine", "master", "qwerty"),
)
ROWS = (
    *("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "azertyuiop"),
    *("asdfghjkl", "zxcvbnm", "yxcvbnm"),
)
LEAST_OWN = 8
"""Signs of a password that are neither of these words nor four in a row of an alphabet or a
keyboard. The lists are this program's own: the beginnings of what people take first."""


@dataclass(frozen=True)
class NewAccount:
    """What a new account is made from.

    Parameters
    ----------
    name : str
        To sign in with; capital letters make no difference.
    shown_name : str
        As others read it.
    password : str
    role : str
        ``patient``, ``clinician`` or ``administrator``.
    profession : str, optional
        Of a clinician; an administrator with a profession is a clinician too.
    patient_id : str, optional
        Whose account it is, for the role ``patient`` only.
    handed_out : bool
        Whether somebody else made the password: its owner is asked for an own one.
    """

    name: str
    shown_name: str
    password: str
    role: str
    profession: str | None = None
    patient_id: str | None = None
    handed_out: bool = False

    def __post_init__(self) -> None:
        if not self.shown_name.strip():
            raise RecordError("The shown name is empty", expected="a name for others to read")
        check_name(self.name)
        check_new_password(self.password, self.name)
        _check_role(self.role, self.profession, self.patient_id)


def create_account(session: Session, new: NewAccount) -> Account:
    """Store a new account.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    new : NewAccount

    Raises
    ------
    RecordError
        The name is taken.
    NotFoundError
        The patient whose account it should be is not there.
    """
    name = normal_name(new.name)
    if session.scalar(select(Account.id).where(Account.name == name)) is not None:
        raise RecordError("This name is taken", found=name, do="choose another name")
    if new.patient_id is not None:
        get(session, Patient, new.patient_id)
    account = Account(
        name=name,
        shown_name=new.shown_name.strip(),
        password_hash=_hash(new.password),
        role=new.role,
        profession=new.profession,
        patient_id=new.patient_id,
        active=True,
        handed_out=new.handed_out,
        failed_attempts=0,
    )
    return add(session, account)


def new_password() -> str:
    """Make a password to hand out: 78 random bits in groups that can be read out."""
    letters = [secrets.choice(READ_OUT) for _ in range(16)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4))


def let_in_again(session: Session, name: str) -> tuple[Account, str]:
    """Open an account to its person once more: a new password, no lock, no session, no second step.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    name : str
        To sign in with.

    Returns
    -------
    tuple of Account and str
        The account and its new password, which is stored nowhere.

    Raises
    ------
    NotFoundError
        Nobody signs in with this name.
    """
    account = session.scalar(select(Account).where(Account.name == normal_name(name)))
    if account is None:
        raise NotFoundError("Nobody signs in with this name", found=name, do="check the name")
    password = new_password()
    own = change(session, account, **WITHOUT_CODES)
    own = set_password(session, own, password, handed_out=True)
    return set_active(session, own, active=True), password


def check_password(session: Session, name: str, password: str, now: datetime) -> Account:
    """Return the account that a name and a password open.

    The transaction is committed on the way, once before the password is looked at and once when
    it is wrong, so that the attempt counts whatever follows.

    Parameters
    ----------
    session : Session
        Of `Record.writing`, with nothing else in it.
    name, password : str
        As typed.
    now : datetime

    Raises
    ------
    SignInError
        The name is unknown, the password wrong, the account closed or locked: the same answer.
    """
    query = select(Account).where(Account.name == normal_name(name)).with_for_update()
    account = session.scalar(query)
    usable = _is_usable(account, now)
    _count_attempt(session, account, now)
    session.commit()
    right = _verify(account.password_hash if account else _no_hash(), password)
    if account is None or not usable or not right:
        row_id = None if account is None else account.id
        audit.note(session, "sign_in_refused", "accounts", row_id)
        session.commit()
        raise SignInError(_REFUSED, do=_WHAT_TO_DO)
    session.refresh(account)
    # Where a code is to follow, wrong codes go on counting: a right password forgives none.
    before = 0 if account.code_since is None else account.failed_attempts - 1
    account.failed_attempts, account.locked_until = before, None
    if HASHER.check_needs_rehash(account.password_hash):
        account.password_hash = _hash(password)
    if account.code_since is None:
        audit.note(session, "signed_in", "accounts", account.id)
    return account


def count_attempt_on(session: Session, account_id: str, now: datetime) -> Account | None:
    """Count an attempt with a code and return the account; None while it is closed or locked.

    The transaction is committed, so that the attempt counts whatever follows.
    """
    account = session.get(Account, account_id, with_for_update=True)
    usable = _is_usable(account, now)
    _count_attempt(session, account, now)
    session.commit()
    if account is None or not usable:
        return None
    session.refresh(account)
    return account


def set_password(
    session: Session, account: Account, password: str, *, handed_out: bool = False
) -> Account:
    """Give an account a new password; its open sessions end, its lock is lifted.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    account : Account
    password : str
    handed_out : bool
        Whether somebody else made it: its owner is asked for an own one.

    Raises
    ------
    RecordError
        The password is too short, too long, or holds the name.
    """
    check_new_password(password, account.name)
    now = audit.record_of(session).moment()
    hashed = _hash(password)
    own = change(
        session,
        account,
        password_hash=hashed,
        handed_out=handed_out,
        failed_attempts=0,
        locked_until=None,
    )
    _end_sessions(session, own, now)
    return own


def set_active(session: Session, account: Account, active: bool) -> Account:
    """Open or close an account; closing ends its sessions.

    Raises
    ------
    RecordError
        It is the last administrator's.
    """
    own = change(session, account, active=active)
    if not active:
        _refuse_without_administrator(session)
        _end_sessions(session, own, audit.record_of(session).moment())
    return own


def set_role(session: Session, account: Account, role: str, profession: str | None) -> Account:
    """Change what an account may do; its sessions end.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    account : Account
    role : str
        One of `ROLES`.
    profession : str or None
        One of `PROFESSIONS`.

    Raises
    ------
    RecordError
        Role and profession do not fit, or no administrator would be left.
    """
    _check_role(role, profession, account.patient_id)
    own = change(session, account, role=role, profession=profession)
    _refuse_without_administrator(session)
    _end_sessions(session, own, audit.record_of(session).moment())
    return own


def list_accounts(session: Session) -> Sequence[Account]:
    """Return all accounts, by name."""
    return session.scalars(select(Account).order_by(Account.name)).all()


def accounts_by_id(session: Session, account_ids: Iterable[str | None]) -> dict[str, Account]:
    """Return accounts by their ids; an id that is none is left out."""
    query = select(Account).where(Account.id.in_({one for one in account_ids if one}))
    return {row.id: row for row in session.scalars(query)}


def has_accounts(session: Session) -> bool:
    """Return whether anybody has an account yet, open or closed."""
    return session.scalar(select(Account.id).limit(1)) is not None


def count_open_accounts(session: Session) -> int:
    """Return how many accounts are open."""
    return session.scalar(select(func.count()).where(Account.active)) or 0


def normal_name(name: str) -> str:
    """Return a name as it is stored: one form of each letter, small, without outer spaces."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def check_name(name: str) -> None:
    """Refuse a name to sign in with that cannot be typed again.

    Raises
    ------
    RecordError
        It is empty, too long, or holds spaces or control characters.
    """
    plain = normal_name(name)
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable() or " " in plain:
        raise RecordError(
            "This name cannot be used to sign in",
            expected=f"1 to {LONGEST_NAME} characters without spaces",
            found=f"{len(plain)} characters" if plain.isprintable() else "control characters",
        )


def check_new_password(password: str, name: str) -> None:
    """Refuse a password that is guessed easily; it never appears in the message.

    Raises
    ------
    RecordError
        It is too short, too long, one repeated character, or holds the name.
    """
    plain = _normalised(password)
    small, own = plain.casefold(), normal_name(name)
    fits = SHORTEST_PASSWORD <= len(plain) <= LONGEST_PASSWORD
    poor = len(set(plain)) < 4 or (len(own) > 3 and own in small)
    poor = poor or (fits and _own_signs(small) < LEAST_OWN)
    if not fits or poor:
        raise RecordError(
            "This password cannot be used",
            expected=f"{SHORTEST_PASSWORD} or more characters, not the name, not what many take",
            found="one that is easy to guess" if poor else f"{len(plain)} characters",
            do="take a few words that do not belong together",
        )


def _own_signs(plain: str) -> int:
    """Count the signs, spaces apart, that are not of a common word and not in a row."""
    left = plain
    for word in COMMON_WORDS:
        left = left.replace(word, " ")
    runs = {row[i : i + 4] for one in ROWS for row in (one, one[::-1]) for i in range(len(row) - 3)}
    kept = [True] * len(left)
    for i in range(len(left) - 3):
        if left[i : i + 4] in runs:
            kept[i : i + 4] = [False] * 4
    return sum(keep and not sign.isspace() for keep, sign in zip(kept, left, strict=True))


def waiting_time(attempts: int) -> timedelta:
    """Return how long no further attempt counts after so many in a row."""
    if attempts < FREE_ATTEMPTS:
        return timedelta(0)
    doublings = min(attempts - FREE_ATTEMPTS, 16)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _check_role(role: str, profession: str | None, patient_id: str | None) -> None:
    if role not in ROLES or (profession is not None and profession not in PROFESSIONS):
        raise RecordError(
            "There is no such role or profession",
            expected=f"{', '.join(ROLES)}; {', '.join(PROFESSIONS)}",
            found=f"{role}; {profession}",
        )
    if (role == "patient") != (patient_id is not None):
        raise RecordError("A patient's account, and no other, belongs to one patient")
    if (role == "clinician") > (profession is not None) or (role == "patient" and profession):
        raise RecordError(
            "Role and profession do not fit",
            expected="a profession for a clinician, none for a patient",
            found=f"{role}; {profession}",
        )


def _is_usable(account: Account | None, now: datetime) -> bool:
    if account is None or not account.active:
        return False
    return not _is_locked(account, now)


def _is_locked(account: Account, now: datetime) -> bool:
    """Whether no attempt counts now; never for longer than the longest wait, whatever the clock."""
    until = account.locked_until
    return until is not None and now < until <= now + LONGEST_WAIT


def _count_attempt(session: Session, account: Account | None, now: datetime) -> None:
    """Count before looking; the same statement runs for a name that nobody has."""
    attempts = (account.failed_attempts if account else 0) + 1
    locked = account is not None and _is_locked(account, now)
    values = {} if locked else {"locked_until": now + waiting_time(attempts)}
    session.execute(
        update(Account)
        .where(Account.id == (account.id if account else ""))
        .values(failed_attempts=Account.failed_attempts + (0 if locked else 1), **values)
    )


def _verify(hashed: str, password: str) -> bool:
    try:
        with HASHING:
            return HASHER.verify(hashed, _normalised(password))
    except VerifyMismatchError:
        return False


def _hash(password: str) -> str:
    with HASHING:
        return HASHER.hash(_normalised(password))


@cache
def _no_hash() -> str:
    """Return a hash that an unknown name's password is compared with, to take the same time."""
    return HASHER.hash("nobody has this password")


def _normalised(password: str) -> str:
    return unicodedata.normalize("NFKC", password)[: LONGEST_PASSWORD + 1]


def _end_sessions(session: Session, account: Account, now: datetime) -> None:
    session.execute(
        update(SignIn)
        .where(SignIn.account_id == account.id, SignIn.closed_at.is_(None))
        .values(closed_at=now)
    )


def _refuse_without_administrator(session: Session) -> None:
    query = select(Account.id).where(Account.role == "administrator", Account.active)
    if session.scalar(query.limit(1)) is None:
        raise RecordError(
            "No administrator would be left",
            expected="at least one open account of an administrator",
            do="make somebody else an administrator first",
        )
