"""An injury as a file: INJURY.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facewire.errors import UsageError
from facewire.face import Side
from facewire.face.anatomy import BRANCHES, Branch
from facewire.regrowth.injury import Injury, Place, Severity

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
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The injury {path.name} cannot be read",
            expected="a TOML file with side, severity and place",
            found=str(error),
            do="see the reference of its fields",
        ) from error
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
        do="correct this field of the file",
    )
