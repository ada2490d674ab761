"""The end of the audit trail, noted outside the database: cut, written anew, forged, restored."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from facewire.clinic.trail_watch import TrailWatch
from facewire.errors import UnavailableError
from facewire.record.audit import Head, head, note
from facewire.record.backup import write_backup
from facewire.record.folder import TRAIL_END_NAME, DataFolder
from facewire.record.restore import Opener, restore_backup
from facewire.record.store import Record
from facewire.record.trail_end import check_trail, note_end, noted_at
from unit.record.made_folder import PASSPHRASE, fill, make_folder
from unit.record.test_audit import without_triggers


@pytest.fixture(params=[None, PASSPHRASE], ids=["plain", "encrypted"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> DataFolder:
    return make_folder(tmp_path / "data", request.param)


@pytest.fixture
def record(folder: DataFolder) -> Iterator[Record]:
    made = Record.open(folder.engine())
    fill(folder, made, "A-1")
    yield made
    made.close()


def end_of(record: Record) -> Head:
    with record.reading() as session:
        return head(session)


def cut(record: Record, rows: int) -> None:
    """Take rows off the end, as somebody with the database's own tools could."""
    with without_triggers(record.engine), record.engine.begin() as connection:
        connection.execute(
            text("DELETE FROM audit WHERE number > :last"), {"last": end_of(record).number - rows}
        )


def test_a_trail_that_goes_on_is_whole(folder: DataFolder, record: Record) -> None:
    assert check_trail(folder, record) == ()
    assert note_end(folder, record) == end_of(record)
    with record.writing() as session:
        note(session, "saw", "timeline")
    assert check_trail(folder, record) == ()


def test_a_cut_end_is_found_though_the_chain_is_whole(folder: DataFolder, record: Record) -> None:
    noted = note_end(folder, record)
    cut(record, 2)
    assert [fault.number for fault in check_trail(folder, record)] == [noted.number]


def test_whoever_has_no_key_cannot_note_another_end(folder: DataFolder, record: Record) -> None:
    note_end(folder, record)
    cut(record, 2)
    path = folder.path / TRAIL_END_NAME
    end = end_of(record)
    found = json.loads(path.read_bytes()) | {"number": end.number, "sha256": end.sha256}
    path.write_text(json.dumps(found))
    faults = check_trail(folder, record)
    # Without a passphrase there is no key: whoever writes into the folder writes this file too.
    assert bool(faults) == folder.encrypted


@pytest.mark.parametrize("content", ["", "[]", '{"number": 1}', '{"number": -1, "sha256": "x"}'])
def test_a_file_that_is_no_end_is_told(folder: DataFolder, record: Record, content: str) -> None:
    (folder.path / TRAIL_END_NAME).write_text(content)
    assert [fault.number for fault in check_trail(folder, record)] == [0]


@pytest.mark.slow
def test_the_app_looks_as_it_starts_and_keeps_the_end_that_does_not_fit(
    folder: DataFolder, record: Record
) -> None:
    first = TrailWatch(folder, record)
    assert first.faults is None
    first.start()
    first.stop()
    assert first.faults == ()
    noted = (folder.path / TRAIL_END_NAME).read_bytes()
    cut(record, 1)
    again = TrailWatch(folder, record)
    again.start()
    again.stop()
    assert again.faults
    assert (folder.path / TRAIL_END_NAME).read_bytes() == noted


@pytest.mark.slow
def test_a_restored_trail_is_looked_through(
    folder: DataFolder, record: Record, tmp_path: Path
) -> None:
    opener = Opener(PASSPHRASE if folder.encrypted else None)
    note_end(folder, record)
    write_backup(folder, tmp_path / "whole.fwbackup")
    assert restore_backup(tmp_path / "whole.fwbackup", tmp_path / "one", opener).faults == ()
    assert (tmp_path / "one" / TRAIL_END_NAME).exists()
    number = end_of(record).number
    cut(record, 1)
    write_backup(folder, tmp_path / "cut.fwbackup")
    found = restore_backup(tmp_path / "cut.fwbackup", tmp_path / "two", opener).faults
    assert [fault.number for fault in found] == [number]


def test_an_end_is_never_moved_back(folder: DataFolder, record: Record) -> None:
    """Rows that are cut off while the app runs stay found: stopping does not note what is left."""
    watch = TrailWatch(folder, record)
    watch.start()
    with record.writing() as session:
        note(session, "saw", "timeline")
    watch.stop()
    noted = (folder.path / TRAIL_END_NAME).read_bytes()
    again = TrailWatch(folder, record)
    again._look()
    cut(record, 3)
    again.stop()
    assert (folder.path / TRAIL_END_NAME).read_bytes() == noted
    assert note_end(folder, record) is None
    assert check_trail(folder, record)


def test_a_look_that_fails_is_no_whole_trail(folder: DataFolder, record: Record) -> None:
    def broken(*_: object) -> None:
        raise UnavailableError("The record does not answer")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("facewire.clinic.trail_watch.check_trail", broken)
        watch = TrailWatch(folder, record)
        watch.start()
        watch.stop()
    assert (watch.faults, watch.problem) == (None, "The record does not answer")
    assert not (folder.path / TRAIL_END_NAME).exists()


def test_a_long_look_does_not_hold_the_app_up(folder: DataFolder, record: Record) -> None:
    go_on = threading.Event()

    def long(*_: object) -> tuple[()]:
        go_on.wait(30)
        return ()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("facewire.clinic.trail_watch.check_trail", long)
        patch.setattr("facewire.clinic.trail_watch.WAIT_S", 0.05)
        watch = TrailWatch(folder, record)
        watch.start()
        watch.stop()
        assert watch.faults is None
        assert not (folder.path / TRAIL_END_NAME).exists()
        go_on.set()
        assert watch._thread is not None
        watch._thread.join(10)


def test_it_is_known_since_when_an_end_was_noted(folder: DataFolder, record: Record) -> None:
    assert noted_at(folder) is None
    note_end(folder, record)
    found = noted_at(folder)
    assert found is not None
    assert abs((datetime.now(UTC) - found).total_seconds()) < 60
    (folder.path / TRAIL_END_NAME).write_text("{}")
    assert noted_at(folder) is None
