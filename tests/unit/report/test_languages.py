"""Every text for people goes through the catalogue; English needs none."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import texts
from facewire.errors import UsageError
from facewire.grading import grade_measurement
from facewire.regrowth import summarise
from facewire.report import (
    Clinical,
    Unmeasured,
    comparison_page,
    page_view,
    validation_page,
)
from facewire.report.pdf import ClinicSettings
from facewire.report.pdf.build import document_files
from facewire.report.regrowth_page import build_regrowth_page
from facewire.report.unmeasured import document_page
from facewire.results.measurement import Measurement
from facewire.words import languages, sentence, translate
from facewire.words.languages import available_languages, language, use_language
from unit.regrowth.made_injuries import CRUSH, courses
from unit.report.made_documents import made_forecast, made_mesh, made_plan, made_wiring, typed_mesh
from unit.report.made_result import Result, measured
from unit.report.page_reading import build_report
from unit.report.pseudo_language import Pseudo, outside, texts_of
from unit.report.test_clinical import followed
from unit.validation.test_study import validated

PUBLISHED = ("source", "citation", "product")
"""Fields that name a publication or a product, in the language of its title."""
FILLED_IN = ("found", "evidence")
"""Fields with the numbers of one patient; these sentences stay as the document carries them."""
FILLED_IN_WARNINGS = ("printed doses are per site", "rests on numbers")
TITLE = "What works"

UNITS = r"facewire\.\w+/\d|facewire|mm|ms|px|s|SHA|[0-9a-f]{20,}|v\d"


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_load", lambda _name, _own: Pseudo())


def data_of(*documents: Any) -> re.Pattern[str]:
    """What a recording and its machine are called, and units: no words of ours."""
    names: set[str] = set()

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            for entry in value.values():
                gather(entry)
        elif isinstance(value, list):
            for entry in value:
                gather(entry)
        elif isinstance(value, str) and value:
            names.add(re.escape(value))

    for document in documents:
        gather(document)
    own = "|".join(sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{own + '|' if own else ''}{UNITS})(?![^\W\d_])")


def under(names: tuple[str, ...], value: Any) -> Iterator[str]:
    """Yield the texts of a document that stand under some names."""
    if isinstance(value, list):
        for entry in value:
            yield from under(names, entry)
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from strings(entry) if name in names else under(names, entry)


def published(value: Any) -> Iterator[str]:
    """Yield sources of rows that were seen in them; other rows say in words why they are so."""
    if isinstance(value, list):
        for entry in value:
            yield from published(entry)
    elif isinstance(value, dict):
        seen = value.get("status", "seen") == "seen"
        for name, entry in value.items():
            if name not in PUBLISHED:
                yield from published(entry)
            elif seen:
                yield from strings(entry)


def filled_in(document: dict[str, Any]) -> list[str]:
    """Sentences with numbers in them, as a page writes them: English in every language."""
    found = [one.replace("_", " ") for one in under(FILLED_IN, document)]
    found += [row["why"] for row in document.get("candidates", ())]
    warnings = [w for w in document.get("warnings", ()) if any(f in w for f in FILLED_IN_WARNINGS)]
    found += [one for text in warnings for one in (text, text.partition(": ")[2])]
    return found + [sentence(one) for one in found]


def identity(result: Result) -> re.Pattern[str]:
    made = {k: v for k, v in result["provenance"].items() if k != "steps"}
    return data_of(made, result["files"], result["subject"] or "")


@pytest.mark.slow
@pytest.mark.usefixtures("pseudo")
def test_the_report_has_no_text_outside_the_catalogue(stored: tuple[Measurement, Path]) -> None:
    result, folder = stored
    page = build_report(result, folder, clinical=Clinical(grades=grade_measurement(result)))
    assert list(outside(texts_of(page), identity(result.plain()))) == []


@pytest.mark.slow
@pytest.mark.usefixtures("pseudo")
def test_the_printed_report_has_none(stored: tuple[Measurement, Path]) -> None:
    result, folder = stored
    files = document_files(page_view(result, folder), ClinicSettings(), None)
    content = json.loads(files["data.json"])
    printed = [*strings(content["chart"]), *content["words"].values(), content["title"]]
    assert list(outside([*printed, content["foot"]], identity(result.plain()))) == []


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from strings(entry)


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("name", ["wiring", "forecast", "plan"])
def test_what_is_not_measured_has_none(name: str) -> None:
    made = {"wiring": made_wiring, "forecast": made_forecast, "plan": made_plan}[name]()
    mesh = typed_mesh(made_mesh()) if name == "forecast" else None
    documents = Unmeasured(**{name: made}, mesh=mesh, released=True)
    page = document_page(documents)
    plain = made.plain()
    names = data_of(made.facewire, list(published(plain)), filled_in(plain))
    assert list(outside(texts_of(page), names)) == []


@pytest.mark.slow
@pytest.mark.usefixtures("pseudo")
def test_a_comparison_has_none() -> None:
    found = followed()
    page = comparison_page(found)
    names = data_of(found.subject, list(found.visits))
    assert list(outside(texts_of(page), names)) == []


@pytest.mark.usefixtures("pseudo")
def test_a_text_outside_is_found() -> None:
    page = f"<p>{translate(TITLE)}: <b>not this</b> 3 mm</p>"
    assert list(outside(texts_of(page), data_of())) == ["'not' in 'not this'"]


def write_catalogue(folder: Path, name: str, pairs: dict[str, str]) -> None:
    """Write a compiled catalogue, as GNU msgfmt does."""
    entries = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **pairs}.items())
    keys = [k.encode() for k, _ in entries]
    values = [v.encode() for _, v in entries]
    start = 28 + 16 * len(entries)
    table, data = b"", b""
    for group in (keys, values):
        for text in group:
            table += struct.pack("<II", len(text), start + len(data))
            data += text + b"\0"
    place = folder / name / "LC_MESSAGES"
    place.mkdir(parents=True)
    head = struct.pack("<7I", 0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, 0)
    (place / "facewire.mo").write_bytes(head + table + data)


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_catalogue(tmp_path, "de", {"What works": "Was gelingt", "cannot tell": "unklar"})
    monkeypatch.setenv("FACEWIRE_CATALOGUES", str(tmp_path))


@pytest.mark.usefixtures("german")
def test_the_variable_chooses_a_catalogue(
    synkinetic: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACEWIRE_LANGUAGE", "de")
    page = build_report(measured(synkinetic), None)
    assert '<html lang="de">' in page
    assert "Was gelingt" in page
    assert "What works" not in page
    assert language() == "de"


@pytest.mark.usefixtures("german")
def test_a_choice_wins_over_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEWIRE_LANGUAGE", "de")
    use_language("en")
    try:
        assert translate("What works") == "What works"
    finally:
        languages._chosen.set(None)


@pytest.mark.usefixtures("german")
def test_a_language_without_catalogue_is_refused() -> None:
    assert available_languages() == ("en", "de")
    with pytest.raises(UsageError, match=r"no catalogue of the language fr.*Expected: en, de"):
        use_language("fr")


def test_english_is_complete_without_a_catalogue(synkinetic: Result) -> None:
    assert language() == "en"
    assert '<html lang="en">' in build_report(measured(synkinetic), None)


@pytest.mark.slow
def test_the_template_for_translators_has_the_texts(tmp_path: Path) -> None:
    found = texts.gather()
    assert {"What works", "cannot tell", "raise your brows", "Clinician's grade"} <= set(found)
    texts.main(str(tmp_path / "facewire.pot"))
    written = (tmp_path / "facewire.pot").read_text("utf-8")
    assert written.count("\nmsgid ") == len(found)
    assert json.dumps("“Cannot tell” is not “no”.", ensure_ascii=False)[1:-1] in written


def test_regrowth_page_is_made_of_marked_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    document = summarise(courses(CRUSH), "a severe palsy")
    monkeypatch.setattr(languages, "_load", lambda _name, _own: Pseudo())
    names = data_of("a severe palsy", list(published(document.plain())))
    found = list(outside(texts_of(build_regrowth_page(document)), names))
    assert found == []


@pytest.mark.slow
@pytest.mark.usefixtures("pseudo")
def test_a_validation_has_none(tmp_path: Path) -> None:
    found = validated(tmp_path).replaced(synthetic=True)
    names = data_of([line.source for line in found.context], found.facewire)
    own = re.compile(f"{names.pattern}|dark|light")
    assert list(outside(texts_of(validation_page(found)), own)) == []
