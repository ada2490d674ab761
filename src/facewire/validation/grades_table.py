"""The clinicians' table, one row for each patient, rater and item, and what is measured of each."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.results.measurement import Measurement
from facewire.results.validation import ItemKind

NEEDED = ("result", "patient", "rater", "item", "grade")
GROUPINGS = ("skin_tone", "age", "sex", "device")
"""Columns by which agreement is also given apart, where the table has them."""

SYNKINESIS: ItemKind = "synkinesis"
EXCURSION: ItemKind = "excursion"
GAP: ItemKind = "gap"
SCALE: ItemKind = "scale"
SCALES = {
    "sunnybrook.composite": (-15.0, 100.0),
    "sunnybrook.voluntary": (20.0, 100.0),
    "sunnybrook.synkinesis": (0.0, 15.0),
}
"""Scales with their lowest and highest score."""
SYNKINESIS_GRADES = (0.0, 3.0)
SEPARATORS = (",", ";", "\t")
MOST_MM = 60.0
"""No part of a face moves farther: a larger number is no length in mm."""
AGE_BANDS = ((18, "under 18"), (40, "18 to 39"), (60, "40 to 59"), (999, "60 and over"))


@dataclass(frozen=True)
class Item:
    """What a grade is about.

    Parameters
    ----------
    kind : str
        ``synkinesis`` (a clinician's 0 to 3), ``excursion`` or ``gap`` (mm by another method), or
        ``scale`` (points of a clinical scale).
    name : str
        As written in the table.
    movement, region, side : optional
        What the item names; None where it does not.
    """

    kind: ItemKind
    name: str
    movement: Movement | None = None
    region: Region | None = None
    side: Side | None = None


@dataclass(frozen=True)
class GradeRow:
    """One grade by one rater.

    ``occasion`` tells a rater's repeated grades of one recording apart; ``session`` is the same
    for recordings of a patient between which nothing has changed.
    """

    result: str
    patient: str
    rater: str
    item: Item
    grade: float
    occasion: str
    session: str
    groups: Mapping[str, str]


def read_grades(path: Path) -> tuple[GradeRow, ...]:
    """Read the table of grades.

    Parameters
    ----------
    path : Path
        CSV with a header: ``result, patient, rater, item, grade`` and optionally ``occasion``,
        ``session``, ``skin_tone``, ``age``, ``sex``, ``device``.

    Raises
    ------
    UsageError
        A column is missing, an item is not known, a grade is no number or out of range, or a
        recording is of two patients; the line is named.
    """
    try:
        table, first = _table(path.read_bytes().decode("utf-8-sig"))
        missing = [name for name in NEEDED if name not in (table.fieldnames or ())]
        if missing:
            raise UsageError(
                f"The table {path} lacks a column",
                expected=", ".join(NEEDED),
                found="without " + ", ".join(missing),
            )
        rows = [_row(line, number) for number, line in enumerate(table, start=first)]
    except OSError as error:
        raise UsageError(
            f"The table {path} cannot be read", found=error.strerror or str(error)
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"The table {path} is not text", expected="UTF-8", found=str(error)
        ) from error
    if not rows:
        raise UsageError(f"The table {path} holds no grade", expected="one row a grade")
    _check_patients(rows)
    return tuple(rows)


def _table(text: str) -> tuple[csv.DictReader[str], int]:
    """Return the rows of a table as whatever program wrote it, and the number of the first line.

    Spreadsheets separate by what their country does, and may say so in a first line (``sep=;``).
    """
    head, _, rest = text.partition("\n")
    first = 2
    if head.startswith("sep="):
        separator, text, first = head[4:5], rest, 3
    else:
        separator = max(SEPARATORS, key=head.count)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    table.fieldnames = [name.strip().lower() for name in table.fieldnames or ()]
    return table, first


def _check_patients(rows: Iterable[GradeRow]) -> None:
    patient: dict[str, str] = {}
    for row in rows:
        if patient.setdefault(row.result, row.patient) != row.patient:
            raise UsageError(
                f"The recording {row.result} is of two patients",
                expected="one patient for each result",
                found=f"{patient[row.result]} and {row.patient}",
            )


def _row(line: Mapping[str, str | None], number: int) -> GradeRow:
    cells = {name: (value or "").strip() for name, value in line.items() if name}
    try:
        # No grade reaches a thousand: a comma stands where others write a point.
        grade = float(cells["grade"].replace(",", "."))
    except ValueError:
        grade = math.nan
    if not math.isfinite(grade):
        raise UsageError(
            f"Line {number} of the table has no grade",
            expected="a number; leave the whole row out where a rater gave none",
            found=cells["grade"] or "nothing",
        )
    groups = {name: _group(name, cells[name]) for name in GROUPINGS if cells.get(name)}
    names = (cells["result"], cells["patient"], cells["rater"])
    if not all(names):
        raise UsageError(
            f"Line {number} of the table is incomplete", expected="result, patient and rater"
        )
    item = read_item(cells["item"])
    low, high = range_of(item)
    if not low <= grade <= high:
        raise UsageError(
            f"Line {number} of the table has a grade out of range",
            expected=f"{low:g} to {high:g} for {item.name}",
            found=cells["grade"],
        )
    told = (cells.get("occasion", ""), cells.get("session", ""))
    return GradeRow(*names, item, grade, *told, groups)


def range_of(item: Item) -> tuple[float, float]:
    """Return the lowest and highest grade that an item may have."""
    if item.kind == SYNKINESIS:
        return SYNKINESIS_GRADES
    if item.kind == SCALE:
        return SCALES[item.name]
    return (0.0 if item.kind == GAP else -MOST_MM), MOST_MM


def _group(name: str, text: str) -> str:
    """Return the group of a value: ages in years become bands."""
    if name != "age" or not text.isdigit():
        return text
    return next((words for limit, words in AGE_BANDS if int(text) < limit), text)


def read_item(text: str) -> Item:
    """Read an item such as ``synkinesis:smile_open:eye`` or ``excursion:smile_open:commissure:L``.

    Raises
    ------
    UsageError
        It is none of the known forms.
    """
    if text in SCALES:
        return Item(SCALE, text)
    kind, *parts = text.split(":")
    try:
        if kind == SYNKINESIS and 1 <= len(parts) <= 2:
            region = Region(parts[1]) if len(parts) == 2 else None
            return Item(SYNKINESIS, text, Movement(parts[0]), region)
        if kind == EXCURSION and len(parts) == 3:
            return Item(EXCURSION, text, Movement(parts[0]), Region(parts[1]), Side(parts[2]))
        if kind == GAP and len(parts) == 2:
            return Item(GAP, text, Movement(parts[0]), Region.EYE, Side(parts[1]))
    except ValueError:
        pass
    raise UsageError(
        "An item of the table is not known",
        expected="synkinesis:MOVEMENT[:REGION], excursion:MOVEMENT:REGION:SIDE, "
        f"gap:MOVEMENT:SIDE, or one of {', '.join(SCALES)}",
        found=text or "nothing",
    )


def items_of(rows: Iterable[GradeRow]) -> tuple[Item, ...]:
    """Return the items that were graded, in the order in which they first appear."""
    return tuple(dict.fromkeys(row.item for row in rows))


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
