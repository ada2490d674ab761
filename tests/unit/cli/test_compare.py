"""`facewire compare` from the user's side."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from example_result import example_result
from facewire.cli.app import app
from facewire.results.comparison import Comparison


def write(folder: Path, name: str, **change: Any) -> str:
    document = deepcopy(example_result()) | change
    path = folder / name
    path.write_text(json.dumps(document))
    return str(path)


def test_writes_the_comparison_and_shows_it(tmp_path: Path) -> None:
    one, two = write(tmp_path, "a.json"), write(tmp_path, "b.json")
    out = tmp_path / "new" / "c.json"
    shown = CliRunner().invoke(app, ["compare", one, two, "--json", str(out)])
    assert shown.exit_code == 0, shown.output
    document = json.loads(out.read_text())
    Comparison.from_json(json.dumps(document).encode())
    assert document["visits"] == ["a", "b"]
    assert document["subject"] == "P017"
    assert not any(row["beyond_sdc"] for row in document["changes"])
    assert "Provisional" in shown.output


def test_a_dash_prints_the_comparison_alone(tmp_path: Path) -> None:
    one = write(tmp_path, "a.json")
    shown = CliRunner().invoke(app, ["compare", one, one, "--json", "-"])
    assert Comparison.from_json(shown.stdout.encode()).visits == ("a", "a")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_never_over_a_comparison_that_is_there(tmp_path: Path) -> None:
    one, out = write(tmp_path, "a.json"), tmp_path / "c.json"
    out.write_text("mine")
    shown = CliRunner().invoke(app, ["compare", one, one, "--json", str(out)])
    assert getattr(shown.exception, "exit_code", None) == 2
    assert out.read_text() == "mine"


def test_refuses_different_people(tmp_path: Path) -> None:
    one, two = write(tmp_path, "a.json"), write(tmp_path, "b.json", subject="P018")
    shown = CliRunner().invoke(app, ["compare", one, two])
    assert "P017, P018" in str(shown.exception)


def test_refuses_an_outcome_that_does_not_exist(tmp_path: Path) -> None:
    one = write(tmp_path, "a.json")
    shown = CliRunner().invoke(app, ["compare", one, one, "--outcome", "grin:eye"])
    assert "The outcome is not known" in str(shown.exception)


@pytest.mark.slow
def test_own_repeated_recordings_replace_the_floors(tmp_path: Path) -> None:
    one = write(tmp_path, "a.json")
    table = tmp_path / "pairs.csv"
    table.write_text("first,second\n" + "a.json,a.json\n" * 29)
    few = CliRunner().invoke(app, ["compare", one, one, "--retest", str(table)])
    assert "Too few people" in str(few.exception)
    table.write_text("one,two\na.json,a.json\n")
    wrong = CliRunner().invoke(app, ["compare", one, one, "--retest", str(table)])
    assert "columns first and second" in str(wrong.exception)
    table.write_bytes(b"first,second\n\xe4,b\n")
    latin = CliRunner().invoke(app, ["compare", one, one, "--retest", str(table)])
    assert "CSV in UTF-8" in str(latin.exception)
