"""What the measurement says about an item of the clinicians' table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from facewire.errors import UsageError
from facewire.face import Region
from facewire.schemas import read_document
from facewire.validation.grades_table import EXCURSION, GAP, SYNKINESIS, Item

Result = Mapping[str, Any]


def read_results(folder: Path, names: set[str]) -> dict[str, Result]:
    """Read the measurements that a table names.

    Parameters
    ----------
    folder : Path
        Holds ``NAME.json``, ``NAME/result.json`` or ``NAME`` itself for each name.
    names : set of str

    Raises
    ------
    UsageError
        One is not there or is no measurement.
    """
    return {name: read_document(_place(folder, name)) for name in sorted(names)}


def _place(folder: Path, name: str) -> Path:
    tried = (folder / name, folder / f"{name}.json", folder / name / "result.json")
    for path in tried:
        if path.is_file():
            return path
    raise UsageError(
        f"There is no measurement {name}",
        expected=f"{name}.json or {name}/result.json in {folder}",
        do="measure the recording, or take its rows out of the table",
    )


def instrument_value(result: Result, item: Item) -> float:
    """Return the instrument's number for an item; NaN where it was not measured.

    For a synkinesis grade it is the largest involuntary change of the movement, mm (the eye's
    narrowing counts as positive), and 0 in a face in which no side is affected. It is no grade:
    only its order is compared with grades.
    """
    if item.kind == SYNKINESIS:
        return _largest_involuntary(result, item)
    if item.kind == EXCURSION:
        return _number(_row(result["voluntary"], item), "excursion_mm")
    if item.kind == GAP:
        return _number(_row(result["eye_closure"], item), "gap_mm")
    return _scale(result, item)


def _largest_involuntary(result: Result, item: Item) -> float:
    if result["side_status"] == "none":
        return 0.0
    sizes = [
        -row["change_mm"] if row["region"] == Region.EYE else abs(row["change_mm"])
        for row in result["synkinesis"]
        if row["movement"] == item.movement
        and (item.region is None or row["region"] == item.region)
        and row["change_mm"] is not None
    ]
    return float(max(sizes)) if sizes else math.nan


def _row(rows: list[Result], item: Item) -> Result | None:
    for row in rows:
        same_region = row.get("region", Region.EYE) == item.region
        if row["movement"] == item.movement and same_region and row["side"] == item.side:
            return row
    return None


def _number(row: Result | None, name: str) -> float:
    value = None if row is None else row[name]
    return math.nan if value is None else float(value)


def _scale(result: Result, item: Item) -> float:
    scale, part = item.name.split(".")
    value = result.get("grades", {}).get(scale, {}).get(part, {}).get("expected")
    return math.nan if value is None else float(value)
