"""Candidates of a plan: each with its reasons, its risks, and what would have to be known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from facewire.face import Side
from facewire.plan.objectives import OBJECTIVES, RESERVE_SEED
from facewire.plan.options import surgical_targets
from facewire.plan.predict import Forecaster
from facewire.plan.preferences import Preferences
from facewire.plan.search import STRENGTHS, Front, target_of
from facewire.plan.sensitivity import examine, helpful_range, weakened_places
from facewire.plan.tables import literature_for, load_table
from facewire.results.plan import (
    Candidate,
    HarmStep,
    MeansCheck,
    MovementChange,
    Objective,
    Risk,
    StepUp,
    Weakening,
)
from facewire.results.safety import Answer, Means
from facewire.safety.facts import Facts
from facewire.safety.person import Person
from facewire.safety.rules import SURGERY, Target, check_safety, means_of, target_rows, worst
from facewire.safety.tables import STATUS_WORDS, load_rules_table
from facewire.treatment.harm import WeakeningHarm
from facewire.wiring.observe import covered_in, watched
from facewire.words import mark

FloatArray = NDArray[np.float64]

ANSWER_WORDS = {
    Answer.CLEARED: mark("cleared: no rule here speaks against it"),
    Answer.NOT_CLEARED: mark("not cleared: something is not known"),
    Answer.BARRED: mark("barred by a rule"),
}


ORDER = mark(
    "One begins light: of the same muscles the lightest stands first. Muscles stand in the order "
    "of the weighted sum that the best of them reaches; the healthy side alone stands after the "
    "affected one. After these stand those that bring a simulated harm more often than the stated "
    "limit, then barred ones, then those that the weighted sum calls worse than nothing."
)
LIGHTER = mark("The same muscles, lighter: where one begins.")
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
    """Return the candidates of a front and of its lighter steps, in the order of `ORDER`.

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
    made = tuple(_made(person, forecaster, front, preferences, facts))
    order = _in_order(made, front.degree, preferences.largest_harm_percent, person.affected)
    found: list[Candidate] = []
    for number, index in enumerate(order, 1):
        one = made[index].replaced(id=f"C{number}")
        lighter = [other for other in found if _is_lighter(other, one)]
        found.append(one.replaced(step=_step_up(lighter[-1], one)) if lighter else one)
    return tuple(found)


def _made(
    person: Person,
    forecaster: Forecaster,
    front: Front,
    preferences: Preferences,
    facts: Facts,
) -> Iterator[Candidate]:
    """Yield what the rows of a front are, in their order and without their numbers."""
    predictions = [forecaster.predict(degree, person.affected) for degree in front.degree]
    means = np.array([p.change_mm.mean(0) for p in predictions]).reshape(-1, len(OBJECTIVES))
    harm = WeakeningHarm(
        person.state,
        person.affected,
        RESERVE_SEED,
        watched(person.wiring),
        covered_in(person.wiring),
    )
    on_front = means[: len(means) - front.steps]
    for index, (degree, mean) in enumerate(zip(front.degree, means, strict=True)):
        score, moved = float(mean @ preferences.objective_weights), predictions[index].movements
        weakenings = _weakenings(forecaster, degree, preferences, person.affected)
        targets = tuple((one.muscle, one.side) for one in weakenings)
        checks = check_means(targets, person.affected, facts)
        answer = min((c.answer for c in checks if c.complete), key=tuple(Answer).index)
        missing = (rule.missing for check in checks for rule in check.safety)
        is_step = index >= len(on_front)
        yield Candidate(
            id="",
            answer=answer,
            answer_words=ANSWER_WORDS[answer],
            weakenings=weakenings,
            why=LIGHTER if is_step else explain(index, on_front, front.resolution_mm),
            score_mm=score,
            better_than_nothing=score < 0,
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


def _in_order(
    made: Sequence[Candidate], degree: FloatArray, largest_harm_percent: float, affected: Side
) -> list[int]:
    """Return the places of candidates as `ORDER` puts them.

    Muscles in the order of the best that they reach; of the same muscles the lightest first.
    """
    rank = [
        (
            not one.better_than_nothing,
            one.answer is Answer.BARRED,
            one.worst_percent > largest_harm_percent,
            all(side is not affected for _, side in one.targets),
        )
        for one in made
    ]
    muscles = [tuple(map(tuple, np.argwhere(row > 0).tolist())) for row in degree]
    best: dict[object, float] = {}
    for key, one in zip(zip(rank, muscles, strict=True), made, strict=True):
        best[key] = min(best.get(key, np.inf), round(one.score_mm, 6))
    total = np.round(degree.sum(axis=(1, 2)), 6)

    def place(index: int) -> tuple[object, ...]:
        family = rank[index], muscles[index]
        mine = float(total[index]), round(made[index].score_mm, 6)
        return (rank[index], best[family], len(muscles[index]), muscles[index], *mine)

    return sorted(range(len(made)), key=place)


def _is_lighter(other: Candidate, one: Candidate) -> bool:
    """Whether a candidate weakens the same muscles, none of them more and not all alike."""
    if other.targets != one.targets:
        return False
    pairs = zip(other.weakenings, one.weakenings, strict=True)
    steps = [mine.weakening_percent - light.weakening_percent for light, mine in pairs]
    return min(steps) >= 0 and max(steps) > 0


def _step_up(lighter: Candidate, one: Candidate) -> StepUp:
    changes = {}
    for row in one.predicted:
        before = lighter.objective(row.objective)
        if before is not None:
            changes[row.objective] = row.change_mm - before.change_mm
    return StepUp(lighter=lighter.id, changes=changes, harms=tuple(_more_often(lighter, one)))


def _more_often(lighter: Candidate, one: Candidate) -> Iterator[HarmStep]:
    """Yield the harms that a candidate brings more often than its lighter step."""
    if lighter.harms is None or one.harms is None:
        return
    before = {(row.harm, row.side): row.percent[row.worst] for row in lighter.harms.simulated}
    for row in one.harms.simulated:
        then, now = before.get((row.harm, row.side), 0.0), row.percent[row.worst]
        if now > then:
            yield HarmStep(harm=row.harm, side=row.side, before_percent=then, percent=now)


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
