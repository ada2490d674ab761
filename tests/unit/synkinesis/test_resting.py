"""The resting face and the gaps of closures."""

from dataclasses import replace

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Movement, Region, Side
from facewire.movements import MovementSet
from facewire.synkinesis.parts import COVERED, USUAL_SPREAD_MM
from facewire.synkinesis.resting import (
    GAP_SD_MM,
    NO_REST,
    closure_cells,
    lid_cells,
    rest_cells,
    resting_positions,
)
from unit.synkinesis.made_evidence import evidence_of, signals_of

EYES = {s: CHANNEL_INDEX[Channel(Region.EYE, s, "height")] for s in Side}
TIMES_S = np.arange(120) / 30.0
OPENING = MovementSet((), (), (0.0, 2.0), "cues")


def resting(left_mm=9.0, right_mm=10.0):
    position = np.full((len(TIMES_S), len(CHANNELS)), 20.0)
    position[:, EYES[Side.LEFT]], position[:, EYES[Side.RIGHT]] = left_mm, right_mm
    return signals_of(TIMES_S, position)


def test_difference_is_this_side_minus_the_other():
    signals = resting()
    rest = resting_positions(signals, OPENING)
    cells = {c.side: c for c in rest_cells(signals, rest) if c.region is Region.EYE}
    assert cells[Side.LEFT].position_mm == 9.0
    assert cells[Side.LEFT].difference_mm == pytest.approx(-1.0)
    assert cells[Side.RIGHT].difference_mm == pytest.approx(1.0)
    assert cells[Side.LEFT].difference_ci_low < -1.0 < cells[Side.LEFT].difference_ci_high


def test_the_scale_widens_the_interval_and_not_the_difference():
    signals = resting()
    unsure = replace(signals, scale=signals.scale.replaced(relative_sd=0.2))
    rest = resting_positions(signals, OPENING)
    sure_cell, unsure_cell = (rest_cells(s, rest)[0] for s in (signals, unsure))
    assert unsure_cell.ci_low < sure_cell.ci_low
    assert unsure_cell.difference_ci_low == sure_cell.difference_ci_low


def test_the_chin_has_no_difference():
    signals = resting()
    chin = [c for c in rest_cells(signals, resting_positions(signals, OPENING)) if c.side is None]
    assert len(chin) == 2
    assert all(c.difference is None for c in chin)


MARGINS_MM = np.array([[4.2, 5.5], [2.7, 5.4]])
"""The right eye's, then the left one's, which droops."""


def test_lids_about_the_pupil_with_their_uncertainty():
    signals = replace(resting(), pupil_margins_mm=MARGINS_MM)
    scaled = replace(signals, scale=signals.scale.replaced(relative_sd=0.1))
    cells = {cell.side: cell for cell in lid_cells(scaled)}
    right, left = cells[Side.RIGHT], cells[Side.LEFT]
    assert (right.mrd1_mm, right.mrd2_mm, left.mrd1_mm) == (4.2, 5.5, 2.7)
    assert right.mrd1_sd_mm == pytest.approx(np.hypot(0.5, 0.42))
    assert left.difference_mm == pytest.approx(-1.5)
    assert left.difference_sd_mm == pytest.approx(np.hypot(0.3, 0.15))
    assert right.difference_ci_low == pytest.approx(-left.difference_ci_high)


def test_lids_behind_glare_widen_what_is_said_of_them_at_rest():
    """A spread of 1.45 mm is 0.4 above what lids have that are seen well: 0.5, 0.4 give 0.64."""
    spread_mm = np.tile([1.45, 0.8], (len(TIMES_S), 1))
    signals = replace(resting(), pupil_margins_mm=MARGINS_MM, lid_spread_mm=spread_mm)
    signals = replace(signals, scale=signals.scale.replaced(relative_sd=0.0))
    right, left = sorted(lid_cells(signals), key=lambda cell: cell.side != Side.RIGHT)
    assert right.mrd1_sd_mm == pytest.approx(np.hypot(0.5, 0.4))
    assert left.mrd1_sd_mm == pytest.approx(0.5)
    assert right.difference_sd_mm == left.difference_sd_mm == pytest.approx(np.hypot(0.3, 0.4))
    eyes = [
        c for c in rest_cells(signals, resting_positions(signals, OPENING)) if c.region == "eye"
    ]
    fissure = {cell.side: cell.position_sd_mm for cell in eyes}
    assert fissure[Side.RIGHT] == pytest.approx(np.hypot(0.5, 0.4))
    assert fissure[Side.LEFT] == pytest.approx(0.5)


