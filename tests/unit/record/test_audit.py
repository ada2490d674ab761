from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, Inspector, inspect, text

from facewire.errors import RecordError
from facewire.record.audit import FIRST, Actor, Fault, Head, check_chain, find_rows, head, note, saw
from facewire.record.store import Record
from facewire.record.tables import Patient

THERAPIST = Actor("a" * 32, "clinician")

COPY = (
    "INSERT INTO audit SELECT {}, account_id, action, kind, row_id, patient_id, details, {}, 'x'"
    " FROM audit WHERE number = 5"
)


@contextmanager
def without_triggers(engine: Engine) -> Iterator[None]:
    """Do what somebody with the database's own tools could do."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        else:
            names = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
            ).scalars()
            for name in list(names):
                connection.execute(text(f"DROP TRIGGER {name}"))
        connection.commit()
    yield
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))


@pytest.fixture
def five_rows(record: Record) -> Head:
    with record.writing(by=THERAPIST) as session:
        for number in range(5):
            note(session, "saw", "timeline", str(number), patient_id="p" * 32)
        return head(session)


def test_rows_follow_one_another(record: Record, five_rows: Head) -> None:
    with record.reading() as session:
        rows = find_rows(session)[::-1]
        assert [row.number for row in rows] == [1, 2, 3, 4, 5]
        assert [row.previous_sha256 for row in rows] == [FIRST, *[r.sha256 for r in rows[:-1]]]
        assert check_chain(session) == ()
        assert check_chain(session, five_rows) == ()


def test_the_digest_is_that_of_the_content(record: Record, five_rows: Head) -> None:
    with record.reading() as session:
        row = find_rows(session)[0]
    at = row.at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
    content = [5, at, "a" * 32, "saw", "timeline", "4", "p" * 32, {}, row.previous_sha256]
    plain = json.dumps(content, separators=(",", ":"))
    assert row.sha256 == hashlib.sha256(plain.encode()).hexdigest()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET account_id = NULL",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE number = 5",
        COPY.format("12, at", "sha256"),
        COPY.format("6, at", "'something'"),
    ],
)
def test_the_database_refuses(record: Record, five_rows: Head, statement: str) -> None:
    def run() -> None:
        with record.writing() as session:
            session.execute(text(statement))

    with pytest.raises(RecordError, match="The record refuses this change"):
        run()


def test_sqlite_does_not_replace_rows(record: Record, five_rows: Head) -> None:
    statement = "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE number = 5"
    if record.engine.dialect.name == "postgresql":
        statement = "TRUNCATE audit"

    def run() -> None:
        with record.writing() as session:
            session.execute(text(statement))

    with pytest.raises(RecordError, match="audit"):
        run()


def test_a_change_past_the_triggers_is_found(record: Record, five_rows: Head) -> None:
    with without_triggers(record.engine), record.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET row_id = 'other' WHERE number = 3"))
    with record.reading() as session:
        assert check_chain(session) == (Fault(3, "its content was changed"),)


def test_a_missing_row_is_found(record: Record, five_rows: Head) -> None:
    with without_triggers(record.engine), record.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit WHERE number = 2"))
    with record.reading() as session:
        assert check_chain(session) == (
            Fault(3, "row 2 is missing"),
            Fault(3, "it does not follow the row before it"),
        )


def test_a_shortened_trail_is_found_by_its_noted_end(record: Record, five_rows: Head) -> None:
    with without_triggers(record.engine), record.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit WHERE number > 3"))
    with record.reading() as session:
        assert check_chain(session) == ()
        found = check_chain(session, five_rows)
    assert found == (Fault(5, "the end that was noted earlier is not in the trail"),)


def test_an_end_on_paper_is_its_row_and_the_beginning_of_its_hash(
    record: Record, five_rows: Head
) -> None:
    with record.reading() as session:
        assert check_chain(session, Head(five_rows.number, five_rows.sha256[:16])) == ()
        for number, sha256 in ((five_rows.number - 1, five_rows.sha256), (5, "0" * 16)):
            assert len(check_chain(session, Head(number, sha256))) == 1


def test_seeing_is_noted_before_anything_is_shown(record: Record, patient: Patient) -> None:
    with record.reading() as session:
        saw(session, THERAPIST, "timeline", None, patient.id, {"pages": 2})
        with record.reading() as other:
            row = find_rows(other, limit=1)[0]
    assert (row.action, row.kind, row.patient_id) == ("saw", "timeline", patient.id)
    assert (row.account_id, row.details) == (THERAPIST.account_id, {"pages": 2})


def test_seeing_while_writing_is_in_the_same_transaction(record: Record, patient: Patient) -> None:
    def fail() -> None:
        with record.writing(by=THERAPIST) as session:
            saw(session, THERAPIST, "timeline", None, patient.id)
            raise KeyError("stop")

    with pytest.raises(KeyError):
        fail()
    with record.reading() as session:
        assert head(session).number == 2


def test_no_value_of_a_patient_is_in_the_trail(record: Record, patient: Patient) -> None:
    with record.reading() as session:
        whole = " ".join(str(vars(row)) for row in find_rows(session))
    assert patient.code not in whole
    assert "Muster" not in whole


def test_rows_are_found_by_patient_account_and_page(record: Record, five_rows: Head) -> None:
    with record.writing(by=Actor("b" * 32, "administrator")) as session:
        note(session, "added", "accounts", "x")
    with record.reading() as session:
        assert [r.number for r in find_rows(session, patient_id="p" * 32, limit=2)] == [5, 4]
        assert [r.number for r in find_rows(session, account_id="b" * 32)] == [6]
        assert [r.number for r in find_rows(session, before=3)] == [2, 1]


def test_a_plain_session_is_refused(record: Record) -> None:
    from sqlalchemy.orm import Session

    with Session(record.engine) as session, pytest.raises(RecordError, match="not one of a record"):
        note(session, "saw", "timeline")


def test_every_table_of_the_trail_is_indexed(engine: Engine) -> None:
    inspector: Inspector = inspect(engine)
    indexed = {tuple(index["column_names"]) for index in inspector.get_indexes("audit")}
    assert {("at",), ("patient_id",), ("account_id",)} <= indexed
