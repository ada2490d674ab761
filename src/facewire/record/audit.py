"""The audit trail: who saw and changed what, as a chain in which any change is found.

Every row holds the SHA-256 of its own content and of the row before it. Triggers in the database
refuse to change or delete a row and to add one that does not follow the last. Rows name tables,
ids and columns, never values: no name and no finding is in the trail.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from facewire.errors import RecordError
from facewire.record.tables import AuditRow

if TYPE_CHECKING:
    from facewire.record.store import Record

FIRST = "0" * 64
"""What stands before the first row."""

_LOCK = 0x66_61_63_65
_STEP = 1000


@dataclass(frozen=True)
class Actor:
    """Who does something.

    Parameters
    ----------
    account_id : str or None
        None for the app itself, and for someone who has not signed in.
    role : str
        ``patient``, ``clinician``, ``administrator`` or ``system``.
    """

    account_id: str | None
    role: str


SYSTEM = Actor(None, "system")
"""The app itself, such as a worker that stores a measurement."""


@dataclass(frozen=True)
class Head:
    """The end of the trail: how many rows there are and the SHA-256 of the last.

    Kept outside the database (in a backup, on paper), it shows later whether rows at the end were
    taken away, which the chain alone cannot show.
    """

    number: int
    sha256: str


@dataclass(frozen=True)
class Fault:
    """A place where the trail was changed.

    Parameters
    ----------
    number : int
        Of the row that does not fit.
    what : str
        In words.
    """

    number: int
    what: str


def note(
    session: Session,
    action: str,
    kind: str,
    row_id: str | None = None,
    *,
    patient_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> AuditRow:
    """Add a row to the trail, inside the session's transaction.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    action : str
        Such as ``added``, ``voided``, ``saw``, ``signed_in``.
    kind : str
        The table, or what was seen.
    row_id, patient_id : str, optional
    details : mapping, optional
        Names of columns and ids; never values of a patient.

    Raises
    ------
    RecordError
        The session is for reading only.
    """
    actor, record = session.info.get("actor"), record_of(session)
    if actor is None:
        raise RecordError("The audit trail is written in a writing session only")
    last = _lock_and_read_head(session)
    row = AuditRow(
        number=last.number + 1,
        at=record.moment(),
        account_id=actor.account_id,
        action=action,
        kind=kind,
        row_id=row_id,
        patient_id=patient_id,
        details=dict(details or {}),
        previous_sha256=last.sha256,
    )
    row.sha256 = digest(row)
    session.add(row)
    session.flush()
    return row


def saw(
    session: Session,
    actor: Actor,
    kind: str,
    row_id: str | None,
    patient_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note that somebody is about to see a patient's data.

    In a reading session the row is written at once, in a transaction of its own, so that nothing
    is shown that is not in the trail.

    Parameters
    ----------
    session : Session
    actor : Actor
    kind : str
        What is shown, such as ``timeline``.
    row_id, patient_id : str or None
    details : mapping, optional
        Such as the ids of the patients of a list.
    """
    if session.info.get("actor") is not None:
        note(session, "saw", kind, row_id, patient_id=patient_id, details=details)
        return
    with record_of(session).writing(by=actor) as own:
        note(own, "saw", kind, row_id, patient_id=patient_id, details=details)


def head(session: Session) -> Head:
    """Return the end of the trail; number 0 when it is empty."""
    query = select(AuditRow.number, AuditRow.sha256).order_by(AuditRow.number.desc()).limit(1)
    found = session.execute(query).first()
    return Head(0, FIRST) if found is None else Head(found.number, found.sha256)


