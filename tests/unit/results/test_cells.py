"""Rows of the map: a vector keeps its covariance; without deviations there is no vector."""

from __future__ import annotations

import pytest

from facewire.face import Movement, Region, Side
from facewire.results.cells import SynkinesisCell, VoluntaryCell

PLACE = {
    "movement": Movement.EYE_CLOSE_TIGHT,
    "region": Region.COMMISSURE,
    "side": Side.RIGHT,
    "across_mm": 1.5,
    "up_mm": 2.0,
    "ci_low": 2.1,
    "ci_high": 2.9,
}
ERRORS = {"across_sd_mm": 0.2, "up_sd_mm": 0.3, "covariance_mm2": -0.03}


def test_a_vector_keeps_its_deviations_and_their_covariance() -> None:
    for cell in (
        SynkinesisCell(**PLACE, **ERRORS, change_mm=2.5, change_sd_mm=0.2),  # type: ignore[arg-type]
        VoluntaryCell(**PLACE, **ERRORS, excursion_mm=2.5, excursion_sd_mm=0.2),  # type: ignore[arg-type]
    ):
        found = cell.displacement
        assert found is not None
        assert (found.across_mm, found.up_mm) == (1.5, 2.0)
        assert (found.across_sd_mm, found.up_sd_mm, found.covariance_mm2) == (0.2, 0.3, -0.03)


def test_a_vector_without_deviations_is_not_made_one() -> None:
    cell = SynkinesisCell(**PLACE, change_mm=2.5)  # type: ignore[arg-type]
    assert cell.displacement is None


def test_a_covariance_larger_than_its_deviations_is_refused() -> None:
    with pytest.raises(ValueError, match="covariance"):
        SynkinesisCell(**{**PLACE, **ERRORS, "covariance_mm2": 0.07}, change_mm=2.5)  # type: ignore[arg-type]
