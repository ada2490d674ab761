"""What the measurement and the wiring already know about the eye: closure gaps, a narrow eye."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from facewire.errors import UsageError
from facewire.face import Side
from facewire.plan.facts import Facts, Known, Place
from facewire.plan.options import find_options
from facewire.wiring import WiringModel

GENTLE = "eye_close_gentle"
NARROWING = ("oral_ocular", "brow_ocular")


def closure_rows(
    model: WiringModel, result: Mapping[str, Any] | None
) -> Sequence[Mapping[str, Any]]:
    """Return the measured closure gaps that belong to a wiring.

    Parameters
    ----------
    model : WiringModel
        The wiring; its source may carry ``eye_closure``.
    result : mapping or None
        A measurement, ``facewire.measurement/1``, if one was given.

    Raises
    ------
    UsageError
        The measurement is not one that the wiring was inferred from, or its sides are not
        confirmed.
    """
    if result is not None:
        _check_result(model, result)
        return list(result.get("eye_closure", []))
    found = list(model.source.get("eye_closure", []))
    for row in model.source.get("measurements", []):
        found += row.get("eye_closure", [])
    return found


def _check_result(model: WiringModel, result: Mapping[str, Any]) -> None:
    if result.get("schema") != "facewire.measurement/1":
        raise UsageError(
            "The result is not a measurement",
            expected='"schema": "facewire.measurement/1"',
            found=str(result.get("schema")),
        )
    if not result.get("side_confirmed"):
        raise UsageError(
            "The sides of the measurement are not confirmed",
            do="measure again with --mirrored yes or no",
        )
    own = [
        m["content_sha256"] for m in model.source.get("measurements", []) if "content_sha256" in m
    ]
    text = json.dumps(result, sort_keys=True, ensure_ascii=False)
    if own and hashlib.sha256(text.encode("utf-8")).hexdigest() not in own:
        raise UsageError(
            "The measurement is not one that this wiring was inferred from",
            do="give the RESULT.json that `facewire wiring` was given",
        )


def measured_facts(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Place, Known]]:
    """Yield the gap of each gentle closure that was measured, with its interval.

    Tight closures are left out: a gap that effort alone closes is open in sleep and in a blink.
    """
    for row in rows:
        if row.get("movement") == GENTLE and row.get("gap_mm") is not None:
            gap = float(row["gap_mm"])
            low, high = (_number(row.get(key), gap) for key in ("ci_low", "ci_high"))
            yield ("closure_gap_mm", Side(row["side"])), Known(gap, low, high, "measured")


def _number(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) else otherwise


def inferred_facts(model: WiringModel, affected: Side) -> Iterator[tuple[Place, Known]]:
    """Yield what the wiring says: the affected eye is narrow where a movement narrows it.

    It never says that an eye is not narrow.
    """
    patterns = [option.pattern["id"] for option in find_options(model, affected, Facts())]
    if any(name in patterns for name in NARROWING):
        yield ("narrow_eye", affected), Known(value=True, source="inferred")
