"""The real app as a process: killed in the middle of an upload, and fifty patients at once."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from web_app import ANNA, copy_clinic

from facewire.client import AnswerError, Client
from facewire.client.uploads import PART_TYPE
from facewire.record.audit import check_chain
from facewire.record.folder import open_data
from facewire.record.store import Record
from facewire.record.tables import Job, Media, Recording
from served_app import ServedApp, agree, signed_in

PATIENTS = 50
DAY = date(2026, 3, 4)


def _video(folder: Path, name: str, size: int) -> Path:
    path = folder / name
    path.write_bytes(os.urandom(size))
    return path


def _stored(data: Path) -> dict[str, str]:
    """Return the SHA-256 of what lies in the media folder, by the id of its recording."""
    folder = open_data(data)
    record, media = Record.open(folder.engine()), folder.media()
    with record.reading() as session:
        assert check_chain(session) == ()
        rows = session.query(Recording, Media).filter(Recording.video_media_id == Media.id).all()
        jobs = {job.recording_id for job in session.query(Job)}
    found = {
        recording.id: hashlib.sha256(b"".join(media.read(row.id))).hexdigest()
        for recording, row in rows
    }
    assert jobs == set(found)
    record.close()
    return found


@pytest.mark.slow
def test_an_upload_goes_on_after_the_app_was_killed(
    prepared_clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facewire.client.uploads.Sending.part_bytes", 512 * 1024)
    video = _video(tmp_path, "smile.mp4", 12 * 1024 * 1024)
    app = ServedApp(copy_clinic(prepared_clinic, tmp_path / "data"))
    shares: list[float] = []

    def cut_power(share: float) -> None:
        shares.append(share)
        if len(shares) == 8:
            app.kill()
            threading.Thread(target=app.start).start()

    with app, signed_in(app) as client:
        agree(app.data, ANNA)
        visit = client.add_visit(ANNA, DAY)
        recording = client.upload(visit["id"], video, said=cut_power)
    assert shares == sorted(shares)
    assert _stored(app.data) == {recording["id"]: hashlib.sha256(video.read_bytes()).hexdigest()}


@pytest.mark.slow
def test_what_a_killed_app_acknowledged_is_there(prepared_clinic: Path, tmp_path: Path) -> None:
    video = os.urandom(3_000_000)
    app = ServedApp(copy_clinic(prepared_clinic, tmp_path / "data"))
    with app, signed_in(app) as client:
        agree(app.data, ANNA)
        visit = client.add_visit(ANNA, DAY)
        body = {
            "name": "a.mp4",
            "size_bytes": len(video),
            "fingerprint": hashlib.sha256(video[: 2**20]).hexdigest(),
        }
        begun = client._ask("POST", f"/visits/{visit['id']}/uploads", json=body)
        path, first = f"/uploads/{begun['id']}", {"content-type": PART_TYPE, "upload-offset": "0"}
        client._ask("PATCH", path, content=video[:1_000_000], headers=first)
        app.kill()
        app.start()
        assert client._answer("HEAD", path).headers["upload-offset"] == "1000000"
        with pytest.raises(AnswerError, match="does not begin where the last one ended"):
            client._ask("PATCH", path, content=b"x", headers=first)


@pytest.mark.slow
def test_fifty_patients_at_once_lose_nothing(prepared_clinic: Path, tmp_path: Path) -> None:
    app = ServedApp(copy_clinic(prepared_clinic, tmp_path / "data"))
    videos = [_video(tmp_path, f"{n}.mp4", 1_000_000 + n) for n in range(PATIENTS)]
    with app, signed_in(app) as client:
        names = [f"Patient{number}" for number in range(PATIENTS)]
        patients = [client.add_patient(family_name=name)["id"] for name in names]
        agree(app.data, *patients)
        visits = [client.add_visit(patient, DAY)["id"] for patient in patients]

        def send(visit: str, video: Path) -> str:
            with Client(app.url) as own:
                own._http.headers["authorization"] = client._http.headers["authorization"]
                return str(own.upload(visit, video)["id"])

        started = time.monotonic()
        with ThreadPoolExecutor(PATIENTS) as pool:
            recordings = list(pool.map(send, visits, videos))
        seconds = time.monotonic() - started
    sums = [hashlib.sha256(video.read_bytes()).hexdigest() for video in videos]
    assert _stored(app.data) == dict(zip(recordings, sums, strict=True))
    assert seconds < 300
