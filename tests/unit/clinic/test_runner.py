"""The runner: whatever the measuring process does, the queue goes on and nothing is half stored."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from example_result import example
from facewire.clinic import measuring, runner
from facewire.clinic.measuring import overall_share, prepare
from facewire.clinic.runner import JobRunner, Pace, TakenOverError, store_results
from facewire.errors import FacewireError, UsageError
from facewire.record.audit import SYSTEM
from facewire.record.clinical import save_consent
from facewire.record.injections import Given, Injection, record_injections
from facewire.record.jobs import ask, cancel, take
from facewire.record.recordings import document_of
from facewire.record.store import add
from facewire.record.tables import History, Identity, Job, Measurement, Media, Recording
from upload_place import VIDEO, Place


@pytest.fixture
def place(queue_place: Place) -> Place:
    """Every test of the queue's work runs on SQLite and on PostgreSQL."""
    return queue_place


Program = Callable[[str], None]

BEGIN = "import json, os, pathlib, sys, time; folder = pathlib.Path(sys.argv[1]);"
RESULTS = (
    "out = folder / 'results'; (out / 'frames').mkdir(parents=True, exist_ok=True);"
    "(out / 'result.json').write_bytes(pathlib.Path(RESULT_FILE).read_bytes());"
    "(out / 'track.parquet').write_bytes(b'track');"
    "(out / 'frames' / 'rest_1_rest.jpg').write_bytes(b'jpeg');"
)
DONE = "print(json.dumps({'done': True}), flush=True);"


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, result_file: Path) -> Program:
    """Replace the measuring process by a small one."""

    def replace(text: str) -> None:
        own = text.replace("RESULT_FILE", repr(str(result_file)))
        monkeypatch.setattr(measuring, "PROGRAM", (sys.executable, "-c", BEGIN + own))

    return replace


@pytest.fixture
def waiting(place: Place) -> Recording:
    upload = place.begin()
    place.uploads.receive(upload, 0, VIDEO)
    return place.uploads.finish(upload, SYSTEM)


def _runner(place: Place, **pace: float) -> JobRunner:
    quick = Pace(look_s=0.02, beat_s=0.05, **pace)
    return JobRunner(place.record, place.folder, pace=quick)


def _problem(place: Place) -> dict[str, str]:
    with place.record.reading() as session:
        problem = session.query(Job).one().problem
    assert problem is not None
    return problem


@pytest.mark.slow
def test_what_was_measured_is_stored(place: Place, waiting: Recording, program: Program) -> None:
    program(RESULTS + DONE)
    assert _runner(place).run_one()
    with place.record.reading() as session:
        stored = session.query(Measurement).one()
        own = session.get_one(Recording, waiting.id)
    assert document_of(stored) == example()
    assert sorted(stored.files) == ["frames/rest_1_rest.jpg", "track.parquet"]
    assert b"".join(place.media.read(stored.files["track.parquet"])) == b"track"
    assert (own.state, own.track_media_id) == ("measured", stored.files["track.parquet"])
    assert not any(place.folder.work().path.iterdir())


@pytest.mark.slow
def test_a_second_measurement_replaces_the_first(
    place: Place, waiting: Recording, program: Program
) -> None:
    program(RESULTS + DONE)
    _runner(place).run_one()
    with place.record.writing() as session:
        ask(session, session.get_one(Recording, waiting.id))
    _runner(place).run_one()
    with place.record.reading() as session:
        first, second = session.query(Measurement).order_by(Measurement.created_at).all()
    assert first.voided_at is not None
    assert second.supersedes == first.id


def test_the_error_of_the_process_is_kept(
    place: Place, waiting: Recording, program: Program
) -> None:
    parts = "{'code': 'NoFaceError', 'what': 'No face', 'do': 'more light'}"
    program(f"print(json.dumps({{'problem': {parts}}}), flush=True); sys.exit(1)")
    _runner(place).run_one()
    assert _problem(place)["code"] == "NoFaceError"
    assert _problem(place)["do"] == "more light"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("os.kill(os.getpid(), 9)", "SIGKILL"),
        ("raise SystemError('inside')", "exit code 1; SystemError: inside"),
        ("print('no JSON'); sys.exit(0)", "exit code 0"),
    ],
)
def test_a_process_that_breaks_off_is_told(
    place: Place, waiting: Recording, program: Program, text: str, found: str
) -> None:
    program(text)
    _runner(place).run_one()
    assert _problem(place)["what"] == "The measuring process broke off"
    assert _problem(place)["found"] == found


def test_a_track_is_kept_when_what_follows_fails(
    place: Place, waiting: Recording, program: Program
) -> None:
    side = "{'code': 'SideConflictError', 'what': 'Which side?'}"
    program(RESULTS + f"print(json.dumps({{'problem': {side}}}), flush=True)")
    _runner(place).run_one()
    with place.record.reading() as session:
        own = session.get_one(Recording, waiting.id)
    assert own.state == "failed"
    assert b"".join(place.media.read(str(own.track_media_id))) == b"track"


@pytest.mark.slow
def test_a_process_that_stands_still_is_ended(
    place: Place, waiting: Recording, program: Program
) -> None:
    program("time.sleep(60)")
    _runner(place, still_s=0.3).run_one()
    assert _problem(place)["what"] == "The measuring stands still"


def test_cancelling_ends_the_process(place: Place, waiting: Recording, program: Program) -> None:
    program("time.sleep(60)")
    running = _runner(place)
    thread = threading.Thread(target=running.run_one)
    thread.start()
    _wait(lambda: _job_state(place) == "running")
    with place.record.writing() as session:
        cancel(session, session.query(Job).one())
    thread.join(10)
    assert not thread.is_alive()
    assert _job_state(place) == "cancelled"


