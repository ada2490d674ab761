"""A clinic in the middle of its work: a measured visit, an upload, a job, a finding, a consent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session
from web_app import ANNA, BEN, Clinic

from facewire.record.clinical import save_complaint, save_consent, save_finding
from facewire.record.store import add
from facewire.record.tables import Job, Measurement, Media, Recording, RedFlagAnswers, Upload, Visit
from unit.report.made_documents import made_mesh
from unit.report.made_result import sha256, signals_table, synkinetic_result, write_frames

NOW = datetime.now(UTC)


@dataclass(frozen=True)
class FilledClinic:
    """The app, and the ids of Anna's rows by the names that addresses have."""

    clinic: Clinic
    ids: dict[str, str]


def fill(clinic: Clinic, folder: Path) -> dict[str, str]:
    """Give Anna two measured visits and unfinished work, Ben one visit; return Anna's ids."""
    _write_result(folder)
    with clinic.record.writing() as session:
        first = _measured_visit(clinic, session, folder, date.today() - timedelta(days=40))
        ids = _measured_visit(clinic, session, folder, date.today())
        save_finding(session, session.get_one(Visit, ids["visit_id"]), "platysma", "L", 2)
        save_complaint(session, session.get_one(Visit, ids["visit_id"]), "tightness", 4)
        _answers(session, ids["visit_id"])
        save_consent(session, ANNA, "care", given=True, wording="care/1")
        add(session, Visit(patient_id=BEN, on=date.today(), kind="in_person"))
        return {
            "patient_id": ANNA,
            "earlier_id": first["measurement_id"],
            **ids,
            **_work(session, ids),
        }


def _write_result(folder: Path) -> None:
    signals_table().write_parquet(folder / "signals.parquet")
    write_frames(folder / "frames")
    result = synkinetic_result()
    result["files"] = {
        "track": None,
        "signals": {"path": "signals.parquet", "sha256": sha256(folder / "signals.parquet")},
        "frames": {"path": "frames/frames.json", "sha256": sha256(folder / "frames/frames.json")},
    }
    (folder / "result.json").write_text(json.dumps(result))
    (folder / "mesh.json").write_text(json.dumps(made_mesh()))


def _measured_visit(clinic: Clinic, session: Session, folder: Path, on: date) -> dict[str, str]:
    visit = add(session, Visit(patient_id=ANNA, on=on, kind="in_person"))
    recording = _recording(session, visit.id, "measured")
    files = dict(_stored(clinic, session, folder))
    result = json.loads((folder / "result.json").read_text())
    made = Measurement(patient_id=ANNA, visit_id=visit.id, recording_id=recording.id)
    made.result, made.files = result, files
    measurement = add(session, made)
    return {
        "visit_id": visit.id,
        "recording_id": recording.id,
        "measurement_id": measurement.id,
    }


def _stored(clinic: Clinic, session: Session, folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            kept = clinic.services.media.write(file)
        name = path.relative_to(folder).as_posix()
        row = Media(id=kept.id, patient_id=ANNA, kind="document", name=name)
        row.size_bytes, row.sha256 = kept.size_bytes, kept.sha256
        yield name, add(session, row).id


def _recording(session: Session, visit_id: str, state: str) -> Recording:
    row = Recording(patient_id=ANNA, visit_id=visit_id, origin="upload", state=state)
    row.started_at = NOW
    return add(session, row)


def _answers(session: Session, visit_id: str) -> None:
    row = RedFlagAnswers(patient_id=ANNA, visit_id=visit_id, version="1", urgency=None)
    row.answers = {"signs": {}, "palsy_before": "yes", "began_on": None}
    add(session, row)


def _work(session: Session, ids: dict[str, str]) -> dict[str, str]:
    upload = Upload(
        recording_id=_recording(session, ids["visit_id"], "uploading").id,
        account_id="",
        name="smile.mp4",
        size_bytes=4_000_000,
        fingerprint="0" * 64,
        received_bytes=0,
        state="open",
        created_at=NOW,
        updated_at=NOW,
    )
    live = Recording(patient_id=ANNA, visit_id=ids["visit_id"], origin="live", state="recording")
    live.started_at, live.protocol, live.capture = NOW, "short", {"keep_video": False}
    add(session, live)
    job = Job(kind="measure", state="waiting", share=0.0, attempts=0, created_at=NOW)
    job.recording_id = _recording(session, ids["visit_id"], "waiting").id
    return {
        "upload_id": add(session, upload).id,
        "job_id": add(session, job).id,
        "live_id": live.id,
    }
