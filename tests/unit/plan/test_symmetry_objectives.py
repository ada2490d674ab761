"""Brows and rest among the objectives: what evens them, and what the healthy side pays for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from facewire.face import MOVEMENTS, Movement, Region, Side
from facewire.face.muscles import (
    GROUP_INDEX,
    GROUPS,
    SIDE_CHANNEL_INDEX,
    TYPICAL_ACTION_MM,
    MuscleGroup,
)
from facewire.plan.objectives import OBJECTIVES, prepare_face, told_objectives
from facewire.plan.predict import Forecaster
from facewire.plan.preferences import Preferences
from facewire.plan.search import search_front
from facewire.results.plan import Objective
from facewire.wiring import FaceState
from facewire.wiring.state import EYE
from planning_face import face_state

R = Side.RIGHT
LID = GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL]
FRONTALIS = GROUP_INDEX[MuscleGroup.FRONTALIS]
BROW = SIDE_CHANNEL_INDEX[Region.BROW, "height"]
RAISE = MOVEMENTS.index(Movement.BROW_RAISE)
AFFECTED, HEALTHY = 0, 1


def changes(
    state: FaceState,
    places: dict[tuple[int, int], float],
    recorded: tuple[Movement, ...] = MOVEMENTS,
) -> dict[Objective, float]:
    """Return the mean change of each objective when places are weakened so much."""
    forecaster = Forecaster.start(prepare_face(state, R, recorded), np.ones(7))
    degree = np.zeros((1, 2, len(GROUPS)))
    for place, value in places.items():
        degree[0][place] = value
    change = (forecaster.after_mm(degree)[0] - forecaster.now_mm).mean(axis=0)
    return dict(zip(OBJECTIVES, change.tolist(), strict=True))


def narrow_eye() -> FaceState:
    """The right eye is held 2 mm narrower than the left one, by its closer's tone of 0.2."""
    state = face_state({}, R, draws=2)
    tone, rest = state.tone.copy(), state.rest_mm.copy()
    tone[:, 1, LID] = 0.2
    rest[:, 1, EYE] -= 2.0
    return replace(state, tone=tone, rest_mm=rest)


def weak_brow(share: float = 0.4) -> FaceState:
    state = face_state({}, R, draws=2)
    right = state.right.copy()
    right[:, 1, RAISE, FRONTALIS] *= share
    return replace(state, right=right)


def test_letting_go_of_a_tight_eye_evens_the_face_at_rest() -> None:
    """By hand: levelled off 0.2 is 0.2 (1 + (1 / 1.5)^4)^(1/4), of 10.2 mm, half of it."""
    gained = 0.5 * 0.2 * (1 + 1.5**-4) ** 0.25 * -TYPICAL_ACTION_MM[LID, EYE]
    found = changes(narrow_eye(), {(AFFECTED, LID): 0.5})
    assert found[Objective.REST_ASYMMETRY] == pytest.approx(-gained, abs=0.01)
    other = changes(narrow_eye(), {(HEALTHY, LID): 0.5})
    assert other[Objective.REST_ASYMMETRY] == pytest.approx(0.0, abs=1e-9)


def test_the_healthy_frontalis_evens_the_brows_and_costs_at_least_as_much() -> None:
    found = changes(weak_brow(), {(HEALTHY, FRONTALIS): 0.5})
    assert found[Objective.BROW_ASYMMETRY] < -2.0
    assert found[Objective.VOLUNTARY_LOSS] >= -found[Objective.BROW_ASYMMETRY]
    assert sum(found.values()) > 0


def test_the_affected_frontalis_makes_weak_brows_worse_in_every_way() -> None:
    found = changes(weak_brow(), {(AFFECTED, FRONTALIS): 0.5})
    assert found[Objective.BROW_ASYMMETRY] > 0.5
    assert found[Objective.REST_ASYMMETRY] > 0.5
    assert found[Objective.VOLUNTARY_LOSS] > 0.5


def test_the_healthy_brow_is_not_weakened_where_resting_brows_get_even_and_raised_ones_apart() -> (
    None
):
    """It was a candidate for a brow that hung by 2 mm and rose as far as the other one."""
    state = face_state({}, R, draws=2)
    rest = state.rest_mm.copy()
    rest[:, 1, BROW] -= 2.0
    hanging = replace(state, rest_mm=rest)
    found = changes(hanging, {(HEALTHY, FRONTALIS): 0.5})
    assert found[Objective.REST_ASYMMETRY] < -0.5
    assert found[Objective.BROW_ASYMMETRY] > -found[Objective.REST_ASYMMETRY]
    place = [(HEALTHY, FRONTALIS)]
    front = search_front(prepare_face(hanging, R, MOVEMENTS), Preferences(), place)
    assert front.considered == ()
    weak = search_front(prepare_face(weak_brow(), R, MOVEMENTS), Preferences(), place)
    assert weak.considered == tuple(place)


@pytest.mark.parametrize("side", [0, 1])
def test_what_was_not_seen_at_rest_or_not_recorded_is_no_objective(side: int) -> None:
    state = narrow_eye()
    rest = state.rest_mm.copy()
    rest[:, side] = np.nan
    covered = prepare_face(replace(state, rest_mm=rest), R, MOVEMENTS)
    assert Objective.REST_ASYMMETRY not in told_objectives(covered, MOVEMENTS)
    still = changes(replace(state, rest_mm=rest), {(AFFECTED, LID): 0.5})
    assert still[Objective.REST_ASYMMETRY] == 0.0
    without = tuple(m for m in MOVEMENTS if m is not Movement.BROW_RAISE)
    face: Any = prepare_face(weak_brow(), R, without)
    assert Objective.BROW_ASYMMETRY not in told_objectives(face, without)
    gone = changes(weak_brow(), {(HEALTHY, FRONTALIS): 0.5}, without)
    assert gone[Objective.BROW_ASYMMETRY] == 0.0
    assert set(told_objectives(prepare_face(state, R, MOVEMENTS), MOVEMENTS)) == set(OBJECTIVES)
