"""Two records of one person: joined, read as one, and taken apart again.

Nothing moves. Each row stays with the patient for whom it was written, and a row of `Join` says
that two patients are one person; who reads one reads both. Taking apart voids that row.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from facewire.errors import RecordError
from facewire.record.store import add, get, void
from facewire.record.tables import Join, Patient, Visit

_KNOWN = "facewire_joined"


def shown_id(session: Session, patient_id: str) -> str:
    """Return the patient under whom a person is shown: the same one where nothing was joined."""
    joined = _joined(session)
    while patient_id in joined:
        patient_id = joined[patient_id]
    return patient_id


def ids_of(session: Session, patient_id: str) -> tuple[str, ...]:
    """Return the ids of all records of one person, the one who is shown first."""
    shown = shown_id(session, patient_id)
    others = (one for one in _joined(session) if shown_id(session, one) == shown)
    return (shown, *sorted(others))


def joined_ids(session: Session) -> frozenset[str]:
    """Return the ids of all patients who are shown under another one."""
    return frozenset(_joined(session))


def owner_of(session: Session, patient_id: str, visit_id: str | None) -> str:
    """Return under whom a new entry is written: the patient of its visit, where it has one.

    Raises
    ------
    RecordError
        The visit is another person's.
    """
    if visit_id is None:
        return shown_id(session, patient_id)
    owner = get(session, Visit, visit_id).patient_id
    if shown_id(session, owner) != shown_id(session, patient_id):
        raise RecordError("The visit is another patient's", expected="a visit of this patient")
    return owner


def join(session: Session, patient_id: str, other_id: str) -> Join:
    """Say that two records are of one person; shown under the first from now on.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    patient_id : str
        Who stays.
    other_id : str
        Who is shown under the first.

    Raises
    ------
    RecordError
        They are one already.
    """
    shown, other = shown_id(session, patient_id), shown_id(session, other_id)
    for one in (shown, other):
        if get(session, Patient, one).voided_at is not None:
            raise RecordError("A void patient is not joined", found=one)
    if shown == other:
        raise RecordError(
            "These two are one person already", expected="two records that are not joined"
        )
    row = add(session, Join(patient_id=shown, other_id=other))
    session.info.pop(_KNOWN, None)
    return row


def take_apart(session: Session, row: Join, reason: str) -> Join:
    """Say that two records are of two people after all: each has again what was written for it.

    What was written for the person meanwhile stays with the one under whom both were shown,
    and what was written at a visit with the patient of that visit.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    row : Join
    reason : str
        In words; not empty.

    Raises
    ------
    RecordError
        No reason was given, or they were taken apart already.
    """
    voided = void(session, row, reason)
    session.info.pop(_KNOWN, None)
    return voided


def joins_of(session: Session, patient_id: str) -> Sequence[Join]:
    """Return what says that a patient's records are one, the oldest first."""
    ids = ids_of(session, patient_id)
    query = select(Join).where(Join.other_id.in_(ids), Join.voided_at.is_(None))
    return session.scalars(query.order_by(Join.created_at)).all()


def _joined(session: Session) -> dict[str, str]:
    """Return who is shown under whom; read once in a session."""
    known: dict[str, str] | None = session.info.get(_KNOWN)
    if known is None:
        query = select(Join.other_id, Join.patient_id).where(Join.voided_at.is_(None))
        known = {row.other_id: row.patient_id for row in session.execute(query)}
        session.info[_KNOWN] = known
    return known
