"""What movements hand on is checked when it is made: order, reach, shapes."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from facewire.errors import CueSheetError, TrackError
from facewire.face import Movement
from facewire.movements import Cue, MovementSet, Repetition
from facewire.movements.course import Course
from facewire.movements.even import EvenSignals

CUE = Cue(Movement.SNARL, 1, 1.0, 1.5, 2.5, 3.0)
COURSE = Course(1.0, 1.1, (1.5, 2.5), 2.9, 3.0, reach_mm=5.0)
SET = MovementSet((), (), (0.0, 1.0), "cues")
GRID = np.zeros((4, 2))
EVEN = EvenSignals(
    times_s=np.arange(4) / 100,
    position_mm=GRID,
    through_blinks_mm=GRID,
    usable=np.ones(4, dtype=bool),
    blink=np.zeros(4, dtype=bool),
    sd_mm=np.zeros(2),
    blinks=(),
)

WRONG: list[tuple[Any, dict[str, Any]]] = [
    (CUE, {"start_s": -math.inf}),
    (CUE, {"start_s": math.nan}),
    (CUE, {"onset_end_s": 0.9}),
    (CUE, {"offset_start_s": 1.4}),
    (CUE, {"end_s": math.inf}),
    (CUE, {"repetition": 0}),
    (COURSE, {"apex": (2.5, 1.5)}),
    (COURSE, {"reach_mm": -1.0}),
    (COURSE, {"reach_mm": math.nan}),
    (SET, {"opening_rest_s": (1.0, 0.0)}),
    (SET, {"named_by": "nobody"}),
    (EVEN, {"usable": np.ones(3, dtype=bool)}),
    (EVEN, {"through_blinks_mm": np.zeros((4, 3))}),
]


@pytest.mark.parametrize(("right", "change"), WRONG)
def test_what_cannot_be_is_refused(right: Any, change: dict[str, Any]) -> None:
    assert type(replace(right)) is type(right)
    with pytest.raises((CueSheetError, TrackError)):
        replace(right, **change)


@pytest.mark.parametrize("times", [{"apex_start_s": 2.6}, {"rest_start_s": 1.1}])
def test_a_reversed_hold_or_rest_is_refused(times: dict[str, float]) -> None:
    row = Repetition(
        movement=Movement.SNARL,
        repetition=1,
        start_s=1.0,
        onset_s=1.1,
        apex_start_s=1.5,
        apex_end_s=2.5,
        end_s=3.0,
        rest_start_s=0.2,
        rest_end_s=1.0,
        rest_kind="before",
        kept=True,
    )
    with pytest.raises(ValidationError, match="ends before it starts"):
        row.replaced(**times)
