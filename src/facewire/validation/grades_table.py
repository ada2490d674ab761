"""The clinicians' table: one row for each patient, rater and item."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from facewire.errors import UsageError
from facewire.face import Movement, Region, Side

NEEDED = ("result", "patient", "rater", "item", "grade")
GROUPINGS = ("skin_tone", "age", "sex", "device")
"""Columns by which agreement is also given apart, where the table has them."""

SYNKINESIS, EXCURSION, GAP, SCALE = "synkinesis", "excursion", "gap", "scale"
SCALES = ("sunnybrook.composite", "sunnybrook.voluntary", "sunnybrook.synkinesis")


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

    kind: str
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
        A column is missing, an item is not known, or a grade is no number; the line is named.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            table = csv.DictReader(lines)
            missing = [name for name in NEEDED if name not in (table.fieldnames or ())]
            if missing:
                raise UsageError(
                    f"The table {path} lacks a column",
                    expected=", ".join(NEEDED),
                    found="without " + ", ".join(missing),
                )
            rows = [_row(line, number) for number, line in enumerate(table, start=2)]
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
    return tuple(rows)


def _row(line: Mapping[str, str | None], number: int) -> GradeRow:
    cells = {name: (value or "").strip() for name, value in line.items() if name}
    try:
        grade = float(cells["grade"])
    except ValueError:
        grade = math.nan
    if not math.isfinite(grade):
        raise UsageError(
            f"Line {number} of the table has no grade",
            expected="a number; leave the whole row out where a rater gave none",
            found=cells["grade"] or "nothing",
        )
    groups = {name: cells[name] for name in GROUPINGS if cells.get(name)}
    names = (cells["result"], cells["patient"], cells["rater"])
    if not all(names):
        raise UsageError(
            f"Line {number} of the table is incomplete", expected="result, patient and rater"
        )
    item = read_item(cells["item"])
    told = (cells.get("occasion", ""), cells.get("session", ""))
    return GradeRow(*names, item, grade, *told, groups)


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
            return Item(kind, text, Movement(parts[0]), region)
        if kind == EXCURSION and len(parts) == 3:
            return Item(kind, text, Movement(parts[0]), Region(parts[1]), Side(parts[2]))
        if kind == GAP and len(parts) == 2:
            return Item(kind, text, Movement(parts[0]), Region.EYE, Side(parts[1]))
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