def test_lids_that_were_not_seen_at_rest_have_no_place_and_say_why():
    margins_mm = MARGINS_MM.copy()
    margins_mm[1] = np.nan
    right, left = (
        next(c for c in lid_cells(replace(resting(), pupil_margins_mm=margins_mm)) if c.side is s)
        for s in (Side.RIGHT, Side.LEFT)
    )
    assert right.mrd1_mm == 4.2
    assert right.difference_mm is None
    assert (left.mrd1_mm, left.mrd2_mm, left.reason) == (None, None, COVERED)
    moving = replace(resting(), pupil_margins_mm=MARGINS_MM, rest_seen=False)
    assert {(c.mrd1_mm, c.reason) for c in lid_cells(moving)} == {(None, NO_REST)}


def test_blinks_do_not_lower_the_resting_fissure():
    signals = resting()
    blink = (TIMES_S > 0.5) & (TIMES_S < 1.8)
    position = np.where(blink[:, None], 0.0, signals.position_mm)
    rest = resting_positions(replace(signals, position_mm=position, blink=blink), OPENING)
    assert rest[EYES[Side.LEFT]] == 9.0


def test_a_rest_without_frames_falls_back_on_the_recording():
    signals = resting()
    position = signals.position_mm.copy()
    position[TIMES_S <= 2.0] = np.nan
    rest = resting_positions(replace(signals, position_mm=position), OPENING)
    assert rest[EYES[Side.LEFT]] == 9.0


def test_gaps_by_hand():
    """Eyes of 10 mm at rest close by 10 and by 7.5 mm."""
    gentle = Movement.EYE_CLOSE_GENTLE
    face = {(Region.EYE, Side.LEFT): (-10.0,), (Region.EYE, Side.RIGHT): (-7.5,)}
    cells = {(c.movement, c.side): c for c in closure_cells(evidence_of([(gentle, face)]))}
    assert cells[gentle, Side.LEFT].gap_mm == pytest.approx(0.0)
    assert cells[gentle, Side.LEFT].ci_low == 0.0
    assert cells[gentle, Side.RIGHT].gap_mm == pytest.approx(2.5)
    tight = cells[Movement.EYE_CLOSE_TIGHT, Side.LEFT]
    assert tight.gap is None
    assert "not recorded" in tight.reason


def test_the_gap_keeps_its_deviation_where_its_interval_is_clipped():
    """The interval ends at 0; its deviation is what the gap is misread by on rendered patients,
    8 % of it for how lids are followed on real skin, and a repetition's usual spread.
    """
    gentle = Movement.EYE_CLOSE_GENTLE
    face = {(Region.EYE, s): (-9.0,) for s in Side}
    cell = closure_cells(evidence_of([(gentle, face)]))[0]
    sd = np.sqrt(GAP_SD_MM**2 + (0.08 * 1.0) ** 2 + USUAL_SPREAD_MM**2)
    assert (cell.ci_low, cell.gap_mm) == (
        pytest.approx(max(0.0, 1 - 1.959964 * sd), abs=1e-6),
        pytest.approx(1),
    )
    assert cell.gap_sd_mm == pytest.approx(sd)
    assert cell.ci_high == pytest.approx(1 + 1.959964 * sd)


def test_a_gap_that_is_badly_seen_is_known_less_well():
    """The left eye's lids are 0.5 mm less sure than lids that are seen well: 1 mm for the gap."""
    gentle = Movement.EYE_CLOSE_GENTLE
    evidence = evidence_of([(gentle, {(Region.EYE, s): (-9.0,) for s in Side})])
    seen = replace(evidence.changes, lid_spread_mm=np.array([[0.8, 1.55]]))
    left, right = closure_cells(replace(evidence, changes=seen))[:2]
    assert (left.side, right.side) == (Side.LEFT, Side.RIGHT)
    # Where one eye is badly seen, 8 + 50 % of what either moved is unsure.
    alike = GAP_SD_MM**2 + 0.58**2 + USUAL_SPREAD_MM**2
    assert right.gap_sd_mm == pytest.approx(np.sqrt(alike))
    assert left.gap_sd_mm == pytest.approx(np.sqrt(alike + 1.0))


def test_a_closure_in_which_the_eye_was_not_measured_says_so():
    gentle = Movement.EYE_CLOSE_GENTLE
    face = {(Region.EYE, Side.LEFT): (np.nan,), (Region.EYE, Side.RIGHT): (-7.5,)}
    cell = closure_cells(evidence_of([(gentle, face)]))[0]
    assert cell.gap is None
    assert cell.reason == "the region was not measured"
