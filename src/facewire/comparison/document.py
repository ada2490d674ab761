"""The comparison as plain values: ``facewire.comparison/1``."""

from __future__ import annotations

import math
from dataclasses import asdict
from enum import Enum
from typing import Any

from facewire.comparison.change import INVOLUNTARY, Change, Comparison
from facewire.comparison.floors import Floors
from facewire.face import REGIONS

SCHEMA = "facewire.comparison/1"
DIGITS = 4


def comparison_document(found: Comparison) -> dict[str, Any]:
    """Return the comparison as the document that is written; NaN becomes null."""
    return {
        "schema": SCHEMA,
        "kind": "measured",
        "subject": found.subject,
        "side_affected": _plain(found.side_affected),
        "visits": list(found.visits),
        "reference": found.visits[0],
        "provisional": found.floors.provisional,
        "smallest_detectable_change": _floors(found.floors),
        "changes": [_row(c) for c in found.changes if c.kind == INVOLUNTARY],
        "voluntary_changes": [_row(c) for c in found.changes if c.kind != INVOLUNTARY],
        "notes": list(found.notes),
    }


def _floors(floors: Floors) -> list[dict[str, Any]]:
    return [
        {
            "region": str(region),
            "sdc_mm": _plain(floors.sdc_mm[region]),
            "ci_low": _plain(floors.ci_low_mm[region]),
            "ci_high": _plain(floors.ci_high_mm[region]),
            "source": floors.source[region],
            "people": floors.people,
        }
        for region in REGIONS
    ]


def _row(change: Change) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(change).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, float):
        return round(value, DIGITS) if math.isfinite(value) else None
    return value
