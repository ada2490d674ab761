from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.face.muscles import MuscleGroup
from facewire.plan import Facts, Preferences, make_plan, parse_facts, parse_preferences
from facewire.plan.candidates import check_means, risks_of
from facewire.plan.predict import SHOWN_MM
from facewire.plan.tables import OF_ANOTHER, OF_SYNKINESIS, literature_for
from facewire.results.plan import Candidate, Objective, Plan
from facewire.results.safety import Answer
from facewire.results.wiring import ClinicianFinding, InferredFrom, MeasuredFrom, MeasuredPattern
from facewire.treatment.reserve import draw_reserve
from facewire.wiring import FaceState, content_sha256
from facewire.wiring.state import saturated, side_index
from planning_face import (
    SMILE_TO_EYE,
    face_state,
    mirrored,
    random_wiring,
    stated,
    wiring,
)
from unit.findings.made_map import closure_cell, measurement

PALPEBRAL = MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL
ORBICULARIS = (PALPEBRAL, MuscleGroup.ORBICULARIS_OCULI_ORBITAL)
DAO = MuscleGroup.DEPRESSOR_ANGULI_ORIS
PLATYSMA = MuscleGroup.PLATYSMA
UNITS = re.compile(r"\d\s*(U|IU|MU|units?)\b")

INVOLUNTARY_MM = 10.2 * 0.2 * (1 + (1 / 1.5) ** 4) ** 0.25 / (1 + (0.2 / 1.5) ** 4) ** 0.25
"""By hand: full action 10.2 mm, activation 0.2, levelled off as `saturated` states."""

GAP = closure_cell(Movement.EYE_CLOSE_GENTLE, Side.RIGHT, (2.0, 1.4, 2.6))


def made_from(**measured: Any) -> InferredFrom:
    return InferredFrom(measurements=(MeasuredFrom(**measured),))


FREE = Preferences(largest_closure_loss_mm=float("inf"))


@pytest.fixture(scope="module")
def one_edge() -> Plan:
    return make_plan(wiring(SMILE_TO_EYE), stated(), FREE)


@pytest.fixture(scope="module")
def random_plans() -> list[Plan]:
    limits = Preferences(most_muscles=2)
    return [make_plan(random_wiring(seed), stated(), limits) for seed in range(6)]


def only_eye(plan: Plan) -> list[Candidate]:
    """Return the candidates that weaken nothing but the palpebral part, affected side."""
    return [c for c in plan.candidates if c.targets == ((PALPEBRAL, Side.RIGHT),)]


def closure_lost_mm(part: float) -> float:
    """By hand: a fissure of 10.2 mm closes while the force that is left is what closure needs."""
    need = draw_reserve(face_state(SMILE_TO_EYE), 0).closure[0, side_index(Side.RIGHT)]
    return float(10.2 * max(0.0, 1.0 - (1.0 - part) / need))


