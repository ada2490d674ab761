"""The numbers that the simulation rests on, read from ``facts.toml`` and checked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from facewire.errors import UsageError
from facewire.files import packaged_table
from facewire.results.regrowth import CitedNumber
from facewire.words import mark

STATUSES = (mark("seen"), mark("recalled"), mark("assumed"))
USES = (mark("parameter"), mark("calibration"), mark("check"))


def table() -> Mapping[str, Any]:
    """Return the table as it was read."""
    return packaged_table("facewire.regrowth", "facts.toml")


@cache
def facts() -> Mapping[str, CitedNumber]:
    """Return every parameter by its name, in the order of the table."""
    return _rows("fact")


@cache
def published() -> Mapping[str, CitedNumber]:
    """Return every published figure that the simulation is compared with, by its name."""
    return _rows("published")


def _rows(name: str) -> Mapping[str, CitedNumber]:
    return {
        row["id"]: CitedNumber.checked(row, f"The table of regrowth, {row['id']},")
        for row in table()[name]
    }


def value(name: str) -> float:
    """Return the figure of a parameter.

    Raises
    ------
    UsageError
        There is none of that name.
    """
    if name not in facts():
        raise UsageError("There is no such parameter of regrowth", found=name)
    return facts()[name].value
