from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.errors import TrackError
from facewire.landmarks import LandmarkTrack
from unit.landmarks.made_track import frame_points, track_of


@pytest.fixture
def track() -> LandmarkTrack:
    return track_of([frame_points(i, found=i != 1) for i in range(3)])


def test_wrong_shape_is_named(track: LandmarkTrack) -> None:
    with pytest.raises(TrackError, match=r"points_px \(3, 468, 3\) instead of \(3, 478, 3\)"):
        replace(track, points_px=track.points_px[:, :468])


def test_times_must_increase(track: LandmarkTrack) -> None:
    with pytest.raises(TrackError, match="do not increase"):
        replace(track, times_s=np.array([0.0, 0.1, 0.1]))


def test_found(track: LandmarkTrack) -> None:
    assert track.found.tolist() == [True, False, True]
