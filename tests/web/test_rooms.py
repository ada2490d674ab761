"""Check this room: what is sent, what is refused, what is shown, and the line beside a result."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from web_app import ANNA, Clinic, TestClient

from facewire.record.audit import SYSTEM
from facewire.record.rooms import RoomAsked, add_check, add_check_job
from facewire.record.rows import new_id
from facewire.record.store import add, change, get
from facewire.record.tables import AuditRow, Job, Measurement, Media, Recording, Visit
from facewire.results.phantom import Phantom
from facewire.version import facewire_version
from unit.report.made_result import synkinetic_result
from unit.report.test_phantom_page import checked

VIDEO = b"no video: only the measuring process looks into it" * 12_000
"""Larger than any other form may be."""
SAID = {"room": " Room 2,  tablet ", "on": "2026-03-02", "mirrored": "no", "agreed": "yes"}
FILE = {"video": ("Eva Healthy.MP4", VIDEO)}


def place(answer: Any) -> str:
    assert answer.status_code == 303, answer.text[:400]
    return str(answer.headers["location"])


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def sent(client: TestClient, **changes: str) -> Any:
    return client.post("/rooms/new", data=SAID | changes, files=FILE)


def left(clinic: Clinic) -> tuple[list[str], list[str]]:
    """What of a video lies in the data folder."""
    return list(clinic.services.media.ids()), clinic.services.uploads.parts.kept()


def jobs(clinic: Clinic) -> list[Job]:
    with clinic.record.reading() as session:
        return session.query(Job).all()


def room_checked(
    clinic: Clinic, on: date, room: str = "Room 2", found: Phantom | None = None
) -> str:
    with clinic.record.writing(by=SYSTEM) as session:
        asked = RoomAsked(room, on, False, "room/1", ".mp4")
        job = change(session, add_check_job(session, new_id(), asked), state="done")
        add_check(session, job.id, asked, found or checked())
        return job.id


def measured(
    clinic: Clinic, room: str | None, on: date, software: str | None = None
) -> Measurement:
    with clinic.record.writing(by=SYSTEM) as session:
        visit = add(session, Visit(patient_id=ANNA, on=on, kind="in_person", room=room))
        keys = {"patient_id": ANNA, "visit_id": visit.id}
        recording = Recording(**keys, origin="upload", state="measured")
        recording.started_at = clinic.record.moment()
        add(session, recording)
        row = Measurement(**keys, recording_id=recording.id, result=synkinetic_result(), files={})
        row.software = software or checked().provenance.facewire
        return add(session, row)


@pytest.mark.slow
def test_a_video_becomes_a_job_that_names_no_person(
    clinic: Clinic, as_therapist: TestClient
) -> None:
    address = place(sent(as_therapist))
    (job,) = jobs(clinic)
    assert address == f"/rooms/{job.id}"
    assert RoomAsked.of(job.settings) == RoomAsked(
        "Room 2, tablet", date(2026, 3, 2), False, "room/1", ".mp4"
    )
    with clinic.record.reading() as session:
        media = get(session, Media, job.id)
        assert (media.name, media.patient_id) == ("room.mp4", None)
        rows = session.query(AuditRow).filter(AuditRow.row_id == job.id).all()
        assert {(row.action, row.kind) for row in rows} == {("added", "media"), ("added", "jobs")}
        assert all(row.account_id for row in rows)
    assert b"".join(clinic.services.media.read(job.id)) == VIDEO
    assert left(clinic)[1] == []
    shown = as_therapist.get(address).text
    assert f'data-job="{job.id}"' in shown
    assert "Room 2, tablet" in as_therapist.get("/rooms").text
    assert as_therapist.get(f"/api/v1/jobs/{job.id}").json()["recording_id"] is None


@pytest.mark.slow
def test_a_stopped_check_is_erased_at_once(clinic: Clinic, as_therapist: TestClient) -> None:
    address = place(sent(as_therapist))
    (job,) = jobs(clinic)
    assert place(as_therapist.post(f"/jobs/{job.id}/cancel")) == "/rooms"
    assert left(clinic) == ([], [])
    with clinic.record.reading() as session:
        assert get(session, Media, job.id).erased_at is not None
        assert get(session, Job, job.id).state == "cancelled"
    assert "the video is erased" in words(as_therapist.get(address).text)
    assert "Room 2" not in as_therapist.get("/rooms").text


def test_programs_stop_it_alike(clinic: Clinic, as_therapist: TestClient) -> None:
    place(sent(as_therapist))
    (job,) = jobs(clinic)
    assert as_therapist.post(f"/api/v1/jobs/{job.id}/cancel").json()["state"] == "cancelled"
    assert left(clinic) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "files", "told"),
    [
        ({"room": " "}, FILE, "Please fill in this field."),
        ({"room": "R" * 81}, FILE, "at most 80 characters"),
        ({"on": "2199-01-01"}, FILE, "lies in the future"),
        ({"mirrored": ""}, FILE, "Please choose one of the answers."),
        ({"agreed": ""}, FILE, "Please choose one of the answers."),
        ({}, {"video": ("notes.txt", VIDEO)}, "not a video by its name"),
        ({}, {"video": ("a.mp4", b"")}, "The file is empty"),
        ({}, {"video": ("", b"")}, "No video was chosen"),
    ],
)
def test_a_wrong_form_is_shown_again_and_leaves_nothing(
    clinic: Clinic,
    as_therapist: TestClient,
    changes: dict[str, str],
    files: dict[str, Any],
    told: str,
) -> None:
    answer = as_therapist.post("/rooms/new", data=SAID | changes, files=files)
    assert answer.status_code == 422
    assert told in answer.text
    assert jobs(clinic) == []
    assert left(clinic) == ([], [])
    if "room" not in changes:
        assert 'value="Room 2,  tablet"' in answer.text


def test_a_video_above_the_limit_is_refused_while_it_comes(
    clinic: Clinic, as_therapist: TestClient
) -> None:
    uploads = clinic.services.uploads
    object.__setattr__(uploads, "rules", replace(uploads.rules, largest_bytes=len(VIDEO) - 1))
    answer = sent(as_therapist)
    assert answer.status_code == 422
    assert "The video is too large" in words(answer.text)
    assert left(clinic) == ([], [])
    assert jobs(clinic) == []


@pytest.mark.slow
def test_checks_that_wait_are_few(clinic: Clinic, as_therapist: TestClient) -> None:
    for _ in range(5):
        place(sent(as_therapist))
    answer = sent(as_therapist)
    assert answer.status_code == 422
    assert "Too many checks wait" in words(answer.text)
    assert len(jobs(clinic)) == 5
    assert len(left(clinic)[0]) == 5
    place(as_therapist.post(f"/jobs/{jobs(clinic)[0].id}/cancel"))
    place(sent(as_therapist))


@pytest.mark.slow
def test_a_patients_recording_is_told_and_taken_when_the_person_is_healthy(
    clinic: Clinic, as_therapist: TestClient
) -> None:
    with clinic.record.writing(by=SYSTEM) as session:
        kept = clinic.services.media.write([VIDEO])
        row = Media(id=kept.id, patient_id=ANNA, kind="video", name="smile.mp4")
        row.size_bytes, row.sha256 = kept.size_bytes, kept.sha256
        add(session, row)
    answer = sent(as_therapist)
    assert answer.status_code == 409
    assert "in the record as a patient&#39;s recording" in answer.text
    assert 'name="healthy"' in answer.text
    assert "Anna" not in answer.text
    assert jobs(clinic) == []
    assert left(clinic) == ([kept.id], [])
    assert place(sent(as_therapist, healthy="yes")).startswith("/rooms/")
    assert 'name="healthy"' not in as_therapist.get("/rooms/new").text


@pytest.mark.slow
def test_a_failed_check_says_what_to_do(clinic: Clinic, as_therapist: TestClient) -> None:
    address = place(sent(as_therapist))
    parts = {"code": "NoFaceError", "what": "No face was found", "do": "film closer"}
    with clinic.record.writing(by=SYSTEM) as session:
        change(session, session.query(Job).one(), state="failed", problem=parts)
    shown = words(as_therapist.get(address).text)
    assert "No face was found" in shown
    assert "What to do: film closer" in shown
    assert "could not be checked" in as_therapist.get("/rooms").text


@pytest.mark.slow
def test_a_check_is_shown_with_its_figures_and_its_page(
    clinic: Clinic, as_therapist: TestClient
) -> None:
    check_id = room_checked(clinic, date(2026, 3, 2))
    shown = words(as_therapist.get(f"/rooms/{check_id}").text)
    for said in ("Filmed on 2 Mar 2026", "Eye: 0.9 mm", "0.90 [0.80 to 1.00]", "It names a side."):
        assert said in shown, said
    listed = words(as_therapist.get("/rooms").text)
    assert "eye 0.90 [0.80 to 1.00]" in listed
    page = as_therapist.get(f"/rooms/{check_id}/report")
    assert page.headers["content-security-policy"].startswith("sandbox")
    assert "Room check: what this camera, light and distance show" in page.text
    with clinic.record.reading() as session:
        seen = session.query(AuditRow).filter_by(action="saw", kind="room_checks").count()
    assert seen == 2


@pytest.mark.slow
def test_a_check_that_was_wrong_is_void_and_gone(clinic: Clinic, as_therapist: TestClient) -> None:
    check_id = room_checked(clinic, date(2026, 3, 2))
    assert place(as_therapist.post(f"/rooms/{check_id}/void", data={})) == f"/rooms/{check_id}"
    reason = {"reason": "the person had a palsy"}
    assert place(as_therapist.post(f"/rooms/{check_id}/void", data=reason)) == "/rooms"
    assert "Room 2" not in as_therapist.get("/rooms").text
    for address in (f"/rooms/{check_id}", f"/rooms/{check_id}/report"):
        assert as_therapist.get(address).status_code == 404


def test_a_patients_job_is_no_check(clinic: Clinic, as_therapist: TestClient) -> None:
    row = measured(clinic, None, date(2026, 3, 2))
    with clinic.record.writing(by=SYSTEM) as session:
        job = Job(kind="measure", state="done", settings={}, recording_id=row.recording_id)
        add(session, job)
    assert as_therapist.get(f"/rooms/{job.id}").status_code == 404


@pytest.mark.slow
def test_only_clinicians_reach_a_check(clinic: Clinic, as_therapist: TestClient) -> None:
    place(sent(as_therapist))
    (job,) = jobs(clinic)
    for who in ("patient", "administrator"):
        client = clinic.client(who)
        assert client.get(f"/rooms/{job.id}").status_code == 403
        assert sent(client).status_code == 403
        assert client.get(f"/api/v1/jobs/{job.id}").status_code in (403, 404)
        assert client.post(f"/jobs/{job.id}/cancel").status_code in (403, 404)
    assert [one.state for one in jobs(clinic)] == ["waiting"]


def test_a_form_of_another_site_does_nothing(clinic: Clinic) -> None:
    other = clinic.client("therapist", origin="https://elsewhere.example")
    assert sent(other).status_code == 403
    assert jobs(clinic) == []
    assert left(clinic) == ([], [])


def line_of(client: TestClient, row: Measurement) -> str:
    """Return the line, which is the same on both pages."""
    on_visit, on_result = (
        re.findall(r"<strong>Room:.*?</p>", client.get(address).text, re.DOTALL)
        for address in (f"/visits/{row.visit_id}", f"/measurements/{row.id}")
    )
    assert on_visit == on_result
    assert len(on_visit) == 1
    return words(on_visit[0])


@pytest.mark.slow
def test_beside_a_result_stands_what_is_not_known(clinic: Clinic, as_therapist: TestClient) -> None:
    row = measured(clinic, None, date(2026, 3, 2))
    assert line_of(as_therapist, row) == "Room: No room was checked."
    room_checked(clinic, date(2026, 3, 1))
    assert line_of(as_therapist, row) == "Room: The room of this visit is not named."
    other = measured(clinic, "Room 9", date(2026, 3, 2))
    assert line_of(as_therapist, other) == "Room: No check of Room 9 is in the record."


@pytest.mark.slow
def test_beside_a_result_stands_the_newest_check_of_its_room(
    clinic: Clinic, as_therapist: TestClient
) -> None:
    room_checked(clinic, date(2026, 2, 1), found=checked(0.5))
    newest = room_checked(clinic, date(2026, 3, 1))
    room_checked(clinic, date(2026, 3, 2), "Room 3", checked(0.6))
    row = measured(clinic, "Room 2", date(2026, 3, 2))
    assert line_of(as_therapist, row) == (
        "Room: Room 2, 1 Mar 2026. Smallest change found with a probability of 80 %. "
        "Eye: 0.9 mm. Slope, which is 1 where a millimetre is measured as one: "
        "eye 0.90 [0.80 to 1.00]. It names a side."
    )
    assert f'href="/rooms/{newest}"' in as_therapist.get(f"/visits/{row.visit_id}").text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("days", "said"),
    [
        (91, "The check is 91 days older than this visit"),
        (90, ""),
        (0, ""),
        (-90, ""),
        (-91, "The check was made 91 days after this visit"),
    ],
)
def test_a_check_far_from_the_visit_says_so(
    clinic: Clinic, as_therapist: TestClient, days: int, said: str
) -> None:
    room_checked(clinic, date(2026, 3, 2))
    row = measured(clinic, "Room 2", date(2026, 3, 2) + timedelta(days=days))
    line = line_of(as_therapist, row)
    assert said in line
    assert (" days " in line) is bool(said)


@pytest.mark.slow
def test_the_report_says_what_the_room_shows(
    clinic: Clinic, as_therapist: TestClient, as_patient: TestClient
) -> None:
    row = measured(clinic, "Room 2", date(2026, 3, 2))
    places = (f"/measurements/{row.id}/report", f"/api/v1/measurements/{row.id}/report.html")
    for place in places:
        assert "No check of Room 2 is in the record." in words(as_therapist.get(place).text)
    room_checked(clinic, date(2026, 3, 1))
    for place in places:
        page = words(as_therapist.get(place).text)
        assert "Room 2, 1 Mar 2026. Smallest change found with a probability of 80 %." in page
        assert "Smallest change found" not in as_patient.get(place).text


@pytest.mark.slow
def test_a_check_by_another_version_says_so(clinic: Clinic, as_therapist: TestClient) -> None:
    room_checked(clinic, date(2026, 3, 2))
    row = measured(clinic, "Room 2", date(2026, 3, 2), software="9.9.9")
    made = checked().provenance.facewire
    said = f"made with facewire {made}, the visit measured with 9.9.9."
    assert line_of(as_therapist, row).endswith(said)


@pytest.mark.slow
def test_a_patient_reads_no_line_of_rooms(clinic: Clinic, as_patient: TestClient) -> None:
    row = measured(clinic, None, date(2026, 3, 2))
    for address in (f"/visits/{row.visit_id}", f"/measurements/{row.id}"):
        assert "Room:" not in as_patient.get(address).text


@pytest.mark.slow
def test_a_visit_names_a_room_that_was_checked(clinic: Clinic, as_therapist: TestClient) -> None:
    form = {"on": "2026-03-02", "kind": "in_person", "room": "Room 2"}
    address = f"/patients/{ANNA}/visits/new"
    assert 'name="room"' not in as_therapist.get(address).text
    assert as_therapist.post(address, data=form).status_code == 422
    check_id = room_checked(clinic, date(2026, 3, 2))
    visit = place(as_therapist.post(address, data=form))
    assert "Room 2, 2 Mar 2026." in as_therapist.get(visit).text
    place(as_therapist.post(f"/rooms/{check_id}/void", data={"reason": "wrong"}))
    assert '<option value="Room 2" selected>' in as_therapist.get(f"{visit}/correct").text
    place(as_therapist.post(f"{visit}/correct", data=form | {"room": ""}))
    with clinic.record.reading() as session:
        own = get(session, Visit, visit.removeprefix("/visits/"))
        assert own.room is None
        assert get(session, Visit, own.supersedes or "").room == "Room 2"


def test_the_version_of_a_stored_measurement_is_the_apps_own(clinic: Clinic) -> None:
    with clinic.record.writing(by=SYSTEM) as session:
        visit = add(session, Visit(patient_id=ANNA, on=date(2026, 3, 2), kind="in_person"))
    assert visit.software == facewire_version()
