"""An injury of the facial nerve: where, how severe, what was done about it; INJURY.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from facewire.errors import UsageError
from facewire.face import Side
from facewire.face.anatomy import BRANCHES, Branch
from facewire.files import read_toml
from facewire.regrowth.nerve import nerve
from facewire.results.regrowth import InjuryRow, Place, Severity

SHORTEST_MM = 10.0


@dataclass(frozen=True)
class Injury:
    """One injury of one side's facial nerve.

    Parameters
    ----------
    side : Side
        The patient's own side.
    severity : Severity
        ``neurapraxia`` blocks the axons and leaves them whole; ``crush`` cuts the axons and keeps
        part of their tubes (axonotmesis); ``cut`` severs the nerve (neurotmesis).
    place : Place
        Where; ``branch`` needs ``branch``, ``distance`` needs ``distance_mm``.
    branch : Branch or None
        The injured branch.
    distance_mm : float or None
        From the injury to the muscles, mean over the nerve; past the division of the trunk every
        branch is injured.
    degenerated_percent : float
        Share of the axons that is interrupted; the others are blocked, as in neurapraxia. It is
        100 minus the ratio that electroneurography measures.
    tubes_kept : float or None
        Chance of an axon to find its own tube at a crush, mean over runs; None for the table's.
    repaired : bool
        Whether a cut nerve was joined.
    repair_month : float
        When, months after the injury.
    """

    side: Side
    severity: Severity
    place: Place = Place.GENICULATE
    branch: Branch | None = None
    distance_mm: float | None = None
    degenerated_percent: float = 100.0
    tubes_kept: float | None = None
    repaired: bool = False
    repair_month: float = 0.0

    def __post_init__(self) -> None:
        for name in ("degenerated_percent", "tubes_kept", "repair_month", "distance_mm"):
            self._in_range(name)
        self._belongs("branch", self.place is Place.BRANCH, "place = branch")
        self._belongs("distance_mm", self.place is Place.DISTANCE, "no named place")
        whole = self.severity in (Severity.NONE, Severity.NEURAPRAXIA)
        if whole and self.degenerated_percent not in (0.0, 100.0):
            raise _wrong("degenerated_percent", "severity = crush or cut", self.severity)
        if self.tubes_kept is not None and self.severity is not Severity.CRUSH:
            raise _wrong("tubes_kept", "severity = crush", self.severity)
        if (self.repaired or self.repair_month) and self.severity is not Severity.CUT:
            raise _wrong("repaired", "severity = cut", self.severity)
        if self.repair_month and not self.repaired:
            raise _wrong("repair_month", "repaired = true", "repaired = false")

    def _in_range(self, name: str) -> None:
        limits = {
            "degenerated_percent": (0.0, 100.0),
            "tubes_kept": (0.0, 1.0),
            "repair_month": (0.0, 60.0),
            "distance_mm": (SHORTEST_MM, nerve().typical_mm),
        }
        low, high = limits[name]
        found = getattr(self, name)
        if found is not None and not low <= found <= high:
            raise _wrong(name, f"{low:g} to {high:g}", found)

    def _belongs(self, name: str, wanted: bool, where: str) -> None:
        if (getattr(self, name) is not None) != wanted:
            found = "none" if wanted else getattr(self, name)
            raise _wrong(name, f"given with {where}, and only there", found)

    @property
    def level_mm(self) -> float:
        """Where the injury lies along the nerve, from the geniculate ganglion."""
        found = nerve()
        if self.place is Place.DISTANCE and self.distance_mm is not None:
            return found.typical_mm - self.distance_mm
        levels = {
            Place.GENICULATE: 0.0,
            Place.STYLOMASTOID: found.foramen_mm,
            Place.BRANCH: found.branch_mm,
        }
        return levels[self.place]

    @property
    def in_trunk(self) -> bool:
        """Whether the injury lies before the trunk divides, so that branches can be mixed up."""
        return self.level_mm < nerve().division_mm

    @property
    def interrupted(self) -> float:
        """Share of the injured axons that is interrupted, 0 to 1."""
        if self.severity in (Severity.NONE, Severity.NEURAPRAXIA):
            return 0.0
        return self.degenerated_percent / 100

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The branches whose axons are injured."""
        return BRANCHES if self.branch is None else (self.branch,)

    def row(self) -> InjuryRow:
        """Return the injury as a file holds it."""
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        return InjuryRow(**given | {"degenerated_percent": 100 * self.interrupted})


