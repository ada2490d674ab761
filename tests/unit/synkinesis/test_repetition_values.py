"""Values of single repetitions: a straight rise drawn by hand, and what was dropped."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face import (
    CHANNEL_INDEX,
    CHANNELS,
    MOVEMENTS,
    REGIONS,
    Channel,
    Movement,
    Region,
    Side,
)
from facewire.movements import MovementSet
from facewire.synkinesis import MapSettings, estimate_map
from unit.synkinesis.made_evidence import estimate, repetition, signals_of, simulate
from unit.synkinesis.test_estimate import ORAL_OCULAR

TIMES_S = np.arange(720) / 60.0
RIGHT_BROW = Channel(Region.BROW, Side.RIGHT, "height")
LEFT_BROW = Channel(Region.BROW, Side.LEFT, "height")


def rising(rise_s=(0.8, 0.4), height_mm=(8.0, 6.0)):
    """The brows rise in a straight line twice, from 2 s and from 7 s; the left lags a tenth."""
    position = np.zeros((len(TIMES_S), len(CHANNELS)))
    position[:, [CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in Side]] = 10.0
    for start, rise, height in zip((2.0, 7.0), rise_s, height_mm, strict=True):
        until = (start <= TIMES_S) & (start + 3.0 >= TIMES_S)
        for channel, late in ((RIGHT_BROW, 0.0), (LEFT_BROW, 0.1)):
            way = np.clip((TIMES_S - start - late) / rise, 0, 1) * height
            position[:, CHANNEL_INDEX[channel]] += np.where(until, way, 0.0)
    signals = signals_of(TIMES_S, position, sd_mm=0.05)
    asked = (
        repetition(Movement.BROW_RAISE, (1.0, 1.9), (3.0, 4.6), 1),
        repetition(Movement.BROW_RAISE, (6.0, 6.9), (8.0, 9.6), 2).replaced(effort="full"),
        repetition(Movement.SNARL, (10.2, 10.6), (11.0, 11.6), 1).replaced(
            kept=False, reason="the head turned"
        ),
    )
    return signals, MovementSet(asked, (), (0.0, 0.9), "cues")


@pytest.fixture(scope="module")
def rows():
    found = estimate_map(*rising(), MapSettings(fitted=False))
    return {(v.movement, v.repetition, v.region, v.side): v for v in found.repetition_values}


@pytest.mark.parametrize(
    ("number", "height_mm", "rise_s"), [(1, 8.0, 0.8), (2, 6.0, 0.4)], ids=["slow", "quick"]
)
def test_a_straight_rise_by_hand(rows, number, height_mm, rise_s):
    """8 mm in 0.8 s: 10 mm/s; a tenth of it 0.08 s after it began, nine tenths 0.64 s later."""
    start_s = {1: 2.0, 2: 7.0}[number]
    value = rows[Movement.BROW_RAISE, number, Region.BROW, Side.RIGHT]
    assert value.total_mm == pytest.approx(height_mm, abs=1e-6)
    assert value.onset_s == pytest.approx(start_s + 0.1 * rise_s, abs=0.021)
    assert value.rise_s == pytest.approx(0.8 * rise_s, abs=0.031)
    assert value.peak_velocity_mm_s == pytest.approx(height_mm / rise_s, rel=0.03)
    assert value.hold_sd_mm == pytest.approx(0.0, abs=1e-9)
    assert value.kept
    assert value.effort == {1: "", 2: "full"}[number]


def test_each_side_has_its_own_onset(rows):
    right, left = (rows[Movement.BROW_RAISE, 1, Region.BROW, s] for s in (Side.RIGHT, Side.LEFT))
    assert left.onset_s - right.onset_s == pytest.approx(0.1, abs=0.021)


def test_its_deviation_is_that_of_one_repetition(rows):
    """Of one repetition it is larger than of the mean of two."""
    mean = next(
        cell
        for cell in estimate_map(*rising(height_mm=(8.0, 8.0)), MapSettings(fitted=False)).voluntary
        if cell.key == (Movement.BROW_RAISE, Region.BROW, Side.RIGHT)
    )
    one = rows[Movement.BROW_RAISE, 1, Region.BROW, Side.RIGHT]
    assert one.total_sd_mm >= mean.excursion_sd_mm > 0


def test_a_dropped_repetition_says_why_and_has_no_numbers(rows):
    value = rows[Movement.SNARL, 1, Region.ALA, Side.LEFT]
    assert (value.kept, value.reason) == (False, "the head turned")
    assert (value.total_mm, value.onset_s, value.involuntary_mm) == (None, None, None)


def test_what_hardly_moves_has_no_onset(rows):
    still = rows[Movement.BROW_RAISE, 1, Region.EYE, Side.RIGHT]
    assert still.total_mm == pytest.approx(0.0, abs=1e-9)
    assert still.onset_s is None


def test_every_repetition_has_every_region_and_side(rows):
    assert len(rows) == 3 * len(REGIONS) * 2
    assert {key[0] for key in rows} <= set(MOVEMENTS)


@pytest.mark.slow
def test_involuntary_parts_scatter_about_the_cells():
    """A patient whose smile closes the eye by 3 mm: every single smile shows it on that side."""
    found = estimate(simulate(ORAL_OCULAR))
    smiles = [
        v
        for v in found.repetition_values
        if (v.movement, v.region) == (Movement.SMILE_OPEN, Region.EYE)
    ]
    own = [v.involuntary_mm for v in smiles if v.side is Side.RIGHT and v.kept]
    assert len(own) >= 3
    assert np.mean(own) == pytest.approx(-3.0, abs=0.4)
    assert all(v.involuntary_mm is None for v in smiles if v.side is Side.LEFT)
