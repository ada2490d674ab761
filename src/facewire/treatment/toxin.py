"""Botulinum toxin type A: weakens the injected muscle for some months."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from facewire.errors import UsageError
from facewire.face.muscles import MuscleGroup
from facewire.results.forecast import TreatmentKind
from facewire.safety.facts import PRODUCTS
from facewire.treatment.base import Treatment, check_choice, check_range, on_groups
from facewire.treatment.course import RiseAndFall
from facewire.treatment.effect import Effect
from facewire.treatment.facts import draw, fact, fractions, normals
from facewire.treatment.muscles import groups_of, neighbours
from facewire.wiring import FaceState
from facewire.wiring.state import side_index
from facewire.words import mark

FloatArray = NDArray[np.float64]

NOT_SIMULATED = mark("recorded, not simulated; video sees no movement of its own.")
NO_DEGREE = mark(
    "the degree of weakening was not given; drawn from a wide prior (no published figure for "
    "a synkinetic muscle)."
)
NO_INTERVAL = mark("weakening_percent has no interval; one was assumed.")
COSTS_THE_SMILE = mark(
    "weakening it costs the smile; computed because it was recorded, never proposed."
)

MILDEST_SPREAD = 0.5
"""What spreads for the lightest dose, as part of what spreads at half weakening."""
SYNKINETIC, HEALTHY = "toxin_weakening", "toxin_weakening_healthy"
"""Degrees that were not given are drawn from these: on a side with wrong wiring, and without."""
UNCERTAIN_LOGIT = 0.5
"""Standard deviation, as logit, of a degree of weakening that is given without an interval."""


@dataclass(frozen=True)
class BotulinumToxin(Treatment):
    """One course of botulinum toxin into one muscle of one side.

    ``strength(t) = strength (1 - w c(t))``, ``c`` rising from the onset to the peak, staying,
    and back at 0 at the end. What is weakened is the muscle: wanted and unwanted movement alike,
    and to a part, more of it for a stronger dose, the muscles that lie beside it.
    Units are recorded and compared with what is printed; no published figure turns them into a
    degree of weakening of a synkinetic muscle, so that is an input, or drawn from a wide prior.

    Parameters
    ----------
    side : Side
    muscle : str
        One of `facewire.treatment.muscles.NAMES`.
    product : str
        One of `PRODUCTS`.
    units : float, optional
        Units of this product, all sites together. Recorded, never used in the simulation.
    sites : int, optional
        Injection points.
    weakening_percent : float, optional
        Of the muscle's force at the peak, 0 to 100; None draws it from the prior.
    weakening_low, weakening_high : float, optional
        Its 95 % interval, percent; without one ``UNCERTAIN_LOGIT`` holds.

    Raises
    ------
    UsageError
        An unknown muscle or product, or a number out of range.
    """

    kind: ClassVar[TreatmentKind] = "botulinum_toxin"
    uses: ClassVar[tuple[str, ...]] = (
        "toxin_onset",
        "toxin_peak",
        "toxin_duration",
        "toxin_plateau_share",
    )

    muscle: str
    product: str
    units: float | None = None
    sites: int | None = None
    weakening_percent: float | None = None
    weakening_low: float | None = None
    weakening_high: float | None = None

    def __post_init__(self) -> None:
        groups_of(self.muscle)
        check_choice("product", self.product, PRODUCTS)
        for name, low, high in (("units", 0.01, 5000), ("sites", 1, 100)):
            if getattr(self, name) is not None:
                check_range(name, getattr(self, name), low, high)
        for name in ("weakening_percent", "weakening_low", "weakening_high"):
            if getattr(self, name) is not None:
                check_range(name, getattr(self, name), 0, 100)
        self._check_interval()

    def _check_interval(self) -> None:
        ends = (self.weakening_low, self.weakening_high)
        if ends == (None, None):
            return
        middle = self.weakening_percent
        if middle is None or None in ends or not ends[0] <= middle <= ends[1]:  # type: ignore[operator]
            raise UsageError(
                "The interval of weakening_percent cannot be used",
                expected="weakening_low <= weakening_percent <= weakening_high, all three",
                found=f"{ends[0]}, {middle}, {ends[1]}",
            )

    @property
    def groups(self) -> tuple[MuscleGroup, ...]:
        """The muscle groups that are weakened."""
        return groups_of(self.muscle)

    def weakening(self, n: int, seed: int, prior: str = SYNKINETIC) -> FloatArray:
        """Return draws of the share of force lost at the peak, shape (n,).

        Parameters
        ----------
        n, seed : int
        prior : str, optional
            The fact that it is drawn from where the degree was not given.
        """
        known = fact(prior)
        z = normals(n, seed, f"toxin_weakening/{self.muscle}")
        if self.weakening_percent is None and self.response is not None:
            return self.response.shares(known.value, z)
        if self.weakening_percent is None:
            return fractions(known.value, (known.low, known.high), z)
        middle = self.weakening_percent / 100.0
        if self.weakening_low is not None and self.weakening_high is not None:
            interval = (self.weakening_low / 100.0, self.weakening_high / 100.0)
            return fractions(middle, interval, z)
        if middle in (0.0, 1.0):
            return np.full(n, middle)
        logit = np.log(middle / (1.0 - middle)) + UNCERTAIN_LOGIT * z
        return np.asarray(1.0 / (1.0 + np.exp(-logit)))

    def effects(self, state: FaceState, seed: int) -> tuple[Effect, ...]:
        """Return the loss of force; one person's course is the same in all muscles."""
        n = state.draws
        course = _course(n, seed, self._ends(n, seed))
        miswired = bool(state.wrong[:, side_index(self.side)].any())
        weakened = self.weakening(n, seed, SYNKINETIC if miswired else HEALTHY)
        share = on_groups(self.side, self.groups, weakened)
        for group, reached in spread_of(self.groups, weakened, seed, self.muscle).items():
            share += on_groups(self.side, (group,), reached)
        return (Effect(course, strength=share),)

    def _ends(self, n: int, seed: int) -> FloatArray:
        """Return the day at which the effect of each draw is gone."""
        if self.response is None or self.response.duration_days is None:
            return draw(fact("toxin_duration"), n, seed)
        return self.response.durations(n, seed)

    def fact_ids(self) -> tuple[str, ...]:
        """Return the facts behind course and spread, and the degree's where it was not given."""
        spread = tuple(dict.fromkeys(neighbours(self.groups).values()))
        degree = () if self.weakening_percent is not None else (SYNKINETIC, HEALTHY)
        return (*self.uses, *spread, *degree)

    def remarks(self) -> tuple[str, ...]:
        """Return what is not known of this course, and what it touches."""
        found = []
        if not self.groups:
            found.append(f"{self.muscle}: {NOT_SIMULATED}")
        elif self.weakening_percent is None and self.response is None:
            found.append(f"{self.muscle}: {NO_DEGREE}")
        elif self.weakening_percent is not None and self.weakening_low is None:
            found.append(f"{self.muscle}: {NO_INTERVAL}")
        if MuscleGroup.ZYGOMATICUS_MAJOR in self.groups:
            found.append(f"zygomaticus_major: {COSTS_THE_SMILE}")
        return tuple(found)


