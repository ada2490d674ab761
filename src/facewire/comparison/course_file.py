"""A course as a file: COURSE.toml with ``[[visit]]`` and ``[[treatment]]`` tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from facewire.comparison.visits import Visit, read_visit
from facewire.errors import UsageError
from facewire.face import Side
from facewire.files import read_toml
from facewire.results.course import ToxinPhase, TreatmentGiven

TOXIN = "botulinum_toxin"
PEAK_FROM_DAYS, PEAK_TO_DAYS = 7, 28
"""Peak of the effect: 1 to 4 weeks (review PMID 39637515)."""
WORN_OFF_DAYS = 183
"""Longest published duration, 6 months (review PMID 39637515)."""

VISIT_FIELDS = ("file", "date", "name", "toxin_phase")
TREATMENT_FIELDS = ("date", "kind", "side", "muscle", "product", "note")


@dataclass(frozen=True)
class DatedVisit:
    """A visit with its day.

    Parameters
    ----------
    visit : Visit
    day : date
    phase : ToxinPhase
    phase_stated : bool
        Whether the file states the phase; else it follows from the days since the last toxin.
    weeks_since_toxin : float or None
        None where no toxin was given before.
    """

    visit: Visit
    day: date
    phase: ToxinPhase
    phase_stated: bool = False
    weeks_since_toxin: float | None = None


@dataclass(frozen=True)
class CourseFile:
    """Visits in the order of time, and the treatments between them."""

    visits: tuple[DatedVisit, ...]
    treatments: tuple[TreatmentGiven, ...]


def read_course(path: Path) -> CourseFile:
    """Read a course.

    Parameters
    ----------
    path : Path
        A TOML file; result files are named relative to it.

    Raises
    ------
    UsageError
        The file or a result cannot be read, a field is unknown, missing or wrong, or two visits
        are of one day.
    """
    table = read_toml(path, "course", "[[visit]] and [[treatment]] tables")
    _known(table, ("visit", "treatment"), f"the course {path.name}")
    treatments = tuple(_treatment(row, n) for n, row in _rows(table, "treatment"))
    treatments = tuple(sorted(treatments, key=lambda one: one.date))
    visits = [_visit(row, n, path.parent, treatments) for n, row in _rows(table, "visit")]
    visits.sort(key=lambda one: one.day)
    _check_days(visits)
    return CourseFile(tuple(visits), treatments)


def toxin_phase(
    day: date, treatments: tuple[TreatmentGiven, ...]
) -> tuple[ToxinPhase, float | None]:
    """Return how far the last toxin's effect is on a day, and the weeks since it was given.

    Parameters
    ----------
    day : date
    treatments : tuple of TreatmentGiven
    """
    since = [(day - one.date).days for one in treatments if one.kind == TOXIN and one.date <= day]
    if not since:
        return ToxinPhase.NONE, None
    days = min(since)
    if days < PEAK_FROM_DAYS:
        phase = ToxinPhase.ONSET
    elif days <= PEAK_TO_DAYS:
        phase = ToxinPhase.PEAK
    else:
        phase = ToxinPhase.WEARING_OFF if days <= WORN_OFF_DAYS else ToxinPhase.WORN_OFF
    return phase, days / 7


def _visit(
    row: Mapping[str, Any], number: int, folder: Path, treatments: tuple[TreatmentGiven, ...]
) -> DatedVisit:
    where = f"visit {number}"
    _known(row, VISIT_FIELDS, where)
    file = row.get("file")
    if not isinstance(file, str):
        raise _wrong(where, "file", "the name of a result file", file)
    day = _day(row, where)
    found, weeks = toxin_phase(day, treatments)
    stated = row.get("toxin_phase")
    if stated is not None and stated not in set(ToxinPhase):
        raise _wrong(where, "toxin_phase", ", ".join(ToxinPhase), stated)
    name = row.get("name", day.isoformat())
    if not isinstance(name, str) or not name:
        raise _wrong(where, "name", "text", name)
    phase = found if stated is None else ToxinPhase(stated)
    return DatedVisit(read_visit(folder / file, name), day, phase, stated is not None, weeks)


def _treatment(row: Mapping[str, Any], number: int) -> TreatmentGiven:
    where = f"treatment {number}"
    _known(row, TREATMENT_FIELDS, where)
    texts = {name: row.get(name, "") for name in ("kind", "muscle", "product", "note")}
    for name, value in texts.items():
        if not isinstance(value, str) or (name == "kind" and not value):
            raise _wrong(where, name, "text", value)
    side = row.get("side")
    if side is not None and side not in set(Side):
        raise _wrong(where, "side", "L or R", side)
    given = None if side is None else Side(side)
    return TreatmentGiven(date=_day(row, where), side=given, **texts)


def _rows(table: Mapping[str, Any], name: str) -> list[tuple[int, Mapping[str, Any]]]:
    rows = table.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"The {name} of a course is not a list", expected=f"[[{name}]] tables")
    return list(enumerate(rows, 1))


def _day(row: Mapping[str, Any], where: str) -> date:
    value = row.get("date")
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, date):
        raise _wrong(where, "date", "a date without quotes, such as 2026-01-31", value)
    return value


def _check_days(visits: list[DatedVisit]) -> None:
    for field in ("day", "name"):
        seen = [getattr(v, field) if field == "day" else v.visit.name for v in visits]
        twice = {str(one) for one in seen if seen.count(one) > 1}
        if twice:
            raise UsageError(
                f"Two visits have one {'date' if field == 'day' else 'name'}",
                expected="one visit a day, each with its own name",
                found=", ".join(sorted(twice)),
            )


def _known(table: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    unknown = sorted(set(table) - set(names))
    if unknown:
        raise _wrong(where, unknown[0], ", ".join(names), "an unknown field")


def _wrong(where: str, name: str, expected: str, found: object) -> UsageError:
    return UsageError(
        f"The field {name} of {where} is wrong",
        expected=expected,
        found="nothing" if found is None else str(found),
        do="correct the course file",
    )
