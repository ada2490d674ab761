"""What the clinician saw or felt and video does not see; as given, checked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, SIDES, Movement, Side
from facewire.face.muscles import MuscleGroup

FINDINGS = (
    "platysma",
    "chin_skin",
    "nasolabial_fold",
    "cheek_tightness",
    "stapedial_noise",
    "tearing",
)
"""What can be entered, graded 0 (none) to 3 (severe)."""

FINDING_GROUPS = {"platysma": MuscleGroup.PLATYSMA, "chin_skin": MuscleGroup.MENTALIS}
"""The findings that tell about a muscle group."""

UNSEEN = (MuscleGroup.PLATYSMA,)
"""Groups that video does not see: without a finding they are not assessed, never normal."""


def check_findings(findings: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Check what the clinician entered.

    Parameters
    ----------
    findings : sequence of mapping
        Each with ``finding`` (one of `FINDINGS`), ``grade`` 0 to 3, ``side`` L or R, ``source``
        clinician, and, where it belongs to one movement, ``movement``.

    Returns
    -------
    tuple of dict
        The same, as plain values.

    Raises
    ------
    UsageError
        A finding is not as described.
    """
    if isinstance(findings, str | Mapping) or not isinstance(findings, Sequence):
        raise UsageError("The findings are not a list", expected="a list of findings")
    return tuple(_checked(number, finding) for number, finding in enumerate(findings, 1))


def _checked(number: int, finding: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(finding, Mapping):
        raise UsageError(f"Finding {number} is not a set of names and values")
    grades = (0, 1, 2, 3)
    choices: dict[str, tuple[Any, ...]] = {
        "finding": FINDINGS,
        "grade": grades,
        "side": tuple(str(s) for s in SIDES),
        "source": ("clinician",),
    }
    if finding.get("movement") is not None:
        choices["movement"] = tuple(str(m) for m in MOVEMENTS)
    for key, allowed in choices.items():
        value = finding.get(key)
        if isinstance(value, bool) or value not in allowed:
            raise UsageError(
                f"The {key} of finding {number} cannot be used",
                expected=", ".join(map(str, allowed)),
                found=str(value),
            )
    return dict(finding)


def grade_of(
    findings: Sequence[Mapping[str, Any]], group: MuscleGroup, movement: Movement, side: Side
) -> int | None:
    """Return the grade found for a group in a movement, None where nobody looked.

    A finding of grade 0 without a movement holds for all of them; a higher one says only that
    there is something in one of them.

    Parameters
    ----------
    findings : sequence of mapping
        As `check_findings` returns them.
    group : MuscleGroup
    movement : Movement
    side : Side
    """
    found: int | None = None
    for finding in findings:
        if FINDING_GROUPS.get(finding["finding"]) is not group or finding["side"] != side:
            continue
        named = finding.get("movement")
        if named == movement or (named is None and finding["grade"] == 0):
            found = max(found or 0, int(finding["grade"]))
    return found


def read_findings(path: Path) -> tuple[dict[str, Any], ...]:
    """Read findings from a JSON file: a list, or an object with a list under ``findings``."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The findings file {path.name} cannot be read",
            expected="a JSON list of findings",
            found=str(error),
        ) from error
    if isinstance(document, dict):
        document = document.get("findings")
    return check_findings(document)
