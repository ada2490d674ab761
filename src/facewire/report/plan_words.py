"""A plan in words: simulated trades, offered for discussion, never a prescription.

Options stand in the published order; published doses stand beside a candidate only as the document
carries them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from facewire.face import Movement, Side
from facewire.face.muscles import MuscleGroup
from facewire.report.groups import grouped
from facewire.report.trade_chart import OBJECTIVE_NAMES
from facewire.report.wiring_words import muscle_name
from facewire.results.harm import Harm
from facewire.results.plan import (
    Absent,
    Act,
    Candidate,
    Doubt,
    MeansCheck,
    MovementChange,
    NeverWeakened,
    Plan,
    PublishedDose,
    Risk,
    Sensitivity,
    Weakening,
)
from facewire.results.safety import Answer, Means, RuleAnswer, SidedMuscle
from facewire.results.stage import StageName
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
from facewire.words.treatments import harm_name, natural_frequency

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
    Means.NERVE_TRANSFER: mark("nerve transfer"),
    Means.BROW_LIFT: mark("brow lift"),
    Means.FACELIFT: mark("facelift"),
}
KINDS = {"involuntary": mark("involuntary"), "voluntary": mark("voluntary")}
STRENGTH_NAMES: dict[str, str] = {
    "light": mark("light"),
    "moderate": mark("moderate"),
    "strong": mark("strong"),
}
GENERAL_PRACTICE = "general practice"
TOLD_STEP_MM = 0.05
"""Smallest change of an objective from one step to the next that is told."""
NOT_KNOWN = "not known: "
"""Stands before the question of a fact that a rule waits for."""


def answer_name(answer: Answer) -> str:
    """Return a safety answer in words."""
    return translate(ANSWER_NAMES[answer])


def answers(rules: Iterable[RuleAnswer]) -> dict[Answer, list[RuleAnswer]]:
    """Gather the rules of a check by their answer: what bars first, what is cleared last."""
    by = grouped(rules, lambda rule: rule.answer)
    order = (Answer.BARRED, Answer.NOT_CLEARED, Answer.CLEARED)
    return {answer: by[answer] for answer in order if answer in by}


def rule(row: RuleAnswer) -> str:
    """Say what a rule found, why it asks, how to find out, and where it stands in print."""
    side = f" ({side_word(row.side)})" if row.side else ""
    how = ""
    if row.how_to_get_it:
        how = " " + translate("To find out: {how}.").format(how=translate(row.how_to_get_it))
    source = f"{translate(row.source)}; {translate(row.status_words)}"
    if row.source == GENERAL_PRACTICE:
        source = translate(row.status_words)
    stop = "" if row.found.endswith("?") and not side else "."
    return (
        f"{sentence(_found(row.found))}{side}{stop} {sentence(translate(row.why))}.{how} [{source}]"
    )


def _found(text: str) -> str:
    """Translate what a rule found; the question of a fact that is not known is on its own."""
    question = text.removeprefix(NOT_KNOWN)
    if question == text:
        return translate(text)
    return translate("not known: {question}").format(question=translate(question))


def targets(rows: Iterable[SidedMuscle]) -> str:
    """Name muscles with their sides."""
    return ", ".join(f"{muscle_name(row.muscle)} ({side_word(row.side)})" for row in rows)


def weakening(row: Weakening) -> str:
    """Say what is weakened, by how much, and over which range it is better than nothing."""
    low, high = row.range_low_percent, row.range_high_percent
    text = f"{sentence(muscle_name(row.muscle))}, {side_word(row.side)}: "
    if row.strength is not None:
        text += f"{translate(STRENGTH_NAMES[row.strength])}, "
    text += translate("{percent} of its force less").format(percent=percent(row.weakening_percent))
    if low is None or high is None:
        return text
    more = translate("better than nothing from {low} to {high}")
    return f"{text} ({more.format(low=percent(low), high=percent(high))})"


def step_up(one: Candidate) -> str:
    """Say what a candidate changes beyond its lighter step, and what comes more often; else empty.

    Parameters
    ----------
    one : Candidate
    """
    if one.step is None:
        return ""
    rows = [
        f"{translate(OBJECTIVE_NAMES[name])} {mm(change, signed=True)}"
        for name, change in one.step.changes.items()
        if abs(change) >= TOLD_STEP_MM
    ]
    more = translate("{harm} {now} instead of {before}")
    rows += [
        more.format(
            harm=harm_name(row.harm) + (f", {side_word(row.side)}," if row.side else ""),
            now=natural_frequency(row.percent),
            before=natural_frequency(row.before_percent),
        )
        for row in one.step.harms
    ]
    said = "; ".join(rows) or translate("nothing that can be told")
    return translate("Beyond {id}, the same muscles one step lighter: {changes}.").format(
        id=one.step.lighter, changes=said
    )


def order(plan: Plan) -> str:
    """Say how the candidates are put in order; empty in files of earlier versions."""
    limit = plan.preferences.largest_harm_percent
    if plan.front is None or not plan.front.order or limit is None:
        return ""
    text = translate("Limit for a simulated harm: {share} faces, {percent}.")
    said = [translate(plan.front.order)]
    said.append(text.format(share=natural_frequency(limit), percent=percent(limit)))
    first = plan.candidates[0] if plan.candidates else None
    if first is not None and not _within_limits(first, limit):
        said.append(
            translate("None of these is better than nothing, within the limit and not barred.")
        )
    return " ".join(said)


def _within_limits(one: Candidate, limit: float) -> bool:
    harmless = one.worst_percent <= limit and one.answer is not Answer.BARRED
    return one.better_than_nothing and harmless


def movement_change(row: MovementChange) -> str:
    """Say what a movement gains or loses."""
    text = translate("{movement}: {what}, {kind}, {now} now, {after} after")
    return text.format(
        movement=sentence(movement_name(row.movement)),
        what=side_region(row.region, row.side),
        kind=translate(KINDS[row.kind]),
        now=with_interval(mm(row.now_mm), row.now_ci_low, row.now_ci_high),
        after=with_interval(mm(row.after_mm), row.after_ci_low, row.after_ci_high),
    )


def sensitivity(row: Sensitivity) -> Iterable[str]:
    """Say how firm a candidate is, and what it rests on."""
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


def means_title(row: MeansCheck) -> str:
    """Name what a candidate would be done with, and the answer of its safety check."""
    name = sentence(translate(MEANS_NAMES[row.means]))
    whole = "" if row.complete else " " + translate("(treats a part of this candidate)")
    return f"{name}{whole}: {answer_name(row.answer)}"


def risk(row: Risk) -> str:
    """Say a risk with its source."""
    return (
        f"{sentence(translate(row.text))} [{translate(row.source)}; {translate(row.status_words)}]"
    )


def dose(row: PublishedDose) -> str:
    """Say a dose as it stands in print."""
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


def act(row: Act) -> str:
    """Say what to do, and what came out where it was done."""
    text = sentence(translate(row.text))
    if row.result is None:
        return text
    return f"{text}: {translate('done, result: {result}').format(result=translate(row.result))}"


def act_why(row: Act) -> str:
    """Say what an act tells, what its result changes, and where that stands."""
    source = row.source if row.status == "seen" else translate(row.source)
    return (
        f"{sentence(translate(row.tells))}. {sentence(translate(row.changes))}. "
        f"[{source}; {translate(row.status_words)}]"
    )


def absent(row: Absent) -> str:
    """Say why a usual candidate is not among the candidates."""
    name = muscle_name(MuscleGroup(row.name)) if row.name in tuple(MuscleGroup) else row.name
    return f"{sentence(translate(name))}, {side_word(row.side)}: {translate(row.reason)}"


def never(row: NeverWeakened) -> str:
    """Say what is never weakened, and why."""
    muscle = sentence(muscle_name(row.muscle))
    return f"{muscle}: {translate(row.reason)} [{translate(row.source)}]"


def closure(plan: Plan) -> list[str]:
    """Say the gap of gentle closure, the affected side first: measured, and as stated."""
    if plan.affected_side is None:
        return []
    return [
        f"{sentence(side_word(side))}: {'; '.join(_gaps(plan, side))}"
        for side in (plan.affected_side, plan.affected_side.other)
    ]


def _gaps(plan: Plan, side: Side) -> list[str]:
    found = [
        translate("gap in gentle closure {gap} (measured)").format(
            gap=with_interval(mm(cell.gap.value), cell.gap.low, cell.gap.high)
        )
        for cell in plan.eye_closure
        if cell.side is side and cell.movement is Movement.EYE_CLOSE_GENTLE and cell.gap
    ] or [translate("gap in gentle closure not measured: not known, not absent")]
    found += [
        translate("gap in gentle closure {gap} (stated)").format(gap=mm(float(row.value)))
        for row in plan.facts.known
        if row.fact == "closure_gap_mm" and row.side is side and row.from_ == "stated"
    ]
    text = translate(
        "the model leaves it open by 2 mm or more today: {share}; measure gentle closure again "
        "before anything rests on either"
    )
    return found + [
        text.format(share=natural_frequency(share)) for share in _open_today(plan, side)
    ]


MOSTLY_PERCENT = 50.0
"""From here on what the model does today is told beside what was measured or stated."""


def _open_today(plan: Plan, side: Side) -> Iterator[float]:
    """Yield in how many faces the model leaves an eye open today, where that is most of them."""
    harms = [one.harms for one in plan.candidates[:1] if one.harms is not None]
    for row in (row for each in harms for row in each.simulated):
        today = row.today_percent or 0.0
        if row.harm is Harm.LAGOPHTHALMOS_2 and row.side is side and today >= MOSTLY_PERCENT:
            yield today


def patient(plan: Plan) -> list[str]:
    """Plain sentences without grades, degrees or doses."""
    if plan.nothing_to_plan:
        return [translate("Nothing was found here that asks for a treatment plan.")]
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
    if plan.stage is None or StageName.FLACCID not in plan.stage.possible:
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
    return lines
