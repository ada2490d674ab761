"""The course of a face under treatment: against the pure functions, and as a whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, REGIONS, Movement, Region
from facewire.treatment import (
    BotulinumToxin,
    BrowLift,
    Facelift,
    Myectomy,
    NeuromuscularRetraining,
    SelectiveDenervation,
    TreatmentPlan,
    UpperLidWeight,
    simulate,
)
from facewire.treatment.engine import MovingFace, knot_days, state_at, timed_effects
from facewire.treatment.reserve import draw_reserve, rest_after_mm, total_after_mm
from facewire.treatment.simulation import SIMULATED, UNCONFIRMED
from facewire.treatment.sunnybrook import COLUMNS, estimate
from facewire.wiring import involuntary_mm, total_mm
from made_treatments import DAO, ONA, SIZED, L, R, faces, same
from planning_face import wiring
from simulated.treated import schedule

EYE, PUCKER = REGIONS.index(Region.EYE), MOVEMENTS.index(Movement.LIP_PUCKER)
CHIN = COLUMNS[Region.CHIN]
SEVERAL = schedule(((10 * i, t) for i, t in enumerate(SIZED)), days=200)


def eye_toxin(day: int, percent: float = 60.0) -> TreatmentPlan:
    toxin = BotulinumToxin(L, "orbicularis_oculi", ONA, weakening_percent=percent)
    return schedule([(day, toxin)], days=250)


def test_the_engine_agrees_with_the_pure_functions() -> None:
    timed = timed_effects(faces(), SEVERAL.treatments, 0)
    reserve = draw_reserve(faces(), 0)
    fast = MovingFace(faces(), timed, reserve)
    for day in (0.0, 25.0, 51.0, 140.0):
        moment, slow = fast.at(day), state_at(faces(), timed, day)
        total = total_after_mm(slow, faces(), reserve)
        total[..., CHIN] = total[..., CHIN].sum(axis=1, keepdims=True)
        assert np.allclose(moment.involuntary, involuntary_mm(slow), atol=1e-4)
        assert np.allclose(moment.total, total, atol=1e-4)
        assert np.allclose(moment.rest_change, rest_after_mm(slow, faces(), reserve), atol=1e-4)


def test_one_treatment_on_day_0_is_its_own_pure_function() -> None:
    for treatment in SIZED:
        timed = timed_effects(faces(), schedule([(0, treatment)]).treatments, 7)
        assert same(state_at(faces(), timed, 40.0), treatment.after(faces(), 40.0, seed=7))


def test_the_band_holds_the_middle_the_spread_and_95_percent_of_the_draws() -> None:
    """By hand: what the draws of the untreated face say of one cell."""
    draws = involuntary_mm(faces())[:, 0, PUCKER, 0]
    found = simulate(faces(), TreatmentPlan(days=3), affected_side=L).involuntary_mm
    place = (0, 0, PUCKER, EYE)
    ordered = np.sort(draws)
    low, middle, high = np.interp([0.025, 0.5, 0.975], np.linspace(0, 1, len(draws)), ordered)
    told = [getattr(found, name)[place] for name in ("ci_low", "value", "ci_high", "sd")]
    assert told == pytest.approx([low, middle, high, draws.std()], abs=1e-4)
    assert high - low > 0.1


def test_without_treatment_nothing_changes() -> None:
    found = simulate(faces(), TreatmentPlan(days=100), affected_side=L)
    for name in ("involuntary_mm", "voluntary_mm", "rest_mm", "sunnybrook"):
        band = getattr(found, name)
        assert np.allclose(band.value, band.value[0], atol=1e-5)
        assert np.allclose(band.ci_low, band.ci_low[0], atol=1e-5)


def test_every_day_of_the_time_line_is_there_once() -> None:
    found = simulate(faces(), replace(eye_toxin(10), days=30), affected_side=L)
    assert found.days.tolist() == list(range(31))
    assert found.involuntary_mm.value.shape == (31, 2, 8, 7)


def test_toxin_lessens_the_narrowing_and_wears_off() -> None:
    course = simulate(faces(), eye_toxin(10), affected_side=L).involuntary_mm
    narrowing = course.value[:, 0, PUCKER, EYE]
    assert narrowing[40] > 0.6 * narrowing[0]
    assert narrowing[240] == pytest.approx(narrowing[0], abs=1e-3)


def test_the_order_of_treatments_on_one_day_does_not_matter() -> None:
    pairs = [(20, t) for t in SIZED if t.kind != "myectomy"]
    one = simulate(faces(), schedule(pairs, days=60), affected_side=L)
    other = simulate(faces(), schedule(pairs[::-1], days=60), affected_side=L)
    assert np.allclose(one.voluntary_mm.value, other.voluntary_mm.value, atol=1e-4)
    assert np.allclose(one.sunnybrook.ci_low, other.sunnybrook.ci_low, atol=1e-3)


@pytest.mark.slow
def test_mirrored_face_and_plan_give_the_mirrored_forecast() -> None:
    one = simulate(faces(), SEVERAL, affected_side=L)
    turned = simulate(faces().mirrored(), SEVERAL.mirrored(), affected_side=R)
    assert np.allclose(one.involuntary_mm.value, turned.involuntary_mm.value[:, ::-1], atol=1e-4)
    assert np.allclose(one.sunnybrook.value, turned.sunnybrook.value, atol=1e-3)


@pytest.mark.slow
def test_same_input_same_output() -> None:
    one, other = (simulate(faces(), SEVERAL, affected_side=L) for _ in range(2))
    assert np.array_equal(one.sunnybrook.value, other.sunnybrook.value)


@pytest.mark.slow
def test_days_between_the_computed_ones_are_close_to_the_truth() -> None:
    timed = timed_effects(faces(), SEVERAL.treatments, 0)
    course = simulate(faces(), SEVERAL, affected_side=L).involuntary_mm.value
    skipped = sorted(set(range(201)) - set(knot_days(200, range(0, 60, 10)).tolist()))
    assert skipped
    for day in skipped[:: max(len(skipped) // 8, 1)]:
        exact = np.median(involuntary_mm(state_at(faces(), timed, float(day)))[..., 0], axis=0)
        assert np.abs(course[day, :, :, EYE] - exact).max() < 0.05


def test_intervals_hold_the_middle_and_widen_with_the_treatment_s_doubt() -> None:
    plan = schedule([(0, BotulinumToxin(L, "orbicularis_oculi", ONA))], days=60)
    sure = schedule(
        [(0, BotulinumToxin(L, "orbicularis_oculi", ONA, weakening_percent=54.0))], days=60
    )
    unsure_band = simulate(faces(), plan, affected_side=L).rest_mm
    sure_band = simulate(faces(), sure, affected_side=L).rest_mm
    assert np.all(unsure_band.ci_low <= unsure_band.value + 1e-6)
    widths = [b.ci_high[30, 0, 0] - b.ci_low[30, 0, 0] for b in (unsure_band, sure_band)]
    assert widths[0] > widths[1]


@pytest.mark.slow
def test_the_score_is_that_of_the_treated_face() -> None:
    timed = timed_effects(faces(), SEVERAL.treatments, 0)
    treated = state_at(faces(), timed, 140.0)
    expected = np.median(estimate(treated, L, 0, measured=faces())[:, 0])
    found = simulate(faces(), SEVERAL, affected_side=L).sunnybrook.value[140, 0]
    assert found == pytest.approx(expected, abs=0.2)


def test_what_was_given_before_the_measurement_only_wears_off() -> None:
    course = simulate(faces(), eye_toxin(-60), affected_side=L)
    narrowing = course.involuntary_mm.value[:, 0, PUCKER, EYE]
    untreated = simulate(faces(), TreatmentPlan(days=10), affected_side=L)
    assert narrowing[0] == pytest.approx(untreated.involuntary_mm.value[0, 0, PUCKER, EYE])
    assert narrowing[200] < narrowing[0]
    assert any("given before the measurement" in text for text in course.warnings)


def test_surgery_before_the_measurement_changes_nothing_more() -> None:
    plan = schedule([(-200, Myectomy(L, (str(DAO),)))], days=20)
    course = simulate(faces(), plan, affected_side=L).voluntary_mm.value
    assert np.allclose(course, course[0], atol=1e-5)


def test_a_lift_has_a_direction_and_no_number() -> None:
    found = simulate(faces(), schedule([(20, BrowLift(L))], days=40), affected_side=L)
    brow = COLUMNS[Region.BROW].start
    assert np.isfinite(found.rest_mm.value[19, 0, brow])
    assert np.isnan(found.rest_mm.value[20:, 0, brow]).all()
    assert np.isfinite(found.rest_mm.value[:, 1]).all()
    assert np.isfinite(found.sunnybrook.value).all()
    assert [(d.day, d.direction.direction) for d in found.directions] == [(20, "up")]


def test_a_facelift_takes_the_resting_score_away() -> None:
    found = simulate(faces(), schedule([(20, Facelift(L))], days=40), affected_side=L)
    assert np.isnan(found.sunnybrook.value[20:, :2]).all()
    assert np.isfinite(found.sunnybrook.value[:, 2:]).all()


def test_denervation_hides_the_regions_of_its_muscle() -> None:
    plan = schedule([(5, SelectiveDenervation(L, "orbicularis_oculi"))], days=20)
    found = simulate(faces(), plan, affected_side=L)
    assert np.isnan(found.involuntary_mm.value[5:, 0, :, EYE]).all()
    assert np.isnan(found.sunnybrook.value[5:, 0]).all()
    assert np.isnan(found.picture_mm[-1, 0, :, 0]).all()
    closing = MOVEMENTS.index(Movement.EYE_CLOSE_GENTLE)
    assert np.isnan(found.symmetry_percent.value[5:, closing]).all()


def test_a_lid_weight_hides_closure_not_the_smile() -> None:
    found = simulate(faces(), schedule([(5, UpperLidWeight(L))], days=20), affected_side=L)
    closing = MOVEMENTS.index(Movement.EYE_CLOSE_GENTLE)
    smile = MOVEMENTS.index(Movement.SMILE_OPEN)
    assert np.isnan(found.voluntary_mm.value[5:, 0, closing, EYE]).all()
    assert np.isfinite(found.voluntary_mm.value[:, 0, smile]).all()


def test_without_an_affected_side_no_score_is_given() -> None:
    found = simulate(faces(), eye_toxin(5))
    assert np.isnan(found.sunnybrook.value).all()
    assert any("affected side is not known" in text for text in found.warnings)


def test_an_unconfirmed_side_travels_with_the_result() -> None:
    model = wiring({}, L, side_confirmed=False, notes=("a note",))
    found = simulate(model, eye_toxin(5))
    assert found.warnings[:2] == (SIMULATED, UNCONFIRMED)
    assert "a note" in found.warnings


def test_a_side_that_is_not_the_model_s_is_refused() -> None:
    model = wiring({}, L)
    with pytest.raises(UsageError, match="stated affected side"):
        simulate(model, eye_toxin(5), affected_side=R)


def test_pictures_are_mean_movements_of_the_days_asked_for() -> None:
    plan = TreatmentPlan(eye_toxin(10).treatments, days=100, show_days=(0, 40))
    found = simulate(faces(), plan, affected_side=L)
    assert found.shown_days == (0, 40)
    assert found.picture_days == tuple(range(101))
    assert found.picture_mm[0, 0, PUCKER, 0] == pytest.approx(
        total_mm(faces())[:, 0, PUCKER, 0].mean(), abs=1e-4
    )
    assert found.picture_mm[40, 0, PUCKER, 0] > found.picture_mm[0, 0, PUCKER, 0]


def test_training_keeps_what_it_reached() -> None:
    plan = schedule([(0, NeuromuscularRetraining(L, lasts_days=90.0))], days=365)
    score = simulate(faces(), plan, affected_side=L).sunnybrook.value[:, 0]
    assert score[90] > score[0] + 5
    assert score[365] == pytest.approx(score[98], abs=0.01)
