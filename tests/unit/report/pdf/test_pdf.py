"""The printed report: the same numbers as the page, two pages for the chart, nothing hidden."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import typst

from facewire.errors import OutputExistsError, UsageError
from facewire.grading import grade_measurement
from facewire.report import Clinical, PageView, Unmeasured, page_view, render_page
from facewire.report.pdf import ClinicSettings, Paper, build_pdf, write_pdf
from facewire.report.pdf.build import document_files
from facewire.results.measurement import Measurement
from unit.report.made_documents import (
    OWN,
    made_forecast,
    made_mesh,
    made_plan,
    made_wiring,
    typed_mesh,
)
from unit.report.made_result import Result, changed, measured, synkinetic_result
from unit.report.page_reading import read

MINUS = "\N{MINUS SIGN}"
NUMBER = re.compile(rf"[+{MINUS}]?\d+(?:\.\d+)?")
PAGES = (
    b"#context [#metadata((query(<full>).first().location().page(), "
    b"counter(page).final().first())) <pages>]"
)


def content_of(files: dict[str, bytes]) -> dict[str, Any]:
    """What the form is filled with."""
    found: dict[str, Any] = json.loads(files["data.json"])
    return found


def content(result: Result, folder: Path | None = None, **clinical: Any) -> dict[str, Any]:
    view = page_view(measured(result), folder, clinical=Clinical(**clinical))
    return content_of(document_files(view, ClinicSettings(), None))


def strings(value: Any) -> list[str]:
    """Every text of the content, file names left out."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [s for key, v in value.items() if key != "file" for s in strings(v)]
    return [s for v in value for s in strings(v)] if isinstance(value, list) else []


def where(result: Result, folder: Path | None) -> tuple[int, int]:
    """Page on which the full report starts, and the number of pages."""
    files = document_files(page_view(measured(result), folder), ClinicSettings(), None)
    form = files["main.typ"] + PAGES
    found = json.loads(typst.query(files | {"main.typ": form}, "<pages>", field="value", one=True))
    return found[0], found[1]


@pytest.mark.slow
def test_every_number_of_the_chart_is_on_the_page(stored: tuple[Measurement, Path]) -> None:
    result, folder = stored
    grades = grade_measurement(result)
    html = render_page(page_view(result, folder, clinical=Clinical(grades=grades)))
    page = read(html.replace("</td>", " </td>"))
    described = " ".join(value for _, name, value in page.attributes if name == "aria-label")
    on_page = set(NUMBER.findall(f"{page.words} {described}"))
    chart = strings(content(result, folder, grades=grades)["chart"])
    on_paper = {n for text in chart for n in NUMBER.findall(text)}
    assert on_paper
    assert on_paper - on_page == set()


@pytest.mark.slow
def test_values_with_their_unit_stand_on_the_page_as_on_paper(
    stored: tuple[Measurement, Path],
) -> None:
    result, folder = stored
    page = read(render_page(page_view(measured(result), folder))).words
    chart = strings(content(result, folder)["chart"])
    with_units = [t for text in chart for t in re.findall(rf"[+{MINUS}]?\d+\.\d mm", text)]
    assert len(with_units) > 20
    assert [t for t in with_units if t not in page] == []


@pytest.mark.slow
def test_the_full_report_says_what_the_page_says(stored: tuple[Measurement, Path]) -> None:
    """Every text of the printed report behind the chart is on the page, letter by letter."""
    result, folder = stored
    page = "".join(read(render_page(page_view(measured(result), folder))).words.split())
    printed = texts_of(content(result, folder)["full"])
    assert len(printed) > 300
    assert [text for text in printed if "".join(text.split()) not in page] == []


@pytest.mark.slow
def test_no_part_of_the_page_is_missing_on_paper(stored: tuple[Measurement, Path]) -> None:
    result, folder = stored
    page = render_page(page_view(measured(result), folder))
    titles = re.findall(r"<h[23][^>]*>([^<]+)<", page[page.index("<main>") :])
    printed = texts_of(content(result, folder)["full"])
    assert len(titles) > 15
    assert [t for t in titles if not any(t.strip() in text for text in printed)] == []


