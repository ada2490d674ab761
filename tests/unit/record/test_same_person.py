"""Two records of one person: read as one, nothing moved, taken apart again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from facewire.errors import RecordError
from facewire.record import audit
from facewire.record.clinical import (
    Story,
    add_note,
    has_consent,
    history_of,
    notes_of,
    save_consent,
    save_history,
)
from facewire.record.erase import erase_patient, what_would_go
from facewire.record.folder import DataFolder
from facewire.record.injections import (
    Given,
    Injection,
    days_since_toxin,
    record_injections,
    treated_patients,
)
from facewire.record.patients import Who, add_patient, find_by_code, find_patients, identity_of
from facewire.record.rows import Base
from facewire.record.same_person import ids_of, join, joins_of, shown_id, take_apart
from facewire.record.store import Record
from facewire.record.tables import Join, Note, Patient
from facewire.record.timeline import timeline
from facewire.record.visits import add_visit, recent_visits, visits_of
from unit.record.made_folder import make_folder

FIRST, SECOND = date(2026, 1, 5), date(2026, 3, 2)


def fill(record: Record) -> tuple[str, str]:
    """Make two records, each with a visit, a note and an injection."""
    ids = []
    with record.writing() as session:
        for who, on in ((Who("Maria", "Müller"), FIRST), (Who("Müller", "Maria"), SECOND)):
            patient = add_patient(session, who)
            visit = add_visit(session, patient.id, on, "in_person")
            add_note(session, patient.id, who.given_name, visit.id)
            given = Given(patient.id, on, visit.id)
            record_injections(session, given, "Botox", [Injection("mentalis", "R", 2.5)])
            ids.append(patient.id)
    return ids[0], ids[1]


def rows(record: Record) -> dict[str, list[tuple[object, ...]]]:
    with record.reading() as session:
        return {
            table.name: sorted(tuple(map(str, row)) for row in session.execute(table.select()))
            for table in Base.metadata.sorted_tables
            if table.name not in ("audit", "joins")
        }


def test_joined_records_are_read_as_one(record: Record) -> None:
    one, two = fill(record)
    with record.writing() as session:
        save_consent(session, two, "care", given=True, wording="1")
        save_history(session, two, Story("bell", side="R"))
        join(session, one, two)
        for patient_id in (one, two):
            assert [visit.on for visit in visits_of(session, patient_id)] == [SECOND, FIRST]
            assert {note.text for note in notes_of(session, patient_id)} == {"Maria", "Müller"}
            assert days_since_toxin(session, patient_id, SECOND) == {"R": 0}
            assert has_consent(session, patient_id, "care")
            who = identity_of(session, patient_id)
            assert who is not None
            assert who.family_name == "Müller"
            story = history_of(session, patient_id)
            assert story is not None
            assert story.cause == "bell"
            assert len(timeline(session, patient_id)) == 8
        assert treated_patients(session) == [one]
        (found,) = find_patients(session, "maria")
        assert (found.patient.id, found.last_visit_on) == (one, SECOND)
        assert {line.patient_id for line in recent_visits(session)} == {one}
        other = session.get_one(Patient, two)
        assert find_by_code(session, other.code).id == one


def test_taken_apart_each_has_what_was_written_for_it(record: Record) -> None:
    one, two = fill(record)
    before = rows(record)
    with record.writing() as session:
        row = join(session, one, two)
        theirs = next(visit for visit in visits_of(session, one) if visit.on == SECOND)
        add_note(session, one, "at her visit", theirs.id)
        add_note(session, two, "of no visit")
        take_apart(session, row, "sisters")
        texts = [{note.text for note in notes_of(session, key)} for key in (one, two)]
        assert texts == [{"Maria", "of no visit"}, {"Müller", "at her visit"}]
        assert len(find_patients(session, "maria")) == 2
        assert session.get_one(Join, row.id).void_reason == "sisters"
    after = rows(record)
    assert {name: [r for r in own if r in after[name]] for name, own in before.items()} == before
    with record.reading() as session:
        trail = [(r.action, r.patient_id) for r in audit.find_rows(session) if r.kind == "joins"]
        assert trail == [("voided", one), ("added", one)]
        assert audit.check_chain(session) == ()


def test_a_third_record_is_joined_to_both(record: Record) -> None:
    one, two = fill(record)
    with record.writing() as session:
        third = add_patient(session, Who("M.", "Müller")).id
        join(session, one, two)
        join(session, third, two)
        assert ids_of(session, two) == (third, *sorted((one, two)))
        assert {shown_id(session, key) for key in (one, two, third)} == {third}
        assert len(joins_of(session, one)) == 2
        with pytest.raises(RecordError, match="one person already"):
            join(session, two, third)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return make_folder(tmp_path / "data", None)


@pytest.fixture
def own_record(folder: DataFolder) -> Iterator[Record]:
    opened = Record.open(folder.engine())
    yield opened
    opened.close()


def test_an_erasure_takes_all_records_of_the_person(folder: DataFolder, own_record: Record) -> None:
    one, two = fill(own_record)
    with own_record.writing() as session:
        join(session, one, two)
        codes = tuple(sorted(session.get_one(Patient, each).code for each in (one, two)))
    asked = what_would_go(folder, own_record, codes[1])
    assert asked.codes == codes
    done = erase_patient(folder, own_record, codes[1], "asked for")
    assert (done.codes, done.rows) == (codes, asked.rows)
    with own_record.reading() as session:
        for table in (Patient, Note, Join):
            assert session.query(table).count() == 0


def test_one_of_two_who_were_taken_apart_is_erased_alone(
    folder: DataFolder, own_record: Record
) -> None:
    one, two = fill(own_record)
    with own_record.writing() as session:
        take_apart(session, join(session, one, two), "sisters")
        code = session.get_one(Patient, two).code
    assert erase_patient(folder, own_record, code, "asked for").codes == (code,)
    with own_record.reading() as session:
        assert [row.id for row in session.query(Patient)] == [one]
        assert [note.text for note in notes_of(session, one)] == ["Maria"]
