"""The stage of a palsy in words: first on the page of the options."""

from __future__ import annotations

from facewire.report.groups import grouped
from facewire.results.plan import Branch, Stage, StageName, Zone
from facewire.words import mark, percent, sentence, translate, with_interval

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
STATUS_WORDS = {
    "seen": mark("stands in the source named"),
    "recalled": mark("general practice, not checked against a source"),
}
TOLD_CHANCE = 0.05


def name(stage: StageName) -> str:
    """Return a stage by name."""
    return translate(STAGE_NAMES[stage])


def words(stage: StageName) -> str:
    """Say what a stage is."""
    return translate(STAGE_WORDS[stage])


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


def branch(row: Branch) -> str:
    """Say what a stage asks for, the time that is left, and where it stands in print."""
    text = sentence(translate(row.text))
    if row.months_left is not None:
        left = translate("{months} months left").format(months=f"{row.months_left:.0f}")
        text += f" ({left if row.months_left > 0 else translate('this time is over')})"
    source = row.source if row.status == "seen" else translate(row.source)
    return f"{text}. [{source}; {translate(STATUS_WORDS[row.status])}]"
