"""What measured maps say about one face: changes and their standard deviations, as arrays.

Sides are in the order of `facewire.face.SIDES`, movements of ``MOVEMENTS``, channels of
``SIDE_CHANNELS``. The other side's channels are read on that side's own axes (outward positive).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import (
    MOVEMENTS,
    SIDES,
    SMILES,
    VECTOR_REGIONS,
    VOLUNTARY_TARGETS,
    Component,
    Movement,
    Region,
    Side,
    moves_on_purpose,
)
from facewire.face.muscles import SIDE_CHANNEL_INDEX, SIDE_CHANNELS
from facewire.results.cells import RestCell, SynkinesisCell, VoluntaryCell
from facewire.results.measurement import Measurement
from facewire.results.wiring import SeenZone, Wiring, ZoneName
from facewire.wiring.state import N_CHANNELS, N_MOVEMENTS, N_SIDES

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LEAST_SD_MM = 1e-6

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


ZONES: dict[ZoneName, tuple[Movement, ...]] = {
    "brow": (Movement.BROW_RAISE,),
    "eye": (Movement.EYE_CLOSE_GENTLE,),
    "mouth": SMILES,
}
"""The zones that tell a stage, and the movements that each makes by itself."""
_ZONE_REGIONS: dict[ZoneName, tuple[Region, ...]] = {
    "brow": (Region.BROW,),
    "eye": (Region.EYE,),
    "mouth": (Region.COMMISSURE, Region.UPPER_LIP, Region.LOWER_LIP),
}


def seen_zones(seen: Observations, results: Sequence[Measurement]) -> tuple[SeenZone, ...]:
    """Return what could be seen of each zone of the affected side; () on a healthy face.

    Parameters
    ----------
    seen : Observations
    results : sequence of Measurement
        What they were read from: they say what was covered.
    """
    if seen.affected is None:
        return ()
    side = SIDES.index(seen.affected)
    total, inner = np.isfinite(seen.total_mm), np.isfinite(seen.involuntary_mm[side])
    found = []
    for zone, movements in ZONES.items():
        rows = [MOVEMENTS.index(m) for m in movements]
        aimed = [r is VOLUNTARY_TARGETS[movements[0]][0] for r, _ in SIDE_CHANNELS]
        own = [r in _ZONE_REGIONS[zone] for r, _ in SIDE_CHANNELS]
        moves = total[:, rows][..., aimed].all(axis=(0, 2)).any()
        goes_along = inner[:, own].any()
        hidden = not (moves and goes_along) and any(_covered(one, zone) for one in results)
        found.append(
            SeenZone(zone=zone, moves=bool(moves), goes_along=bool(goes_along), covered=hidden)
        )
    return tuple(found)


def _covered(result: Measurement, zone: ZoneName) -> bool:
    """Whether a zone's own movement was asked for and something covered the zone."""
    if result.coverage is None:
        return False
    asked = any(one.movement in ZONES[zone] and one.asked for one in result.coverage.movements)
    regions = [one for one in result.coverage.regions if one.region in _ZONE_REGIONS[zone]]
    return asked and any(one.seen_share < 1 for one in regions)


def watched(model: Wiring) -> tuple[Movement, ...]:
    """Return the movements that were recorded and whose own place was seen on both sides.

    A movement of a covered mouth or eye may tell of other places; what it does itself is not known.

    Parameters
    ----------
    model : Wiring
        Earlier versions do not say what was seen: then all that was recorded.
    """
    hidden: set[Movement] = set()
    for one in model.zones:
        if not one.moves:
            hidden |= set(ZONES[one.zone])
            if one.zone == "mouth" and not one.goes_along:
                hidden.add(Movement.LIP_PUCKER)
    return tuple(movement for movement in model.recorded if movement not in hidden)


def covered_in(model: Wiring) -> frozenset[Movement]:
    """Return the movements that were asked for and whose own place was covered.

    Parameters
    ----------
    model : Wiring
    """
    hidden: set[Movement] = set()
    for one in model.zones:
        if one.covered and not one.moves:
            hidden |= {*ZONES[one.zone], *((Movement.LIP_PUCKER,) if one.zone == "mouth" else ())}
    return frozenset(hidden)


def purpose_mask() -> BoolArray:
    """Return where a movement moves a channel on purpose, shape (8, 10)."""
    return np.array([[moves_on_purpose(m, r) for r, _ in SIDE_CHANNELS] for m in MOVEMENTS])


