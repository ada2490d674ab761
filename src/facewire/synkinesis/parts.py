"""Total change split in two: what the movement does anyway, and the involuntary part.

For one side, one movement and one region. The physiological part has two sources, weighed by
their uncertainty: the other side in the same movement, and healthy faces. Both are scaled to the
side's own voluntary excursion, so that a weak side is not expected to carry along as much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import (
    CHANNEL_INDEX,
    MOVEMENTS,
    REGIONS,
    VOLUNTARY_TARGETS,
    Channel,
    Movement,
    Region,
    Side,
    moves_on_purpose,
    region_channels,
)
from facewire.motion.maps import left_over_sd_mm
from facewire.synkinesis.changes import Changes, mean_rows, relative_spread
from facewire.synkinesis.norms import EYE_CHANGE

FloatArray = NDArray[np.float64]

MAIN_TARGET = {movement: regions[0] for movement, regions in VOLUNTARY_TARGETS.items()}

LEAST_EXCURSION_MM = 0.5
MAX_RATIO = 3.0
CLEARLY_STRONGER = 1.3
RATIO_SD = 0.3
"""Uncertainty of scaling the other side: this, times how far the two sides' strengths differ,
times the other side's change."""
CLOSED_RATIO_SD = 0.3
"""The least of it in closures: lids that meet hide how much weaker one side closes."""

USUAL_SPREAD_MM = 0.2
"""Spread of single repetitions where none was repeated: of the order of rendered patients'."""

CALIBRATION = 1.05
"""Stated standard deviations are this many times what the maps left over on rendered patients
that they had not seen: chosen there, so that 95 % intervals hold about that share
(`benchmarks/run.py accuracy`)."""


@dataclass(frozen=True)
class Evidence:
    """What a recording says about changes: values, and how sure each is.

    Parameters
    ----------
    changes : Changes
        Changes of each kept repetition.
    spread_mm : ndarray, shape (n_movements, n_channels)
        Standard deviation of one repetition.
    rest_fissure_mm : dict of Side to float
        Resting fissures.
    fitted : bool
        Whether the fitted maps were applied; decides which left-over uncertainty is added.
    other_side_usable, norms_usable : bool
        Whether the other side, and norms of healthy adults, may serve as reference.
    """

    changes: Changes
    spread_mm: FloatArray
    rest_fissure_mm: dict[Side, float]
    fitted: bool = True
    other_side_usable: bool = True
    norms_usable: bool = True

    @classmethod
    def of(cls, changes: Changes, rest_fissure_mm: dict[Side, float], *, fitted: bool) -> Evidence:
        """Gather the evidence of one recording with both references usable."""
        return cls(changes, relative_spread(changes), rest_fissure_mm, fitted)

    def change(self, movement: Movement, region: Region, side: Side) -> FloatArray:
        """Return the mean change, shape (1,) or (2,) for across and up, mm."""
        columns = [CHANNEL_INDEX[c] for c in region_channels(region, side)]
        values: FloatArray = self.changes.mean(movement)[columns]
        return values

    def change_sd(
        self, movement: Movement, region: Region, side: Side, *, difference: bool
    ) -> FloatArray:
        """Return the standard deviation of a mean change, mm, shape (1,) or (2,).

        The larger of what rendered patients show the measurement to leave uncorrected, and of
        what the repetitions and the tracking noise show.

        Parameters
        ----------
        movement : Movement
        region : Region
        side : Side
        difference : bool
            True for this side minus the other; the chin has no other side.
        """
        channels = region_channels(region, side)
        between_sides = difference and region is not Region.CHIN
        random = self._random_variance(movement, channels)
        if between_sides:
            random = random + self._random_variance(movement, region_channels(region, side.other))
        floor = [
            left_over_sd_mm(
                movement, region, c.component, difference=between_sides, fitted=self.fitted
            )
            for c in channels
        ]
        # The left-over was found from means of repetitions and holds their usual noise already.
        sd: FloatArray = CALIBRATION * np.maximum(floor, np.sqrt(random))
        return sd

    def _random_variance(self, movement: Movement, channels: tuple[Channel, ...]) -> FloatArray:
        """Variance of a mean over the repetitions, from their spread and the tracking noise."""
        columns = [CHANNEL_INDEX[c] for c in channels]
        rows = self.changes.rows(movement)
        noise = self.changes.noise_mm[rows][:, columns]
        count = np.isfinite(self.changes.change_mm[rows][:, columns]).sum(axis=0)
        spread = self.spread_mm[MOVEMENTS.index(movement), columns]
        between = np.where(np.isfinite(spread), spread, USUAL_SPREAD_MM) ** 2
        variance: FloatArray = np.fmax(between, mean_rows(noise**2)) / np.maximum(count, 1)
        return variance

    def excursion_mm(self, movement: Movement, side: Side) -> float:
        """Return the length of the movement's own, voluntary excursion on one side."""
        return float(np.linalg.norm(self.change(movement, MAIN_TARGET[movement], side)))


