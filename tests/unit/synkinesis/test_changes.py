"""Hold minus rest, and its spread between repetitions of different strength."""

from dataclasses import replace

import numpy as np
import pytest

from facewire.errors import TrackError
from facewire.face import CHANNEL_INDEX, CHANNELS, MOVEMENTS, Channel, Movement, Region, Side
from facewire.movements import MovementSet
from facewire.synkinesis.changes import (
    PRIOR_WEIGHT,
    mean_rows,
    measure_changes,
    median_rows,
    relative_spread,
)
from unit.synkinesis.made_evidence import changes_of, repetition, signals_of

SMILE = repetition(Movement.SMILE_OPEN, (0.0, 1.0), (2.0, 3.0))
EYE = CHANNEL_INDEX[Channel(Region.EYE, Side.LEFT, "height")]
BROW = CHANNEL_INDEX[Channel(Region.BROW, Side.LEFT, "height")]
BOTH = (Region.COMMISSURE, Side.LEFT)


def step(rest_mm=10.0, hold_mm=7.0):
    """Four seconds at 100 Hz: all channels rest, then hold from 1.5 s."""
    times = np.arange(400) / 100.0
    level = np.where(times < 1.5, rest_mm, hold_mm)
    return signals_of(times, np.tile(level[:, None], (1, len(CHANNELS))))


def measured(signals, *repetitions):
    return measure_changes(signals, MovementSet(repetitions, (), (0.0, 1.0), "cues"))


def test_change_is_hold_minus_rest():
    found = measured(step(), SMILE)
    np.testing.assert_allclose(found.mean(Movement.SMILE_OPEN), -3.0)
    np.testing.assert_allclose(found.mean_hold(Movement.SMILE_OPEN), 7.0)
    assert np.isnan(found.mean(Movement.SNARL)).all()


def test_noise_is_that_of_two_medians_of_101_samples():
    """A median's standard error is sqrt(pi / 2) of a mean's."""
    found = measured(step(), SMILE)
    one = np.sqrt(np.pi / 2) * 0.1 / np.sqrt(101)
    np.testing.assert_allclose(found.noise_mm, np.sqrt(2) * one, rtol=1e-3)


