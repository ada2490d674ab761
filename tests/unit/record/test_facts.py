from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from facewire.errors import RecordError, UsageError
from facewire.face import Side
from facewire.face.muscles import MuscleGroup
from facewire.record.audit import Actor
from facewire.record.clinical import Story, save_finding, save_grade, save_history
from facewire.record.facts import (
    RecordFacts,
    answers_up_to,
    record_facts,
    save_answer,
    visit_findings,
)
from facewire.record.injections import (
    Given,
    Injection,
    Procedure,
    record_injections,
    record_procedure,
)
from facewire.record.store import Record, Session
from facewire.record.tables import FactAnswer, Patient, Visit
from facewire.record.visits import add_visit
from facewire.results.safety import Answer, Means
from facewire.safety import check_safety

BY = Actor("a" * 32, "clinician")
R, L = Side.RIGHT, Side.LEFT
DAY = date(2026, 3, 2)
"""Of the visit that the fixture makes."""


def facts_at(record: Record, visit: Visit, affected: Side | None = R) -> RecordFacts:
    with record.reading() as session:
        return record_facts(session, session.get_one(Visit, visit.id), affected)


def answer(session: Session, visit: Visit, key: str, value: Any, side: Side | None = None) -> None:
    save_answer(session, visit, (key, side), value, by="Dr Ann", on=visit.on)


def inject(session: Session, visit: Visit, on: date, side: str, **more: Any) -> None:
    rows = [Injection("orbicularis_oculi", side, 2.5), Injection("mentalis", side, 5.0)]
    given = more.pop("rows", rows)
    record_injections(session, Given(visit.patient_id, on), "onabotulinumtoxinA", given)


def test_an_empty_record_knows_the_age_and_nothing_else(record: Record, visit: Visit) -> None:
    found = facts_at(record, visit).facts()
    assert {place for place, known in found.known.items() if known} == {("age_years", None)}
    (age,) = found.answers("age_years", None)
    assert (age.value, age.source, age.origin) == (56.0, "stated", "date of birth")


@pytest.mark.parametrize(
    ("precision", "shortest", "longest"),
    [("day", 669, 669), ("month", 640, 670), ("year", 426, 791)],
)
def test_an_onset_that_is_known_to_the_month_or_year_has_an_interval(
    record: Record, visit: Visit, precision: str, shortest: int, longest: int
) -> None:
    first = {"day": date(2024, 5, 2), "month": date(2024, 5, 1), "year": date(2024, 1, 1)}
    with record.writing(by=BY) as session:
        story = Story(onset_on=first[precision], onset_precision=precision, side="R")
        save_history(session, visit.patient_id, story)
    (months,) = facts_at(record, visit).facts().answers("months_since_onset", None)
    assert (months.low * 30.4375, months.high * 30.4375) == pytest.approx((shortest, longest))
    assert months.origin == f"history, began {first[precision]}"


def test_toxin_counts_by_side_with_product_units_and_day(record: Record, visit: Visit) -> None:
    with record.writing(by=BY) as session:
        inject(session, visit, date(2026, 1, 1), "R")
        inject(session, visit, date(2025, 6, 1), "R")
        inject(session, visit, date(2026, 3, 20), "R")
    found = facts_at(record, visit).facts()
    (months,) = found.answers("months_since_toxin", R)
    assert months.value == pytest.approx(60 / 30.4375)
    assert months.origin == "toxin of 2026-01-01"
    assert [k.value for k in found.answers("toxin_record_complete", R)] == [True]
    assert [k.value for k in found.answers("toxin_ever", None)] == [True]
    assert [(c.date, c.product) for c in found.toxin_given] == [
        (date(2026, 1, 1), "onabotulinumtoxinA"),
        (date(2025, 6, 1), "onabotulinumtoxinA"),
    ]


def test_a_side_without_toxin_in_the_record_is_unknown_until_somebody_says_the_list_is_whole(
    record: Record, visit: Visit
) -> None:
    with record.writing(by=BY) as session:
        inject(session, visit, date(2026, 1, 1), "R")
    assert facts_at(record, visit).facts().answers("months_since_toxin", L) == ()
    with record.writing(by=BY) as session:
        answer(session, visit, "toxin_ever", True)
    (never,) = facts_at(record, visit).facts().answers("months_since_toxin", L)
    assert never.value == float("inf")


def test_units_that_were_not_written_leave_the_record_incomplete(
    record: Record, visit: Visit
) -> None:
    with record.writing(by=BY) as session:
        inject(session, visit, date(2026, 1, 1), "R", rows=[Injection("mentalis", "R")])
    (complete,) = facts_at(record, visit).facts().answers("toxin_record_complete", R)
    assert complete.value is False