FIELDS = {
    "name": "a word for the injury",
    "side": '"L" or "R", the patient\'s own',
    "severity": '"none", "neurapraxia", "crush" or "cut"',
    "place": '"geniculate", "stylomastoid" or "branch NAME"; or distance_mm instead',
    "distance_mm": "a number: from the injury to the muscles",
    "degenerated_percent": "a number from 0 to 100",
    "tubes_kept": "a number from 0 to 1",
    "repaired": "true or false",
    "repair_month": "a number of months",
    "seed": "a whole number",
}
"""Every field of the file, and what it holds."""


@dataclass(frozen=True)
class InjuryFile:
    """What INJURY.toml says.

    Parameters
    ----------
    injury : Injury
    name : str
        What the file calls it; empty when it does not.
    seed : int
        What fixes the courses.
    """

    injury: Injury
    name: str = ""
    seed: int = 1


def read_injury(path: Path) -> InjuryFile:
    """Read an injury.

    Parameters
    ----------
    path : Path
        A TOML file with the fields of `FIELDS`; ``side`` and ``severity`` are needed.

    Raises
    ------
    UsageError
        The file cannot be read, a field is not known, is missing or cannot be used; the message
        names it.
    """
    table = read_toml(path, "injury", "side, severity and place")
    return injury_from(table)


def injury_from(table: Mapping[str, Any]) -> InjuryFile:
    """Return the injury that a table describes; see `read_injury`."""
    for name in table:
        if name not in FIELDS:
            raise UsageError(
                f"The field {name} of the injury is not known", expected=", ".join(FIELDS)
            )
    place, branch = _place(table)
    injury = Injury(
        side=Side(_word(table, "side", tuple(map(str, Side)))),
        severity=Severity(_word(table, "severity", tuple(map(str, Severity)))),
        place=place,
        branch=branch,
        distance_mm=_number(table, "distance_mm", None),
        degenerated_percent=_number(table, "degenerated_percent", 100.0) or 0.0,
        tubes_kept=_number(table, "tubes_kept", None),
        repaired=_flag(table, "repaired"),
        repair_month=_number(table, "repair_month", 0.0) or 0.0,
    )
    return InjuryFile(injury, _text(table, "name"), _seed(table))


def _place(table: Mapping[str, Any]) -> tuple[Place, Branch | None]:
    found = table.get("place")
    if "distance_mm" in table:
        if found is not None:
            raise _wrong("place", "place or distance_mm, not both", found)
        return Place.DISTANCE, None
    named = {str(p): (p, None) for p in (Place.GENICULATE, Place.STYLOMASTOID)}
    branches = {f"branch {b}": (Place.BRANCH, b) for b in BRANCHES}
    places: dict[str, tuple[Place, Branch | None]] = {**named, **branches}
    if not isinstance(found, str) or found not in places:
        raise _wrong("place", ", ".join(places) + "; or distance_mm", found)
    return places[found]


def _word(table: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    found = table.get(name)
    if found not in allowed:
        raise _wrong(name, ", ".join(allowed), found)
    return str(found)


def _number(table: Mapping[str, Any], name: str, default: float | None) -> float | None:
    found = table.get(name, default)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise _wrong(name, FIELDS[name], found)
    return float(found)


def _flag(table: Mapping[str, Any], name: str) -> bool:
    found = table.get(name, False)
    if not isinstance(found, bool):
        raise _wrong(name, FIELDS[name], found)
    return found


def _text(table: Mapping[str, Any], name: str) -> str:
    found = table.get(name, "")
    if not isinstance(found, str):
        raise _wrong(name, FIELDS[name], found)
    return found


def _seed(table: Mapping[str, Any]) -> int:
    found = table.get("seed", 1)
    if type(found) is not int:
        raise _wrong("seed", FIELDS["seed"], found)
    return found


def _wrong(name: str, expected: str, found: object) -> UsageError:
    return UsageError(
        f"The {name} of the injury cannot be used",
        expected=expected,
        found="nothing" if found is None else str(found),
        do="correct this field",
    )
