"""Whether the other side was treated, as the record tells a measurement."""

from __future__ import annotations

from datetime import date

import pytest

from facewire.record.clinical import Story, save_history
from facewire.record.injections import (
    Given,
    Injection,
    Procedure,
    record_injections,
    record_procedure,
    void_session,
)
from facewire.record.other_side import other_side_treated
from facewire.record.store import Record
from facewire.record.tables import Patient

VISIT = date(2026, 3, 4)


def _said(record: Record, patient: Patient, side: str = "L") -> str | None:
    with record.reading() as session:
        return other_side_treated(session, patient.id, side, VISIT)


def _inject(record: Record, patient: Patient, side: str, on: date) -> str:
    with record.writing() as session:
        rows = [Injection("orbicularis_oculi", side, 5.0)]
        return record_injections(session, Given(patient.id, on), "one", rows).session_id


def test_an_untreated_side_is_told_as_such(record: Record, patient: Patient) -> None:
    _inject(record, patient, "R", date(2026, 1, 1))
    assert _said(record, patient) is None


def test_the_last_toxin_up_to_the_visit_counts(record: Record, patient: Patient) -> None:
    for on in (date(2025, 6, 1), date(2026, 1, 7), date(2026, 3, 5)):
        _inject(record, patient, "L", on)
    assert _said(record, patient) == "2026-01-07"


def test_a_session_made_void_does_not_count(record: Record, patient: Patient) -> None:
    number = _inject(record, patient, "L", date(2026, 1, 7))
    with record.writing() as session:
        void_session(session, number, "entered for somebody else")
    assert _said(record, patient) is None


@pytest.mark.parametrize(
    ("name", "side", "on", "said"),
    [
        ("upper_lid_weight", "L", date(2020, 5, 1), "operated"),
        ("upper_lid_weight", "R", date(2020, 5, 1), None),
        ("upper_lid_weight", "L", date(2026, 3, 5), None),
        ("neuromuscular_retraining", "L", date(2026, 1, 1), None),
    ],
)
def test_an_operation_before_the_visit_counts_for_good(
    record: Record, patient: Patient, name: str, side: str, on: date, said: str | None
) -> None:
    with record.writing() as session:
        record_procedure(session, Given(patient.id, on), Procedure(name, side))
    assert _said(record, patient) == said


@pytest.mark.parametrize(
    ("side", "on", "said"),
    [
        ("L", "2024-05", "operated"),
        ("both", "", "operated"),
        ("L", "2026", "operated"),
        ("L", "2026-04", None),
        ("R", "2024", None),
    ],
)
def test_earlier_surgery_of_the_history_counts(
    record: Record, patient: Patient, side: str, on: str, said: str | None
) -> None:
    surgery = [{"procedure": "gracilis_transfer", "side": side, "on": on}]
    with record.writing() as session:
        save_history(session, patient.id, Story(earlier_surgery=surgery))
    assert _said(record, patient) == said


def test_an_operation_outweighs_toxin(record: Record, patient: Patient) -> None:
    _inject(record, patient, "L", date(2026, 1, 7))
    with record.writing() as session:
        operated = Procedure("selective_neurolysis", "L")
        record_procedure(session, Given(patient.id, date(2021, 1, 1)), operated)
    assert _said(record, patient) == "operated"
