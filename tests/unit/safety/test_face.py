"""What a wiring says that rules ask."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.face import Movement, Side
from facewire.face.muscles import GROUP_INDEX, ORBICULARIS_OCULI, MuscleGroup
from facewire.results.wiring import ClinicianFinding
from facewire.safety import Facts, known_face
from facewire.wiring.state import side_index
from planning_face import SMILE_TO_EYE, edge, face_state, wiring

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


def test_a_muscle_whose_place_was_not_seen_at_rest_is_not_ruled_out() -> None:
    """Every wrong edge is surely absent; whether it is tight at rest nobody saw."""
    state = face_state({})
    gone = edge(Movement.BROW_RAISE, CORRUGATOR, R, 0.5).replaced(present=False)
    covered = state.rest_mm.copy()
    covered[:, side_index(R)] = np.nan
    for rest_mm, told in ((state.rest_mm, False), (covered, None)):
        draws = replace(state, rest_mm=rest_mm).to_draws()
        assert wrong(CORRUGATOR, draws=draws, edges=(gone,)) is told


def test_both_parts_of_the_eye_s_closer_are_tight_where_together_they_are() -> None:
    state = face_state({}, draws=40)
    table = state.tone.copy()
    split = np.linspace(0.0, 0.16, 40)
    palpebral, orbital = (GROUP_INDEX[group] for group in ORBICULARIS_OCULI)
    table[:, side_index(R), palpebral], table[:, side_index(R), orbital] = split, 0.16 - split
    draws = replace(state, tone=table).to_draws()
    assert {wrong(group, draws=draws) for group in ORBICULARIS_OCULI} == {True}
