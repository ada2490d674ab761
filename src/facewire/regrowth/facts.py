"""The numbers that the simulation rests on, read from ``facts.toml`` and checked."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from facewire.errors import UsageError
from facewire.words import mark

STATUSES = (mark("seen"), mark("recalled"), mark("assumed"))
USES = (mark("parameter"), mark("calibration"), mark("check"))


@dataclass(frozen=True)
class Fact:
    """One number with its source.

    Parameters
    ----------
    id : str
        Its name in the table.
    value : float
        The figure, in ``unit``.
    unit, citation : str
        What it is counted in; where it stands, or why it was chosen.
    status : str
        ``seen``, ``recalled`` or ``assumed``.
    use : str
        ``parameter``, ``calibration`` or ``check``.
    low, high : float
        Range over runs, or of the published figure; NaN where there is none.
    words : str
        What a published figure is about.
    """

    id: str
    value: float
    unit: str
    citation: str
    status: str
    use: str
    low: float = math.nan
    high: float = math.nan
    words: str = ""

    def __post_init__(self) -> None:
        _check(self.status in STATUSES, self.id, ", ".join(STATUSES), self.status)
        _check(self.use in USES, self.id, ", ".join(USES), self.use)
        _check(bool(self.citation), self.id, "a citation", "none")
        if self.ranged:
            _check(self.low <= self.value <= self.high, self.id, "low <= value <= high", self.low)

    @property
    def ranged(self) -> bool:
        """Whether there is a range."""
        return not math.isnan(self.low)


@cache
def table() -> Mapping[str, Any]:
    """Return the table as it was read."""
    text = resources.files("facewire.regrowth").joinpath("facts.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def facts() -> Mapping[str, Fact]:
    """Return every parameter by its name, in the order of the table."""
    return {row["id"]: Fact(**row) for row in table()["fact"]}


@cache
def published() -> Mapping[str, Fact]:
    """Return every published figure that the simulation is compared with, by its name."""
    return {row["id"]: Fact(**row) for row in table()["published"]}


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


def _check(fits: bool, name: str, expected: str, found: object) -> None:
    if not fits:
        raise UsageError(
            f"The parameter {name} of regrowth is wrong", expected=expected, found=str(found)
        )
