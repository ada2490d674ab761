"""A forecast as a file, ``facewire.forecast/1``: simulated, and saying so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENTS, REGIONS, SIDES
from facewire.face.muscles import SIDE_CHANNELS
from facewire.treatment.conflicts import Scheduled
from facewire.treatment.doses import printed_doses
from facewire.treatment.facts import Dose, fact
from facewire.treatment.forecast import (
    RESTING_NAMES,
    SIMULATED,
    Band,
    DatedDirection,
    Forecast,
)
from facewire.treatment.sunnybrook import LABEL, PARTS
from facewire.treatment.toxin import BotulinumToxin
from facewire.version import facewire_version
from facewire.words import mark

FORECAST_SCHEMA = "facewire.forecast/1"
MAP_EVERY_DAYS = 7
DECIMALS = 2


def forecast_document(
    forecast: Forecast, source: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a forecast in its published form.

    Parameters
    ----------
    forecast : Forecast
    source : mapping, optional
        What the face was inferred from.

    Returns
    -------
    dict
        JSON values, ``facewire.forecast/1``. Summary numbers for every day, the whole map for
        every seventh day, the day before and the day of each treatment, and the last; null where
        no size is known, with an entry of ``directions``.
    """
    weeks = _map_days(forecast)
    side = forecast.affected_side
    return {
        "schema": FORECAST_SCHEMA,
        "kind": "simulated",
        "statement": SIMULATED,
        "facewire": facewire_version(),
        "affected_side": None if side is None else str(side),
        "side_confirmed": forecast.side_confirmed,
        "source": dict(source or {}),
        "draws": forecast.draws,
        "seed": forecast.plan.seed,
        "start_date": None if forecast.plan.start is None else forecast.plan.start.isoformat(),
        "onset_day": forecast.plan.onset_day,
        "days": [int(day) for day in forecast.days],
        "shown_days": list(forecast.shown_days),
        "map_days": [int(day) for day in weeks],
        "warnings": list(forecast.warnings),
        "treatments": [_treatment_row(s) for s in forecast.plan.treatments],
        "directions": [_direction_row(d) for d in forecast.directions],
        "involuntary": _map_rows(forecast.involuntary_mm, "change_mm", weeks),
        "voluntary": _map_rows(forecast.voluntary_mm, "excursion_mm", weeks),
        "rest": _rest_rows(forecast.rest_mm, weeks),
        "summary": _summary(forecast),
        "pictures": _pictures(forecast),
    }


def _map_days(forecast: Forecast) -> NDArray[np.intp]:
    """Every seventh day, both sides of each treatment, the last day."""
    last = int(forecast.days[-1])
    wanted = {*range(0, last + 1, MAP_EVERY_DAYS), last}
    for one in forecast.plan.treatments:
        wanted |= {one.day - 1, one.day}
    return np.array(sorted(d for d in wanted if 0 <= d <= last), dtype=np.intp)


def _treatment_row(one: Scheduled) -> dict[str, Any]:
    treatment = one.treatment
    row: dict[str, Any] = {
        "kind": treatment.kind,
        "day": one.day,
        "side": str(treatment.side),
        **treatment.settings(),
        "sources": [_fact_row(name) for name in treatment.fact_ids()],
        "risks": [_fact_row(name) for name in treatment.risks],
    }
    if isinstance(treatment, BotulinumToxin):
        row["printed_doses"] = [_dose_row(dose) for dose in printed_doses(treatment)]
    return row


def _fact_row(name: str) -> dict[str, Any]:
    found = fact(name)
    names = ("value", "low", "high", "sd")
    numbers = {n: getattr(found, n) for n in names if getattr(found, n) == getattr(found, n)}
    keys = ("id", "unit", "status", "use", "citation")
    return {**{key: getattr(found, key) for key in keys}, **numbers}


def _dose_row(dose: Dose) -> dict[str, Any]:
    keys = ("product", "target", "basis", "low", "high", "citation", "status", "product_status")
    row = {key: getattr(dose, key) for key in keys}
    return row | {"note": mark("literature only; units of this product, never converted")}


def _direction_row(dated: DatedDirection) -> dict[str, Any]:
    way = dated.direction
    return {
        "from_day": dated.day,
        "quantity": way.quantity,
        "region": str(way.region),
        "side": str(way.side),
        "movements": [str(m) for m in way.movements],
        "direction": way.direction,
        "reason": way.reason,
    }


def _map_rows(band: Band, name: str, days: NDArray[np.intp]) -> list[dict[str, Any]]:
    return [
        {
            "movement": str(movement),
            "region": str(region),
            "side": str(side),
            **_course(band, name, (days, s, m, r)),
        }
        for m, movement in enumerate(MOVEMENTS)
        for r, region in enumerate(REGIONS)
        for s, side in enumerate(SIDES)
    ]


def _rest_rows(band: Band, days: NDArray[np.intp]) -> list[dict[str, Any]]:
    return [
        {
            "region": str(region),
            "component": component,
            "side": str(side),
            **_course(band, "shift_mm", (days, s, k)),
        }
        for k, (region, component) in enumerate(SIDE_CHANNELS)
        for s, side in enumerate(SIDES)
    ]


def _summary(forecast: Forecast) -> dict[str, Any]:
    every = slice(None)
    score, rest = forecast.sunnybrook, forecast.rest_difference_mm
    return {
        "sunnybrook": {
            "label": LABEL,
            **{part: _course(score, "points", (every, i)) for i, part in enumerate(PARTS)},
        },
        "rest_difference": {
            name: _course(rest, "difference_mm", (every, i)) for i, name in enumerate(RESTING_NAMES)
        },
        "movement_symmetry": {
            str(m): _course(forecast.symmetry_percent, "percent", (every, i))
            for i, m in enumerate(MOVEMENTS)
        },
    }


def _course(band: Band, name: str, place: tuple[Any, ...]) -> dict[str, Any]:
    return {
        name: numbers(band.value[place]),
        "ci_low": numbers(band.ci_low[place]),
        "ci_high": numbers(band.ci_high[place]),
    }


def numbers(values: NDArray[Any]) -> list[Any]:
    """Return an array as rounded JSON numbers, null for NaN."""
    rounded = np.round(values.astype(float), DECIMALS) + 0.0
    plain = rounded.astype(object)
    plain[np.isnan(rounded)] = None
    return list(plain.tolist())


def _pictures(forecast: Forecast) -> dict[str, Any]:
    return {
        "about": "mean simulated displacement of every channel, mm; movements from that day's "
        "rest, the resting face from day 0; straight lines between computed days; the chin is one "
        "point, on both sides the same",
        "days": list(forecast.picture_days),
        "channels": [f"{region}_{component}" for region, component in SIDE_CHANNELS],
        "movements": [
            {
                "movement": str(movement),
                **{
                    str(side): numbers(forecast.picture_mm[:, s, m]) for s, side in enumerate(SIDES)
                },
            }
            for m, movement in enumerate(MOVEMENTS)
        ],
        "rest": {
            str(side): numbers(forecast.picture_rest_mm[:, s]) for s, side in enumerate(SIDES)
        },
    }
