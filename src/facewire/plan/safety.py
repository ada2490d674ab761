"""What is cleared, not cleared, or barred, from the facts given. Unknown is not cleared.

A rule names a fact. A known fact clears it or bars it; an unknown one leaves it not cleared, and
the answer says what to ask and how. Rules that rest on general practice bar like all others and
are shown as such.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from facewire.errors import UsageError
from facewire.face import SIDES, Side
from facewire.face.muscles import MuscleGroup
from facewire.plan.facts import Facts, Known, Value, fact_definitions
from facewire.plan.tables import STATUS_WORDS, load_table
from facewire.results.plan import Answer, Means, RuleAnswer, SidedMuscle, Status

SURGERY = (Means.SELECTIVE_NEURECTOMY, Means.DAO_MYECTOMY, Means.PLATYSMECTOMY)
WEAKENING = (Means.BOTULINUM_TOXIN, *SURGERY)
"""Means that weaken a muscle."""

_SETS = {"weakening": WEAKENING, "surgery": SURGERY}


_ORDER = tuple(Answer)

Target = tuple[MuscleGroup, Side]


def worst(answers: Iterable[Answer]) -> Answer:
    """Return the worst of several answers; of none, cleared."""
    return max(answers, key=_ORDER.index, default=Answer.CLEARED)


@dataclass(frozen=True)
class Rule:
    """One rule of safety or timing.

    Parameters
    ----------
    id : str
        Its name.
    means : tuple of Means
        What it speaks about.
    fact : str
        The fact that answers it.
    scope : str
        ``face`` for one answer, ``target`` for the sides that are treated, ``both`` for each side.
    why, source, status : str
        The reason, where it is from, and ``seen`` or ``recalled``.
    muscles : tuple of MuscleGroup
        The groups that it speaks about; empty for all.
    test : mapping
        ``clears`` (the answer that clears), or limits of a number: ``bars_below``, ``bars_from``,
        ``clears_from``, ``clears_below``; ``unmet`` where not meeting it does not bar.
    """

    id: str
    means: tuple[Means, ...]
    fact: str
    scope: str
    why: str
    source: str
    status: Status
    muscles: tuple[MuscleGroup, ...]
    test: Mapping[str, Any]

    def __post_init__(self) -> None:
        known = self.fact in fact_definitions() and self.scope in ("face", "target", "both")
        if not known or self.status not in STATUS_WORDS or not self.test:
            raise UsageError(f"The rule {self.id} of the plan's table is incomplete")


_TESTS = ("clears", "bars_below", "bars_from", "clears_from", "clears_below", "unmet")


@cache
def load_rules() -> tuple[Rule, ...]:
    """Return every rule of the table, checked."""
    return tuple(_rule(row) for row in load_table("rules.toml")["rule"])


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(
        row["id"],
        means_of(row["means"]),
        row["fact"],
        row["scope"],
        row["why"],
        row["source"],
        row["status"],
        tuple(MuscleGroup(name) for name in row.get("muscles", ())),
        {name: row[name] for name in _TESTS if name in row},
    )


def means_of(names: Iterable[str]) -> tuple[Means, ...]:
    """Return means by name; ``weakening`` and ``surgery`` stand for several."""
    found: list[Means] = []
    for name in names:
        found += _SETS[name] if name in _SETS else [Means(name)]
    return tuple(found)


@cache
def never_weakened() -> frozenset[MuscleGroup]:
    """Return the groups that are never proposed for weakening."""
    return frozenset(MuscleGroup(m) for m in load_table("rules.toml")["never"]["muscles"])


def target_rows(targets: Iterable[Target]) -> tuple[SidedMuscle, ...]:
    """Return groups and sides as rows of a plan."""
    return tuple(SidedMuscle(muscle=muscle, side=side) for muscle, side in targets)


def check_safety(means: Means, targets: Sequence[Target], facts: Facts) -> tuple[RuleAnswer, ...]:
    """Ask every rule that speaks about a means and what it would treat.

    Parameters
    ----------
    means : Means
        How it would be treated.
    targets : sequence of (MuscleGroup, Side)
        What would be treated; for means without a muscle, such as training, what it is for.
    facts : Facts
        What is known.

    Returns
    -------
    tuple of RuleAnswer
        In the order of the table.
    """
    found: list[RuleAnswer] = []
    for rule in load_rules():
        if means in rule.means:
            found += [answer_rule(rule, side, facts) for side in _sides(rule, targets)]
    return tuple(found)


def _sides(rule: Rule, targets: Sequence[Target]) -> tuple[Side | None, ...]:
    touched = [side for group, side in targets if not rule.muscles or group in rule.muscles]
    if rule.muscles and not touched:
        return ()
    if rule.scope == "both":
        return SIDES
    if not fact_definitions()[rule.fact].per_side:
        return (None,)
    return tuple(side for side in SIDES if side in touched)


def answer_rule(rule: Rule, side: Side | None, facts: Facts) -> RuleAnswer:
    """Return what a rule says about a side.

    What was stated counts before what was measured. Where the two contradict each other, it is
    not cleared.
    """
    known = facts.answers(rule.fact, side)
    if not known:
        words = fact_definitions()[rule.fact]
        found = f"not known: {words.question}"
        return _rule_answer(rule, side, Answer.NOT_CLEARED, found, missing=True)
    answer = _together([_judge(rule, each) for each in known], known)
    found = "; ".join(_words(rule, each) for each in known)
    return _rule_answer(rule, side, answer, found, missing=answer is Answer.NOT_CLEARED)


def _rule_answer(
    rule: Rule, side: Side | None, answer: Answer, found: str, *, missing: bool
) -> RuleAnswer:
    return RuleAnswer(
        rule=rule.id,
        side=side,
        answer=answer,
        found=found,
        why=rule.why,
        missing=rule.fact if missing else None,
        how_to_get_it=fact_definitions()[rule.fact].how if missing else "",
        source=rule.source,
        status=rule.status,
        status_words=STATUS_WORDS[rule.status],
    )


def _together(answers: Sequence[Answer], known: Sequence[Known]) -> Answer:
    stated = [a for a, k in zip(answers, known, strict=True) if k.source != "measured"]
    if not stated:
        return worst(answers)
    if worst(stated) is Answer.CLEARED and Answer.BARRED in answers:
        return Answer.NOT_CLEARED
    return worst(stated)


def _judge(rule: Rule, known: Known) -> Answer:
    unmet = Answer(rule.test.get("unmet", Answer.BARRED))
    if "clears" in rule.test:
        return Answer.CLEARED if known.value == rule.test["clears"] else unmet
    if _beyond(rule.test, float(known.value)):
        return unmet
    limits = (known.low, known.high)
    return Answer.CLEARED if all(_within(rule.test, x) for x in limits) else Answer.NOT_CLEARED


def _beyond(test: Mapping[str, Any], value: float) -> bool:
    below = "bars_below" in test and value < test["bars_below"]
    return bool(below or ("bars_from" in test and value >= test["bars_from"]))


def _within(test: Mapping[str, Any], value: float) -> bool:
    enough = "clears_from" not in test or value >= test["clears_from"]
    return bool(enough and ("clears_below" not in test or value < test["clears_below"]))


def _words(rule: Rule, known: Known) -> str:
    return f"{rule.fact.replace('_', ' ')} {_value_words(known)} ({known.source})"


def _value_words(known: Known) -> str:
    value: Value = known.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if math.isinf(value):
        return "never given"
    spread = "" if known.low == known.high else f" [{known.low:.1f}, {known.high:.1f}]"
    return f"{value:.1f}{spread}"