def test_toxin_before_the_palsy_counts_all_the_same(record: Record, visit: Visit) -> None:
    with record.writing(by=BY) as session:
        inject(session, visit, date(2026, 1, 1), "R")
        story = Story(onset_on=date(2026, 2, 1), onset_precision="day")
        save_history(session, visit.patient_id, story)
    (months,) = facts_at(record, visit).facts().answers("months_since_toxin", R)
    assert months.value == pytest.approx(60 / 30.4375)


def test_what_was_never_said_is_not_cleared_and_what_bars_bars(
    record: Record, visit: Visit
) -> None:
    with record.writing(by=BY) as session:
        inject(session, visit, date(2026, 2, 1), "R")
    target = [(MuscleGroup.DEPRESSOR_ANGULI_ORIS, R)]
    rules = check_safety(Means.BOTULINUM_TOXIN, target, facts_at(record, visit).facts())
    pregnancy = next(one for one in rules if one.missing == "pregnancy_or_breastfeeding")
    barred = [rule for rule in rules if rule.answer is Answer.BARRED]
    assert {rule.found for rule in barred} == {
        "months since toxin 1.0 (worked out: toxin of 2026-02-01)"
    }
    assert pregnancy.answer is Answer.NOT_CLEARED


def test_an_answer_names_who_and_holds_at_its_visit(
    record: Record, visit: Visit, patient: Patient
) -> None:
    with record.writing(by=BY) as session:
        answer(session, visit, "pregnancy_or_breastfeeding", False)
        answer(session, visit, "test_block_dao", "good")
        answer(session, visit, "dry_eye", True, L)
        later = add_visit(session, patient.id, date(2026, 9, 2), "in_person")
    now = facts_at(record, visit).facts()
    (said,) = now.answers("pregnancy_or_breastfeeding", None)
    assert (said.value, said.origin) == (False, "answer of 2026-03-02")
    assert [k.value for k in now.answers("dry_eye", L)] == [True]
    assert now.answers("dry_eye", R) == ()
    then = facts_at(record, later).facts()
    assert then.answers("pregnancy_or_breastfeeding", None) == ()
    assert [k.value for k in then.answers("test_block_dao", None)] == ["good"]
    with record.reading() as session:
        old = answers_up_to(session, session.get_one(Visit, later.id))
    assert old["pregnancy_or_breastfeeding", None].by == "Dr Ann"
    assert not old["pregnancy_or_breastfeeding", None].holds


def test_a_newer_answer_that_does_not_last_ends_an_older_one_that_does(
    record: Record, visit: Visit, patient: Patient
) -> None:
    with record.writing(by=BY) as session:
        answer(session, visit, "diagnosis_confirmed", True)
        second = add_visit(session, patient.id, date(2026, 5, 2), "in_person")
        answer(session, second, "diagnosis_confirmed", False)
        third = add_visit(session, patient.id, date(2026, 9, 2), "in_person")
    assert facts_at(record, third).facts().answers("diagnosis_confirmed", None) == ()


def test_answering_again_keeps_the_former_answer_and_taking_back_makes_it_unknown(
    record: Record, visit: Visit
) -> None:
    with record.writing(by=BY) as session:
        answer(session, visit, "dry_eye", True, L)
        answer(session, visit, "dry_eye", False, L)
        answer(session, visit, "dry_eye", "unknown", L)
    with record.reading() as session:
        rows = session.query(FactAnswer).order_by(FactAnswer.created_at).all()
    assert [(row.value, row.voided_at is None) for row in rows] == [(True, False), (False, False)]
    assert facts_at(record, visit).facts().answers("dry_eye", L) == ()


