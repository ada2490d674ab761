"""Simulated signals: what was written into them can be read off, and faces mirror."""

from dataclasses import replace

import numpy as np
import pytest

from facewire.errors import PatientFileError
from facewire.face import CHANNEL_INDEX, CHANNELS, Channel, Movement, Region, Side
from facewire.synthetic.patient_spec import Protocol
from simulated.signals import simulate_signals
from simulated.wiring_spec import Filming, SignalPatient, WrongEdge

SHORT = Protocol(
    movements=(Movement.EYE_CLOSE_GENTLE, Movement.SMILE_OPEN), repetitions=2, weakest_effort=1.0
)
CLEAN = Filming(noise_mm=0.0, drift_mm=0.0)
ORAL_OCULAR = SignalPatient(
    affected_side=Side.RIGHT,
    voluntary_gain={"smile": 0.5},
    miswiring=(WrongEdge("smile", Region.EYE, (-3.0,), 0.06),),
    side_spread=0.0,
    blinks_per_minute=0.0,
    protocol=SHORT,
    filming=CLEAN,
)


def simulate(spec, seed=1):
    return simulate_signals(spec, np.random.default_rng(seed))


def eye(recording, side):
    return recording.signals.channel(Channel(Region.EYE, side, "height"))


def test_miswiring_is_the_involuntary_part():
    truth = simulate(ORAL_OCULAR).truth.of(Movement.SMILE_OPEN, Region.EYE, Side.RIGHT)
    assert truth.involuntary_mm == pytest.approx((-3.0,))
    assert truth.total_mm == pytest.approx((-3.0 - 0.5 * 0.22 * 10.2,))
    assert truth.latency_s == 0.06


def test_the_other_side_has_no_involuntary_part():
    regions = simulate(ORAL_OCULAR).truth.regions
    assert all(not any(r.involuntary_mm) for r in regions if r.side is Side.LEFT)


def test_weakness_halves_the_smile():
    truth = simulate(ORAL_OCULAR).truth
    weak, other = (truth.of(Movement.SMILE_OPEN, Region.COMMISSURE, side) for side in "RL")
    assert weak.total_mm == pytest.approx([0.5 * v for v in other.total_mm])
    assert not any(weak.involuntary_mm)


def test_the_signals_hold_what_the_truth_says():
    recording = simulate(ORAL_OCULAR)
    cue = next(c for c in recording.cues if c.movement is Movement.SMILE_OPEN)
    t = recording.signals.times_s
    held = (t > cue.onset_end_s + 0.1) & (t < cue.offset_start_s)
    truth = recording.truth.of(Movement.SMILE_OPEN, Region.EYE, Side.RIGHT)
    change = np.median(eye(recording, Side.RIGHT)[held]) - eye(recording, Side.RIGHT)[0]
    assert change == pytest.approx(truth.total_mm[0], abs=0.01)


def test_lids_cannot_close_further_than_shut():
    truth = simulate(ORAL_OCULAR).truth.of(Movement.EYE_CLOSE_GENTLE, Region.EYE, Side.LEFT)
    assert truth.total_mm == pytest.approx((-10.2,))


def test_miswiring_of_closed_lids_changes_nothing():
    wired = (WrongEdge("eye_close", Region.EYE, (-3.0,)),)
    recording = simulate(replace(ORAL_OCULAR, miswiring=wired))
    truth = recording.truth.of(Movement.EYE_CLOSE_GENTLE, Region.EYE, Side.RIGHT)
    assert truth.involuntary_mm == pytest.approx((0.0,), abs=1e-9)


def test_a_blink_pulls_a_miswired_corner():
    wired = (WrongEdge("eye_close", Region.COMMISSURE, (2.0, 3.0)),)
    calm = replace(SHORT, opening_rest_s=20.0)
    spec = replace(ORAL_OCULAR, miswiring=wired, blinks_per_minute=20, protocol=calm)
    recording = simulate(spec)
    up = recording.signals.channel(Channel(Region.COMMISSURE, Side.RIGHT, "up"))
    opening = up[recording.signals.times_s < 19]
    assert opening.max() - opening.min() == pytest.approx(0.7 * 3.0, abs=0.15)


def test_a_mirrored_patient_gives_mirrored_signals():
    spec = replace(ORAL_OCULAR, filming=Filming(), blinks_per_minute=15, side_spread=0.1)
    right, left = simulate(spec), simulate(replace(spec, affected_side=Side.LEFT))
    for c in CHANNELS:
        twin = Channel(c.region, c.side and c.side.other, c.component)
        sign = -1.0 if c.side is None and c.component == "across" else 1.0
        column = right.signals.position_mm[:, CHANNEL_INDEX[c]]
        np.testing.assert_allclose(sign * left.signals.channel(twin), column, atol=1e-9)


def test_the_frame_rate_changes_no_truth():
    slow, fast = (
        simulate(replace(ORAL_OCULAR, filming=replace(CLEAN, rate_hz=rate))) for rate in (30, 60)
    )
    assert slow.cues == fast.cues
    assert slow.truth.regions == fast.truth.regions


def test_noise_is_as_large_as_stated():
    still = replace(ORAL_OCULAR, filming=Filming(noise_mm=0.2, drift_mm=0.0), miswiring=())
    recording = simulate(replace(still, protocol=replace(SHORT, opening_rest_s=30.0)))
    opening = recording.signals.times_s < 29
    brow = recording.signals.channel(Channel(Region.BROW, Side.LEFT, "height"))[opening]
    assert brow.std() == pytest.approx(0.2, rel=0.1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"affected_side": None}, "affected_side"),
        ({"voluntary_gain": {"ear": 0.5}}, r"voluntary_gain cannot be used.*brow"),
        ({"voluntary_gain": {"smile": -1}}, r"voluntary_gain\.smile"),
        ({"resting_tone_mm": {Region.EYE: (1.0, 2.0)}}, "resting tone of the eye"),
    ],
)
def test_refuses_an_impossible_patient(change, message):
    with pytest.raises(PatientFileError, match=message):
        replace(ORAL_OCULAR, **change)


def test_refuses_a_vector_where_a_height_is_meant():
    with pytest.raises(PatientFileError, match=r"miswiring to eye.*1 number of mm"):
        WrongEdge("smile", Region.EYE, (1.0, 2.0))
