"""What the treating person states: facts that safety depends on, toxin given before, dates.

A fact that is not stated is unknown. Nothing here fills a gap with a likely answer.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from facewire.errors import UsageError
from facewire.face import SIDES, Side
from facewire.face.muscles import MuscleGroup
from facewire.safety.tables import load_rules_table

DAYS_PER_MONTH = 30.4375

Value = bool | float | str
FactSource = Literal["stated", "measured", "inferred", "worked out"]


@dataclass(frozen=True)
class FactDefinition:
    """One thing to ask.

    Parameters
    ----------
    key : str
        Its name in a facts file.
    kind : str
        ``yes_no``, ``number`` or ``choice``.
    question, how : str
        What to ask, and how to find out.
    per_side : bool
        Whether each side of the face has its own answer.
    derived : bool
        Worked out from other entries, never stated.
    high : float
        Largest number that makes sense; numbers are 0 or more.
    choices : tuple of str
        The answers of a ``choice``.
    """

    key: str
    kind: str
    question: str
    how: str
    per_side: bool = False
    derived: bool = False
    high: float = math.inf
    choices: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """The sides that have an answer of their own; None for the whole face."""
        return SIDES if self.per_side else (None,)


@dataclass(frozen=True)
class Known:
    """One answer and where it is from.

    Parameters
    ----------
    value : bool, float or str
        The answer.
    low, high : float
        Its 95 % interval where it was measured; the value itself where it was stated.
    source : str
        ``stated``, ``measured`` (from the recording), ``inferred`` (from the wiring) or
        ``worked out`` (from what was stated).
    """

    value: Value
    low: float = math.nan
    high: float = math.nan
    source: FactSource = "stated"


FactKey = tuple[str, Side | None]


@dataclass(frozen=True)
class ToxinCourse:
    """An earlier course of toxin, as stated.

    Parameters
    ----------
    side : Side
    date : date or None
    product : str or None
    dose_recorded : bool
        Whether its units are known; how many stays in the facts file.
    """

    side: Side
    date: dt.date | None
    product: str | None
    dose_recorded: bool


@dataclass(frozen=True)
class KnownFace:
    """What a wiring says that rules ask.

    Parameters
    ----------
    affected : Side or None
        None where no side is affected, or it is not known.
    side_confirmed : bool or None
        Whether left and right are confirmed; None where the face came without a measurement.
    wrong : mapping of MuscleGroup to bool or None
        Whether a group of the affected side moves where it should not, or is tight at rest; None
        where that cannot be told.
    """

    affected: Side | None
    side_confirmed: bool | None
    wrong: Mapping[MuscleGroup, bool | None]


@dataclass(frozen=True)
class Facts:
    """Everything known, each place with the answers that different sources give.

    Parameters
    ----------
    known : mapping
        From (key, side) to answers; a missing place is unknown.
    toxin_given : tuple of ToxinCourse
        Earlier toxin.
    face : KnownFace or None
        What the wiring says; None where there is none.
    """

    known: Mapping[FactKey, tuple[Known, ...]] = field(default_factory=dict)
    toxin_given: tuple[ToxinCourse, ...] = ()
    face: KnownFace | None = None

    def answers(self, key: str, side: Side | None) -> tuple[Known, ...]:
        """Return what is known of a fact on a side; empty when unknown."""
        return self.known.get((key, side), ())

    def with_answers(self, added: Iterable[tuple[FactKey, Known]]) -> Facts:
        """Return the same facts with more answers."""
        merged = dict(self.known)
        for place, answer in added:
            merged[place] = (*merged.get(place, ()), answer)
        return replace(self, known=merged)

    def of_face(self, face: KnownFace) -> Facts:
        """Return the same facts with what a wiring says."""
        return replace(self, face=face)


@cache
def fact_definitions() -> Mapping[str, FactDefinition]:
    """Return everything that can be asked, by key, in the order of asking."""
    rows = load_rules_table()["fact"]
    made = [FactDefinition(**row | {"choices": tuple(row.get("choices", ()))}) for row in rows]
    return {definition.key: definition for definition in made}


def parse_facts(document: Mapping[str, Any]) -> Facts:
    """Return the facts of a facts file.

    Parameters
    ----------
    document : mapping
        As read from TOML: a table ``facts`` and a list ``toxin_given``; both may be missing.

    Raises
    ------
    UsageError
        A fact is not known by that name, has a value that cannot be, or contradicts another.
    """
    table = document.get("facts", {})
    if not isinstance(table, Mapping):
        raise UsageError("The facts are not a table", expected="a table [facts]")
    dates = {key: _date(table[key], key) for key in ("visit_date", "onset_date") if key in table}
    _check_keys(table)
    known: dict[FactKey, tuple[Known, ...]] = {}
    for key, value in table.items():
        if key not in dates:
            known |= _stated(fact_definitions()[key], value)
    _check_stage(known)
    given = _toxin_rows(document.get("toxin_given", []), dates)
    known |= _since_onset(known, dates)
    known |= _since_toxin(known, given, dates.get("visit_date"))
    return Facts(known, given)


def _check_stage(known: Mapping[FactKey, tuple[Known, ...]]) -> None:
    stage, flaccid = known.get(("stage", None)), known.get(("flaccid_stage", None))
    if stage and flaccid and (stage[0].value == "flaccid") is not flaccid[0].value:
        raise UsageError(
            "The facts contradict each other",
            found=f"stage {stage[0].value}, and flaccid_stage "
            f"{'true' if flaccid[0].value else 'false'}",
            do="correct one of them",
        )


def _check_keys(table: Mapping[str, Any]) -> None:
    allowed = [key for key, d in fact_definitions().items() if not d.derived]
    unknown = [key for key in table if key not in (*allowed, "visit_date", "onset_date")]
    if unknown:
        raise UsageError(
            f"There is no fact of the name {unknown[0]}",
            expected=", ".join([*allowed, "visit_date", "onset_date"]),
            found=", ".join(unknown),
            do="leave out what is not known; nothing is assumed for it",
        )


def _stated(definition: FactDefinition, value: object) -> dict[FactKey, tuple[Known, ...]]:
    if not definition.per_side:
        by_side: dict[Side | None, object] = {None: value}
    elif isinstance(value, Mapping):
        by_side = {_side(side, definition.key): entry for side, entry in value.items()}
    else:
        by_side = dict.fromkeys(SIDES, value)
    found: dict[FactKey, tuple[Known, ...]] = {}
    for side, entry in by_side.items():
        checked = _checked(definition, entry)
        if checked is not None:
            number = checked if isinstance(checked, float) else math.nan
            found[definition.key, side] = (Known(checked, number, number),)
    return found


def _side(word: str, key: str) -> Side:
    for side in SIDES:
        if word in (side.word, str(side)):
            return side
    raise UsageError(f"The fact {key} names no side", expected="left or right", found=word)


def _checked(definition: FactDefinition, value: object) -> Value | None:
    """Return the value as its kind has it, or None where it is stated to be unknown."""
    if value == "unknown":
        return None
    if definition.kind == "yes_no" and isinstance(value, bool):
        return value
    if definition.kind == "choice" and value in definition.choices:
        return str(value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if definition.kind == "number" and number and 0 <= float(value) <= definition.high:  # type: ignore[arg-type]
        return float(value)  # type: ignore[arg-type]
    wanted = {
        "yes_no": "true or false",
        "choice": ", ".join(definition.choices),
        "number": f"a number from 0 to {definition.high:g}",
    }
    raise UsageError(
        f"The fact {definition.key} has a value that cannot be used",
        expected=f'{wanted[definition.kind]}, or "unknown"',
        found=str(value),
    )


def _date(value: object, key: str) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise UsageError(f"{key} is not a date", expected="a date such as 2026-05-01", found=str(value))


def _toxin_rows(rows: object, dates: Mapping[str, dt.date]) -> tuple[ToxinCourse, ...]:
    if not isinstance(rows, list):
        raise UsageError("toxin_given is not a list", expected="tables [[toxin_given]]")
    return tuple(_toxin_row(number, row, dates) for number, row in enumerate(rows, 1))


def _toxin_row(number: int, row: Mapping[str, Any], dates: Mapping[str, dt.date]) -> ToxinCourse:
    unknown = set(row) - {"side", "date", "product", "units", "muscles"}
    if unknown or "side" not in row:
        raise UsageError(
            f"Toxin course {number} cannot be read",
            expected="side; and, where known, date, product, units, muscles",
            found=", ".join(sorted(row)),
        )
    day = _date(row["date"], f"The date of toxin course {number}") if "date" in row else None
    _check_course_date(number, day, dates)
    units = row.get("units")
    if units is not None and not (isinstance(units, int | float) and units > 0):
        raise UsageError(
            f"The units of toxin course {number} cannot be used",
            expected="a number above 0",
            found=str(units),
        )
    product = row.get("product")
    return ToxinCourse(
        side=_side(str(row["side"]), f"toxin_given {number}"),
        date=day,
        product=None if product is None else str(product),
        dose_recorded=units is not None,
    )


def _check_course_date(number: int, day: dt.date | None, dates: Mapping[str, dt.date]) -> None:
    if day is None:
        return
    visit, onset = dates.get("visit_date"), dates.get("onset_date")
    if visit is not None and day > visit:
        raise UsageError(
            f"Toxin course {number} lies after the visit", found=f"{day}, visit {visit}"
        )
    if onset is not None and day < onset:
        raise UsageError(
            f"Toxin course {number} lies before the onset of the palsy",
            found=f"{day}, onset {onset}",
            do="correct the date; leave out courses given before the palsy",
        )


def _since_onset(
    known: Mapping[FactKey, tuple[Known, ...]], dates: Mapping[str, dt.date]
) -> dict[FactKey, tuple[Known, ...]]:
    if len(dates) < 2:
        return {}
    if ("months_since_onset", None) in known:
        raise UsageError(
            "The time since onset is given twice",
            expected="months_since_onset, or onset_date with visit_date",
        )
    months = _months(dates["onset_date"], dates["visit_date"])
    if months < 0:
        raise UsageError("The visit lies before the onset", do="correct one of the dates")
    return {("months_since_onset", None): (Known(months, months, months, "worked out"),)}


def _months(start: dt.date, end: dt.date) -> float:
    return (end - start).days / DAYS_PER_MONTH


def _since_toxin(
    known: Mapping[FactKey, tuple[Known, ...]],
    given: tuple[ToxinCourse, ...],
    visit: dt.date | None,
) -> dict[FactKey, tuple[Known, ...]]:
    stated = known.get(("toxin_ever", None))
    ever = stated[0].value if stated else (True if given else None)
    if ever is False and given:
        raise UsageError(
            "The facts contradict each other",
            found="toxin_ever is false, and toxin_given lists a course",
            do="correct one of them",
        )
    found: dict[FactKey, tuple[Known, ...]] = {}
    for side in SIDES:
        own = [row for row in given if row.side is side]
        found |= _side_history(side, own, ever=ever, any_given=bool(given), visit=visit)
    return found


def _side_history(
    side: Side,
    own: list[ToxinCourse],
    *,
    ever: object,
    any_given: bool,
    visit: dt.date | None,
) -> dict[FactKey, tuple[Known, ...]]:
    """Months since toxin on one side, and whether its record is complete."""
    never = ever is False or (any_given and not own)
    if never:
        known = Known(value=True, source="worked out")
        forever = Known(math.inf, math.inf, math.inf, "worked out")
        return {("toxin_record_complete", side): (known,), ("months_since_toxin", side): (forever,)}
    if not own:
        return {}
    complete = all(row.date and row.product and row.dose_recorded for row in own)
    found: dict[FactKey, tuple[Known, ...]] = {
        ("toxin_record_complete", side): (Known(complete, source="worked out"),)
    }
    dates = [row.date for row in own if row.date is not None]
    if visit is not None and len(dates) == len(own):
        months = min(_months(day, visit) for day in dates)
        found["months_since_toxin", side] = (Known(months, months, months, "worked out"),)
    return found