class TestByHand:
    def test_the_synkinesis_today_is_one_edge(self, one_edge: Plan) -> None:
        assert pytest.approx(2.134, abs=0.001) == INVOLUNTARY_MM
        assert one_edge.objectives[0].now_mm == pytest.approx(INVOLUNTARY_MM, abs=1e-6)

    def test_weakening_the_eye_is_on_the_front_by_the_right_millimetres(
        self, one_edge: Plan
    ) -> None:
        found = only_eye(one_edge)
        assert found
        for candidate in found:
            part = candidate.weakenings[0].weakening_percent / 100
            change = candidate.predicted[0].change_mm
            assert change == pytest.approx(-part * INVOLUNTARY_MM, abs=1e-6)

    def test_the_closure_lost_is_the_muscle_s_own(self, one_edge: Plan) -> None:
        for candidate in only_eye(one_edge):
            part = candidate.weakenings[0].weakening_percent / 100
            lost = candidate.predicted[3].change_mm
            assert lost == pytest.approx(closure_lost_mm(part), abs=1e-6)

    def test_the_gain_is_named_where_it_is(self, one_edge: Plan) -> None:
        gain = next(m for m in only_eye(one_edge)[0].gains if m.kind == "involuntary")
        assert gain.side is Side.RIGHT
        assert (gain.movement, gain.region) == (Movement.SMILE_OPEN, Region.EYE)

    def test_the_loss_is_on_the_weakened_side(self, one_edge: Plan) -> None:
        for candidate in only_eye(one_edge):
            part = candidate.weakenings[0].weakening_percent / 100
            lost = [m for m in candidate.losses if m.movement is Movement.EYE_CLOSE_GENTLE]
            expected = [-closure_lost_mm(part)] if closure_lost_mm(part) >= SHOWN_MM else []
            assert [m.change_mm for m in lost] == pytest.approx(expected, abs=1e-6)
            assert {m.side for m in lost} <= {Side.RIGHT}
        assert closure_lost_mm(1.0) == pytest.approx(10.2)

    def test_a_held_back_smile_is_released(self) -> None:
        held = wiring({(Movement.SMILE_OPEN, DAO): 0.5})
        found = [c for c in make_plan(held).candidates if c.targets == ((DAO, Side.RIGHT),)]
        assert found
        assert all(c.predicted[2].change_mm < 0 for c in found)

    def test_clearing_facts_clear_it(self, one_edge: Plan) -> None:
        assert {c.answer for c in only_eye(one_edge)} == {Answer.CLEARED}

    def test_a_closure_gap_of_2_mm_bars_it(self) -> None:
        plan = make_plan(wiring(SMILE_TO_EYE), stated(closure_gap_mm={"right": 2.0, "left": 0.0}))
        assert only_eye(plan)
        assert {c.answer for c in only_eye(plan)} == {Answer.BARRED}

    def test_a_measured_gap_of_2_mm_bars_it(self) -> None:
        model = wiring(SMILE_TO_EYE, source=made_from(eye_closure=(GAP,)))
        plan = make_plan(model, stated(closure_gap_mm=None))
        assert {c.answer for c in only_eye(plan)} == {Answer.BARRED}

    def test_a_measured_gap_that_may_be_wide_waits(self) -> None:
        gap = closure_cell(Movement.EYE_CLOSE_GENTLE, Side.RIGHT, (0.2, 0.0, 1.6))
        model = wiring(SMILE_TO_EYE, source=made_from(eye_closure=(gap,)))
        plan = make_plan(model, stated(closure_gap_mm=None))
        assert {c.answer for c in only_eye(plan)} == {Answer.NOT_CLEARED}

    def test_weaker_and_stronger_than_meant(self, one_edge: Plan) -> None:
        for candidate in only_eye(one_edge):
            part = candidate.weakenings[0].weakening_percent / 100
            found = candidate.sensitivity
            for shifted, step in (
                (found.if_weaker_than_meant, -0.2),
                (found.if_stronger_than_meant, 0.2),
            ):
                expected = -min(max(part + step, 0.0), 1.0) * INVOLUNTARY_MM
                assert shifted.synkinesis_change_mm == pytest.approx(expected, abs=1e-6)

    def test_today_after_and_change_belong_together(self, one_edge: Plan) -> None:
        for candidate in only_eye(one_edge):
            row = candidate.predicted[0]
            assert row.now_mm == pytest.approx(INVOLUNTARY_MM, abs=1e-6)
            assert row.after_mm == pytest.approx(row.now_mm + row.change_mm, abs=1e-6)

    @pytest.mark.slow
    def test_what_is_barred_does_not_hide_the_next_best(self) -> None:
        both = SMILE_TO_EYE | {(Movement.EYE_CLOSE_GENTLE, MuscleGroup.RISORIUS): 0.3}
        plan = make_plan(wiring(both), stated(dry_eye=True))
        answers = {c.answer for c in plan.candidates}
        assert answers == {Answer.BARRED, Answer.CLEARED}

    def test_with_no_facts_everything_waits_and_says_for_what(self) -> None:
        plan = make_plan(wiring(SMILE_TO_EYE))
        assert plan.candidates
        assert {c.answer for c in plan.candidates} == {Answer.NOT_CLEARED}
        asked = {row.fact for row in plan.ask}
        assert {"closure_gap_mm", "neuromuscular_disease", "toxin_record_complete"} <= asked


