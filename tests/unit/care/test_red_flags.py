"""Red flags lead to people, and silence is never a clearance."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewire.care import Answers, Urgency, guide, red_flags
from facewire.errors import UsageError

TODAY = date(2026, 5, 20)
ALL_NO = {sign.key: "no" for sign in red_flags().signs}


def test_every_sign_has_a_source_and_an_advice() -> None:
    questions = red_flags()
    assert {sign.urgency for sign in questions.signs} == set(questions.advice) == set(Urgency)
    assert all(sign.source and sign.status in ("seen", "recalled") for sign in questions.signs)


@pytest.mark.parametrize("urgency", list(Urgency))
def test_signs_are_found_by_urgency_and_by_its_word(urgency: Urgency) -> None:
    questions = red_flags()
    assert questions.of(urgency)
    assert questions.of(urgency) == questions.of(urgency.value)  # type: ignore[arg-type]


def test_a_painful_eye_is_for_today_and_before_any_recording() -> None:
    guidance = guide(Answers({**ALL_NO, "eye": "yes"}, "yes", date(2025, 1, 1)), TODAY)
    assert guidance.urgency is Urgency.SAME_DAY
    assert [one.title for one in guidance.advice] == ["See a doctor today"]
    assert not guidance.may_record


def test_no_palsy_before_leads_to_a_doctor() -> None:
    guidance = guide(Answers(ALL_NO, "no"), TODAY)
    assert guidance.urgency is Urgency.SOON
    assert "another disease" in guidance.remarks[0].text
    assert guidance.may_record


@pytest.mark.parametrize(("began", "told"), [(date(2026, 4, 20), 1), (date(2026, 2, 20), 0)])
def test_linked_movements_one_month_after_onset_are_unusual(began: date, told: int) -> None:
    assert len(guide(Answers(ALL_NO, "yes", began), TODAY).remarks) == told


def test_nothing_named_is_no_clearance_but_may_record() -> None:
    guidance = guide(Answers(ALL_NO, "yes", date(2025, 1, 1)), TODAY)
    assert guidance.urgency is None
    assert guidance.advice == ()
    assert guidance.may_record


@pytest.mark.parametrize("left_out", ["eye", "speech_or_limbs"])
def test_a_question_left_out_is_not_cleared(left_out: str) -> None:
    answers = {key: "no" for key in ALL_NO if key != left_out}
    guidance = guide(Answers(answers, "yes"), TODAY)
    assert not guidance.may_record


@given(st.fixed_dictionaries({key: st.sampled_from(["yes", "no", "unsure"]) for key in ALL_NO}))
def test_the_most_urgent_sign_decides(signs: dict[str, str]) -> None:
    guidance = guide(Answers(signs, "yes"), TODAY)
    named = [sign.urgency for sign in red_flags().signs if signs[sign.key] != "no"]
    order = list(Urgency)
    assert guidance.urgency == (min(named, key=order.index) if named else None)
    assert guidance.may_record == (not {Urgency.EMERGENCY, Urgency.SAME_DAY} & set(named))


def test_unknown_questions_and_answers_are_refused() -> None:
    with pytest.raises(UsageError, match="belongs to no question"):
        Answers({"nose": "yes"})
    with pytest.raises(UsageError, match="cannot be read"):
        Answers({"eye": "perhaps"})
