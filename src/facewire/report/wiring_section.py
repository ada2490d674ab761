"""The section on the wiring: inferred connections, in words for the patient and the professional.

Nothing here is measured, and every part of the section says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from facewire.face import Movement, Side
from facewire.face.anatomy import group_names
from facewire.face.muscles import MuscleGroup
from facewire.figures.nerve import nerve_svg
from facewire.figures.nerve_edges import wrong_edges
from facewire.results.wiring import ClinicianFinding, Edge, Wiring
from facewire.words import (
    either,
    interval,
    join,
    mark,
    movement_name,
    percent,
    sentence,
    side_word,
    translate,
    when_you,
)
from facewire.words.coverage import seen_of

REACHED_PERCENT = 80.0
"""Share of the other side's own activation from which a command is told to arrive."""

MANY = 5
"""More muscles than this are counted, not listed."""

FINDINGS = {
    "platysma": mark("platysma"),
    "chin_skin": mark("chin skin"),
    "nasolabial_fold": mark("nasolabial fold"),
    "cheek_tightness": mark("cheek tightness"),
    "stapedial_noise": mark("stapedial noise"),
    "tearing": mark("tearing"),
}

_NOTHING = mark("Nothing here says that a command reaches a muscle it does not belong to.")


@dataclass(frozen=True)
class EdgeRow:
    """One connection in words.

    ``value`` is percent with its 95 % interval; ``doubt`` names what it cannot be told apart
    from, ``resolve`` what would tell; both may be empty.
    """

    command: str
    muscle: str
    plain: str
    side: str
    value: str
    doubt: str
    resolve: str


@dataclass(frozen=True)
class Untold:
    """Connections that these data cannot tell, by what would tell them."""

    resolve: str
    commands: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class WiringView:
    """Everything the section on the wiring shows.

    Parameters
    ----------
    seen : tuple of str
        What the recordings showed and could not show; stands before everything.
    picture : Markup
        The nerve in the face, in professional words with the plain ones below.
    works, along : tuple of str
        Plain sentences: which commands arrive where they belong, and what else they reach.
    present, right : tuple of EdgeRow
        Wrong connections called present; right connections with their size.
    untold : tuple of Untold
        Wrong connections that cannot be told.
    findings, notes : tuple of str
        What the clinician entered; what a reader must know.
    """

    seen: tuple[str, ...]
    picture: Markup
    works: tuple[str, ...]
    along: tuple[str, ...]
    present: tuple[EdgeRow, ...]
    right: tuple[EdgeRow, ...]
    untold: tuple[Untold, ...]
    findings: tuple[str, ...]
    notes: tuple[str, ...]


def wiring_view(wiring: Wiring) -> WiringView:
    """Put an inferred wiring into words.

    Parameters
    ----------
    wiring : Wiring
    """
    edges = wiring.edges
    present = wrong_edges(edges)
    right = [edge for edge in edges if edge.kind == "right"]
    untold = [edge for edge in edges if edge.kind == "wrong" and edge.present is None]
    # The picture escapes its own words; it holds no text of the wiring's.
    picture = Markup(nerve_svg(edges, side=wiring.affected_side))  # noqa: S704
    return WiringView(
        seen=seen_of(wiring.source),
        picture=picture,
        works=_works(right),
        along=_along(present) or (translate(_NOTHING),),
        present=tuple(_row(e) for e in present),
        right=tuple(_row(e) for e in right),
        untold=_untold(untold),
        findings=tuple(_finding(one) for one in wiring.findings),
        notes=tuple(translate(note) for note in wiring.notes),
    )


