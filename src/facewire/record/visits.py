"""Visits: adding, correcting, and the list that the first page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from facewire.errors import RecordError
from facewire.record.injections import TOXIN
from facewire.record.same_person import ids_of, joined_ids, shown_id
from facewire.record.store import add, correct, get, void
from facewire.record.tables import (
    VISIT_KINDS,
    Complaint,
    Computed,
    Decision,
    FactAnswer,
    Finding,
    Grade,
    Identity,
    Measurement,
    Note,
    Patient,
    Recording,
    RedFlagAnswers,
    TreatmentGiven,
    Visit,
)

_CONTENTS: tuple[InstrumentedAttribute[str] | InstrumentedAttribute[str | None], ...] = (
    Recording.visit_id,
    Measurement.visit_id,
    Grade.visit_id,
    Finding.visit_id,
    Complaint.visit_id,
    TreatmentGiven.visit_id,
    Note.visit_id,
    RedFlagAnswers.visit_id,
    FactAnswer.visit_id,
    Computed.visit_id,
    Decision.visit_id,
)


@dataclass(frozen=True)
class RecentVisit:
    """A visit as the first page lists it.

    Parameters
    ----------
    visit_id, patient_id, code : str
    given_name, family_name : str or None
        None when the record does not hold them.
    on : date
    kind : str
        One of `VISIT_KINDS`.
    created_at : datetime
        When the visit was entered.
    measurement_id : str or None
        The newest of the visit.
    measured_at : datetime or None
    recording_state : str or None
        Of the newest recording of the visit.
    toxin_days : mapping of str to int
        Days from the last toxin to the visit by side; a side without one is left out.
    """

    visit_id: str
    patient_id: str
    code: str
    given_name: str | None
    family_name: str | None
    on: date
    kind: str
    created_at: datetime
    measurement_id: str | None
    measured_at: datetime | None
    recording_state: str | None
    toxin_days: Mapping[str, int]


def add_visit(
    session: Session,
    patient_id: str,
    on: date,
    kind: str,
    reason: str | None = None,
    room: str | None = None,
) -> Visit:
    """Store a new visit.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    patient_id : str
    on : date
    kind : str
        One of `VISIT_KINDS`.
    reason : str, optional
        Why the patient comes, in words.
    room : str, optional
        Where it is filmed, as the checks of rooms name it.

    Raises
    ------
    RecordError
        There is no such kind.
    NotFoundError
        There is no such patient.
    """
    _check_kind(kind)
    patient = get(session, Patient, patient_id)
    new = Visit(patient_id=patient.id, on=on, kind=kind, reason=reason or None, room=room or None)
    return add(session, new)


def correct_visit(
    session: Session,
    visit: Visit,
    *,
    on: date,
    kind: str,
    reason: str | None = None,
    room: str | None = None,
) -> Visit:
    """Correct a visit; it keeps its id and contents, the former content stays as a void row.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    visit : Visit
    on : date
    kind : str
        One of `VISIT_KINDS`.
    reason, room : str, optional
        As for `add_visit`; what is not given is empty afterwards.

    Raises
    ------
    RecordError
        There is no such kind, or the visit is void.
    """
    _check_kind(kind)
    return correct(session, visit, on=on, kind=kind, reason=reason or None, room=room or None)


def void_visit(session: Session, visit: Visit, reason: str) -> Visit:
    """Mark a visit as void that holds nothing.

    Raises
    ------
    RecordError
        It still holds recordings or entries.
    """
    for column in _CONTENTS:
        live = column.class_.voided_at.is_(None)
        if session.scalar(select(column.class_.id).where(column == visit.id, live).limit(1)):
            raise RecordError(
                "The visit is not empty",
                expected="a visit without recordings and entries",
                found=column.class_.__tablename__,
                do="void these first, each with its reason",
            )
    return void(session, visit, reason)


def visits_of(session: Session, patient_id: str) -> Sequence[Visit]:
    """Return a patient's visits, the latest first."""
    query = (
        select(Visit)
        .where(Visit.patient_id.in_(ids_of(session, patient_id)), Visit.voided_at.is_(None))
        .order_by(Visit.on.desc(), Visit.created_at.desc())
    )
    return session.scalars(query).all()


