from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from facewire.errors import NotFoundError, RecordError
from facewire.record.patients import (
    CODE_LETTERS,
    FoundPatient,
    Who,
    add_patient,
    change_code,
    correct_identity,
    find_by_code,
    find_patients,
    identity_of,
    new_code,
)
from facewire.record.store import Record, void
from facewire.record.tables import Identity, Patient
from facewire.record.visits import add_visit

PEOPLE = (
    Who("Maria", "Müller", date(1970, 1, 31), "K-123"),
    Who("José", "Muñoz", date(1981, 12, 1), "K-124"),
    Who("Søren", "Ångström", None, "77/5"),
    Who("Anna Maria", "van der Berg", date(1990, 5, 6)),
)


@pytest.fixture
def clinic(record: Record) -> Record:
    with record.writing() as session:
        for who in PEOPLE:
            add_patient(session, who)
    return record


def names(found: list[FoundPatient]) -> list[str]:
    return [one.identity.family_name for one in found if one.identity is not None]


@pytest.mark.parametrize(
    ("typed", "families"),
    [
        ("müller", ["Müller"]),
        ("MULLER", ["Müller"]),
        ("mueller", ["Müller"]),
        ("muell mar", ["Müller"]),
        ("mu", ["Müller", "Muñoz"]),
        ("munoz jose", ["Muñoz"]),
        ("soren", ["Ångström"]),
        ("soeren", ["Ångström"]),
        ("angstrom", ["Ångström"]),
        ("aangstroem", ["Ångström"]),
        ("berg", ["van der Berg"]),
        ("maria", ["Müller", "van der Berg"]),
        ("k-123", ["Müller"]),
        ("77/5", ["Ångström"]),
        ("1970-01-31", ["Müller"]),
        ("31.01.1970", ["Müller"]),
        ("iller", []),
        ("maria munoz", []),
        ("%", ["Müller", "Muñoz", "van der Berg", "Ångström"]),
        ("m_ller", []),
    ],
)
def test_patients_are_found_by_beginnings(clinic: Record, typed: str, families: list[str]) -> None:
    with clinic.reading() as session:
        assert sorted(names(find_patients(session, typed))) == sorted(families)


def test_found_patients_are_sorted_by_name_without_accents(clinic: Record) -> None:
    with clinic.reading() as session:
        assert names(find_patients(session, "m")) == ["Müller", "Muñoz", "van der Berg"]


def test_nothing_typed_shows_the_latest_visits_first(clinic: Record) -> None:
    with clinic.writing() as session:
        muller, munoz = (find_patients(session, n)[0].patient.id for n in ("muller", "munoz"))
        add_visit(session, muller, date(2026, 2, 1), "home")
        add_visit(session, munoz, date(2026, 3, 1), "home")
        wrong = add_visit(session, muller, date(2026, 4, 1), "home")
        void(session, wrong, "wrong patient")
    with clinic.reading() as session:
        found = find_patients(session, " ", limit=3)
    assert names(found)[:2] == ["Muñoz", "Müller"]
    assert [one.last_visit_on for one in found] == [date(2026, 3, 1), date(2026, 2, 1), None]


def test_the_first_sign_of_a_code_finds_nobody(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facewire.record.patients.new_code", lambda _session: "MMM-MMM")
    with record.writing() as session:
        add_patient(session, Who("Søren", "Ångström"))
    with record.reading() as session:
        assert names(find_patients(session, "m")) == []
        assert names(find_patients(session, "mmm")) == ["Ångström"]


def test_a_code_finds_its_patient(clinic: Record) -> None:
    with clinic.reading() as session:
        patient = find_patients(session, "munoz")[0].patient
        assert names(find_patients(session, patient.code.lower())) == ["Muñoz"]
        assert names(find_patients(session, patient.code[:3])) == ["Muñoz"]
        assert find_by_code(session, f" {patient.code.lower()} ").id == patient.id
        with pytest.raises(NotFoundError, match="There is no patient with this code"):
            find_by_code(session, "AAA-AAA")


def test_codes_are_random_and_no_words(record: Record) -> None:
    with record.reading() as session:
        codes = {new_code(session) for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(f"[{CODE_LETTERS}]{{3}}-[{CODE_LETTERS}]{{3}}", one) for one in codes)
    assert set(CODE_LETTERS).isdisjoint("AEIOU01L")


def test_a_new_code_replaces_the_old_one_for_good(record: Record, patient: Patient) -> None:
    old = patient.code
    with record.writing() as session:
        change_code(session, patient)
    with record.reading() as session:
        stored = session.get_one(Patient, patient.id)
        assert stored.code != old
        with pytest.raises(NotFoundError):
            find_by_code(session, old)
        assert [one.patient.id for one in find_patients(session, stored.code)] == [patient.id]
        kept = session.scalars(select(Patient).where(Patient.code == old)).one()
    assert (kept.id, kept.void_reason) == (stored.supersedes, "superseded")


def test_a_corrected_identity_is_found_by_the_new_name_only(
    record: Record, patient: Patient
) -> None:
    with record.writing() as session:
        correct_identity(session, patient.id, Who("Maria", "Gonzalez", date(1970, 1, 31)))
    with record.reading() as session:
        assert find_patients(session, "muster") == []
        assert names(find_patients(session, "gonz")) == ["Gonzalez"]
        who = identity_of(session, patient.id)
        rows = session.scalars(select(Identity).order_by(Identity.created_at)).all()
    assert who is not None
    assert [row.family_name for row in rows] == ["Muster", "Gonzalez"]
    assert who.supersedes == rows[0].id


def test_the_database_allows_one_identity_at_a_time(record: Record, patient: Patient) -> None:
    def second() -> None:
        with record.writing() as session:
            session.add(Identity(**vars_of(Who("A", "B").row(patient.id))))
            session.flush()

    with pytest.raises(RecordError, match="refuses this row"):
        second()


def vars_of(row: Identity) -> dict[str, object]:
    plain = {k: v for k, v in vars(row).items() if not k.startswith("_")}
    return plain | {"created_at": row.created_at or _any_moment(), "software": "1"}


def _any_moment() -> object:
    from datetime import UTC, datetime

    return datetime(2026, 1, 1, tzinfo=UTC)


def test_a_name_is_needed() -> None:
    with pytest.raises(RecordError, match="name cannot be used"):
        Who(" ", "")
    with pytest.raises(RecordError, match="a longer one"):
        Who("x" * 121, "")
    with pytest.raises(RecordError, match="birth date cannot be right"):
        Who("Maria", "Muster", date(1870, 1, 31))


def test_correcting_nobody_is_refused(record: Record) -> None:
    with record.writing() as session, pytest.raises(NotFoundError, match="no identity"):
        correct_identity(session, "nobody", Who("A", "B"))
