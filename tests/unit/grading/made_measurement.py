"""Measurements of simulated patients, and measurements written by hand, for the grading tests."""

from __future__ import annotations

from functools import cache
from typing import Any

from facewire.face import MOVEMENTS, REGIONS, SIDES, Movement, Region, Side
from facewire.pipeline.measurement import map_part
from facewire.synthetic.patient_spec import Protocol
from simulated.wiring_spec import SignalPatient, WrongEdge
from unit.synkinesis.made_evidence import estimate, located, simulate

WEAK = {"brow": 0.8, "smile": 0.8, "snarl": 0.8, "pucker": 0.8}
SHORT = Protocol(repetitions=2)
SYNKINETIC = (
    WrongEdge("smile", Region.EYE, (-3.0,)),
    WrongEdge("pucker", Region.EYE, (-3.0,)),
    WrongEdge("snarl", Region.EYE, (-2.0,)),
    WrongEdge("eye_close", Region.COMMISSURE, (1.5, 2.5)),
)


def patient(kind: str, side: Side = Side.RIGHT) -> SignalPatient:
    """A healthy, a synkinetic or a flaccid face."""
    if kind == "healthy":
        return SignalPatient(protocol=SHORT)
    if kind == "synkinetic":
        return SignalPatient(side, WEAK, miswiring=SYNKINETIC, protocol=SHORT)
    return SignalPatient(side, dict.fromkeys(WEAK, 0.1), protocol=SHORT)


@cache
def measured(kind: str, seed: int = 1, side: Side = Side.RIGHT) -> dict[str, Any]:
    """A measurement of a simulated patient, as far as grading reads it; shared between tests."""
    recording = simulate(patient(kind, side), seed)
    document = map_part(estimate(recording), located(recording))
    return {
        "schema": "facewire.measurement/1",
        "synthetic": True,
        "side_confirmed": True,
    } | document


def _row(movement: Movement, region: Region, side: Side, **numbers: Any) -> dict[str, Any]:
    names = {"movement": str(movement), "region": str(region), "side": str(side)}
    return {**names, "across_mm": None, "up_mm": None, "reason": None, **numbers}


def by_hand(affected: Side | None = Side.RIGHT, status: str = "stated") -> dict[str, Any]:
    """A symmetric face that moves 8 mm everywhere on both sides, each number known to 0.2 mm."""
    cells = [(m, r, s) for m in MOVEMENTS for r in REGIONS for s in SIDES]
    known = {"ci_low": 7.8, "ci_high": 8.2}
    quiet = {"change_mm": 0.0, "ci_low": -0.2, "ci_high": 0.2}
    rest = {
        "ci_low": 9.0,
        "ci_high": 11.0,
        "difference_mm": 0.0,
        "difference_ci_low": -0.2,
        "difference_ci_high": 0.2,
    }
    places = {"eye": 10.0, "brow": 25.0, "commissure": -33.0, "lower_lip": -40.0}
    parts = [("eye", "height"), ("brow", "height"), ("lower_lip", "height")]
    parts += [("commissure", "across"), ("commissure", "up")]
    return {
        "schema": "facewire.measurement/1",
        "subject": "P1",
        "synthetic": False,
        "side_affected": affected,
        "side_status": status,
        "side_confirmed": True,
        "voluntary": [_row(*cell, excursion_mm=8.0, **known) for cell in cells],
        "synkinesis": [_row(*cell, **quiet) for cell in cells],
        "eye_closure": [
            {"movement": m, "side": s, "gap_mm": 0.0, "ci_low": 0.0, "ci_high": 0.4}
            for m in ("eye_close_gentle", "eye_close_tight")
            for s in "LR"
        ],
        "rest": [
            {"region": r, "component": c, "side": s, "position_mm": places[r], **rest}
            for r, c in parts
            for s in "LR"
        ],
    }


def changed(
    document: dict[str, Any], part: str, where: tuple[str, str, str], **numbers: Any
) -> dict[str, Any]:
    """The document with numbers of one row replaced; intervals keep their width of 0.4."""
    for value in [v for k, v in numbers.items() if k in ("change_mm", "excursion_mm") and v]:
        numbers |= {"ci_low": value - 0.2, "ci_high": value + 0.2}
    rows = [
        {**row, **numbers} if (row["movement"], row["region"], row["side"]) == where else row
        for row in document[part]
    ]
    return {**document, part: rows}
