"""What one weakening changes, with intervals over the draws: simulated, never measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.face import (
    MOVEMENTS,
    REGIONS,
    VOLUNTARY_TARGETS,
    Movement,
    Side,
    moves_on_purpose,
)
from facewire.plan.objectives import (
    OBJECTIVES,
    Face,
    Outcome,
    predict_outcome,
    told_objectives,
    untouched,
    weigh,
)
from facewire.results.estimate import Estimate, Kind
from facewire.results.plan import Change, MovementChange, Objective, ObjectiveChange
from facewire.wiring.state import excursions, region_columns

FloatArray = NDArray[np.float64]

SHOWN_MM = 0.1
"""Smallest mean change of a movement that is listed."""


@dataclass(frozen=True)
class Prediction:
    """What one weakening changes.

    Parameters
    ----------
    objectives : tuple of ObjectiveChange
        In the order of `OBJECTIVES`.
    movements : tuple of MovementChange
        Those that change by at least `SHOWN_MM`, the largest first.
    change_mm : ndarray, shape (n, 6)
        Change of each objective in each draw.
    """

    objectives: tuple[ObjectiveChange, ...]
    movements: tuple[MovementChange, ...]
    change_mm: FloatArray


@dataclass(frozen=True)
class Forecaster:
    """Predicts weakenings of one face with all its draws.

    Parameters
    ----------
    face : Face
        The face as it is.
    region_weights : ndarray, shape (7,)
        What a millimetre of each region counts.
    before : Outcome
        The face as it is, one row.
    now_mm : ndarray, shape (n, 6)
        Its objectives.
    seen : tuple of Movement
        What was recorded; of the rest nothing is told.
    """

    face: Face
    region_weights: FloatArray
    before: Outcome
    now_mm: FloatArray
    seen: tuple[Movement, ...]

    @classmethod
    def start(
        cls, face: Face, region_weights: FloatArray, seen: tuple[Movement, ...] = MOVEMENTS
    ) -> Forecaster:
        """Prepare a face."""
        before = predict_outcome(face, untouched())
        now_mm = weigh(face, before, before, region_weights)[0]
        return cls(face, region_weights, before, now_mm, seen)

    def after_mm(self, degree: FloatArray) -> FloatArray:
        """Return the objectives of some weakenings, (b, n, 6), mm."""
        outcome = predict_outcome(self.face, 1.0 - degree)
        return weigh(self.face, outcome, self.before, self.region_weights)

    def predict(self, degree: FloatArray, affected: Side) -> Prediction:
        """Return what one weakening changes; ``degree`` has the shape (2, 14)."""
        outcome = predict_outcome(self.face, 1.0 - degree[None])
        after = weigh(self.face, outcome, self.before, self.region_weights)[0]
        rows = tuple(
            _objective(objective, self.now_mm[:, i], after[:, i])
            for i, objective in enumerate(OBJECTIVES)
            if objective in told_objectives(self.face, self.seen)
        )
        movements = [
            *_involuntary(self.before, outcome, affected),
            *_voluntary(self.before, outcome, affected),
        ]
        shown = [r for r in movements if abs(r.change_mm) >= SHOWN_MM and r.movement in self.seen]
        largest = tuple(sorted(shown, key=lambda row: -round(abs(row.change_mm), 6)))
        return Prediction(rows, largest, after - self.now_mm)


def _objective(objective: Objective, now: FloatArray, after: FloatArray) -> ObjectiveChange:
    percent = None
    if now.mean() >= SHOWN_MM and now.min() > 0:
        percent = Estimate.from_draws(100.0 * (after - now) / now, "%", Kind.SIMULATED)
    return ObjectiveChange(
        objective=objective,
        **_columns(now, after),
        **ObjectiveChange.columns("change_percent", percent),
    )


def _columns(now: FloatArray, after: FloatArray) -> dict[str, Any]:
    """Return today, after and the change as entries of a row, from the same draws."""
    draws = {"now_mm": now, "after_mm": after, "change_mm": after - now}
    found: dict[str, Any] = {}
    for name, values in draws.items():
        found |= Change.columns(name, Estimate.from_draws(values, "mm", Kind.SIMULATED))
    return found


def _involuntary(before: Outcome, after: Outcome, affected: Side) -> Iterator[MovementChange]:
    for row, movement in enumerate(MOVEMENTS):
        for region in REGIONS:
            if moves_on_purpose(movement, region):
                continue
            columns = region_columns(region)
            now, then = (
                np.linalg.norm(o.involuntary_mm[0][:, row][:, columns], axis=-1)
                for o in (before, after)
            )
            yield MovementChange(
                kind="involuntary",
                movement=movement,
                region=region,
                side=affected,
                **_columns(now, then),
            )


def _voluntary(before: Outcome, after: Outcome, affected: Side) -> Iterator[MovementChange]:
    now, then = excursions(before.total_mm)[0], excursions(after.total_mm)[0]
    for row, movement in enumerate(MOVEMENTS):
        for role, side in enumerate((affected, affected.other)):
            yield MovementChange(
                kind="voluntary",
                movement=movement,
                region=VOLUNTARY_TARGETS[movement][0],
                side=side,
                **_columns(now[:, role, row], then[:, role, row]),
            )
