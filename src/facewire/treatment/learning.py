"""What courses that were measured teach: forecast against what came, in a clinic and in a person.

Each course is one forecast by the literature, made for the face as it was measured before it, and
what was measured after it. Their quotient is the course's effect: 1 is what the literature
expects. Late visits tell how long it lasted. `facewire.treatment.shrinkage` puts courses, people,
clinic and literature together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

import numpy as np

from facewire.results.estimate import Estimate, Kind
from facewire.results.learned import (
    FEWEST_PEOPLE,
    ClinicResponse,
    LearnedTreatment,
    LeftOut,
    Response,
)
from facewire.treatment.facts import fact
from facewire.treatment.measured_course import Course, Key, duration_of, effect_of, is_late
from facewire.treatment.shrinkage import Answers, Mixture, Prior, Seen, fit_grid, fit_normal
from facewire.words import mark

FEWEST_COURSES = 2
"""Of one person, from which on that person's own figures are given."""
LEAST_TOLD_SD = 1.0
"""A course whose effect is less sure than by all that was expected tells nothing."""
FAR, PULLED = 4.0, 3.0
"""Deviations from the middle course, from which one counts as far; it is held to the second."""

TOO_SMALL = mark("what was expected to change is too small beside the error of measuring")
NOT_IN_TIME = mark("no visit while the effect was full, and none late enough to tell its end")
SAME_DAY = mark("two courses of one treatment on one day: they contradict each other")
NOBODY = mark("Nobody who was given this was measured before and after it: the literature holds.")
FEW_PEOPLE = mark(
    "Fewer than five people were measured before and after it: no figure of this clinic is given. "
    "It would tell of two or three people who can be named, and rest on chance."
)
ONE_COURSE = mark(
    "One course of this person does not tell what the next will do: the figures are those of all."
)
NO_LATE_VISIT = mark(
    "No course has a visit six weeks to nine months later: how long it lasts is the literature's."
)
FAR_COURSES = mark(
    "Some courses lie far from all others and count for less: check their dates, sides and units."
)
SELECTED = mark(
    "Only people who came back are seen. Those in whom it did nothing, or who are content, may "
    "stay away: how much that moves these figures cannot be told from them."
)
UNITS_DIFFER = mark("The units of these courses differ by more than four times.")


@dataclass(frozen=True)
class Lessons:
    """What courses taught: treatments, and why some courses told nothing."""

    treatments: tuple[LearnedTreatment, ...]
    left_out: tuple[LeftOut, ...]


def learn(
    courses: Iterable[Course],
    treated: Mapping[Key, int],
    reasons: Iterable[str] = (),
    person: str | None = None,
) -> Lessons:
    """Return what courses teach.

    Parameters
    ----------
    courses : iterable of Course
        Of all people.
    treated : mapping of Key to int
        People who were given each treatment, seen again or not.
    reasons : iterable of str
        One for each course that could not be made, why.
    person : str, optional
        Whose own figures are wanted.

    Returns
    -------
    Lessons
        For every treatment given: the clinic's figures from five people on, the person's from two
        courses on, else words.
    """
    pooled: dict[Key, list[Course]] = {key: [] for key in treated}
    for course in courses:
        pooled.setdefault(course.key, []).append(course)
    why = Counter(reasons)
    found = []
    for key in sorted(pooled, key=lambda k: tuple(map(str, (k.kind, k.muscle, k.role, k.product)))):
        clear, out = _without_contradictions(pooled[key])
        why.update(out)
        made = [(one, effect_of(one)) for one in clear]
        why.update(NOT_IN_TIME for one, seen in made if seen is None and not is_late(one))
        why.update(TOO_SMALL for _, seen in made if seen is not None and seen.sd > LEAST_TOLD_SD)
        kept = [(c, s) for c, s in made if (s is not None or is_late(c)) and not _is_unsure(s)]
        found.append(_treatment(key, kept, treated.get(key, 0), person))
    left = tuple(
        LeftOut(reason=reason, courses=n if n >= FEWEST_PEOPLE else None)
        for reason, n in sorted(why.items())
    )
    return Lessons(tuple(found), left)


def _is_unsure(seen: Seen | None) -> bool:
    return seen is not None and seen.sd > LEAST_TOLD_SD


def _without_contradictions(courses: Sequence[Course]) -> tuple[list[Course], list[str]]:
    times = Counter((one.person, one.day) for one in courses)
    clear = [one for one in courses if times[one.person, one.day] == 1]
    return clear, [SAME_DAY] * (len(courses) - len(clear))


Kept = Sequence[tuple[Course, Seen | None]]


