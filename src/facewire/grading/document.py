"""The grades of one measurement as a document: ``facewire.grades/1``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from facewire.grading.combine import Item, Range, sum_of
from facewire.grading.eface import PARTS as EFACE_PARTS
from facewire.grading.eface_estimate import EfaceEstimate, EfaceRange, estimate_eface_like
from facewire.grading.entered import EnteredGrades
from facewire.grading.estimate import PARTS, SunnybrookEstimate, estimate_sunnybrook
from facewire.grading.facts import fact
from facewire.version import facewire_version
from facewire.words import mark

SCHEMA = "facewire.grades/1"
DIGITS = 2

NOT_VALIDATED = "estimated, not validated"

STATEMENTS = (
    mark(
        "Estimated, not validated: no relation between video and these grades is published. A "
        "clinic validates first."
    ),
    mark(
        "A grade is a range of probable grades, never one number. Blank items are the clinician's; "
        "scores are ranges over the blanks."
    ),
    mark("House-Brackmann and FNGS 2.0 are entered by the clinician and never estimated."),
    mark(
        "Synkinesis of the neck, the chin skin and the cheek is not seen by video: a clinician may "
        "grade higher."
    ),
    mark("facewire measures. It does not diagnose and is not a cleared medical device."),
)


def grades_document(
    result: Mapping[str, Any],
    entered: EnteredGrades | None = None,
    source: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the grades of a measurement, with those a clinician entered beside them.

    Parameters
    ----------
    result : mapping
        ``facewire.measurement/1``.
    entered : EnteredGrades, optional
    source : mapping, optional
        ``name`` and ``sha256`` of the result file.

    Raises
    ------
    UsageError
        The document is not a measurement.
    """
    own = entered or EnteredGrades()
    return {
        "schema": SCHEMA,
        "kind": "estimated",
        "validated": False,
        "statements": _statements(result),
        "facewire": facewire_version(),
        "source": dict(source) if source else None,
        "subject": result.get("subject"),
        "synthetic": bool(result.get("synthetic")),
        "side_affected": result.get("side_affected"),
        "side_status": result.get("side_status"),
        "side_confirmed": bool(result.get("side_confirmed")),
        "rater": own.rater or None,
        "sunnybrook": _sunnybrook(estimate_sunnybrook(result, own.sunnybrook), own),
        "eface_like": _eface(estimate_eface_like(result), own),
        "house_brackmann": _by_entry("house_brackmann", own.house_brackmann),
        "fngs2": _by_entry("fngs2", _fngs2(own)),
    }


