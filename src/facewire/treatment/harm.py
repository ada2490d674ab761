"""What a plan may do to a face that nobody wants, day by day: counted over its draws, simulated.

Counted is what the plan brings or makes worse. What a face has before it stands beside it, and
doing nothing brings nothing. What the model cannot express is named with its reason and with what
is published of it, never taken as zero.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, SIDES, VOLUNTARY_TARGETS, Movement, Region, Side
from facewire.face.muscles import (
    GROUP_INDEX,
    GROUPS,
    SIDE_CHANNEL_INDEX,
    SIDE_CHANNELS,
    MuscleGroup,
)
from facewire.results.estimate import Z95
from facewire.results.harm import Harm, HarmCourse, Harms, OmittedHarm
from facewire.treatment.conflicts import Scheduled
from facewire.treatment.course import Step
from facewire.treatment.effect import Effect
from facewire.treatment.engine import Moment, MovingFace, Timed
from facewire.treatment.harm_rates import PUBLISHED, published_rate, rates_of_operations
from facewire.treatment.muscles import LID_CLOSERS
from facewire.treatment.reserve import (
    BROW,
    CLOSERS,
    CLOSURE_ROWS,
    closing_share,
    draw_reserve,
)
from facewire.treatment.toxin import BotulinumToxin, spread_of
from facewire.wiring import FaceState
from facewire.wiring.state import EYE, side_index
from facewire.words import mark

FloatArray = NDArray[np.floating[Any]]
Events = NDArray[np.bool_]

GAP_MM, WIDE_GAP_MM = 2.0, 4.0
WORSE_MM = 1.0
"""A gap that was there counts as made worse from this much more on."""
WEAKER_LIPS = 0.9
"""Lips that were too weak before count as made worse from this part of their force down."""
BROW_MM, LIP_MM, SMILE_MM, APART_MM = 2.0, 2.0, 2.0, 2.0
DOUBTS = (-Z95, 0.0, Z95)
"""Standard deviations of doubt about everybody's reserve: low, middle and high."""

NOT_MEASURED = mark("the resting fissure was not measured.")
NO_SIDE = mark("the affected side is not known.")
NO_CLOSURE = mark("gentle closure was not recorded: how the eye closes is not known.")
NO_SMILE = mark("no smile was recorded: how far it goes is not known.")
NO_PUCKER = mark("the pucker was not recorded: how strong the lips are is not known.")
_COVERED = {
    NO_CLOSURE: mark("the eye was covered in gentle closure: how it closes is not known."),
    NO_SMILE: mark("the mouth was covered in the smile: how far it goes is not known."),
    NO_PUCKER: mark("the mouth was covered in the pucker: how strong the lips are is not known."),
}
NO_LEVATOR = mark("the muscle that lifts the lid is not in the model.")
NO_EYE_MUSCLES = mark("the muscles that turn the eye are not in the model.")
NO_SIZE = mark("a treatment of the plan has no published size there.")
NO_MUSCLE = mark("a muscle of the plan is not in the model.")

_SMILE = MOVEMENTS.index(Movement.SMILE_OPEN)
_PUCKER = MOVEMENTS.index(Movement.LIP_PUCKER)
_ORIS = GROUP_INDEX[MuscleGroup.ORBICULARIS_ORIS]
_LIP = SIDE_CHANNEL_INDEX[Region.UPPER_LIP, "height"]
_OWN = [k for k, (region, _) in enumerate(SIDE_CHANNELS) if region is not Region.CHIN]
_WANTED = [m for m in range(len(MOVEMENTS)) if m not in CLOSURE_ROWS]
_AIMED = np.array(
    [[region is VOLUNTARY_TARGETS[m][0] for region, _ in SIDE_CHANNELS] for m in MOVEMENTS]
)

BEYOND = mark(
    "Not simulated and not absent: dry eye, damage of the cornea, bruising, infection, distant "
    "spread of toxin, and what an operation itself may harm."
)

