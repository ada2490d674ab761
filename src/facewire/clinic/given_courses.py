"""One patient's treatments as courses: what was forecast for each when it was given, and what came.

A forecast is made again for the day of the treatment from what was known then, the measurement
before it and the literature: nothing that came later is in it. What came is the change that
comparing the visits gives.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

import numpy as np

from facewire.comparison import Visit, compare_visits
from facewire.comparison.floors import FACTOR, load_floors
from facewire.comparison.visits import Place
from facewire.errors import UsageError
from facewire.face import MOVEMENTS, REGIONS, SIDES, Side
from facewire.record.clinical import history_of
from facewire.record.injections import TOXIN, treatments_of
from facewire.record.recordings import document_of
from facewire.record.same_person import shown_id
from facewire.record.store import Session, get
from facewire.record.tables import Measurement, Patient, TreatmentGiven
from facewire.record.timeline import course as measured_course
from facewire.results.comparison import Change
from facewire.results.course import Part
from facewire.results.estimate import Estimate, Kind
from facewire.results.learned import Role
from facewire.treatment import (
    PRODUCTS,
    BotulinumToxin,
    Came,
    Course,
    Cut,
    Key,
    NeuromuscularRetraining,
    Scheduled,
    SelectiveNeurolysis,
    Treatment,
)
from facewire.treatment.expected import Expected, expected_changes
from facewire.treatment.facts import fact
from facewire.treatment.responding import muscle_of
from facewire.treatment.toxin import mean_level
from facewire.wiring import infer_wiring
from facewire.words import mark

BEFORE_DAYS = 120
"""A measurement further before the treatment does not show the face that was treated."""
AFTER_DAYS = 365
FULL_DAY = 35
"""Of toxin: its effect is full for every duration that is published."""
LEAST_MM, OWN_PART = 0.5, 0.8
"""What is followed is to change by so much, and by this treatment more than by all beside it."""

NO_BEFORE = mark("no measurement in the four months before it")
NO_AFTER = mark("no measurement after it, before the next treatment")
NO_SIDE = mark("no side is affected, or left and right are not confirmed")
UNSIZED = mark("something of which no size is published was given on the same day")
STILL_ACTING = mark("the course before it was still acting")
NOT_SEEN = mark("video sees nothing that this treatment alone should change enough")
NO_WIRING = mark("no wiring could be inferred from the measurement before it")
NOT_COMPARABLE = mark("the visits before and after it cannot be compared")
UNKNOWN = mark("its side, muscle or product is not recorded, or not one that is simulated")


@dataclass
class PatientCourses:
    """What one patient's record tells.

    Parameters
    ----------
    courses : list of Course
    reasons : list of str
        One for each course that tells nothing, why.
    treated : set of Key
        What the patient was given, seen again or not.
    synthetic : bool
        Whether a visit shows a rendered face.
    """

    courses: list[Course] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    treated: set[Key] = field(default_factory=set)
    synthetic: bool = False


@dataclass(frozen=True)
class _Given:
    """One treatment of a day, with its units."""

    treatment: Treatment
    units: float | None


def courses_of(session: Session, patient_id: str) -> PatientCourses:
    """Return what one patient's record tells of the treatments that were given.

    Parameters
    ----------
    session : Session
    patient_id : str
    """
    found = PatientCourses()
    points = {point.on: point.measurement_id for point in measured_course(session, patient_id)}
    code = get(session, Patient, shown_id(session, patient_id)).code
    visits = _Visits(session, points, code)
    rows = sorted(treatments_of(session, patient_id), key=lambda row: (row.on, row.created_at))
    days = [(on, list(given)) for on, given in groupby(rows, key=lambda row: row.on)]
    side = _affected(session, patient_id, visits)
    chosen: dict[Key, Place] = {}
    toxin = date.min
    for number, (on, given) in enumerate(days):
        until = days[number + 1][0] if number + 1 < len(days) else date.max
        since = days[number - 1][0] if number else date.min
        treatments, unknown = _treatments(given, side)
        found.reasons += [UNKNOWN] * unknown
        if side is not None:
            found.treated |= {_key(one.treatment, side) for one in treatments}
        window = _Window(patient_id, on, since, until, side)
        acting = (on - toxin).days < fact("toxin_duration").value
        if unknown or acting:
            found.reasons += [UNSIZED if unknown else STILL_ACTING] * len(treatments)
        else:
            _learn_day(found, window, visits, treatments, chosen)
        toxin = on if any(row.procedure == TOXIN for row in given) else toxin
    found.synthetic = visits.synthetic
    return found


@dataclass(frozen=True)
class _Window:
    """A day of treatment between the days of those before and after it."""

    patient_id: str
    on: date
    since: date
    until: date
    side: Side | None


class _Visits:
    """A patient's measurements, read when they are asked for."""

    def __init__(self, session: Session, points: Mapping[date, str], code: str) -> None:
        self._session, self._points, self._code = session, points, code
        self._read: dict[date, Visit] = {}
        self.synthetic = False

    def before(self, window: _Window) -> date | None:
        """Return the last day of a measurement before a treatment, on its day counted as before."""
        first = window.on - timedelta(days=BEFORE_DAYS)
        days = [on for on in self._points if first <= on <= window.on and on > window.since]
        return max(days, default=None)

    def after(self, window: _Window) -> list[date]:
        """Return the days of measurements after a treatment, before anything else was given."""
        last = min(window.until, window.on + timedelta(days=AFTER_DAYS))
        return sorted(on for on in self._points if window.on < on <= last)

    def newest_side(self) -> Side | None:
        """Return the affected side as the newest measurement has it."""
        return None if not self._points else self.at(max(self._points)).result.side_affected

    def at(self, on: date) -> Visit:
        """Return the measurement of a day."""
        if on not in self._read:
            row = get(self._session, Measurement, self._points[on])
            self._read[on] = Visit(on.isoformat(), document_of(row, self._code))
            self.synthetic = self.synthetic or self._read[on].result.synthetic
        return self._read[on]


