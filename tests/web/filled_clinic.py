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
from facewire.record.inputs import as_asked, gather
from facewire.record.rooms import RoomAsked, add_check, add_check_job
from facewire.record.rows import new_id
from facewire.record.store import add
from facewire.record.tables import (
    Computed,
    Job,
    Measurement,
    Media,
    Recording,
    RedFlagAnswers,
    Upload,
    Visit,
)
from facewire.results.measurement import Message
from facewire.results.safety import Answer
from unit.report.made_documents import made_forecast, made_mesh, made_plan, made_wiring
from unit.report.made_result import sha256, signals_table, synkinetic_result, write_frames
from unit.report.test_phantom_page import checked

ROOM, NEXT_ROOM = "Tablet 2", "Tablet 3"
UNSAID = "It was not said whether the recording is mirrored: left and right may be swapped."
NOW = datetime.now(UTC)


@dataclass(frozen=True)
class FilledClinic:
    """The app, and the ids of Anna's rows by the names that addresses have."""

    clinic: Clinic
    ids: dict[str, str]


def fill(clinic: Clinic, folder: Path) -> dict[str, str]:
    """Give Anna two measured visits and unfinished work, Ben one visit, and check a room.

    Returns Anna's ids and that of the check.
    """
    _write_result(folder)
    with clinic.record.writing() as session:
        first = _measured_visit(clinic, session, folder, date.today() - timedelta(days=40))
        ids = _measured_visit(clinic, session, folder, date.today(), ROOM)
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
            **_decided(clinic, session, ids["visit_id"]),
            "check_id": _checked_room(session),
        }


TRIED = {"kind": "botulinum_toxin", "side": "R", "day": 14, "muscle": "orbicularis_oculi"}
ASKED = {"of": "forecast", "days": 200, "treatments": [TRIED | {"product": "onabotulinumtoxinA"}]}


def _decided(clinic: Clinic, session: Session, visit_id: str) -> dict[str, str]:
    """Store wiring, plan and two forecasts as if they had been computed; return their ids."""
    inputs = gather(session, session.get_one(Visit, visit_id))
    checks = tuple(one.replaced(answer=Answer.BARRED) for one in made_forecast().safety)
    barred = made_forecast().replaced(safety=checks)
    made = {
        "wiring_id": (made_wiring(), {"of": "plan"}),
        "plan_id": (made_plan(dry_eye=None), {"of": "plan"}),
        "barred_id": (barred, ASKED | {"simulate_barred": True}),
        "computed_id": (made_forecast(), ASKED | {"simulate_barred": False}),
    }
    job = Job(kind="decide", visit_id=visit_id, state="done", share=1.0)
    own = {"patient_id": ANNA, "visit_id": visit_id, "job_id": add(session, job).id}
    own["measurement_id"] = inputs.measurement_id
    found = {}
    for name, (document, settings) in made.items():
        kept = clinic.services.media.write([document.to_json()])
        media = Media(id=kept.id, patient_id=ANNA, kind="document", name=document.KIND)
        media.size_bytes, media.sha256 = kept.size_bytes, kept.sha256
        row = Computed(**own, kind=document.KIND, media_id=add(session, media).id)
        row.inputs = as_asked(inputs, settings).text()
        found[name] = add(session, row).id
    return found


def _checked_room(session: Session) -> str:
    """Put a finished check and one that waits into the record; return the id of the first."""
    done, waits = (
        RoomAsked(room, date.today(), False, "room/1", ".mp4") for room in (ROOM, NEXT_ROOM)
    )
    job = add_check_job(session, new_id(), done)
    job.state, job.share = "done", 1.0
    unsaid = Message(level="warning", code="side_unconfirmed", text=UNSAID)
    add_check(session, job.id, done, checked().replaced(messages=(unsaid,)))
    add_check_job(session, new_id(), waits)
    return job.id


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


def _measured_visit(
    clinic: Clinic, session: Session, folder: Path, on: date, room: str | None = None
) -> dict[str, str]:
    visit = add(session, Visit(patient_id=ANNA, on=on, kind="in_person", room=room))
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
