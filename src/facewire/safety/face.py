"""What a wiring says that rules ask: sides, gaps, where a movement reaches a wrong muscle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from facewire.errors import UsageError
from facewire.face import SMILES, Movement, Region, Side
from facewire.face.muscles import (
    GROUP_INDEX,
    GROUPS,
    ORBICULARIS_OCULI,
    TYPICAL_ACTION_MM,
    MuscleGroup,
)
from facewire.results.cells import ClosureCell
from facewire.results.wiring import ClinicianFinding, FindingName, Wiring
from facewire.safety.definitions import Value
from facewire.safety.facts import FactKey, Facts, Known, KnownFace
from facewire.wiring import FaceState
from facewire.wiring.findings import FINDING_GROUPS
from facewire.wiring.state import side_index

TIGHT_TONE = 0.05
"""Least activation at rest that is called tight, of the healthy side's full activation."""
TOLD_MM = 1.0
"""A place of the face tells of the tightness of a muscle that moves it by so much."""


def face_facts(wiring: Wiring, facts: Facts) -> Facts:
    """Return facts with what a wiring says beside them.

    Parameters
    ----------
    wiring : Wiring
        With the closure gaps of the measurements that it was inferred from.
    facts : Facts
        What is known otherwise.
    """
    cells = [cell for one in wiring.source.measurements for cell in one.eye_closure]
    return known_face(wiring, facts).with_answers(measured_facts(cells))


def known_face(wiring: Wiring, facts: Facts) -> Facts:
    """Return facts with the sides and the wrong wiring of a face, without its closure gaps."""
    affected = wiring.affected_side
    tight: dict[MuscleGroup, bool | None] = {}
    if affected is not None:
        state = FaceState.of_draws(wiring.draws)
        told = tight_groups(state, affected)
        tight = {g: g in told or (None if not _rest_tells(state, g) else False) for g in GROUPS}
        narrow = [one.value for one in facts.answers("rest_eye", None)] == ["narrow"]
        tight |= dict.fromkeys(ORBICULARIS_OCULI, True) if narrow else {}
    wrong = {group: _wrong(wiring, group, tight.get(group)) for group in GROUPS}
    known = facts.with_answers(found_acts(wiring, facts))
    return known.of_face(KnownFace(affected, wiring.side_confirmed, wrong))


def tight_groups(state: FaceState, side: Side) -> frozenset[MuscleGroup]:
    """Return the groups of a side that are credibly tight at rest.

    The two parts of orbicularis oculi are one muscle here: both are named where either is.
    """
    tone = state.tone[:, side_index(side)]
    units = [*((group,) for group in GROUPS), ORBICULARIS_OCULI]
    found: set[MuscleGroup] = set()
    for unit in units:
        whole = tone[:, [GROUP_INDEX[group] for group in unit]].sum(axis=1)
        if whole.mean() >= TIGHT_TONE and np.quantile(whole, 0.025) > 0:
            found |= set(unit)
    return frozenset(found)


def _rest_tells(state: FaceState, group: MuscleGroup) -> bool:
    """Whether something that a group moves was seen at rest: else its tightness is not known."""
    moves = np.abs(TYPICAL_ACTION_MM[GROUP_INDEX[group]]) >= TOLD_MM
    return bool(np.isfinite(state.rest_mm[..., moves]).all(axis=(0, 1)).any())


def _wrong(wiring: Wiring, group: MuscleGroup, tight: bool | None) -> bool | None:
    edges = [
        edge
        for edge in wiring.edges
        if edge.muscle is group and edge.kind == "wrong" and edge.side is wiring.affected_side
    ]
    found = any(
        FINDING_GROUPS.get(one.finding) is group and one.side is wiring.affected_side and one.grade
        for one in wiring.findings
    )
    if tight or found or any(edge.names_its_muscle for edge in edges):
        return True
    if group in ORBICULARIS_OCULI and _narrows(wiring):
        return True
    absent = edges and all(edge.present is False for edge in edges)
    return False if absent and tight is False else None