@pytest.mark.parametrize("hidden_s", [0.1, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("begins_s", [0.0, 2.0])
def test_a_channel_that_is_mostly_hidden_in_a_hold_or_a_rest_has_no_change(begins_s, hidden_s):
    """A hand before the brow: what peeps out at its edge is 5 mm off. The eye is seen."""
    signals = step()
    position = signals.position_mm.copy()
    stretch = (signals.times_s >= begins_s) & (signals.times_s <= begins_s + 1.0)
    covered = stretch & (signals.times_s < begins_s + hidden_s)
    if hidden_s > 0.4:
        position[stretch, BROW] += 5.0
    position[covered, BROW] = np.nan
    found = measured(replace(signals, position_mm=position), SMILE)
    assert found.change_mm[0, EYE] == -3.0
    if hidden_s > 0.4:
        assert np.isnan(found.change_mm[0, BROW])
    else:
        assert found.change_mm[0, BROW] == -3.0


def test_blinks_do_not_count_except_in_closures():
    signals = step()
    blink = (signals.times_s > 2.2) & (signals.times_s < 2.9)
    position = np.where(blink[:, None], 0.0, signals.position_mm)
    blinked = replace(signals, position_mm=position, blink=blink)
    closure = SMILE.replaced(movement=Movement.EYE_CLOSE_GENTLE)
    assert measured(blinked, SMILE).change_mm[0, EYE] == -3.0
    assert measured(blinked, closure).change_mm[0, EYE] == -10.0


def test_a_channel_that_was_not_measured_leaves_the_others():
    signals = step()
    position = signals.position_mm.copy()
    position[:, EYE] = np.nan
    position[200:210] = np.nan
    found = measured(replace(signals, position_mm=position), SMILE)
    assert np.isnan(found.change_mm[0, EYE])
    assert found.change_mm[0, BROW] == -3.0


def test_a_repetition_without_any_measured_frame_is_left_out():
    signals = step()
    position = signals.position_mm.copy()
    position[195:305] = np.nan
    found = measured(replace(signals, position_mm=position), SMILE)
    assert found.count(Movement.SMILE_OPEN) == 0


def test_mean_and_median_over_what_was_measured():
    rows = np.array([[1.0, np.nan, np.nan], [2.0, 4.0, np.nan], [6.0, 8.0, np.nan]])
    np.testing.assert_array_equal(mean_rows(rows), [3.0, 6.0, np.nan])
    np.testing.assert_array_equal(median_rows(rows), [2.0, 6.0, np.nan])
    np.testing.assert_array_equal(median_rows(rows, at_least=3), [2.0, np.nan, np.nan])
    assert np.isnan(mean_rows(rows[:0])).all()


def test_repetitions_of_different_strength_have_no_spread():
    weak = {BOTH: (2.0, 4.0), (Region.EYE, Side.LEFT): (-1.0,)}
    strong = {k: tuple(2 * x for x in v) for k, v in weak.items()}
    found = relative_spread(changes_of([(Movement.SMILE_OPEN, f) for f in (weak, strong)]))
    np.testing.assert_allclose(found.sd_mm, 0.0, atol=1e-9)


def test_spread_by_hand():
    """Rows (10, +-1): their mean is (10, 0), so strength is 1 and the brow's variance is 2."""
    rows = [
        (Movement.SMILE_OPEN, {BOTH: (0.0, 10.0), (Region.BROW, Side.LEFT): (x,)}) for x in (1, -1)
    ]
    found = relative_spread(changes_of(rows)).sd_mm[:, BROW]
    assert found[MOVEMENTS.index(Movement.SMILE_OPEN)] == pytest.approx(np.sqrt(2.0))
    others = np.delete(found, MOVEMENTS.index(Movement.SMILE_OPEN))
    np.testing.assert_allclose(others, np.sqrt(2.0))


def test_spread_is_drawn_towards_that_of_all_movements():
    calm = [(Movement.SNARL, {BOTH: (0.0, 10.0)})] * 3
    rows = [
        (Movement.SMILE_OPEN, {BOTH: (0.0, 10.0), (Region.BROW, Side.LEFT): (x,)}) for x in (1, -1)
    ]
    pooled = 2.0 / 3.0
    found = relative_spread(changes_of(rows + calm)).sd_mm[:, BROW] ** 2
    smile, snarl = found[[MOVEMENTS.index(m) for m in (Movement.SMILE_OPEN, Movement.SNARL)]]
    assert smile == pytest.approx((2.0 + PRIOR_WEIGHT * pooled) / (1 + PRIOR_WEIGHT))
    assert snarl == pytest.approx(PRIOR_WEIGHT * pooled / (2 + PRIOR_WEIGHT))


def test_spread_is_unknown_without_a_second_repetition():
    found = relative_spread(changes_of([(Movement.SMILE_OPEN, {BOTH: (1.0, 2.0)})]))
    assert np.isnan(found.sd_mm).all()
    np.testing.assert_array_equal(found.correlation, np.eye(len(CHANNELS)))


def test_one_unmeasured_channel_does_not_hide_the_spread_of_the_others():
    rows = [
        (
            Movement.SMILE_OPEN,
            {BOTH: (0, 10), (Region.BROW, Side.LEFT): (x,), (Region.EYE, Side.LEFT): (np.nan,)},
        )
        for x in (1, -1)
    ]
    found = relative_spread(changes_of(rows)).sd_mm[MOVEMENTS.index(Movement.SMILE_OPEN)]
    assert found[BROW] == pytest.approx(np.sqrt(2.0))
    assert np.isnan(found[EYE])


def test_faces_that_do_not_move_at_all_have_no_spread():
    found = relative_spread(changes_of([(Movement.SMILE_OPEN, {})] * 2))
    np.testing.assert_array_equal(found.sd_mm, 0.0)


def test_components_that_err_together_are_correlated():
    """Two pairs of rows whose brow and eye differ by (+-1, -+1) and (+-1, +-1): they cancel.

    The first pair alone is correlated by -1, drawn towards 0 by 1 / (1 + 4).
    """

    def rows(movement, brow, eye):
        return [
            (
                movement,
                {
                    BOTH: (0.0, 10.0),
                    (Region.BROW, Side.LEFT): (sign * brow,),
                    (Region.EYE, Side.LEFT): (sign * eye,),
                },
            )
            for sign in (1, -1)
        ]

    opposite = rows(Movement.SMILE_OPEN, 1.0, -1.0)
    found = relative_spread(changes_of(opposite)).correlation
    assert found[BROW, EYE] == pytest.approx(-1 / (1 + PRIOR_WEIGHT))
    both = opposite + rows(Movement.SNARL, 1.0, 1.0)
    assert relative_spread(changes_of(both)).correlation[BROW, EYE] == pytest.approx(0.0)


def test_changes_of_another_shape_are_refused():
    good = changes_of([(Movement.SMILE_OPEN, {})])
    with pytest.raises(TrackError, match="wrong shape"):
        replace(good, change_mm=good.change_mm[:, :3])
    with pytest.raises(TrackError, match="negative"):
        replace(good, noise_mm=good.noise_mm - 1.0)
