from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facewire.errors import UsageError
from facewire.schemas import validate
from facewire.wiring import Settings, WiringModel, infer_wiring, read_wiring, wiring_document
from facewire.wiring.state import total_mm
from simulated.wiring_patients import simulate_patient


@pytest.fixture(scope="module")
def wiring() -> WiringModel:
    return infer_wiring(simulate_patient(7).result, settings=Settings(20, 30, 15))


@pytest.fixture
def stored(wiring: WiringModel, tmp_path: Path) -> Path:
    path = tmp_path / "wiring.json"
    path.write_text(json.dumps(wiring_document(wiring), allow_nan=False), encoding="utf-8")
    return path


def test_a_document_fits_its_schema_and_says_inferred(wiring: WiringModel) -> None:
    document = wiring_document(wiring)
    validate(document, "wiring")
    assert document["kind"] == "inferred"
    assert "not measured" in document["notes"][0]


def test_a_stored_wiring_comes_back(wiring: WiringModel, stored: Path) -> None:
    back = read_wiring(stored)
    assert back.edges[3].command is wiring.edges[3].command
    assert [e.present for e in back.edges] == [e.present for e in wiring.edges]
    assert np.allclose(total_mm(back.state), total_mm(wiring.state), atol=0.03)
    assert total_mm(back.state).mean(axis=0) == pytest.approx(
        total_mm(wiring.state).mean(axis=0), abs=0.01
    )


def test_the_closure_gaps_travel_with_the_wiring() -> None:
    row = {"movement": "eye_close_gentle", "side": "L", "gap_mm": 1.5, "ci_low": 0.9}
    row |= {"ci_high": 2.1, "repetitions": 3, "reason": ""}
    result = simulate_patient(7).result | {"eye_closure": [row]}
    document = wiring_document(infer_wiring(result, settings=Settings(20, 30, 15)))
    assert document["source"]["measurements"][0]["eye_closure"] == [row]
    validate(document, "wiring")
    del document["source"]["measurements"][0]["eye_closure"][0]["gap_mm"]
    with pytest.raises(UsageError, match="gap_mm"):
        validate(document, "wiring")


def test_right_edges_are_not_asked_to_be_present(wiring: WiringModel) -> None:
    rows = [e for e in wiring_document(wiring)["edges"] if e["kind"] == "right"]
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
        read_wiring(stored)


def test_damaged_draws_are_refused(stored: Path) -> None:
    document = json.loads(stored.read_text("utf-8"))
    document["draws"]["arrays"]["wrong"] = document["draws"]["arrays"]["wrong"][:3]
    stored.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UsageError, match="wrong holds 3 draws"):
        read_wiring(stored)


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_wiring(tmp_path / "nothing.json")
