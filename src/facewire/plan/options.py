"""From the patterns of a face to what is tried, in the published order, with the reasons.

First facial training, then botulinum toxin, surgery where these do not satisfy. This is an order
of options to discuss, not advice for one person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import Region, Side
from facewire.face.muscles import GROUP_INDEX, ORBICULARIS_OCULI, MuscleGroup
from facewire.plan.sensitivity import ONE_MUSCLE
from facewire.plan.tables import load_table
from facewire.plan.telling import cost_unseen_in
from facewire.results.estimate import Estimate, Kind, Unit
from facewire.results.plan import Option, Step
from facewire.results.safety import Means
from facewire.results.stage import RestingFace, Stage, StageName
from facewire.results.wiring import Edge, MeasuredPattern, Wiring
from facewire.safety.definitions import fact_definitions
from facewire.safety.face import tight_groups
from facewire.safety.facts import WEAKENED, Facts
from facewire.safety.person import Person
from facewire.safety.rules import (
    Target,
    check_safety,
    never_weakened,
    target_rows,
    worst,
)
from facewire.safety.stage import weakens, zones_of
from facewire.safety.tables import STATUS_WORDS, load_rules_table
from facewire.wiring.state import side_index
from facewire.words import mark

FloatArray = NDArray[np.float64]

WHICH_MUSCLE = mark(
    "measured, and which muscle does it cannot be told from these data: nothing is offered to "
    "weaken until that is known"
)
LESS_SHARE = 0.8
"""A smile whose whole interval lies under this part of the other side's is clearly less."""


def find_options(
    person: Person, facts: Facts, stage: Stage | None, rest: RestingFace | None = None
) -> tuple[Option, ...]:
    """Return the patterns of a face with their options, in the order of the table.

    Parameters
    ----------
    person : Person
        Edges called present and the clinician's findings show a pattern.
    facts : Facts
        What is known, for the safety of each option.
    stage : Stage or None
        Where nothing is weakened, the other side and tightness at rest are no pattern; None: both
        are.
    rest : RestingFace or None
        What is known of the face at rest.
    """
    found = []
    for pattern in load_table("options.toml")["pattern"]:
        if stage is not None and not _fits(pattern.get("by"), stage):
            continue
        side = person.affected.other if pattern.get("by") == "smile" else person.affected
        reached, evidence = _evidence(person, pattern, facts)
        if pattern.get("by") == "tone":
            reached, evidence = _with_rest((reached, evidence), rest)
        held = stage is not None and _may_be_held(person, stage)
        if pattern["id"] == HELD and held and not evidence:
            reached, evidence = [MuscleGroup(pattern["muscles"][0])], [MAY_BE_HELD]
        if evidence:
            found.append(_option(pattern, side, (reached, evidence), facts, person.wiring))
    return tuple(found)


def _may_be_held(person: Person, stage: Stage) -> bool:
    """Whether a corner may be held back: of a mouth that nobody saw only where it is stated."""
    seen = "mouth" in zones_of(person) or stage.confirmed is StageName.RESTRICTED
    return seen and StageName.RESTRICTED in stage.possible


def _fits(by: str | None, stage: Stage) -> bool:
    """Whether a pattern is one in these stages: the plan tells rest and smile in any of them."""
    if by == "smile":
        return weakens(stage)
    return by != "tone" or bool(set(stage.possible) & set(WEAKENED))


def _evidence(
    person: Person, pattern: Mapping[str, Any], facts: Facts
) -> tuple[list[MuscleGroup], list[str]]:
    muscles = [MuscleGroup(name) for name in pattern["muscles"]]
    if pattern.get("by") == "tone":
        return _tight(person, muscles)
    if pattern.get("by") == "smile":
        return _overactive(person, muscles)
    if pattern.get("by") == "act":
        return [], _acted(facts, pattern["fact"])
    if pattern.get("by") == "left_over":
        return [], _measured_words(_left_over(person))
    edges = [e for e in person.wiring.edges if _shows(e, person.affected, pattern)]
    unions = [
        u
        for u in person.wiring.unions
        if u.present
        and u.side is person.affected
        and u.command in pattern["commands"]
        and 2 * len(set(u.muscles) & set(muscles)) > len(u.muscles)
        and not any(e.command is u.command and e.muscle in u.muscles for e in edges)
    ]
    measured = [one for one in person.wiring.measured if _is_of(one, person.affected, pattern)]
    words = [
        f"inferred: {_spaced(e.command)} reaches {_spaced(e.muscle)}, "
        f"{e.percent:.0f} % [{e.ci_low:.0f}, {e.ci_high:.0f}]"
        for e in edges
    ]
    words += [
        f"inferred: {_spaced(u.command)} reaches {_spaced(u.union)}, one or another part, "
        f"{u.percent:.0f} % [{u.ci_low:.0f}, {u.ci_high:.0f}]"
        for u in unions
    ]
    seen = _found(person, pattern)
    if pattern["id"] in BY_ACT:
        seen += _acted(facts, BY_ACT[pattern["id"]])
    reached = {e.muscle for e in edges}
    reached |= {m for u in unions if u.union == ONE_MUSCLE for m in u.muscles}
    if seen:
        reached = reached or set(muscles)
    if any(one.region is Region.EYE for one in measured):
        reached = reached or set(ORBICULARIS_OCULI)
    return [m for m in muscles if m in reached], words + _measured_words(measured) + seen


