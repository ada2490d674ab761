"""Candidates of a plan: each with its reasons, its risks, and what would have to be known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import Side
from facewire.face.muscles import MuscleGroup
from facewire.plan.facts import Facts
from facewire.plan.objectives import OBJECTIVES, Objective
from facewire.plan.options import surgical_targets
from facewire.plan.predict import Forecaster, Prediction
from facewire.plan.preferences import Preferences
from facewire.plan.safety import (
    SURGERY,
    Answer,
    Means,
    RuleAnswer,
    Target,
    check_safety,
    means_of,
    worst,
)
from facewire.plan.search import Front, target_of
from facewire.plan.sensitivity import Sensitivity, examine, weakened_places
from facewire.plan.tables import load_table
from facewire.wiring import WiringModel

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Weakening:
    """One group on one side and by how much of its force; never in units of a product.

    Parameters
    ----------
    muscle : MuscleGroup
        Which.
    side : Side
        Where.
    percent : float
        Degree, 0 to 100.
    low_percent, high_percent : float
        Degrees within which, the others unchanged, the candidate stays better than nothing in at
        least 80 % of the draws. NaN where there are none.
    """

    muscle: MuscleGroup
    side: Side
    percent: float
    low_percent: float
    high_percent: float


@dataclass(frozen=True)
class MeansCheck:
    """A means for a candidate, what of it that treats, and what safety says.

    Parameters
    ----------
    means : Means
        How.
    targets : tuple of (MuscleGroup, Side)
        What of the candidate it treats.
    complete : bool
        Whether that is all of the candidate.
    rules : tuple of RuleAnswer
        What each rule says.
    """

    means: Means
    targets: tuple[Target, ...]
    complete: bool
    rules: tuple[RuleAnswer, ...]

    @property
    def answer(self) -> Answer:
        """The worst of the rules' answers."""
        return worst(rule.answer for rule in self.rules)


