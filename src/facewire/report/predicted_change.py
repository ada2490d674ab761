"""What a forecast expects to change: in words, in millimetres, as arrows on a drawn face.

In words always with an interval; drawn where the person's own mesh is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from facewire.face import VECTOR_REGIONS, Movement, Region, Side
from facewire.figures.drawn_face import POSES, FaceShape, anchor, face_shape
from facewire.figures.mesh_change import column
from facewire.results.forecast import Forecast, SidesPicture, VoluntaryCourse
from facewire.words import (
    day_words,
    mm,
    region_term,
    sentence,
    side_word,
    translate,
    with_interval,
)

FloatArray = NDArray[np.float64]

LEAST_MM = 0.3
"""Smaller simulated changes are neither told nor drawn."""

MOST_TOLD = 2

PICTURE_PER_MM = 9.0
"""Arrows are drawn larger than life, picture units for one millimetre."""

COMPONENTS = {
    Region.EYE: (None, "height"),
    Region.BROW: (None, "height"),
    Region.COMMISSURE: ("across", "up"),
    Region.UPPER_LIP: (None, "height"),
    Region.LOWER_LIP: (None, "height"),
    Region.ALA: ("across", "up"),
}


def day_label(forecast: Forecast, day: int) -> str:
    """Return a day in words, with its date where the forecast has one."""
    label = translate("day {day}").format(day=day)
    if forecast.start_date is None:
        return label
    when = date.fromisoformat(forecast.start_date) + timedelta(days=day)
    return f"{label} ({day_words(when)})"


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


@dataclass(frozen=True)
class Changes:
    """Predicted change of every channel since day 0, mm; unknown sizes are taken as none.

    Parameters
    ----------
    rest : ndarray, shape (n_days, 20)
        Of the resting face.
    moves : dict of Movement to ndarray, shape (n_days, 20)
        Of the held movement against the head, the rest's own change included.
    """

    rest: FloatArray
    moves: dict[Movement, FloatArray]


def predicted_changes(forecast: Forecast) -> Changes:
    """Return what a forecast says changes, for its picture days."""
    pictures = forecast.pictures
    rest = _since_first(pictures.rest)
    return Changes(rest, {row.movement: rest + _since_first(row) for row in pictures.movements})


def _since_first(sides: SidesPicture) -> FloatArray:
    values = np.concatenate([np.array(sides.of(side), dtype=float) for side in Side], axis=1)
    since: FloatArray = np.nan_to_num(values - values[:1], nan=0.0)
    return since


@dataclass(frozen=True)
class Arrow:
    """From the region's place to where it is predicted to go, picture units, enlarged."""

    x: float
    y: float
    to_x: float
    to_y: float


@dataclass(frozen=True)
class SchematicView:
    """What the template shows without a mesh: the movement that changes most."""

    shape: FaceShape
    arrows: tuple[Arrow, ...]
    movement: Movement
    day: int


def schematic_view(forecast: Forecast) -> SchematicView:
    """Draw the largest predicted change of a forecast on a face that is nobody's.

    Parameters
    ----------
    forecast : Forecast
    """
    change = predicted_changes(forecast)
    sizes = {name: np.abs(rows).sum(axis=1) for name, rows in change.moves.items()}
    name = max(sizes, key=lambda one: float(sizes[one].max()))
    place = int(np.argmax(sizes[name]))
    movement, day = Movement(name), forecast.pictures.days[place]
    return SchematicView(
        shape=face_shape(POSES[movement]),
        arrows=_arrows(change.moves[name][place], movement),
        movement=movement,
        day=day,
    )


def _arrows(change_mm: FloatArray, movement: Movement) -> tuple[Arrow, ...]:
    found = []
    for side in Side:
        for region, (across, up) in COMPONENTS.items():
            outward = 0.0 if across is None else float(change_mm[column(side, region, across)])
            rise = float(change_mm[column(side, region, up)])
            if np.hypot(outward, rise) < LEAST_MM:
                continue
            x, y = anchor(region, side, POSES[movement])
            to_left = outward if side is Side.LEFT else -outward
            end = (x + to_left * PICTURE_PER_MM, y - rise * PICTURE_PER_MM)
            found.append(Arrow(*(round(value, 1) for value in (x, y, *end))))
    return tuple(found)
