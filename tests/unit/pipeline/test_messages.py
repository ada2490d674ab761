"""Each message about the quality of a recording: when it is given, and that it comes alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from facewire.errors import NoFaceError, TrackError, UsageError
from facewire.face import CHANNELS, Movement
from facewire.motion import MotionSignals
from facewire.movements import Blink, MovementSet
from facewire.movements.sheet_fit import SheetDoubt, SheetFit
from facewire.pipeline.measurement import quality_of, telling
from facewire.results.measurement import Message, Repetition, Scale
from facewire.results.provenance import Source
from made_repetition import repetition

N = 100
SAID = Source(name="clip.mp4", mirrored=False)
MARKS = ("lost", "turned", "gaze", "speech", "occluded", "changed")


class Followed:
    """As much of a track as quality looks at."""

    def __init__(self, rate_hz: float = 30.0, lost: int = 0, **source: Any) -> None:
        self.times_s = np.arange(N) / rate_hz
        self.found = np.arange(N) >= lost
        self.mismatch = None
        self.source = SAID.replaced(**source)


def _signals(**marked: int) -> MotionSignals:
    values = np.zeros((N, len(CHANNELS)))
    marks = {name: np.arange(N) < marked.get(name, 0) for name in MARKS}
    scale = Scale(source="iris", reference_mm=11.7, relative_sd=0.04, mm_per_px=0.2)
    times = np.arange(N) / 30.0
    off = np.zeros(N, dtype=bool)
    return MotionSignals(times, values, values, np.zeros((N, 3)), off, marks, scale)


def _repetition(number: int, movement: Movement = Movement.SMILE_OPEN) -> Repetition:
    return repetition(movement, number, 2.0 * number)


TWO = (_repetition(1), _repetition(2))


BLINKS = (Blink(0.5, 0.6, 0.7), Blink(1.5, 1.6, 1.7))


def _movements(
    repetitions: Any = TWO, named_by: str = "cues", blinks: tuple[Blink, ...] = BLINKS
) -> MovementSet:
    return MovementSet(tuple(repetitions), blinks, (0.0, 1.0), named_by)


def _messages(track: Any = None, signals: Any = None, movements: Any = None) -> tuple[Message, ...]:
    return quality_of(
        track or Followed(), signals or _signals(), movements or _movements()
    ).messages


def test_frames_are_counted_by_what_they_are() -> None:
    quality = quality_of(Followed(lost=5), _signals(lost=6, turned=11, gaze=17), _movements())
    counted = (quality.frames, quality.frames_lost, quality.frames_turned, quality.frames_blink)
    assert counted == (N, 5, 11, 0)


def test_a_good_recording_has_none() -> None:
    assert _messages() == ()


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ({"mirrored": None}, "side_unconfirmed", "left and right may be swapped"),
        ({"truncated": True}, "truncated", "ends early"),
        ({"damaged_frames": 7}, "damaged_frames", "7 frames are damaged"),
        (
            {"resized_frames": 9, "width_px": 64, "height_px": 48},
            "resized_frames",
            "to 64 x 48 pix",
        ),
        ({"dropped_frames": 3}, "dropped_frames", "3 frames without a usable time"),
        ({"faces_seen": 2}, "several_faces", "2 faces were seen; one was measured throughout"),
        (
            {"faces_seen": 3, "several_faces": 0.25, "face": "left"},
            "several_faces",
            "3 faces were seen in 25% of the time; one was measured throughout, the leftmost one",
        ),
        ({"video_tracks": 2, "width_px": 640, "height_px": 720}, "several_tracks", "640 x 720"),
        (
            {"repeated_s": 9.8},
            "repeated_pictures",
            "9.8 s of the recording show pictures that were",
        ),
        ({"slow_motion": 4.0}, "slow_motion", "4.0 times slower"),
        ({"quantizer": 35.0}, "compressed", "strongly compressed (quantizer 35 of 51)"),
    ],
)
def test_about_the_file(source: dict[str, Any], code: str, words: str) -> None:
    (message,) = _messages(Followed(**source))
    assert (message.level, message.code) == ("warning", code)
    assert words in message.text


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("turned", "The head was turned too far in 5 % of the frames."),
        ("gaze", "The eyes looked off the lens in 5 % of the frames."),
        ("speech", "The mouth moved as in speech in 5 % of the frames."),
        ("occluded", "Something seems to cover part of the face in 5 % of the frames."),
    ],
)
def test_about_marked_frames(mark: str, words: str) -> None:
    (message,) = _messages(signals=_signals(**{mark: 5}))
    assert message == Message(level="warning", code=mark, text=words)
    assert _messages(signals=_signals(**{mark: 2})) == ()


def test_about_a_picture_that_is_another_from_some_time_on() -> None:
    signals = _signals()
    signals.marks["changed"][60:] = True
    (message,) = _messages(signals=signals)
    assert (message.level, message.code) == ("warning", "changed")
    assert message.text.startswith("From 2.0 s on the picture is another than before")


def test_about_lost_frames() -> None:
    (message,) = _messages(Followed(lost=4))
    assert message.code == "lost"
    assert message.text == "The face was lost in 4 % of the frames."
    assert _messages(Followed(lost=2)) == ()


def test_about_few_pictures_a_second() -> None:
    (message,) = _messages(Followed(rate_hz=12.0))
    assert message.code == "slow"
    assert "Only 12 pictures a second" in message.text


def test_about_dropped_repetitions() -> None:
    dropped = _repetition(3).replaced(kept=False, reason="the head was turned away")
    (message,) = _messages(movements=_movements((*TWO, dropped)))
    assert (message.level, message.code) == ("info", "dropped")
    assert message.text.startswith("1 repetition could not be used")
    (message,) = _messages(movements=_movements((*TWO, dropped, dropped.replaced(repetition=4))))
    assert message.text.startswith("2 repetitions could not be used")


def test_about_a_sheet_that_was_moved() -> None:
    for shift_s, said in ((-2.0, "2.0 s earlier"), (1.25, "1.2 s later")):
        (message,) = _messages(movements=replace(_movements(), sheet_fit=SheetFit(1.0, shift_s)))
        assert (message.level, message.code) == ("warning", "cue_sheet_moved")
        assert said in message.text


def test_about_a_sheet_that_fits_elsewhere_or_nowhere() -> None:
    dropped = tuple(r.replaced(kept=False, reason="no movement seen") for r in TWO)
    for shifts_s, words in (
        ((1.5, -1.6), "it would fit 1.6 s earlier or 1.5 s later."),
        ((), "comes nowhere to movements"),
    ):
        movements = replace(_movements(dropped), sheet_doubt=SheetDoubt(shifts_s))
        *dropped_said, message = _messages(movements=movements)
        assert {m.code for m in dropped_said} == {"dropped", "no_movement"}
        assert (message.level, message.code) == ("warning", "cue_sheet_unfit")
        assert words in message.text
    fitting = replace(_movements(), sheet_doubt=SheetDoubt(()))
    assert _messages(movements=fitting) == ()


def test_about_movements_that_nobody_asked_for() -> None:
    for unasked_s, words in (((9.61,), "1 movement was"), ((9.61, 12.0), "2 movements were")):
        (message,) = _messages(movements=replace(_movements(), unasked_s=unasked_s))
        assert (message.level, message.code) == ("warning", "unasked_movements")
        assert message.text.startswith(f"{words} seen where the cue sheet asks for none, at 9.6 s")


def test_about_a_sheet_of_another_clock() -> None:
    (message,) = _messages(movements=replace(_movements(), sheet_fit=SheetFit(1.02, -0.5)))
    assert "multiplied by 1.020 and 0.5 s earlier" in message.text


def test_about_movements_that_are_several_times_too_slow() -> None:
    """Four times as slow as a hold that comes 0.4 s after its onset."""
    slow = [r.replaced(apex_start_s=r.onset_s + 1.6, apex_end_s=r.onset_s + 3.0) for r in TWO]
    (message,) = _messages(movements=_movements(slow))
    assert (message.level, message.code) == ("warning", "slow_movements")
    assert "1.6 s from their beginning" in message.text


def test_about_a_recording_of_which_no_repetition_can_be_used() -> None:
    dropped = [r.replaced(kept=False, reason="it was not held") for r in TWO]
    found = {m.code: m for m in _messages(movements=_movements(dropped))}
    assert "(it was not held): the resting face and the blinks alone" in found["no_movement"].text
    assert "no_movement" not in {m.code for m in _messages(movements=_movements(TWO))}


def test_about_a_face_that_was_never_at_rest() -> None:
    (message,) = _messages(signals=replace(_signals(), rest_seen=False))
    assert (message.level, message.code) == ("warning", "no_rest")


def test_about_pupils_that_stand_as_in_nobody() -> None:
    """Dodgson 2004: the vast majority of adults have 50 to 75 mm."""
    signals = _signals()
    for pupils_mm in (None, 51.0, 74.0):
        scale = signals.scale.replaced(pupils_mm=pupils_mm)
        assert not _messages(signals=replace(signals, scale=scale))
    scale = signals.scale.replaced(pupils_mm=82.0)
    (message,) = _messages(signals=replace(signals, scale=scale))
    assert (message.level, message.code) == ("warning", "scale_unlikely")
    assert "82 mm apart" in message.text
    assert "50 to 75" in message.text


def test_about_a_face_that_is_wider_than_faces_are() -> None:
    """Said alone: that the pupils then stand as in nobody follows from it."""
    signals = _signals()
    for ratio, words in ((1.31, "1.31 times as wide"), (0.76, "0.76 times as wide"), (1.05, "")):
        scale = signals.scale.replaced(width_to_height=ratio, pupils_mm=82.0 if words else 63.0)
        found = _messages(signals=replace(signals, scale=scale))
        assert [m.code for m in found] == (["squashed_picture"] if words else [])
        assert all(words in m.text for m in found)


def test_about_pictures_that_begin_late() -> None:
    (message,) = _messages(Followed(late_s=1.5))
    assert (message.level, message.code) == ("info", "late_pictures")
    assert "begin 1.5 s after" in message.text


def test_about_a_missing_cue_sheet() -> None:
    (message,) = _messages(movements=_movements(named_by="signals"))
    assert (message.level, message.code) == ("info", "no_cues")


def test_about_a_single_repetition() -> None:
    alone = (_repetition(1, Movement.SNARL), _repetition(1, Movement.BROW_RAISE))
    (message,) = _messages(movements=_movements((*TWO, *alone)))
    assert message.code == "one_repetition"
    assert "Only one usable repetition of: brow raise, snarl." in message.text


TOO_FEW = NoFaceError("Too few frames", expected="30", found="3", do="film again")


def test_a_refusal_names_what_is_known_of_the_recording() -> None:
    """What went wrong may be that the other one of two people was followed."""
    two = SAID.replaced(faces_seen=2, several_faces=1.0, mirrored=None)
    with pytest.raises(NoFaceError) as told, telling(two):
        raise TOO_FEW
    assert (told.value.expected, told.value.do) == ("30", "film again")
    assert told.value.found == (
        "3. 2 faces were seen in 100% of the time; one was measured throughout, the one that was "
        "the largest when it was found. Another one is chosen with --face."
    )


def test_a_refusal_of_a_plain_recording_stays_as_it_is() -> None:
    with pytest.raises(TrackError) as told, telling(SAID):
        raise TOO_FEW
    assert told.value is TOO_FEW
    with pytest.raises(UsageError, match=r"^Wrong\.$"), telling(SAID.replaced(faces_seen=2)):
        raise UsageError("Wrong")
