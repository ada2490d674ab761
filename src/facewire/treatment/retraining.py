"""Neuromuscular retraining: the command is refined, no muscle is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from facewire.results.forecast import TreatmentKind
from facewire.treatment.base import Treatment, check_range
from facewire.treatment.course import Approach
from facewire.treatment.effect import Effect
from facewire.treatment.facts import draw, fact, normals
from facewire.wiring import FaceState
from facewire.wiring.state import side_index
from facewire.words import mark

FloatArray = NDArray[np.float64]

PUBLISHED_MINUTES = (10.0, 60.0)
"""Minutes a day of the published programmes; outside them a remark is made."""
STAYS_DAYS, FADES_DAYS = 365.0, 730.0
"""After the end of a programme: stable on average for a year; then what is lost is lost slowly."""
MOST_GROWTH = 1.5
"""A weak activation grows by at most this much of itself."""


@dataclass(frozen=True)
class NeuromuscularRetraining(Treatment):
    """Facial training (mime therapy, biofeedback) of one side.

    With ``c(t) = a (1 - exp(-min(t, T) / tau))``, ``a`` the adherence and ``T`` the length of the
    programme: wrong edges ``w (1 - k c)``, resting tone ``t (1 - q c)``, and activations that
    belong to a movement close a part ``p c`` of their gap to the other side's. What was reached
    is stable for one year after the programme, as published on average; what is left later is not
    known and drawn wide.

    Parameters
    ----------
    side : Side
        The affected side.
    adherence : float, optional
        Part of the practice that is really done, 0 to 1.
    minutes_per_day : float, optional
        Recorded; no published relation of practice to effect.
    lasts_days : float, optional
        Length of the programme.

    Raises
    ------
    UsageError
        A number out of range.
    """

    kind: ClassVar[TreatmentKind] = "neuromuscular_retraining"
    uses: ClassVar[tuple[str, ...]] = (
        "training_time",
        "training_wrong",
        "training_tone",
        "training_right",
        "training_kept",
    )

    adherence: float = 1.0
    minutes_per_day: float | None = None
    lasts_days: float = 300.0

    def __post_init__(self) -> None:
        check_range("adherence", self.adherence, 0, 1)
        check_range("lasts_days", self.lasts_days, 0, 10_000)
        if self.minutes_per_day is not None:
            check_range("minutes_per_day", self.minutes_per_day, 0, 1440)

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:
        """Return the slow change of the commands; see `Treatment.effects`."""
        n, side = state.draws, side_index(self.side)
        names = ("training_wrong", "training_tone", "training_right")
        wrong, tone, right = (self.adherence * self._share(name, n, seed) for name in names)
        lost = np.zeros_like(state.wrong)
        lost[:, side] = wrong[:, None, None]
        calmer = np.zeros_like(state.tone)
        calmer[:, side] = tone[:, None]
        grown = np.zeros_like(state.right)
        grown[:, side] = -right[:, None, None] * _gap(state, side)
        course = Approach(
            draw(fact("training_time"), n, seed),
            self.lasts_days,
            draw(fact("training_kept"), n, seed),
            STAYS_DAYS,
            FADES_DAYS,
        )
        return (Effect(course, wrong=lost, tone=calmer, right=grown),)

    def _share(self, name: str, n: int, seed: int) -> FloatArray:
        if self.response is None:
            return draw(fact(name), n, seed)
        return self.response.shares(fact(name).value, normals(n, seed, f"learned/{self.kind}"))

    def remarks(self) -> tuple[str, ...]:
        """Say that practice is recorded only, and when it lies outside published programmes."""
        if self.minutes_per_day is None:
            return ()
        low, high = PUBLISHED_MINUTES
        if not low <= self.minutes_per_day <= high:
            return (
                (
                    f"minutes_per_day {self.minutes_per_day:g} lies outside the published "
                    f"programmes ({low:g} to {high:g}); it is recorded, not simulated."
                ),
            )
        return (mark("minutes_per_day is recorded; only adherence enters the simulation."),)


def _gap(state: FaceState, side: int) -> FloatArray:
    """How much weaker than the other side each activation is, as a part of itself, (n, 8, 14)."""
    own, other = state.right[:, side], state.right[:, 1 - side]
    part = np.where(own > 0, other / np.maximum(own, 1e-9) - 1.0, 0.0)
    return np.asarray(np.clip(part, 0.0, MOST_GROWTH))
