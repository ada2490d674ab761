"""Rows of a result file, read once: a cell of the map and the mark that it gets.

A mark is what the reader sees first. It follows design rule: a finding is called synkinesis when
it is present and also beyond the spread of healthy faces; what could not be told is not "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from facewire.errors import UsageError
from facewire.face import VECTOR_REGIONS, Movement, Region, Side, moves_on_purpose
from facewire.words import mark, mm, number, translate, with_interval

SCHEMA = "facewire.measurement/1"
REQUIRED = (
    "subject", "synthetic", "files", "provenance", "scale", "side_affected", "side_status",
    "side_confirmed", "side_confidence", "rest", "eye_closure", "blink", "synkinesis",
    "voluntary", "repetitions", "quality", "patterns", "limits",
)  # fmt: skip


class Mark(StrEnum):
    """What a cell of the map says."""

    SYNKINESIS = "synkinesis"
    UNCOMPARED = "uncompared"
    SMALL = "small"
    TRACE = "trace"
    NONE = "none"
    UNKNOWN = "unknown"
    ASKED = "asked"
    ABSENT = "absent"
    REFERENCE = "reference"


MARK_SYMBOLS = {
    Mark.SYNKINESIS: "●",
    Mark.UNCOMPARED: "◕",
    Mark.SMALL: "◐",
    Mark.TRACE: "◔",
    Mark.NONE: "○",
    Mark.UNKNOWN: "?",
    Mark.ASKED: "\N{EN DASH}",
    Mark.ABSENT: "\N{MIDDLE DOT}",
    Mark.REFERENCE: "=",
}

MARK_TEXTS = {
    Mark.SYNKINESIS: mark("synkinesis"),
    Mark.UNCOMPARED: mark("present, cannot tell whether beyond healthy faces"),
    Mark.SMALL: mark("small, seen in healthy faces too"),
    Mark.TRACE: mark("small, under the limit"),
    Mark.NONE: mark("not detected"),
    Mark.UNKNOWN: mark("cannot tell"),
    Mark.ASKED: mark("part of the movement"),
    Mark.ABSENT: mark("not recorded"),
    Mark.REFERENCE: mark("reference side"),
}

UNTOLD_MARKS = (Mark.ASKED, Mark.ABSENT, Mark.REFERENCE)
"""Marks of cells where nothing was to be found; their words say all, no reason is added."""

PRESENT_MARKS = (Mark.SYNKINESIS, Mark.UNCOMPARED, Mark.SMALL)
"""Marks of findings that are present; every summary names them."""


def mark_text(value: Mark) -> str:
    """Words of a mark."""
    return translate(MARK_TEXTS[value])


@dataclass(frozen=True)
class Cell:
    """One movement x region x side of the synkinesis or the voluntary table.

    Parameters
    ----------
    row : Mapping
        The row as it stands in the result file; millimetres and seconds.
    reference : bool
        Whether the cell's side is the one that the affected side is compared with.
    """

    movement: Movement
    region: Region
    side: Side
    row: Mapping[str, Any]
    reference: bool = False

    def get(self, name: str) -> float | None:
        """Return a number of the row; None where it is null."""
        return number(self.row, name)

    @property
    def signed(self) -> bool:
        """Whether the change has a sign (heights) or is a length (corner, nostril, chin)."""
        return self.region not in VECTOR_REGIONS

    @property
    def is_target(self) -> bool:
        """Whether the movement moves this region on purpose."""
        return moves_on_purpose(self.movement, self.region)

    @property
    def reason(self) -> str:
        """Why something was not measured, as the result says it; may be empty."""
        return translate(str(self.row.get("reason") or ""))

    @property
    def mark(self) -> Mark:
        """What this cell says; see :class:`Mark`."""
        present = self.row.get("present")
        if self.get("change_mm") is None:
            present = None
        if self.is_target and not present:
            return Mark.ASKED
        if present is None:
            return self._unmeasured_mark
        if present:
            beyond = self.row.get("beyond_healthy")
            if beyond is None:
                return Mark.UNCOMPARED
            return Mark.SYNKINESIS if beyond else Mark.SMALL
        return Mark.TRACE if self.row.get("detected") else Mark.NONE

    @property
    def _unmeasured_mark(self) -> Mark:
        if self.row.get("repetitions") == 0:
            return Mark.ABSENT
        return Mark.REFERENCE if self.reference else Mark.UNKNOWN

    @property
    def change_text(self) -> str:
        """Involuntary change in mm, signed where it has a sign; null gives ``cannot tell``."""
        return mm(self.get("change_mm"), signed=self.signed)

    @property
    def change_with_interval(self) -> str:
        """Involuntary change in mm with its 95 % interval."""
        return with_interval(self.change_text, self.get("ci_low"), self.get("ci_high"))


def check_result(result: Mapping[str, Any]) -> None:
    """Check that a mapping is a measurement that this version can report.

    Raises
    ------
    UsageError
        When the schema is another one or parts are missing; all missing parts are named.
    """
    schema = result.get("schema")
    if schema != SCHEMA:
        raise UsageError(
            "This is not a measurement that can be reported",
            expected=f"schema {SCHEMA}",
            found=f"schema {schema}",
            do="give the result.json that facewire measure wrote",
        )
    missing = [name for name in REQUIRED if name not in result]
    if missing:
        raise UsageError(
            "The measurement is incomplete",
            expected="all parts of the schema",
            found="without " + ", ".join(missing),
            do="measure the recording again",
        )


def read_cells(rows: Iterable[Mapping[str, Any]], affected: Side | None = None) -> tuple[Cell, ...]:
    """Read the rows of the synkinesis or the voluntary table.

    With an affected side, the other side's cells are known as its reference.
    """
    return tuple(
        Cell(
            Movement(row["movement"]),
            Region(row["region"]),
            row_side(row),
            row,
            reference=affected is not None and row_side(row) is not affected,
        )
        for row in rows
    )


def row_side(row: Mapping[str, Any]) -> Side:
    """Return a row's side; a chin row has none, and its words never show the one given here."""
    return Side(row["side"]) if row.get("side") else Side.LEFT


def affected_side(result: Mapping[str, Any]) -> Side | None:
    """Return the affected side; None when there is none, or when it was not decided."""
    value = result["side_affected"]
    return None if value is None else Side(value)


def present_cells(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return the findings that are present, the largest first; the chin counts once."""
    found: dict[tuple[str, ...], Cell] = {}
    for cell in cells:
        if cell.mark in PRESENT_MARKS:
            side = "" if cell.region is Region.CHIN else str(cell.side)
            found.setdefault((cell.movement, cell.region, side), cell)
    order = list(PRESENT_MARKS)
    return tuple(
        sorted(found.values(), key=lambda c: (order.index(c.mark), -abs(c.get("change_mm") or 0)))
    )
