"""A schematic face with the predicted change as arrows: where the person's own mesh is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from facewire.face import Movement, Region, Side
from facewire.figures.drawn_face import POSES, FaceShape, anchor, face_shape
from facewire.figures.mesh_change import column
from facewire.report.forecast_words import change_words, day_label
from facewire.report.moving_mesh import predicted_changes
from facewire.results.forecast import Forecast
from facewire.words import movement_name, sentence

PICTURE_PER_MM = 9.0
"""Arrows are drawn larger than life, picture units for one millimetre."""

LEAST_MM = 0.3

COMPONENTS = {
    Region.EYE: (None, "height"),
    Region.BROW: (None, "height"),
    Region.COMMISSURE: ("across", "up"),
    Region.UPPER_LIP: (None, "height"),
    Region.LOWER_LIP: (None, "height"),
    Region.ALA: ("across", "up"),
}


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
    movement: str
    day: str
    words: str


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
        movement=sentence(movement_name(movement)),
        day=day_label(forecast, day),
        words=change_words(forecast, movement, day),
    )


def _arrows(change_mm: np.ndarray[Any, Any], movement: Movement) -> tuple[Arrow, ...]:
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
