"""One visit: the rows of a measurement that can be compared with another one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facewire.comparison.references import Reference
from facewire.errors import UsageError
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
    reference : mapping of place to Reference
        What the involuntary part was held against, where a row names it.
    sha256 : str
        Of the recording.
    method : mapping of str to str
        How it was measured: what must be the same at every visit.
    scale : str
        Where its millimetres come from.
    side_confirmed : bool
        Whether it is confirmed which side is left.
    """

    name: str
    subject: str | None
    side_affected: Side | None
    synthetic: bool
    involuntary: Mapping[Place, Value]
    total: Mapping[Place, Value]
    effort: Mapping[Place, Effort]
    reference: Mapping[Place, Reference]
    sha256: str
    method: Mapping[str, str]
    scale: str
    side_confirmed: bool

    @classmethod
    def of(cls, result: Mapping[str, Any], name: str) -> Visit:
        """Return the visit of a result document.

        Parameters
        ----------
        result : mapping
            A ``facewire.measurement/1`` document.
        name : str
            What to call the visit.

        Raises
        ------
        UsageError
            The measurement has no scale.
        """
        side = result.get("side_affected")
        rows, totals = result["synkinesis"], {_place(r): r for r in result["voluntary"]}
        references = {_place(r): Reference.of(r, totals.get(_place(r), {})) for r in rows}
        return cls(
            name,
            result.get("subject"),
            Side(side) if side else None,
            bool(result.get("synthetic")),
            {_place(r): _value(r, "change_mm") for r in rows},
            {place: _value(r, "excursion_mm") for place, r in totals.items()},
            {_place(r): _effort(r) for r in rows},
            {place: found for place, found in references.items() if found is not None},
            str((result.get("provenance", {}).get("source") or {}).get("sha256", "")),
            _method(result.get("provenance", {})),
            _scale(result, name),
            bool(result.get("side_confirmed", True)),
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


def _method(provenance: Mapping[str, Any]) -> dict[str, str]:
    settings = provenance.get("settings", {})
    found = {f"setting {name}": str(settings.get(name)) for name in ("fitted", "fast")}
    for one in provenance.get("networks") or ():
        found[f"network {one['name']}"] = str(one["sha256"])[:12]
    return found


def _scale(result: Mapping[str, Any], name: str) -> str:
    """Name where millimetres come from; a part of a result, as in tests, may leave it open."""
    if "scale" not in result:
        return ""
    if result["scale"] is None:
        raise UsageError(
            f"The visit {name} has no scale",
            expected="a measurement in millimetres",
            do="measure again where the iris is seen, or with --iris-mm",
        )
    return f"{result['scale']['source']}, {result['scale']['reference_mm']:g} mm"


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
