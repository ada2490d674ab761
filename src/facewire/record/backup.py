"""Backups: record, media, vault and settings in one file, made while the app runs.

The file starts with two lines in the clear (what it is; version, time and the vault), then a tar
archive, as an encrypted stream when the folder is encrypted. Its last member lists every other one
with its SHA-256; without that list, or with another list, nothing is restored. Uploads on their way
and working files are left out.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from sqlalchemy import JSON, Connection, Engine, MetaData, Table, insert, inspect, select, text

from facewire.errors import OutputExistsError, StorageError, UsageError
from facewire.files import PART, new_private_file, read_failure, sweep_parts, whole_file
from facewire.record.engine import connect_sqlite, sqlite_file
from facewire.record.folder import (
    ERASED_NAME,
    RECORD_NAME,
    SETTINGS_NAME,
    TRAIL_END_NAME,
    DataFolder,
)
from facewire.record.migrations import bring_up_to_date, revision_of
from facewire.record.sealing import SealedWriter, seal_stream
from facewire.record.vault import read_vault
from facewire.version import facewire_version

_LEDGER = "alembic_version"
_ROWS_AT_ONCE = 500


def export_rows(engine: Engine) -> Iterator[bytes]:
    """Yield every row of one moment, a line each; the first line is the revision.

    Parameters
    ----------
    engine : Engine
        Of PostgreSQL; others go on writing meanwhile.
    """
    still = engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True, stream_results=True
    )
    with still.begin() as connection:
        yield _line({"revision": revision_of(connection)})
        for table in _tables(connection):
            # The audit trail takes its rows in their order only.
            query = select(table).order_by(*table.primary_key.columns)
            for row in connection.execute(query).yield_per(_ROWS_AT_ONCE):
                yield _line({"table": table.name, "row": _untyped(table, row._mapping)})


def import_rows(engine: Engine, lines: Iterable[bytes]) -> int:
    """Put exported rows into an empty PostgreSQL database, all or none; return how many.

    Raises
    ------
    StorageError
        The database holds a record already, or the lines are none of ours.
    """
    source = iter(lines)
    revision = _read(next(source, b"{}")).get("revision")
    with engine.connect() as connection:
        if revision_of(connection) is not None:
            raise StorageError(
                "The database holds a record already",
                expected="an empty database",
                do="make a new database and name it with --url",
            )
    bring_up_to_date(engine, to=revision)
    count = 0
    with engine.begin() as connection:
        tables = {table.name: table for table in _tables(connection)}
        for name, rows in _grouped(source):
            values = [_typed(tables[name], row) for row in rows]
            connection.execute(insert(tables[name]), values)
            count += len(rows)
    return count


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _LEDGER]


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _read(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise StorageError("The rows of the backup cannot be read") from error
    return dict(found)


def _untyped(table: Table, row: Any) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in zip(table.columns.keys(), row.values(), strict=True)
    }


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table, name, value) for name, value in row.items()}


def _value(table: Table, name: str, value: Any) -> Any:
    kind = table.columns[name].type
    if value is None or isinstance(kind, JSON):
        return value
    python = kind.python_type
    return python.fromisoformat(value) if python in (date, datetime) else value


def _grouped(lines: Iterator[bytes]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield some rows of one table at a time, in the order in which they were written."""
    name, rows = "", list[dict[str, Any]]()
    for document in map(_read, lines):
        if rows and (document["table"] != name or len(rows) >= _ROWS_AT_ONCE):
            yield name, rows
            rows = []
        name = document["table"]
        rows.append(document["row"])
    if rows:
        yield name, rows


MAGIC = b"FACEWIRE-BACKUP/1\n"
STREAM_NAME = "backup"
ROWS_NAME = "rows.jsonl"
MANIFEST_NAME = "manifest.json"
ENDING = ".fwbackup"


@dataclass(frozen=True)
class BackupReport:
    """What a backup holds.

    ``missing`` are ids of media that the record names and the folder does not have.
    """

    path: Path
    files: int
    size_bytes: int
    missing: tuple[str, ...] = ()


@dataclass
class _Archive:
    """The tar archive being written, and its list."""

    tar: tarfile.TarFile
    sha256: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, path: Path) -> None:
        """Add a file under a name; hash what is stored, not what was there a moment before."""
        try:
            with path.open("rb") as file:
                entry = _entry(name, path.stat().st_size)
                hashing = _Hashing(file)
                self.tar.addfile(entry, cast("BinaryIO", hashing))
        except OSError as error:
            raise read_failure(path, error) from error
        self.sha256[name] = hashing.digest.hexdigest()

    def add_bytes(self, name: str, content: bytes) -> None:
        self.tar.addfile(_entry(name, len(content)), io.BytesIO(content))


