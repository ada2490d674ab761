"""Whose rows a person reaches: one rule for everything that belongs to a recording.

What is not reached and what is not there answer alike. `patient_for` notes in the trail that a
patient was seen; the parts of an upload and the looks at a job's progress come by the hundred and
are reached without another note each.
"""

from __future__ import annotations

from typing import TypeVar

from facewire.errors import NotFoundError
from facewire.record.store import Session, find
from facewire.record.tables import Job, Measurement, Recording, Upload, Visit
from facewire.web.deps import Person, patient_for

Row = TypeVar("Row", Visit, Recording, Measurement)

_NAMES = {Visit: "visit", Recording: "recording", Measurement: "measurement"}


def reach(person: Person, session: Session, kind: type[Row], row_id: str) -> Row:
    """Return a visit, recording or measurement, and note that its patient was seen.

    Parameters
    ----------
    person : Person
        Who asks.
    session : Session
        Of the record.
    kind : type
        Which table.
    row_id : str
        Which row.

    Raises
    ------
    NotFoundError
        There is none, it is void, or it is another patient's.
    """
    row = find(session, kind, row_id)
    if row is None or row.voided_at is not None or not _may(person, row.patient_id):
        raise _missing(_NAMES[kind])
    patient_for(person, session, row.patient_id)
    return row


def reach_upload(person: Person, session: Session, upload_id: str) -> Upload:
    """Return an upload of a patient whom this person may see.

    Raises
    ------
    NotFoundError
        There is none, or it is another patient's.
    """
    upload = find(session, Upload, upload_id)
    recording = None if upload is None else find(session, Recording, upload.recording_id)
    if upload is None or recording is None or not _may(person, recording.patient_id):
        raise _missing("upload")
    return upload


def reach_job(person: Person, session: Session, job_id: str) -> Job:
    """Return a job on a recording of a patient whom this person may see.

    Raises
    ------
    NotFoundError
        There is none, or it is about another patient's recording.
    """
    job = find(session, Job, job_id)
    recording = None if job is None else find(session, Recording, job.recording_id)
    if job is None or recording is None or not _may(person, recording.patient_id):
        raise _missing("job")
    return job


def _may(person: Person, patient_id: str) -> bool:
    return person.patient_id == patient_id if person.is_patient else person.is_clinician


def _missing(kind: str) -> NotFoundError:
    return NotFoundError(f"There is no such {kind}", do="go back to the patient")