class TestNever:
    @pytest.mark.slow
    def test_zygomaticus_major_is_never_weakened(self, random_plans: list[Plan]) -> None:
        targets = [t for plan in random_plans for c in plan.candidates for t in c.targets]
        assert targets
        assert MuscleGroup.ZYGOMATICUS_MAJOR not in {group for group, _ in targets}

    def test_nor_where_it_is_the_only_culprit(self) -> None:
        closure = wiring({(Movement.EYE_CLOSE_GENTLE, MuscleGroup.ZYGOMATICUS_MAJOR): 0.4})
        plan = make_plan(closure)
        assert plan.candidates == ()
        option = plan.options[0]
        assert [str(s.means) for s in option.steps] == ["facial_training"]
        assert "never proposed" in option.notes[0]

    @pytest.mark.slow
    def test_a_range_ends_where_the_limit_of_lid_closure_does(self) -> None:
        """An eye weakened by all its force was said to be better than nothing."""
        strong = {(Movement.SMILE_OPEN, PALPEBRAL): 0.8, (Movement.SMILE_CLOSED, PALPEBRAL): 0.8}
        model = wiring(strong, draws=face_state(strong, draws=60).to_draws())
        tops = {
            limit: max(
                one.weakenings[0].range_high_percent or 0.0
                for one in make_plan(
                    model, None, Preferences(largest_closure_loss_mm=limit)
                ).candidates
            )
            for limit in (1.0, 100.0)
        }
        assert 0.0 < tops[1.0] < tops[100.0]

    def test_no_units_anywhere(self, random_plans: list[Plan]) -> None:
        for plan in random_plans:
            for candidate in plan.plain()["candidates"]:
                shown = {k: v for k, v in candidate.items() if k != "literature"}
                assert not UNITS.search(json.dumps(shown))
                assert "units" not in json.dumps(shown["weakenings"])

    def test_only_doses_seen_with_their_product_are_shown(self, random_plans: list[Plan]) -> None:
        rows = [row for plan in random_plans for c in plan.candidates for row in c.literature]
        assert rows
        for row in rows:
            assert (row.status, row.product_status) == ("seen", "seen")
            assert row.product == "onabotulinumtoxinA"
            assert row.scope.startswith("units ")

    def test_a_dose_of_both_sides_is_never_shown_beside_one_muscle(self) -> None:
        """The label's 26 to 36 units are of both sides of a healthy neck."""
        assert {(d.published_low, d.source[:5]) for d in literature_for([PLATYSMA])} == {
            (2.5, "Dalla")
        }

    def test_a_dose_says_whether_it_was_for_synkinesis(self) -> None:
        said = {d.source: d.statement for d in literature_for([PALPEBRAL])}
        assert said["McElhinny 2013, PMID 23467287, 16 people, synkinesis"] == OF_SYNKINESIS
        assert said["FDA label"] == OF_ANOTHER

    def test_mouth_leaks_are_no_risk_of_branches_to_the_eye(self) -> None:
        """Azizzadeh 2019 cut buccal and cervical branches alone."""
        eye, neck = (
            " ".join(
                one.text
                for one in risks_of(check_means(((group, Side.RIGHT),), Side.RIGHT, Facts()))
            )
            for group in (PALPEBRAL, PLATYSMA)
        )
        assert "11 %" in neck
        assert "11 %" not in eye
        assert "no rate of complications was found" in eye

    @pytest.mark.slow
    def test_a_document_without_facts_has_nothing_cleared(self) -> None:
        for seed in range(4):
            plan = make_plan(random_wiring(seed), None, Preferences(most_muscles=1))
            assert Answer.CLEARED not in {c.answer for c in plan.candidates}


