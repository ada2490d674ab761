"""An inferred wiring in words, for the patient and the professional.

Nothing here is measured, and every part of the section says so.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from facewire.face import Movement
from facewire.face.anatomy import group_names
from facewire.face.muscles import MuscleGroup
from facewire.figures.nerve import nerve_svg
from facewire.figures.nerve_edges import describe_edges, wrong_edges
from facewire.findings.beyond_measured import arrives
from facewire.report.groups import grouped
from facewire.results.wiring import (
    ClinicianFinding,
    Edge,
    MeasuredPattern,
    UnionEdge,
    Wiring,
)
from facewire.words import (
    either,
    interval,
    join,
    mark,
    mm,
    movement_name,
    percent,
    sentence,
    side_region,
    side_word,
    translate,
    when_you,
    with_interval,
)

MANY = 5
"""More muscles than this are counted, not listed."""

FINDINGS = {
    "platysma": mark("platysma"),
    "chin_skin": mark("chin skin"),
    "nasolabial_fold": mark("nasolabial fold"),
    "cheek_tightness": mark("cheek tightness"),
    "dao_block": mark("corner of the mouth let go by a test block of depressor anguli oris"),
    "stapedial_noise": mark("stapedial noise"),
    "tearing": mark("tearing"),
}


UNIONS = {
    "orbicularis_oculi": mark("orbicularis oculi, either part"),
    "corner_elevators": mark("elevators of the corner"),
    "corner_depressors": mark("depressors of the corner"),
}


def together(row: UnionEdge) -> str:
    """Say that one or another of some muscles of one effect is reached, and how strongly."""
    text = translate("{movement}: {muscles}, {percent}")
    return text.format(
        movement=sentence(movement_name(row.command)),
        muscles=f"{translate(UNIONS[row.union])} ({side_word(row.side)})",
        percent=with_interval(percent(row.percent), row.ci_low, row.ci_high, 0),
    )


def measured(row: MeasuredPattern) -> str:
    """Say what the map shows."""
    text = translate("{movement}: {place}, {size} without being asked")
    return text.format(
        movement=sentence(movement_name(row.movement)),
        place=side_region(row.region, row.side),
        size=mm(abs(row.change_mm)),
    )


def picture(wiring: Wiring) -> Markup:
    """Draw the nerve in the face, in professional words with the plain ones below."""
    # The picture escapes its own words; it holds no text of the wiring's.
    return Markup(nerve_svg(wiring.edges, side=wiring.affected_side))  # noqa: S704


def picture_words(wiring: Wiring) -> str:
    """Say what the picture shows, for those who do not see it."""
    title = translate("Wiring of the face: inferred, not measured")
    return f"{title}. {describe_edges(wrong_edges(wiring.edges))}"


def right_edges(wiring: Wiring) -> tuple[Edge, ...]:
    """Return the connections that belong to their movement."""
    return tuple(edge for edge in wiring.edges if edge.kind == "right")


def works(wiring: Wiring) -> str:
    """Name the movements whose own muscles are all reached about as well as on the other side."""
    arrived = [
        when_you(movement)
        for movement, edges in grouped(right_edges(wiring), lambda edge: edge.command).items()
        if arrives(edges)
    ]
    if not arrived:
        return translate("Your commands reach muscles on this side of your face.")
    text = translate(
        "When you {movements}, the command seems to arrive where it belongs about as well as on "
        "your other side."
    )
    return text.format(movements=either(arrived))


def along(wiring: Wiring) -> list[str]:
    """Say for each muscle which commands reach it that do not belong to it."""
    text = translate(
        "When you {movements}, part of the command seems to reach this muscle of your {side} side "
        "too: {muscle}."
    )
    reached = grouped(wrong_edges(wiring.edges), lambda edge: (edge.muscle, edge.side))
    return [
        text.format(
            movements=either([when_you(edge.command) for edge in edges]),
            side=side_word(side),
            muscle=plain_muscle(muscle),
        )
        for (muscle, side), edges in reached.items()
    ] or [translate("Nothing here says that a command reaches a muscle it does not belong to.")]


def muscle_name(muscle: MuscleGroup) -> str:
    """Return the anatomical name of a muscle group, in words."""
    return translate(group_names(muscle).name)


def plain_muscle(muscle: MuscleGroup) -> str:
    """Return what a muscle group is for those who know no anatomy."""
    return translate(group_names(muscle).plain)


def strength(edge: Edge) -> str:
    """Write how strongly a command reaches a muscle, with its 95 % interval."""
    if edge.strength is None:
        return translate("cannot tell: {reason}").format(reason=translate(edge.reason))
    between = interval(edge.ci_low, edge.ci_high, 0)
    return f"{percent(edge.percent)} [{between}]"


def doubt(edge: Edge) -> str:
    """Say what a connection cannot be told apart from; empty where it can."""
    if not edge.confused_with:
        return "" if edge.distinguishable else translate(edge.reason)
    if len(edge.confused_with) > MANY:
        text = translate("cannot be told apart from {count} other muscles")
        return text.format(count=len(edge.confused_with))
    names = join([muscle_name(one) for one in edge.confused_with])
    return translate("cannot be told apart from {names}").format(names=names)


def told_by(what: str) -> str:
    """Say what would tell: a movement to record, such as ``record lip_pucker``, or an action."""
    if what.startswith("no movement"):
        return translate("no movement of the set would tell")
    movement = what.removeprefix("record ")
    action = translate(what)
    if movement != what:
        action = translate("a recording of: {movement}").format(
            movement=movement_name(Movement(movement))
        )
    return translate("would be told by {what}").format(what=action)


def untold(wiring: Wiring) -> list[tuple[str, list[Edge]]]:
    """Gather the wrong connections that cannot be told by what would tell them, most first."""
    edges = (edge for edge in wiring.edges if edge.kind == "wrong" and edge.present is None)
    by = grouped(edges, lambda edge: edge.resolved_by or edge.reason)
    return sorted(by.items(), key=lambda group: -len(group[1]))


def by_command(edges: Iterable[Edge]) -> dict[Movement, list[Edge]]:
    """Gather connections by their command."""
    return grouped(edges, lambda edge: edge.command)


def finding(row: ClinicianFinding) -> str:
    """Say what the clinician saw or felt."""
    known = FINDINGS.get(row.finding)
    name = row.finding.replace("_", " ") if known is None else translate(known)
    where = f", {side_word(row.side)}"
    where += "" if row.movement is None else f", {movement_name(row.movement)}"
    text = translate("{name}{where}: {grade} of 3, seen by the clinician")
    return text.format(name=sentence(name), where=where, grade=row.grade)
