"""What measured maps say about one face: changes and their standard deviations, as arrays.

Sides are in the order of `facewire.face.SIDES`, movements of ``MOVEMENTS``, channels of
``SIDE_CHANNELS``. The other side's channels are read on that side's own axes (outward positive).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, REGIONS, SIDES, Region, Side, moves_on_purpose
from facewire.face.muscles import SIDE_CHANNEL_INDEX, SIDE_CHANNELS
from facewire.wiring.state import N_CHANNELS, N_MOVEMENTS, N_SIDES

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MEASUREMENT_SCHEMA = "facewire.measurement/1"
Z95 = 1.959964

SHARED_VARIANCE = 0.5
"""Part of the variance that recordings of the same face share: what the tracker leaves
uncorrected comes back each time. An assumption, not measured."""


@dataclass(frozen=True)
class Observations:
    """Changes of one face.

    Parameters
    ----------
    affected : Side or None
        None for a healthy face.
    total_mm, total_sd_mm : ndarray, shape (2, 8, 10)
        Hold minus rest. NaN where not measured.
    involuntary_mm, involuntary_sd_mm : ndarray, shape (2, 8, 10)
        The part that does not belong to the movement; NaN in regions that the movement moves on
        purpose, and on the side that is the reference.
    rest_mm : ndarray, shape (2, 10)
        Where the channels stand at rest; NaN where not measured.
    rest_sd_mm : ndarray, shape (2, 10)
    difference_mm, difference_sd_mm : ndarray, shape (2, 10)
        At rest, this side minus the other.
    """

    affected: Side | None
    total_mm: FloatArray
    total_sd_mm: FloatArray
    involuntary_mm: FloatArray
    involuntary_sd_mm: FloatArray
    rest_mm: FloatArray
    rest_sd_mm: FloatArray
    difference_mm: FloatArray
    difference_sd_mm: FloatArray

    def recorded(self, side: int) -> BoolArray:
        """Return which movements were measured on a side, shape (8,)."""
        return np.asarray(np.isfinite(self.total_mm[side]).any(axis=1))


def purpose_mask() -> BoolArray:
    """Return where a movement moves a channel on purpose, shape (8, 10)."""
    return np.array([[moves_on_purpose(m, r) for r, _ in SIDE_CHANNELS] for m in MOVEMENTS])


def observe(results: Sequence[Mapping[str, Any]]) -> Observations:
    """Read one or several measurement files of the same person.

    Parameters
    ----------
    results : sequence of mapping
        Documents ``facewire.measurement/1``.

    Returns
    -------
    Observations
        Several files are pooled, weighed by their variances; part of the variance is shared.

    Raises
    ------
    UsageError
        There is no file, one is no measurement, or two contradict each other.
    """
    if not results:
        raise UsageError("There is no measurement to infer a wiring from", expected="one or more")
    for result in results:
        check_measurement(result)
    affected = _one_affected_side(results)
    return _pool([_one(result, affected) for result in results])


def check_measurement(result: Mapping[str, Any]) -> None:
    """Raise UsageError where a document is not a measurement with the parts that are read here."""
    found = result.get("schema") if isinstance(result, Mapping) else type(result).__name__
    if found != MEASUREMENT_SCHEMA:
        raise UsageError(
            "This is not a measurement file",
            expected=f'"schema": "{MEASUREMENT_SCHEMA}"',
            found=f'"schema": "{found}"',
            do="give the JSON file that `facewire measure` wrote",
        )
    missing = [k for k in ("voluntary", "synkinesis", "rest", "side_status") if k not in result]
    if missing:
        raise UsageError("The measurement file lacks parts", found=f"no {', '.join(missing)}")


def _one_affected_side(results: Sequence[Mapping[str, Any]]) -> Side | None:
    sides = {_affected_side(result) for result in results}
    subjects = {result.get("subject") for result in results} - {None}
    if len(subjects) > 1:
        raise UsageError(
            "The measurements are of different subjects",
            found=", ".join(sorted(map(str, subjects))),
            do="give measurements of one person only",
        )
    if len(sides) > 1:
        raise UsageError(
            "The measurements disagree on the affected side",
            found=", ".join(sorted("none" if s is None else s.word for s in sides)),
            do="measure again with --affected L, R or none",
        )
    return sides.pop()


def _affected_side(result: Mapping[str, Any]) -> Side | None:
    status, side = result["side_status"], result.get("side_affected")
    if status == "none" or (status == "stated" and side is None):
        return None
    if status in ("undecided", "both") or side not in tuple(SIDES):
        raise UsageError(
            "The wiring needs one affected side and one side to compare with",
            expected="side_affected L or R, or side_status none for a healthy face",
            found=f"side_status {status}, side_affected {side}",
            do="measure again with --affected L, R or none",
        )
    return Side(side)


def _one(result: Mapping[str, Any], affected: Side | None) -> Observations:
    total, total_sd = _table(result["voluntary"], "excursion_mm")
    inner, inner_sd = _table(result["synkinesis"], "change_mm")
    inner[:, purpose_mask()] = np.nan
    if affected is None:
        inner, inner_sd = _against_other_side(total, total_sd)
    else:
        inner[SIDES.index(affected.other)] = np.nan
    return Observations(affected, total, total_sd, inner, inner_sd, *_rest(result["rest"]))


def _against_other_side(total: FloatArray, sd: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Each side of a healthy face against the other, in the regions not moved on purpose."""
    change = total - total[::-1]
    change_sd = np.sqrt(sd**2 + sd[::-1] ** 2)
    change[:, purpose_mask()] = np.nan
    chin = [k for k, (region, _) in enumerate(SIDE_CHANNELS) if region is Region.CHIN]
    change[..., chin], change_sd[..., chin] = total[..., chin], sd[..., chin]
    change[:, purpose_mask()] = np.nan
    return change, change_sd


