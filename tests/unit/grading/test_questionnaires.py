"""Questionnaires: worked examples, what has no score, what is no change, and what must be shown."""

from __future__ import annotations

import pytest

from facewire.errors import UsageError
from facewire.grading import score_questionnaire
from facewire.grading.answers import QUESTIONNAIRES, score_shift
from facewire.grading.questionnaires import (
    FaceForm,
    score_face,
    score_fdi_physical,
    score_fdi_social,
    score_mood,
    score_saq,
)
from facewire.results.questionnaire import Questionnaire

ZERO_OUT = "zero_not_applicable"
FORM = FaceForm(
    reversed_items=(1, 2),
    domains={
        "facial_movement": (1, 2, 3),
        "facial_comfort": (4, 5, 6),
        "oral_function": (7, 8),
        "eye_comfort": (9, 10),
        "lacrimal_control": (11,),
        "social_function": (12, 13, 14, 15),
    },
)


@pytest.mark.parametrize(("answer", "score"), [(1, 20.0), (3, 60.0), (5, 100.0)])
def test_saq_worked_examples(answer, score):
    assert score_saq([answer] * 9).score == pytest.approx(score)


def test_saq_with_a_missing_item_has_no_score():
    with pytest.raises(UsageError, match=r"SAQ has no score.*all 9.*no answer to 4"):
        score_saq([1, 2, 3, None, 5, 1, 2, 3, 4])


@pytest.mark.parametrize("answers", [[3] * 8, [3] * 10, [0] + [3] * 8, [3] * 8 + [2.5]])
def test_saq_refuses_impossible_answers(answers):
    with pytest.raises(UsageError, match="SAQ"):
        score_saq(answers)


def test_fdi_worked_examples():
    assert score_fdi_physical([5, 4, 3, 4, 5], ZERO_OUT).score == pytest.approx(80.0)
    assert score_fdi_social([6, 5, 4, 5, 6]).score == pytest.approx(84.0)


@pytest.mark.parametrize("form", ["", "other"])
def test_fdi_physical_needs_its_form_named(form):
    with pytest.raises(UsageError, match=r"form of the FDI.*zero_not_applicable, plain_sum"):
        score_fdi_physical([5] * 5, form)


def test_fdi_zero_is_not_applicable_and_stays_within_the_scale():
    found = score_fdi_physical([1, 1, 0, None, 1], ZERO_OUT)
    assert (found.score, found.answered) == (0.0, 3)


def test_fdi_without_any_applicable_item_has_no_score():
    with pytest.raises(UsageError, match=r"No item.*physical part applies"):
        score_fdi_physical([0] * 5, ZERO_OUT)


def test_fdi_plain_sum_is_its_own_scale():
    found = score_fdi_physical([5, 4, 3, 4, 0], "plain_sum")
    assert (found.score, found.high, found.sdc_individual) == (16.0, 25.0, None)


def test_fdi_social_needs_every_item():
    with pytest.raises(UsageError, match=r"FDI social has no score.*no answer to 2"):
        score_fdi_social([6, None, 4, 5, 6])


def test_face_has_no_score_without_its_form():
    with pytest.raises(UsageError, match=r"FaCE scale has no score.*licensed form"):
        score_face([3] * 15, None)


def test_face_total_weighs_items_not_domains():
    answers = [1, 1, 5, *[5] * 3, *[5] * 2, *[5] * 2, 1, *[5] * 4]
    scores = score_face(answers, FORM)
    assert scores["face"].score == pytest.approx(100 * 14 / 15)
    assert scores["lacrimal_control"].score == 0.0
    assert scores["facial_movement"].score == pytest.approx(100.0)


def test_face_form_needs_each_item_once():
    with pytest.raises(UsageError, match=r"domains of the FaCE form.*each item 1 to 15"):
        FaceForm((), {**FORM.domains, "lacrimal_control": (12,)})


@pytest.mark.parametrize(
    ("screen", "answers", "total", "band", "positive"),
    [
        ("phq9", [1, 1, 1, 1, 0, 0, 0, 0, 0], 4, "minimal", False),
        ("phq9", [2, 2, 2, 2, 1, 0, 0, 0, 0], 9, "mild", False),
        ("phq9", [2, 2, 2, 2, 2, 0, 0, 0, 0], 10, "moderate", True),
        ("phq9", [3, 3, 3, 3, 3, 0, 0, 0, 0], 15, "moderately severe", True),
        ("phq9", [3] * 8 + [0], 24, "severe", True),
        ("phq2", [1, 1], 2, None, False),
        ("phq2", [2, 1], 3, None, True),
        ("gad7", [2, 2, 1, 0, 0, 0, 0], 5, "mild", False),
        ("gad7", [2, 2, 2, 2, 2, 0, 0], 10, "moderate", True),
        ("gad7", [3] * 5 + [0, 0], 15, "severe", True),
        ("gad2", [3, 0], 3, None, True),
    ],
)
def test_mood_totals_and_bands(screen, answers, total, band, positive):
    found = score_mood(screen, answers)
    assert (found.total, found.band, found.positive) == (total, band, positive)
    assert not found.crisis


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_any_answer_about_self_harm_flags_whatever_the_total(answer):
    found = score_mood("phq9", [0] * 8 + [answer], contact="123 456")
    assert (found.total, found.positive, found.self_harm) == (answer, False, True)
    assert any("today" in line for line in found.crisis)
    assert found.crisis[-1] == "Crisis contact: 123 456"