def result_grades(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the estimated scores alone, as the ``grades`` entry of a measurement may hold them.

    Sub-scores with ``expected``, ``ci_low`` and ``ci_high``; items and entered grades are left to
    `grades_document`.

    Raises
    ------
    UsageError
        The document is not a measurement.
    """
    sunnybrook, eface = estimate_sunnybrook(result), estimate_eface_like(result)
    composite = _composite(sunnybrook, None, [])
    return {
        "kind": NOT_VALIDATED,
        "sunnybrook": {
            "composite": {k: composite[k] for k in ("expected", "ci_low", "ci_high")},
            **{part: _range(getattr(sunnybrook, part)) for part in PARTS},
        },
        "eface_like": {
            part: _eface_range(getattr(eface, part)) for part in (*EFACE_PARTS, "total")
        },
    }


def _statements(result: Mapping[str, Any]) -> list[str]:
    found = list(STATEMENTS)
    status = result.get("side_status")
    if status in ("none", "undecided"):
        found.append(
            mark(
                "No affected side is known: each side was graded against the other, with equal "
                "weight."
            )
        )
    if not result.get("side_confirmed"):
        found.append(mark("Left and right are not confirmed."))
    if result.get("synthetic"):
        found.append(mark("Synthetic patient: a rendered face, not a person."))
    return found


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _sunnybrook(found: SunnybrookEstimate, own: EnteredGrades) -> dict[str, Any]:
    score = own.sunnybrook_score
    blanks = [
        f"{part}.{name}" for part in PARTS for name, item in found.items[part].items() if item.blank
    ]
    parts = {
        part: {
            **_range(getattr(found, part)),
            "entered": None if score is None else getattr(score, part),
            "items": {
                name: _item(item, own.sunnybrook.get(part, {}).get(name))
                for name, item in found.items[part].items()
            },
        }
        for part in PARTS
    }
    return {
        "kind": NOT_VALIDATED,
        "composite": _composite(found, score.shown if score else None, blanks),
        **parts,
        "source": fact("sunnybrook.citation"),
        "healthy": {
            "low": fact("sunnybrook.healthy.right_reference.min"),
            "high": fact("sunnybrook.healthy.right_reference.max"),
            "source": fact("sunnybrook.healthy.citation"),
        },
    }


def _composite(found: SunnybrookEstimate, entered: int | None, blanks: list[str]) -> dict[str, Any]:
    """Return the composite on its usual scale from 0, with the unclipped values beside it."""
    raw = found.composite
    shown = Range(
        None if raw.expected is None else max(0.0, raw.expected),
        max(0.0, raw.ci_low),
        max(0.0, raw.ci_high),
    )
    return {
        **_range(shown),
        "raw": _range(raw),
        "lowest_with_unseen": _number(max(0.0, found.lowest_with_unseen)),
        "blanks": blanks,
        "entered": entered,
    }


def _range(found: Range) -> dict[str, float | None]:
    return {name: _number(value) for name, value in asdict(found).items()}


def _item(item: Item, entered: int | None) -> dict[str, Any]:
    """Return one item: estimated with probabilities, or blank with its reason."""
    low, high = item.grade_range()
    expected = None if item.blank else sum_of([(1, item)]).mean
    return {
        "kind": "blank" if item.blank else "estimated" if item.estimated else "entered",
        "expected": _number(expected),
        "ci_low": low,
        "ci_high": high,
        "probabilities": {str(g): round(p, 4) for g, p in item.probabilities().items()},
        "entered": entered,
        "measured": [_sight(s.region, s.reading, item.unit) for s in _first(item)],
        "not_seen": list(item.not_seen) if item.estimated else [],
        "basis": item.basis or None,
        "validated": False,
        "reason": item.reason or None,
    }


def _first(item: Item) -> tuple[Any, ...]:
    """Return the regions as measured for one graded side; none where each side was graded."""
    return item.sights[0] if len(item.sights) == 1 else ()


def _sight(region: str, reading: Any, unit: str) -> dict[str, Any]:
    low, high = reading.ci
    numbers = {"value": reading.value, "ci_low": low, "ci_high": high}
    return {"region": region, "unit": unit, **{k: _number(v) for k, v in numbers.items()}}


def _eface(found: EfaceEstimate, own: EnteredGrades) -> dict[str, Any]:
    return {
        "kind": NOT_VALIDATED,
        **{
            name: {
                **_eface_range(getattr(found, name)),
                "entered": None if own.eface is None else _number(getattr(own.eface, name)),
                "items": {k: _eface_range(v) for k, v in found.items[name].items()},
            }
            for name in EFACE_PARTS
        },
        "total": {
            **_eface_range(found.total),
            "entered": None if own.eface is None else _number(own.eface.total),
        },
        "source": fact("auto_eface.citation"),
    }


def _eface_range(found: EfaceRange) -> dict[str, Any]:
    numbers = (found.expected, found.ci_low, found.ci_high)
    names = ("expected", "ci_low", "ci_high")
    return {
        **{n: _number(v) for n, v in zip(names, numbers, strict=True)},
        "reason": found.reason or None,
    }


def _by_entry(scale: str, entered: Any) -> dict[str, Any]:
    return {
        "kind": "entered" if entered is not None else "blank",
        "entered": entered,
        "reason": None
        if entered is not None
        else mark("entered by the clinician, never estimated"),
        "source": fact(f"{scale}.citation"),
    }


def _fngs2(own: EnteredGrades) -> dict[str, Any] | None:
    if own.fngs2 is None:
        return None
    return {**asdict(own.fngs2), "total": own.fngs2.total, "grade": own.fngs2.grade}
