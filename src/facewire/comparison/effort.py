"""Involuntary parts at one voluntary amplitude, against one reference.

A smaller smile is no cure: parts are compared at the amplitude that the visits share. And the
involuntary part is the whole movement minus what a healthy face would do, which is read from the
other side and from norms. Were it read anew at each visit, an other side that was treated or became
tired would look like a change of the affected one. So the first visit's physiological part, for
each mm of voluntary movement, stays the reference of all later visits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.comparison.visits import Effort, Place, Visit
from facewire.face import REGIONS, VECTOR_REGIONS
from facewire.results.cells import SynkinesisCell, VoluntaryCell
from facewire.results.estimate import Z95, Displacement, Estimate

FloatArray = NDArray[np.float64]

LEAST_EFFORT_MM = 1.0
"""Below this a movement is too small to compare what goes along with it."""


def common_effort_mm(one: Effort, two: Effort, sd_mm: float) -> float | None:
    """Return the middle of the amplitudes that both visits cover, or None.

    Parameters
    ----------
    one, two : Effort
        Amplitudes of the repetitions.
    sd_mm : float
        Uncertainty of the difference of two amplitudes; ranges that miss each other by less than
        it allows still meet.
    """
    low, high = max(one.low_mm, two.low_mm), min(one.high_mm, two.high_mm)
    return (low + high) / 2 if low <= high + Z95 * sd_mm else None


def effort_sd_mm(first: Visit, later: Visit, place: Place) -> float:
    """Return the standard deviation of the difference of two visits' amplitudes, mm."""
    movement, _, side = place
    sds = []
    for visit in (first, later):
        own = [visit.total((movement, region, side)) for region in REGIONS]
        known = [number for number in own if number is not None]
        largest = max(known, key=lambda number: abs(number.value), default=None)
        sds.append(largest.needed_sd if largest else 0.0)
    return math.hypot(*sds)


def at_effort(first: Visit, later: Visit, place: Place, at_mm: float) -> Estimate | None:
    """Return a visit's involuntary part at one amplitude, against the first visit's reference.

    Parameters
    ----------
    first : Visit
        Its physiological part, for each mm of voluntary movement, is the reference.
    later : Visit
        May be the first one.
    place : Place
    at_mm : float
        The voluntary amplitude.

    Returns
    -------
    Estimate or None
        None where it was not measured. Its error is that of the part as measured: people filmed
        twice differ by less than that, also against the frozen reference
        (``benchmarks/bench_repeatability.py``). Of a vector it is the error along the direction
        that the vector takes against the frozen reference.
    """
    part, effort, start = later.involuntary(place), later.effort(place), first.effort(place)
    if part is None or effort is None or start is None:
        return None
    factor = at_mm / effort.mean_mm
    sd = part.needed_sd * factor
    frozen, own = (_reference(visit, place) for visit in (first, later))
    if frozen is None or own is None:
        return Estimate.of(part.value * factor, sd, "mm")
    expected = frozen.physiological() * (at_mm / start.mean_mm)
    moved = own.physiological(frozen.weight) * factor - expected
    if len(moved) == 1:
        return Estimate.of(part.value * factor + float(moved[0]), sd, "mm")
    before = own.involuntary * factor
    after = before + moved
    longer = float(np.linalg.norm(after) - np.linalg.norm(before))
    errors = later.result.involuntary_cell(*place).displacement
    if errors is not None:
        turned = Displacement(
            across_mm=float(after[0]),
            up_mm=float(after[1]),
            across_sd_mm=errors.across_sd_mm * factor,
            up_sd_mm=errors.up_sd_mm * factor,
            covariance_mm2=errors.covariance_mm2 * factor**2,
        )
        sd = turned.length.needed_sd
    # The reported length has its noise bias removed: it grows by how much longer the vector is.
    return Estimate.of(max(0.0, part.value * factor + longer), sd, "mm")


@dataclass(frozen=True)
class Reference:
    """What a visit held a movement against.

    Parameters
    ----------
    involuntary : ndarray, shape (1,) or (2,)
        Part of the whole movement, mm: up, or across and up.
    by_other, by_norm : ndarray, same shape
        Physiological part by each source, mm; the same where there is only one.
    weight : float
        Of the other side, 0 to 1; NaN where the row's numbers do not give it.
    """

    involuntary: FloatArray
    by_other: FloatArray
    by_norm: FloatArray
    weight: float

    def physiological(self, usual: float = 1.0) -> FloatArray:
        """Return the physiological part, mm; ``usual`` is the weight where there is none."""
        weight = self.weight if math.isfinite(self.weight) else usual
        return weight * self.by_other + (1.0 - weight) * self.by_norm


def _reference(visit: Visit, place: Place) -> Reference | None:
    """Return what a visit held a place against; None where it names nothing, as at the chin."""
    cell, total = visit.result.involuntary_cell(*place), visit.result.voluntary_cell(*place)
    if cell.region in VECTOR_REGIONS:
        return _of_vector(cell, total)
    whole, own = total.excursion_mm, cell.change_mm
    against = [v for v in (cell.vs_other_side_mm, cell.vs_healthy_norm_mm) if v is not None]
    if whole is None or own is None or not against:
        return None
    other, norm = against[0], against[-1]
    by_other, by_norm = (np.array([whole - value]) for value in (other, norm))
    return Reference(np.array([own]), by_other, by_norm, _weight(own, other, norm))


def _of_vector(cell: SynkinesisCell, total: VoluntaryCell) -> Reference | None:
    numbers = (cell.across_mm, cell.up_mm, total.across_mm, total.up_mm)
    known = [value for value in numbers if value is not None]
    if len(known) < len(numbers) or cell.vs_other_side_mm is None:
        return None
    own, whole = np.array(known[:2]), np.array(known[2:])
    return Reference(own, whole - own, whole - own, 1.0)


def _weight(own: float, other: float, norm: float) -> float:
    """Return how much the other side counted beside the norm; NaN where that gives no share."""
    if other == norm:
        return 1.0
    share = (own - norm) / (other - norm)
    return share if 0.0 <= share <= 1.0 else math.nan
