"""What the treating person states: facts that safety depends on, toxin given before, dates.

A fact that is not stated is unknown. Nothing here fills a gap with a likely answer.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from facewire.errors import UsageError
from facewire.face import SIDES, Side
from facewire.face.muscles import MuscleGroup
from facewire.results.stage import StageName
from facewire.safety.definitions import FactDefinition, Value, fact_definitions
from facewire.safety.tables import load_rules_table

DAYS_PER_MONTH = 30.4375

UNNAMED = "unspecified"
"""What is written where the product of a toxin is not known."""
PRODUCTS = (
    "onabotulinumtoxinA",
    "abobotulinumtoxinA",
    "incobotulinumtoxinA",
    "prabotulinumtoxinA",
    "daxibotulinumtoxinA",
    "letibotulinumtoxinA",
    UNNAMED,
)
"""Products of which units may be recorded. Their units are never converted into one another."""

WEAKENED = (StageName.SYNKINETIC, StageName.RESTRICTED, StageName.MIXED)
"""Stages in which something is there to be weakened."""

FactSource = Literal["stated", "measured", "inferred", "worked out"]


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
    origin : str
        Where in a record it stands, in words; empty for a facts file.
    """

    value: Value
    low: float = math.nan
    high: float = math.nan
    source: FactSource = "stated"
    origin: str = ""


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
    visit_date : date or None
        The day that the facts are of, where it was stated.
    aged : mapping
        From (key, side) of an answer that was of its day to why it counts no more, in words.
    """

    known: Mapping[FactKey, tuple[Known, ...]] = field(default_factory=dict)
    toxin_given: tuple[ToxinCourse, ...] = ()
    face: KnownFace | None = None
    visit_date: dt.date | None = None
    aged: Mapping[FactKey, str] = field(default_factory=dict)

    def answers(self, key: str, side: Side | None) -> tuple[Known, ...]:
        """Return what is known of a fact on a side; empty when unknown."""
        return self.known.get((key, side), ())

    def with_answers(self, added: Iterable[tuple[FactKey, Known]]) -> Facts:
        """Return the same facts with more answers."""
        merged = dict(self.known)
        for place, answer in added:
            merged[place] = (*merged.get(place, ()), answer)
        return replace(self, known=merged)

    def with_origins(self, origins: Mapping[FactKey, str]) -> Facts:
        """Return the same facts, each with where in a record it stands.

        Parameters
        ----------
        origins : mapping
            From (key, side) to words.
        """
        named = {
            place: tuple(replace(one, origin=origins.get(place, "")) for one in answers)
            for place, answers in self.known.items()
        }
        return replace(self, known=named)

    def of_face(self, face: KnownFace) -> Facts:
        """Return the same facts with what a wiring says."""
        return replace(self, face=face)


def parse_facts(document: Mapping[str, Any], today: dt.date | None = None) -> Facts:
    """Return the facts of a facts file.

    Parameters
    ----------
    document : mapping
        As read from TOML: a table ``facts`` and a list ``toxin_given``; both may be missing.
    today : date, optional
        Where it is given, no date may lie after it.

    Raises
    ------
    UsageError
        A fact is not known by that name, has a value that cannot be, contradicts another, or lies
        in the future.
    """
    table = document.get("facts", {})
    if not isinstance(table, Mapping):
        raise UsageError("The facts are not a table", expected="a table [facts]")
    dates = {key: _date(table[key], key) for key in ("visit_date", "onset_date") if key in table}
    _check_keys(table)
    known: dict[FactKey, tuple[Known, ...]] = {}
    for key, value in table.items():
        if key not in _BESIDE:
            known |= _stated(fact_definitions()[key], value)
    known |= _from_stage(known)
    given = _toxin_rows(document.get("toxin_given", []), dates)
    courses = {f"the date of toxin course {n}": row.date for n, row in enumerate(given, 1)}
    _check_past(dates | {name: day for name, day in courses.items() if day is not None}, today)
    known |= _since_onset(known, dates, table.get("onset_precision", "day"))
    _check_together(known)
    whole = table.get("toxin_list_complete", True)
    known |= _since_toxin(known, given, dates.get("visit_date"), whole=whole is not False)
    return Facts(known, given, visit_date=dates.get("visit_date"))


_BESIDE = ("visit_date", "onset_date", "onset_precision", "toxin_list_complete")
"""What a facts file holds beside the answers."""


def _check_past(dates: Mapping[str, dt.date], today: dt.date | None) -> None:
    """Refuse dates in the future: facts are of a day that was."""
    for name, day in dates.items():
        if today is not None and day > today:
            raise UsageError(
                f"{name[0].upper()}{name[1:]} lies in the future",
                expected=f"a day up to today, {today}",
                found=str(day),
                do="correct the date; months since onset and toxin are counted from the visit",
            )


def _from_stage(
    known: Mapping[FactKey, tuple[Known, ...]],
) -> dict[FactKey, tuple[Known, ...]]:
    """Return what a stated stage says of other facts that were not stated themselves."""
    stage = known.get(("stage", None))
    if not stage:
        return {}
    told = {
        "flaccid_stage": stage[0].value == "flaccid",
        "stage_weakens": stage[0].value in WEAKENED,
    }
    if stage[0].value == "post_operative":
        told["early_after_surgery"] = True
    return {
        (key, None): (Known(value, source="worked out"),)
        for key, value in told.items()
        if (key, None) not in known
    }


SHUT_MM = 1.0
"""Lids that stay shut against a finger leave no gap of as much."""
MONTHS_A_YEAR = 12


def _check_together(known: Mapping[FactKey, tuple[Known, ...]]) -> None:
    """Refuse facts of which both cannot be true."""
    for row in load_rules_table()["contradiction"]:
        stated = {key: known.get((key, None), ()) for key in row["facts"]}
        if all(one and one[0].value == row["facts"][key] for key, one in stated.items()):
            raise _contradiction(", and ".join(_said(k, one[0]) for k, one in stated.items()))
    for side in SIDES:
        gap, shut = (known.get((k, side)) for k in ("closure_gap_mm", "closes_against_resistance"))
        if gap and shut and float(gap[0].value) >= SHUT_MM and shut[0].value is True:
            words = [_said("closure_gap_mm", gap[0]), _said("closes_against_resistance", shut[0])]
            raise _contradiction(f"{side.word}: {', and '.join(words)}")
    stage, flaccid = (known.get((key, None)) for key in ("stage", "flaccid_stage"))
    if stage and flaccid and (stage[0].value == "flaccid") is not flaccid[0].value:
        words = [_said("stage", stage[0]), _said("flaccid_stage", flaccid[0])]
        raise _contradiction(", and ".join(words))
    age, months = (known.get((key, None)) for key in ("age_years", "months_since_onset"))
    if age and months and float(months[0].value) > MONTHS_A_YEAR * (float(age[0].value) + 1):
        words = [_said("age_years", age[0]), _said("months_since_onset", months[0])]
        raise _contradiction(", and ".join(words))


def _said(key: str, known: Known) -> str:
    value = known.value
    if isinstance(value, bool):
        return f"{key} {'true' if value else 'false'}"
    return f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}"


def _contradiction(found: str) -> UsageError:
    return UsageError("The facts contradict each other", found=found, do="correct one of them")


def _check_keys(table: Mapping[str, Any]) -> None:
    allowed = [key for key, d in fact_definitions().items() if not d.derived]
    unknown = [key for key in table if key not in (*allowed, *_BESIDE)]
    if unknown:
        raise UsageError(
            f"There is no fact of the name {unknown[0]}",
            expected=", ".join([*allowed, *_BESIDE]),
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
        found=_as_written(value),
    )


def _date(value: object, key: str) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise UsageError(
        f"{key} is not a date",
        expected="a date such as 2026-05-01, without quotes",
        found=_as_written(value),
    )


def _as_written(value: object) -> str:
    """Return a value as it stands in the file, so that quotes around a number are seen."""
    return f'"{value}"' if isinstance(value, str) else str(value)


def _toxin_rows(rows: object, dates: Mapping[str, dt.date]) -> tuple[ToxinCourse, ...]:
    if not isinstance(rows, list):
        raise UsageError("toxin_given is not a list", expected="tables [[toxin_given]]")
    return tuple(_toxin_row(number, row, dates) for number, row in enumerate(rows, 1))


def _toxin_row(number: int, row: Mapping[str, Any], dates: Mapping[str, dt.date]) -> ToxinCourse:
    unknown = set(row) - {"side", "date", "product", "units", "muscles", "before_onset"}
    if unknown or "side" not in row:
        raise UsageError(
            f"Toxin course {number} cannot be read",
            expected="side; and, where known, date, product, units, muscles, before_onset",
            found=", ".join(sorted(row)),
        )
    day = _date(row["date"], f"The date of toxin course {number}") if "date" in row else None
    if row.get("before_onset") is not True:
        _check_course_date(number, day, dates)
    units = row.get("units")
    if units is not None and not (isinstance(units, int | float) and units > 0):
        raise UsageError(
            f"The units of toxin course {number} cannot be used",
            expected="a number above 0",
            found=str(units),
        )
    product = row.get("product")
    if product is not None and product not in PRODUCTS:
        raise UsageError(
            f"The product of toxin course {number} is not known",
            expected=", ".join(PRODUCTS),
            found=_as_written(product),
            do=f'name it as here, or write "{UNNAMED}"',
        )
    return ToxinCourse(
        side=_side(str(row["side"]), f"toxin_given {number}"),
        date=day,
        product=None if product in (None, UNNAMED) else str(product),
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
            do="correct the date; a course given before the palsy takes before_onset = true",
        )


def _since_onset(
    known: Mapping[FactKey, tuple[Known, ...]], dates: Mapping[str, dt.date], precision: object
) -> dict[FactKey, tuple[Known, ...]]:
    if len(dates) < 2:
        return {}
    if ("months_since_onset", None) in known:
        raise UsageError(
            "The time since onset is given twice",
            expected="months_since_onset, or onset_date with visit_date",
        )
    visit = dates["visit_date"]
    first, last = _onset_days(dates["onset_date"], precision)
    longest = _months(first, visit)
    if longest < 0:
        raise UsageError("The visit lies before the onset", do="correct one of the dates")
    shortest = max(_months(last, visit), 0.0)
    # From the first day it may have been: what even that bars is barred, and no window looks wider.
    return {("months_since_onset", None): (Known(longest, shortest, longest, "worked out"),)}


def _onset_days(onset: dt.date, precision: object) -> tuple[dt.date, dt.date]:
    """Return the first and the last day on which a palsy may have begun."""
    if precision == "day":
        return onset, onset
    if precision == "month":
        later = onset.replace(day=28) + dt.timedelta(days=4)
        return onset.replace(day=1), later - dt.timedelta(days=later.day)
    if precision == "year":
        return onset.replace(month=1, day=1), onset.replace(month=12, day=31)
    raise UsageError(
        "onset_precision cannot be used", expected="day, month or year", found=str(precision)
    )


def _months(start: dt.date, end: dt.date) -> float:
    return (end - start).days / DAYS_PER_MONTH


def _since_toxin(
    known: Mapping[FactKey, tuple[Known, ...]],
    given: tuple[ToxinCourse, ...],
    visit: dt.date | None,
    *,
    whole: bool,
) -> dict[FactKey, tuple[Known, ...]]:
    stated = known.get(("toxin_ever", None))
    ever = stated[0].value if stated else (True if given else None)
    if ever is False and given:
        raise _contradiction("toxin_ever false, and toxin_given lists a course")
    found: dict[FactKey, tuple[Known, ...]] = {}
    for side in SIDES:
        own = [row for row in given if row.side is side]
        listed = bool(given) and whole
        found |= _side_history(side, own, ever=ever, listed=listed, visit=visit)
    return found


def _side_history(
    side: Side,
    own: list[ToxinCourse],
    *,
    ever: object,
    listed: bool,
    visit: dt.date | None,
) -> dict[FactKey, tuple[Known, ...]]:
    """Months since toxin on one side, and whether its record is complete."""
    never = ever is False or (listed and not own)
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
