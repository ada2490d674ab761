from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from facewire.cli.wiring import print_wiring, wiring
from facewire.errors import OutputExistsError, UsageError
from facewire.face import Side
from facewire.results.measurement import Measurement
from facewire.results.wiring import Wiring
from planning_face import SMILE_TO_EYE
from planning_face import wiring as made_wiring
from simulated.wiring_patients import simulate_patient

command = typer.Typer()
command.command()(wiring)


@pytest.fixture(scope="module")
def measured() -> Measurement:
    return simulate_patient(11).result


@pytest.fixture
def result(measured: Measurement, tmp_path: Path) -> Path:
    path = tmp_path / "result.json"
    measured.write(path)
    return path


def run(*given: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in given])


def test_a_result_becomes_a_wiring_in_both_places(result: Path, tmp_path: Path) -> None:
    done = run(result, "--json", tmp_path / "w.json", "--out", tmp_path / "folder")
    document = json.loads((tmp_path / "w.json").read_text("utf-8"))
    assert Wiring.read(tmp_path / "w.json").plain() == document
    assert done.exit_code == 0
    assert "INFERRED" in done.output
    assert "Synthetic patient" in done.output
    assert json.loads((tmp_path / "folder" / "wiring.json").read_text("utf-8")) == document
    assert "Inferred, not measured" in (tmp_path / "folder" / "wiring.html").read_text("utf-8")


def test_existing_output_is_refused(result: Path, tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text("kept", encoding="utf-8")
    done = run(result, "--json", tmp_path / "w.json")
    assert isinstance(done.exception, OutputExistsError)
    assert (tmp_path / "w.json").read_text("utf-8") == "kept"


def test_a_file_of_another_kind_is_refused(result: Path, tmp_path: Path) -> None:
    result.write_text('{"schema": "facewire.wiring/1"}', encoding="utf-8")
    done = run(result, "--json", tmp_path / "w.json")
    assert isinstance(done.exception, UsageError)
    assert "is of another kind" in str(done.exception)


def test_nowhere_to_write_is_refused(result: Path) -> None:
    assert "nowhere to write" in str(run(result).exception)


def test_broken_findings_are_refused(result: Path, tmp_path: Path) -> None:
    findings = tmp_path / "findings.json"
    findings.write_text('[{"finding": "freckles"}]', encoding="utf-8")
    done = run(result, "--json", tmp_path / "w.json", "--findings", findings)
    assert isinstance(done.exception, UsageError)
    assert not (tmp_path / "w.json").exists()


def test_the_screen_names_edges_on_their_side() -> None:
    told = io.StringIO()
    model = made_wiring(SMILE_TO_EYE, Side.LEFT)
    print_wiring(Console(file=told, width=200), model)
    (line,) = (one for one in told.getvalue().splitlines() if "orbicularis" in one)
    assert line.split()[:4] == ["smile_open", "orbicularis_oculi_palpebral", "left", "20"]
    assert "(18 to 22)" in line


@pytest.mark.slow
@pytest.mark.parametrize(("bands", "grade"), [(True, 1), (False, 0)])
def test_the_neck_of_a_facts_file_speaks_for_the_platysma(
    bands: bool, grade: int, result: Path, tmp_path: Path
) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text(f"[facts]\nneck_bands = {str(bands).lower()}\n", encoding="utf-8")
    run(result, "--facts", facts, "--json", tmp_path / "w.json")
    found = Wiring.read(tmp_path / "w.json")
    (finding,) = found.findings
    assert (finding.finding, finding.grade, finding.side) == (
        "platysma",
        grade,
        found.affected_side,
    )


@pytest.mark.slow
def test_facts_without_the_neck_add_no_finding(result: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text("[facts]\nage_years = 40\n", encoding="utf-8")
    run(result, "--facts", facts, "--json", tmp_path / "w.json")
    assert Wiring.read(tmp_path / "w.json").findings == ()
