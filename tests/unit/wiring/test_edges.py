from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import MOVEMENTS, SMILES, Movement, Side
from facewire.face.movements import healthy_activation
from facewire.face.muscles import GROUP_INDEX, TYPICAL_ACTION_MM, MuscleGroup
from facewire.results.wiring import ClinicianFinding, ClinicianFindings
from facewire.wiring.edges import Inferred, call_present, interval, list_edges, list_unions
from facewire.wiring.findings import grade_of, read_findings
from facewire.wiring.likelihood import prior_of
from facewire.wiring.observe import Observations
from facewire.wiring.telling_apart import likeness, own_movement, resolver

SMILE, BLINK = MOVEMENTS.index(Movement.SMILE_OPEN), MOVEMENTS.index(Movement.EYE_CLOSE_GENTLE)
ZYGOMATIC = GROUP_INDEX[MuscleGroup.ZYGOMATICUS_MAJOR]
DAO = GROUP_INDEX[MuscleGroup.DEPRESSOR_ANGULI_ORIS]
PLATYSMA = GROUP_INDEX[MuscleGroup.PLATYSMA]


def actions(spread: float = 0.1) -> np.ndarray:
    rng = np.random.default_rng(0)
    shape = (50, *TYPICAL_ACTION_MM.shape)
    return TYPICAL_ACTION_MM * (1 + spread * rng.standard_normal(shape))


def test_false_discovery_is_held() -> None:
    probability = np.array([0.999, 0.96, 0.94, 0.2])
    assert call_present(probability, np.ones(4, bool)).tolist() == [True, True, False, False]


def test_an_edge_that_is_not_asked_is_not_called() -> None:
    assert not call_present(np.array([0.999]), np.array([False])).any()


def test_an_absent_edge_keeps_how_large_it_may_be() -> None:
    draws, if_there = np.zeros((1000, 1)), np.linspace(0, 10, 1000)[:, None]
    low, high = interval(draws, if_there)
    assert low[0] == 0
    assert high[0] == pytest.approx(9.5, abs=0.02)


def test_opposite_muscles_are_told_apart() -> None:
    alike = likeness(actions(), np.full((8, 10), 0.1))
    assert DAO not in alike.confused(BLINK, ZYGOMATIC)


def test_a_smile_may_be_weak_or_held_back() -> None:
    alike = likeness(actions(0.3), np.full((8, 10), 1.0))
    assert ZYGOMATIC in alike.confused(SMILE, DAO)


def test_platysma_and_depressor_look_alike_in_noise() -> None:
    alike = likeness(actions(0.3), np.full((8, 10), 0.5))
    assert PLATYSMA in alike.confused(BLINK, DAO)


def test_the_finding_resolves_the_platysma_and_a_block_the_depressor() -> None:
    everything, noise = np.ones(8, bool), np.full((8, 10), 0.5)
    said = resolver(actions(), noise, (BLINK, DAO), [PLATYSMA], everything)
    assert said == "the clinician's finding on the platysma"
    said = resolver(actions(), noise, (SMILE, ZYGOMATIC), [DAO], everything)
    assert said == "a test block of the depressor anguli oris"


def test_a_missing_movement_is_named_where_it_would_help() -> None:
    oris, levator = MuscleGroup.ORBICULARIS_ORIS, MuscleGroup.LEVATOR_ALAE
    recorded = np.array([m not in (Movement.SNARL, Movement.LIP_PUCKER) for m in MOVEMENTS])
    place = (BLINK, GROUP_INDEX[oris])
    said = resolver(actions(1.0), np.full((8, 10), 0.2), place, [GROUP_INDEX[levator]], recorded)
    assert said.startswith("record ")


def test_no_movement_of_the_set_drives_the_platysma() -> None:
    assert own_movement(MuscleGroup.PLATYSMA) is None
    assert own_movement(MuscleGroup.FRONTALIS) is Movement.BROW_RAISE


FOUND = {"finding": "platysma", "grade": 2, "side": "R", "source": "clinician"}


def found(**changed: object) -> list[ClinicianFinding]:
    return list(ClinicianFindings.checked({"findings": [FOUND | changed]}, "x").findings)


def test_a_found_platysma_holds_for_its_movement_only() -> None:
    known = found(movement="smile_open")
    asked = (MuscleGroup.PLATYSMA, Movement.SMILE_OPEN, Side.RIGHT)
    assert grade_of(known, *asked) == 2
    assert grade_of(known, MuscleGroup.PLATYSMA, Movement.SNARL, Side.RIGHT) is None
    assert grade_of(known, MuscleGroup.PLATYSMA, Movement.SMILE_OPEN, Side.LEFT) is None


def test_nothing_found_at_all_holds_for_every_movement() -> None:
    known = found(grade=0)
    assert grade_of(known, MuscleGroup.PLATYSMA, Movement.SNARL, Side.RIGHT) == 0