_EYE_HARMS = (Harm.LAGOPHTHALMOS_2, Harm.LAGOPHTHALMOS_4, Harm.INCOMPLETE_BLINK)
_OF_REGION = {
    Region.EYE: _EYE_HARMS,
    Region.BROW: (Harm.BROW_PTOSIS,),
    Region.UPPER_LIP: (Harm.LIP_PTOSIS,),
    Region.COMMISSURE: (Harm.SMILE_LOSS,),
    Region.LOWER_LIP: (),
    Region.ALA: (),
    Region.CHIN: (),
}
"""Harms that are told by what a region does."""
_RESTS_ON = (
    ((Movement.EYE_CLOSE_GENTLE,), _EYE_HARMS, NO_CLOSURE),
    ((Movement.SMILE_OPEN, Movement.SMILE_CLOSED), (Harm.LIP_PTOSIS, Harm.SMILE_LOSS), NO_SMILE),
    ((Movement.LIP_PUCKER,), (Harm.ORAL_INCOMPETENCE, Harm.UNCLEAR_SPEECH), NO_PUCKER),
)
"""Movements of which one at least was recorded where these harms are counted; else the reason."""
_OUTSIDE = {
    "buccinator": (Harm.ORAL_INCOMPETENCE, Harm.UNCLEAR_SPEECH, Harm.SMILE_LOSS),
    "lacrimal_gland": (Harm.LID_PTOSIS, Harm.DIPLOPIA),
}
"""Harms of weakening what is not in the model: not simulated, and never none."""
_BESIDE_LIDS = (Harm.LAGOPHTHALMOS_2, Harm.LID_PTOSIS, Harm.DIPLOPIA)
_UPPER = LID_CLOSERS | {MuscleGroup.CORRUGATOR, MuscleGroup.FRONTALIS}
"""Groups beside lid and orbit: toxin there may reach what lifts the lid or turns the eye."""


@dataclass(frozen=True)
class Seen:
    """How often a harm is there on one day, in percent of the draws; with its interval."""

    percent: float
    ci_low: float
    ci_high: float


NEVER = Seen(0.0, 0.0, 0.0)
"""Where nothing was touched, nothing can be brought."""


@dataclass(frozen=True, eq=False)
class _Day:
    """What harm is told by on one day: gaps for each doubt, (3, n, 2), force, lengths."""

    gap_mm: FloatArray
    blink_gap_mm: FloatArray
    lips: FloatArray
    reached_mm: FloatArray
    brow_mm: FloatArray
    lip_mm: FloatArray


