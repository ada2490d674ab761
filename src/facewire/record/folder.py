"""The data folder: record, media, uploads, backups and working room, opened together.

======================  ===================================================================
``record.sqlite``       the record, unless settings.toml names a PostgreSQL database
``media/``              videos, tracks, result files
``uploads/``            parts of videos on their way
``backups/``            made before a migration, or by hand
``work/``               working room, emptied at every start
``erased.txt``          random ids of who was erased: restoring a backup brings nobody back
``trail-end.json``     where the audit trail ended as the app started or stopped
``unowned.json``        what no row knows, and since when, until it is removed
``vault.json``          there when a passphrase is set
``settings.toml``       the clinic's settings; ``[record] url = "postgresql+psycopg://..."``
======================  ===================================================================
"""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from facewire.errors import StorageError, UsageError, VaultError
from facewire.files import private_folder, read_failure
from facewire.record.encrypting import finish_sealing, seal_folder
from facewire.record.engine import SQLITE, open_engine
from facewire.record.media import MediaStore
from facewire.record.migrations import revision_of
from facewire.record.vault import FILE_NAME as VAULT_NAME
from facewire.record.vault import (
    Keys,
    create_vault,
    open_vault,
    read_vault,
    write_vault,
)
from facewire.record.work import WorkRoom, open_work

RECORD_NAME, BACKUPS_NAME, ERASED_NAME = "record.sqlite", "backups", "erased.txt"
SETTINGS_NAME, TRAIL_END_NAME = "settings.toml", "trail-end.json"
LOCK_NAME = "in-use"


@dataclass(frozen=True)
class DataFolder:
    """An opened data folder; it may be sent to another process, never to another machine.

    Parameters
    ----------
    path : Path
    url : str
        Address of the record.
    keys : Keys or None
        ``None`` where no passphrase is set.
    """

    path: Path
    url: str
    keys: Keys | None = None

    @property
    def encrypted(self) -> bool:
        """Whether a passphrase protects the folder."""
        return self.keys is not None

    def engine(self) -> Engine:
        """Open the database of the record."""
        return open_engine(self.url, None if self.keys is None else self.keys.database)

    def media(self) -> MediaStore:
        """Open the media folder."""
        return MediaStore(self.path / "media", None if self.keys is None else self.keys.media)

    def backups(self) -> Path:
        """Return the folder of backups."""
        return private_folder(self.path / BACKUPS_NAME)

    def work(self) -> WorkRoom:
        """Open the working room; in memory when a passphrase is set and there is room."""
        return open_work(self.path, encrypted=self.encrypted)


def open_data(path: Path, passphrase: str | None = None) -> DataFolder:
    """Open a data folder; an empty one starts plain, see `create_data` for an encrypted one.

    Parameters
    ----------
    path : Path
        Made when it is not there.
    passphrase : str, optional
        Needed where the folder has a vault.

    Raises
    ------
    VaultError
        The passphrase is missing, wrong, or given for a folder that is not encrypted.
    UsageError
        ``settings.toml`` cannot be used.
    """
    private_folder(path)
    finish_sealing(path)
    vault, url = read_vault(path), record_url(path)
    if vault is None and passphrase is not None:
        raise VaultError(
            f"The data folder {path.name} is not encrypted",
            expected="no passphrase",
            found="a passphrase",
            do="encrypt the folder once with `facewire vault create`",
        )
    if vault is None:
        return DataFolder(path, url)
    if passphrase is None:
        raise VaultError(
            f"The data folder {path.name} is encrypted",
            expected="its passphrase in FACEWIRE_PASSPHRASE or --passphrase-file",
            found="none",
        )
    return DataFolder(path, url, open_vault(vault, passphrase))


def create_data(path: Path, passphrase: str) -> tuple[DataFolder, str]:
    """Make an encrypted data folder of an empty one; return it and the recovery key.

    Raises
    ------
    VaultError
        The passphrase is too short, or the folder has a vault already.
    UsageError
        The folder holds data already.
    """
    private_folder(path)
    _refuse_second_vault(path)
    if not is_new(path):
        raise UsageError(
            f"The data folder {path.name} holds data that are not encrypted",
            expected="an empty folder",
            do="encrypt it with `facewire vault create`",
        )
    vault, keys, recovery = create_vault(passphrase)
    write_vault(path, vault)
    return DataFolder(path, record_url(path), keys), recovery


def encrypt_data(path: Path, passphrase: str) -> str:
    """Set a passphrase for a data folder, new or in use; return the recovery key.

    Only while no server uses the folder.

    Raises
    ------
    VaultError
        The passphrase is too short, or the folder has a vault already.
    UsageError
        The record is on PostgreSQL and holds rows: those cannot be encrypted afterwards.
    """
    private_folder(path)
    finish_sealing(path)
    _refuse_second_vault(path)
    if is_new(path):
        return create_data(path, passphrase)[1]
    if not record_url(path).startswith(SQLITE):
        raise UsageError(
            "A record on PostgreSQL gets its passphrase before its first use",
            expected="an empty database",
            found="a record",
        )
    return seal_folder(path, passphrase)


def is_new(path: Path) -> bool:
    """Whether a data folder holds no vault, no record and no media yet."""
    media = path / "media"
    return not ((path / VAULT_NAME).exists() or any(media.glob("??/*")) or _has_record(path))


def _has_record(path: Path) -> bool:
    url, file = record_url(path), path / RECORD_NAME
    if url.startswith(SQLITE):
        return file.exists() and file.stat().st_size > 0
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return revision_of(connection) is not None
    finally:
        engine.dispose()


def _refuse_second_vault(path: Path) -> None:
    if read_vault(path) is not None:
        raise VaultError(
            f"The data folder {path.name} has a passphrase already",
            do="change it with `facewire vault passphrase`",
        )


def record_url(path: Path) -> str:
    """Return the address of a folder's record: its SQLite file, or what settings.toml says.

    Raises
    ------
    UsageError
        ``settings.toml`` is broken.
    StorageError
        It cannot be read.
    """
    settings = _read_settings(path / SETTINGS_NAME)
    section = settings.get("record", {})
    url = section.get("url") if isinstance(section, dict) else section
    if url is None:
        return f"sqlite:///{path / RECORD_NAME}"
    if not isinstance(url, str):
        raise UsageError(
            f"{SETTINGS_NAME} cannot be used",
            expected='[record] url = "postgresql+psycopg://..."',
            found=f"url = {url!r}",
        )
    return url


def _read_settings(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise UsageError(
            f"{path.name} cannot be read", expected="TOML", found=str(error)
        ) from error
    except OSError as error:
        raise read_failure(path, error) from error


class FolderLock:
    """Keeps a data folder to one server: the system releases it when the process ends, however.

    Raises
    ------
    StorageError
        Another process holds it.
    """

    def __init__(self, path: Path) -> None:
        place = private_folder(path) / LOCK_NAME
        self._file = os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        try:
            _lock(self._file.fileno())
        except OSError as error:
            self._file.close()
            raise StorageError(
                f"The data folder {path.name} is in use",
                expected="one server for each data folder",
                found="another facewire that has it open",
                do="stop the other one, or take another folder",
            ) from error

    def release(self) -> None:
        """Let another process have the folder."""
        self._file.close()

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _lock(file: int) -> None:
    """Take a file for this process alone, or raise OSError at once."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
