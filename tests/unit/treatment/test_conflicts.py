"""Treatments that contradict each other, the face, or the time line."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from facewire.errors import UsageError
from facewire.face import Movement
from facewire.face.muscles import MuscleGroup
from facewire.report import Unmeasured, forecast_words
from facewire.report.unmeasured import document_page
from facewire.results.forecast import Forecast
from facewire.results.harm import Harm, HarmCourse, Harms
from facewire.results.safety import Answer
from facewire.results.wiring import InferredFrom, MeasuredFrom
from facewire.safety import Facts, parse_facts
from facewire.treatment import (
    BotulinumToxin,
    CrossFaceNerveGraft,
    GracilisTransfer,
    Myectomy,
    NeuromuscularRetraining,
    Treatment,
    TreatmentPlan,
    UpperLidWeight,
    forecast,
    simulate,
)
from facewire.treatment.conflicts import (
    Scheduled,
    acts_of,
    check_start,
    check_treatments,
    closure_warnings,
    dose_warnings,
    face_warnings,
    refuse_barred,
)
from facewire.treatment.reanimation import GRAFT, MASSETER
from made_treatments import DAO, EVERY, ONA, L, R, faces
from planning_face import SMILE_TO_EYE, edge, stated, wiring
from simulated.treated import schedule
from unit.findings.made_map import closure_cell


def toxin(muscle: str, units: float | None = None, sites: int | None = None) -> BotulinumToxin:
    return BotulinumToxin(L, muscle, ONA, units=units, sites=sites, weakening_percent=30.0)


def given(*rows: tuple[int, Treatment]) -> list[Scheduled]:
    return [Scheduled(day, treatment) for day, treatment in rows]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(0, UpperLidWeight(L)), (50, toxin("orbicularis_oculi"))], "contradict.*too narrow"),
        ([(50, UpperLidWeight(L)), (0, toxin("orbicularis_oculi"))], "contradict.*too narrow"),
        ([(0, Myectomy(L, (str(DAO),))), (9, toxin(str(DAO)))], "is gone by then"),
        ([(0, Myectomy(L, ("platysma",))), (9, Myectomy(L, ("platysma",)))], "is gone by then"),
        ([(100, GracilisTransfer(L, GRAFT))], "graft first.*no graft on that side"),
        (
            [(100, GracilisTransfer(L, GRAFT)), (200, CrossFaceNerveGraft(L))],
            "graft first.*day 200",
        ),
        ([(100, GracilisTransfer(L, GRAFT)), (0, CrossFaceNerveGraft(R))], "no graft on that"),
    ],
)
def test_contradictory_treatments_are_refused(
    rows: list[tuple[int, Treatment]], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        schedule(rows)


@pytest.mark.parametrize(
    "rows",
    [
        [(0, toxin("orbicularis_oculi")), (300, UpperLidWeight(L))],
        [(0, UpperLidWeight(R)), (50, toxin("orbicularis_oculi"))],
        [(0, toxin(str(DAO))), (9, Myectomy(L, (str(DAO),)))],
        [(100, GracilisTransfer(L, MASSETER))],
    ],
)
def test_treatments_that_fit_are_taken(rows: list[tuple[int, Treatment]]) -> None:
    assert len(schedule(rows).treatments) == len(rows)


def test_a_treatment_before_the_injury_is_refused() -> None:
    with pytest.raises(UsageError, match=r"before the injury.*day -90.*on day -120"):
        TreatmentPlan((Scheduled(-120, toxin("platysma")),), onset_day=-90)


@pytest.mark.parametrize(
    ("fields", "message"),
    [({"days": 0}, "days"), ({"onset_day": 5}, "onset_day"), ({"show_days": (900,)}, "show_days")],
)
def test_a_wrong_time_line_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        TreatmentPlan(**fields)  # type: ignore[arg-type]


def test_a_treatment_after_the_end_is_refused() -> None:
    with pytest.raises(UsageError, match=r"day of botulinum_toxin.*at most 365"):
        schedule([(400, toxin("platysma"))])


def test_a_weight_on_a_narrow_eye_is_warned_of() -> None:
    assert "not close" in face_warnings(faces(), given((0, UpperLidWeight(L))))[0]
    assert face_warnings(faces(), given((0, UpperLidWeight(R)))) == []


def test_a_muscle_before_its_axons_is_warned_of() -> None:
    rows = given((0, CrossFaceNerveGraft(L)), (60, GracilisTransfer(L, GRAFT)))
    assert any("axons are expected" in text for text in face_warnings(faces(), rows))


@pytest.mark.parametrize(
    ("treatment", "words"),
    [
        (toxin("platysma", units=10, sites=4), ""),
        (toxin("platysma", units=60, sites=4), "outside every shown source"),
        (toxin("platysma", units=15), "give sites"),
        (toxin("orbicularis_oculi", units=10), ""),
        (toxin("orbicularis_oculi", units=8, sites=4), ""),
        (toxin("orbicularis_oculi", units=40, sites=4), "outside every shown source"),
        (toxin("mentalis", units=4), "no source for this product and muscle may be shown"),
    ],
)
def test_recorded_units_are_compared_never_corrected(treatment: Treatment, words: str) -> None:
    found = " ".join(dose_warnings(given((0, treatment))))
    assert (words in found) if words else found == ""


def test_units_of_another_product_meet_no_source() -> None:
    other = BotulinumToxin(L, "platysma", "abobotulinumtoxinA", units=30.0)
    assert "no source for this product" in dose_warnings(given((0, other)))[0]


def answers(kind: Treatment, day: int = 0, **facts: Any) -> set[str]:
    """Return the rules that bar a treatment of a face affected on the left."""
    model = wiring(SMILE_TO_EYE, L)
    checks = check_treatments(model, given((day, kind)), stated(**facts))
    return {r.rule for c in checks for r in c.safety if r.answer is Answer.BARRED}


@pytest.mark.parametrize("treatment", EVERY, ids=[t.kind for t in EVERY])
def test_every_kind_of_treatment_is_asked_about_with_its_side(treatment: Treatment) -> None:
    for act in acts_of(Scheduled(3, treatment)):
        assert (act.day, act.side) == (3, treatment.side)
    checks = check_treatments(faces(), given((3, treatment)), Facts(), affected=L)
    assert checks
    assert Answer.CLEARED not in {check.answer for check in checks}


def test_the_wrong_side_is_barred_for_each_operation() -> None:
    operations = [t for t in EVERY if not isinstance(t, BotulinumToxin | NeuromuscularRetraining)]
    assert len(operations) == 11
    for one in operations:
        right = one if one.side is L else one.mirrored()
        assert "wrong_side" in answers(right.mirrored()), one.kind
        assert "wrong_side" not in answers(right), one.kind


def test_toxin_where_nothing_moves_wrongly_is_barred() -> None:
    absent = edge(Movement.SMILE_OPEN, MuscleGroup.MENTALIS, L, 0.5, present=False, probability=0.0)
    model = wiring(SMILE_TO_EYE, L, edges=(absent.replaced(ci_low=0.0, ci_high=2.0),))
    checks = check_treatments(model, given((0, toxin("mentalis"))), stated())
    barred = {r.rule for r in checks[0].safety if r.answer is Answer.BARRED}
    assert "wrong_wiring" in barred


def test_a_measured_gap_bars_toxin_into_that_eye() -> None:
    gap = closure_cell(Movement.EYE_CLOSE_GENTLE, L, (7.8, 7.0, 8.6))
    source = InferredFrom(measurements=(MeasuredFrom(eye_closure=(gap,)),))
    model = wiring(SMILE_TO_EYE, L, source=source)
    facts = stated(closure_gap_mm=None)
    checks = check_treatments(model, given((0, toxin("orbicularis_oculi"))), facts)
    barred = {r.rule for r in checks[0].safety if r.answer is Answer.BARRED}
    assert "closure_gap" in barred


def test_a_barred_forecast_is_refused_unless_a_professional_says_so() -> None:
    model, plan = wiring(SMILE_TO_EYE, L), schedule([(0, toxin("orbicularis_oculi"))], days=30)
    facts = stated(closure_gap_mm=7.8)
    with pytest.raises(UsageError, match=r"1 of 1 treatments are barred.*7\.8.*--simulate-barred"):
        forecast(model, plan, facts=facts)
    found = forecast(model, plan, facts=facts, simulate_barred=True)
    assert found.statement.startswith("Simulated although a rule of safety bars it")
    assert [one.what for one in found.barred] == ["orbicularis oculi"]
    assert Forecast.from_json(found.to_json()).barred == found.barred
    (told,) = forecast_words.patient(found)
    assert "a rule of safety speaks against it" in told
    assert forecast_words.patient_less(found) == []
    page = document_page(Unmeasured(forecast=found))
    assert "<strong>Simulated although a rule of safety bars it" in page
    assert "<span>Simulated although barred</span>" in page


def test_a_forecast_that_nothing_bars_says_what_is_not_cleared() -> None:
    found = forecast(wiring(SMILE_TO_EYE, L), schedule([(0, toxin("orbicularis_oculi"))], days=30))
    assert found.barred == ()
    assert {one.answer for one in found.safety} == {Answer.NOT_CLEARED}
    assert found.statement.startswith("Simulated, not measured")


def test_a_forecast_says_what_rests_on_no_published_source() -> None:
    found = simulate(faces(), schedule([(0, toxin("platysma"))]), affected_side=L)
    assert any("without a published source" in text for text in found.warnings)


def test_facts_of_another_year_than_day_0_are_refused() -> None:
    """A start in 2020 beside a visit in 2026 was cleared by the months since onset of 2026."""
    facts = parse_facts({"facts": {"visit_date": date(2026, 7, 2)}})
    forecast(wiring(SMILE_TO_EYE), TreatmentPlan(start=date(2026, 6, 1), days=2), facts=facts)
    with pytest.raises(UsageError, match="within 31 days of 2020-01-05"):
        forecast(wiring(SMILE_TO_EYE), TreatmentPlan(start=date(2020, 1, 5), days=2), facts=facts)
    check_start(None, facts)


@pytest.mark.parametrize(
    ("today", "gap", "told"), [(70.0, 0.0, True), (40.0, 0.0, False), (70.0, 3.0, False)]
)
def test_a_stated_closure_that_the_model_does_not_have_is_told(
    today: float, gap: float, told: bool
) -> None:
    row = HarmCourse(
        harm=Harm.LAGOPHTHALMOS_2,
        side=R,
        today_percent=today,
        percent=(0.0,),
        ci_low=(0.0,),
        ci_high=(0.0,),
    )
    harms = Harms(days=(0,), simulated=(row,), not_simulated=(), published=(), beyond="x")
    facts = parse_facts({"facts": {"closure_gap_mm": {"right": gap}}})
    found = closure_warnings(harms, facts)
    assert [words.startswith("right eye: the facts say that it closes") for words in found] == (
        [True] if told else []
    )


def test_an_operation_is_not_named_twice_where_it_is_refused() -> None:
    weight = schedule([(1, UpperLidWeight(R.other))]).treatments
    checks = check_treatments(wiring(SMILE_TO_EYE), weight, Facts())
    with pytest.raises(UsageError) as told:
        refuse_barred(checks)
    assert str(told.value.found).startswith("upper lid weight, left, day 1: ")
