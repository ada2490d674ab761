"""Published before and after figures on synthetic groups.

CALIBRATION: the figure set a parameter, so meeting it proves nothing but that it was set.
CHECK: the figure set nothing.
"""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face import MOVEMENTS, Movement
from facewire.treatment import (
    BotulinumToxin,
    CrossFaceNerveGraft,
    GracilisTransfer,
    Myectomy,
    NeuromuscularRetraining,
    estimate,
)
from facewire.treatment.facts import fact
from facewire.treatment.reanimation import DAYS_PER_MONTH, GRAFT, MASSETER
from facewire.wiring import FaceState, involuntary_mm, rest_change_mm, total_mm
from facewire.wiring.state import EYE
from made_treatments import CORNER, DAO, ONA, SMILE, L, R, faces, smile_mm
from simulated.face_states import Group

N = 600
PUCKER = MOVEMENTS.index(Movement.LIP_PUCKER)
SEVERE = Group(strength=0.485, severity=1.4, overactive=1.1)
MIME = Group(strength=0.6, severity=1.2)
MILDER = Group(strength=0.69, severity=0.7)
MIXED = Group(strength=0.615, severity=1.1)
FROZEN = Group(strength=0.8, held_back=0.85)
SYNKINETIC = ("orbicularis_oculi", str(DAO), "platysma", "mentalis")
CONTRALATERAL = (
    "frontalis",
    "corrugator",
    "levator_labii_superioris",
    "levator_labii_superioris_alaeque_nasi",
    "risorius",
    "orbicularis_oris",
    "depressor_labii_inferioris",
    str(DAO),
)


def score(state: FaceState, before: FaceState) -> float:
    return float(estimate(state, L, measured=before)[:, 0].mean())


def both_sides(state: FaceState, day: float) -> FaceState:
    for side, muscles in ((L, SYNKINETIC), (R, CONTRALATERAL)):
        for muscle in muscles:
            state = BotulinumToxin(side, muscle, ONA).after(state, day, seed=3)
    return state


def used_as(name: str, use: str) -> float:
    assert fact(name).use == use
    return fact(name).value


def test_check_toxin_choi_2013() -> None:
    """The composite is lower than published; its parts are compared in `test_published_parts`."""
    group = faces(N, 1, SEVERE)
    assert score(group, group) == pytest.approx(used_as("toxin_group_before", "check"), abs=1.0)
    after = score(both_sides(group, 28.0), group)
    published = used_as("toxin_group_after", "check")
    assert published - 5.0 < after < published


def test_calibration_mime_therapy_trial() -> None:
    group = faces(N, 1, MIME)
    after = NeuromuscularRetraining(L).after(group, 91.0, seed=3)
    gain = score(after, group) - score(group, group)
    assert gain == pytest.approx(used_as("training_group_gain", "calibration"), abs=1.5)
    assert fact("training_group_gain").low < gain < fact("training_group_gain").high


def test_check_dao_myectomy_where_it_holds_the_smile_back() -> None:
    """The group is made so; where the muscle holds nothing back, nothing is gained."""
    group = faces(N, 1, FROZEN)
    gain = smile_mm(Myectomy(L, (str(DAO),)).after(group, 1.0)) - smile_mm(group)
    assert gain.mean() == pytest.approx(used_as("dao_myectomy_excursion", "check"), abs=0.15)


def test_calibration_gracilis() -> None:
    used_as("gracilis_failure", "calibration")
    on_graft = GracilisTransfer(L, GRAFT).excursion_mm(N, 1)
    on_masseter = GracilisTransfer(L, MASSETER).excursion_mm(N, 1)
    working, gained = on_graft[on_graft > 0], (on_masseter - on_graft)[on_graft > 0]
    assert working.mean() == pytest.approx(used_as("gracilis_excursion", "parameter"), abs=0.15)
    assert gained == pytest.approx(used_as("gracilis_masseter_advantage", "calibration"))
    assert np.mean(on_graft == 0) == pytest.approx(0.09, abs=0.01)


def test_check_biofeedback_alone_pourmomeny_2015() -> None:
    """Published without an interval: held to half of the mime trial's (10 points either way)."""
    group = faces(N, 1, MILDER)
    after = NeuromuscularRetraining(L, lasts_days=122.0).after(group, 122.0, seed=3)
    gain = score(after, group) - score(group, group)
    assert score(group, group) == pytest.approx(66.3, abs=1.5)
    assert gain == pytest.approx(used_as("training_biofeedback_gain", "check"), abs=5.0)
    assert fact("training_meta_gain").low < gain < fact("training_meta_gain").high


