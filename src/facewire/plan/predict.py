"""What one weakening changes, with intervals over the draws: simulated, never measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.face import (
    MOVEMENTS,
    REGIONS,
    VOLUNTARY_TARGETS,
    Movement,
    Region,
    moves_on_purpose,
)
from facewire.plan.objectives import (
    OBJECTIVES,
    Face,
    Objective,
    Outcome,
    excursions,
    predict_outcome,
    region_columns,
    untouched,
    weigh,
)

FloatArray = NDArray[np.float64]

LOW, HIGH = 2.5, 97.5
SHOWN_MM = 0.1
"""Smallest mean change of a movement that is listed."""


@dataclass(frozen=True)
class Interval:
    """Mean over the draws with a 95 % interval."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, draws: FloatArray) -> Interval:
        """Return mean and interval of some draws."""
        low, high = np.percentile(draws, [LOW, HIGH])
        mean = float(draws.mean())
        return cls(mean, min(float(low), mean), max(float(high), mean))


@dataclass(frozen=True)
class ObjectiveChange:
    """One objective today and after, mm, and its change; percent of today's where that is told.

    Parameters
    ----------
    objective : Objective
        Which.
    now, after, change : Interval
        Millimetres.
    percent : Interval or None
        Change in percent of today; None where today is near 0.
    """

    objective: Objective
    now: Interval
    after: Interval
    change: Interval
    percent: Interval | None


@dataclass(frozen=True)
class MovementChange:
    """One movement of one region that changes.

    Parameters
    ----------
    kind : str
        ``involuntary`` (affected side only) or ``voluntary`` (in the main target, the wanted way).
    movement : Movement
        What is asked for.
    region : Region
        Where it is seen.
    role : int
        0 affected side, 1 healthy side.
    now, after, change : Interval
        Millimetres; the involuntary movement is a size without direction.
    """

    kind: str
    movement: Movement
    region: Region
    role: int
    now: Interval
    after: Interval
    change: Interval


@dataclass(frozen=True)
class Prediction:
    """What one weakening changes.

    Parameters
    ----------
    objectives : tuple of ObjectiveChange
        In the order of `OBJECTIVES`.
    movements : tuple of MovementChange
        Those that change by at least `SHOWN_MM`, the largest first.
    change_mm : ndarray, shape (n, 4)
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
    now_mm : ndarray, shape (n, 4)
        Its objectives.
    """

    face: Face
    region_weights: FloatArray
    before: Outcome
    now_mm: FloatArray

    @classmethod
    def start(cls, face: Face, region_weights: FloatArray) -> Forecaster:
        """Prepare a face."""
        before = predict_outcome(face, untouched())
        return cls(face, region_weights, before, weigh(face, before, before, region_weights)[0])

    def after_mm(self, degree: FloatArray) -> FloatArray:
        """Return the objectives of some weakenings, (b, n, 4), mm."""
        outcome = predict_outcome(self.face, 1.0 - degree)
        return weigh(self.face, outcome, self.before, self.region_weights)

    def predict(self, degree: FloatArray) -> Prediction:
        """Return what one weakening changes; ``degree`` has the shape (2, 14)."""
        outcome = predict_outcome(self.face, 1.0 - degree[None])
        after = weigh(self.face, outcome, self.before, self.region_weights)[0]
        rows = tuple(
            _objective(objective, self.now_mm[:, i], after[:, i])
            for i, objective in enumerate(OBJECTIVES)
        )
        return Prediction(rows, self._movements(outcome), after - self.now_mm)

    def _movements(self, outcome: Outcome) -> tuple[MovementChange, ...]:
        found = [*_involuntary(self.before, outcome), *_voluntary(self.before, outcome)]
        shown = [row for row in found if abs(row.change.mean) >= SHOWN_MM]
        return tuple(sorted(shown, key=lambda row: -round(abs(row.change.mean), 6)))


def _objective(objective: Objective, now: FloatArray, after: FloatArray) -> ObjectiveChange:
    percent = None
    if now.mean() >= SHOWN_MM and now.min() > 0:
        percent = Interval.of(100.0 * (after - now) / now)
    return ObjectiveChange(
        objective, Interval.of(now), Interval.of(after), Interval.of(after - now), percent
    )


def _involuntary(before: Outcome, after: Outcome) -> list[MovementChange]:
    found = []
    for row, movement in enumerate(MOVEMENTS):
        for region in REGIONS:
            if not moves_on_purpose(movement, region):
                columns = region_columns(region)
                now, then = (
                    np.linalg.norm(o.involuntary_mm[0][:, row][:, columns], axis=-1)
                    for o in (before, after)
                )
                found.append(_change("involuntary", movement, region, 0, now, then))
    return found


def _voluntary(before: Outcome, after: Outcome) -> list[MovementChange]:
    now, then = excursions(before.total_mm)[0], excursions(after.total_mm)[0]
    return [
        _change(
            "voluntary",
            movement,
            VOLUNTARY_TARGETS[movement][0],
            role,
            now[:, role, row],
            then[:, role, row],
        )
        for row, movement in enumerate(MOVEMENTS)
        for role in (0, 1)
    ]


def _change(
    kind: str,
    movement: Movement,
    region: Region,
    role: int,
    now: FloatArray,
    then: FloatArray,
) -> MovementChange:
    spans = (Interval.of(now), Interval.of(then), Interval.of(then - now))
    return MovementChange(kind, movement, region, role, *spans)
