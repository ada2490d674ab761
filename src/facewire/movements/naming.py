"""Movements that no cue sheet announces: found where the face is away from rest, named by shape.

The side that shows a movement more purely decides: there the voluntary movement stands alone,
while synkinesis and weakness alter the other side's shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import (
    CHANNEL_INDEX,
    MOVEMENT_FACTS,
    SIDES,
    Channel,
    Component,
    Movement,
    Region,
    Side,
)
from facewire.movements.cues import Cue
from facewire.movements.even import STEP_S, EvenSignals, drives
from facewire.movements.rest import Stretch

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

ACTIVE = 0.25
"""Least part of a typical movement that counts as one."""
EDGE = 0.3
SHORTEST_S = 0.4
LONGEST_S = 6.0
SHORTEST_PAUSE_S = 0.15

_SOUGHT = tuple(m for m in Movement if m is not Movement.EYE_CLOSE_TIGHT)


def activity(even: EvenSignals, rest_mm: FloatArray) -> FloatArray:
    """Return how far the face is from rest, in typical healthy movements, shape (n,).

    Parameters
    ----------
    even : EvenSignals
    rest_mm : ndarray of float, shape (n_channels,)
        Where the channels are at rest.
    """
    return how_far(even.position_mm, rest_mm)


def how_far(position_mm: FloatArray, rest_mm: FloatArray) -> FloatArray:
    """Return how far positions are from rest, in typical healthy movements, shape (...).

    Parameters
    ----------
    position_mm : ndarray of float, shape (..., n_channels)
    rest_mm : ndarray of float, shape (n_channels,)
        Where the channels are at rest.
    """
    found = np.zeros(position_mm.shape[:-1])
    for movement in _SOUGHT:
        rise = np.nan_to_num(drives(position_mm - rest_mm, movement))
        found = np.fmax(found, rise.max(axis=0) / _typical_mm(movement, rest_mm))
    return found


def find_stretches(even: EvenSignals, active: FloatArray) -> tuple[Stretch, ...]:
    """Find the stretches in which the face holds a movement.

    Parameters
    ----------
    even : EvenSignals
    active : ndarray of float, shape (n,)
        See `activity`.

    Returns
    -------
    tuple of (start_s, end_s)
        Where the activity is above 30 % of the stretch's own peak, 0.4 to 6 s long, in order.
    """
    found: list[Stretch] = []
    for first, last in _runs((active >= ACTIVE) & even.usable):
        part = active[first:last]
        for a, b in _runs(part >= max(ACTIVE, EDGE * float(part.max()))):
            found.append((float(even.times_s[first + a]), float(even.times_s[first + b - 1])))
    return tuple(s for s in found if SHORTEST_S <= s[1] - s[0] <= LONGEST_S)


def _runs(high: BoolArray) -> list[tuple[int, int]]:
    """Return first and one-past-last index of each run, short pauses bridged."""
    edges = np.flatnonzero(np.diff(np.pad(high.astype(int), 1)))
    runs: list[tuple[int, int]] = []
    for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if runs and (a - runs[-1][1]) * STEP_S < SHORTEST_PAUSE_S:
            runs[-1] = (runs[-1][0], b)
        else:
            runs.append((a, b))
    return runs


def _typical_mm(movement: Movement, rest_mm: FloatArray) -> float:
    if movement is not Movement.EYE_CLOSE_GENTLE:
        return MOVEMENT_FACTS[movement].typical_mm
    eyes = [CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in SIDES]
    fissure = float(np.nan_to_num(rest_mm[eyes]).max())
    return fissure if fissure > 0 else MOVEMENT_FACTS[movement].typical_mm


HELD = 0.8
NEAR_S, FAR_S = 0.2, 0.6
LEAST_LIKENESS = 0.75
LEAST_SHARE = 0.5
UNLIKE = 0.5
CLEARLY = 0.15
"""Likeness by which another movement exceeds the asked one where it is clearly that other one."""
LEAST_CHANGE_MM = 3.0
"""Less than this, eyes counting half, has no shape to go by."""
PARTED, MOST_PARTED_MM = 4, 10.0
"""A smile may drop the jaw: how far it parts the lips, within this, says nothing against it."""
SYLLABLE_S = 1 / 3
"""In speech a shape that is held for less is a syllable: they come at 3 to 8 Hz."""
CLOSED = 0.6
"""Part of the fissure; a smile closes 22 % (SD 13 %, FACE program 2013), synkinesis one eye."""
EYE_WEIGHT = 0.5
"""Lids travel further than anything else and narrow along with smiles; they count half."""

_SHAPES = {m: facts.shape_mm for m, facts in MOVEMENT_FACTS.items() if facts.shape_mm is not None}
"""One entry stands for both smiles and one for both closures: they are told apart after."""

_WEIGHTS = np.array([EYE_WEIGHT, 1, 1, 1, 1, 1, 1])


@dataclass(frozen=True)
class _Pair:
    """Two movements of one shape: what tells them apart, and where the line lies."""

    less: Movement
    more: Movement
    line: float
    step: float
    told_by: str


_PAIRS = {
    Movement.EYE_CLOSE_GENTLE: _Pair(
        Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT, 0.7, 0.5, "the brow's descent"
    ),
    Movement.SMILE_OPEN: _Pair(
        Movement.SMILE_CLOSED, Movement.SMILE_OPEN, 0.12, 0.15, "how far the lips part"
    ),
}


@dataclass(frozen=True)
class _Found:
    movement: Movement
    stretch: Stretch
    hold: Stretch
    measure: float


def name_movements(even: EvenSignals, rest_mm: FloatArray, talking: BoolArray) -> dict[Cue, str]:
    """Find and name the movements of a recording.

    Parameters
    ----------
    even : EvenSignals
    rest_mm : ndarray of float, shape (n_channels,)
        Where the channels are at rest.
    talking : ndarray of bool, shape (n,)
        Where the mouth moves as in speech.

    Returns
    -------
    dict of Cue to str
        A cue for each movement, in order and numbered, with a remark where its name is in doubt;
        the remark is empty where it is not. Stretches that resemble no movement are left out, and
        those in speech that are not held longer than a syllable.
    """
    active = activity(even, rest_mm)
    named = [_named(even, active, rest_mm, s) for s in find_stretches(even, active)]
    found = [f for f in named if f is not None and not _is_speech(even, talking, f)]
    remarks = [""] * len(found)
    for shape, pair in _PAIRS.items():
        which = [i for i, f in enumerate(found) if f.movement is shape]
        told, remark = _told_apart([found[i].measure for i in which], pair)
        for i, movement in zip(which, told, strict=True):
            found[i] = _Found(movement, found[i].stretch, found[i].hold, found[i].measure)
            remarks[i] = remark
    return dict(zip(_numbered(found), remarks, strict=True))


def _named(
    even: EvenSignals, active: FloatArray, rest_mm: FloatArray, stretch: Stretch
) -> _Found | None:
    inside = even.between(*stretch)
    held = inside & (active >= HELD * float(active[inside].max()))
    beside = _beside(even, active, stretch)
    base = np.median(even.position_mm[beside], axis=0) if beside.any() else rest_mm
    change = np.nan_to_num(np.median(even.position_mm[held], axis=0) - base)
    shapes = [_shape(change, side) for side in SIDES]
    movement, likeness = _likeliest(shapes)
    if _both_eyes_closed(change, base):
        movement, likeness = Movement.EYE_CLOSE_GENTLE, 1.0
    hold = float(even.times_s[held][0]), float(even.times_s[held][-1])
    if likeness < LEAST_LIKENESS or not stretch[0] < hold[0] < hold[1] < stretch[1]:
        return None
    return _Found(movement, stretch, hold, _measure(movement, shapes))


def _is_speech(even: EvenSignals, talking: BoolArray, found: _Found) -> bool:
    share = float(talking[even.between(*found.stretch)].mean())
    return share > 0.5 and found.hold[1] - found.hold[0] < SYLLABLE_S


def _both_eyes_closed(change_mm: FloatArray, rest_mm: FloatArray) -> bool:
    """Tell a closure, however much the mouth moves along: no other movement closes both eyes."""
    eyes = [CHANNEL_INDEX[Channel(Region.EYE, side, "height")] for side in SIDES]
    return bool(np.all(change_mm[eyes] < -CLOSED * rest_mm[eyes]))


def _beside(even: EvenSignals, active: FloatArray, stretch: Stretch) -> BoolArray:
    """Mark the rest on both sides of a stretch: the tracker wanders less over a short time."""
    before = even.between(stretch[0] - FAR_S, stretch[0] - NEAR_S)
    after = even.between(stretch[1] + NEAR_S, stretch[1] + FAR_S)
    return (before | after) & (active < ACTIVE) & even.usable


def _shape(change_mm: FloatArray, side: Side) -> FloatArray:
    def at(region: Region, component: Component = "height") -> float:
        return float(change_mm[CHANNEL_INDEX[Channel(region, side, component)]])

    upper, lower = at(Region.UPPER_LIP), at(Region.LOWER_LIP)
    return np.array(
        [
            at(Region.EYE),
            at(Region.BROW),
            at(Region.COMMISSURE, "across"),
            at(Region.COMMISSURE, "up"),
            upper - lower,
            (upper + lower) / 2,
            at(Region.ALA, "up"),
        ]
    )


def is_another(change_mm: FloatArray, movement: Movement) -> bool:
    """Tell whether another movement was done than the one that was asked.

    Neither side resembles the asked movement, and one resembles another or both go the opposite
    way; or the side that resembles it most resembles another clearly more, as a snarl does that was
    asked as a smile. A weak side, synkinesis and little movement are no reason: one side that does
    what was asked is enough. Of 276 repetitions of real and rendered people each resembled no
    movement more than the asked one; the least likeness was 0.72.

    Parameters
    ----------
    change_mm : ndarray of float, shape (n_channels,)
        Hold minus rest; NaN where not measured.
    movement : Movement
        The one that was asked.
    """
    shapes = [_shape(np.nan_to_num(change_mm), side) for side in SIDES]
    if max(_size(shape) for shape in shapes) < LEAST_CHANGE_MM:
        return False
    asked = next((m for m, pair in _PAIRS.items() if movement in (pair.less, pair.more)), movement)
    nearest = max(shapes, key=lambda shape: _likeness(shape, asked))
    own, others = _likeness(nearest, asked), _likeliest([nearest])[1]
    unlike = own < UNLIKE and _likeliest(shapes)[1] >= LEAST_LIKENESS
    return own < 0.0 or unlike or others - own >= CLEARLY


def _size(shape: FloatArray) -> float:
    return float(np.linalg.norm(_WEIGHTS * shape))


def _likeness(shape: FloatArray, movement: Movement) -> float:
    """Cosine of the angle between a shape and a movement's own; 0 where nothing moves."""
    model = _WEIGHTS * np.array(_SHAPES[movement])
    if movement is Movement.SMILE_OPEN:
        model[PARTED] = np.clip(shape[PARTED], model[PARTED], MOST_PARTED_MM)
    sizes = _size(shape) * float(np.linalg.norm(model))
    return float(model @ (_WEIGHTS * shape)) / sizes if sizes else 0.0


