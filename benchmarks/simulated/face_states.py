"""Groups of synthetic faces as the wiring model sees them, with plausible synkinesis.

Frequencies follow Beurskens 2010 (103 people: eye narrows in a pucker in 82 %, the mouth is pulled
by closing the eye in 85 %, by raising the brow in 89 %); a narrow eye at rest follows the FACE
program (10.17 mm against 8.99 mm). Sizes of edges are chosen, not published: such a group serves to
compare published group means with the model, never to predict a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, SIDES, Movement, Side
from facewire.face.movements import healthy_activation
from facewire.face.muscles import (
    GROUP_INDEX,
    GROUPS,
    SIDE_CHANNELS,
    TYPICAL_ACTION_MM,
    MuscleGroup,
)
from facewire.wiring.state import EYE, FaceState, rest_change_mm

FloatArray = NDArray[np.float64]

FISSURE_MM, FISSURE_SD_MM = 10.17, 1.63
_M, _G = {m: i for i, m in enumerate(MOVEMENTS)}, MuscleGroup

_EDGES: tuple[tuple[tuple[Movement, ...], tuple[MuscleGroup, ...], float, float], ...] = (
    ((Movement.LIP_PUCKER,), (_G.ORBICULARIS_OCULI_PALPEBRAL,), 0.82, 0.35),
    ((Movement.SMILE_OPEN, Movement.SMILE_CLOSED), (_G.ORBICULARIS_OCULI_PALPEBRAL,), 0.75, 0.25),
    ((Movement.SNARL,), (_G.ORBICULARIS_OCULI_PALPEBRAL,), 0.6, 0.25),
    (
        (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT),
        (_G.ZYGOMATICUS_MAJOR, _G.DEPRESSOR_ANGULI_ORIS),
        0.85,
        0.3,
    ),
    ((Movement.BROW_RAISE,), (_G.ZYGOMATICUS_MAJOR, _G.LEVATOR_LABII), 0.89, 0.2),
    (
        (Movement.SMILE_OPEN, Movement.SMILE_CLOSED),
        (_G.DEPRESSOR_ANGULI_ORIS, _G.PLATYSMA),
        0.8,
        0.35,
    ),
    ((Movement.LIP_PUCKER, Movement.SNARL), (_G.DEPRESSOR_ANGULI_ORIS,), 0.4, 0.2),
    ((Movement.EYE_CLOSE_GENTLE, Movement.SMILE_OPEN), (_G.MENTALIS,), 0.5, 0.3),
    ((Movement.SMILE_OPEN, Movement.LIP_PUCKER), (_G.FRONTALIS,), 0.17, 0.15),
)
_TONE = {
    _G.ORBICULARIS_OCULI_PALPEBRAL: 0.10,
    _G.ZYGOMATICUS_MAJOR: 0.10,
    _G.DEPRESSOR_ANGULI_ORIS: 0.12,
    _G.PLATYSMA: 0.10,
}


@dataclass(frozen=True)
class Group:
    """How a group of synthetic patients is.

    Parameters
    ----------
    affected : Side, optional
    strength : float, optional
        Middle of what the affected side's own activations are against healthy ones.
    severity : float, optional
        Multiplies the wrong edges and the resting tone; 0 is no synkinesis.
    overactive : float, optional
        Middle of the other side's activations against healthy ones.
    held_back : float, optional
        Activation of depressor anguli oris in smiles of everybody, a frozen smile; 0 leaves it
        to chance.
    closure : float, optional
        Middle of the affected side's closures of the eye against healthy ones; 0 leaves them to
        ``strength``. Synkinetic eyes mostly close.
    """

    affected: Side = Side.LEFT
    strength: float = 0.65
    severity: float = 1.0
    overactive: float = 1.0
    held_back: float = 0.0
    closure: float = 0.0

    def __post_init__(self) -> None:
        for name in ("strength", "severity", "overactive", "held_back", "closure"):
            if not 0.0 <= getattr(self, name) <= 3.0:
                raise UsageError(
                    f"The {name} of a synthetic group cannot be used",
                    expected="0 to 3",
                    found=str(getattr(self, name)),
                )


def synthetic_faces(n: int, seed: int = 0, group: Group | None = None) -> FaceState:
    """Return ``n`` synthetic patients as the draws of one `FaceState`: each draw is a person.

    Parameters
    ----------
    n : int
    seed : int, optional
        Same seed and group, same faces.
    group : Group, optional
        Synkinesis of medium severity on the left where not given.
    """
    group = group or Group()
    rng = np.random.default_rng(seed)
    side = SIDES.index(group.affected)
    right = np.broadcast_to(healthy_activation(), (n, 2, len(MOVEMENTS), len(GROUPS))).copy()
    right[:, side] *= np.clip(rng.normal(group.strength, 0.15, (n, len(MOVEMENTS), 1)), 0.05, 1.2)
    if group.closure:
        rows = [_M[m] for m in (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT)]
        closes = np.clip(rng.normal(group.closure, 0.1, (n, 1, 1)), 0.05, 1.3)
        right[:, side, rows] = healthy_activation()[rows] * closes
    right[:, 1 - side] *= np.clip(rng.normal(group.overactive, 0.08, (n, 1, 1)), 0.6, 1.5)
    wrong, tone = np.zeros_like(right), np.zeros((n, 2, len(GROUPS)))
    wrong[:, side] = _wrong(n, rng, group)
    for muscle, typical in _TONE.items():
        size = group.severity * typical * rng.lognormal(0.0, 0.4, n)
        tone[:, side, GROUP_INDEX[muscle]] = size
    action = TYPICAL_ACTION_MM * rng.lognormal(0.0, 0.1, (n, 1, len(GROUPS), 1))
    action = np.repeat(action, 2, axis=1)
    return _face(right, wrong, tone, action, rng)


def _wrong(n: int, rng: np.random.Generator, group: Group) -> FloatArray:
    found = np.zeros((n, len(MOVEMENTS), len(GROUPS)))
    for movements, muscles, share, size in _EDGES:
        there = (rng.random((n, 1, 1)) < share) & (group.severity > 0)
        drawn = there * size * rng.lognormal(0.0, 0.35, (n, len(movements), len(muscles)))
        rows, columns = [_M[m] for m in movements], [GROUP_INDEX[g] for g in muscles]
        found[:, np.array(rows)[:, None], columns] += group.severity * drawn
    if group.held_back:
        for movement in (Movement.SMILE_OPEN, Movement.SMILE_CLOSED):
            held = group.held_back * rng.lognormal(0.0, 0.25, n)
            found[:, _M[movement], GROUP_INDEX[_G.DEPRESSOR_ANGULI_ORIS]] = held
    found[:, healthy_activation() > 0] = 0.0
    return found


def _face(
    right: FloatArray,
    wrong: FloatArray,
    tone: FloatArray,
    action: FloatArray,
    rng: np.random.Generator,
) -> FaceState:
    n = len(right)
    fissure = np.clip(rng.normal(FISSURE_MM, FISSURE_SD_MM, n), 6.0, 14.0)
    rest = np.zeros((n, 2, len(SIDE_CHANNELS)))
    rest[:, :, EYE] = fissure[:, None]
    state = FaceState(
        right=right,
        wrong=wrong,
        tone=tone,
        strength=np.ones_like(tone),
        action_mm=action,
        added_mm=np.zeros((n, 2, len(MOVEMENTS), len(SIDE_CHANNELS))),
        shift_mm=np.zeros_like(rest),
        rest_mm=rest,
        physiological_mm=np.zeros((n, 2, len(MOVEMENTS), len(SIDE_CHANNELS))),
    )
    return FaceState(**{**vars(state), "rest_mm": rest + rest_change_mm(state)})
