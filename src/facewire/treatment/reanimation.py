"""Reanimation: cross-face nerve graft, free gracilis transfer, nerve transfer for the smile."""

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
from facewire.wiring import FaceState, total_mm
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


_SMILES = [MOVEMENTS.index(m) for m in (Movement.SMILE_OPEN, Movement.SMILE_CLOSED)]
_ACROSS, _UP = _CORNER
ON_BITING = mark(
    "nerve_transfer: the corner moves on biting at first; an effortless smile in 40 % of 10 people "
    "by month 19 (Plast Reconstr Surg 2011;127:1909). Eye and brow are not reached."
)
SPREADS = mark(
    "nerve_transfer: synkinesis rose slightly in 20 people (Front Surg 2022, "
    "doi 10.3389/fsurg.2022.735231): not simulated."
)
RESTS = mark(
    "nerve_transfer: how far the corner rises at rest is not agreed: from 4.7 to 2.2 mm in 29 "
    "people, better in 18 of 35, little in another series; the interval holds all three."
)


@dataclass(frozen=True)
class NerveTransfer(Treatment):
    """The nerve to the masseter is joined to the native muscles of the smile of one side.

    From the first movement on the corner goes towards a part of the other side's way in smiles,
    never less far than it goes by itself; where the result is not favourable it gains nothing. At
    rest a corner that hangs rises by a part of what it hangs.

    Parameters
    ----------
    side : Side
    """

    kind: ClassVar[TreatmentKind] = "nerve_transfer"
    uses: ClassVar[tuple[str, ...]] = (
        "nerve_transfer_first_days",
        "nerve_transfer_growth_months",
        "nerve_transfer_vertical",
        "nerve_transfer_horizontal",
        "nerve_transfer_gains",
        "nerve_transfer_rest",
    )
    risks: ClassVar[tuple[str, ...]] = ("nerve_transfer_unfavourable",)

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:
        """Return the pull on the corner in smiles, and at rest; see `Treatment.effects`."""
        n, side = state.draws, side_index(self.side)
        start = draw(fact("nerve_transfer_first_days"), n, seed)
        grown = draw(fact("nerve_transfer_growth_months"), n, seed) * DAYS_PER_MONTH
        share = draw(fact("nerve_transfer_gains"), n, seed)
        works = uniforms(n, seed, "nerve_transfer") < share
        moved = total_mm(state)
        added, shift = np.zeros_like(state.added_mm), np.zeros_like(state.shift_mm)
        for channel, name in (
            (_UP, "nerve_transfer_vertical"),
            (_ACROSS, "nerve_transfer_horizontal"),
        ):
            reach = draw(fact(name), n, seed)[:, None] * moved[:, 1 - side][:, _SMILES, channel]
            gain = np.maximum(reach - moved[:, side][:, _SMILES, channel], 0.0)
            added[:, side, _SMILES, channel] = np.where(works[:, None], gain, 0.0)
        hangs = np.nan_to_num(state.rest_mm[:, 1 - side, _UP] - state.rest_mm[:, side, _UP])
        lifted = draw(fact("nerve_transfer_rest"), n, seed) * np.maximum(hangs, 0.0)
        shift[:, side, _UP] = np.where(works, lifted, 0.0)
        return (Effect(Ramp(start, start + grown), added_mm=added, shift_mm=shift),)

    def remarks(self) -> tuple[str, ...]:
        """Say what such a smile is not, and what is not simulated."""
        return (ON_BITING, RESTS, SPREADS)
