"""Numbers with their uncertainty, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from facewire.errors import UsageError
from facewire.results.estimate import Displacement, Estimate, Kind, student_95


def made(value: float = 2.0, sd: float = 0.5, **given: object) -> Estimate:
    estimate = Estimate.of(value, sd, "mm", **given)  # type: ignore[arg-type]
    assert estimate is not None
    return estimate


def test_a_normal_interval_by_hand() -> None:
    number = made()
    assert (number.low, number.high) == pytest.approx((2.0 - 0.979982, 2.0 + 0.979982))
    assert (number.sd, number.unit, number.kind) == (0.5, "mm", Kind.MEASURED)


def test_a_bound_of_nature_clips_the_interval_and_leaves_the_deviation() -> None:
    number = made(0.3, 0.81, at_least=0.0)
    assert (number.value, number.low, number.sd) == (0.3, 0.0, 0.81)
    assert made(-0.2, 0.5, at_least=0.0).value == 0.0


def test_few_values_make_a_wide_interval() -> None:
    number = made(2.0, 0.5, freedom=2)
    assert number.high - number.low == pytest.approx(2 * 4.302653 * 0.5)  # t table, 2 df, 97.5 %
    assert student_95(2) == pytest.approx(4.302653)


@pytest.mark.parametrize(("value", "sd"), [(np.nan, 1.0), (1.0, np.nan), (np.inf, 1.0)])
def test_what_is_not_known_is_no_number(value: float, sd: float) -> None:
    assert Estimate.of(value, sd, "mm") is None


def test_draws_give_mean_deviation_and_the_middle_95_percent() -> None:
    draws = stats.norm(3.0, 2.0).ppf((np.arange(20_000) + 0.5) / 20_000)
    number = Estimate.from_draws(draws, "days")
    assert number is not None
    assert (number.value, number.sd) == pytest.approx((3.0, 2.0), abs=1e-3)
    assert (number.low, number.high) == pytest.approx((-0.92, 6.92), abs=1e-2)
    assert number.kind is Kind.SIMULATED


def test_draws_that_are_not_known_are_left_out() -> None:
    number = Estimate.from_draws(np.array([1.0, np.nan, 3.0]), "mm")
    assert number is not None
    assert number.value == 2.0
    assert Estimate.from_draws(np.array([np.nan]), "mm") is None


@pytest.mark.parametrize(
    "values",
    [
        {"low": 3.0, "high": 1.0},
        {"low": 2.5, "high": 3.0},
        {"sd": -0.1},
        {"unit": "furlong"},
        {"value": float("nan")},
        {"kind": "measured "},
    ],
)
def test_impossible_numbers_are_refused(values: dict[str, object]) -> None:
    good: dict[str, object] = {"value": 2.0, "sd": 0.5, "low": 1.0, "high": 3.0, "unit": "mm"}
    with pytest.raises(ValidationError):
        Estimate(**{**good, **values})  # type: ignore[arg-type]


def test_no_deviation_is_made_from_an_interval() -> None:
    old = Estimate(value=2.0, sd=None, low=1.0, high=3.0, unit="mm")
    with pytest.raises(UsageError, match=r"holds no standard deviations.*measure the recording"):
        _ = old.needed_sd


def test_a_covariance_as_large_as_can_be_survives_rounding() -> None:
    """0.98765 mm and 1.23455 mm, wholly together: 1.2193 mm2, each rounded to a ten-thousandth."""
    found = Displacement(
        across_mm=9, up_mm=9, across_sd_mm=0.9876, up_sd_mm=1.2345, covariance_mm2=1.2193
    )
    assert found.covariance_mm2 == 1.2193


def test_a_covariance_beyond_its_deviations_is_refused() -> None:
    with pytest.raises(ValidationError, match="larger than the two deviations allow"):
        Displacement(across_mm=1, up_mm=2, across_sd_mm=0.5, up_sd_mm=0.5, covariance_mm2=0.3)


def test_excluding() -> None:
    assert made().excludes(0.0)
    assert not made().excludes(1.5)


def test_a_difference_adds_the_errors_in_squares() -> None:
    found = made(5.0, 0.3).minus(made(2.0, 0.4))
    assert (found.value, found.sd) == pytest.approx((3.0, 0.5))
    assert (found.low, found.high) == pytest.approx((3.0 - 0.98, 3.0 + 0.98), abs=1e-4)


def test_a_ratio_by_hand() -> None:
    """4 over 8: 0.5; (0.3, 0.5 x 0.8) in squares is 0.5, over 8."""
    found = made(4.0, 0.3).over(made(8.0, 0.8))
    assert (found.value, found.sd, found.unit) == (0.5, pytest.approx(0.0625), "ratio")
    assert found.high - found.value == pytest.approx(1.959964 * 0.0625)


def test_a_negative_factor_turns_the_interval_round() -> None:
    clipped = Estimate(value=0.2, sd=0.8, low=0.0, high=1.8, unit="mm")
    turned = clipped.scaled(-100.0, "%")
    assert (turned.value, turned.sd, turned.unit) == (-20.0, pytest.approx(80.0), "%")
    assert (turned.low, turned.high) == (pytest.approx(-180.0), 0.0)


def test_what_a_file_did_not_hold_is_not_reckoned_with() -> None:
    old = Estimate(value=1.0, sd=None, low=0.8, high=1.2, unit="mm")
    assert old.scaled(2.0).sd is None
    for reckon in (old.minus, old.over):
        with pytest.raises(UsageError, match="no standard deviations"):
            reckon(made(2.0, 0.1))


def test_a_length_takes_the_error_of_its_own_direction() -> None:
    """(3, 4) is 5 long; along it (9 x 0.04 + 16 x 0.09 + 2 x 12 x 0.03) / 25 = 0.1008 mm2."""
    vector = Displacement(
        across_mm=3.0, up_mm=4.0, across_sd_mm=0.2, up_sd_mm=0.3, covariance_mm2=0.03
    )
    assert vector.length.value == pytest.approx((25.0 - 0.04 - 0.09) ** 0.5)
    assert vector.length.sd == pytest.approx(0.1008**0.5)
    still = vector.replaced(across_mm=0.0, up_mm=0.0).length
    assert (still.value, still.low, still.sd) == (0.0, 0.0, pytest.approx(0.065**0.5))


def test_a_difference_of_vectors_keeps_both_covariances() -> None:
    one = Displacement(
        across_mm=3.0, up_mm=4.0, across_sd_mm=0.3, up_sd_mm=0.3, covariance_mm2=0.03
    )
    other = one.replaced(across_mm=1.0, up_mm=5.0, across_sd_mm=0.4, up_sd_mm=0.4)
    found = one.minus(other)
    assert (found.across_mm, found.up_mm) == (2.0, -1.0)
    assert (found.across_sd_mm, found.up_sd_mm) == pytest.approx((0.5, 0.5))
    assert found.covariance_mm2 == pytest.approx(0.06)
