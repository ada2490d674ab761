"""What is cleared, not cleared, or barred, from the facts given. Unknown is not cleared.

A rule names a fact. A known fact clears it or bars it; an unknown one leaves it not cleared, and
the answer says what to ask and how. Rules that rest on general practice bar like all others and
are shown as such.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from facewire.errors import UsageError
from facewire.face import SIDES, Side
from facewire.face.muscles import UNITS, MuscleGroup
from facewire.results.safety import Answer, Means, RuleAnswer, SidedMuscle, Status
from facewire.safety.definitions import Value, fact_definitions
from facewire.safety.facts import Facts, Known
from facewire.safety.tables import STATUS_WORDS, load_rules_table

SURGERY = (
    Means.SELECTIVE_NEURECTOMY,
    Means.DAO_MYECTOMY,
    Means.PLATYSMECTOMY,
    Means.BUCCINATOR_MYECTOMY,
)
"""Operations that weaken a muscle for good."""
WEAKENING = (Means.BOTULINUM_TOXIN, *SURGERY)
"""Means that weaken a muscle."""

RECONSTRUCTION = (
    Means.UPPER_LID_WEIGHT,
    Means.TARSORRHAPHY,
    Means.CANTHOPLASTY,
    Means.CROSS_FACE_NERVE_GRAFT,
    Means.GRACILIS_TRANSFER,
    Means.NERVE_TRANSFER,
    Means.BROW_LIFT,
    Means.FACELIFT,
)
"""Operations that add or hold, and weaken nothing."""
INVASIVE = (*WEAKENING, *RECONSTRUCTION)

_SETS = {
    "weakening": WEAKENING,
    "surgery": SURGERY,
    "reconstruction": RECONSTRUCTION,
    "invasive": INVASIVE,
}

_ORDER = tuple(Answer)

Target = tuple[MuscleGroup, Side]
Aim = tuple[MuscleGroup | None, Side]
"""What a treatment is aimed at: None for what video sees no movement of."""
SCHEDULE = "schedule"
SCOPES = ("face", "target", "both", "other", "affected", SCHEDULE)


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
        ``face`` for one answer, ``target`` for the sides that are treated, ``both`` for each side,
        ``other`` and ``affected`` for what is treated there, ``schedule`` for a treatment among
        others on a time line.
    why, source, status : str
        The reason, where it is from, and ``seen`` or ``recalled``.
    muscles : tuple of MuscleGroup
        The groups that it speaks about; empty for all.
    test : mapping
        ``clears`` (the answer that clears), or limits of a number: ``bars_below``, ``bars_from``,
        ``clears_from``, ``clears_below``; ``unmet`` where not meeting it does not bar; or
        ``judge``, the question that more than one fact answers, with its ``months`` or
        ``many_times``.
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
        known = self.fact in fact_definitions() and self.scope in SCOPES
        if not known or self.status not in STATUS_WORDS or not self.test:
            raise UsageError(f"The rule {self.id} of the plan's table is incomplete")


_LIMITS = ("bars_below", "bars_from", "clears_from", "clears_below")
_TESTS = ("clears", *_LIMITS, "unmet", "judge", "months", "many_times")


@cache
def load_rules() -> tuple[Rule, ...]:
    """Return every rule of the table, checked."""
    return tuple(_rule(row) for row in load_rules_table()["rule"])


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
    return frozenset(MuscleGroup(m) for m in load_rules_table()["never"]["muscles"])


def target_rows(targets: Iterable[Target]) -> tuple[SidedMuscle, ...]:
    """Return groups and sides as rows of a plan."""
    return tuple(SidedMuscle(muscle=muscle, side=side) for muscle, side in targets)


def check_safety(means: Means, targets: Sequence[Aim], facts: Facts) -> tuple[RuleAnswer, ...]:
    """Ask every rule that speaks about a means and what it would treat.

    Parameters
    ----------
    means : Means
        How it would be treated.
    targets : sequence of (MuscleGroup or None, Side)
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
        if means in rule.means and rule.scope != SCHEDULE:
            found += _ask(rule, targets, facts)
    return tuple(found)


