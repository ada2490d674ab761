"""The check of a room in the queue: the figures are kept, the video never outlives its job."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from facewire.clinic import measuring, rooms
from facewire.clinic.measuring import prepare
from facewire.clinic.rooms import ask_check, erase_videos
from facewire.clinic.runner import JobRunner, Pace
from facewire.errors import DuplicateError, StorageError
from facewire.record.audit import SYSTEM
from facewire.record.jobs import (
    MEASURE,
    PATIENCE,
    ROOM,
    Claim,
    cancel,
    is_needed_elsewhere,
    queue_before,
    take,
)
from facewire.record.rooms import RoomAsked, document_of_check
from facewire.record.rows import new_id
from facewire.record.store import Record, get
from facewire.record.tables import Job, Media, RoomCheck
from unit.report.test_phantom_page import checked
from upload_place import VIDEO, Place

ASKED = RoomAsked("Room 2", date(2026, 3, 2), True, "room/1", ".mp4")
BEGIN = "import json, os, pathlib, sys, time; folder = pathlib.Path(sys.argv[1]);"
FOUND = (
    "out = folder / 'results'; out.mkdir(exist_ok=True);"
    "(out / 'phantom.json').write_bytes(pathlib.Path(FILE).read_bytes());"
    "(out / 'face.jpg').write_bytes(b'a face');"
)
DONE = "print(json.dumps({'done': True}), flush=True);"
PROBLEM = "print(json.dumps({'problem': {'code': 'NoFaceError', 'what': 'No face'}}), flush=True);"
Program = Callable[[str], None]


@pytest.fixture
def place(queue_place: Place) -> Place:
    """Every test runs on SQLite and on PostgreSQL."""
    return queue_place


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Program:
    """Replace the process by a small one."""
    checked().write(tmp_path / "made.json")

    def install(text: str) -> None:
        own = BEGIN + text.replace("FILE", repr(str(tmp_path / "made.json")))
        monkeypatch.setattr(measuring, "PROGRAM", (sys.executable, "-c", own))

    return install


def asked(place: Place, video: bytes = VIDEO, *, although: bool = False) -> str:
    check_id = new_id()
    place.uploads.parts.add(check_id, 0, video[:1000])
    place.uploads.parts.add(check_id, 1000, video[1000:])
    ask_check(place.uploads, check_id, ASKED, SYSTEM, although_a_patients=although)
    return check_id


def patient_waits(place: Place, name: str = "smile.mp4") -> str:
    upload = place.begin(VIDEO, name)
    place.uploads.receive(upload, 0, VIDEO)
    return place.uploads.finish(upload, SYSTEM, again=True).id


def runner(place: Place) -> JobRunner:
    pace = Pace(look_s=0.02, beat_s=0.05)
    return JobRunner(place.record, place.folder, place.uploads, pace)


def state(place: Place, check_id: str) -> str:
    with place.record.reading() as session:
        return get(session, Job, check_id).state


def nothing_left(place: Place, check_id: str) -> bool:
    """Whether the video is gone: the row says so, and neither store nor folder holds it."""
    with place.record.reading() as session:
        erased = get(session, Media, check_id).erased_at is not None
    kept = check_id in set(place.media.ids()) or check_id in place.uploads.parts.kept()
    return erased and not kept and not any(place.folder.work().path.glob(f"{check_id}/*"))


def wait_until(fits: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not fits():
        assert time.monotonic() < end
        time.sleep(0.02)


def taken(record: Record) -> Claim:
    claim = take(record)
    assert claim is not None
    return claim


def test_the_process_is_told_of_the_room_and_of_no_person(place: Place, tmp_path: Path) -> None:
    asked(place)
    claim = taken(place.record)
    with place.record.reading() as session:
        told = prepare(session, claim, place.media, tmp_path)
    assert told == {"room": True, "source": "video.mp4", "mirrored": True}
    assert json.loads((tmp_path / "job.json").read_text()) == told
    assert (tmp_path / "video.mp4").read_bytes() == VIDEO


@pytest.mark.slow
def test_the_figures_are_kept_and_the_video_is_erased(place: Place, program: Program) -> None:
    program(FOUND + DONE)
    check_id = asked(place)
    assert not nothing_left(place, check_id)
    assert runner(place).run_one()
    with place.record.reading() as session:
        kept = session.query(RoomCheck).one()
        assert (kept.job_id, kept.room, kept.on) == (check_id, "Room 2", date(2026, 3, 2))
        assert document_of_check(kept) == checked()
        assert session.query(Media).count() == 1
    assert state(place, check_id) == "done"
    assert nothing_left(place, check_id)
    assert list(place.media.ids()) == []


@pytest.mark.slow
def test_a_check_that_fails_says_why_and_leaves_nothing(place: Place, program: Program) -> None:
    program(FOUND + PROBLEM)
    check_id = asked(place)
    runner(place).run_one()
    with place.record.reading() as session:
        problem = get(session, Job, check_id).problem
        assert session.query(RoomCheck).count() == 0
    assert problem is not None
    assert problem["what"] == "No face"
    assert nothing_left(place, check_id)


def test_what_is_no_check_is_not_stored(place: Place, program: Program) -> None:
    program(DONE)
    check_id = asked(place)
    runner(place).run_one()
    assert state(place, check_id) == "failed"
    assert nothing_left(place, check_id)


def test_a_check_that_is_stopped_leaves_nothing(place: Place, program: Program) -> None:
    program("time.sleep(60)")
    check_id = asked(place)
    thread = threading.Thread(target=runner(place).run_one)
    thread.start()
    wait_until(lambda: state(place, check_id) == "running")
    with place.record.writing() as session:
        cancel(session, get(session, Job, check_id))
        assert erase_videos(session, place.media) == [check_id]
    thread.join(20)
    assert not thread.is_alive()
    assert nothing_left(place, check_id)


@pytest.mark.slow
def test_a_stopped_app_goes_on_with_the_check(place: Place, program: Program) -> None:
    program("(folder / 'begun').touch(); time.sleep(60)")
    check_id = asked(place)
    first = runner(place)
    first.start()
    wait_until((place.folder.work().path / check_id / "begun").exists)
    first.stop()
    assert state(place, check_id) == "waiting"
    program("sys.exit(0) if not (folder / 'begun').exists() else None;" + FOUND + DONE)
    again = runner(place)
    again.start()
    wait_until(lambda: state(place, check_id) == "done")
    wait_until(lambda: nothing_left(place, check_id))
    again.stop()


def test_patients_come_first(place: Place) -> None:
    check_id, recording = asked(place), patient_waits(place)
    with place.record.reading() as session:
        check, measure = (session.query(Job).filter_by(kind=k).one() for k in (ROOM, MEASURE))
        assert (queue_before(session, check), queue_before(session, measure)) == (1, 0)
    first, second = taken(place.record), taken(place.record)
    assert (first.kind, first.recording_id) == (MEASURE, recording)
    assert (second.kind, second.job_id) == (ROOM, check_id)


@pytest.mark.slow
def test_a_check_gives_way_to_a_patient_who_waits(place: Place, program: Program) -> None:
    program("time.sleep(60)")
    check_id = asked(place)
    start = place.record.moment()
    place.record._clock = lambda: start
    thread = threading.Thread(target=runner(place).run_one)
    thread.start()
    wait_until(lambda: state(place, check_id) == "running")
    patient_waits(place)
    assert not is_needed_elsewhere(place.record)
    later = _at(start + PATIENCE + timedelta(seconds=1))
    place.record._clock = later
    thread.join(20)
    assert not thread.is_alive()
    assert state(place, check_id) == "waiting"
    assert taken(place.record).kind == MEASURE
    claim = taken(place.record)
    assert (claim.job_id, claim.attempt) == (check_id, 1)


def _at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def test_a_patients_recording_is_refused_unless_the_person_is_healthy(place: Place) -> None:
    patient_waits(place)
    before = set(place.media.ids())
    with pytest.raises(DuplicateError, match="a patient's recording"):
        asked(place)
    assert set(place.media.ids()) == before
    check_id = asked(place, although=True)
    with place.record.reading() as session:
        assert get(session, Job, check_id).state == "waiting"


@pytest.mark.parametrize("where", ["media", "job"])
def test_what_a_crash_left_is_erased(
    place: Place, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Killed before the file is written, or after it and before the job is asked for."""

    def crash(*_: object, **__: object) -> None:
        raise StorageError("the computer stopped")

    check_id = new_id()
    place.uploads.parts.add(check_id, 0, VIDEO)
    broken = place.uploads
    if where == "job":
        monkeypatch.setattr(rooms, "add_check_job", crash)
    else:
        monkeypatch.setattr(place.media, "write", crash)
    with pytest.raises(StorageError), broken.alone(check_id):
        ask_check(broken, check_id, ASKED, SYSTEM, although_a_patients=False)
    assert (check_id in set(place.media.ids())) is (where == "job")
    started = runner(place)
    started.start()
    wait_until(lambda: nothing_left(place, check_id))
    started.stop()


def test_a_video_that_is_just_coming_is_not_erased(place: Place) -> None:
    check_id = new_id()
    with place.record.writing() as session:
        row = Media(id=check_id, kind="room_video", name="room.mp4", size_bytes=1, sha256="0" * 64)
        row.created_at = place.record.moment()
        session.add(row)
        session.flush()
        assert erase_videos(session, place.media, coming=[check_id]) == []
        assert erase_videos(session, place.media) == [check_id]
