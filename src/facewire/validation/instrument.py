"""What the measurement says about an item of the clinicians' table."""

from __future__ import annotations

from pathlib import Path

from facewire.errors import UsageError
from facewire.face import Movement, Region
from facewire.results.measurement import Measurement
from facewire.validation.grades_table import EXCURSION, GAP, SYNKINESIS, Item


def read_results(folder: Path, names: set[str]) -> dict[str, Measurement]:
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
    return {name: Measurement.read(_place(folder, name)) for name in sorted(names)}


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


def instrument_value(result: Measurement, item: Item) -> float | None:
    """Return the instrument's number for an item; None where it was not measured.

    For a synkinesis grade it is the largest involuntary change of the movement, mm (the eye's
    narrowing counts as positive), and 0 in a face in which no side is affected. It is no grade:
    only its order is compared with grades.
    """
    if item.kind == SYNKINESIS:
        return _largest_involuntary(result, item.movement, item.region)
    place = (item.movement, item.region, item.side)
    if item.kind == EXCURSION:
        totals = (cell for cell in result.voluntary if cell.key == place)
        return next((cell.excursion_mm for cell in totals), None)
    if item.kind == GAP:
        gaps = (c for c in result.eye_closure if (c.movement, Region.EYE, c.side) == place)
        return next((cell.gap_mm for cell in gaps), None)
    part = item.name.partition(".")[2]
    scores = None if result.grades is None else getattr(result.grades.sunnybrook, part)
    return None if scores is None else scores.expected


def _largest_involuntary(
    result: Measurement, movement: Movement | None, region: Region | None
) -> float | None:
    if result.side_status == "none":
        return 0.0
    sizes = [
        -cell.change_mm if cell.region is Region.EYE else abs(cell.change_mm)
        for cell in result.synkinesis
        if cell.movement is movement
        and region in (None, cell.region)
        and cell.change_mm is not None
    ]
    return max(sizes, default=None)
