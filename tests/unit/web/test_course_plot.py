"""The measured course as a drawing: what is shown, where, and what is never joined."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from facewire.record.timeline import CoursePoint
from facewire.web.course_plot import FRAME, course_plot

FIRST = date(2026, 1, 1)


def row(change_mm: float | None, movement: str = "smile_open", **more: object) -> dict[str, object]:
    sizes = {"ci_low": None, "ci_high": None}
    if change_mm is not None:
        sizes = {"ci_low": change_mm - 0.5, "ci_high": change_mm + 0.5}
    own = {"movement": movement, "region": "eye", "side": "R", "change_mm": change_mm}
    return own | sizes | {"present": True} | more


def point(days: int, *rows: dict[str, object]) -> CoursePoint:
    return CoursePoint(FIRST + timedelta(days), "v", f"r{days}", f"m{days}", {"synkinesis": rows})


def test_one_visit_is_no_course() -> None:
    assert course_plot([point(0, row(-2.0))], {}) is None


def test_nothing_present_is_no_course() -> None:
    quiet = row(-0.1, present=False)
    assert course_plot([point(0, quiet), point(30, quiet)], {}) is None


def test_narrowing_is_drawn_by_its_size_with_its_interval() -> None:
    plot = course_plot([point(0, row(-4.0)), point(30, row(-2.0))], {})
    assert plot is not None
    one, two = plot.series[0].dots
    assert one.words == "2026-01-01: 4.0 mm [3.5 to 4.5]"
    assert one.y < two.y
    assert one.top < one.y < one.bottom
    high_mm = 5.0
    assert two.y == pytest.approx(
        FRAME.bottom - (FRAME.bottom - FRAME.top) * 2.0 / high_mm, abs=0.1
    )


def test_dots_are_not_joined_across_a_treatment() -> None:
    points = [point(0, row(-4.0)), point(30, row(-2.0)), point(60, row(-2.5))]
    joined = course_plot(points, {})
    parted = course_plot(points, {FIRST + timedelta(10): "Botulinum toxin"})
    assert joined is not None
    assert parted is not None
    assert len(joined.series[0].joins) == 2
    assert len(parted.series[0].joins) == 1
    assert [one.text for one in parted.given] == ["Botulinum toxin"]


def test_what_could_not_be_told_has_no_dot() -> None:
    points = [point(0, row(-4.0)), point(30, row(None)), point(60, row(-2.5))]
    plot = course_plot(points, {})
    assert plot is not None
    assert len(plot.series[0].dots) == 2


def test_the_three_largest_findings_are_shown_the_largest_first() -> None:
    names = ("smile_open", "smile_closed", "snarl", "lip_pucker")
    rows = [row(-size, name) for size, name in zip((1.0, 4.0, 2.0, 3.0), names, strict=True)]
    plot = course_plot([point(0, *rows), point(30, *rows)], {})
    assert plot is not None
    assert [one.name.split(" →")[0] for one in plot.series] == [
        "Closed smile",
        "Lip pucker",
        "Snarl",
    ]
