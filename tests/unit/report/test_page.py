"""The page as a whole: what it shows, what it leaves out, what it refuses."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
import time

import pytest

from facewire.errors import OutputExistsError, StorageError
from facewire.findings import complete, cover
from facewire.report import Clinical, PageView, page_view, render_page, write_page
from unit.report.made_result import measured
from unit.report.page_reading import build_report, part, read
from unit.report.test_phantom_page import checked

PARTS = ("patient", "professional", "map", "traces", "photos", "quality", "provenance")


def test_has_every_part_in_order(healthy):
    found = re.findall(r'<section [^>]*id="(\w+)"', build_report(measured(healthy), None))
    assert tuple(found) == PARTS


def test_template_uses_only_the_documented_view(healthy):
    assert {field.name for field in dataclasses.fields(PageView)} == set(
        vars(page_view(measured(healthy), None))
    )


def test_views_are_documented_and_frozen(healthy):
    views = vars(page_view(measured(healthy), None))
    assert views.pop("result") == complete(measured(healthy))
    assert views.pop("date") == ""
    assert "not known" in views.pop("room")
    for value in views.values():
        assert dataclasses.is_dataclass(value)
        assert value.__dataclass_params__.frozen
        assert type(value).__doc__


def test_refers_to_nothing_outside(stored_page):
    reader = read(stored_page)
    links = [v for _, name, v in reader.attributes if name in ("href", "src", "srcset", "action")]
    assert all(link.startswith(("#", "data:image/jpeg;base64,")) for link in links)
    assert not {"script", "link", "iframe", "object", "embed", "form", "base"} & set(reader.tags)


def test_names_no_address_at_all(stored_page):
    assert not re.search(r"https?:|//\w|@import|url\((?!#)", stored_page)


def test_forbids_everything_but_inline_style_and_data_pictures(healthy):
    reader = read(build_report(measured(healthy), None))
    policy = next(v for tag, name, v in reader.attributes if "default-src" in v)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")


def test_names_every_id_once_and_links_only_to_them(stored_page):
    reader = read(stored_page)
    ids = [value for _, name, value in reader.attributes if name == "id"]
    links = {v[1:] for _, name, v in reader.attributes if name == "href" and v[0] == "#"}
    assert len(ids) == len(set(ids))
    assert links <= set(ids)


def test_pictures_have_words_or_are_hidden_from_readers(stored_page):
    page = stored_page
    for tag in re.findall(r"<svg[^>]*>", page):
        assert "aria-label=" in tag or 'aria-hidden="true"' in tag


def test_escapes_what_others_wrote(healthy):
    healthy["subject"] = "<script>alert(1)</script>"
    healthy["limits"] = ["<img src=x>"]
    page = build_report(measured(healthy), None)
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_unconfirmed_side_is_told_with_what_to_do(synkinetic):
    synkinetic["side_confirmed"] = False
    page = build_report(measured(synkinetic), None)
    assert "Sides not confirmed: may be mirrored" in read(page).words
    assert "--mirrored no" in page
    assert all("Sides not confirmed" in part(page, name) for name in PARTS)


def test_confirmed_side_has_no_banner(synkinetic):
    assert "Sides not confirmed" not in build_report(measured(synkinetic), None)


def test_how_small_a_change_its_room_shows_is_said_or_that_it_is_not_known(healthy):
    assert "is not known" in read(build_report(measured(healthy), None)).words
    page = read(build_report(measured(healthy), None, clinical=Clinical(room=checked(0.9)))).words
    assert "Smallest change found with a probability of 80 %. Eye: 0.9 mm." in page
    assert "is not known" not in page


def test_synthetic_patient_is_told_in_every_part(healthy):
    healthy["synthetic"] = True
    page = build_report(measured(healthy), None)
    assert all("Synthetic patient" in part(page, name) for name in PARTS)


def test_a_person_is_not_called_synthetic(healthy):
    assert "Synthetic patient" not in build_report(measured(healthy), None)


def test_says_that_it_does_not_diagnose(healthy):
    words = read(build_report(measured(healthy), None)).words
    assert "does not diagnose" in words
    assert "not a cleared medical device" in words


def test_invents_no_date(healthy):
    view = page_view(measured(healthy), None)
    assert view.date == ""
    dated = dataclasses.replace(view, date="2024-05-06")
    assert "2024-05-06" in render_page(dated)


def test_is_the_same_when_built_again(stored, stored_page):
    assert build_report(*stored) == stored_page


def test_without_a_folder_says_what_is_left_out(synkinetic):
    page = build_report(measured(synkinetic), None)
    assert "left out: the report was made from the result file alone" in part(page, "traces")
    assert "left out: the report was made from the result file alone" in part(page, "photos")


def test_builds_in_time(stored, stored_page):
    start = time.process_time()
    build_report(*stored)
    assert time.process_time() - start < 3


def test_writes_nothing_into_the_home_folder(stored, tmp_path):
    result, folder = stored
    (tmp_path / "result.json").write_bytes(result.to_json())
    home = tmp_path / "home"
    home.mkdir()
    code = (
        "import pathlib, sys; from facewire.report import page_view, render_page;"
        "from facewire.results.measurement import Measurement;"
        "result = Measurement.read(pathlib.Path(sys.argv[1]));"
        "render_page(page_view(result, pathlib.Path(sys.argv[2])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "result.json"), str(folder)]
    subprocess.run(command, check=True, env={"HOME": str(home), "PATH": ""}, cwd=tmp_path)
    assert list(home.rglob("*")) == []


def test_stays_small(stored_page):
    assert len(stored_page) < 4e6


def test_writes_a_file(healthy, tmp_path):
    path = write_page(tmp_path / "out" / "report.html", build_report(measured(healthy), None))
    assert path.read_text(encoding="utf-8") == build_report(measured(healthy), None)
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]


def test_keeps_a_report_that_is_there(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("mine")
    with pytest.raises(OutputExistsError, match="--overwrite"):
        write_page(path, "again")
    assert path.read_text() == "mine"


def test_overwrites_when_asked(healthy, tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old")
    write_page(path, build_report(measured(healthy), None), overwrite=True)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_tells_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        write_page(tmp_path / "file" / "report.html", "page")


def test_opens_with_what_could_be_used(healthy):
    """A recording in which every repetition was dropped says so before any side or finding."""
    result = complete(measured(healthy))
    rows = [r.replaced(kept=False, reason="no movement seen") for r in result.repetitions]
    lost = result.replaced(coverage=cover(rows, result.synkinesis))
    page = build_report(lost, None)
    said = f"0 of {len(rows)} repetitions could be used"
    assert len(rows) > 0
    assert 0 < page.index(said) < page.index("Affected side")
    assert "the recording does not tell which side is affected" in page


def test_a_file_that_does_not_say_its_coverage_has_no_such_line(healthy):
    assert "What was seen" not in build_report(measured(healthy).replaced(coverage=None), None)
