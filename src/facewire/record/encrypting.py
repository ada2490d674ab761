"""Encrypting a data folder that is in use already: every step can be interrupted and done again.

The encrypted copy is made complete in ``sealing/`` and checked, then a mark is set, then the parts
are moved into their places. Before the mark an interruption leaves the folder as it was; after it,
the next opening finishes the moves.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from facewire.errors import StorageError, UsageError
from facewire.files import (
    new_private_file,
    private_folder,
    storing,
    sync_folder,
    write_whole,
)
from facewire.record.engine import copy_encrypted, open_engine
from facewire.record.media import MediaStore
from facewire.record.vault import FILE_NAME as VAULT_NAME
from facewire.record.vault import Keys, create_vault, write_vault
from facewire.record.work import LIVE_NAME

SEALING = "sealing"
_MARK = "complete"
_RECORD = "record.sqlite"
_LOGS = ("record.sqlite-wal", "record.sqlite-shm")
_PARTS = (_RECORD, "media", VAULT_NAME)
"""In the order of their moves: the vault last, it is what makes the folder an encrypted one."""


def seal_folder(path: Path, passphrase: str) -> str:
    """Encrypt the SQLite record and the media of a folder; return the recovery key.

    Only while no server uses the folder. Parts of uploads on their way are dropped: the browser
    sends them again. Working files are dropped: jobs begin again. Backups made before stay as they
    are: not encrypted.

    Raises
    ------
    UsageError
        Live sessions are not finished: their pictures are nowhere else.
    VaultError
        The passphrase is too short.
    StorageError
        No room: for a while everything is there twice. Nothing is changed then.
    """
    _check_no_session(path)
    vault, keys, recovery = create_vault(passphrase)
    sealing = path / SEALING
    shutil.rmtree(sealing, ignore_errors=True)
    private_folder(sealing)
    try:
        _copy_record(path / _RECORD, sealing / _RECORD, keys)
        _copy_media(MediaStore(path / "media"), MediaStore(sealing / "media", keys.media))
        write_vault(sealing, vault)
        write_whole(sealing / _MARK, [b""], private=True)
    finally:
        if not (sealing / _MARK).exists():
            shutil.rmtree(sealing, ignore_errors=True)
    finish_sealing(path)
    return recovery


def _check_no_session(path: Path) -> None:
    open_sessions = sorted(p.name for p in (path / LIVE_NAME).glob("*"))
    if open_sessions:
        raise UsageError(
            "Live sessions are not finished, and their pictures are not in the record yet",
            expected="every session finished or thrown away",
            found=f"{len(open_sessions)}: {', '.join(open_sessions)}",
            do="open their visits in the app, finish or throw them away, and encrypt then",
        )


def finish_sealing(path: Path) -> None:
    """Complete an interrupted encryption, or undo one that was not complete; else do nothing.

    Raises
    ------
    StorageError
        The folder cannot be written.
    """
    sealing = path / SEALING
    if not sealing.exists():
        return
    with storing(path):
        if (sealing / _MARK).exists():
            for part in _PARTS:
                if (sealing / part).exists():
                    _replace(path, part)
            for unfinished in ("uploads", "work"):
                shutil.rmtree(path / unfinished, ignore_errors=True)
        shutil.rmtree(sealing)
        sync_folder(path)


def _replace(path: Path, part: str) -> None:
    """Put one sealed part in the place of the plain one."""
    for log in _LOGS if part == _RECORD else ():
        (path / log).unlink(missing_ok=True)
    if (path / part).is_dir():
        shutil.rmtree(path / part)
    (path / SEALING / part).replace(path / part)
    sync_folder(path)


def _copy_record(source: Path, target: Path, keys: Keys) -> None:
    if not source.exists():
        return
    open_engine(f"sqlite:///{source}").dispose()
    copy_encrypted(source, new_private_file(target), keys.database)
    engine = open_engine(f"sqlite:///{target}", keys.database)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    engine.dispose()
    if found != "ok":
        raise StorageError("The encrypted copy of the record is not sound", found=str(found))


def _copy_media(plain: MediaStore, sealed: MediaStore) -> None:
    for media_id in plain.ids():
        sealed.write(plain.read(media_id), media_id=media_id)