@dataclass(frozen=True)
class Candidate:
    """One trade of the front. Simulated; for discussion between professionals.

    Parameters
    ----------
    weakenings : tuple of Weakening
        What is weakened, affected side first.
    prediction : Prediction
        What that changes.
    sensitivity : Sensitivity
        How it stands up to what is not known.
    why : str
        Why it is on the front.
    checks : tuple of MeansCheck
        Safety, for each means.
    score_mm : float
        Weighted mean change; less is better.
    """

    weakenings: tuple[Weakening, ...]
    prediction: Prediction
    sensitivity: Sensitivity
    why: str
    checks: tuple[MeansCheck, ...]
    score_mm: float

    @property
    def targets(self) -> tuple[Target, ...]:
        """Groups and sides that are weakened."""
        return tuple((w.muscle, w.side) for w in self.weakenings)

    @property
    def answer(self) -> Answer:
        """The best answer of the means that treat all of it."""
        order = tuple(Answer)
        return min((c.answer for c in self.checks if c.complete), key=order.index)

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts to ask for, in the order of the table."""
        found = (rule.missing for check in self.checks for rule in check.rules)
        return tuple(dict.fromkeys(name for name in found if name))


def build_candidates(
    model: WiringModel,
    forecaster: Forecaster,
    front: Front,
    preferences: Preferences,
    facts: Facts,
) -> tuple[Candidate, ...]:
    """Return the candidates of a front, the best by the stated weights first.

    Parameters
    ----------
    model : WiringModel
        The wiring, with an affected side.
    forecaster : Forecaster
        Its face, prepared.
    front : Front
        What the search found.
    preferences : Preferences
        Limits and weights.
    facts : Facts
        What is known.
    """
    affected = _affected(model)
    predictions = [forecaster.predict(degree) for degree in front.degree]
    means = np.array([p.change_mm.mean(0) for p in predictions]).reshape(-1, len(OBJECTIVES))
    made = []
    for index, (degree, prediction) in enumerate(zip(front.degree, predictions, strict=True)):
        sensitivity = examine(model, forecaster, degree, preferences)
        weakenings = _weakenings(degree, sensitivity, affected)
        targets = tuple((w.muscle, w.side) for w in weakenings)
        made.append(
            Candidate(
                weakenings,
                prediction,
                sensitivity,
                explain(index, means, front.resolution_mm),
                check_means(targets, affected, facts),
                float(means[index] @ preferences.objective_weights),
            )
        )
    return tuple(sorted(made, key=lambda candidate: round(candidate.score_mm, 6)))


def _affected(model: WiringModel) -> Side:
    if model.affected_side is None:
        raise UsageError("A plan needs an affected side")
    return model.affected_side


def _weakenings(
    degree: FloatArray, sensitivity: Sensitivity, affected: Side
) -> tuple[Weakening, ...]:
    return tuple(
        Weakening(*target_of(place, affected), round(100.0 * float(degree[place]), 4), *span)
        for place, span in zip(weakened_places(degree), sensitivity.range_percent, strict=True)
    )


def check_means(
    targets: tuple[Target, ...], affected: Side, facts: Facts
) -> tuple[MeansCheck, ...]:
    """Return the means that could weaken some targets, with what safety says of each.

    Toxin treats every target; an operation only muscles of its own on the affected side.
    """
    found = [
        MeansCheck(
            Means.BOTULINUM_TOXIN,
            targets,
            complete=True,
            rules=check_safety(Means.BOTULINUM_TOXIN, targets, facts),
        )
    ]
    for means in SURGERY:
        own = surgical_targets(means, targets, affected=affected)
        if own:
            found.append(MeansCheck(means, own, own == targets, check_safety(means, own, facts)))
    return tuple(found)


_GAIN_WORDS = {
    Objective.SYNKINESIS: "synkinesis",
    Objective.VOLUNTARY_LOSS: "loss of voluntary movement",
    Objective.SMILE_ASYMMETRY: "difference of the sides in a smile",
    Objective.CLOSURE_LOSS: "loss of lid closure",
}


def explain(index: int, change_mm: FloatArray, resolution_mm: float) -> str:
    """Return why a row of the front is on it.

    Parameters
    ----------
    index : int
        The row.
    change_mm : ndarray, shape (c, 4)
        Mean change of each objective for every candidate of the front.
    resolution_mm : float
        Differences smaller than this count as none.
    """
    own = change_mm[index]
    others = np.vstack([np.delete(change_mm, index, axis=0), np.zeros(len(OBJECTIVES))])
    half = resolution_mm / 2
    best = [o for i, o in enumerate(OBJECTIVES) if own[i] < others[:, i].min() - half]
    gains = [i for i in range(len(OBJECTIVES)) if own[i] < -half]
    if best:
        return f"Least {_joined(_GAIN_WORDS[o] for o in best)} of all."
    lead = gains[0] if gains else 0
    rivals = others[others[:, lead] <= own[lead] + half]
    worse = [
        OBJECTIVES[i]
        for i in range(len(OBJECTIVES))
        if i != lead and len(rivals) and np.any(rivals[:, i] > own[i] + half)
    ]
    return (
        f"No other candidate has as little {_GAIN_WORDS[OBJECTIVES[lead]]} without more "
        f"{_joined((_GAIN_WORDS[o] for o in worse), 'or') or 'muscles weakened'}."
    )


def _joined(words: Iterable[str], last: str = "and") -> str:
    *first, final = list(words) or [""]
    return f"{', '.join(first)} {last} {final}" if first else final


def risks_of(checks: Sequence[MeansCheck]) -> list[Mapping[str, Any]]:
    """Return the risks of the means of a candidate, as rows of the table with their ``means``."""
    found: list[Mapping[str, Any]] = []
    for row in load_table("rules.toml")["risk"]:
        muscles = row.get("muscles", ())
        named = [
            check.means
            for check in checks
            if check.means in means_of(row["means"])
            and (not muscles or any(group in muscles for group, _ in check.targets))
        ]
        if named:
            found.append({**row, "means": named})
    return found