def texts_of(blocks: Any) -> list[str]:
    """The texts of blocks, whatever they are in."""
    if isinstance(blocks, str):
        return [blocks]
    if isinstance(blocks, list):
        if len(blocks) == 2 and isinstance(blocks[1], str) and set(blocks[1]) <= set("bcfn"):
            return [blocks[0]]
        return [t for one in blocks for t in texts_of(one)]
    parts = ("runs", "inner", "items", "rows", "heads", "cells", "caption")
    return [t for key in parts for t in texts_of(blocks.get(key, []))] if blocks else []


@pytest.mark.slow
def test_the_chart_has_two_pages(stored: tuple[Measurement, Path]) -> None:
    start, pages = where(*stored)
    assert start == 3
    assert pages > start


@pytest.mark.slow
def test_the_chart_has_two_pages_however_much_was_found(synkinetic: Result) -> None:
    full = copy.deepcopy(synkinetic)
    for row in full["synkinesis"]:
        told = {"present": True, "detected": True, "beyond_healthy": True}
        row.update(changed(row, change_mm=-12.3456, **told))
    full["limits"] = [text * 2 for text in full["limits"]]
    assert where(full, None)[0] == 3


def test_synthetic_and_unconfirmed_stand_at_the_head_of_every_page(synkinetic: Result) -> None:
    result = synkinetic | {"synthetic": True, "side_confirmed": False}
    banners = [name for name, _ in content(result)["chart"]["banners"]]
    assert banners == ["Synthetic patient", "Sides not confirmed: may be mirrored"]
    quiet = content(synkinetic | {"synthetic": False, "side_confirmed": True})
    assert quiet["chart"]["banners"] == []


@pytest.mark.slow
@pytest.mark.parametrize("paper", Paper)
def test_nothing_runs_off_the_page(
    stored: tuple[Measurement, Path], everything: PageView, paper: Paper
) -> None:
    """No ink in the outer 14 mm, left and right, on any page, even with names without end."""
    result, folder = stored
    long = page_view(result.replaced(subject="x" * 150), folder)
    for view in (long, everything):
        files = document_files(view, ClinicSettings("Clinic " * 30, ("street" * 30,)), paper)
        pages = typst.compile(files, ignore_system_fonts=True, format="png", ppi=36)
        for page in pages:
            grey = cv2.imdecode(np.frombuffer(page, np.uint8), cv2.IMREAD_GRAYSCALE)
            edge = round(14 / 25.4 * 36)
            assert (grey[:, :edge] > 200).all()
            assert (grey[:, -edge:] > 200).all()


