"""What is known of a person has one range, whichever way it comes in."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from facewire.cli import app
from facewire.errors import UsageError
from facewire.motion import MotionSettings
from facewire.pipeline import MeasureOptions
from facewire.web.api_models import MeasureAsk


def _of_command(iris_mm: float) -> None:
    said = CliRunner().invoke(app, ["measure", "none.mp4", "--out", "o", "--iris-mm", str(iris_mm)])
    if "--iris-mm" in said.stderr:
        raise UsageError(said.stderr)
    assert "none.mp4" in str(said.exception)


WAYS = {
    "command": _of_command,
    "app": lambda iris_mm: MeasureAsk(iris_mm=iris_mm),
    "pipeline": lambda iris_mm: MeasureOptions(iris_mm=iris_mm),
    "motion": lambda iris_mm: MotionSettings(iris_mm=iris_mm),
}
REFUSALS = (UsageError, ValidationError)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("iris_mm", [9.0, 11.7, 14.0])
def test_a_person_s_iris_is_taken_everywhere(way: str, iris_mm: float) -> None:
    WAYS[way](iris_mm)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("iris_mm", [-5.0, 0.0, 8.99, 14.01])
def test_an_iris_of_no_person_is_refused_everywhere(way: str, iris_mm: float) -> None:
    with pytest.raises(REFUSALS):
        WAYS[way](iris_mm)


@pytest.mark.parametrize("given", [{"iris_mm": math.nan}, {"age_years": math.nan}])
def test_no_number_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        MeasureOptions(**given)


@pytest.mark.parametrize("age_years", [-1.0, 120.5])
def test_an_age_of_no_person_is_refused(age_years: float) -> None:
    with pytest.raises(UsageError, match="age"):
        MeasureOptions(age_years=age_years)


def test_a_side_that_is_none_is_refused_before_any_work() -> None:
    wrong: Any = "left"
    with pytest.raises(UsageError, match="L, R or none"):
        MeasureOptions(affected=wrong)
