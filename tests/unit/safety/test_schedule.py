"""A time line of treatments: what a surgeon or an injector would refuse is barred, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from facewire.errors import UsageError
from facewire.face import Side
from facewire.face.muscles import MuscleGroup
from facewire.results.safety import Answer, Means, TreatmentCheck
from facewire.safety import Act, Facts, check_schedule, parse_facts
from planning_face import MISWIRED, stated

R, L = Side.RIGHT, Side.LEFT
ONA, ABO = "onabotulinumtoxinA", "abobotulinumtoxinA"
EYE = (MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL, MuscleGroup.ORBICULARIS_OCULI_ORBITAL)
TOXIN = Act(0, Means.BOTULINUM_TOXIN, R, "orbicularis oculi", EYE, ONA, 7.5, 3)
CUT = Act(0, Means.SELECTIVE_NEURECTOMY, R, "platysma", (MuscleGroup.PLATYSMA,))
TRAINING = Act(0, Means.FACIAL_TRAINING, R, "training", EYE)


def checked(*acts: Act, facts: Facts | None = None, **given: int) -> list[TreatmentCheck]:
    return list(check_schedule(acts, stated() if facts is None else facts, **given))


def barring(check: TreatmentCheck) -> set[str]:
    return {rule.rule for rule in check.safety if rule.answer is Answer.BARRED}


def waiting(check: TreatmentCheck) -> set[str]:
    return {rule.rule for rule in check.safety if rule.answer is Answer.NOT_CLEARED}


def test_one_usual_course_is_cleared_when_everything_is_known() -> None:
    assert [one.answer for one in checked(TOXIN)] == [Answer.CLEARED]


def test_nothing_known_clears_nothing() -> None:
    for one in checked(TOXIN, CUT, TRAINING, facts=Facts()):
        assert one.answer is not Answer.CLEARED


def test_toxin_into_an_eye_with_a_gap_of_7_8_mm_is_barred() -> None:
    assert "closure_gap" in barring(checked(TOXIN, facts=stated(closure_gap_mm=7.8))[0])


def test_surgery_five_days_after_onset_is_barred() -> None:
    facts = stated(months_since_onset=None)
    assert "surgery_timing" in barring(checked(CUT, facts=facts, onset_day=-5)[0])


def test_surgery_is_asked_on_its_own_day() -> None:
    facts = stated(months_since_onset=None)
    later = replace(CUT, day=400)
    assert "surgery_timing" not in barring(checked(later, facts=facts, onset_day=-5)[0])


def test_ten_courses_14_days_apart_are_barred_from_the_second_on() -> None:
    found = checked(*(replace(TOXIN, day=14 * i) for i in range(10)))
    assert found[0].answer is Answer.CLEARED
    assert all("toxin_interval" in barring(one) for one in found[1:])


def test_courses_four_months_apart_are_cleared() -> None:
    found = checked(*(replace(TOXIN, day=122 * i) for i in range(3)))
    assert {one.answer for one in found} == {Answer.CLEARED}


def test_two_products_in_one_muscle_on_one_day_are_barred() -> None:
    for one in checked(TOXIN, replace(TOXIN, product=ABO)):
        assert {"one_product", "one_treatment_a_day"} <= barring(one)


def test_another_product_before_the_first_has_worn_off_is_barred() -> None:
    other = replace(TOXIN, day=80, product=ABO, muscles=(MuscleGroup.PLATYSMA,))
    assert "one_product" in barring(checked(TOXIN, other)[1])
    assert "one_product" not in barring(checked(TOXIN, replace(other, day=120))[1])


def test_1500_units_in_one_site_are_barred_by_the_label() -> None:
    found = checked(replace(TOXIN, units=1500.0, sites=1))[0]
    assert {"label_total", "units_a_site"} <= barring(found)


@pytest.mark.parametrize(
    ("first", "second", "day", "words"),
    [
        (300.0, 110.0, 60, "410 units of onabotulinumtoxinA within 92 days"),
        (150.0, 60.0, 20, "210 units of onabotulinumtoxinA within 30 days"),
    ],
)
def test_a_label_bars_what_its_time_adds_up_to(
    first: float, second: float, day: int, words: str
) -> None:
    acts = (replace(TOXIN, units=first), replace(TOXIN, day=day, units=second))
    found = [r for r in checked(*acts)[1].safety if r.rule == "label_total"]
    assert [r.found.startswith(words) for r in found if r.answer is Answer.BARRED] == [True]


@pytest.mark.parametrize(("first", "second", "day"), [(190.0, 190.0, 60), (190.0, 190.0, 31)])
def test_a_label_clears_what_its_time_does_not_add_up_to(
    first: float, second: float, day: int
) -> None:
    """By hand: 380 of 400 in 92 days, 190 of 200 in 30 days."""
    acts = (replace(TOXIN, units=first), replace(TOXIN, day=day, units=second))
    assert "label_total" not in barring(checked(*acts)[1]) | waiting(checked(*acts)[1])


def test_an_earlier_course_without_units_leaves_the_total_open() -> None:
    found = checked(replace(TOXIN, units=None), replace(TOXIN, day=80))[1]
    assert "label_total" in waiting(found)


def test_units_without_a_product_and_a_product_without_units_wait() -> None:
    for changed in ({"product": None}, {"units": None}):
        found = checked(replace(TOXIN, **changed))[0]  # type: ignore[arg-type]
        assert "label_total" in waiting(found)
        assert found.answer is Answer.NOT_CLEARED


def test_a_product_whose_label_was_not_seen_waits() -> None:
    found = checked(replace(TOXIN, product=ABO))[0]
    assert {"label_total", "units_a_site"} <= waiting(found)


@pytest.mark.parametrize("product", [None, ABO])
def test_1500_units_of_whatever_product_are_barred(product: str | None) -> None:
    """By hand: three times the largest label seen are 1,200; ten times the most a site are 50."""
    found = checked(replace(TOXIN, product=product, units=1500.0, sites=1))[0]
    assert {"label_total", "units_a_site"} <= barring(found)
    fewer = checked(replace(TOXIN, product=product, units=1200.0, sites=25))[0]
    assert not {"label_total", "units_a_site"} & barring(fewer)
    assert {"label_total", "units_a_site"} <= waiting(fewer)


def test_ten_times_the_most_in_one_site_is_barred() -> None:
    assert "units_a_site" in barring(checked(replace(TOXIN, units=50.0, sites=1))[0])
    assert "units_a_site" in waiting(checked(replace(TOXIN, units=49.0, sites=1))[0])


def test_training_of_the_healthy_side_is_not_cleared() -> None:
    assert "training_side" in waiting(checked(replace(TRAINING, side=L))[0])
    assert "training_side" not in waiting(checked(TRAINING)[0])


def test_more_in_a_site_than_any_series_waits() -> None:
    assert "units_a_site" in waiting(checked(replace(TOXIN, units=6.0, sites=1))[0])
    assert "units_a_site" not in waiting(checked(replace(TOXIN, units=5.0, sites=1))[0])


def test_the_healthy_side_is_barred_for_neurolysis_and_for_the_eye() -> None:
    cut, eye = checked(replace(CUT, side=L), replace(TOXIN, side=L))
    assert "wrong_side" in barring(cut)
    assert "healthy_eye" in barring(eye)


def test_the_other_side_waits_for_the_affected_one() -> None:
    frontalis = Act(
        130, Means.BOTULINUM_TOXIN, L, "frontalis", (MuscleGroup.FRONTALIS,), ONA, 10, 4
    )
    unknown = stated(affected_side_treated=None)
    assert "other_side_after" in waiting(checked(frontalis, facts=unknown)[0])
    assert "other_side_after" not in waiting(checked(TOXIN, frontalis, facts=unknown)[1])


def test_toxin_and_surgery_of_one_muscle_on_one_day_are_barred() -> None:
    platysma = replace(TOXIN, muscles=CUT.muscles)
    for one in checked(platysma, CUT):
        assert "one_treatment_a_day" in barring(one)


def test_neurectomy_waits_six_months_after_a_course_of_the_same_time_line() -> None:
    assert "toxin_free_neurectomy" in barring(checked(TOXIN, replace(CUT, day=150))[1])
    assert "toxin_free_neurectomy" not in barring(checked(TOXIN, replace(CUT, day=190))[1])


def test_what_was_given_before_is_history_and_counts() -> None:
    past = replace(TOXIN, day=-30)
    found = checked(past, TOXIN, facts=stated(toxin_ever=None))
    assert [one.day for one in found] == [0]
    assert "toxin_interval" in barring(found[0])


@pytest.mark.parametrize("day", [0, 100])
def test_a_history_that_is_not_known_does_not_clear_a_course(day: int) -> None:
    found = checked(replace(TOXIN, day=day), facts=stated(toxin_ever=None))[0]
    assert {"toxin_interval", "earlier_toxin_record"} <= waiting(found)


def test_mirrored_acts_on_a_mirrored_face_have_the_same_answers() -> None:
    acts = (TOXIN, replace(CUT, day=200, side=L), replace(TOXIN, day=20, product=ABO))
    turned = tuple(replace(act, side=act.side.other) for act in acts)
    facts = stated().of_face(replace(MISWIRED, affected=L))
    assert [one.answer for one in checked(*acts)] == [
        one.answer for one in checked(*turned, facts=facts)
    ]


def test_toxin_never_given_and_a_past_course_contradict() -> None:
    never = {"training_and_toxin_insufficient": None, "toxin_response_platysma": None}
    with pytest.raises(UsageError, match="contradict each other"):
        checked(replace(TOXIN, day=-60), facts=stated(toxin_ever=False, **never))


def test_two_onsets_contradict() -> None:
    with pytest.raises(UsageError, match=r"24.0 months ago in the facts, 3.0 in the time line"):
        checked(TOXIN, onset_day=-91)


def test_an_onset_that_agrees_is_taken() -> None:
    facts = parse_facts({"facts": {"months_since_onset": 24}})
    assert checked(TOXIN, facts=facts, onset_day=-731)[0].answer is Answer.NOT_CLEARED


@pytest.mark.parametrize(
    ("day", "answer"),
    [(0, Answer.BARRED), (21, Answer.BARRED), (22, Answer.NOT_CLEARED), (730, Answer.NOT_CLEARED)],
)
@pytest.mark.parametrize("given", [{"stage": "flaccid"}, {"stage": None, "flaccid_stage": True}])
def test_a_flaccid_face_is_not_known_any_more_once_it_could_have_begun_to_move(
    day: int, answer: Answer, given: dict[str, object]
) -> None:
    """Training was barred for ever; 85 % of Bell's palsies begin to recover within 3 weeks."""
    none: dict[str, object] = {"neck_bands": None, "test_block_dao": None}
    facts = stated(**{"flaccid_stage": None, **none, **given})
    one = checked(replace(TRAINING, day=day), facts=facts)[0]
    rules = {rule.rule: rule for rule in one.safety}
    found = rules["training_flaccid"]
    assert found.answer is answer
    if answer is Answer.NOT_CLEARED:
        assert found.missing == "flaccid_stage"
        assert f"on day {day} look and measure again" in found.found
    weakened = checked(replace(TOXIN, day=day), facts=facts)[0]
    assert {rule.answer for rule in weakened.safety if rule.rule == "weakening_flaccid"} == {answer}


