"""How much of a treatment's effect is there, day by day: 0 none, 1 all of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Course(Protocol):
    """The level of an effect over time."""

    def at(self, days: float) -> FloatArray:
        """Return the level of each draw, shape (n,), so many days after the treatment."""
        ...


@dataclass(frozen=True, eq=False)
class Step:
    """All of it from the first day on; for ``n`` draws."""

    n: int

    def at(self, days: float) -> FloatArray:
        """Return 0 before the treatment, 1 from it on."""
        return np.full(self.n, 1.0 if days >= 0 else 0.0)


@dataclass(frozen=True, eq=False)
class RiseAndFall:
    """Rises from ``onset`` to ``peak``, stays until ``fall``, is gone at ``end``; days, (n,)."""

    onset: FloatArray
    peak: FloatArray
    fall: FloatArray
    end: FloatArray

    @cached_property
    def _limits(self) -> tuple[float, float]:
        return float(self.onset.min()), float(self.end.max())

    def at(self, days: float) -> FloatArray:
        """Return the level; exactly 0 before the onset and from the end on."""
        first, last = self._limits
        if not first < days < last:
            return np.zeros(len(self.onset))
        rise = _early((days - self.onset) / (self.peak - self.onset))
        fall = _smooth((days - self.fall) / (self.end - self.fall))
        return np.asarray(rise * (1.0 - fall))


@dataclass(frozen=True, eq=False)
class Ramp:
    """Rises from ``start`` to ``end`` and stays; days, shape (n,)."""

    start: FloatArray
    end: FloatArray

    def at(self, days: float) -> FloatArray:
        """Return the level."""
        if days <= self.start.min():
            return np.zeros(len(self.start))
        return _smooth((days - self.start) / (self.end - self.start))


@dataclass(frozen=True, eq=False)
class Approach:
    """Nears 1 exponentially with time constant ``tau`` while it lasts, then stays for a time.

    ``level = (1 - exp(-min(t, lasts) / tau)) (1 - (1 - kept) s)``, ``s`` rising from 0 at
    ``lasts + stays`` days to 1 at ``lasts + stays + fades``.

    Parameters
    ----------
    tau : ndarray, shape (n,)
        Days.
    lasts : float
        Days that the treatment goes on.
    kept : ndarray, shape (n,)
        Part of what was reached that is left in the end.
    stays, fades : float
        Days after the end that all of it stays, and that the rest takes to go.
    """

    tau: FloatArray
    lasts: float
    kept: FloatArray
    stays: float
    fades: float

    def at(self, days: float) -> FloatArray:
        """Return the level."""
        reached = 1.0 - np.exp(-min(max(days, 0.0), self.lasts) / self.tau)
        gone = _smooth(np.float64((days - self.lasts - self.stays) / self.fades))
        return np.asarray(reached * (1.0 - (1.0 - self.kept) * gone))


def _early(part: FloatArray) -> FloatArray:
    """Return ``1 - (1 - x)^3`` of a part limited to 0 to 1: most of it comes early."""
    return np.asarray(1.0 - (1.0 - np.clip(part, 0.0, 1.0)) ** 3)


def _smooth(part: FloatArray | np.float64) -> FloatArray:
    """Return ``3 x^2 - 2 x^3`` of a part limited to 0 to 1."""
    x = np.clip(part, 0.0, 1.0)
    return np.asarray(x * x * (3.0 - 2.0 * x))
