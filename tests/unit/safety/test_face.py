"""What a wiring says that rules ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from facewire.face import Side
from facewire.face.muscles import GROUP_INDEX, MuscleGroup
from facewire.results.wiring import ClinicianFinding
from facewire.safety import Facts, known_face
from facewire.wiring.state import side_index
from planning_face import SMILE_TO_EYE, face_state, wiring

R, L = Side.RIGHT, Side.LEFT
CORRUGATOR = MuscleGroup.CORRUGATOR


def wrong(group: MuscleGroup, **changed: object) -> bool | None:
    face = known_face(wiring({}, R, **changed), Facts()).face
    assert face is not None
    return face.wrong[group]


@pytest.mark.parametrize(
    ("side", "tone", "expected"), [(R, 0.2, True), (R, 0.02, None), (L, 0.2, None)]
)
def test_a_muscle_that_is_tight_at_rest_on_the_affected_side_is_a_reason(
    side: Side, tone: float, expected: bool | None
) -> None:
    state = face_state({}, draws=4)
    table = state.tone.copy()
    table[:, side_index(side), GROUP_INDEX[CORRUGATOR]] = tone
    assert wrong(CORRUGATOR, draws=replace(state, tone=table).to_draws()) is expected


@pytest.mark.parametrize(("side", "grade", "expected"), [(R, 2, True), (R, 0, None), (L, 2, None)])
def test_a_finding_of_that_side_is_a_reason(side: Side, grade: int, expected: bool | None) -> None:
    finding = ClinicianFinding(finding="platysma", grade=grade, side=side)
    assert wrong(MuscleGroup.PLATYSMA, findings=(finding,)) is expected


def test_an_edge_that_is_called_is_a_reason_and_sides_are_carried() -> None:
    face = known_face(wiring(SMILE_TO_EYE, R), Facts()).face
    assert face is not None
    assert face.wrong[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL] is True
    assert (face.affected, face.side_confirmed) == (R, True)
