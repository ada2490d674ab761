"""What courses teach: known clinics, few people, slips of the pen, and the mathematics by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.report.learned_words import lines
from facewire.results.estimate import Estimate, Kind
from facewire.results.learned import LearnedTreatment
from facewire.treatment import Came, Course, learn
from facewire.treatment.learning import (
    FAR_COURSES,
    FEW_PEOPLE,
    NO_LATE_VISIT,
    NOBODY,
    NOT_IN_TIME,
    ONE_COURSE,
    SAME_DAY,
    SELECTED,
    TOO_SMALL,
)
from facewire.treatment.measured_course import effect_of
from facewire.treatment.shrinkage import SPREAD_LOG_SD, Prior, Seen, fit_normal
from simulated.clinics import KEY, Clinic, simulated_clinic

WEAK = Clinic(12, effect=0.6, days=85.0)
COURSES, TRUTH = simulated_clinic(WEAK, 3)


def taught(courses: list[Course], person: str | None = None) -> LearnedTreatment:
    people = len({one.person for one in courses})
    return learn(courses, {KEY: people}, person=person).treatments[0]


def of_people(n: int) -> list[Course]:
    return [one for one in COURSES if int(one.person) < n]


def mm(value: float, sd: float, kind: Kind) -> Estimate:
    found = Estimate.of(value, sd, "mm", kind)
    assert found is not None
    return found


def test_three_levels_are_what_summing_over_them_gives() -> None:
    """Two people, three courses: every level summed numerically, without any closed form."""
    seen = [Seen("a", 0.5, 0.2), Seen("a", 0.9, 0.3), Seen("b", 1.6, 0.25)]
    prior = Prior(1.0, 0.3, 0.25, 0.1)
    steps = np.linspace(-2.9, 2.9, 16)
    axes = np.linspace(-0.2, 2.2, 49), steps, steps, np.linspace(-1.0, 3.0, 101)
    mean, b, w, own = np.meshgrid(*axes, indexing="ij", sparse=True)
    between, within = (
        scale * np.exp(SPREAD_LOG_SD * step)
        for scale, step in ((prior.between, b), (prior.within, w))
    )
    chance = _bell(mean, prior.mean, prior.mean_sd) * _bell(b, 0.0, 1.0) * _bell(w, 0.0, 1.0)
    density = {name: _bell(own, mean, between) for name in "ab"}
    for one in seen:
        density[one.person] = density[one.person] * _bell(one.value, own, np.hypot(one.sd, within))
    chance = chance[..., 0] * density["a"].sum(-1) * density["b"].sum(-1)
    middle = (density["a"] * own).sum(-1) / density["a"].sum(-1)
    square = (density["a"] * own**2).sum(-1) / density["a"].sum(-1)
    found = fit_normal(seen, prior)
    whole = chance.sum()
    assert found.clinic.mean == pytest.approx((chance * mean[..., 0]).sum() / whole, abs=0.005)
    of_a = (chance * middle).sum() / whole
    assert found.people["a"].mean == pytest.approx(of_a, abs=0.005)
    spread = (chance * square).sum() / whole - of_a**2
    assert found.people["a"].sd == pytest.approx(spread**0.5, rel=0.02)
    of_all = (chance * mean[..., 0]).sum() / whole
    spread = (chance * mean[..., 0] ** 2).sum() / whole - of_all**2
    assert found.clinic.sd == pytest.approx(spread**0.5, rel=0.02)


def _bell(value: object, centre: object, sd: object) -> np.ndarray:
    return np.exp(-0.5 * ((value - centre) / sd) ** 2) / sd  # type: ignore[operator]


def test_the_error_of_measuring_is_no_spread_between_people() -> None:
    rng = np.random.default_rng(4)
    alike = [Seen(f"{i}", 0.8 + 0.5 * rng.normal(), 0.5) for i in range(80)]
    differing = [Seen(f"{i}", 0.8 + 0.5 * rng.normal(), 0.05) for i in range(80)]
    prior = Prior(1.0, 0.32, 0.25, 0.1)
    assert fit_normal(alike, prior).between_sd < 0.25
    assert fit_normal(differing, prior).between_sd == pytest.approx(0.5, abs=0.1)


def test_a_clinic_is_found_and_the_literature_weighs_less_with_every_person() -> None:
    few, many = taught(of_people(5)).clinic, taught(COURSES).clinic
    assert few is not None
    assert many is not None
    assert (few.people, many.people) == (5, 12)
    assert few.literature_percent > many.literature_percent > 0.0
    assert many.effect.low <= WEAK.effect <= many.effect.high < 1.0
    assert many.duration_days is not None
    assert many.duration_days.low <= WEAK.days <= many.duration_days.high
    assert many.next_effect.needed_sd > many.effect.needed_sd
    assert many.effect.kind is Kind.INFERRED
    assert SELECTED in taught(COURSES).remarks


def test_nobody_and_fewer_than_five_are_answered_in_words() -> None:
    nobody = learn([], {KEY: 0}).treatments[0]
    assert (nobody.clinic, nobody.person, nobody.remarks) == (None, None, (NOBODY,))
    for n in (1, 4):
        few = taught(of_people(n))
        assert (few.clinic, few.units_middle, few.treated_people) == (None, None, None)
        assert FEW_PEOPLE in few.remarks


@pytest.mark.parametrize(("treated", "shown"), [(12, 12), (13, None), (16, None), (17, 17)])
def test_no_count_gives_away_one_to_four_people(treated: int, shown: int | None) -> None:
    row = learn(COURSES, {KEY: treated}).treatments[0]
    assert row.treated_people == shown
    text = " ".join(lines(row))
    assert ("fewer than five more" in text) == (shown is None)


def test_a_person_has_own_figures_from_two_courses_on() -> None:
    courses = {n: sum(c.person == n for c in COURSES) for n in TRUTH}
    once = next(n for n in TRUTH if courses[n] == 1)
    often = max(TRUTH, key=lambda n: courses[n])
    one = taught(COURSES, once)
    assert (one.person, ONE_COURSE in one.remarks) == (None, True)
    own = taught(COURSES, often).person
    assert own is not None
    assert own.courses == courses[often] >= 3
    assert own.effect.low <= TRUTH[often].effect <= own.effect.high
    assert own.own_percent is not None
    assert 0.0 < own.own_percent < 100.0
    alone = taught([c for c in COURSES if c.person == often], often)
    assert (alone.clinic, alone.person is not None) == (None, True)
    assert alone.person.literature_percent > own.literature_percent  # type: ignore[union-attr]


def test_a_slip_of_the_pen_moves_a_clinic_little_and_is_told() -> None:
    wrong = COURSES[0]
    visits = tuple(
        replace(v, came_mm=mm(-30.0, v.came_mm.needed_sd, Kind.MEASURED)) for v in wrong.visits[:1]
    )
    found = taught([replace(wrong, visits=visits), *COURSES[1:]])
    clean = taught(COURSES)
    assert FAR_COURSES in found.remarks
    assert FAR_COURSES not in clean.remarks
    assert found.clinic is not None
    assert clean.clinic is not None
    assert found.clinic.effect.value == pytest.approx(clean.clinic.effect.value, abs=0.15)


def test_records_that_contradict_or_tell_nothing_are_left_out_with_the_reason() -> None:
    first = COURSES[0]
    early = replace(first, person="e", visits=(replace(first.visits[0], days=3),))
    blind = Came(28, mm(-0.1, 0.05, Kind.SIMULATED), mm(0.2, 0.6, Kind.MEASURED))
    small = replace(
        first, person="s", visits=(blind,), full_mm=mm(-0.1, 0.05, Kind.SIMULATED), before_sd_mm=0.4
    )
    lessons = learn([*COURSES, early, small, first], {KEY: 14}, ["a reason"] * 6)
    told = {one.reason: one.courses for one in lessons.left_out}
    assert told == {NOT_IN_TIME: None, TOO_SMALL: None, SAME_DAY: None, "a reason": 6}
    clinic = lessons.treatments[0].clinic
    assert clinic is not None
    assert clinic.courses == len(COURSES) - 1


def test_without_late_visits_nothing_is_said_of_the_duration() -> None:
    found = taught([replace(c, visits=c.visits[:1]) for c in COURSES])
    assert found.clinic is not None
    assert found.clinic.duration_days is None
    assert NO_LATE_VISIT in found.remarks


def test_an_effect_is_what_came_over_what_was_forecast() -> None:
    """One visit, 2 mm forecast, 1 mm came: a half; its error is 0.4 / 2, wiring aside."""
    visit = Came(28, mm(-2.0, 0.0, Kind.SIMULATED), mm(-1.0, 0.4, Kind.MEASURED))
    found = effect_of(
        replace(
            COURSES[0], full_mm=mm(-2.0, 0.0, Kind.SIMULATED), visits=(visit,), before_sd_mm=0.2
        )
    )
    assert found is not None
    assert (found.value, found.sd) == (pytest.approx(0.5), pytest.approx(0.2))


@pytest.mark.parametrize(
    "changed",
    [
        {"visits": ()},
        {"visits": COURSES[0].visits[:1] * 2},
        {"before_sd_mm": 9.0},
        {"full_mm": mm(0.0, 0.1, Kind.SIMULATED)},
    ],
)
def test_a_course_that_cannot_be_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="cannot be learned from"):
        replace(COURSES[0], **changed)  # type: ignore[arg-type]


def test_measured_and_simulated_are_not_mixed() -> None:
    visit = COURSES[0].visits[0]
    with pytest.raises(UsageError, match="simulated and measured"):
        Came(28, visit.came_mm, visit.forecast_mm)


@pytest.mark.slow
@pytest.mark.parametrize("people", [5, 20])
def test_intervals_hold_and_a_clinic_that_differs_is_better_known_than_from_the_literature(
    people: int,
) -> None:
    """The quick form of ``benchmarks/run.py learned``."""
    held, own, literature = [], [], []
    for seed in range(8):
        courses, _ = simulated_clinic(replace(WEAK, people=people), seed)
        row = taught(courses)
        assert row.clinic is not None
        held.append(row.clinic.effect.low <= WEAK.effect <= row.clinic.effect.high)
        own.append(row.clinic.effect.value - WEAK.effect)
        literature.append(1.0 - WEAK.effect)
    assert sum(held) >= 6
    assert np.square(own).mean() < 0.5 * np.square(literature).mean()
