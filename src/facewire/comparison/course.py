"""A course over three or more visits: a trend for each outcome, never across what cannot be joined.

All visits of an outcome are put at one voluntary amplitude that they share. A trend joins only
visits at the same toxin phase, and none across another treatment. It is a straight line fitted by
weighted least squares; weights hold the uncertainty of each visit and that of measuring again. A
simulated course may lie beside the measured one.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

from facewire.comparison.change import (
    DIFFERENT_EFFORT,
    FALSE_DISCOVERY_RATE,
    Outcome,
    asked_parts,
    asked_totals,
    compare_visits,
    p_value,
    q_values,
)
from facewire.comparison.course_file import TOXIN, CourseFile, DatedVisit
from facewire.comparison.effort import LEAST_EFFORT_MM, at_effort
from facewire.comparison.floors import FACTOR, Floors, load_floors
from facewire.comparison.visits import Effort, Place, Visit
from facewire.errors import UsageError
from facewire.results.comparison import Comparison
from facewire.results.course import (
    Course,
    CourseVisit,
    ForecastLaid,
    OutcomeCourse,
    OutcomePoint,
    Part,
    SimulatedOutcome,
    ToxinPhase,
    TreatmentGiven,
    Trend,
)
from facewire.results.estimate import Estimate
from facewire.results.forecast import Forecast
from facewire.words import mark

Joins = Literal["toxin_free", "peak"]

LEAST_VISITS = 3
DAYS_PER_MONTH = 30.4375
JOINED: dict[ToxinPhase, Joins] = {
    ToxinPhase.NONE: "toxin_free",
    ToxinPhase.WORN_OFF: "toxin_free",
    ToxinPhase.PEAK: "peak",
}
"""Phases within which the effect stands still; visits at others are shown and not joined."""

MIXED_PHASES = mark(
    "The visits are at different toxin phases: a difference between them shows the toxin's effect "
    "for a time, and no trend joins them."
)
CHANGING_PHASE = mark(
    "A visit while a toxin's effect sets in or wears off is shown and not joined."
)
OWN_EFFORT = mark(
    "The simulated course stands for its own effort, the measured one for the effort that all "
    "visits share: compare their shapes, not their millimetres."
)
BARRED = mark(
    "The forecast simulates something that a rule of safety bars: a professional asked to see what "
    "it would do."
)
NO_START = mark("The forecast names no date; its day 0 is laid at the first visit.")
SIMULATED = mark("Simulated on the inferred wiring, not measured.")


def compare_course(
    file: CourseFile,
    floors: Floors | None = None,
    outcome: Outcome | None = None,
    forecast: Forecast | None = None,
) -> Comparison:
    """Compare the visits of a course, and follow every outcome over them.

    Parameters
    ----------
    file : CourseFile
        Visits of one person in the order of time.
    floors : Floors, optional
        Smallest detectable changes; without, the provisional ones of the package.
    outcome : tuple of Movement and Region, optional
        The one outcome named in advance.
    forecast : Forecast, optional
        Of the same person; its course of each outcome is laid beside.

    Raises
    ------
    UsageError
        As for `compare_visits`; or the forecast is of another person, side or recording.
    """
    found = compare_visits([one.visit for one in file.visits], floors, outcome)
    course = follow_course(file, floors, outcome)
    if forecast is not None:
        course = _with_forecast(course, forecast, file)
    phases = {JOINED.get(one.phase) for one in file.visits}
    remarks = (
        (len(phases) > 1, MIXED_PHASES),
        (None in phases, CHANGING_PHASE),
        (forecast is not None, SIMULATED),
        (forecast is not None and bool(forecast.barred), BARRED),
        (forecast is not None, OWN_EFFORT),
        (forecast is not None and forecast.start_date is None, NO_START),
    )
    notes = (*found.notes, *(text for holds, text in remarks if holds))
    return found.replaced(course=course, notes=notes)


def follow_course(
    file: CourseFile, floors: Floors | None = None, outcome: Outcome | None = None
) -> Course:
    """Follow every outcome over the visits of a course; `compare_visits` checks that they fit.

    Raises
    ------
    UsageError
        Fewer than two visits.
    """
    if len(file.visits) < 2:
        raise UsageError("There is no course to follow", expected="two or more visits")
    floors = floors or load_floors()
    first = file.visits[0].visit
    sides = (v.visit.result.side_affected for v in file.visits)
    side = next((one for one in sides if one), None)
    found = [_outcome(file, "involuntary", place, floors) for place in asked_parts(side)]
    found += [_outcome(file, "voluntary", place, floors) for place in asked_totals(first)]
    told = [one for one in found if sum(p.value_mm is not None for p in one.points) > 1]
    return Course(
        visits=tuple(
            CourseVisit(
                name=one.visit.name,
                date=one.day,
                toxin_phase=one.phase,
                phase_stated=one.phase_stated,
                weeks_since_toxin=one.weeks_since_toxin,
                recording_sha256=one.visit.recording_sha256,
            )
            for one in file.visits
        ),
        treatments=file.treatments,
        outcomes=tuple(_judged(told, outcome)),
        forecast=None,
    )


def _outcome(file: CourseFile, kind: Part, place: Place, floors: Floors) -> OutcomeCourse:
    if kind == "voluntary":
        at = None
        points = tuple(_point(one, one.visit.total(place)) for one in file.visits)
    else:
        at, points = _at_one_effort(file.visits, place)
    movement, region, side = place
    return OutcomeCourse(
        kind=kind,
        movement=movement,
        region=region,
        side=side,
        at_mm=at,
        points=points,
        trends=tuple(_trends(points, file.treatments, floors.sdc_mm(region))),
    )


def _point(dated: DatedVisit, number: Estimate | None, reason: str = "") -> OutcomePoint:
    return OutcomePoint(
        visit=dated.visit.name,
        date=dated.day,
        toxin_phase=dated.phase,
        **OutcomePoint.columns("value_mm", number),
        reason="" if number is not None else reason or mark("not measured"),
    )


def _at_one_effort(
    visits: Sequence[DatedVisit], place: Place
) -> tuple[float | None, tuple[OutcomePoint, ...]]:
    """Return the amplitude that the visits share, and every visit's value there."""
    low, high = -math.inf, math.inf
    reasons: dict[str, str] = {}
    for dated in visits:
        reason, effort = _no_effort(dated.visit, place), dated.visit.effort(place)
        if not reason and effort is not None:
            if max(low, effort.low_mm) <= min(high, effort.high_mm):
                low, high = max(low, effort.low_mm), min(high, effort.high_mm)
            else:
                reason = _different(effort, low, high)
        reasons[dated.visit.name] = reason
    joined = [one.visit for one in visits if not reasons[one.visit.name]]
    at = (low + high) / 2
    points = []
    for dated in visits:
        reason = reasons[dated.visit.name]
        number = None if reason else at_effort(joined[0], dated.visit, place, at)
        points.append(_point(dated, number, reason))
    return at if joined else None, tuple(points)


