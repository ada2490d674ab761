"""From the patterns of a face to what is tried, in the published order, with the reasons.

First facial training, then botulinum toxin, surgery where these do not satisfy. This is an order
of options to discuss, not advice for one person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from facewire.face import MOVEMENTS, SMILES, Side
from facewire.face.muscles import GROUP_INDEX, MuscleGroup
from facewire.plan.facts import Facts
from facewire.plan.objectives import excursions
from facewire.plan.safety import (
    Answer,
    Means,
    RuleAnswer,
    Target,
    check_safety,
    never_weakened,
    worst,
)
from facewire.plan.tables import load_table
from facewire.wiring import Edge, WiringModel, total_mm
from facewire.wiring.state import side_index
from facewire.words import mark

TIGHT_TONE = 0.05
"""Least activation at rest that is called tight, of the healthy side's full activation."""
MORE_PULL_MM = 1.0
"""Least difference of the sides in a smile that is called overactive."""


@dataclass(frozen=True)
class Step:
    """One way to treat a pattern.

    Parameters
    ----------
    means : Means
        Which.
    place : int
        1 is tried first.
    reason : str
        Why it stands here.
    targets : tuple of (MuscleGroup, Side)
        What it is for; never zygomaticus major where it weakens.
    rules : tuple of RuleAnswer
        What the safety rules say.
    """

    means: Means
    place: int
    reason: str
    targets: tuple[Target, ...]
    rules: tuple[RuleAnswer, ...]

    @property
    def answer(self) -> Answer:
        """The worst of the rules' answers."""
        return worst(rule.answer for rule in self.rules)


@dataclass(frozen=True)
class Option:
    """A pattern of this face and what is tried for it.

    Parameters
    ----------
    pattern : mapping
        Its row of the table.
    side : Side
        Where it is.
    evidence : tuple of str
        What shows it, in words.
    steps : tuple of Step
        In the published order.
    notes : tuple of str
        What a reader must know.
    """

    pattern: Mapping[str, Any]
    side: Side
    evidence: tuple[str, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]


def find_options(model: WiringModel, affected: Side, facts: Facts) -> tuple[Option, ...]:
    """Return the patterns of a face with their options, in the order of the table.

    Parameters
    ----------
    model : WiringModel
        The wiring; edges called present and the clinician's findings show a pattern.
    affected : Side
        The affected side.
    facts : Facts
        What is known, for the safety of each option.
    """
    found = []
    for pattern in load_table("options.toml")["pattern"]:
        side = affected.other if pattern.get("by") == "smile" else affected
        reached, evidence = _evidence(model, affected, pattern)
        if evidence:
            found.append(_option(pattern, side, (reached, evidence), facts))
    return tuple(found)


def _evidence(
    model: WiringModel, affected: Side, pattern: Mapping[str, Any]
) -> tuple[list[MuscleGroup], list[str]]:
    muscles = [MuscleGroup(name) for name in pattern["muscles"]]
    if pattern.get("by") == "tone":
        return _tight(model, affected, muscles)
    if pattern.get("by") == "smile":
        return _overactive(model, affected, muscles)
    edges = [e for e in model.edges if _shows(e, affected, pattern)]
    reached = [m for m in muscles if any(e.muscle is m for e in edges)]
    words = [
        f"inferred: {_plain(e.command)} reaches {_plain(e.muscle)}, "
        f"{e.percent:.0f} % [{e.ci_low:.0f}, {e.ci_high:.0f}]"
        for e in edges
    ]
    seen = _found(model, affected, pattern)
    return (reached or (muscles if seen else [])), words + seen


def _shows(edge: Edge, affected: Side, pattern: Mapping[str, Any]) -> bool:
    named = edge.command in pattern["commands"] and edge.muscle in pattern["muscles"]
    return named and edge.side is affected and edge.kind == "wrong" and edge.present is True


