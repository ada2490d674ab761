"""The blink row: a known twitch at every spontaneous blink."""

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Movement, Region, Side
from facewire.movements import Blink, MovementSet
from facewire.synkinesis.blink_row import FLOOR_SD_MM, MIN_BLINKS, blink_row
from unit.synkinesis.made_evidence import repetition, signals_of

TIMES_S = np.arange(600) / 60.0
BLINKS = tuple(Blink(s, s + 0.13, s + 0.28) for s in (1.0, 3.0, 5.0, 7.0, 8.5))


def twitching(across_mm=0.0, up_mm=0.0, blinks=BLINKS):
    """The right corner moves during each blink, as high as given around closure."""
    position = np.zeros((len(TIMES_S), len(CHANNELS)))
    for blink in blinks:
        shape = np.clip(3 * (1 - np.abs(TIMES_S - blink.closed_s) / 0.13), 0, 1)
        for part, size in (("across", across_mm), ("up", up_mm)):
            column = CHANNEL_INDEX[Channel(Region.COMMISSURE, Side.RIGHT, part)]
            position[:, column] += size * shape
    return signals_of(TIMES_S, position)


def row(signals, blinks=BLINKS, repetitions=()):
    return {
        (c.region, c.side): c
        for c in blink_row(signals, MovementSet(repetitions, blinks, (0.0, 0.9), "cues"))
    }


def test_a_known_twitch():
    cell = row(twitching(0.9, 1.2))[Region.COMMISSURE, Side.RIGHT]
    # Equal blinks: what is left is the floor of the tracker, and the bias of a length is removed.
    assert cell.change_mm == pytest.approx(np.sqrt(0.9**2 + 1.2**2 - 2 * FLOOR_SD_MM**2), abs=0.01)
    assert (cell.across_mm, cell.up_mm) == pytest.approx((0.9, 1.2), abs=0.01)
    assert (cell.count, cell.detected, cell.present) == (5, True, True)
    # Student's t for 4 degrees of freedom, 97.5 %.
    assert cell.ci_high - cell.change_mm == pytest.approx(2.776 * FLOOR_SD_MM, abs=0.005)


def test_twitches_of_different_sizes_widen_the_interval():
    """Up by 1, 2, 3, 4, 5 mm: by hand their mean is 3 and its error sqrt(2.5 / 5) mm."""
    position = sum(
        twitching(0.0, size, (blink,)).position_mm
        for size, blink in zip((1.0, 2.0, 3.0, 4.0, 5.0), BLINKS, strict=True)
    )
    cell = row(signals_of(TIMES_S, position))[Region.COMMISSURE, Side.RIGHT]
    assert (cell.count, cell.up_mm) == (5, pytest.approx(3.0, abs=0.01))
    half = 2.776 * np.hypot(np.sqrt(2.5 / 5), FLOOR_SD_MM)
    assert cell.ci_high - cell.change_mm == pytest.approx(half, abs=0.01)


def test_a_mouth_on_its_slow_way_does_not_twitch():
    """A corner that rises by 1 mm a second is as high in a blink as halfway between its sides."""
    signals = twitching()
    column = CHANNEL_INDEX[Channel(Region.COMMISSURE, Side.RIGHT, "up")]
    signals.position_mm[:, column] += TIMES_S
    cell = row(signals)[Region.COMMISSURE, Side.RIGHT]
    assert cell.up_mm == pytest.approx(0.0, abs=0.03)
    assert cell.detected is False


def test_nothing_moves_elsewhere():
    cells = row(twitching(0.9, 1.2))
    del cells[Region.COMMISSURE, Side.RIGHT]
    assert all(
        c.change_mm == 0 and c.detected is False and c.present is False for c in cells.values()
    )


def test_a_small_sure_twitch_is_detected_and_not_present():
    cell = row(twitching(0.0, 0.6))[Region.COMMISSURE, Side.RIGHT]
    assert (cell.detected, cell.present) == (True, False)


def test_too_few_blinks():
    few = BLINKS[: MIN_BLINKS - 1]
    cell = row(twitching(0.9, 1.2), few)[Region.COMMISSURE, Side.RIGHT]
    assert cell.present is None
    assert cell.change_mm is None
    assert cell.reason == "too few usable blinks: 2, at least 3 needed"


def test_blinks_in_asked_closures_do_not_count():
    closure = repetition(Movement.EYE_CLOSE_GENTLE, (0.0, 0.9), (0.95, 3.5))
    cell = row(twitching(0.9, 1.2), repetitions=(closure,))[Region.COMMISSURE, Side.RIGHT]
    assert cell.count == 3


def test_a_blink_in_the_onset_of_a_movement_does_not_count():
    signals = twitching(0.9, 1.2)
    position = signals.position_mm.copy()
    position[:, CHANNEL_INDEX[Channel(Region.COMMISSURE, Side.RIGHT, "up")]] += np.interp(
        TIMES_S, [4.9, 5.4, 6.0, 6.5], [0, 5, 5, 0]
    )
    cell = row(signals_of(TIMES_S, position))[Region.COMMISSURE, Side.RIGHT]
    assert cell.count == 4
    assert cell.up_mm == pytest.approx(1.2, abs=0.01)


def test_unmeasured_frames_leave_blinks_out():
    signals = twitching(0.9, 1.2)
    position = signals.position_mm.copy()
    position[np.abs(TIMES_S - 3.13) < 0.03] = np.nan
    assert row(signals_of(TIMES_S, position))[Region.COMMISSURE, Side.RIGHT].count == 4
