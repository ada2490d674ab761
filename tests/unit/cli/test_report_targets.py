"""`facewire report` on paper, with grades and a comparison; `facewire compare` with a course."""

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


def run(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def result_file(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(example_result()))
    return path


@pytest.mark.slow
def test_writes_page_and_paper(result_file: Path, tmp_path: Path) -> None:
    clinic = tmp_path / "clinic.toml"
    clinic.write_text('[clinic]\nname = "Example clinic"\npaper = "letter"\n')
    pdf, html = tmp_path / "r.pdf", tmp_path / "r.html"
    shown = run(
        "report", result_file, "--pdf", pdf, "--html", html, "--settings", clinic, "--json", "-"
    )
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout) == {"pdf": str(pdf), "report": str(html)}
    assert pdf.read_bytes().startswith(b"%PDF")
    assert "Facial movement report" in html.read_text()


def test_needs_a_target(result_file: Path) -> None:
    shown = run("report", result_file)
    assert "nothing to write" in str(shown.exception)


def test_a_letterhead_needs_paper(result_file: Path, tmp_path: Path) -> None:
    shown = run("report", result_file, "--html", tmp_path / "r.html", "--paper", "a4")
    assert "for the printed report" in str(shown.exception)


def test_never_over_a_printed_report(result_file: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "r.pdf"
    pdf.write_text("mine")
    shown = run("report", result_file, "--pdf", pdf)
    assert "--overwrite" in str(shown.exception)
    assert pdf.read_text() == "mine"


@pytest.mark.slow
def test_grades_and_comparison_join_the_page(result_file: Path, tmp_path: Path) -> None:
    grades, comparison, html = tmp_path / "g.json", tmp_path / "c.json", tmp_path / "r.html"
    assert run("grade", result_file, "--json", grades).exit_code == 0
    assert run("compare", result_file, result_file, "--json", comparison).exit_code == 0
    shown = run("report", result_file, "--html", html, "--grades", grades, "--compare", comparison)
    assert shown.exit_code == 0, shown.output
    page = html.read_text()
    assert "Clinical scales" in page
    assert "No difference is larger than what measuring again gives." in page


@pytest.mark.parametrize(("option", "name"), [("--grades", "grades"), ("--compare", "comparison")])
def test_documents_of_another_person_are_refused(
    result_file: Path, tmp_path: Path, option: str, name: str
) -> None:
    made = tmp_path / "made.json"
    command = ["grade", result_file] if name == "grades" else ["compare", *[result_file] * 2]
    assert run(*command, "--json", made).exit_code == 0
    other = tmp_path / "b.json"
    other.write_text(json.dumps(deepcopy(example_result()) | {"subject": "P018"}))
    shown = run("report", other, "--html", tmp_path / "r.html", option, made)
    assert "another person" in str(shown.exception)


def test_grades_of_another_recording_are_refused(result_file: Path, tmp_path: Path) -> None:
    """Also where nobody is named: two people without a pseudonym look alike otherwise."""
    values, html = json.loads(result_file.read_text()), tmp_path / "r.html"
    for name, hashed in (("a", "1" * 64), ("b", "2" * 64)):
        values["provenance"]["source"]["sha256"] = hashed
        (tmp_path / f"{name}.json").write_text(json.dumps(values | {"subject": None}))
    grades = tmp_path / "g.json"
    assert run("grade", tmp_path / "a.json", "--json", grades).exit_code == 0
    shown = run("report", tmp_path / "b.json", "--html", html, "--grades", grades)
    assert "another recording" in str(shown.exception)
    assert not html.exists()
    assert run("report", tmp_path / "a.json", "--html", html, "--grades", grades).exit_code == 0


def course(folder: Path, count: int = 3) -> Path:
    text = "".join(
        f'[[visit]]\nfile = "a.json"\ndate = 2026-0{i}-01\n' for i in range(1, count + 1)
    )
    path = folder / "course.toml"
    path.write_text(text)
    return path


@pytest.mark.slow
def test_compare_follows_a_course(result_file: Path, tmp_path: Path) -> None:
    out, html = tmp_path / "c.json", tmp_path / "c.html"
    shown = run(
        "compare", "--course", course(result_file.parent), "--json", out, "--html", html,
        "--outcome", "smile_open:eye",
    )  # fmt: skip
    assert shown.exit_code == 0, shown.output
    document: dict[str, Any] = json.loads(out.read_text())
    Comparison.from_json(json.dumps(document).encode())
    trends = [t for one in document["course"]["outcomes"] for t in one["trends"]]
    assert trends
    assert not any(trend["beyond_sdc"] for trend in trends)
    assert "The course over the visits" in html.read_text()


def test_visits_are_named_once(result_file: Path) -> None:
    shown = run("compare", result_file, "--course", course(result_file.parent))
    assert "twice or not at all" in str(shown.exception)
    assert "twice or not at all" in str(run("compare").exception)


def test_a_forecast_needs_a_course(result_file: Path) -> None:
    shown = run("compare", result_file, result_file, "--forecast", result_file)
    assert "laid under a course" in str(shown.exception)
