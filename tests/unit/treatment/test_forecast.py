"""The forecast as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facewire.face import MOVEMENTS, REGIONS, SIDES
from facewire.face.muscles import SIDE_CHANNEL_INDEX
from facewire.results.estimate import Kind
from facewire.results.forecast import Course, Forecast
from facewire.results.wiring import InferredFrom
from facewire.treatment import Band, BotulinumToxin, BrowLift, forecast, simulate
from made_treatments import EVERY, ONA, L, R, faces
from planning_face import wiring
from simulated.treated import schedule

TOXIN = BotulinumToxin(L, "orbicularis_oculi_pretarsal", ONA, units=10.0, weakening_percent=50.0)
PLAN = schedule([(3, TOXIN), (9, BrowLift(L))], days=40)
COURSE = simulate(faces(), PLAN, affected_side=L)
FOUND = forecast(faces(), PLAN, affected_side=L)
DOCUMENT = FOUND.plain()


def test_it_is_written_and_read_again(tmp_path: Path) -> None:
    FOUND.write(tmp_path / "forecast.json")
    assert Forecast.read(tmp_path / "forecast.json") == FOUND


def test_a_number_of_a_day_is_simulated_and_has_its_deviation() -> None:
    place = FOUND.map_days.index(14)
    one = FOUND.involuntary[0].at(place)
    assert one is not None
    assert (one.kind, one.unit) == (Kind.SIMULATED, "mm")
    band = COURSE.involuntary_mm
    told = [float(getattr(band, n)[14, 0, 0, 0]) for n in ("value", "sd", "ci_low", "ci_high")]
    assert [one.value, one.needed_sd, one.low, one.high] == pytest.approx(told, abs=0.006)


@pytest.mark.parametrize("treatment", EVERY, ids=[t.kind for t in EVERY])
def test_every_treatment_fits_the_schema(treatment: BotulinumToxin) -> None:
    found = forecast(faces(), schedule([(0, treatment)], days=30), affected_side=L)
    assert found.treatments[0].kind == treatment.kind
    assert Forecast.from_json(found.to_json()) == found


def test_it_says_that_it_is_simulated() -> None:
    assert DOCUMENT["kind"] == "simulated"
    assert DOCUMENT["statement"].startswith("Simulated, not measured")
    assert DOCUMENT["summary"]["sunnybrook"]["label"] == "estimate, not validated"


def test_summary_is_daily_and_the_map_weekly_with_both_sides_of_a_step() -> None:
    assert DOCUMENT["days"] == list(range(41))
    assert DOCUMENT["map_days"] == [0, 2, 3, 7, 8, 9, 14, 21, 28, 35, 40]
    assert len(DOCUMENT["summary"]["sunnybrook"]["composite"]["points"]) == 41
    assert {len(row["change_mm"]) for row in DOCUMENT["involuntary"]} == {11}


def told(course: Course) -> np.ndarray:
    """Middle, deviation and ends of a course, a row a day."""
    low, high = course.ends()
    sd = getattr(course, course.COLUMNS.sd)
    return np.array([course.middle, sd, low, high], dtype=float).T


def simulated(band: Band, place: tuple[Any, ...]) -> np.ndarray:
    parts = (band.value, band.sd, band.ci_low, band.ci_high)
    return np.array([part[place] for part in parts], dtype=float).T


def test_numbers_are_those_of_the_simulation_in_every_row() -> None:
    days = np.array(FOUND.map_days)
    pairs = [(FOUND.involuntary, COURSE.involuntary_mm), (FOUND.voluntary, COURSE.voluntary_mm)]
    for rows, band in pairs:
        for row in rows:
            place = (SIDES.index(row.side), MOVEMENTS.index(row.movement))
            expected = simulated(band, (days, *place, REGIONS.index(row.region)))
            assert told(row) == pytest.approx(expected, abs=0.006)
    for row in FOUND.rest:
        place = (SIDES.index(row.side), SIDE_CHANNEL_INDEX[row.region, row.component])
        expected = simulated(COURSE.rest_mm, (days, *place))
        assert told(row) == pytest.approx(expected, abs=0.006, nan_ok=True)


def test_the_summary_is_that_of_the_simulation() -> None:
    summary, every = FOUND.summary, slice(None)
    for i, movement in enumerate(MOVEMENTS):
        expected = simulated(COURSE.symmetry_percent, (every, i))
        assert told(summary.movement_symmetry[movement]) == pytest.approx(expected, abs=0.006)
    for i, name in enumerate(("eye", "brow", "commissure")):
        expected = simulated(COURSE.rest_difference_mm, (every, i))
        course = getattr(summary.rest_difference, name)
        assert told(course) == pytest.approx(expected, abs=0.006, nan_ok=True)


def test_pictures_are_those_of_the_simulation() -> None:
    for row in FOUND.pictures.movements:
        for s, side in enumerate(SIDES):
            expected = COURSE.picture_mm[:, s, MOVEMENTS.index(row.movement)]
            assert np.array(row.of(side), dtype=float) == pytest.approx(expected, abs=0.006)


def test_what_is_known_of_the_wiring_travels_along() -> None:
    model = wiring({}, R, side_confirmed=False, source=InferredFrom(subject="P1"))
    found = forecast(model, schedule([], days=5))
    assert (found.affected_side, found.side_confirmed) == (R, False)
    assert found.source.subject == "P1"


def test_a_size_that_nobody_published_is_null_with_its_direction() -> None:
    row = next(r for r in DOCUMENT["rest"] if r["region"] == "brow" and r["side"] == "L")
    after = np.array(DOCUMENT["map_days"]) >= 9
    assert [value is None for value in row["shift_mm"]] == after.tolist()
    assert DOCUMENT["directions"][0]["direction"] == "up"
    assert "no published" in DOCUMENT["directions"][0]["reason"]


def test_treatments_carry_their_sources_and_only_doses_that_may_be_shown() -> None:
    row = DOCUMENT["treatments"][0]
    assert {s["id"] for s in row["sources"]} >= {"toxin_onset", "toxin_duration"}
    assert all(s["citation"] for s in row["sources"])
    assert [(d["product"], d["low"], d["high"]) for d in row["printed_doses"]] == [
        (ONA, 1.25, 2.5),
        (ONA, 5, 20),
        (ONA, 2.5, 2.5),
    ]
    assert row["units"] == 10.0


def test_pictures_show_every_channel_before_and_after() -> None:
    pictures = DOCUMENT["pictures"]
    assert len(pictures["movements"]) == 8
    assert np.array(pictures["movements"][0]["L"]).shape == (len(pictures["days"]), 10)
