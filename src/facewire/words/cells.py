"""What the rows of a measurement say in words: verdicts, places, numbers with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

from facewire.face import VECTOR_REGIONS, Region, Side
from facewire.results.cells import MeasuredRow, SynkinesisCell, VoluntaryCell
from facewire.results.findings import Verdict
from facewire.words.languages import mark, translate
from facewire.words.names import cannot_tell, movement_name, region_name, sentence, side_word
from facewire.words.numbers import mm, plain, with_interval

VERDICT_SYMBOLS = {
    Verdict.SYNKINESIS: "●",
    Verdict.UNCOMPARED: "◕",
    Verdict.SMALL: "◐",
    Verdict.TRACE: "◔",
    Verdict.NONE: "○",
    Verdict.UNKNOWN: "?",
    Verdict.ASKED: "\N{EN DASH}",
    Verdict.ABSENT: "\N{MIDDLE DOT}",
    Verdict.REFERENCE: "=",
}

_VERDICTS = {
    Verdict.SYNKINESIS: mark("synkinesis"),
    Verdict.UNCOMPARED: mark("present, cannot tell whether beyond healthy faces"),
    Verdict.SMALL: mark("small, seen in healthy faces too"),
    Verdict.TRACE: mark("small, under the limit"),
    Verdict.NONE: mark("not detected"),
    Verdict.UNKNOWN: mark("cannot tell"),
    Verdict.ASKED: mark("part of the movement"),
    Verdict.ABSENT: mark("not recorded"),
    Verdict.REFERENCE: mark("reference side"),
}

UNIT_WORDS = {"ratio": "", "%": " %"}
"""Units that are not written as they are named in files."""


def verdict_words(verdict: Verdict) -> str:
    """Return what a verdict says, such as ``small, seen in healthy faces too``."""
    return translate(_VERDICTS[verdict])


def is_signed(region: Region) -> bool:
    """Tell whether a change of a region has a sign (a height) or is a length."""
    return region not in VECTOR_REGIONS


def side_and_region(region: Region, side: Side | None) -> str:
    """Return such as ``right mouth corner``; the chin, one point, has no side."""
    name = region_name(region)
    return name if region is Region.CHIN or side is None else f"{side_word(side)} {name}"


def cell_title(cell: SynkinesisCell) -> str:
    """Name a cell of the map, such as ``Open smile → right eye``."""
    place = side_and_region(cell.region, cell.side)
    return f"{sentence(movement_name(cell.movement))} → {place}"


def change_words(cell: SynkinesisCell) -> str:
    """Return the involuntary change in mm without its interval, signed where it has a sign."""
    return mm(cell.change_mm, signed=is_signed(cell.region))


def involuntary_words(cell: SynkinesisCell) -> str:
    """Return the involuntary change in mm with its 95 % interval, signed where it has a sign."""
    return number_words(cell, "change_mm", signed=is_signed(cell.region))


def excursion_words(cell: VoluntaryCell | None) -> str:
    """Return a total change in mm with its 95 % interval, signed where it has a sign."""
    signed = cell is not None and is_signed(cell.region)
    return number_words(cell, "excursion_mm", signed=signed)


MOST_NAMED = 3


def moved_sentence(cells: Sequence[SynkinesisCell]) -> str:
    """Say what moved although it cannot be told whether it is synkinesis; empty for nothing."""
    if not cells:
        return ""
    named = "; ".join(
        f"{cell_title(cell)} {involuntary_words(cell)}" for cell in cells[:MOST_NAMED]
    )
    text = translate(
        "Held against the other side, this moved without being asked: {named}. Whether it is "
        "synkinesis cannot be said."
    )
    return text.format(named=named)


def number_words(
    row: MeasuredRow | None, name: str, digits: int = 1, *, signed: bool = False
) -> str:
    """Return one of a row's numbers with its unit and its 95 % interval in brackets.

    Parameters
    ----------
    row : MeasuredRow or None
        None where the document has no such row.
    name : str
        Column of the value.
    digits : int
        Decimals.
    signed : bool
        Whether a plus is written.

    Returns
    -------
    str
        ``cannot tell`` where the number was not measured; without brackets where the file holds
        no interval.
    """
    value = None if row is None else getattr(row, name)
    if row is None or value is None:
        return cannot_tell()
    columns = next(one for one in row.NUMBERS if one.value == name)
    unit = UNIT_WORDS.get(columns.unit, f" {columns.unit}")
    low, high = getattr(row, columns.low), getattr(row, columns.high)
    return with_interval(f"{plain(value, digits, signed=signed)}{unit}", low, high, digits)
