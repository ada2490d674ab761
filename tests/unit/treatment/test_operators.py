"""Properties that every treatment has, and what each one does to a face."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import Movement
from facewire.face.muscles import MuscleGroup
from facewire.results.safety import Means
from facewire.safety.rules import check_safety
from facewire.treatment import (
    BotulinumToxin,
    CrossFaceNerveGraft,
    Cut,
    GracilisTransfer,
    Myectomy,
    NerveTransfer,
    NeuromuscularRetraining,
    SelectiveDenervation,
    SelectiveNeurolysis,
    Treatment,
)
from facewire.treatment.facts import fact
from facewire.wiring import FaceState, total_mm
from made_treatments import (
    CORNER,
    DAO,
    EVERY,
    ONA,
    SIZED,
    SMILE,
    UNSIZED,
    L,
    R,
    faces,
    same,
    strength_of,
)
from planning_face import stated

IDS = [f"{t.kind}-{t.side}" for t in EVERY]


def toxin(percent: float | None = 50.0, **more: float) -> BotulinumToxin:
    return BotulinumToxin(L, str(DAO), ONA, weakening_percent=percent, **more)


@pytest.mark.parametrize("treatment", EVERY, ids=IDS)
def test_before_its_day_nothing_is_changed(treatment: Treatment) -> None:
    assert same(treatment.after(faces(), -1.0), faces())


@pytest.mark.parametrize("treatment", EVERY, ids=IDS)
@pytest.mark.parametrize("day", [20.0, 400.0])
def test_mirrored_face_and_treatment_give_the_mirrored_result(
    treatment: Treatment, day: float
) -> None:
    turned = treatment.mirrored().after(faces().mirrored(), day, seed=5)
    assert same(turned, treatment.after(faces(), day, seed=5).mirrored())


@pytest.mark.parametrize("treatment", EVERY, ids=IDS)
def test_same_seed_same_face(treatment: Treatment) -> None:
    assert same(treatment.after(faces(), 30.0, 4), treatment.after(faces(), 30.0, 4))


@pytest.mark.parametrize("treatment", EVERY, ids=IDS)
def test_treatments_are_frozen(treatment: Treatment) -> None:
    with pytest.raises(FrozenInstanceError):
        treatment.side = R  # type: ignore[misc]


@pytest.mark.parametrize("treatment", SIZED, ids=[t.kind for t in SIZED])
def test_a_sized_treatment_changes_the_face_and_is_uncertain(treatment: Treatment) -> None:
    late = treatment.kind in ("gracilis_transfer", "nerve_transfer")
    after = treatment.after(faces(), 300.0 if late else 30.0)
    assert not same(after, faces())
    assert not same(after, treatment.after(faces(), 30.0, seed=9))


@pytest.mark.parametrize("treatment", UNSIZED, ids=[t.kind for t in UNSIZED])
def test_without_a_published_size_no_size_is_invented(treatment: Treatment) -> None:
    assert same(treatment.after(faces(), 300.0), faces())


def test_toxin_wears_off_to_the_untreated_face() -> None:
    after = toxin().after(faces(), fact("toxin_duration").high)
    assert same(after, faces(), tolerance=0.0)


def test_no_weakening_is_no_change() -> None:
    assert same(toxin(0.0).after(faces(), 28.0), faces(), tolerance=0.0)


def test_full_weakening_paralyses_at_the_peak() -> None:
    left = strength_of(toxin(100.0).after(faces(), fact("toxin_peak").high), DAO)
    assert left == pytest.approx(0.0)


def test_the_degree_given_is_the_middle_of_the_draws() -> None:
    lost = 1.0 - strength_of(toxin(40.0).after(faces(), fact("toxin_peak").high), DAO)
    assert np.median(lost) == pytest.approx(0.40, abs=0.01)


def test_a_given_interval_holds_95_percent_of_the_draws() -> None:
    given = toxin(40.0, weakening_low=20.0, weakening_high=70.0)
    low, high = np.percentile(given.weakening(2000, 1), [2.5, 97.5])
    assert (low, high) == pytest.approx((0.20, 0.70), abs=0.01)


def test_without_a_degree_the_prior_is_wide() -> None:
    low, high = np.percentile(toxin(None).weakening(2000, 1), [2.5, 97.5])
    assert high - low > 0.6


def test_two_courses_of_half_leave_three_quarters_lost() -> None:
    once = toxin(75.0, weakening_low=75.0, weakening_high=75.0)
    half = toxin(50.0, weakening_low=50.0, weakening_high=50.0)
    for day in (6.0, 28.0, 100.0):
        part = 1.0 - strength_of(half.after(faces(), day), DAO)
        twice = strength_of(half.after(half.after(faces(), day), day), DAO)
        assert twice == pytest.approx((1.0 - part) ** 2)
    peak = fact("toxin_peak").high
    both = half.after(half.after(faces(), peak), peak)
    assert strength_of(both, DAO) == pytest.approx(strength_of(once.after(faces(), peak), DAO))


def test_units_change_nothing() -> None:
    few, many = (
        BotulinumToxin(L, str(DAO), ONA, units=u, weakening_percent=30.0) for u in (1.0, 40.0)
    )
    assert same(few.after(faces(), 28.0), many.after(faces(), 28.0), tolerance=0.0)


def test_toxin_into_the_smile_is_computed_and_warned_of() -> None:
    given = BotulinumToxin(L, "zygomaticus_major", ONA, weakening_percent=30.0)
    lost = 1.0 - strength_of(given.after(faces(), 28.0), MuscleGroup.ZYGOMATICUS_MAJOR)
    assert np.median(lost) == pytest.approx(0.3, abs=0.02)
    assert "never proposed" in " ".join(given.remarks())


def test_a_muscle_that_video_does_not_see_is_recorded_only() -> None:
    given = BotulinumToxin(L, "buccinator", ONA, weakening_percent=30.0)
    assert same(given.after(faces(), 28.0), faces())
    assert "recorded, not simulated" in given.remarks()[0]


def test_neurolysis_never_increases_an_edge() -> None:
    after = SelectiveNeurolysis(L, (Cut("orbicularis_oculi"), Cut("frontalis"))).after(faces(), 5.0)
    assert np.all(after.wrong <= faces().wrong)
    assert np.all(after.right <= faces().right)


def test_neurolysis_of_one_edge_leaves_the_other_wrong_edges() -> None:
    cut = SelectiveNeurolysis(L, (Cut(str(DAO), Movement.SMILE_OPEN),))
    changed = np.argwhere((cut.after(faces(), 5.0).wrong != faces().wrong).any(axis=0))
    assert {tuple(row[:2]) for row in changed.tolist()} == {(0, SMILE)}


def test_retraining_shrinks_wrong_edges_slowly_and_touches_no_muscle() -> None:
    training = NeuromuscularRetraining(L)
    sums = [training.after(faces(), day).wrong.sum() for day in (0, 7, 30, 90, 300, 660)]
    assert sums == sorted(sums, reverse=True)
    assert sums[1] > 0.85 * sums[0]
    assert sums[4] == pytest.approx(sums[5])
    assert np.array_equal(training.after(faces(), 90.0).strength, faces().strength)


def test_training_stays_for_a_year_and_what_is_left_later_is_not_known() -> None:
    """Stable for one year on average (Beurskens, 46 people); nothing is published beyond it."""
    training = NeuromuscularRetraining(L, lasts_days=90.0)
    lost = faces().wrong.sum((1, 2, 3))
    after = [
        (lost - training.after(faces(), 90.0 + d).wrong.sum((1, 2, 3))) / lost
        for d in (0, 365, 3650)
    ]
    assert after[1] == pytest.approx(after[0])
    kept = after[2] / after[0]
    assert np.percentile(kept, [0, 100]) == pytest.approx([0.0, 1.0], abs=0.05)


def test_published_rates_of_neurectomy_are_never_told_of_the_eye_s_branches() -> None:
    """Azizzadeh 2019 cut buccal and cervical branches; the eye was not treated."""
    neck = SelectiveNeurolysis(L, (Cut("platysma"),))
    eye = SelectiveNeurolysis(L, (Cut("orbicularis_oculi"), Cut("platysma")))
    assert set(neck.risk_ids()) == {"neurolysis_oral_incompetence", "neurolysis_revision"}
    assert eye.risk_ids() == ()
    assert "no rate of harm was found" in " ".join(eye.remarks())


def test_retraining_that_is_not_done_does_nothing() -> None:
    assert same(NeuromuscularRetraining(L, adherence=0.0).after(faces(), 90.0), faces())


def test_myectomy_stays() -> None:
    excised = Myectomy(L, (str(DAO),))
    assert same(excised.after(faces(), 1.0), excised.after(faces(), 3000.0))
    assert np.median(strength_of(excised.after(faces(), 1.0), DAO)) == pytest.approx(0.1, abs=0.02)


def test_gracilis_moves_only_in_smiles_and_after_months() -> None:
    muscle = GracilisTransfer(L, "cross_face_nerve_graft")
    assert same(muscle.after(faces(), 150.0), faces())
    moved = np.abs(muscle.after(faces(), 900.0).added_mm).sum(axis=(0, 1, 3)) > 0
    assert [str(m) for m, there in zip(Movement, moved, strict=True) if there] == [
        "smile_closed",
        "smile_open",
    ]


def flaccid(n: int = 400) -> FaceState:
    """Faces whose left side drives nothing; the corner hangs 4 mm."""
    state = faces(n, 1)
    right, rest = state.right.copy(), state.rest_mm.copy()
    right[:, 0] = 0.0
    rest[:, 0, CORNER[1]] -= 4.0
    return replace(state, right=right, wrong=np.zeros_like(state.wrong), rest_mm=rest)


def test_a_nerve_transfer_reaches_what_its_series_measured_in_whom_it_works() -> None:
    """By hand: 0.893 up and 0.934 outward of the other side's way, in 63 %."""
    before = flaccid()
    after = NerveTransfer(L).after(before, 800.0)
    own, other = (total_mm(after)[:, side, SMILE][:, CORNER] for side in (0, 1))
    gained = after.added_mm[:, 0, SMILE, CORNER[1]] > 0
    assert gained.mean() == pytest.approx(fact("nerve_transfer_gains").value, abs=0.05)
    share = (own / other)[gained].mean(axis=0)
    assert share == pytest.approx([0.934, 0.893], abs=0.02)
    assert (after.added_mm[~gained] == 0).all()
    lifted = after.shift_mm[:, 0, CORNER[1]]
    assert np.median(lifted[lifted > 0]) == pytest.approx(0.6 * 4.0, abs=0.3)
    assert (after.added_mm[:, 1] == 0).all()