class HarmWatch:
    """Counts harm day by day.

    Parameters
    ----------
    state : FaceState
        At day 0.
    affected : Side or None
    seed : int
        Of the plan.
    recorded : collection of Movement
        What the face was seen to do: of the rest the draws hold what is usual, no more.
    covered : collection of Movement
        What was asked for and covered: of the rest, what was not recorded.
    """

    def __init__(
        self,
        state: FaceState,
        affected: Side | None,
        seed: int,
        recorded: Collection[Movement] = MOVEMENTS,
        covered: Collection[Movement] = (),
    ) -> None:
        self._unseen = {
            harm: _COVERED[reason] if set(movements) & set(covered) else reason
            for movements, harms, reason in _RESTS_ON
            if not set(movements) & set(recorded)
            for harm in harms
        }
        self._healthy = None if affected is None else side_index(affected.other)
        self._reserves = [draw_reserve(state, seed, doubt) for doubt in DOUBTS]
        self._lips = {
            Harm.ORAL_INCOMPETENCE: np.stack([r.drinking for r in self._reserves]),
            Harm.UNCLEAR_SPEECH: np.stack([r.speech for r in self._reserves]),
        }
        self._base = state.strength[..., CLOSERS]
        self._oris = np.clip(state.right[:, :, _PUCKER, _ORIS], 0.0, 1.0)
        self._fissure = state.rest_mm[..., EYE]
        self._measured = bool(np.isfinite(self._fissure).all())
        self._first: tuple[Moment, _Day] | None = None
        self._way: FloatArray = np.zeros(0)
        self.today: dict[tuple[Harm, Side | None], float] = {}
        self.days: dict[tuple[Harm, Side | None], list[Seen]] = {}

    def add(self, moment: Moment) -> None:
        """Count one day; the first is day 0."""
        for key, seen in self.of(moment).items():
            self.days.setdefault(key, []).append(seen)

    def of(self, moment: Moment) -> dict[tuple[Harm, Side | None], Seen]:
        """Return what one moment brings against the first, which is taken as day 0."""
        if self._first is None:
            aimed = moment.total * _AIMED
            length = np.linalg.norm(aimed, axis=-1, keepdims=True)
            self._way = aimed / np.maximum(length, 1e-6)
            self._first = moment, self._day(moment)
            self._keep_today(self._first[1])
        first, before = self._first
        touched = _touched(moment, first)
        now = self._day(moment) if touched.any() else before
        found = {}
        for key, events in self._new(now, before):
            harm, side = key
            if harm in self._unseen:
                continue
            at = touched.any() if side is None else touched[side_index(side)]
            found[key] = _seen(events) if at else NEVER
        return found

    def _keep_today(self, day: _Day) -> None:
        if not self._measured:
            return
        for harm, there in (
            (Harm.LAGOPHTHALMOS_2, day.gap_mm >= GAP_MM),
            (Harm.LAGOPHTHALMOS_4, day.gap_mm >= WIDE_GAP_MM),
            (Harm.INCOMPLETE_BLINK, day.blink_gap_mm >= GAP_MM),
        ):
            if harm in self._unseen:
                continue
            for key, events in _sides(harm, there):
                self.today[key] = round(100.0 * float(events[1].mean()), 1)

    def harms(
        self,
        knots: NDArray[np.intp],
        days: NDArray[np.intp],
        treatments: Sequence[Scheduled],
    ) -> Harms:
        """Return every harm on every day, straight lines between the days that were counted.

        Parameters
        ----------
        knots, days : ndarray
            The days that were counted, and those asked for.
        treatments : sequence of Scheduled
        """
        unsized = {
            (harm, way.side)
            for s in treatments
            if s.day >= 0
            for way in s.treatment.directions()
            for harm in _OF_REGION[way.region]
        }
        unsized |= {(Harm.HEALTHY_ASYMMETRY, side) for _, side in unsized for side in SIDES}
        omitted = [*self._unknown(), *((harm, NO_SIZE) for harm, _ in sorted(unsized))]
        outside = _of_outside(treatments)
        omitted += [(harm, NO_MUSCLE) for harm in outside]
        injected = {
            group
            for s in treatments
            if isinstance(s.treatment, BotulinumToxin)
            for group in s.treatment.groups
        }
        untold = unsized | {key for key in self.days if key[0] in outside}
        courses = [self._course(key, knots, days) for key in self.days if key not in untold]
        found = _told(days.tolist(), courses, omitted, injected)
        return found.replaced(published=(*rates_of_operations(treatments), *found.published))

    def of_weakening(self, moment: Moment, weakened: Collection[MuscleGroup]) -> Harms:
        """Return what a weakening brings at its full effect, as of one day.

        Parameters
        ----------
        moment : Moment
            The weakened face.
        weakened : collection of MuscleGroup
        """
        courses = [
            HarmCourse(
                harm=harm,
                side=side,
                today_percent=self.today.get((harm, side)),
                percent=(round(seen.percent, 1),),
                ci_low=(round(seen.ci_low, 1),),
                ci_high=(round(seen.ci_high, 1),),
            )
            for (harm, side), seen in self.of(moment).items()
        ]
        found = _told([0], courses, list(self._unknown()), weakened)
        # Published rates are of doses; a weakening is a part of a force and carries no units.
        return found.replaced(published=())

    def _course(
        self, key: tuple[Harm, Side | None], knots: NDArray[np.intp], days: NDArray[np.intp]
    ) -> HarmCourse:
        seen = self.days[key]
        columns: dict[str, Any] = {
            name: tuple(
                np.round(np.interp(days, knots, [getattr(one, name) for one in seen]), 1).tolist()
            )
            for name in ("percent", "ci_low", "ci_high")
        }
        harm, side = key
        return HarmCourse(harm=harm, side=side, today_percent=self.today.get(key), **columns)

    def _unknown(self) -> Iterator[tuple[Harm, str]]:
        yield from self._unseen.items()
        if not self._measured:
            yield from ((h, NOT_MEASURED) for h in _EYE_HARMS if h not in self._unseen)
        if self._healthy is None:
            yield Harm.HEALTHY_ASYMMETRY, NO_SIDE

    def _day(self, moment: Moment) -> _Day:
        """Return what harm is told by; the lips' force is of both sides together."""
        return _Day(
            gap_mm=np.stack([self._gap(moment, r.closure) for r in self._reserves]),
            blink_gap_mm=np.stack([self._gap(moment, r.blink) for r in self._reserves]),
            lips=np.asarray((self._oris * moment.strength[..., _ORIS]).mean(axis=1)),
            reached_mm=(moment.total * self._way).sum(axis=-1),
            brow_mm=moment.rest_change[..., BROW],
            lip_mm=moment.total[:, :, _SMILE, _LIP],
        )

    def _gap(self, moment: Moment, need: FloatArray) -> FloatArray:
        """Return what is left open, (n, 2), mm; a blink closes today as gentle closure does."""
        share = closing_share(moment.strength[..., CLOSERS], self._base, need)
        moved = (moment.closing[..., :-1] * share).sum(-1) + moment.closing[..., -1]
        return np.asarray(np.maximum(self._fissure + moved, 0.0))

    def _new(self, now: _Day, before: _Day) -> Iterator[tuple[tuple[Harm, Side | None], Events]]:
        """Yield what the plan brings or makes worse, events of shape (3, n): one row a doubt."""
        if self._measured:
            for harm, gap, was, limit in (
                (Harm.LAGOPHTHALMOS_2, now.gap_mm, before.gap_mm, GAP_MM),
                (Harm.LAGOPHTHALMOS_4, now.gap_mm, before.gap_mm, WIDE_GAP_MM),
                (Harm.INCOMPLETE_BLINK, now.blink_gap_mm, before.blink_gap_mm, GAP_MM),
            ):
                worse = (was < limit) | (gap >= was + WORSE_MM)
                yield from _sides(harm, (gap >= limit) & worse)
        for harm, need in self._lips.items():
            weaker = (before.lips >= need) | (now.lips <= WEAKER_LIPS * before.lips)
            yield (harm, None), (now.lips < need) & weaker
        lost = before.reached_mm - now.reached_mm
        for harm, less, limit in (
            (Harm.BROW_PTOSIS, before.brow_mm - now.brow_mm, BROW_MM),
            (Harm.LIP_PTOSIS, before.lip_mm - now.lip_mm, LIP_MM),
            (Harm.SMILE_LOSS, lost[:, :, _SMILE], SMILE_MM),
        ):
            yield from _sides(harm, np.repeat((less >= limit)[None], len(DOUBTS), axis=0))
        if self._healthy is not None:
            uneven = np.repeat(_uneven(now, before, self._healthy)[None], len(DOUBTS), axis=0)
            yield (Harm.HEALTHY_ASYMMETRY, SIDES[self._healthy]), uneven


