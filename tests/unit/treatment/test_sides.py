"""The right side is better than the wrong one; the benchmark ``sides`` asks 200 patients each."""

from __future__ import annotations

import numpy as np
import pytest

from facewire.face.muscles import GROUP_INDEX, MuscleGroup
from facewire.treatment import Cut, SelectiveNeurolysis
from facewire.treatment.facts import fact
from made_treatments import DAO, L, R, faces, same, strength_of
from simulated.sides import Trial, advantage_mm, burden_mm, patients, trials

TRIALS = tuple(trials())


@pytest.mark.parametrize("trial", TRIALS, ids=[t.name for t in TRIALS])
def test_the_right_side_beats_the_wrong_one(trial: Trial) -> None:
    better = advantage_mm(trial, count=20, draws=8)
    assert len(better) == 20
    assert (better > 0).all()


@pytest.mark.parametrize("trial", TRIALS, ids=[t.name for t in TRIALS])
def test_the_wrong_side_is_no_better_than_nothing(trial: Trial) -> None:
    people = patients(trial, 20, 1)
    wrong = trial.treatment.mirrored().after(people, trial.day, 1)
    assert burden_mm(people, people) == pytest.approx(0.0)
    # Training closes gaps on either side: where the healthy brow is the weaker one, brows even out.
    least = -0.5 if trial.name == "training" else -0.01
    assert (burden_mm(wrong, people) > least).all()


def test_neurectomy_where_nothing_is_wrong_cuts_what_is_wanted() -> None:
    """A healthy side has no wrong branch to choose: the muscle loses what is cut."""
    cut = SelectiveNeurolysis(R, (Cut(str(DAO)),)).after(faces(), 1.0)
    lost = 1.0 - strength_of(cut, DAO, side=1)
    assert np.median(lost) == pytest.approx(fact("neurolysis_share").value, abs=0.02)
    there = faces().wrong[:, 0, :, GROUP_INDEX[DAO]].sum(axis=1) >= 0.1
    chosen = SelectiveNeurolysis(L, (Cut(str(DAO)),)).after(faces(), 1.0)
    assert strength_of(chosen, DAO)[there] == pytest.approx(1.0)
    assert there.sum() > 40


def test_parts_of_one_muscle_are_cut_together() -> None:
    """Wrong edges reach the lid's own part; its other part is not cut for having none."""
    eye = SelectiveNeurolysis(L, (Cut("orbicularis_oculi"),)).after(faces(), 1.0)
    orbital = GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_ORBITAL]
    own = GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL]
    reached = faces().wrong[:, 0, :, own].sum(axis=1) >= 0.1
    assert not same(eye, faces())
    assert eye.strength[reached, 0, orbital] == pytest.approx(1.0)
