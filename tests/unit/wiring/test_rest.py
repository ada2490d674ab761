from __future__ import annotations

import numpy as np
import pytest

from facewire.wiring.action import CHIN, PALPEBRAL
from facewire.wiring.observe import Observations, observe
from facewire.wiring.rest import closing_the_fissure, draw_rest
from facewire.wiring.state import EYE
from simulated.wiring_patients import Kind, simulate_patient


@pytest.fixture(scope="module")
def seen() -> Observations:
    return observe([simulate_patient(3, Kind.MISWIRED).result])


def test_draws_have_the_measured_spread_of_positions_and_of_the_difference(
    seen: Observations,
) -> None:
    rest = draw_rest(seen, 4000, np.random.default_rng(1))
    apart = (rest[:, 0] - rest[:, 1]).std(axis=0)
    assert rest.mean(axis=0) == pytest.approx(seen.rest_mm, abs=0.25)
    measured = seen.difference_sd_mm[0]
    assert apart[~CHIN] == pytest.approx(measured[~CHIN], rel=0.05)
    wide = seen.rest_sd_mm[0] > measured / 2
    assert rest[:, 0].std(axis=0)[wide] == pytest.approx(seen.rest_sd_mm[0][wide], rel=0.1)


def test_the_chin_is_one_point(seen: Observations) -> None:
    rest = draw_rest(seen, 50, np.random.default_rng(2))
    assert np.array_equal(rest[:, 0, CHIN], rest[:, 1, CHIN])


def test_the_lids_muscle_closes_the_fissure_of_each_draw(seen: Observations) -> None:
    rest = draw_rest(seen, 20, np.random.default_rng(3))
    action = closing_the_fissure(np.ones((20, 2, 14, 10)), rest)
    assert action[:, :, PALPEBRAL, EYE] == pytest.approx(-rest[..., EYE])
    assert np.delete(action, PALPEBRAL, axis=2).min() == 1.0
