"""The face at rest: measured, graded by eye, or not spoken of."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from facewire.cli.plan import print_plan
from facewire.face import Side
from facewire.face.muscles import ORBICULARIS_OCULI
from facewire.plan import make_plan
from facewire.report import Unmeasured
from facewire.report.unmeasured import document_page
from facewire.results.plan import Plan
from facewire.results.stage import RestingFace, StageName
from facewire.results.wiring import ClinicianFinding, RestSays, RestSign, RestSignName, Wiring
from facewire.safety import Facts, known_face, parse_facts
from planning_face import SMILE_TO_EYE, mirrored, wiring

R = Side.RIGHT


def sign(name: RestSignName, mm: float | None, says: RestSays) -> RestSign:
    numbers: dict[str, Any] = {}
    if mm is not None:
        ends = {"ci_low": mm - 0.6, "ci_high": mm + 0.6}
        numbers = {"difference_mm": mm, "difference_sd_mm": 0.3, **ends}
    return RestSign(sign=name, side=R, says=says, **numbers)


NARROW = (
    sign("fissure", -1.6, "tight"),
    sign("upper_lid", -1.0, "tight"),
    sign("lower_lid", -0.6, "untold"),
    sign("corner_up", 0.4, "untold"),
    sign("corner_out", 0.2, "untold"),
)
COVERED = tuple(
    one.replaced(
        says="untold", **dict.fromkeys(("difference_mm", "difference_sd_mm", "ci_low", "ci_high"))
    )
    for one in NARROW
)


def planned(model: Wiring, **known: object) -> Plan:
    return make_plan(model, parse_facts({"facts": known}))


def rest_of(plan: Plan) -> RestingFace:
    assert plan.rest is not None
    return plan.rest


def hypertonic(plan: Plan) -> tuple[str, ...] | None:
    found = [one.evidence for one in plan.options if one.pattern == "hypertonic_rest"]
    return found[0] if found else None


def printed(plan: Plan) -> str:
    console = Console(width=400, record=True, file=None)
    with console.capture() as caught:
        print_plan(console, plan)
    return caught.get()


def test_an_eye_that_is_measured_narrow_is_hypertonic_rest_and_its_closer_the_muscle() -> None:
    plan = planned(wiring({}, R, rest=NARROW))
    assert rest_of(plan).says("eye") == "tight"
    assert hypertonic(plan) == ("the eye is narrower than the other at rest",)
    (option,) = (one for one in plan.options if one.pattern == "hypertonic_rest")
    weakened = {one.muscle for step in option.steps for one in step.targets}
    assert weakened == set(ORBICULARIS_OCULI)
    known = [one for one in plan.facts.known if one.fact == "narrow_eye" and one.side is R]
    assert [one.value for one in known] == [True]
    page = document_page(Unmeasured(plan=plan))
    for text in (page, printed(plan)):
        assert "1.6 mm [" in text
        assert "Eye: tight" in text


def test_a_lower_lid_that_stands_as_low_as_the_other_s_may_be_a_drooping_lid() -> None:
    droop = (*NARROW[:2], sign("lower_lid", 0.0, "even"), *NARROW[3:])
    (eye, *_) = rest_of(planned(wiring({}, R, rest=droop))).parts
    assert any("drooping upper lid" in note for note in eye.notes)
    raised = (*NARROW[:2], sign("lower_lid", -1.0, "tight"), *NARROW[3:])
    (eye, *_) = rest_of(planned(wiring({}, R, rest=raised))).parts
    assert any("15 people" in note for note in eye.notes)


@pytest.mark.parametrize("rest", [(), COVERED])
def test_of_a_face_that_nobody_saw_at_rest_nothing_is_said(rest: tuple[RestSign, ...]) -> None:
    plan = planned(wiring(SMILE_TO_EYE, R, rest=rest))
    assert plan.rest is None
    assert hypertonic(plan) is None
    assert "At rest," not in document_page(Unmeasured(plan=plan))
    assert "At rest:" not in printed(plan)


@pytest.mark.parametrize(
    ("fact", "value", "part", "says"),
    [
        ("rest_eye", "narrow", "eye", "tight"),
        ("rest_eye", "wide", "eye", "slack"),
        ("rest_eye", "eyelid_surgery", "eye", "untold"),
        ("rest_fold", "more_marked", "fold", "tight"),
        ("rest_fold", "absent", "fold", "slack"),
        ("rest_fold", "normal", "fold", "even"),
        ("rest_corner", "corner_pulled_up_or_out", "corner", "tight"),
        ("rest_corner", "corner_drooped", "corner", "slack"),
    ],
)
def test_a_photograph_graded_by_eye_tells_where_video_saw_nothing(
    fact: str, value: str, part: Any, says: str
) -> None:
    plan = planned(wiring({}, R, rest=COVERED), **{fact: value, "rest_seen_on": "photograph"})
    assert rest_of(plan).says(part) == says
    assert (hypertonic(plan) is not None) is (says == "tight")
    assert "on a photograph" in document_page(Unmeasured(plan=plan))
    assert "on a photograph" in printed(plan)


def test_a_finding_of_the_fold_counts_on_its_own_side_alone() -> None:
    for side, says in ((R, "tight"), (R.other, "untold")):
        finding = ClinicianFinding(finding="nasolabial_fold", grade=2, side=side)
        plan = planned(wiring({}, R, rest=NARROW, findings=(finding,)))
        assert rest_of(plan).says("fold") == says


def test_an_eye_that_is_measured_narrow_and_graded_wide_is_untold() -> None:
    (eye, *_) = rest_of(planned(wiring({}, R, rest=NARROW), rest_eye="wide")).parts
    assert eye.says == "untold"
    assert any("do not agree" in note for note in eye.notes)


def test_a_graded_tight_face_is_synkinetic_and_a_measured_one_only_may_be() -> None:
    def synkinetic(model: Wiring, **known: object) -> float:
        stage = planned(model, **known).stage
        assert stage is not None
        wrong = (StageName.SYNKINETIC, StageName.RESTRICTED, StageName.MIXED)
        return sum(one.probability for one in stage.chances if one.stage in wrong)

    graded = synkinetic(wiring({}, R), rest_fold="more_marked")
    measured = synkinetic(wiring({}, R, rest=NARROW))
    assert graded == pytest.approx(0.98)
    assert measured == pytest.approx(0.6)
    assert synkinetic(wiring({}, R)) < 0.1


def test_a_mirrored_face_rests_the_same() -> None:
    turned = mirrored(wiring({}, R)).replaced(
        rest=tuple(one.replaced(side=one.side.other) for one in NARROW)
    )
    assert rest_of(planned(turned)).parts == rest_of(planned(wiring({}, R, rest=NARROW))).parts
    assert hypertonic(planned(turned)) == hypertonic(planned(wiring({}, R, rest=NARROW)))


def test_an_eye_graded_narrow_is_a_reason_to_weaken_its_closer() -> None:
    graded = parse_facts({"facts": {"rest_eye": "narrow"}})
    for facts, told in ((graded, True), (Facts(), None)):
        face = known_face(wiring({}, R), facts).face
        assert face is not None
        assert {face.wrong[group] for group in ORBICULARIS_OCULI} == {told}
