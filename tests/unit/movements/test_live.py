"""Live repetitions: judged as the recording judges them, and what the face does now."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, Channel, Movement, Region, Side
from facewire.movements import locate_movements
from facewire.movements.live import LATER_S, LiveMovements, _noise, position_of
from facewire.synthetic.patient_spec import Protocol
from simulated.signals import simulate_signals
from simulated.wiring_spec import SignalPatient

PATIENT = SignalPatient(
    protocol=Protocol(
        movements=(Movement.BROW_RAISE, Movement.SMILE_OPEN, Movement.EYE_CLOSE_GENTLE),
        repetitions=3,
    ),
)


@pytest.fixture(scope="module")
def recording():
    return simulate_signals(PATIENT, np.random.default_rng(8))


def shown(signals, until_s=np.inf):
    """A live face that went through signals."""
    live = LiveMovements()
    turned = signals.marks.get("turned", np.zeros(len(signals.times_s), dtype=bool))
    for t, position, away in zip(signals.times_s, signals.position_mm, turned, strict=True):
        if t <= until_s:
            live.see(float(t), position, turned=bool(away))
    return live


def judged(signals, cues):
    """Each cue's reason, told a moment after its end, with the pictures until then alone."""
    found = []
    for before, cue in zip((None, *cues), cues, strict=False):
        live = shown(signals, cue.end_s + LATER_S)
        found.append(live.why_unseen(cue, 0.0 if before is None else before.end_s))
    return found


def doing_at(recording, time_s, movement, cue):
    return shown(recording.signals, time_s).doing(movement, (cue.start_s - 1.0, cue.start_s))


def test_the_noise_of_live_values_is_that_which_was_thrown():
    """White noise of a known size, a movement in a tenth of the time, one channel never seen."""
    thrown = np.random.default_rng(2).normal(size=(4000, 3)) * [0.05, 0.3, 1.0]
    thrown[:400, 1] += np.linspace(0.0, 8.0, 400)
    thrown[:, 2] = np.nan
    np.testing.assert_allclose(_noise(thrown), [0.05, 0.3, 0.0], rtol=0.06)


@pytest.mark.slow
def test_what_is_seen_live_is_what_the_recording_keeps(recording):
    found = locate_movements(recording.signals, recording.cues)
    assert judged(recording.signals, recording.cues) == [r.reason for r in found.repetitions]
    assert judged(recording.signals, recording.cues) == [""] * 9


def test_what_the_recording_drops_is_not_seen_live(recording):
    """A still face, a head turned away, a face that is not found, and another movement."""
    signals, cues = recording.signals, list(recording.cues)
    t = signals.times_s
    position, turned = signals.position_mm.copy(), np.zeros(len(t), dtype=bool)

    def whole(cue):
        return (t > cue.start_s - 0.6) & (t < cue.end_s + 0.6)

    position[whole(cues[0])] = position[t < cues[0].start_s - 0.6][-1]
    turned[whole(cues[1])] = True
    position[whole(cues[2])] = np.nan
    cues[4] = replace(cues[4], movement=Movement.SNARL)
    changed = replace(signals, position_mm=position, marks={"turned": turned})
    recorded = [r.reason for r in locate_movements(changed, tuple(cues)).repetitions]
    live = judged(changed, cues)
    assert live == recorded
    assert live[0] == "no movement seen"
    assert live[1].startswith("the head was turned away")
    assert live[2].startswith("the face was not found")
    assert live[4] == "another movement was done than was asked"
    assert live[3] == live[5] == ""


def test_too_few_pictures_say_nothing(recording):
    signals = recording.signals
    seldom = slice(None, None, round(30 / 8))
    few = replace(
        signals,
        times_s=signals.times_s[seldom],
        position_mm=signals.position_mm[seldom],
        sd_mm=signals.sd_mm[seldom],
        pose_deg=signals.pose_deg[seldom],
        blink=signals.blink[seldom],
        marks={},
        lid_spread_mm=None,
    )
    assert judged(few, recording.cues) == [None] * 9
    assert LiveMovements().why_unseen(recording.cues[0], 0.0) is None


def test_what_the_face_does_now(recording):
    smile = recording.cues[3]
    held = (smile.onset_end_s + smile.offset_start_s) / 2
    assert doing_at(recording, held, Movement.SMILE_OPEN, smile) == "asked"
    assert doing_at(recording, held, Movement.BROW_RAISE, smile) == "other"
    assert doing_at(recording, held, None, smile) == "other"
    assert doing_at(recording, smile.start_s - 0.2, None, smile) == "rest"
    assert doing_at(recording, smile.start_s - 0.2, Movement.SMILE_OPEN, smile) == "rest"
    assert LiveMovements().doing(None, (0.0, 1.0)) is None


def test_the_fissures_are_heights(recording):
    change = np.zeros(recording.signals.position_mm.shape[1])
    found = position_of(change, np.array([9.0, 8.0]))
    assert found[CHANNEL_INDEX[Channel(Region.EYE, Side.RIGHT, "height")]] == 9.0
    assert found[CHANNEL_INDEX[Channel(Region.EYE, Side.LEFT, "height")]] == 8.0
    assert found.sum() == 17.0
    assert change.sum() == 0.0
