from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text

from facewire.errors import NotFoundError, RecordError
from facewire.record.audit import Actor, find_rows
from facewire.record.patients import Who, add_patient
from facewire.record.store import Record, add, change, correct, get, supersede, void
from facewire.record.tables import Account, Finding, Note, Patient, Recording, Visit
from facewire.version import facewire_version

SURGEON = Actor("5" * 32, "clinician")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def note_on(patient: Patient, words: str = "first") -> Note:
    return Note(patient_id=patient.id, text=words)


def recording_on(visit: Visit) -> Recording:
    return Recording(
        patient_id=visit.patient_id,
        visit_id=visit.id,
        origin="live",
        state="recording",
        started_at=NOON,
    )


def test_a_row_says_who_when_and_which_version(record: Record, patient: Patient) -> None:
    before = datetime.now(UTC)
    with record.writing(by=SURGEON) as session:
        row = add(session, note_on(patient))
    with record.reading() as session:
        stored = get(session, Note, row.id)
    assert stored.created_by == SURGEON.account_id
    assert before <= stored.created_at <= datetime.now(UTC)
    assert stored.created_at.tzinfo is UTC
    assert stored.software == facewire_version()


def test_a_failed_transaction_stores_nothing(record: Record, patient: Patient) -> None:
    def fail() -> None:
        with record.writing(by=SURGEON) as session:
            add(session, note_on(patient))
            raise KeyError("stop")

    with pytest.raises(KeyError):
        fail()
    with record.reading() as session:
        assert session.scalars(select(Note)).all() == []
        assert [row.kind for row in find_rows(session)] == ["identities", "patients"]


def test_a_reading_session_refuses_to_write(record: Record, patient: Patient) -> None:
    with record.reading() as session:
        with pytest.raises(RecordError, match="only reads"):
            add(session, note_on(patient))
        session.add(note_on(patient))
        with pytest.raises(RecordError, match="only reads"):
            session.flush()
        session.expunge_all()


def test_a_reading_session_sees_one_state(record: Record, patient: Patient) -> None:
    query = select(Note.id)
    with record.reading() as session:
        assert session.scalars(query).all() == []
        with record.writing(by=SURGEON) as other:
            add(other, note_on(patient))
        assert session.scalars(query).all() == []
    with record.reading() as session:
        assert len(session.scalars(query).all()) == 1


