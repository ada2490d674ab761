"""The section on the options: simulated trades, offered for discussion, never a prescription.

Options stand in the published order; published doses stand beside a
candidate only as the document carries them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from facewire.report.stage_section import StageView, stage_view
from facewire.report.trade_chart import OBJECTIVE_NAMES, TradeChart, trade_charts
from facewire.report.wiring_section import muscle_name
from facewire.results.plan import (
    Candidate,
    Doubt,
    MeansCheck,
    MovementChange,
    NeverWeakened,
    ObjectiveChange,
    Option,
    Plan,
    PublishedDose,
    Sensitivity,
    StageName,
    Step,
    Weakening,
)
from facewire.results.safety import Answer, Means, Question, RuleAnswer, SidedMuscle
from facewire.words import (
    mark,
    mm,
    movement_name,
    percent,
    sentence,
    side_region,
    side_word,
    translate,
    with_interval,
)
from facewire.words.coverage import seen_of

ANSWER_NAMES = {
    Answer.CLEARED: mark("cleared: no rule here speaks against it"),
    Answer.NOT_CLEARED: mark("not cleared: something is not known"),
    Answer.BARRED: mark("barred by a rule"),
}
ANSWER_SYMBOLS = {Answer.CLEARED: "✓", Answer.NOT_CLEARED: "?", Answer.BARRED: "✕"}
MEANS_NAMES = {
    Means.FACIAL_TRAINING: mark("facial training"),
    Means.BOTULINUM_TOXIN: mark("botulinum toxin"),
    Means.SELECTIVE_NEURECTOMY: mark("selective neurectomy"),
    Means.DAO_MYECTOMY: mark("removal of a part of depressor anguli oris"),
    Means.PLATYSMECTOMY: mark("removal of a part of platysma"),
    Means.BUCCINATOR_MYECTOMY: mark("removal of a part of buccinator"),
    Means.UPPER_LID_WEIGHT: mark("upper lid weight"),
    Means.TARSORRHAPHY: mark("tarsorrhaphy"),
    Means.CANTHOPLASTY: mark("canthoplasty"),
    Means.CROSS_FACE_NERVE_GRAFT: mark("cross-face nerve graft"),
    Means.GRACILIS_TRANSFER: mark("gracilis transfer"),
    Means.BROW_LIFT: mark("brow lift"),
    Means.FACELIFT: mark("facelift"),
}
KINDS = {"involuntary": mark("involuntary"), "voluntary": mark("voluntary")}
NOT_KNOWN = "not known: "
"""Stands before the question of a fact that a rule waits for."""
_ORDER = (Answer.BARRED, Answer.NOT_CLEARED, Answer.CLEARED)


@dataclass(frozen=True)
class SafetyGroup:
    """Rules with one answer; each rule in words."""

    answer: Answer
    symbol: str
    name: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class StepView:
    """One step of an option, in the published order."""

    answer: Answer
    symbol: str
    answer_name: str
    words: str
    reason: str
    targets: str
    safety: tuple[SafetyGroup, ...]


@dataclass(frozen=True)
class OptionView:
    """A pattern of this face and what is tried for it."""

    name: str
    words: str
    evidence: tuple[str, ...]
    steps: tuple[StepView, ...]
    notes: tuple[str, ...]
    status: str


@dataclass(frozen=True)
class CandidateView:
    """One candidate: what is weakened, what the model expects, what stands against it."""

    id: str
    answer: Answer
    symbol: str
    answer_name: str
    weakened: tuple[str, ...]
    why: str
    predicted: tuple[tuple[str, tuple[str, ...]], ...]
    gains: tuple[str, ...]
    losses: tuple[str, ...]
    sensitivity: tuple[str, ...]
    means: tuple[tuple[str, tuple[SafetyGroup, ...]], ...]
    risks: tuple[str, ...]
    literature: tuple[str, ...]


@dataclass(frozen=True)
class PlanView:
    """Everything the section on the options shows.

    ``seen`` is what the recordings showed and could not show; it stands before everything.
    ``patient`` is shown to a patient only when released. ``nothing`` says why there is no plan.
    """

    seen: tuple[str, ...]
    patient: tuple[str, ...]
    nothing: str
    stage: StageView | None
    nothing_to_weaken: str
    statement: str
    order: str
    options: tuple[OptionView, ...]
    charts: tuple[TradeChart, ...]
    candidates: tuple[CandidateView, ...]
    questions: tuple[tuple[str, str], ...]
    never: tuple[str, ...]
    lid_weight: tuple[SafetyGroup, ...]
    literature_note: str
    limits: tuple[str, ...]


def plan_view(plan: Plan) -> PlanView:
    """Put a plan into words.

    Parameters
    ----------
    plan : Plan
    """
    order = plan.order
    candidates = plan.candidates
    return PlanView(
        seen=seen_of(plan.source),
        patient=_patient(plan),
        nothing=translate(plan.nothing_to_plan),
        stage=None if plan.stage is None else stage_view(plan.stage),
        nothing_to_weaken=translate(plan.nothing_to_weaken),
        statement=translate(plan.statement),
        order=f"{sentence(translate(order.reason))} ({translate(order.source)}).",
        options=tuple(_option(row) for row in plan.options),
        charts=trade_charts(candidates),
        candidates=tuple(_candidate(row) for row in candidates),
        questions=tuple(_question(row) for row in plan.ask),
        never=tuple(_never(row) for row in plan.never_weakened),
        lid_weight=safety_groups(plan.lid_weight),
        literature_note=translate(plan.literature_note),
        limits=tuple(translate(text) for text in plan.limits),
    )


def answer_name(answer: Answer) -> str:
    """Return a safety answer in words."""
    return translate(ANSWER_NAMES[answer])


def safety_groups(rules: Iterable[RuleAnswer]) -> tuple[SafetyGroup, ...]:
    """Group the rules of a check by their answer: what bars first, what is cleared last."""
    by: dict[Answer, list[str]] = {}
    for rule in rules:
        by.setdefault(rule.answer, []).append(_rule(rule))
    return tuple(
        SafetyGroup(
            answer, ANSWER_SYMBOLS[answer], sentence(answer_name(answer)), tuple(by[answer])
        )
        for answer in _ORDER
        if answer in by
    )


def _rule(rule: RuleAnswer) -> str:
    side = f" ({side_word(rule.side)})" if rule.side else ""
    how = ""
    if rule.how_to_get_it:
        how = " " + translate("To find out: {how}.").format(how=translate(rule.how_to_get_it))
    source = f"{translate(rule.source)}; {translate(rule.status_words)}"
    found, why = _found(rule.found), translate(rule.why)
    return f"{sentence(found)}{side}. {sentence(why)}.{how} [{source}]"


def _found(text: str) -> str:
    """Translate what a rule found; the question of a fact that is not known is on its own."""
    question = text.removeprefix(NOT_KNOWN)
    if question == text:
        return translate(text)
    return translate("not known: {question}").format(question=translate(question))


def _targets(rows: Iterable[SidedMuscle]) -> str:
    return ", ".join(f"{muscle_name(row.muscle)} ({side_word(row.side)})" for row in rows)


def _option(row: Option) -> OptionView:
    return OptionView(
        name=f"{sentence(translate(row.name))}, {side_word(row.side)}",
        words=sentence(translate(row.words)),
        evidence=tuple(sentence(translate(one.replace("_", " "))) for one in row.evidence),
        steps=tuple(_step(one) for one in row.steps),
        notes=tuple(sentence(translate(one)) for one in row.notes),
        status=translate(row.status_words),
    )


def _step(row: Step) -> StepView:
    return StepView(
        answer=row.answer,
        symbol=ANSWER_SYMBOLS[row.answer],
        answer_name=sentence(answer_name(row.answer)),
        words=translate(row.words),
        reason=sentence(translate(row.reason)),
        targets=_targets(row.targets),
        safety=safety_groups(row.safety),
    )


def _candidate(row: Candidate) -> CandidateView:
    return CandidateView(
        id=row.id,
        answer=row.answer,
        symbol=ANSWER_SYMBOLS[row.answer],
        answer_name=sentence(answer_name(row.answer)),
        weakened=tuple(_weakening(one) for one in row.weakenings),
        why=translate(row.why),
        predicted=tuple(_predicted(one) for one in row.predicted),
        gains=tuple(_movement(one) for one in row.gains),
        losses=tuple(_movement(one) for one in row.losses),
        sensitivity=tuple(_sensitivity(row.sensitivity)),
        means=tuple(_means(one) for one in row.means),
        risks=tuple(
            f"{sentence(translate(r.text))} [{translate(r.source)}; {translate(r.status_words)}]"
            for r in row.risks
        ),
        literature=tuple(_literature(one) for one in row.literature),
    )


def _weakening(row: Weakening) -> str:
    low, high = row.range_low_percent, row.range_high_percent
    text = f"{sentence(muscle_name(row.muscle))}, {side_word(row.side)}: "
    text += translate("{percent} of its force less").format(percent=percent(row.weakening_percent))
    if low is None or high is None:
        return text
    more = translate("better than nothing from {low} to {high}")
    return f"{text} ({more.format(low=percent(low), high=percent(high))})"


def _predicted(row: ObjectiveChange) -> tuple[str, tuple[str, ...]]:
    values = [
        with_interval(mm(row.now_mm), row.now_ci_low, row.now_ci_high),
        with_interval(mm(row.after_mm), row.after_ci_low, row.after_ci_high),
        with_interval(mm(row.change_mm, signed=True), row.ci_low, row.ci_high),
    ]
    return translate(OBJECTIVE_NAMES[row.objective]), tuple(values)


def _movement(row: MovementChange) -> str:
    what = side_region(row.region, row.side)
    text = translate("{movement}: {what}, {kind}, {now} now, {after} after")
    return text.format(
        movement=sentence(movement_name(row.movement)),
        what=what,
        kind=translate(KINDS[row.kind]),
        now=with_interval(mm(row.now_mm), row.now_ci_low, row.now_ci_high),
        after=with_interval(mm(row.after_mm), row.after_ci_low, row.after_ci_high),
    )


def _sensitivity(row: Sensitivity) -> Iterable[str]:
    text = translate("Better than nothing in {share} of the draws, {certain} if undecided edges")
    text += " " + translate("are taken as not there.")
    yield text.format(
        share=percent(100 * row.share_better), certain=percent(100 * row.share_better_certain)
    )
    if row.rests_on_undecided:
        yield translate("It rests on connections that these data cannot decide.")
    weaker, stronger = row.if_weaker_than_meant, row.if_stronger_than_meant
    text = translate(
        "If it takes {step} weaker than meant, synkinesis changes by {weaker}; if stronger, by "
        "{stronger}."
    )
    yield text.format(
        step=percent(row.degree_step_percent),
        weaker=mm(weaker.synkinesis_change_mm, signed=True),
        stronger=mm(stronger.synkinesis_change_mm, signed=True),
    )
    yield from (_doubt(one) for one in row.doubts if one.changes_the_answer)
    if row.findings_missing:
        names = ", ".join(translate(one.replace("_", " ")) for one in row.findings_missing)
        yield translate("Not assessed: {names}.").format(names=names)


def _doubt(row: Doubt) -> str:
    text = translate(
        "If {movement} does not reach {muscle}, it is better than nothing in {share} of the draws."
    )
    return text.format(
        movement=movement_name(row.command),
        muscle=muscle_name(row.muscle),
        share=percent(100 * row.share_better_without),
    )


def _means(row: MeansCheck) -> tuple[str, tuple[SafetyGroup, ...]]:
    name = sentence(translate(MEANS_NAMES[row.means]))
    whole = "" if row.complete else " " + translate("(treats a part of this candidate)")
    title = f"{name}{whole}: {answer_name(row.answer)}"
    return title, safety_groups(row.safety)


def _literature(row: PublishedDose) -> str:
    text = translate("{product}: {low} to {high} {scope}, {indication}. {statement} [{source}]")
    return text.format(
        product=row.product,
        low=f"{row.published_low:g}",
        high=f"{row.published_high:g}",
        scope=translate(row.scope),
        indication=translate(row.indication),
        statement=sentence(translate(row.statement)),
        source=translate(row.source),
    )


def _question(row: Question) -> tuple[str, str]:
    sides = ", ".join(side_word(one) for one in row.sides)
    question = translate(row.question)
    return f"{question}{f' ({sides})' if sides else ''}", translate(row.how)


def _never(row: NeverWeakened) -> str:
    muscle = sentence(muscle_name(row.muscle))
    return f"{muscle}: {translate(row.reason)} [{translate(row.source)}]"


def _patient(plan: Plan) -> tuple[str, ...]:
    """Plain sentences without grades, degrees or doses."""
    if plan.nothing_to_plan:
        return (translate("Nothing was found here that asks for a treatment plan."),)
    lines = []
    about = set() if plan.stage is None else {branch.about for branch in plan.stage.branches}
    if "eye" in about:
        lines.append(
            translate(
                "Your eye comes first: ask those who treat you how to keep it moist by day and "
                "covered at night."
            )
        )
    if "time" in about:
        lines.append(
            translate(
                "Some operations are possible only within a certain time: ask soon which time is "
                "yours."
            )
        )
    if plan.stage is None or plan.stage.taken is not StageName.FLACCID:
        lines += [
            translate("Your smile muscle is never proposed for weakening."),
            translate(
                "What is usually tried first is facial training: learning to move one part of the "
                "face while the other stays calm."
            ),
        ]
    for row in plan.options:
        what = translate("For this: {words}.").format(words=translate(row.words))
        names = [translate(MEANS_NAMES[one.means]) for one in row.steps]
        order = translate("In the order people try them: {names}.").format(
            names=translate(", then ").join(names)
        )
        lines.append(f"{what} {order}")
    lines.append(translate("What suits you is decided together with those who treat you."))
    return tuple(lines)
