"""The search for trades: which groups to weaken, on which side, by how much of their force.

Every combination of up to three groups, each light, moderate or strong, is tried. What no other
combination beats in every objective is the front. There are no units of any product here: a degree
is a part of the force, 0 to 100 %.

Everything is in roles (0 affected side, 1 healthy side), so that a mirrored face has a mirrored
plan. Nothing is random: the same wiring gives the same front.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, SMILES, Side
from facewire.face.muscles import GROUP_INDEX, GROUPS, MuscleGroup
from facewire.plan.objectives import (
    OBJECTIVES,
    Face,
    predict_outcome,
    untouched,
    weigh,
)
from facewire.plan.preferences import Preferences
from facewire.results.plan import Objective, Strength
from facewire.safety.rules import Target, never_weakened
from facewire.wiring.state import excursions

FloatArray = NDArray[np.float64]
Place = tuple[int, int]
"""Role (0 affected side, 1 healthy side) and group index."""

STRENGTHS: dict[float, Strength] = {30.0: "light", 50.0: "moderate", 70.0: "strong"}
"""Degrees that somebody can aim at, percent of the force. Their size is this program's own: lids in
blepharospasm lost 33, 42 and 70 % of their closing force at 0.5, 1.25 and 2.5 units a site of
onabotulinumtoxinA (PMID 8926651); no figure is of a synkinetic muscle."""
OTHER_SIDE = (
    MuscleGroup.FRONTALIS,
    MuscleGroup.CORRUGATOR,
    MuscleGroup.DEPRESSOR_LABII,
)
"""What published series weaken on the other side for symmetry (Dalla Toffola 2010, 30 people;
Baskent 2020, 11 people); the muscles that lift the healthy corner are none of them."""
SEARCH_DRAWS = 32
"""Draws that the search itself looks at; what is shown is predicted with all of them."""
MOST_TARGETS = 9
"""Groups that combinations are made of; the ones that help most alone."""
LEAST_HELP_MM = 0.1
LEAST_SHARE = 0.8
"""A group takes part in combinations when half of the largest weakening of it alone helps by so
much, in so many of the draws: less synkinesis, or less difference of the sides in a smile, a brow
raise or at rest."""
RESOLUTION_MM = 0.2
"""Smallest difference that makes two candidates different; grown until the front is readable."""
MOST_SHOWN = 20
COARSER = 1.25
_CHUNK = 256
_SMILE_ROWS = [MOVEMENTS.index(m) for m in SMILES]
_HELPFUL = [  # synkinesis, then the differences of the sides
    OBJECTIVES.index(one)
    for one in (
        Objective.SYNKINESIS,
        Objective.SMILE_ASYMMETRY,
        Objective.BROW_ASYMMETRY,
        Objective.REST_ASYMMETRY,
    )
]


@dataclass(frozen=True)
class Front:
    """The combinations that no other one beats.

    Parameters
    ----------
    degree : ndarray, shape (c, 2, 14)
        Weakening of each group, 0 to 1, affected side first; doing nothing is not among them.
    resolution_mm : float
        Differences smaller than this were taken as none.
    evaluated : int
        Combinations that were tried.
    considered : tuple of (int, int)
        Role and group index of what combinations were made of.
    steps : int
        How many of the last rows are no part of the front: lighter steps of what is on it.
    """

    degree: FloatArray
    resolution_mm: float
    evaluated: int
    considered: tuple[Place, ...]
    steps: int = 0


def place_of(target: Target, affected: Side) -> Place:
    """Return role and group index of a group on a side."""
    group, side = target
    return (0 if side is affected else 1, GROUP_INDEX[group])


def target_of(place: Place, affected: Side) -> Target:
    """Return the group and the side of a place."""
    role, group = place
    return GROUPS[group], affected if role == 0 else affected.other


def allowed_places(preferences: Preferences, affected: Side) -> tuple[Place, ...]:
    """Return what may be weakened: never zygomaticus major, nor what is excluded.

    On the other side only what published series weaken there for symmetry.
    """
    excluded = {place_of(target, affected) for target in preferences.excluded}
    excluded |= {(role, GROUP_INDEX[group]) for role in (0, 1) for group in never_weakened()}
    every = product((0, 1), range(len(GROUPS)))
    other = {GROUP_INDEX[group] for group in OTHER_SIDE}
    return tuple(
        place for place in every if place not in excluded and (place[0] == 0 or place[1] in other)
    )


def search_front(face: Face, preferences: Preferences, allowed: Sequence[Place]) -> Front:
    """Return the front of trades between the objectives.

    Parameters
    ----------
    face : Face
        The face as it is.
    preferences : Preferences
        Limits and region weights.
    allowed : sequence of (int, int)
        Role and group index of what may be weakened; zygomaticus major is left out in any case.
    """
    never = {GROUP_INDEX[group] for group in never_weakened()}
    trial = _Trial(_thinned(face), preferences)
    places = trial.screen([place for place in allowed if place[1] not in never])
    pool = _Pool.start(trial, _grid(places, preferences))
    rows, resolution = pool.readable()
    rows = _confirmed(face, preferences, rows, resolution)
    return Front(_in_order(rows), round(resolution, 4), pool.tried, tuple(places))


def with_lighter(face: Face, preferences: Preferences, front: Front) -> Front:
    """Return a front with the lighter steps of what is on it, so that each can be begun light.

    Of one muscle every lighter degree, of several the lightest of all of them.

    Parameters
    ----------
    face : Face
    preferences : Preferences
        Limits; a step beyond them is left out.
    front : Front
    """
    there = {row.tobytes() for row in np.round(front.degree, 4)}
    found: dict[bytes, FloatArray] = {}
    for row in front.degree:
        lighter = [p / 100.0 for p in STRENGTHS if p / 100.0 < row.max()]
        for part in lighter if (row > 0).sum() == 1 else lighter[:1]:
            step = np.asarray((row > 0) * part, dtype=np.float64)
            found.setdefault(np.round(step, 4).tobytes(), step)
    steps = [step for key, step in found.items() if key not in there]
    if not steps:
        return front
    allowed = _Trial(face, preferences).change(np.stack(steps))[1]
    kept = np.stack(steps)[allowed]
    return replace(front, degree=np.concatenate([front.degree, kept]), steps=len(kept))


def _confirmed(
    face: Face, preferences: Preferences, rows: FloatArray, resolution_mm: float
) -> FloatArray:
    """Keep what is within the limits and on the front with all draws, not only those searched."""
    every = np.concatenate([np.zeros((1, 2, len(GROUPS))), rows])
    return _Pool.start(_Trial(face, preferences), every).at(resolution_mm).treated()


def _thinned(face: Face) -> Face:
    if face.draws <= SEARCH_DRAWS:
        return face
    return face.take(np.linspace(0, face.draws - 1, SEARCH_DRAWS).astype(np.intp))


class _Trial:
    """Tries weakenings on a few draws of one face."""

    def __init__(self, face: Face, preferences: Preferences) -> None:
        self.face, self.preferences = face, preferences
        self.before = predict_outcome(face, untouched())
        self.smiles_before = excursions(self.before.total_mm)[..., _SMILE_ROWS]
        self.now = weigh(face, self.before, self.before, preferences.regions)
        self.start = self.now.mean(1)[0]

    def change(self, degree: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Return the mean change of each objective, and whether it is within the limits."""
        parts = [self._part(degree[i : i + _CHUNK]) for i in range(0, len(degree), _CHUNK)]
        changes, allowed = zip(*parts, strict=True)
        return np.concatenate(changes), np.concatenate(allowed)

    def _part(self, degree: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        outcome = predict_outcome(self.face, 1.0 - degree)
        weighed = weigh(self.face, outcome, self.before, self.preferences.regions).mean(1)
        change = weighed - self.start
        smiles = excursions(outcome.total_mm)[..., _SMILE_ROWS]
        lost = (self.smiles_before - smiles).mean(1).max(axis=(1, 2))
        closure = change[:, OBJECTIVES.index(Objective.CLOSURE_LOSS)]
        limits = self.preferences
        within = lost <= limits.largest_smile_loss_mm + 1e-9
        return change, within & (closure <= limits.largest_closure_loss_mm + 1e-9)

    def screen(self, places: Sequence[Place]) -> list[Place]:
        """Return the places that help alone, at most `MOST_TARGETS`, the best first.

        The other side is weakened for symmetry alone: there the differences of the sides together
        must become less, not one of them at the cost of another.
        """
        if not places:
            return []
        top = self.preferences.largest_weakening_percent / 100.0
        degree = np.stack([_single(place, top / 2) for place in places])
        help_mm = -self._draws(degree)[..., _HELPFUL]
        mean = np.maximum(help_mm.mean(1), 0.0)
        credible = (mean >= LEAST_HELP_MM) & ((help_mm > 0).mean(1) >= LEAST_SHARE)
        together = help_mm[..., 1:].sum(axis=-1)
        evens = (together.mean(1) >= LEAST_HELP_MM) & ((together > 0).mean(1) >= LEAST_SHARE)
        helps = credible.any(axis=1) & (evens | np.array([place[0] == 0 for place in places]))
        best = np.argsort(-np.round((mean * credible).sum(1), 6), kind="stable")
        useful = [places[i] for i in best if helps[i]]
        return sorted(useful[:MOST_TARGETS])

    def _draws(self, degree: FloatArray) -> FloatArray:
        outcome = predict_outcome(self.face, 1.0 - degree)
        return weigh(self.face, outcome, self.before, self.preferences.regions) - self.now


def _single(place: Place, degree: float) -> FloatArray:
    made = np.zeros((2, len(GROUPS)))
    made[place] = degree
    return made


def _grid(places: Sequence[Place], preferences: Preferences) -> FloatArray:
    """Return every combination of places and degrees, doing nothing first."""
    degrees = [p for p in STRENGTHS if p <= preferences.largest_weakening_percent]
    made = [np.zeros((2, len(GROUPS)))]
    for count in range(1, int(preferences.most_muscles) + 1):
        for chosen in combinations(places, count):
            made += list(_filled(chosen, degrees))
    return np.stack(made)


def _filled(chosen: Sequence[Place], degrees: Sequence[float]) -> Iterator[FloatArray]:
    for values in product(degrees, repeat=len(chosen)):
        table = np.zeros((2, len(GROUPS)))
        for place, value in zip(chosen, values, strict=True):
            table[place] = value / 100.0
        yield table


@dataclass(frozen=True)
class _Pool:
    """Combinations tried so far, the allowed ones, with their mean changes."""

    degree: FloatArray
    change: FloatArray
    tried: int

    @classmethod
    def start(cls, trial: _Trial, degree: FloatArray) -> _Pool:
        change, allowed = trial.change(degree)
        return cls(degree[allowed], change[allowed], len(degree))

    def at(self, resolution_mm: float) -> _Pool:
        """Return the front at a resolution, doing nothing among it."""
        rows = front_rows(self.change, self.degree, resolution_mm)
        return _Pool(self.degree[rows], self.change[rows], self.tried)

    def treated(self) -> FloatArray:
        """Return the degrees, doing nothing left out."""
        return self.degree[self.degree.any(axis=(1, 2))]

    def readable(self) -> tuple[FloatArray, float]:
        """Return the degrees of a front short enough to read, and its resolution."""
        resolution = RESOLUTION_MM
        pool = self.at(resolution)
        while len(pool.degree) > MOST_SHOWN:
            resolution *= COARSER
            pool = pool.at(resolution)
        return pool.treated(), resolution


def front_rows(change: FloatArray, degree: FloatArray, resolution_mm: float) -> NDArray[np.intp]:
    """Return which rows no other row beats, at a resolution.

    Changes are rounded to the resolution. Of rows that are then alike, the one with the fewest
    groups and the least weakening stands for all (epsilon dominance; Laumanns et al.,
    Evolutionary Computation 10, 2002, 263-282).

    Parameters
    ----------
    change : ndarray, shape (b, k)
        Change of each objective, mm; less is better.
    degree : ndarray, shape (b, 2, 14)
        Weakening of each group.
    resolution_mm : float
        Differences smaller than this count as none.
    """
    boxes = np.round(change / resolution_mm + 1e-9).astype(np.int64)
    flat = degree.reshape(len(degree), 2 * len(GROUPS))
    effort = np.stack([(flat > 0).sum(1), np.round(flat.sum(1), 6), np.round(change.sum(1), 6)])
    order = np.lexsort((*effort[::-1], boxes.sum(1)))
    kept: list[int] = []
    while order.size:
        kept.append(int(order[0]))
        beaten = np.all(boxes[order] >= boxes[order[0]], axis=1)
        order = order[~beaten]
    return np.array(sorted(kept), dtype=np.intp)


def _in_order(rows: FloatArray) -> FloatArray:
    """Order by number of groups, then by which groups, then by degree."""
    flat = rows.reshape(len(rows), 2 * len(GROUPS))
    keys = [np.round(flat[:, i], 6) for i in reversed(range(flat.shape[1]))]
    return rows[np.lexsort((*keys, (flat > 0).sum(1)))] if len(rows) else rows
