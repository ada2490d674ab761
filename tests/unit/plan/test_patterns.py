"""A measured pattern never disappears between map, wiring and plan."""

from __future__ import annotations

import pytest

from facewire.face import MOVEMENTS, REGIONS, Movement, Region, Side, moves_on_purpose
from facewire.face.muscles import UNIONS, MuscleGroup
from facewire.plan import make_plan
from facewire.plan.options import find_options
from facewire.report import Unmeasured
from facewire.report.unmeasured import document_page
from facewire.results.wiring import MeasuredPattern, UnionEdge, Wiring
from facewire.safety import Facts, known_face
from facewire.safety.person import Person
from facewire.wiring.notes import measured_patterns
from planning_face import mirrored, wiring
from unit.findings.made_map import measurement

PLACES = [
    (movement, region)
    for movement in MOVEMENTS
    for region in REGIONS
    if not moves_on_purpose(movement, region)
]
R = Side.RIGHT


def shown(movement: Movement, region: Region, side: Side = R) -> Wiring:
    """A wiring without any edge, whose map shows one pattern."""
    one = MeasuredPattern(name="x", movement=movement, region=region, side=side, change_mm=-1.8)
    return wiring({}, R, measured=(one,))


def options(model: Wiring) -> list[str]:
    person = Person.of(model)
    assert person is not None
    return [o.pattern for o in find_options(person, Facts(), None)]


@pytest.mark.parametrize(("movement", "region"), PLACES)
def test_every_pattern_of_the_map_reaches_the_plan(movement: Movement, region: Region) -> None:
    person = Person.of(shown(movement, region))
    assert person is not None
    found = find_options(person, Facts(), None)
    told = [text for option in found for text in option.evidence]
    words = f"{movement} moves the {region} by 1.8 mm".replace("_", " ")
    assert [text for text in told if words in text]


def test_a_map_s_findings_go_into_the_wiring_once_each() -> None:
    found = measured_patterns([measurement(), measurement()])
    assert [(p.name, p.movement, p.region, p.side) for p in found] == [
        ("oral-ocular", Movement.SMILE_OPEN, Region.EYE, R)
    ]


def union(percent: float, *, present: bool) -> UnionEdge:
    return UnionEdge(
        command=Movement.LIP_PUCKER,
        union="orbicularis_oculi",
        muscles=(
            MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL,
            MuscleGroup.ORBICULARIS_OCULI_ORBITAL,
        ),
        side=R,
        percent=percent,
        percent_sd=2.0,
        ci_low=percent - 4,
        ci_high=percent + 4,
        probability=0.99 if present else 0.4,
        present=present,
    )


def test_a_union_that_is_there_is_a_pattern_although_no_part_is_called() -> None:
    model = wiring({}, R, unions=(union(22.0, present=True),))
    assert options(model) == ["oral_ocular"]
    assert options(wiring({}, R, unions=(union(22.0, present=False),))) == []
    assert (
        options(
            mirrored(shown(Movement.SMILE_OPEN, Region.EYE)).replaced(
                unions=(union(22.0, present=True),)
            )
        )
        == []
    )


def test_a_union_of_several_muscles_is_evidence_and_no_target() -> None:
    """Which of the elevators is driven is not known: none of them is offered for weakening."""
    elevators = UnionEdge(
        command=Movement.EYE_CLOSE_GENTLE,
        union="corner_elevators",
        muscles=UNIONS["corner_elevators"],
        side=R,
        percent=25.0,
        percent_sd=2.0,
        ci_low=20.0,
        ci_high=30.0,
        probability=0.99,
        present=True,
    )
    person = Person.of(wiring({}, R, unions=(elevators,)))
    assert person is not None
    (option,) = find_options(person, Facts(), None)
    assert option.pattern == "ocular_oral"
    assert "corner elevators, one or another part" in option.evidence[0]
    assert [str(step.means) for step in option.steps] == ["facial_training"]


def test_what_narrows_the_eye_is_known_to_the_rules() -> None:
    eye = MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL
    for model, expected in (
        (shown(Movement.LIP_PUCKER, Region.EYE), True),
        (wiring({}, R, unions=(union(22.0, present=True),)), True),
        (wiring({}, R), None),
    ):
        face = known_face(model, Facts()).face
        assert face is not None
        assert face.wrong[eye] is expected


def test_a_pattern_without_a_muscle_is_told_and_nothing_is_weakened_for_it() -> None:
    person = Person.of(shown(Movement.EYE_CLOSE_GENTLE, Region.COMMISSURE))
    assert person is not None
    found = find_options(person, Facts(), None)[0]
    assert [str(step.means) for step in found.steps] == ["facial_training"]
    assert "cannot be told" in found.notes[-1]


def test_the_page_tells_it() -> None:
    plan = make_plan(shown(Movement.LIP_PUCKER, Region.EYE))
    page = document_page(Unmeasured(plan=plan))
    assert "<li>Measured: lip pucker moves the eye by 1.8 mm without being asked</li>" in page


def test_the_page_of_the_wiring_tells_it_too() -> None:
    model = shown(Movement.LIP_PUCKER, Region.EYE).replaced(unions=(union(22.0, present=True),))
    page = document_page(Unmeasured(wiring=model))
    assert "orbicularis oculi, either part (right), 22 % [18 to 26]" in page
    assert "right eye, 1.8 mm without being asked" in page
