"""kill -9 at the worst moments, in real processes: nothing stored is lost, and it goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from facewire.clinic import measuring
from facewire.clinic.runner import JobRunner
from facewire.clinic.uploads import open_uploads
from facewire.record.audit import SYSTEM, check_chain
from facewire.record.folder import DataFolder, open_data
from facewire.record.jobs import STALE
from facewire.record.store import Record
from facewire.record.tables import Job, Measurement, Media, Recording, Upload
from upload_place import VIDEO, Place

DRIVER = """
import os, signal, sys
from pathlib import Path
from facewire.record.audit import SYSTEM
from facewire.record.folder import open_data
from facewire.record.store import Record
from facewire.record.tables import Upload
from facewire.clinic import measuring, runner, uploads
from facewire.record import media

def end(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

folder = open_data(Path(sys.argv[1]))
record = Record.open(folder.engine())
store = folder.media()
own = uploads.open_uploads(record, store, folder)
with record.reading() as session:
    upload = session.query(Upload).one()
"""

MEASURED = (
    "import json, pathlib, sys; out = pathlib.Path(sys.argv[1]) / 'results';"
    "out.mkdir(parents=True, exist_ok=True);"
    "(out / 'result.json').write_bytes(pathlib.Path(RESULT_FILE).read_bytes());"
    "(out / 'track.parquet').write_bytes(b'track');"
    "(out / 'map.csv').write_bytes(b'map'); print(json.dumps({'done': True}))"
)


def _killed(place: Place, text: str) -> None:
    """Run the driver and what follows in a process that kills itself."""
    program = [sys.executable, "-c", DRIVER + text, str(place.folder.path)]
    ended = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def _sent(place: Place) -> Upload:
    upload = place.begin()
    place.uploads.receive(upload, 0, VIDEO)
    return upload


def _later(folder: DataFolder) -> Record:
    def clock() -> datetime:
        return datetime.now().astimezone() + STALE + timedelta(seconds=1)

    return Record(folder.engine(), clock)


PARTS = """
def half(path, chunks, **_):
    path.with_name("." + path.name + "-1.part").write_bytes(b"half")
    end()

import facewire.clinic.upload_parts as parts
own.receive(upload, 0, b"x" * 1000)
parts.write_whole = half
own.receive(upload, 1000, b"y" * 1000)
"""


@pytest.mark.slow
def test_killed_while_a_part_is_written(place: Place) -> None:
    upload = place.begin()
    _killed(place, PARTS)
    assert place.uploads.parts.received(upload.id) == 1000
    place.uploads.receive(upload, 1000, VIDEO[1000:])
    assert b"".join(place.uploads.parts.read(upload.id)) == b"x" * 1000 + VIDEO[1000:]


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("media.MediaStore.write = end", marks=pytest.mark.slow),
        "uploads.add = end",
        pytest.param("uploads.waiting_job = end", marks=pytest.mark.slow),
        pytest.param("uploads.PartStore.remove = end", marks=pytest.mark.slow),
    ],
    ids=["before the file", "after the file", "inside the transaction", "after the transaction"],
)
def test_killed_while_an_upload_is_finished(place: Place, moment: str) -> None:
    upload = _sent(place)
    _killed(place, f"{moment}\nown.finish(upload, SYSTEM)\n")
    recording = place.uploads.finish(upload, SYSTEM)
    assert b"".join(place.media.read(str(recording.video_media_id))) == VIDEO
    place.uploads.clean(place.record.moment())
    assert place.uploads.parts.kept() == []
    with place.record.reading() as session:
        assert session.query(Job).count() == session.query(Media).count() == 1
        assert check_chain(session) == ()


RUN = "runner.JobRunner(record, folder).run_one()\n"


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("runner.store_results = end", marks=pytest.mark.slow),
        pytest.param("runner._store_rows = end", marks=pytest.mark.slow),
        pytest.param("runner.finish = end", marks=pytest.mark.slow),
        "runner.newest_measurement = end",
        pytest.param(
            "from facewire.record import work\nwork.WorkRoom.remove = end", marks=pytest.mark.slow
        ),
    ],
    ids=["before", "after the files", "inside", "inside, after the rows", "after"],
)
def test_killed_while_results_are_stored(
    place: Place, moment: str, monkeypatch: pytest.MonkeyPatch, result_file: Path
) -> None:
    recording = place.uploads.finish(_sent(place), SYSTEM)
    measured = MEASURED.replace("RESULT_FILE", repr(str(result_file)))
    program = f"measuring.PROGRAM = (sys.executable, '-c', {measured!r})\n"
    _killed(place, program + moment + "\n" + RUN)
    monkeypatch.setattr(measuring, "PROGRAM", (sys.executable, "-c", measured))
    record = _later(place.folder)
    JobRunner(record, place.folder).run_one()
    with record.reading() as session:
        measurement = session.query(Measurement).one()
        assert session.get_one(Recording, recording.id).state == "measured"
        assert set(place.media.ids()) == {media.id for media in session.query(Media)}
        assert check_chain(session) == ()
    assert b"".join(place.media.read(measurement.files["track.parquet"])) == b"track"
    record.close()


CHILD = (
    "import pathlib, os, sys, time; pathlib.Path(sys.argv[1], 'pid').write_text(str(os.getpid()));"
    "from facewire.clinic.worker import _end_with_the_app; _end_with_the_app()"
)


@pytest.mark.slow
def test_the_measuring_process_does_not_outlive_the_app(place: Place) -> None:
    place.uploads.finish(_sent(place), SYSTEM)
    text = f"measuring.PROGRAM = (sys.executable, '-c', {CHILD!r})\n" + WAIT_FOR_CHILD + RUN
    _killed(place, text)
    (path,) = place.folder.work().path.glob("*/pid")
    _wait_until_gone(int(path.read_text()))


WAIT_FOR_CHILD = """
import threading, time
def watch():
    while not list(folder.work().path.glob("*/pid")):
        time.sleep(0.05)
    end()
threading.Thread(target=watch, daemon=True).start()
"""


def _wait_until_gone(pid: int) -> None:
    import time

    end = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and "zombie" not in Path(f"/proc/{pid}/status").read_text():
        assert time.monotonic() < end, "the measuring process goes on without its app"
        time.sleep(0.05)


@pytest.mark.slow
def test_a_record_that_was_killed_opens_again(place: Place) -> None:
    upload = place.begin()
    _killed(place, "own.receive(upload, 0, b'x' * 10)\nown.note_received(upload.id)\nend()\n")
    folder = open_data(place.folder.path)
    record = Record.open(folder.engine())
    with record.reading() as session:
        assert session.get_one(Upload, upload.id).received_bytes == 10
    assert open_uploads(record, place.media, folder).parts.received(upload.id) == 10
    record.close()
