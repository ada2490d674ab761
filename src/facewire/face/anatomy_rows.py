"""Rows of the table of anatomy: what each holds, and what makes one wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from facewire.errors import UsageError
from facewire.face.muscles import GROUPS, MuscleGroup
from facewire.face.vocabulary import Region


class Branch(StrEnum):
    """A named terminal branch of the facial nerve, from the forehead down."""

    TEMPORAL = "temporal"
    ZYGOMATIC = "zygomatic"
    BUCCAL = "buccal"
    MARGINAL_MANDIBULAR = "marginal_mandibular"
    CERVICAL = "cervical"


class Status(StrEnum):
    """How well a row is known: it stands in the cited source, or it was recalled."""

    SEEN = "seen"
    RECALLED = "recalled"


BRANCHES = tuple(Branch)

PART_REGIONS: dict[str, Region | None] = {
    "brow": Region.BROW,
    "brow_medial": Region.BROW,
    "upper_lid": Region.EYE,
    "lower_lid": Region.EYE,
    "ala": Region.ALA,
    "commissure": Region.COMMISSURE,
    "upper_lip": Region.UPPER_LIP,
    "lower_lip": Region.LOWER_LIP,
    "chin": Region.CHIN,
    "lips": None,
    "cheek": None,
    "nasolabial_fold": None,
    "nose_tip": None,
    "chin_skin": None,
    "neck_band": None,
    "jaw": None,
}
"""Parts of the face that a muscle moves, and the measured region of each; None: not measured."""

DIRECTIONS = ("up", "down", "lateral", "medial", "close", "texture")
ROLES = ("main", "minor")


@dataclass(frozen=True)
class Names:
    """What something is called.

    Parameters
    ----------
    name : str
        The professional's word.
    plain : str
        The patient's words, such as "the ring muscle that closes the eye".
    """

    name: str
    plain: str

    def __post_init__(self) -> None:
        check(bool(self.name and self.plain), self.name or "a row", "a name and plain words", "")


@dataclass(frozen=True)
class Citation:
    """Where a row comes from.

    Parameters
    ----------
    text : str
        The source, in words.
    status : Status
        Whether the row stands there or is recalled.
    """

    text: str
    status: Status

    @property
    def established(self) -> bool:
        """Whether the row stands in the cited source."""
        return self.status is Status.SEEN


@dataclass(frozen=True)
class Effect:
    """What a muscle does to one part of the face.

    Parameters
    ----------
    part : str
        One of `PART_REGIONS`.
    direction : str
        One of `DIRECTIONS`; lateral is away from the midline, texture changes the skin only.
    role : str
        ``main`` or ``minor``.
    """

    part: str
    direction: str
    role: str

    def __post_init__(self) -> None:
        one_of("part", self.part, tuple(PART_REGIONS))
        one_of("direction", self.direction, DIRECTIONS)
        one_of("role", self.role, ROLES)

    @property
    def region(self) -> Region | None:
        """The measured region that shows it; None where video does not measure it."""
        return PART_REGIONS[self.part]


@dataclass(frozen=True)
class MuscleFacts:
    """One muscle of facial expression.

    Parameters
    ----------
    id : str
        Its name in files.
    names : Names
        What it is called.
    group : MuscleGroup or None
        The group that video can tell apart; None where video does not see it.
    unseen : str
        Why video does not see it; empty otherwise.
    main_branch : Branch
        The branch that mainly reaches it.
    other_branches : tuple of Branch
        Branches that reach it too.
    facs : tuple of int
        Action units of the Facial Action Coding System.
    effects : tuple of Effect
        What it moves.
    citation : Citation
        Where this row comes from.
    """

    id: str
    names: Names
    group: MuscleGroup | None
    unseen: str
    main_branch: Branch
    other_branches: tuple[Branch, ...]
    facs: tuple[int, ...]
    effects: tuple[Effect, ...]
    citation: Citation

    def __post_init__(self) -> None:
        check(
            (self.group is None) == bool(self.unseen),
            self.id,
            "a muscle group, or the reason why video cannot see it, not both",
            f"group {self.group}, unseen {self.unseen!r}",
        )
        check(self.main_branch not in self.other_branches, self.id, "each branch once", "twice")
        check(bool(self.effects), self.id, "at least one effect", "none")

    @property
    def branches(self) -> tuple[Branch, ...]:
        """Every branch that reaches it, the main one first."""
        return (self.main_branch, *self.other_branches)


@dataclass(frozen=True)
class Trunk:
    """The nerve between the skull and its branches.

    Parameters
    ----------
    names : Names
        What it is called.
    leaves_the_skull, divides_in : str
        Where it comes out, and where it divides.
    citation : Citation
        Where this row comes from.
    """

    names: Names
    leaves_the_skull: str
    divides_in: str
    citation: Citation


@dataclass(frozen=True)
class BranchFacts:
    """One branch: which, its names, its source."""

    branch: Branch
    names: Names
    citation: Citation


@dataclass(frozen=True)
class Count:
    """How often something was found in dissected halves of the face.

    Parameters
    ----------
    n_found, n_hemifaces : int
        Hemifaces with it, and all that were dissected.
    citation : Citation
        Where this row comes from.
    """

    n_found: int
    n_hemifaces: int
    citation: Citation

    def __post_init__(self) -> None:
        fits = 0 <= self.n_found <= self.n_hemifaces and self.n_hemifaces > 0
        check(fits, "a count", "0 <= found <= all", f"{self.n_found} of {self.n_hemifaces}")

    @property
    def fraction(self) -> float:
        """Share of the hemifaces that have it, 0 to 1."""
        return self.n_found / self.n_hemifaces


@dataclass(frozen=True)
class Communication:
    """A join between two neighbouring branches in the cheek, and how often it is there."""

    a: Branch
    b: Branch
    count: Count

    def __post_init__(self) -> None:
        check(self.a is not self.b, f"communication {self.a}", "two branches", "one branch")

    @property
    def fraction(self) -> float:
        """Share of the hemifaces that have it, 0 to 1."""
        return self.count.fraction


@dataclass(frozen=True)
class Anatomy:
    """The whole table, checked.

    Parameters
    ----------
    trunk : Trunk
        The nerve before it divides.
    branches : mapping of Branch to BranchFacts
        Every branch, from the forehead down.
    communications : tuple of Communication
        Joins between them.
    groups : mapping of MuscleGroup to Names
        What each group is called.
    muscles : mapping of str to MuscleFacts
        Every muscle by its id.
    """

    trunk: Trunk
    branches: Mapping[Branch, BranchFacts]
    communications: tuple[Communication, ...]
    groups: Mapping[MuscleGroup, Names]
    muscles: Mapping[str, MuscleFacts]

    def __post_init__(self) -> None:
        check(tuple(self.branches) == BRANCHES, "branch", "every branch once", self.branches)
        check(tuple(self.groups) == GROUPS, "group", "every group, in order", self.groups)
        reached = {b for muscle in self.muscles.values() for b in muscle.branches}
        check(reached == set(BRANCHES), "branch", "a muscle for every branch", reached)
        filled = {muscle.group for muscle in self.muscles.values()} - {None}
        check(filled == set(GROUPS), "group", "a muscle in every group", filled)


def one_of(key: str, value: str, allowed: tuple[str, ...]) -> None:
    """Check that a value is one of those allowed."""
    check(value in allowed, key, " or ".join(allowed), value)


def check(fits: bool, place: str, expected: str, found: object) -> None:
    """Refuse a row that does not fit.

    Parameters
    ----------
    fits : bool
        Whether it does.
    place, expected, found
        Row and entry, what belongs there, and what stands there, for the message.

    Raises
    ------
    UsageError
        It does not fit.
    """
    if not fits:
        raise wrong(place, expected, found)


def wrong(place: str, expected: str, found: object) -> UsageError:
    """Return the error of a wrong row."""
    return UsageError(
        f"The table of anatomy is wrong at {place}", expected=expected, found=str(found)
    )