class TestWrongClicks:
    def test_a_measurement_of_another_affected_side_is_refused(self) -> None:
        result = measurement().replaced(side_affected=Side.LEFT, side_confirmed=True)
        with pytest.raises(UsageError, match="disagree on the affected side"):
            make_plan(wiring(SMILE_TO_EYE, Side.RIGHT), None, None, result)

    def test_the_other_side_is_not_trained_for_symmetry(self) -> None:
        held = {(m, DAO): 0.9 for m in (Movement.SMILE_OPEN, Movement.SMILE_CLOSED)}
        plan = make_plan(wiring(held), stated())
        option = next(o for o in plan.options if o.pattern == "overactive_opposite_side")
        assert option.side is Side.LEFT
        assert "affected" not in option.name
        assert [str(step.means) for step in option.steps] == ["botulinum_toxin"]


class TestProperties:
    @pytest.mark.slow
    def test_a_mirrored_face_has_the_mirrored_plan(self) -> None:
        model = random_wiring(3)
        limits = Preferences(most_muscles=2, excluded=frozenset({(DAO, Side.LEFT)}))
        plan = make_plan(model, stated(), limits)
        other = make_plan(mirrored(model), stated(), limits.mirrored())
        swapped = [
            [(w.muscle, w.side.other, w.weakening_percent) for w in c.weakenings]
            for c in other.candidates
        ]
        own = [
            [(w.muscle, w.side, w.weakening_percent) for w in c.weakenings] for c in plan.candidates
        ]
        assert own
        assert own == swapped
        scores = [c.score_mm for c in plan.candidates]
        assert scores == pytest.approx([c.score_mm for c in other.candidates])

    @pytest.mark.slow
    def test_the_same_wiring_gives_the_same_document(self) -> None:
        first, second = (make_plan(random_wiring(1)) for _ in range(2))
        assert first == second

    def test_no_candidate_beats_another(self, random_plans: list[Plan]) -> None:
        for plan in random_plans:
            assert plan.front is not None
            change = np.array([[o.change_mm for o in c.predicted] for c in plan.candidates])
            for row in change:
                better = np.all(change < row - plan.front.resolution_mm, axis=1)
                assert not better.any()

    def test_a_plan_is_written_and_read_again(self, one_edge: Plan) -> None:
        back = Plan.from_json(one_edge.to_json())
        assert back.plain() == one_edge.plain()

    def test_intervals_are_those_of_the_draws(self) -> None:
        """Three draws of one edge: the middle 95 % reaches 97.5 % of the way to the ends."""
        state = face_state(SMILE_TO_EYE, draws=3)
        wrong = state.wrong * np.array([0.5, 1.0, 1.5])[:, None, None, None]
        draws = FaceState(**{**vars(state), "wrong": wrong}).to_draws()
        today = make_plan(wiring(SMILE_TO_EYE, draws=draws)).objectives[0].number("now_mm")
        assert today is not None
        ends = 10.2 * saturated(np.array([0.1, 0.2, 0.3]))
        low, middle, high = ends
        assert today.low == pytest.approx(low + 0.05 * (middle - low), abs=1e-6)
        assert today.high == pytest.approx(high - 0.05 * (high - middle), abs=1e-6)
        assert today.needed_sd == pytest.approx(float(np.std(ends)), abs=1e-6)
        assert today.kind == "simulated"


