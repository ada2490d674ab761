"""The face on many days at once: what is common to all days is computed once.

Treatments change a face by factors and sums whose levels move with time, while actions, and
mostly the activations, stay. In single precision: differences to `state_at` are far below any
interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import Region
from facewire.face.muscles import SIDE_CHANNELS
from facewire.treatment.conflicts import Scheduled
from facewire.treatment.effect import FACTORS, SUMS, Effect, spread_over
from facewire.treatment.reserve import (
    BROW,
    CLOSERS,
    CLOSURE_ROWS,
    GENTLE,
    Reserve,
    brow_drop_mm,
    closing_share,
)
from facewire.wiring import FaceState
from facewire.wiring.state import EYE, LARGEST_ACTIVATION, N_MOVEMENTS, resting_pull

FloatArray = NDArray[Any]
Single = NDArray[np.float32]

DRIVES = ("right", "wrong")
MOST_RECOVERY = 5.0
"""Force returns to at most this many times what was measured while an earlier course acted."""
_EPSILON = 0.02
_CHIN = [k for k, (region, _) in enumerate(SIDE_CHANNELS) if region is Region.CHIN]
_LEVEL_AT_1 = (1.0 + LARGEST_ACTIVATION**-4.0) ** -0.25


@dataclass(frozen=True, eq=False)
class Timed:
    """An effect and the day its treatment was given."""

    day: float
    effect: Effect


def timed_effects(state: FaceState, treatments: Sequence[Scheduled], seed: int) -> list[Timed]:
    """Return what treatments change in a face, each made for the face at day 0.

    Parameters
    ----------
    state : FaceState
    treatments : sequence of Scheduled
    seed : int
    """
    return [Timed(s.day, e) for s in treatments for e in s.treatment.effects(state, seed)]


def state_at(state: FaceState, timed: Sequence[Timed], day: float) -> FaceState:
    """Return the face on one day; what was given before day 0 is counted from its effect then.

    Parameters
    ----------
    state : FaceState
        At day 0.
    timed : sequence of Timed
    day : float
    """
    values = {name: _times(getattr(state, name), timed, name, day) for name in FACTORS}
    values |= {name: _plus(getattr(state, name), timed, name, day) for name in SUMS}
    return replace(state, **values)


def _times(base: FloatArray, timed: Sequence[Timed], name: str, day: float) -> FloatArray:
    for one in timed:
        share = getattr(one.effect, name)
        if share is None or (one.day >= 0 and day < one.day):
            continue
        level = one.effect.course.at(day - one.day)
        if one.day < 0 or level.any():
            base = base * _factor(one, share, level.astype(share.dtype))
    return base


def _factor(one: Timed, share: FloatArray, level: FloatArray) -> FloatArray:
    now = 1.0 - spread_over(level, share) * share
    if one.day >= 0:
        return np.asarray(now)
    before = one.effect.course.at(-one.day).astype(share.dtype)
    then = 1.0 - spread_over(before, share) * share
    return np.minimum((now + _EPSILON) / (then + _EPSILON), MOST_RECOVERY)


def _plus(base: FloatArray, timed: Sequence[Timed], name: str, day: float) -> FloatArray:
    for one in timed:
        added = getattr(one.effect, name)
        if added is None or (one.day >= 0 and day < one.day):
            continue
        level = one.effect.course.at(day - one.day)
        if one.day < 0:
            level = level - one.effect.course.at(-one.day)
        if level.any():
            base = base + spread_over(level.astype(added.dtype), added) * added
    return base


@dataclass(frozen=True, eq=False)
class Moment:
    """The face on one day.

    Parameters
    ----------
    involuntary, total : ndarray, shape (n, 2, 8, 10)
        As `facewire.wiring.involuntary_mm` and ``total_mm``; the chin's total is of both sides.
        A closure is what the eye's reserve leaves of it; see `facewire.treatment.reserve`.
    rest_change : ndarray, shape (n, 2, 10)
        As `facewire.wiring.rest_change_mm`; a brow without its frontalis sinks.
    strength : ndarray, shape (n, 2, 14)
        Force of each muscle.
    closing : ndarray, shape (n, 2, 3)
        Change of the fissure in gentle closure, mm: by each of `CLOSERS` at its full force, and by
        everything else.
    """

    involuntary: Single
    total: Single
    rest_change: Single
    strength: Single
    closing: Single


class MovingFace:
    """A face and its treatments, ready to be asked for many days.

    Parameters
    ----------
    state : FaceState
        At day 0.
    timed : sequence of Timed
    reserve : Reserve
        Of the face at day 0.
    """

    def __init__(self, state: FaceState, timed: Sequence[Timed], reserve: Reserve) -> None:
        self._timed = [Timed(t.day, _single(t.effect)) for t in timed]
        self._base = {name: getattr(state, name).astype(np.float32) for name in (*FACTORS, *SUMS)}
        self._action = state.action_mm.astype(np.float32)
        self._usual = state.physiological_mm.astype(np.float32)
        fissure = state.rest_mm[..., EYE]
        self._shut = -np.where(np.isfinite(fissure), fissure, np.inf).astype(np.float32)[..., None]
        self._reserve = reserve
        self._need = reserve.closure.astype(np.float32)
        self._driving = [t for t in self._timed if _touches(t, DRIVES)]
        self._levels: list[FloatArray] | None = None
        self._pull: Single = np.zeros(0, np.float32)

    def at(self, day: float) -> Moment:
        """Return the face on a day."""
        strength, tone = (self._times(name, day) for name in ("strength", "tone"))
        drive = self._drive(day)
        moved = np.matmul(drive * strength[:, :, None, :], self._action)
        resting = resting_pull(_saturated(tone), strength)[:, :, None, :]
        rest = np.matmul(resting, self._action)[:, :, 0] + self._plus("shift_mm", day)
        rest[..., BROW] -= brow_drop_mm(strength, self._base["strength"], self._reserve)
        involuntary, both = moved[:, :, :N_MOVEMENTS], moved[:, :, N_MOVEMENTS:]
        self._hold(both, drive[:, :, N_MOVEMENTS:], strength)
        total, closing = self._total(both, day), self._closing(drive, both, strength, day)
        return Moment(involuntary, total, rest, strength, closing)

    def _hold(self, moved: Single, drive: Single, strength: Single) -> None:
        """Give closures what the reserve leaves of them, in place."""
        now, base = strength[..., CLOSERS], self._base["strength"][..., CLOSERS]
        gained = closing_share(now, base, self._need) - now
        pull = drive[:, :, CLOSURE_ROWS][..., CLOSERS] * gained[:, :, None]
        moved[:, :, CLOSURE_ROWS] += np.matmul(pull, self._action[:, :, CLOSERS])

    def _closing(self, drive: Single, moved: Single, strength: Single, day: float) -> Single:
        """Return what closers and everything else do to the fissure in gentle closure."""
        base = self._base["strength"][..., CLOSERS]
        own = drive[:, :, N_MOVEMENTS + GENTLE, CLOSERS] * self._action[:, :, CLOSERS, EYE]
        now = (own * closing_share(strength[..., CLOSERS], base, self._need)).sum(-1)
        other = moved[:, :, GENTLE, EYE] - now + self._usual[:, :, GENTLE, EYE]
        other += self._plus("added_mm", day)[:, :, GENTLE, EYE]
        return np.concatenate([own, other[..., None]], axis=-1)

    def _times(self, name: str, day: float) -> Single:
        return _times(self._base[name], self._timed, name, day)

    def _plus(self, name: str, day: float) -> Single:
        return _plus(self._base[name], self._timed, name, day)

    def _total(self, both: Single, day: float) -> Single:
        total = both + self._usual
        total += self._plus("added_mm", day)
        total[..., EYE] = np.maximum(total[..., EYE], self._shut)
        total[..., _CHIN] = total[..., _CHIN].sum(axis=1, keepdims=True)
        return total

    def _drive(self, day: float) -> Single:
        """Saturated activations, wrong above right and wrong together, (n, 2, 16, 14)."""
        levels = [t.effect.course.at(day - t.day) for t in self._driving]
        if self._levels is None or not all(map(np.array_equal, levels, self._levels)):
            right, wrong = self._times("right", day), self._times("wrong", day)
            self._pull = _saturated(np.concatenate([wrong, right + wrong], axis=2))
            self._levels = levels
        return self._pull


def _single(effect: Effect) -> Effect:
    arrays = {name: getattr(effect, name) for name in (*FACTORS, *SUMS)}
    return replace(effect, **{k: v.astype(np.float32) for k, v in arrays.items() if v is not None})


def _touches(one: Timed, names: tuple[str, ...]) -> bool:
    return any(getattr(one.effect, name) is not None for name in names)


def _saturated(activation: Single) -> Single:
    """As `facewire.wiring.state.saturated`, by products and square roots instead of powers."""
    square = activation * np.float32(1.0 / LARGEST_ACTIVATION)
    square *= square
    square *= square
    square += np.float32(1.0)
    np.sqrt(square, out=square)
    np.sqrt(square, out=square)
    square *= np.float32(_LEVEL_AT_1)
    return np.asarray(activation / square)


def knot_days(days: int, starts: Sequence[float]) -> NDArray[np.intp]:
    """Return the days to compute: dense after a treatment, weekly later; both sides of a step.

    Parameters
    ----------
    days : int
        Length of the time line.
    starts : sequence of float
        Days of the treatments.
    """
    wanted = set(range(0, days + 1, 7)) | {days}
    for start in map(int, starts):
        wanted |= {start - 1, *range(start, start + 10), *range(start + 10, start + 30, 3)}
    return np.array(sorted(d for d in wanted if 0 <= d <= days), dtype=np.intp)
