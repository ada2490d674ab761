"""How a candidate stands up to what is not known about the wiring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, Movement
from facewire.face.muscles import GROUP_INDEX, GROUPS, MuscleGroup
from facewire.plan.objectives import OBJECTIVES, Objective, prepare_face
from facewire.plan.predict import Forecaster
from facewire.plan.preferences import Preferences
from facewire.wiring import Edge, FaceState, WiringModel
from facewire.wiring.state import side_index
from facewire.words import mark

FloatArray = NDArray[np.float64]

MOST_DOUBTS = 5
HALF = 0.5
DEGREE_STEP_PERCENT = 20.0
GRID_PERCENT = np.arange(5.0, 101.0, 5.0)
RANGE_SHARE = 0.8
_SYNKINESIS = OBJECTIVES.index(Objective.SYNKINESIS)


@dataclass(frozen=True)
class Doubt:
    """An edge that is not told apart, and what the candidate is worth without it.

    Parameters
    ----------
    command : Movement
        The movement of the edge.
    muscle : MuscleGroup
        The group of the edge.
    confused_with : tuple of MuscleGroup
        What the same movement of the face could come from instead.
    resolved_by : str
        What would tell; empty when nothing is known to.
    share_better_without : float
        Share of draws in which the candidate stays better than nothing when the edge is not
        there.
    changes_the_answer : bool
        Whether it is then better in fewer than half of the draws, though with it in at least half.
    """

    command: Movement
    muscle: MuscleGroup
    confused_with: tuple[MuscleGroup, ...]
    resolved_by: str
    share_better_without: float
    changes_the_answer: bool


@dataclass(frozen=True)
class Sensitivity:
    """How sure a candidate is.

    Parameters
    ----------
    share_better : float
        Share of draws in which it is better than nothing by the stated weights.
    share_less_synkinesis : float
        Share of draws in which the synkinesis falls.
    share_better_certain : float
        `share_better` when every undecided edge to the weakened groups is taken as not there.
    rests_on_undecided : bool
        Whether it is better in at least half of the draws only thanks to undecided edges.
    less_percent, more_percent : tuple of float
        Synkinesis and weighted change, mm, when each degree turns out `DEGREE_STEP_PERCENT` lower
        or higher than meant.
    range_percent : tuple of (float, float)
        For each weakened group, in the candidate's order: the degrees within which, the others
        unchanged, it stays better than nothing in at least 80 % of the draws. NaN where none.
    doubts : tuple of Doubt
        Edges to the weakened groups that these data cannot tell, those that matter first.
    findings_missing : tuple of str
        What a clinician could look for, or a test could tell, that would speak about these groups.
    """

    share_better: float
    share_less_synkinesis: float
    share_better_certain: float
    rests_on_undecided: bool
    less_percent: tuple[float, float]
    more_percent: tuple[float, float]
    range_percent: tuple[tuple[float, float], ...]
    doubts: tuple[Doubt, ...]
    findings_missing: tuple[str, ...]


def examine(
    model: WiringModel,
    forecaster: Forecaster,
    degree: FloatArray,
    preferences: Preferences,
) -> Sensitivity:
    """Return how a candidate stands up to what is not known.

    Parameters
    ----------
    model : WiringModel
        The wiring, with an affected side.
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
    undecided = [e for e in unsure_edges(model, _affected_groups(degree)) if e.present is None]
    certain = _share_without(model, forecaster, degree, preferences, undecided)
    return Sensitivity(
        share,
        _share(change[:, _SYNKINESIS]),
        certain,
        share >= HALF > certain,
        _shifted(forecaster, degree, weights, -DEGREE_STEP_PERCENT),
        _shifted(forecaster, degree, weights, DEGREE_STEP_PERCENT),
        tuple(_range(forecaster, degree, weights, place) for place in weakened_places(degree)),
        _doubts(model, forecaster, degree, preferences, share),
        missing_findings(model, degree),
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


def missing_findings(model: WiringModel, degree: FloatArray) -> tuple[str, ...]:
    """Return what nobody has looked at yet and that would speak about the weakened groups.

    Parameters
    ----------
    model : WiringModel
        The wiring with the findings that it was given.
    degree : ndarray, shape (2, 14)
        The candidate, affected side first.
    """
    groups = _affected_groups(degree)
    known = {f.get("finding") for f in model.findings if f.get("side") == model.affected_side}
    asked = [_FINDINGS[group] for group in groups if group in _FINDINGS]
    return tuple(words for finding, words in asked if finding not in known)


def _affected_groups(degree: FloatArray) -> list[MuscleGroup]:
    """Return the groups of the affected side that are weakened."""
    return [GROUPS[group] for role, group in weakened_places(degree) if role == 0]


def _share(score: FloatArray) -> float:
    return float(np.mean(score < -1e-9))


def _shifted(
    forecaster: Forecaster, degree: FloatArray, weights: FloatArray, step: float
) -> tuple[float, float]:
    moved = np.where(degree > 0, np.clip(degree + step / 100.0, 0.0, 1.0), 0.0)
    change = (forecaster.after_mm(moved[None])[0] - forecaster.now_mm).mean(0)
    return float(change[_SYNKINESIS]), float(change @ weights)


def _range(
    forecaster: Forecaster, degree: FloatArray, weights: FloatArray, place: tuple[int, int]
) -> tuple[float, float]:
    rows = np.repeat(degree[None], len(GRID_PERCENT), axis=0)
    rows[:, place[0], place[1]] = GRID_PERCENT / 100.0
    score = (forecaster.after_mm(rows) - forecaster.now_mm) @ weights
    good = GRID_PERCENT[(score < -1e-9).mean(1) >= RANGE_SHARE]
    return (float(good.min()), float(good.max())) if good.size else (np.nan, np.nan)


def unsure_edges(model: WiringModel, groups: Sequence[MuscleGroup]) -> list[Edge]:
    """Return wrong edges to some groups that these data cannot tell, the strongest first."""
    found = [
        edge
        for edge in model.edges
        if edge.kind == "wrong"
        and edge.side is model.affected_side
        and edge.muscle in groups
        and edge.present is not False
        and (edge.present is None or not edge.distinguishable)
    ]
    return sorted(found, key=lambda edge: -np.nan_to_num(edge.percent))


def _doubts(
    model: WiringModel,
    forecaster: Forecaster,
    degree: FloatArray,
    preferences: Preferences,
    share: float,
) -> tuple[Doubt, ...]:
    found = []
    for edge in unsure_edges(model, _affected_groups(degree))[:MOST_DOUBTS]:
        without = _share_without(model, forecaster, degree, preferences, [edge])
        found.append(
            Doubt(
                edge.command,
                edge.muscle,
                edge.confused_with,
                edge.resolved_by,
                without,
                share >= HALF > without,
            )
        )
    return tuple(sorted(found, key=lambda doubt: doubt.share_better_without))


def _share_without(
    model: WiringModel,
    forecaster: Forecaster,
    degree: FloatArray,
    preferences: Preferences,
    edges: Sequence[Edge],
) -> float:
    """Share of draws in which the candidate is better when some edges are not there."""
    side = model.affected_side
    if side is None:
        return 0.0
    recorded = [MOVEMENTS[row] for row in forecaster.face.recorded]
    face = prepare_face(without_edges(model.state, edges), side, recorded)
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