def _table(rows: Sequence[Mapping[str, Any]], key: str) -> tuple[FloatArray, FloatArray]:
    values = np.full((N_SIDES, N_MOVEMENTS, N_CHANNELS), np.nan)
    sds = values.copy()
    for row in rows:
        low, high = row.get("ci_low"), row.get("ci_high")
        if row["side"] not in tuple(SIDES) or low is None or high is None:
            continue
        place = SIDES.index(Side(row["side"])), _index(MOVEMENTS, row["movement"], "movement")
        region = REGIONS[_index(REGIONS, row["region"], "region")]
        for component, value in _components(row, key).items():
            if value is not None and (region, component) in SIDE_CHANNEL_INDEX:
                column = SIDE_CHANNEL_INDEX[region, component]
                values[(*place, column)] = value
                sds[(*place, column)] = max((high - low) / (2 * Z95), 1e-6)
    return values, sds


def _components(row: Mapping[str, Any], key: str) -> dict[str, float | None]:
    return {"height": row.get(key), "across": row.get("across_mm"), "up": row.get("up_mm")}


def _index(words: Sequence[str], word: str, what: str) -> int:
    names = [str(w) for w in words]
    if word not in names:
        raise UsageError(f"There is no such {what}", expected=", ".join(names), found=str(word))
    return names.index(word)


def _rest(
    rows: Sequence[Mapping[str, Any]],
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    position = np.full((N_SIDES, N_CHANNELS), np.nan)
    found = [position, position.copy(), position.copy(), position.copy()]
    for row in rows:
        column = SIDE_CHANNEL_INDEX[
            REGIONS[_index(REGIONS, row["region"], "region")], row["component"]
        ]
        sides = [SIDES.index(Side(row["side"]))] if row["side"] else range(N_SIDES)
        for side in sides:
            for target, value, low, high in (
                (0, "position_mm", "ci_low", "ci_high"),
                (2, "difference_mm", "difference_ci_low", "difference_ci_high"),
            ):
                if all(row.get(k) is not None for k in (value, low, high)):
                    found[target][side, column] = row[value]
                    found[target + 1][side, column] = (row[high] - row[low]) / (2 * Z95)
    return found[0], found[1], found[2], found[3]


def _pool(each: Sequence[Observations]) -> Observations:
    if len(each) == 1:
        return each[0]
    pairs = (
        ("total_mm", "total_sd_mm"),
        ("involuntary_mm", "involuntary_sd_mm"),
        ("rest_mm", "rest_sd_mm"),
        ("difference_mm", "difference_sd_mm"),
    )
    pooled: dict[str, FloatArray] = {}
    for value, sd in pairs:
        values = np.stack([getattr(one, value) for one in each])
        pooled[value], pooled[sd] = _weighted(values, np.stack([getattr(o, sd) for o in each]))
    return Observations(affected=each[0].affected, **pooled)


def _weighted(values: FloatArray, sds: FloatArray) -> tuple[FloatArray, FloatArray]:
    known = np.isfinite(values) & np.isfinite(sds)
    weights = np.where(known, 1.0 / np.where(known, sds, 1.0) ** 2, 0.0)
    total = weights.sum(axis=0)
    some = total > 0
    safe = np.where(some, total, 1.0)
    mean = (weights * np.where(known, values, 0.0)).sum(axis=0) / safe
    count = np.maximum(known.sum(axis=0), 1)
    one = count / safe
    variance = SHARED_VARIANCE * one + (1.0 - SHARED_VARIANCE) * one / count
    return np.where(some, mean, np.nan), np.where(some, np.sqrt(variance), np.nan)
