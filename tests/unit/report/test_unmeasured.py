"""Wiring, forecast and options on a page: never to be taken for measured."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from facewire.errors import OutputExistsError, UsageError
from facewire.face import Movement
from facewire.face.muscles import MuscleGroup
from facewire.findings import complete
from facewire.grading import grade_measurement
from facewire.plan import make_plan
from facewire.report import (
    Clinical,
    Unmeasured,
    forecast_words,
    page_view,
    plan_words,
    wiring_words,
    write_page,
)
from facewire.report.forecast_courses import courses
from facewire.report.trade_chart import trade_charts
from facewire.report.unmeasured import document_page
from facewire.results.plan import Objective
from facewire.results.safety import Answer
from planning_face import SMILE_TO_EYE, stated, wiring
from unit.report.made_documents import (
    OWN,
    made_forecast,
    made_mesh,
    made_plan,
    made_wiring,
    source,
    typed_mesh,
)
from unit.report.made_result import measured
from unit.report.page_reading import build_report, part, read, row

JUDGING = re.compile(r"\b(severe|abnormal|grade|house|bad|failed)\b", re.I)


@pytest.fixture(scope="module")
def everything():
    return Unmeasured(
        wiring=made_wiring(),
        forecast=made_forecast(),
        plan=made_plan(),
        mesh=typed_mesh(made_mesh()),
        released=True,
    )


@pytest.fixture(scope="module")
def page(everything):
    return document_page(everything)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wiring", "Inferred, not measured"),
        ("forecast", "Simulated, not measured"),
        ("plan", "Simulated, for discussion: not a prescription"),
    ],
)
def test_every_section_opens_by_saying_what_it_is(page, name, words):
    assert part(page, name).strip().startswith(words)


def test_the_moving_face_says_which_side_is_which(page):
    forecast = part(page, "forecast")
    assert "Measured" in forecast
    assert forecast.count("Simulated, not measured") >= 2


def test_refers_to_nothing_outside(page):
    reader = read(page)
    links = [v for _, name, v in reader.attributes if name in ("href", "src", "srcset", "action")]
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"https?:(?!//www\.w3\.org/2000/svg)|@import|url\((?!#)", page)


def test_only_the_page_s_own_script_may_run(page):
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert len(scripts) == 1
    policy = next(v for _, name, v in read(page).attributes if "default-src" in v)
    assert f"script-src 'sha256-{digest}';" in policy


def test_a_page_without_a_moving_face_has_no_script():
    page = document_page(Unmeasured(wiring=made_wiring(), plan=made_plan()))
    assert "script" not in read(page).tags
    assert "script-src" not in page


def test_every_id_stands_once(page):
    ids = [value for _, name, value in read(page).attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_joins_the_report_of_its_recording(healthy, everything):
    healthy["provenance"]["source"] |= {"sha256": OWN}
    page = build_report(measured(healthy), None, everything)
    found = re.findall(r'<section [^>]*id="(\w+)"', page)
    assert found[-5:] == ["wiring", "forecast", "plan", "quality", "provenance"]


def test_templates_are_given_the_documents_themselves(healthy, everything):
    healthy["provenance"]["source"] |= {"sha256": OWN}
    view = page_view(measured(healthy), None, everything)
    assert view.documents is everything
    assert view.result == complete(measured(healthy))
    grades = grade_measurement(measured(healthy))
    assert page_view(measured(healthy), None, clinical=Clinical(grades)).clinical.grades is grades


def test_a_document_of_another_recording_is_refused(healthy):
    healthy["provenance"]["source"] = {"name": "face.mp4", "sha256": "b" * 64}
    with pytest.raises(UsageError, match=r"The wiring was made from another recording"):
        build_report(measured(healthy), None, Unmeasured(wiring=made_wiring()))


def test_the_mesh_of_another_recording_is_refused():
    mesh = typed_mesh(made_mesh() | {"recording_sha256": "b" * 64})
    forecast = made_forecast().replaced(source=source(OWN))
    with pytest.raises(UsageError, match="mesh was made from another recording"):
        Unmeasured(forecast=forecast, mesh=mesh)


def test_a_report_without_them_does_not_speak_of_them(healthy):
    page = build_report(measured(healthy), None)
    assert "imulated" not in read(page).words
    assert "script" not in read(page).tags


@pytest.mark.parametrize("name", ["forecast", "plan"])
def test_the_patient_is_told_only_when_released(everything, name):
    documents = Unmeasured(forecast=everything.forecast, plan=everything.plan)
    words = part(document_page(documents), name)
    assert "In plain words" not in words
    assert "not released to the patient" in words


@pytest.mark.parametrize("treated", [True, False])
def test_patient_s_words_do_not_judge(treated):
    forecast, wiring = made_forecast(treated=treated), made_wiring()
    told = [
        wiring_words.works(wiring),
        *wiring_words.along(wiring),
        *forecast_words.patient(forecast),
        *forecast_words.patient_less(forecast),
        *plan_words.patient(made_plan()),
    ]
    assert told
    assert not [line for line in told if JUDGING.search(line)]
    assert not [line for line in told if re.search(r"\d", line)]


def test_the_patient_hears_first_what_works():
    works = wiring_words.works(made_wiring())
    assert "reach" in works or "arrive" in works
    assert "smile" in forecast_words.patient(made_forecast())[0]


def test_the_price_of_a_gain_is_told():
    told = forecast_words.patient_less(made_forecast())
    assert any("eye may close less well" in line for line in told)


def test_edges_carry_interval_and_doubt():
    doubtful = (
        made_wiring()
        .edges[0]
        .replaced(
            distinguishable=False,
            confused_with=(MuscleGroup.ORBICULARIS_OCULI_ORBITAL,),
            resolved_by="a test block",
        )
    )
    page = document_page(Unmeasured(wiring=made_wiring().replaced(edges=(doubtful,))))
    assert row(page, "Open smile")[1:] == [
        "20 % [18 to 22]",
        "cannot be told apart from orbicularis oculi, orbital part; would be told by a test block",
    ]


def test_a_healthy_wiring_has_no_wrong_connection():
    healthy = made_wiring().replaced(edges=(), affected_side=None)
    words = part(document_page(Unmeasured(wiring=healthy)), "wiring")
    assert "No wrong connection is called present." in words
    assert "Nothing here says that a command reaches a muscle" in words


def test_courses_have_bands_and_dates():
    drawn = courses(made_forecast())
    assert all(one.bands and one.middle for one in drawn)
    assert [mark.text for mark in drawn[0].when] == ["1", "2"]
    page = document_page(Unmeasured(forecast=made_forecast()))
    for head in ("Day 0", "Day 60", "Day 200"):
        numbers = row(page, head)
        assert len(numbers) == 4
        assert all("[" in number for number in numbers if "not known" not in number)


def test_an_effect_without_a_size_is_named():
    words = part(document_page(Unmeasured(forecast=made_forecast())), "forecast")
    assert "brow: up; how much is not published" in words


def test_options_stand_in_the_published_order():
    page = document_page(Unmeasured(plan=made_plan()))
    first = page[page.index('<ol class="steps">') : page.index("</ol>")]
    steps = re.findall(r"<strong>(.*?)</strong>", first)
    assert steps[0].startswith("Facial training")
    assert steps[1].startswith("Botulinum toxin")


def test_what_is_unknown_is_shown_as_not_cleared():
    plan = made_plan(dry_eye=None)
    page = document_page(Unmeasured(plan=plan))
    ask = page[page.index('<ul class="ask">') :]
    assert "dry" in ask[: ask.index("</ul>")]
    candidate = page[page.index('<details class="candidate">') :]
    assert '<span class="sign" aria-hidden="true">?</span>' in candidate[: candidate.index("<p>")]
    open_rules = [
        plan_words.rule(rule)
        for means in plan.candidates[0].means
        for rule in plan_words.answers(means.safety).get(Answer.NOT_CLEARED, ())
    ]
    assert any("dry" in words for words in open_rules)


def test_doses_are_only_literature_with_product_and_source():
    found = [plan_words.dose(one) for c in made_plan().candidates for one in c.literature]
    assert found
    assert all("toxinA" in one and "[" in one for one in found)


def written_out(names):
    for part_ in names.split(", "):
        ends = [int(one[1:]) for one in part_.split("\N{EN DASH}")]
        yield from (f"C{i}" for i in range(ends[0], ends[-1] + 1))


def test_the_chart_names_every_candidate_once():
    plan = made_plan()
    for chart in trade_charts(plan.candidates):
        named = [one for point in chart.points if point.id for one in written_out(point.id)]
        assert sorted(named) == sorted(c.id for c in plan.candidates)


def test_the_chart_has_what_is_lost_across_and_synkinesis_upright():
    pucker = {(Movement.BROW_RAISE, MuscleGroup.ORBICULARIS_ORIS): 0.3}
    plan = make_plan(wiring(SMILE_TO_EYE | pucker), stated())
    chart = trade_charts(plan.candidates)[0]
    least = min(plan.candidates, key=lambda c: c.objective(Objective.SYNKINESIS).change_mm)
    most = max(plan.candidates, key=lambda c: c.objective(Objective.VOLUNTARY_LOSS).change_mm)
    places = [(point.x, point.y) for point in chart.points]
    assert len(places) == len(plan.candidates) > 1
    axis_y = chart.nothing[1]
    deepest = max(y for _, y in places)
    farthest = max(x for x, _ in places)
    assert deepest > axis_y
    ends = [least.objective(Objective.SYNKINESIS), most.objective(Objective.VOLUNTARY_LOSS)]
    assert ends[0].change_mm < 0 <= ends[1].change_mm
    assert farthest >= chart.nothing[0]


def test_without_a_mesh_a_schematic_face_stands_in():
    page = document_page(Unmeasured(forecast=made_forecast()))
    words = part(page, "forecast")
    assert "The drawn face is nobody's" in words
    assert "mm-arrow" in page
    assert "data-moving-mesh" not in page


def test_each_document_has_its_page(tmp_path):
    for documents, title in (
        (Unmeasured(wiring=made_wiring()), "Wiring of the face"),
        (
            Unmeasured(forecast=made_forecast(), mesh=typed_mesh(made_mesh())),
            "What treatments would change",
        ),
        (Unmeasured(plan=made_plan()), "Options and their trades"),
    ):
        page = document_page(documents)
        assert "not a cleared medical device" in page
        assert f"<h1>{title}</h1>" in page
    path = write_page(tmp_path / "p.html", page)
    assert path.read_text("utf-8") == page
    with pytest.raises(OutputExistsError, match="is there already"):
        write_page(path, page)