def _of_outside(treatments: Sequence[Scheduled]) -> tuple[Harm, ...]:
    """Return the harms that rest on muscles which are named and not in the model."""
    names = [
        name
        for s in treatments
        if s.day >= 0
        for name in (getattr(s.treatment, "muscle", ""), *getattr(s.treatment, "muscles", ()))
    ]
    return tuple(dict.fromkeys(harm for name in names for harm in _OUTSIDE.get(name, ())))


def _uneven(now: _Day, before: _Day, healthy: int) -> Events:
    """Whether the healthy side lost a movement, or its brow sank, past the affected side."""
    h, reached = healthy, now.reached_mm
    lost = before.reached_mm[:, h] - reached[:, h] >= APART_MM
    past = reached[:, h] < reached[:, 1 - h]
    brow = now.brow_mm - before.brow_mm
    sunk = brow[:, h] <= np.minimum(brow[:, 1 - h], 0.0) - APART_MM
    return np.asarray((lost & past)[:, _WANTED].any(axis=1) | sunk)


def _told(
    days: Sequence[int],
    courses: Sequence[HarmCourse],
    omitted: Sequence[tuple[Harm, str]],
    weakened: Collection[MuscleGroup],
) -> Harms:
    """Return harms with what is not simulated and published of the groups that are weakened."""
    beside_lids = bool(_UPPER & set(weakened))
    at_mouth = bool(set(weakened) - _UPPER)
    eye = [(Harm.LID_PTOSIS, NO_LEVATOR), (Harm.DIPLOPIA, NO_EYE_MUSCLES)] * beside_lids
    told = (*_BESIDE_LIDS,) * beside_lids + (Harm.ORAL_INCOMPETENCE,) * at_mouth
    return Harms(
        days=tuple(days),
        simulated=tuple(courses),
        not_simulated=tuple(
            OmittedHarm(harm=harm, reason=reason)
            for harm, reason in dict.fromkeys([*omitted, *eye])
        ),
        published=tuple(published_rate(harm, name) for harm in told for name in PUBLISHED[harm]),
        beyond=BEYOND,
    )