def _affected(session: Session, patient_id: str, visits: _Visits) -> Side | None:
    story = history_of(session, patient_id)
    if story is not None and story.side in tuple(Side):
        return Side(story.side)
    try:
        return visits.newest_side()
    except UsageError:
        return None


def _treatments(rows: Sequence[TreatmentGiven], side: Side | None) -> tuple[list[_Given], int]:
    """Return what was given on one day as treatments, and how many of them are not known.

    Several points of one muscle and side in one session are one treatment; their units add up,
    being of one product.
    """
    groups: dict[tuple[str | None, ...], list[TreatmentGiven]] = {}
    for row in rows:
        groups.setdefault((row.session_id, row.procedure, row.muscle, row.side), []).append(row)
    made = [_made(one, side) for one in groups.values()]
    return [one for one in made if one is not None], sum(one is None for one in made)


def _made(rows: Sequence[TreatmentGiven], affected: Side | None) -> _Given | None:
    row = rows[0]
    known = [one.units for one in rows if one.units is not None]
    units = math.fsum(known) if len(known) == len(rows) else None
    side = Side(row.side) if row.side else affected
    if side is None:
        return None
    try:
        if row.procedure == TOXIN and row.product in PRODUCTS and row.side:
            toxin = BotulinumToxin(side, row.muscle or "", row.product or "", units=units)
            return _Given(toxin, units) if toxin.groups else None
        if row.procedure == SelectiveNeurolysis.kind and row.side:
            return _Given(SelectiveNeurolysis(side, (Cut(row.muscle or ""),)), None)
        if row.procedure == NeuromuscularRetraining.kind:
            return _Given(NeuromuscularRetraining(side), None)
    except UsageError:
        return None
    return None


def _key(treatment: Treatment, affected: Side) -> Key:
    role: Role = "affected" if treatment.side is affected else "other"
    return Key(treatment.kind, muscle_of(treatment), role, getattr(treatment, "product", None))


def _learn_day(
    found: PatientCourses,
    window: _Window,
    visits: _Visits,
    given: Sequence[_Given],
    chosen: dict[Key, Place],
) -> None:
    """Add the courses of one day, or why they tell nothing."""
    if not given:
        return
    try:
        courses = _courses(window, visits, given, chosen)
    except _TellsNothingError as error:
        found.reasons += [error.what] * len(given)
        return
    found.courses += [one for one in courses if one is not None]
    found.reasons += [NOT_SEEN] * sum(one is None for one in courses)


class _TellsNothingError(UsageError):
    """A day of treatment cannot be learned from."""


def _courses(
    window: _Window, visits: _Visits, given: Sequence[_Given], chosen: dict[Key, Place]
) -> list[Course | None]:
    before, after = visits.before(window), visits.after(window)
    if before is None:
        raise _TellsNothingError(NO_BEFORE)
    if not after:
        raise _TellsNothingError(NO_AFTER)
    try:
        seen = [visits.at(on) for on in (before, *after)]
        compared = compare_visits(seen)
    except UsageError as error:
        raise _TellsNothingError(NOT_COMPARABLE) from error
    side = seen[0].result.side_affected
    if side is None or side is not window.side or not all(v.result.side_confirmed for v in seen):
        raise _TellsNothingError(NO_SIDE)
    try:
        model = infer_wiring([seen[0].result])
    except UsageError as error:
        raise _TellsNothingError(NO_WIRING) from error
    since = (window.on - before).days
    days = [since + FULL_DAY, *((on - before).days for on in after)]
    day = _Day(window, since, after, side, seen[0])
    for row in (*compared.changes, *compared.voluntary_changes):
        if row.change is not None:
            day.changes[row.kind, (row.movement, row.region, row.side), row.visit] = row
    scheduled = [Scheduled(since, one.treatment) for one in given]
    whole = expected_changes(model, scheduled, days)
    found = []
    for one, alone in zip(given, scheduled, strict=True):
        own = whole if len(given) == 1 else expected_changes(model, [alone], days)
        found.append(_course(day, one, own, whole, chosen))
    return found


