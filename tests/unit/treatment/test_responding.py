"""Forecasts with what was learned: marked, scaled, the literature's wherever it does not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, REGIONS, Movement, Region
from facewire.report import Unmeasured, document_page
from facewire.report.forecast_words import applied
from facewire.results.estimate import Estimate, Kind
from facewire.results.forecast import Forecast
from facewire.results.learned import ClinicResponse, Learned, LearnedTreatment, Response
from facewire.treatment import (
    BotulinumToxin,
    Cut,
    NeuromuscularRetraining,
    SelectiveNeurolysis,
    Treatment,
    forecast,
    simulate,
)
from facewire.treatment.forecast import OWN_PATIENTS
from facewire.treatment.responding import OTHER_UNITS, with_learned
from made_treatments import ONA, L, R, faces
from simulated.treated import schedule

OCULI = BotulinumToxin(L, "orbicularis_oculi", ONA, units=10.0)
SMILE, EYE = MOVEMENTS.index(Movement.SMILE_OPEN), REGIONS.index(Region.EYE)


def number(value: float, sd: float, unit: Any) -> Estimate:
    found = Estimate.of(value, sd, unit, Kind.INFERRED)
    assert found is not None
    return found


def response(effect: float, days: float | None = None, **more: Any) -> dict[str, Any]:
    lasting = {}
    if days is not None:
        lasting = {
            "duration_days": number(days, 1.0, "days"),
            "next_duration_days": number(days, 1.0, "days"),
            "next_duration_log_sd": 0.0,
        }
    both = {"effect": number(effect, 0.05, "ratio"), "next_effect": number(effect, 0.0, "ratio")}
    return {**both, **lasting, "literature_percent": 20.0, "courses": 12, **more}


def learned(of: Treatment = OCULI, subject: str | None = None, **row: Any) -> Learned:
    whole = {
        "kind": of.kind,
        "muscle": getattr(of, "muscle", None),
        "role": "affected",
        "product": getattr(of, "product", None),
    }
    return Learned(
        statement="made",
        facewire="test",
        made_on=date(2026, 1, 1),
        subject=subject,
        treatments=(LearnedTreatment(**whole, **row),),
    )


def clinic(effect: float, days: float | None = None) -> ClinicResponse:
    return ClinicResponse(**response(effect, days), people=7, between_people_sd=0.2)


def loss(found: Learned | None, day: int, of: Treatment = OCULI) -> float:
    """Part of the narrowing in a smile that is gone on a day."""
    plan = schedule([(1, of)], days=200)
    if found is not None:
        plan, _ = with_learned(plan, found, L)
    eye = simulate(faces(), plan, affected_side=L).involuntary_mm.value[:, 0, SMILE, EYE]
    return float(1.0 - eye[day] / eye[0])


def test_half_the_effect_takes_half_as_much_away() -> None:
    whole = loss(learned(clinic=clinic(1.0)), 28)
    half = loss(learned(clinic=clinic(0.5)), 28)
    assert half == pytest.approx(0.5 * whole, abs=0.03)


@pytest.mark.slow
def test_a_short_duration_ends_early() -> None:
    assert loss(learned(clinic=clinic(1.0, days=70.0)), 80) == pytest.approx(0.0, abs=0.01)
    assert loss(learned(clinic=clinic(1.0, days=160.0)), 80) > 0.3
    assert loss(None, 80) > 0.1


@pytest.mark.parametrize(
    "of",
    [NeuromuscularRetraining(L), SelectiveNeurolysis(L, (Cut("orbicularis_oculi"),))],
    ids=["training", "neurolysis"],
)
def test_training_and_neurolysis_respond_too(of: Treatment) -> None:
    muscle = {"muscle": "orbicularis_oculi"} if isinstance(of, SelectiveNeurolysis) else {}
    rows = [learned(of, clinic=clinic(effect)) for effect in (1.0, 0.4)]
    if muscle:
        rows = [one.replaced(treatments=(one.treatments[0].replaced(**muscle),)) for one in rows]
    whole, less = (loss(one, 190, of) for one in rows)
    assert 0.0 < less < 0.7 * whole


@pytest.mark.slow
def test_a_document_says_whose_figures_it_holds() -> None:
    plan = schedule([(0, OCULI), (200, replace(OCULI, side=R))], days=210)
    found = forecast(faces(), plan, L, learned=learned(clinic=clinic(0.7)), simulate_barred=True)
    here, there = (one.learned for one in found.treatments)
    assert here is not None
    assert there is not None
    assert (here.source, here.people, there.source) == ("clinic", 7, "literature")
    assert "this clinic (7 people)" in applied(here)
    assert applied(there).startswith("Effect and duration: literature")
    assert OWN_PATIENTS in found.warnings
    assert Forecast.from_json(found.to_json()) == found
    assert "this clinic (7 people)" in document_page(Unmeasured(forecast=found))
    plain = forecast(faces(), plan, L, simulate_barred=True)
    assert plain.treatments[0].learned is None
    assert OWN_PATIENTS not in plain.warnings


def test_a_person_comes_before_the_clinic_and_only_for_that_person() -> None:
    own = Response(**response(1.3, courses=3))
    found = learned(clinic=clinic(0.7), person=own, subject="P1")
    plan = schedule([(0, OCULI)], days=30)
    _, (mark,) = with_learned(plan, found, L, "P1")
    assert (mark.source, mark.courses, mark.people) == ("person", 3, 7)
    assert "this person (3 courses)" in applied(mark)
    for other in ("P2", None):
        with pytest.raises(UsageError, match="another person"):
            with_learned(plan, found, L, other)


@pytest.mark.parametrize(
    "of",
    [
        replace(OCULI, product="abobotulinumtoxinA"),
        replace(OCULI, muscle="mentalis"),
        replace(OCULI, side=R),
        replace(OCULI, units=25.0),
    ],
    ids=["product", "muscle", "side", "units"],
)
def test_another_product_muscle_side_or_dose_keeps_the_literature(of: BotulinumToxin) -> None:
    plan = schedule([(0, of)], days=30)
    same, (mark,) = with_learned(plan, learned(clinic=clinic(0.5), units_middle=10.0), L)
    assert same == plan
    assert mark.source == "literature"
    assert mark.reason == (
        OTHER_UNITS if of.units == 25.0 else "nothing was learned of this treatment"
    )


def test_a_degree_that_was_given_stays() -> None:
    given = replace(OCULI, weakening_percent=50.0, weakening_low=49.0, weakening_high=51.0)
    found = learned(clinic=clinic(0.2))
    assert loss(found, 28, given) == pytest.approx(loss(None, 28, given), abs=1e-9)


def test_figures_of_a_person_need_the_pseudonym() -> None:
    with pytest.raises(ValueError, match="pseudonym"):
        learned(person=Response(**response(1.0)))


def test_a_clinic_of_four_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 5"):
        ClinicResponse(**response(1.0), people=4, between_people_sd=0.2)
