"""Figures of a room check from cells written by hand, worked out by hand."""

from __future__ import annotations

import pytest
from scipy.stats import norm

from example_result import example
from facewire.face import Movement, Region, Side
from facewire.phantom.score import CODED, Measured, cells_of, region_check
from facewire.results.measurement import Measurement
from facewire.results.phantom import PhantomCopy

SMILE, EYE = Movement.SMILE_OPEN, Region.EYE


def result(change_mm: float, moved_mm: float, other_mm: float, sd_mm: float = 0.2) -> Measurement:
    """A measurement in which the right eye changed, and the sides moved as they did."""
    base = example()
    half = 1.96 * sd_mm
    involuntary = [
        cell.replaced(
            change_mm=change_mm,
            change_sd_mm=sd_mm,
            ci_low=change_mm - half,
            ci_high=change_mm + half,
            detected=change_mm < -0.5,
        )
        if cell.key == (SMILE, EYE, Side.RIGHT)
        else cell
        for cell in base.synkinesis
    ]
    ways = {(SMILE, EYE, Side.RIGHT): moved_mm, (SMILE, EYE, Side.LEFT): other_mm}
    total = [
        cell.replaced(up_mm=ways[cell.key]) if cell.key in ways else cell for cell in base.voluntary
    ]
    return base.replaced(synkinesis=tuple(involuntary), voluntary=tuple(total))


def copy(name: str, level_mm: float, true_mm: float, found: Measurement | None) -> Measured:
    side = Side.RIGHT if level_mm else None
    status = {"reason": "no face"} if found is None else {"side_status": "none"}
    row = PhantomCopy(name=name, side=side, level_mm=level_mm, **status)
    return Measured(row, {(SMILE, EYE): true_mm}, found)


def copies() -> list[Measured]:
    """The right eye reads 0.3 mm too little throughout and 0.8 of what was drawn."""
    return [
        copy(CODED, 0.0, 0.0, result(-0.3, -1.0, -1.2)),
        copy("R-1mm", 1.0, -1.0, result(-1.1, -1.9, -1.25)),
        copy("R-2mm", 2.0, -2.0, result(-1.9, -2.8, -1.3)),
        copy("R-3mm", 3.0, -3.0, result(-2.7, -3.7, -1.35)),
    ]


def test_slope_error_leak_and_what_is_found() -> None:
    made = copies()
    cells = cells_of(made)
    found = region_check(EYE, cells, made)
    assert found.slope == pytest.approx(0.8)
    assert found.own_slope == pytest.approx(0.9)
    assert found.leak == pytest.approx(0.05)
    # -1.1, -1.9, -2.7 for -1, -2, -3: 0.1 too much, 0.1 and 0.3 too little.
    assert found.error_mm == pytest.approx(0.5 / 3)
    assert found.bias_mm == pytest.approx(-0.3 / 3)
    assert (found.held, found.intervals) == (3, 3)
    assert [(f.level_mm, f.found, f.asked) for f in found.found] == [
        (1.0, 1, 1),
        (2.0, 1, 1),
        (3.0, 1, 1),
    ]
    assert found.movements == (SMILE,)


def test_a_side_of_its_own_level_does_not_change_the_slope() -> None:
    """The left eye's own -0.3 and +0.1 mm at no change go into its line, not into the slope."""
    made = copies()
    cells = [c for c in cells_of(made) if c.side is Side.LEFT]
    assert {c.true_mm for c in cells} == {0.0}
    assert region_check(EYE, cells_of(made), made).slope == pytest.approx(0.8)


def test_the_smallest_change_is_where_the_test_of_the_map_finds_it() -> None:
    """One-sided, the strictest step of its tests at 0.05: z limit plus z of 0.8, over the slope."""
    made = copies()
    tests = sum(
        c.region is EYE and c.side is Side.RIGHT and bool(c.change_sd_mm)
        for c in example().synkinesis
    )
    rate = 0.05
    limit = norm.isf(rate / (1 + rate) / tests)
    expected = 0.2 * (limit + norm.isf(0.2)) / 0.8
    found = region_check(EYE, cells_of(made), made)
    assert found.smallest_mm is not None
    assert found.smallest_mm - 0.1 < expected <= found.smallest_mm + 1e-9


@pytest.mark.slow
def test_values_that_scatter_make_the_smallest_change_larger() -> None:
    made = copies()
    made[2] = copy("R-2mm", 2.0, -2.0, result(-0.9, -2.8, -1.3))
    straight, scattered = (
        region_check(EYE, cells_of(each), each).smallest_mm for each in (copies(), made)
    )
    assert straight is not None
    assert scattered is None or scattered > 2 * straight


def test_a_copy_without_a_measurement_is_counted_and_gives_no_number() -> None:
    made = [*copies(), copy("L-1mm", 1.0, -1.0, None)]
    cells = cells_of(made)
    assert cells[-1].change_mm is None
    assert cells[-1].reason == "no face"
    found = region_check(EYE, cells, made)
    assert (found.numbers, found.cells) == (3, 4)
    assert found.found[0].asked == 2


def test_without_any_number_there_is_no_figure() -> None:
    made = [copy(CODED, 0.0, 0.0, None), copy("R-1mm", 1.0, -1.0, None)]
    found = region_check(EYE, cells_of(made), made)
    assert (found.slope, found.error_mm, found.leak, found.smallest_mm) == (None,) * 4