def test_void_keeps_the_row_and_its_reason(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        row = add(session, note_on(patient))
    with record.writing(by=SURGEON) as session:
        void(session, row, " entered for another patient ")
    with record.reading() as session:
        stored = get(session, Note, row.id)
    assert (stored.text, stored.void_reason) == ("first", "entered for another patient")
    assert stored.voided_by == SURGEON.account_id
    assert stored.voided_at is not None
    assert stored.voided_at > stored.created_at


@pytest.mark.parametrize("reason", ["", "  "])
def test_void_needs_a_reason(record: Record, patient: Patient, reason: str) -> None:
    with record.writing() as session:
        row = add(session, note_on(patient))
        with pytest.raises(RecordError, match="for a reason only"):
            void(session, row, reason)


def test_a_void_row_is_not_void_again(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        row = void(session, add(session, note_on(patient)), "wrong")
        with pytest.raises(RecordError, match="void already"):
            void(session, row, "wrong again")


def test_an_account_is_never_void(record: Record) -> None:
    with record.writing() as session:
        account = add(session, an_account())
        with pytest.raises(RecordError, match="Rows of this table are not void"):
            void(session, account, "left")


def an_account() -> Account:
    return Account(
        name="ann",
        shown_name="Ann",
        password_hash="x",
        role="administrator",
        active=True,
        failed_attempts=0,
    )


def test_supersede_points_at_what_it_replaces(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        old = add(session, note_on(patient))
    with record.writing(by=SURGEON) as session:
        new = supersede(session, old, note_on(patient, "second"))
    with record.reading() as session:
        kept = get(session, Note, old.id)
        live = session.scalars(select(Note).where(Note.voided_at.is_(None))).all()
    assert (kept.text, kept.void_reason) == ("first", "superseded")
    assert [(row.text, row.supersedes) for row in live] == [("second", old.id)]
    assert live[0].id == new.id


def test_a_correction_is_of_the_same_table_and_patient(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        other = add_patient(session, Who("Otto", "Other"))
        old = add(session, Note(patient_id=visit.patient_id, text="first"))
        with pytest.raises(RecordError, match="same patient"):
            supersede(session, old, note_on(other))
        finding = Finding(patient_id=visit.patient_id, visit_id=visit.id, name="tearing")
        with pytest.raises(RecordError, match="notes and findings"):
            supersede(session, old, finding)  # type: ignore[type-var]
        with pytest.raises(RecordError, match=r"use correct\(\)"):
            supersede(session, visit, Visit(patient_id=visit.patient_id))


def test_a_corrected_visit_keeps_its_id_and_its_former_content(
    record: Record, visit: Visit
) -> None:
    with record.writing() as session:
        add(session, recording_on(visit))
    with record.writing(by=SURGEON) as session:
        corrected = correct(session, visit, on=date(2026, 3, 3))
    with record.reading() as session:
        stored = get(session, Visit, visit.id)
        former = get(session, Visit, str(corrected.supersedes))
    assert (stored.on, stored.voided_at) == (date(2026, 3, 3), None)
    assert (former.on, former.void_reason) == (date(2026, 3, 2), "superseded")
    assert former.created_by == visit.created_by
    assert former.voided_by == SURGEON.account_id


def test_corrections_form_a_chain(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        first = correct(session, visit, kind="home").supersedes
        second = correct(session, visit, kind="virtual").supersedes
        assert get(session, Visit, str(second)).supersedes == first
        assert correct(session, visit, kind="virtual").supersedes == second


def test_only_live_anchors_are_corrected(record: Record, visit: Visit, patient: Patient) -> None:
    with record.writing() as session:
        row = add(session, note_on(patient))
        with pytest.raises(RecordError, match="not corrected in place"):
            correct(session, row, text="other")
        void(session, visit, "never took place")
        with pytest.raises(RecordError, match="not corrected in place"):
            correct(session, visit, kind="home")


def test_change_notes_the_columns_and_not_their_values(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        row = add(session, recording_on(visit))
    with record.writing(by=SURGEON) as session:
        change(session, row, state="failed", problem={"what": "no face"}, mirrored=None)
    with record.reading() as session:
        last = find_rows(session, limit=1)[0]
    assert (last.action, last.kind, last.row_id) == ("changed", "recordings", row.id)
    assert last.details == {"columns": ["problem", "state"]}
    assert last.patient_id == visit.patient_id


def test_what_is_not_there_is_said(record: Record) -> None:
    with record.reading() as session, pytest.raises(NotFoundError, match="no such row in notes"):
        get(session, Note, "0" * 32)


def test_faults_of_the_database_do_not_tell_values(record: Record) -> None:
    def store() -> None:
        with record.writing() as session:
            add(session, Note(patient_id="nobody", text="Maria has pain"))

    with pytest.raises(RecordError, match="refuses this row") as caught:
        store()
    assert "Maria" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notes SET text = 'changed'",
        "UPDATE notes SET created_by = 'nobody'",
        "UPDATE notes SET supersedes = 'something'",
        "DELETE FROM notes",
        "UPDATE visits SET \"on\" = '2020-01-01'",
        "UPDATE visits SET id = 'x'",
        "UPDATE patients SET code = 'AAA-AAA'",
        "UPDATE recordings SET visit_id = visit_id",
        "DELETE FROM recordings",
    ],
)
def test_the_database_keeps_what_was_written(
    record: Record, visit: Visit, patient: Patient, statement: str
) -> None:
    with record.writing() as session:
        add(session, note_on(patient))
        add(session, recording_on(visit))

    def run() -> None:
        with record.writing() as session:
            session.execute(text(statement))

    with pytest.raises(RecordError, match=r"a kept row is not (changed|deleted)"):
        run()


def test_the_database_keeps_void_rows_void(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        void(session, add(session, note_on(patient)), "wrong")

    def run() -> None:
        with record.writing() as session:
            session.execute(text("UPDATE notes SET voided_at = NULL"))

    with pytest.raises(RecordError, match="a void row is not changed"):
        run()


def test_rows_of_a_patient_who_is_erased_can_be_deleted(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        other = add_patient(session, Who("Otto", "Other"))
        add(session, note_on(patient))
        add(session, note_on(other))
    with record.writing() as session:
        session.execute(text("INSERT INTO erasing VALUES (:p)"), {"p": patient.id})
        session.execute(text("DELETE FROM notes WHERE patient_id = :p"), {"p": patient.id})
        session.execute(text("DELETE FROM erasing"))

    def delete_other() -> None:
        with record.writing() as session:
            session.execute(text("DELETE FROM notes"))

    with pytest.raises(RecordError, match="not deleted"):
        delete_other()


def test_moments_never_repeat(engine: Engine) -> None:
    record = Record(engine, clock=lambda: NOON)
    moments = [record.moment() for _ in range(3)]
    assert moments == [NOON, NOON + timedelta(microseconds=1), NOON + timedelta(microseconds=2)]


def test_writers_wait_for_one_another(record: Record, patient: Patient) -> None:
    """Twenty people write at once; nothing is lost and the trail has no fork."""

    def write(number: int) -> None:
        with record.writing(by=Actor(f"{number:032}", "clinician")) as session:
            session.scalars(select(Note)).all()
            add(session, note_on(patient, str(number)))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with record.reading() as session:
        assert len(session.scalars(select(Note)).all()) == 20
        assert [row.number for row in find_rows(session)] == list(range(22, 0, -1))
