"""The wiring as a file, ``facewire.wiring/1``: edges to read, draws to forecast from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, SIDES, Movement, Side
from facewire.face.muscles import GROUPS, SIDE_CHANNELS, MuscleGroup
from facewire.schemas import WIRING, read_document
from facewire.version import facewire_version
from facewire.wiring.model import Edge, WiringModel
from facewire.wiring.state import FaceState

WIRING_SCHEMA = "facewire.wiring/1"
MOST_DRAWS = 200
DECIMALS, DECIMALS_MM = 3, 2
"""Of the draws: of a full activation, and of a millimetre; far below any interval."""

_UNKNOWN = ("percent", "ci_low", "ci_high", "probability")


def wiring_document(model: WiringModel) -> dict[str, Any]:
    """Return a wiring in its published form.

    Parameters
    ----------
    model : WiringModel

    Returns
    -------
    dict
        JSON values, ``facewire.wiring/1``. Numbers that are not known are null, their ``reason``
        beside them; ``present`` is left out where these data cannot tell and for edges that
        belong to the movement: it must not read as no. At most `MOST_DRAWS` draws, evenly taken.
    """
    return {
        "schema": WIRING_SCHEMA,
        "kind": "inferred",
        "facewire": facewire_version(),
        "affected_side": None if model.affected_side is None else str(model.affected_side),
        "side_confirmed": model.side_confirmed,
        "percent_of": "full activation of the healthy side's own muscle",
        "edges": [_edge_row(edge) for edge in model.edges],
        "source": dict(model.source),
        "findings": [dict(finding) for finding in model.findings],
        "notes": list(model.notes),
        "draws": _draws(model.state),
    }


def read_wiring(path: Path) -> WiringModel:
    """Read a wiring file.

    Parameters
    ----------
    path : Path

    Raises
    ------
    UsageError
        The file cannot be read, is no ``facewire.wiring/1`` or does not fit its schema.
    """
    return wiring_from(read_document(path, WIRING))


def wiring_from(document: Mapping[str, Any]) -> WiringModel:
    """Return the wiring that a document in its published form describes."""
    side = document["affected_side"]
    return WiringModel(
        affected_side=None if side is None else Side(side),
        side_confirmed=document["side_confirmed"],
        edges=tuple(_edge_from(row) for row in document["edges"]),
        state=_state_from(document["draws"]),
        source=dict(document["source"]),
        findings=tuple(document["findings"]),
        notes=tuple(document["notes"]),
    )


def _edge_row(edge: Edge) -> dict[str, Any]:
    row = {
        "command": str(edge.command),
        "muscle": str(edge.muscle),
        "side": str(edge.side),
        "kind": edge.kind,
        "percent": _number(edge.percent),
        "ci_low": _number(edge.ci_low),
        "ci_high": _number(edge.ci_high),
        "probability": _number(edge.probability, 4),
        "present": edge.present,
        "distinguishable": edge.distinguishable,
        "confused_with": [str(group) for group in edge.confused_with],
        "resolved_by": edge.resolved_by,
        "reason": edge.reason,
    }
    if edge.present is None:
        del row["present"]
    return row


def _number(value: float, decimals: int = 2) -> float | None:
    return None if math.isnan(value) else round(float(value), decimals)


def _edge_from(row: Mapping[str, Any]) -> Edge:
    numbers = {k: float("nan") if row[k] is None else float(row[k]) for k in _UNKNOWN}
    return Edge(
        command=Movement(row["command"]),
        muscle=MuscleGroup(row["muscle"]),
        side=Side(row["side"]),
        kind=row["kind"],
        present=row.get("present"),
        distinguishable=row["distinguishable"],
        confused_with=tuple(MuscleGroup(name) for name in row["confused_with"]),
        resolved_by=row["resolved_by"],
        reason=row["reason"],
        **numbers,
    )


def _draws(state: FaceState) -> dict[str, Any]:
    """Return the draws; an array that is the same in all of them is written once."""
    count = min(state.draws, MOST_DRAWS)
    kept = state.take(np.linspace(0, state.draws - 1, count).round().astype(np.intp))
    return {
        "count": count,
        "sides": [str(s) for s in SIDES],
        "movements": [str(m) for m in MOVEMENTS],
        "groups": [str(g) for g in GROUPS],
        "channels": [f"{region}_{component}" for region, component in SIDE_CHANNELS],
        "arrays": {f.name: _plain(kept, f.name) for f in fields(FaceState)},
    }


def _plain(state: FaceState, name: str) -> list[Any]:
    values: NDArray[np.float64] = getattr(state, name)
    decimals = DECIMALS_MM if name.endswith("_mm") else DECIMALS
    same = np.array_equal(values, np.broadcast_to(values[:1], values.shape), equal_nan=True)
    rounded = np.round(values[:1] if same else values, decimals) + 0.0
    listed = rounded.astype(object)
    listed[rounded == 0] = 0
    listed[np.isnan(rounded)] = None
    return list(listed.tolist())


def _state_from(draws: Mapping[str, Any]) -> FaceState:
    expected = [str(g) for g in GROUPS]
    if draws["groups"] != expected or draws["movements"] != [str(m) for m in MOVEMENTS]:
        raise UsageError("The draws of the wiring are of other muscles or movements")
    arrays: dict[str, NDArray[np.float64]] = {}
    for f in fields(FaceState):
        try:
            values = np.array(draws["arrays"][f.name], dtype=float)
        except (KeyError, ValueError) as error:
            raise UsageError(
                f"The draws of the wiring are damaged: {f.name}", do="infer the wiring again"
            ) from error
        if len(values) not in (1, draws["count"]):
            raise UsageError(
                f"The draws of the wiring are damaged: {f.name}",
                expected=f"1 or {draws['count']} draws",
                found=str(len(values)),
            )
        arrays[f.name] = np.broadcast_to(values, (draws["count"], *values.shape[1:])).copy()
    return FaceState(**arrays)
