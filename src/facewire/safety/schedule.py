"""Treatments on one time line: each asked on its day, with what came before it.

A treatment before day 0 is history: it counts for what comes after and is not judged itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from facewire.errors import UsageError
from facewire.face import SIDES, Side
from facewire.face.muscles import MuscleGroup
from facewire.results.safety import Answer, Means, RuleAnswer, TreatmentCheck
from facewire.safety.definitions import fact_definitions
from facewire.safety.facts import DAYS_PER_MONTH, FactKey, Facts, Known
from facewire.safety.rules import (
    RECONSTRUCTION,
    SCHEDULE,
    SURGERY,
    Aim,
    Rule,
    check_safety,
    load_rules,
    rule_answer,
    unknown,
    worst,
)
from facewire.safety.tables import load_rules_table

SAME_ONSET_MONTHS = 1.0
"""Two statements of the onset that differ by more contradict each other."""


@dataclass(frozen=True)
class Act:
    """One treatment on one day, as the rules see it.

    Parameters
    ----------
    day : int
        Day 0 is the measurement; earlier ones are history.
    means : Means
    side : Side
    what : str
        The muscle or the operation, as it was given.
    muscles : tuple of MuscleGroup or None
        What it acts on; None for a muscle that video does not see; empty for none.
    product : str or None
        Of a toxin; None where it was not named.
    units : float or None
        Units of that product, all sites together.
    sites : int or None
    """

    day: int
    means: Means
    side: Side
    what: str
    muscles: tuple[MuscleGroup | None, ...] = ()
    product: str | None = None
    units: float | None = None
    sites: int | None = None

    @property
    def aims(self) -> tuple[Aim, ...]:
        """What it is aimed at, with its side."""
        return tuple((muscle, self.side) for muscle in self.muscles) or ((None, self.side),)

    def meets(self, other: Act) -> bool:
        """Whether it acts on a muscle of the other one, on the same side."""
        return self.side is other.side and bool(set(self.muscles) & set(other.muscles))


@dataclass(frozen=True)
class DoseLimit:
    """Most units of one product within a number of days, as its label prints it."""

    product: str
    units: float
    days: int
    target: str
    source: str
    status: str


def outlived(facts: Facts, days: int) -> tuple[str, ...]:
    """Return what a time line must say where a face is flaccid on day 0: later nobody knows.

    Parameters
    ----------
    facts : Facts
        With what the stage says beside them.
    days : int
        Length of the time line.
    """
    ages = fact_definitions()["flaccid_stage"].ages
    if ages is None or not _aged(("flaccid_stage", None), days, facts):
        return ()
    words = (
        f"Flaccid on day 0, which counts for {ages.days} days: after them the face may have begun "
        "to move or not. Recovery of its own is not simulated: look and measure again before "
        "anything rests on a later day."
    )
    return (words,)


@cache
def dose_limits() -> tuple[DoseLimit, ...]:
    """Return the labels' limits over time."""
    return tuple(DoseLimit(**row) for row in load_rules_table()["limit"])


def check_schedule(
    acts: Sequence[Act], facts: Facts, onset_day: int | None = None
) -> tuple[TreatmentCheck, ...]:
    """Ask the rules about every treatment from day 0 on.

    Parameters
    ----------
    acts : sequence of Act
        In any order.
    facts : Facts
        As they were on day 0.
    onset_day : int, optional
        Day of the injury, where the time line states it.

    Raises
    ------
    UsageError
        The facts and the time line contradict each other.
    """
    known = _with_onset(facts, onset_day)
    _check_history(acts, known)
    ordered = sorted(acts, key=lambda act: act.day)
    return tuple(_check(act, ordered, known) for act in ordered if act.day >= 0)


def _check(act: Act, acts: Sequence[Act], facts: Facts) -> TreatmentCheck:
    rules = check_safety(act.means, act.aims, _on_day(act.day, acts, facts))
    for rule in load_rules():
        if rule.scope == SCHEDULE and act.means in rule.means:
            rules += tuple(_JUDGES[rule.test["judge"]](rule, act, acts))
    return TreatmentCheck(
        day=act.day,
        means=act.means,
        side=act.side,
        what=act.what,
        answer=worst(rule.answer for rule in rules),
        safety=rules,
    )