def observe(results: Sequence[Measurement]) -> Observations:
    """Read one or several measurements of the same person.

    Parameters
    ----------
    results : sequence of Measurement

    Returns
    -------
    Observations
        Several are pooled, weighed by their variances; part of the variance is shared.

    Raises
    ------
    UsageError
        There is none, two contradict each other, or a file of an earlier version holds no
        standard deviations.
    """
    if not results:
        raise UsageError("There is no measurement to infer a wiring from", expected="one or more")
    for result in results:
        result.refuse_without_deviations()
    affected = _one_affected_side(results)
    return _pool([_one(result, affected) for result in results])


def _one_affected_side(results: Sequence[Measurement]) -> Side | None:
    sides = {_affected_side(result) for result in results}
    subjects = {result.subject for result in results} - {None}
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


def _affected_side(result: Measurement) -> Side | None:
    if result.side_status in ("undecided", "both"):
        raise UsageError(
            "The wiring needs one affected side and one side to compare with",
            expected="side_affected L or R, or side_status none for a healthy face",
            found=f"side_status {result.side_status}",
            do="measure again with --affected L, R or none",
        )
    return result.side_affected


def _one(result: Measurement, affected: Side | None) -> Observations:
    total, total_sd = _changes(result.voluntary)
    inner, inner_sd = _changes(result.synkinesis)
    inner[:, purpose_mask()] = np.nan
    if affected is None:
        inner, inner_sd = _against_other_side(total, total_sd)
    else:
        inner[SIDES.index(affected.other)] = np.nan
    return Observations(affected, total, total_sd, inner, inner_sd, *_rest(result.rest))


def _against_other_side(total: FloatArray, sd: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Each side of a healthy face against the other, in the regions not moved on purpose."""
    change = total - total[::-1]
    change_sd = np.sqrt(sd**2 + sd[::-1] ** 2)
    change[:, purpose_mask()] = np.nan
    chin = [k for k, (region, _) in enumerate(SIDE_CHANNELS) if region is Region.CHIN]
    change[..., chin], change_sd[..., chin] = total[..., chin], sd[..., chin]
    change[:, purpose_mask()] = np.nan
    return change, change_sd


def _changes(cells: Sequence[VoluntaryCell | SynkinesisCell]) -> tuple[FloatArray, FloatArray]:
    """Return the changes and their own deviations, each of shape (2, 8, 10)."""
    values = np.full((N_SIDES, N_MOVEMENTS, N_CHANNELS), np.nan)
    sds = values.copy()
    for cell in cells:
        number = cell.number(cell.NUMBERS[0].value)
        if number is None:
            continue
        sd, moved = number.needed_sd, cell.displacement
        parts: dict[Component, tuple[float, float]] = {}
        if cell.region not in VECTOR_REGIONS:
            parts["height"] = number.value, sd
        elif moved is not None:
            parts["across"] = moved.across_mm, moved.across_sd_mm
            parts["up"] = moved.up_mm, moved.up_sd_mm
        for component, (value, own_sd) in parts.items():
            column = SIDE_CHANNEL_INDEX[cell.region, component]
            place = SIDES.index(cell.side), MOVEMENTS.index(cell.movement), column
            values[place], sds[place] = value, max(own_sd, LEAST_SD_MM)
    return values, sds


def _rest(cells: Sequence[RestCell]) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return positions and differences, each with its deviations, of shape (2, 10)."""
    found = np.full((4, N_SIDES, N_CHANNELS), np.nan)
    for cell in cells:
        column = SIDE_CHANNEL_INDEX[cell.region, cell.component]
        sides = range(N_SIDES) if cell.side is None else [SIDES.index(cell.side)]
        for row, number in ((0, cell.position), (2, cell.difference)):
            if number is not None:
                found[row, sides, column] = number.value
                found[row + 1, sides, column] = number.needed_sd
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
    found: dict[str, FloatArray] = {}
    for value, sd in pairs:
        values = np.stack([getattr(one, value) for one in each])
        found[value], found[sd] = pooled(values, np.stack([getattr(o, sd) for o in each]))
    return Observations(affected=each[0].affected, **found)


def pooled(values: FloatArray, sds: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return values of several recordings as one, with standard deviations; NaN where none is.

    Parameters
    ----------
    values, sds : ndarray, shape (recordings, ...)
    """
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
