"""A course over three or more visits: a trend for each outcome, never across what cannot be joined.

All visits of an outcome are put at one voluntary amplitude that they share. A trend joins only
visits at the same toxin phase, and none across another treatment. It is a straight line fitted by
weighted least squares; weights hold the uncertainty of each visit and that of measuring again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from facewire.comparison.change import (
    DIFFERENT_EFFORT,
    FALSE_DISCOVERY_RATE,
    INVOLUNTARY,
    VOLUNTARY,
    asked_totals,
    q_values,
)
from facewire.comparison.course_file import (
    TOXIN,
    CourseFile,
    DatedVisit,
    ToxinPhase,
    TreatmentGiven,
)
from facewire.comparison.effort import LEAST_EFFORT_MM, at_effort
from facewire.comparison.floors import FACTOR, Floors, load_floors
from facewire.comparison.visits import Z95, Effort, Place, Visit
from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.words import mark

LEAST_VISITS = 3
DAYS_PER_MONTH = 30.4375
TOXIN_FREE = "toxin_free"
JOINED = {
    ToxinPhase.NONE: TOXIN_FREE,
    ToxinPhase.WORN_OFF: TOXIN_FREE,
    ToxinPhase.PEAK: str(ToxinPhase.PEAK),
}
"""Phases within which the effect stands still; visits at others are shown and not joined."""


@dataclass(frozen=True)
class Point:
    """One outcome at one visit.

    Parameters
    ----------
    visit : str
    day : date
    phase : ToxinPhase
    value_mm, ci_low, ci_high : float
        At the common amplitude; NaN with a reason.
    sd_mm : float
        Standard deviation of the value.
    reason : str
    """

    visit: str
    day: date
    phase: ToxinPhase
    value_mm: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    sd_mm: float = math.nan
    reason: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return math.isfinite(self.value_mm) and math.isfinite(self.sd_mm)


@dataclass(frozen=True)
class Trend:
    """A straight line through visits that can be joined.

    Parameters
    ----------
    joins : str
        ``toxin_free`` or ``peak``.
    visits : tuple of str
    start, end : date
        First and last of them.
    start_mm, end_mm : float
        The line at its ends.
    change_mm, ci_low, ci_high : float
        End minus start, with its 95 % interval.
    slope_mm_per_month : float
    sdc_mm : float
        Smallest detectable change.
    scatter : float
        How much more the visits scatter than they should; 1 or more, widens the interval.
    q_value : float
        False discovery rate over the other trends; for the outcome named in advance its p-value.
    named : bool
    beyond_sdc : bool
    """

    joins: str
    visits: tuple[str, ...]
    start: date
    end: date
    start_mm: float
    end_mm: float
    change_mm: float
    ci_low: float
    ci_high: float
    slope_mm_per_month: float
    sdc_mm: float
    scatter: float
    q_value: float = math.nan
    named: bool = False
    beyond_sdc: bool = False

    @property
    def p_value(self) -> float:
        """Probability of a change at least this large when nothing changes."""
        from scipy.stats import norm

        sd = (self.ci_high - self.ci_low) / (2 * Z95)
        return float(2 * norm.sf(abs(self.change_mm) / sd))


@dataclass(frozen=True)
class OutcomeCourse:
    """The course of one movement, region and side.

    Parameters
    ----------
    kind : str
        ``involuntary`` or ``voluntary``.
    movement, region, side
    at_mm : float
        Common voluntary amplitude of the involuntary parts; NaN for voluntary ones.
    points : tuple of Point
    trends : tuple of Trend
    """

    kind: str
    movement: Movement
    region: Region
    side: Side
    at_mm: float
    points: tuple[Point, ...]
    trends: tuple[Trend, ...]


@dataclass(frozen=True)
class Course:
    """Visits, treatments and the course of every outcome that was measured more than once."""

    visits: tuple[DatedVisit, ...]
    treatments: tuple[TreatmentGiven, ...]
    outcomes: tuple[OutcomeCourse, ...]


def follow_course(
    file: CourseFile, floors: Floors | None = None, outcome: tuple[Movement, Region] | None = None
) -> Course:
    """Follow every outcome over the visits of a course.

    Parameters
    ----------
    file : CourseFile
        Visits of one person in the order of time; `compare_visits` checks that they are.
    floors : Floors, optional
        Smallest detectable changes; without, the provisional ones of the package.
    outcome : tuple of Movement and Region, optional
        The one outcome named in advance.

    Raises
    ------
    UsageError
        Fewer than two visits.
    """
    if len(file.visits) < 2:
        raise UsageError("There is no course to follow", expected="two or more visits")
    floors = floors or load_floors()
    first = file.visits[0].visit
    side = next((v.visit.side_affected for v in file.visits if v.visit.side_affected), None)
    found = [
        _outcome(file, INVOLUNTARY, place, floors)
        for place in first.involuntary
        if place[2] is side
    ]
    found += [_outcome(file, VOLUNTARY, place, floors) for place in asked_totals(first)]
    told = [one for one in found if sum(p.known for p in one.points) > 1]
    return Course(file.visits, file.treatments, tuple(_judged(told, outcome)))


def _outcome(file: CourseFile, kind: str, place: Place, floors: Floors) -> OutcomeCourse:
    if kind == VOLUNTARY:
        at, points = math.nan, tuple(_total(one, place) for one in file.visits)
    else:
        at, points = _at_one_effort(file.visits, place)
    trends = tuple(_trends(points, file.treatments, floors.sdc_mm[place[1]]))
    return OutcomeCourse(kind, *place, at, points, trends)


def _point(dated: DatedVisit, value_mm: float, sd_mm: float) -> Point:
    half = Z95 * sd_mm
    return Point(
        dated.visit.name, dated.day, dated.phase, value_mm, value_mm - half, value_mm + half, sd_mm
    )


def _unknown(dated: DatedVisit, reason: str) -> Point:
    return Point(dated.visit.name, dated.day, dated.phase, reason=reason)


def _total(dated: DatedVisit, place: Place) -> Point:
    value = dated.visit.total.get(place)
    if value is None or not value.known:
        return _unknown(dated, mark("not measured"))
    return _point(dated, value.value_mm, value.sd_mm)


def _at_one_effort(visits: Sequence[DatedVisit], place: Place) -> tuple[float, tuple[Point, ...]]:
    """Return the amplitude that the visits share, and every visit's value there."""
    low, high = -math.inf, math.inf
    reasons: dict[str, str] = {}
    for dated in visits:
        reason = _no_effort(dated.visit, place)
        effort = dated.visit.effort.get(place)
        if not reason and effort is not None:
            if max(low, effort.low_mm) <= min(high, effort.high_mm):
                low, high = max(low, effort.low_mm), min(high, effort.high_mm)
            else:
                reason = _different(effort, low, high)
        reasons[dated.visit.name] = reason
    at = (low + high) / 2 if math.isfinite(low + high) else math.nan
    first = next((one.visit for one in visits if not reasons[one.visit.name]), None)
    points = (_frozen(first, one, place, at, reasons[one.visit.name]) for one in visits)
    return at, tuple(points)


