"""A cue sheet that counts from another zero: brought to the recording, or left and not measured."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from facewire.face import Movement, Side
from facewire.movements import locate_movements
from facewire.movements.even import even_signals
from facewire.movements.sheet_fit import (
    AS_IT_IS,
    SheetDoubt,
    SheetFit,
    doubt_sheet,
    fit_sheet,
    moved,
)
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


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "late_s"), [(1.05, 0.0), (0.97, 3.0), (0.94, -2.0)])
def test_a_clock_of_another_rate_is_found(rate, late_s):
    """Fitted times lie within the half second that people begin late, over the whole sheet."""
    made, even = recording()
    wrong = moved(made.cues, SheetFit(rate, late_s))
    found = moved(wrong, fit_sheet(even, wrong))
    apart = [abs(a.start_s - b.start_s) for a, b in zip(found, made.cues, strict=True)]
    assert max(apart) < 0.4


@pytest.mark.slow
@pytest.mark.parametrize("late_s", [0.0, -0.4, 0.4])
def test_people_who_begin_a_little_late_do_not_move_the_sheet(late_s):
    made, even = recording()
    assert fit_sheet(even, moved(made.cues, SheetFit(1.0, late_s))) == AS_IT_IS


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_face_that_does_nothing_moves_no_sheet():
    made, _ = recording()
    still = replace(
        made.signals,
        position_mm=np.broadcast_to(made.truth.rest_mm, made.signals.position_mm.shape).copy(),
    )
    assert fit_sheet(even_signals(still), made.cues) == AS_IT_IS


@pytest.mark.slow
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
    assert found.sheet_doubt == SheetDoubt(())
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


def test_of_shifts_that_fit_alike_the_one_that_the_file_explains_is_taken():
    """A sheet of three for four equal closures, 1.5 s late: one to the left or one to the right."""
    made, even = recording((Movement.EYE_CLOSE_GENTLE,), 4)
    period = made.cues[1].start_s - made.cues[0].start_s
    late = moved(made.cues[:3], SheetFit(shift_s=1.5))
    assert fit_sheet(even, late) == AS_IT_IS
    shifts = sorted(doubt_sheet(even, late).shifts_s)
    assert shifts == pytest.approx([-1.5, period - 1.5], abs=0.3)
    found = locate_movements(made.signals, late, 1.5)
    assert found.sheet_fit.shift_s == pytest.approx(-1.5, abs=0.3)
    assert [r.kept for r in found.repetitions] == [True] * 3
    assert found.sheet_doubt is None


@pytest.mark.slow
def test_a_sheet_that_fits_is_not_doubted_whatever_the_file_says():
    made, even = recording()
    assert doubt_sheet(even, made.cues) is None
    assert doubt_sheet(even, moved(made.cues, SheetFit(shift_s=0.6))) is None
    assert locate_movements(made.signals, made.cues, 1.5).sheet_fit == AS_IT_IS


@pytest.mark.slow
def test_movements_that_no_cue_asks_for_are_told():
    made, _ = recording()
    assert locate_movements(made.signals, made.cues).unasked_s == ()
    less = tuple(c for i, c in enumerate(made.cues) if i not in (2, 9))
    begins = [made.cues[i].start_s for i in (2, 9)]
    assert locate_movements(made.signals, less).unasked_s == pytest.approx(begins, abs=0.5)


PAIRS = {
    Movement.SMILE_CLOSED: Movement.SMILE_OPEN,
    Movement.EYE_CLOSE_TIGHT: Movement.EYE_CLOSE_GENTLE,
}
"""Told apart by their size alone: which of the two was asked for stands in the sheet."""


def truly_done(repetition, cues):
    def shape(movement):
        return PAIRS.get(movement, movement)

    return any(
        shape(cue.movement) == shape(repetition.movement)
        and cue.start_s - 0.8 <= repetition.onset_s <= cue.offset_start_s
        for cue in cues
    )


@pytest.mark.slow
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("late_s", np.arange(-10.0, 10.1, 2.5) + 0.1)
@pytest.mark.parametrize(
    "movements",
    [(Movement.EYE_CLOSE_GENTLE,), (Movement.SMILE_OPEN, Movement.BROW_RAISE), tuple(Movement)],
)
def test_at_no_shift_is_something_else_taken_for_what_was_asked(movements, late_s, whole):
    """Cues that then lie outside of the recording stay, or somebody left them out."""
    made, _ = recording(movements)
    wrong = moved(made.cues, SheetFit(shift_s=float(late_s)))
    if not whole:
        end_s = float(made.signals.times_s[-1])
        wrong = tuple(c for c in wrong if c.start_s >= 0 and c.end_s <= end_s)
    found = locate_movements(made.signals, wrong)
    kept = [r for r in found.repetitions if r.kept]
    assert all(truly_done(r, made.cues) for r in kept)
    told = found.sheet_fit != AS_IT_IS or bool(found.unasked_s)
    assert told or abs(late_s) < 0.7 or not kept


@pytest.mark.parametrize(
    ("asked", "done"),
    [
        ((Movement.EYE_CLOSE_GENTLE,), (Movement.SMILE_OPEN,)),
        ((Movement.SMILE_OPEN, Movement.BROW_RAISE), (Movement.LIP_PUCKER, Movement.SNARL)),
        (tuple(Movement), (Movement.SNARL, Movement.EYE_CLOSE_TIGHT)),
    ],
)
def test_a_sheet_of_another_recording_takes_nothing_for_what_it_is_not(asked, done):
    made, _ = recording(done)
    end_s = float(made.signals.times_s[-1])
    sheet = tuple(c for c in recording(asked)[0].cues if c.end_s <= end_s)
    found = locate_movements(made.signals, sheet)
    assert all(truly_done(r, made.cues) for r in found.repetitions if r.kept)
    assert sum(r.kept for r in found.repetitions) < len(sheet)
