"""What no wiring explains: as far as was measured, as surely, and less where noise is all."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face import MOVEMENTS, Movement, Region, Side
from facewire.face.muscles import GROUPS, SIDE_CHANNEL_INDEX, SIDE_CHANNELS, TYPICAL_ACTION_MM
from facewire.wiring.fit import draw_unexplained
from facewire.wiring.observe import Observations, purpose_mask
from facewire.wiring.state import EYE, saturated

N, M, K = 4000, len(MOVEMENTS), len(SIDE_CHANNELS)
BROW, SMILE = (MOVEMENTS.index(m) for m in (Movement.BROW_RAISE, Movement.SMILE_OPEN))
CHIN_UP = SIDE_CHANNEL_INDEX[Region.CHIN, "up"]
ACTION = np.broadcast_to(TYPICAL_ACTION_MM, (N, 2, *TYPICAL_ACTION_MM.shape))


def drawn(total: np.ndarray, sd: float, activation: float = 0.0) -> np.ndarray:
    nothing = np.full((2, K), np.nan)
    seen = Observations(
        Side.LEFT, total, np.full((2, M, K), sd), total, total, nothing, nothing, nothing, nothing
    )
    active = np.full((N, 2, M, len(GROUPS)), activation)
    return draw_unexplained(seen, active, ACTION, np.random.default_rng(1))


def only(mm: float, column: int, movement: int = SMILE) -> np.ndarray:
    total = np.zeros((2, M, K))
    total[:, movement, column] = mm
    return total


def test_a_clear_movement_keeps_its_size_and_its_doubt() -> None:
    found = drawn(only(-2.5, EYE), 0.1)[:, :, SMILE, EYE]
    assert found.mean(axis=0) == pytest.approx([-2.5, -2.5], abs=0.1)
    assert found.std(axis=0) == pytest.approx([0.1, 0.1], abs=0.02)
    assert abs(np.corrcoef(found.T)[0, 1]) < 0.1


def test_what_is_within_its_noise_is_drawn_towards_zero() -> None:
    found = drawn(only(-0.3, EYE), 0.3)[:, 0, SMILE, EYE]
    assert abs(found.mean()) < 0.15
    assert found.std() < 0.3


def test_the_wiring_of_the_draw_is_not_counted_twice() -> None:
    active = np.full((1, len(GROUPS)), 0.2)
    moved = float((saturated(active) @ TYPICAL_ACTION_MM)[0, EYE])
    found = drawn(np.full((2, M, K), moved - 2.0), 0.1, activation=0.2)
    assert found[:, 0, SMILE, EYE].mean() == pytest.approx(-2.0, abs=0.1)


def test_both_sides_share_the_chin() -> None:
    found = drawn(only(3.0, CHIN_UP, BROW), 0.1)[:, :, BROW, CHIN_UP]
    assert np.array_equal(found[:, 0], found[:, 1])
    assert found.sum(axis=1).mean() == pytest.approx(3.0, abs=0.1)
    assert found.sum(axis=1).std() == pytest.approx(0.1, abs=0.02)


def test_on_purpose_and_unmeasured_it_is_zero() -> None:
    total = np.ones((2, M, K))
    total[1, SMILE] = np.nan
    found = drawn(total, 0.1)
    assert not found[:, :, purpose_mask()].any()
    assert not found[:, 1, SMILE].any()
