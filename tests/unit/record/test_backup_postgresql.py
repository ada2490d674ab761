"""Backup, restore and erasure of a record on PostgreSQL, whose identifying columns are sealed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from databases import PostgresServer
from facewire.errors import StorageError, UsageError
from facewire.record import audit
from facewire.record.backup import write_backup
from facewire.record.erase import erase_patient
from facewire.record.folder import DataFolder, create_data, encrypt_data, open_data
from facewire.record.restore import Opener, restore_backup
from facewire.record.rows import Base
from facewire.record.store import Record
from facewire.record.vault import create_vault, write_vault
from unit.record.made_folder import NAME, PASSPHRASE, VIDEO, all_rows, files_with, fill


@pytest.fixture
def new_url(postgresql: PostgresServer) -> Iterator[str]:
    name = postgresql.create()
    yield postgresql.url(name)
    postgresql.drop(name)


def name_database(path: Path, url: str) -> Path:
    path.mkdir()
    (path / "settings.toml").write_text(f'[record]\nurl = "{url}"\n')
    return path


@pytest.fixture(params=[None, PASSPHRASE], ids=["plain", "encrypted"])
def passphrase(request: pytest.FixtureRequest) -> str | None:
    found: str | None = request.param
    return found


@pytest.fixture
def folder(
    tmp_path: Path, postgresql: PostgresServer, migrated_postgresql: str, passphrase: str | None
) -> Iterator[DataFolder]:
    path = name_database(tmp_path / "data", postgresql.url(migrated_postgresql))
    if passphrase is not None:
        write_vault(path, create_vault(passphrase)[0])
    made = open_data(path, passphrase)
    record = Record.open(made.engine())
    fill(made, record, "A-1")
    fill(made, record, "B-2")
    record.close()
    yield made
    postgresql.empty(migrated_postgresql, Base.metadata.tables)


def raw_text(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = [table.name for table in Base.metadata.sorted_tables]
        found = [connection.execute(text(f"SELECT * FROM {name}")).all() for name in tables]
    engine.dispose()
    return str(found)


@pytest.mark.slow
def test_the_server_sees_no_name(folder: DataFolder) -> None:
    assert (NAME in raw_text(folder.url)) is not folder.encrypted


@pytest.mark.slow
def test_rows_and_media_come_back_in_another_database(
    tmp_path: Path, folder: DataFolder, passphrase: str | None, new_url: str
) -> None:
    report = write_backup(folder, tmp_path / "one")
    if folder.encrypted:
        assert files_with(tmp_path, NAME.encode(), VIDEO[:32]) == []
    restored = restore_backup(report.path, tmp_path / "new", Opener(passphrase), url=new_url)
    assert restored.rows > 20
    again = open_data(tmp_path / "new", passphrase)
    assert again.url == new_url
    assert folder.url in (tmp_path / "new" / "settings-of-backup.toml").read_text()
    old, new = Record.open(folder.engine()), Record.open(again.engine())
    assert all_rows(new) == all_rows(old)
    with new.reading() as session:
        assert audit.check_chain(session) == ()
    assert list(again.media().ids()) == list(folder.media().ids())
    fill(again, new, "C-3")
    old.close()
    new.close()


@pytest.mark.slow
def test_a_database_with_a_record_is_not_restored_into(
    tmp_path: Path, folder: DataFolder, passphrase: str | None
) -> None:
    write_backup(folder, tmp_path / "one")
    with pytest.raises(StorageError, match="holds a record already"):
        restore_backup(tmp_path / "one", tmp_path / "new", Opener(passphrase), url=folder.url)
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_an_address_is_needed(tmp_path: Path, folder: DataFolder, passphrase: str | None) -> None:
    write_backup(folder, tmp_path / "one")
    with pytest.raises(UsageError, match="--url with a backup of a PostgreSQL record"):
        restore_backup(tmp_path / "one", tmp_path / "new", Opener(passphrase))


@pytest.mark.slow
def test_a_patient_is_erased(folder: DataFolder) -> None:
    record = Record.open(folder.engine())
    assert erase_patient(folder, record, "A-1", "asked for in writing").rows == 16
    with record.reading() as session:
        assert audit.check_chain(session) == ()
    assert len(all_rows(record)["patients"]) == 1
    record.close()


@pytest.mark.slow
def test_a_passphrase_is_set_before_the_first_use(
    tmp_path: Path, folder: DataFolder, new_url: str
) -> None:
    assert create_data(name_database(tmp_path / "new", new_url), PASSPHRASE)[0].encrypted
    other = name_database(tmp_path / "late", folder.url)
    for late in (create_data, encrypt_data):
        with pytest.raises(UsageError, match=r"holds data|before its first use"):
            late(other, PASSPHRASE)