class TestPreferences:
    def test_excluded_muscles_are_left_alone(self) -> None:
        limits = parse_preferences({"preferences": {"excluded_muscles": [str(PALPEBRAL)]}})
        plan = make_plan(wiring(SMILE_TO_EYE), None, limits)
        assert PALPEBRAL not in {group for c in plan.candidates for group, _ in c.targets}

    def test_limits_are_kept(self) -> None:
        limits = Preferences(
            largest_weakening_percent=30, largest_smile_loss_mm=0.5, largest_closure_loss_mm=1.0
        )
        for candidate in make_plan(random_wiring(2), None, limits).candidates:
            assert all(w.weakening_percent <= 30 for w in candidate.weakenings)
            assert candidate.predicted[3].change_mm <= 1.0 + 1e-6
            lost = [
                -m.change_mm
                for m in (*candidate.gains, *candidate.losses)
                if m.kind == "voluntary" and m.movement.startswith("smile")
            ]
            assert max(lost, default=0.0) <= 0.5 + 1e-6

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            ({"favourite": 1}, "no preference of the name favourite"),
            ({"excluded_muscles": ["tongue"]}, "unknown muscle group"),
            ({"excluded_muscles": "frontalis"}, "not a list"),
            ({"largest_weakening_percent": 140}, "largest_weakening_percent cannot"),
            ({"most_muscles": 4}, "most_muscles cannot"),
            ({"most_muscles": 1.5}, "whole number"),
            ({"weights": {"beauty": 1}}, "no weight of the name beauty"),
            ({"weights": {"synkinesis": -1}}, "weights.synkinesis cannot"),
            ({"excluded_muscles": [{"muscle": "frontalis", "side": "up"}]}, "names no side"),
        ],
    )
    def test_wrong_preferences_are_refused(self, table: dict[str, Any], message: str) -> None:
        with pytest.raises(UsageError, match=message):
            parse_preferences({"preferences": table})


class TestSides:
    def test_an_unconfirmed_side_is_refused(self) -> None:
        with pytest.raises(UsageError, match="Left and right are not confirmed"):
            make_plan(wiring(SMILE_TO_EYE, side_confirmed=False))

    @pytest.mark.parametrize("status", ["undecided", "both"])
    def test_an_unknown_affected_side_is_refused(self, status: str) -> None:
        model = wiring({}, affected_side=None, source=made_from(side_status=status))
        with pytest.raises(UsageError, match="affected side is not known"):
            make_plan(model)

    def test_wrong_edges_without_a_side_are_refused(self) -> None:
        with pytest.raises(UsageError, match="affected side is not known"):
            make_plan(wiring(SMILE_TO_EYE, affected_side=None))

    def test_a_healthy_face_has_nothing_to_plan(self) -> None:
        plan = make_plan(wiring({}, affected_side=None))
        assert "nothing to plan" in plan.nothing_to_plan
        assert plan.candidates == plan.options == ()
        assert [one.now_mm for one in plan.objectives] == [None] * 6

    def test_another_person_s_measurement_is_refused(self) -> None:
        model = wiring(SMILE_TO_EYE, source=made_from(content_sha256="0" * 64))
        with pytest.raises(UsageError, match="not one that this wiring was inferred from"):
            make_plan(model, None, None, measurement())

    @pytest.mark.parametrize(("gap_sd_mm", "taken"), [(GAP.gap_sd_mm, True), (9.0, False)])
    def test_an_earlier_wiring_knows_its_measurement_by_recording_and_gaps(
        self, gap_sd_mm: float, taken: bool
    ) -> None:
        """The hash of all values changes with the version that reads them."""
        made_of = measurement().provenance
        source = made_of.source.replaced(sha256="5" * 64)
        result = measurement(eye_closure=(GAP,), provenance=made_of.replaced(source=source))
        made = made_from(
            content_sha256="0" * 64,
            recording_sha256="5" * 64,
            eye_closure=(GAP.replaced(gap_sd_mm=gap_sd_mm),),
        )
        model = wiring(SMILE_TO_EYE, source=made.replaced(subject=result.subject))
        if taken:
            assert make_plan(model, None, None, result).eye_closure == (GAP,)
        else:
            with pytest.raises(UsageError, match="not one that this wiring was inferred from"):
                make_plan(model, None, None, result)

    def test_a_measurement_of_unconfirmed_sides_is_refused(self) -> None:
        with pytest.raises(UsageError, match="sides of the measurement are not confirmed"):
            make_plan(wiring(SMILE_TO_EYE), None, None, measurement(side_confirmed=False))

    def test_the_measurement_gives_the_closure_gaps(self) -> None:
        result = measurement(eye_closure=(GAP,))
        model = wiring(SMILE_TO_EYE, source=made_from(content_sha256=content_sha256(result)))
        plan = make_plan(model, stated(closure_gap_mm=None), None, result)
        assert {c.answer for c in only_eye(plan)} == {Answer.BARRED}
        assert plan.eye_closure == (GAP,)


