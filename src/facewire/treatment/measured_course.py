"""One course of a treatment: what was forecast, what came, and what the two say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face import Movement, Region
from facewire.results.course import Part
from facewire.results.estimate import Estimate, Kind
from facewire.results.forecast import TreatmentKind
from facewire.results.learned import Role
from facewire.treatment.shrinkage import GRID, Said, Seen
from facewire.treatment.toxin import mean_level

FloatArray = NDArray[np.float64]

FULL_FROM_DAYS, FULL_TO_DAYS = 10, 42
"""When a toxin's effect is full for every duration that is published: what its visits tell."""
LAST_DAYS = 274
"""Nine months: later visits tell nothing of a toxin's duration."""


@dataclass(frozen=True)
class Came:
    """What was forecast and what came, at one visit after a treatment.

    Parameters
    ----------
    days : int
        Since the treatment.
    forecast_mm : Estimate
        Change since the visit before, simulated with the middle effect and duration of the
        literature; its deviation is what is not known of the wiring.
    came_mm : Estimate
        The same change, measured; its deviation holds measuring again.
    """

    days: int
    forecast_mm: Estimate
    came_mm: Estimate

    def __post_init__(self) -> None:
        kinds = self.forecast_mm.kind, self.came_mm.kind
        _check(self.days > 0, "a visit after the treatment", f"day {self.days}")
        _check(kinds == (Kind.SIMULATED, Kind.MEASURED), "simulated and measured", kinds)
        _check(self.came_mm.needed_sd > 0, "an error of measuring", self.came_mm.sd)


@dataclass(frozen=True)
class Course:
    """One treatment of one muscle in one person, with what is seen of it.

    Parameters
    ----------
    person : str
        A key that tells people apart; it is in no result.
    day : int
        Of the treatment, in a count of the person's own.
    kind : str
    muscle : str or None
    role : str
        ``affected`` or ``other`` side.
    product : str or None
    units : float or None
        Of this product, this muscle and side.
    outcome : tuple
        The movement and region that were followed, and ``involuntary`` or ``voluntary``.
    full_mm : Estimate
        The forecast at full effect.
    before_sd_mm : float
        Error of the visit before, measuring again in it: every later change shares it.
    visits : tuple of Came
        In the order of time.
    """

    person: str
    day: int
    kind: TreatmentKind
    muscle: str | None
    role: Role
    product: str | None
    units: float | None
    outcome: tuple[Movement, Region, Part]
    full_mm: Estimate
    before_sd_mm: float
    visits: tuple[Came, ...]

    def __post_init__(self) -> None:
        _check(bool(self.visits), "a visit after the treatment", "none")
        days = [one.days for one in self.visits]
        _check(days == sorted(set(days)), "visits in the order of time", days)
        _check(self.full_mm.value != 0.0, "a forecast that is not 0", "0")
        least = min(one.came_mm.needed_sd for one in self.visits)
        _check(0 <= self.before_sd_mm <= least, f"an error up to {least:g}", self.before_sd_mm)

    @property
    def key(self) -> Key:
        """What may be pooled with it."""
        return Key(self.kind, self.muscle, self.role, self.product)


@dataclass(frozen=True, order=True)
class Key:
    """What is pooled: one kind of treatment, one muscle, side and product."""

    kind: TreatmentKind
    muscle: str | None
    role: Role
    product: str | None


def effect_of(course: Course) -> Seen | None:
    """Return a course's effect: what came over what was forecast, by generalised least squares.

    Every visit's change shares the error of the visit before, and every forecast that of the
    wiring; None where no visit lies in the time of full effect.
    """
    used = [one for one in course.visits if _is_full(course, one)]
    if not used:
        return None
    came = np.array([one.came_mm.value for one in used])
    expected = np.array([one.forecast_mm.value for one in used])
    if not expected.any():
        return None
    inverse = np.linalg.inv(_errors(course, used, expected))
    trust = float(expected @ inverse @ expected)
    value = float(expected @ inverse @ came) / trust
    return Seen(course.person, value, trust**-0.5)


def duration_of(course: Course, effect: tuple[float, float]) -> Said | None:
    """Return what a course's late visits say of the logarithm of its duration.

    Parameters
    ----------
    course : Course
        Of toxin.
    effect : tuple of float
        What its full effect is expected to be, and the deviation of that.
    """
    if not is_late(course):
        return None
    used = [v for v in course.visits if FULL_FROM_DAYS <= v.days <= LAST_DAYS]
    came = np.array([one.came_mm.value for one in used])
    middle, sd = effect
    expected = course.full_mm.value * mean_level(np.array([one.days for one in used]), GRID)
    errors = _errors(course, used, expected)
    errors += sd**2 * expected[:, :, None] * expected[:, None]
    off = came - middle * expected
    _, log_size = np.linalg.slogdet(errors)
    square = (off * np.linalg.solve(errors, off[..., None])[..., 0]).sum(axis=-1)
    return Said(course.person, -0.5 * (square + log_size))


def _errors(course: Course, visits: Sequence[Came], expected: FloatArray) -> FloatArray:
    """Return the covariance of what came, (..., v, v), for expected changes of shape (..., v)."""
    own = [one.came_mm.needed_sd**2 - course.before_sd_mm**2 for one in visits]
    wiring = course.full_mm.needed_sd / course.full_mm.value
    both = expected[..., :, None] * expected[..., None, :]
    return np.asarray(np.diag(own) + course.before_sd_mm**2 + wiring**2 * both)


def _is_full(course: Course, visit: Came) -> bool:
    toxin = course.kind == "botulinum_toxin"
    return not toxin or FULL_FROM_DAYS <= visit.days <= FULL_TO_DAYS


def is_late(course: Course) -> bool:
    """Return whether a visit may tell how long a toxin's effect lasted."""
    toxin = course.kind == "botulinum_toxin"
    return toxin and any(FULL_TO_DAYS < one.days <= LAST_DAYS for one in course.visits)


def _check(fits: bool, expected: str, found: object) -> None:
    if not fits:
        raise UsageError("A course cannot be learned from", expected=expected, found=str(found))
