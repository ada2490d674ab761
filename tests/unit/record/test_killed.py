"""A process that is killed without warning, in the middle of a migration or while writing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import Engine, inspect, select, text

import record_fixture
from facewire.record.audit import check_chain, find_rows
from facewire.record.engine import open_engine
from facewire.record.migrations import bring_up_to_date, newest_revision
from facewire.record.store import Record
from facewire.record.tables import Note, Patient

pytestmark = pytest.mark.slow

NEXT = '''
"""A change of the tables that is stopped on its way."""
from alembic import op
import sqlalchemy as sa

revision = "9999"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for number in range(20):
        print("step", flush=True)
        op.create_table(f"extra_{{number}}", sa.Column("id", sa.Integer, primary_key=True))
        op.execute(f"INSERT INTO extra_{{number}} VALUES (1)")
        op.add_column("notes", sa.Column(f"colour_{{number}}", sa.String(10)))
    print("all", flush=True)
    input()
'''

MIGRATE = """
import sys
from pathlib import Path
from facewire.record.engine import BEGIN, open_engine
from facewire.record.migrations import bring_up_to_date
engine = open_engine(sys.argv[1]).execution_options(**{BEGIN: "IMMEDIATE"})
bring_up_to_date(engine, more=Path(sys.argv[2]) if len(sys.argv) > 2 else None)
"""

FIRST = """
import sys
from sqlalchemy import event
from facewire.record.engine import open_engine
from facewire.record.store import Record
engine = open_engine(sys.argv[1])
def before(connection, cursor, statement, *rest):
    if statement.lstrip().startswith("CREATE"):
        print("step", flush=True)
event.listen(engine, "before_cursor_execute", before)
event.listen(engine, "commit", lambda connection: (print("all", flush=True), input()))
Record.open(engine)
"""

WRITE = """
import sys
from facewire.record.engine import open_engine
from facewire.record.store import Record, add
from facewire.record.tables import Note
record = Record(open_engine(sys.argv[1]))
for number in range(10_000):
    with record.writing() as session:
        rows = [add(session, Note(patient_id=sys.argv[2], text=str(number))) for _ in range(3)]
    print(rows[0].id, flush=True)
"""


@contextmanager
def running(program: str, *arguments: object) -> Iterator[IO[str]]:
    """Run a program; give its output; kill it."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.kill()


def check_file(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


@pytest.mark.parametrize("steps", [1, 7, 20, 21])
def test_a_migration_that_is_killed_changes_nothing(
    empty_url: str, tmp_path: Path, steps: int
) -> None:
    engine = open_engine(empty_url)
    record_fixture.load(engine, newest_revision())
    before = inspect(engine).get_table_names()
    engine.dispose()
    script = NEXT.format(newest=newest_revision())
    (tmp_path / "v9999_next.py").write_text(script, "utf-8")
    with running(MIGRATE, empty_url, tmp_path) as output:
        assert len([output.readline() for _ in range(steps)]) == steps
    record = Record.open(open_engine(empty_url))
    assert inspect(record.engine).get_table_names() == before
    assert not [c for c in inspect(record.engine).get_columns("notes") if "colour" in c["name"]]
    check_file(record.engine)
    with record.reading() as session:
        assert check_chain(session) == ()
        assert len(session.scalars(select(Note)).all()) == 1
    record.close()


@pytest.mark.parametrize("steps", [1, 20, 60])
def test_a_first_start_that_is_killed_can_start_again(empty_url: str, steps: int) -> None:
    with running(FIRST, empty_url) as output:
        assert [output.readline() for _ in range(steps)] == ["step\n"] * steps
    engine = open_engine(empty_url)
    assert inspect(engine).get_table_names() == []
    record = Record.open(engine)
    bring_up_to_date(record.engine)
    check_file(engine)
    record.close()


@pytest.mark.parametrize("rows", [1, 5, 25])
def test_what_was_stored_stays_stored(record: Record, patient: Patient, rows: int) -> None:
    address = record.engine.url.render_as_string(hide_password=False)
    with running(WRITE, address, patient.id) as output:
        said = [output.readline().strip() for _ in range(rows)]
    check_file(record.engine)
    with record.reading() as session:
        stored = [note.id for note in session.scalars(select(Note))]
        noted = [row.row_id for row in find_rows(session, limit=10_000) if row.kind == "notes"]
        assert check_chain(session) == ()
    assert set(said) <= set(stored)
    assert len(stored) % 3 == 0
    assert sorted(stored) == sorted(map(str, noted))
