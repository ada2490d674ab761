"""A data folder with a patient in it, for tests of what lies on the disk."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from facewire.record.audit import Actor
from facewire.record.folder import DataFolder, create_data, open_data
from facewire.record.rows import Base
from facewire.record.store import Record, add
from facewire.record.tables import (
    Account,
    Computed,
    Decision,
    FactAnswer,
    Identity,
    Job,
    Measurement,
    Media,
    Note,
    Patient,
    Recording,
    Release,
    SignIn,
    Upload,
    Visit,
)

PASSPHRASE = "seven quiet herons wade"
NAME = "Zwirbelmann"
VIDEO = hashlib.sha256(b"a face").digest() * 50_000
THERAPIST = Actor("therapist", "clinician")
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Ids of a patient whose data were added."""

    patient_id: str
    media_id: str
    upload_id: str
    job_id: str


@cache
def _template(passphrase: str | None) -> TemporaryDirectory[str]:
    """Make an empty record once: laying its tables takes longer than a whole test."""
    place = TemporaryDirectory()
    path = Path(place.name)
    folder = open_data(path) if passphrase is None else create_data(path, passphrase)[0]
    Record.open(folder.engine()).close()
    return place


def make_folder(path: Path, passphrase: str | None = None) -> DataFolder:
    shutil.copytree(_template(passphrase).name, path)
    return open_data(path, passphrase)


def fill(folder: DataFolder, record: Record, code: str, name: str = NAME) -> Person:
    """Add a patient with everything that may belong to one."""
    stored = folder.media().write([VIDEO])
    with record.writing(by=THERAPIST) as session:
        patient = add(session, Patient(code=code))
        own = {"patient_id": patient.id}
        words = f"Ottilie {name} {code}"
        identity = Identity(**own, given_name="Ottilie", family_name=name, search_text=words)
        identity.birth_date, identity.contact = date(1961, 4, 2), f"{name}@example.org"
        add(session, identity)
        account = Account(
            **own, name=f"{code}-account", shown_name=name, password_hash="x", role="patient"
        )
        account.created_at = NOW
        add(session, account)
        visit = add(session, Visit(**own, on=date(2026, 3, 1), kind="home"))
        add(session, Note(**own, visit_id=visit.id, text=f"{name} smiles again"))
        upload, job = _add_recording(session, visit, stored, name)
        times = {"opened_at": NOW, "seen_at": NOW, "ends_at": NOW}
        session.add(SignIn(token_sha256=code.rjust(64, "0"), account_id=account.id, **times))
    return Person(patient.id, stored.id, upload, job)


def _add_recording(session: Session, visit: Visit, stored: Any, name: str) -> tuple[str, str]:
    media = Media(id=stored.id, patient_id=visit.patient_id, kind="video", name=f"{name}.mp4")
    media.size_bytes, media.sha256, media.created_at = stored.size_bytes, stored.sha256, NOW
    session.add(media)
    session.flush()
    recording = Recording(patient_id=visit.patient_id, visit_id=visit.id, origin="upload")
    recording.state, recording.started_at, recording.video_media_id = "uploaded", NOW, media.id
    add(session, recording)
    upload = Upload(recording_id=recording.id, account_id="someone", name=f"{name}.mp4")
    upload.size_bytes, upload.state, upload.fingerprint = 3, "done", "0" * 64
    upload.created_at = upload.updated_at = NOW
    job = Job(kind="measure", recording_id=recording.id, state="done", created_at=NOW)
    session.add_all([upload, job])
    session.flush()
    _add_decision(session, recording, stored, name)
    return upload.id, job.id


def _add_decision(session: Session, recording: Recording, stored: Any, name: str) -> None:
    """Add what a decision leaves: an answer, what was computed, the reason, and a release."""
    own = {"patient_id": recording.patient_id, "visit_id": recording.visit_id}
    answer = FactAnswer(**own, fact="dry_eye", side="L", value=False, answered_by=name)
    answer.answered_on = date(2026, 3, 1)
    add(session, answer)
    job = Job(kind="decide", visit_id=recording.visit_id, state="done", created_at=NOW)
    session.add(job)
    session.flush()
    measured = add(session, Measurement(**own, recording_id=recording.id, result={}))
    links = {"measurement_id": measured.id, "job_id": job.id, "media_id": stored.id}
    made = add(session, Computed(**own, **links, kind="forecast", inputs=f'"{name}"'))
    decision = Decision(**own, forecast_id=made.id, chosen=made.id, words="toxin", reason=name)
    decision.decided_by, decision.decided_on = name, date(2026, 3, 1)
    add(session, decision)
    add(session, Release(**own, computed_id=made.id, given=True))


def all_rows(record: Record) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, as Python sees them."""
    with record.reading() as session:
        return {
            table.name: [
                tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
        }


def files_with(folder: Path, *needles: bytes) -> list[str]:
    """Return the files under a folder that hold one of the byte patterns."""
    return [
        path.name
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    ]
