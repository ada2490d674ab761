"""Repetitions located by cues, on simulated patients whose course is known."""

from dataclasses import replace

import numpy as np
import pytest

from facewire.errors import TrackError
from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Movement, Region, Side
from facewire.motion.signals import MotionSignals
from facewire.movements import locate_movements
from facewire.synthetic.patient_spec import Protocol
from simulated.signals import simulate_signals
from simulated.wiring_spec import Filming, SignalPatient, WrongEdge

PATIENT = SignalPatient(
    affected_side=Side.RIGHT,
    voluntary_gain={"smile": 0.7, "brow": 0.5},
    miswiring=(WrongEdge("smile", Region.EYE, (-3.0,)),),
    protocol=Protocol(repetitions=2),
)
TENTH = 0.247
"""A minimum-jerk rise passes a tenth after this part of its time (root of 10s3-15s4+6s5 = 0.1)."""


def simulate(spec=PATIENT, seed=4):
    return simulate_signals(spec, np.random.default_rng(seed))


def located(spec=PATIENT, seed=4):
    recording = simulate(spec, seed)
    return recording, locate_movements(recording.signals, recording.cues)


def times_of(repetition):
    r = repetition
    return [r.onset_s, r.apex_start_s, r.apex_end_s, r.end_s]


def swapped_sides(signals):
    columns = [
        CHANNEL_INDEX[Channel(c.region, c.side and c.side.other, c.component)] for c in CHANNELS
    ]
    return replace(
        signals, position_mm=signals.position_mm[:, columns], sd_mm=signals.sd_mm[:, columns]
    )


@pytest.mark.slow
def test_every_cue_has_its_repetition():
    recording, found = located()
    assert [(r.movement, r.repetition) for r in found.repetitions] == [
        (c.movement, c.repetition) for c in recording.cues
    ]
    assert all(r.kept and r.reason == "" for r in found.repetitions)
    assert found.named_by == "cues"


@pytest.mark.slow
def test_onset_is_where_a_tenth_of_the_hold_is_passed():
    recording, found = located(replace(PATIENT, blinks_per_minute=0.0))
    for cue, r in zip(recording.cues, found.repetitions, strict=True):
        if r.movement not in (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT):
            ramp = cue.onset_end_s - cue.start_s
            assert r.onset_s == pytest.approx(cue.start_s + TENTH * ramp, abs=0.04)


@pytest.mark.slow
def test_the_apex_lies_in_the_hold():
    recording, found = located()
    for cue, r in zip(recording.cues, found.repetitions, strict=True):
        assert r.apex_start_s == pytest.approx(cue.onset_end_s, abs=0.1)
        assert r.apex_end_s == pytest.approx(cue.offset_start_s, abs=0.1)


@pytest.mark.slow
def test_the_rest_lies_between_two_movements():
    recording, found = located()
    ends = [0.0, *(c.end_s for c in recording.cues)]
    for end, cue, r in zip(ends, recording.cues, found.repetitions, strict=False):
        assert end - 0.05 <= r.rest_start_s < r.rest_end_s <= cue.start_s + 0.08
        assert r.rest_kind == "before"


@pytest.mark.slow
def test_the_opening_rest_ends_before_the_first_movement():
    recording, found = located()
    assert found.opening_rest_s[1] <= recording.cues[0].start_s + 0.08
    assert found.opening_rest_s[1] - found.opening_rest_s[0] > 1.0


@pytest.mark.slow
def test_swapped_sides_give_the_same_times():
    recording, found = located()
    mirrored = locate_movements(swapped_sides(recording.signals), recording.cues)
    assert mirrored.repetitions == found.repetitions


@pytest.mark.slow
@pytest.mark.parametrize("filming", [Filming(rate_hz=60.0), Filming(rate_jitter=0.8)])
def test_the_frame_rate_hardly_matters(filming):
    _, found = located(replace(PATIENT, blinks_per_minute=0.0))
    _, other = located(replace(PATIENT, blinks_per_minute=0.0, filming=filming))
    for a, b in zip(found.repetitions, other.repetitions, strict=True):
        assert times_of(a) == pytest.approx(times_of(b), abs=0.06)


@pytest.mark.slow
def test_twice_the_scale_gives_the_same_times():
    recording, found = located()
    s = recording.signals
    doubled = replace(s, position_mm=2 * s.position_mm, sd_mm=2 * s.sd_mm)
    larger = locate_movements(doubled, recording.cues)
    for a, b in zip(found.repetitions, larger.repetitions, strict=True):
        assert times_of(a) == pytest.approx(times_of(b), abs=1e-6)


@pytest.mark.slow
def test_blinks_in_holds_leave_the_apex():
    recording, found = located(replace(PATIENT, blinks_per_minute=35.0))
    assert all(r.kept for r in found.repetitions)
    assert len(found.blinks) == len(recording.truth.blinks)


@pytest.mark.slow
def test_a_flaccid_side_is_no_reason_to_drop():
    gains = dict.fromkeys(("brow", "eye_close", "smile", "snarl", "pucker", "lower_teeth"), 0.0)
    _, found = located(replace(PATIENT, voluntary_gain=gains, miswiring=()))
    assert all(r.kept for r in found.repetitions)


@pytest.mark.slow
def test_a_late_patient_is_followed():
    recording, found = located(replace(PATIENT, blinks_per_minute=0.0))
    early = tuple(
        replace(
            c,
            start_s=c.start_s - 0.4,
            onset_end_s=c.onset_end_s - 0.4,
            offset_start_s=c.offset_start_s - 0.4,
            end_s=c.end_s - 0.4,
        )
        for c in recording.cues
    )
    late = locate_movements(recording.signals, early)
    for a, b in zip(found.repetitions, late.repetitions, strict=True):
        assert b.onset_s == pytest.approx(a.onset_s, abs=0.05)


@pytest.mark.slow
def test_a_face_that_has_not_returned_is_compared_with_the_opening_rest():
    recording, _ = located(replace(PATIENT, blinks_per_minute=0.0))
    first = next(c for c in recording.cues if c.movement is Movement.SMILE_OPEN)
    stuck = recording.signals.position_mm.copy()
    column = CHANNEL_INDEX[Channel(Region.COMMISSURE, Side.LEFT, "up")]
    after = (recording.signals.times_s > first.offset_start_s) & (
        recording.signals.times_s < first.end_s + 1.0
    )
    stuck[after, column] = np.fmax(stuck[after, column], -33.0 + 3.0)
    signals = replace(recording.signals, position_mm=stuck)
    found = locate_movements(signals, recording.cues).kept(Movement.SMILE_OPEN)
    assert [r.rest_kind for r in found] == ["before", "opening"]
    assert found[1].rest_end_s < recording.cues[0].onset_end_s


@pytest.mark.slow
def test_blinks_of_an_eye_closure_are_not_spontaneous():
    recording, found = located(replace(PATIENT, blinks_per_minute=0.0))
    assert recording.truth.blinks == ()
    assert found.blinks == ()


def test_a_recording_without_a_face_is_refused():
    signals = simulate().signals
    empty = replace(signals, marks={"lost": np.ones(len(signals.times_s), dtype=bool)})
    assert isinstance(empty, MotionSignals)
    with pytest.raises(TrackError, match=r"No movement can be looked for.*0 of"):
        locate_movements(empty, None)
