from __future__ import annotations

from datetime import date

import pytest

from facewire.errors import RecordError
from facewire.record.injections import (
    Given,
    Injection,
    Procedure,
    days_since_toxin,
    injection_sessions,
    last_pattern,
    record_injections,
    record_procedure,
    totals_by_product,
    treatments_of,
    void_session,
)
from facewire.record.patients import Who, add_patient
from facewire.record.store import Record
from facewire.record.tables import Patient, Visit

TABLE = (
    Injection("orbicularis_oculi_palpebral", "R", 2.5),
    Injection("mentalis", "R", 4.0, {"point": "chin"}),
    Injection("frontalis", "L", 6.0, text="other side, to balance"),
)


@pytest.fixture
def treated(record: Record, patient: Patient) -> Record:
    with record.writing() as session:
        first = Given(patient.id, date(2026, 1, 10), given_by=" Dr. Ray ")
        record_injections(session, first, "Botox", TABLE)
        record_injections(
            session,
            Given(patient.id, date(2026, 4, 20)),
            "Dysport",
            [Injection("mentalis", "R", 9)],
        )
    return record


def test_a_session_keeps_its_table(treated: Record, patient: Patient) -> None:
    with treated.reading() as session:
        _, first = injection_sessions(session, patient.id)
    assert first.pattern == TABLE
    assert (first.product, first.on, first.given_by) == ("Botox", date(2026, 1, 10), "Dr. Ray")
    assert (first.total_units, first.units_on("R"), first.units_on("L")) == (12.5, 6.5, 6.0)


def test_the_last_pattern_can_be_repeated(treated: Record, patient: Patient) -> None:
    with treated.writing() as session:
        last = next(s for s in injection_sessions(session, patient.id) if s.product == "Botox")
        record_injections(session, Given(patient.id, date(2026, 7, 1)), last.product, last.pattern)
    with treated.reading() as session:
        again = last_pattern(session, patient.id)
    assert again is not None
    assert (again.on, again.pattern) == (date(2026, 7, 1), TABLE)


def test_days_are_counted_from_the_last_toxin_of_each_side(
    treated: Record, patient: Patient
) -> None:
    with treated.reading() as session:
        days = [
            days_since_toxin(session, patient.id, on)
            for on in (date(2026, 1, 9), date(2026, 1, 10), date(2026, 4, 21))
        ]
    assert days == [{}, {"L": 0, "R": 0}, {"L": 101, "R": 1}]


def test_products_are_never_added_up(treated: Record, patient: Patient) -> None:
    with treated.writing() as session:
        unknown = [Injection("mentalis", "L")]
        record_injections(session, Given(patient.id, date(2026, 5, 1)), "Xeomin", unknown)
        record_injections(session, Given(patient.id, date(2026, 8, 1)), "Botox", TABLE)
    with treated.reading() as session:
        totals = totals_by_product(session, patient.id)
    assert [(t.product, t.sessions, t.units) for t in totals] == [
        ("Botox", 2, 25.0),
        ("Dysport", 1, 9.0),
        ("Xeomin", 1, None),
    ]


def test_a_void_session_counts_no_more(treated: Record, patient: Patient) -> None:
    with treated.writing() as session:
        last = injection_sessions(session, patient.id)[0]
        assert void_session(session, last.session_id, "planned, not given") == 1
    with treated.reading() as session:
        assert days_since_toxin(session, patient.id, date(2026, 4, 21)) == {"L": 101, "R": 101}
        assert [t.product for t in totals_by_product(session, patient.id)] == ["Botox"]


def test_other_procedures_are_kept_and_are_no_toxin(record: Record, visit: Visit) -> None:
    weight = Procedure("eyelid_weight", "R", details={"weight_g": 1.2})
    with record.writing() as session:
        record_procedure(session, Given(visit.patient_id, visit.on, visit.id), weight)
    with record.reading() as session:
        (row,) = treatments_of(session, visit.patient_id)
        assert (row.procedure, row.side, row.details) == ("eyelid_weight", "R", {"weight_g": 1.2})
        assert injection_sessions(session, visit.patient_id) == []
        assert days_since_toxin(session, visit.patient_id, visit.on) == {}


@pytest.mark.parametrize("units", [0, -1, float("nan"), float("inf")])
def test_an_amount_is_above_zero(units: float) -> None:
    with pytest.raises(RecordError, match="amount of an injection"):
        Injection("mentalis", "L", units)


def test_side_and_muscle_are_needed() -> None:
    with pytest.raises(RecordError, match="side of a treatment"):
        Injection("mentalis", "both", 1)
    with pytest.raises(RecordError, match="muscle of a treatment"):
        Injection(" ", "L", 1)
    with pytest.raises(RecordError, match="recorded with its muscles"):
        Procedure("botulinum_toxin")


def test_product_rows_and_visit_are_checked(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        other = add_patient(session, Who("Otto", "Other"))
        with pytest.raises(RecordError, match="cannot be stored"):
            record_injections(session, Given(visit.patient_id, visit.on), " ", TABLE)
        with pytest.raises(RecordError, match="0 injections of Botox"):
            record_injections(session, Given(visit.patient_id, visit.on), "Botox", [])
        with pytest.raises(RecordError, match="another patient's"):
            record_injections(session, Given(other.id, visit.on, visit.id), "Botox", TABLE)
