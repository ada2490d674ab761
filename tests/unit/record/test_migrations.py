from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, inspect, select, text

import record_fixture
from facewire.errors import RecordError
from facewire.record.audit import check_chain, head
from facewire.record.engine import BEGIN, open_engine
from facewire.record.migrations import bring_up_to_date, newest_revision, revision_of
from facewire.record.patients import find_patients
from facewire.record.rows import Base, Kept
from facewire.record.store import Record
from facewire.record.tables import Finding, Note

OLDER = sorted(
    path.stem.removeprefix("record_") for path in record_fixture.FIXTURES.glob("record_*.sql")
)


def test_a_record_of_every_revision_is_kept() -> None:
    """The slow tests begin from it, and the next migration is tried on it."""
    assert newest_revision() in OLDER, "run python tests/record_fixture.py"


NEXT = '''
"""A change of the tables for tests."""
from alembic import op
import sqlalchemy as sa

revision = "9999"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notes", sa.Column("colour", sa.String(10)))
    op.create_table("extra", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO extra VALUES (1)")
    {end}
'''


@pytest.fixture
def empty_engine(empty_url: str) -> Iterator[Engine]:
    made = open_engine(empty_url)
    yield made
    made.dispose()


@pytest.fixture
def old_engine(empty_engine: Engine) -> Engine:
    """A filled record of the first revision."""
    record_fixture.load(empty_engine, OLDER[0])
    return empty_engine


def writing(engine: Engine) -> Engine:
    return engine.execution_options(**{BEGIN: "IMMEDIATE"})


def next_revision(folder: Path, end: str = "") -> Path:
    script = NEXT.format(newest=newest_revision(), end=end)
    (folder / "v9999_next.py").write_text(script, "utf-8")
    return folder


def state_of(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    found = {}
    with engine.connect() as connection:
        for name in sorted(inspect(connection).get_table_names()):
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).all()
            found[name] = sorted(tuple(map(str, row)) for row in rows)
    return found


def test_the_migrations_make_the_tables_of_this_version(empty_engine: Engine) -> None:
    Record.open(empty_engine)
    with empty_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert revision_of(connection) == newest_revision()


def test_every_kept_table_is_guarded(empty_engine: Engine) -> None:
    Record.open(empty_engine)
    kept = {
        mapper.class_.__tablename__
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Kept)
    }
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if empty_engine.dialect.name == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with empty_engine.connect() as connection:
        triggers = set(connection.execute(text(query)).scalars())
    assert len(kept) == 19
    assert {f"{t}_{g}" for t in kept for g in ("delete", "change", "void")} <= triggers


def test_opening_again_changes_nothing(empty_engine: Engine) -> None:
    calls: list[str] = []
    for _ in range(2):
        Record.open(empty_engine, backup=lambda _, revision: calls.append(revision))
    assert calls == []


@pytest.mark.parametrize("revision", OLDER)
def test_an_older_record_is_migrated_with_all_its_rows(empty_engine: Engine, revision: str) -> None:
    record_fixture.load(empty_engine, revision)
    counts = {name: len(rows) for name, rows in state_of(empty_engine).items()}
    assert all(counts.values())
    record = Record.open(empty_engine)
    after = {name: len(rows) for name, rows in state_of(empty_engine).items()}
    assert {name: after[name] for name in counts} == counts
    with record.reading() as session:
        assert check_chain(session) == ()
        (found,) = find_patients(session, "mueller")
        assert found.identity is not None
        assert found.identity.given_name == "María"
        degrees = {f.degree: f.voided_at is None for f in session.scalars(select(Finding))}
        assert degrees == {2: False, 3: True}

    def change_note() -> None:
        with record.writing() as session:
            session.execute(text("UPDATE notes SET text = ''"))

    with pytest.raises(RecordError, match="a kept row is not changed"):
        change_note()


@pytest.mark.slow
def test_a_backup_is_made_before_a_migration(old_engine: Engine, tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []

    def backup(engine: Engine, revision: str) -> None:
        seen.append((revision, len(inspect(engine).get_table_names())))

    tables = len(inspect(old_engine).get_table_names())
    bring_up_to_date(writing(old_engine), backup, next_revision(tmp_path))
    assert seen == [(OLDER[0], tables)]
    assert "extra" in inspect(old_engine).get_table_names()


@pytest.mark.slow
def test_without_a_backup_nothing_is_migrated(old_engine: Engine, tmp_path: Path) -> None:
    before = state_of(old_engine)

    def fail(*_: object) -> None:
        raise OSError("disk is full")

    with pytest.raises(OSError, match="disk is full"):
        bring_up_to_date(writing(old_engine), fail, next_revision(tmp_path))
    assert state_of(old_engine) == before


@pytest.mark.slow
def test_a_migration_that_fails_changes_nothing(old_engine: Engine, tmp_path: Path) -> None:
    before = state_of(old_engine)
    columns = [c["name"] for c in inspect(old_engine).get_columns("notes")]
    folder = next_revision(tmp_path, end='raise ValueError("half way")')
    with pytest.raises(ValueError, match="half way"):
        bring_up_to_date(writing(old_engine), more=folder)
    assert state_of(old_engine) == before
    assert [c["name"] for c in inspect(old_engine).get_columns("notes")] == columns
    with Record.open(old_engine).reading() as session:
        assert check_chain(session) == ()


def test_a_newer_record_is_refused_and_left_alone(empty_engine: Engine) -> None:
    Record.open(empty_engine)
    with empty_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = state_of(empty_engine)
    with pytest.raises(RecordError, match=r"newer version of facewire.*Found: 9999"):
        Record.open(empty_engine)
    assert state_of(empty_engine) == before


def test_two_that_open_at_once_make_one_record(empty_url: str) -> None:
    engines = [open_engine(empty_url) for _ in range(4)]
    faults: list[BaseException] = []

    def run(engine: Engine) -> None:
        try:
            Record.open(engine)
        except RecordError as error:
            faults.append(error)

    threads = [threading.Thread(target=run, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Record(engines[0]).reading() as session:
        assert head(session).number == 0
        assert session.scalars(select(Note)).all() == []
    for engine in engines:
        engine.dispose()
    assert faults == []


def test_a_migration_is_one_transaction(empty_engine: Engine) -> None:
    commits: list[object] = []
    event.listen(empty_engine, "commit", commits.append)
    Record.open(empty_engine)
    assert len(commits) == 1
