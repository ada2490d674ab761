"""Faults of the database, said without a single value: SQL and its parameters hold names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from facewire.errors import RecordError, StorageError

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
        return RecordError(
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
