"""Sunnybrook Facial Grading System: the arithmetic of items that a clinician gave.

Ross 1996, Otolaryngol Head Neck Surg 114:380-386. No item wording is kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from facewire.face import Movement
from facewire.grading.checks import check_choice, check_grade, check_names
from facewire.grading.facts import fact

SUNNYBROOK_MOVEMENTS = tuple(Movement(name) for name in fact("sunnybrook.movements"))
"""The five movements, in the order of the form."""

RESTING_OPTIONS: dict[str, dict[str, int]] = {
    item["id"]: dict(item["options"]) for item in fact("sunnybrook.resting_item")
}
"""Options of each resting item and their points."""

RESTING_ITEMS = tuple(RESTING_OPTIONS)
RESTING_MOST = {name: max(options.values()) for name, options in RESTING_OPTIONS.items()}
"""Most points of each resting item."""

VOLUNTARY_RANGE: tuple[int, int] = tuple(fact("sunnybrook.voluntary_item_range"))
SYNKINESIS_RANGE: tuple[int, int] = tuple(fact("sunnybrook.synkinesis_item_range"))

VOLUNTARY_WEIGHT = int(fact("sunnybrook.voluntary_multiplier"))
RESTING_WEIGHT = int(fact("sunnybrook.resting_multiplier"))
SYNKINESIS_WEIGHT = int(fact("sunnybrook.synkinesis_multiplier"))


@dataclass(frozen=True)
class SunnybrookItems:
    """All items of the form, as grades.

    Parameters
    ----------
    resting : mapping of str to int
        Points of each of `RESTING_ITEMS`.
    voluntary, synkinesis : mapping of Movement to int
        Grades 1 to 5 and 0 to 3 of each of `SUNNYBROOK_MOVEMENTS`.

    Raises
    ------
    UsageError
        An item is missing, unknown, not a whole number or out of range.
    """

    resting: Mapping[str, int]
    voluntary: Mapping[Movement, int]
    synkinesis: Mapping[Movement, int]

    def __post_init__(self) -> None:
        check_names("the Sunnybrook resting symmetry", self.resting, RESTING_ITEMS)
        names = [str(m) for m in SUNNYBROOK_MOVEMENTS]
        check_names("the Sunnybrook voluntary movement", self.voluntary, names)
        check_names("the Sunnybrook synkinesis", self.synkinesis, names)
        for name, points in self.resting.items():
            check_grade(f"{name} at rest", points, 0, RESTING_MOST[name])
        for movement, grade in self.voluntary.items():
            check_grade(f"{movement}, voluntary", grade, *VOLUNTARY_RANGE)
        for movement, grade in self.synkinesis.items():
            check_grade(f"{movement}, synkinesis", grade, *SYNKINESIS_RANGE)


@dataclass(frozen=True)
class SunnybrookScore:
    """The three sub-scores and what follows from them.

    Parameters
    ----------
    resting : int
        0 to 20, higher is worse.
    voluntary : int
        20 to 100.
    synkinesis : int
        0 to 15, higher is worse.
    """

    resting: int
    voluntary: int
    synkinesis: int

    @property
    def composite(self) -> int:
        """Voluntary - resting - synkinesis, unclipped: -15 to 100."""
        return self.voluntary - self.resting - self.synkinesis

    @property
    def shown(self) -> int:
        """The composite on its usual scale of 0 to 100."""
        return max(0, self.composite)


def sunnybrook_score(items: SunnybrookItems) -> SunnybrookScore:
    """Return the scores of a complete form (Ross 1996): 5 x resting, 4 x voluntary, synkinesis."""
    return SunnybrookScore(
        resting=RESTING_WEIGHT * sum(items.resting.values()),
        voluntary=VOLUNTARY_WEIGHT * sum(items.voluntary.values()),
        synkinesis=SYNKINESIS_WEIGHT * sum(items.synkinesis.values()),
    )


def resting_points(item: str, option: object) -> int:
    """Return the points of a resting item's option.

    Raises
    ------
    UsageError
        The item has no such option.
    """
    return check_choice(f"{item} at rest", option, RESTING_OPTIONS[item])
