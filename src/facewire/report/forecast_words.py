"""Words about a forecast: its days, and what it expects to change, always with an interval."""

from __future__ import annotations

from datetime import date, timedelta

from facewire.face import VECTOR_REGIONS, Movement, Region
from facewire.results.forecast import Forecast, VoluntaryCourse
from facewire.words import mm, region_term, sentence, side_word, translate, with_interval

LEAST_MM = 0.3
"""Smaller simulated changes are not told."""

MOST_TOLD = 2


def day_label(forecast: Forecast, day: int) -> str:
    """Return a day in words, with its date where the forecast has one."""
    label = translate("day {day}").format(day=day)
    if forecast.start_date is None:
        return label
    when = date.fromisoformat(forecast.start_date) + timedelta(days=day)
    return f"{label} ({when.isoformat()})"


def map_place(forecast: Forecast, day: int) -> int:
    """Return the place of the last day of the map that is not after a day."""
    return max(i for i, one in enumerate(forecast.map_days) if one <= day)


def change_words(forecast: Forecast, movement: Movement, day: int) -> str:
    """Say what changes most in a movement from day 0 to a day, in mm with 95 % intervals.

    Parameters
    ----------
    forecast : Forecast
    movement : Movement
    day : int
        The map's last day up to it is told.
    """
    if day == 0:
        return translate("Day 0: the simulation begins at what was measured; nothing has changed.")
    place = map_place(forecast, day)
    rows = [row for row in forecast.voluntary if row.movement is movement]
    rows = [row for row in rows if row.region is not Region.CHIN]
    told = sorted(rows, key=lambda row: -_size(row, place))[:MOST_TOLD]
    parts = [_row_words(row, place) for row in told if _size(row, place) >= LEAST_MM]
    if not parts:
        return translate("The simulation expects no change above {least} here.").format(
            least=mm(LEAST_MM)
        )
    shown = translate("Simulated, total movement:")
    note = _note(forecast, place, day)
    return f"{shown} {'; '.join(parts)}.{note}"


def _note(forecast: Forecast, place: int, day: int) -> str:
    told = forecast.map_days[place]
    if told == day:
        return ""
    return " " + translate("(Numbers of day {day}.)").format(day=told)


def _size(row: VoluntaryCourse, place: int) -> float:
    now, then = row.excursion_mm[0], row.excursion_mm[place]
    return 0.0 if now is None or then is None else abs(then - now)


def _row_words(row: VoluntaryCourse, place: int) -> str:
    name = translate("{side} {region}").format(
        side=side_word(row.side), region=region_term(row.region)
    )
    return translate("{name} {now} at day 0, then {then}").format(
        name=sentence(name), now=_course_text(row, 0), then=_course_text(row, place)
    )


def _course_text(row: VoluntaryCourse, place: int) -> str:
    at = row.at(place)
    if at is None:
        return mm(None)
    return with_interval(mm(at.value, signed=row.region not in VECTOR_REGIONS), at.low, at.high)