def _no_effort(visit: Visit, place: Place) -> str:
    value, effort = visit.involuntary.get(place), visit.effort.get(place)
    if value is None or effort is None or not value.known:
        return mark("not measured")
    if not effort.mean_mm >= LEAST_EFFORT_MM:
        return mark("the movement itself is too small to compare at")
    return ""


def _different(effort: Effort, low: float, high: float) -> str:
    return (
        f"{DIFFERENT_EFFORT} ({effort.low_mm:.1f} to {effort.high_mm:.1f} mm; earlier visits "
        f"{low:.1f} to {high:.1f} mm)"
    )


def _frozen(
    first: Visit | None, dated: DatedVisit, place: Place, at_mm: float, reason: str
) -> Point:
    if reason or first is None:
        return _unknown(dated, reason)
    value = at_effort(first, dated.visit, place, at_mm)
    return _point(dated, value.value_mm, value.sd_mm)


def _trends(
    points: Iterable[Point], treatments: Sequence[TreatmentGiven], sdc_mm: float
) -> Iterable[Trend]:
    """Fit each stretch of at least three visits that can be joined."""
    borders = [one.day for one in treatments if one.kind != TOXIN]
    stretches: dict[tuple[str, int], list[Point]] = {}
    for point in points:
        joins = JOINED.get(point.phase)
        if point.known and joins:
            stretch = sum(border <= point.day for border in borders)
            stretches.setdefault((joins, stretch), []).append(point)
    for (joins, _), own in stretches.items():
        if len(own) >= LEAST_VISITS:
            yield fit_trend(joins, own, sdc_mm)


