"""Synthetic groups of faces: repeatable, and as frequent as published."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, Movement, Side
from facewire.face.muscles import GROUP_INDEX, MuscleGroup
from facewire.wiring.state import EYE
from made_treatments import same
from simulated.face_states import FISSURE_MM, Group, synthetic_faces

PALPEBRAL = GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL]


def test_same_seed_same_faces() -> None:
    assert same(synthetic_faces(20, 3), synthetic_faces(20, 3), tolerance=0.0)
    assert not same(synthetic_faces(20, 3), synthetic_faces(20, 4))


def test_only_the_affected_side_is_miswired() -> None:
    state = synthetic_faces(50, 1, Group(affected=Side.RIGHT))
    assert state.wrong[:, 1].any()
    assert not state.wrong[:, 0].any()


def test_pucker_narrows_as_many_eyes_as_published() -> None:
    row = MOVEMENTS.index(Movement.LIP_PUCKER)
    share = (synthetic_faces(2000, 1).wrong[:, 0, row, PALPEBRAL] > 0).mean()
    assert share == pytest.approx(0.82, abs=0.03)


def test_resting_fissures_are_as_wide_as_published() -> None:
    fissure = synthetic_faces(2000, 1).rest_mm[..., EYE].mean(axis=0)
    assert fissure[1] == pytest.approx(FISSURE_MM, abs=0.1)
    assert fissure[0] == pytest.approx(8.99, abs=0.25)


def test_without_severity_there_is_no_synkinesis() -> None:
    state = synthetic_faces(50, 1, Group(severity=0.0))
    assert not state.wrong.any()
    assert not np.abs(state.tone).any()


def test_a_wrong_edge_is_never_one_that_belongs_there() -> None:
    state = synthetic_faces(200, 1, Group(held_back=0.5))
    assert not ((state.wrong[:, 0] > 0) & (state.right[:, 0] > 0)).any()


def test_a_group_out_of_range_is_refused() -> None:
    with pytest.raises(UsageError, match="severity"):
        Group(severity=-1.0)
