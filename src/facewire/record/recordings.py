"""Recordings, their measurements and files, and the states that a recording goes through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from facewire.errors import RecordError
from facewire.record.store import add, change, get, void
from facewire.record.tables import Measurement, Media, Recording

NEXT_STATES = {
    "recording": ("uploaded", "waiting", "interrupted", "failed"),
    "uploading": ("uploaded", "waiting", "interrupted", "failed"),
    "interrupted": ("recording", "uploading", "uploaded", "waiting", "failed"),
    "uploaded": ("waiting", "failed"),
    "waiting": ("measuring", "uploaded", "failed"),
    "measuring": ("measured", "waiting", "uploaded", "failed"),
    "measured": ("waiting",),
    "failed": ("waiting", "uploaded"),
}
"""What may follow a state. ``interrupted`` is a closed tab or a lost connection: it can go on."""


def set_state(
    session: Session, recording: Recording, state: str, problem: dict[str, Any] | None = None
) -> Recording:
    """Move a recording to its next state; to the same state again is allowed.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    recording : Recording
    state : str
        One of `RECORDING_STATES`.
    problem : dict, optional
        The four parts of an error; a former problem is removed.

    Raises
    ------
    RecordError
        The state cannot follow the present one.
    """
    own = get(session, Recording, recording.id)
    allowed = (own.state, *NEXT_STATES.get(own.state, ()))
    if state not in allowed:
        raise RecordError(
            f"A recording that is {own.state} does not become {state}",
            expected=", ".join(allowed),
            found=state,
        )
    return change(session, own, state=state, problem=problem)


VOIDABLE = ("uploaded", "interrupted", "measured", "failed")
"""States in which a recording may be made void: no work on it goes on."""


def void_recording(session: Session, recording: Recording, reason: str) -> Recording:
    """Mark a recording and its measurements as void; its files stay.

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
    for measurement in session.scalars(live):
        void(session, measurement, reason)
    return void(session, own, reason)


def recordings_of(session: Session, visit_id: str) -> Sequence[Recording]:
    """Return the recordings of a visit, in the order of time."""
    query = select(Recording).where(Recording.visit_id == visit_id, Recording.voided_at.is_(None))
    return session.scalars(query.order_by(Recording.started_at, Recording.created_at)).all()


def newest_measurement(session: Session, recording_id: str) -> Measurement | None:
    """Return the measurement of a recording that holds, with its result; None before one."""
    query = (
        select(Measurement)
        .where(Measurement.recording_id == recording_id, Measurement.voided_at.is_(None))
        .order_by(Measurement.created_at.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def measurements_of(session: Session, patient_id: str) -> Sequence[Measurement]:
    """Return a patient's measurements in the order entered, without their result documents.

    Reading ``result`` of one of these raises; `newest_measurement` or ``get`` has it.
    """
    query = (
        select(Measurement)
        .options(defer(Measurement.result, raiseload=True))
        .where(Measurement.patient_id == patient_id, Measurement.voided_at.is_(None))
        .order_by(Measurement.created_at)
    )
    return session.scalars(query).all()


def media_by_id(session: Session, media_ids: Iterable[str]) -> dict[str, Media]:
    """Return the rows of stored files by their ids; erased ones are left out."""
    query = select(Media).where(Media.id.in_(set(media_ids)), Media.erased_at.is_(None))
    return {row.id: row for row in session.scalars(query)}


def mark_erased(session: Session, media: Media) -> Media:
    """Note that the bytes of a file are gone; its row stays.

    Raises
    ------
    RecordError
        They are gone already.
    """
    if media.erased_at is not None:
        raise RecordError("The file was erased before", found=media.id)
    return change(session, media, erased_at=session.info["record"].moment())


def add_recording(session: Session, recording: Recording) -> Recording:
    """Store a new recording in its first state.

    Raises
    ------
    RecordError
        The state is none that a recording begins in.
    """
    first = ("recording", "uploading", "uploaded")
    if recording.state not in first:
        raise RecordError(
            "A recording does not begin like this", expected=", ".join(first), found=recording.state
        )
    return add(session, recording)
