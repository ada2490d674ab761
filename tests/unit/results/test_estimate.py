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


def test_a_covariance_beyond_its_deviations_is_refused() -> None:
    with pytest.raises(ValidationError, match="larger than the two deviations allow"):
        Displacement(across_mm=1, up_mm=2, across_sd_mm=0.5, up_sd_mm=0.5, covariance_mm2=0.3)


def test_excluding() -> None:
    assert made().excludes(0.0)
    assert not made().excludes(1.5)
