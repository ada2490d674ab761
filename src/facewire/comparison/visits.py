"""One visit: the rows of a measurement that can be compared with another one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facewire.face import Movement, Region, Side
from facewire.schemas import read_document

Z95 = 1.959964

Place = tuple[Movement, Region, Side]


@dataclass(frozen=True)
class Value:
    """A measured change with its standard deviation, mm. NaN where it was not measured."""

    value_mm: float
    sd_mm: float

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return math.isfinite(self.value_mm) and math.isfinite(self.sd_mm)


@dataclass(frozen=True)
class Effort:
    """How far the movement's own target went, mm: mean, weakest and strongest repetition."""

    mean_mm: float
    low_mm: float
    high_mm: float


@dataclass(frozen=True)
class Visit:
    """A measurement, ready to be compared.

    Parameters
    ----------
    name : str
        File name, or the day.
    subject : str or None
        Pseudonym; visits of different subjects are never compared.
    side_affected : Side or None
    synthetic : bool
    involuntary, total : mapping of place to Value
        Involuntary part of the affected side; total change of both sides.
    effort : mapping of place to Effort
        For each involuntary row, how far the movement itself went.
    sha256 : str
        Of the recording.
    """

    name: str
    subject: str | None
    side_affected: Side | None
    synthetic: bool
    involuntary: Mapping[Place, Value]
    total: Mapping[Place, Value]
    effort: Mapping[Place, Effort]
    sha256: str

    @classmethod
    def of(cls, result: Mapping[str, Any], name: str) -> Visit:
        """Return the visit of a result document.

        Parameters
        ----------
        result : mapping
            A ``facewire.measurement/1`` document.
        name : str
            What to call the visit.
        """
        side = result.get("side_affected")
        rows = result["synkinesis"]
        return cls(
            name,
            result.get("subject"),
            Side(side) if side else None,
            bool(result.get("synthetic")),
            {_place(r): _value(r, "change_mm") for r in rows},
            {_place(r): _value(r, "excursion_mm") for r in result["voluntary"]},
            {_place(r): _effort(r) for r in rows},
            str(result.get("provenance", {}).get("source", {}).get("sha256", "")),
        )


def read_visit(path: Path) -> Visit:
    """Read a measurement file as a visit.

    Raises
    ------
    UsageError
        The file cannot be read, or is no measurement of this version.
    """
    result = read_document(path)
    return Visit.of(result, path.parent.name if path.name == "result.json" else path.stem)


def _place(row: Mapping[str, Any]) -> Place:
    return Movement(row["movement"]), Region(row["region"]), Side(row["side"])


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else math.nan


def _value(row: Mapping[str, Any], name: str) -> Value:
    sd = (_number(row["ci_high"]) - _number(row["ci_low"])) / (2 * Z95)
    return Value(_number(row[name]), sd)


def _effort(row: Mapping[str, Any]) -> Effort:
    names = ("voluntary_mm", "voluntary_low_mm", "voluntary_high_mm")
    mean, low, high = (_number(row.get(name)) for name in names)
    return Effort(mean, low if math.isfinite(low) else mean, high if math.isfinite(high) else mean)