@dataclass(frozen=True)
class _Day:
    """What one day of treatment is held against."""

    window: _Window
    since: int
    after: Sequence[date]
    side: Side
    before: Visit
    changes: dict[tuple[Part, Place, str], Change] = field(default_factory=dict)


def _course(
    day: _Day, given: _Given, own: Expected, whole: Expected, chosen: dict[Key, Place]
) -> Course | None:
    key = _key(given.treatment, day.side)
    part: Part = "involuntary" if key.role == "affected" else "voluntary"
    candidates = dict(_candidates(day, given.treatment, part, own, whole))
    if not candidates:
        return None
    place = chosen.get(key)
    if place not in candidates:
        place = max(candidates, key=lambda one: candidates[one])
    chosen[key] = place
    movement, region, _ = place
    full = _simulated(own, part, place, 0)
    if isinstance(given.treatment, BotulinumToxin):
        full = full.scaled(1.0 / float(mean_level(np.array([FULL_DAY]), np.zeros(1))[0, 0]))
    visits = _came_at(day, own, part, place)
    before = min(_before_sd(day, part, place), *(one.came_mm.needed_sd for one in visits))
    return Course(
        person=day.window.patient_id,
        day=day.window.on.toordinal(),
        kind=key.kind,
        muscle=key.muscle,
        role=key.role,
        product=key.product,
        units=given.units,
        outcome=(movement, region, part),
        full_mm=full,
        before_sd_mm=before,
        visits=visits,
    )


def _came_at(day: _Day, own: Expected, part: Part, place: Place) -> tuple[Came, ...]:
    return tuple(
        Came(
            days=(on - day.window.on).days,
            forecast_mm=_simulated(own, part, place, number),
            came_mm=_came(day, part, place, row),
        )
        for number, on in enumerate(day.after, 1)
        if (row := day.changes.get((part, place, on.isoformat()))) is not None
    )


def _candidates(
    day: _Day, treatment: Treatment, part: Part, own: Expected, whole: Expected
) -> Iterator[tuple[Place, float]]:
    """Return the places that this treatment moves enough and alone, by how well it can be told.

    Chosen by the forecast and the error of measuring alone, never by what came.
    """
    visits = [on.isoformat() for on in day.after]
    for movement in MOVEMENTS:
        for region in REGIONS:
            place = (movement, region, treatment.side)
            rows = [day.changes.get((part, place, name)) for name in visits]
            known = [row for row in rows if row is not None]
            alone, together = (abs(_simulated(e, part, place, 0).value) for e in (own, whole))
            if known and alone >= LEAST_MM and alone >= OWN_PART * together:
                yield place, alone / _came(day, part, place, known[0]).needed_sd


def _simulated(expected: Expected, part: Part, place: Place, number: int) -> Estimate:
    movement, region, side = place
    changes = expected.involuntary_mm if part == "involuntary" else expected.voluntary_mm
    m, r, s = MOVEMENTS.index(movement), REGIONS.index(region), SIDES.index(side)
    draws = changes[number, :, s, m, r].astype(float)
    found = Estimate.of(float(draws.mean()), float(draws.std()), "mm", Kind.SIMULATED)
    if found is None:
        raise _TellsNothingError(NO_WIRING)
    return found


def _came(day: _Day, part: Part, place: Place, row: Change) -> Estimate:
    """Return a measured change at the effort before, with the error of measuring again."""
    again = load_floors().sdc_mm(place[1]) / FACTOR
    change = row.change
    if change is None:
        raise _TellsNothingError(NOT_COMPARABLE)
    factor = _effort_factor(day, part, place, row)
    sd = math.hypot(change.needed_sd / factor, math.sqrt(2.0) * again)
    found = Estimate.of(change.value / factor, sd, "mm")
    if found is None:
        raise _TellsNothingError(NOT_COMPARABLE)
    return found


def _effort_factor(day: _Day, part: Part, place: Place, row: Change) -> float:
    effort = day.before.effort(place) if part == "involuntary" else None
    if effort is None or row.at_mm is None:
        return 1.0
    return row.at_mm / effort.mean_mm


def _before_sd(day: _Day, part: Part, place: Place) -> float:
    again = load_floors().sdc_mm(place[1]) / FACTOR
    number = day.before.involuntary(place) if part == "involuntary" else day.before.total(place)
    return again if number is None else math.hypot(number.needed_sd, again)