def _with_onset(facts: Facts, onset_day: int | None) -> Facts:
    if onset_day is None:
        return facts
    months = -onset_day / DAYS_PER_MONTH
    stated = facts.answers("months_since_onset", None)
    for one in stated:
        if abs(float(one.value) - months) > SAME_ONSET_MONTHS:
            raise UsageError(
                "The facts and the treatments contradict each other",
                expected="one onset of the palsy",
                found=f"{one.value:.1f} months ago in the facts, {months:.1f} in the time line",
                do="correct one of them",
            )
    if stated:
        return facts
    return facts.with_answers([(("months_since_onset", None), _months(months))])


def _check_history(acts: Iterable[Act], facts: Facts) -> None:
    never = any(one.value is False for one in facts.answers("toxin_ever", None))
    past = [act for act in acts if act.day < 0 and act.means is Means.BOTULINUM_TOXIN]
    if never and past:
        raise UsageError(
            "The facts and the treatments contradict each other",
            found=f"toxin_ever is false, and a course of toxin lies on day {past[0].day}",
            do="correct one of them",
        )


def _months(low: float, high: float | None = None) -> Known:
    top = low if high is None else high
    return Known(low, low, top, "worked out")


def _on_day(day: int, acts: Sequence[Act], facts: Facts) -> Facts:
    """Return the facts as they are on a day: later since the onset, with what came between."""
    passed = day / DAYS_PER_MONTH
    known = dict(facts.known)
    place: FactKey = ("months_since_onset", None)
    if place in known:
        known[place] = tuple(_later(one, passed) for one in known[place])
    earlier = [act for act in acts if act.day < day]
    for side in SIDES:
        known |= _toxin_by_then(side, day, earlier, facts)
    affected = None if facts.face is None else facts.face.affected
    if affected is not None and any(act.side is affected for act in earlier):
        known["affected_side_treated", None] = (Known(value=True, source="worked out"),)
    aged = {place: words for place in known if (words := _aged(place, day, facts))}
    operated = [act.day for act in earlier if act.means in (*SURGERY, *RECONSTRUCTION)]
    if operated:
        known, aged = _healing(day - max(operated), known, aged)
    return replace(facts, known={p: one for p, one in known.items() if p not in aged}, aged=aged)


_HEALING: FactKey = ("early_after_surgery", None)


def _healing(
    since: int, known: dict[FactKey, tuple[Known, ...]], aged: dict[FactKey, str]
) -> tuple[dict[FactKey, tuple[Known, ...]], dict[FactKey, str]]:
    """Return what an operation of the time line leaves: a wound, then a question."""
    ages = fact_definitions()[_HEALING[0]].ages
    if ages is not None and since <= ages.days:
        words = Known(value=True, source="worked out", origin=f"operated {since} days before")
        return known | {_HEALING: (words,)}, {p: w for p, w in aged.items() if p != _HEALING}
    return known, aged | {_HEALING: f"operated {since} days before: ask whether it has healed; "}


def _aged(place: FactKey, day: int, facts: Facts) -> str:
    """Say why an answer counts no more on a day; empty where it does.

    A stage is evidence of a day: later the face may have left it, and nobody has looked.
    """
    ages = fact_definitions()[place[0]].ages
    if ages is None or day <= ages.days:
        return ""
    if not any(one.value == ages.answer for one in facts.answers(*place)):
        return ""
    name = place[0].replace("_", " ")
    said = "yes" if ages.answer is True else "no"
    return (
        f"{name} {said} is of day 0 and counts for {ages.days} days ({ages.why}): on day {day} "
        "look and measure again; "
    )


def _later(one: Known, passed: float) -> Known:
    value = float(one.value) + passed
    return replace(one, value=value, low=one.low + passed, high=one.high + passed)


def _toxin_by_then(
    side: Side, day: int, earlier: Sequence[Act], facts: Facts
) -> dict[FactKey, tuple[Known, ...]]:
    """Return the months since the last toxin on a side, as far as they can be known."""
    place: FactKey = ("months_since_toxin", side)
    passed = day / DAYS_PER_MONTH
    own = [a for a in earlier if a.means is Means.BOTULINUM_TOXIN and a.side is side]
    stated = [_later(one, passed) for one in facts.known.get(place, ())]
    if not own:
        return {place: tuple(stated)} if stated else {}
    last = (day - max(act.day for act in own)) / DAYS_PER_MONTH
    before = min((float(one.value) for one in stated), default=max(passed, 0.0))
    low = last if max(act.day for act in own) >= 0 else min(last, before)
    return {place: (_months(min(low, last), last),)}