def _narrows(wiring: Wiring) -> bool:
    """Whether the affected eye narrows: one part of its muscle or another, or the map itself."""
    side = wiring.affected_side
    inferred = any(
        u.present and u.side is side and u.union == "orbicularis_oculi" for u in wiring.unions
    )
    return inferred or any(one.side is side and one.region is Region.EYE for one in wiring.measured)


def act_findings(
    facts: Facts, side: Side | None, given: Sequence[ClinicianFinding] = ()
) -> tuple[ClinicianFinding, ...]:
    """Return what examined acts say as findings that a wiring is inferred with.

    Parameters
    ----------
    facts : Facts
    side : Side or None
        The affected side; without one there is no finding.
    given : sequence of ClinicianFinding, optional
        Findings that were entered beside.

    Raises
    ------
    UsageError
        One of them says the opposite.

    Notes
    -----
    Bands in the neck speak for the platysma, a block of depressor anguli oris for that muscle in
    smiles; a tight cheek is carried along, as no landmark shows the buccinator.
    """
    if side is None:
        return ()
    found = tuple(_act_findings(facts, side))
    for one in found:
        own = [other for other in given if (other.finding, other.side) == (one.finding, side)]
        if any((other.grade > 0) is not (one.grade > 0) for other in own):
            raise UsageError(
                "The facts and the findings contradict each other",
                found=f"{_said_by(facts, one)}, and a finding on {one.finding.replace('_', ' ')} "
                f"of grade {own[0].grade}",
                do="correct one of them",
            )
    return found


_ACT_OF: Mapping[FindingName, tuple[str, Mapping[Value, int]]] = {
    "platysma": ("neck_bands", {True: 1, False: 0}),
    "cheek_tightness": ("cheek_tight", {True: 1, False: 0}),
    "dao_block": ("test_block_dao", {"good": 1, "poor": 0}),
}
"""Findings that an act gives: its fact, and the grade of each result. An act that was not done is
none of them."""
_MOVEMENTS_OF: Mapping[FindingName, tuple[Movement | None, ...]] = {"dao_block": SMILES}
"""What a block is seen in: the smiles alone."""


def _act_findings(facts: Facts, side: Side) -> Iterator[ClinicianFinding]:
    for name, (fact, grades) in _ACT_OF.items():
        for one in facts.answers(fact, None)[:1]:
            if one.value in grades:
                for movement in _MOVEMENTS_OF.get(name, (None,)):
                    yield ClinicianFinding(
                        finding=name, grade=grades[one.value], side=side, movement=movement
                    )


def _said_by(facts: Facts, one: ClinicianFinding) -> str:
    fact = _ACT_OF[one.finding][0]
    value = facts.answers(fact, None)[0].value
    return f"{fact} {str(value).lower() if isinstance(value, bool) else value}"


def found_acts(wiring: Wiring, facts: Facts) -> Iterator[tuple[FactKey, Known]]:
    """Yield what the findings of a wiring say of acts that the facts do not tell of.

    Bands in the neck are no such act: their finding speaks for the platysma itself.

    Parameters
    ----------
    wiring : Wiring
    facts : Facts
        What was stated counts before.
    """
    for name in ("cheek_tightness", "dao_block"):
        fact, grades = _ACT_OF[name]
        own = [
            one.grade
            for one in wiring.findings
            if one.finding == name and one.side is wiring.affected_side
        ]
        if own and not facts.answers(fact, None):
            results = {bool(grade): value for value, grade in grades.items()}
            yield (fact, None), Known(results[max(own) > 0])


def measured_facts(cells: Iterable[ClosureCell]) -> Iterator[tuple[FactKey, Known]]:
    """Yield the gap of each gentle closure that was measured, with its interval.

    Tight closures are left out: a gap that effort alone closes is open in sleep and in a blink.
    """
    for cell in cells:
        if cell.movement is Movement.EYE_CLOSE_GENTLE and cell.gap is not None:
            gap = cell.gap
            yield ("closure_gap_mm", cell.side), Known(gap.value, gap.low, gap.high, "measured")
