"""Cross-face nerve graft: axons of the other side's nerve grow across the face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from facewire.results.forecast import TreatmentKind
from facewire.treatment.base import Treatment, check_range
from facewire.treatment.draws import draw
from facewire.treatment.effect import Effect
from facewire.treatment.facts import fact
from facewire.wiring import FaceState
from facewire.words import mark

FloatArray = NDArray[np.float64]

DAYS_PER_MONTH = 30.4375
MOVES_NOTHING = mark(
    "moves nothing until a muscle is joined to it; weakness of the donor side has no published "
    "figure and is not simulated."
)


@dataclass(frozen=True)
class CrossFaceNerveGraft(Treatment):
    """Cross-face nerve graft to one side; it moves nothing until a muscle is joined to it.

    Axons reach the end after ``delay + length / rate`` days; without a length the published 9 to
    12 months stand.

    Parameters
    ----------
    side : Side
        The side that receives; the donor is the other one.
    length_mm : float, optional
        Length of the graft.

    Raises
    ------
    UsageError
        The length is out of range.
    """

    kind: ClassVar[TreatmentKind] = "cross_face_nerve_graft"

    length_mm: float | None = None

    def __post_init__(self) -> None:
        if self.length_mm is not None:
            check_range("length_mm", self.length_mm, 20, 400)

    def reach_days(self, n: int, seed: int) -> FloatArray:
        """Return draws of the days until axons reach the end of the graft, shape (n,)."""
        if self.length_mm is None:
            return draw(fact("graft_reach_months"), n, seed) * DAYS_PER_MONTH
        delay = draw(fact("axon_delay"), n, seed)
        return np.asarray(delay + self.length_mm / draw(fact("axon_rate"), n, seed))

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:  # noqa: ARG002
        """Return nothing: a graft alone moves nothing."""
        return ()

    def fact_ids(self) -> tuple[str, ...]:
        """Return the facts behind the time that axons take."""
        return ("graft_reach_months",) if self.length_mm is None else ("axon_rate", "axon_delay")

    def remarks(self) -> tuple[str, ...]:
        """Say what the graft does not do by itself."""
        return (f"cross_face_nerve_graft: {MOVES_NOTHING}",)
