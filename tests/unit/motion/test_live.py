"""Live millimetres: those of the recording, within what the later pictures would add."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.face import CHANNEL_INDEX, Channel, Region, Side
from facewire.landmarks import LandmarkTrack
from facewire.motion import MotionSettings, compute_motion
from facewire.motion.live import LiveMotion, enough_for_live
from facewire.motion.regions import REGION_POINTS
from unit.motion.test_compute import HOLD, TIMES_S, made_track

OPENING = 75
"""Frames of the opening rest: 2.5 s."""
PLAIN_MM = MotionSettings(fitted=False)
CORNER = CHANNEL_INDEX[Channel(Region.COMMISSURE, Side.LEFT, "across")]
RIGHT_EYE, LEFT_EYE = (CHANNEL_INDEX[Channel(Region.EYE, s, "height")] for s in "RL")


def opening_of(track: LandmarkTrack, n: int = OPENING) -> LandmarkTrack:
    arrays = ("times_s", "points_px", "presence", "eyes_px", "eyes_spread_px")
    cut = {name: getattr(track, name)[:n] for name in (*arrays, "corrected_px", "mismatch")}
    return replace(track, **cut)


def live_mm(track: LandmarkTrack, settings: MotionSettings = PLAIN_MM) -> NDArray[np.float64]:
    live = LiveMotion(opening_of(track), settings)
    assert track.corrected_px is not None
    assert track.eyes_px is not None
    return np.array(
        [
            live.read(float(TIMES_S[i]), track.corrected_px[i], track.eyes_px[i]).change_mm
            for i in range(OPENING, len(TIMES_S))
        ]
    )


def moving_track() -> LandmarkTrack:
    corner = REGION_POINTS[Region.COMMISSURE, Side.LEFT]
    right = np.where(HOLD, 2.0, 10.0)
    return made_track(right_px=right, moved=[(corner, HOLD, [6.0, 0.0])])


@pytest.mark.slow
def test_live_is_what_the_recording_says() -> None:
    track = moving_track()
    recorded = compute_motion(track, PLAIN_MM).position_mm
    change = recorded - np.median(recorded[:OPENING], axis=0)
    found = live_mm(track)
    assert found[:, CORNER] == pytest.approx(change[OPENING:, CORNER], abs=0.15)
    hold = HOLD[OPENING:]
    assert found[hold, CORNER].mean() == pytest.approx(6.0 * 11.7 / 12.0, abs=0.2)
    assert np.abs(found[~hold]).max() < 0.15


@pytest.mark.slow
def test_a_lid_is_read_as_far_as_it_moved() -> None:
    """A fissure that falls from 10 px to 2 px, with an iris of 12 px, whatever came before."""
    found = live_mm(moving_track())
    assert found[HOLD[OPENING:], RIGHT_EYE] == pytest.approx(-8.0 * 11.7 / 12.0, abs=0.1)
    assert np.abs(found[:, LEFT_EYE]).max() < 0.3


@pytest.mark.slow
def test_a_turned_head_is_no_movement() -> None:
    yaw = np.where(TIMES_S > 3, 8.0, 0.0)
    track = made_track(yaw_deg=yaw)
    assert np.abs(live_mm(track)[:, CORNER]).max() < 0.8
    live = LiveMotion(opening_of(track), PLAIN_MM)
    assert track.corrected_px is not None
    assert track.eyes_px is not None
    values = live.read(4.0, track.corrected_px[120], track.eyes_px[120])
    assert values.pose_deg[0] == pytest.approx(8.0, abs=1.0)


def test_too_short_a_rest_is_refused() -> None:
    with pytest.raises(TrackError, match="Too few frames"):
        LiveMotion(opening_of(moving_track(), 20), PLAIN_MM)


@pytest.mark.parametrize(
    ("count", "rate_hz", "enough"),
    [(0, 30, False), (40, 30, False), (62, 30, True), (20, 5, False)],
)
def test_two_seconds_of_thirty_pictures_are_enough(
    count: int, rate_hz: float, enough: bool
) -> None:
    assert enough_for_live([i / rate_hz for i in range(count)]) is enough
