"""Deciding in the app: what is shown, asked, refused, decided, and what the patient may see."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from filled_clinic import fill
from web_app import ANNA, Clinic, TestClient, copy_clinic, open_clinic, running

from facewire.record.clinical import Story, save_history
from facewire.record.injections import Given, Injection, record_injections
from facewire.record.store import add
from facewire.record.tables import Decision, FactAnswer, Job, Measurement, Recording, Visit

FORECAST_WORDS = "Botulinum toxin, Orbicularis oculi, Right"


@dataclass(frozen=True)
class Deciding:
    """A clinic with a measured visit for which wiring, plan and forecast were computed."""

    clinic: Clinic
    ids: dict[str, str]

    @property
    def visit(self) -> str:
        return f"/visits/{self.ids['visit_id']}"

    def simulation(self, kind: str = "computed_id") -> str:
        return f"{self.visit}/simulations/{self.ids[kind]}"

    def jobs(self) -> list[dict[str, Any]]:
        """What was asked for, the barred mark included."""
        with self.clinic.record.reading() as session:
            rows = session.query(Job).filter_by(kind="decide", state="waiting").all()
            return [row.settings for row in rows]


@pytest.fixture(scope="session")
def deciding_folder(
    prepared_clinic: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("deciding")
    made = open_clinic(copy_clinic(prepared_clinic, folder / "data"))
    (folder / "measured").mkdir()
    ids = fill(made, folder / "measured")
    made.record.close()
    return folder / "data", ids


@pytest.fixture
def deciding(deciding_folder: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Deciding]:
    folder, ids = deciding_folder
    made = open_clinic(copy_clinic(folder, tmp_path / "deciding"))
    yield Deciding(made, ids)
    made.record.close()


@pytest.fixture
def surgeon(deciding: Deciding) -> TestClient:
    return deciding.clinic.client("surgeon")


@pytest.fixture
def anna(deciding: Deciding) -> TestClient:
    return deciding.clinic.client("patient")


@pytest.mark.slow
def test_the_page_is_in_the_order_a_surgeon_reads(deciding: Deciding, surgeon: TestClient) -> None:
    text = surgeon.get(f"{deciding.visit}/deciding").text
    order = ['id="stage"', 'id="wiring"', 'id="plan"', 'id="time"', 'id="decision"']
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    asked, options, trades = (
        text.index(words)
        for words in ("To ask first", "Options in the published order", "Every trade")
    )
    assert places[2] < asked < options < trades < places[3]
    assert "How the eyes close" in text[places[0] : places[1]]
    assert "Inferred, not measured" in text
    assert "Simulated, for discussion: not a prescription" in text
    assert f"{deciding.visit}/nerve.svg" in text


def test_the_picture_of_the_wiring_brings_its_own_style(
    deciding: Deciding, surgeon: TestClient
) -> None:
    answer = surgeon.get(f"{deciding.visit}/nerve.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "style-src 'unsafe-inline'" in answer.headers["content-security-policy"]
    assert answer.text.startswith("<svg")


@pytest.mark.slow
def test_computing_is_asked_for_once(deciding: Deciding, surgeon: TestClient) -> None:
    for _ in range(2):
        assert surgeon.post(f"{deciding.visit}/deciding").status_code == 303
    assert deciding.jobs() == [{"of": "plan"}]
    assert "data-job=" in surgeon.get(f"{deciding.visit}/deciding").text


@pytest.mark.slow
def test_a_visit_without_a_measurement_says_what_comes_first(
    deciding: Deciding, surgeon: TestClient
) -> None:
    with deciding.clinic.record.writing() as session:
        visit = add(session, Visit(patient_id=ANNA, on=date.today(), kind="in_person"))
    text = surgeon.get(f"/visits/{visit.id}/deciding").text
    assert "This visit has no measurement" in text
    assert "Compute wiring and options" not in text
    assert surgeon.get(f"/visits/{visit.id}/what-if").status_code == 200
    assert surgeon.get(f"/visits/{visit.id}/facts").status_code == 200
    assert surgeon.get(f"/visits/{visit.id}/nerve.svg").status_code == 404


@pytest.mark.slow
def test_a_contradicted_side_is_told_with_what_to_do(
    deciding: Deciding, surgeon: TestClient
) -> None:
    with deciding.clinic.record.writing() as session:
        save_history(session, ANNA, Story(side="L"))
    text = surgeon.get(f"{deciding.visit}/deciding").text
    assert "left in the history, right in the measurement" in text
    assert "correct the history" in text


def answers(**facts: str) -> dict[str, str]:
    today = date.today().isoformat()
    given = {"answered_by": "Dr Ann", "answered_on": today}
    return given | {f"fact-{key.replace('__', '-')}": value for key, value in facts.items()}


@pytest.mark.slow
def test_facts_are_answered_by_somebody_and_change_what_was_computed(
    deciding: Deciding, surgeon: TestClient
) -> None:
    url = f"{deciding.visit}/facts"
    assert "not known" in surgeon.get(url).text
    sent = answers(dry_eye__R="no", test_block_dao="good", rest_fold="")
    assert surgeon.post(url, data=sent).status_code == 303
    with deciding.clinic.record.reading() as session:
        rows = {(r.fact, r.side): r for r in session.query(FactAnswer).filter_by(voided_at=None)}
        rows = {key: row for key, row in rows.items() if row.visit_id == deciding.ids["visit_id"]}
    assert {key: row.value for key, row in rows.items()} == {
        ("dry_eye", "R"): False,
        ("test_block_dao", None): "good",
    }
    assert {row.answered_by for row in rows.values()} == {"Dr Ann"}
    text = surgeon.get(url).text
    assert "no (Dr Ann, " in text
    page = surgeon.get(f"{deciding.visit}/deciding").text
    assert "The facts have changed since this was computed" in page
    assert "Is the eye dry?" in page


@pytest.mark.slow
def test_answers_keep_who_gave_them_when_others_are_added(
    deciding: Deciding, surgeon: TestClient
) -> None:
    url = f"{deciding.visit}/facts"
    surgeon.post(url, data=answers(dry_eye__R="no"))
    surgeon.post(url, data=answers(dry_eye__R="no", dry_eye__L="yes") | {"answered_by": "Ben"})
    with deciding.clinic.record.reading() as session:
        rows = session.query(FactAnswer).filter_by(fact="dry_eye").all()
    assert sorted((row.side, row.answered_by) for row in rows) == [("L", "Ben"), ("R", "Dr Ann")]
    surgeon.post(url, data=answers(dry_eye__R="", dry_eye__L="yes"))
    with deciding.clinic.record.reading() as session:
        held = session.query(FactAnswer).filter_by(fact="dry_eye", voided_at=None).all()
    assert [row.side for row in held] == ["L"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"answered_by": ""}, "Please fill in this field"),
        ({"answered_on": "2999-01-01"}, "lies in the future"),
        ({"fact-closure_gap_mm-L": "99"}, "a number from 0 to 30"),
        ({"fact-stage": "asleep"}, "choose one of the answers"),
    ],
)
def test_an_answer_that_cannot_be_is_said(
    deciding: Deciding, surgeon: TestClient, changed: dict[str, str], words: str
) -> None:
    answer = surgeon.post(f"{deciding.visit}/facts", data=answers(dry_eye__R="no") | changed)
    assert answer.status_code == 422
    assert words in answer.text
    with deciding.clinic.record.reading() as session:
        assert session.query(FactAnswer).count() == 0


TOXIN = {
    "kind-0": "botulinum_toxin",
    "date-0": date.today().isoformat(),
    "side-0": "R",
    "role-0": "affected",
    "muscle-0": "depressor_anguli_oris",
    "product-0": "onabotulinumtoxinA",
    "units-0": "2,5",
    "sites-0": "1",
    "strength-0": "light",
    "days": "180",
}
HEALTHY = {"side-0": "L", "role-0": "other", "muscle-0": "orbicularis_oculi"}


def test_a_forecast_is_asked_for_with_its_side_said_twice(
    deciding: Deciding, surgeon: TestClient
) -> None:
    answer = surgeon.post(f"{deciding.visit}/what-if", data=TOXIN)
    assert answer.status_code == 303
    (asked,) = deciding.jobs()
    assert asked["treatments"] == [
        {
            "kind": "botulinum_toxin",
            "side": "R",
            "day": 0,
            "muscle": "depressor_anguli_oris",
            "product": "onabotulinumtoxinA",
            "units": 2.5,
            "sites": 1,
            "weakening_percent": 30.0,
        }
    ]
    assert (asked["days"], asked["simulate_barred"]) == (180, False)


@pytest.mark.slow
def test_the_form_never_fills_in_a_side(deciding: Deciding, surgeon: TestClient) -> None:
    text = surgeon.get(f"{deciding.visit}/what-if?candidate=C1").text
    form = text[text.index("<main") :]
    assert 'name="side-0"' in form
    assert "checked" not in form


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"side-0": "L"}, "The two answers name different sides"),
        ({"role-0": "other"}, "The two answers name different sides"),
        ({"side-0": ""}, "choose one of the answers"),
        ({"role-0": ""}, "choose one of the answers"),
        ({"muscle-0": ""}, "choose one of the answers"),
        ({"product-0": ""}, "choose one of the answers"),
        ({"units-0": "0"}, "a number from 0.01"),
        ({"kind-0": ""}, "Please choose a treatment"),
        ({"date-0": "2020-01-01"}, "a day from the visit on"),
        ({"date-0": "2999-01-01"}, "a day from the visit on"),
        ({"days": "9"}, "choose one of the answers"),
    ],
)
def test_a_wrong_click_ends_in_words(
    deciding: Deciding, surgeon: TestClient, changed: dict[str, str], words: str
) -> None:
    answer = surgeon.post(f"{deciding.visit}/what-if", data=TOXIN | changed)
    assert answer.status_code == 422
    assert words in answer.text
    assert deciding.jobs() == []


@pytest.mark.slow
def test_what_is_barred_is_refused_with_its_reasons_unless_a_professional_says_so(
    deciding: Deciding, surgeon: TestClient
) -> None:
    url = f"{deciding.visit}/what-if"
    answer = surgeon.post(url, data=TOXIN | HEALTHY)
    assert answer.status_code == 422
    assert "the healthy side" in answer.text.lower()
    assert "weakening its closer exposes it" in answer.text
    assert deciding.jobs() == []
    assert surgeon.post(url, data=TOXIN | HEALTHY | {"although_barred": "yes"}).status_code == 303
    assert [one["simulate_barred"] for one in deciding.jobs()] == [True]


@pytest.mark.slow
def test_a_tick_alone_marks_nothing_that_is_not_barred(
    deciding: Deciding, surgeon: TestClient
) -> None:
    surgeon.post(f"{deciding.visit}/what-if", data=TOXIN | {"although_barred": "yes"})
    assert [one["simulate_barred"] for one in deciding.jobs()] == [False]


@pytest.mark.slow
def test_what_contradicts_itself_is_said(deciding: Deciding, surgeon: TestClient) -> None:
    lid = {"kind-1": "upper_lid_weight", "date-1": TOXIN["date-0"], "side-1": "R"}
    both = TOXIN | {"muscle-0": "orbicularis_oculi"} | lid | {"role-1": "affected"}
    answer = surgeon.post(f"{deciding.visit}/what-if", data=both)
    assert answer.status_code == 422
    assert "contradict each other" in answer.text


@pytest.mark.slow
def test_a_simulation_does_not_exist_for_the_patient_until_it_is_released(
    deciding: Deciding, surgeon: TestClient, anna: TestClient
) -> None:
    url, missing = deciding.simulation(), f"{deciding.visit}/simulations/{'f' * 32}"
    for one in (url, deciding.simulation("plan_id"), deciding.simulation("wiring_id")):
        hidden, absent = anna.get(one), anna.get(missing)
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert hidden.text.replace(one, missing) == absent.text
    assert "simulations/" not in anna.get(deciding.visit).text
    assert surgeon.post(f"{url}/release", data={"given": "yes"}).status_code == 303
    shown = anna.get(url)
    assert shown.status_code == 200
    assert url in anna.get(deciding.visit).text
    assert surgeon.post(f"{url}/release", data={"given": "no"}).status_code == 303
    assert anna.get(url).status_code == 404
    assert "simulations/" not in anna.get(deciding.visit).text


@pytest.mark.slow
def test_the_patient_reads_plain_words_with_pictures_and_harms_first(
    deciding: Deciding, surgeon: TestClient, anna: TestClient
) -> None:
    url = deciding.simulation()
    surgeon.post(f"{url}/release", data={"given": "yes"})
    text = anna.get(url).text
    main = text[text.index("<main") : text.index("</main>")]
    words = main[: main.index("<figure")]
    assert main.index("What it may harm") < main.index("What it may do")
    assert "about 1 in" in words or "in none of the faces tried" in words
    assert "%" not in words
    assert "<svg" in main
    assert "Sunnybrook" not in text
    assert "not a promise" in text
    preview = surgeon.get(f"{url}?as_patient=true").text
    assert "This is how the patient reads it." in preview


@pytest.mark.slow
def test_a_patient_reaches_none_of_the_pages_and_no_job(
    deciding: Deciding, surgeon: TestClient, anna: TestClient
) -> None:
    surgeon.post(f"{deciding.visit}/deciding")
    with deciding.clinic.record.reading() as session:
        job = session.query(Job).filter_by(kind="decide", state="waiting").one().id
    assert anna.get(f"/api/v1/jobs/{job}").status_code == 404
    assert anna.post(f"/jobs/{job}/cancel").status_code == 404
    assert surgeon.get(f"/api/v1/jobs/{job}").json()["recording_id"] is None
    for part in ("deciding", "facts", "what-if", "nerve.svg"):
        assert anna.get(f"{deciding.visit}/{part}").status_code == 403
    stopped = surgeon.post(f"/jobs/{job}/cancel")
    assert stopped.headers["location"] == f"{deciding.visit}/deciding"


@pytest.mark.slow
def test_what_a_rule_bars_is_not_released(
    deciding: Deciding, surgeon: TestClient, anna: TestClient
) -> None:
    url = deciding.simulation("barred_id")
    assert "Barred by a rule" in surgeon.get(url).text
    assert surgeon.post(f"{url}/release", data={"given": "yes"}).status_code == 403
    assert anna.get(url).status_code == 404


def decision(**changed: str) -> dict[str, str]:
    given = {"chosen": "nothing", "reason": "the eye closes", "decided_by": "Dr Ann"}
    return given | {"decided_on": date.today().isoformat(), "words": ""} | changed


@pytest.mark.slow
def test_a_decision_is_kept_with_its_reason_beside_its_forecast_and_what_was_given(
    deciding: Deciding, surgeon: TestClient
) -> None:
    url = f"{deciding.visit}/deciding"
    sent = decision(chosen=deciding.ids["computed_id"])
    assert surgeon.post(f"{deciding.visit}/decision", data=sent).status_code == 303
    with deciding.clinic.record.writing() as session:
        given = Given(ANNA, date.today())
        record_injections(session, given, "onabotulinumtoxinA", [Injection("mentalis", "R", 2.0)])
    text = surgeon.get(url).text
    for words in ("the eye closes", "Dr Ann", FORECAST_WORDS, "2 onabotulinumtoxinA"):
        assert words in text
    assert surgeon.post(f"{deciding.visit}/decision", data=decision()).status_code == 303
    with deciding.clinic.record.reading() as session:
        rows = session.query(Decision).order_by(Decision.created_at).all()
    assert [(row.voided_at is None, row.forecast_id) for row in rows] == [
        (False, deciding.ids["computed_id"]),
        (True, None),
    ]
    assert rows[1].plan_id == deciding.ids["plan_id"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "changed",
    [
        {"reason": " "},
        {"decided_by": ""},
        {"chosen": "C99"},
        {"chosen": "words"},
        {"decided_on": "2000-01-01"},
        {"decided_on": "2999-01-01"},
    ],
)
def test_a_decision_without_its_parts_is_refused(
    deciding: Deciding, surgeon: TestClient, changed: dict[str, str]
) -> None:
    answer = surgeon.post(f"{deciding.visit}/decision", data=decision(**changed))
    assert answer.status_code == 422
    with deciding.clinic.record.reading() as session:
        assert session.query(Decision).count() == 0


@pytest.mark.slow
def test_a_barred_simulation_cannot_be_decided_for(deciding: Deciding, surgeon: TestClient) -> None:
    sent = decision(chosen=deciding.ids["barred_id"])
    assert surgeon.post(f"{deciding.visit}/decision", data=sent).status_code == 422


@pytest.mark.slow
def test_at_the_next_visit_the_forecast_stands_beside_what_came(
    deciding: Deciding, surgeon: TestClient
) -> None:
    sent = decision(chosen=deciding.ids["computed_id"])
    surgeon.post(f"{deciding.visit}/decision", data=sent)
    with deciding.clinic.record.writing() as session:
        old = session.get_one(Measurement, deciding.ids["measurement_id"])
        visit = Visit(patient_id=ANNA, on=date.today() + timedelta(days=28), kind="in_person")
        add(session, visit)
        own = {"patient_id": ANNA, "visit_id": visit.id}
        recording = Recording(**own, origin="upload", state="measured")
        recording.started_at = old.created_at
        add(session, recording)
        add(session, Measurement(**own, recording_id=recording.id, result=old.result))
    text = surgeon.get(f"/visits/{visit.id}/deciding").text
    came = text[text.index('id="came"') :]
    assert "Forecast for this day, and measured" in came
    assert "forecast" in came
    assert "Open smile" in came


@pytest.mark.slow
def test_what_was_seen_of_a_patient_is_in_the_trail(
    deciding: Deciding, surgeon: TestClient
) -> None:
    from facewire.record.tables import AuditRow

    surgeon.get(f"{deciding.visit}/deciding")
    surgeon.post(f"{deciding.simulation()}/release", data={"given": "yes"})
    with deciding.clinic.record.reading() as session:
        rows = session.query(AuditRow).order_by(AuditRow.number.desc()).limit(3).all()
    assert (rows[0].action, rows[0].kind) == ("added", "releases")
    assert all(row.patient_id == ANNA for row in rows)
    assert "toxin" not in json.dumps([row.details for row in rows])


OpenPage = Callable[..., Any]
SIZES = (
    {"width": 390, "height": 844},
    {"width": 820, "height": 1180},
    {"width": 1280, "height": 900},
)


@pytest.mark.slow
def test_a_walk_from_the_options_to_what_the_patient_sees(
    deciding: Deciding, open_page: OpenPage
) -> None:
    from test_browser import faults

    with running(deciding.clinic, work=False) as address:
        page = open_page(deciding.clinic, address, "surgeon", viewport=SIZES[0])
        page.goto(f"{deciding.visit}/deciding")
        for size in SIZES:
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert faults(page) == []
        page.click("text=What if >> nth=0")
        page.select_option("#kind-0", "botulinum_toxin")
        page.select_option("#muscle-0", "depressor_anguli_oris")
        page.select_option("#product-0", "onabotulinumtoxinA")
        page.check("input[name=side-0][value=L]")
        page.check("input[name=role-0][value=affected]")
        page.click("button:has-text('Simulate')")
        assert "The two answers name different sides" in page.inner_text("main")
        assert faults(page) == []
        page.check("input[name=side-0][value=R]")
        page.focus("button:has-text('Simulate')")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}{deciding.visit}/deciding#time")
        page.click(f"a:has-text('{FORECAST_WORDS}') >> nth=0")
        assert faults(page) == []
        page.click("text=Show it to the patient")
        page.goto(f"{deciding.visit}/deciding")
        page.check(f"input[name=chosen][value='{deciding.ids['computed_id']}']")
        page.fill("#reason", "she wants to smile for a photograph in spring")
        page.click("text=Keep the decision")
        page.wait_for_url(f"{address}{deciding.visit}/deciding#decision")
        assert "she wants to smile" in page.inner_text("#decision")
        patient = open_page(deciding.clinic, address, "patient", viewport=SIZES[0])
        patient.goto(deciding.visit)
        patient.click("text=What the team wants to talk about with you")
        assert "What it may harm" in patient.inner_text("main")
        for size in SIZES:
            patient.set_viewport_size(size)
            assert patient.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert faults(patient) == []
        refused = "status of 422"
        assert [words for words in (*page.said, *patient.said) if refused not in words] == []
