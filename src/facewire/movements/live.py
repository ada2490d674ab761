"""Movements of a live face: what it does now, and whether a repetition was seen, as in a file.

A recording is judged as a whole, live values have the past only: the rest is the one just before
the repetition, and the noise is that of the last seconds. All else is `find_course` and
`why_dropped`, as for a recording.
"""

from __future__ import annotations

from collections import deque
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.face import MOVEMENT_FACTS, Movement
from facewire.motion.eyes import EYE_COLUMNS
from facewire.motion.signals import MotionSignals
from facewire.movements.course import MARGIN_S, SEEN_MM, SEEN_PART, cue_window, find_course
from facewire.movements.cues import Cue
from facewire.movements.even import drives, even_signals
from facewire.movements.locate import why_dropped
from facewire.movements.naming import ACTIVE, how_far, is_another
from facewire.movements.rest import REST_S, Stretch, rest_before
from facewire.results.measurement import Scale
from facewire.words import mark

FloatArray = NDArray[np.float64]
Doing = Literal["rest", "asked", "other"]

KEPT_S = 30.0
"""How far back values are kept: longer than any repetition with its rest."""
LEAST_RATE_HZ = 12.0
"""With fewer values a second a hold of 0.15 s falls between two of them: then nothing is said."""
LATER_S = MARGIN_S + 0.1
"""How long after its end a repetition can be judged: what comes late may still belong to it."""

_NO_SCALE = Scale(source="simulated", reference_mm=1.0, relative_sd=0.0, mm_per_px=1.0)
"""Live values come in millimetres; where those are from is never asked here."""


class LiveMovements:
    """The values of the last seconds, and what they say of the movement that is asked for."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()
        self._positions: deque[FloatArray] = deque()
        self._turned: deque[bool] = deque()

    @property
    def last_s(self) -> float:
        """Time of the newest values; minus infinity before any."""
        return self._times[-1] if self._times else -np.inf

    def see(self, time_s: float, position_mm: FloatArray, *, turned: bool = False) -> None:
        """Take the values of one picture; those that are not later than the last are left out.

        Parameters
        ----------
        time_s : float
        position_mm : ndarray of float, shape (n_channels,)
            As in `MotionSignals`, with any zero but that of the fissures' heights; NaN where the
            face was not measured.
        turned : bool
            Whether the head was turned too far for measuring.
        """
        if time_s <= self.last_s:
            return
        self._times.append(time_s)
        self._positions.append(position_mm)
        self._turned.append(turned)
        while self._times[0] < time_s - KEPT_S:
            for kept in (self._times, self._positions, self._turned):
                kept.popleft()

    def doing(self, movement: Movement | None, rest: Stretch) -> Doing | None:
        """Tell what the face does in the newest picture.

        Parameters
        ----------
        movement : Movement or None
            What is asked for now; None where it should rest.
        rest : tuple of float
            When it rested last, seconds: its last 0.8 s are compared with.

        Returns
        -------
        str or None
            ``asked`` when the main target goes its usual way further than `find_course` needs and
            the shape is not another movement's; ``other`` when a movement goes a quarter of its
            usual way all the same; ``rest`` when none does. None where the face is not measured.
        """
        base = self._level(max(rest[0], rest[1] - REST_S), rest[1])
        if base is None or not np.isfinite(self._positions[-1]).any():
            return None
        now = self._positions[-1]
        if movement is not None:
            facts = MOVEMENT_FACTS[movement]
            rise = np.nan_to_num(drives(now - base, movement))
            moved = rise.max() > max(SEEN_MM, SEEN_PART * facts.typical_mm)
            if moved and not is_another(now - base, movement):
                return "asked"
        return "other" if float(how_far(now, base)) >= ACTIVE else "rest"

    def why_unseen(self, cue: Cue, from_s: float) -> str | None:
        """Say why a repetition would not be used.

        Parameters
        ----------
        cue : Cue
            When it was asked for.
        from_s : float
            Since when the face was to rest before it.

        Returns
        -------
        str or None
            The reason as `why_dropped` gives it; empty where it was seen. None where too few values
            came to tell.
        """
        signals = self._signals(from_s, cue.end_s + MARGIN_S)
        lasted_s = cue.end_s - cue.start_s
        n = 0 if signals is None else int(np.sum(_within(signals.times_s, cue.start_s, cue.end_s)))
        if signals is None or n < LEAST_RATE_HZ * lasted_s:
            return None
        try:
            even = even_signals(signals)
        except TrackError:
            return mark("the face was not found")
        rest = (from_s, cue.start_s)
        at_rest = even.cut(*rest).position_mm
        if not len(at_rest):
            return None
        opening = np.median(drives(at_rest, cue.movement), axis=1)
        course = find_course(even, cue, cue_window((cue,), 0), opening)
        begin_s = course.begin_s if course else cue.start_s
        return why_dropped(signals, even, cue, course, rest_before(even, from_s, begin_s) or rest)

    def _level(self, start_s: float, end_s: float) -> FloatArray | None:
        inside = [
            p
            for t, p in zip(self._times, self._positions, strict=True)
            if start_s <= t <= end_s and np.isfinite(p).any()
        ]
        return np.median(inside, axis=0) if inside else None

    def _signals(self, start_s: float, end_s: float) -> MotionSignals | None:
        times = np.array(self._times)
        inside = _within(times, start_s, end_s)
        if inside.sum() < 2:
            return None
        position = np.array(self._positions)[inside]
        return MotionSignals(
            times_s=times[inside],
            position_mm=position,
            sd_mm=np.where(np.isfinite(position), _noise(position), np.nan),
            pose_deg=np.zeros((len(position), 3)),
            blink=np.zeros(len(position), dtype=bool),
            marks={"turned": np.array(self._turned)[inside]},
            scale=_NO_SCALE,
        )


def position_of(change_mm: FloatArray, eye_mm: FloatArray) -> FloatArray:
    """Return live values as `LiveMovements.see` takes them.

    Parameters
    ----------
    change_mm : ndarray of float, shape (n_channels,)
    eye_mm : ndarray of float, shape (2,)
        Heights of the fissures, the patient's right eye first.
    """
    position = change_mm.copy()
    position[EYE_COLUMNS] = eye_mm
    return position


def _within(times_s: FloatArray, start_s: float, end_s: float) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (times_s >= start_s) & (times_s <= end_s)
    return inside


def _noise(position_mm: FloatArray) -> FloatArray:
    """Return a robust SD of each channel from one value to the next: most of the time it rests."""
    steps = np.abs(np.diff(position_mm, axis=0))
    known = np.isfinite(steps).any(axis=0)
    sd = np.zeros(position_mm.shape[1])
    sd[known] = 1.4826 * np.nanmedian(steps[:, known], axis=0) / np.sqrt(2)
    return sd