@pytest.mark.parametrize(
    ("key", "side", "value"),
    [
        ("dry_eye", None, "perhaps"),
        ("side_confirmed", None, True),
        ("age", None, 4.0),
        ("closure_gap_mm", L, -1.0),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    record: Record, visit: Visit, key: str, side: Side | None, value: Any
) -> None:
    def store() -> None:
        with record.writing(by=BY) as session:
            answer(session, visit, key, value, side)

    with pytest.raises(UsageError):
        store()


def test_the_same_answer_on_a_later_day_is_another_answer(record: Record, visit: Visit) -> None:
    later = date(2026, 3, 9)
    with record.writing(by=BY) as session:
        first, again, then = (
            save_answer(session, visit, ("dry_eye", L), False, by="Dr Ann", on=on)
            for on in (DAY, DAY, later)
        )
    assert first is not None
    assert again is None
    assert then is not None
    assert (then.answered_on, then.supersedes) == (later, first.id)


def test_an_answer_of_nobody_is_refused(record: Record, visit: Visit) -> None:
    def store() -> None:
        with record.writing(by=BY) as session:
            save_answer(session, visit, ("dry_eye", L), False, by=" ", on=DAY)

    with pytest.raises(RecordError, match="names who gave it"):
        store()


def test_what_contradicts_the_record_is_refused_in_words(record: Record, visit: Visit) -> None:
    with record.writing(by=BY) as session:
        inject(session, visit, date(2026, 1, 1), "R")
        answer(session, visit, "toxin_ever", False)
    with pytest.raises(UsageError, match="contradict each other"):
        facts_at(record, visit).facts()


def test_treatments_and_findings_of_the_affected_side_answer_what_they_can(
    record: Record, visit: Visit
) -> None:
    with record.writing(by=BY) as session:
        record_procedure(
            session,
            Given(visit.patient_id, date(2025, 2, 1)),
            Procedure("neuromuscular_retraining", "R"),
        )
        record_procedure(
            session, Given(visit.patient_id, date(2025, 3, 1)), Procedure("upper_lid_weight", "R")
        )
        save_finding(session, visit, "platysma", "R", 2)
        save_finding(session, visit, "cheek_tightness", "L", 2)
        save_finding(session, visit, "chin_skin", "mid", 1)
    found = facts_at(record, visit).facts()
    (treated,) = found.answers("affected_side_treated", None)
    assert (treated.value, treated.origin) == (True, "upper lid weight of 2025-03-01")
    assert [k.value for k in found.answers("neck_bands", None)] == [True]
    assert found.answers("cheek_tight", None) == ()
    assert [k.value for k in found.answers("lid_weight", R)] == [True]
    assert found.answers("lid_weight", L) == ()
    assert facts_at(record, visit, L).facts().answers("affected_side_treated", None) == ()
    with record.reading() as session:
        given = visit_findings(session, session.get_one(Visit, visit.id), R)
    assert [(one.finding, one.grade, one.side) for one in given] == [
        ("cheek_tightness", 2, L),
        ("chin_skin", 1, R),
        ("platysma", 2, R),
    ]


def test_what_was_graded_by_eye_at_rest_is_a_fact_with_its_origin_unless_graders_differ(
    record: Record, visit: Visit
) -> None:
    resting = {"eye": "narrow", "cheek_nasolabial_fold": "absent", "mouth": "corner_drooped"}
    other = Actor("b" * 32, "clinician")
    with record.writing(by=BY) as session:
        save_grade(session, visit, "sunnybrook", {"resting": resting, "voluntary": {}})
    found = facts_at(record, visit).facts()
    (eye,) = found.answers("rest_eye", None)
    assert (eye.value, eye.origin) == ("narrow", f"Sunnybrook at rest, visit of {visit.on}")
    assert [k.value for k in found.answers("rest_fold", None)] == ["absent"]
    assert [k.value for k in found.answers("rest_corner", None)] == ["corner_drooped"]
    assert facts_at(record, visit, None).facts().answers("rest_eye", None) == ()
    with record.writing(by=other) as session:
        save_grade(session, visit, "sunnybrook", {"resting": resting | {"eye": "wide"}})
        answer(session, visit, "rest_fold", "more_marked")
    found = facts_at(record, visit).facts()
    assert found.answers("rest_eye", None) == ()
    assert [k.value for k in found.answers("rest_fold", None)] == ["more_marked"]
    assert [k.value for k in found.answers("rest_corner", None)] == ["corner_drooped"]


def test_a_lid_weight_that_was_taken_out_is_gone(record: Record, visit: Visit) -> None:
    surgery = [
        {"procedure": "upper_lid_weight", "side": "R", "on": "2024-05"},
        {"procedure": "lid_weight_removed", "side": "R", "on": "2025-01"},
        {"procedure": "upper_lid_weight", "side": "L", "on": ""},
        {"procedure": "lid_weight_removed", "side": "L", "on": "2025"},
    ]
    with record.writing(by=BY) as session:
        save_history(session, visit.patient_id, Story(earlier_surgery=surgery))
    found = facts_at(record, visit).facts()
    assert [k.value for k in found.answers("lid_weight", R)] == [False]
    assert found.answers("lid_weight", L) == ()


def test_facts_of_the_history_hold_from_the_day_they_were_first_written(
    record: Record, visit: Visit, patient: Patient
) -> None:
    with record.writing(by=BY) as session:
        save_history(session, patient.id, Story(facts={"diagnosis_confirmed": True}))
        save_history(session, patient.id, Story(cause="bell", facts={"diagnosis_confirmed": True}))
        today = add_visit(session, patient.id, date.today(), "in_person")
        far = add_visit(session, patient.id, date(2080, 1, 1), "in_person")
    assert facts_at(record, visit).facts().answers("diagnosis_confirmed", None) == ()
    for one in (today, far):
        (known,) = facts_at(record, one).facts().answers("diagnosis_confirmed", None)
        assert known.origin == f"history of {date.today()}"


def test_facts_go_through_text_unchanged(record: Record, visit: Visit) -> None:
    with record.writing(by=BY) as session:
        inject(session, visit, date(2026, 1, 1), "R")
        save_history(
            session, visit.patient_id, Story(onset_on=date(2024, 1, 1), onset_precision="year")
        )
        answer(session, visit, "dry_eye", True, L)
    found = facts_at(record, visit)
    assert RecordFacts.of(found.plain()).facts() == found.facts()