def _one_product(rule: Rule, act: Act, acts: Sequence[Act]) -> list[RuleAnswer]:
    if act.product is None:
        return [unknown(rule, act.side)]
    reach = rule.test["months"] * DAYS_PER_MONTH
    near = [a for a in acts if a.means is act.means and abs(a.day - act.day) < reach]
    others = [a for a in near if a.product != act.product]
    if not others:
        return [rule_answer(rule, act.side, Answer.CLEARED, f"{act.product} alone")]
    first = others[0]
    if first.product is None:
        return [unknown(rule, act.side)]
    words = f"{act.product} on day {act.day}, {first.product} on day {first.day}"
    return [rule_answer(rule, act.side, Answer.BARRED, words)]


def _one_a_day(rule: Rule, act: Act, acts: Sequence[Act]) -> list[RuleAnswer]:
    same = [a for a in acts if a is not act and a.day == act.day and a.meets(act)]
    if not same:
        return [rule_answer(rule, act.side, Answer.CLEARED, "no other treatment of it that day")]
    words = f"also on day {act.day}: {same[0].means.replace('_', ' ')}, {same[0].what}"
    return [rule_answer(rule, act.side, Answer.BARRED, words)]


def _label_total(rule: Rule, act: Act, acts: Sequence[Act]) -> list[RuleAnswer]:
    if act.units is None:
        return [unknown(rule, None)]
    limits = [limit for limit in dose_limits() if limit.product == act.product]
    if limits:
        return [_one_limit(rule, limit, act, acts) for limit in limits]
    largest = max(dose_limits(), key=lambda limit: limit.units)
    total = sum(a.units or 0.0 for a in _within(largest.days, act, acts))
    most = rule.test["many_times"] * largest.units
    if total > most:
        words = (
            f"{total:g} units of {act.product or 'a product that is not named'} within "
            f"{largest.days} days: more than {most:g}"
        )
        return [rule_answer(rule, None, Answer.BARRED, words)]
    if act.product is None:
        return [unknown(rule, None)]
    words = f"no limit of {act.product} over time was seen in its label"
    return [rule_answer(rule, None, Answer.NOT_CLEARED, words)]


def _within(days: int, act: Act, acts: Sequence[Act]) -> list[Act]:
    """Return the courses of the same product that count together with one, itself included."""
    return [
        a
        for a in acts
        if a.means is act.means and a.product == act.product and act.day - days < a.day <= act.day
    ]


def _one_limit(rule: Rule, limit: DoseLimit, act: Act, acts: Sequence[Act]) -> RuleAnswer:
    given = _within(limit.days, act, acts)
    total = sum(a.units for a in given if a.units is not None)
    words = f"{total:g} units of {limit.product} within {limit.days} days ({limit.target})"
    if total > limit.units:
        return rule_answer(rule, None, Answer.BARRED, f"{words}: more than {limit.units:g}")
    if any(a.units is None for a in given):
        return unknown(rule, None)
    return rule_answer(rule, None, Answer.CLEARED, f"{words}: at most {limit.units:g}")


def _units_a_site(rule: Rule, act: Act, _: Sequence[Act]) -> list[RuleAnswer]:
    if act.units is None or act.sites is None:
        return [unknown(rule, act.side)]
    seen: Mapping[str, float] = load_rules_table()["most_a_site"]
    most, a_site = seen.get(act.product or "", math.nan), act.units / act.sites
    name = act.product or "a product that is not named"
    if a_site >= rule.test["many_times"] * max(seen.values()):
        words = f"{a_site:g} units of {name} a site, most seen of any {max(seen.values()):g}"
        return [rule_answer(rule, act.side, Answer.BARRED, words)]
    if act.product is None:
        return [unknown(rule, act.side)]
    if math.isnan(most):
        words = f"no units a site of {act.product} were seen in a series of synkinesis"
        return [rule_answer(rule, act.side, Answer.NOT_CLEARED, words)]
    words = f"{a_site:g} units of {act.product} a site, most seen {most:g}"
    answer = Answer.CLEARED if a_site <= most else Answer(rule.test["unmet"])
    return [rule_answer(rule, act.side, answer, words)]


_JUDGES: Mapping[str, Callable[[Rule, Act, Sequence[Act]], list[RuleAnswer]]] = {
    "one_product": _one_product,
    "one_a_day": _one_a_day,
    "label_total": _label_total,
    "units_a_site": _units_a_site,
}
