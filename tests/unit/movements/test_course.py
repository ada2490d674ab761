"""The course of one repetition, on a smile whose millimetres are worked by hand."""

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, CHANNELS, MOVEMENT_FACTS, Channel, Movement, Side
from facewire.movements.course import cue_window, find_course
from facewire.movements.cues import Cue
from facewire.movements.even import STEP_S, EvenSignals

CUE = Cue(Movement.SMILE_CLOSED, 1, 3.0, 3.5, 5.0, 5.5)
RISE_MM = 6.0


def smile(drift_mm=0.0, lost=(0.0, 0.0)):
    """Return 8 s in which both corners go 6 mm along their usual way in the cue's hold.

    Before the cue the corners are bridged from ``drift_mm`` to 0 while the face is lost.
    """
    times = np.arange(0.0, 8.0, STEP_S)
    way = np.interp(times, [3.0, 3.5, 5.0, 5.5], [0.0, RISE_MM, RISE_MM, 0.0])
    way = way + np.interp(times, [lost[0], lost[1] + 1e-9], [drift_mm, 0.0])
    position = np.zeros((len(times), len(CHANNELS)))
    for region, component, part in MOVEMENT_FACTS[CUE.movement].direction:
        for side in Side:
            position[:, CHANNEL_INDEX[Channel(region, side, component)]] = way * part
    usable = ~((times >= lost[0]) & (times < lost[1]))
    still = np.zeros(len(times), dtype=bool)
    sd = np.full(len(CHANNELS), 0.05)
    return EvenSignals(times, position, position, usable, still, sd, ())


def test_a_course_reaches_what_the_corners_went():
    course = find_course(smile(), CUE, (2.0, 6.0), np.zeros(2))
    assert course.reach_mm == pytest.approx(RISE_MM, abs=0.01)


def test_its_base_is_of_clear_samples_alone():
    """A face lost for three quarters of the second before the cue: what bridges it is no rest."""
    hidden = smile(drift_mm=4.0, lost=(2.0, 2.75))
    course = find_course(hidden, CUE, (2.0, 6.0), np.zeros(2))
    assert course.reach_mm == pytest.approx(RISE_MM, abs=0.01)


def test_a_movement_is_looked_for_half_a_second_around_its_cue_and_half_way_to_its_neighbours():
    def cue(number, start_s, end_s):
        return Cue(Movement.SMILE_CLOSED, number, start_s, start_s + 0.2, end_s - 0.2, end_s)

    cues = (cue(1, 3.0, 5.0), cue(2, 5.4, 7.0), cue(3, 9.0, 10.0))
    found = [cue_window(cues, i) for i in range(3)]
    wanted = [(2.5, 5.2), (5.2, 7.5), (8.5, 10.5)]
    np.testing.assert_allclose(found, wanted)
