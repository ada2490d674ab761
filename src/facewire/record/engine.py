"""The database: SQLite in one file, the same file encrypted by SQLCipher, or PostgreSQL.

SQLite alone cannot tell who will write: a transaction that reads first and writes later may find
that another one wrote in between, and fails at once whatever the waiting time. A transaction that
is going to write therefore says so at its start: ``writing_engine``.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
)

from facewire.errors import (
    FacewireError,
    RecordError,
    StorageError,
    UnavailableError,
    UsageError,
    VaultError,
)
from facewire.record.sealed_columns import ColumnCipher, use_cipher

BEGIN = "facewire_begin"
"""Execution option: how a transaction begins on SQLite, ``DEFERRED`` (reads) or ``IMMEDIATE``."""

BUSY_TIMEOUT_S = 10
TURN_TIMEOUT_S = 60
"""How long a writer waits for the others of its own process; what others hold, less."""

KEY_BYTES = 32
PLAIN_HEADER = b"SQLite format 3\x00"
SQLITE = "sqlite"
POSTGRESQL = "postgresql"
_SQLCIPHER = "sqlcipher3.dbapi2"
_MEMORY = ":memory:"
_MANY: dict[str, Any] = {"pool_size": 10, "max_overflow": 80}
"""Connections: one for each request that is answered at the same time."""

_UNLIMITED: dict[str, Any] = {"pool_size": 10, "max_overflow": -1}
"""SQLite's connections cost little, and one that waits for another would wait for ever."""

_TROUBLES = (
    ("locked", "another program holds the record", "close it, or wait and try again"),
    ("disk is full", "no room on the disk", "make room and try again"),
    ("readonly", "the record cannot be written", "check the rights of the data folder"),
    ("disk i/o error", "the disk does not answer as it should", "check the disk, then a backup"),
    ("unable to open", "the file cannot be opened", "check the folder and its rights"),
    ("malformed", "the record is damaged", "restore the last backup"),
)
"""SQLite's words for trouble with the file, what they mean, and what to do."""


def open_engine(url: str, key: bytes | None = None) -> Engine:
    """Open the database and check that it answers.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` (``sqlite://`` alone is a database in memory) or
        ``postgresql+psycopg://...``.
    key : bytes, optional
        32 bytes. For SQLite the key of the whole file (SQLCipher: record and write-ahead log,
        AES-256, no passphrase derivation); for PostgreSQL the key of the identifying columns.

    Returns
    -------
    Engine
        With foreign keys enforced. For SQLite: write-ahead log, 10 s waiting time for a lock,
        temporary tables in memory, transactions that begin where SQLAlchemy says.

    Raises
    ------
    UsageError
        The address is no address of a database, or of one that is not supported.
    VaultError
        The key is not the one of this file, or the file is (not) encrypted and should (not) be.
    StorageError
        The database is locked, missing its folder, or does not answer.
    """
    _check_key(key)
    address = _parse(url)
    if address.get_backend_name() == SQLITE:
        engine = _sqlite_engine(address, key)
    else:
        engine = _server_engine(address)
        if key is not None:
            use_cipher(engine.dialect, ColumnCipher.from_key(key))
    event.listen(engine, "handle_error", _translate)
    _check_answers(engine, address, key)
    return engine


def _server_engine(address: URL) -> Engine:
    try:
        return create_engine(address, pool_pre_ping=True, hide_parameters=True, **_MANY)
    except ModuleNotFoundError as error:
        raise UsageError(
            "This needs facewire's postgres part: pip install 'facewire[postgres]'"
        ) from error


def sqlite_file(engine: Engine) -> Path | None:
    """Return the file of a SQLite database; ``None`` for PostgreSQL and for one in memory."""
    on_disk = engine.dialect.name == SQLITE and engine.url.database not in (None, "", _MEMORY)
    return Path(str(engine.url.database)) if on_disk else None


def connect_sqlite(path: str, key: bytes | None) -> Any:
    """Open one SQLite or SQLCipher connection, set up as the record needs it."""
    connection = _driver(key).connect(
        path, timeout=BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None
    )
    settings = (
        []
        if key is None
        else ["PRAGMA cipher_log_level = NONE", f"PRAGMA key = \"x'{key.hex()}'\""]
    )
    settings += [
        f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}",
        "PRAGMA temp_store = MEMORY",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
    ]
    try:
        for setting in settings:
            connection.execute(setting).fetchall()
    except _driver(key).Error:
        connection.close()
        raise
    return connection


def copy_encrypted(source: Path, target: Path, key: bytes) -> None:
    """Copy a plain SQLite file into a new encrypted one, triggers and all; nobody may be writing.

    Raises
    ------
    StorageError
        It cannot be read or written.
    """
    driver = import_module(_SQLCIPHER)
    connection = driver.connect(str(source), timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"ATTACH DATABASE ? AS sealed KEY \"x'{key.hex()}'\"", (str(target),))
        connection.execute("SELECT sqlcipher_export('sealed')").fetchall()
        connection.execute("DETACH DATABASE sealed")
    except driver.Error as error:
        raise StorageError("The record cannot be encrypted", found=str(error)) from error
    finally:
        connection.close()


def _driver(key: bytes | None) -> ModuleType:
    if key is None:
        return sqlite3
    return import_module(_SQLCIPHER)


def _check_key(key: bytes | None) -> None:
    if key is not None and len(key) != KEY_BYTES:
        raise VaultError("The key cannot be used", expected="32 bytes", found=f"{len(key)} bytes")