def _works(right: Iterable[Edge]) -> tuple[str, ...]:
    """Name the movements whose own muscles are all reached about as well as on the other side."""
    sizes: dict[Movement, list[float | None]] = {}
    for edge in right:
        sizes.setdefault(edge.command, []).append(edge.percent)
    arrived = [
        when_you(movement)
        for movement, values in sizes.items()
        if all(value is not None and value >= REACHED_PERCENT for value in values)
    ]
    if not arrived:
        text = translate("Your commands reach muscles on this side of your face.")
        return (text,)
    text = translate(
        "When you {movements}, the command seems to arrive where it belongs about as well as on "
        "your other side."
    )
    return (text.format(movements=either(arrived)),)


def _along(present: Iterable[Edge]) -> tuple[str, ...]:
    reached: dict[tuple[MuscleGroup, Side], list[str]] = {}
    for edge in present:
        reached.setdefault((edge.muscle, edge.side), []).append(when_you(edge.command))
    text = translate(
        "When you {movements}, part of the command seems to reach this muscle of your {side} side "
        "too: {muscle}."
    )
    return tuple(
        text.format(
            movements=either(movements),
            side=side_word(side),
            muscle=translate(group_names(muscle).plain),
        )
        for (muscle, side), movements in reached.items()
    )


def muscle_name(muscle: MuscleGroup) -> str:
    """Return the anatomical name of a muscle group, in words."""
    return translate(group_names(muscle).name)


def _row(edge: Edge) -> EdgeRow:
    names = group_names(edge.muscle)
    return EdgeRow(
        command=sentence(movement_name(edge.command)),
        muscle=sentence(translate(names.name)),
        plain=translate(names.plain),
        side=side_word(edge.side),
        value=_value(edge),
        doubt=_doubt(edge),
        resolve=_resolve(edge),
    )


def _value(edge: Edge) -> str:
    if edge.strength is None:
        return translate("cannot tell: {reason}").format(reason=translate(edge.reason))
    between = interval(edge.ci_low, edge.ci_high, 0)
    return f"{percent(edge.percent)} [{between}]"


def _doubt(edge: Edge) -> str:
    if not edge.confused_with:
        return "" if edge.distinguishable else translate(edge.reason)
    if len(edge.confused_with) > MANY:
        text = translate("cannot be told apart from {count} other muscles")
        return text.format(count=len(edge.confused_with))
    names = join([muscle_name(one) for one in edge.confused_with])
    return translate("cannot be told apart from {names}").format(names=names)


def _resolve(edge: Edge) -> str:
    return _told_by(edge.resolved_by) if edge.resolved_by else ""


def _told_by(what: str) -> str:
    if what.startswith("no movement"):
        return translate("no movement of the set would tell")
    return translate("would be told by {what}").format(what=_telling(what))


def _telling(what: str) -> str:
    """Say what would tell: a movement to record, such as ``record lip_pucker``, or an action."""
    movement = what.removeprefix("record ")
    if movement == what:
        return translate(what)
    return translate("a recording of: {movement}").format(
        movement=movement_name(Movement(movement))
    )


def _untold(edges: Iterable[Edge]) -> tuple[Untold, ...]:
    by: dict[str, list[Edge]] = {}
    for edge in edges:
        by.setdefault(edge.resolved_by or edge.reason, []).append(edge)
    found = [
        Untold(sentence(_told_by(what)), _commands(group), len(group)) for what, group in by.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.count))


def _commands(edges: Iterable[Edge]) -> tuple[str, ...]:
    muscles: dict[Movement, list[str]] = {}
    for edge in edges:
        muscles.setdefault(edge.command, []).append(muscle_name(edge.muscle))
    return tuple(
        f"{sentence(movement_name(command))}: {', '.join(names)}"
        for command, names in muscles.items()
    )


def finding_name(finding: str) -> str:
    """Return what a clinician looks for, in words."""
    known = FINDINGS.get(finding)
    return finding.replace("_", " ") if known is None else translate(known)


def _finding(row: ClinicianFinding) -> str:
    text = translate("{name}{where}: {grade} of 3, seen by the clinician")
    return text.format(
        name=sentence(finding_name(row.finding)),
        where=f", {side_word(row.side)}",
        grade=row.grade,
    )
