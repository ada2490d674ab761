from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.errors import TrackError
from facewire.landmarks import LandmarkTrack
from unit.landmarks.made_track import frame_points, same, track_of


@pytest.fixture
def track() -> LandmarkTrack:
    return track_of([frame_points(i, found=i != 1) for i in range(3)])


def test_wrong_shape_is_named(track: LandmarkTrack) -> None:
    with pytest.raises(TrackError, match=r"points_px \(3, 468, 3\) instead of \(3, 478, 3\)"):
        replace(track, points_px=track.points_px[:, :468])


def test_times_must_increase(track: LandmarkTrack) -> None:
    with pytest.raises(TrackError, match="do not increase"):
        replace(track, times_s=np.array([0.0, 0.1, 0.1]))


def test_found_and_plain(track: LandmarkTrack) -> None:
    assert track.found.tolist() == [True, False, True]
    assert not track.is_plain
    assert replace(track, eyes_px=None).is_plain


def test_mirrored_exchanges_the_sides(track: LandmarkTrack) -> None:
    """In a picture 640 px wide the outer corner of the right eye becomes that of the left one."""
    turned = track.mirrored(640.0)
    assert turned.points_px[0, 263, 0] == 640 - track.points_px[0, 33, 0]
    assert turned.points_px[0, 263, 1:] == pytest.approx(track.points_px[0, 33, 1:])
    assert track.eyes_px is not None
    assert turned.eyes_px is not None
    assert turned.eyes_px[0, 1, 5, 0] == 640 - track.eyes_px[0, 0, 5, 0]
    assert turned.expressions[0, 45] == track.expressions[0, 44]


def test_mirrored_twice_is_the_same() -> None:
    """Whole pixels, which survive both subtractions exactly."""
    whole = track_of([frame_points(0)])
    arrays = ("points_px", "eyes_px", "corrected_px")
    whole = replace(whole, **{name: np.round(getattr(whole, name)) for name in arrays})
    assert same(whole.mirrored(640.0).mirrored(640.0), whole)