def test_the_flag_stands_without_a_total():
    found = score_mood("phq9", [None] * 8 + [1])
    assert (found.total, found.self_harm) == (None, True)
    assert "local emergency number" in found.crisis[-1]


def test_an_unanswered_self_harm_item_is_not_a_no():
    assert score_mood("phq9", [0] * 8 + [None]).self_harm is None


@pytest.mark.parametrize("answers", [[7] + [0] * 7 + [2], [0] * 8 + [9]])
def test_bad_answers_do_not_hide_the_crisis_information(answers):
    with pytest.raises(UsageError, match=r"talk with the patient today"):
        score_mood("phq9", answers)


def test_unknown_screen_is_refused():
    with pytest.raises(UsageError, match=r"no such mood screen.*phq2"):
        score_mood("hads", [0] * 14)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([5, 5, 5, 5, 5, 5, 5, 5, 5], [4, 4, 4, 4, 4, 4, 4, 4, 4], "within measurement error"),
        ([5] * 9, [3, 3, 4, 4, 4, 4, 4, 4, 3], "within measurement error"),
        ([5] * 9, [3, 3, 4, 4, 4, 4, 4, 3, 3], "better"),
        ([1] * 9, [3] * 9, "worse"),
        ([2] * 9, [2] * 9, "within measurement error"),
    ],
)
def test_a_shift_under_the_smallest_detectable_change_is_no_change(before, after, verdict):
    assert score_shift(score_saq(before), score_saq(after)).verdict == verdict


def test_higher_is_better_turns_the_verdict():
    before, after = (score_fdi_social([value] * 5) for value in (2, 5))
    found = score_shift(before, after)
    assert (found.shift, found.verdict) == (pytest.approx(60.0), "better")


def test_without_a_published_figure_a_shift_cannot_be_told():
    before, after = (score_fdi_physical([v] * 5, "plain_sum") for v in (1, 5))
    assert score_shift(before, after).verdict == "cannot tell"


def test_scores_of_different_forms_are_not_compared():
    forms = (score_fdi_physical([3] * 5, form) for form in (ZERO_OUT, "plain_sum"))
    with pytest.raises(UsageError, match=r"cannot be compared.*plain_sum"):
        score_shift(*forms)


ANSWERS = {
    "saq": {"answers": [3] * 9},
    "fdi": {"physical": [5, 4, 3, 4, 5], "physical_form": ZERO_OUT, "social": [6, 5, 4, 5, 6]},
    "face": {
        "answers": [3] * 15,
        "form": {"reversed": [1, 2], "domains": {k: list(v) for k, v in FORM.domains.items()}},
    },
    "phq2": {"answers": [1, 1]},
    "phq9": {"answers": [0] * 8 + [1]},
    "gad2": {"answers": [1, None]},
    "gad7": {"answers": [1] * 7},
}


@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_every_questionnaire_gives_a_valid_document(name):
    found = score_questionnaire(name, ANSWERS[name], before=ANSWERS[name])
    assert Questionnaire.from_json(found.to_json()).plain() == found.plain()
    assert (found.questionnaire, bool(found.mood)) == (name, name[:3] in ("phq", "gad"))
    assert len(found.shifts) == len(found.scores)


@pytest.mark.parametrize(
    ("name", "answers", "message"),
    [
        ("hads", {}, r"no such questionnaire.*saq"),
        ("saq", {}, r"no list named answers"),
        ("saq", {"answers": "333333333"}, r"no list named answers"),
        ("fdi", {"physical": [5] * 5}, r"form of the FDI"),
        ("face", {"answers": [3] * 15, "form": {"reversed": [1]}}, r"FaCE form cannot be read"),
        ("face", {"answers": [3] * 15}, r"no score without its form"),
    ],
)
def test_what_cannot_be_scored_is_refused(name, answers, message):
    with pytest.raises(UsageError, match=message):
        score_questionnaire(name, answers)
