"""Total change split in two: what the movement does anyway, and the involuntary part.

For one side, one movement and one region. The physiological part has two sources, weighed by
their uncertainty: the other side in the same movement, and healthy faces. Both are scaled to the
side's own voluntary excursion, so that a weak side is not expected to carry along as much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from facewire.errors import TrackError
from facewire.face import (
    CHANNEL_INDEX,
    MOVEMENTS,
    REGIONS,
    SIDES,
    Channel,
    Movement,
    Region,
    Side,
    main_target,
    moves_on_purpose,
    region_channels,
)
from facewire.motion.eyes import EYE_ROW
from facewire.motion.maps import left_over_sd_mm
from facewire.results.estimate import Estimate
from facewire.results.measurement import References
from facewire.synkinesis.changes import Changes, Spread, mean_rows, relative_spread
from facewire.synkinesis.norms import EYE_CHANGE
from facewire.words import mark

FloatArray = NDArray[np.float64]


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

COVERED = mark("something covers the region: it is not assessed")

CALIBRATION = 1.05
"""Stated standard deviations are this many times what the maps left over on rendered patients
that they had not seen: chosen there, so that 95 % intervals hold about that share
(`benchmarks/run.py accuracy`)."""


LID_RELATIVE_SD = 0.08
"""Spread between people of the slope of what is read on what a lid moved, on real skin where lids
are seen well. The network was trained on none of these people; seven are few."""
SURE_MM, UNSURE = 1.05, 1.0
"""Spread of the lid network where lids are seen well, and by how much more of a change is unsure
for each millimetre above it: in crops five people of 0.74 to 1.06 mm are read at 0.91 to 1.01, two
behind glasses of 1.16 and 1.40 mm at 1.05 and 0.88. Chosen on these seven, when the two were read
at 0.85 and 0.73, and kept: what the next face behind glasses loses is not known."""


@dataclass(frozen=True)
class Evidence:
    """What a recording says about changes: values, and how sure each is.

    Parameters
    ----------
    changes : Changes
        Changes of each kept repetition.
    spread : Spread
        How repetitions differ.
    rest_fissure_mm : dict of Side to float
        Resting fissures; NaN where not measured.
    fitted : bool
        Whether the fitted maps were applied; decides which left-over uncertainty is added.
    references : References
        Whether the other side, and norms of healthy adults, may serve as reference.
    scale_relative_sd : float
        Relative uncertainty of a millimetre, of all regions.
    seen_share : mapping of (Region, Side) to float
        Share of the measured frames in which a region is not covered; 1 where nothing is said.
    """

    changes: Changes
    spread: Spread
    rest_fissure_mm: dict[Side, float]
    fitted: bool = True
    references: References = field(default_factory=References)
    scale_relative_sd: float = 0.0
    seen_share: Mapping[tuple[Region, Side], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if set(self.rest_fissure_mm) != set(Side) or any(
            fissure <= 0 for fissure in self.rest_fissure_mm.values()
        ):
            raise TrackError(
                "The resting fissures cannot be",
                expected="more than 0 mm on both sides, or not measured",
                found=str({str(k): v for k, v in self.rest_fissure_mm.items()}),
            )

    @classmethod
    def of(cls, changes: Changes, rest_fissure_mm: dict[Side, float], *, fitted: bool) -> Evidence:
        """Gather the evidence of one recording with both references usable."""
        return cls(changes, relative_spread(changes), rest_fissure_mm, fitted)

    def covered(self, region: Region, side: Side) -> bool:
        """Tell whether a region is covered in the whole recording."""
        return self.seen_share.get((region, side), 1.0) == 0.0

    def not_measured(self, region: Region, side: Side) -> str:
        """Say why a change has no number although the movement was recorded."""
        if self.covered(region, side):
            return COVERED
        if self.seen_share.get((region, side), 1.0) < 1.0:
            return mark("something covered the region then: it is not assessed")
        return mark("the region was not measured")

    def change(self, movement: Movement, region: Region, side: Side) -> FloatArray:
        """Return the mean change, shape (1,) or (2,) for across and up, mm."""
        columns = [CHANNEL_INDEX[c] for c in region_channels(region, side)]
        values: FloatArray = self.changes.mean(movement)[columns]
        return values

    def change_covariance(
        self, movement: Movement, region: Region, side: Side, *, difference: bool
    ) -> FloatArray:
        """Return the covariance of a mean change, mm2, shape (1, 1) or (2, 2).

        Each deviation is the larger of what rendered patients show the measurement to leave
        uncorrected, component by component, and of what the repetitions and the tracking noise
        show; only the latter is shared between the components.

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
        random = self._random_covariance(movement, channels)
        if between_sides:
            random = random + self._random_covariance(movement, region_channels(region, side.other))
        floor = [
            left_over_sd_mm(
                movement, region, c.component, difference=between_sides, fitted=self.fitted
            )
            for c in channels
        ]
        # The left-over was found from means of repetitions and holds their usual noise already.
        variance = np.maximum(np.square(floor), np.diag(random))
        covariance = random - np.diag(np.diag(random)) + np.diag(variance)
        scaled: FloatArray = CALIBRATION**2 * covariance
        return scaled

    def scale_sd(self, movement: Movement, region: Region) -> float:
        """Return the relative uncertainty of a region's millimetres: the scale's, and the lids'."""
        if region is not Region.EYE:
            return self.scale_relative_sd
        lids = LID_RELATIVE_SD + UNSURE * max(self.badly_seen_mm(movement, s) for s in SIDES)
        return float(np.hypot(self.scale_relative_sd, lids))

    def badly_seen_mm(self, movement: Movement, side: Side) -> float:
        """Return by how much an eye's lids are seen worse than well, as a spread; 0 if unknown."""
        spread_mm = float(self.changes.lid_spread(movement)[EYE_ROW[side]])
        return max(spread_mm - SURE_MM, 0.0) if np.isfinite(spread_mm) else 0.0

    def change_sd(
        self, movement: Movement, region: Region, side: Side, *, difference: bool
    ) -> FloatArray:
        """Return the standard deviations of a mean change, mm, shape (k,).

        Parameters
        ----------
        movement, region, side, difference
            As for `change_covariance`.
        """
        covariance = self.change_covariance(movement, region, side, difference=difference)
        return np.asarray(np.sqrt(np.diag(covariance)))

    def repeated_sd(self, movement: Movement, region: Region, side: Side) -> FloatArray:
        """Return what the repetitions and the noise leave of a mean change, mm, shape (k,)."""
        covariance = self._random_covariance(movement, region_channels(region, side))
        return np.asarray(np.sqrt(np.diag(covariance)))

    def _random_covariance(self, movement: Movement, channels: tuple[Channel, ...]) -> FloatArray:
        """Covariance of a mean over the repetitions, from their spread and the tracking noise."""
        columns = [CHANNEL_INDEX[c] for c in channels]
        rows = self.changes.rows(movement)
        noise = self.changes.noise_mm[rows][:, columns]
        count = np.isfinite(self.changes.change_mm[rows][:, columns]).sum(axis=0)
        spread = self.spread.sd_mm[MOVEMENTS.index(movement), columns]
        between = np.where(np.isfinite(spread), spread, USUAL_SPREAD_MM) ** 2
        sd = np.sqrt(np.fmax(between, mean_rows(noise**2)) / np.maximum(count, 1))
        covariance: FloatArray = (
            np.outer(sd, sd) * self.spread.correlation[np.ix_(columns, columns)]
        )
        return covariance

    def excursion_mm(self, movement: Movement, side: Side) -> float:
        """Return the length of the movement's own, voluntary excursion on one side."""
        return float(np.linalg.norm(self.change(movement, main_target(movement), side)))