def test_check_toxin_and_biofeedback_pourmomeny_2015() -> None:
    """Higher than published by about 5 points; held to the width of the mime trial's interval."""
    group = faces(N, 1, MIXED)
    after = NeuromuscularRetraining(L, lasts_days=122.0).after(
        both_sides(group, 122.0), 122.0, seed=3
    )
    gain = score(after, group) - score(group, group)
    assert score(group, group) == pytest.approx(55.2, abs=1.5)
    assert gain == pytest.approx(used_as("training_with_toxin_gain", "check"), abs=10.0)


def test_check_combined_myectomy() -> None:
    """A group that was not fitted to it; a more severe one gains more."""
    group, figure = faces(N, 1, Group(strength=0.8)), fact("combined_myectomy_asymmetry")
    after = Myectomy(L, (str(DAO), "platysma", "buccinator")).after(group, 1.0)
    change = (apart_mm(after) - apart_mm(group)).mean()
    # 0.68 is a standard error: two of them either way are the 95 % interval of the mean.
    wanted = used_as("combined_myectomy_asymmetry", "check")
    assert wanted == pytest.approx(change, abs=2 * figure.sd)


def apart_mm(state: FaceState) -> np.ndarray:
    moved = total_mm(state)[:, :, SMILE][..., CORNER]
    return np.linalg.norm(moved[:, 0] - moved[:, 1], axis=1)


def test_check_toxin_is_as_strong_after_two_weeks_as_after_four() -> None:
    used_as("toxin_week_2", "check")
    course = BotulinumToxin(L, "platysma", ONA).effects(faces(N), 1)[0].course
    published = fact("toxin_week_2").value / fact("toxin_week_4").value
    assert course.at(14.0).mean() / course.at(28.0).mean() == pytest.approx(published, abs=0.2)


def test_the_first_week_stays_behind_the_trial() -> None:
    """The trial saw 42 % after a week and 41 % after four: all of it. Not met, and said so."""
    course = BotulinumToxin(L, "platysma", ONA).effects(faces(N), 1)[0].course
    published = used_as("toxin_week_1", "check") / fact("toxin_week_4").value
    reached = course.at(7.0).mean() / course.at(28.0).mean()
    assert reached == pytest.approx(0.65, abs=0.02)
    assert reached < published


def test_check_toxin_opens_a_narrow_eye() -> None:
    """In a pucker: margin reflex distance +1.6 mm, range 0.5 to 2.5; here the whole fissure."""
    group = faces(N, 1)
    after = BotulinumToxin(L, "orbicularis_oculi_pretarsal", ONA).after(group, 28.0)
    risen = (involuntary_mm(after) - involuntary_mm(group))[:, 0, PUCKER, EYE].mean()
    used_as("toxin_lid_rise", "check")
    assert fact("toxin_lid_rise").low < risen < fact("toxin_lid_rise").high


def test_toxin_widens_a_narrowed_eye_at_rest_and_no_other() -> None:
    """By hand: tone falls with the force, so the rest rises by what the tone narrowed, times it."""
    group = faces(N, 1, SEVERE)
    toxin = BotulinumToxin(
        L,
        "orbicularis_oculi_pretarsal",
        ONA,
        weakening_percent=50.0,
        weakening_low=50.0,
        weakening_high=50.0,
    )
    risen = rest_change_mm(toxin.after(group, 28.0)) - rest_change_mm(group)
    narrowed = -rest_change_mm(group)[:, 0, EYE]
    assert np.median(risen[:, 0, EYE] / narrowed) == pytest.approx(0.5, abs=0.02)
    assert risen[:, 1] == pytest.approx(0.0)


def test_check_most_transfers_are_useful() -> None:
    useful = used_as("gracilis_useful", "check")
    assert np.mean(GracilisTransfer(L, GRAFT).excursion_mm(N, 1) > useful) > 0.8


@pytest.mark.parametrize("length_mm", [240.0, 300.0])
def test_check_axons_at_the_textbook_rate_take_nine_to_twelve_months(length_mm: float) -> None:
    reach = fact("graft_reach_months")
    used_as("graft_reach_months", "check")
    days = fact("axon_delay").value + length_mm / fact("axon_rate_textbook").value
    assert reach.low - 0.25 < days / DAYS_PER_MONTH < reach.high


def test_check_the_reach_of_a_long_graft_overlaps_the_published_months() -> None:
    months = CrossFaceNerveGraft(L, 280.0).reach_days(N, 1) / DAYS_PER_MONTH
    low, high = np.percentile(months, [2.5, 97.5])
    assert low < fact("graft_reach_months").high
    assert high > fact("graft_reach_months").low


def test_the_measured_rate_alone_is_faster_than_the_published_months() -> None:
    """1.8 mm a day and 9 to 12 months do not fit one graft: 300 mm take half a year."""
    days = fact("axon_delay").high + 300.0 / fact("axon_rate_measured").value
    assert days / DAYS_PER_MONTH < fact("graft_reach_months").low
