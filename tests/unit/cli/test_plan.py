from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from facewire.cli.plan import plan
from facewire.errors import OutputExistsError, UsageError
from facewire.face import Movement, Side
from facewire.face.muscles import MuscleGroup
from facewire.results.measurement import Measurement
from facewire.results.plan import Plan
from facewire.results.wiring import InferredFrom, MeasuredFrom
from facewire.wiring import Settings, infer_wiring
from planning_face import SMILE_TO_EYE, edge, wiring
from simulated.wiring_patients import simulate_patient
from unit.findings.made_map import closure_cell

SOURCE = InferredFrom(synthetic=True, measurements=(MeasuredFrom(side_status="inferred"),))

FACTS = """
[facts]
age_years = 46
closure_gap_mm = { left = 0.0, right = 2.0 }
[preferences]
excluded_muscles = ["frontalis"]
"""


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    return store(tmp_path)


def store(folder: Path, *, confirmed: bool = True, healthy: bool = False) -> Path:
    affected = None if healthy else Side.RIGHT
    wrong = {} if healthy else SMILE_TO_EYE
    model = wiring(wrong, side_confirmed=confirmed, source=SOURCE, affected_side=affected)
    path = folder / "wiring.json"
    model.write(path)
    return path


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command("plan")(plan)
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.slow
def test_a_plan_is_written_and_shown(stored: Path, tmp_path: Path) -> None:
    target = tmp_path / "plans.json"
    result = run(stored, "--json", target, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    document = json.loads(target.read_text("utf-8"))
    assert Plan.read(target).plain() == document
    assert json.loads((tmp_path / "out" / "plan.json").read_text("utf-8")) == document
    assert "not a prescription" in (tmp_path / "out" / "plan.html").read_text("utf-8")
    assert "SIMULATED" in result.output
    assert "not a prescription" in result.output.replace("\n", " ")
    assert "To ask" in result.output
    told = [result.output.index(words) for words in ("may harm", "C1: ", "weakening in %")]
    assert told == sorted(told)


def test_a_closure_that_was_not_recorded_is_no_zero_in_the_table(tmp_path: Path) -> None:
    blank = edge(Movement.EYE_CLOSE_GENTLE, MuscleGroup.MENTALIS, Side.RIGHT, 20.0).replaced(
        **dict.fromkeys(("percent", "percent_sd", "ci_low", "ci_high", "probability", "present")),
        distinguishable=False,
        reason="this movement was not recorded",
    )
    model = wiring(SMILE_TO_EYE, source=SOURCE)
    path = tmp_path / "wiring.json"
    model.replaced(edges=(*model.edges, blank)).write(path)
    shown = run(path, "--json", tmp_path / "plan.json").output
    assert "closure was not recorded" in " ".join(shown.split())


@pytest.mark.slow
def test_the_closure_gaps_come_with_the_wiring(tmp_path: Path) -> None:
    cell = closure_cell(Movement.EYE_CLOSE_GENTLE, Side.RIGHT, (2.0, 1.4, 2.6))
    result = simulate_patient(11).result.replaced(eye_closure=(cell,))
    model = infer_wiring([result], settings=Settings(20, 30, 15))
    path = tmp_path / "inferred.json"
    model.write(path)
    found = Plan.from_json(run(path, "--json", "-").output.encode())
    assert found.eye_closure == (cell,)


@pytest.mark.slow
def test_the_measurement_itself_may_be_given(tmp_path: Path) -> None:
    cell = closure_cell(Movement.EYE_CLOSE_GENTLE, Side.RIGHT, (2.0, 1.4, 2.6))
    result = simulate_patient(11).result.replaced(eye_closure=(cell,))
    result.write(tmp_path / "result.json")
    stored = Measurement.read(tmp_path / "result.json")
    infer_wiring([stored], settings=Settings(20, 30, 15)).write(tmp_path / "w.json")
    done = run(tmp_path / "w.json", "--result", tmp_path / "result.json", "--json", "-")
    assert Plan.from_json(done.output.encode()).eye_closure == (cell,)
    other = result.replaced(subject="another")
    other.write(tmp_path / "other.json")
    done = run(tmp_path / "w.json", "--result", tmp_path / "other.json", "--json", "-")
    assert "not one that this wiring was inferred from" in str(done.exception)


def test_facts_are_taken_from_the_file(stored: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text(FACTS, encoding="utf-8")
    result = run(stored, "--facts", facts, "--json", "-")
    document = json.loads(result.output)
    assert {c["answer"] for c in document["candidates"]} == {"barred"}
    assert len(document["preferences"]["excluded"]) == 2


def test_a_healthy_face_says_so(tmp_path: Path) -> None:
    result = run(store(tmp_path, healthy=True), "--json", tmp_path / "p.json")
    assert result.exit_code == 0
    assert "nothing to plan" in result.output


def test_unconfirmed_sides_are_refused(tmp_path: Path) -> None:
    result = run(store(tmp_path, confirmed=False), "--json", tmp_path / "p.json")
    assert isinstance(result.exception, UsageError)
    assert "Left and right are not confirmed" in str(result.exception)
    assert not (tmp_path / "p.json").exists()


def test_existing_output_is_refused(stored: Path, tmp_path: Path) -> None:
    result = run(stored, "--json", stored)
    assert isinstance(result.exception, OutputExistsError)


def test_there_must_be_somewhere_to_write_to(stored: Path) -> None:
    assert isinstance(run(stored).exception, UsageError)


@pytest.mark.parametrize(
    ("text", "message"),
    [("[facts", "cannot be read"), ("[doses]\n", "a part that is not known: doses")],
)
def test_a_wrong_facts_file_is_refused(
    stored: Path, tmp_path: Path, text: str, message: str
) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text(text, encoding="utf-8")
    result = run(stored, "--facts", facts, "--json", tmp_path / "p.json")
    assert message in str(result.exception)


def test_a_wrong_result_is_refused(stored: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "r.json"
    wrong.write_text("{}", encoding="utf-8")
    result = run(stored, "--result", wrong, "--json", tmp_path / "p.json")
    assert "is of another kind" in str(result.exception)