def _course(n: int, seed: int, end: FloatArray) -> RiseAndFall:
    """Return one person's course that ends on given days, each at least a day after its peak."""
    onset, peak = draw(fact("toxin_onset"), n, seed), draw(fact("toxin_peak"), n, seed)
    peak = np.maximum(peak, onset + 1.0)
    end = np.maximum(end, peak + 1.0)
    fall = peak + draw(fact("toxin_plateau_share"), n, seed) * (end - peak)
    return RiseAndFall(onset, peak, fall, end)


LEVEL_DRAWS = 200


def mean_level(days: FloatArray, log_ratios: FloatArray) -> FloatArray:
    """Return how much of the effect is there on some days, for some durations.

    Parameters
    ----------
    days : ndarray, shape (d,)
        Since the treatment.
    log_ratios : ndarray, shape (r,)
        Logarithms of the duration over `toxin_duration`'s.

    Returns
    -------
    ndarray, shape (r, d)
        Mean over what is not known of onset, peak and plateau.
    """
    ratios = tuple(float(one) for one in log_ratios)
    return np.stack([_levels(float(day), ratios) for day in days], axis=1)


@cache
def _levels(day: float, log_ratios: tuple[float, ...]) -> FloatArray:
    ends = fact("toxin_duration").value * np.exp(log_ratios)
    courses = (_course(LEVEL_DRAWS, 0, np.full(LEVEL_DRAWS, end)) for end in ends)
    return np.array([one.at(day).mean() for one in courses])


def spread_of(
    groups: tuple[MuscleGroup, ...], weakened: FloatArray, seed: int, muscle: str
) -> dict[MuscleGroup, FloatArray]:
    """Return what the groups beside an injected muscle lose, shape (n,) each.

    Parameters
    ----------
    groups : tuple of MuscleGroup
        Of the muscle; they are not their own neighbours.
    weakened : ndarray, shape (n,)
        Share of its force that is lost.
    seed : int
    muscle : str
        Its name: draws are its own.
    """
    found = {}
    for group, name in neighbours(groups).items():
        part = draw(fact(name), len(weakened), seed, f"{muscle}/{group}")
        found[group] = np.minimum(weakened * part * (MILDEST_SPREAD + weakened), weakened)
    return found
