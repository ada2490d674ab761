"""A data folder with one patient and one visit, for tests of uploads and of the queue."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from facewire.clinic.new_upload import NewUpload
from facewire.clinic.uploads import Uploads, open_uploads
from facewire.record.clinical import save_consent
from facewire.record.folder import DataFolder
from facewire.record.media import MediaStore
from facewire.record.store import Record, add
from facewire.record.tables import Patient, Upload, Visit

VIDEO = bytes(range(256)) * 40
"""Not a video: what it holds is looked at by the measuring process alone."""


@dataclass(frozen=True)
class Place:
    """An opened data folder."""

    folder: DataFolder
    record: Record
    media: MediaStore
    uploads: Uploads
    visit: Visit

    def begin(self, video: bytes = VIDEO, name: str = "smile.mp4") -> Upload:
        """Begin an upload."""
        fingerprint = hashlib.sha256(video[: 2**20]).hexdigest()
        with self.record.writing() as session:
            new = NewUpload(name, len(video), fingerprint)
            return self.uploads.create(session, self.visit, new, session.info["actor"])


def open_place(folder: DataFolder) -> Place:
    record, media = Record.open(folder.engine()), folder.media()
    with record.writing() as session:
        patient = add(session, Patient(code="P-001"))
        visit = add(session, Visit(patient_id=patient.id, on=date(2026, 3, 4), kind="in_person"))
        save_consent(session, patient.id, "care", given=True, wording="care/1")
    uploads = open_uploads(record, media, folder)
    small = replace(uploads, parts=replace(uploads.parts, room_kept_bytes=0))
    return Place(folder, record, media, small, visit)