class WeakeningHarm:
    """Counts what weakenings of one face may harm at their full effect.

    Parameters
    ----------
    state : FaceState
        As it is.
    affected : Side
    seed : int
    recorded, covered : collection of Movement
        See `HarmWatch`.
    """

    def __init__(
        self,
        state: FaceState,
        affected: Side,
        seed: int,
        recorded: Collection[Movement],
        covered: Collection[Movement] = (),
    ) -> None:
        self._state = state
        self._order = [side_index(affected), side_index(affected.other)]
        self._watch = HarmWatch(state, affected, seed, recorded, covered)
        self._reserve = draw_reserve(state, seed)
        self._seed = seed
        self._watch.of(self._weakened(np.zeros((len(SIDES), len(GROUPS)))))

    def harms(self, degree: NDArray[np.float64]) -> Harms:
        """Return what one weakening may bring, its full effect taken as day 0.

        As by toxin, which treats every candidate and spreads to what lies beside; operations do
        not.

        Parameters
        ----------
        degree : ndarray, shape (2, 14)
            Share of force lost; affected side first.
        """
        groups = [group for g, group in enumerate(GROUPS) if (degree[:, g] > 0).any()]
        return self._watch.of_weakening(self._weakened(degree), groups)

    def _weakened(self, degree: NDArray[np.float64]) -> Moment:
        share = np.zeros_like(self._state.strength)
        share[:, self._order] = degree
        for row, place in zip(degree, self._order, strict=True):
            own = tuple(GROUPS[g] for g in np.flatnonzero(row > 0))
            for group in own:
                lost = np.full(self._state.draws, row[GROUP_INDEX[group]])
                beside = spread_of((group,), lost, self._seed, str(group))
                for other, reached in beside.items():
                    if other not in own:
                        k = GROUP_INDEX[other]
                        share[:, place, k] = 1.0 - (1.0 - share[:, place, k]) * (1.0 - reached)
        effect = Effect(Step(self._state.draws), strength=share)
        return MovingFace(self._state, [Timed(0.0, effect)], self._reserve).at(0.0)


def _touched(moment: Moment, first: Moment) -> Events:
    """Whether anything of each side is other than on day 0, (2,); the chin belongs to both."""
    return np.array(
        [
            any(
                not np.array_equal(now[:, s], then[:, s], equal_nan=True)
                for now, then in (
                    (moment.strength, first.strength),
                    (moment.total[..., _OWN], first.total[..., _OWN]),
                    (moment.rest_change, first.rest_change),
                )
            )
            for s in range(len(SIDES))
        ]
    )


def _sides(harm: Harm, events: Events) -> Iterator[tuple[tuple[Harm, Side | None], Events]]:
    """Yield events of shape (3, n, 2) for each side."""
    for s, side in enumerate(SIDES):
        yield (harm, side), events[..., s]


def _seen(events: Events) -> Seen:
    """Return the share of the middle row, with an interval over the rows' doubts and the draws."""
    shares, n = events.mean(axis=1), events.shape[1]
    lows, highs = zip(*(_wilson(float(share), n) for share in shares), strict=True)
    return Seen(100.0 * float(shares[1]), 100.0 * min(lows), 100.0 * max(highs))


def _wilson(share: float, n: int) -> tuple[float, float]:
    """95 % interval of a share of ``n`` draws (Wilson 1927, J Am Stat Assoc 22:209)."""
    middle = share + Z95**2 / (2 * n)
    half = Z95 * sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n))
    whole = 1 + Z95**2 / n
    return max((middle - half) / whole, 0.0), min((middle + half) / whole, 1.0)