@pytest.mark.slow
def test_a_stopped_app_gives_its_job_back(
    place: Place, waiting: Recording, program: Program
) -> None:
    program("(folder / 'begun').touch(); time.sleep(60)")
    running = _runner(place)
    running.start()
    folder = place.folder.work().path
    _wait(lambda: any(folder.glob("*/begun")))
    running.stop()
    assert _job_state(place) == "waiting"
    assert any(folder.glob("*/begun")), "what was done so far is kept"
    program(RESULTS + DONE)
    again = _runner(place)
    again.start()
    _wait(lambda: _job_state(place) == "done")
    again.stop()


def test_the_process_knows_no_secret(
    place: Place, waiting: Recording, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACEWIRE_PASSPHRASE", "seven quiet herons wade")
    program("sys.exit('seven' in str(os.environ))")
    _runner(place).run_one()
    assert _problem(place)["found"] == "exit code 0"


def test_results_of_a_cancelled_job_are_not_stored(
    place: Place, waiting: Recording, tmp_path: Path
) -> None:
    claim = take(place.record)
    assert claim is not None
    with place.record.writing() as session:
        cancel(session, session.query(Job).one())
    example().write(tmp_path / "result.json")
    (tmp_path / "track.parquet").write_bytes(b"track")
    before = set(place.media.ids())
    with pytest.raises(TakenOverError, match="no longer wanted"):
        store_results(place.record, place.media, claim, tmp_path)
    assert set(place.media.ids()) == before
    with place.record.reading() as session:
        assert session.query(Media).count() == 1


@pytest.mark.slow
def test_files_of_an_attempt_that_was_killed_are_removed(
    place: Place, waiting: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = take(place.record)
    assert first is not None
    example().write(tmp_path / "result.json")
    (tmp_path / "map.csv").write_text("a")
    with monkeypatch.context() as broken:
        broken.setattr("facewire.clinic.runner._store_rows", _end_here)
        with pytest.raises(KeyboardInterrupt):
            store_results(place.record, place.media, first, tmp_path)
    left = set(place.media.ids())
    with place.record.writing() as session:
        session.query(Job).one().attempts = 2
    second = runner.Claim(first.job_id, 2, first.recording_id, {})
    store_results(place.record, place.media, second, tmp_path)
    with place.record.reading() as session:
        known = {media.id for media in session.query(Media)}
    assert set(place.media.ids()) == known
    assert len(left) == 2


def _end_here(*_: object) -> str:
    raise KeyboardInterrupt


def test_the_process_is_told_what_the_record_knows(
    place: Place, waiting: Recording, tmp_path: Path
) -> None:
    with place.record.writing() as session:
        patient = waiting.patient_id
        add(session, History(patient_id=patient, side="R"))
        add(session, _identity(patient, date(2010, 3, 5)))
        for side, on in (("R", date(2026, 1, 9)), ("L", date(2025, 11, 20))):
            given = Given(patient, on)
            record_injections(session, given, "a product", [Injection("depressor", side)])
    claim = take(place.record)
    assert claim is not None
    with place.record.reading() as session:
        told = prepare(session, claim, place.media, tmp_path)
    assert told == {
        "source": "video.mp4",
        "cues": None,
        "mirrored": None,
        "affected": "R",
        "other_side_treated": "2025-11-20",
        "recorded": "2026-03-04",
        "age_years": 15.0,
        "iris_mm": None,
        "subject": "P-001",
    }
    assert (tmp_path / "video.mp4").read_bytes() == VIDEO


def _identity(patient_id: str, birth: date) -> Identity:
    return Identity(
        patient_id=patient_id, given_name="A", family_name="B", birth_date=birth, search_text="a"
    )


def test_a_recording_without_anything_is_told(place: Place, waiting: Recording) -> None:
    claim = take(place.record)
    assert claim is not None
    with place.record.writing() as session:
        session.get_one(Recording, waiting.id).video_media_id = None
    with place.record.reading() as session, pytest.raises(FacewireError, match="neither video"):
        prepare(session, claim, place.media, place.folder.path)


def test_a_job_of_a_patient_who_withdrew_is_not_run(place: Place, waiting: Recording) -> None:
    with place.record.writing() as session:
        save_consent(session, waiting.patient_id, "care", given=False, wording="care/1")
    _runner(place).run_one()
    assert _problem(place)["code"] == "ForbiddenError"


@pytest.mark.parametrize(
    ("step", "share", "whole"), [("track", 0, 0.02), ("track", 1, 0.86), ("else", 0.5, 0)]
)
def test_tracking_is_most_of_the_whole(step: str, share: float, whole: float) -> None:
    assert overall_share(step, share) == pytest.approx(whole)


def _job_state(place: Place) -> str:
    with place.record.reading() as session:
        return session.query(Job).one().state


def _wait(fits: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not fits():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_is_no_measurement_is_not_stored(
    place: Place, waiting: Recording, tmp_path: Path
) -> None:
    claim = take(place.record)
    assert claim is not None
    before = set(place.media.ids())
    (tmp_path / "track.parquet").write_bytes(b"track")
    (tmp_path / "result.json").write_text('{"schema": "facewire.measurement/2"}')
    with pytest.raises(UsageError, match="another kind"):
        store_results(place.record, place.media, claim, tmp_path)
    assert set(place.media.ids()) == before
    with place.record.reading() as session:
        assert session.query(Measurement).count() == 0
