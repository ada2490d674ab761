"""Every byte has an owner: what no row owns is told, and goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from facewire.record.audit import SYSTEM
from facewire.record.erase import erase_patient
from facewire.record.folder import DataFolder
from facewire.record.places import PATIENCE, PLACES, states, tidy
from facewire.record.store import Record, add, change, void
from facewire.record.tables import Job, Media, Recording, Upload
from unit.record.made_folder import NOW, PASSPHRASE, Person, fill, make_folder


@pytest.fixture(params=[None, PASSPHRASE], ids=["plain", "encrypted"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[DataFolder]:
    made = make_folder(tmp_path / "data", request.param)
    yield made
    made.work().clean()
    made.work().leave()


@pytest.fixture
def record(folder: DataFolder) -> Iterator[Record]:
    opened = Record.open(folder.engine())
    yield opened
    opened.close()


def begun(folder: DataFolder, record: Record) -> tuple[Person, str]:
    """Return a patient with a live session, an upload and a measurement under way."""
    person = fill(folder, record, "A-1")
    with record.writing(by=SYSTEM) as session:
        change(session, session.query(Upload).one(), state="open")
        change(session, session.get_one(Job, person.job_id), state="waiting")
        old = session.query(Recording).one()
        live = Recording(patient_id=old.patient_id, visit_id=old.visit_id, origin="live")
        live.state, live.started_at = "recording", NOW
        recording_id = add(session, live).id
    for path in (
        folder.path / "uploads" / person.upload_id,
        folder.path / "live" / recording_id,
        folder.work().path / f"live-{recording_id}",
        folder.work().path / person.job_id,
    ):
        path.mkdir(parents=True)
        (path / "bytes").write_bytes(b"a face")
    return person, recording_id


def later(record: Record, after: timedelta) -> Record:
    moment = datetime.now(UTC) + after
    return Record(record.engine, lambda: moment)


def counts(folder: DataFolder) -> dict[str, int]:
    return {place.name: len(place.there(folder)) for place in PLACES}


def test_what_rows_own_stays_however_old(folder: DataFolder, record: Record) -> None:
    begun(folder, record)
    assert tidy(folder, later(record, 100 * PATIENCE)) == 0
    assert counts(folder) == {"media": 1, "uploads": 1, "live": 1, "work": 2}
    assert [state.unowned for state in states(folder, record)] == [{}, {}, {}, {}]


def test_what_nobody_knows_is_noted_and_goes_after_a_week(
    folder: DataFolder, record: Record
) -> None:
    begun(folder, record)
    folder.media().write([b"a video whose row never came"], media_id="stray")
    for name in ("uploads", "live"):
        (folder.path / name / "stray").mkdir()
    folder.work().place("stray")
    assert tidy(folder, record) == 0
    assert [set(state.unowned) for state in states(folder, record)] == [{"stray"}] * 4
    assert tidy(folder, later(record, PATIENCE - timedelta(hours=1))) == 0
    assert tidy(folder, later(record, PATIENCE + timedelta(hours=1))) == 4
    assert counts(folder) == {"media": 1, "uploads": 1, "live": 1, "work": 2}
    assert tidy(folder, record) == 0
    assert not (folder.path / "unowned.json").exists()


def test_a_file_whose_row_came_in_time_stays(folder: DataFolder, record: Record) -> None:
    folder.media().write([b"a video"], media_id="early")
    assert tidy(folder, record) == 0
    with record.writing(by=SYSTEM) as session:
        row = Media(id="early", patient_id=None, kind="video", name="v")
        row.size_bytes, row.sha256, row.created_at = 7, "0" * 64, datetime.now(UTC)
        session.add(row)
    assert tidy(folder, later(record, 2 * PATIENCE)) == 0
    assert "early" in folder.media().ids()


def test_what_is_being_written_is_left_alone(folder: DataFolder, record: Record) -> None:
    (folder.path / "uploads" / "coming").mkdir(parents=True)
    assert tidy(folder, record, {"coming"}) == 0
    assert tidy(folder, later(record, 2 * PATIENCE), {"coming"}) == 0
    assert (folder.path / "uploads" / "coming").exists()


def test_what_a_row_says_is_gone_goes_at_once(folder: DataFolder, record: Record) -> None:
    """An erasure, a discarding or an upload's end that was interrupted is seen through."""
    person, recording_id = begun(folder, record)
    with record.writing(by=SYSTEM) as session:
        change(session, session.get_one(Media, person.media_id), erased_at=datetime.now(UTC))
        change(session, session.get_one(Upload, person.upload_id), state="done")
        change(session, session.get_one(Job, person.job_id), state="done")
        void(session, session.get_one(Recording, recording_id), "a wrong click")
    assert tidy(folder, record) == 5
    assert counts(folder) == {"media": 0, "uploads": 0, "live": 0, "work": 0}
    assert person.media_id not in folder.media().ids()


def test_erasing_reaches_every_place(folder: DataFolder, record: Record) -> None:
    begun(folder, record)
    folder.work().place(fill(folder, record, "B-2").job_id)
    report = erase_patient(folder, record, "A-1", "asked for in writing")
    assert report.removed == {"media": 1, "uploads": 1, "live": 1, "work": 2}
    assert counts(folder) == {"media": 1, "uploads": 0, "live": 0, "work": 1}
