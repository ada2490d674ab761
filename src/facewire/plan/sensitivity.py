"""How a candidate stands up to what is not known about the wiring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS
from facewire.face.muscles import GROUP_INDEX, GROUPS, ORBICULARIS_OCULI, MuscleGroup
from facewire.plan.objectives import OBJECTIVES, prepare_face
from facewire.plan.predict import Forecaster
from facewire.plan.preferences import Preferences
from facewire.results.plan import Doubt, Objective, Sensitivity, Shifted
from facewire.results.wiring import Edge
from facewire.safety.person import Person
from facewire.wiring import FaceState
from facewire.wiring.state import side_index
from facewire.words import mark

FloatArray = NDArray[np.float64]

MOST_DOUBTS = 5
HALF = 0.5
DEGREE_STEP_PERCENT = 20.0
GRID_PERCENT = np.arange(5.0, 101.0, 5.0)
RANGE_SHARE = 0.8
ONE_MUSCLE = "orbicularis_oculi"
"""A union that is one muscle: where it is driven, neither of its parts is undecided."""
_CLOSURE = OBJECTIVES.index(Objective.CLOSURE_LOSS)
_SYNKINESIS = OBJECTIVES.index(Objective.SYNKINESIS)


def examine(
    person: Person,
    forecaster: Forecaster,
    degree: FloatArray,
    preferences: Preferences,
) -> Sensitivity:
    """Return how a candidate stands up to what is not known.

    Parameters
    ----------
    person : Person
        The wiring and its face.
    forecaster : Forecaster
        Its face, prepared.
    degree : ndarray, shape (2, 14)
        The candidate, affected side first.
    preferences : Preferences
        The weights.
    """
    weights = preferences.objective_weights
    change = forecaster.after_mm(degree[None])[0] - forecaster.now_mm
    share = _share(change @ weights)
    told = {u.command for u in person.wiring.unions if u.present and u.union == ONE_MUSCLE}
    undecided = [
        e
        for e in unsure_edges(person, _affected_groups(degree))
        if e.present is None and not (e.muscle in ORBICULARIS_OCULI and e.command in told)
    ]
    certain = _share_without(person, forecaster, degree, preferences, undecided)
    return Sensitivity(
        share_better=share,
        share_less_synkinesis=_share(change[:, _SYNKINESIS]),
        share_better_certain=certain,
        rests_on_undecided=share >= HALF > certain,
        degree_step_percent=DEGREE_STEP_PERCENT,
        if_weaker_than_meant=_shifted(forecaster, degree, weights, -DEGREE_STEP_PERCENT),
        if_stronger_than_meant=_shifted(forecaster, degree, weights, DEGREE_STEP_PERCENT),
        doubts=_doubts(person, forecaster, degree, preferences, share),
        findings_missing=missing_findings(person, degree),
    )


def weakened_places(degree: FloatArray) -> list[tuple[int, int]]:
    """Return role and group index of what is weakened, affected side first."""
    return [(int(role), int(group)) for role, group in np.argwhere(degree > 0)]


_FINDINGS = {
    MuscleGroup.PLATYSMA: (
        "platysma",
        mark("platysma: video does not see it; look for bands in the neck and enter the finding"),
    ),
    MuscleGroup.MENTALIS: (
        "chin_skin",
        mark("chin skin: look for dimpling and enter the finding"),
    ),
    MuscleGroup.DEPRESSOR_ANGULI_ORIS: (
        "",
        mark(
            "depressor anguli oris: a corner that rises too little may be weak or held back; "
            "a test block tells"
        ),
    ),
}


def missing_findings(person: Person, degree: FloatArray) -> tuple[str, ...]:
    """Return what nobody has looked at yet and that would speak about the weakened groups.

    Parameters
    ----------
    person : Person
        The wiring with the findings that it was given.
    degree : ndarray, shape (2, 14)
        The candidate, affected side first.
    """
    groups = _affected_groups(degree)
    known = {f.finding for f in person.wiring.findings if f.side is person.affected}
    asked = [_FINDINGS[group] for group in groups if group in _FINDINGS]
    return tuple(words for finding, words in asked if finding not in known)


def _affected_groups(degree: FloatArray) -> list[MuscleGroup]:
    """Return the groups of the affected side that are weakened."""
    return [GROUPS[group] for role, group in weakened_places(degree) if role == 0]


def _share(score: FloatArray) -> float:
    return float(np.mean(score < -1e-9))


def _shifted(
    forecaster: Forecaster, degree: FloatArray, weights: FloatArray, step: float
) -> Shifted:
    moved = np.where(degree > 0, np.clip(degree + step / 100.0, 0.0, 1.0), 0.0)
    change = (forecaster.after_mm(moved[None])[0] - forecaster.now_mm).mean(0)
    return Shifted(
        synkinesis_change_mm=float(change[_SYNKINESIS]), score_mm=float(change @ weights)
    )


def helpful_range(
    forecaster: Forecaster, degree: FloatArray, preferences: Preferences, place: tuple[int, int]
) -> tuple[float, float] | tuple[None, None]:
    """Return within which degrees of one group, the others unchanged, a candidate helps, percent.

    It stays better than nothing in at least `RANGE_SHARE` of the draws, and within the limit of
    lid closure; None where it never does.

    Parameters
    ----------
    forecaster : Forecaster
    degree : ndarray, shape (2, 14)
        The candidate, affected side first.
    preferences : Preferences
        Weights and limits.
    place : tuple of int
        Role and group index.
    """
    rows = np.repeat(degree[None], len(GRID_PERCENT), axis=0)
    rows[:, place[0], place[1]] = GRID_PERCENT / 100.0
    change = forecaster.after_mm(rows) - forecaster.now_mm
    helps = (change @ preferences.objective_weights < -1e-9).mean(1) >= RANGE_SHARE
    closes = change[..., _CLOSURE].mean(1) <= preferences.largest_closure_loss_mm
    good = GRID_PERCENT[helps & closes]
    return (float(good.min()), float(good.max())) if good.size else (None, None)


def unsure_edges(person: Person, groups: Sequence[MuscleGroup]) -> list[Edge]:
    """Return wrong edges to some groups that these data cannot tell, the strongest first."""
    found = [
        edge
        for edge in person.wiring.edges
        if edge.kind == "wrong"
        and edge.side is person.affected
        and edge.muscle in groups
        and edge.present is not False
        and (edge.present is None or not edge.distinguishable)
    ]
    return sorted(found, key=lambda edge: -(edge.percent or 0.0))


def _doubts(
    person: Person,
    forecaster: Forecaster,
    degree: FloatArray,
    preferences: Preferences,
    share: float,
) -> tuple[Doubt, ...]:
    found = []
    for edge in unsure_edges(person, _affected_groups(degree))[:MOST_DOUBTS]:
        without = _share_without(person, forecaster, degree, preferences, [edge])
        found.append(
            Doubt(
                command=edge.command,
                muscle=edge.muscle,
                confused_with=edge.confused_with,
                resolved_by=edge.resolved_by,
                share_better_without=without,
                changes_the_answer=share >= HALF > without,
            )
        )
    return tuple(sorted(found, key=lambda doubt: doubt.share_better_without))


def _share_without(
    person: Person,
    forecaster: Forecaster,
    degree: FloatArray,
    preferences: Preferences,
    edges: Sequence[Edge],
) -> float:
    """Share of draws in which the candidate is better when some edges are not there."""
    recorded = [MOVEMENTS[row] for row in forecaster.face.recorded]
    face = prepare_face(without_edges(person.state, edges), person.affected, recorded)
    bare = Forecaster.start(face, preferences.regions)
    change = bare.after_mm(degree[None])[0] - bare.now_mm
    return _share(change @ preferences.objective_weights)


def without_edges(state: FaceState, edges: Sequence[Edge]) -> FaceState:
    """Return a face without some wrong edges."""
    wrong = state.wrong.copy()
    for edge in edges:
        row, group = MOVEMENTS.index(edge.command), GROUP_INDEX[edge.muscle]
        wrong[:, side_index(edge.side), row, group] = 0.0
    return replace(state, wrong=wrong)
