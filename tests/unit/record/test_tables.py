from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import StatementError

from code_reading import ROOT
from facewire.errors import RecordError
from facewire.record.rows import Base, Kept
from facewire.record.store import Record, add, get
from facewire.record.tables import RECORDING_STATES, Media, Note

PAGE = (ROOT / "docs" / "reference" / "record.md").read_text("utf-8")
PARTS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
KEPT = {m.class_.__tablename__ for m in Base.registry.mappers if issubclass(m.class_, Kept)}


def documented(part: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", PARTS[part], re.MULTILINE)


def test_every_table_is_documented() -> None:
    rest = {"Rules", "States of a recording", "Columns of every kept row"}
    assert set(PARTS) - rest == set(Base.metadata.tables)


@pytest.mark.parametrize("name", Base.metadata.tables)
def test_every_column_is_documented_in_its_order(name: str) -> None:
    shared = documented("Columns of every kept row") if name in KEPT else []
    columns = [column.name for column in Base.metadata.tables[name].columns]
    assert shared + documented(name) == columns
    assert ("*Kept.*" in PARTS[name]) is (name in KEPT)


def test_every_state_of_a_recording_is_documented() -> None:
    assert set(documented("States of a recording")) == set(RECORDING_STATES)


def test_a_moment_comes_back_in_utc(record: Record) -> None:
    there = datetime(2026, 3, 2, 23, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    with record.writing() as session:
        row = Media(kind="video", name="a", size_bytes=1, sha256="0" * 64, erased_at=there)
        add(session, row)
    with record.reading() as session:
        found = get(session, Media, row.id).erased_at
    assert found == there
    assert found is not None
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(record: Record) -> None:
    def store() -> None:
        with record.writing() as session:
            naive = datetime(2026, 3, 2, 12)
            session.add(Note(patient_id="x", text="", created_at=naive, software="1"))
            session.flush()

    with pytest.raises((RecordError, StatementError)):
        store()


def test_foreign_keys_are_enforced(engine: Engine) -> None:
    record = Record(engine)

    def store() -> None:
        with record.writing() as session:
            add(session, Note(patient_id="nobody", text="words"))

    with pytest.raises(RecordError, match="refuses this row"):
        store()
