"""Who may be one person: each way of writing the same person is found, and others are not."""

from __future__ import annotations

from datetime import date

from databases import PostgresServer
from facewire.record.alike import Reason, look_alikes
from facewire.record.engine import open_engine
from facewire.record.patients import Who, add_patient
from facewire.record.store import Record

BORN = date(1970, 3, 4)
HERE = Who("Jörg", "Müller-Groß", BORN, "A 17")
NAMES, EXCHANGED, NUMBER = Reason.NAMES, Reason.NAMES_EXCHANGED, Reason.NUMBER
SAME, UNKNOWN = Reason.BIRTH_DATE, Reason.BIRTH_DATE_UNKNOWN
TURNED, NEAR = Reason.DAY_AND_MONTH_EXCHANGED, Reason.BIRTH_DATE_NEAR

CASES = [
    (Who("jörg", "MÜLLER GROSS", BORN), (NAMES, SAME)),
    (Who("Joerg", "Mueller-Gross", BORN), (NAMES, SAME)),
    (Who("Jorg", "Muller Gross"), (NAMES, UNKNOWN)),
    (Who("Müller-Groß", "Jörg", BORN), (EXCHANGED, SAME)),
    (Who("", "Jörg Müller-Groß", BORN), (EXCHANGED, SAME)),
    (Who("Jörg", "Müller-Groß", date(1970, 4, 3)), (NAMES, TURNED)),
    (Who("Jörg", "Müller-Groß", date(1971, 3, 4)), (NAMES, NEAR)),
    (Who("Jörg", "Mayer", BORN), (Reason.ONE_NAME, SAME)),
    (Who("Eva", "Klein", None, "A-17"), (NUMBER,)),
    (Who("Eva", "Klein", None, "a17"), (NUMBER,)),
    (Who("Jörg", "Müller-Groß", date(1991, 12, 24)), ()),
    (Who("Jörg", "Mayer"), ()),
    (Who("Eva", "Klein", BORN, "A 18"), ()),
    (Who("Eva", "Klein", None, "-"), ()),
]


def check(record: Record) -> None:
    with record.writing() as session:
        add_patient(session, HERE)
        for who, reasons in CASES:
            found = [one.reasons for one in look_alikes(session, who)]
            assert found == ([reasons] if reasons else []), who


def test_one_person_is_found_however_written(record: Record) -> None:
    check(record)


def test_a_number_without_signs_between_finds_and_is_found(record: Record) -> None:
    with record.writing() as session:
        add_patient(session, Who("Eva", "Klein", None, "b17"))
        assert [one.reasons for one in look_alikes(session, Who("Ida", "Ott", None, "B 17"))] == [
            (NUMBER,)
        ]


def test_the_looked_at_patient_is_left_out(record: Record) -> None:
    with record.writing() as session:
        own = add_patient(session, HERE)
        assert look_alikes(session, HERE, but=own.id) == []


def test_sealed_names_are_found_alike(postgresql: PostgresServer) -> None:
    name = postgresql.create()
    sealed = Record.open(open_engine(postgresql.url(name), b"k" * 32))
    check(sealed)
    sealed.close()
    postgresql.drop(name)
