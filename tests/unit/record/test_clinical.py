from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from facewire.errors import RecordError
from facewire.record.audit import Actor
from facewire.record.clinical import (
    Story,
    add_note,
    answers_of,
    complaints_of,
    consents_of,
    findings_of,
    grades_of,
    has_consent,
    history_of,
    notes_of,
    save_answers,
    save_complaint,
    save_consent,
    save_finding,
    save_grade,
    save_history,
)
from facewire.record.patients import Who, add_patient
from facewire.record.store import Record
from facewire.record.tables import Finding, History, Patient, RedFlagAnswers, Visit

STORY = Story(
    cause="bell",
    onset_on=date(2024, 5, 1),
    onset_precision="month",
    side="R",
    palsy_before=None,
    earlier_surgery=({"procedure": "eyelid_weight", "side": "R", "on": "2024-08"},),
    facts={"diabetes": False},
    text="woke up with it",
)


def test_a_history_is_kept_as_entered(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        save_history(session, patient.id, STORY)
    with record.reading() as session:
        row = history_of(session, patient.id)
    assert row is not None
    assert Story(**{name: getattr(row, name) for name in vars(STORY)}) == Story(
        **vars(STORY) | {"earlier_surgery": [dict(STORY.earlier_surgery[0])]}
    )


def test_the_newest_history_holds_and_the_former_stays(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        first = save_history(session, patient.id, STORY)
        save_history(session, patient.id, Story(side="L"))
    with record.reading() as session:
        row = history_of(session, patient.id)
        assert row is not None
        assert (row.side, row.cause, row.supersedes) == ("L", None, first.id)
        assert len(session.scalars(select(History)).all()) == 2


def test_no_history_is_none(record: Record, patient: Patient) -> None:
    with record.reading() as session:
        assert history_of(session, patient.id) is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"side": "left"}, "no such side"),
        ({"onset_on": date(2024, 5, 1)}, "onset is not complete"),
        ({"onset_precision": "week", "onset_on": date(2024, 5, 1)}, "precision of the onset"),
    ],
)
def test_a_history_is_checked(values: dict[str, object], words: str) -> None:
    with pytest.raises(RecordError, match=words):
        Story(**values)  # type: ignore[arg-type]


def test_a_finding_entered_again_replaces_the_former(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        save_finding(session, visit, "platysma", "L", 1)
        save_finding(session, visit, "platysma", "R", 3)
        save_finding(session, visit, "platysma", "L", 2)
    with record.reading() as session:
        found = {(f.name, f.side): f.degree for f in findings_of(session, visit.id)}
        assert len(session.scalars(select(Finding)).all()) == 3
    assert found == {("platysma", "L"): 2, ("platysma", "R"): 3}


@pytest.mark.parametrize(
    ("name", "side", "degree", "words"),
    [("smell", "L", 1, "finding"), ("tearing", "left", 1, "side"), ("tearing", "L", 4, "degree")],
)
def test_a_finding_is_checked(
    record: Record, visit: Visit, name: str, side: str, degree: int, words: str
) -> None:
    with record.writing() as session, pytest.raises(RecordError, match=f"no such {words}"):
        save_finding(session, visit, name, side, degree)


def test_complaints_hold_as_last_entered(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        for score in (4, 10, 0):
            save_complaint(session, visit, "pain", score)
        save_complaint(session, visit, "bother", 7)
        with pytest.raises(RecordError, match="no such score"):
            save_complaint(session, visit, "pain", 11)
    with record.reading() as session:
        assert {c.name: c.score for c in complaints_of(session, visit.id)} == {
            "pain": 0,
            "bother": 7,
        }


def test_two_people_may_grade_differently(record: Record, visit: Visit) -> None:
    for person, item in (("a", 1), ("b", 2), ("a", 3)):
        with record.writing(by=Actor(person * 32, "clinician")) as session:
            save_grade(session, visit, "sunnybrook", {"eye": item})
    with record.reading() as session:
        grades = grades_of(session, visit.id)
    assert [(g.created_by, g.items["eye"]) for g in grades] == [("b" * 32, 2), ("a" * 32, 3)]


def test_an_empty_grade_is_refused(record: Record, visit: Visit) -> None:
    with record.writing() as session, pytest.raises(RecordError, match="grade is empty"):
        save_grade(session, visit, "sunnybrook", {})


def test_notes_are_listed_latest_first(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        add_note(session, visit.patient_id, " first ", visit.id)
        add_note(session, visit.patient_id, "second")
    with record.reading() as session:
        assert [n.text for n in notes_of(session, visit.patient_id)] == ["second", "first"]
        assert [n.text for n in notes_of(session, visit.patient_id, visit.id)] == ["first"]


def test_a_note_needs_words_and_its_own_patients_visit(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        other = add_patient(session, Who("Otto", "Other"))
        with pytest.raises(RecordError, match="note is empty"):
            add_note(session, visit.patient_id, "  ")
        with pytest.raises(RecordError, match="another patient's"):
            add_note(session, other.id, "words", visit.id)


def test_the_newest_answers_hold(record: Record, visit: Visit) -> None:
    with record.writing() as session:
        for answer, visit_id in ((True, visit.id), (False, None)):
            row = RedFlagAnswers(
                patient_id=visit.patient_id,
                visit_id=visit_id,
                version="1",
                answers={"red_eye": answer},
            )
            save_answers(session, row)
    with record.reading() as session:
        newest = answers_of(session, visit.patient_id)
        at_visit = answers_of(session, visit.patient_id, visit.id)
    assert newest is not None
    assert at_visit is not None
    assert (newest.answers, at_visit.answers) == ({"red_eye": False}, {"red_eye": True})


def test_consent_holds_until_it_is_withdrawn(record: Record, patient: Patient) -> None:
    with record.reading() as session:
        assert not has_consent(session, patient.id, "care")
    for given in (True, False, True, False):
        with record.writing() as session:
            save_consent(session, patient.id, "research", given=given, wording="2026-1")
        with record.reading() as session:
            assert has_consent(session, patient.id, "research") is given
            assert not has_consent(session, patient.id, "care")
            assert set(consents_of(session, patient.id)) == {"research"}


def test_a_consent_names_purpose_and_wording(record: Record, patient: Patient) -> None:
    with record.writing() as session:
        with pytest.raises(RecordError, match="no such purpose"):
            save_consent(session, patient.id, "marketing", given=True, wording="1")
        with pytest.raises(RecordError, match="names the text"):
            save_consent(session, patient.id, "care", given=True, wording=" ")
