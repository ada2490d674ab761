"""Rows of videos on their way: what is open, what was abandoned, what is there already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from facewire.record.tables import Media, Recording, Upload

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
    """Return a live recording of a patient whose stored video has these bytes."""
    query = (
        select(Recording)
        .join(Media, Recording.video_media_id == Media.id)
        .where(
            Media.patient_id == patient_id,
            Media.sha256 == sha256,
            Media.erased_at.is_(None),
            Recording.voided_at.is_(None),
        )
    )
    return session.scalars(query).first()
