"""Every candidate of a plan says first what it may harm."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face import MOVEMENTS, Side
from facewire.face.muscles import GROUP_INDEX, GROUPS, MuscleGroup
from facewire.plan import make_plan
from facewire.report.harm_words import simulated, told
from facewire.report.unmeasured import Unmeasured, document_page
from facewire.results.harm import Harm, Harms
from facewire.results.plan import Plan
from facewire.treatment import BotulinumToxin
from facewire.treatment.harm import WeakeningHarm
from facewire.treatment.reserve import draw_reserve
from planning_face import SMILE_TO_EYE, face_state, stated, wiring

PALPEBRAL = GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL]


def of(degree: float, affected: Side = Side.RIGHT, role: int = 0) -> Harms:
    state = face_state(SMILE_TO_EYE, draws=400)
    weakened = np.zeros((2, len(GROUPS)))
    weakened[role, PALPEBRAL] = degree
    return WeakeningHarm(state, affected, 0, MOVEMENTS).harms(weakened)


def gap(harms: Harms, side: Side) -> float:
    row = next(r for r in harms.simulated if (r.harm, r.side) == (Harm.LAGOPHTHALMOS_2, side))
    return row.percent[0]


def test_a_paralysed_lid_stays_open_and_an_untouched_one_does_not() -> None:
    assert gap(of(1.0), Side.RIGHT) == 100.0
    assert gap(of(1.0), Side.LEFT) == 0.0
    assert gap(of(0.0), Side.RIGHT) == 0.0


def test_the_healthy_eye_is_watched_as_the_affected_one() -> None:
    assert gap(of(0.9, role=1), Side.LEFT) == pytest.approx(gap(of(0.9), Side.RIGHT))
    assert gap(of(0.9, role=1), Side.RIGHT) == 0.0


def test_half_a_lid_s_force_leaves_open_the_eyes_that_need_more() -> None:
    """By hand: of 10.2 mm 2 mm stay open where 0.5 / need is under 8.2 / 10.2: need over 0.622."""
    need = draw_reserve(face_state(SMILE_TO_EYE, draws=400), 0).closure[:, 1]
    assert gap(of(0.5), Side.RIGHT) == pytest.approx(100.0 * np.mean(need > 0.6220), abs=0.3)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(wiring(SMILE_TO_EYE), stated())


def test_every_candidate_says_what_it_may_harm(plan: Plan) -> None:
    assert plan.candidates
    for candidate in plan.candidates:
        assert candidate.harms is not None
        assert {row.harm for row in candidate.harms.not_simulated} >= {Harm.DIPLOPIA}


@pytest.mark.slow
def test_the_page_tells_it_before_gains(plan: Plan) -> None:
    page = document_page(Unmeasured(plan=plan))
    start = page.index('<details class="candidate">')
    places = [page.index(words, start) for words in ("unknown, not absent", "Gains")]
    assert places == sorted(places)


def test_of_one_day_no_day_is_told() -> None:
    harms = of(0.9)
    words = simulated(told(harms)[0], harms)
    assert "most on day" not in words
    assert "between" in words


def test_a_candidate_reaches_the_neighbours_that_toxin_reaches() -> None:
    """The same draws as a course of toxin of that degree, on every group of both sides."""
    state = face_state(SMILE_TO_EYE, draws=50)
    toxin = BotulinumToxin(
        Side.RIGHT,
        "mentalis",
        "unspecified",
        weakening_percent=70.0,
        weakening_low=70.0,
        weakening_high=70.0,
    )
    (effect,) = toxin.effects(state, 0)
    degree = np.zeros((2, len(GROUPS)))
    degree[0, GROUP_INDEX[MuscleGroup.MENTALIS]] = 0.7
    moment = WeakeningHarm(state, Side.RIGHT, 0, MOVEMENTS)._weakened(degree)
    assert effect.strength is not None
    assert moment.strength == pytest.approx(1.0 - effect.strength, abs=1e-5)
    beside = GROUP_INDEX[MuscleGroup.DEPRESSOR_LABII]
    assert (moment.strength[:, 1, beside] < 1.0).all()
    assert (moment.strength[:, 0] == 1.0).all()
