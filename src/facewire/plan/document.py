"""The plan as a file, ``facewire.plan/1``, and reading the facts file that it was asked with."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from facewire.errors import UsageError
from facewire.face import SIDES, Side
from facewire.plan.candidates import Candidate, MeansCheck, Weakening, risks_of
from facewire.plan.facts import FactDefinition, Facts, Known, fact_definitions, parse_facts
from facewire.plan.literature import NOTE, literature_for
from facewire.plan.objectives import MEANING, OBJECTIVES
from facewire.plan.options import Option, Step
from facewire.plan.planning import HEALTHY, Plan
from facewire.plan.predict import Interval, MovementChange, ObjectiveChange
from facewire.plan.preferences import Preferences, parse_preferences
from facewire.plan.safety import Answer, RuleAnswer, Target, never_weakened
from facewire.plan.search import target_of
from facewire.plan.sensitivity import DEGREE_STEP_PERCENT, Doubt, Sensitivity
from facewire.plan.tables import STATUS_WORDS, load_table
from facewire.version import facewire_version
from facewire.words import mark

SCHEMA = "facewire.plan/1"

STATEMENT = mark(
    "Simulated from an inferred wiring. For discussion between professionals; not a prescription. "
    "Degrees are parts of a muscle's force, 0 to 100 %, never units of a product."
)

LIMITS = (
    mark(
        "Consistency of a model with itself, not clinical validity: no plan was compared with a "
        "treated patient."
    ),
    mark(
        "The model knows no reserve of lid closure, no spread to neighbouring muscles, no learning "
        "and no wearing off. Its intervals hold the uncertainty of the wiring, not that of how a "
        "treatment takes."
    ),
    mark(
        "Video does not see the platysma, chin skin, cheek tightness, tearing or hearing. What the "
        "clinician did not enter is not assessed, which is not normal."
    ),
    mark(
        "A corner of the mouth that rises too little may be weak or held back: video cannot tell."
    ),
    mark(
        "Unknown facts count as not cleared. Cleared means that no rule here speaks against it, "
        "nothing more."
    ),
)

ANSWER_WORDS = {
    Answer.CLEARED: "cleared: no rule here speaks against it",
    Answer.NOT_CLEARED: "not cleared: something is not known",
    Answer.BARRED: "barred by a rule",
}


def read_facts(path: Path) -> tuple[Facts, Preferences]:
    """Read facts and preferences from a TOML file.

    Parameters
    ----------
    path : Path
        With the tables ``facts`` and ``preferences`` and the list ``toxin_given``, each optional.

    Raises
    ------
    UsageError
        The file cannot be read or holds something that cannot be used.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The facts file {path.name} cannot be read",
            expected="a TOML file with [facts], [preferences], [[toxin_given]]",
            found=str(error),
        ) from error
    unknown = sorted(set(document) - {"facts", "preferences", "toxin_given"})
    if unknown:
        raise UsageError(
            f"The facts file has a part that is not known: {unknown[0]}",
            expected="[facts], [preferences], [[toxin_given]]",
            found=", ".join(unknown),
        )
    return parse_facts(document), parse_preferences(document)


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return a plan in its published form.

    Parameters
    ----------
    plan : Plan
        What `make_plan` returned.

    Returns
    -------
    dict
        JSON values, ``facewire.plan/1``.
    """
    affected = plan.model.affected_side
    sides = () if affected is None else (affected, affected.other)
    return {
        "schema": SCHEMA,
        "kind": "simulated",
        "statement": STATEMENT,
        "facewire": facewire_version(),
        "source": dict(plan.model.source),
        "affected_side": None if affected is None else str(affected),
        "side_confirmed": plan.model.side_confirmed,
        "nothing_to_plan": HEALTHY if affected is None else "",
        "order": dict(load_table("options.toml")["order"]),
        "objectives": _objectives(plan),
        "options": [_option(option) for option in plan.options],
        "candidates": [_candidate(i, c, sides) for i, c in enumerate(plan.candidates, 1)],
        "front": _front(plan, affected),
        "never_weakened": [_never(group) for group in sorted(never_weakened())],
        "eye_closure": [dict(row) for row in plan.closure],
        "lid_weight": [_rule(answer) for answer in plan.lid_weight],
        "facts": {"known": _known(plan.facts), "toxin_given": _toxin(plan.facts)},
        "ask": [_question(name, plan) for name in missing_facts(plan)],
        "preferences": plan.preferences.to_dict(),
        "literature_note": NOTE,
        "limits": list(LIMITS),
    }


def missing_facts(plan: Plan) -> list[str]:
    """Return the facts that some candidate or option waits for, in the order of asking."""
    wanted = {name for candidate in plan.candidates for name in candidate.missing}
    for option in plan.options:
        wanted |= {rule.missing for step in option.steps for rule in step.rules if rule.missing}
    return [name for name in fact_definitions() if name in wanted]


def _question(name: str, plan: Plan) -> dict[str, Any]:
    definition: FactDefinition = fact_definitions()[name]
    answers = [r for c in plan.candidates for check in c.checks for r in check.rules]
    answers += [r for o in plan.options for step in o.steps for r in step.rules]
    rules = dict.fromkeys(r.rule.id for r in answers if r.missing == name)
    sides = {r.side for r in answers if r.missing == name and r.side is not None}
    return {
        "fact": name,
        "question": definition.question,
        "how": definition.how,
        "sides": [str(side) for side in SIDES if side in sides],
        "rules": list(rules),
    }


def _objectives(plan: Plan) -> list[dict[str, Any]]:
    rows = []
    for objective, now in zip(OBJECTIVES, plan.now or [None] * len(OBJECTIVES), strict=True):
        row: dict[str, Any] = {"objective": str(objective), "meaning": MEANING[objective]}
        row["better"] = "less"
        row |= {"now_mm": None} if now is None else _interval("now_mm", now)
        rows.append(row)
    return rows


def _interval(name: str, value: Interval, *, prefix: str = "") -> dict[str, float]:
    return {
        name: _round(value.mean),
        f"{prefix}ci_low": _round(value.low),
        f"{prefix}ci_high": _round(value.high),
    }


def _round(value: float, decimals: int = 3) -> float:
    return round(float(value), decimals) + 0.0


def _target(target: Target) -> dict[str, str]:
    return {"muscle": str(target[0]), "side": str(target[1])}


def _rule(answer: RuleAnswer) -> dict[str, Any]:
    rule = answer.rule
    how = fact_definitions()[answer.missing].how if answer.missing else ""
    return {
        "rule": rule.id,
        "side": None if answer.side is None else str(answer.side),
        "answer": str(answer.answer),
        "found": answer.found,
        "why": rule.why,
        "missing": answer.missing or None,
        "how_to_get_it": how,
        "source": rule.source,
        "status": rule.status,
        "status_words": STATUS_WORDS[rule.status],
    }


def _option(option: Option) -> dict[str, Any]:
    pattern = option.pattern
    return {
        "pattern": pattern["id"],
        "name": pattern["name"],
        "words": pattern["words"],
        "side": str(option.side),
        "evidence": list(option.evidence),
        "steps": [_step(step) for step in option.steps],
        "notes": list(option.notes),
        "status": pattern["status"],
        "status_words": STATUS_WORDS[pattern["status"]],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "place": step.place,
        "means": str(step.means),
        "words": load_table("options.toml")["means"][step.means],
        "reason": step.reason,
        "targets": [_target(t) for t in step.targets],
        "answer": str(step.answer),
        "safety": [_rule(answer) for answer in step.rules],
    }


def _candidate(number: int, candidate: Candidate, sides: Sequence[Side]) -> dict[str, Any]:
    moved = candidate.prediction.movements
    return {
        "id": f"C{number}",
        "answer": str(candidate.answer),
        "answer_words": ANSWER_WORDS[candidate.answer],
        "weakenings": [_weakening(w) for w in candidate.weakenings],
        "why": candidate.why,
        "score_mm": _round(candidate.score_mm),
        "better_than_nothing": candidate.score_mm < 0,
        "predicted": [_objective(row) for row in candidate.prediction.objectives],
        "gains": [_movement(row, sides) for row in moved if _gain(row)],
        "losses": [_movement(row, sides) for row in moved if not _gain(row)],
        "sensitivity": _sensitivity(candidate.sensitivity),
        "means": [_means(check) for check in candidate.checks],
        "missing": list(candidate.missing),
        "risks": [_risk(row) for row in risks_of(candidate.checks)],
        "literature": literature_for([w.muscle for w in candidate.weakenings]),
        "source": load_table("options.toml")["order"]["source"],
    }


def _weakening(weakening: Weakening) -> dict[str, Any]:
    return {
        "muscle": str(weakening.muscle),
        "side": str(weakening.side),
        "weakening_percent": _round(weakening.percent, 1),
        "range_low_percent": _or_none(weakening.low_percent),
        "range_high_percent": _or_none(weakening.high_percent),
    }


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else _round(value, 1)


def _objective(row: ObjectiveChange) -> dict[str, Any]:
    document: dict[str, Any] = {"objective": str(row.objective)}
    document |= _interval("now_mm", row.now, prefix="now_")
    document |= _interval("after_mm", row.after, prefix="after_")
    document |= _interval("change_mm", row.change)
    if row.percent is None:
        return document | {"change_percent": None}
    return document | _interval("change_percent", row.percent, prefix="percent_")


def _gain(row: MovementChange) -> bool:
    """Whether a change is wanted: less involuntary or more voluntary movement."""
    return (row.change.mean < 0) == (row.kind == "involuntary")


def _movement(row: MovementChange, sides: Sequence[Side]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "movement": str(row.movement),
        "region": str(row.region),
        "side": str(sides[row.role]),
        "kind": row.kind,
    }
    document |= _interval("now_mm", row.now, prefix="now_")
    document |= _interval("after_mm", row.after, prefix="after_")
    return document | _interval("change_mm", row.change)


def _sensitivity(found: Sensitivity) -> dict[str, Any]:
    return {
        "share_better": _round(found.share_better),
        "share_less_synkinesis": _round(found.share_less_synkinesis),
        "share_better_certain": _round(found.share_better_certain),
        "rests_on_undecided": found.rests_on_undecided,
        "degree_step_percent": DEGREE_STEP_PERCENT,
        "if_weaker_than_meant": _shifted(found.less_percent),
        "if_stronger_than_meant": _shifted(found.more_percent),
        "doubts": [_doubt(doubt) for doubt in found.doubts],
        "findings_missing": list(found.findings_missing),
    }


def _shifted(change: tuple[float, float]) -> dict[str, float]:
    return {"synkinesis_change_mm": _round(change[0]), "score_mm": _round(change[1])}


def _doubt(doubt: Doubt) -> dict[str, Any]:
    return {
        "command": str(doubt.command),
        "muscle": str(doubt.muscle),
        "confused_with": [str(group) for group in doubt.confused_with],
        "resolved_by": doubt.resolved_by,
        "share_better_without": _round(doubt.share_better_without),
        "changes_the_answer": doubt.changes_the_answer,
    }


def _means(check: MeansCheck) -> dict[str, Any]:
    return {
        "means": str(check.means),
        "targets": [_target(t) for t in check.targets],
        "complete": check.complete,
        "answer": str(check.answer),
        "safety": [_rule(answer) for answer in check.rules],
    }


def _risk(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "means": [str(means) for means in row["means"]],
        "text": row["text"],
        "source": row["source"],
        "status": row["status"],
        "status_words": STATUS_WORDS[row["status"]],
    }


def _front(plan: Plan, affected: Side | None) -> dict[str, Any] | None:
    if plan.front is None or affected is None:
        return None
    return {
        "resolution_mm": plan.front.resolution_mm,
        "evaluated": plan.front.evaluated,
        "considered": [_target(target_of(p, affected)) for p in plan.front.considered],
        "doing_nothing": "is always on the front: no change, no loss",
    }


def _never(group: object) -> dict[str, str]:
    row = load_table("rules.toml")["never"]
    return {
        "muscle": str(group),
        "reason": row["reason"],
        "source": row["source"],
        "status": row["status"],
    }


def _known(facts: Facts) -> list[dict[str, Any]]:
    return [
        {"fact": key, "side": None if side is None else str(side)} | _answer(answer)
        for key, definition in fact_definitions().items()
        for side in definition.sides
        for answer in facts.answers(key, side)
    ]


def _answer(answer: Known) -> dict[str, Any]:
    value = answer.value
    if isinstance(value, float):
        finite = math.isfinite(value)
        return {"value": _round(value) if finite else "never given", "from": answer.source}
    return {"value": value, "from": answer.source}


def _toxin(facts: Facts) -> Sequence[dict[str, Any]]:
    """Earlier courses as stated. How much was given stays in the facts file."""
    return [
        {
            "side": str(row["side"]),
            "date": None if row["date"] is None else row["date"].isoformat(),
            "product": row["product"],
            "dose_recorded": row["dose_recorded"],
        }
        for row in facts.toxin_given
    ]
