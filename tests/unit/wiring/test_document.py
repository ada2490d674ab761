from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.face import Movement, Side
from facewire.results.wiring import Wiring
from facewire.wiring import FaceState, Settings, infer_wiring
from facewire.wiring.state import total_mm
from planning_face import face_state
from simulated.wiring_patients import simulate_patient
from unit.findings.made_map import closure_cell


@pytest.fixture(scope="module")
def wiring() -> Wiring:
    return infer_wiring([simulate_patient(7).result], settings=Settings(20, 30, 15))


@pytest.fixture
def stored(wiring: Wiring, tmp_path: Path) -> Path:
    path = tmp_path / "wiring.json"
    wiring.write(path)
    return path


def test_a_document_says_inferred(wiring: Wiring) -> None:
    assert wiring.kind == "inferred"
    assert "not measured" in wiring.notes[0]


def test_a_stored_wiring_comes_back(wiring: Wiring, stored: Path) -> None:
    back = Wiring.read(stored)
    assert back.draws == wiring.draws
    assert [e.present for e in back.edges] == [e.present for e in wiring.edges]
    found = [(e.percent, e.percent_sd) for e in back.edges if e.percent is not None]
    assert found == [
        (round(e.percent, 4), round(e.percent_sd or 0.0, 4))
        for e in wiring.edges
        if e.percent is not None
    ]


def test_faces_come_back_from_their_draws() -> None:
    state = face_state({}, draws=3)
    wrong = np.random.default_rng(1).random(state.wrong.shape)
    state = FaceState(**{**vars(state), "wrong": wrong})
    back = FaceState.of_draws(state.to_draws())
    assert np.allclose(back.wrong, wrong, atol=0.0006)
    assert np.array_equal(back.rest_mm, state.rest_mm, equal_nan=True)
    assert total_mm(back) == pytest.approx(total_mm(state), abs=0.02)


def test_the_closure_gaps_travel_with_the_wiring() -> None:
    cell = closure_cell(Movement.EYE_CLOSE_GENTLE, Side.LEFT, (1.5, 0.9, 2.1))
    result = simulate_patient(7).result.replaced(eye_closure=(cell,))
    found = infer_wiring([result], settings=Settings(20, 30, 15))
    assert found.source.measurements[0].eye_closure == (cell,)


def test_right_edges_are_not_asked_to_be_present(wiring: Wiring) -> None:
    rows = [e for e in wiring.plain()["edges"] if e["kind"] == "right"]
    assert rows
    assert not any("present" in row for row in rows)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"schema": "facewire.measurement/1"}, "of another kind"),
        ({"kind": "measured"}, "kind"),
        ({"edges": [{"command": "wink"}]}, "edges"),
    ],
)
def test_another_file_is_refused(stored: Path, changed: dict[str, Any], message: str) -> None:
    document = json.loads(stored.read_text("utf-8")) | changed
    stored.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        Wiring.read(stored)


def test_damaged_draws_are_refused(stored: Path) -> None:
    document = json.loads(stored.read_text("utf-8"))
    arrays = document["draws"]["arrays"]
    arrays["wrong"] = arrays["wrong"][:3]
    stored.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UsageError, match="wrong holds 3 draws"):
        Wiring.read(stored)


def test_draws_of_unequal_length_are_refused(wiring: Wiring) -> None:
    arrays = wiring.draws.arrays
    ragged = arrays.replaced(tone=(((1.0,), (1.0, 2.0)),))
    with pytest.raises(UsageError, match="damaged: tone"):
        FaceState.of_draws(wiring.draws.replaced(arrays=ragged))
