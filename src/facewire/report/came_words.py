"""A forecast beside what came: the same quantities on one day, simulated and measured."""

from __future__ import annotations

from collections.abc import Iterator

from facewire.findings.beyond_measured import came_as_forecast
from facewire.report.forecast_courses import told_rows
from facewire.results.forecast import Forecast, InvoluntaryCourse
from facewire.results.measurement import Measurement
from facewire.words import (
    mm,
    movement_name,
    sentence,
    side_region,
    translate,
    with_interval,
)


def rows(forecast: Forecast, result: Measurement, day: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield what was forecast for a day and what was measured on it, in words.

    Parameters
    ----------
    forecast : Forecast
    result : Measurement
        Measured on that day.
    day : int
        Since the forecast's day 0; the map is simulated every seventh day, the nearest counts.

    Yields
    ------
    tuple of str
        The movement and region, both numbers with their intervals, and whether the two differ by
        more than both intervals allow.
    """
    if not forecast.map_days or day > forecast.map_days[-1]:
        return
    place = min(range(len(forecast.map_days)), key=lambda i: abs(forecast.map_days[i] - day))
    for row in told_rows(forecast):
        made = _one(row, result, place)
        if made is not None:
            yield made


def _one(
    row: InvoluntaryCourse, result: Measurement, place: int
) -> tuple[str, str, str, str] | None:
    wanted = (row.movement, row.region, row.side)
    cells = [c for c in result.synkinesis if (c.movement, c.region, c.side) == wanted]
    expected, found = row.at(place), cells[0].number("change_mm") if cells else None
    if expected is None or found is None:
        return None
    as_forecast = came_as_forecast(expected, found)
    words = {
        True: translate("as forecast, within both intervals"),
        False: translate("other than forecast"),
        None: translate("cannot be told"),
    }
    name = f"{sentence(movement_name(row.movement))}: {side_region(row.region, row.side)}"
    numbers = [
        with_interval(mm(one.value, signed=True), one.low, one.high) for one in (expected, found)
    ]
    return name, numbers[0], numbers[1], words[as_forecast]
