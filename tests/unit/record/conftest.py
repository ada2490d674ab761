"""Every test of the record that asks for ``record`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, event

from databases import PostgresServer
from facewire.record import people
from facewire.record.audit import Actor
from facewire.record.engine import open_engine
from facewire.record.patients import Who, add_patient
from facewire.record.rows import Base
from facewire.record.store import Record
from facewire.record.tables import Patient, Visit
from facewire.record.visits import add_visit

THERAPIST = Actor("a" * 32, "clinician")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds an empty record."""
    path = tmp_path_factory.mktemp("record") / "empty.sqlite"
    Record.open(open_engine(f"sqlite:///{path}")).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'record.sqlite'}"
        return
    server: PostgresServer = request.getfixturevalue("postgresql")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for all tests: statements are compiled once; nothing is waited for on the disk."""
    made = open_engine(f"sqlite:///{tmp_path_factory.mktemp('record') / 'record.sqlite'}")
    event.listen(made, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: PostgresServer) -> str:
    """Name of a database that holds an empty record; who fills it empties it."""
    name = postgresql.create()
    Record.open(open_engine(postgresql.url(name))).close()
    return name


@pytest.fixture(scope="session")
def postgresql_engine(postgresql: PostgresServer, migrated_postgresql: str) -> Iterator[Engine]:
    """One engine for all tests."""
    made = open_engine(postgresql.url(migrated_postgresql))
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty record, on each database."""
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    if request.param == "sqlite":
        made.dispose()
        for file in Path(str(made.url.database)).parent.glob("record.sqlite*"):
            file.unlink()
        shutil.copy(request.getfixturevalue("migrated_sqlite"), str(made.url.database))
    yield made
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgresql")
        server.empty(request.getfixturevalue("migrated_postgresql"), Base.metadata.tables)


@pytest.fixture
def record(engine: Engine) -> Record:
    """An empty record, on each database."""
    return Record(engine)


@pytest.fixture
def patient(record: Record) -> Patient:
    with record.writing(by=THERAPIST) as session:
        return add_patient(session, Who("Maria", "Muster", date(1970, 1, 31), "K-123"))


@pytest.fixture
def visit(record: Record, patient: Patient) -> Visit:
    with record.writing(by=THERAPIST) as session:
        return add_visit(session, patient.id, date(2026, 3, 2), "in_person")


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash at the lowest cost."""
    monkeypatch.setattr(people, "HASHER", PasswordHasher(1, 8, 1))
    people._no_hash.cache_clear()


@pytest.fixture
def new_record(empty_url: str) -> Iterator[Callable[[], Record]]:
    """Open the record at an address that was empty at first; as often as wanted."""
    engines: list[Engine] = []

    def opened() -> Record:
        engines.append(open_engine(empty_url))
        return Record.open(engines[-1])

    yield opened
    for one in engines:
        one.dispose()