def _ask(rule: Rule, targets: Sequence[Aim], facts: Facts) -> list[RuleAnswer]:
    touched = [one for one in targets if not rule.muscles or one[0] in rule.muscles]
    if rule.muscles and not touched:
        return []
    if "judge" in rule.test:
        return JUDGES[rule.test["judge"]](rule, touched, facts)
    return [answer_rule(rule, side, facts) for side in _sides(rule, touched, facts)]


def _sides(rule: Rule, touched: Sequence[Aim], facts: Facts) -> tuple[Side | None, ...]:
    if rule.scope == "both":
        return SIDES
    affected = None if facts.face is None else facts.face.affected
    if rule.scope == "other" and affected is not None:
        touched = [one for one in touched if one[1] is not affected]
        if not touched:
            return ()
    if not fact_definitions()[rule.fact].per_side:
        return (None,)
    sides = {side for _, side in touched}
    return tuple(side for side in SIDES if side in sides)


def _side_confirmed(rule: Rule, _: Sequence[Aim], facts: Facts) -> list[RuleAnswer]:
    face = facts.face
    if face is None or face.affected is None or face.side_confirmed is None:
        return [unknown(rule, None)]
    if not face.side_confirmed:
        return [rule_answer(rule, None, Answer.BARRED, "left and right are not confirmed")]
    found = f"left and right confirmed, affected side {face.affected.word}"
    return [rule_answer(rule, None, Answer.CLEARED, found)]


def _affected_only(rule: Rule, touched: Sequence[Aim], facts: Facts) -> list[RuleAnswer]:
    if facts.face is None or facts.face.affected is None:
        return [unknown(rule, None)]
    affected, sides = facts.face.affected, {side for _, side in touched}
    found = {True: "the affected side", False: "the healthy side"}
    return [
        rule_answer(
            rule,
            side,
            Answer.CLEARED if side is affected else Answer(rule.test.get("unmet", Answer.BARRED)),
            found[side is affected],
        )
        for side in SIDES
        if side in sides
    ]


def _never(rule: Rule, touched: Sequence[Aim], _: Facts) -> list[RuleAnswer]:
    sides = {side for _, side in touched}
    found = "zygomaticus major would be weakened"
    return [rule_answer(rule, side, Answer.BARRED, found) for side in SIDES if side in sides]


EXAMINED: Mapping[MuscleGroup | None, tuple[str, Value]] = {
    MuscleGroup.DEPRESSOR_ANGULI_ORIS: ("test_block_dao", "good"),
    MuscleGroup.PLATYSMA: ("neck_bands", True),
    None: ("cheek_tight", True),
}
"""Acts that show a muscle where video cannot: the fact and the answer that says it is at work.
None stands for the buccinator, which no landmark shows."""


NOT_DONE = "none"
"""The answer of an act that nobody did."""


def examined(group: MuscleGroup | None, facts: Facts) -> tuple[bool, ...]:
    """Return whether acts showed a muscle at work; empty where none was done.

    Parameters
    ----------
    group : MuscleGroup or None
        None for the buccinator.
    facts : Facts
    """
    if group not in EXAMINED:
        return ()
    key, wanted = EXAMINED[group]
    done = [k.value for k in facts.answers(key, None) if k.value != NOT_DONE]
    return tuple(value == wanted for value in done)


def _wrong_wiring(rule: Rule, touched: Sequence[Aim], facts: Facts) -> list[RuleAnswer]:
    if facts.face is None or facts.face.affected is None:
        return [unknown(rule, None)]
    affected = facts.face.affected
    own = {group for group, side in touched if side is affected}
    units = [unit for unit in UNITS if own & set(unit)]
    found = [_one_unit(rule, unit, facts) for unit in units]
    return found + ([_one_unit(rule, (None,), facts)] if None in own else [])