class _Hashing:
    """A file that hashes what is read from it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def write_backup(
    folder: DataFolder, out: Path, *, media: bool = True, overwrite: bool = False
) -> BackupReport:
    """Write a backup of a data folder, whole or not at all; the app may be running.

    Parameters
    ----------
    folder : DataFolder
        Opened with its passphrase, when it has one: the backup is then encrypted too and opens
        with that same passphrase or recovery key.
    out : Path
    media : bool
        Whether videos and result files are part of it.
    overwrite : bool
        Replace a file that is there.

    Raises
    ------
    OutputExistsError
        The file is there and may not be overwritten.
    UsageError
        The folder holds no record, or the file's folder is not there.
    StorageError
        No room, or a file that cannot be read.
    """
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent}", do="make it first")
    if out.exists() and not overwrite:
        raise OutputExistsError(f"{out} exists", do="take another name, or --overwrite")
    sweep_parts(out)
    # Read before the record is copied: what is copied later holds the end that was noted earlier.
    end = folder.path / TRAIL_END_NAME
    noted = {TRAIL_END_NAME: end.read_bytes()} if end.exists() else {}
    engine = folder.engine()
    try:
        if not inspect(engine).has_table("audit"):
            raise UsageError(f"The data folder {folder.path.name} holds no record yet")
        with (
            _record_copy(folder, engine, out) as (name, copy),
            whole_file(out, private=True) as file,
        ):
            named = _media_ids(engine) if media else set[str]()
            file.write(MAGIC + _header(folder))
            archive = _write_archive(folder, file, {name: copy}, named, noted)
    finally:
        engine.dispose()
    missing = sorted(named - {Path(name).name for name in archive.sha256})
    return BackupReport(out, len(archive.sha256), out.stat().st_size, tuple(missing))


def backup_before_migration(folder: DataFolder) -> Callable[[Engine, str], None]:
    """Return what copies the record, without media, into ``backups/`` before it is migrated."""

    def copy(_: Engine, revision: str) -> None:
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        write_backup(folder, folder.backups() / f"before-{revision}-{moment}{ENDING}", media=False)

    return copy


def _header(folder: DataFolder) -> bytes:
    vault = read_vault(folder.path)
    header: dict[str, Any] = {
        "software": facewire_version(),
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "vault": None if vault is None else vault.to_document(),
    }
    return json.dumps(header).encode() + b"\n"


@contextmanager
def _record_copy(folder: DataFolder, engine: Engine, out: Path) -> Iterator[tuple[str, Path]]:
    """Give a copy of the record as it was at one moment, beside the output."""
    copy = out.with_name(f".{out.name}-record{PART}")
    name = ROWS_NAME if sqlite_file(engine) is None else RECORD_NAME
    try:
        if name == RECORD_NAME:
            _copy_sqlite(folder, copy)
        else:
            _copy_rows(folder, engine, copy)
        yield name, copy
    finally:
        copy.unlink(missing_ok=True)


def _copy_sqlite(folder: DataFolder, copy: Path) -> None:
    """Copy the record in one reading transaction; encrypted stays encrypted, with the same key."""
    key = None if folder.keys is None else folder.keys.database
    new_private_file(copy)
    connection = connect_sqlite(str(folder.path / RECORD_NAME), key)
    try:
        connection.execute("VACUUM INTO ?", (str(copy),))
    except connection.Error as error:
        raise StorageError("The record cannot be copied", found=str(error)) from error
    finally:
        connection.close()


def _copy_rows(folder: DataFolder, engine: Engine, copy: Path) -> None:
    lines = export_rows(engine)
    if folder.keys is not None:
        lines = seal_stream(lines, folder.keys.backups, ROWS_NAME)
    with whole_file(copy, private=True) as file:
        file.writelines(lines)


def _media_ids(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(text("SELECT id FROM media WHERE erased_at IS NULL")))


def _write_archive(
    folder: DataFolder,
    file: BinaryIO,
    files: dict[str, Path],
    media: set[str],
    texts: dict[str, bytes],
) -> _Archive:
    files = files | _other_files(folder, media)
    sealed = None
    if folder.keys is not None:
        sealed = SealedWriter(file, folder.keys.backups, STREAM_NAME)
    target = cast("BinaryIO", sealed or file)
    with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        archive = _Archive(tar)
        for name, path in files.items():
            archive.add(name, path)
        for name, content in texts.items():
            archive.add_bytes(name, content)
            archive.sha256[name] = hashlib.sha256(content).hexdigest()
        archive.add_bytes(MANIFEST_NAME, json.dumps({"sha256": archive.sha256}).encode())
    if sealed is not None:
        sealed.close()
    return archive


def _other_files(folder: DataFolder, media: set[str]) -> dict[str, Path]:
    found = {}
    for name in (SETTINGS_NAME, ERASED_NAME):
        if (folder.path / name).exists():
            found[name] = folder.path / name
    store = folder.media()
    for media_id in sorted(media):
        path = store.path_of(media_id)
        if path.exists():
            found[f"media/{media_id[:2]}/{media_id}"] = path
    return found


def _entry(name: str, size: int) -> tarfile.TarInfo:
    """Describe a member without owner, rights or time."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry
