"""The stage of a palsy in words: first on the page of the options."""

from __future__ import annotations

from facewire.report.groups import grouped
from facewire.results.stage import Branch, RestPart, Stage, StageName, Zone
from facewire.results.wiring import RestSign
from facewire.words import join, mark, mm, percent, sentence, translate, with_interval

STAGE_NAMES = {
    StageName.FLACCID: mark("flaccid"),
    StageName.EARLY_RECOVERY: mark("early recovery"),
    StageName.PARETIC: mark("paretic (weak)"),
    StageName.SYNKINETIC: mark("synkinetic"),
    StageName.RESTRICTED: mark("restricted (held back)"),
    StageName.MIXED: mark("mixed"),
    StageName.POST_OPERATIVE: mark("after an operation"),
    StageName.HEALTHY: mark("healthy"),
}
STAGE_WORDS = {
    StageName.FLACCID: mark(
        "no voluntary movement on the affected side; ends with the first visible movement"
    ),
    StageName.EARLY_RECOVERY: mark(
        "movement comes back within the first 6 months, and the course has not settled"
    ),
    StageName.PARETIC: mark("movement is weak, and nothing moves that should not"),
    StageName.SYNKINETIC: mark("something moves that should not"),
    StageName.RESTRICTED: mark("the smile muscle pulls and others hold the corner back"),
    StageName.MIXED: mark("one zone does not move, and in another something moves that should not"),
    StageName.POST_OPERATIVE: mark("the face is still healing from an operation"),
    StageName.HEALTHY: mark("no side is affected"),
}
BRANCH_NAMES = {
    "eye": mark("The eye first"),
    "time": mark("Windows of time"),
    "function": mark("Function"),
    "synkinesis": mark("Synkinesis"),
}
ZONE_NAMES = {"brow": mark("brow"), "eye": mark("eye"), "mouth": mark("mouth")}
REST_PART_NAMES = {
    "eye": mark("eye"),
    "fold": mark("fold between nose and mouth"),
    "corner": mark("corner of the mouth"),
}
REST_SAYS = {
    "tight": mark("tight"),
    "slack": mark("hanging"),
    "even": mark("like the other side"),
    "untold": mark("cannot be told"),
}
REST_GRADES = {
    "normal": mark("normal"),
    "narrow": mark("narrow"),
    "wide": mark("wide"),
    "eyelid_surgery": mark("eyelid surgery"),
    "more_marked": mark("more marked"),
    "less_marked": mark("less marked"),
    "absent": mark("absent"),
    "corner_pulled_up_or_out": mark("pulled up or out"),
    "corner_drooped": mark("drooped"),
}
REST_SIGN_NAMES = {
    "fissure": mark("height of the eye"),
    "upper_lid": mark("upper lid, from the middle of the pupil"),
    "lower_lid": mark("lower lid, from the middle of the pupil"),
    "corner_up": mark("height of the mouth corner"),
    "corner_out": mark("mouth corner outward"),
}
SEEN_ON = {"person": mark("on the person"), "photograph": mark("on a photograph")}
STATUS_WORDS = {
    "seen": mark("stands in the source named"),
    "recalled": mark("general practice, not checked against a source"),
}
TOLD_CHANCE = 0.05


def name(stage: StageName) -> str:
    """Return a stage by name."""
    return translate(STAGE_NAMES[stage])


def title(stage: Stage) -> str:
    """Name the stage, or those that cannot be told apart."""
    names = join([name(one) for one in stage.possible])
    if stage.taken is not None:
        return names
    return translate("undecided between {stages}").format(stages=names)


def words(stage: Stage) -> str:
    """Say what a stage is, or what stands open."""
    if stage.taken is not None:
        return translate(STAGE_WORDS[stage.taken])
    return translate("what was measured does not tell these apart: a clinician says which it is")


def about(branch: str) -> str:
    """Return the title of a branch."""
    return translate(BRANCH_NAMES[branch])


def chances(stage: Stage) -> str:
    """Name the stages that are likely enough to be told, with their probabilities."""
    told = [one for one in stage.chances if one.probability >= TOLD_CHANCE]
    return ", ".join(f"{name(one.stage)} {percent(100 * one.probability)}" for one in told)


def branches(stage: Stage) -> dict[str, list[Branch]]:
    """Gather what a stage asks for, in the order of a clinician."""
    return grouped(stage.branches, lambda row: row.about)


def zone(row: Zone) -> str:
    """Say how far a zone moves against the other side's."""
    text = translate("{zone}: {share} of the other side's movement")
    share = with_interval(percent(row.share_percent), row.ci_low, row.ci_high, 0)
    return sentence(text.format(zone=translate(ZONE_NAMES[row.zone]), share=share))


def rest_part(row: RestPart, graded_on: str | None) -> str:
    """Say what a part shows at rest, how it was graded by eye, and what to mind."""
    text = f"{sentence(translate(REST_PART_NAMES[row.part]))}: {translate(REST_SAYS[row.says])}"
    if row.graded is not None:
        where = "" if graded_on is None else f" {translate(SEEN_ON[graded_on])}"
        words = translate("graded by eye{where}: {grade}")
        text += f" ({words.format(where=where, grade=translate(REST_GRADES[row.graded]))})"
    return ". ".join([text, *(sentence(translate(note)) for note in row.notes)])


def rest_sign(row: RestSign) -> str:
    """Say how far the affected side differs at rest, with its interval."""
    name = sentence(translate(REST_SIGN_NAMES[row.sign]))
    if row.difference_mm is None or row.ci_low is None or row.ci_high is None:
        return f"{name}: {translate('not seen at rest')}"
    return f"{name}: {with_interval(mm(row.difference_mm, signed=True), row.ci_low, row.ci_high)}"


def branch(row: Branch) -> str:
    """Say what a stage asks for, the time that is left, and where it stands in print."""
    text = sentence(translate(row.text))
    if row.stages:
        names = join([name(one) for one in row.stages])
        text = translate("If {stages}: {text}").format(stages=names, text=translate(row.text))
    if row.months_left is not None:
        left = translate("{months} months left").format(months=f"{row.months_left:.0f}")
        text += f" ({left if row.months_left > 0 else translate('this time is over')})"
    source = row.source if row.status == "seen" else translate(row.source)
    return f"{text}. [{source}; {translate(STATUS_WORDS[row.status])}]"
