"""The course as plain values: the entry ``course`` of ``facewire.comparison/1``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from enum import Enum
from typing import Any

from facewire.comparison.course import JOINED, Course, OutcomeCourse, Trend
from facewire.comparison.course_file import DatedVisit
from facewire.errors import UsageError
from facewire.words import mark

DIGITS = 4
MIXED_PHASES = mark(
    "The visits are at different toxin phases: a difference between them shows the toxin's effect "
    "for a time, and no trend joins them."
)
CHANGING_PHASE = mark(
    "A visit while a toxin's effect sets in or wears off is shown and not joined."
)
OWN_EFFORT = mark(
    "The simulated course stands for its own effort, the measured one for the effort that all "
    "visits share: compare their shapes, not their millimetres."
)
NO_START = mark("The forecast names no date; its day 0 is laid at the first visit.")
SIMULATED = mark("Simulated on the inferred wiring, not measured.")


def course_document(course: Course, forecast: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a course as the document that is written; NaN becomes null.

    Parameters
    ----------
    course : Course
    forecast : mapping, optional
        ``facewire.forecast/1`` of the same person; its course of each outcome is laid beside.

    Raises
    ------
    UsageError
        The forecast is of another person, side or recording.
    """
    if forecast is not None:
        check_forecast(course, forecast)
    return {
        "visits": [_visit(one) for one in course.visits],
        "treatments": [
            {name: _plain(value) for name, value in asdict(one).items() if name != "day"}
            | {"date": one.day.isoformat()}
            for one in course.treatments
        ],
        "outcomes": [_outcome(one, forecast, course.visits[0].day) for one in course.outcomes],
        "forecast": None if forecast is None else _source(forecast, course.visits[0].day),
    }


def course_notes(course: Course, forecast: Mapping[str, Any] | None = None) -> list[str]:
    """Return what a reader of the course must know.

    Parameters
    ----------
    course : Course
    forecast : mapping, optional
        ``facewire.forecast/1``
    """
    joins = {JOINED.get(one.phase) for one in course.visits}
    notes = [MIXED_PHASES] if len(joins) > 1 else []
    notes += [CHANGING_PHASE] if None in joins else []
    if forecast is not None:
        notes += [SIMULATED, OWN_EFFORT]
        notes += [NO_START] if forecast["start_date"] is None else []
    return notes


def check_forecast(course: Course, forecast: Mapping[str, Any]) -> None:
    """Refuse a forecast that cannot be of this person.

    Raises
    ------
    UsageError
        Another subject, another affected side, or none of the visits' recordings.
    """
    source = forecast["source"]
    subjects = {v.visit.subject for v in course.visits} | {source.get("subject")}
    sides = {v.visit.side_affected for v in course.visits} | {forecast["affected_side"]}
    own = {v.visit.sha256 for v in course.visits} - {""}
    made_from = {one.get("recording_sha256") for one in source.get("measurements", ())} - {None}
    for faulty, what in (
        (len(subjects - {None}) > 1, "person"),
        (len({str(side) for side in sides - {None}}) > 1, "side"),
        (bool(own and made_from) and not own & made_from, "recording"),
    ):
        if faulty:
            raise UsageError(
                f"The forecast is of another {what}",
                expected="a forecast made from one of these visits",
                do="make it with facewire wiring and facewire forecast from the first visit",
            )


def _source(forecast: Mapping[str, Any], first: date) -> dict[str, Any]:
    return {
        "kind": "simulated",
        "statement": SIMULATED,
        "start_date": _start(forecast, first).isoformat(),
        "start_stated": forecast["start_date"] is not None,
    }


def _start(forecast: Mapping[str, Any], first: date) -> date:
    stated = forecast["start_date"]
    return first if stated is None else date.fromisoformat(stated)


def _visit(one: DatedVisit) -> dict[str, Any]:
    return {
        "name": one.visit.name,
        "date": one.day.isoformat(),
        "toxin_phase": str(one.phase),
        "phase_stated": one.phase_stated,
        "weeks_since_toxin": _plain(one.weeks_since_toxin),
        "recording_sha256": one.visit.sha256 or None,
    }


def _outcome(one: OutcomeCourse, forecast: Mapping[str, Any] | None, first: date) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "movement": str(one.movement),
        "region": str(one.region),
        "side": str(one.side),
        "at_mm": _plain(one.at_mm),
        "points": [
            {
                "visit": p.visit,
                "date": p.day.isoformat(),
                "toxin_phase": str(p.phase),
                **{name: _plain(getattr(p, name)) for name in ("value_mm", "ci_low", "ci_high")},
                "reason": p.reason,
            }
            for p in one.points
        ],
        "trends": [_trend(trend) for trend in one.trends],
        "forecast": None if forecast is None else _simulated(one, forecast, first),
    }


def _trend(trend: Trend) -> dict[str, Any]:
    found = {name: _plain(value) for name, value in asdict(trend).items()}
    return found | {"visits": list(trend.visits)}


def _simulated(
    one: OutcomeCourse, forecast: Mapping[str, Any], first: date
) -> dict[str, Any] | None:
    rows, name = forecast[one.kind], "change_mm" if one.kind == "involuntary" else "excursion_mm"
    place = (str(one.movement), str(one.region), str(one.side))
    row = next((r for r in rows if (r["movement"], r["region"], r["side"]) == place), None)
    if row is None:
        return None
    start = _start(forecast, first)
    days = list(_days(forecast["map_days"], start))
    return {
        "kind": "simulated",
        "dates": days,
        "value_mm": row[name],
        "ci_low": row["ci_low"],
        "ci_high": row["ci_high"],
    }


def _days(days: Iterable[int], start: date) -> Iterable[str]:
    return ((start + timedelta(days=day)).isoformat() for day in days)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, DIGITS) if math.isfinite(value) else None
    return value