def check_chain(session: Session, noted: Head | None = None) -> tuple[Fault, ...]:
    """Go through the whole trail and return every place that does not fit.

    Parameters
    ----------
    session : Session
    noted : Head, optional
        An end of the trail noted earlier outside the database, its SHA-256 or the beginning of it;
        the trail must still hold it.

    Returns
    -------
    tuple of Fault
        Empty when nothing was changed, taken out or put in.
    """
    faults: list[Fault] = []
    last = Head(0, FIRST)
    found_noted = noted is None or noted.number == 0
    rows = session.scalars(
        select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=_STEP)
    )
    for row in rows:
        faults += _faults(row, last)
        last = Head(row.number, row.sha256)
        found_noted = found_noted or (noted is not None and _begins(last, noted))
        session.expunge(row)
    if not found_noted and noted is not None:
        faults.append(Fault(noted.number, "the end that was noted earlier is not in the trail"))
    return tuple(faults)


def holds(session: Session, noted: Head) -> bool:
    """Return whether the trail holds an end that was noted earlier; an empty one, always."""
    if noted.number == 0:
        return True
    row = session.get(AuditRow, noted.number)
    return row is not None and _begins(Head(row.number, row.sha256), noted)


def find_rows(
    session: Session,
    *,
    patient_id: str | None = None,
    account_id: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> Sequence[AuditRow]:
    """Return rows of the trail, newest first.

    Parameters
    ----------
    session : Session
    patient_id, account_id : str, optional
        Only rows about this patient, or by this account.
    before : int, optional
        Only rows with a smaller number: the next page.
    limit : int
    """
    query = select(AuditRow).order_by(AuditRow.number.desc()).limit(limit)
    if patient_id is not None:
        query = query.where(AuditRow.patient_id == patient_id)
    if account_id is not None:
        query = query.where(AuditRow.account_id == account_id)
    if before is not None:
        query = query.where(AuditRow.number < before)
    return session.scalars(query).all()


def newest_of(session: Session, kind: str) -> AuditRow | None:
    """Return the newest row about a kind of thing, whatever was done to it but looking."""
    query = select(AuditRow).where(AuditRow.kind == kind, AuditRow.action != "saw")
    return session.scalars(query.order_by(AuditRow.number.desc()).limit(1)).first()


def changes_since(session: Session, number: int, kinds: Sequence[str]) -> set[str | None]:
    """Return whose rows of some tables were written after a row of the trail.

    Parameters
    ----------
    session : Session
    number : int
        Of the last row that is known.
    kinds : sequence of str
        Names of tables.

    Returns
    -------
    set of str or None
        Ids of patients; None where a row names no patient.
    """
    query = select(AuditRow.patient_id).where(
        AuditRow.number > number, AuditRow.kind.in_(kinds), AuditRow.action != "saw"
    )
    return set(session.scalars(query.distinct()))


def count_since(session: Session, action: str, since: datetime) -> int:
    """Return how many rows of an action were written after a moment."""
    query = select(func.count()).where(AuditRow.action == action, AuditRow.at > since)
    return session.scalar(query) or 0


def digest(row: AuditRow) -> str:
    """Return the SHA-256 of a row's content and of the row before it, hexadecimal."""
    content = [
        row.number,
        _text_of(row.at),
        row.account_id,
        row.action,
        row.kind,
        row.row_id,
        row.patient_id,
        row.details,
        row.previous_sha256,
    ]
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(plain.encode("ascii")).hexdigest()


def record_of(session: Session) -> Record:
    """Return the record that a session belongs to.

    Raises
    ------
    RecordError
        The session was not made by a `Record`.
    """
    record: Record | None = session.info.get("record")
    if record is None:
        raise RecordError("The session is not one of a record", do="use Record.reading or .writing")
    return record


def _text_of(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _begins(row: Head, noted: Head) -> bool:
    return row.number == noted.number and row.sha256.startswith(noted.sha256)


def _lock_and_read_head(session: Session) -> Head:
    """Return the end; one transaction at a time adds to it (SQLite has one writer anyway)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    return head(session)


def _faults(row: AuditRow, last: Head) -> list[Fault]:
    found = []
    if row.number != last.number + 1:
        found.append(Fault(row.number, f"row {last.number + 1} is missing"))
    if row.previous_sha256 != last.sha256:
        found.append(Fault(row.number, "it does not follow the row before it"))
    if row.sha256 != digest(row):
        found.append(Fault(row.number, "its content was changed"))
    return found