@dataclass(frozen=True)
class InvoluntaryPart:
    """The involuntary part of one change, mm: value and standard deviation by component.

    ``vs_other`` and ``vs_norm`` are what each reference alone gives; NaN where it cannot serve.
    """

    value: FloatArray
    sd: FloatArray
    vs_other: FloatArray
    vs_norm: FloatArray

    @property
    def length_mm(self) -> float:
        """Signed height, or the length of the vector with its noise bias removed."""
        if len(self.value) == 1:
            return float(self.value[0])
        square = float(self.value @ self.value - self.sd @ self.sd)
        return float(np.sqrt(max(square, 0.0)))

    @property
    def length_sd_mm(self) -> float:
        """Standard deviation along the direction of the change."""
        if len(self.value) == 1:
            return float(self.sd[0])
        size = float(self.value @ self.value)
        weights = np.square(self.value) / size if size > 0 else np.full(2, 0.5)
        return float(np.sqrt(weights @ np.square(self.sd)))

    @property
    def z(self) -> float:
        """Size in standard deviations."""
        return float(np.sqrt(np.sum(np.square(self.value / self.sd))))


def involuntary_part(
    evidence: Evidence, movement: Movement, region: Region, side: Side
) -> InvoluntaryPart:
    """Split the involuntary part off one change.

    Parameters
    ----------
    evidence : Evidence
    movement : Movement
    region : Region
        The chin has no other side: its whole change is taken as involuntary.
    side : Side
        The affected side; the other one serves as reference.

    Returns
    -------
    InvoluntaryPart
        NaN where nothing was measured, or no reference can serve.
    """
    total = evidence.change(movement, region, side)
    nan = np.full_like(total, np.nan)
    if region is Region.CHIN:
        sd = evidence.change_sd(movement, region, side, difference=False)
        return InvoluntaryPart(total, sd, nan, nan)
    parts: list[tuple[FloatArray, FloatArray]] = []
    vs_other, vs_norm = nan, nan
    if evidence.other_side_usable:
        expected, sd = _from_other_side(evidence, movement, region, side)
        vs_other = total - expected
        parts.append((vs_other, sd))
    norm = EYE_CHANGE.get(movement) if region is Region.EYE else None
    if norm is not None and evidence.norms_usable:
        rest = evidence.rest_fissure_mm[side]
        ratio = min(_strength_ratio(evidence, movement, side), 1.0)
        vs_norm = total - norm.mean * rest * ratio
        floor = evidence.change_sd(movement, region, side, difference=False)
        parts.append((vs_norm, np.hypot(floor, norm.sd * rest)))
    if not parts:
        return InvoluntaryPart(nan, nan, vs_other, vs_norm)
    weights = np.array([1.0 / np.square(sd) for _, sd in parts])
    value = (weights * np.array([v for v, _ in parts])).sum(axis=0) / weights.sum(axis=0)
    return InvoluntaryPart(value, 1.0 / np.sqrt(weights.sum(axis=0)), vs_other, vs_norm)


def asked_parts(evidence: Evidence, side: Side) -> dict[tuple[Movement, Region], InvoluntaryPart]:
    """Return the involuntary part of every region not moved on purpose, where it was measured."""
    parts = {
        (m, r): involuntary_part(evidence, m, r, side)
        for m in MOVEMENTS
        for r in REGIONS
        if not moves_on_purpose(m, r) and evidence.changes.count(m)
    }
    return {k: p for k, p in parts.items() if np.isfinite(p.value).all()}


def _strength_ratio(evidence: Evidence, movement: Movement, side: Side) -> float:
    own = evidence.excursion_mm(movement, side)
    other = evidence.excursion_mm(movement, side.other)
    return float(np.clip(own / max(other, LEAST_EXCURSION_MM), 0.0, MAX_RATIO))


def _from_other_side(
    evidence: Evidence, movement: Movement, region: Region, side: Side
) -> tuple[FloatArray, FloatArray]:
    """Return the change expected from the other side, and the deviation of what is left."""
    ratio = _strength_ratio(evidence, movement, side)
    # A little more strength than the other side's is within what healthy sides differ by, and is
    # not credited; much more means that the other side is weak.
    ratio = 1.0 if 1.0 <= ratio <= CLEARLY_STRONGER else ratio
    other = evidence.change(movement, region, side.other)
    one, both = (
        np.square(evidence.change_sd(movement, region, side, difference=d)) for d in (False, True)
    )
    # The variance of own - ratio * other, for errors that both sides partly share.
    measured = np.sqrt(one * (1.0 - ratio) ** 2 + both * ratio)
    doubt = RATIO_SD * abs(1.0 - ratio)
    if MAIN_TARGET[movement] is Region.EYE:
        doubt = max(doubt, CLOSED_RATIO_SD)
    return ratio * other, np.hypot(measured, doubt * np.abs(other))
