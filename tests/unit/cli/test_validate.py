"""`facewire validate` from the user's side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from example_result import example_result
from facewire.cli.app import app
from facewire.results.validation import Validation

HEAD = "result,patient,rater,item,grade"


def study(folder: Path, people: int = 4) -> Path:
    lines = [HEAD]
    for i in range(people):
        result = example_result()
        for row in result["voluntary"]:
            row.update(excursion_mm=float(i), ci_low=i - 0.2, ci_high=i + 0.2)
        (folder / f"r{i}.json").write_text(json.dumps(result))
        item = "excursion:smile_open:commissure:R"
        lines += [f"r{i},P{i},{rater},{item},{i + 0.1}" for rater in "AB"]
        lines += [f"r{i},P{i},A,synkinesis:smile_open,{i % 3}"]
    table = folder / "grades.csv"
    table.write_text("\n".join(lines))
    return table


@pytest.mark.slow
def test_writes_figures_and_page(tmp_path: Path) -> None:
    table, out = study(tmp_path), tmp_path / "out"
    shown = CliRunner().invoke(app, ["validate", str(table), str(tmp_path), "--out", str(out)])
    assert shown.exit_code == 0, shown.output
    document = json.loads((out / "validation.json").read_text())
    Validation.from_json(json.dumps(document).encode())
    limits = document["studies"][0]["limits"]
    assert abs(limits["bias"] + 0.1) < 1e-9  # the raters said 0.1 mm more, every time
    page = (out / "validation.html").read_text()
    assert "Bland-Altman" in page
    assert "http" not in page.replace("http-equiv", "")


def test_keeps_what_is_there(tmp_path: Path) -> None:
    table = study(tmp_path)
    (tmp_path / "validation.html").write_text("mine")
    shown = CliRunner().invoke(app, ["validate", str(table), str(tmp_path), "--out", str(tmp_path)])
    assert getattr(shown.exception, "exit_code", None) == 2
    assert (tmp_path / "validation.html").read_text() == "mine"


def test_names_a_measurement_that_is_missing(tmp_path: Path) -> None:
    table = study(tmp_path)
    (tmp_path / "r2.json").unlink()
    shown = CliRunner().invoke(
        app, ["validate", str(table), str(tmp_path), "--out", str(tmp_path / "out")]
    )
    assert "no measurement r2" in str(shown.exception)


@pytest.mark.slow
def test_replaces_figures_and_page_when_told_to(tmp_path: Path) -> None:
    table, out = study(tmp_path), tmp_path / "out"
    asked = ["validate", str(table), str(tmp_path), "--out", str(out)]
    assert CliRunner().invoke(app, asked).exit_code == 0
    (out / "validation.html").write_text("old")
    again = CliRunner().invoke(app, [*asked, "--overwrite"])
    assert again.exit_code == 0, again.output
    assert "Bland-Altman" in (out / "validation.html").read_text()