@pytest.mark.parametrize("listed", [[FOUND], {"findings": [FOUND]}])
def test_findings_are_read_from_a_file(listed: object, tmp_path: Path) -> None:
    path = tmp_path / "findings.json"
    path.write_text(json.dumps(listed), encoding="utf-8")
    assert list(read_findings(path)) == found()


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"grade": 4}, "grade"),
        ({"grade": True}, "grade"),
        ({"side": "left"}, "side"),
        ({"source": "patient"}, "source"),
        ({"finding": "freckles"}, "finding"),
        ({"movement": "wink"}, "movement"),
    ],
)
def test_a_wrong_finding_is_refused(changed: dict[str, object], place: str, tmp_path: Path) -> None:
    path = tmp_path / "findings.json"
    path.write_text(json.dumps([FOUND | changed]), encoding="utf-8")
    with pytest.raises(UsageError, match=rf"findings\.json.*\$\.findings\[0\]\.{place}"):
        read_findings(path)


PALPEBRAL = GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL]
ORBITAL = GROUP_INDEX[MuscleGroup.ORBICULARIS_OCULI_ORBITAL]


def observed(affected: Side | None) -> Observations:
    moved, rest = np.zeros((2, 8, 10)), np.zeros((2, 10))
    return Observations(affected, moved, moved, moved, moved, rest, rest, rest, rest)


def split() -> Inferred:
    """An open smile narrows the eye: 880 draws of 1000 by the one part, 120 by the other."""
    activation = np.zeros((1, 1000, 8, 14))
    activation[0, :880, SMILE, PALPEBRAL] = 0.20
    activation[0, 880:, SMILE, ORBITAL] = 0.30
    certain = healthy_activation() > 0
    return Inferred(activation, activation, actions(), np.full((8, 10), 0.2), certain)


def test_a_probability_split_between_two_parts_is_one_edge() -> None:
    """By hand: neither 0.88 nor 0.12 is called; together it is 1, with a mean of 21.2 %."""
    found = list_unions(split(), observed(Side.RIGHT), Side.RIGHT)
    eye = {u.command: u for u in found if u.union == "orbicularis_oculi"}
    assert eye[Movement.SMILE_OPEN].present
    assert eye[Movement.SMILE_OPEN].probability == 1.0
    assert eye[Movement.SMILE_OPEN].percent == pytest.approx(21.2)
    assert not eye[Movement.LIP_PUCKER].present
    edges = list_edges(split(), observed(Side.RIGHT), Side.RIGHT, ())
    assert not any(e.present for e in edges)


@pytest.mark.parametrize(("share", "called"), [(0.049, False), (0.051, True)])
def test_an_edge_counts_from_5_percent_on(share: float, called: bool) -> None:
    activation = np.zeros((1, 1000, 8, 14))
    activation[0, :, SMILE, PALPEBRAL] = share
    certain = healthy_activation() > 0
    sure = Inferred(activation, activation, actions(), np.full((8, 10), 0.2), certain)
    seen = observed(Side.RIGHT)
    edges = list_edges(sure, seen, Side.RIGHT, ())
    told = [(e.command, e.muscle) for e in edges if e.present]
    place = (Movement.SMILE_OPEN, MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL)
    assert told == ([place] if called else [])
    assert any(u.present for u in list_unions(sure, seen, Side.RIGHT)) is called


def test_what_belongs_to_a_movement_is_in_no_union_of_it() -> None:
    for one in list_unions(split(), observed(Side.RIGHT), Side.RIGHT):
        row = healthy_activation()[MOVEMENTS.index(one.command)]
        assert all(row[GROUP_INDEX[g]] == 0 for g in one.muscles)


def test_no_union_is_called_in_a_healthy_face() -> None:
    assert not any(u.present for u in list_unions(split(), observed(None), Side.RIGHT))


@pytest.mark.parametrize(("grade", "share"), [(1, 0.9), (0, 0.0)])
def test_a_block_speaks_for_the_depressor_in_smiles_alone(grade: int, share: float) -> None:
    said = [
        ClinicianFinding(finding="dao_block", grade=grade, side=Side.RIGHT, movement=movement)
        for movement in SMILES
    ]
    with_block = prior_of(Side.RIGHT, said, healthy=False).share[:, DAO]
    without = prior_of(Side.RIGHT, [], healthy=False).share[:, DAO]
    smiles = [MOVEMENTS.index(movement) for movement in SMILES]
    others = [m for m in range(len(MOVEMENTS)) if m not in smiles]
    assert with_block[smiles].tolist() == [share] * len(smiles)
    assert with_block[others].tolist() == without[others].tolist()
    assert prior_of(Side.LEFT, said, healthy=False).share[:, DAO].tolist() == without.tolist()
