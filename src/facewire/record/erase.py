"""Erasing a patient: the one way in which rows and files leave the record for good.

Everything that belongs to the person goes, under one record or several that were joined: identity,
visits, results, documents, files, accounts.
The audit trail keeps that it happened, when and why; it holds ids and never names. Copies in
backups are not reached: they end when the backups are removed. `ERASED_NAME` lists the random ids
of who was erased, so that restoring an older backup brings nobody back (`restore`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Table, delete, false, insert, or_, select, update
from sqlalchemy.orm import Session

from facewire.errors import NotFoundError, StorageError, UsageError
from facewire.files import write_whole
from facewire.record import audit
from facewire.record.backup import ENDING
from facewire.record.engine import sqlite_file
from facewire.record.folder import BACKUPS_NAME, ERASED_NAME, DataFolder
from facewire.record.places import PLACES
from facewire.record.rows import Base
from facewire.record.same_person import ids_of
from facewire.record.store import Record
from facewire.record.tables import AuditRow, Erasing, Media, Patient

ACTION = "erased"
_NOT_OWNED = (AuditRow.__tablename__, Erasing.__tablename__)


@dataclass(frozen=True)
class EraseReport:
    """What was erased, and what may still hold copies.

    Parameters
    ----------
    patient_id : str
    rows : int
        Of all tables.
    removed : mapping of str to int
        How many things lay in each of `facewire.record.places.PLACES`.
    backups : tuple of Path
        Backups in the data folder that may hold the patient.
    codes : tuple of str
        Of all records that go: more than one where records of the person were joined.
    """

    patient_id: str
    rows: int
    removed: Mapping[str, int]
    backups: tuple[Path, ...]
    codes: tuple[str, ...]

    @property
    def files(self) -> int:
        """How many stored files."""
        return self.removed["media"]


def erase_patient(folder: DataFolder, record: Record, code: str, reason: str) -> EraseReport:
    """Erase a patient for good.

    Files go first and rows last, so that an interrupted erasure is found again by the patient's
    code and completed by the same command.

    Parameters
    ----------
    folder : DataFolder
    record : Record
    code : str
        The patient's code.
    reason : str
        In words, without the patient's name: it stays in the audit trail.

    Raises
    ------
    UsageError
        No reason was given.
    NotFoundError
        No patient has this code.
    """
    if not reason.strip():
        raise UsageError("An erasure needs a reason", expected="a few words, without a name")
    with record.reading() as session:
        patient_id = _patient_id(session, code)
    return _erase(folder, record, patient_id, reason.strip())


def what_would_go(folder: DataFolder, record: Record, code: str) -> EraseReport:
    """Return what `erase_patient` would report, without erasing anything.

    Raises
    ------
    NotFoundError
        No patient has this code.
    """
    with record.reading() as session:
        patient_id = _patient_id(session, code)
        owned, codes = _owned(session, patient_id), _codes(session, patient_id)
    there = {p.name: len(p.of_rows(owned) & p.there(folder)) for p in PLACES}
    return EraseReport(patient_id, _count(owned), there, _backups(folder), codes)


def erase_again(folder: DataFolder, record: Record, patient_ids: Iterable[str]) -> int:
    """Erase who was erased elsewhere and is here once more, as after restoring; return how many."""
    with record.reading() as session:
        back = session.scalars(select(Patient.id).where(Patient.id.in_(list(patient_ids)))).all()
    for patient_id in back:
        _erase(folder, record, patient_id, "erased before; came back with a backup")
    return len(back)


def erased_in(path: Path) -> tuple[str, ...]:
    """Return the ids that a list of erased patients names; none where there is no list.

    Raises
    ------
    StorageError
        It cannot be read.
    """
    try:
        return tuple(path.read_text("utf-8").split())
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise StorageError(
            f"{path.name} cannot be read",
            expected="the list of who was erased",
            found=str(error),
            do="restore it, or name it with --erased",
        ) from error


def note_erased(folder: Path, patient_ids: Iterable[str]) -> None:
    """Add ids to a folder's list of who was erased; on the disk when this returns."""
    path = folder / ERASED_NAME
    known = dict.fromkeys((*erased_in(path), *patient_ids))
    write_whole(path, ["".join(f"{one}\n" for one in known).encode()], private=True)


