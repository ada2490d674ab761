"""What a wiring says that rules ask: sides, gaps, where a movement reaches a wrong muscle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.face.muscles import (
    GROUP_INDEX,
    GROUPS,
    ORBICULARIS_OCULI,
    TYPICAL_ACTION_MM,
    MuscleGroup,
)
from facewire.results.cells import ClosureCell
from facewire.results.wiring import ClinicianFinding, Wiring
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
    return facts.of_face(KnownFace(affected, wiring.side_confirmed, wrong))


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
    """
    known = facts.answers("neck_bands", None)
    if side is None or not known:
        return ()
    grade = 1 if known[0].value is True else 0
    own = [one for one in given if one.finding == "platysma" and one.side is side]
    if any((one.grade > 0) is not (grade > 0) for one in own):
        raise UsageError(
            "The facts and the findings contradict each other",
            found=f"neck_bands {'true' if grade else 'false'}, and a finding on the platysma of "
            f"grade {own[0].grade}",
            do="correct one of them",
        )
    return (ClinicianFinding(finding="platysma", grade=grade, side=side),)


def measured_facts(cells: Iterable[ClosureCell]) -> Iterator[tuple[FactKey, Known]]:
    """Yield the gap of each gentle closure that was measured, with its interval.

    Tight closures are left out: a gap that effort alone closes is open in sleep and in a blink.
    """
    for cell in cells:
        if cell.movement is Movement.EYE_CLOSE_GENTLE and cell.gap is not None:
            gap = cell.gap
            yield ("closure_gap_mm", cell.side), Known(gap.value, gap.low, gap.high, "measured")