def visit_count(session: Session, patient_id: str) -> int:
    """Return how many visits one record has, whatever it is joined to."""
    live = (Visit.patient_id == patient_id) & Visit.voided_at.is_(None)
    return session.scalar(select(func.count()).select_from(Visit).where(live)) or 0


def recent_visits(session: Session, limit: int = 25) -> list[RecentVisit]:
    """Return the latest visits of all patients; three queries, whatever the record holds.

    Parameters
    ----------
    session : Session
    limit : int
        At most so many.
    """
    rows = session.execute(_recent(limit)).mappings().all()
    toxin = _toxin_days(session, {row["visit_id"]: (row["patient_id"], row["on"]) for row in rows})
    found = [RecentVisit(**row, toxin_days=toxin[row["visit_id"]]) for row in rows]
    joined = joined_ids(session)
    return [_as_shown(session, one) if one.patient_id in joined else one for one in found]


def _recent(limit: int) -> Select[Any]:
    page = select(Visit).where(Visit.voided_at.is_(None))
    page = page.order_by(Visit.on.desc(), Visit.created_at.desc()).limit(limit)
    visit = aliased(Visit, page.subquery())
    return (
        select(
            visit.id.label("visit_id"),
            visit.patient_id,
            Patient.code,
            Identity.given_name,
            Identity.family_name,
            visit.on,
            visit.kind,
            visit.created_at,
            _newest(Measurement, Measurement.id, visit).label("measurement_id"),
            _newest(Measurement, Measurement.created_at, visit).label("measured_at"),
            _newest(Recording, Recording.state, visit).label("recording_state"),
        )
        .join(Patient, Patient.id == visit.patient_id)
        .outerjoin(Identity, (Identity.patient_id == Patient.id) & Identity.voided_at.is_(None))
        .order_by(visit.on.desc(), visit.created_at.desc())
    )


def _newest(
    kind: type[Measurement | Recording], column: InstrumentedAttribute[Any], visit: type[Visit]
) -> ScalarSelect[Any]:
    query = select(column).where(kind.visit_id == visit.id, kind.voided_at.is_(None))
    return query.order_by(kind.created_at.desc()).limit(1).scalar_subquery()


def _as_shown(session: Session, one: RecentVisit) -> RecentVisit:
    """Return a visit under the patient under whom the person is shown."""
    shown = get(session, Patient, shown_id(session, one.patient_id))
    who = session.scalar(
        select(Identity).where(Identity.patient_id == shown.id, Identity.voided_at.is_(None))
    )
    names = (who.given_name, who.family_name) if who else (None, None)
    return replace(
        one, patient_id=shown.id, code=shown.code, given_name=names[0], family_name=names[1]
    )


def _toxin_days(
    session: Session, visits: Mapping[str, tuple[str, date]]
) -> dict[str, dict[str, int]]:
    """Return the days since the last toxin on each side, counted to each visit."""
    people = {patient_id: ids_of(session, patient_id) for patient_id, _ in visits.values()}
    query = select(TreatmentGiven.patient_id, TreatmentGiven.side, TreatmentGiven.on).where(
        TreatmentGiven.patient_id.in_({one for ids in people.values() for one in ids}),
        TreatmentGiven.procedure == TOXIN,
        TreatmentGiven.side.is_not(None),
        TreatmentGiven.voided_at.is_(None),
    )
    given = session.execute(query.order_by(TreatmentGiven.on)).all()
    return {
        visit_id: {
            str(side): (on - day).days
            for whose, side, day in given
            if whose in people[patient_id] and day <= on
        }
        for visit_id, (patient_id, on) in visits.items()
    }


def _check_kind(kind: str) -> None:
    if kind not in VISIT_KINDS:
        raise RecordError(
            "There is no such kind of visit", expected=", ".join(VISIT_KINDS), found=kind
        )