def _erase(folder: DataFolder, record: Record, patient_id: str, reason: str) -> EraseReport:
    with record.writing() as session:
        owned, codes = _owned(session, patient_id), _codes(session, patient_id)
        _mark_media(session, owned[Media.__tablename__])
    note_erased(folder.path, owned["patients"])
    removed = {
        place.name: sum(place.remove(folder, name) for name in sorted(place.of_rows(owned)))
        for place in PLACES
    }
    with record.writing() as session:
        rows = _delete_rows(session, patient_id)
        details = {"reason": reason, "rows": rows, "files": removed["media"]}
        audit.note(session, ACTION, "patients", patient_id, patient_id=patient_id, details=details)
    _forget_free_pages(record)
    return EraseReport(patient_id, rows, removed, _backups(folder), codes)


def _codes(session: Session, patient_id: str) -> tuple[str, ...]:
    ids = ids_of(session, patient_id)
    return tuple(
        session.scalars(select(Patient.code).where(Patient.id.in_(ids)).order_by(Patient.code))
    )


def _backups(folder: DataFolder) -> tuple[Path, ...]:
    return tuple(sorted((folder.path / BACKUPS_NAME).glob(f"*{ENDING}")))


def _count(owned: Mapping[str, list[str]]) -> int:
    return sum(map(len, owned.values()))


def _patient_id(session: Session, code: str) -> str:
    """Return the patient of a code, void or not; a code that was corrected is nobody's."""
    former = select(Patient.supersedes).where(Patient.supersedes.is_not(None))
    found = session.scalar(
        select(Patient.id).where(Patient.code == code, Patient.id.not_in(former))
    )
    if found is None:
        raise NotFoundError("No patient has this code", found=code, do="check the code")
    return found


def _with_former(session: Session, patient_id: str) -> list[str]:
    """Return the patient's id and those under which its earlier codes are kept."""
    ids: list[str] = []
    next_id: str | None = patient_id
    while next_id is not None:
        ids.append(next_id)
        next_id = session.scalar(select(Patient.supersedes).where(Patient.id == next_id))
    return ids


def _owned(session: Session, patient_id: str) -> dict[str, list[str]]:
    """Return the keys of the patient's rows by table, following the tables' own references."""
    people = ids_of(session, patient_id)
    owned = {Patient.__tablename__: [k for one in people for k in _with_former(session, one)]}
    for table in Base.metadata.sorted_tables:
        if table.name not in (*owned, *_NOT_OWNED):
            key = table.primary_key.columns.values()[0]
            query = select(key).where(_belongs(table, owned))
            owned[table.name] = list(session.scalars(query))
    return owned


def _belongs(table: Table, owned: dict[str, list[str]]) -> ColumnElement[bool]:
    reasons: list[ColumnElement[bool]] = [
        column.in_(owned[reference.column.table.name])
        for column in table.columns
        for reference in column.foreign_keys
        if owned.get(reference.column.table.name)
    ]
    if "patient_id" in table.columns:
        reasons.append(table.c.patient_id.in_(owned[Patient.__tablename__]))
    return or_(false(), *reasons)


def _mark_media(session: Session, ids: list[str]) -> None:
    gone = update(Media).where(Media.id.in_(ids), Media.erased_at.is_(None))
    session.execute(gone.values(erased_at=datetime.now(UTC)))


def _delete_rows(session: Session, patient_id: str) -> int:
    owned = _owned(session, patient_id)
    session.execute(insert(Erasing), [{"patient_id": key} for key in owned["patients"]])
    for table in reversed(Base.metadata.sorted_tables):
        if owned.get(table.name):
            key = table.primary_key.columns.values()[0]
            session.execute(delete(table).where(key.in_(owned[table.name])))
    session.execute(delete(Erasing).where(Erasing.patient_id.in_(owned["patients"])))
    return _count(owned)


def _forget_free_pages(record: Record) -> None:
    """Write the SQLite file anew, so that no erased row is left in free pages or in the log."""
    if sqlite_file(record.engine) is None:
        return
    raw = record.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        raw.close()