def _no_effort(visit: Visit, place: Place) -> str:
    effort = visit.effort(place)
    if visit.involuntary(place) is None or effort is None:
        return mark("not measured")
    if effort.mean_mm < LEAST_EFFORT_MM:
        return mark("the movement itself is too small to compare at")
    return ""


def _different(effort: Effort, low: float, high: float) -> str:
    return (
        f"{DIFFERENT_EFFORT} ({effort.low_mm:.1f} to {effort.high_mm:.1f} mm; earlier visits "
        f"{low:.1f} to {high:.1f} mm)"
    )


def _trends(
    points: Iterable[OutcomePoint], treatments: Sequence[TreatmentGiven], sdc_mm: float
) -> Iterable[Trend]:
    """Fit each stretch of at least three visits that can be joined."""
    borders = [one.date for one in treatments if one.kind != TOXIN]
    stretches: dict[tuple[Joins, int], list[OutcomePoint]] = {}
    for point in points:
        joins = JOINED.get(point.toxin_phase)
        if point.value_mm is not None and joins:
            stretch = sum(border <= point.date for border in borders)
            stretches.setdefault((joins, stretch), []).append(point)
    for (joins, _), own in stretches.items():
        if len(own) >= LEAST_VISITS:
            yield fit_trend(joins, own, sdc_mm)


