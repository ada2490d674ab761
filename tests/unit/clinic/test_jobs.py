"""The queue: taken once, taken again when silent, ended in one of three ways."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from facewire.errors import RecordError, VideoError
from facewire.record.audit import SYSTEM
from facewire.record.clinical import save_consent
from facewire.record.jobs import (
    MOST_ATTEMPTS,
    STALE,
    Claim,
    active_job,
    ask,
    beat,
    cancel,
    fail,
    finish,
    give_back,
    newest_job,
    queue_before,
    take,
)
from facewire.record.store import Record, get, void
from facewire.record.tables import Job, Recording
from upload_place import VIDEO, Place


@pytest.fixture
def place(queue_place: Place) -> Place:
    """Every test of the queue runs on SQLite and on PostgreSQL."""
    return queue_place


@pytest.fixture
def waiting(place: Place) -> Recording:
    """A recording whose job waits."""
    return _waiting(place)


def _waiting(place: Place, name: str = "smile.mp4") -> Recording:
    upload = place.begin(VIDEO, name)
    place.uploads.receive(upload, 0, VIDEO)
    return place.uploads.finish(upload, SYSTEM, again=True)


def _taken(record: Record) -> Claim:
    claim = take(record)
    assert claim is not None
    return claim


def _job(place: Place) -> Job:
    with place.record.reading() as session:
        return session.query(Job).one()


def _recording(place: Place) -> Recording:
    with place.record.reading() as session:
        return session.query(Recording).one()


def _later(place: Place, after: timedelta) -> Record:
    """Return the same record at a later hour."""
    start = place.record.moment()

    def clock() -> datetime:
        return start + after

    return Record(place.record.engine, clock)


@pytest.mark.slow
def test_a_job_is_taken_once(place: Place, waiting: Recording) -> None:
    assert _taken(place.record).recording_id == waiting.id
    assert take(place.record) is None
    assert _recording(place).state == "measuring"


@pytest.mark.slow
def test_the_oldest_job_comes_first(place: Place) -> None:
    first, second = _waiting(place), _waiting(place, "other.mp4")
    with place.record.reading() as session:
        newest = newest_job(session, second.id)
        assert newest is not None
        assert queue_before(session, newest) == 1
    assert [_taken(place.record).recording_id for _ in range(2)] == [first.id, second.id]


def test_the_turn_goes_round_among_accounts(place: Place) -> None:
    """Ann asks for four, then Bob for two: nobody waits for all that another one asked for."""
    asked = ["ann", "ann", "ann", "ann", "bob", "bob"]
    names = {}
    for number, who in enumerate(asked):
        recording = _waiting(place, f"{number}.mp4")
        with place.record.writing() as session:
            job = newest_job(session, recording.id)
            assert job is not None
            job.created_by = who
        names[recording.id] = f"{who}{number}"
    wanted = ["ann0", "bob4", "ann1", "bob5", "ann2", "ann3"]
    with place.record.reading() as session:
        jobs = {names[one.recording_id or ""]: one for one in session.query(Job)}
        assert [queue_before(session, jobs[name]) for name in wanted] == [0, 1, 2, 3, 4, 5]
    taken = [names[_taken(place.record).recording_id] for _ in range(3)]
    with place.record.reading() as session:
        jobs = {names[one.recording_id or ""]: one for one in session.query(Job)}
        assert [queue_before(session, jobs[name]) for name in wanted[3:]] == [3, 4, 5]
    taken += [names[_taken(place.record).recording_id] for _ in range(3)]
    assert taken == wanted


def test_a_silent_job_is_taken_again(place: Place, waiting: Recording) -> None:
    first = _taken(place.record)
    later = _later(place, STALE + timedelta(seconds=1))
    second = _taken(later)
    assert (second.job_id, second.attempt) == (first.job_id, 2)


def test_a_job_that_shows_life_is_left_alone(place: Place, waiting: Recording) -> None:
    claim = _taken(place.record)
    soon = _later(place, STALE - timedelta(seconds=5))
    assert beat(soon, claim, "track", 0.4)
    assert take(_later(place, STALE + timedelta(seconds=1))) is None
    assert (_job(place).step, _job(place).share) == ("track", 0.4)


def test_the_first_worker_cannot_write_after_the_second_took_over(
    place: Place, waiting: Recording
) -> None:
    first = _taken(place.record)
    _taken(_later(place, STALE + timedelta(seconds=1)))
    assert not beat(place.record, first, "track", 0.9)
    with place.record.writing() as session:
        assert not finish(session, first)
    fail(place.record, first, VideoError("late"))
    assert _job(place).state == "running"


def test_a_job_that_is_stopped_again_and_again_fails(place: Place, waiting: Recording) -> None:
    for attempt in range(MOST_ATTEMPTS):
        _taken(_later(place, attempt * (STALE + timedelta(seconds=1))))
    assert take(_later(place, MOST_ATTEMPTS * (STALE + timedelta(seconds=1)))) is None
    job = _job(place)
    assert job.state == "failed"
    assert job.problem is not None
    assert job.problem["found"] == "4 runs that ended without a word"


def test_a_job_that_is_given_back_has_not_been_tried(place: Place, waiting: Recording) -> None:
    give_back(place.record, _taken(place.record))
    assert (_job(place).state, _job(place).attempts) == ("waiting", 0)
    assert _recording(place).state == "waiting"
    assert _taken(place.record).attempt == 1


def test_a_failure_keeps_its_four_parts(place: Place, waiting: Recording) -> None:
    error = VideoError("It ends early", expected="all", found="half", do="export it again")
    fail(place.record, _taken(place.record), error)
    parts = {
        "code": "VideoError",
        "what": "It ends early",
        "expected": "all",
        "found": "half",
        "do": "export it again",
    }
    assert _job(place).problem == parts
    assert (_recording(place).state, _recording(place).problem) == ("failed", parts)


def test_asking_again_clears_the_failure(place: Place, waiting: Recording) -> None:
    fail(place.record, _taken(place.record), VideoError("no"))
    with place.record.writing() as session:
        job = ask(session, _recording(place), {"affected": "L"})
        assert ask(session, _recording(place)).id == job.id
    assert _recording(place).problem is None
    assert _taken(place.record).settings == {"affected": "L"}


def test_a_cancelled_job_is_noticed_at_its_next_sign_of_life(
    place: Place, waiting: Recording
) -> None:
    claim = _taken(place.record)
    with place.record.writing() as session:
        cancel(session, get(session, Job, claim.job_id))
    assert not beat(place.record, claim, "track", 0.5)
    assert _recording(place).state == "uploaded"
    with place.record.writing() as session, pytest.raises(RecordError, match="has ended"):
        cancel(session, get(session, Job, claim.job_id))


def test_a_void_recording_is_not_measured(place: Place, waiting: Recording) -> None:
    fail(place.record, _taken(place.record), VideoError("no"))
    with place.record.writing() as session:
        void(session, session.query(Recording).one(), "wrong patient")
    with place.record.writing() as session, pytest.raises(RecordError, match="a void one"):
        ask(session, session.query(Recording).one())


def test_an_unknown_recording_has_no_job(place: Place) -> None:
    with place.record.reading() as session:
        assert active_job(session, "0" * 32) is None


@pytest.mark.slow
def test_workers_that_look_at_once_share_the_jobs(place: Place) -> None:
    wanted = {_waiting(place, f"{number}.mp4").id for number in range(6)}
    with ThreadPoolExecutor(6) as workers:
        claims = list(workers.map(lambda _: take(place.record), range(6)))
    while (more := take(place.record)) is not None:
        claims.append(more)
    assert sorted(claim.recording_id for claim in claims if claim) == sorted(wanted)


def test_work_ends_when_the_patient_withdraws(place: Place, waiting: Recording) -> None:
    claim = _taken(place.record)
    with place.record.writing(by=SYSTEM) as session:
        save_consent(session, waiting.patient_id, "care", given=False, wording="care/1")
    assert not beat(place.record, claim, "track", 0.5)
    assert (_job(place).state, _recording(place).state) == ("failed", "failed")
    assert _job(place).problem["code"] == "ForbiddenError"
    assert take(place.record) is None
