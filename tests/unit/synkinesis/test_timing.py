"""Latencies: a known shift is recovered, at any frame rate."""

from dataclasses import replace

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, Channel, Movement, Region, Side, region_channels
from facewire.synkinesis.timing import (
    NOT_TIMED,
    SHAPE_SD_S,
    SHIFTS_S,
    STEP_S,
    USUAL_SD_S,
    _deviation,
    lowest,
    measure_timing,
)
from facewire.synthetic.patient_spec import Protocol
from simulated.wiring_spec import Filming, SignalPatient, WrongEdge
from unit.synkinesis.made_evidence import located, simulate, with_channel

SMILE = Movement.SMILE_OPEN


def patient(latency_s, rate_hz=30.0, size_mm=3.0, **how):
    return SignalPatient(
        affected_side=Side.RIGHT,
        voluntary_gain={"smile": 0.8},
        miswiring=(WrongEdge("smile", Region.EYE, (-size_mm,), latency_s),),
        blinks_per_minute=how.pop("blinks_per_minute", 0.0),
        protocol=Protocol(movements=(SMILE,), repetitions=how.pop("repetitions", 3)),
        filming=Filming(rate_hz=rate_hz, **how),
    )


def timing(recording, side=Side.RIGHT, region=Region.EYE):
    return measure_timing(recording.signals, located(recording).kept(SMILE), region, side)


@pytest.mark.parametrize("rate_hz", [30.0, 60.0])
@pytest.mark.parametrize("latency_s", [0.0, 0.045, 0.09])
def test_a_known_latency_is_recovered(latency_s, rate_hz):
    clean = patient(latency_s, rate_hz, noise_mm=0.02, drift_mm=0.0)
    found = timing(simulate(clean))
    assert found.latency.value == pytest.approx(latency_s, abs=0.005)
    assert found.latency.low < latency_s < found.latency.high
    assert found.coupling > 0.9


@pytest.mark.parametrize("met", [0.5, 0.7, 1.0])
def test_lids_that_meet_before_the_muscle_has_finished(met):
    """The fissure stops at a part of the muscle's way; the corner follows the muscle to its end."""
    wire = WrongEdge("eye_close", Region.COMMISSURE, (2.0, 3.0), 0.045)
    clean = replace(
        patient(0.045, noise_mm=0.02, drift_mm=0.0),
        miswiring=(wire,),
        protocol=Protocol(movements=(Movement.EYE_CLOSE_TIGHT,), repetitions=3),
    )
    made = simulate(clean)
    eye = CHANNEL_INDEX[Channel(Region.EYE, Side.RIGHT, "height")]
    height = made.signals.position_mm[:, eye]
    open_mm, closed_mm = np.percentile(height, [95, 2])
    stopped = np.maximum(height, open_mm - met * (open_mm - closed_mm))
    signals = with_channel(made, Channel(Region.EYE, Side.RIGHT, "height"), stopped).signals
    kept = located(made).kept(Movement.EYE_CLOSE_TIGHT)
    found = measure_timing(signals, kept, Region.COMMISSURE, Side.RIGHT)
    assert found.latency.value == pytest.approx(0.045, abs=0.012)


@pytest.mark.slow
def test_noise_leaves_it_within_the_interval():
    errors, inside = [], []
    for seed in range(10):
        found = timing(simulate(patient(0.045, drift_mm=0.05), seed))
        errors.append(found.latency.value - 0.045)
        inside.append(found.latency.low < 0.045 < found.latency.high)
    assert np.abs(errors).max() < 0.03
    assert np.mean(inside) >= 0.9


def test_a_mirrored_face_has_the_same_latency():
    right = patient(0.045)
    left = replace(right, affected_side=Side.LEFT)
    assert timing(simulate(left), Side.LEFT).latency.value == pytest.approx(
        timing(simulate(right)).latency.value, abs=1e-6
    )


def test_one_repetition_has_a_wider_interval():
    one, three = (timing(simulate(patient(0.045, repetitions=n))) for n in (1, 3))
    assert one.latency.sd > three.latency.sd > 0


def test_a_small_change_is_not_timed():
    assert timing(simulate(patient(0.045, size_mm=0.3))) is NOT_TIMED


def test_no_repetition_is_not_timed():
    signals = simulate(patient(0.045)).signals
    assert measure_timing(signals, (), Region.EYE, Side.RIGHT) is NOT_TIMED


def test_a_blink_in_every_onset_is_not_timed():
    recording = simulate(patient(0.045))
    blink = np.zeros(len(recording.signals.times_s), dtype=bool)
    for cue in recording.cues:
        blink |= np.abs(recording.signals.times_s - cue.start_s - 0.2) < 0.1
    hidden = replace(recording, signals=replace(recording.signals, blink=blink))
    kept = located(recording).kept(SMILE)
    assert measure_timing(hidden.signals, kept, Region.EYE, Side.RIGHT) is NOT_TIMED


def test_a_region_that_was_not_measured_is_not_timed():
    recording = simulate(patient(0.045))
    position = recording.signals.position_mm.copy()
    position[:, CHANNEL_INDEX[Channel(Region.EYE, Side.RIGHT, "height")]] = np.nan
    signals = replace(recording.signals, position_mm=position)
    kept = located(recording).kept(SMILE)
    assert measure_timing(signals, kept, Region.EYE, Side.RIGHT) is NOT_TIMED


def test_lost_frames_within_the_onset_are_bridged():
    recording = simulate(patient(0.045, rate_hz=60.0, drift_mm=0.0))
    position = recording.signals.position_mm.copy()
    eye = [CHANNEL_INDEX[c] for c in region_channels(Region.EYE, Side.RIGHT)]
    position[::7, eye] = np.nan
    signals = replace(recording.signals, position_mm=position)
    kept = located(recording).kept(SMILE)
    found = measure_timing(signals, kept, Region.EYE, Side.RIGHT)
    assert found.latency.value == pytest.approx(0.045, abs=0.015)


def test_the_lowest_point_lies_between_steps():
    assert lowest((SHIFTS_S - 0.0413) ** 2) == pytest.approx(0.0413)
    assert lowest(np.abs(SHIFTS_S - 0.04)) == pytest.approx(0.04, abs=STEP_S / 10)


def test_no_shift_fits_when_the_best_is_the_longest():
    assert np.isnan(lowest(SHIFTS_S))


@pytest.mark.parametrize("frame_s", [1 / 60, 1 / 15, 0.2])
def test_no_delay_is_surer_than_the_pictures_are_apart(frame_s):
    """Of one repetition the usual spread holds; a picture's moment is even over its interval."""
    wanted = np.sqrt(USUAL_SD_S**2 + frame_s**2 / 12 + SHAPE_SD_S**2)
    assert _deviation(np.zeros((1, len(SHIFTS_S))), frame_s) == pytest.approx(wanted)
