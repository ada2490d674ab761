"""Lines between kept and lost, less and not less: at their edges, by hand."""

from __future__ import annotations

import pytest

from facewire.face import Movement, Region, Side
from facewire.findings.beyond_measured import (
    came_as_forecast,
    goes_along_less,
    is_kept,
    is_lost,
)
from facewire.results.estimate import Estimate, Kind
from facewire.results.forecast import InvoluntaryCourse, SymmetryCourse


def course(*percent: float | None) -> SymmetryCourse:
    same = tuple(percent)
    return SymmetryCourse(percent=same, ci_low=same, ci_high=same)


@pytest.mark.parametrize(
    ("lowest", "kept", "lost"),
    [
        (80.0, True, False),
        (77.0, True, False),
        (76.9, False, False),
        (70.0, False, False),
        (69.9, False, True),
    ],
)
def test_up_to_3_points_are_kept_and_beyond_10_are_lost(
    lowest: float, kept: bool, lost: bool
) -> None:
    assert is_kept(course(80.0, lowest, 80.0)) is kept
    assert is_lost(course(80.0, lowest, 80.0)) is lost


def test_nothing_is_said_of_what_has_no_number() -> None:
    assert not is_kept(course(None, None))
    assert not is_lost(course(None, None))


@pytest.mark.parametrize(("ends_mm", "less"), [((-1.7, -1.0), False), ((-1.69, -1.0), True)])
def test_less_goes_along_only_where_the_whole_interval_says_so(
    ends_mm: tuple[float, float], less: bool
) -> None:
    """Day 0: 2 mm; 85 % of it are 1.7 mm."""
    low, high = ends_mm
    row = InvoluntaryCourse(
        movement=Movement.SMILE_OPEN,
        region=Region.EYE,
        side=Side.RIGHT,
        change_mm=(-2.0, -1.3),
        ci_low=(-2.4, low),
        ci_high=(-1.6, high),
    )
    assert goes_along_less(row) is less


@pytest.mark.parametrize(
    ("forecast_sd", "measured_sd", "came"),
    [
        # 5 mm apart; 1.96 times the root of both squares is 4.9, 5.9 and 5.9 mm.
        (2.5, 0.0, False),
        (3.0, 0.0, True),
        (0.0, 3.0, True),
        # 1.96 * 2.828 = 5.54 mm, of which either alone is 3.92 mm.
        (2.0, 2.0, True),
        (1.7, 1.7, False),
    ],
)
def test_what_came_is_held_against_both_deviations(
    forecast_sd: float, measured_sd: float, came: bool
) -> None:
    forecast = Estimate.of(3.0, forecast_sd, "mm", Kind.SIMULATED)
    measured = Estimate.of(8.0, measured_sd, "mm")
    assert forecast is not None
    assert measured is not None
    assert came_as_forecast(forecast, measured) is came
    assert came_as_forecast(measured, forecast) is came
