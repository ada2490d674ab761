"""Treatments that contradict each other, the face, or the time line."""

from __future__ import annotations

import pytest

from facewire.errors import UsageError
from facewire.treatment import (
    BotulinumToxin,
    CrossFaceNerveGraft,
    GracilisTransfer,
    Myectomy,
    Treatment,
    TreatmentPlan,
    UpperLidWeight,
    simulate,
)
from facewire.treatment.conflicts import Scheduled, dose_warnings, face_warnings
from facewire.treatment.reanimation import GRAFT, MASSETER
from made_treatments import DAO, ONA, L, R, faces
from simulated.treated import schedule


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


def test_the_label_s_limit_counts_units_of_its_product_within_a_month() -> None:
    near = given((0, toxin("platysma", 110)), (20, toxin("platysma", 110)))
    apart = given((0, toxin("platysma", 110)), (40, toxin("platysma", 110)))
    assert any("within 30 days" in text for text in dose_warnings(near))
    assert not any("within 30 days" in text for text in dose_warnings(apart))


def test_a_forecast_says_what_rests_on_no_published_source() -> None:
    found = simulate(faces(), schedule([(0, toxin("platysma"))]), affected_side=L)
    assert any("without a published source" in text for text in found.warnings)