def _likeliest(shapes: list[FloatArray]) -> tuple[Movement, float]:
    """Return the movement whose shape is nearest in angle on either side that moves enough."""
    sizes = [_size(shape) for shape in shapes]
    best, likeness = Movement.BROW_RAISE, -1.0
    for shape, size in zip(shapes, sizes, strict=True):
        if size < LEAST_SHARE * max(sizes) or size == 0:
            continue
        for movement in _SHAPES:
            cosine = _likeness(shape, movement)
            if cosine > likeness:
                best, likeness = movement, cosine
    return best, likeness


def _measure(movement: Movement, shapes: list[FloatArray]) -> float:
    """Return what tells the two movements of a pair apart, from the side that moves more."""
    if movement is Movement.EYE_CLOSE_GENTLE:
        return max(float(-s[1]) for s in shapes)
    if movement is Movement.SMILE_OPEN:
        strong = max(shapes, key=lambda s: float(np.hypot(s[2], s[3])))
        return float(strong[4] / np.hypot(strong[2], strong[3]))
    return 0.0


def _told_apart(measures: list[float], pair: _Pair) -> tuple[list[Movement], str]:
    """Split at the widest step between the sorted measures, else at the pair's line."""
    ordered = np.sort(measures)
    steps = np.diff(ordered)
    line, remark = pair.line, ""
    if len(steps) and steps.max() >= pair.step:
        i = int(np.argmax(steps))
        line = float(ordered[i : i + 2].mean())
    elif len(measures) and float(np.min(np.abs(ordered - line))) < pair.step / 2:
        remark = f"{pair.less} and {pair.more} look alike here; named by {pair.told_by}"
    return [pair.more if m > line else pair.less for m in measures], remark


def _numbered(found: list[_Found]) -> list[Cue]:
    counts: dict[Movement, int] = {}
    cues = []
    for f in found:
        counts[f.movement] = counts.get(f.movement, 0) + 1
        cues.append(Cue(f.movement, counts[f.movement], f.stretch[0], *f.hold, f.stretch[1]))
    return cues
