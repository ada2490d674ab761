"""Recordings: their uploads, measurements and files, and what may be done in which state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, defer

from facewire.errors import RecordError
from facewire.record.deciding import void_computed
from facewire.record.same_person import ids_of
from facewire.record.store import get, void
from facewire.record.tables import Measurement, Media, Recording, Upload
from facewire.results.coverage import Coverage
from facewire.results.measurement import Measurement as MeasurementDocument

OPEN_STATES = (
    "recording",
    "uploading",
    "uploaded",
    "waiting",
    "measuring",
    "failed",
    "interrupted",
)
"""States of a recording that somebody has to look at, or to wait for."""

VOIDABLE = ("uploaded", "interrupted", "measured", "failed")
"""States in which a recording may be made void: no work on it goes on."""


def void_recording(session: Session, recording: Recording, reason: str) -> Recording:
    """Mark a recording, its measurements and what rests on them as void; its files stay.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    recording : Recording
    reason : str
        In words; not empty.

    Raises
    ------
    RecordError
        No reason was given, it is void already, or it is still being recorded or measured.
    """
    own = get(session, Recording, recording.id)
    if own.state not in VOIDABLE:
        raise RecordError(
            "Work on this recording goes on",
            expected=", ".join(VOIDABLE),
            found=own.state,
            do="stop it first, or wait until it is measured",
        )
    live = select(Measurement).where(
        Measurement.recording_id == own.id, Measurement.voided_at.is_(None)
    )
    measurements = session.scalars(live).all()
    for measurement in measurements:
        void(session, measurement, reason)
    void_computed(session, [one.id for one in measurements], reason)
    return void(session, own, reason)


def recordings_of(session: Session, visit_id: str) -> Sequence[Recording]:
    """Return the recordings of a visit, in the order of time."""
    query = select(Recording).where(Recording.visit_id == visit_id, Recording.voided_at.is_(None))
    return session.scalars(query.order_by(Recording.started_at, Recording.created_at)).all()


def open_recordings(
    session: Session, limit: int, patient_id: str | None = None
) -> Sequence[Recording]:
    """Return recordings that somebody has to look at or wait for, of one patient or of all.

    Parameters
    ----------
    session : Session
    limit : int
        At most so many, the oldest first.
    patient_id : str, optional
    """
    query = select(Recording).where(Recording.state.in_(OPEN_STATES), Recording.voided_at.is_(None))
    if patient_id is not None:
        query = query.where(Recording.patient_id.in_(ids_of(session, patient_id)))
    return session.scalars(query.order_by(Recording.started_at).limit(limit)).all()


def recordings_page(
    session: Session, patient_id: str, page: int, size: int
) -> tuple[Sequence[Recording], int]:
    """Return one page of a patient's recordings, newest first, and how many there are in all.

    Parameters
    ----------
    session : Session
    patient_id : str
    page, size : int
        From 1, and rows on a page; a page after the last is empty.
    """
    ids = ids_of(session, patient_id)
    live = Recording.patient_id.in_(ids) & Recording.voided_at.is_(None)
    query = select(Recording).where(live).order_by(Recording.started_at.desc())
    count = session.scalar(select(func.count()).select_from(Recording).where(live)) or 0
    return session.scalars(query.offset((page - 1) * size).limit(size)).all(), count


def measurements_page(
    session: Session, patient_id: str, page: int, size: int
) -> tuple[Sequence[Measurement], int]:
    """Return one page of a patient's measurements, newest first, and how many there are in all.

    Parameters
    ----------
    session, patient_id, page, size
        As for `recordings_page`.
    """
    ids = ids_of(session, patient_id)
    live = Measurement.patient_id.in_(ids) & Measurement.voided_at.is_(None)
    query = select(Measurement).where(live).order_by(Measurement.created_at.desc())
    count = session.scalar(select(func.count()).select_from(Measurement).where(live)) or 0
    return session.scalars(query.offset((page - 1) * size).limit(size)).all(), count


def newest_of_visit(session: Session, visit_id: str) -> Measurement | None:
    """Return the newest measurement of a visit, with its result; None before one."""
    query = select(Measurement).where(
        Measurement.visit_id == visit_id, Measurement.voided_at.is_(None)
    )
    return session.scalars(query.order_by(Measurement.created_at.desc()).limit(1)).first()


def software_of_visit(session: Session, visit_id: str) -> str | None:
    """Return the facewire that made the newest measurement of a visit; None before one."""
    query = select(Measurement.software).where(
        Measurement.visit_id == visit_id, Measurement.voided_at.is_(None)
    )
    return session.scalars(query.order_by(Measurement.created_at.desc()).limit(1)).first()


@dataclass(frozen=True)
class Measured:
    """A measurement that holds: its id, and what its recording covers (None: it does not say)."""

    id: str
    coverage: Coverage | None


def measured_of(session: Session, recording_ids: Iterable[str]) -> dict[str, Measured]:
    """Return the measurement that holds of each recording that has one, without its result."""
    query = select(
        Measurement.recording_id, Measurement.id, Measurement.result["coverage"].label("coverage")
    ).where(Measurement.recording_id.in_(set(recording_ids)), Measurement.voided_at.is_(None))
    rows = session.execute(query.order_by(Measurement.created_at))
    return {row.recording_id: Measured(row.id, _coverage(row.coverage)) for row in rows}


def _coverage(stored: object) -> Coverage | None:
    return Coverage.model_validate_json(json.dumps(stored)) if isinstance(stored, dict) else None


def newest_recording(session: Session, patient_id: str) -> Recording | None:
    """Return the recording of a patient that was begun last."""
    query = select(Recording).where(
        Recording.patient_id.in_(ids_of(session, patient_id)), Recording.voided_at.is_(None)
    )
    return session.scalars(query.order_by(Recording.started_at.desc()).limit(1)).first()


def newest_measurement(session: Session, recording_id: str) -> Measurement | None:
    """Return the measurement of a recording that holds, with its result; None before one."""
    query = (
        select(Measurement)
        .where(Measurement.recording_id == recording_id, Measurement.voided_at.is_(None))
        .order_by(Measurement.created_at.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def document_of(row: Measurement, subject: str | None = None) -> MeasurementDocument:
    """Return the result of a stored measurement as the document that its file holds.

    Parameters
    ----------
    row : Measurement
    subject : str, optional
        The code under which the person is shown now, where visits are held against each other: a
        result carries that of its day, before a new code or before records were joined.

    Raises
    ------
    UsageError
        What is stored does not fit the document; the message names the place.
    """
    named = row.result if subject is None else {**row.result, "subject": subject}
    stored = json.dumps(named, ensure_ascii=False).encode()
    return MeasurementDocument.from_json(stored, f"The stored measurement {row.id}")


def measurements_of(session: Session, patient_id: str) -> Sequence[Measurement]:
    """Return a patient's measurements in the order entered, without their result documents.

    Reading ``result`` of one of these raises; `newest_measurement` or ``get`` has it.
    """
    query = (
        select(Measurement)
        .options(defer(Measurement.result, raiseload=True))
        .where(
            Measurement.patient_id.in_(ids_of(session, patient_id)), Measurement.voided_at.is_(None)
        )
        .order_by(Measurement.created_at)
    )
    return session.scalars(query).all()


def media_by_id(session: Session, media_ids: Iterable[str]) -> dict[str, Media]:
    """Return the rows of stored files by their ids; erased ones are left out."""
    query = select(Media).where(Media.id.in_(set(media_ids)), Media.erased_at.is_(None))
    return {row.id: row for row in session.scalars(query)}


def stored_media(session: Session, media_id: str | None) -> Media | None:
    """Return the row of a stored file; None when there is none or its bytes are erased."""
    return media_by_id(session, [media_id]).get(media_id) if media_id else None


OPEN, DONE, REMOVED, ABANDONED = "open", "done", "removed", "abandoned"
"""States of an upload."""


def unfinished(session: Session, visit_id: str) -> Sequence[Upload]:
    """Return the uploads of a visit that are not finished, oldest first."""
    query = (
        select(Upload)
        .join(Recording, Upload.recording_id == Recording.id)
        .where(Recording.visit_id == visit_id, Upload.state == OPEN)
        .order_by(Upload.created_at)
    )
    return session.scalars(query).all()


def open_uploads_before(session: Session, moment: datetime) -> Sequence[Upload]:
    """Return the open uploads of which nothing arrived since a moment."""
    query = select(Upload).where(Upload.state == OPEN, Upload.updated_at < moment)
    return session.scalars(query).all()


UNFINISHED = ("recording", "interrupted")
"""States in which a live recording can be continued."""


def open_live(session: Session) -> Sequence[Recording]:
    """Return the live recordings that are neither finished nor void, the oldest first."""
    query = select(Recording).where(
        Recording.origin == "live",
        Recording.state.in_(UNFINISHED),
        Recording.voided_at.is_(None),
    )
    return session.scalars(query.order_by(Recording.created_at)).all()


def open_upload_ids(session: Session) -> set[str]:
    """Return the ids of all open uploads."""
    return set(session.scalars(select(Upload.id).where(Upload.state == OPEN)))


def note_received(session: Session, upload_id: str, received_bytes: int, now: datetime) -> None:
    """Write how much of an open upload is here; one that has ended stays as it is.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    upload_id : str
    received_bytes : int
    now : datetime
    """
    session.execute(
        update(Upload)
        .where(Upload.id == upload_id, Upload.state == OPEN)
        .values(received_bytes=received_bytes, updated_at=now)
    )


def same_video(session: Session, patient_id: str, sha256: str) -> Recording | None:
    """Return a recording whose stored video has these bytes, of this patient rather than another's.

    Parameters
    ----------
    session : Session
    patient_id : str
        Whose the video is said to be.
    sha256 : str
        Of the video.
    """
    query = (
        select(Recording)
        .join(Media, Recording.video_media_id == Media.id)
        .where(
            Media.sha256 == sha256,
            Media.erased_at.is_(None),
            Recording.voided_at.is_(None),
        )
        .order_by(Recording.patient_id.not_in(ids_of(session, patient_id)), Recording.started_at)
    )
    return session.scalars(query.limit(1)).first()
