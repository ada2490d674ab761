from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from facewire.errors import StorageError, UsageError, VaultError
from facewire.record.engine import BEGIN, connect_sqlite, copy_encrypted, open_engine, sqlite_file

KEY = bytes(range(32))
PLANTED = "Ottilie Zwirbelmann"


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'record.sqlite'}"


def plant(folder: Path, key: bytes | None = None) -> None:
    engine = open_engine(url_of(folder), key)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT)"))
        connection.execute(text("INSERT INTO names (name) VALUES (:name)"), {"name": PLANTED})
    engine.dispose()


def read(folder: Path, key: bytes | None = None) -> str:
    engine = open_engine(url_of(folder), key)
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT name FROM names"))
    engine.dispose()
    return str(found)


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_what_is_stored_is_found_again(tmp_path: Path, key: bytes | None) -> None:
    plant(tmp_path, key)
    assert read(tmp_path, key) == PLANTED


def test_no_file_holds_a_name_while_it_is_written_and_after(tmp_path: Path) -> None:
    engine = open_engine(url_of(tmp_path), KEY)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE names (name TEXT)"))
    writer = engine.connect()
    writer.execute(text("INSERT INTO names VALUES (:name)"), {"name": PLANTED})
    writer.commit()
    files = list(tmp_path.iterdir())
    assert {file.suffix for file in files} >= {".sqlite", ".sqlite-wal"}
    assert not any(PLANTED.encode() in file.read_bytes() for file in files)
    writer.close()
    engine.dispose()


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_only_the_owner_can_read_the_files(tmp_path: Path, key: bytes | None) -> None:
    engine = open_engine(url_of(tmp_path), key)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE names (name TEXT)"))
        assert {stat.S_IMODE(f.stat().st_mode) for f in tmp_path.iterdir()} == {0o600}
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 10_000), ("temp_store", 2)],
)
@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_every_connection_is_set_up(
    tmp_path: Path, key: bytes | None, pragma: str, value: object
) -> None:
    engine = open_engine(url_of(tmp_path), key)
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    engine.dispose()


def test_another_key_is_refused_without_a_word_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plant(tmp_path, KEY)
    with pytest.raises(VaultError, match=r"cannot be decrypted\. Expected: the key with which"):
        open_engine(url_of(tmp_path), bytes(32))
    assert capfd.readouterr().err == ""


def test_an_encrypted_record_needs_its_key(tmp_path: Path) -> None:
    plant(tmp_path, KEY)
    with pytest.raises(VaultError, match="What to do: give the passphrase"):
        open_engine(url_of(tmp_path))


def test_a_plain_record_is_not_opened_with_a_key(tmp_path: Path) -> None:
    plant(tmp_path)
    with pytest.raises(VaultError, match=r"is not encrypted.*facewire vault create"):
        open_engine(url_of(tmp_path), KEY)


def test_a_key_has_32_bytes(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match=r"Expected: 32 bytes\. Found: 5 bytes"):
        open_engine(url_of(tmp_path), b"short")


@pytest.mark.parametrize("url", ["mysql://there/name", "postgresql://there/name"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"not supported.*postgresql\+psycopg"):
        open_engine(url)


def test_words_that_are_no_address_are_refused() -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        open_engine("the cupboard")


def test_a_password_is_never_part_of_a_message() -> None:
    with pytest.raises(StorageError, match="does not answer") as caught:
        open_engine("postgresql+psycopg://anna:s3cr3t@127.0.0.1:1/none?connect_timeout=2")
    assert "s3cr3t" not in str(caught.value)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="check that the data folder exists"):
        open_engine(url_of(tmp_path / "nowhere"))


def test_a_locked_record_is_said(tmp_path: Path) -> None:
    plant(tmp_path)
    other = sqlite3.connect(tmp_path / "record.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    engine = open_engine(url_of(tmp_path))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 20")
    writer = engine.execution_options(**{BEGIN: "IMMEDIATE"})
    with pytest.raises(StorageError, match="another program holds the record"), writer.begin():
        pass
    other.close()
    engine.dispose()


def test_a_mistake_in_a_statement_stays_what_it_is(tmp_path: Path) -> None:
    plant(tmp_path)
    engine = open_engine(url_of(tmp_path))
    with pytest.raises(IntegrityError, match="UNIQUE"), engine.begin() as connection:
        connection.execute(text("INSERT INTO names VALUES (1, 'again')"))
    engine.dispose()


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    plant(tmp_path)
    engine = open_engine(url_of(tmp_path))
    with engine.execution_options(**{BEGIN: "IMMEDIATE"}).begin() as writer:
        writer.execute(text("UPDATE names SET name = 'other'"))
        assert read(tmp_path) == PLANTED
    engine.dispose()


def make_half(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE half (a TEXT)"))
        raise RuntimeError("stop")


def test_tables_made_in_a_failed_transaction_are_gone(tmp_path: Path) -> None:
    engine = open_engine(url_of(tmp_path))
    with pytest.raises(RuntimeError, match="stop"):
        make_half(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_master")) == 0
    engine.dispose()


def test_the_encrypted_copy_has_rows_and_triggers(tmp_path: Path) -> None:
    plant(tmp_path)
    engine = open_engine(url_of(tmp_path))
    with engine.begin() as connection:
        refuse = "BEGIN SELECT RAISE(ABORT, 'kept'); END"
        connection.execute(text(f"CREATE TRIGGER keep BEFORE DELETE ON names {refuse}"))
    engine.dispose()
    copy_encrypted(tmp_path / "record.sqlite", tmp_path / "copy.sqlite", KEY)
    copied = connect_sqlite(str(tmp_path / "copy.sqlite"), KEY)
    assert copied.execute("SELECT name FROM names").fetchall() == [(PLANTED,)]
    with pytest.raises(Exception, match="kept"):
        copied.execute("DELETE FROM names")
    copied.close()
    assert PLANTED.encode() not in (tmp_path / "copy.sqlite").read_bytes()


def test_the_file_of_an_engine(tmp_path: Path) -> None:
    assert sqlite_file(open_engine(url_of(tmp_path))) == tmp_path / "record.sqlite"
    assert sqlite_file(open_engine("sqlite://")) is None
