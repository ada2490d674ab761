"""Numbers that carry their uncertainty: value, standard deviation, 95 % interval, unit, kind.

An interval is made here and nowhere else, and is never turned back into a standard deviation:
clipped or quantile intervals no longer hold it.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from facewire.errors import UsageError
from facewire.results.document import DIGITS, AtLeastZero, Row

FloatArray = NDArray[np.float64]

Z95 = 1.959964
"""Half a 95 % interval of a normal error, in standard deviations."""

ROUNDED = 10.0**-DIGITS
"""Numbers in files may be off by half of this."""

QUANTILES_95 = (0.025, 0.975)

Unit = Literal["mm", "%", "s", "mm/mm", "points", "ratio", "mm/s", "days", "ICC", "kappa"]


class Kind(StrEnum):
    """How a number came to be; the three are never mixed and look different."""

    MEASURED = "measured"
    INFERRED = "inferred"
    SIMULATED = "simulated"


class Estimate(Row):
    """One number with its uncertainty.

    ``sd`` is None only where the file it was read from did not hold it: the interval says how
    sure the number is, but may have been clipped, so no deviation is made from it.
    """

    value: float
    sd: AtLeastZero | None
    low: float
    high: float
    unit: Unit
    kind: Kind = Kind.MEASURED

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"the value {self.value:g} lies outside its interval {self.low:g} to {self.high:g}"
            )
        return self

    @classmethod
    def of(
        cls,
        value: float,
        sd: float,
        unit: Unit,
        kind: Kind = Kind.MEASURED,
        *,
        at_least: float = -math.inf,
        freedom: int | None = None,
    ) -> Estimate | None:
        """Make an estimate with a normal error; None where value or deviation is not known.

        Parameters
        ----------
        value, sd : float
            NaN or infinite where not known.
        unit, kind
        at_least : float
            A bound of nature, such as 0 for a gap: value and interval stay on its right side,
            the deviation as it is.
        freedom : int, optional
            Degrees of freedom where the deviation itself comes from so few values (Student).
        """
        if not (math.isfinite(value) and math.isfinite(sd)):
            return None
        half = sd * (Z95 if freedom is None else student_95(freedom))
        return cls(
            value=max(float(value), at_least),
            sd=float(sd),
            low=max(float(value - half), at_least),
            high=max(float(value + half), at_least),
            unit=unit,
            kind=kind,
        )

    @classmethod
    def from_draws(
        cls, draws: FloatArray, unit: Unit, kind: Kind = Kind.SIMULATED
    ) -> Estimate | None:
        """Make an estimate of draws, shape (n,): mean, deviation and the middle 95 %.

        None where no draw is finite. Draws of a skewed spread may have their mean outside of the
        middle 95 %: the interval then reaches to it.
        """
        known = draws[np.isfinite(draws)]
        if not len(known):
            return None
        mean = float(known.mean())
        low, high = (float(q) for q in np.quantile(known, QUANTILES_95))
        return cls(
            value=mean,
            sd=float(known.std()),
            low=min(low, mean),
            high=max(high, mean),
            unit=unit,
            kind=kind,
        )

    @property
    def needed_sd(self) -> float:
        """The standard deviation, for whatever cannot go on without it.

        Raises
        ------
        UsageError
            The file that the number was read from did not hold it.
        """
        if self.sd is None:
            raise UsageError(
                "This file holds no standard deviations",
                expected="a result of this version, which stores them",
                found="one of an earlier version, with intervals alone",
                do="measure the recording again, from its video or its track",
            )
        return self.sd

    def scaled(self, factor: float, unit: Unit | None = None) -> Estimate:
        """Return the number times an exact factor; a negative one turns the interval round."""
        ends = sorted((factor * self.low, factor * self.high))
        return Estimate(
            value=factor * self.value,
            sd=None if self.sd is None else abs(factor) * self.sd,
            low=ends[0],
            high=ends[1],
            unit=unit or self.unit,
            kind=self.kind,
        )

    def minus(self, other: Estimate) -> Estimate:
        """Return the difference of two numbers whose errors are independent.

        Raises
        ------
        UsageError
            The file that they were read from did not hold their deviations.
        """
        value, sd = self.value - other.value, math.hypot(self.needed_sd, other.needed_sd)
        low, high = value - Z95 * sd, value + Z95 * sd
        return Estimate(value=value, sd=sd, low=low, high=high, unit=self.unit, kind=self.kind)

    def over(self, whole: Estimate) -> Estimate:
        """Return this number over another one, to first order, their errors independent.

        Raises
        ------
        UsageError
            The file that they were read from did not hold their deviations.
        ZeroDivisionError
            ``whole`` is 0.
        """
        value = self.value / whole.value
        sd = math.hypot(self.needed_sd, value * whole.needed_sd) / abs(whole.value)
        low, high = value - Z95 * sd, value + Z95 * sd
        return Estimate(value=value, sd=sd, low=low, high=high, unit="ratio", kind=self.kind)

    def excludes(self, number: float) -> bool:
        """Tell whether a number lies outside of the interval."""
        return not self.low <= number <= self.high


def refuse_covariance(covariance_mm2: float, across_sd_mm: float, up_sd_mm: float) -> None:
    """Refuse a covariance that no two such deviations have; what rounding in a file does may be.

    Raises
    ------
    ValueError
        It is too large.
    """
    if abs(covariance_mm2) > (across_sd_mm + ROUNDED) * (up_sd_mm + ROUNDED) + ROUNDED:
        raise ValueError("the covariance is larger than the two deviations allow")


class Displacement(Row):
    """A vector in the frontal plane with its covariance, mm: across outward, up positive."""

    across_mm: float
    up_mm: float
    across_sd_mm: AtLeastZero
    up_sd_mm: AtLeastZero
    covariance_mm2: float = 0.0

    @model_validator(mode="after")
    def _possible(self) -> Self:
        refuse_covariance(self.covariance_mm2, self.across_sd_mm, self.up_sd_mm)
        return self

    def minus(self, other: Displacement) -> Displacement:
        """Return the difference of two vectors whose errors are independent."""
        return Displacement(
            across_mm=self.across_mm - other.across_mm,
            up_mm=self.up_mm - other.up_mm,
            across_sd_mm=math.hypot(self.across_sd_mm, other.across_sd_mm),
            up_sd_mm=math.hypot(self.up_sd_mm, other.up_sd_mm),
            covariance_mm2=self.covariance_mm2 + other.covariance_mm2,
        )

    @property
    def length(self) -> Estimate:
        """Its length, mm, the bias of its noise taken off; deviation along its own direction."""
        across, up = self.across_mm, self.up_mm
        noise, square = self.across_sd_mm**2 + self.up_sd_mm**2, across**2 + up**2
        variance = noise / 2.0
        if square > 0.0:
            both = 2.0 * across * up * self.covariance_mm2
            along = (across * self.across_sd_mm) ** 2 + (up * self.up_sd_mm) ** 2 + both
            variance = max(along, 0.0) / square
        value, sd = math.sqrt(max(square - noise, 0.0)), math.sqrt(variance)
        return Estimate(
            value=value,
            sd=sd,
            low=max(value - Z95 * sd, 0.0),
            high=value + Z95 * sd,
            unit="mm",
        )


def student_95(freedom: int) -> float:
    """Half a 95 % interval in standard deviations that were found with so few degrees of freedom.

    Raises
    ------
    UsageError
        There is less than one.
    """
    if freedom < 1:
        raise UsageError("An interval of one value alone has no width", expected="two or more")
    from scipy.stats import t as student

    return float(student.ppf(QUANTILES_95[1], freedom))


def estimate_of(
    value: float | None,
    sd: float | None,
    low: float | None,
    high: float | None,
    unit: Unit,
    kind: Kind = Kind.MEASURED,
) -> Estimate | None:
    """Gather a number that a row keeps in columns of its own; None where it was not measured.

    Parameters
    ----------
    value, sd, low, high : float or None
        ``sd`` is None alone in files of earlier versions.
    unit : str
    kind : Kind
    """
    if value is None or low is None or high is None:
        return None
    return Estimate(value=value, sd=sd, low=low, high=high, unit=unit, kind=kind)
