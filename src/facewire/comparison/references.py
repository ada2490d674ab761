"""References frozen at the first visit.

The involuntary part is the whole movement minus what a healthy face would do, and the latter is
read from the other side and from norms. Were it read anew at each visit, an other side that was
treated or became tired would look like a change of the affected one. So the first visit's
physiological part, for each mm of voluntary movement, stays the reference of all later visits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import VECTOR_REGIONS, Region

FloatArray = NDArray[np.float64]


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

    @classmethod
    def of(cls, row: Mapping[str, Any], total: Mapping[str, Any]) -> Reference | None:
        """Return the reference of a row; None where it names none, such as at the chin.

        Parameters
        ----------
        row, total : mapping
            Rows of ``synkinesis`` and of ``voluntary`` for the same place.
        """
        if Region(row["region"]) in VECTOR_REGIONS:
            return cls._of_vector(row, total)
        whole, own = _number(total.get("excursion_mm")), _number(row["change_mm"])
        against = [_number(row.get(name)) for name in ("vs_other_side_mm", "vs_healthy_norm_mm")]
        known = [value for value in against if math.isfinite(value)]
        if not known or not math.isfinite(whole + own):
            return None
        by_other, by_norm = (np.array([whole - value]) for value in (known[0], known[-1]))
        return cls(np.array([own]), by_other, by_norm, _weight(own, known[0], known[-1]))

    @classmethod
    def _of_vector(cls, row: Mapping[str, Any], total: Mapping[str, Any]) -> Reference | None:
        own, whole = (
            np.array([_number(one.get(name)) for name in ("across_mm", "up_mm")])
            for one in (row, total)
        )
        if not math.isfinite(_number(row.get("vs_other_side_mm"))):
            return None
        return cls(own, whole - own, whole - own, 1.0) if np.isfinite(own + whole).all() else None

    def physiological(self, usual: float = 1.0) -> FloatArray:
        """Return the physiological part, mm; ``usual`` is the weight where there is none."""
        weight = self.weight if math.isfinite(self.weight) else usual
        return weight * self.by_other + (1.0 - weight) * self.by_norm


def frozen_mm(value_mm: float, factor: float, own: Reference, moved: FloatArray) -> float:
    """Return a later visit's involuntary part, held against the first visit's reference.

    Parameters
    ----------
    value_mm : float
        The part as measured: signed, or a length.
    factor : float
        Brings it to the common voluntary amplitude.
    own : Reference
        Of that visit.
    moved : ndarray
        How much more its own physiological part is than the first visit's, at that amplitude, mm.

    Returns
    -------
    float
        For a length, the reported one (its noise bias is removed) plus how much longer or shorter
        the vector becomes; 0 or more.
    """
    if len(moved) == 1:
        return value_mm * factor + float(moved[0])
    part = own.involuntary * factor
    longer = float(np.linalg.norm(part + moved) - np.linalg.norm(part))
    return max(0.0, value_mm * factor + longer)


def _weight(own: float, other: float, norm: float) -> float:
    """Return how much the other side counted beside the norm; NaN where that gives no share."""
    if other == norm:
        return 1.0
    share = (own - norm) / (other - norm)
    return share if 0.0 <= share <= 1.0 else math.nan


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else math.nan
