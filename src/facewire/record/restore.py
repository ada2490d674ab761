"""Restoring a backup: into a new folder only, checked by hashes, all of it or nothing."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy.exc import SQLAlchemyError

from facewire.errors import StorageError, UsageError, VaultError
from facewire.files import (
    private_folder,
    read_failure,
    storing,
    sync_folder,
    write_whole,
)
from facewire.record.audit import Fault
from facewire.record.backup import MAGIC, MANIFEST_NAME, ROWS_NAME, STREAM_NAME, import_rows
from facewire.record.engine import open_engine
from facewire.record.erase import erase_again, erased_in, note_erased
from facewire.record.folder import (
    BACKUPS_NAME,
    ERASED_NAME,
    RECORD_NAME,
    SETTINGS_NAME,
    TRAIL_END_NAME,
    DataFolder,
    record_url,
)
from facewire.record.sealing import CHUNK_BYTES, open_stream
from facewire.record.store import Record
from facewire.record.trail_end import check_trail
from facewire.record.vault import (
    Keys,
    Vault,
    open_vault,
    open_with_recovery,
    read_vault,
    write_vault,
)

KEPT_SETTINGS_NAME = "settings-of-backup.toml"
_MEMBER = re.compile(
    rf"{re.escape(RECORD_NAME)}|{re.escape(ROWS_NAME)}|{re.escape(SETTINGS_NAME)}"
    rf"|{re.escape(ERASED_NAME)}|{re.escape(TRAIL_END_NAME)}"
    r"|media/([0-9a-z_-]{2})/\1[0-9a-z_-]{1,62}"
)
_LONGEST_HEADER = 1 << 16


@dataclass(frozen=True)
class Opener:
    """What opens an encrypted backup: its passphrase, or the recovery key; neither for a plain one.

    Raises
    ------
    UsageError
        Both are given.
    """

    passphrase: str | None = None
    recovery_key: str | None = None

    def __post_init__(self) -> None:
        """Refuse to choose between two."""
        if self.passphrase is not None and self.recovery_key is not None:
            raise UsageError("Give the passphrase or the recovery key, not both")

    def open(self, vault: Vault | None) -> Keys | None:
        """Return the keys; ``None`` for a backup that is not encrypted."""
        if vault is None:
            return None
        if self.recovery_key is not None:
            return open_with_recovery(vault, self.recovery_key)
        if self.passphrase is None:
            raise VaultError(
                "The backup is encrypted",
                expected="the passphrase of the day it was made, or the recovery key",
                found="none",
            )
        return open_vault(vault, self.passphrase)


@dataclass(frozen=True)
class RestoreReport:
    """What was restored.

    Parameters
    ----------
    path : Path
    files : int
    rows : int
        Where the record is on PostgreSQL.
    encrypted : bool
    erased : int or None
        Patients of the backup who were erased since, and are erased here too. None where no list
        says who: then nobody knows whether somebody came back.
    faults : tuple of Fault
        Where the audit trail of the backup was changed before the backup was made.
    """

    path: Path
    files: int
    rows: int = 0
    encrypted: bool = False
    erased: int | None = None
    faults: tuple[Fault, ...] = ()


def restore_backup(
    file: Path,
    target: Path,
    opener: Opener = Opener(),
    *,
    url: str | None = None,
    erased: Path | None = None,
) -> RestoreReport:
    """Restore a backup into an empty folder.

    Parameters
    ----------
    file : Path
        Of `write_backup`.
    target : Path
        A folder that is empty or not there.
    opener : Opener
    url : str, optional
        The empty PostgreSQL database for a record that was on PostgreSQL.
    erased : Path, optional
        A list of who was erased. The lists beside the backup, and in the data folder whose
        ``backups/`` it lies in, are always followed.

    Raises
    ------
    UsageError
        The target is not empty, the file is no backup, or the database is missing or too many.
    VaultError
        The passphrase is missing or wrong, or the backup was altered or cut off.
    StorageError
        What was read is not what the backup's list says; no room.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"{target} cannot be restored into", expected="an empty folder", found="a filled one"
        )
    staging = target.with_name(f".{target.name}-restoring")
    shutil.rmtree(staging, ignore_errors=True)
    private_folder(staging)
    try:
        with storing(target):
            report = _restore(file, staging, opener, url)
            report = replace(report, faults=_faults(staging, opener))
            report = replace(report, erased=_erase_again(staging, opener, _lists(file, erased)))
            staging.replace(target)
            sync_folder(target.parent)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return replace(report, path=target)


def _faults(staging: Path, opener: Opener) -> tuple[Fault, ...]:
    """Go through the trail that came back, before anything is added to it."""
    folder = DataFolder(staging, record_url(staging), opener.open(read_vault(staging)))
    record = Record.open(folder.engine())
    try:
        return check_trail(folder, record)
    finally:
        record.close()


def _lists(file: Path, named: Path | None) -> list[Path]:
    """Return the lists of who was erased that are there."""
    if named is not None and not named.is_file():
        raise UsageError(f"There is no file {named}", expected="a list of who was erased")
    places = {file.parent / ERASED_NAME}
    if file.parent.name == BACKUPS_NAME:
        places.add(file.parent.parent / ERASED_NAME)
    if named is not None:
        places.add(named)
    return sorted(place for place in places if place.exists())


