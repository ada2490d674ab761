"""The face leads to one region: its most telling finding, rows, traces and frames."""

from __future__ import annotations

import math
from pathlib import Path

from facewire.face import MOVEMENTS, Region, Side
from facewire.report import face_spots, region_view
from facewire.results.measurement import Measurement
from unit.report.made_result import measured, synkinetic_result


def test_every_region_has_a_place_and_the_chin_has_one() -> None:
    spots = face_spots(measured(synkinetic_result())).spots
    assert len(spots) == 13
    assert sum(spot.region == "chin" for spot in spots) == 1
    by_place = {(spot.region, spot.side): spot for spot in spots}
    left, right = by_place["eye", "L"], by_place["eye", "R"]
    assert left.x > right.x
    assert math.isclose(left.x + right.x, 500)


def test_a_region_shows_its_largest_present_finding() -> None:
    result = synkinetic_result()
    rows = [
        row
        for row in result["synkinesis"]
        if row["side"] == result["side_affected"] and row["present"] and row["beyond_healthy"]
    ]
    assert rows
    worst = max(rows, key=lambda row: abs(row["change_mm"]))
    spots = {(spot.region, spot.side): spot for spot in face_spots(measured(result)).spots}
    spot = spots[worst["region"], worst["side"]]
    assert spot.cell.says == "synkinesis"
    assert spot.moves
    assert spot.cell.change_mm == worst["change_mm"]


def test_a_quiet_region_shows_no_number() -> None:
    result = synkinetic_result()
    for row in result["synkinesis"]:
        if row["change_mm"] is not None:
            row["present"] = row["detected"] = row["beyond_healthy"] = False
    assert not any(spot.moves for spot in face_spots(measured(result)).spots)


def test_rows_of_all_movements_and_traces(stored: tuple[Measurement, Path]) -> None:
    result, folder = stored
    view = region_view(measured(result), folder, Region.EYE, Side.LEFT)
    assert [cell.movement for cell, _ in view.rows] == list(MOVEMENTS)
    assert all(total is not None and total.movement is cell.movement for cell, total in view.rows)
    assert view.traces
    assert all("eye" in one.panels[0].description.lower() for one in view.traces)
    assert view.frames.frames


def test_without_files_the_rows_stay_and_the_reason_is_said() -> None:
    view = region_view(measured(synkinetic_result()), None, Region.CHIN, Side.RIGHT)
    assert len(view.rows) == 8
    assert view.traces == ()
    assert view.missing