HELD = "frozen_smile"
MAY_BE_HELD = mark("the corner of the mouth may be held back: a test block tells")
BY_ACT = {"platysmal": "neck_bands", "frozen_smile": "test_block_dao"}
"""Patterns that an act shows, besides the wiring."""


def _acted(facts: Facts, fact: str) -> list[str]:
    """Return what an act showed, in words; empty where it did not or was not done."""
    shown = [one.value for one in facts.answers(fact, None) if one.value in (True, "good")]
    words = fact_definitions()[fact].question.removesuffix("?")
    return [f"examined: {words}: {'yes' if one is True else one}" for one in shown]


def _is_of(one: MeasuredPattern, affected: Side, pattern: Mapping[str, Any]) -> bool:
    """Whether a pattern of the map is the one named; a chin's side is the affected one."""
    here = one.side is affected or one.region is Region.CHIN
    return here and one.movement in pattern["commands"] and one.region in pattern.get("regions", ())


def _left_over(person: Person) -> list[MeasuredPattern]:
    """Return what the map shows on the affected side and no named pattern takes."""
    named = load_table("options.toml")["pattern"]
    return [
        one
        for one in person.wiring.measured
        if one.side is person.affected
        and not any(_is_of(one, person.affected, pattern) for pattern in named)
    ]


def _measured_words(measured: Sequence[MeasuredPattern]) -> list[str]:
    return [
        f"measured: {_spaced(one.movement)} moves the {_spaced(one.region)} by "
        f"{abs(one.change_mm):.1f} mm without being asked"
        for one in measured
    ]


def _shows(edge: Edge, affected: Side, pattern: Mapping[str, Any]) -> bool:
    named = edge.command in pattern["commands"] and edge.muscle in pattern["muscles"]
    return named and edge.side is affected and edge.kind == "wrong" and edge.names_its_muscle


def _found(person: Person, pattern: Mapping[str, Any]) -> list[str]:
    return [
        f"seen by the clinician: {_spaced(f.finding)}, grade {f.grade} of 3"
        for f in person.wiring.findings
        if f.finding == pattern.get("finding") and f.side is person.affected and f.grade >= 1
    ]


def _tight(person: Person, muscles: list[MuscleGroup]) -> tuple[list[MuscleGroup], list[str]]:
    tone = person.state.tone[:, side_index(person.affected)]
    tight = [m for m in muscles if m in tight_groups(person.state, person.affected)]
    words = []
    for muscle in tight:
        found = _simulated(100.0 * tone[:, GROUP_INDEX[muscle]], "%")
        words.append(
            f"inferred: {_spaced(muscle)} at {found.value:.0f} % at rest "
            f"[{found.low:.0f}, {found.high:.0f}]"
        )
    return tight, words


PART_WORDS = {
    "eye": mark("the eye is narrower than the other at rest"),
    "fold": mark("the fold between nose and mouth is deeper than the other at rest"),
    "corner": mark("the corner of the mouth is pulled up or out at rest"),
}


def _with_rest(
    shown: tuple[list[MuscleGroup], list[str]], rest: RestingFace | None
) -> tuple[list[MuscleGroup], list[str]]:
    """Add what the face at rest shows; orbicularis oculi is the one muscle that narrows an eye.

    Which muscle deepens a fold or pulls a corner is not told by either.
    """
    reached, evidence = shown
    if rest is None:
        return shown
    tight = [one for one in rest.parts if one.says == "tight"]
    evidence = [PART_WORDS[one.part] for one in tight] + evidence
    if any(one.part == "eye" for one in tight):
        reached = [*ORBICULARIS_OCULI, *(m for m in reached if m not in ORBICULARIS_OCULI)]
    return reached, evidence


