"""Grades, changes and courses on a page: ranges, blanks, and never change where there is none."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest

from example_result import example, example_result
from facewire.comparison import CourseFile, compare_course, compare_visits
from facewire.comparison.course_file import DatedVisit
from facewire.errors import UsageError
from facewire.face import Side
from facewire.grading import grade_measurement, read_entered
from facewire.report import Clinical, change_words, comparison_page, grade_words
from facewire.report.comparison_page import joined_words, told_outcomes
from facewire.results.comparison import Change, Comparison, VisitRecording
from facewire.results.course import ToxinPhase, TreatmentGiven
from facewire.results.forecast import Forecast
from unit.comparison.made_visits import visit
from unit.report.made_documents import made_forecast
from unit.report.made_result import measured
from unit.report.page_reading import build_report, part, read, row


def compared(*sizes_mm: float) -> Comparison:
    return compare_visits(
        [visit(f"v{i}", "P017", change_mm=size) for i, size in enumerate(sizes_mm)]
    )


def followed(forecast: Forecast | None = None) -> Comparison:
    phases = (ToxinPhase.NONE, ToxinPhase.PEAK, ToxinPhase.WORN_OFF, ToxinPhase.WORN_OFF)
    visits = [
        DatedVisit(visit(f"v{i}", change_mm=size), date(2026, 1, 1) + timedelta(days=60 * i), phase)
        for i, (size, phase) in enumerate(zip((-3.0, -0.5, -2.9, -3.1), phases, strict=True))
    ]
    given = TreatmentGiven(
        date=date(2026, 2, 10),
        kind="botulinum_toxin",
        side=Side.RIGHT,
        muscle="orbicularis oculi",
    )
    return compare_course(CourseFile(tuple(visits), (given,)), forecast=forecast)


def simulated(*recordings: str, **fields: Any) -> Forecast:
    document = made_forecast().plain() | {"affected_side": "R"} | fields
    made_from = [
        {"recording": "f", "recording_sha256": one, "content_sha256": "c" * 64}
        for one in recordings
    ]
    document["source"] = {"measurements": made_from}
    return Forecast.from_json(json.dumps(document).encode())


def beyond(found: Comparison) -> list[Change]:
    return [
        one for later in change_words.later_visits(found) for one in later.rows if one.beyond_sdc
    ]


class TestGrades:
    def test_an_estimate_is_never_one_number(self) -> None:
        rows = [
            grade_words.estimated(row) for row in grade_words.scales(grade_measurement(example()))
        ]
        told = [text for text in rows if text != "not estimated"]
        assert told
        assert all(" to " in text for text in told)

    def test_entered_grades_stand_beside(self) -> None:
        own = read_entered({"rater": "R1", "house_brackmann": "III"})
        grades = grade_measurement(example(), own)
        page = build_report(example(), None, clinical=Clinical(grades=grades))
        assert "Grades entered by: R1" in part(page, "grades")
        assert row(page, "House-Brackmann (I to VI)") == ["not estimated", "III"]

    def test_without_grades_every_scale_is_blank(self) -> None:
        rows = grade_words.scales(None)
        assert {grade_words.estimated(one) for one in rows} == {"not estimated"}
        assert {grade_words.entered(one) for one in rows} == {""}
        assert "Clinical scales" not in build_report(
            measured(example_result() | {"grades": {}}), None
        )

    def test_grades_of_another_side_are_refused(self) -> None:
        grades = grade_measurement(example()).replaced(side_affected=Side.LEFT)
        with pytest.raises(UsageError, match="another affected side"):
            build_report(example(), None, clinical=Clinical(grades=grades))


class TestChanges:
    def test_change_is_told_in_both_kinds_of_words(self) -> None:
        found = compared(-3.0, -0.5)
        assert next(iter(change_words.patient(found))) == (
            "At v1: when you smile showing your teeth, your right eye moves along less than at the "
            "first visit."
        )
        (changed,) = beyond(found)
        assert change_words.title(changed) == "Open smile → right eye"
        told = row(comparison_page(found), "Open smile → right eye involuntary")
        assert told[0].startswith("+2.5 mm [")
        assert told[1] == "yes"

    def test_what_is_no_change_is_never_called_so(self) -> None:
        found = compared(-3.0, -2.0)
        told = list(change_words.patient(found))
        assert told == ["No difference is larger than what measuring again gives."]
        assert beyond(found) == []
        words = read(comparison_page(found)).words
        assert "yes" not in words.split()

    def test_what_is_nothing_is_folded_and_counted(self) -> None:
        """The narrowing eye and the movements themselves are told; noise is one line."""
        (later,) = change_words.later_visits(compared(-3.0, -2.0))
        named = [change_words.title(one) for one in later.rows if one.kind == "involuntary"]
        assert named == ["Open smile → right eye"]
        assert len(later.rows) < 12 < len(later.others)
        assert str(len(later.others)) in later.others_title
        assert not any(one.beyond_sdc for one in later.others)

    def test_a_comparison_without_this_recording_is_refused(self) -> None:
        other = VisitRecording(visit="v0", recording_sha256="e" * 64)
        comparison = compared(-3.0, -2.0).replaced(recordings=(other,))
        with pytest.raises(UsageError, match="does not hold this recording"):
            build_report(measured(example_result()), None, clinical=Clinical(comparison=comparison))


class TestCourse:
    @pytest.mark.slow
    def test_visits_are_marked_by_their_phase(self) -> None:
        page = comparison_page(followed())
        assert row(page, "2 Mar 2026")[-1] == "toxin at its peak"
        first = page[page.index("course-1") : page.index("course-2")]
        marks = re.findall(r'<(?:circle|rect|path) class="(free|peak|changing)"', first)
        assert marks == ["free", "peak", "free", "free"]

    @pytest.mark.slow
    def test_only_visits_of_one_phase_are_joined(self) -> None:
        told, _ = told_outcomes(followed())
        joined = {joined_words(trend) for one in told for trend in one.trends}
        assert joined == {"3 visits without a toxin's effect"}

    @pytest.mark.slow
    def test_treatments_are_dated_on_the_plot(self) -> None:
        page = comparison_page(followed())
        assert row(page, "1") == ["10 Feb 2026", "Botulinum toxin, right, orbicularis oculi"]
        first = page[page.index("course-1") : page.index("course-2")]
        assert re.findall(r'class="digit"[^>]*>(\d+)<', first) == ["1"]

    @pytest.mark.slow
    def test_a_simulated_course_is_named_as_such(self) -> None:
        page = comparison_page(followed(simulated(start_date="2026-01-01")))
        assert 'class="under"' in page
        assert "simulated, not measured" in part(page, "course")
        assert "Simulated on the inferred wiring, not measured." in read(page).words

    @pytest.mark.slow
    def test_a_forecast_is_laid_from_its_own_start_number_by_number(self) -> None:
        forecast = simulated(start_date="2026-01-11")
        course = followed(forecast).course
        assert course is not None
        assert course.forecast is not None
        assert course.forecast.start_date == date(2026, 1, 11)
        one = course.outcomes[0]
        place = (one.movement, one.region, one.side)
        (row,) = (r for r in forecast.involuntary if (r.movement, r.region, r.side) == place)
        assert one.forecast is not None
        assert one.forecast.value_mm == row.change_mm
        assert (one.forecast.ci_low, one.forecast.ci_high) == (row.ci_low, row.ci_high)
        assert one.forecast.dates[1] - date(2026, 1, 11) == timedelta(days=forecast.map_days[1])

    @pytest.mark.slow
    def test_without_a_forecast_nothing_is_simulated(self) -> None:
        assert "simulated" not in read(comparison_page(followed())).words

    @pytest.mark.slow
    def test_a_forecast_of_another_recording_is_refused(self) -> None:
        with pytest.raises(UsageError, match="another recording"):
            followed(simulated("e" * 64))
