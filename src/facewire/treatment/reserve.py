"""What a face holds in reserve: how much of a muscle's force a movement needs.

A lid closes with less than all its force. Weakened, it is driven harder, and closes as before until
the reserve is used up. What moves along against the will is not driven harder: it falls with the
force. No figure says how large the reserve is; it is drawn wide for each face (``facts.toml``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import EYE_CLOSURES, MOVEMENTS, Movement, Region
from facewire.face.muscles import GROUP_INDEX, SIDE_CHANNEL_INDEX, MuscleGroup
from facewire.treatment.facts import Fact, draw, fact, fractions, normals
from facewire.treatment.muscles import LID_CLOSERS
from facewire.wiring import FaceState, rest_change_mm, total_mm
from facewire.wiring.state import EYE, saturated

FloatArray = NDArray[np.floating[Any]]

NO_RESERVE_GAP_MM = 2.0
"""An eye that is left open by this much has no reserve of closure; one that closes has all."""
POPULATION_SD = 0.5
"""Doubt about the middle of everybody's reserve, standard deviation of its logit (assumed)."""

CLOSURE_ROWS = [MOVEMENTS.index(m) for m in EYE_CLOSURES]
GENTLE = MOVEMENTS.index(Movement.EYE_CLOSE_GENTLE)
CLOSERS = sorted(GROUP_INDEX[group] for group in LID_CLOSERS)
_CLOSER = GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL]
_FRONTALIS = GROUP_INDEX[MuscleGroup.FRONTALIS]
BROW = SIDE_CHANNEL_INDEX[Region.BROW, "height"]
_HELD = np.zeros((len(MOVEMENTS), len(GROUP_INDEX)), dtype=bool)
_HELD[np.ix_(CLOSURE_ROWS, CLOSERS)] = True


@dataclass(frozen=True, eq=False)
class Reserve:
    """Needs of each draw of a face.

    Parameters
    ----------
    closure, blink : ndarray, shape (n, 2)
        Share of its force that each eye needs to close as far as it closes today, slowly and in a
        blink; 1 where nothing is in reserve.
    drinking, speech : ndarray, shape (n,)
        Share of the force of healthy lips that they need to hold liquid and to speak clearly.
    brow_mm : ndarray, shape (n,)
        How far a brow sinks at rest without its frontalis.
    """

    closure: FloatArray
    blink: FloatArray
    drinking: FloatArray
    speech: FloatArray
    brow_mm: FloatArray


def draw_reserve(state: FaceState, seed: int, doubt: float = 0.0) -> Reserve:
    """Return the reserve of a face as it is.

    Both eyes of one draw need the same share of a healthy force. A side whose own movements are
    weaker than the other's has less force, so that it needs more of it; an eye that does not close
    has no reserve.

    Parameters
    ----------
    state : FaceState
        At day 0.
    seed : int
        Same face and seed, same draws.
    doubt : float, optional
        Standard deviations by which everybody is taken to need more than the table says.
    """
    n = state.draws
    gap = gap_mm(total_mm(state)[:, :, GENTLE, EYE], state)
    used = np.clip(np.nan_to_num(gap) / NO_RESERVE_GAP_MM, 0.0, 1.0)
    force = _force_of_sides(state)
    closure, blink = (
        np.minimum(_need(fact(name), (n, seed), doubt)[:, None] / force, 1.0)
        for name in ("need_closure", "need_blink")
    )
    return Reserve(
        closure + (1.0 - closure) * used,
        blink + (1.0 - blink) * used,
        _need(fact("need_drinking"), (n, seed), doubt),
        _need(fact("need_speech"), (n, seed), doubt),
        draw(fact("brow_held"), n, seed),
    )


def _need(one: Fact, drawn: tuple[int, int], doubt: float) -> FloatArray:
    """Return a share of each draw; one person's needs lie high or low together."""
    z = normals(*drawn, "reserve")
    share: FloatArray = fractions(one.value, (one.low, one.high), z)
    logit = np.log(share / (1.0 - share)) + doubt * POPULATION_SD
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def _force_of_sides(state: FaceState) -> FloatArray:
    """How strong each side's own movements are against the other side's, at most 1; (n, 2)."""
    own = (state.right * state.strength[:, :, None, :]).sum(axis=(2, 3))
    other = np.maximum(own[:, ::-1], 1e-9)
    return np.asarray(np.clip(own / other, 0.05, 1.0))


def gap_mm(eye_mm: FloatArray, state: FaceState) -> FloatArray:
    """Return what a change of the fissure leaves open, (n, 2); NaN where it was not measured.

    Parameters
    ----------
    eye_mm : ndarray, shape (n, 2)
        Change of the fissure in a closure, negative where it narrows.
    state : FaceState
        At day 0.
    """
    fissure = state.rest_mm[..., EYE]
    return np.asarray(np.maximum(np.where(np.isfinite(fissure), fissure, np.nan) + eye_mm, 0.0))


def closing_share(strength: FloatArray, base: FloatArray, need: FloatArray) -> FloatArray:
    """Return what is left of a closure when some force is left: all of it down to the need.

    Parameters
    ----------
    strength, base : ndarray, shape (n, 2, k)
        Force of the closers now and at day 0.
    need : ndarray, shape (n, 2)
    """
    left = strength / np.maximum(base, 1e-9)
    most = np.maximum(left, 1.0)
    return np.asarray(base * np.minimum(most, left / need[..., None]))


def held_force(strength: FloatArray, base: FloatArray, need: FloatArray) -> FloatArray:
    """Return the force that each movement gets of each group, shape (n, 2, 8, 14).

    Parameters
    ----------
    strength, base : ndarray, shape (n, 2, 14)
        Force now and at day 0.
    need : ndarray, shape (n, 2)
        `Reserve.closure`.
    """
    held = strength.copy()
    held[..., CLOSERS] = closing_share(strength[..., CLOSERS], base[..., CLOSERS], need)
    return np.where(_HELD, held[:, :, None, :], strength[:, :, None, :])


def total_after_mm(state: FaceState, measured: FaceState, reserve: Reserve) -> FloatArray:
    """Return hold minus rest of a treated face, (n, 2, 8, 10), mm; as `total_mm` with a reserve.

    Parameters
    ----------
    state, measured : FaceState
        After the treatment, and at day 0.
    reserve : Reserve
        Of the face at day 0.
    """
    force = held_force(state.strength, measured.strength, reserve.closure)
    moved = np.matmul(saturated(state.right + state.wrong) * force, state.action_mm)
    change = np.asarray(moved + state.added_mm + state.physiological_mm)
    shut = np.where(np.isfinite(state.rest_mm[..., EYE]), state.rest_mm[..., EYE], np.inf)
    change[..., EYE] = np.maximum(change[..., EYE], -shut[..., None])
    return change


def rest_after_mm(state: FaceState, measured: FaceState, reserve: Reserve) -> FloatArray:
    """Return the displacement at rest of a treated face, (n, 2, 10), mm; brows sink.

    Parameters
    ----------
    state, measured : FaceState
    reserve : Reserve
    """
    change = rest_change_mm(state)
    change[..., BROW] -= brow_drop_mm(state.strength, measured.strength, reserve)
    return change


def brow_drop_mm(strength: FloatArray, base: FloatArray, reserve: Reserve) -> FloatArray:
    """Return how far each brow sinks with the force that its frontalis has lost, (n, 2), mm."""
    left = strength[..., _FRONTALIS] / np.maximum(base[..., _FRONTALIS], 1e-9)
    return np.asarray(reserve.brow_mm[:, None] * np.maximum(1.0 - left, 0.0))
