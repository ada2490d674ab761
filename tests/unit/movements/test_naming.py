"""Movements found and named without a cue sheet."""

from dataclasses import replace

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, Channel, Movement, Region, Side
from facewire.movements import locate_movements
from facewire.synthetic.patient_spec import Protocol
from simulated.signals import simulate_signals
from simulated.wiring_spec import Filming, SignalPatient, WrongEdge

GROUPS = ("brow", "eye_close", "smile", "snarl", "pucker", "lower_teeth")
PATIENTS = {
    "healthy": SignalPatient(),
    "flaccid": SignalPatient(affected_side=Side.LEFT, voluntary_gain=dict.fromkeys(GROUPS, 0.15)),
    "oral_ocular": SignalPatient(
        affected_side=Side.RIGHT,
        voluntary_gain={"smile": 0.6},
        miswiring=tuple(
            WrongEdge(g, Region.EYE, (-4.5,)) for g in ("smile", "pucker", "snarl", "brow")
        ),
    ),
    "ocular_oral": SignalPatient(
        affected_side=Side.RIGHT,
        voluntary_gain={"eye_close": 0.7},
        miswiring=(
            WrongEdge("eye_close", Region.COMMISSURE, (2.0, 3.5)),
            WrongEdge("brow", Region.COMMISSURE, (1.5, 2.0)),
        ),
        blinks_per_minute=18,
    ),
}


def found_and_asked(spec, seed=6):
    recording = simulate_signals(spec, np.random.default_rng(seed))
    found = locate_movements(recording.signals, None)
    return found, recording


@pytest.mark.parametrize("name", PATIENTS)
def test_names_every_movement(name):
    found, recording = found_and_asked(PATIENTS[name])
    assert [(r.movement, r.repetition) for r in found.repetitions] == [
        (c.movement, c.repetition) for c in recording.cues
    ]
    assert found.named_by == "signals"


@pytest.mark.slow
@pytest.mark.parametrize("name", PATIENTS)
def test_times_agree_with_those_by_cues(name):
    found, recording = found_and_asked(PATIENTS[name])
    cued = locate_movements(recording.signals, recording.cues)
    for a, b in zip(found.repetitions, cued.repetitions, strict=True):
        assert a.onset_s == pytest.approx(b.onset_s, abs=0.1)
        assert a.apex_start_s == pytest.approx(b.apex_start_s, abs=0.25)


def test_any_order_and_a_short_set_are_named():
    order = (Movement.LIP_PUCKER, Movement.EYE_CLOSE_TIGHT, Movement.SMILE_CLOSED)
    spec = replace(PATIENTS["oral_ocular"], protocol=Protocol(movements=order, repetitions=3))
    found, recording = found_and_asked(spec)
    assert [r.movement for r in found.repetitions] == [c.movement for c in recording.cues]


def test_the_frame_rate_changes_no_name():
    spec = replace(PATIENTS["healthy"], filming=Filming(rate_hz=60.0, rate_jitter=0.5))
    found, recording = found_and_asked(spec)
    assert [r.movement for r in found.repetitions] == [c.movement for c in recording.cues]


def test_a_quiet_recording_has_no_movement():
    _, recording = found_and_asked(PATIENTS["healthy"])
    s = recording.signals
    quiet = s.times_s < recording.cues[0].start_s
    still = replace(
        s,
        times_s=s.times_s[quiet],
        position_mm=s.position_mm[quiet],
        sd_mm=s.sd_mm[quiet],
        pose_deg=s.pose_deg[quiet],
        blink=s.blink[quiet],
    )
    assert locate_movements(still, None).repetitions == ()


def test_a_movement_like_none_is_left_out():
    spec = replace(PATIENTS["healthy"], protocol=Protocol(movements=(Movement.BROW_RAISE,)))
    found, recording = found_and_asked(spec)
    position = recording.signals.position_mm.copy()
    cue = recording.cues[1]
    odd = (recording.signals.times_s > cue.start_s) & (recording.signals.times_s < cue.end_s)
    for side in Side:
        brow = CHANNEL_INDEX[Channel(Region.BROW, side, "height")]
        position[odd, brow] = position[0, brow] - 4.0
        lip = CHANNEL_INDEX[Channel(Region.LOWER_LIP, side, "height")]
        position[odd, lip] = position[0, lip] - 4.0
    left = locate_movements(replace(recording.signals, position_mm=position), None)
    assert len(found.repetitions) == 3
    assert [r.onset_s for r in left.repetitions] == pytest.approx(
        [found.repetitions[0].onset_s, found.repetitions[2].onset_s], abs=0.03
    )


def test_a_doubtful_name_carries_a_remark():
    spec = replace(
        PATIENTS["healthy"],
        protocol=Protocol(movements=(Movement.EYE_CLOSE_TIGHT,)),
        filming=Filming(noise_mm=0.05, drift_mm=0.0),
    )
    recording = simulate_signals(spec, np.random.default_rng(6))
    position = recording.signals.position_mm.copy()
    for side in Side:
        brow = CHANNEL_INDEX[Channel(Region.BROW, side, "height")]
        position[:, brow] = 26.0 + 0.45 * (position[:, brow] - 26.0)
    found = locate_movements(replace(recording.signals, position_mm=position), None)
    assert all(r.kept for r in found.repetitions)
    assert {r.reason for r in found.repetitions} == {
        "eye_close_gentle and eye_close_tight look alike here; named by the brow's descent"
    }


def smiles_with(change):
    """Three smiles of a healthy face, with what ``change`` does to position and marks."""
    spec = replace(PATIENTS["healthy"], protocol=Protocol(movements=(Movement.SMILE_OPEN,)))
    recording = simulate_signals(spec, np.random.default_rng(6))
    position = recording.signals.position_mm.copy()
    marks = dict(recording.signals.marks)
    change(recording.signals.times_s, recording.cues, position, marks)
    return locate_movements(replace(recording.signals, position_mm=position, marks=marks), None)


def test_a_smile_that_drops_the_jaw_is_a_smile():
    """As a bearded man smiled: lips 8 mm apart, the corners 8 mm outward and 4 up."""

    def drop(times_s, cues, position, _):
        for cue in cues:
            hold = (times_s > cue.start_s + 0.2) & (times_s < cue.end_s - 0.2)
            for side in Side:
                lip = CHANNEL_INDEX[Channel(Region.LOWER_LIP, side, "height")]
                position[hold, lip] = position[0, lip] - 6.0

    found = smiles_with(drop)
    assert [r.movement for r in found.repetitions] == [Movement.SMILE_OPEN] * 3


@pytest.mark.parametrize(("held_s", "named"), [(0.2, 0), (1.0, 3)])
def test_in_speech_what_is_held_no_longer_than_a_syllable_is_no_movement(held_s, named):
    def say(times_s, cues, position, marks):
        marks["speech"] = np.ones(len(times_s), dtype=bool)
        for cue in cues:
            begin = cue.start_s + 0.3
            shape = np.clip(np.minimum(times_s - begin, begin + held_s + 0.6 - times_s) / 0.3, 0, 1)
            near = (times_s > cue.start_s - 0.5) & (times_s < cue.end_s + 0.5)
            for side in Side:
                for region, component, size in (
                    (Region.COMMISSURE, "across", 5.0),
                    (Region.COMMISSURE, "up", 7.0),
                    (Region.UPPER_LIP, "height", 4.0),
                    (Region.LOWER_LIP, "height", 3.0),
                ):
                    column = CHANNEL_INDEX[Channel(region, side, component)]
                    position[near, column] = position[0, column] + size * shape[near]

    assert len(smiles_with(say).repetitions) == named
