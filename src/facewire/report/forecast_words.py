"""Words about a forecast: its days, and what it expects to change, always with an interval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from facewire.face import VECTOR_REGIONS, Movement, Region, Side
from facewire.words import mm, number, region_term, sentence, side_word, translate, with_interval

Document = Mapping[str, Any]

LEAST_MM = 0.3
"""Smaller simulated changes are not told."""

MOST_TOLD = 2


def day_label(forecast: Document, day: int) -> str:
    """Return a day in words, with its date where the forecast has one."""
    label = translate("day {day}").format(day=day)
    if forecast["start_date"] is None:
        return label
    when = date.fromisoformat(forecast["start_date"]) + timedelta(days=day)
    return f"{label} ({when.isoformat()})"


def map_place(forecast: Document, day: int) -> int:
    """Return the place of the last day of the map that is not after a day."""
    return max(i for i, one in enumerate(forecast["map_days"]) if one <= day)


def change_words(forecast: Document, movement: Movement, day: int) -> str:
    """Say what changes most in a movement from day 0 to a day, in mm with 95 % intervals.

    Parameters
    ----------
    forecast : mapping
        ``facewire.forecast/1``.
    movement : Movement
    day : int
        The map's last day up to it is told.
    """
    if day == 0:
        return translate("Day 0: the simulation begins at what was measured; nothing has changed.")
    place = map_place(forecast, day)
    rows = [row for row in forecast["voluntary"] if row["movement"] == movement]
    rows = [r for r in rows if r["region"] != Region.CHIN]
    told = sorted(rows, key=lambda row: -_size(row, place))[:MOST_TOLD]
    parts = [_row_words(row, place) for row in told if _size(row, place) >= LEAST_MM]
    if not parts:
        return translate("The simulation expects no change above {least} here.").format(
            least=mm(LEAST_MM)
        )
    shown = translate("Simulated, total movement:")
    note = _note(forecast, place, day)
    return f"{shown} {'; '.join(parts)}.{note}"


def _note(forecast: Document, place: int, day: int) -> str:
    told = forecast["map_days"][place]
    if told == day:
        return ""
    return " " + translate("(Numbers of day {day}.)").format(day=told)


def _size(row: Document, place: int) -> float:
    now, then = row["excursion_mm"][0], row["excursion_mm"][place]
    return 0.0 if now is None or then is None else abs(then - now)


def _row_words(row: Document, place: int) -> str:
    region, side = Region(row["region"]), Side(row["side"])
    name = translate("{side} {region}").format(side=side_word(side), region=region_term(region))
    return translate("{name} {now} at day 0, then {then}").format(
        name=sentence(name), now=_course_text(row, 0), then=_course_text(row, place)
    )


def _course_text(row: Document, place: int) -> str:
    signed = Region(row["region"]) not in VECTOR_REGIONS
    at = {key: row[key][place] for key in ("excursion_mm", "ci_low", "ci_high")}
    value = mm(number(at, "excursion_mm"), signed=signed)
    return with_interval(value, number(at, "ci_low"), number(at, "ci_high"))
