"""Measurement documents as the estimates read them: readings with standard deviations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from facewire.errors import UsageError
from facewire.face import Movement, Region, Side
from facewire.grading.ordinal import Z95, Reading

MEASURED = "facewire.measurement/1"
Row = Mapping[str, Any]


def check_result(result: Mapping[str, Any]) -> None:
    """Refuse what is not a measurement document.

    Raises
    ------
    UsageError
        It is of another kind.
    """
    if result.get("schema") != MEASURED:
        raise UsageError(
            "This is not a measurement", expected=MEASURED, found=repr(result.get("schema"))
        )


def map_row(
    result: Mapping[str, Any], part: str, movement: Movement, region: Region, side: Side
) -> Row:
    """Return a row of ``synkinesis`` or ``voluntary``; an empty one when it is not there.

    Parameters
    ----------
    result : mapping
    part : str
    movement : Movement
    region : Region
    side : Side
    """
    wanted = (str(movement), str(region), str(side))
    rows = result.get(part, ())
    return next((r for r in rows if (r["movement"], r["region"], r["side"]) == wanted), {})


def rest_row(result: Mapping[str, Any], region: Region, component: str, side: Side) -> Row:
    """Return a row of the resting face; an empty one when it is not there.

    Parameters
    ----------
    result : mapping
        A measurement.
    region : Region
    component : str
        ``height``, ``across`` or ``up``.
    side : Side
    """
    wanted = (str(region), component, str(side))
    rows = result.get("rest", ())
    return next((r for r in rows if (r["region"], r["component"], r["side"]) == wanted), {})


def reading_of(row: Row, value: str, low: str = "ci_low", high: str = "ci_high") -> Reading | None:
    """Return a number of a row with the standard deviation of its 95 % interval.

    Parameters
    ----------
    row : mapping
    value, low, high : str
        Keys.

    Returns
    -------
    Reading or None
        None when the number, or its interval, was not measured.
    """
    numbers = [row.get(key) for key in (value, low, high)]
    if any(n is None for n in numbers):
        return None
    middle, lowest, highest = (float(n) for n in numbers if n is not None)
    return Reading(middle, max(highest - lowest, 0.0) / (2.0 * Z95))


def ratio(part: Reading, whole: Reading) -> Reading:
    """Return part / whole with its standard deviation, to first order, errors independent."""
    value = part.value / whole.value
    return Reading(value, math.hypot(part.sd, value * whole.sd) / abs(whole.value))


def length(across: float, up: float, sd: float) -> float:
    """Return the length of a vector with the bias of its noise removed."""
    return math.sqrt(max(0.0, across**2 + up**2 - 2.0 * sd**2))
