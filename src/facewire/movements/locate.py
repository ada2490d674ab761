"""From motion signals to repetitions: located by a cue sheet, or found and named without one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewire.face import EYE_CLOSURES
from facewire.motion.blinks import Blink
from facewire.motion.signals import MotionSignals
from facewire.movements.course import Course, cue_window, find_course
from facewire.movements.drive import drives
from facewire.movements.even import EvenSignals, even_signals
from facewire.movements.keep import why_dropped
from facewire.movements.movements import Cue, MovementSet
from facewire.movements.naming import name_movements
from facewire.movements.rest import (
    NOWHERE,
    Stretch,
    level_mm,
    opening_rest,
    rest_before,
    resting_second,
    returned_to_rest,
)
from facewire.movements.sheet_fit import moved, sheet_shift
from facewire.results.measurement import Repetition, RestKind

FloatArray = NDArray[np.float64]
Followed = tuple[tuple[Cue, Course | None], ...]


def locate_movements(signals: MotionSignals, cues: tuple[Cue, ...] | None) -> MovementSet:
    """Locate every asked repetition and every spontaneous blink.

    Parameters
    ----------
    signals : MotionSignals
    cues : tuple of Cue or None
        Each repetition is looked for within half a second of its cue; a sheet that fits clearly
        better at another time is moved there as a whole, see `sheet_shift`. Without cues (None)
        movements are found and named from the signals; what resembles no movement is left out.

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
    remarks: dict[Cue, str] = {}
    if cues is None:
        remarks = name_movements(even, level_mm(even, resting_second(even)))
    asked = tuple(sorted(cues if cues is not None else remarks, key=lambda c: c.start_s))
    shift_s = 0.0 if cues is None else sheet_shift(even, asked)
    asked = moved(asked, shift_s)
    first_s = asked[0].start_s if asked else float(even.times_s[-1])
    courses = _courses(even, asked, opening_rest(even, first_s))
    begins = [c.begin_s for c in courses[:1] if c]
    opening = opening_rest(even, min([first_s, *begins]))
    repetitions = _repetitions(signals, even, tuple(zip(asked, courses, strict=True)), opening)
    return MovementSet(
        repetitions=tuple(
            r.replaced(reason=r.reason or remarks.get(c, ""))
            for r, c in zip(repetitions, asked, strict=True)
        ),
        blinks=_spontaneous(even.blinks, repetitions),
        opening_rest_s=opening,
        named_by="signals" if cues is None else "cues",
        sheet_shift_s=shift_s,
    )


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
