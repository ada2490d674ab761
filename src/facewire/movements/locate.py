"""From motion signals to repetitions: located by a cue sheet, or found and named without one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.face import EYE_CLOSURES, Movement
from facewire.motion.blinks import Blink
from facewire.motion.signals import MotionSignals
from facewire.movements.course import Course, cue_window, find_course
from facewire.movements.cues import END_TOLERANCE_S, Cue
from facewire.movements.even import HIDING_MARKS, EvenSignals, drives, even_signals
from facewire.movements.naming import is_another, name_movements
from facewire.movements.rest import (
    NOWHERE,
    Stretch,
    level_mm,
    opening_rest,
    rest_before,
    resting_second,
    returned_to_rest,
)
from facewire.movements.sheet_fit import (
    AS_IT_IS,
    IGNORED_S,
    SheetDoubt,
    SheetFit,
    doubt_sheet,
    fit_sheet,
    moved,
)
from facewire.results.measurement import Repetition, RestKind
from facewire.words import mark

FloatArray = NDArray[np.float64]
Followed = tuple[tuple[Cue, Course | None], ...]

MOST_HIDDEN = 0.4
SHORTEST_HOLD_S = 0.15

_HIDDEN_WORDS = {
    "lost": "the face was not found",
    "turned": "the head was turned away",
    "occluded": "the face was covered",
    "changed": "the picture was another than at the beginning",
}


@dataclass(frozen=True)
class MovementSet:
    """Every repetition and blink of a recording, and its opening rest.

    ``named_by`` is ``cues`` (a cue sheet) or ``signals`` (found and named without one);
    ``sheet_fit`` is how the sheet's times were fitted to the recording, ``sheet_doubt`` where else
    it would fit, and ``unasked_s`` when movements begin that it does not ask for.
    """

    repetitions: tuple[Repetition, ...]
    blinks: tuple[Blink, ...]
    opening_rest_s: tuple[float, float]
    named_by: str
    sheet_fit: SheetFit = AS_IT_IS
    sheet_doubt: SheetDoubt | None = None
    unasked_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        start, end = self.opening_rest_s
        if not start <= end or self.named_by not in ("cues", "signals"):
            raise TrackError(
                "The movements of a recording contradict themselves",
                expected="a rest that ends after its start, named by cues or signals",
                found=f"{start:g} to {end:g} s, {self.named_by}",
            )

    def kept(self, movement: Movement) -> tuple[Repetition, ...]:
        """Return the usable repetitions of one movement."""
        return tuple(r for r in self.repetitions if r.movement is movement and r.kept)


def locate_movements(
    signals: MotionSignals, cues: tuple[Cue, ...] | None, late_s: float = 0.0
) -> MovementSet:
    """Locate every asked repetition and every spontaneous blink.

    Parameters
    ----------
    signals : MotionSignals
    cues : tuple of Cue or None
        Each repetition is looked for within half a second of its cue; a sheet that fits clearly
        better at another time is moved there as a whole, see `fit_sheet`. Without cues (None)
        movements are found and named from the signals; what resembles no movement is left out.
    late_s : float
        How long after a player's zero the first picture is shown.

    Returns
    -------
    MovementSet
        Every cue has its repetition, those that cannot be used with the reason. Blinks within
        located eye closures are not counted as spontaneous.

    Raises
    ------
    TrackError
        No frame shows the face.
    """
    even = even_signals(signals)
    speech = signals.marks.get("speech", np.zeros(len(signals.times_s)))
    talking = np.interp(even.times_s, signals.times_s, speech) > 0.5
    named = name_movements(even, level_mm(even, resting_second(even)), talking)
    remarks = named if cues is None else {}
    asked = tuple(sorted(cues if cues is not None else remarks, key=lambda c: c.start_s))
    fit = AS_IT_IS if cues is None else fit_sheet(even, asked, late_s)
    doubt = None if cues is None or fit != AS_IT_IS else doubt_sheet(even, asked)
    asked = moved(asked, fit)
    first_s = asked[0].start_s if asked else float(even.times_s[-1])
    times = [(c.start_s, c.end_s) for c in asked]
    courses = _courses(even, asked, opening_rest(even, first_s, times))
    begins = [c.begin_s for c in courses[:1] if c]
    opening = opening_rest(even, min([first_s, *begins]), times)
    repetitions = _repetitions(signals, even, tuple(zip(asked, courses, strict=True)), opening)
    return MovementSet(
        repetitions=tuple(
            r.replaced(reason=r.reason or remarks.get(c, ""))
            for r, c in zip(repetitions, asked, strict=True)
        ),
        blinks=_spontaneous(even.blinks, repetitions),
        opening_rest_s=opening,
        named_by="signals" if cues is None else "cues",
        sheet_fit=fit,
        sheet_doubt=doubt,
        unasked_s=_unasked_s(named, asked),
    )


def _unasked_s(named: Iterable[Cue], asked: tuple[Cue, ...]) -> tuple[float, ...]:
    """Return when movements begin whose middle lies beside every cue, and what comes late of it."""

    def is_asked(one: Cue) -> bool:
        middle_s = (one.onset_end_s + one.offset_start_s) / 2
        return any(c.start_s - IGNORED_S < middle_s < c.end_s + IGNORED_S for c in asked)

    return tuple(sorted(one.start_s for one in named if not is_asked(one)))


def _courses(
    even: EvenSignals, asked: tuple[Cue, ...], opening: Stretch
) -> tuple[Course | None, ...]:
    resting = even.cut(*opening).position_mm
    return tuple(
        find_course(
            even,
            cue,
            cue_window(asked, i),
            np.median(drives(resting, cue.movement), axis=1),
        )
        for i, cue in enumerate(asked)
    )


def _rests(even: EvenSignals, followed: Followed) -> list[Stretch | None]:
    found: list[Stretch | None] = []
    settled = float(even.times_s[0])
    for cue, course in followed:
        found.append(rest_before(even, settled, course.begin_s if course else cue.start_s))
        settled = course.settled_s if course else cue.end_s
    return found


def _returned(
    even: EvenSignals, followed: Followed, rests: list[Stretch | None], opening_mm: FloatArray
) -> list[bool]:
    if not followed:
        return []
    levels = np.array([level_mm(even, rest or NOWHERE) for rest in rests])
    holds = [level_mm(even, course.apex if course else NOWHERE) for _, course in followed]
    before = np.array([level_mm(even, NOWHERE), *holds[:-1]])
    return [bool(back) for back in returned_to_rest(levels, opening_mm, before)]


def _repetitions(
    signals: MotionSignals, even: EvenSignals, followed: Followed, opening: Stretch
) -> tuple[Repetition, ...]:
    rests = _rests(even, followed)
    opening_mm = level_mm(even, opening)
    spare = opening if np.isfinite(opening_mm).any() else None
    found = []
    for i, back in enumerate(_returned(even, followed, rests, opening_mm)):
        rest = rests[i] if back else spare
        reason = why_dropped(signals, even, *followed[i], rest)
        kind: RestKind = "before" if back else "opening"
        found.append(_repetition(*followed[i], rest or opening, kind, reason))
    return tuple(found)


def _repetition(
    cue: Cue, course: Course | None, rest: Stretch, rest_kind: RestKind, reason: str
) -> Repetition:
    hold = course.apex if course else (cue.onset_end_s, cue.offset_start_s)
    return Repetition(
        movement=cue.movement,
        repetition=cue.repetition,
        start_s=course.begin_s if course else cue.start_s,
        onset_s=course.onset_s if course else cue.start_s,
        apex_start_s=hold[0],
        apex_end_s=hold[1],
        end_s=course.end_s if course else cue.end_s,
        rest_start_s=rest[0],
        rest_end_s=rest[1],
        rest_kind=rest_kind,
        kept=not reason,
        reason=reason,
        effort=cue.effort,
    )


def _spontaneous(
    blinks: tuple[Blink, ...], repetitions: tuple[Repetition, ...]
) -> tuple[Blink, ...]:
    closures = [r for r in repetitions if r.movement in EYE_CLOSURES and r.kept]
    return tuple(
        b for b in blinks if not any(r.onset_s <= b.closed_s <= r.apex_end_s for r in closures)
    )


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
