"""From the wiring of one face and what is known about the person to a plan: options, no advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, Movement, Side
from facewire.face.muscles import MuscleGroup
from facewire.plan.candidates import Candidate, build_candidates
from facewire.plan.facts import Facts
from facewire.plan.measured import closure_rows, inferred_facts, measured_facts
from facewire.plan.objectives import Face, prepare_face
from facewire.plan.options import Option, find_options
from facewire.plan.predict import Forecaster, Interval
from facewire.plan.preferences import Preferences
from facewire.plan.safety import Answer, Means, RuleAnswer, check_safety
from facewire.plan.search import Front, Place, allowed_places, search_front, target_of
from facewire.wiring import WiringModel
from facewire.words import mark

HEALTHY = mark("No side is affected: there is nothing to plan.")


@dataclass(frozen=True)
class Plan:
    """Options and candidates for one face: simulated, for discussion, never a prescription.

    Parameters
    ----------
    model : WiringModel
        What it rests on.
    facts : Facts
        What was known, measured gaps included.
    preferences : Preferences
        The treating person's own limits and weights.
    options : tuple of Option
        Patterns with what is tried for them, in the published order.
    candidates : tuple of Candidate
        The front; empty where nothing helps, or for a healthy face.
    now : tuple of Interval
        The objectives today, mm; empty for a healthy face.
    front : Front or None
        How the search went.
    closure : tuple of mapping
        Measured closure gaps.
    lid_weight : tuple of RuleAnswer
        What safety says of a weight in the affected lid, which plans often ask about.
    """

    model: WiringModel
    facts: Facts
    preferences: Preferences
    options: tuple[Option, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    now: tuple[Interval, ...] = ()
    front: Front | None = None
    closure: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)
    lid_weight: tuple[RuleAnswer, ...] = ()


def make_plan(
    model: WiringModel,
    facts: Facts | None = None,
    preferences: Preferences | None = None,
    result: Mapping[str, Any] | None = None,
) -> Plan:
    """Return the options and the whole front of trades for one face.

    Parameters
    ----------
    model : WiringModel
        The inferred wiring.
    facts : Facts, optional
        What the treating person states. What is missing counts as not cleared.
    preferences : Preferences, optional
        Own limits and weights.
    result : mapping, optional
        The measurement that the wiring was inferred from, for its closure gaps.

    Raises
    ------
    UsageError
        Left and right are not confirmed, or the affected side could not be told.
    """
    check_sides(model)
    preferences = preferences or Preferences()
    closure = closure_rows(model, result)
    known = (facts or Facts()).with_answers(measured_facts(closure))
    if model.affected_side is None:
        return Plan(model, known, preferences, closure=tuple(closure))
    affected = model.affected_side
    known = known.with_answers(inferred_facts(model, affected))
    face = prepare_face(model.state, affected, recorded_movements(model))
    forecaster = Forecaster.start(face, preferences.regions)
    front = whole_front(face, preferences, known, affected)
    return Plan(
        model,
        known,
        preferences,
        find_options(model, affected, known),
        build_candidates(model, forecaster, front, preferences, known),
        tuple(Interval.of(column) for column in forecaster.now_mm.T),
        front,
        tuple(closure),
        _lid_weight(affected, known),
    )


def check_sides(model: WiringModel) -> None:
    """Refuse a wiring whose sides are not confirmed or whose affected side is not known."""
    if not model.side_confirmed:
        raise UsageError(
            "Left and right are not confirmed, and a plan for the wrong side would harm",
            expected="side_confirmed true",
            found="side_confirmed false",
            do="measure again with --mirrored yes or no, then infer the wiring again",
        )
    states = [m.get("side_status") for m in model.source.get("measurements", [])]
    states.append(model.source.get("side_status"))
    unclear = [state for state in states if state in ("undecided", "both")]
    wrong = any(edge.kind == "wrong" and edge.present for edge in model.edges)
    if model.affected_side is None and (unclear or wrong):
        raise UsageError(
            "The affected side is not known",
            expected="one affected side, left or right",
            found=f"side_status {unclear[0]}" if unclear else "wrong edges without a side",
            do="measure again with --affected L or R",
        )


def recorded_movements(model: WiringModel) -> tuple[Movement, ...]:
    """Return the movements that the edges say something about; all of them where none does."""
    told = {edge.command for edge in model.edges if edge.distinguishable or edge.present}
    return tuple(m for m in MOVEMENTS if m in told) or MOVEMENTS


def whole_front(face: Face, preferences: Preferences, facts: Facts, affected: Side) -> Front:
    """Return the front, and with it the front of what safety does not bar by any means.

    Without the second one, a barred candidate could hide the next best that is not barred.

    Parameters
    ----------
    face : Face
        The face, prepared.
    preferences : Preferences
        Limits and weights.
    facts : Facts
        What is known.
    affected : Side
        The affected side.
    """
    allowed = allowed_places(preferences, affected)
    front = search_front(face, preferences, allowed)
    barred = {place for place in allowed if _barred(place, affected, facts)}
    if not barred or len(barred) == len(allowed):
        return front
    free = search_front(face, preferences, [place for place in allowed if place not in barred])
    return Front(
        _unique(np.concatenate([front.degree, free.degree])),
        max(front.resolution_mm, free.resolution_mm),
        front.evaluated + free.evaluated,
        tuple(sorted({*front.considered, *free.considered})),
    )


def _barred(place: Place, affected: Side, facts: Facts) -> bool:
    """Whether safety bars weakening a place, whatever the means (toxin's own rules left out)."""
    target = target_of(place, affected)
    rules = check_safety(Means.BOTULINUM_TOXIN, [target], facts)
    return any(r.answer is Answer.BARRED and r.rule.muscles for r in rules)


def _unique(degree: NDArray[np.float64]) -> NDArray[np.float64]:
    """Drop repeated rows, the first one kept in its place."""
    seen: dict[bytes, int] = {}
    for index, row in enumerate(np.round(degree, 4)):
        seen.setdefault(row.tobytes(), index)
    return degree[sorted(seen.values())]


def _lid_weight(affected: Side, facts: Facts) -> tuple[RuleAnswer, ...]:
    target = (MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL, affected)
    return check_safety(Means.UPPER_LID_WEIGHT, [target], facts)