def fit_trend(joins: Joins, points: Sequence[OutcomePoint], sdc_mm: float) -> Trend:
    """Fit a straight line to visits that can be joined.

    Parameters
    ----------
    joins : str
        What they share.
    points : sequence of OutcomePoint
        Three or more that were measured, in the order of time.
    sdc_mm : float
        Smallest detectable change between two visits.

    Returns
    -------
    Trend
        Weighted least squares; the variance of a visit is its own plus that of measuring again
        (``sdc_mm / 2.77`` squared). Where visits scatter more than that, intervals are widened by
        the square root of chi-square over its degrees of freedom (Birge 1932, Phys Rev 40:207).
    """
    numbers = [number for point in points if (number := point.number_mm) is not None]
    days = np.array([(p.date - points[0].date).days for p in points], dtype=float)
    values = np.array([number.value for number in numbers])
    again = (sdc_mm / FACTOR) ** 2
    weights = np.array([1.0 / (number.needed_sd**2 + again) for number in numbers])
    design = np.column_stack([np.ones_like(days), days])
    covariance = np.linalg.inv(design.T @ (weights[:, None] * design))
    level, slope = covariance @ design.T @ (weights * values)
    residual = values - level - slope * days
    chi_square = float(np.sum(weights * residual**2)) / (len(points) - 2)
    scatter = max(1.0, math.sqrt(chi_square))
    change = float(slope * days[-1])
    sd = scatter * math.sqrt(float(covariance[1, 1])) * float(days[-1])
    return Trend(
        joins=joins,
        visits=tuple(p.visit for p in points),
        start=points[0].date,
        end=points[-1].date,
        start_mm=float(level),
        end_mm=float(level) + change,
        **Trend.columns("change_mm", Estimate.of(change, sd, "mm")),
        slope_mm_per_month=float(slope) * DAYS_PER_MONTH,
        sdc_mm=sdc_mm,
        scatter=scatter,
    )


def _judged(outcomes: Sequence[OutcomeCourse], named: Outcome | None) -> Iterable[OutcomeCourse]:
    """Answer each trend: beyond the smallest detectable change, false discoveries held."""
    is_named = [
        one.kind == "involuntary" and (one.movement, one.region) == named for one in outcomes
    ]
    p = {
        (i, k): p_value(number)
        for i, one in enumerate(outcomes)
        for k, trend in enumerate(one.trends)
        if (number := trend.change) is not None
    }
    others = [place for place in p if not is_named[place[0]]]
    q = p | dict(zip(others, q_values([p[place] for place in others]), strict=True))
    for i, one in enumerate(outcomes):
        trends = tuple(
            trend.replaced(
                q_value=q[i, k],
                named=is_named[i],
                beyond_sdc=abs(trend.change_mm) > trend.sdc_mm and q[i, k] <= FALSE_DISCOVERY_RATE,
            )
            for k, trend in enumerate(one.trends)
        )
        yield one.replaced(trends=trends)


def _with_forecast(course: Course, forecast: Forecast, file: CourseFile) -> Course:
    """Lay a forecast of the same person beside the course.

    Raises
    ------
    UsageError
        Another subject, another affected side, or none of the visits' recordings.
    """
    source = forecast.source
    results = [one.visit.result for one in file.visits]
    subjects = {result.subject for result in results} | {source.subject}
    sides = {result.side_affected for result in results} | {forecast.affected_side}
    own = {one.recording_sha256 for one in course.visits} - {None}
    made_from = {one.recording_sha256 for one in source.measurements} - {None}
    for faulty, what in (
        (len(subjects - {None}) > 1, "person"),
        (len(sides - {None}) > 1, "side"),
        (bool(own and made_from) and not own & made_from, "recording"),
    ):
        if faulty:
            raise UsageError(
                f"The forecast is of another {what}",
                expected="a forecast made from one of these visits",
                do="make it with facewire wiring and facewire forecast from the first visit",
            )
    stated = forecast.start_date
    start = course.visits[0].date if stated is None else dt.date.fromisoformat(stated)
    dates = tuple(start + dt.timedelta(days=day) for day in forecast.map_days)
    parts = {("involuntary", r.movement, r.region, r.side): r for r in forecast.involuntary}
    totals = {("voluntary", r.movement, r.region, r.side): r for r in forecast.voluntary}
    rows = {**parts, **totals}
    outcomes = []
    for one in course.outcomes:
        row = rows[one.kind, one.movement, one.region, one.side]
        low, high = row.ends()
        beside = SimulatedOutcome(
            dates=dates,
            value_mm=row.middle,
            value_sd_mm=getattr(row, row.COLUMNS.sd),
            ci_low=low,
            ci_high=high,
        )
        outcomes.append(one.replaced(forecast=beside))
    return course.replaced(
        outcomes=tuple(outcomes),
        forecast=ForecastLaid(
            statement=SIMULATED, start_date=start, start_stated=stated is not None
        ),
    )