@pytest.mark.slow
@pytest.mark.parametrize("debian_part", ["pdftotext"], indirect=True)
def test_marks_are_read_on_every_page(
    synkinetic: Result, tmp_path: Path, debian_part: Path
) -> None:
    result = synkinetic | {"synthetic": True, "side_confirmed": False}
    path = write_pdf(page_view(measured(result), None), tmp_path / "r.pdf")
    text = subprocess.run(
        [str(debian_part), "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = text.split("\f")[:-1]
    assert len(pages) >= 4
    for page in pages:
        assert "Synthetic patient" in page
        assert "Sides not confirmed" in page


@pytest.mark.slow
def test_it_is_tagged_with_language_and_title(synkinetic: Result) -> None:
    made = build_pdf(page_view(measured(synkinetic), None))
    assert made.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in made
    assert b"/Lang(en)" in made.replace(b" ", b"")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"Facial movement report" in made


@pytest.mark.slow
def test_the_same_input_gives_the_same_file(synkinetic: Result) -> None:
    view = page_view(measured(synkinetic), None)
    assert build_pdf(view) == build_pdf(view)


@pytest.mark.slow
@pytest.mark.parametrize(("paper", "width"), [(Paper.A4, b"595.27"), (Paper.LETTER, b"612")])
def test_paper(synkinetic: Result, paper: Paper, width: bytes) -> None:
    made = build_pdf(page_view(measured(synkinetic), None), paper=paper)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+)", made)
    assert boxes
    assert all(box.startswith(width) for box in boxes)


@pytest.fixture(scope="module")
def everything() -> PageView:
    """A report with wiring, forecast, plan and the moving face."""
    result = synkinetic_result()
    result["provenance"]["source"]["sha256"] = OWN
    made = (made_wiring(), made_forecast(), made_plan(), typed_mesh(made_mesh()))
    return page_view(measured(result), None, Unmeasured(*made, released=True))


@pytest.mark.slow
def test_what_is_not_measured_is_printed_and_named_so(everything: PageView) -> None:
    printed = content_of(document_files(everything, ClinicSettings(), None))["full"]
    sources = [block["source"] for block in printed if block["kind"] == "section"]
    assert sources.count("inferred") == 1
    assert sources.count("simulated") == 2
    assert build_pdf(everything).startswith(b"%PDF")


def test_folded_parts_of_simulations_stay_folded_as_in_the_printed_page(
    everything: PageView,
) -> None:
    printed = content_of(document_files(everything, ClinicSettings(), None))["full"]
    told = " ".join(texts_of(printed))
    assert "Every safety answer" in told
    assert "Hypersensitivity to the product" not in told


def test_drawings_stand_alone(everything: PageView) -> None:
    files = document_files(everything, ClinicSettings(), None)
    drawings = [text for name, text in files.items() if name.endswith(".svg")]
    assert len(drawings) > 10
    for drawing in drawings:
        assert b"var(" not in drawing
        assert b"color-mix" not in drawing
        names = set(re.findall(rb'id="([^"]+)"', drawing))
        used = re.findall(rb'href="#([^"]+)"|url\(#([^)]+)\)', drawing)
        assert {one or other for one, other in used} <= names


def test_grades_have_blanks_for_the_clinician(synkinetic: Result) -> None:
    rows = content(synkinetic)["chart"]["grades"]["rows"]
    assert [row[0][0] for row in rows if "House-Brackmann" in row[0][0]]
    assert all(row[2] == [""] for row in rows)


def test_names_as_long_as_the_page_are_broken_or_cut(synkinetic: Result) -> None:
    made = content(synkinetic | {"subject": "x" * 200})
    assert len(made["running"]) < 80
    assert ["Subject", "x" * 200] in made["chart"]["facts"]


@pytest.mark.slow
def test_typst_markup_in_a_name_stays_text(synkinetic: Result) -> None:
    build_pdf(page_view(measured(synkinetic | {"subject": '#panic("x") $ *a* @b <c> \\'}), None))


def test_without_typst_it_is_said(synkinetic: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError, match="Typst is not installed"):
        build_pdf(page_view(measured(synkinetic), None))


@pytest.mark.slow
def test_a_broken_logo_is_an_error(synkinetic: Result) -> None:
    clinic = ClinicSettings("Clinic", (), b"<svg", "svg")
    with pytest.raises(UsageError, match="logo"):
        build_pdf(page_view(measured(synkinetic), None), clinic)


def test_never_over_a_file_that_is_there(synkinetic: Result, tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    path.write_text("mine")
    with pytest.raises(OutputExistsError, match="is there already"):
        write_pdf(page_view(measured(synkinetic), None), path)
    assert path.read_text() == "mine"


@pytest.mark.skipif(shutil.which("strace") is None, reason="missing part: Debian's strace")
def test_nothing_is_fetched(synkinetic: Result, tmp_path: Path) -> None:
    """No socket is opened while the report is set."""
    source = tmp_path / "r.json"
    source.write_text(json.dumps(synkinetic))
    code = (
        "from pathlib import Path; from facewire.report import page_view;"
        "from facewire.results.measurement import Measurement;"
        "from facewire.report.pdf import write_pdf;"
        f"write_pdf(page_view(Measurement.read(Path({str(source)!r})), None),"
        f"Path({str(tmp_path / 'r.pdf')!r}))"
    )
    traced = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=connect", sys.executable, "-c", code],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert [line for line in traced.stderr.splitlines() if "AF_INET" in line] == []
