"""House-Brackmann and FNGS 2.0: grades that a clinician enters. facewire never estimates them."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from facewire.errors import UsageError
from facewire.grading.checks import check_grade
from facewire.grading.facts import fact

HOUSE_BRACKMANN_GRADES: tuple[str, ...] = tuple(fact("house_brackmann.grades"))


def check_house_brackmann(grade: object) -> str:
    """Return a House-Brackmann grade as it is.

    Raises
    ------
    UsageError
        It is not one of I to VI.
    """
    if not isinstance(grade, str) or grade not in HOUSE_BRACKMANN_GRADES:
        raise UsageError(
            "There is no such House-Brackmann grade",
            expected=", ".join(HOUSE_BRACKMANN_GRADES),
            found=repr(grade),
        )
    return grade


def house_brackmann_of_points(points: int) -> str:
    """Return the grade that 0 to 8 points of movement stand for (recalled).

    Four points for the brow and four for the mouth corner, one for each 2.5 mm of movement.

    Raises
    ------
    UsageError
        The points are out of range.
    """
    table = fact("house_brackmann.points")
    check_grade("House-Brackmann points", points, 0, table["max_points"])
    return str(table["grade_by_points"][str(points)])


@dataclass(frozen=True)
class Fngs2:
    """Facial Nerve Grading System 2.0, four regions and secondary movement.

    Vrabec 2009, Otolaryngol Head Neck Surg 140:445-450.

    Parameters
    ----------
    brow, eye, nasolabial_fold, oral : int
        1 (normal) to 6 (no movement).
    secondary_movement : int
        0 (none) to 3.

    Raises
    ------
    UsageError
        A grade is out of range, or the total is above 24: secondary movement in a face that
        does not move.
    """

    brow: int
    eye: int
    nasolabial_fold: int
    oral: int
    secondary_movement: int

    def __post_init__(self) -> None:
        low, high = fact("fngs2.region_range")
        for region in fact("fngs2.regions"):
            check_grade(f"the {region} (FNGS 2.0)", getattr(self, region), low, high)
        secondary = fact("fngs2.secondary_movement_range")
        check_grade("secondary movement (FNGS 2.0)", self.secondary_movement, *secondary)
        if self.total > fact("fngs2.total_max"):
            raise UsageError(
                "The FNGS 2.0 grades contradict each other",
                expected="a total of at most 24: without movement there is no secondary movement",
                found=f"a total of {self.total}",
                do="check the regions and the secondary movement",
            )

    @property
    def total(self) -> int:
        """Sum of the regions and the secondary movement, 4 to 24."""
        return int(sum(astuple(self)))

    @property
    def grade(self) -> str:
        """I to VI."""
        rows = fact("fngs2.grades")
        return str(next(row["grade"] for row in rows if row["low"] <= self.total <= row["high"]))