def test_a_nerve_transfer_moves_nothing_before_axons_arrive_nor_a_smile_that_is_whole() -> None:
    before = flaccid(100)
    assert same(NerveTransfer(L).after(before, 71.0), before)
    whole = replace(before, right=np.repeat(before.right[:, 1:], 2, axis=1) * 1.2)
    moved = NerveTransfer(L).after(whole, 800.0).added_mm[:, 0, SMILE, CORNER[1]]
    assert (moved > 0).mean() < 0.2


@pytest.mark.parametrize(
    ("months", "answer"),
    [(2.0, "not_cleared"), (6.0, "cleared"), (15.0, "not_cleared"), (26.0, "barred")],
)
def test_a_nerve_transfer_has_its_window(months: float, answer: str) -> None:
    facts = stated(months_since_onset=months)
    rules = check_safety(Means.NERVE_TRANSFER, [(None, R)], facts)
    assert {r.answer for r in rules if r.rule == "nerve_transfer_window"} == {answer}


def test_denervation_says_less_of_every_region_that_the_muscle_moves() -> None:
    ways = SelectiveDenervation(L, "mentalis").directions()
    assert {(str(w.region), w.direction) for w in ways} == {
        ("lower_lip", "toward_zero"),
        ("chin", "toward_zero"),
    }


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BotulinumToxin(L, "masseter", ONA), "not a known muscle.*Found: masseter"),
        (lambda: BotulinumToxin(L, "platysma", "botox"), "product.*Found: botox"),
        (lambda: toxin(120.0), "weakening_percent"),
        (lambda: toxin(40.0, weakening_low=50.0, weakening_high=60.0), "interval"),
        (lambda: toxin(None, weakening_low=10.0, weakening_high=60.0), "interval"),
        (lambda: SelectiveNeurolysis(L, ()), "cuts nothing"),
        (lambda: Cut("buccinator"), "not simulated"),
        (lambda: NeuromuscularRetraining(L, adherence=1.2), "adherence"),
        (lambda: Myectomy(L, ("frontalis",)), "muscle.*Found: frontalis"),
        (lambda: GracilisTransfer(L, "battery"), "drive"),
        (lambda: CrossFaceNerveGraft(L, length_mm=2000.0), "length_mm"),
        (lambda: SelectiveDenervation(L, "lacrimal_gland"), "not simulated"),
    ],
)
def test_what_cannot_be_meant_is_refused(make: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make()  # type: ignore[operator]