def _parse(url: str) -> URL:
    supported = "sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise UsageError("The address of the record cannot be read", expected=supported) from error
    if address.drivername not in (SQLITE, "postgresql+psycopg"):
        raise UsageError(
            "This kind of database is not supported", expected=supported, found=address.drivername
        )
    return address


def _sqlite_engine(address: URL, key: bytes | None) -> Engine:
    path = address.database or _MEMORY
    if path != _MEMORY:
        _prepare_file(Path(path), key)
    engine = create_engine(
        address,
        module=_driver(key),
        creator=lambda: connect_sqlite(path, key),
        hide_parameters=True,
        **({} if path == _MEMORY else _UNLIMITED),
    )
    turns = _Turns()
    event.listen(engine, "begin", turns.begin)
    event.listen(engine, "commit", turns.end)
    event.listen(engine, "rollback", turns.end)
    return engine


class _Turns:
    """Writers of one process wait for each other here, before SQLite: its own waiting is a lottery.

    With many writers at once SQLite lets some of them wait until they give up, however short each
    transaction is.
    """

    _MARK = "facewire_turn"

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def begin(self, connection: Connection) -> None:
        """Begin a transaction; one that will write waits for its turn."""
        how = connection.get_execution_options().get(BEGIN, "DEFERRED")
        if how != "DEFERRED" and self._lock.acquire(timeout=TURN_TIMEOUT_S):
            connection.info[self._MARK] = True
        begun = False
        try:
            connection.exec_driver_sql(f"BEGIN {how}")
            begun = True
        finally:
            if not begun:
                self.end(connection)

    def end(self, connection: Connection) -> None:
        """Let the next writer begin; once for each transaction."""
        if connection.info.pop(self._MARK, False):
            self._lock.release()


def _prepare_file(path: Path, key: bytes | None) -> None:
    """Make the file readable to its owner only, and refuse one of the other kind."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with path.open("rb") as file:
            start = file.read(len(PLAIN_HEADER))
    except OSError as error:
        raise StorageError(
            f"The record {path.name} cannot be opened",
            found=error.strerror or "",
            do="check that the data folder exists and can be written",
        ) from error
    if key is None and start and start != PLAIN_HEADER:
        raise VaultError(
            f"The record {path.name} cannot be read",
            expected="a record that is not encrypted",
            found="an encrypted record, or a file that is no record",
            do="give the passphrase",
        )
    if key is not None and start == PLAIN_HEADER:
        raise VaultError(
            f"The record {path.name} is not encrypted",
            expected="an encrypted record, because a passphrase is given",
            do="encrypt it once with `facewire vault create`, or start without a passphrase",
        )


def _check_answers(engine: Engine, address: URL, key: bytes | None) -> None:
    question = "SELECT count(*) FROM sqlite_master" if address.drivername == SQLITE else "SELECT 1"
    drivers = (SQLAlchemyError, _driver(key).Error if address.drivername == SQLITE else OSError)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(question).scalar()
    except drivers as error:
        engine.dispose()
        raise _explain(engine, error) or _no_answer(address, error) from error


def _no_answer(address: URL, error: BaseException) -> StorageError:
    place = address.render_as_string(hide_password=True) if address.host else "record"
    first_line = (str(getattr(error, "orig", None) or error).splitlines() or [""])[0]
    return StorageError(
        f"The database {place} does not answer",
        found=first_line,
        do="check that it runs, and the address in settings.toml",
    )


def _translate(context: ExceptionContext) -> None:
    known = _explain(context.engine, context.original_exception)
    if known is not None:
        raise known from context.original_exception


def _explain(engine: Engine | None, error: BaseException) -> FacewireError | None:
    """Return the error in our words, when it is trouble with the file and not with a statement."""
    if engine is None or engine.dialect.name != SQLITE:
        return None
    text = str(getattr(error, "orig", None) or error).lower()
    if "not a database" in text:
        return VaultError(
            "The record cannot be decrypted",
            expected="the key with which it was encrypted",
            found="another key, or a damaged file",
            do="check the passphrase and that vault.json belongs to this record",
        )
    for words, found, advice in _TROUBLES:
        if words in text:
            return StorageError("The record cannot be used", found=found, do=advice)
    return None


_FULL = ("SQLITE_FULL", "53100")
_GUARD = "facewire:"


@contextmanager
def translated() -> Iterator[None]:
    """Turn faults of the database into `RecordError`; what the statement held is left out.

    Raises
    ------
    RecordError
        The database refused or failed.
    StorageError
        The disk is full.
    """
    try:
        yield
    except DBAPIError as error:
        raise _error_of(error) from None
    except SQLAlchemyError as error:
        raise RecordError("The record failed", found=type(error).__name__) from None


def _error_of(error: DBAPIError) -> RecordError | StorageError:
    code, text = _code(error), str(error.orig)
    if code in _FULL or "disk is full" in text:
        return StorageError("The disk of the record is full", do="free some space and try again")
    if _GUARD in text:
        guard = text.split(_GUARD, 1)[1].splitlines()[0].strip()
        return RecordError("The record refuses this change", found=guard)
    if isinstance(error, IntegrityError):
        return RecordError(
            "The record refuses this row",
            expected="values that fit the table and the rows it names",
            found=code,
        )
    if isinstance(error, OperationalError):
        return UnavailableError(
            "The database of the record did not answer as it should",
            found=code,
            do="try again; if it stays, check the disk and the database server",
        )
    return RecordError("The record failed", found=code)


def _code(error: DBAPIError) -> str:
    for name in ("sqlite_errorname", "sqlstate"):
        code = getattr(error.orig, name, None)
        if code:
            return str(code)
    return type(error.orig).__name__
