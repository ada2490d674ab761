"""Which frames are the reference rest: wherever the face is quiet with open eyes."""

import numpy as np
import pytest

from facewire.errors import TrackError
from facewire.motion.resting import looks_at, open_eyes, reference_rest
from unit.motion.made_face import eyes

RATE_HZ = 30.0
OPEN, SHUT = 10.0, 3.0


def recording(*parts):
    """Times, heights of the eyes and place of one corner, from (seconds, height, place) parts."""
    height = np.concatenate([np.full(round(s * RATE_HZ), h) for s, h, _ in parts])
    place = np.concatenate([np.full(round(s * RATE_HZ), float(p)) for s, _, p in parts])
    return np.arange(len(height)) / RATE_HZ, height, place


def rest_of(times, height, place):
    opened = open_eyes(eyes(height, height))
    looks = looks_at(times)
    places = np.column_stack([place, np.zeros_like(place)])
    return reference_rest(times, opened, looks, places[looks])


def test_closed_eyes_in_the_first_seconds_are_not_rest():
    """The case short_rest: 0.3 s of rest, then a closure."""
    times, height, place = recording((0.3, OPEN, 0), (2, SHUT, 1), (1, OPEN, 0), (2, SHUT, 1))
    rest, still = rest_of(times, height, place)
    assert still
    assert rest.any()
    assert (height[rest] == OPEN).all()


def test_the_rests_between_the_movements_belong_to_it():
    times, height, place = recording((2, OPEN, 0), (1, OPEN, 8), (2, OPEN, 0), (1, OPEN, 8))
    rest, still = rest_of(times, height, place)
    assert still
    assert (place[rest] == 0).all()
    assert rest[times < 1.8].all()
    assert rest[(times > 3.2) & (times < 4.8)].all()


@pytest.mark.parametrize("hold_s", [1.5, 3.0])
def test_one_long_hold_is_not_rest(hold_s):
    """A single smile may be held for longer than the rests beside it."""
    rest, _ = rest_of(*recording((1, OPEN, 0), (hold_s, OPEN, 8), (1, OPEN, 0)))
    _, _, place = recording((1, OPEN, 0), (hold_s, OPEN, 8), (1, OPEN, 0))
    assert (place[rest] == 0).all()


def test_a_smile_that_opens_a_recording_is_not_rest():
    times, height, place = recording((1, OPEN, 8), (10, OPEN, 0), (1, OPEN, 8), (3, OPEN, 0))
    rest, _ = rest_of(times, height, place)
    assert (place[rest] == 0).all()


def test_a_face_that_never_rests_is_told():
    times = np.arange(180) / RATE_HZ
    place = 6 * np.sin(2 * np.pi * 2.0 * times)
    rest, still = rest_of(times, np.full(180, OPEN), place)
    assert not still
    assert rest.any()


def test_eyes_that_are_never_open_are_refused():
    shut = np.full(90, SHUT)
    with pytest.raises(TrackError, match="open nowhere"):
        open_eyes(eyes(shut, shut))


def test_one_eye_that_stays_closed_is_no_reason():
    opened = open_eyes(eyes(np.full(90, SHUT), np.full(90, OPEN)))
    assert opened.all()


def test_a_long_recording_is_looked_at_in_few_places():
    looks = looks_at(np.arange(18000) / RATE_HZ)
    assert 250 <= len(looks) <= 350
    assert (np.diff(looks, axis=1) == 3).all()
