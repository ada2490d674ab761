from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import InvalidRequestError

from facewire.record.recordings import (
    measurements_of,
    media_by_id,
    newest_measurement,
    recordings_of,
)
from facewire.record.store import Record, add, change, supersede, void
from facewire.record.tables import Measurement, Media, Recording, Visit

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


def test_recordings_are_in_the_order_of_time(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        for minute in (30, 10, 20):
            add(session, recording_on(visit, minute=minute))
        void(session, recordings_of(session, visit.id)[1], "wrong patient")
    with record.reading() as session:
        assert [one.started_at.minute for one in recordings_of(session, visit.id)] == [10, 30]


def test_the_newest_measurement_holds(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        row = add(session, recording_on(visit))
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
        add(session, measurement_of(add(session, recording_on(visit)), 1))
    with record.reading() as session:
        (listed,) = measurements_of(session, visit.patient_id)
        with pytest.raises(InvalidRequestError, match="raiseload"):
            _ = listed.result


def test_erased_files_are_left_out(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        kept, gone = (
            add(session, Media(kind="video", name=n, size_bytes=1, sha256="0" * 64)) for n in "ab"
        )
        change(session, gone, erased_at=record.moment())
    with record.reading() as session:
        assert set(media_by_id(session, [kept.id, gone.id, "other"])) == {kept.id}
