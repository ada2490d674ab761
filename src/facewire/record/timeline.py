"""Everything of a patient in the order of time, and the course that was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from facewire.record.rows import Base
from facewire.record.same_person import ids_of
from facewire.record.tables import (
    Complaint,
    Consent,
    Finding,
    Grade,
    History,
    Measurement,
    Note,
    Recording,
    RedFlagAnswers,
    TreatmentGiven,
    Visit,
)

_KINDS: tuple[Any, ...] = (
    Visit,
    History,
    RedFlagAnswers,
    Recording,
    Measurement,
    Grade,
    Finding,
    Complaint,
    TreatmentGiven,
    Note,
    Consent,
)
"""In the order in which they stand within one day and one visit."""

_RANK = {kind.__tablename__: rank for rank, kind in enumerate(_KINDS)}


@dataclass(frozen=True)
class Event:
    """One entry of the time line.

    Parameters
    ----------
    on : date
        The day it belongs to: of the treatment, of the visit, else of the entry.
    at : datetime
        When it was entered.
    kind : str
        Name of its table.
    row_id : str
    visit_id : str or None
        The visit that it belongs to; a visit belongs to itself.
    row : Base
        As stored; of a measurement without its result document.
    """

    on: date
    at: datetime
    kind: str
    row_id: str
    visit_id: str | None
    row: Base


@dataclass(frozen=True)
class CoursePoint:
    """A measurement on the measured course.

    Parameters
    ----------
    on : date
        The day of the visit.
    visit_id, recording_id, measurement_id : str
    """

    on: date
    visit_id: str
    recording_id: str
    measurement_id: str


def timeline(session: Session, patient_id: str) -> list[Event]:
    """Return everything of a patient that holds, in the order of time.

    Parameters
    ----------
    session : Session
    patient_id : str

    Returns
    -------
    list of Event
        By day, then visit, then kind, then time of entry.
    """
    rows = [row for kind in _KINDS for row in _rows(session, kind, patient_id)]
    days = {row.id: row.on for row in rows if isinstance(row, Visit)}
    events = [_event(row, days) for row in rows]
    return sorted(events, key=lambda e: (e.on, e.visit_id or "", _RANK[e.kind], e.at, e.row_id))


def course(session: Session, patient_id: str) -> list[CoursePoint]:
    """Return the measurements of a patient in the order of the visits: one for each recording.

    Their documents are not read; see `facewire.record.recordings.document_of`.

    Parameters
    ----------
    session : Session
    patient_id : str
    """
    query = (
        select(Visit.on, Measurement.visit_id, Measurement.recording_id, Measurement.id)
        .join(Measurement, Measurement.visit_id == Visit.id)
        .where(
            Measurement.patient_id.in_(ids_of(session, patient_id)),
            Measurement.voided_at.is_(None),
            Visit.voided_at.is_(None),
        )
        .order_by(Visit.on, Measurement.created_at)
    )
    points = {
        recording_id: CoursePoint(on, visit_id, recording_id, measurement_id)
        for on, visit_id, recording_id, measurement_id in session.execute(query)
    }
    return sorted(points.values(), key=lambda point: point.on)


def _rows(session: Session, kind: Any, patient_id: str) -> Iterable[Any]:
    ids = ids_of(session, patient_id)
    query = select(kind).where(kind.patient_id.in_(ids), kind.voided_at.is_(None))
    if kind is Measurement:
        query = query.options(defer(Measurement.result, raiseload=True))
    return session.scalars(query)


def _event(row: Any, days: Mapping[str, date]) -> Event:
    visit_id = row.id if isinstance(row, Visit) else getattr(row, "visit_id", None)
    on = getattr(row, "on", None) or days.get(visit_id or "") or row.created_at.date()
    return Event(on, row.created_at, row.__tablename__, row.id, visit_id, row)
