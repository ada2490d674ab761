from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from facewire.errors import NotFoundError, UsageError
from facewire.record import audit
from facewire.record.audit import Actor
from facewire.record.backup import write_backup
from facewire.record.erase import erase_patient
from facewire.record.folder import DataFolder
from facewire.record.store import Record, correct
from facewire.record.tables import AuditRow, Patient, Recording
from unit.record.made_folder import NAME, PASSPHRASE, VIDEO, all_rows, files_with, fill, make_folder

OTHER = "Quastenflosser"
ADMINISTRATOR = Actor("administrator", "administrator")


@pytest.fixture(params=[None, PASSPHRASE], ids=["plain", "encrypted"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> DataFolder:
    return make_folder(tmp_path / "data", request.param)


@pytest.fixture
def record(folder: DataFolder) -> Iterator[Record]:
    opened = Record.open(folder.engine())
    yield opened
    opened.close()


def test_everything_of_the_patient_goes_and_nothing_of_another(
    folder: DataFolder, record: Record
) -> None:
    kept = fill(folder, record, "B-2", OTHER)
    before = all_rows(record)
    gone = fill(folder, record, "A-1")
    report = erase_patient(folder, record, "A-1", "asked for in writing")
    after = all_rows(record)
    assert {name: rows for name, rows in after.items() if name != "audit"} == {
        name: rows for name, rows in before.items() if name != "audit"
    }
    assert (report.rows, report.files) == (16, 1)
    assert list(folder.media().ids()) == [kept.media_id]
    assert gone.patient_id == report.patient_id


def test_no_file_holds_the_erased_name(folder: DataFolder, record: Record) -> None:
    fill(folder, record, "B-2", OTHER)
    fill(folder, record, "A-1")
    erase_patient(folder, record, "A-1", "asked for in writing")
    assert files_with(folder.path, NAME.encode(), b"A-1-account") == []
    record.close()
    assert files_with(folder.path, NAME.encode()) == []
    assert bool(files_with(folder.path, OTHER.encode())) is not folder.encrypted


def test_the_trail_keeps_that_it_happened(folder: DataFolder, record: Record) -> None:
    gone = fill(folder, record, "A-1")
    erase_patient(folder, record, "A-1", "asked for in writing")
    with record.reading() as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
        assert audit.check_chain(session) == ()
    assert last is not None
    assert (last.action, last.patient_id, last.account_id) == (
        "erased",
        gone.patient_id,
        None,
    )
    assert last.details == {"reason": "asked for in writing", "rows": 16, "files": 1}


def test_parts_of_uploads_and_working_files_go_too(folder: DataFolder, record: Record) -> None:
    gone = fill(folder, record, "A-1")
    parts = folder.path / "uploads" / gone.upload_id
    parts.mkdir(parents=True)
    work = folder.work().place(gone.job_id)
    erase_patient(folder, record, "A-1", "asked for in writing")
    assert not parts.exists()
    assert not work.exists()


def test_pictures_of_an_unfinished_session_go_too(folder: DataFolder, record: Record) -> None:
    fill(folder, record, "A-1")
    with record.reading() as session:
        recording_id = session.scalars(select(Recording.id)).one()
    pictures = folder.path / "live" / recording_id
    pictures.mkdir(parents=True)
    (pictures / "pictures").write_bytes(b"jpeg")
    work = folder.work().place(f"live-{recording_id}")
    erase_patient(folder, record, "A-1", "asked for in writing")
    assert not pictures.exists()
    assert not work.exists()


def test_an_interrupted_erasure_is_completed_by_the_same_command(
    folder: DataFolder, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder, record, "A-1")

    def stop(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("facewire.record.erase._delete_rows", stop)
        with pytest.raises(KeyboardInterrupt):
            erase_patient(folder, record, "A-1", "asked for in writing")
    assert erase_patient(folder, record, "A-1", "asked for in writing").rows == 16
    assert all_rows(record)["patients"] == []


def test_backups_that_may_hold_the_patient_are_named(folder: DataFolder, record: Record) -> None:
    fill(folder, record, "A-1")
    copy = write_backup(folder, folder.backups() / "monday.fwbackup").path
    assert erase_patient(folder, record, "A-1", "asked for in writing").backups == (copy,)


@pytest.mark.slow
def test_earlier_codes_go_too_and_are_nobodys(folder: DataFolder, record: Record) -> None:
    gone = fill(folder, record, "A-1")
    for code in ("A-2", "A-3"):
        with record.writing(by=ADMINISTRATOR) as session:
            correct(session, session.get_one(Patient, gone.patient_id), code=code)
    with pytest.raises(NotFoundError, match="No patient has this code"):
        erase_patient(folder, record, "A-1", "asked for in writing")
    assert erase_patient(folder, record, "A-3", "asked for in writing").rows == 18
    assert all_rows(record)["patients"] == []


def test_a_reason_is_needed(folder: DataFolder, record: Record) -> None:
    fill(folder, record, "A-1")
    with pytest.raises(UsageError, match="needs a reason"):
        erase_patient(folder, record, "A-1", "  ")


def test_an_unknown_code_is_said(folder: DataFolder, record: Record) -> None:
    with pytest.raises(NotFoundError, match=r"No patient has this code\. Found: A-9"):
        erase_patient(folder, record, "A-9", "asked for in writing")


def test_other_patients_bytes_are_still_there(folder: DataFolder, record: Record) -> None:
    kept = fill(folder, record, "B-2", OTHER)
    fill(folder, record, "A-1")
    erase_patient(folder, record, "A-1", "asked for in writing")
    assert b"".join(folder.media().read(kept.media_id)) == VIDEO
