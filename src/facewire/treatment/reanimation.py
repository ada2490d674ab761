"""Reanimation: cross-face nerve graft, and free gracilis transfer for the smile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from facewire.face import MOVEMENT_FACTS, MOVEMENTS, Movement, Region
from facewire.face.muscles import (
    GROUP_INDEX,
    SIDE_CHANNEL_INDEX,
    TYPICAL_ACTION_MM,
    MuscleGroup,
)
from facewire.results.forecast import TreatmentKind
from facewire.treatment.base import Treatment, check_choice, check_range
from facewire.treatment.course import Ramp
from facewire.treatment.effect import Effect
from facewire.treatment.facts import draw, fact, uniforms
from facewire.wiring import FaceState
from facewire.wiring.state import side_index
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


GRAFT, MASSETER = "cross_face_nerve_graft", "masseter_nerve"
DRIVES = (GRAFT, MASSETER)
_CORNER = [SIDE_CHANNEL_INDEX[Region.COMMISSURE, part] for part in ("across", "up")]
_PULL = TYPICAL_ACTION_MM[GROUP_INDEX[MuscleGroup.ZYGOMATICUS_MAJOR]][_CORNER]


@dataclass(frozen=True)
class GracilisTransfer(Treatment):
    """Free gracilis transfer to one side, driven by a cross-face graft or by the masseter nerve.

    Adds ``c(t) e`` millimetres to the mouth corner in smiles, up and outward as zygomaticus major
    pulls; ``e`` is 0 where the transfer fails. The series' mean is taken for the graft, the
    meta-analysis' advantage is added for the masseter nerve.

    Parameters
    ----------
    side : Side
    drive : str
        One of `DRIVES`.

    Raises
    ------
    UsageError
        The drive is not known.
    """

    kind: ClassVar[TreatmentKind] = "gracilis_transfer"
    risks: ClassVar[tuple[str, ...]] = ("gracilis_failure",)

    drive: str

    def __post_init__(self) -> None:
        check_choice("drive", self.drive, DRIVES)

    def excursion_mm(self, n: int, seed: int) -> FloatArray:
        """Return draws of the excursion in the end, failures at 0, shape (n,)."""
        gained = draw(fact("gracilis_excursion"), n, seed)
        if self.drive == MASSETER:
            gained = gained + fact("gracilis_masseter_advantage").value
        failed = uniforms(n, seed, "gracilis_failure") < fact("gracilis_failure").value
        return np.where(failed, 0.0, gained)

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:
        """Return the pull on the mouth corner in smiles; see `Treatment.effects`."""
        n = state.draws
        name = "gracilis_on_graft_months" if self.drive == GRAFT else "gracilis_on_masseter_months"
        start = draw(fact(name), n, seed) * DAYS_PER_MONTH
        grown = draw(fact("gracilis_growth_months"), n, seed) * DAYS_PER_MONTH
        added = np.zeros_like(state.added_mm)
        pull = self.excursion_mm(n, seed)[:, None] * (_PULL / np.linalg.norm(_PULL))
        for movement in (Movement.SMILE_OPEN, Movement.SMILE_CLOSED):
            part = MOVEMENT_FACTS[movement].muscles[MuscleGroup.ZYGOMATICUS_MAJOR]
            for column, k in enumerate(_CORNER):
                row = MOVEMENTS.index(movement)
                added[:, side_index(self.side), row, k] = part * pull[:, column]
        return (Effect(Ramp(start, start + grown), added_mm=added),)

    def fact_ids(self) -> tuple[str, ...]:
        """Return the facts behind size and time."""
        common = ("gracilis_excursion", "gracilis_growth_months", "gracilis_failure")
        if self.drive == GRAFT:
            return (*common, "gracilis_on_graft_months")
        return (*common, "gracilis_on_masseter_months", "gracilis_masseter_advantage")

    def remarks(self) -> tuple[str, ...]:
        """Say what a smile driven by the masseter nerve is not."""
        if self.drive == GRAFT:
            return ()
        return (
            mark(
                "gracilis_transfer on the masseter nerve: strong and fast, moves on biting at "
                "first, no spontaneous smile by itself (361-transfer series)."
            ),
        )