@dataclass(frozen=True)
class InvoluntaryPart:
    """A change, or the involuntary part of one, mm: components and their covariance.

    Parameters
    ----------
    value : ndarray, shape (k,)
        One height, or across and up; NaN where it cannot be known.
    covariance : ndarray, shape (k, k)
    vs_other, vs_norm : ndarray, shape (k,)
        What each reference alone gives; NaN where it cannot serve.
    scale_sd : float
        Relative uncertainty of its millimetres. It widens the interval and says nothing about
        whether there is a change: a wrong scale makes none.
    """

    value: FloatArray
    covariance: FloatArray
    vs_other: FloatArray
    vs_norm: FloatArray
    scale_sd: float = 0.0

    def __post_init__(self) -> None:
        k = len(self.value)
        found = self.covariance.shape, self.vs_other.shape, self.vs_norm.shape
        if k not in (1, 2) or found != ((k, k), (k,), (k,)):
            raise TrackError("The parts of a change have the wrong shape", found=str(found))
        if np.any(np.diag(self.covariance) <= 0):
            raise TrackError("A change without any uncertainty", found=str(self.covariance))

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return bool(np.isfinite(self.value).all())

    @property
    def sd(self) -> FloatArray:
        """Standard deviation of each component."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def length_mm(self) -> float:
        """Signed height, or the length of the vector with its noise bias removed."""
        if len(self.value) == 1:
            return float(self.value[0])
        square = float(self.value @ self.value - np.trace(self.covariance))
        return float(np.sqrt(max(square, 0.0)))

    @property
    def length_sd_mm(self) -> float:
        """Standard deviation along the direction of the change."""
        if len(self.value) == 1:
            return float(self.sd[0])
        size = float(self.value @ self.value)
        if size > 0:
            return float(np.sqrt(self.value @ self.covariance @ self.value / size))
        return float(np.sqrt(np.trace(self.covariance) / 2.0))

    @property
    def size(self) -> Estimate | None:
        """Signed height or length, whole; None where it is not known."""
        sd = float(np.hypot(self.length_sd_mm, self.scale_sd * self.length_mm))
        return Estimate.of(self.length_mm, sd, "mm")

    @property
    def z(self) -> float:
        """Size in standard deviations."""
        return float(np.sqrt(self.value @ np.linalg.solve(self.covariance, self.value)))


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
        return total_change(evidence, movement, region, side)
    parts: list[tuple[FloatArray, FloatArray]] = []
    vs_other, vs_norm = nan, nan
    if evidence.references.other_side:
        expected, covariance = _from_other_side(evidence, movement, region, side)
        vs_other = total - expected
        parts.append((vs_other, covariance))
    norm = EYE_CHANGE.get(movement) if region is Region.EYE else None
    if norm is not None and evidence.references.healthy_norms:
        rest = evidence.rest_fissure_mm[side]
        ratio = min(_strength_ratio(evidence, movement, side), 1.0)
        vs_norm = total - norm.mean * rest * ratio
        floor = evidence.change_covariance(movement, region, side, difference=False)
        parts.append((vs_norm, floor + (norm.sd * rest) ** 2))
    parts = [(value, covariance) for value, covariance in parts if np.isfinite(value).all()]
    if not parts:
        return InvoluntaryPart(nan, np.full((len(nan), len(nan)), np.nan), vs_other, vs_norm)
    weights = [np.linalg.inv(covariance) for _, covariance in parts]
    joint = np.linalg.inv(np.sum(weights, axis=0))
    value = joint @ np.sum([w @ v for w, (v, _) in zip(weights, parts, strict=True)], axis=0)
    # Two references that disagree by more than their deviations: neither is as sure as it says
    # (Birge 1932, Phys Rev 40:207).
    apart = sum(
        float((v - value) @ w @ (v - value)) for w, (v, _) in zip(weights, parts, strict=True)
    )
    joint = joint * max(apart / max(len(parts) - 1, 1), 1.0)
    return InvoluntaryPart(value, joint, vs_other, vs_norm, evidence.scale_sd(movement, region))


def total_change(
    evidence: Evidence, movement: Movement, region: Region, side: Side
) -> InvoluntaryPart:
    """Return the total change with its covariance, in the form of a part of it.

    Parameters
    ----------
    evidence : Evidence
    movement : Movement
    region : Region
    side : Side
    """
    value = evidence.change(movement, region, side)
    covariance = evidence.change_covariance(movement, region, side, difference=False)
    nan = np.full_like(value, np.nan)
    return InvoluntaryPart(value, covariance, nan, nan, evidence.scale_sd(movement, region))


def asked_parts(evidence: Evidence, side: Side) -> dict[tuple[Movement, Region], InvoluntaryPart]:
    """Return the involuntary part of every region not moved on purpose, where it was measured."""
    parts = {
        (m, r): involuntary_part(evidence, m, r, side)
        for m in MOVEMENTS
        for r in REGIONS
        if not moves_on_purpose(m, r) and evidence.changes.count(m)
    }
    return {key: part for key, part in parts.items() if part.known}


def _strength_ratio(evidence: Evidence, movement: Movement, side: Side) -> float:
    own = evidence.excursion_mm(movement, side)
    other = evidence.excursion_mm(movement, side.other)
    return float(np.clip(own / max(other, LEAST_EXCURSION_MM), 0.0, MAX_RATIO))


def _from_other_side(
    evidence: Evidence, movement: Movement, region: Region, side: Side
) -> tuple[FloatArray, FloatArray]:
    """Return the change expected from the other side, and the covariance of what is left."""
    ratio = _strength_ratio(evidence, movement, side)
    # A little more strength than the other side's is within what healthy sides differ by, and is
    # not credited; much more means that the other side is weak.
    ratio = 1.0 if 1.0 <= ratio <= CLEARLY_STRONGER else ratio
    other = evidence.change(movement, region, side.other)
    one, both = (
        evidence.change_covariance(movement, region, side, difference=d) for d in (False, True)
    )
    # The variance of own - ratio * other, for errors that both sides partly share.
    measured = one * (1.0 - ratio) ** 2 + both * ratio
    doubt = RATIO_SD * abs(1.0 - ratio)
    if main_target(movement) is Region.EYE:
        doubt = max(doubt, CLOSED_RATIO_SD)
    # A wrong ratio errs along the other side's change.
    covariance: FloatArray = measured + doubt**2 * np.outer(other, other)
    return ratio * other, covariance