def _found(model: WiringModel, affected: Side, pattern: Mapping[str, Any]) -> list[str]:
    return [
        f"seen by the clinician: {_plain(f['finding'])}, grade {f['grade']} of 3"
        for f in model.findings
        if f.get("finding") == pattern.get("finding")
        and f.get("side") == affected
        and f.get("grade", 0) >= 1
    ]


def _tight(
    model: WiringModel, affected: Side, muscles: list[MuscleGroup]
) -> tuple[list[MuscleGroup], list[str]]:
    tone = model.state.tone[:, side_index(affected)]
    low, high = np.percentile(tone, [2.5, 97.5], axis=0)
    tight = [
        m
        for m in muscles
        if tone[:, GROUP_INDEX[m]].mean() >= TIGHT_TONE and low[GROUP_INDEX[m]] > 0
    ]
    words = [
        f"inferred: {_plain(m)} at {100 * tone[:, GROUP_INDEX[m]].mean():.0f} % at rest "
        f"[{100 * low[GROUP_INDEX[m]]:.0f}, {100 * high[GROUP_INDEX[m]]:.0f}]"
        for m in tight
    ]
    return tight, words


def _overactive(
    model: WiringModel, affected: Side, muscles: list[MuscleGroup]
) -> tuple[list[MuscleGroup], list[str]]:
    moved = excursions(total_mm(model.state)[None])[0]
    rows = [MOVEMENTS.index(m) for m in SMILES]
    more = moved[:, side_index(affected.other)] - moved[:, side_index(affected)]
    words = []
    for row in rows:
        low, high = np.percentile(more[:, row], [2.5, 97.5])
        if low > 0 and more[:, row].mean() >= MORE_PULL_MM:
            words.append(
                f"{_plain(MOVEMENTS[row])}: {more[:, row].mean():.1f} mm further "
                f"[{low:.1f}, {high:.1f}]"
            )
    return (muscles if words else []), words


def _option(
    pattern: Mapping[str, Any],
    side: Side,
    shown: tuple[list[MuscleGroup], list[str]],
    facts: Facts,
) -> Option:
    reached, evidence = shown
    weakened = tuple((m, side) for m in reached if m not in never_weakened())
    steps = [_step(Means.FACIAL_TRAINING, 1, tuple((m, side) for m in reached), facts)]
    if weakened:
        steps.append(_step(Means.BOTULINUM_TOXIN, 2, weakened, facts))
        for name in pattern["then"]:
            targets = surgical_targets(Means(name), weakened, affected=side)
            if targets:
                steps.append(_step(Means(name), 3, targets, facts))
    return Option(pattern, side, tuple(evidence), tuple(steps), _notes(pattern, reached))


def surgical_targets(
    means: Means, targets: tuple[Target, ...], *, affected: Side
) -> tuple[Target, ...]:
    """Return which of some targets an operation treats: muscles of its own, affected side only."""
    muscles = load_table("options.toml")["surgery"][means]
    return tuple(t for t in targets if t[0] in muscles and t[1] is affected)


_REASONS = {
    1: mark("tried first: teaches control, weakens nothing, can be stopped at any time"),
    2: mark("second: reversible, opens a window in which training is easier"),
    3: mark("last, where training and toxin do not satisfy: cannot be undone"),
}


def _step(means: Means, place: int, targets: tuple[Target, ...], facts: Facts) -> Step:
    return Step(means, place, _REASONS[place], targets, check_safety(means, targets, facts))


def _notes(pattern: Mapping[str, Any], reached: list[MuscleGroup]) -> tuple[str, ...]:
    notes = []
    never = [m for m in reached if m in never_weakened()]
    if never:
        reason = load_table("rules.toml")["never"]["reason"]
        notes.append(
            f"{_plain(never[0])} is part of this pattern and is never proposed for weakening: "
            f"{reason}"
        )
    if pattern.get("test"):
        notes.append(f"before it is called so: {pattern['test']}")
    return (*notes, pattern["note"]) if "note" in pattern else tuple(notes)


def _plain(name: str) -> str:
    return str(name).replace("_", " ")
