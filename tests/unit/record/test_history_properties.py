"""Whatever is done in whatever order: no row is lost, and any change of the trail is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text

from facewire.record.audit import Fault, check_chain, head, note
from facewire.record.engine import open_engine
from facewire.record.patients import Who, add_patient
from facewire.record.store import Record, add, supersede, void
from facewire.record.tables import Note, Patient

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "void", "supersede"]), st.integers(0, 9), WORDS), max_size=15
)
QUICK = settings(max_examples=25, deadline=None)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Record, Patient]]:
    """One record for all examples: each takes a patient of its own."""
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'record.sqlite'}")
        engine.dispose()
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        record = Record.open(engine)
        with record.writing() as session:
            patient = add_patient(session, Who("Maria", "Muster"))
        yield record, patient
        record.close()


@QUICK
@given(steps=STEPS)
def test_no_row_is_ever_lost(
    shared: tuple[Record, Patient], steps: list[tuple[str, int, str]]
) -> None:
    record, _ = shared
    with record.writing() as session:
        patient = add_patient(session, Who("Maria", "Muster"))
    written: list[str] = []
    live: list[str] = []
    replaced: dict[str, str] = {}
    for action, pick, words in steps:
        with record.writing() as session:
            row = Note(patient_id=patient.id, text=words)
            if action == "add" or not live:
                added = add(session, row)
            else:
                old = session.get_one(Note, live.pop(pick % len(live)))
                if action == "void":
                    void(session, old, "wrong")
                    continue
                added = supersede(session, old, row)
                replaced[added.id] = old.id
            written.append(words)
            live.append(added.id)
    with record.reading() as session:
        rows = session.scalars(
            select(Note).where(Note.patient_id == patient.id).order_by(Note.created_at)
        ).all()
        assert [row.text for row in rows] == written
        assert {row.id for row in rows if row.voided_at is None} == set(live)
        assert {row.id: row.supersedes for row in rows if row.supersedes} == replaced
        assert check_chain(session) == ()


COLUMNS = ("at", "account_id", "action", "kind", "row_id", "patient_id", "details", "sha256")


@pytest.fixture(scope="module")
def unguarded(shared: tuple[Record, Patient]) -> Record:
    """A record whose triggers somebody removed."""
    record, patient = shared
    with record.writing() as session:
        for number in range(10):
            note(session, "saw", "timeline", str(number), patient_id=patient.id)
    with record.engine.begin() as connection:
        guards = text(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        )
        for name in connection.execute(guards).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    return record


@pytest.mark.slow
@QUICK
@given(data=st.data())
def test_any_change_of_the_trail_is_found(unguarded: Record, data: st.DataObject) -> None:
    """One value of one row is changed past the triggers; then it is put back."""
    with unguarded.reading() as session:
        count = head(session).number
    number = data.draw(st.integers(1, count))
    column = data.draw(st.sampled_from(COLUMNS))
    with unguarded.engine.begin() as connection:
        query = text(f"SELECT {column} FROM audit WHERE number = :n")
        before = connection.execute(query, {"n": number}).scalar_one()
        changed = _other(column, before, data)
        put = text(f"UPDATE audit SET {column} = :v WHERE number = :n")
        connection.execute(put, {"v": changed, "n": number})
    with unguarded.reading() as session:
        found = check_chain(session)
    with unguarded.engine.begin() as connection:
        connection.execute(put, {"v": before, "n": number})
    assert Fault(number, "its content was changed") in found
    with unguarded.reading() as session:
        assert check_chain(session) == ()


def _other(column: str, before: object, data: st.DataObject) -> object:
    if column == "at":
        moment = datetime.fromisoformat(str(before))
        shift = data.draw(st.timedeltas().filter(bool).filter(lambda d: abs(d.days) < 10_000))
        return (moment + shift).strftime("%Y-%m-%d %H:%M:%S.%f")
    if column == "details":
        return data.draw(st.sampled_from(['{"a": 1}', '{"columns": []}', "[]"]))
    return data.draw(WORDS.filter(lambda words: words != before))
