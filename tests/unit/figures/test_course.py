"""The measured course as a drawing: what is shown, where, and what is never joined."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from example_result import example
from facewire.face import Movement, Region, Side
from facewire.figures.course import WIDE, findings_plot
from facewire.results.estimate import Estimate
from facewire.results.measurement import Measurement

FIRST = date(2026, 1, 1)
SMILE = Movement.SMILE_OPEN
SD = 0.5 / 1.959964


def visit(
    days: int, sizes: dict[Movement, float | None], *, present: bool = True
) -> tuple[date, Measurement]:
    """A visit with the right eye's involuntary part in some movements, each known to 0.5 mm."""
    cells = []
    for cell in example().synkinesis:
        told = {"present": False}
        if cell.region is Region.EYE and cell.side is Side.RIGHT and cell.movement in sizes:
            value = sizes[cell.movement]
            number = None if value is None else Estimate.of(value, SD, "mm")
            told = {"present": present, **cell.columns("change_mm", number)}
            if number is None:
                told |= dict.fromkeys(("present", "detected", "beyond_healthy"))
                told |= {"reason": "not measured"}
        cells.append(cell.replaced(**told))
    return FIRST + timedelta(days), example().replaced(synkinesis=tuple(cells))


def test_one_visit_is_no_course() -> None:
    assert findings_plot([visit(0, {SMILE: -2.0})], {}) is None


def test_nothing_present_is_no_course() -> None:
    quiet = [visit(days, {SMILE: -0.1}, present=False) for days in (0, 30)]
    assert findings_plot(quiet, {}) is None


def test_narrowing_is_drawn_by_its_size_with_its_interval() -> None:
    plot = findings_plot([visit(0, {SMILE: -4.0}), visit(30, {SMILE: -2.0})], {})
    assert plot is not None
    one, two = plot.series[0].dots
    assert one.words == "1 Jan 2026: 4.0 mm [3.5 to 4.5]"
    assert (one.x, two.x) == (WIDE.left, WIDE.right)
    high_mm = 5.0
    per_mm = (WIDE.bottom - WIDE.top) / high_mm
    assert two.y == pytest.approx(WIDE.bottom - per_mm * 2.0, abs=0.1)
    assert (two.top, two.bottom) == pytest.approx(
        (two.y - per_mm * 0.5, two.y + per_mm * 0.5), abs=0.1
    )


def test_dots_are_not_joined_across_a_treatment() -> None:
    points = [visit(0, {SMILE: -4.0}), visit(30, {SMILE: -2.0}), visit(60, {SMILE: -2.5})]
    joined = findings_plot(points, {})
    parted = findings_plot(points, {FIRST + timedelta(10): "Botulinum toxin"})
    assert joined is not None
    assert parted is not None
    assert len(joined.series[0].joins) == 2
    assert len(parted.series[0].joins) == 1
    assert [one.text for one in parted.given] == ["Botulinum toxin"]


def test_what_could_not_be_told_has_no_dot() -> None:
    points = [visit(0, {SMILE: -4.0}), visit(30, {SMILE: None}), visit(60, {SMILE: -2.5})]
    plot = findings_plot(points, {})
    assert plot is not None
    assert len(plot.series[0].dots) == 2


def test_the_three_largest_findings_are_shown_the_largest_first() -> None:
    sizes: dict[Movement, float | None] = {
        Movement.SMILE_OPEN: -1.0,
        Movement.SMILE_CLOSED: -4.0,
        Movement.SNARL: -2.0,
        Movement.LIP_PUCKER: -3.0,
    }
    plot = findings_plot([visit(0, sizes), visit(30, sizes)], {})
    assert plot is not None
    assert [one.name.split(" →")[0] for one in plot.series] == [
        "Closed smile",
        "Lip pucker",
        "Snarl",
    ]
