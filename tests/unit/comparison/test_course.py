"""Courses over visits: lines fitted by hand, what is joined and what is not, honest intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from facewire.comparison import CourseFile, compare_course
from facewire.comparison.course import fit_trend, follow_course
from facewire.comparison.course_file import DatedVisit
from facewire.comparison.floors import FACTOR
from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.results.comparison import Comparison
from facewire.results.course import Course, OutcomeCourse, OutcomePoint, ToxinPhase, TreatmentGiven
from facewire.results.estimate import Estimate
from unit.comparison.made_visits import Z95, visit

START = date(2026, 1, 1)
SMILE_EYE = (Movement.SMILE_OPEN, Region.EYE, Side.RIGHT)


def dated(
    month: int, change_mm: float, phase: ToxinPhase = ToxinPhase.NONE, effort: float = 8.0
) -> DatedVisit:
    efforts = {"voluntary_low_mm": effort - 1, "voluntary_high_mm": effort + 1}
    found = visit(f"m{month}", change_mm=change_mm, voluntary_mm=effort, **efforts)
    return DatedVisit(found, START + timedelta(days=30 * month), phase)


def smile_eye(course: Course) -> OutcomeCourse:
    (found,) = (
        one
        for one in course.outcomes
        if (one.movement, one.region, one.side) == SMILE_EYE and one.kind == "involuntary"
    )
    return found


def given(days: int, kind: str) -> TreatmentGiven:
    return TreatmentGiven(date=START + timedelta(days=days), kind=kind, side=Side.RIGHT)


def follow(visits: Sequence[DatedVisit], *treatments: TreatmentGiven) -> OutcomeCourse:
    return smile_eye(follow_course(CourseFile(tuple(visits), treatments)))


def points(values: Sequence[float], sd_mm: float = 0.2) -> list[OutcomePoint]:
    days = [START + timedelta(days=30 * i) for i in range(len(values))]
    return [
        OutcomePoint(
            visit=str(i),
            date=day,
            toxin_phase=ToxinPhase.NONE,
            **OutcomePoint.columns("value_mm", Estimate.of(v, sd_mm, "mm")),
        )
        for i, (day, v) in enumerate(zip(days, values, strict=True))
    ]


def test_a_straight_line_is_found_exactly() -> None:
    """1 mm less in every 30 days: 3 mm over 90 days."""
    trend = fit_trend("toxin_free", points([-4.0, -3.0, -2.0, -1.0]), 1.2)
    assert trend.change_mm == pytest.approx(3.0)
    assert (trend.start_mm, trend.end_mm) == pytest.approx((-4.0, -1.0))
    assert trend.slope_mm_per_month == pytest.approx(30.4375 / 30)
    assert trend.scatter == 1.0


def test_the_interval_by_hand() -> None:
    """Equal weights at -1, 0, 1: the slope has variance s2 / 2, the change over 2 units 2 s2."""
    own, floor = 0.2, 1.2
    trend = fit_trend("toxin_free", points([1.0, 1.0, 1.0], own), floor)
    s = math.sqrt(own**2 + (floor / FACTOR) ** 2)
    assert trend.change_sd_mm == pytest.approx(math.sqrt(2) * s)
    assert trend.ci_high == pytest.approx(Z95 * math.sqrt(2) * s)
    assert trend.ci_low == pytest.approx(-trend.ci_high)


def test_visits_that_scatter_widen_the_interval() -> None:
    calm = fit_trend("toxin_free", points([0.0, 0.0, 0.0, 0.0]), 1.2)
    wild = fit_trend("toxin_free", points([0.0, 4.0, -4.0, 0.0]), 1.2)
    assert wild.scatter > 3
    assert wild.ci_high - wild.ci_low == pytest.approx(wild.scatter * (calm.ci_high - calm.ci_low))


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    sd, floor, truth = 0.3, 1.2, np.linspace(-3.0, -1.0, 5)
    noise = math.hypot(sd, floor / FACTOR)
    held = 0
    for _ in range(400):
        trend = fit_trend("peak", points(list(truth + rng.normal(0, noise, 5)), sd), floor)
        held += trend.ci_low <= 2.0 <= trend.ci_high
    assert 0.93 <= held / 400 <= 0.995


def test_three_visits_make_a_trend_two_do_not() -> None:
    three = [dated(0, -3.0), dated(3, -2.0), dated(6, -1.0)]
    assert follow(three[:2]).trends == ()
    (trend,) = follow(three).trends
    assert trend.change_mm == pytest.approx(2.0, abs=1e-6)
    assert trend.visits == ("m0", "m3", "m6")


def test_visits_at_different_toxin_phases_are_not_joined() -> None:
    peak, worn = ToxinPhase.PEAK, ToxinPhase.WORN_OFF
    found = follow(
        [dated(0, -3.0), dated(1, -1.0, peak), dated(8, -3.0, worn), dated(9, -1.0, peak)]
    )
    assert found.trends == ()
    assert [p.toxin_phase for p in found.points] == [ToxinPhase.NONE, peak, worn, peak]


def test_before_and_after_a_toxin_are_joined_once_it_has_worn_off() -> None:
    visits = [dated(0, -3.0), dated(1, -1.0, ToxinPhase.PEAK), dated(2, -3.0)]
    (trend,) = follow([*visits, dated(9, -3.0, ToxinPhase.WORN_OFF)]).trends
    assert trend.visits == ("m0", "m2", "m9")
    assert not trend.beyond_sdc


@pytest.mark.parametrize("phase", [ToxinPhase.ONSET, ToxinPhase.WEARING_OFF])
def test_a_changing_effect_joins_nothing(phase: ToxinPhase) -> None:
    assert follow([dated(i, -3.0 + i, phase) for i in range(4)]).trends == ()


@pytest.mark.slow
def test_no_trend_goes_across_another_treatment() -> None:
    surgery = given(75, "selective_neurolysis")
    visits = [dated(i, -3.0 if i < 3 else -1.0) for i in range(6)]
    before, after = follow(visits, surgery).trends
    assert before.visits == ("m0", "m1", "m2")
    assert after.visits == ("m3", "m4", "m5")
    assert before.change_mm == pytest.approx(0.0, abs=1e-9)
    assert after.change_mm == pytest.approx(0.0, abs=1e-9)


def test_a_toxin_splits_nothing_by_itself() -> None:
    toxin = given(40, "botulinum_toxin")
    (trend,) = follow([dated(i, -3.0) for i in range(4)], toxin).trends
    assert len(trend.visits) == 4


@pytest.mark.slow
def test_a_trend_within_the_smallest_detectable_change_is_never_called_change() -> None:
    """1.0 mm at the eye over many visits differs from zero, yet lies under 1.22 mm."""
    found = follow([dated(i, -2.4 + i / 30) for i in range(31)])
    (trend,) = found.trends
    assert trend.ci_low > 0
    assert not trend.beyond_sdc


@pytest.mark.slow
def test_a_large_steady_trend_is_change() -> None:
    (trend,) = follow([dated(i, -3.0 + 0.5 * i) for i in range(6)]).trends
    assert trend.beyond_sdc


def test_all_visits_are_put_at_one_effort() -> None:
    """A larger smile with as much more narrowing is the same wiring."""
    visits = [dated(0, -2.0, effort=8.0), dated(1, -2.2, effort=8.8), dated(2, -2.1, effort=8.4)]
    found = follow(visits)
    assert found.at_mm == pytest.approx(8.4)
    assert [p.value_mm for p in found.points] == pytest.approx([-2.1, -2.1, -2.1])


def test_a_visit_at_another_effort_is_left_out_with_its_reason() -> None:
    visits = [dated(0, -2.0), dated(1, -1.0, effort=3.0), dated(2, -2.0), dated(3, -2.0)]
    found = follow(visits)
    assert found.points[1].value_mm is None
    assert (
        "different effort (2.0 to 4.0 mm; earlier visits 7.0 to 9.0 mm)" in found.points[1].reason
    )
    assert found.trends[0].visits == ("m0", "m2", "m3")


def test_exchanging_better_and_worse_turns_the_trend_round() -> None:
    values = [-3.0, -2.2, -1.9, -0.5]
    there, back = (fit_trend("peak", points(v), 1.2) for v in (values, values[::-1]))
    assert there.change_mm == pytest.approx(-back.change_mm)
    assert there.ci_low == pytest.approx(-back.ci_high)


@pytest.mark.slow
def test_what_is_written_is_read_again() -> None:
    visits = [dated(0, -3.0), dated(1, -2.0, ToxinPhase.PEAK), dated(2, -2.0), dated(9, -1.0)]
    found = compare_course(CourseFile(tuple(visits), (given(0, "botulinum_toxin"),)))
    again = Comparison.from_json(found.to_json())
    assert again.plain() == found.plain()
    assert again.course is not None
    assert again.course.treatments[0].date == START
    assert any("different toxin phases" in note for note in found.notes)


def test_a_point_keeps_its_deviation() -> None:
    found = follow([dated(0, -2.0), dated(1, -2.0)])
    number = found.points[0].number_mm
    assert number is not None
    assert number.sd == pytest.approx(0.255)
    assert number.high - number.low == pytest.approx(2 * Z95 * 0.255)


def test_one_visit_is_no_course() -> None:
    with pytest.raises(UsageError, match="no course to follow"):
        follow_course(CourseFile((dated(0, -1.0),), ()))
