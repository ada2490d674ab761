"""Rest: which rests have returned, where the still stretch lies."""

import numpy as np
import pytest

from facewire.face import CHANNELS, Region
from facewire.motion.signals import MotionSignals
from facewire.movements.even import even_signals
from facewire.movements.rest import opening_rest, rest_before, returned_to_rest
from facewire.results.measurement import Scale

N = len(CHANNELS)
OPENING = np.zeros(N)
BROW = next(i for i, c in enumerate(CHANNELS) if c.region is Region.BROW)
CHIN = next(i for i, c in enumerate(CHANNELS) if c.region is Region.CHIN)


def signals(position_mm, rate_hz=50.0):
    n = len(position_mm)
    return MotionSignals(
        times_s=np.arange(n) / rate_hz,
        position_mm=position_mm,
        sd_mm=np.full((n, N), 0.05),
        pose_deg=np.zeros((n, 3)),
        blink=np.zeros(n, dtype=bool),
        marks={},
        scale=Scale(source="simulated", reference_mm=11.7, relative_sd=0.04, mm_per_px=0.2),
    )


def brow_course(*knots, length_s=6.0):
    """A still face whose brow follows straight lines between (time, height) knots."""
    t = np.arange(round(50 * length_s)) / 50
    position = np.full((len(t), N), 10.0)
    position[:, BROW] += np.interp(t, *zip(*knots, strict=True))
    return even_signals(signals(position))


@pytest.mark.parametrize(
    ("away_mm", "before_mm", "back"),
    [
        (0.5, 5.0, True),
        (2.0, 5.0, False),
        (-2.0, -5.0, False),
        (-2.0, 5.0, True),
        (2.0, 0.1, True),
        (1.0, 9.0, True),
    ],
)
def test_a_rest_that_keeps_some_of_the_movement_has_not_returned(away_mm, before_mm, back):
    levels, before = np.zeros((4, N)), np.zeros((4, N))
    levels[3, BROW], before[3, BROW] = away_mm, before_mm
    assert bool(returned_to_rest(levels, OPENING, before)[3]) is back


def test_the_chin_is_not_compared():
    levels, before = np.zeros((4, N)), np.zeros((4, N))
    levels[3, CHIN], before[3, CHIN] = 3.0, 5.0
    assert returned_to_rest(levels, OPENING, before).all()


def test_a_wandering_tracker_is_allowed_for():
    rng = np.random.default_rng(2)
    levels = rng.normal(0, 1.0, (12, N))
    assert returned_to_rest(levels, OPENING, np.full((12, N), 6.0)).all()


def test_a_missing_rest_has_not_returned():
    levels = np.zeros((2, N))
    levels[0] = np.nan
    assert returned_to_rest(levels, OPENING, np.zeros((2, N))).tolist() == [False, True]


def test_the_rest_begins_when_the_face_is_still():
    even = brow_course((0, 5), (2.0, 5), (2.4, 0), (6, 0))
    start, end = rest_before(even, 0.0, 3.0)
    assert (start, end) == pytest.approx((2.42, 3.0), abs=0.06)


def test_the_rest_is_short_at_most():
    assert rest_before(brow_course((0, 0), (6, 0)), 0.0, 4.0) == pytest.approx((3.2, 4.0))


def test_no_rest_without_a_pause():
    assert rest_before(brow_course((0, 0), (6, 30)), 0.0, 4.0) is None


def test_the_opening_rest_is_the_quietest_stretch():
    even = brow_course((0, 0), (0.5, 4), (1, 0), (1.5, 4), (2, 0), (10, 0), length_s=10)
    start, end = opening_rest(even, 8.0)
    assert start > 1.9
    assert end - start == pytest.approx(3.0, abs=0.05)


def test_without_an_opening_the_middle_position_is_the_rest():
    even = brow_course((0, 6), (1.5, 6), (2, 0), (6, 0))
    start, _ = opening_rest(even, 0.1)
    assert start > 1.9


@pytest.mark.parametrize(("held_s", "is_rest"), [(2.0, False), (4.5, False), (6.0, True)])
def test_a_movement_that_opens_a_recording_is_no_rest(held_s, is_rest):
    """A brow held up, which no cue asks for; the face stands longer otherwise."""
    even = brow_course((0, 8), (held_s, 8), (held_s + 0.3, 0), (10, 0), length_s=10)
    _, end = opening_rest(even, held_s + 0.1)
    assert (end <= held_s + 0.1) is is_rest


def test_what_is_held_because_it_was_asked_for_is_no_rest_however_long():
    even = brow_course((0, 0), (1, 0), (1.3, 8), (5, 8), (5.3, 0), (6, 0))
    assert opening_rest(even, 1.0, [(1.0, 5.3)])[1] <= 1.0


def test_a_cut_has_the_samples_that_lie_between():
    even = brow_course((0, 0), (6, 6))
    part = even.cut(2.0, 3.0)
    inside = even.between(2.0, 3.0)
    np.testing.assert_array_equal(part.times_s, even.times_s[inside])
    np.testing.assert_array_equal(part.position_mm, even.position_mm[inside])
    np.testing.assert_array_equal(part.clear, even.clear[inside])
    assert len(even.cut(np.inf, np.inf).times_s) == 0


def test_what_lies_far_from_a_rest_takes_no_part_in_finding_it():
    """The same rest, cut out of a recording of any length."""
    even = brow_course((0, 3), (2, 0), (4, 0), (4.3, 8))
    assert rest_before(even, 0.0, 4.0) == rest_before(even.cut(2.5, 4.5), 0.0, 4.0)
