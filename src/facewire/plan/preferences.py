"""The treating person's own limits and preferences: inputs of the search, never its output."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import REGIONS, SIDES, Region, Side
from facewire.face.muscles import MuscleGroup
from facewire.files import read_toml
from facewire.plan.objectives import OBJECTIVES
from facewire.results.plan import Objective, PreferenceSummary
from facewire.safety.facts import Facts, parse_facts
from facewire.safety.rules import Target, target_rows

MOST_MUSCLES = 3
CLOSURE_LOSS_MM = 2.0
"""Largest predicted loss of lid closure unless the treating person says otherwise: a cautious
choice of this program, without a published figure."""
HARM_PERCENT = 12.0
"""A candidate that may harm more often stands after those that do not, unless the treating person
says otherwise: the most that a review reports of lids left open after toxin (5 to 12 %,
blepharospasm); for other harms this program's own choice."""


@dataclass(frozen=True)
class Preferences:
    """Limits and weights.

    Parameters
    ----------
    excluded : frozenset of (MuscleGroup, Side)
        Never weakened, besides those that the program itself never proposes.
    largest_weakening_percent : float
        No group is weakened by more; 0 to 100.
    largest_smile_loss_mm : float
        Largest loss of a smile on either side; infinite without a limit.
    largest_closure_loss_mm : float
        Largest loss of lid closure on either side; `CLOSURE_LOSS_MM` unless stated, infinite
        without a limit.
    largest_harm_percent : float
        No candidate that brings a simulated harm in more of the faces stands before one that does
        not; 0 to 100.
    most_muscles : int
        At most so many muscles together; 1 to 3.
    weights : mapping of Objective to float
        What a millimetre of each objective counts: which muscles stand before which, and whether
        a candidate is better than nothing; never how strongly they are weakened.
    region_weights : mapping of Region to float
        What a millimetre of involuntary movement counts in each region.
    """

    excluded: frozenset[Target] = frozenset()
    largest_weakening_percent: float = 100.0
    largest_smile_loss_mm: float = math.inf
    largest_closure_loss_mm: float = CLOSURE_LOSS_MM
    largest_harm_percent: float = HARM_PERCENT
    most_muscles: int = MOST_MUSCLES
    weights: Mapping[Objective, float] = field(
        default_factory=lambda: dict.fromkeys(OBJECTIVES, 1.0)
    )
    region_weights: Mapping[Region, float] = field(
        default_factory=lambda: dict.fromkeys(REGIONS, 1.0)
    )

    def __post_init__(self) -> None:
        _within("largest_weakening_percent", self.largest_weakening_percent, 1.0, 100.0)
        _within("largest_smile_loss_mm", self.largest_smile_loss_mm, 0.0, math.inf)
        _within("largest_closure_loss_mm", self.largest_closure_loss_mm, 0.0, math.inf)
        _within("largest_harm_percent", self.largest_harm_percent, 0.0, 100.0)
        _within("most_muscles", self.most_muscles, 1, MOST_MUSCLES)
        if self.most_muscles != int(self.most_muscles):
            raise UsageError("The preference most_muscles is not a whole number")
        for name, table in (("weights", self.weights), ("region_weights", self.region_weights)):
            for key, weight in table.items():
                _within(f"{name}.{key}", weight, 0.0, 100.0)
            if not any(table.values()):
                raise UsageError(f"All {name} are 0", expected="at least one above 0")

    @property
    def objective_weights(self) -> NDArray[np.float64]:
        """Weights in the order of `OBJECTIVES`."""
        return np.array([self.weights.get(o, 1.0) for o in OBJECTIVES])

    @property
    def regions(self) -> NDArray[np.float64]:
        """Region weights in the order of ``REGIONS``."""
        return np.array([self.region_weights.get(r, 1.0) for r in REGIONS])

    def mirrored(self) -> Preferences:
        """Return the same preferences with left and right exchanged."""
        swapped = frozenset((group, side.other) for group, side in self.excluded)
        return Preferences(**{**vars(self), "excluded": swapped})

    def summary(self) -> PreferenceSummary:
        """Return them as a plan holds them."""
        return PreferenceSummary(
            excluded=target_rows(sorted(self.excluded)),
            largest_weakening_percent=self.largest_weakening_percent,
            largest_smile_loss_mm=_limit(self.largest_smile_loss_mm),
            largest_closure_loss_mm=_limit(self.largest_closure_loss_mm),
            largest_harm_percent=self.largest_harm_percent,
            most_muscles=int(self.most_muscles),
            weights={o: float(self.weights.get(o, 1.0)) for o in OBJECTIVES},
            region_weights={r: float(self.region_weights.get(r, 1.0)) for r in REGIONS},
        )