def fit_trend(joins: str, points: Sequence[Point], sdc_mm: float) -> Trend:
    """Fit a straight line to visits that can be joined.

    Parameters
    ----------
    joins : str
        What they share.
    points : sequence of Point
        Three or more, in the order of time.
    sdc_mm : float
        Smallest detectable change between two visits.

    Returns
    -------
    Trend
        Weighted least squares; the variance of a visit is its own plus that of measuring again
        (``sdc_mm / 2.77`` squared). Where visits scatter more than that, intervals are widened by
        the square root of chi-square over its degrees of freedom (Birge 1932, Phys Rev 40:207).
    """
    days = np.array([(p.day - points[0].day).days for p in points], dtype=float)
    values = np.array([p.value_mm for p in points])
    weights = 1 / (np.array([p.sd_mm for p in points]) ** 2 + (sdc_mm / FACTOR) ** 2)
    design = np.column_stack([np.ones_like(days), days])
    covariance = np.linalg.inv(design.T @ (weights[:, None] * design))
    level, slope = covariance @ design.T @ (weights * values)
    residual = values - level - slope * days
    chi_square = float(np.sum(weights * residual**2)) / (len(points) - 2)
    scatter = max(1.0, math.sqrt(chi_square))
    change = float(slope * days[-1])
    half = Z95 * scatter * math.sqrt(float(covariance[1, 1])) * float(days[-1])
    return Trend(
        joins=joins,
        visits=tuple(p.visit for p in points),
        start=points[0].day,
        end=points[-1].day,
        start_mm=float(level),
        end_mm=float(level) + change,
        change_mm=change,
        ci_low=change - half,
        ci_high=change + half,
        slope_mm_per_month=float(slope) * DAYS_PER_MONTH,
        sdc_mm=sdc_mm,
        scatter=scatter,
    )


def _judged(
    outcomes: list[OutcomeCourse], named: tuple[Movement, Region] | None
) -> Iterable[OutcomeCourse]:
    """Answer each trend: beyond the smallest detectable change, false discoveries held."""
    flat = [(i, t, _is_named(one, named)) for i, one in enumerate(outcomes) for t in one.trends]
    q = iter(q_values([trend.p_value for _, trend, is_named in flat if not is_named]))
    judged: dict[int, list[Trend]] = {}
    for i, trend, is_named in flat:
        value = trend.p_value if is_named else next(q)
        beyond = abs(trend.change_mm) > trend.sdc_mm and value <= FALSE_DISCOVERY_RATE
        judged.setdefault(i, []).append(
            replace(trend, q_value=value, named=is_named, beyond_sdc=beyond)
        )
    for i, one in enumerate(outcomes):
        yield replace(one, trends=tuple(judged.get(i, ())))


def _is_named(one: OutcomeCourse, outcome: tuple[Movement, Region] | None) -> bool:
    return one.kind == INVOLUNTARY and (one.movement, one.region) == outcome
