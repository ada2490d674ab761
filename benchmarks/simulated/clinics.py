"""Clinics whose patients respond in a known way: courses of toxin with what came, and the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from facewire.face import Movement, Region
from facewire.results.course import Part
from facewire.results.estimate import Estimate, Kind
from facewire.treatment import Came, Course
from facewire.treatment.measured_course import Key
from facewire.treatment.toxin import mean_level

KEY = Key("botulinum_toxin", "orbicularis_oculi", "affected", "onabotulinumtoxinA")
OUTCOME: tuple[Movement, Region, Part] = (Movement.SMILE_OPEN, Region.EYE, "involuntary")
USUAL_DAYS = 122.0
PEAK_DAY, LATE_DAYS, APART_DAYS = 28, (60, 91, 112, 133), 180


@dataclass(frozen=True)
class Clinic:
    """How a clinic's patients respond.

    Parameters
    ----------
    people : int
    effect, days : float
        The clinic's middle: multiple of the literature's effect, and how long it lasts.
    effect_between, days_between : float
        Standard deviations between people: of the multiple, and of the logarithm of the days.
    within : float
        Between the courses of one person, of both.
    visit_mm : float
        Error of one visit, measuring again in it.
    told_mm : float, optional
        What that error is said to be; else as it is.
    stays_away : bool
        Whether people in whom less than the middle came return half as often.
    """

    people: int
    effect: float = 1.0
    days: float = USUAL_DAYS
    effect_between: float = 0.25
    days_between: float = 0.25
    within: float = 0.1
    visit_mm: float = 0.45
    told_mm: float | None = None
    stays_away: bool = False


@dataclass(frozen=True)
class Truth:
    """How one person responds, and the next course of that person."""

    effect: float
    days: float
    next_effect: float
    next_days: float


def simulated_clinic(clinic: Clinic, seed: int) -> tuple[list[Course], dict[str, Truth]]:
    """Return the courses of a clinic, one to four a person, and the truth of each person.

    Parameters
    ----------
    clinic : Clinic
    seed : int
    """
    rng = np.random.default_rng([seed, clinic.people, round(100 * clinic.effect)])
    courses: list[Course] = []
    truth: dict[str, Truth] = {}
    while len(truth) < clinic.people:
        name = f"{len(truth)}"
        own = person(clinic, rng)
        if clinic.stays_away and own.effect < clinic.effect and rng.random() < 0.5:
            continue
        truth[name] = own
        courses += [_course(clinic, name, own, k, rng) for k in range(int(rng.integers(1, 5)))]
    return courses, truth


def person(clinic: Clinic, rng: np.random.Generator) -> Truth:
    """Return somebody of a clinic, drawn from what its people are like."""
    effect = rng.normal(clinic.effect, clinic.effect_between)
    days = clinic.days * np.exp(clinic.days_between * rng.normal())
    return Truth(effect, days, *_one_course(clinic, effect, days, rng))


def _one_course(
    clinic: Clinic, effect: float, days: float, rng: np.random.Generator
) -> tuple[float, float]:
    return (
        effect + clinic.within * rng.normal(),
        days * np.exp(clinic.within * rng.normal()),
    )


def _course(clinic: Clinic, name: str, own: Truth, k: int, rng: np.random.Generator) -> Course:
    effect, days = _one_course(clinic, own.effect, own.days, rng)
    full, unsure = -rng.uniform(1.0, 3.0), 0.12
    really = full * (1.0 + unsure * rng.normal())
    late = [int(rng.choice(LATE_DAYS))] if rng.random() < 0.7 else []
    before, told = clinic.visit_mm * rng.normal(), clinic.told_mm or clinic.visit_mm
    visits = []
    for day in (PEAK_DAY, *late):
        came = effect * really * _level(day, days) + clinic.visit_mm * rng.normal() - before
        usual = full * _level(day, USUAL_DAYS)
        visits.append(
            Came(
                day,
                _estimate(usual, unsure * abs(usual), Kind.SIMULATED),
                _estimate(came, told * 2**0.5, Kind.MEASURED),
            )
        )
    return Course(
        person=name,
        day=k * APART_DAYS,
        kind=KEY.kind,
        muscle=KEY.muscle,
        role=KEY.role,
        product=KEY.product,
        units=float(rng.choice([7.5, 10.0, 12.5])),
        outcome=OUTCOME,
        full_mm=_estimate(full, unsure * abs(full), Kind.SIMULATED),
        before_sd_mm=told,
        visits=tuple(visits),
    )


def _level(day: float, days: float) -> float:
    rounded = round(float(np.log(days / USUAL_DAYS)), 2)
    return float(mean_level(np.array([float(day)]), np.array([rounded]))[0, 0])


def _estimate(value: float, sd: float, kind: Kind) -> Estimate:
    found = Estimate.of(value, sd, "mm", kind)
    assert found is not None
    return found
