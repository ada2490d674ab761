"""What can be asked: the facts that rules answer, each with its question and its kind."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from facewire.face import SIDES, Side
from facewire.safety.tables import load_rules_table

Value = bool | float | str


@dataclass(frozen=True)
class Ages:
    """An answer that is of its day.

    Parameters
    ----------
    answer : bool, float or str
        The answer that time can make untrue.
    days : int
        Days for which it counts; later it is not known.
    why : str
        Where they are from.
    """

    answer: Value
    days: int
    why: str


@dataclass(frozen=True)
class FactDefinition:
    """One thing to ask.

    Parameters
    ----------
    key : str
        Its name in a facts file.
    kind : str
        ``yes_no``, ``number`` or ``choice``.
    question, how : str
        What to ask, and how to find out.
    per_side : bool
        Whether each side of the face has its own answer.
    derived : bool
        Worked out from other entries, never stated.
    high : float
        Largest number that makes sense; numbers are 0 or more.
    choices : tuple of str
        The answers of a ``choice``.
    lasts : tuple
        The answers that hold at later visits too; any other is asked anew each time.
    ages : Ages or None
        The answer that counts only for some days of a time line; None where none does so.
    """

    key: str
    kind: str
    question: str
    how: str
    per_side: bool = False
    derived: bool = False
    high: float = math.inf
    choices: tuple[str, ...] = ()
    lasts: tuple[Value, ...] = ()
    ages: Ages | None = None

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """The sides that have an answer of their own; None for the whole face."""
        return SIDES if self.per_side else (None,)


@cache
def fact_definitions() -> Mapping[str, FactDefinition]:
    """Return everything that can be asked, by key, in the order of asking."""
    rows = load_rules_table()["fact"]
    lists = ("choices", "lasts")
    made = [
        FactDefinition(**row | {n: tuple(row.get(n, ())) for n in lists} | _ages(row))
        for row in rows
    ]
    return {definition.key: definition for definition in made}


def _ages(row: Mapping[str, Any]) -> dict[str, Ages]:
    return {"ages": Ages(**row["ages"])} if "ages" in row else {}