class TestOptions:
    def test_the_published_order(self, one_edge: Plan) -> None:
        steps = one_edge.options[0].steps
        assert [str(s.means) for s in steps] == [
            "facial_training",
            "botulinum_toxin",
            "selective_neurectomy",
        ]
        assert [s.place for s in steps] == [1, 2, 3]

    def test_a_finding_of_the_clinician_shows_a_pattern(self) -> None:
        finding = ClinicianFinding(finding="platysma", grade=2, side=Side.RIGHT)
        plan = make_plan(wiring({}, findings=(finding,)))
        assert [o.pattern for o in plan.options] == ["platysmal"]

    def test_a_narrow_eye_bars_a_lid_weight(self, one_edge: Plan) -> None:
        barred = [a.rule for a in one_edge.lid_weight if a.answer is Answer.BARRED]
        assert barred == ["no_weight_for_a_narrow_eye", "weight_for_an_open_eye"]

    def test_training_is_locked_in_the_flaccid_stage(self) -> None:
        plan = make_plan(wiring(SMILE_TO_EYE), parse_facts({"facts": {"stage": "flaccid"}}))
        assert {step.answer for step in plan.options[0].steps} == {Answer.BARRED}

    def test_facts_are_kept_apart_by_where_they_are_from(self, one_edge: Plan) -> None:
        known = one_edge.facts.known
        assert {"stated", "inferred", "worked out"} == {row.from_ for row in known}


class TestSensitivity:
    def test_an_edge_that_is_not_told_apart_is_named(self) -> None:
        unsure = (
            wiring(SMILE_TO_EYE)
            .edges[0]
            .replaced(
                present=None,
                distinguishable=False,
                confused_with=(MuscleGroup.CORRUGATOR,),
                resolved_by="a test block",
            )
        )
        seen = MeasuredPattern(
            name="x", movement=unsure.command, region=Region.EYE, side=Side.RIGHT, change_mm=-2.0
        )
        model = wiring(SMILE_TO_EYE, edges=(unsure,), measured=(seen,))
        weights = {o: float(o is Objective.SYNKINESIS) for o in Objective}
        stage = parse_facts({"facts": {"stage": "synkinetic"}})
        plan = make_plan(model, stage, Preferences(weights=weights))
        found = only_eye(plan)[0].sensitivity
        assert found.share_better == 1.0
        assert (found.share_better_certain, found.rests_on_undecided) == (0.0, True)
        assert found.doubts[0].resolved_by == "a test block"
        assert found.doubts[0].changes_the_answer

    def test_nothing_rests_on_edges_that_are_there(self, one_edge: Plan) -> None:
        assert not any(c.sensitivity.rests_on_undecided for c in one_edge.candidates)

    def test_facts_without_a_wiring_change_nothing_in_the_search(self) -> None:
        without = make_plan(wiring(SMILE_TO_EYE), Facts())
        known = make_plan(wiring(SMILE_TO_EYE), stated())
        assert [c.weakenings for c in without.candidates] == [
            c.weakenings for c in known.candidates
        ]
