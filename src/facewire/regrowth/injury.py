"""An injury of the facial nerve: where, how severe, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from facewire.errors import UsageError
from facewire.face import Side
from facewire.face.anatomy import BRANCHES, Branch
from facewire.regrowth.nerve import nerve

SHORTEST_MM = 10.0


class Severity(StrEnum):
    """What happened to the axons (Seddon 1943)."""

    NONE = "none"
    NEURAPRAXIA = "neurapraxia"
    CRUSH = "crush"
    CUT = "cut"


class Place(StrEnum):
    """A named place along the nerve; a branch is named with ``branch``."""

    GENICULATE = "geniculate"
    STYLOMASTOID = "stylomastoid"
    BRANCH = "branch"
    DISTANCE = "distance"


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

    def to_dict(self) -> dict[str, object]:
        """Return plain values for a file."""
        plain = {f.name: _plain(getattr(self, f.name)) for f in fields(self)}
        return {**plain, "degenerated_percent": 100 * self.interrupted}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, StrEnum) else value


def _wrong(name: str, expected: str, found: object) -> UsageError:
    return UsageError(
        f"The {name} of the injury cannot be used", expected=expected, found=str(found)
    )
