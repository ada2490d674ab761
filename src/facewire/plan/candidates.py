"""Candidates of a plan: each with its reasons, its risks, and what would have to be known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from facewire.face import Side
from facewire.plan.objectives import OBJECTIVES, RESERVE_SEED
from facewire.plan.options import surgical_targets
from facewire.plan.person import Person
from facewire.plan.predict import Forecaster
from facewire.plan.preferences import Preferences
from facewire.plan.search import STRENGTHS, Front, target_of
from facewire.plan.sensitivity import examine, helpful_range, weakened_places
from facewire.plan.tables import literature_for, load_table
from facewire.results.plan import Candidate, MeansCheck, MovementChange, Objective, Risk, Weakening
from facewire.results.safety import Answer, Means
from facewire.safety.facts import Facts
from facewire.safety.rules import SURGERY, Target, check_safety, means_of, target_rows, worst
from facewire.safety.tables import STATUS_WORDS, load_rules_table
from facewire.treatment.harm import WeakeningHarm
from facewire.words import mark

FloatArray = NDArray[np.float64]

ANSWER_WORDS = {
    Answer.CLEARED: mark("cleared: no rule here speaks against it"),
    Answer.NOT_CLEARED: mark("not cleared: something is not known"),
    Answer.BARRED: mark("barred by a rule"),
}


TRAINING = mark(
    "Facial training goes with it: weakening opens a window in which training is easier, and it "
    "alone teaches."
)


def build_candidates(
    person: Person,
    forecaster: Forecaster,
    front: Front,
    preferences: Preferences,
    facts: Facts,
) -> tuple[Candidate, ...]:
    """Return the candidates of a front, the best by the stated weights first.

    Parameters
    ----------
    person : Person
        The wiring and its face.
    forecaster : Forecaster
        Its face, prepared.
    front : Front
        What the search found.
    preferences : Preferences
        Limits and weights.
    facts : Facts
        What is known.
    """
    predictions = [forecaster.predict(degree, person.affected) for degree in front.degree]
    means = np.array([p.change_mm.mean(0) for p in predictions]).reshape(-1, len(OBJECTIVES))
    scores = [float(mean @ preferences.objective_weights) for mean in means]
    harm = WeakeningHarm(person.state, person.affected, RESERVE_SEED, person.wiring.recorded)
    order = sorted(range(len(scores)), key=lambda index: round(scores[index], 6))
    found = []
    for number, index in enumerate(order, 1):
        degree, moved = front.degree[index], predictions[index].movements
        weakenings = _weakenings(forecaster, degree, preferences, person.affected)
        targets = tuple((one.muscle, one.side) for one in weakenings)
        checks = check_means(targets, person.affected, facts)
        answer = min((c.answer for c in checks if c.complete), key=tuple(Answer).index)
        missing = (rule.missing for check in checks for rule in check.safety)
        found.append(
            Candidate(
                id=f"C{number}",
                answer=answer,
                answer_words=ANSWER_WORDS[answer],
                weakenings=weakenings,
                why=explain(index, means, front.resolution_mm),
                score_mm=scores[index],
                better_than_nothing=scores[index] < 0,
                harms=harm.harms(degree),
                predicted=predictions[index].objectives,
                gains=tuple(row for row in moved if _wanted(row)),
                losses=tuple(row for row in moved if not _wanted(row)),
                sensitivity=examine(person, forecaster, degree, preferences),
                means=checks,
                missing=tuple(dict.fromkeys(name for name in missing if name)),
                risks=risks_of(checks),
                literature=literature_for([one.muscle for one in weakenings]),
                source=load_table("options.toml")["order"]["source"],
                beside=TRAINING,
            )
        )
    return tuple(found)


def _wanted(row: MovementChange) -> bool:
    """Whether a change is wanted: less involuntary or more voluntary movement."""
    return (row.change_mm < 0) == (row.kind == "involuntary")


def _weakenings(
    forecaster: Forecaster, degree: FloatArray, preferences: Preferences, affected: Side
) -> tuple[Weakening, ...]:
    found = []
    for place in weakened_places(degree):
        muscle, side = target_of(place, affected)
        low, high = helpful_range(forecaster, degree, preferences, place)
        found.append(
            Weakening(
                muscle=muscle,
                side=side,
                strength=STRENGTHS.get(round(100.0 * float(degree[place]), 4)),
                weakening_percent=round(100.0 * float(degree[place]), 4),
                range_low_percent=low,
                range_high_percent=high,
            )
        )
    return tuple(found)


def check_means(
    targets: tuple[Target, ...], affected: Side, facts: Facts
) -> tuple[MeansCheck, ...]:
    """Return the means that could weaken some targets, with what safety says of each.

    Toxin treats every target; an operation only muscles of its own on the affected side.
    """
    treated = {Means.BOTULINUM_TOXIN: targets} | {
        means: surgical_targets(means, targets, affected=affected) for means in SURGERY
    }
    found = []
    for means, own in treated.items():
        rules = check_safety(means, own, facts)
        if own:
            found.append(
                MeansCheck(
                    means=means,
                    targets=target_rows(own),
                    complete=own == targets,
                    answer=worst(rule.answer for rule in rules),
                    safety=rules,
                )
            )
    return tuple(found)


_GAIN_WORDS = {
    Objective.SYNKINESIS: "synkinesis",
    Objective.VOLUNTARY_LOSS: "loss of voluntary movement",
    Objective.SMILE_ASYMMETRY: "difference of the sides in a smile",
    Objective.CLOSURE_LOSS: "loss of lid closure",
    Objective.BROW_ASYMMETRY: "difference of the brows in a brow raise",
    Objective.REST_ASYMMETRY: "difference of the sides at rest",
}


def explain(index: int, change_mm: FloatArray, resolution_mm: float) -> str:
    """Return why a row of the front is on it.

    Parameters
    ----------
    index : int
        The row.
    change_mm : ndarray, shape (c, 6)
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


def risks_of(checks: Sequence[MeansCheck]) -> tuple[Risk, ...]:
    """Return the risks of the means of a candidate."""
    found = []
    for row in load_rules_table()["risk"]:
        muscles = row.get("muscles", ())
        named = tuple(
            check.means
            for check in checks
            if check.means in means_of(row["means"])
            and (not muscles or any(target.muscle in muscles for target in check.targets))
        )
        if named:
            found.append(
                Risk(
                    means=named,
                    text=row["text"],
                    source=row["source"],
                    status=row["status"],
                    status_words=STATUS_WORDS[row["status"]],
                )
            )
    return tuple(found)