def _erase_again(staging: Path, opener: Opener, lists: list[Path]) -> int | None:
    """Nobody who was erased comes back with a backup that is older."""
    patient_ids = tuple(one for place in lists for one in erased_in(place))
    if not patient_ids:
        return 0 if lists else None
    folder = DataFolder(staging, record_url(staging), opener.open(read_vault(staging)))
    record = Record.open(folder.engine())
    try:
        count = erase_again(folder, record, patient_ids)
    finally:
        record.close()
    note_erased(staging, patient_ids)
    return count


def _restore(file: Path, staging: Path, opener: Opener, url: str | None) -> RestoreReport:
    with _opened(file) as source:
        vault = _read_header(source, file)
        keys = opener.open(vault)
        pieces = iter(lambda: source.read(CHUNK_BYTES), b"")
        if keys is not None:
            pieces = open_stream(pieces, keys.backups, STREAM_NAME)
        files = _extract(cast("BinaryIO", _Pieces(pieces)), staging)
    if vault is not None:
        write_vault(staging, vault)
    _keep_settings(staging, url)
    rows = _restore_record(staging, keys, url)
    return RestoreReport(staging, files, rows, encrypted=keys is not None)


def _read_header(source: BinaryIO, file: Path) -> Vault | None:
    no_backup = UsageError(
        f"{file.name} is no backup of facewire",
        expected="a file written by `facewire backup`",
        found="another file, or a broken one",
    )
    if source.read(len(MAGIC)) != MAGIC:
        raise no_backup
    try:
        vault = json.loads(source.readline(_LONGEST_HEADER))["vault"]
    except (ValueError, KeyError, TypeError) as error:
        raise no_backup from error
    return None if vault is None else Vault.from_document(vault)


class _Pieces:
    """A file to read over pieces of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._waiting = pieces, bytearray()

    def read(self, size: int) -> bytes:
        while len(self._waiting) < size and (piece := next(self._pieces, b"")):
            self._waiting += piece
        found = bytes(self._waiting[:size])
        del self._waiting[:size]
        return found


def _extract(source: BinaryIO, staging: Path) -> int:
    """Write all members, then compare them with the list; return how many."""
    found, listed = dict[str, str](), None
    try:
        with tarfile.open(fileobj=source, mode="r|") as tar:
            for entry in tar:
                content = _content(tar, entry)
                if entry.name == MANIFEST_NAME:
                    listed = json.loads(content.read())["sha256"]
                else:
                    found[entry.name] = _write_member(staging, entry.name, content)
        while source.read(CHUNK_BYTES):
            pass
    except (tarfile.TarError, ValueError, KeyError, EOFError) as error:
        raise _damaged("an archive that cannot be read to its end") from error
    if listed is None or listed != found:
        raise _damaged("files that are missing, too many or altered")
    return len(found)


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> BinaryIO:
    wanted = entry.isreg() and (entry.name == MANIFEST_NAME or _MEMBER.fullmatch(entry.name))
    content = tar.extractfile(entry) if wanted else None
    if content is None:
        raise _damaged(f"a member that does not belong there: {entry.name!r}")
    return cast("BinaryIO", content)


def _write_member(staging: Path, name: str, content: BinaryIO) -> str:
    digest = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        while piece := content.read(CHUNK_BYTES):
            digest.update(piece)
            yield piece

    path = staging / name
    private_folder(path.parent)
    write_whole(path, pieces(), private=True)
    return digest.hexdigest()


def _damaged(found: str) -> StorageError:
    return StorageError(
        "The backup is damaged; nothing was restored",
        expected="every file of the backup's own list",
        found=found,
        do="take another backup",
    )


def _keep_settings(staging: Path, url: str | None) -> None:
    """Never let a restored folder point at the database of the folder it was copied from."""
    settings = staging / SETTINGS_NAME
    if settings.exists() and not record_url(staging).startswith("sqlite:"):
        settings.rename(staging / KEPT_SETTINGS_NAME)
    if url is not None:
        write_whole(settings, [f"[record]\nurl = {json.dumps(url)}\n".encode()], private=True)


def _restore_record(staging: Path, keys: Keys | None, url: str | None) -> int:
    rows = staging / ROWS_NAME
    if rows.exists() != (url is not None):
        raise UsageError(
            "The backup and --url do not fit together",
            expected="--url with a backup of a PostgreSQL record, and only with one",
            found="a PostgreSQL record" if rows.exists() else "a SQLite record",
        )
    key = None if keys is None else keys.database
    if url is None:
        _check_sqlite(staging / RECORD_NAME, key)
        return 0
    engine = open_engine(url, key)
    try:
        with _opened(rows) as file:
            return import_rows(engine, _lines(file, keys))
    except SQLAlchemyError as error:
        raise StorageError("The rows cannot be restored", found=type(error).__name__) from error
    finally:
        engine.dispose()
        rows.unlink()


def _lines(file: BinaryIO, keys: Keys | None) -> Iterator[bytes]:
    if keys is None:
        yield from file
        return
    waiting = b""
    for piece in open_stream(iter(lambda: file.read(CHUNK_BYTES), b""), keys.backups, ROWS_NAME):
        *lines, waiting = (waiting + piece).split(b"\n")
        yield from lines


def _check_sqlite(path: Path, key: bytes | None) -> None:
    if not path.exists():
        raise _damaged("no record")
    engine = open_engine(f"sqlite:///{path}", key)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check").scalar()
    finally:
        engine.dispose()
    if found != "ok":
        raise _damaged(f"a record that is broken inside: {found}")


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise read_failure(path, error) from error
