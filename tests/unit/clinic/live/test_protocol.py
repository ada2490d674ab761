"""The sets: what is asked for, and how long it takes."""

from __future__ import annotations

import pytest

from cued_session import protocol_of_cues
from facewire.clinic.live.protocol import (
    EFFORT,
    FULL,
    SHORT,
    Protocol,
    Step,
)
from facewire.errors import UsageError
from facewire.face import MOVEMENTS, Movement
from facewire.movements import Cue


def test_the_short_set_takes_less_than_90_seconds() -> None:
    assert SHORT.length_s < 90
    assert set(SHORT.movements) == {
        Movement.EYE_CLOSE_GENTLE,
        Movement.SMILE_OPEN,
        Movement.LIP_PUCKER,
        Movement.BROW_RAISE,
    }


@pytest.mark.parametrize("protocol", [SHORT, FULL])
def test_each_movement_is_asked_three_times_after_quiet(protocol: Protocol) -> None:
    assert protocol.steps[0].movement is None
    assert protocol.steps[0].ready_s == 20
    for movement in protocol.movements:
        asked = [s.repetition for s in protocol.steps if s.movement is movement]
        assert asked == [1, 2, 3]


def test_the_full_set_has_every_movement() -> None:
    assert set(FULL.movements) == set(MOVEMENTS)


def test_every_repetition_is_held_a_second_after_three_of_rest() -> None:
    for step in FULL.steps[1:-1]:
        assert step.hold_s >= 1
        assert step.ready_s >= 3


def test_full_effort_is_asked_once_and_last() -> None:
    efforts = [s.effort for s in EFFORT.steps if s.movement is Movement.SNARL]
    assert efforts == ["comfortable", "comfortable", "comfortable", "full"]


def test_a_cue_sheet_becomes_a_session_at_its_times() -> None:
    cues = [
        Cue(Movement.SMILE_OPEN, 1, 4.0, 4.5, 5.5, 6.0),
        Cue(Movement.SMILE_OPEN, 2, 8.0, 8.4, 9.4, 10.0),
    ]
    made = protocol_of_cues("test", cues, 12.0)
    assert made.length_s == pytest.approx(12.0)
    starts, at = [], 0.0
    for step in made.steps:
        starts.append(at + step.ready_s)
        at += step.length_s
    assert starts[1:3] == pytest.approx([4.0, 8.0])


def test_a_step_without_time_is_refused() -> None:
    with pytest.raises(UsageError, match="wrong length"):
        Step(Movement.SNARL, 1, 3.0, 0.5, 0.0, 0.5)
    with pytest.raises(UsageError, match="wrong length"):
        Step(None, 0, 3.0, hold_s=1.0)


def test_a_session_begins_with_a_rest() -> None:
    with pytest.raises(UsageError, match="begins with a rest"):
        Protocol("test", (Step(Movement.SNARL, 1, 3.0, 0.5, 1.0, 0.5),))
