"""The comparison as plain values: ``facewire.comparison/1``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from enum import Enum
from typing import Any

from facewire.comparison.change import INVOLUNTARY, Change, Comparison
from facewire.comparison.course import Course
from facewire.comparison.course_document import course_document, course_notes
from facewire.comparison.floors import Floors
from facewire.face import REGIONS

SCHEMA = "facewire.comparison/1"
DIGITS = 4


def comparison_document(
    found: Comparison,
    course: Course | None = None,
    forecast: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the comparison as the document that is written; NaN becomes null.

    Parameters
    ----------
    found : Comparison
    course : Course, optional
        The same visits with their days: the document then holds their course too.
    forecast : mapping, optional
        ``facewire.forecast/1``, laid beside the course.

    Raises
    ------
    UsageError
        The forecast is of another person, side or recording.
    """
    document = _comparison(found)
    if course is not None:
        document["course"] = course_document(course, forecast)
        document["notes"] += course_notes(course, forecast)
    return document


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "kind": "measured",
        "subject": found.subject,
        "side_affected": _plain(found.side_affected),
        "visits": list(found.visits),
        "recordings": [
            {"visit": name, "recording_sha256": sha256 or None}
            for name, sha256 in zip(found.visits, found.recordings, strict=True)
        ],
        "synthetic": found.synthetic,
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