def _one_unit(rule: Rule, unit: tuple[MuscleGroup | None, ...], facts: Facts) -> RuleAnswer:
    """Answer for a unit: one part that moves wrongly or is tight is enough."""
    face = facts.face
    name = " or ".join(str(group or "buccinator").replace("_", " ") for group in unit)
    told = [None if face is None or group is None else face.wrong.get(group) for group in unit]
    acts = [EXAMINED[group] for group in unit if group in EXAMINED]
    seen = [answer for group in unit for answer in examined(group, facts)]
    side = None if face is None else face.affected
    if True in told or True in seen:
        words = "moves where it should not, or is tight" if True in told else "shown by an act"
        return rule_answer(rule, side, Answer.CLEARED, f"{name}: {words}")
    if seen:
        return rule_answer(rule, side, Answer.BARRED, f"{name}: an act spoke against it")
    if all(one is False for one in told) and not acts:
        words = f"{name}: no movement reaches it that should not, and it is not tight"
        return rule_answer(rule, side, Answer.BARRED, words)
    missing = acts[0][0] if acts else rule.fact
    return unknown(rule, side, missing, about=f"{name}: ")


def _eye_protected(rule: Rule, touched: Sequence[Aim], facts: Facts) -> list[RuleAnswer]:
    affected = None if facts.face is None else facts.face.affected
    sides = {side for _, side in touched} & ({affected} if affected else set(SIDES))
    return [_one_eye(rule, side, facts) for side in SIDES if side in sides]


def _one_eye(rule: Rule, side: Side, facts: Facts) -> RuleAnswer:
    gap_rule = next(one for one in load_rules() if one.id == "closure_gap")
    gap = answer_rule(gap_rule, side, facts)
    if gap.answer is Answer.CLEARED:
        return rule_answer(rule, side, Answer.CLEARED, f"the eye closes: {gap.found}")
    own = facts.answers(rule.fact, side)
    if own:
        answer = Answer.CLEARED if all(one.value is True for one in own) else Answer.BARRED
        words = f"{gap.found}; {rule.fact.replace('_', ' ')} {_value_words(own[-1])}"
        return rule_answer(rule, side, answer, words)
    return unknown(rule, side, rule.fact if facts.answers(gap_rule.fact, side) else gap_rule.fact)


JUDGES: Mapping[str, Callable[[Rule, Sequence[Aim], Facts], list[RuleAnswer]]] = {
    "side_confirmed": _side_confirmed,
    "affected_only": _affected_only,
    "never": _never,
    "wrong_wiring": _wrong_wiring,
    "eye_protected": _eye_protected,
}


def unknown(
    rule: Rule, side: Side | None, fact: str | None = None, *, about: str = ""
) -> RuleAnswer:
    """Return the answer of a rule whose fact is not known: not cleared, and what to ask.

    Parameters
    ----------
    rule : Rule
    side : Side or None
    fact : str, optional
        The fact to ask for, where it is another than the rule's own.
    about : str, optional
        What it is asked of, before the question.
    """
    name = fact or rule.fact
    found = f"{about}not known: {fact_definitions()[name].question}"
    return rule_answer(rule, side, Answer.NOT_CLEARED, found, missing=name)


def answer_rule(rule: Rule, side: Side | None, facts: Facts) -> RuleAnswer:
    """Return what a rule says about a side.

    What was stated counts before what was measured. Where the two contradict each other, it is
    not cleared.
    """
    known = facts.answers(rule.fact, side)
    if not known:
        return unknown(rule, side, about=facts.aged.get((rule.fact, side), ""))
    answer = _together([_judge(rule, each) for each in known], known)
    found = "; ".join(_words(rule, each) for each in known)
    missing = rule.fact if answer is Answer.NOT_CLEARED else None
    return rule_answer(rule, side, answer, found, missing=missing)


def rule_answer(
    rule: Rule, side: Side | None, answer: Answer, found: str, *, missing: str | None = None
) -> RuleAnswer:
    """Return what a rule says, with its reason and source.

    Parameters
    ----------
    rule : Rule
    side : Side or None
        The side asked about.
    answer : Answer
    found : str
        What it rests on.
    missing : str, optional
        The fact to ask for.
    """
    return RuleAnswer(
        rule=rule.id,
        side=side,
        answer=answer,
        found=found,
        why=rule.why,
        missing=missing,
        how_to_get_it=fact_definitions()[missing].how if missing else "",
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
    source = f"{known.source}: {known.origin}" if known.origin else known.source
    return f"{rule.fact.replace('_', ' ')} {_value_words(known)} ({source})"


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
