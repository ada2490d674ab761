"""What the clinician saw or felt and video does not see, and the muscles that it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from facewire.face import Movement, Side
from facewire.face.muscles import MuscleGroup
from facewire.files import read_json
from facewire.results.wiring import ClinicianFinding, ClinicianFindings

FINDING_GROUPS = {
    "platysma": MuscleGroup.PLATYSMA,
    "chin_skin": MuscleGroup.MENTALIS,
    "dao_block": MuscleGroup.DEPRESSOR_ANGULI_ORIS,
}
"""The findings that tell about a muscle group."""

UNSEEN = (MuscleGroup.PLATYSMA,)
"""Groups that video does not see: without a finding they are not assessed, never normal."""


def grade_of(
    findings: Sequence[ClinicianFinding], group: MuscleGroup, movement: Movement, side: Side
) -> int | None:
    """Return the grade found for a group in a movement, None where nobody looked.

    A finding of grade 0 without a movement holds for all of them; a higher one says only that
    there is something in one of them.

    Parameters
    ----------
    findings : sequence of ClinicianFinding
    group : MuscleGroup
    movement : Movement
    side : Side
    """
    found: int | None = None
    for finding in findings:
        if FINDING_GROUPS.get(finding.finding) is not group or finding.side is not side:
            continue
        if finding.movement is movement or (finding.movement is None and finding.grade == 0):
            found = max(found or 0, finding.grade)
    return found


def read_findings(path: Path) -> tuple[ClinicianFinding, ...]:
    """Read findings from a JSON file: a list, or an object with a list under ``findings``.

    Raises
    ------
    UsageError
        It cannot be read, or a finding is not as `ClinicianFinding` describes it.
    """
    values = read_json(path, "a JSON list of findings")
    listed = values if isinstance(values, dict) else {"findings": values}
    return ClinicianFindings.checked(listed, f"The findings file {path.name}").findings
