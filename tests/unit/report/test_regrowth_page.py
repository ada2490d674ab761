"""The page of a simulated regrowth: marked, self-contained, and true to its document."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from facewire.errors import OutputExistsError
from facewire.regrowth import summarise
from facewire.report import write_page
from facewire.report.regrowth_page import build_regrowth_page
from unit.regrowth.made_injuries import CRUSH, NEURAPRAXIA, NONE, OPEN_CUT, ZYGOMATIC, courses
from unit.report.page_reading import read

MARK = "Simulation for teaching; not a forecast for one patient."


@pytest.fixture(scope="module")
def document():
    return summarise(courses(CRUSH), "a severe palsy")


@pytest.fixture(scope="module")
def page(document):
    return build_regrowth_page(document)


def test_says_at_the_top_and_the_bottom_what_it_is(page):
    words = read(page).words
    assert words.count(MARK) >= 2
    assert words.index(MARK) < words.index("Which command reaches which muscle")
    assert "Nothing here was measured" in words


def test_refers_to_nothing_outside(page):
    reader = read(page)
    links = [v for _, name, v in reader.attributes if name in ("href", "src", "srcset", "action")]
    assert links == []
    assert not {"link", "iframe", "object", "embed", "form", "base"} & set(reader.tags)
    assert not re.search(r"https?:|//\w|@import|url\((?!#)|fetch\(|XMLHttp|import\(", page)


def test_lets_only_its_own_script_run(page):
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    policy = next(v for _, _, v in read(page).attributes if "default-src" in v)
    assert len(scripts) == 1
    assert f"default-src 'none'; script-src 'sha256-{digest}'" in policy


def test_the_script_reads_the_documents_own_numbers(document, page):
    data = json.loads(re.search(r'id="courses">(.*?)</script>', page, re.S)[1])
    drive = document.drive_percent.median
    assert len(data["drive"]) == len(document.months)
    assert data["drive"][24][0][0] == round(drive[24][0][0])
    assert data["patterns"][0][24] == round(document.patterns[0].visible_percent_of_runs[24])


def test_without_scripts_it_shows_the_last_month(document, page):
    shown = read(page).words
    assert "Month 24" in shown
    force = document.face_courses.force_percent.median[24]
    assert f"{force:.0f} %" in shown


def test_escapes_what_others_wrote(document):
    page = build_regrowth_page(document.replaced(name="</script><script>alert(1)</script>"))
    assert "<script>alert" not in page


def test_every_picture_has_words(page):
    for tag in re.findall(r"<svg[^>]*>", page):
        assert "aria-label=" in tag or 'aria-hidden="true"' in tag


@pytest.mark.parametrize("injury", [NONE, NEURAPRAXIA, OPEN_CUT, ZYGOMATIC])
def test_every_injury_has_a_page(injury):
    assert MARK in read(build_regrowth_page(summarise(courses(injury)))).words


def test_published_ranges_stand_beside_severe_palsies_only():
    assert "VanderWerf" in build_regrowth_page(summarise(courses(CRUSH)))
    assert "VanderWerf" not in build_regrowth_page(summarise(courses(NEURAPRAXIA)))


def test_right_and_wrong_differ_by_more_than_colour(page):
    assert re.search(r"\.wire\.wrong \{[^}]*stroke-dasharray", page)


def test_keeps_a_page_that_is_there(document, tmp_path):
    path = write_page(tmp_path / "new" / "regrowth.html", build_regrowth_page(document))
    with pytest.raises(OutputExistsError, match="--overwrite"):
        write_page(path, build_regrowth_page(document))


def test_published_patterns_stand_beside_the_injury_they_are_about():
    assert "Beurskens" in read(build_regrowth_page(summarise(courses(CRUSH)))).words
    words = read(build_regrowth_page(summarise(courses(ZYGOMATIC)))).words
    assert "Green mark" not in words


def test_what_was_never_lost_is_said_so():
    words = read(build_regrowth_page(summarise(courses(ZYGOMATIC)))).words
    assert "first visible movement: from the start" in words
