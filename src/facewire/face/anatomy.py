"""The facial nerve in the face as a table: trunk, branches, their joins, and the muscles.

Read once, on first use, from ``anatomy.toml`` beside this file, and checked: a muscle belongs to
a group that video can tell apart or says why it cannot be seen, every branch exists, every group
has a muscle. Each row carries its source and whether it was seen there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from facewire.errors import UsageError
from facewire.face.anatomy_rows import (
    BRANCHES,
    Anatomy,
    Branch,
    BranchFacts,
    Citation,
    Communication,
    Count,
    Effect,
    MuscleFacts,
    Names,
    Status,
    Trunk,
    check,
    one_of,
    wrong,
)
from facewire.face.muscles import GROUPS, MuscleGroup
from facewire.files import packaged_table

__all__ = [
    "BRANCHES",
    "Anatomy",
    "Branch",
    "Communication",
    "MuscleFacts",
    "Names",
    "Status",
    "anatomy",
    "branch_names",
    "communications",
    "group_names",
    "muscle",
    "muscles",
    "read_anatomy",
]


@cache
def anatomy() -> Anatomy:
    """Return the whole table.

    Raises
    ------
    UsageError
        A row of the table is wrong.
    """
    return read_anatomy(packaged_table("facewire.face", "anatomy.toml"))


def muscles() -> tuple[MuscleFacts, ...]:
    """Return every muscle of facial expression, from the forehead down."""
    return tuple(anatomy().muscles.values())


def muscle(name: str) -> MuscleFacts:
    """Return one muscle by its id.

    Raises
    ------
    UsageError
        There is none of that name.
    """
    known = anatomy().muscles
    if name not in known:
        raise UsageError("There is no such facial muscle", expected=", ".join(known), found=name)
    return known[name]


def communications() -> tuple[Communication, ...]:
    """Return the joins between neighbouring branches, from the temple down."""
    return anatomy().communications


def group_names(group: MuscleGroup) -> Names:
    """Return what a group is called, for the professional and in plain words."""
    return anatomy().groups[group]


def branch_names(branch: Branch) -> Names:
    """Return what a branch is called, for the professional and in plain words."""
    return anatomy().branches[branch].names


def read_anatomy(table: Mapping[str, Any]) -> Anatomy:
    """Check a table of anatomy, as `anatomy.toml` holds it, and return it.

    Raises
    ------
    UsageError
        A part is missing, or a row is wrong.
    """
    try:
        return _read(table)
    except KeyError as error:
        raise wrong("a row", f"the entry {error}", "none") from error


def _read(table: Mapping[str, Any]) -> Anatomy:
    sources = table["source"]
    trunk = table["trunk"]
    branches = [_branch(row, sources) for row in table["branch"]]
    muscles = [_muscle(row, sources) for row in table["muscle"]]
    _once(str(b.branch) for b in branches)
    _once(m.id for m in muscles)
    return Anatomy(
        trunk=Trunk(
            _names(trunk), trunk["leaves_the_skull"], trunk["divides_in"], _cite(trunk, sources)
        ),
        branches={b.branch: b for b in branches},
        communications=tuple(
            Communication(_as_branch(row["a"]), _as_branch(row["b"]), _count(row, sources))
            for row in table["communication"]
        ),
        groups={_as_group(name): _names(row) for name, row in table["group"].items()},
        muscles={m.id: m for m in muscles},
    )


def _muscle(row: Mapping[str, Any], sources: Mapping[str, str]) -> MuscleFacts:
    return MuscleFacts(
        id=row["id"],
        names=_names(row),
        group=_as_group(row["group"]) if "group" in row else None,
        unseen=row.get("unseen", ""),
        main_branch=_as_branch(row["main_branch"]),
        other_branches=tuple(_as_branch(name) for name in row["other_branches"]),
        facs=tuple(row["facs"]),
        effects=tuple(Effect(**effect) for effect in row["effects"]),
        citation=_cite(row, sources),
    )


def _branch(row: Mapping[str, Any], sources: Mapping[str, str]) -> BranchFacts:
    return BranchFacts(_as_branch(row["id"]), _names(row), _cite(row, sources))


def _count(row: Mapping[str, Any], sources: Mapping[str, str]) -> Count:
    return Count(row["n_found"], row["n_hemifaces"], _cite(row, sources))


def _names(row: Mapping[str, Any]) -> Names:
    return Names(row["name"], row["plain"])


def _cite(row: Mapping[str, Any], sources: Mapping[str, str]) -> Citation:
    one_of("source", row["source"], tuple(sources))
    one_of("status", row["status"], tuple(Status))
    return Citation(sources[row["source"]], Status(row["status"]))


def _as_branch(name: str) -> Branch:
    one_of("branch", name, BRANCHES)
    return Branch(name)


def _as_group(name: str) -> MuscleGroup:
    one_of("group", name, GROUPS)
    return MuscleGroup(name)


def _once(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        check(name not in seen, name, "every id once", "twice")
        seen.add(name)
