"""How well a result matches the truth of a synthetic patient.

Agreement with clips of facewire's own renderer is a self-check, not evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from facewire.errors import UsageError
from facewire.face import VOLUNTARY_TARGETS, Movement, Region, Side
from facewire.results.measurement import Measurement

_REPORTED = (Region.EYE, Region.COMMISSURE)


@dataclass(frozen=True)
class Agreement:
    """A result beside the truth.

    Parameters
    ----------
    side_correct : bool
        The affected side, or that there is none, is right.
    present, found : int
        Involuntary movements of the truth, and those of them that the result has as present.
    absent, false_alarms : int
        Rows without an involuntary movement that counts, and those that the result has as present.
    false_alarms_mm : tuple of float
        How far each of these truly moves, mm; under the size that counts.
    median_error_mm : mapping of str to float
        Per region: median of the absolute error where an involuntary movement is present.
    covered : float or None
        Part of the rows of the affected side whose 95 % interval holds the truth; None when there
        is no such row.
    """

    side_correct: bool
    present: int
    found: int
    absent: int
    false_alarms: int
    false_alarms_mm: tuple[float, ...]
    median_error_mm: Mapping[str, float]
    covered: float | None


def compare_with_truth(result: Measurement, truth: Mapping[str, Any]) -> Agreement:
    """Return how well a result matches the truth.

    Rows of a region that the movement moves on purpose are left out, as are rows that were not
    measured; the chin, which is one point, counts once.

    Parameters
    ----------
    result : Measurement
    truth : mapping
        The content of the clip's ``.truth.json``.

    Raises
    ------
    UsageError
        The two have no row in common.
    """
    affected = truth["affected_side"]
    facts = {_key(fact): fact for fact in truth["summary"] if _counts(fact, affected)}
    pairs = [
        (cell, change, facts[place])
        for cell in result.synkinesis
        if (place := (cell.movement, cell.region, cell.side)) in facts and (change := cell.change)
    ]
    if not pairs:
        raise UsageError(
            "The result cannot be compared with this truth",
            expected="a result of the clip that the truth belongs to",
            found="no movement, region and side in common",
        )
    errors: dict[Region, list[float]] = {}
    for cell, change, fact in pairs:
        if fact["present"]:
            error_mm = abs(change.value - fact["involuntary_mm"])
            errors.setdefault(cell.region, []).append(error_mm)
    held = [
        change.low <= fact["involuntary_mm"] <= change.high
        for cell, change, fact in pairs
        if cell.side == affected
    ]
    wrong = [fact for cell, _, fact in pairs if cell.present and not fact["present"]]
    present = [cell for cell, _, fact in pairs if fact["present"]]
    return Agreement(
        side_correct=result.side_affected == affected,
        present=len(present),
        found=sum(bool(cell.present) for cell in present),
        absent=len(pairs) - len(present),
        false_alarms=len(wrong),
        false_alarms_mm=tuple(sorted(round(abs(f["involuntary_mm"]), 2) for f in wrong)),
        median_error_mm={str(r): round(median(errors[r]), 3) for r in _REPORTED if r in errors},
        covered=sum(held) / len(held) if held else None,
    )


def _counts(fact: Mapping[str, Any], affected: str | None) -> bool:
    region, side = Region(fact["region"]), Side(fact["side"])
    if region in VOLUNTARY_TARGETS[Movement(fact["movement"])]:
        return False
    return region is not Region.CHIN or side == (affected or Side.LEFT)


def _key(fact: Mapping[str, Any]) -> tuple[str, str, str]:
    return fact["movement"], fact["region"], fact["side"]
