"""The door to the record: open, read, write; add, void and supersede rows with their trail.

>>> record = Record.open(open_engine("sqlite:///record.sqlite"))       # doctest: +SKIP
>>> with record.writing(by=Actor(account.id, account.role)) as session:  # doctest: +SKIP
...     add(session, Note(patient_id=patient.id, text="..."))
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine, event, orm
from sqlalchemy.orm import object_mapper

from facewire.errors import NotFoundError, RecordError
from facewire.record import audit
from facewire.record.audit import SYSTEM, Actor
from facewire.record.engine import BEGIN, translated
from facewire.record.migrations import bring_up_to_date
from facewire.record.rows import Base, Kept, new_id
from facewire.record.tables import Patient, Visit
from facewire.version import facewire_version

Session = orm.Session
"""What `Record.reading` and `Record.writing` give; other parts hand it on and ask it nothing."""

SUPERSEDED = "superseded"
"""Reason of a row that was replaced by a correction."""

Row = TypeVar("Row", bound=Base)

_TICK = timedelta(microseconds=1)
ANCHORS = (Patient, Visit)
"""Tables that other rows point at: a correction keeps the id."""

Backup = Callable[[Engine, str], None]
"""Called with the engine and the database's revision before a migration."""


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class Record:
    """The record: one database, read and written through sessions.

    Parameters
    ----------
    engine : Engine
        Of `open_engine`.
    clock : callable
        Gives the present moment; replaced in tests.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self.engine = engine
        self._clock = clock
        self._last = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()
        self._writer = engine.execution_options(**{BEGIN: "IMMEDIATE"})
        self._reader = engine
        if engine.dialect.name == "postgresql":
            self._reader = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @classmethod
    def open(
        cls,
        engine: Engine,
        *,
        backup: Backup | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> Record:
        """Open a record; an empty database gets its tables, an older one is migrated.

        Parameters
        ----------
        engine : Engine
        backup : callable, optional
            Called with the engine and the old revision before an existing record is migrated.
        clock : callable

        Raises
        ------
        RecordError
            The record was made by a newer version, or the database cannot be read.
        """
        record = cls(engine, clock)
        with translated():
            bring_up_to_date(record._writer, backup)
        return record

    def moment(self) -> datetime:
        """Return the present moment; later than every one returned before, so that newest holds."""
        with self._lock:
            self._last = max(self._clock().astimezone(UTC), self._last + _TICK)
            return self._last

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that reads one consistent state and writes nothing."""
        with translated(), self._session(self._reader, None) as session:
            yield session

    @contextmanager
    def writing(self, by: Actor = SYSTEM) -> Iterator[Session]:
        """Open a session that is one transaction: all of it is stored at the end, or nothing.

        Parameters
        ----------
        by : Actor
            Who writes; stands in every row and in the audit trail.

        Raises
        ------
        RecordError
            The database refuses or cannot store it.
        """
        with translated(), self._session(self._writer, by) as session:
            yield session
            session.commit()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _session(self, engine: Engine, by: Actor | None) -> Session:
        session = Session(engine, expire_on_commit=False, info={"record": self, "actor": by})
        if by is None:
            event.listen(session, "before_flush", _refuse_writing)
        return session


def add(session: Session, row: Row) -> Row:
    """Store a new row, with who, when and by which version, and note it in the trail.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    row : Base
        A new row of any table of the record.

    Returns
    -------
    Base
        The same row, stored: its id is set.

    Raises
    ------
    RecordError
        The session is for reading only, or the database refuses the row.
    """
    _insert(session, row)
    _note(session, "added", row)
    return row


def change(session: Session, row: Row, **values: Any) -> Row:
    """Change a row that may change, such as an account or the state of a recording.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    row : Base
        With the new values of its columns as further arguments by name; the trail notes the
        names of the columns, not the values.

    Raises
    ------
    RecordError
        The database refuses: the column is kept as it was written.
    """
    own = _own(session, row)
    changed = sorted(name for name, value in values.items() if getattr(own, name) != value)
    for name in changed:
        setattr(own, name, values[name])
    session.flush()
    if changed:
        _note(session, "changed", own, {"columns": changed})
    return own


def void(session: Session, row: Row, reason: str) -> Row:
    """Mark a row as void: it stays, with who, when and why, and is shown no more.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    row : Base
        A row of a kept table.
    reason : str
        In words; not empty.

    Raises
    ------
    RecordError
        No reason was given, the row is void already, or rows of its table cannot be void.
    """
    if not reason.strip():
        raise RecordError("A row is void for a reason only", expected="a reason in words")
    own = _own(session, row)
    _mark_void(session, own, reason.strip())
    _note(session, "voided", own)
    return own