def _treatment(key: Key, kept: Kept, treated: int, person: str | None) -> LearnedTreatment:
    own = [(c, s) for c, s in kept if c.person == person]
    people = len({c.person for c, s in kept if s is not None})
    enough = people >= FEWEST_PEOPLE
    known, far = _held([s for _, s in kept if s is not None])
    remarks = [FAR_COURSES] if enough and far else []
    clinic = told = None
    if enough:
        effect, duration = _fits(kept, known)
        clinic = _clinic(effect, duration, kept, people)
    own_known = [s for _, s in own if s is not None]
    if person is not None and len(own_known) >= FEWEST_COURSES:
        pair = (effect, duration) if enough else _fits(own, _held(own_known)[0])
        told = _own(*pair, own, person)
    elif person is not None and own_known:
        remarks.append(ONE_COURSE)
    if not enough:
        remarks.append(FEW_PEOPLE if people else NOBODY)
    if (clinic or told) and key.kind == "botulinum_toxin" and not any(is_late(c) for c, _ in kept):
        remarks.append(NO_LATE_VISIT)
    units = [c.units for c, _ in kept if c.units is not None] if enough else []
    if units and max(units) > 4.0 * min(units):
        remarks.append(UNITS_DIFFER)
    remarks += [SELECTED] if clinic or told else []
    with_units = len({c.person for c, _ in kept if c.units is not None})
    return LearnedTreatment(
        kind=key.kind,
        muscle=key.muscle,
        role=key.role,
        product=key.product,
        units_middle=median(units) if with_units >= FEWEST_PEOPLE else None,
        treated_people=_shown(treated, people),
        clinic=clinic,
        person=told,
        remarks=tuple(remarks),
    )


def _shown(treated: int, seen: int) -> int | None:
    """Return how many were treated; None where that would count one to four who were not seen."""
    hidden = 0 < treated - seen < FEWEST_PEOPLE
    return None if hidden or treated < FEWEST_PEOPLE else treated


def _held(courses: Sequence[Seen]) -> tuple[list[Seen], int]:
    """Return the courses with those far from the middle one made less sure, and how many these are.

    A slip of the pen is no spread between people. Far is meant beside the error of measuring and
    the spread that the courses themselves, or the literature, let expect.
    """
    if len(courses) < FEWEST_PEOPLE:
        return list(courses), 0
    values = np.array([one.value for one in courses])
    middle = float(np.median(values))
    usual = max(1.4826 * float(np.median(np.abs(values - middle))), effect_prior().between)
    found, far = [], 0
    for one in courses:
        off = abs(one.value - middle)
        if off > FAR * np.hypot(one.sd, usual):
            far += 1
            found.append(Seen(one.person, one.value, float(off / PULLED)))
        else:
            found.append(one)
    return found, far


def effect_prior() -> Prior:
    """Return what the literature expects of effects."""
    return _prior("effect", 1.0)


def duration_prior() -> Prior:
    """Return what it expects of the logarithm of a duration over its own."""
    return _prior("duration", 0.0)


def _prior(what: str, mean: float) -> Prior:
    names = (f"learned_{what}_between_{who}" for who in ("clinics", "people", "courses"))
    return Prior(mean, *(fact(name).value for name in names))


def _fits(kept: Kept, known: Sequence[Seen]) -> tuple[Answers, Answers | None]:
    effect = fit_normal(known, effect_prior())
    usual = effect.next_new.mean, effect.next_new.sd
    said = [duration_of(c, usual) for c, _ in kept]
    late = [one for one in said if one is not None]
    return effect, fit_grid(late, duration_prior()) if late else None


def _clinic(effect: Answers, duration: Answers | None, kept: Kept, people: int) -> ClinicResponse:
    found = ClinicResponse(
        effect=_ratio(effect.clinic),
        next_effect=_ratio(effect.next_new),
        literature_percent=100.0 * effect.literature,
        courses=sum(s is not None for _, s in kept),
        late_courses=sum(is_late(c) for c, _ in kept),
        people=people,
        between_people_sd=effect.between_sd,
    )
    if duration is None:
        return found
    return _lasting(found, duration, duration.clinic, duration.next_new)


def _own(effect: Answers, duration: Answers | None, own: Kept, person: str) -> Response:
    part = effect.own[person]
    found = Response(
        effect=_ratio(effect.people[person]),
        next_effect=_ratio(effect.next_own[person]),
        literature_percent=100.0 * (1.0 - part) * effect.literature,
        own_percent=100.0 * part,
        courses=sum(s is not None for _, s in own),
        late_courses=sum(is_late(c) for c, _ in own),
    )
    if duration is None:
        return found
    middle = duration.people.get(person, duration.clinic)
    return _lasting(found, duration, middle, duration.next_own.get(person, duration.next_new))


Answer = TypeVar("Answer", bound=Response)


def _lasting(found: Answer, duration: Answers, middle: Mixture, coming: Mixture) -> Answer:
    return found.replaced(
        duration_days=_days(middle),
        next_duration_days=_days(coming),
        next_duration_log_sd=coming.sd,
        duration_literature_percent=100.0 * duration.literature,
    )


def _ratio(found: Mixture) -> Estimate:
    low, high = found.interval
    value = found.mean
    return Estimate(
        value=value,
        sd=found.sd,
        low=min(low, value),
        high=max(high, value),
        unit="ratio",
        kind=Kind.INFERRED,
    )


def _days(found: Mixture) -> Estimate:
    usual = fact("toxin_duration").value
    low, middle, high = (float(np.exp(found.quantile(q))) for q in (0.025, 0.5, 0.975))
    first = found.weight @ np.exp(found.centre + found.deviation**2 / 2.0)
    second = found.weight @ np.exp(2.0 * found.centre + 2.0 * found.deviation**2)
    return Estimate(
        value=usual * middle,
        sd=usual * float(np.sqrt(max(float(second - first**2), 0.0))),
        low=usual * low,
        high=usual * high,
        unit="days",
        kind=Kind.INFERRED,
    )
