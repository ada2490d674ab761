"""How well a result matches the truth of a synthetic patient.

Agreement with clips of facewire's own renderer is a self-check, not evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from facewire.errors import UsageError
from facewire.face import VOLUNTARY_TARGETS, Movement, Region

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

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def compare_with_truth(result: Mapping[str, Any], truth: Mapping[str, Any]) -> Agreement:
    """Return how well a result matches the truth.

    Rows of a region that the movement moves on purpose are left out, as are rows that were not
    measured; the chin, which is one point, counts once.

    Parameters
    ----------
    result : mapping
        A result, ``facewire.measurement/1``.
    truth : mapping
        The content of the clip's ``.truth.json``.

    Raises
    ------
    UsageError
        The two have no row in common.
    """
    pairs = _paired_rows(result, truth)
    if not pairs:
        raise UsageError(
            "The result cannot be compared with this truth",
            expected="a result of the clip that the truth belongs to",
            found="no movement, region and side in common",
        )
    present = [(row, fact) for row, fact in pairs if fact["present"]]
    absent = [(row, fact) for row, fact in pairs if not fact["present"]]
    wrong = [fact for row, fact in absent if row.get("present")]
    return Agreement(
        side_correct=result["side_affected"] == truth["affected_side"],
        present=len(present),
        found=sum(bool(row.get("present")) for row, _ in present),
        absent=len(absent),
        false_alarms=len(wrong),
        false_alarms_mm=tuple(sorted(round(abs(f["involuntary_mm"]), 2) for f in wrong)),
        median_error_mm=_median_errors(present),
        covered=_covered(pairs, truth["affected_side"]),
    )


def _paired_rows(
    result: Mapping[str, Any], truth: Mapping[str, Any]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    facts = {_key(fact): fact for fact in truth["summary"] if _counts(fact, truth)}
    rows = ((row, facts.get(_key(row))) for row in result["synkinesis"])
    return [(row, fact) for row, fact in rows if fact and row["change_mm"] is not None]


def _counts(fact: Mapping[str, Any], truth: Mapping[str, Any]) -> bool:
    if Region(fact["region"]) in VOLUNTARY_TARGETS[Movement(fact["movement"])]:
        return False
    one_chin: bool = fact["side"] == (truth["affected_side"] or "L")
    return fact["region"] != Region.CHIN or one_chin


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["movement"], row["region"], row["side"]


def _median_errors(
    present: list[tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> dict[str, float]:
    errors: dict[str, list[float]] = {}
    for row, fact in present:
        errors.setdefault(row["region"], []).append(abs(row["change_mm"] - fact["involuntary_mm"]))
    return {str(r): round(median(errors[r]), 3) for r in _REPORTED if r in errors}


def _covered(
    pairs: list[tuple[Mapping[str, Any], Mapping[str, Any]]], side: str | None
) -> float | None:
    held = [
        row["ci_low"] <= fact["involuntary_mm"] <= row["ci_high"]
        for row, fact in pairs
        if row["side"] == side and row["ci_low"] is not None
    ]
    return sum(held) / len(held) if held else None
