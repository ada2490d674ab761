from __future__ import annotations

import numpy as np
import pytest

from facewire.face import SIDES, Region, Side
from facewire.face.muscles import SIDE_CHANNEL_INDEX
from facewire.results.cells import LidCell, RestCell
from facewire.results.estimate import Estimate
from facewire.results.measurement import Measurement
from facewire.wiring.action import CHIN, PALPEBRAL
from facewire.wiring.observe import Observations, observe
from facewire.wiring.rest import (
    RESTING_DIFFERENCE_MM,
    TONE_SD,
    closing_the_fissure,
    draw_rest,
    draw_tone,
    rest_signs,
)
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


def test_tone_has_the_posterior_worked_by_hand() -> None:
    """One muscle of 6 mm, one difference of 3 mm known to 0.5 mm, a prior around 0."""
    n, muscle, brow = 20_000, 2, SIDE_CHANNEL_INDEX[Region.BROW, "height"]
    gone, one = np.full((2, 8, 10), np.nan), np.full((2, 10), np.nan)
    difference, sd = one.copy(), one.copy()
    difference[0, brow], sd[0, brow] = 3.0, 0.5
    seen = Observations(SIDES[0], gone, gone, gone, gone, one, one, difference, sd)
    action = np.zeros((n, 2, 14, 10))
    action[:, 0, muscle, brow] = 6.0
    tone = draw_tone(seen, action, 1.0, np.random.default_rng(4))
    noise, mine = 0.5**2 + RESTING_DIFFERENCE_MM**2, (TONE_SD * 6.0) ** 2
    drawn = tone[:, 0, muscle]
    assert drawn.mean() == pytest.approx(TONE_SD**2 * 6.0 * 3.0 / (mine + noise), rel=0.03)
    assert drawn.std() == pytest.approx(TONE_SD * np.sqrt(noise / (mine + noise)), rel=0.03)
    assert tone[:, 0, muscle + 1].std() == pytest.approx(TONE_SD, rel=0.03)
    assert not tone[:, 1].any()


def measured(fissure_mm: float, corner_mm: float, lids: bool = True) -> Measurement:
    """A measurement whose affected eye, corner and lids differ by so much at rest."""
    made = simulate_patient(3, Kind.MISWIRED).result
    side = made.side_affected
    assert side is not None
    rest = tuple(_differing(cell, side, fissure_mm, corner_mm) for cell in made.rest)
    margins = {side: (3.0, 4.2), side.other: (4.0, 5.2)}
    cells = tuple(
        LidCell(
            side=one,
            **LidCell.columns("mrd1_mm", Estimate.of(margins[one][0], 0.5, "mm")),
            **LidCell.columns("mrd2_mm", Estimate.of(margins[one][1], 0.5, "mm")),
            **LidCell.columns(
                "difference_mm", Estimate.of(-1.0 if one is side else 1.0, 0.3, "mm")
            ),
        )
        for one in SIDES
    )
    return made.replaced(rest=rest, lids=cells if lids else ())


def _differing(cell: RestCell, side: Side, fissure_mm: float, corner_mm: float) -> RestCell:
    place = (cell.region, cell.component)
    size = {(Region.EYE, "height"): fissure_mm, (Region.COMMISSURE, "up"): corner_mm}.get(place)
    if size is None or cell.side is None:
        return cell
    way = 1.0 if cell.side is side else -1.0
    number = Estimate.of(way * size, 0.3 if cell.region is Region.EYE else 1.0, "mm")
    return cell.replaced(**RestCell.columns("difference_mm", number))


def says(result: Measurement) -> dict[str, str]:
    return {one.sign: one.says for one in rest_signs(observe([result]), [result])}


@pytest.mark.parametrize(
    ("fissure_mm", "corner_mm", "eye", "corner"),
    [
        (-1.6, 2.5, "tight", "tight"),
        (1.6, -2.5, "slack", "slack"),
        (-0.7, 1.5, "untold", "untold"),
        (0.1, 0.0, "even", "untold"),
    ],
)
def test_a_sign_is_tight_or_slack_from_a_millimetre_on_and_only_when_it_is_sure(
    fissure_mm: float, corner_mm: float, eye: str, corner: str
) -> None:
    found = says(measured(fissure_mm, corner_mm))
    assert (found["fissure"], found["corner_up"]) == (eye, corner)


def test_lids_that_come_closer_to_the_pupil_are_tight_and_unmeasured_ones_untold() -> None:
    found = says(measured(-2.0, 0.0))
    assert (found["upper_lid"], found["lower_lid"]) == ("tight", "tight")
    without = says(measured(-2.0, 0.0, lids=False))
    assert (without["upper_lid"], without["lower_lid"]) == ("untold", "untold")


def test_two_recordings_say_more_of_the_lids_than_one_and_a_healthy_face_says_nothing() -> None:
    one = measured(-2.0, 0.0)
    single = rest_signs(observe([one]), [one])
    both = rest_signs(observe([one, one]), [one, one])
    for a, b in zip(single, both, strict=True):
        assert a.difference_mm == pytest.approx(b.difference_mm)
        assert a.difference_sd_mm is not None
        assert b.difference_sd_mm is not None
        assert b.difference_sd_mm < a.difference_sd_mm
    healthy = simulate_patient(3, Kind.HEALTHY, side_stated=False).result
    assert rest_signs(observe([healthy]), [healthy]) == ()
