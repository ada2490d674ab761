"""Spontaneous blinks on plain arrays, with courses written by hand."""

import numpy as np
import pytest

from facewire.motion.blinks import blink_frames, find_blinks

OPEN_MM = 10.0


def lids(times_s, *dips, open_mm=OPEN_MM):
    """Trapezoid dips (start, length, depth): a quarter closing, half shut, a quarter opening."""
    height = np.full(len(times_s), open_mm)
    for start, length, depth in dips:
        corners = start + length * np.array([0, 0.25, 0.75, 1])
        height -= np.interp(times_s, corners, [0, depth, depth, 0])
    return height


def seconds(rate_hz=60.0, length_s=6.0):
    return np.arange(round(length_s * rate_hz)) / rate_hz


@pytest.mark.parametrize("rate_hz", [24.0, 30.0, 60.0, 240.0])
def test_finds_a_blink_at_any_rate(rate_hz):
    t = seconds(rate_hz)
    (blink,) = find_blinks(t, lids(t, (2.0, 0.24, 9)), lids(t, (2.0, 0.24, 9)), 0.1)
    assert blink.closed_s == pytest.approx(2.12, abs=0.02)
    assert blink.start_s == pytest.approx(2.0, abs=0.04)
    assert blink.end_s == pytest.approx(2.24, abs=0.04)


def test_a_long_closure_is_no_blink():
    t = seconds()
    assert find_blinks(t, lids(t, (2.0, 2.0, 10)), lids(t, (2.0, 2.0, 10)), 0.1) == ()


def test_an_eye_that_stays_open_does_not_hide_blinks():
    t = seconds()
    still, blinking = lids(t), lids(t, (2.0, 0.24, 9), (4.0, 0.24, 9))
    assert len(find_blinks(t, still, blinking, 0.1)) == 2
    assert find_blinks(t, blinking, still, 0.1) == find_blinks(t, still, blinking, 0.1)


def test_finds_blinks_within_a_narrowed_hold():
    t = seconds()
    eye = lids(t, (1.0, 4.0, 4), (2.5, 0.24, 5.5), (3.2, 0.24, 5.5))
    found = find_blinks(t, eye, eye, 0.1)
    assert [b.closed_s for b in found] == pytest.approx([2.62, 3.32], abs=0.02)


def test_a_smile_that_narrows_the_eye_is_no_blink():
    t = seconds()
    eye = lids(t, (2.0, 1.4, 5))
    assert find_blinks(t, eye, eye, 0.1) == ()


def test_noise_is_no_blink():
    rng = np.random.default_rng(3)
    t = seconds(30, 60)
    left, right = (lids(t) + rng.normal(0, 0.4, len(t)) for _ in range(2))
    assert find_blinks(t, left, right, 0.4) == ()


def test_twice_the_scale_gives_the_same_blinks():
    t = seconds()
    eye = lids(t, (2.0, 0.24, 9), (3.0, 0.2, 6))
    assert find_blinks(t, 2 * eye, 2 * eye, 0.2) == find_blinks(t, eye, eye, 0.1)


def test_unmeasured_eyes_have_no_blinks():
    t = seconds()
    nothing = np.full(len(t), np.nan)
    assert find_blinks(t, nothing, nothing, 0.1) == ()


def test_blink_frames_cover_the_blink_and_its_margin():
    t = seconds()
    eye = lids(t, (2.0, 0.24, 9))
    inside = t[blink_frames(t, find_blinks(t, eye, eye, 0.1), margin_s=0.1)]
    assert inside.min() == pytest.approx(1.9, abs=0.04)
    assert inside.max() == pytest.approx(2.34, abs=0.04)


def test_two_shut_eyes_give_one_blink_whatever_rounding_says():
    """Both eyes reach 0 mm: their depths are equal, and the wider one is followed."""
    t = seconds()
    wide = lids(t, (2.0, 0.24, 11), open_mm=11.0)
    narrow = lids(t, (2.02, 0.24, 8), open_mm=8.0)
    found = find_blinks(t, wide, narrow, 0.1)
    assert found == find_blinks(t, narrow, wide, 0.1)
    rng = np.random.default_rng(1)
    for _ in range(10):
        shaken = [np.fmax(eye + rng.normal(0, 1e-12, len(t)), 0.0) for eye in (wide, narrow)]
        assert find_blinks(t, *shaken, 0.1) == found
