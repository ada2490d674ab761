"""The stage comes first, and each opens its own branch."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from facewire.cli.forecast import print_forecast
from facewire.cli.plan import print_plan
from facewire.cli.wiring import print_wiring
from facewire.errors import UsageError
from facewire.face import MOVEMENTS, REGIONS, SIDES, SMILES, Movement, Region, Side
from facewire.plan import make_plan
from facewire.plan.planning import _why_nothing
from facewire.report import Unmeasured, plan_words
from facewire.report.unmeasured import document_page
from facewire.results.coverage import Coverage, MovementCoverage, RegionCoverage
from facewire.results.harm import Harm
from facewire.results.measurement import Measurement
from facewire.results.plan import Plan
from facewire.results.safety import Answer, TreatmentCheck
from facewire.results.stage import Stage, StageName
from facewire.results.wiring import Wiring
from facewire.safety import Facts, parse_facts
from facewire.safety.facts import Known
from facewire.safety.person import Person
from facewire.safety.stage import (
    eye_may_be_open,
    find_stage,
    stage_facts,
    staged_facts,
    undecided_words,
    weakens,
)
from facewire.treatment import BotulinumToxin, NeuromuscularRetraining, forecast
from facewire.treatment.conflicts import check_treatments
from facewire.wiring import Settings, infer_wiring
from facewire.wiring.observe import watched
from facewire.wiring.state import EYE, side_index
from made_treatments import ONA, L, R
from planning_face import face_state, mirrored, wiring
from simulated.stages import StagedPatient, staged_patient
from simulated.treated import schedule

QUICK = Settings(chains=30, sweeps=40, kept=20)


@cache
def patient(stage: StageName, seed: int = 0) -> tuple[StagedPatient, Wiring]:
    made = staged_patient(seed, stage)
    model = infer_wiring([made.result], settings=QUICK).replaced(side_confirmed=True)
    return made, model


@cache
def flaccid_plan(months: float | None) -> Plan:
    known = {} if months is None else {"months_since_onset": months}
    facts = parse_facts({"facts": known | {"closure_gap_mm": 7.8}})
    return make_plan(patient(StageName.FLACCID)[1], facts)


@pytest.mark.slow
@pytest.mark.parametrize("stage", StageName)
def test_a_simulated_face_is_told_by_its_stage(stage: StageName) -> None:
    for seed in range(2):
        made, model = patient(stage, seed)
        found = find_stage(Person.of(model), made.facts)
        assert found.taken is stage
        assert found.confirmed is None
        assert sum(one.probability for one in found.chances) == pytest.approx(1.0)


@pytest.mark.slow
def test_a_mirrored_face_has_the_same_stage() -> None:
    made, model = patient(StageName.SYNKINETIC)
    turned = find_stage(Person.of(mirrored(model)), made.facts)
    assert turned.chances == find_stage(Person.of(model), made.facts).chances


@pytest.mark.slow
def test_a_flaccid_face_is_offered_nothing_to_weaken_on_either_side() -> None:
    plan = flaccid_plan(3.0)
    assert plan.candidates == ()
    assert "nothing is weakened" in plan.nothing_to_weaken
    assert "overactive_opposite_side" not in {option.pattern for option in plan.options}
    assert [
        str(s.means) for o in plan.options for s in o.steps if s.means != "facial_training"
    ] == []


def test_a_flaccid_face_gets_the_eye_first_and_the_months_that_are_left() -> None:
    """By hand: 12 - 3 months for a nerve transfer, 18 - 3 until muscle has wasted."""
    stage = flaccid_plan(3.0).stage
    assert stage is not None
    about = [branch.about for branch in stage.branches]
    assert about == sorted(about, key=["eye", "time", "function", "synkinesis"].index)
    assert about[0] == "eye"
    assert "ointment and taping at night" in stage.branches[0].text
    left = [b.months_left for b in stage.branches if b.months_left is not None]
    assert left == [9.0, 15.0]
    assert any("nerve to masseter" in b.text for b in stage.branches)
    assert all(b.source for b in stage.branches)


def test_a_window_that_is_over_says_so_and_an_unknown_onset_counts_nothing() -> None:
    over = flaccid_plan(30.0).stage
    unknown = flaccid_plan(None).stage
    assert over is not None
    assert unknown is not None
    assert {b.months_left for b in over.branches} == {None, 0.0}
    assert {b.months_left for b in unknown.branches} == {None}


def branch_texts(stage: Stage) -> str:
    return " ".join(branch.text for branch in stage.branches)


def test_a_nerve_transfer_is_told_where_the_mouth_was_seen_not_to_move_and_in_its_time() -> None:
    """It was advised to a mixed face whose mouth moved and whose brow did not, and at 30 months."""
    stages = [flaccid_plan(months).stage for months in (3.0, 14.0, 30.0)]
    early, ending, late = (stage for stage in stages if stage is not None)
    unknown = flaccid_plan(None).stage
    assert unknown is not None
    assert "as early as possible" in branch_texts(unknown)
    assert "is ending" not in branch_texts(unknown)
    assert "as early as possible" in branch_texts(early)
    assert "free muscle transfer rather" not in branch_texts(early)
    assert "as early as possible" not in branch_texts(ending)
    assert "is ending" in branch_texts(ending)
    assert "nerve transfer to the native" not in branch_texts(late)
    assert "free muscle transfer rather" in branch_texts(late)
    for made, model in [patient(StageName.MIXED, seed) for seed in range(2)]:
        found = find_stage(Person.of(model), made.facts)
        mouth = next(one for one in found.zones if one.zone == "mouth")
        told = "nerve transfer to the native" in branch_texts(found)
        assert not (told and mouth.share_percent >= 30)


@pytest.mark.slow
@pytest.mark.parametrize("stage", [StageName.EARLY_RECOVERY, StageName.PARETIC])
def test_a_face_that_moves_is_told_of_no_nerve_transfer(stage: StageName) -> None:
    made, model = patient(stage)
    found = find_stage(Person.of(model), made.facts)
    assert found.branches
    assert "nerve transfer" not in branch_texts(found)


@pytest.mark.slow
def test_a_mouth_that_nobody_saw_is_to_be_recorded_soon() -> None:
    found = stage_of(StageName.FLACCID, *MOUTH)
    assert "as early as possible" not in branch_texts(found)
    assert "record the smile soon" in branch_texts(found)
    stated = stage_of(StageName.FLACCID, *MOUTH, stage="flaccid")
    assert "as early as possible" in branch_texts(stated)


def test_the_page_of_a_flaccid_face_opens_with_the_eye() -> None:
    plan = flaccid_plan(3.0)
    page = document_page(Unmeasured(plan=plan))
    order = ("Stage: Flaccid", "The eye first", "Windows of time", "9 months left", "Every trade")
    places = [page.index(words) for words in order]
    assert "First facial training, then" not in page
    assert places == sorted(places)
    patient = plan_words.patient(plan)
    assert patient[0].startswith("Your eye comes first")
    assert "Some operations are possible only within a certain time" in patient[1]
    assert not any("smile muscle" in line for line in patient)


def test_the_clinician_s_stage_counts_before_the_measurement_s() -> None:
    model = patient(StageName.SYNKINETIC)[1]
    plan = make_plan(model, parse_facts({"facts": {"stage": "post_operative"}}))
    assert plan.stage is not None
    assert plan.stage.taken is StageName.POST_OPERATIVE
    assert plan.stage.chances[0].stage is StageName.SYNKINETIC
    assert any("clinician" in text for text in plan.stage.evidence)
    assert plan.candidates == ()
    assert plan.options


@pytest.mark.parametrize("act", ["test_block_dao", "corner_further_at_lesser_effort"])
def test_an_act_tells_a_held_smile_from_a_weak_one(act: str) -> None:
    made, model = patient(StageName.RESTRICTED)
    person = Person.of(model)
    assert person is not None

    def restricted(facts: Facts) -> float:
        chances = find_stage(person, facts).chances
        return next(one.probability for one in chances if one.stage is StageName.RESTRICTED)

    value = {"test_block_dao": "good", "corner_further_at_lesser_effort": True}[act]
    assert made.stage is StageName.RESTRICTED
    assert restricted(parse_facts({"facts": {act: value}})) > 0.9
    assert restricted(Facts()) < 0.65
    assert restricted(parse_facts({"facts": {"test_block_dao": "poor"}})) < 0.2


@pytest.mark.parametrize(("covered", "told"), [(R, True), (L, False)])
def test_an_eye_that_was_covered_is_no_sign_that_it_is_well(covered: Side, told: bool) -> None:
    state = face_state({})
    rest_mm = state.rest_mm.copy()
    rest_mm[:, side_index(covered), EYE] = np.nan
    draws = replace(state, rest_mm=rest_mm).to_draws()
    model = wiring({}, draws=draws, edges=())
    evidence = find_stage(Person.of(model), Facts()).evidence
    assert any("the affected eye was not measured" in text for text in evidence) is told


def covered(result: Measurement, *regions: Region) -> Measurement:
    """The same measurement where something hides regions of both sides throughout."""

    def hidden(cells: Any) -> Any:
        return tuple(_hidden(cell) if cell.region in regions else cell for cell in cells)

    return result.replaced(
        voluntary=hidden(result.voluntary),
        synkinesis=hidden(result.synkinesis),
        rest=hidden(result.rest),
        findings=None,
    )


def _hidden(cell: Any) -> Any:
    numbers = {name: None for name, value in dict(cell).items() if isinstance(value, float)}
    kept = {k: v for k, v in dict(cell).items() if k in ("movement", "region", "side", "component")}
    extra = {"repetitions": 3} if "repetitions" in dict(cell) else {}
    assert numbers
    return type(cell)(**kept, **extra, reason="something covers it")


def with_cover(result: Measurement, *regions: Region) -> Measurement:
    """The same, with what a recording says of covers and of what was asked for."""
    asked = tuple(MovementCoverage(movement=m, asked=3, usable=3) for m in MOVEMENTS)
    told = tuple(
        RegionCoverage(region=r, side=s, seen_share=0.0, reason="something covers it")
        if r in regions
        else RegionCoverage(region=r, side=s, seen_share=1.0)
        for r in REGIONS
        for s in SIDES
    )
    seen = Coverage(asked=24, usable=24, movements=asked, lacking=(), patterns=(), regions=told)
    return covered(result, *regions).replaced(coverage=seen)


@pytest.mark.parametrize(
    ("regions", "words"),
    [
        ((Region.EYE,), "eye was covered in gentle closure"),
        ((Region.BROW,), "brow was covered in the brow raise"),
        ((Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP), "mouth was covered in the smile"),
    ],
)
def test_what_was_covered_is_said_to_have_been_covered(
    regions: tuple[Region, ...], words: str
) -> None:
    """It was said not to have been recorded, and somebody would have recorded it once more."""
    made = patient(StageName.SYNKINETIC)[0]
    model = infer_wiring([with_cover(made.result, *regions)], settings=QUICK)
    model = model.replaced(side_confirmed=True)
    plan = make_plan(model, made.facts)
    told = forecast(model, schedule([], days=2), facts=made.facts)
    page = document_page(Unmeasured(plan=plan)) + document_page(Unmeasured(forecast=told))
    console = Console(width=300)
    with console.capture() as caught:
        print_plan(console, plan)
        print_forecast(console, told)
    terminal = caught.get()
    assert words in page
    zone = words.split(" was", maxsplit=1)[0]
    assert f"The {zone} was covered: whether it" in page
    assert f"the {zone} was covered: whether it" in terminal
    for text in (page, terminal):
        for wrong in ("closure was not recorded", "smile was recorded", "raise was not recorded"):
            assert wrong not in text
    assert made.result.coverage is None
    bare = infer_wiring([covered(made.result, *regions)], settings=QUICK)
    assert not any(one.covered for one in bare.zones)


@pytest.mark.parametrize("kind", ["wiring", "plan", "forecast"])
def test_what_was_seen_stands_before_the_side_on_page_and_terminal(kind: str) -> None:
    made = patient(StageName.SYNKINETIC)[0]
    result = with_cover(made.result, Region.CHIN).replaced(side_status="stated")
    model = infer_wiring([result], settings=QUICK).replaced(side_confirmed=True)
    documents: dict[str, Any] = {"wiring": model, "plan": make_plan(model, made.facts)}
    documents["forecast"] = forecast(model, schedule([], days=2), facts=made.facts)
    shown: dict[str, Any] = {"wiring": print_wiring, "plan": print_plan, "forecast": print_forecast}
    page = document_page(Unmeasured(**{kind: documents[kind]}))
    console = Console(width=400)
    with console.capture() as caught:
        shown[kind](console, documents[kind])
    side = made.result.side_affected
    assert side is not None
    for text in (page[page.index("<body>") :], caught.get()):
        places = [text.index(words) for words in ("Covered, and therefore not assessed", side.word)]
        assert places == sorted(places)
        assert f"{side.word} (stated)" in text


MOUTH = (Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP)


def stage_of(true: StageName, *regions: Region, **known: object) -> Stage:
    made = patient(true)[0]
    model = infer_wiring([covered(made.result, *regions)], settings=QUICK)
    facts = parse_facts({"facts": known}) if known else made.facts
    return find_stage(Person.of(model.replaced(side_confirmed=True)), facts)


@pytest.mark.slow
def test_a_flaccid_face_behind_a_mask_is_undecided_and_says_what_was_not_seen() -> None:
    found = stage_of(StageName.FLACCID, *MOUTH)
    assert found.taken is None
    assert StageName.FLACCID in found.possible
    assert len(found.possible) > 1
    assert {zone.zone for zone in found.zones} == {"brow", "eye"}
    told = " ".join(found.evidence)
    assert "whether the mouth moves is open" in told
    assert "neither brow nor mouth" not in told
    assert all(set(branch.stages) < set(found.possible) for branch in found.branches)
    stated = stage_of(StageName.FLACCID, *MOUTH, stage="flaccid")
    assert stated.taken is StageName.FLACCID
    assert {branch.stages for branch in stated.branches} == {()}


@pytest.mark.slow
def test_synkinesis_that_would_not_have_been_seen_is_neither_there_nor_absent() -> None:
    """A weak face whose eyes were covered: half, as nothing is known of the eye."""
    seen = stage_of(StageName.PARETIC)
    hidden = stage_of(StageName.PARETIC, Region.EYE)
    assert seen.taken is StageName.PARETIC
    assert hidden.taken is None
    assert {StageName.PARETIC, StageName.SYNKINETIC} <= set(hidden.possible)
    wrong = {StageName.SYNKINETIC, StageName.RESTRICTED, StageName.MIXED}
    assert sum(c.probability for c in hidden.chances if c.stage in wrong) == pytest.approx(
        0.5, abs=0.1
    )


@pytest.mark.slow
def test_what_the_map_shows_is_synkinetic_whatever_else_was_covered() -> None:
    found = stage_of(StageName.SYNKINETIC, Region.BROW)
    assert set(found.possible) <= {StageName.SYNKINETIC, StageName.MIXED, StageName.RESTRICTED}
    assert weakens(found)


@pytest.mark.slow
def test_an_undecided_stage_is_told_on_page_and_terminal_and_nothing_is_weakened() -> None:
    made = patient(StageName.PARETIC)[0]
    model = infer_wiring([covered(made.result, Region.EYE)], settings=QUICK)
    plan = make_plan(model.replaced(side_confirmed=True), made.facts)
    page = document_page(Unmeasured(plan=plan))
    console = Console(width=300)
    with console.capture() as caught:
        print_plan(console, plan)
    assert "Stage: Undecided between" in page
    assert "Stage: undecided: " in caught.get()
    for text in (page, caught.get()):
        assert "whether the eye closes is open" in text
        assert "until a clinician says which it is" in text
    assert plan.candidates == ()
    assert "inferred, to be confirmed" in page


def measured_gap(low: float, high: float) -> tuple[tuple[str, Side], Known]:
    return ("closure_gap_mm", R), Known(0.7, low, high, "measured")


def test_an_eye_that_was_stated_to_close_is_not_said_to_stay_open() -> None:
    """By the same rule that clears weakening it: the two stood on one page against each other."""
    person = Person.of(patient(StageName.SYNKINETIC)[1])
    assert person is not None
    open_ = Facts().with_answers([measured_gap(0.0, 1.6)])
    shut = open_.with_answers([(("closure_gap_mm", R), Known(0.0, 0.0, 0.0))])
    turned = replace(person, affected=R)
    assert eye_may_be_open(turned, open_)
    assert not eye_may_be_open(turned, shut)


def test_a_flaccid_face_is_asked_for_its_eye_and_its_time_the_eye_first() -> None:
    asked = [question.fact for question in flaccid_plan(None).ask]
    eye = ["painful_or_red_eye", "eye_protected", "only_seeing_eye", "insensitive_eye", "dry_eye"]
    assert [fact for fact in asked if fact in eye] == eye
    assert asked[0] == "painful_or_red_eye"
    assert {"months_since_onset", "diagnosis_confirmed"} <= set(asked)
    assert "months_since_onset" not in {question.fact for question in flaccid_plan(3.0).ask}


@pytest.mark.parametrize(("months", "unusual"), [(0.5, True), (1.9, True), (2.0, False)])
def test_synkinesis_soon_after_the_onset_is_called_unusual(months: float, unusual: bool) -> None:
    person = Person.of(patient(StageName.SYNKINETIC)[1])
    found = find_stage(person, parse_facts({"facts": {"months_since_onset": months}}))
    assert any("unusual" in text for text in found.evidence) is unusual


def test_the_gap_of_the_eye_stands_before_the_stage() -> None:
    plan = flaccid_plan(3.0)
    page = document_page(Unmeasured(plan=plan))
    gap = "gap in gentle closure 7.8"
    assert page.index("not measured: not known, not absent") < page.index("Stage: Flaccid")
    assert page.index(gap) < page.index("Stage: Flaccid")


def test_what_reanimation_costs_stands_beside_it() -> None:
    page = document_page(Unmeasured(plan=flaccid_plan(3.0)))
    for words in ("Nerve to masseter to the native", "failed in 9 %", "extrusion in 9 %"):
        assert words in page


@pytest.mark.parametrize("stage", [StageName.FLACCID, StageName.SYNKINETIC])
def test_a_forecast_knows_the_stage_of_the_plan(stage: StageName) -> None:
    """A flaccid face was trained, and its composite rose."""
    made, model = patient(stage)
    known = made.facts
    taken = find_stage(Person.of(model), known).taken
    assert taken is stage
    told = staged_facts(model, known)
    inferred = [one.value for one in told.answers("flaccid_stage", None)]
    assert inferred == ([True] if stage is StageName.FLACCID else [])
    assert [one.value for one in told.answers("stage_weakens", None)] == [
        stage is StageName.SYNKINETIC
    ]
    side = model.affected_side
    assert side is not None
    plan = schedule([(0, NeuromuscularRetraining(side))], days=2)
    checks = check_treatments(model, plan.treatments, known)
    assert ("training_flaccid" in barred_by(checks)) is (stage is StageName.FLACCID)
    toxin = schedule([(0, BotulinumToxin(side.other, "frontalis", ONA))], days=2)
    weakened = barred_by(check_treatments(model, toxin.treatments, known))
    assert ({"weakening_flaccid", "weakening_stage"} <= weakened) is (stage is StageName.FLACCID)


@pytest.mark.slow
def test_behind_a_mask_nobody_says_that_smile_and_lips_are_not_harmed() -> None:
    """Covered, they were in none of the simulated faces harmed, and a myectomy was listed."""
    made = patient(StageName.SYNKINETIC)[0]
    model = infer_wiring([covered(made.result, *MOUTH)], settings=QUICK)
    model = model.replaced(side_confirmed=True)
    assert {*SMILES, Movement.LIP_PUCKER} & set(model.recorded)
    assert not {*SMILES, Movement.LIP_PUCKER} & set(watched(model))
    mouth = {Harm.SMILE_LOSS, Harm.LIP_PTOSIS, Harm.ORAL_INCOMPETENCE, Harm.UNCLEAR_SPEECH}
    harms = forecast(model, schedule([], days=2), facts=made.facts).harms
    assert harms is not None
    assert mouth <= {row.harm for row in harms.not_simulated}
    assert not mouth & {row.harm for row in harms.simulated}
    plan = make_plan(model, made.facts)
    assert "frozen_smile" not in {option.pattern for option in plan.options}
    for candidate in plan.candidates:
        assert candidate.harms is not None
        assert not mouth & {row.harm for row in candidate.harms.simulated}
    seen = patient(StageName.SYNKINETIC)[1]
    assert watched(seen) == seen.recorded


def test_a_forecast_says_that_a_flaccid_face_is_not_known_for_as_long_as_it_is_drawn() -> None:
    made, model = patient(StageName.FLACCID)
    for days, said in ((21, False), (22, True)):
        told = forecast(model, schedule([], days=days), facts=made.facts).warnings
        assert any("look and measure again" in text for text in told) is said
    moving = patient(StageName.PARETIC)
    told = forecast(moving[1], schedule([], days=60), facts=moving[0].facts).warnings
    assert not any("Flaccid on day 0" in text for text in told)


def test_a_barred_training_is_named_once() -> None:
    """It was called facial training of neuromuscular retraining."""
    made, model = patient(StageName.FLACCID)
    side = model.affected_side
    assert side is not None
    plan = schedule([(0, NeuromuscularRetraining(side))], days=2)
    with pytest.raises(UsageError, match=f"facial training, {side.word}, day 0: flaccid stage yes"):
        forecast(model, plan, facts=made.facts)


def barred_by(checks: tuple[TreatmentCheck, ...]) -> set[str]:
    rules = [rule for check in checks for rule in check.safety]
    return {rule.rule for rule in rules if rule.answer is Answer.BARRED}


@pytest.mark.parametrize(("flaccid", "counts"), [(0.74, [True]), (0.4, [])])
def test_a_face_that_is_more_likely_flaccid_than_not_counts_as_flaccid(
    flaccid: float, counts: list[bool]
) -> None:
    stage = find_stage(Person.of(patient(StageName.PARETIC)[1]), Facts())
    likely = {StageName.FLACCID: flaccid, StageName.PARETIC: 1.0 - flaccid}
    open_ = stage.replaced(
        chances=tuple(one.replaced(probability=likely.get(one.stage, 0.0)) for one in stage.chances)
    )
    told = [known for (key, _), known in stage_facts(open_, Facts()) if key == "flaccid_stage"]
    assert [one.value for one in told] == counts


def test_what_the_clinician_says_counts_before_the_model() -> None:
    model = patient(StageName.FLACCID)[1]
    told = staged_facts(model, parse_facts({"facts": {"flaccid_stage": False}}))
    assert [one.value for one in told.answers("flaccid_stage", None)] == [False]
    said = staged_facts(model, parse_facts({"facts": {"stage": "synkinetic"}}))
    assert [one.value for one in said.answers("stage_weakens", None)] == [True]


@pytest.mark.slow
def test_a_forecast_says_where_the_stage_is_undecided() -> None:
    made = patient(StageName.PARETIC)[0]
    model = infer_wiring([covered(made.result, Region.EYE)], settings=QUICK)
    model = model.replaced(side_confirmed=True)
    found = find_stage(Person.of(model), made.facts)
    told = forecast(model, schedule([], days=2), facts=made.facts).warnings
    assert undecided_words(found) in told
    assert "paretic (" in undecided_words(found)
    clear = patient(StageName.SYNKINETIC)
    told = forecast(clear[1], schedule([], days=2), facts=clear[0].facts).warnings
    assert not any("undecided" in text for text in told)


def test_a_synkinetic_face_stated_to_be_healthy_is_refused_by_plan_and_forecast() -> None:
    model, healthy = patient(StageName.SYNKINETIC)[1], parse_facts({"facts": {"stage": "healthy"}})
    with pytest.raises(UsageError, match=r"contradict.*stage healthy"):
        make_plan(model, healthy)
    with pytest.raises(UsageError, match=r"contradict.*stage healthy"):
        forecast(model, schedule([], days=2), facts=healthy)


def test_a_weak_face_stated_to_be_healthy_is_not_told_to_wait_for_its_eye() -> None:
    plan = make_plan(patient(StageName.PARETIC)[1], parse_facts({"facts": {"stage": "healthy"}}))
    assert plan.nothing_to_weaken.startswith("Stated to be healthy")


def test_where_no_possible_stage_weakens_the_plan_says_so() -> None:
    """Undecided between flaccid, early recovery and paretic: none of them weakens anything."""
    stage = find_stage(Person.of(patient(StageName.PARETIC)[1]), Facts())
    assert stage.taken is None
    likely = {StageName.FLACCID: 0.7, StageName.EARLY_RECOVERY: 0.2, StageName.PARETIC: 0.1}
    none = stage.replaced(
        chances=tuple(one.replaced(probability=likely.get(one.stage, 0.0)) for one in stage.chances)
    )
    assert "in none of those that are possible" in _why_nothing(none)
    assert "in one of those that are possible" in _why_nothing(stage)
    plan = make_plan(patient(StageName.PARETIC)[1], Facts())
    assert "nothing is weakened until the stage is told" in {one.reason for one in plan.absent}