def supersede(session: Session, old: Row, new: Row) -> Row:
    """Store a correction: the new row names the old one, which becomes void and stays.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    old, new : Base
        Rows of one table about the same patient.

    Returns
    -------
    Base
        The new row, stored.

    Raises
    ------
    RecordError
        The rows do not fit together, the old one is void already, or other rows point at it
        (a patient, a visit: use `correct`).
    """
    own = _own(session, old)
    _check_pair(own, new)
    _mark_void(session, own, SUPERSEDED)
    new.supersedes = own.id  # type: ignore[attr-defined]
    _insert(session, new)
    _note(session, "superseded", new, {"replaces": own.id})  # type: ignore[attr-defined]
    return new


def correct(session: Session, row: Row, **values: Any) -> Row:
    """Correct a row that other rows point at: it keeps its id, its old content stays as a void row.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    row : Base
        A patient or a visit, with the corrected columns as further arguments by name.

    Returns
    -------
    Base
        The corrected row; its ``supersedes`` names the void row with the old content.

    Raises
    ------
    RecordError
        The row is of another table, or void.
    """
    own = _own(session, row)
    if not isinstance(own, ANCHORS) or own.voided_at is not None:
        raise RecordError("This row is not corrected in place", expected="a live patient or visit")
    before = {name: getattr(own, name) for name in _columns(own)}
    changed = sorted(name for name, value in values.items() if before[name] != value)
    if not changed:
        return own
    for name in changed:
        setattr(own, name, values[name])
    own.supersedes = new_id()
    session.flush()
    _keep_copy(session, own, before | {"id": own.supersedes})
    _note(session, "superseded", own, {"replaces": own.supersedes, "columns": changed})
    return own


def get(session: Session, kind: type[Row], row_id: str) -> Row:
    """Return a row by its id, void or not.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.get(kind, row_id)
    if found is None:
        raise NotFoundError(f"There is no such row in {kind.__tablename__}", found=row_id)
    return found


def find(session: Session, kind: type[Row], row_id: str | None) -> Row | None:
    """Return a row by its id, void or not; None when there is none."""
    return session.get(kind, row_id) if row_id else None


def _refuse_writing(session: Session, *_: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise RecordError("This session only reads", do="use Record.writing")


def _insert(session: Session, row: Row) -> None:
    actor = _actor(session)
    values = {"created_at": audit.record_of(session).moment(), "created_by": actor.account_id}
    values["software"] = facewire_version()
    for name, value in values.items():
        if name in _columns(row) and getattr(row, name) is None:
            setattr(row, name, value)
    session.add(row)
    session.flush()


def _actor(session: Session) -> Actor:
    actor: Actor | None = session.info.get("actor")
    if actor is None:
        raise RecordError("This session only reads", do="use Record.writing")
    return actor


def _own(session: Session, row: Row) -> Row:
    """Return the session's own and present object of a row, which may come from another session."""
    _actor(session)
    if row in session:
        return row
    return get(session, type(row), _key(row))


def _columns(row: Base) -> tuple[str, ...]:
    return tuple(attribute.key for attribute in object_mapper(row).column_attrs)


def _key(row: Base) -> str:
    return str(object_mapper(row).primary_key_from_instance(row)[0])


def _mark_void(session: Session, row: Base, reason: str) -> None:
    if not isinstance(row, Kept):
        raise RecordError("Rows of this table are not void", found=row.__tablename__)
    if row.voided_at is not None:
        raise RecordError("The row is void already", found=f"{row.__tablename__} {row.id}")
    row.voided_at = audit.record_of(session).moment()
    row.voided_by = _actor(session).account_id
    row.void_reason = reason
    session.flush()


def _check_pair(old: Base, new: Base) -> None:
    fits = type(old) is type(new) and isinstance(old, Kept) and not isinstance(old, ANCHORS)
    if not fits:
        raise RecordError(
            "This row cannot be replaced by that one",
            expected="two rows of one kept table that no other rows point at",
            found=f"{old.__tablename__} and {new.__tablename__}",
            do="use correct() for a patient or a visit",
        )
    if getattr(old, "patient_id", None) != getattr(new, "patient_id", None):
        raise RecordError("A correction is about the same patient")


def _keep_copy(session: Session, row: Base, before: dict[str, Any]) -> None:
    copy = type(row)(**before)
    session.add(copy)
    _mark_void(session, copy, SUPERSEDED)


def _note(session: Session, action: str, row: Base, details: dict[str, Any] | None = None) -> None:
    row_id = _key(row)
    about = row_id if isinstance(row, Patient) else getattr(row, "patient_id", None)
    audit.note(session, action, row.__tablename__, row_id, patient_id=about, details=details)
