"""Repetitions that cannot be used, each with its reason in plain words."""

from dataclasses import replace

import numpy as np
import pytest

from facewire.face import CHANNEL_INDEX, SIDES, Channel, Movement, Region
from facewire.movements import locate_movements
from facewire.synthetic.patient_spec import Protocol
from simulated.signals import simulate_signals
from simulated.wiring_spec import SignalPatient, WrongEdge

PATIENT = SignalPatient(
    blinks_per_minute=0.0,
    protocol=Protocol(movements=(Movement.BROW_RAISE, Movement.SMILE_OPEN), repetitions=2),
)


@pytest.fixture(scope="module")
def recording():
    return simulate_signals(PATIENT, np.random.default_rng(8))


def second(recording, **changes):
    """The second repetition, brow_raise 2, of changed signals."""
    found = locate_movements(replace(recording.signals, **changes), recording.cues)
    return found.repetitions[1]


def inside(recording, start_s, end_s):
    t = recording.signals.times_s
    return (t >= start_s) & (t <= end_s)


def hold(recording, part=1.0):
    cue = recording.cues[1]
    length = cue.offset_start_s - cue.onset_end_s
    return inside(recording, cue.onset_end_s, cue.onset_end_s + part * length)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("lost", "the face was not found in"),
        ("turned", "the head was turned away in"),
        ("occluded", "the face was covered in"),
        ("changed", "the picture was another than at the beginning in"),
    ],
)
def test_a_hidden_hold_is_dropped(recording, mark, words):
    r = second(recording, marks={mark: hold(recording, 0.8)})
    assert not r.kept
    assert r.reason.startswith(words)
    assert r.reason.endswith("% of its hold")


@pytest.mark.parametrize("mark", ["lost", "turned", "occluded", "changed"])
def test_a_hold_hidden_in_part_is_kept(recording, mark):
    assert second(recording, marks={mark: hold(recording, 0.25)}).kept


@pytest.mark.parametrize("mark", ["gaze", "speech"])
def test_gaze_and_speech_are_only_marks(recording, mark):
    assert second(recording, marks={mark: hold(recording)}).kept


def test_missing_samples_are_a_lost_face(recording):
    position = recording.signals.position_mm.copy()
    position[hold(recording)] = np.nan
    assert second(recording, position_mm=position).reason.startswith("the face was not found")


def test_no_movement_on_either_side(recording):
    position = recording.signals.position_mm.copy()
    brows = [CHANNEL_INDEX[Channel(Region.BROW, side, "height")] for side in SIDES]
    cue = recording.cues[1]
    around = inside(recording, cue.start_s - 0.5, cue.end_s + 0.5)
    position[np.ix_(around, brows)] = position[:30, brows].mean(axis=0)
    r = second(recording, position_mm=position)
    assert (r.kept, r.reason) == (False, "no movement seen")


def test_movement_on_one_side_is_enough(recording):
    position = recording.signals.position_mm.copy()
    brow = CHANNEL_INDEX[Channel(Region.BROW, SIDES[0], "height")]
    position[:, brow] = position[:30, brow].mean()
    assert second(recording, position_mm=position).kept


def test_a_recording_that_ends_inside(recording):
    cue = recording.cues[1]
    n = int(np.searchsorted(recording.signals.times_s, cue.offset_start_s))
    s = recording.signals
    cut = replace(
        s,
        times_s=s.times_s[:n],
        position_mm=s.position_mm[:n],
        sd_mm=s.sd_mm[:n],
        pose_deg=s.pose_deg[:n],
        blink=s.blink[:n],
    )
    found = locate_movements(cut, recording.cues).repetitions
    assert found[0].kept
    assert [r.reason for r in found[1:]] == ["the recording ends inside it"] * 3


def test_a_blink_that_covers_a_short_hold(recording):
    blink = hold(recording)
    assert second(recording, blink=blink).kept
    found = locate_movements(*_short_hold_with_blink(recording))
    assert found.repetitions[1].reason == "a blink covers the hold"


def test_dropped_repetitions_are_not_kept(recording):
    marks = {"lost": hold(recording)}
    found = locate_movements(replace(recording.signals, marks=marks), recording.cues)
    assert [r.repetition for r in found.kept(Movement.BROW_RAISE)] == [1]


def _short_hold_with_blink(recording):
    """Cut the hold to 0.25 s, all of it in a blink of 0.3 s."""
    s, cue = recording.signals, recording.cues[1]
    middle = (cue.onset_end_s + cue.offset_start_s) / 2
    position = s.position_mm.copy()
    moved = inside(recording, cue.start_s - 0.3, cue.end_s + 0.3)
    brows = [CHANNEL_INDEX[Channel(Region.BROW, side, "height")] for side in SIDES]
    eyes = [CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in SIDES]
    away = np.abs(s.times_s - middle)
    rise = np.interp(away, [0.12, 0.4], [7.0, 0.0])
    shut = np.interp(away, [0.15, 0.2], [9.5, 0.0])
    for brow, eye in zip(brows, eyes, strict=True):
        position[moved, brow] = position[:30, brow].mean() + rise[moved]
        position[moved, eye] = position[:30, eye].mean() - shut[moved]
    short = replace(cue, onset_end_s=middle - 0.12, offset_start_s=middle + 0.12)
    cues = (recording.cues[0], short, *recording.cues[2:])
    return replace(s, position_mm=position), cues


OTHERS = [
    (Movement.SMILE_OPEN, Movement.EYE_CLOSE_GENTLE),
    (Movement.EYE_CLOSE_GENTLE, Movement.SMILE_OPEN),
    (Movement.LIP_PUCKER, Movement.BROW_RAISE),
    (Movement.BROW_RAISE, Movement.LOWER_TEETH_SHOW),
]


@pytest.mark.parametrize(("done", "asked"), OTHERS, ids=lambda m: m.value)
def test_another_movement_than_was_asked_is_dropped(done, asked):
    """Somebody who smiles when asked to close the eyes has no synkinesis of the mouth."""
    patient = replace(PATIENT, protocol=Protocol(movements=(done,), repetitions=3))
    made = simulate_signals(patient, np.random.default_rng(2))
    wrong = tuple(replace(cue, movement=asked) for cue in made.cues)
    found = locate_movements(made.signals, wrong).repetitions
    reasons = {"another movement was done than was asked", "no movement seen"}
    assert {r.reason for r in found} <= reasons
    assert not any(r.kept for r in found)


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
def test_synkinesis_and_weakness_are_no_other_movement(side):
    """Every command pulls eye and mouth along as much as it moves, on a side of half strength."""
    wires = tuple(
        WrongEdge(command, region, change)
        for command in ("brow", "eye_close", "smile", "pucker")
        for region, change in ((Region.EYE, (-4.0,)), (Region.COMMISSURE, (4.0, 5.0)))
    )
    groups = ("brow", "eye_close", "smile", "snarl", "pucker", "lower_teeth")
    patient = SignalPatient(
        affected_side=side, miswiring=wires, voluntary_gain=dict.fromkeys(groups, 0.5)
    )
    made = simulate_signals(patient, np.random.default_rng(5))
    found = locate_movements(made.signals, made.cues).repetitions
    assert not any("another movement" in r.reason for r in found)
