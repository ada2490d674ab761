from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from facewire.cli.forecast import forecast
from facewire.errors import OutputExistsError, UsageError
from facewire.results.forecast import Forecast
from facewire.results.wiring import InferredFrom, MeasuredFrom, Wiring
from made_treatments import L, faces
from planning_face import SMILE_TO_EYE
from planning_face import wiring as made_wiring

command = typer.Typer()
command.command()(forecast)

PLAN = """
[[treatment]]
kind = "botulinum_toxin"
day = 10
side = "affected"
muscle = "orbicularis_oculi"
product = "onabotulinumtoxinA"
weakening_percent = 40

[[treatment]]
kind = "brow_lift"
day = 20
side = "affected"
"""


@pytest.fixture
def wiring(tmp_path: Path) -> Path:
    source = InferredFrom(synthetic=True, measurements=(MeasuredFrom(side_status="stated"),))
    given = {"side_confirmed": True, "notes": ("a note",), "draws": faces(20).to_draws()}
    model = made_wiring(SMILE_TO_EYE, L, source=source, **given)
    path = tmp_path / "wiring.json"
    model.write(path)
    return path


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def run(*given: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in given])


def test_a_wiring_and_a_plan_become_a_forecast(wiring: Path, plan: Path, tmp_path: Path) -> None:
    done = run(wiring, "--treatments", plan, "--days", 60, "--json", tmp_path / "f.json")
    document = json.loads((tmp_path / "f.json").read_text("utf-8"))
    assert Forecast.read(tmp_path / "f.json").plain() == document
    assert done.exit_code == 0
    assert document["days"][-1] == 60


@pytest.mark.slow
def test_the_screen_says_simulated_and_what_has_no_size(
    wiring: Path, plan: Path, tmp_path: Path
) -> None:
    done = run(wiring, "--treatments", plan, "--out", tmp_path / "folder")
    assert "SIMULATED" in done.output
    assert "Synthetic patient" in done.output
    assert "brow rest, left: up, size not published" in done.output
    assert "orbicularis oculi: NOT CLEARED: not known" in done.output.replace("_", " ")
    assert (tmp_path / "folder" / "forecast.json").exists()
    page = (tmp_path / "folder" / "forecast.html").read_text("utf-8")
    assert "Simulated, not measured" in page
    assert "not released to the patient" in page


@pytest.mark.slow
def test_a_dash_prints_the_document(wiring: Path, plan: Path) -> None:
    done = run(wiring, "--treatments", plan, "--json", "-")
    assert json.loads(done.output)["schema"] == "facewire.forecast/1"


def test_existing_output_is_refused(wiring: Path, plan: Path, tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text("kept", encoding="utf-8")
    done = run(wiring, "--treatments", plan, "--json", tmp_path / "f.json")
    assert isinstance(done.exception, OutputExistsError)
    assert (tmp_path / "f.json").read_text("utf-8") == "kept"


def test_nowhere_to_write_is_refused(wiring: Path, plan: Path) -> None:
    assert isinstance(run(wiring, "--treatments", plan).exception, UsageError)


def test_a_plan_that_cannot_be_meant_is_refused(wiring: Path, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(PLAN.replace("botulinum_toxin", "leeches"), encoding="utf-8")
    done = run(wiring, "--treatments", path, "--json", "-")
    assert isinstance(done.exception, UsageError)
    assert "kind of treatment 1" in str(done.exception)


def test_a_page_that_cannot_be_made_leaves_nothing_behind(
    wiring: Path, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as with the mesh of another recording."""

    def refused(*_: object, **__: object) -> None:
        raise UsageError("The mesh was made from another recording")

    monkeypatch.setattr("facewire.report.write_page", refused)
    out, file = tmp_path / "folder", tmp_path / "f.json"
    done = run(wiring, "--treatments", plan, "--out", out, "--json", file)
    assert isinstance(done.exception, UsageError)
    assert not out.exists()
    assert not file.exists()


BARRED = """
[[treatment]]
kind = "selective_neurolysis"
day = 10
side = "other"
cuts = [{muscle = "platysma"}]
"""


def test_what_is_barred_is_refused_and_simulated_when_asked(wiring: Path, tmp_path: Path) -> None:
    plan = tmp_path / "barred.toml"
    plan.write_text(BARRED, encoding="utf-8")
    given = (wiring, "--treatments", plan, "--days", 30, "--json", tmp_path / "f.json")
    refused = run(*given)
    assert isinstance(refused.exception, UsageError)
    assert "the healthy side" in str(refused.exception)
    assert not (tmp_path / "f.json").exists()
    done = run(*given, "--simulate-barred")
    assert "BARRED" in done.output
    assert "a rule of safety bars it" in done.output
    assert Forecast.read(tmp_path / "f.json").barred


def test_facts_from_a_file_bar(wiring: Path, plan: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text("[facts]\nclosure_gap_mm = 7.8\n", encoding="utf-8")
    refused = run(wiring, "--treatments", plan, "--facts", facts, "--json", tmp_path / "f.json")
    assert "closure gap mm 7.8" in str(refused.exception)


@pytest.mark.slow
def test_unconfirmed_sides_are_refused(wiring: Path, plan: Path, tmp_path: Path) -> None:
    unsure = tmp_path / "unsure.json"
    Wiring.read(wiring).replaced(side_confirmed=False).write(unsure)
    given = (unsure, "--treatments", plan, "--out", tmp_path / "folder")
    assert "left and right are not confirmed" in str(run(*given).exception)
    assert "Left and right are not confirmed" in run(*given, "--simulate-barred").output


def test_what_it_may_harm_is_printed_before_what_it_may_gain(
    wiring: Path, plan: Path, tmp_path: Path
) -> None:
    done = run(wiring, "--treatments", plan, "--days", 60, "--json", tmp_path / "f.json")
    places = [done.stdout.index(words) for words in ("what it may harm", "day 10", "Sunnybrook")]
    assert places == sorted(places)
    assert "Drooping upper lid: not simulated" in done.stdout
    assert "Eye left open by 2 mm or more in gentle closure, left: " in done.stdout
