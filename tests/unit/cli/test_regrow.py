"""`facewire regrow` from the user's side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from facewire.cli.regrow import regrow
from facewire.results.regrowth import Regrowth

app = typer.Typer()
app.command()(regrow)


def injury(
    folder: Path, text: str = 'side = "R"\nseverity = "crush"\nplace = "geniculate"\n'
) -> str:
    path = folder / "injury.toml"
    path.write_text(text)
    return str(path)


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.slow
def test_writes_the_file_and_the_page_and_says_what_they_are(tmp_path: Path) -> None:
    out = tmp_path / "new"
    single = tmp_path / "single.json"
    shown = run(injury(tmp_path), "--json", str(single), "--out", str(out), "--runs", "5")
    assert shown.exit_code == 0, shown.output
    assert Regrowth.read(single).plain() == json.loads((out / "regrowth.json").read_text())
    assert (out / "regrowth.html").is_file()
    assert "SIMULATED: 5 possible courses" in shown.output
    assert "not a forecast for one patient" in shown.output


def test_a_dash_prints_the_courses_alone(tmp_path: Path) -> None:
    shown = run(injury(tmp_path), "--json", "-", "--runs", "3")
    assert Regrowth.from_json(shown.stdout.encode()).runs == 3


def test_months_and_runs_are_obeyed(tmp_path: Path) -> None:
    out = tmp_path / "a.json"
    run(injury(tmp_path), "--json", str(out), "--runs", "3", "--months", "6")
    document = json.loads(out.read_text())
    assert (document["runs"], document["months"][-1]) == (3, 6)


def test_same_input_same_file(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        run(injury(tmp_path), "--json", str(tmp_path / name), "--runs", "3")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_never_over_a_file_that_is_there(tmp_path: Path) -> None:
    out = tmp_path / "a.json"
    out.write_text("mine")
    shown = run(injury(tmp_path), "--json", str(out))
    assert getattr(shown.exception, "exit_code", None) == 2
    assert out.read_text() == "mine"


def test_needs_somewhere_to_write(tmp_path: Path) -> None:
    assert "nowhere to write" in str(run(injury(tmp_path)).exception)


def test_a_wrong_injury_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    out = tmp_path / "a.json"
    shown = run(injury(tmp_path, 'side = "R"\nseverity = "bad"\n'), "--json", str(out))
    assert getattr(shown.exception, "exit_code", None) == 2
    assert not out.exists()


def test_impossible_numbers_are_refused(tmp_path: Path) -> None:
    shown = run(injury(tmp_path), "--json", str(tmp_path / "a.json"), "--runs", "0")
    assert "number of runs" in str(shown.exception)
