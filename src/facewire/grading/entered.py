"""Grades that a clinician entered: read from plain values, checked, never estimated.

Sunnybrook items may be given in part; the other scales whole or not at all. Resting items are
given as an option of the form (``narrow``) or as its points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from facewire.errors import UsageError
from facewire.face import Movement
from facewire.grading.checks import check_grade, check_names
from facewire.grading.eface import EfaceScore, eface_score
from facewire.grading.facts import fact
from facewire.grading.sunnybrook import (
    RESTING_ITEMS,
    RESTING_MOST,
    SUNNYBROOK_MOVEMENTS,
    SYNKINESIS_RANGE,
    VOLUNTARY_RANGE,
    SunnybrookItems,
    SunnybrookScore,
    resting_points,
    sunnybrook_score,
)
from facewire.results.grades import FngsGrades, Roman

HOUSE_BRACKMANN_GRADES: tuple[str, ...] = tuple(fact("house_brackmann.grades"))
SCALES = ("sunnybrook", "house_brackmann", "fngs2", "eface")
_MOVEMENTS = tuple(str(m) for m in SUNNYBROOK_MOVEMENTS)


@dataclass(frozen=True)
class EnteredGrades:
    """What a clinician entered.

    Parameters
    ----------
    rater : str
        Pseudonym of who graded; empty when not said.
    sunnybrook : mapping of str to mapping of str to int
        Grades by sub-score and item, as far as they were given.
    house_brackmann : str or None
    fngs2 : FngsGrades or None
    eface : EfaceScore or None
    """

    rater: str = ""
    sunnybrook: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    house_brackmann: Roman | None = None
    fngs2: FngsGrades | None = None
    eface: EfaceScore | None = None

    @property
    def sunnybrook_score(self) -> SunnybrookScore | None:
        """The clinician's own score; None unless every item was given."""
        given = self.sunnybrook
        wanted = {
            "resting": len(RESTING_ITEMS),
            "voluntary": len(_MOVEMENTS),
            "synkinesis": len(_MOVEMENTS),
        }
        if any(len(given.get(part, {})) < count for part, count in wanted.items()):
            return None
        return sunnybrook_score(
            SunnybrookItems(
                given["resting"],
                {Movement(m): g for m, g in given["voluntary"].items()},
                {Movement(m): g for m, g in given["synkinesis"].items()},
            )
        )


def read_entered(document: Mapping[str, Any]) -> EnteredGrades:
    """Check the grades of a clinician.

    Parameters
    ----------
    document : mapping
        Any of ``rater``, ``sunnybrook``, ``house_brackmann``, ``fngs2``, ``eface``.

    Raises
    ------
    UsageError
        A scale, an item or a grade is not possible.
    """
    unknown = sorted(set(document) - {"schema", "rater", *SCALES})
    if unknown:
        raise UsageError(
            "The entered grades hold an unknown scale",
            expected=", ".join(("rater", *SCALES)),
            found=", ".join(unknown),
        )
    grade, fngs, sliders = (document.get(name) for name in SCALES[1:])
    return EnteredGrades(
        rater=str(document.get("rater") or ""),
        sunnybrook=_sunnybrook(_mapping("sunnybrook", document.get("sunnybrook") or {})),
        house_brackmann=None if grade is None else check_house_brackmann(grade),
        fngs2=None if fngs is None else fngs2_grades(_mapping("fngs2", fngs)),
        eface=None if sliders is None else _eface(_mapping("eface", sliders)),
    )


def _mapping(what: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UsageError(
            f"The entered grades of {what} cannot be read",
            expected="named items",
            found=repr(value),
        )
    return value


def check_house_brackmann(grade: object) -> Roman:
    """Return a House-Brackmann grade as it is.

    Raises
    ------
    UsageError
        It is not one of I to VI.
    """
    found = next((one for one in get_args(Roman) if one == grade), None)
    if found is None:
        raise UsageError(
            "There is no such House-Brackmann grade",
            expected=", ".join(HOUSE_BRACKMANN_GRADES),
            found=repr(grade),
        )
    checked: Roman = found
    return checked


def fngs2_grades(given: Mapping[str, Any]) -> FngsGrades:
    """Return Facial Nerve Grading System 2.0: four regions, secondary movement, total and grade.

    Vrabec 2009, Otolaryngol Head Neck Surg 140:445-450.

    Parameters
    ----------
    given : mapping of str to int
        ``brow``, ``eye``, ``nasolabial_fold`` and ``oral``, 1 (normal) to 6 (no movement), and
        ``secondary_movement``, 0 (none) to 3.

    Raises
    ------
    UsageError
        A grade is missing or out of range, or the total is above 24: secondary movement in a face
        that does not move.
    """
    regions = fact("fngs2.regions")
    check_names("FNGS 2.0", given, [*regions, "secondary_movement"])
    for region in regions:
        check_grade(f"the {region} (FNGS 2.0)", given[region], *fact("fngs2.region_range"))
    secondary = fact("fngs2.secondary_movement_range")
    check_grade("secondary movement (FNGS 2.0)", given["secondary_movement"], *secondary)
    total = sum(given.values())
    if total > fact("fngs2.total_max"):
        raise UsageError(
            "The FNGS 2.0 grades contradict each other",
            expected="a total of at most 24: without movement there is no secondary movement",
            found=f"a total of {total}",
            do="check the regions and the secondary movement",
        )
    rows = fact("fngs2.grades")
    grade = next(row["grade"] for row in rows if row["low"] <= total <= row["high"])
    return FngsGrades(**given, total=total, grade=grade)


def _eface(given: Mapping[str, Any]) -> EfaceScore:
    return eface_score({part: _mapping(f"eface, {part}", items) for part, items in given.items()})


def _sunnybrook(given: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    checks = {"resting": _resting, "voluntary": _voluntary, "synkinesis": _synkinesis}
    unknown = sorted(set(given) - set(checks))
    if unknown:
        raise UsageError(
            "The entered Sunnybrook grades hold an unknown part",
            expected=", ".join(checks),
            found=", ".join(unknown),
        )
    return {
        part: {name: checks[part](name, grade) for name, grade in _mapping(part, items).items()}
        for part, items in given.items()
    }


def _known(name: str, names: tuple[str, ...]) -> None:
    if name not in names:
        raise UsageError(
            "There is no such Sunnybrook item", expected=", ".join(names), found=repr(name)
        )


def _resting(name: str, grade: object) -> int:
    _known(name, RESTING_ITEMS)
    if isinstance(grade, str):
        return resting_points(name, grade)
    return check_grade(f"{name} at rest", grade, 0, RESTING_MOST[name])


def _voluntary(name: str, grade: object) -> int:
    _known(name, _MOVEMENTS)
    return check_grade(f"{name}, voluntary", grade, *VOLUNTARY_RANGE)


def _synkinesis(name: str, grade: object) -> int:
    _known(name, _MOVEMENTS)
    return check_grade(f"{name}, synkinesis", grade, *SYNKINESIS_RANGE)
