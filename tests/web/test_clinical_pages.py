"""A clinician's day: a patient is added, told about, treated, asked, measured, compared."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from web_app import ANNA, BEN, Clinic, TestClient

from facewire.record.audit import SYSTEM
from facewire.record.store import add, get
from facewire.record.tables import Measurement, Media, Patient, Recording, Visit
from unit.report.made_documents import made_mesh
from unit.report.made_result import sha256, signals_table, synkinetic_result, write_frames

NO_SIGN = {"group-emergency": "no", "group-same_day": "no", "group-soon": "no"}


def place(answer: Any) -> str:
    assert answer.status_code == 303, answer.text[:400]
    return str(answer.headers["location"])


def measured_folder(folder: Path, **changes: Any) -> Path:
    folder.mkdir()
    signals_table().write_parquet(folder / "signals.parquet")
    write_frames(folder / "frames")
    result = synkinetic_result()
    result["files"] = {
        "track": None,
        "signals": {"path": "signals.parquet", "sha256": sha256(folder / "signals.parquet")},
        "frames": {"path": "frames/frames.json", "sha256": sha256(folder / "frames/frames.json")},
    }
    (folder / "result.json").write_text(json.dumps(result | changes))
    (folder / "mesh.json").write_text(json.dumps(made_mesh()))
    return folder


def store_measurement(clinic: Clinic, folder: Path, on: date, patient_id: str = ANNA) -> str:
    with clinic.record.writing(by=SYSTEM) as session:
        visit = add(session, Visit(patient_id=patient_id, on=on, kind="in_person"))
        files = {}
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            with path.open("rb") as file:
                kept = clinic.services.media.write(file)
            name = path.relative_to(folder).as_posix()
            row = Media(id=kept.id, patient_id=patient_id, kind="document", name=name)
            row.size_bytes, row.sha256 = kept.size_bytes, kept.sha256
            files[name] = add(session, row).id
        recording = Recording(patient_id=patient_id, visit_id=visit.id, origin="upload")
        recording.state, recording.started_at = "measured", datetime.now(UTC)
        add(session, recording)
        made = Measurement(patient_id=patient_id, visit_id=visit.id, recording_id=recording.id)
        made.result, made.files = json.loads((folder / "result.json").read_text()), files
        return add(session, made).id


@pytest.fixture
def measured(clinic: Clinic, tmp_path: Path) -> str:
    return store_measurement(clinic, measured_folder(tmp_path / "one"), date(2026, 1, 10))


def test_a_patient_is_added_and_found(as_therapist: TestClient) -> None:
    form = {"given_name": "Zoë", "family_name": "Müller", "birth_date": "1970-02-03"}
    url = place(as_therapist.post("/patients/new", data=form))
    assert "Müller, Zoë" in as_therapist.get(url).text
    assert url in as_therapist.get("/patients", params={"q": "mueller zoe"}).text
    assert url not in as_therapist.get("/patients", params={"q": "meier"}).text


def test_the_same_person_is_not_added_twice_unseen(as_therapist: TestClient) -> None:
    form = {"given_name": "Anna", "family_name": "Example", "birth_date": "1980-05-17"}
    answer = as_therapist.post("/patients/new", data=form)
    assert answer.status_code == 409
    assert f"/patients/{ANNA}" in answer.text
    assert place(as_therapist.post("/patients/new", data=form | {"another": "yes"}))


@pytest.mark.slow
def test_a_code_that_became_known_is_replaced(as_therapist: TestClient, clinic: Clinic) -> None:
    with clinic.record.reading() as session:
        before = get(session, Patient, ANNA).code
    place(as_therapist.post(f"/patients/{ANNA}/code"))
    with clinic.record.reading() as session:
        after = get(session, Patient, ANNA).code
    assert after != before
    assert after in as_therapist.get(f"/patients/{ANNA}/identity").text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"given_name": ""}, "enter a name"),
        ({"given_name": "A", "birth_date": "31.12.70"}, "not a date"),
        ({"given_name": "A", "birth_date": "2199-01-01"}, "in the future"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    as_therapist: TestClient, form: dict[str, str], words: str
) -> None:
    answer = as_therapist.post("/patients/new", data=form)
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize(
    ("zone", "status"), [("Pacific/Auckland", 303), ("UTC", 422), ("America/Los_Angeles", 422)]
)
def test_today_is_the_clinics_own_day(
    clinic: Clinic,
    as_therapist: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    status: int,
) -> None:
    """At 20 h in Greenwich on 31 March it is 1 April in Auckland."""
    evening = datetime(2026, 3, 31, 20, tzinfo=UTC)
    object.__setattr__(clinic.services, "clock", lambda: evening)
    with monkeypatch.context() as place:
        place.setenv("TZ", zone)
        time.tzset()
        born = {"given_name": "A", "birth_date": "2026-04-01"}
        answer = as_therapist.post("/patients/new", data=born, follow_redirects=False)
    time.tzset()
    assert answer.status_code == status


@pytest.mark.slow
def test_history_is_kept_and_shown(as_therapist: TestClient) -> None:
    form = {
        "cause": "bell", "side": "R", "onset_on": "2024-05-20", "palsy_before": "yes",
        "surgery-0": "upper_lid_weight", "surgery-0-side": "R", "surgery-0-on": "2024-06",
        "fact-diagnosis_confirmed": "yes",
    }  # fmt: skip
    url = place(as_therapist.post(f"/patients/{ANNA}/history", data=form))
    glance = as_therapist.get(url).text
    assert "Bell&#39;s palsy" in glance
    assert "20 May 2024" in glance
    again = as_therapist.get(f"/patients/{ANNA}/history").text
    assert 'value="2024-06"' in again
    assert '<option value="upper_lid_weight" selected>' in again


@pytest.mark.slow
def test_injections_are_recorded_and_their_pattern_repeated(as_therapist: TestClient) -> None:
    address = f"/patients/{ANNA}/treatments"
    form = {
        "on": "2026-01-10", "product": "onabotulinumtoxinA",
        "muscle-0": "orbicularis_oculi", "side-0": "R", "units-0": "5",
        "muscle-1": "depressor_anguli_oris", "side-1": "L", "units-1": "2,5",
    }  # fmt: skip
    assert place(as_therapist.post(f"{address}/injections", data=form)) == address
    shown = as_therapist.get(address).text
    assert "7.5 units of this product" in shown
    repeated = as_therapist.get(address, params={"repeat": "last"}).text
    assert 'value="2.5"' in repeated
    assert "10 Jan 2026" in repeated


def test_a_row_without_side_or_product_is_refused_and_kept_in_the_form(
    as_therapist: TestClient,
) -> None:
    form = {"on": "2026-01-10", "muscle-0": "orbicularis_oculi", "units-0": "many"}
    answer = as_therapist.post(f"/patients/{ANNA}/treatments/injections", data=form)
    assert answer.status_code == 422
    assert 'value="many"' in answer.text
    assert "days since the last toxin" not in as_therapist.get(f"/patients/{ANNA}/treatments").text


def test_a_wrong_entry_is_void_with_its_reason(as_therapist: TestClient, clinic: Clinic) -> None:
    from facewire.record.injections import treatments_of

    address = f"/patients/{ANNA}/treatments"
    form = {"on": "2026-01-10", "procedure": "upper_lid_weight", "side": "R"}
    place(as_therapist.post(f"{address}/procedures", data=form))
    with clinic.record.reading() as session:
        session_id = treatments_of(session, ANNA)[0].session_id
    other = as_therapist.post(
        f"/patients/{BEN}/treatments/{session_id}/void", data={"reason": "wrong patient"}
    )
    assert other.status_code == 404
    place(as_therapist.post(f"{address}/{session_id}/void", data={"reason": "wrong side"}))
    with clinic.record.reading() as session:
        assert list(treatments_of(session, ANNA)) == []


def begin_visit(client: TestClient) -> str:
    form = {"on": "2026-02-01", "kind": "in_person", "reason": "first"}
    return place(client.post(f"/patients/{ANNA}/visits/new", data=form))


@pytest.mark.slow
def test_a_visit_keeps_findings_complaints_and_notes(as_therapist: TestClient) -> None:
    visit = begin_visit(as_therapist)
    place(as_therapist.post(f"{visit}/findings", data={"platysma-R": "2"}))
    place(as_therapist.post(f"{visit}/findings", data={"platysma-R": "1", "tearing-L": "3"}))
    place(as_therapist.post(f"{visit}/complaints", data={"pain": "3", "bother": "10"}))
    place(as_therapist.post(f"{visit}/notes", data={"text": "tight in the cold"}))
    time_line = as_therapist.get(f"/patients/{ANNA}").text
    assert "Platysma bands right 1, Tearing left 3" in time_line
    assert "Pain 3" in time_line
    assert "tight in the cold" in as_therapist.get(visit).text


@pytest.mark.slow
def test_a_visit_entered_with_the_wrong_day_is_corrected(
    as_therapist: TestClient, clinic: Clinic
) -> None:
    visit = begin_visit(as_therapist)
    as_therapist.post(f"{visit}/notes", data={"text": "stays"})
    form = as_therapist.get(f"{visit}/correct").text
    assert 'value="2026-02-01"' in form
    wrong = as_therapist.post(f"{visit}/correct", data={"on": "2999-01-01", "kind": "home"})
    assert wrong.status_code == 422
    right = {"on": "2026-02-27", "kind": "virtual", "reason": "asked to come"}
    shown = place(as_therapist.post(f"{visit}/correct", data=right))
    assert shown == visit
    assert "stays" in as_therapist.get(visit).text
    with clinic.record.reading() as session:
        own = get(session, Visit, visit.removeprefix("/visits/"))
        former = get(session, Visit, own.supersedes or "")
    assert (own.on, own.kind, own.reason) == (date(2026, 2, 27), "virtual", "asked to come")
    assert (former.on, former.void_reason) == (date(2026, 2, 1), "superseded")


@pytest.mark.slow
def test_a_red_eye_comes_before_a_recording(as_therapist: TestClient) -> None:
    visit = begin_visit(as_therapist)
    assert "a red or painful eye" in as_therapist.get(f"{visit}/questions").text.lower()
    answers = NO_SIGN | {"group-same_day": "", "sign-eye": "yes", "palsy_before": "yes"}
    guidance = as_therapist.get(place(as_therapist.post(f"{visit}/questions", data=answers))).text
    assert "See a doctor today" in guidance
    assert f"{visit}/record" not in guidance


@pytest.mark.slow
def test_no_sign_is_no_clearance(as_therapist: TestClient) -> None:
    visit = begin_visit(as_therapist)
    answers = NO_SIGN | {"palsy_before": "yes"}
    guidance = as_therapist.get(place(as_therapist.post(f"{visit}/questions", data=answers))).text
    assert "That is no clearance" in guidance
    assert f"{visit}/record" in guidance


@pytest.mark.slow
def test_a_question_left_open_is_asked_again(as_therapist: TestClient) -> None:
    visit = begin_visit(as_therapist)
    answers = {"group-emergency": "no", "group-soon": "no", "palsy_before": "yes"}
    answer = as_therapist.post(f"{visit}/questions", data=answers)
    assert answer.status_code == 422
    assert 'id="group-same_day-problem"' in answer.text


def test_a_patient_begins_at_home_with_the_questions(as_patient: TestClient) -> None:
    assert place(as_patient.post("/visits/home")).endswith("/questions")
    assert place(as_patient.get("/results")) == f"/patients/{ANNA}"


@pytest.mark.slow
def test_the_face_leads_to_a_region(as_therapist: TestClient, measured: str) -> None:
    page = as_therapist.get(f"/measurements/{measured}").text
    assert "?region=eye&amp;side=R" in page
    found = page[page.index('<ul class="lines findings">') :]
    found = found[: found.index("</ul>")]
    assert set(re.findall(r'class="symbol ([^"]+)"', found)) == {"synkinesis", "small"}
    region = as_therapist.get(f"/measurements/{measured}", params={"region": "eye", "side": "R"})
    assert "Right eye" in region.text
    assert region.text.count('class="trace"') >= 5
    assert "data:image/jpeg" in region.text
    wrong = as_therapist.get(f"/measurements/{measured}", params={"region": "ear"})
    assert wrong.status_code == 404


@pytest.mark.slow
def test_the_whole_report_is_sandboxed_and_printed(as_therapist: TestClient, measured: str) -> None:
    report = as_therapist.get(f"/measurements/{measured}/report")
    assert "sandbox" in report.headers["content-security-policy"]
    assert "connect-src" not in report.headers["content-security-policy"]
    assert "Facial movement report" in report.text
    assert "<dt>Date</dt>" in report.text
    printed = as_therapist.get(f"/measurements/{measured}/report.pdf")
    assert printed.content.startswith(b"%PDF")


@pytest.mark.slow
def test_two_visits_are_compared_and_move_in_step(
    as_therapist: TestClient, clinic: Clinic, tmp_path: Path
) -> None:
    for name, on in (("one", date(2026, 1, 10)), ("two", date(2026, 4, 10))):
        store_measurement(clinic, measured_folder(tmp_path / name), on)
    page = as_therapist.get(f"/patients/{ANNA}/compare").text
    assert page.count("data-face=") == 2
    assert "smallest detectable" in page.lower()
    assert "Measured course" in as_therapist.get(f"/patients/{ANNA}").text
    foreign = as_therapist.get(f"/patients/{BEN}/compare", params={"first": "x"})
    assert foreign.status_code == 200
    assert "Nothing to compare yet" in foreign.text


@pytest.mark.slow
def test_a_patient_reads_plain_words_and_no_notes(
    as_therapist: TestClient, as_patient: TestClient, measured: str
) -> None:
    visit = begin_visit(as_therapist)
    place(as_therapist.post(f"{visit}/notes", data={"text": "for the team alone"}))
    own = as_patient.get(f"/measurements/{measured}").text
    assert "What works" in own
    assert "Findings" not in own
    assert "for the team alone" not in as_patient.get(visit).text
    assert "for the team alone" not in as_patient.get(f"/patients/{ANNA}").text


@pytest.mark.slow
def test_another_patient_is_told_that_there_is_nothing(
    as_other_patient: TestClient, as_therapist: TestClient, measured: str
) -> None:
    visit = begin_visit(as_therapist)
    for address in (f"/measurements/{measured}", visit, f"/patients/{ANNA}", f"{visit}/questions"):
        assert as_other_patient.get(address).status_code == 404
