"""Fifty patients upload at once to the app: what arrives, how fast, how long a request waits."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from rows import Row

PATIENTS = 50
VIDEO_BYTES = 4_000_000
PART_BYTES = 1_000_000
DAY = date(2026, 3, 4)


@dataclass(frozen=True)
class Sent:
    """One patient's upload: its recording, what was sent, and how long each request took."""

    recording: str
    sha256: str
    seconds: list[float]


def rows() -> list[Row]:
    """Measure."""
    tests = Path(__file__).parent.parent / "tests"
    sys.path[:0] = [str(tests), str(tests / "web")]
    from web_app import write_clinic

    from facewire.client import Client
    from served_app import ServedApp, agree, signed_in

    with tempfile.TemporaryDirectory(prefix="facewire-uploads-") as place:
        app = ServedApp(write_clinic(Path(place) / "data"))
        with app, signed_in(app) as client:
            names = [f"Patient{number}" for number in range(PATIENTS)]
            patients = [client.add_patient(family_name=name)["id"] for name in names]
            agree(app.data, *patients)
            visits = [client.add_visit(patient, DAY)["id"] for patient in patients]
            key = client._http.headers["authorization"]

            def send(visit: str) -> Sent:
                with Client(app.url) as own:
                    own._http.headers["authorization"] = key
                    return _send(own, visit, Path(place))

            started = time.perf_counter()
            with ThreadPoolExecutor(PATIENTS) as pool:
                sent = list(pool.map(send, visits))
            whole = time.perf_counter() - started
        lost = _lost(app.data, sent)
    return _rows(sent, whole, lost)


def _send(client: object, visit: str, folder: Path) -> Sent:
    from facewire.client.uploads import Sending, silent

    path = folder / f"{visit}.mp4"
    path.write_bytes(os.urandom(VIDEO_BYTES))
    seconds: list[float] = []

    def timed(*arguments: object, **more: object) -> object:
        started = time.perf_counter()
        try:
            return client._answer(*arguments, **more)  # type: ignore[attr-defined]
        finally:
            seconds.append(time.perf_counter() - started)

    sending = Sending(timed, path, 600.0, silent, PART_BYTES)  # type: ignore[arg-type]
    recording = sending.run(visit, {"mirrored": False, "cues": None}, keep_both=False)
    return Sent(recording["id"], hashlib.sha256(path.read_bytes()).hexdigest(), seconds)


def _lost(data: Path, sent: list[Sent]) -> int:
    """Count the videos whose stored bytes are not the ones that were sent."""
    from facewire.record.folder import open_data
    from facewire.record.store import Record
    from facewire.record.tables import Recording

    folder = open_data(data)
    record, media = Record.open(folder.engine()), folder.media()
    with record.reading() as session:
        ids = {row.id: row.video_media_id for row in session.query(Recording)}
    lost = 0
    for one in sent:
        stored = hashlib.sha256(b"".join(media.read(str(ids[one.recording])))).hexdigest()
        lost += stored != one.sha256
    record.close()
    return lost


def _rows(sent: list[Sent], whole: float, lost: int) -> list[Row]:
    seconds = np.array([one for each in sent for one in each.seconds])
    how = f"{PATIENTS} at once, {VIDEO_BYTES / 1e6:.0f} MB each, a job measuring meanwhile"
    megabytes = PATIENTS * VIDEO_BYTES / 1e6
    return [
        Row("uploads", "videos lost or changed", lost, "videos", at_most=0, remark=how),
        Row("uploads", "all of them", whole, "s", remark=how),
        Row("uploads", "stored and fsynced", megabytes / whole, "MB/s", remark=how),
        Row("uploads", "a request, median", float(np.median(seconds)), "s", remark=how),
        Row("uploads", "a request, 95 %", float(np.quantile(seconds, 0.95)), "s", remark=how),
    ]
