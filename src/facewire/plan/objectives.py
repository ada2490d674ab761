"""What a weakening does to one face, in six numbers: what is gained and what is lost.

Weakening multiplies the force of a muscle group by one minus the degree. All numbers are
predictions from the inferred wiring, never measurements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import (
    EYE_CLOSURES,
    MOVEMENTS,
    REGIONS,
    SMILES,
    Movement,
    Region,
    Side,
    moves_on_purpose,
    region_channels,
)
from facewire.face.muscles import (
    GROUP_INDEX,
    GROUPS,
    SIDE_CHANNEL_INDEX,
    MuscleGroup,
)
from facewire.results.plan import Objective
from facewire.treatment.reserve import CLOSERS, CLOSURE_ROWS, closing_share, draw_reserve
from facewire.wiring import FaceState
from facewire.wiring.state import EYE, excursions, region_columns, saturated, side_index

FloatArray = NDArray[np.float64]


OBJECTIVES = tuple(Objective)
RESERVE_SEED = 0
"""Of the reserve of a planned face: same face, same plan."""

MEANING = {
    Objective.SYNKINESIS: "involuntary movement on the affected side, summed over the regions that "
    "a movement does not move on purpose, and over the movements recorded",
    Objective.VOLUNTARY_LOSS: "voluntary movement lost, summed over both sides and over brow, "
    "smiles, snarl, pucker and lower teeth, and how far a brow sinks at rest; gains elsewhere do "
    "not make up for it. On the healthy side at least as much as the weakened muscles could move: "
    "what the standard movements do not ask for is lost all the same",
    Objective.SMILE_ASYMMETRY: "difference of the two sides of the mouth at the height of a smile "
    "(corner, upper and lower lip), mean over closed and open smile",
    Objective.CLOSURE_LOSS: "lid closure lost, the larger of gentle and tight, the worse eye, "
    "beyond what the reserve of the lid makes up for; how large that is nobody has published, so "
    "that it is drawn wide",
    Objective.BROW_ASYMMETRY: "difference of the two brows at the height of a brow raise",
    Objective.REST_ASYMMETRY: "difference of the sides at rest, summed over eye, brow and corner "
    "of the mouth as far as they were seen: what is tight lets go with its force, a brow sinks",
}

VOLUNTARY = tuple(m for m in MOVEMENTS if m not in EYE_CLOSURES)

_FRONTALIS = GROUP_INDEX[MuscleGroup.FRONTALIS]
_SMILE_ROWS = [MOVEMENTS.index(m) for m in SMILES]
_VOLUNTARY_ROWS = [MOVEMENTS.index(m) for m in VOLUNTARY]
_BROW_ROW = MOVEMENTS.index(Movement.BROW_RAISE)
_BROW = SIDE_CHANNEL_INDEX[Region.BROW, "height"]
_RESTING = [
    [SIDE_CHANNEL_INDEX[c.region, c.component] for c in region_channels(region, Side.RIGHT)]
    for region in (Region.EYE, Region.BROW, Region.COMMISSURE)
]
_SMILE_CHANNELS = [
    SIDE_CHANNEL_INDEX[c.region, c.component]
    for region in (Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP)
    for c in region_channels(region, Side.RIGHT)
]


@dataclass(frozen=True)
class Face:
    """A face prepared for trying many weakenings, in roles: 0 affected side, 1 healthy side.

    Parameters
    ----------
    wrong_mm : ndarray, shape (n, 8, 14, 10)
        What each group of the affected side moves involuntarily.
    all_mm : ndarray, shape (n, 2, 8, 14, 10)
        What each group moves in all.
    other_mm : ndarray, shape (n, 2, 8, 10)
        What moves by something else than the face's own muscles.
    fissure_mm : ndarray, shape (n, 2)
        Resting fissure; infinite where not measured. Lids stop where they meet.
    strength : ndarray, shape (n, 2, 14)
        What is left of each group's force today.
    need : ndarray, shape (n, 2)
        Share of its force that each eye needs to close; see `facewire.treatment.reserve`.
    brow_mm : ndarray, shape (n,)
        How far a brow sinks at rest without its frontalis.
    apart_mm : ndarray, shape (n, 10)
        At rest, affected minus other side; 0 where it was not seen.
    tight_mm : ndarray, shape (n, 2, 14, 10)
        How far each tight group pulls its side at rest with all its force.
    reach_mm : ndarray, shape (n, 14)
        How far each muscle of the healthy side goes at full activation.
    recorded : tuple of int
        Rows of the movements that the synkinesis is summed over.
    rested : tuple of int
        Channels that were seen at rest on both sides.
    """

    wrong_mm: FloatArray
    all_mm: FloatArray
    other_mm: FloatArray
    fissure_mm: FloatArray
    strength: FloatArray
    need: FloatArray
    brow_mm: FloatArray
    apart_mm: FloatArray
    tight_mm: FloatArray
    reach_mm: FloatArray
    recorded: tuple[int, ...]
    rested: tuple[int, ...]

    def take(self, rows: NDArray[np.intp]) -> Face:
        """Return the face with these draws only."""
        return Face(
            self.wrong_mm[rows],
            self.all_mm[rows],
            self.other_mm[rows],
            self.fissure_mm[rows],
            self.strength[rows],
            self.need[rows],
            self.brow_mm[rows],
            self.apart_mm[rows],
            self.tight_mm[rows],
            self.reach_mm[rows],
            self.recorded,
            self.rested,
        )

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.strength.shape[0])


def prepare_face(state: FaceState, affected: Side, recorded: Sequence[Movement]) -> Face:
    """Return a face prepared for trying weakenings.

    Parameters
    ----------
    state : FaceState
        Draws of the face as it is.
    affected : Side
        Which side is affected.
    recorded : sequence of Movement
        Movements that the synkinesis is summed over.

    Raises
    ------
    UsageError
        No movement is given.
    """
    if not recorded:
        raise UsageError("A plan needs at least one recorded movement")
    order = [side_index(affected), side_index(affected.other)]
    drive = saturated(state.right + state.wrong)[:, order]
    action = state.action_mm[:, order]
    wrong = saturated(state.wrong)[:, order[0]]
    fissure = state.rest_mm[:, order, EYE]
    reserve = draw_reserve(state, RESERVE_SEED)
    apart = state.rest_mm[:, order[0]] - state.rest_mm[:, order[1]]
    tight = saturated(np.maximum(state.tone, 0.0))[:, order, :, None] * action
    return Face(
        wrong[..., None] * action[:, 0, None],
        drive[..., None] * action[:, :, None],
        (state.added_mm + state.physiological_mm)[:, order],
        np.where(np.isfinite(fissure), fissure, np.inf),
        state.strength[:, order],
        reserve.closure[:, order].astype(np.float64),
        reserve.brow_mm.astype(np.float64),
        np.nan_to_num(apart),
        np.where(np.isfinite(apart)[:, None, None], tight, 0.0),
        np.linalg.norm(action[:, 1], axis=-1) * state.strength[:, order[1]],
        tuple(MOVEMENTS.index(m) for m in recorded),
        tuple(np.flatnonzero(np.isfinite(apart).all(axis=0)).tolist()),
    )


@dataclass(frozen=True)
class Outcome:
    """What a face does after some weakenings; one row for each of them.

    Parameters
    ----------
    involuntary_mm : ndarray, shape (b, n, 8, 10)
        On the affected side.
    total_mm : ndarray, shape (b, n, 2, 8, 10)
        Hold minus rest, affected side first.
    brow_drop_mm : ndarray, shape (b, n, 2)
        How far each brow sinks at rest.
    apart_mm : ndarray, shape (b, n, 10)
        At rest, affected minus other side; 0 where it was not seen.
    healthy_lost_mm : ndarray, shape (b, n)
        How far the muscles of the healthy side could move with the force that they lost.
    """

    involuntary_mm: FloatArray
    total_mm: FloatArray
    brow_drop_mm: FloatArray
    apart_mm: FloatArray
    healthy_lost_mm: FloatArray


def predict_outcome(face: Face, kept: FloatArray) -> Outcome:
    """Return what the face does with some force left in each group.

    Parameters
    ----------
    face : Face
        The face as it is.
    kept : ndarray, shape (b, 2, 14)
        What each of ``b`` weakenings leaves of the force: 1 minus degree; affected side first.
    """
    force = kept[:, None] * face.strength[None]
    n, b, k = face.draws, kept.shape[0], face.wrong_mm.shape[-1]
    wrong = _sum_groups(force[:, :, 0], face.wrong_mm)
    totals = np.empty((b, n, 2, len(MOVEMENTS), k))
    for side in range(2):
        totals[:, :, side] = _sum_groups(force[:, :, side], face.all_mm[:, side])
    totals[:, :, :, CLOSURE_ROWS] += _made_up_mm(face, force)
    totals += face.other_mm[None]
    limit = -face.fissure_mm
    totals[..., EYE] = np.maximum(totals[..., EYE], limit[None, :, :, None])
    wrong[..., EYE] = np.maximum(wrong[..., EYE], limit[None, :, 0, None])
    lost = 1.0 - np.minimum(kept, 1.0)
    dropped = face.brow_mm[None, :, None] * lost[:, None, :, _FRONTALIS]
    return Outcome(
        wrong,
        totals,
        dropped,
        _apart_mm(face, lost, dropped),
        lost[:, 1] @ face.reach_mm.T,
    )


def _apart_mm(face: Face, lost: FloatArray, dropped: FloatArray) -> FloatArray:
    """Return how the sides differ at rest when what is tight lets go, shape (b, n, 10)."""
    gone = lost[:, None] * face.strength[None]
    let_go = [
        _sum_groups(gone[:, :, side], face.tight_mm[:, side, None])[:, :, 0] for side in (0, 1)
    ]
    apart = face.apart_mm[None] - let_go[0] + let_go[1]
    if _BROW in face.rested:
        apart[..., _BROW] -= dropped[..., 0] - dropped[..., 1]
    return np.asarray(apart)


def _made_up_mm(face: Face, force: FloatArray) -> FloatArray:
    """Return what the reserve of the lids adds to each closure, shape (b, n, 2, 2, 10)."""
    now, base = force[..., CLOSERS], face.strength[..., CLOSERS]
    gained = closing_share(now, base, face.need) - now
    moved = face.all_mm[:, :, CLOSURE_ROWS][..., CLOSERS, :]
    made_up: FloatArray = np.einsum("bnsg,nsmgk->bnsmk", gained, moved, optimize=True)
    return made_up


def _sum_groups(force: FloatArray, moved_mm: FloatArray) -> FloatArray:
    """Sum over groups: force (b, n, 14) times what each moves (n, 8, 14, 10)."""
    n, m, g, k = moved_mm.shape
    table = moved_mm.transpose(0, 2, 1, 3).reshape(n, g, m * k)
    summed = np.matmul(force.transpose(1, 0, 2), table)
    return np.asarray(summed.transpose(1, 0, 2).reshape(force.shape[0], n, m, k))


def weigh(face: Face, outcome: Outcome, before: Outcome, weights: FloatArray) -> FloatArray:
    """Return the objectives, shape (b, n, 6), mm, in the order of `OBJECTIVES`.

    Parameters
    ----------
    face : Face
        The face as it is.
    outcome, before : Outcome
        After the weakenings, and before (one row).
    weights : ndarray, shape (7,)
        How much a millimetre of each region counts in the synkinesis.
    """
    return np.stack(
        [
            _synkinesis(outcome.involuntary_mm, face.recorded, weights),
            _voluntary_loss(outcome, before),
            _smile_asymmetry(outcome.total_mm),
            _closure_loss(outcome.total_mm, before.total_mm),
            _brow_asymmetry(outcome.total_mm, face.recorded),
            _rest_asymmetry(outcome.apart_mm),
        ],
        axis=-1,
    )


def _synkinesis(moved_mm: FloatArray, recorded: tuple[int, ...], weights: FloatArray) -> FloatArray:
    total = np.zeros(moved_mm.shape[:2])
    for region, weight in zip(REGIONS, weights, strict=True):
        rows = [m for m in recorded if not moves_on_purpose(MOVEMENTS[m], region)]
        size = np.linalg.norm(moved_mm[:, :, rows][..., region_columns(region)], axis=-1)
        total += weight * size.sum(-1)
    return total


def _voluntary_loss(after: Outcome, before: Outcome) -> FloatArray:
    lost = np.maximum(excursions(before.total_mm) - excursions(after.total_mm), 0.0)
    sides = lost[..., _VOLUNTARY_ROWS].sum(axis=3)
    healthy = np.maximum(sides[..., 1], after.healthy_lost_mm)
    return np.asarray(sides[..., 0] + healthy + after.brow_drop_mm.sum(axis=2))


def _closure_loss(after_mm: FloatArray, before_mm: FloatArray) -> FloatArray:
    lost = np.maximum(excursions(before_mm) - excursions(after_mm), 0.0)
    return np.asarray(lost[..., CLOSURE_ROWS].max(axis=(2, 3)))


def _smile_asymmetry(total_mm: FloatArray) -> FloatArray:
    smile = total_mm[:, :, :, _SMILE_ROWS][..., _SMILE_CHANNELS]
    return np.asarray(np.linalg.norm(smile[:, :, 0] - smile[:, :, 1], axis=-1).mean(-1))


def _brow_asymmetry(total_mm: FloatArray, recorded: tuple[int, ...]) -> FloatArray:
    if _BROW_ROW not in recorded:
        return np.zeros(total_mm.shape[:2])
    brows = total_mm[:, :, :, _BROW_ROW, _BROW]
    return np.asarray(np.abs(brows[..., 0] - brows[..., 1]))


def _rest_asymmetry(apart_mm: FloatArray) -> FloatArray:
    each = [np.linalg.norm(apart_mm[..., columns], axis=-1) for columns in _RESTING]
    return np.asarray(np.sum(each, axis=0))


def told_objectives(face: Face, seen: Sequence[Movement]) -> tuple[Objective, ...]:
    """Return the objectives of which something was recorded.

    Parameters
    ----------
    face : Face
    seen : sequence of Movement
        What was recorded.
    """
    untold = {
        Objective.CLOSURE_LOSS: Movement.EYE_CLOSE_GENTLE not in seen,
        Objective.BROW_ASYMMETRY: _BROW_ROW not in face.recorded,
        Objective.REST_ASYMMETRY: not any(set(k) & set(face.rested) for k in _RESTING),
    }
    return tuple(one for one in OBJECTIVES if not untold.get(one, False))


def untouched() -> FloatArray:
    """Return what doing nothing leaves of each group's force: all of it; shape (1, 2, 14)."""
    return np.ones((1, 2, len(GROUPS)))
