"""The real app in its own process: killed in the middle of an upload, and fifty patients at once."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from served_app import ServedApp
from web_app import ANNA, PASSWORD, PEOPLE, copy_clinic

from facewire.client import AnswerError, Client, add_patient, add_visit, upload_video
from facewire.client import uploads as sending
from facewire.record.audit import check_chain
from facewire.record.folder import open_data
from facewire.record.store import Record
from facewire.record.tables import Job, Media, Recording

PATIENTS = 50


def _signed_in(app: ServedApp) -> Client:
    return Client.sign_in(app.url, PEOPLE["therapist"].name, PASSWORD)


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


def test_an_upload_goes_on_after_the_app_was_killed(
    prepared_clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PART_BYTES", 512 * 1024)
    video = _video(tmp_path, "smile.mp4", 12 * 1024 * 1024)
    app = ServedApp(copy_clinic(prepared_clinic, tmp_path / "data"))
    shares: list[float] = []

    def cut_power(share: float) -> None:
        shares.append(share)
        if len(shares) == 8:
            app.kill()
            threading.Thread(target=app.start).start()

    with app, _signed_in(app) as client:
        visit = add_visit(client, ANNA, "2026-03-04")
        recording = upload_video(client, visit["id"], video, said=cut_power)
    assert shares == sorted(shares)
    assert _stored(app.data) == {recording["id"]: hashlib.sha256(video.read_bytes()).hexdigest()}


def test_what_a_killed_app_acknowledged_is_there(prepared_clinic: Path, tmp_path: Path) -> None:
    video = os.urandom(3_000_000)
    app = ServedApp(copy_clinic(prepared_clinic, tmp_path / "data"))
    with app, _signed_in(app) as client:
        visit = add_visit(client, ANNA, "2026-03-04")
        body = {
            "name": "a.mp4",
            "size_bytes": len(video),
            "fingerprint": hashlib.sha256(video[: 2**20]).hexdigest(),
        }
        begun = client.post(f"/visits/{visit['id']}/uploads", body)
        path, headers = f"/uploads/{begun['id']}", {"content-type": sending.PART_TYPE}
        first = {**headers, "upload-offset": "0"}
        client.ask("PATCH", path, content=video[:1_000_000], headers=first)
        app.kill()
        app.start()
        assert client.ask("HEAD", path).headers["upload-offset"] == "1000000"
        with pytest.raises(AnswerError, match="does not begin where the last one ended"):
            client.ask("PATCH", path, content=b"x", headers=first)


@pytest.mark.slow
def test_fifty_patients_at_once_lose_nothing(prepared_clinic: Path, tmp_path: Path) -> None:
    app = ServedApp(copy_clinic(prepared_clinic, tmp_path / "data"))
    videos = [_video(tmp_path, f"{n}.mp4", 1_000_000 + n) for n in range(PATIENTS)]
    with app, _signed_in(app) as client:
        visits = []
        for number in range(PATIENTS):
            patient = add_patient(client, family_name=f"Patient{number}")
            visits.append(add_visit(client, patient["id"], "2026-03-04")["id"])
        token = str(client._http.headers["authorization"]).removeprefix("Bearer ")

        def send(visit: str, video: Path) -> str:
            with Client(app.url, token) as own:
                return str(upload_video(own, visit, video)["id"])

        started = time.monotonic()
        with ThreadPoolExecutor(PATIENTS) as pool:
            recordings = list(pool.map(send, visits, videos))
        seconds = time.monotonic() - started
    sums = [hashlib.sha256(video.read_bytes()).hexdigest() for video in videos]
    assert _stored(app.data) == dict(zip(recordings, sums, strict=True))
    assert seconds < 300
