"""Treatments on one time line, and PLAN.toml that says them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from facewire.errors import UsageError
from facewire.face import Movement, Side
from facewire.files import read_toml
from facewire.treatment.base import NOT_SET, Treatment, check_choice
from facewire.treatment.conflicts import Scheduled, check_conflicts
from facewire.treatment.direction_only import (
    BrowLift,
    Canthoplasty,
    Facelift,
    SelectiveDenervation,
    Tarsorrhaphy,
    UpperLidWeight,
)
from facewire.treatment.reanimation import CrossFaceNerveGraft, GracilisTransfer, NerveTransfer
from facewire.treatment.retraining import NeuromuscularRetraining
from facewire.treatment.toxin import BotulinumToxin
from facewire.treatment.weakening_surgery import Cut, Myectomy, SelectiveNeurolysis

LONGEST_DAYS = 3650


@dataclass(frozen=True)
class TreatmentPlan:
    """Treatments with their days, in any order.

    Parameters
    ----------
    treatments : tuple of Scheduled
        Day 0 is the day of the measurement; those before it are part of what was measured, and
        the forecast shows how they wear off.
    days : int, optional
        Length of the time line.
    onset_day : int, optional
        Day of the injury, 0 or less; None where it is not known.
    start : date, optional
        Date of day 0.
    show_days : tuple of int, optional
        Days at which the movements are drawn.
    seed : int, optional
        For the treatments' uncertain parameters.

    Raises
    ------
    UsageError
        A treatment before the injury, contradictory treatments, or days out of range.
    """

    treatments: tuple[Scheduled, ...] = ()
    days: int = 365
    onset_day: int | None = None
    start: date | None = None
    show_days: tuple[int, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        _check(0 < self.days <= LONGEST_DAYS, "days", f"1 to {LONGEST_DAYS}", self.days)
        if self.onset_day is not None:
            _check(self.onset_day <= 0, "onset_day", "0 or less", self.onset_day)
        for day in self.show_days:
            _check(0 <= day <= self.days, "show_days", f"0 to {self.days}", day)
        for one in self.treatments:
            self._check_day(one)
        check_conflicts(self.treatments)

    def _check_day(self, one: Scheduled) -> None:
        what = f"day of {one.treatment.kind}"
        _check(one.day <= self.days, what, f"at most {self.days}, the end", one.day)
        if self.onset_day is not None and one.day < self.onset_day:
            raise UsageError(
                "A treatment lies before the injury",
                expected=f"day {self.onset_day} (onset) or later",
                found=f"{one.treatment.kind} on day {one.day}",
                do="correct the date of the treatment or of the onset",
            )

    def mirrored(self) -> TreatmentPlan:
        """Return the same plan on the other sides."""
        turned = tuple(Scheduled(s.day, s.treatment.mirrored()) for s in self.treatments)
        return replace(self, treatments=turned)


def _check(fits: bool, field: str, expected: str, found: object) -> None:
    if not fits:
        raise UsageError(
            f"The {field} of a treatment plan cannot be used",
            expected=expected,
            found=str(found),
        )


KINDS: dict[str, type[Treatment]] = {
    kind.kind: kind
    for kind in (
        BotulinumToxin,
        SelectiveNeurolysis,
        NeuromuscularRetraining,
        Myectomy,
        SelectiveDenervation,
        UpperLidWeight,
        Tarsorrhaphy,
        Canthoplasty,
        CrossFaceNerveGraft,
        GracilisTransfer,
        NerveTransfer,
        BrowLift,
        Facelift,
    )
}
"""Every kind of treatment by the name that a plan uses."""

TIMELINE_FIELDS = ("start", "days", "onset", "onset_day", "affected_side", "show_days", "seed")
PLACING = ("kind", "side", "day", "date", "courses", "every_days", "note")
SIDES_IN_WORDS = ("L", "R", "affected", "other")
MOST_COURSES = 50


def read_plan(
    path: Path, affected_side: Side | None = None, days: int | None = None
) -> TreatmentPlan:
    """Read a plan of treatments.

    Parameters
    ----------
    path : Path
        A TOML file; see the reference of its fields.
    affected_side : Side, optional
        What ``side = "affected"`` and ``"other"`` mean, unless the file states it.
    days : int, optional
        Length of the time line, instead of the file's.

    Raises
    ------
    UsageError
        The file cannot be read, a field is unknown, missing or wrong (the message names it), or
        the treatments cannot be meant as they stand.
    """
    table = read_toml(path, "plan", "[[treatment]] tables")
    return plan_from(table, affected_side, days)


def plan_from(
    table: Mapping[str, Any], affected_side: Side | None = None, days: int | None = None
) -> TreatmentPlan:
    """Return the plan that a table describes; see `read_plan`."""
    _known(table, ("timeline", "treatment"), "the plan")
    timeline = _table(table.get("timeline", {}), "timeline")
    _known(timeline, TIMELINE_FIELDS, "[timeline]")
    rows = table.get("treatment", [])
    if not isinstance(rows, list):
        raise UsageError("The treatment of a plan is not a list", expected="[[treatment]] tables")
    start = _date(timeline, "start", "[timeline]")
    side = _affected(timeline, affected_side)
    placed = [
        one
        for number, row in enumerate(rows, 1)
        for one in _treatment(_table(row, f"treatment {number}"), number, start, side)
    ]
    length = _integer(timeline, "days", "[timeline]", 365)
    return TreatmentPlan(
        treatments=tuple(placed),
        days=length if days is None else days,
        onset_day=_onset(timeline, start),
        start=start,
        show_days=_show_days(timeline),
        seed=_integer(timeline, "seed", "[timeline]", 0),
    )


def _affected(timeline: Mapping[str, Any], known: Side | None) -> Side | None:
    stated = timeline.get("affected_side")
    if stated is None:
        return known
    if stated not in tuple(Side):
        raise _wrong("affected_side", "[timeline]", "L or R", stated)
    if known is not None and stated != known:
        raise _wrong("affected_side", "[timeline]", f"{known}, as the wiring says", stated)
    return Side(stated)


def _onset(timeline: Mapping[str, Any], start: date | None) -> int | None:
    if "onset_day" in timeline:
        return _integer(timeline, "onset_day", "[timeline]", 0)
    onset = _date(timeline, "onset", "[timeline]")
    if onset is None:
        return None
    return _days_after(onset, start, "onset", "[timeline]")


def _show_days(timeline: Mapping[str, Any]) -> tuple[int, ...]:
    found = timeline.get("show_days", [])
    if not isinstance(found, list) or not all(type(day) is int for day in found):
        raise _wrong("show_days", "[timeline]", "a list of days", found)
    return tuple(sorted(set(found)))


def _treatment(
    row: Mapping[str, Any], number: int, start: date | None, affected: Side | None
) -> list[Scheduled]:
    where = f"treatment {number}"
    kind = row.get("kind")
    if kind not in KINDS:
        raise _wrong("kind", where, ", ".join(KINDS), kind)
    side = _side(row, where, affected)
    fields = {k: v for k, v in row.items() if k not in PLACING}
    own = tuple(f.name for f in dataclass_fields(KINDS[kind]) if f.name not in NOT_SET)
    _known(fields, own, f"{where} ({kind})", also=PLACING)
    required = [n for n in own if n not in fields and _is_required(KINDS[kind], n)]
    if required:
        raise _wrong(required[0], where, "a value", "nothing")
    try:
        made = KINDS[kind](side=side, **{k: _read(k, v, where) for k, v in fields.items()})
    except UsageError as error:
        raise UsageError(
            f"{where} ({kind}): {error.what}",
            expected=error.expected,
            found=error.found,
            do=error.do or "correct this field of the plan",
        ) from error
    return [Scheduled(day, made) for day in _days(row, where, start)]


def _is_required(kind: type[Treatment], name: str) -> bool:
    field = kind.__dataclass_fields__[name]
    return field.default is MISSING and field.default_factory is MISSING


def _side(row: Mapping[str, Any], where: str, affected: Side | None) -> Side:
    stated = row.get("side")
    if stated not in SIDES_IN_WORDS:
        raise _wrong("side", where, ", ".join(SIDES_IN_WORDS), stated)
    if stated in tuple(Side):
        return Side(stated)
    if affected is None:
        raise UsageError(
            f"The side of {where} cannot be told: the affected side is not known",
            expected="L or R, or affected_side under [timeline]",
            found=str(stated),
        )
    return affected if stated == "affected" else affected.other


def _days(row: Mapping[str, Any], where: str, start: date | None) -> list[int]:
    if ("day" in row) == ("date" in row):
        raise _wrong("day", where, "either day or date", "both" if "day" in row else "neither")
    if "day" in row:
        first = _integer(row, "day", where, 0)
    else:
        given = _date(row, "date", where)
        first = 0 if given is None else _days_after(given, start, "date", where)
    courses = _integer(row, "courses", where, 1)
    if not 1 <= courses <= MOST_COURSES:
        raise _wrong("courses", where, f"1 to {MOST_COURSES}", courses)
    apart = _integer(row, "every_days", where, 0)
    if courses > 1 and apart < 1:
        raise _wrong("every_days", where, "1 or more, with courses", row.get("every_days"))
    return [first + i * apart for i in range(courses)]


def _read(name: str, value: Any, where: str) -> Any:
    readers: dict[str, Callable[[Any, str], Any]] = {"cuts": _cuts, "muscles": _names}
    if name in readers:
        return readers[name](value, where)
    if isinstance(value, bool | list | dict | date):
        raise _wrong(name, where, "a number or a word", value)
    return value


def _names(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise _wrong("muscles", where, "a list of muscles", value)
    return tuple(value)


def _cuts(value: Any, where: str) -> tuple[Cut, ...]:
    if not isinstance(value, list):
        raise _wrong("cuts", where, "a list of {muscle, command}", value)
    found = []
    for cut in value:
        row = _table(cut, f"a cut of {where}")
        _known(row, ("muscle", "command"), f"a cut of {where}")
        command = row.get("command")
        if command is not None:
            check_choice("command of a cut", command, tuple(map(str, Movement)))
        found.append(Cut(str(row.get("muscle")), None if command is None else Movement(command)))
    return tuple(found)


def _date(row: Mapping[str, Any], name: str, where: str) -> date | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, date):
        raise _wrong(name, where, "a date such as 2026-02-01, without quotes", value)
    return value


def _days_after(given: date, start: date | None, name: str, where: str) -> int:
    if start is None:
        raise _wrong(name, where, "start under [timeline], the date of the measurement", "no start")
    return (given - start).days


def _integer(row: Mapping[str, Any], name: str, where: str, default: int) -> int:
    value = row.get(name, default)
    if type(value) is not int:
        raise _wrong(name, where, "a whole number", value)
    return value


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"The {where} of a plan is not a table", found=str(value))
    return value


def _known(
    row: Mapping[str, Any], names: tuple[str, ...], where: str, also: tuple[str, ...] = ()
) -> None:
    for name in row:
        if name not in names:
            raise UsageError(
                f"The field {name} of {where} is not known", expected=", ".join((*names, *also))
            )


def _wrong(name: str, where: str, expected: str, found: object) -> UsageError:
    return UsageError(f"The {name} of {where} cannot be used", expected=expected, found=str(found))
