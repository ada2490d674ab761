"""Checks of rooms in the record, on both databases: which one is the newest, what is never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from facewire.errors import RecordError
from facewire.record.jobs import FAILED, ROOM
from facewire.record.rooms import (
    ROOM_VIDEO,
    RoomAsked,
    add_check,
    add_check_job,
    checked_rooms,
    checks,
    document_of_check,
    is_a_patients,
    newest_check,
    unfinished_checks,
    videos_to_erase,
)
from facewire.record.rows import new_id
from facewire.record.store import Record, Session, add, change, get, void
from facewire.record.tables import Job, Media, Patient, RoomCheck, Visit
from facewire.record.visits import correct_visit
from unit.report.test_phantom_page import checked

ASKED = RoomAsked("Room 2", date(2026, 3, 2), None, "room/1", ".mp4")


def made(session: Session, on: date, room: str = "Room 2") -> str:
    asked = replace(ASKED, on=on, room=room)
    job = add_check_job(session, new_id(), asked)
    change(session, job, state="done")
    return add_check(session, job.id, asked, checked()).id


def video(session: Session, media_id: str, patient_id: str | None = None) -> Media:
    kind = ROOM_VIDEO if patient_id is None else "video"
    row = Media(id=media_id, kind=kind, patient_id=patient_id, name="a.mp4")
    row.size_bytes, row.sha256 = 3, media_id * 2
    return add(session, row)


def test_what_was_asked_comes_back(record: Record) -> None:
    with record.writing() as session:
        job = add_check_job(session, new_id(), ASKED)
    with record.reading() as session:
        kept = get(session, Job, job.id)
        assert (kept.kind, kept.recording_id) == (ROOM, None)
        assert RoomAsked.of(kept.settings) == ASKED
        assert [one.id for one in unfinished_checks(session, 5)] == [job.id]


def test_the_newest_check_is_that_of_the_latest_day_that_holds(record: Record) -> None:
    with record.writing() as session:
        latest = made(session, date(2026, 3, 9))
        earlier = made(session, date(2026, 3, 1))
        made(session, date(2026, 4, 1), "Room 3")
    with record.reading() as session:
        found = newest_check(session, "Room 2")
        assert found is not None
        assert found.id == latest
        assert document_of_check(found) == checked()
        assert newest_check(session, "Room 1") is None
        assert [row.room for row in checks(session)] == ["Room 2", "Room 2", "Room 3"]
    with record.writing() as session:
        void(session, get(session, RoomCheck, latest), "not healthy")
    with record.reading() as session:
        found = newest_check(session, "Room 2")
        assert found is not None
        assert found.id == earlier
        assert checked_rooms(session) == ["Room 2", "Room 3"]


def test_a_check_is_neither_changed_nor_deleted(record: Record) -> None:
    with record.writing() as session:
        made(session, date(2026, 3, 9))

    def refused(statement: str, words: str) -> None:
        with pytest.raises(RecordError, match=words), record.writing() as session:
            session.execute(text(statement))

    refused("UPDATE room_checks SET room = 'Room 3'", "a kept row is not changed")
    refused("UPDATE room_checks SET result = '{}'", "a kept row is not changed")
    refused("DELETE FROM room_checks", "a kept row is not deleted")


def test_a_visits_room_is_corrected_and_the_former_one_kept(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        correct_visit(session, visit, on=visit.on, kind=visit.kind, room="Room 2")
    with record.writing() as session:
        correct_visit(session, visit, on=visit.on, kind=visit.kind, room="Room 3")
    with record.reading() as session:
        own = get(session, Visit, visit.id)
        assert own.room == "Room 3"
        assert get(session, Visit, own.supersedes or "").room == "Room 2"
    with pytest.raises(RecordError, match="a kept row is not changed"), record.writing() as session:
        session.execute(text("UPDATE visits SET room = 'Room 4'"))


def test_a_patients_file_is_known_by_its_bytes(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        video(session, "a" * 32, patient.id)
        video(session, "b" * 32)
    with record.reading() as session:
        assert is_a_patients(session, "a" * 64)
        assert not is_a_patients(session, "b" * 64)


@pytest.mark.parametrize(
    ("prepare", "erased"),
    [
        (lambda session, row: None, True),
        (lambda session, row: add_check_job(session, row.id, ASKED), False),
        (
            lambda session, row: change(
                session, add_check_job(session, row.id, ASKED), state=FAILED
            ),
            True,
        ),
        (lambda session, row: change(session, row, erased_at=row.created_at), False),
    ],
    ids=["nobody asked", "waits", "failed", "erased already"],
)
def test_a_video_is_to_be_erased_as_soon_as_no_job_needs_it(
    record: Record, prepare: Callable[[Session, Media], object], erased: bool
) -> None:
    with record.writing() as session:
        row = video(session, new_id())
        prepare(session, row)
    with record.reading() as session:
        assert [one.id for one in videos_to_erase(session)] == [row.id] * erased