def _limit(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _within(name: str, value: object, low: float, high: float) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= float(value) <= high:  # type: ignore[arg-type]
        raise UsageError(
            f"The preference {name} cannot be used",
            expected=f"a number from {low:g} to {high:g}",
            found=str(value),
        )


_NUMBERS = (
    "largest_weakening_percent",
    "largest_smile_loss_mm",
    "largest_closure_loss_mm",
    "largest_harm_percent",
    "most_muscles",
)
_KEYS = ("excluded_muscles", *_NUMBERS, "weights", "region_weights")


def parse_preferences(document: Mapping[str, Any]) -> Preferences:
    """Return the preferences of a facts file.

    Parameters
    ----------
    document : mapping
        As read from TOML; its table ``preferences`` may be missing.

    Raises
    ------
    UsageError
        A preference is not known by that name or has a value that cannot be.
    """
    table = document.get("preferences", {})
    unknown = [k for k in table if k not in _KEYS] if isinstance(table, Mapping) else ["..."]
    if unknown:
        raise UsageError(
            f"There is no preference of the name {unknown[0]}", expected=", ".join(_KEYS)
        )
    return Preferences(
        excluded=frozenset(_excluded(table.get("excluded_muscles", []))),
        weights=_weights(table.get("weights", {}), OBJECTIVES),
        region_weights=_weights(table.get("region_weights", {}), REGIONS),
        **{name: table[name] for name in _NUMBERS if name in table},
    )


def _excluded(entries: object) -> list[Target]:
    if not isinstance(entries, list):
        raise UsageError("excluded_muscles is not a list", expected='such as ["frontalis"]')
    found: list[Target] = []
    for entry in entries:
        named = entry if isinstance(entry, Mapping) else {"muscle": entry}
        if named.get("muscle") not in tuple(MuscleGroup):
            raise UsageError(
                "excluded_muscles names an unknown muscle group",
                expected=", ".join(MuscleGroup),
                found=str(entry),
            )
        group = MuscleGroup(str(named["muscle"]))
        found += [(group, side) for side in _sides(named.get("side"))]
    return found


def _sides(word: object) -> tuple[Side, ...]:
    if word is None:
        return SIDES
    for side in SIDES:
        if word in (side.word, str(side)):
            return (side,)
    raise UsageError("A preference names no side", expected="left or right", found=str(word))


_Name = TypeVar("_Name", Objective, Region)


def _weights(table: object, allowed: tuple[_Name, ...]) -> dict[_Name, float]:
    if not isinstance(table, Mapping):
        raise UsageError("Weights are not a table", expected=", ".join(allowed))
    unknown = [key for key in table if key not in allowed]
    if unknown:
        raise UsageError(
            f"There is no weight of the name {unknown[0]}", expected=", ".join(allowed)
        )
    return {key: table.get(str(key), 1.0) for key in allowed}


def read_facts(path: Path) -> tuple[Facts, Preferences]:
    """Read facts and preferences from a TOML file.

    Parameters
    ----------
    path : Path
        With the tables ``facts`` and ``preferences`` and the list ``toxin_given``, each optional.

    Raises
    ------
    UsageError
        The file cannot be read or holds something that cannot be used.
    """
    document = read_toml(path, "facts file", "[facts], [preferences], [[toxin_given]]")
    unknown = sorted(set(document) - {"facts", "preferences", "toxin_given"})
    if unknown:
        raise UsageError(
            f"The facts file has a part that is not known: {unknown[0]}",
            expected="[facts], [preferences], [[toxin_given]]",
            found=", ".join(unknown),
        )
    return parse_facts(document, dt.date.today()), parse_preferences(document)
