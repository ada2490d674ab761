"""One begins light: the order of candidates, and what each step gains and risks."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face import Movement, Side
from facewire.face.muscles import GROUP_INDEX, MuscleGroup
from facewire.plan import Preferences, make_plan, parse_preferences
from facewire.plan.candidates import explain
from facewire.plan.objectives import OBJECTIVES
from facewire.report.plan_words import order, step_up
from facewire.report.unmeasured import Unmeasured, document_page
from facewire.results.harm import Harm
from facewire.results.plan import Candidate, Objective, Plan
from facewire.results.safety import Answer
from facewire.wiring import FaceState
from facewire.wiring.state import side_index
from planning_face import SMILE_TO_EYE, Wrong, face_state, stated, wiring

PALPEBRAL, DAO = MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL, MuscleGroup.DEPRESSOR_ANGULI_ORIS
PLATYSMA = MuscleGroup.PLATYSMA
TWO: Wrong = {
    (Movement.SMILE_OPEN, PALPEBRAL): 0.4,
    (Movement.SMILE_CLOSED, PALPEBRAL): 0.4,
    (Movement.SMILE_OPEN, DAO): 0.5,
}


def planned(wrong: Wrong, **limits: float) -> Plan:
    """Return the plan of 60 faces that differ only in the force that their lids need."""
    model = wiring(wrong, draws=face_state(wrong, draws=60).to_draws())
    return make_plan(model, stated(), Preferences(most_muscles=1, **limits))  # type: ignore[arg-type]


def of(plan: Plan, muscle: MuscleGroup) -> list[Candidate]:
    return [one for one in plan.candidates if one.targets == ((muscle, Side.RIGHT),)]


def degrees(found: list[Candidate]) -> list[float]:
    return [one.weakenings[0].weakening_percent for one in found]


def gap_percent(one: Candidate) -> float:
    assert one.harms is not None
    return max(
        row.percent[row.worst]
        for row in one.harms.simulated
        if (row.harm, row.side) == (Harm.LAGOPHTHALMOS_2, Side.RIGHT)
    )


@pytest.fixture(scope="module")
def two() -> Plan:
    return planned(TWO)


@pytest.mark.slow
def test_of_one_muscle_the_lightest_stands_first(two: Plan) -> None:
    """The weighted sum alone put the strongest first."""
    scores = [one.score_mm for one in of(two, PALPEBRAL)]
    assert scores[-1] == min(scores)
    for muscle in (PALPEBRAL, DAO):
        assert degrees(of(two, muscle)) == [30.0, 50.0, 70.0]
    assert [one.id for one in two.candidates] == [f"C{i}" for i in range(1, 7)]


def test_muscles_stand_in_the_order_of_what_they_reach(two: Plan) -> None:
    best = {m: min(one.score_mm for one in of(two, m)) for m in (PALPEBRAL, DAO)}
    first, second = sorted(best, key=best.__getitem__)
    assert [one.targets[0][0] for one in two.candidates] == [first] * 3 + [second] * 3


@pytest.mark.slow
def test_what_harms_more_often_than_the_limit_stands_after_the_rest() -> None:
    plan = planned(TWO, largest_harm_percent=1.0)
    beyond = [gap_percent(one) > 1.0 for one in plan.candidates]
    assert True in beyond
    assert beyond == sorted(beyond)
    assert degrees(of(plan, PALPEBRAL)) == [30.0, 50.0, 70.0]
    assert plan.preferences.largest_harm_percent == 1.0


@pytest.mark.slow
def test_weights_choose_the_muscle_and_never_the_degree() -> None:
    lids = planned(TWO, weights={Objective.SYNKINESIS: 5.0})  # type: ignore[arg-type]
    smile = planned(TWO, weights={Objective.SMILE_ASYMMETRY: 50.0})  # type: ignore[arg-type]
    first = [plan.candidates[0].targets[0][0] for plan in (lids, smile)]
    assert first == [PALPEBRAL, DAO]
    for plan in (lids, smile):
        assert degrees(of(plan, PALPEBRAL)) == [30.0, 50.0, 70.0]


@pytest.mark.slow
def test_what_is_barred_stands_last() -> None:
    model = wiring(TWO, draws=face_state(TWO, draws=20).to_draws())
    plan = make_plan(model, stated(dry_eye=True), Preferences(most_muscles=1))
    barred = [one.answer is Answer.BARRED for one in plan.candidates]
    assert barred == sorted(barred)
    assert set(barred) == {True, False}


@pytest.mark.slow
def test_worse_than_nothing_and_the_healthy_side_alone_stand_after_the_rest() -> None:
    """A healthy brow, lowered at a loss, stood before the eye that narrows."""
    wrong = TWO | {(Movement.BROW_RAISE, PALPEBRAL): 0.2}
    state = face_state(wrong, draws=20)
    strength = state.strength.copy()
    strength[:, side_index(Side.RIGHT), GROUP_INDEX[MuscleGroup.FRONTALIS]] = 0.3
    draws = FaceState(**{**vars(state), "strength": strength}).to_draws()
    plan = make_plan(wiring(wrong, draws=draws), stated(), Preferences(most_muscles=1))
    alone = [all(side is Side.LEFT for _, side in one.targets) for one in plan.candidates]
    assert True in alone
    assert not alone[0]
    worse = [not one.better_than_nothing for one in plan.candidates]
    assert worse == sorted(worse)


def test_where_all_harm_too_often_the_page_says_so() -> None:
    barred = make_plan(wiring(SMILE_TO_EYE), stated(dry_eye=True))
    assert {one.answer for one in barred.candidates} == {Answer.BARRED}
    assert "None of these is better than nothing" in order(barred)
    assert "None of these" not in order(make_plan(wiring(SMILE_TO_EYE), stated()))


def test_a_lighter_step_is_there_though_the_front_leaves_it_out() -> None:
    """Where weakening costs nothing the strongest alone is on the front."""
    found = of(planned({(Movement.EYE_CLOSE_GENTLE, PLATYSMA): 0.5}), PLATYSMA)
    assert degrees(found) == [30.0, 50.0, 70.0]
    assert any("where one begins" in one.why for one in found)


def test_limits_hold_for_lighter_steps() -> None:
    assert all(
        one.weakenings[0].weakening_percent <= 50.0
        for one in planned(TWO, largest_weakening_percent=50.0).candidates
    )


def test_each_step_says_what_it_gains_and_risks(two: Plan) -> None:
    light, moderate, strong = of(two, PALPEBRAL)
    assert light.step is None
    assert moderate.step is not None
    assert strong.step is not None
    assert (moderate.step.lighter, strong.step.lighter) == (light.id, moderate.id)
    gained = strong.predicted[0].change_mm - moderate.predicted[0].change_mm
    assert strong.step.changes[Objective.SYNKINESIS] == pytest.approx(gained)
    risen = {(row.harm, row.side): row for row in strong.step.harms}
    row = risen[Harm.LAGOPHTHALMOS_2, Side.RIGHT]
    assert (row.before_percent, row.percent) == (gap_percent(moderate), gap_percent(strong))
    assert row.percent > row.before_percent


def test_the_page_tells_the_step_and_the_order(two: Plan) -> None:
    page = document_page(Unmeasured(plan=two))
    moderate = of(two, PALPEBRAL)[1]
    words = step_up(moderate)
    assert words.startswith(f"Beyond {of(two, PALPEBRAL)[0].id}, the same muscles")
    assert words in page
    assert two.front is not None
    assert two.front.order in page


def test_the_limit_is_read_from_the_facts_file() -> None:
    read = parse_preferences({"preferences": {"largest_harm_percent": 5}})
    assert read.largest_harm_percent == 5


def test_one_edge_still_begins_light() -> None:
    assert degrees(of(planned(SMILE_TO_EYE), PALPEBRAL))[0] == 30.0


def test_a_difference_counts_from_half_of_what_can_be_told_apart_on() -> None:
    """Of 0.4 mm that can be told apart: 0.25 less than everybody is the least, 0.15 is none."""
    objectives = np.zeros((2, len(OBJECTIVES)))
    objectives[:, 0] = (-0.25, 0.0)
    assert explain(0, objectives, 0.4) == "Least synkinesis of all."
    objectives[:, 0] = (-0.15, 0.0)
    assert not explain(0, objectives, 0.4).startswith("Least")
