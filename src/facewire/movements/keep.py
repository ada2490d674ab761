"""Which repetitions can be used, and why not."""

from __future__ import annotations

from facewire.face import EYE_CLOSURES
from facewire.motion.signals import MotionSignals
from facewire.movements.course import Course
from facewire.movements.cues import END_TOLERANCE_S
from facewire.movements.even import HIDING_MARKS, EvenSignals
from facewire.movements.movements import Cue
from facewire.movements.naming import is_another
from facewire.movements.rest import NOWHERE, Stretch, level_mm
from facewire.words import mark

MOST_HIDDEN = 0.4
SHORTEST_HOLD_S = 0.15

_HIDDEN_WORDS = {
    "lost": "the face was not found",
    "turned": "the head was turned away",
    "occluded": "the face was covered",
}


def why_dropped(
    signals: MotionSignals, even: EvenSignals, cue: Cue, course: Course | None, rest: Stretch | None
) -> str:
    """Say why a repetition cannot be used.

    Parameters
    ----------
    signals : MotionSignals
    even : EvenSignals
        The same signals at even times.
    cue : Cue
    course : Course or None
        None where no movement was seen.
    rest : tuple of float or None
        The rest to compare with.

    Returns
    -------
    str
        The reason in plain words; empty where the repetition can be used. A movement that is weak
        or absent on one side alone is no reason.
    """
    if cue.end_s > float(signals.times_s[-1]) + END_TOLERANCE_S:
        return mark("the recording ends inside it")
    asked = cue.onset_end_s, cue.offset_start_s
    hold = course.apex if course else asked
    # Of a hold that was hidden for the most part, what is seen is its beginning or its end.
    hidden = _why_hidden(signals, even, hold) or _why_hidden(signals, even, asked)
    if hidden or course is None:
        return hidden or mark("no movement seen")
    change = level_mm(even, hold) - level_mm(even, rest or NOWHERE)
    blinked = cue.movement not in EYE_CLOSURES and even.clear_s(*hold) < SHORTEST_HOLD_S
    found = {
        mark("it was not held"): hold[1] - hold[0] < SHORTEST_HOLD_S,
        mark("a blink covers the hold"): blinked,
        mark("there is no rest to compare it with"): rest is None,
        mark("another movement was done than was asked"): is_another(change, cue.movement),
    }
    return next((reason for reason, applies in found.items() if applies), "")


def _why_hidden(signals: MotionSignals, even: EvenSignals, hold: Stretch) -> str:
    usable = even.cut(*hold).usable
    if not len(usable):
        return mark("the recording has no frames in its hold")
    hidden = 1.0 - float(usable.mean())
    if hidden <= MOST_HIDDEN:
        return ""
    frames = (signals.times_s >= hold[0]) & (signals.times_s <= hold[1])
    shares = {m: float(signals.marks[m][frames].sum()) for m in HIDING_MARKS if m in signals.marks}
    main = max(shares, key=lambda m: shares[m], default="lost")
    word = _HIDDEN_WORDS[main if shares.get(main) else "lost"]
    return f"{word} in {hidden:.0%} of its hold"
