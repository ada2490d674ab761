"""A cue sheet that counts from another zero: brought to the recording, or left and not measured."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from facewire.face import Movement, Side
from facewire.movements import locate_movements
from facewire.movements.even import even_signals
from facewire.movements.sheet_fit import AS_IT_IS, SheetFit, fit_sheet, moved
from facewire.synthetic.patient_spec import Protocol
from simulated.signals import simulate_signals
from simulated.wiring_spec import SignalPatient

WEAK = SignalPatient(affected_side=Side.RIGHT, voluntary_gain={"smile": 0.3, "eye_close": 0.5})


@cache
def recording(movements=tuple(Movement), repetitions=3):
    spec = replace(WEAK, protocol=Protocol(movements=movements, repetitions=repetitions))
    made = simulate_signals(spec, np.random.default_rng(4))
    return made, even_signals(made.signals)


@pytest.mark.parametrize("late_s", [-14.0, -3.25, -2.0, -1.0, 1.0, 2.0, 3.25, 7.3])
def test_any_shift_is_found(late_s):
    made, even = recording()
    assert fit_sheet(even, moved(made.cues, SheetFit(1.0, late_s))).shift_s == pytest.approx(
        -late_s, abs=0.15
    )


@pytest.mark.parametrize(("rate", "late_s"), [(1.05, 0.0), (0.97, 3.0), (0.94, -2.0)])
def test_a_clock_of_another_rate_is_found(rate, late_s):
    """Fitted times lie within the half second that people begin late, over the whole sheet."""
    made, even = recording()
    wrong = moved(made.cues, SheetFit(rate, late_s))
    found = moved(wrong, fit_sheet(even, wrong))
    apart = [abs(a.start_s - b.start_s) for a, b in zip(found, made.cues, strict=True)]
    assert max(apart) < 0.4


@pytest.mark.parametrize("late_s", [0.0, -0.4, 0.4])
def test_people_who_begin_a_little_late_do_not_move_the_sheet(late_s):
    made, even = recording()
    assert fit_sheet(even, moved(made.cues, SheetFit(1.0, late_s))) == AS_IT_IS


def test_the_same_repetitions_are_located_whatever_the_sheets_zero():
    made, _ = recording()
    right = locate_movements(made.signals, made.cues)
    late = locate_movements(made.signals, moved(made.cues, SheetFit(1.0, 2.0)))
    assert right.sheet_fit == AS_IT_IS
    assert late.sheet_fit.shift_s == pytest.approx(-2.0, abs=0.1)
    for a, b in zip(right.repetitions, late.repetitions, strict=True):
        assert (a.movement, a.repetition, a.kept) == (b.movement, b.repetition, b.kept)
        assert b.onset_s == pytest.approx(a.onset_s, abs=0.05)


def test_three_equal_movements_are_told_by_the_one_that_would_be_missing():
    made, even = recording((Movement.EYE_CLOSE_GENTLE,))
    period = made.cues[1].start_s - made.cues[0].start_s
    for late_s in (period, -period):
        assert fit_sheet(even, moved(made.cues, SheetFit(1.0, late_s))).shift_s == pytest.approx(
            -late_s, abs=0.3
        )


def test_a_face_that_does_nothing_moves_no_sheet():
    made, _ = recording()
    still = replace(
        made.signals,
        position_mm=np.broadcast_to(made.truth.rest_mm, made.signals.position_mm.shape).copy(),
    )
    assert fit_sheet(even_signals(still), made.cues) == AS_IT_IS


def test_a_sheet_of_another_recording_keeps_nothing():
    """Ninety seconds off: no shift that is looked for fits, and rest is not taken for movement."""
    made, _ = recording()
    resting = made.signals.times_s < 2.0
    first = replace(
        made.signals,
        position_mm=np.where(
            resting[:, None],
            made.signals.position_mm,
            np.nanmedian(made.signals.position_mm, axis=0),
        ),
    )
    found = locate_movements(first, made.cues)
    assert not any(r.kept for r in found.repetitions)
    assert {r.reason for r in found.repetitions} == {"no movement seen"}


@pytest.mark.parametrize("part", [0.04, 0.2])
def test_a_twentieth_of_a_movement_is_not_the_asked_one(part):
    """Closures of 0.4 mm are no closures; of 1.8 mm they are weak ones."""
    spec = replace(
        WEAK,
        affected_side=None,
        voluntary_gain={},
        protocol=Protocol(movements=(Movement.BROW_RAISE,), repetitions=2),
    )
    made = simulate_signals(spec, np.random.default_rng(1))
    rest = made.truth.rest_mm
    weak = replace(
        made.signals,
        position_mm=rest + part * (made.signals.position_mm - rest),
        sd_mm=part * made.signals.sd_mm,
    )
    kept = [r.kept for r in locate_movements(weak, made.cues).repetitions]
    assert kept == [part > 0.1] * 2
