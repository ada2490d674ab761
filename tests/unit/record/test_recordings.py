from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import InvalidRequestError

from facewire.errors import RecordError
from facewire.record.recordings import (
    NEXT_STATES,
    add_recording,
    mark_erased,
    measurements_of,
    media_by_id,
    newest_measurement,
    recordings_of,
    set_state,
)
from facewire.record.store import Record, add, supersede, void
from facewire.record.tables import RECORDING_STATES, Measurement, Media, Recording, Visit

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def recording_on(visit: Visit, state: str = "recording", minute: int = 0) -> Recording:
    return Recording(
        patient_id=visit.patient_id,
        visit_id=visit.id,
        origin="live",
        state=state,
        started_at=NOON.replace(minute=minute),
    )


def measurement_of(recording: Recording, value: int) -> Measurement:
    return Measurement(
        patient_id=recording.patient_id,
        visit_id=recording.visit_id,
        recording_id=recording.id,
        result={"value": value},
    )


def test_every_state_is_known_and_can_be_left_and_reached() -> None:
    assert set(NEXT_STATES) == set(RECORDING_STATES)
    reached = {state for following in NEXT_STATES.values() for state in following}
    assert reached == set(RECORDING_STATES)
    assert all(NEXT_STATES.values())


@pytest.mark.parametrize(
    "states",
    [
        ("recording", "waiting", "measuring", "measured", "waiting"),
        ("uploading", "interrupted", "uploading", "uploaded", "waiting", "measuring", "failed"),
        ("recording", "interrupted", "waiting", "measuring", "measuring", "waiting"),
    ],
)
def test_a_life_of_a_recording(record: Record, visit: Visit, states: tuple[str, ...]) -> None:
    with record.writing() as session:
        row = add_recording(session, recording_on(visit, states[0]))
        for state in states[1:]:
            row = set_state(session, row, state)
    with record.reading() as session:
        assert [one.state for one in recordings_of(session, visit.id)] == [states[-1]]


@pytest.mark.parametrize(
    ("now", "then"),
    [("recording", "measured"), ("uploading", "measuring"), ("uploaded", "measured")],
)
def test_a_step_is_not_left_out(record: Record, visit: Visit, now: str, then: str) -> None:
    with record.writing() as session:
        row = add_recording(session, recording_on(visit, now))
        with pytest.raises(RecordError, match=f"{now} does not become {then}"):
            set_state(session, row, then)


def test_a_recording_does_not_begin_measured(record: Record, visit: Visit) -> None:
    with record.writing() as session, pytest.raises(RecordError, match="does not begin like this"):
        add_recording(session, recording_on(visit, "measured"))


def test_a_problem_is_kept_until_the_next_step(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        row = add_recording(session, recording_on(visit))
        assert set_state(session, row, "failed", {"what": "No face"}).problem == {"what": "No face"}
        assert set_state(session, row, "waiting").problem is None


def test_recordings_are_in_the_order_of_time(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        for minute in (30, 10, 20):
            add_recording(session, recording_on(visit, minute=minute))
        void(session, recordings_of(session, visit.id)[1], "wrong patient")
    with record.reading() as session:
        assert [one.started_at.minute for one in recordings_of(session, visit.id)] == [10, 30]


def test_the_newest_measurement_holds(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        row = add_recording(session, recording_on(visit))
        assert newest_measurement(session, row.id) is None
        first = add(session, measurement_of(row, 1))
        supersede(session, first, measurement_of(row, 2))
    with record.reading() as session:
        found = newest_measurement(session, row.id)
        (listed,) = measurements_of(session, visit.patient_id)
        assert found is not None
        assert (found.result, found.id) == ({"value": 2}, listed.id)


def test_a_list_of_measurements_reads_no_documents(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        add(session, measurement_of(add_recording(session, recording_on(visit)), 1))
    with record.reading() as session:
        (listed,) = measurements_of(session, visit.patient_id)
        with pytest.raises(InvalidRequestError, match="raiseload"):
            _ = listed.result


def test_erased_files_are_left_out(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        kept, gone = (
            add(session, Media(kind="video", name=n, size_bytes=1, sha256="0" * 64)) for n in "ab"
        )
        mark_erased(session, gone)
        with pytest.raises(RecordError, match="erased before"):
            mark_erased(session, gone)
    with record.reading() as session:
        assert set(media_by_id(session, [kept.id, gone.id, "other"])) == {kept.id}