def _overactive(person: Person, muscles: list[MuscleGroup]) -> tuple[list[MuscleGroup], list[str]]:
    """Return what evens a smile on the other side, where the affected one credibly moves less."""
    share = zones_of(person).get("mouth")
    if share is None:
        return [], []
    found = _simulated(100.0 * share, "%")
    if found.high >= 100.0 * LESS_SHARE:
        return [], []
    return muscles, [
        f"smile: {found.value:.0f} % of the other side [{found.low:.0f}, {found.high:.0f}]"
    ]


def _simulated(draws: FloatArray, unit: Unit) -> Estimate:
    found = Estimate.from_draws(draws, unit, Kind.SIMULATED)
    if found is None:
        raise UsageError("The draws of the wiring are damaged", do="infer the wiring again")
    return found


def _option(
    pattern: Mapping[str, Any],
    side: Side,
    shown: tuple[list[MuscleGroup], list[str]],
    facts: Facts,
    wiring: Wiring,
) -> Option:
    reached, evidence = shown
    weakened = tuple((m, side) for m in reached if m not in never_weakened())
    unseen = [cost_unseen_in(muscle, wiring) for muscle, _ in weakened]
    notes = (*_notes(pattern, reached, facts), *dict.fromkeys(text for text in unseen if text))
    steps = []
    if pattern.get("by") != "smile":  # what moves too much there is no muscle to train
        steps = [_step(Means.FACIAL_TRAINING, 1, tuple((m, side) for m in reached), facts)]
    if pattern.get("by") == "act":
        steps.append(_unseen_step(side, facts))
    if weakened:
        steps.append(_step(Means.BOTULINUM_TOXIN, 2, weakened, facts))
        for name in pattern["then"]:
            targets = surgical_targets(Means(name), weakened, affected=side)
            if targets:
                steps.append(_step(Means(name), 3, targets, facts))
    return Option(
        pattern=pattern["id"],
        name=pattern["name"],
        words=pattern["words"],
        side=side,
        evidence=tuple(evidence),
        steps=tuple(steps),
        notes=notes if reached or pattern.get("by") == "act" else (*notes, WHICH_MUSCLE),
        status=pattern["status"],
        status_words=STATUS_WORDS[pattern["status"]],
    )


def surgical_targets(
    means: Means, targets: tuple[Target, ...], *, affected: Side
) -> tuple[Target, ...]:
    """Return which of some targets an operation treats: muscles of its own, affected side only."""
    muscles = load_table("options.toml")["surgery"].get(means, ())
    return tuple(t for t in targets if t[0] in muscles and t[1] is affected)


_REASONS = {
    1: mark("tried first: teaches control, weakens nothing, can be stopped at any time"),
    2: mark("second: reversible, opens a window in which training is easier"),
    3: mark("last, where training and toxin do not satisfy: cannot be undone"),
}


def _step(means: Means, place: int, targets: tuple[Target, ...], facts: Facts) -> Step:
    rules = check_safety(means, targets, facts)
    return Step(
        place=place,
        means=means,
        words=load_table("options.toml")["means"][means],
        reason=_REASONS[place],
        targets=target_rows(targets),
        answer=worst(rule.answer for rule in rules),
        safety=rules,
    )


def _unseen_step(side: Side, facts: Facts) -> Step:
    """Return toxin for a muscle that no landmark shows: asked about, never simulated."""
    rules = check_safety(Means.BOTULINUM_TOXIN, [(None, side)], facts)
    return Step(
        place=2,
        means=Means.BOTULINUM_TOXIN,
        words=load_table("options.toml")["means"][Means.BOTULINUM_TOXIN],
        reason=_REASONS[2],
        targets=(),
        answer=worst(rule.answer for rule in rules),
        safety=rules,
    )


def _notes(pattern: Mapping[str, Any], reached: list[MuscleGroup], facts: Facts) -> tuple[str, ...]:
    notes = []
    never = [m for m in reached if m in never_weakened()]
    if never:
        reason = load_rules_table()["never"]["reason"]
        notes.append(
            f"{_spaced(never[0])} is part of this pattern and is never proposed for weakening: "
            f"{reason}"
        )
    if pattern.get("test") and not _acted(facts, BY_ACT[pattern["id"]]):
        notes.append(pattern["test"])
    return (*notes, pattern["note"]) if "note" in pattern else tuple(notes)


def _spaced(name: str) -> str:
    return str(name).replace("_", " ")
