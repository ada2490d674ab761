"""Fitted maps: even and odd parts, and doing nothing."""

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, CHANNELS, MOVEMENTS, Channel, Region, Side
from facewire.motion.maps import FittedMaps, left_over_sd_mm, load_maps, no_maps


def mirrored(values):
    """Swap the sides; the chin goes to the other side."""
    columns = [
        CHANNEL_INDEX[Channel(c.region, c.side and c.side.other, c.component)] for c in CHANNELS
    ]
    flip = [-1.0 if c.side is None and c.component == "across" else 1.0 for c in CHANNELS]
    return values[..., columns] * flip


def some_maps(seed=1):
    rng = np.random.default_rng(seed)
    return FittedMaps(rng.normal(size=(9, 9)), rng.normal(size=(9, 9)))


VALUES = np.random.default_rng(3).normal(size=(7, len(CHANNELS)))


def test_no_maps_change_nothing():
    np.testing.assert_array_equal(no_maps().apply(VALUES), VALUES)


@pytest.mark.parametrize("maps", [some_maps(), load_maps()])
def test_a_mirrored_face_gives_the_mirrored_answer(maps):
    np.testing.assert_allclose(maps.apply(mirrored(VALUES)), mirrored(maps.apply(VALUES)))


def test_the_input_is_left_as_it_was():
    before = VALUES.copy()
    some_maps().apply(VALUES)
    np.testing.assert_array_equal(VALUES, before)


@pytest.mark.parametrize("region", [Region.EYE, Region.BROW])
def test_eyes_and_brows_come_out_as_they_went_in(region):
    own = [CHANNEL_INDEX[Channel(region, side, "height")] for side in Side]
    np.testing.assert_array_equal(some_maps().apply(VALUES)[:, own], VALUES[:, own])


def test_even_part_by_hand():
    """Half of the brows' mean is added to both corners' height; a difference adds nothing."""
    even = np.zeros((9, 9))
    even[1, 3] = 0.5
    maps = FittedMaps(even, np.zeros((9, 9)))
    face = np.zeros(len(CHANNELS))
    for side, height in ((Side.LEFT, 3.0), (Side.RIGHT, 1.0)):
        face[CHANNEL_INDEX[Channel(Region.BROW, side, "height")]] = height
    corrected = maps.apply(face)
    for side in Side:
        assert corrected[CHANNEL_INDEX[Channel(Region.COMMISSURE, side, "up")]] == 1.0


def test_odd_part_by_hand():
    """Half of the brows' half difference goes to the left corner, and off the right one."""
    odd = np.zeros((9, 9))
    odd[1, 3] = 0.5
    maps = FittedMaps(np.zeros((9, 9)), odd)
    face = np.zeros(len(CHANNELS))
    for side, height in ((Side.LEFT, 3.0), (Side.RIGHT, 1.0)):
        face[CHANNEL_INDEX[Channel(Region.BROW, side, "height")]] = height
    corrected = maps.apply(face)
    for side, wanted in ((Side.LEFT, 0.5), (Side.RIGHT, -0.5)):
        assert corrected[CHANNEL_INDEX[Channel(Region.COMMISSURE, side, "up")]] == wanted


def test_the_maps_of_the_package_are_complete():
    maps = load_maps()
    assert maps.even.shape == maps.odd.shape == (9, 9)
    sizes = {
        left_over_sd_mm(m, c.region, c.component, difference=d, fitted=f)
        for m in MOVEMENTS
        for c in CHANNELS
        for d in (True, False)
        for f in (True, False)
    }
    assert 0.0 < min(sizes) < max(sizes) < 5.0