def test_a_face_that_moves_does_not_turn_flaccid_again_and_synkinesis_stays() -> None:
    rules = {rule.rule: rule.answer for rule in checked(replace(TOXIN, day=700))[0].safety}
    assert rules["weakening_flaccid"] is Answer.CLEARED
    assert rules["weakening_stage"] is Answer.CLEARED


def test_healing_does_not_last_for_ever_and_ends_with_a_question() -> None:
    facts = stated(stage=None, early_after_surgery=True)
    for day, answer in ((28, Answer.BARRED), (29, Answer.NOT_CLEARED)):
        one = checked(replace(TRAINING, day=day), facts=facts)[0]
        assert {r.rule: r.answer for r in one.safety}["training_after_surgery"] is answer


def test_an_operation_of_the_time_line_is_healing_afterwards_and_then_asked_for() -> None:
    """Training was cleared on the day after a neurectomy, as nobody healed on day 0."""
    for day, answer in ((0, Answer.CLEARED), (8, Answer.BARRED), (60, Answer.NOT_CLEARED)):
        train = checked(replace(CUT, day=1), replace(TRAINING, day=day))
        own = next(one for one in train if one.means is Means.FACIAL_TRAINING)
        rule = next(one for one in own.safety if one.rule == "training_after_surgery")
        assert rule.answer is answer
    assert "operated 59 days before" in rule.found
