"""Regions: unit movements, up and outward positive on both sides."""

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Region, Side
from facewire.motion.regions import (
    REGION_POINTS,
    channel_values,
    region_displacements,
    rest_positions,
)

NO_EYES = [c for c in CHANNELS if c.region is not Region.EYE]


def moved(channel, left_px=0.0, down_px=0.0):
    """One frame in which the points of one region alone moved."""
    plane = np.zeros((1, 468, 2))
    plane[0, list(REGION_POINTS[channel.region, channel.side])] = [left_px, down_px]
    return plane


@pytest.mark.parametrize("channel", NO_EYES, ids=lambda c: c.name)
def test_a_millimetre_up_or_outward_is_plus_one(channel):
    outward = -1.0 if channel.side is Side.RIGHT else 1.0
    across = channel.component == "across"
    plane = moved(channel, left_px=2.0 * outward) if across else moved(channel, down_px=-2.0)
    found = region_displacements(plane, mm_per_unit=0.5)[0]
    assert found[CHANNEL_INDEX[channel]] == pytest.approx(1.0)
    others = [CHANNEL_INDEX[c] for c in NO_EYES if c != channel]
    np.testing.assert_allclose(found[others], 0.0, atol=1e-12)


def test_eyes_are_left_to_the_eye_network():
    found = region_displacements(np.zeros((3, 468, 2)), 1.0)
    eyes = [CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in Side]
    assert np.isnan(found[:, eyes]).all()


@pytest.mark.parametrize("region", [r for r in Region if r not in (Region.EYE, Region.CHIN)])
def test_a_mirrored_face_swaps_the_sides(region):
    rng = np.random.default_rng(2)
    plane = rng.normal(size=(468, 2))
    mirror = plane.copy()
    for right, left in zip(
        REGION_POINTS[region, Side.RIGHT], REGION_POINTS[region, Side.LEFT], strict=True
    ):
        mirror[left], mirror[right] = plane[right] * [-1, 1], plane[left] * [-1, 1]
    for channel in (c for c in CHANNELS if c.region is region):
        twin = Channel(region, channel.side.other, channel.component)
        assert channel_values(mirror, twin) == pytest.approx(channel_values(plane, channel))


def test_rest_is_measured_from_the_eyes():
    template = np.zeros((468, 3))
    template[[133, 362], 0] = [-16.0, 16.0]
    template[[33, 263], 0] = [-46.0, 46.0]
    template[291] = [25.0, 60.0, 0.0]
    template[61] = [-27.0, 58.0, 0.0]
    rest = rest_positions(template, mm_per_unit=0.5)
    corner = {
        (c.side, c.component): rest[CHANNEL_INDEX[c]]
        for c in CHANNELS
        if c.region is Region.COMMISSURE
    }
    assert corner == {
        (Side.LEFT, "across"): 12.5,
        (Side.LEFT, "up"): -30.0,
        (Side.RIGHT, "across"): 13.5,
        (Side.RIGHT, "up"): -29.0,
    }
