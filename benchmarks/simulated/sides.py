"""The same treatment on the right and on the wrong side of simulated patients: what each is worth.

A patient is treated for a muscle that its wrong wiring reaches, or for a smile that it has lost.
Worth is the sum of the plan's four objectives, in millimetres, and the estimated composite against
the other side as it was; both are means over draws of what is not known about the treatment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, REGIONS, Side
from facewire.face.muscles import GROUP_INDEX
from facewire.plan.objectives import Outcome, prepare_face, weigh
from facewire.treatment import (
    BotulinumToxin,
    Cut,
    GracilisTransfer,
    Myectomy,
    NeuromuscularRetraining,
    SelectiveNeurolysis,
    Treatment,
)
from facewire.treatment.muscles import LID_CLOSERS, groups_of
from facewire.treatment.reserve import (
    GENTLE,
    brow_drop_mm,
    draw_reserve,
    gap_mm,
    rest_after_mm,
    total_after_mm,
)
from facewire.wiring import FaceState, involuntary_mm, rest_change_mm, total_mm
from facewire.wiring.state import EYE, N_SIDES
from simulated.face_states import Group, synthetic_faces

FloatArray = NDArray[np.float64]

AFFECTED = Side.LEFT
SYNKINETIC = Group(AFFECTED, strength=0.85, severity=1.0)
LOST_SMILE = Group(AFFECTED, strength=0.2, severity=0.0)
PRODUCT = "onabotulinumtoxinA"
REACHED = 0.05
"""A muscle is treated where all its wrong activations together are at least this much."""
LEAST_GAP_MM = 1.0
"""An eye that stays open by this much is not weakened: the safety rules bar it."""
MUSCLES = ("orbicularis_oculi", "depressor_anguli_oris", "platysma", "mentalis")
DEGREES = (25.0, 50.0, 75.0)
DRIVES = ("masseter_nerve", "cross_face_nerve_graft")


@dataclass(frozen=True)
class Trial:
    """One treatment, the day it is looked at, and whom it is for.

    Parameters
    ----------
    name : str
    treatment : Treatment
        On the affected side.
    day : float
    group : Group
    muscles : tuple of str
        Those of which a patient has a wrong edge; empty: everybody.
    """

    name: str
    treatment: Treatment
    day: float
    group: Group
    muscles: tuple[str, ...] = ()


def trials() -> Iterator[Trial]:
    """Yield every treatment that has a side and a size."""
    for muscle in MUSCLES:
        for degree in DEGREES:
            toxin = BotulinumToxin(AFFECTED, muscle, PRODUCT, weakening_percent=degree)
            yield Trial(f"toxin, {muscle}, {degree:g} %", toxin, 28.0, SYNKINETIC, (muscle,))
        cut = SelectiveNeurolysis(AFFECTED, (Cut(muscle),))
        yield Trial(f"neurolysis, {muscle}", cut, 1.0, SYNKINETIC, (muscle,))
    for excised in (("depressor_anguli_oris",), ("platysma",)):
        myectomy = Myectomy(AFFECTED, excised)
        yield Trial(f"myectomy, {excised[0]}", myectomy, 1.0, SYNKINETIC, excised)
    yield Trial("training", NeuromuscularRetraining(AFFECTED), 91.0, SYNKINETIC)
    for drive in DRIVES:
        yield Trial(f"gracilis, {drive}", GracilisTransfer(AFFECTED, drive), 900.0, LOST_SMILE)


def patients(trial: Trial, count: int, seed: int) -> FaceState:
    """Return the patients of a trial, one a draw.

    Parameters
    ----------
    trial : Trial
    count : int
        How many.
    seed : int
    """
    found = synthetic_faces(12 * count, seed, trial.group)
    kept = np.ones(found.draws, dtype=bool)
    for muscle in trial.muscles:
        if LID_CLOSERS & set(groups_of(muscle)):
            gap = gap_mm(total_mm(found)[:, :, GENTLE, EYE], found)
            kept &= gap[:, 0] < LEAST_GAP_MM
        columns = [GROUP_INDEX[group] for group in groups_of(muscle)]
        kept &= found.wrong[:, 0][..., columns].sum(axis=(1, 2)) >= REACHED
    return found.take(np.flatnonzero(kept)[:count])


def burden_mm(after: FaceState, before: FaceState) -> FloatArray:
    """Return how much the sum of the objectives grows in each draw, (n,), mm; less is better."""
    face = prepare_face(before, AFFECTED, MOVEMENTS)
    reserve = draw_reserve(before, 0)
    sunk = brow_drop_mm(after.strength, before.strength, reserve)
    kept = np.minimum(after.strength[:, 1] / before.strength[:, 1], 1.0)
    moved = rest_after_mm(after, before, reserve) - rest_change_mm(before)
    rests = [before.rest_mm + moved, before.rest_mm]
    apart = [(rest[:, 0] - rest[:, 1])[None].astype(np.float64) for rest in rests]
    treated = Outcome(
        involuntary_mm(after)[None, :, 0],
        total_after_mm(after, before, reserve)[None].astype(np.float64),
        sunk[None].astype(np.float64),
        apart[0],
        ((1.0 - kept) * face.reach_mm).sum(axis=1)[None],
    )
    none = np.zeros((1, before.draws, N_SIDES))
    moves = involuntary_mm(before)[None, :, 0], total_mm(before)[None]
    today = Outcome(*moves, none, apart[1], none[..., 0])
    weights = np.ones(len(REGIONS))
    changes = weigh(face, treated, today, weights) - weigh(face, today, today, weights)
    return np.asarray(changes[0].sum(axis=1))


def advantage_mm(trial: Trial, count: int, draws: int, seed: int = 1) -> FloatArray:
    """Return by how much the right side is better in each patient, mm.

    Parameters
    ----------
    trial : Trial
    count, draws : int
        Patients, and draws of what is not known of the treatment in each.
    seed : int, optional
    """
    people = patients(trial, count, seed)
    each = people.take(np.repeat(np.arange(people.draws), draws))
    right = burden_mm(trial.treatment.after(each, trial.day, seed), each)
    wrong = burden_mm(trial.treatment.mirrored().after(each, trial.day, seed), each)
    return np.asarray((wrong - right).reshape(people.draws, draws).mean(axis=1))
