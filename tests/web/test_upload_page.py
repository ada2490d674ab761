"""The page of an upload in a real browser: sent in parts, gone on with, and without scripts."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from web_app import ANNA, Clinic, running

from facewire.record.clinical import save_consent
from facewire.record.store import add
from facewire.record.tables import Media, Recording, RedFlagAnswers, Visit

OpenPage = Callable[..., Any]
PART_BYTES = 8 * 1024 * 1024


@pytest.fixture
def visit_id(clinic: Clinic) -> str:
    """A visit of Anna at which nothing stands against a recording."""
    with clinic.record.writing() as session:
        save_consent(session, ANNA, "care", given=True, wording="care/1")
        visit = add(session, Visit(patient_id=ANNA, on=date(2026, 3, 4), kind="in_person"))
        answers = {"signs": {}, "palsy_before": "no", "began_on": "2020-01-01"}
        row = RedFlagAnswers(patient_id=ANNA, visit_id=visit.id, version="1", answers=answers)
        add(session, row)
        return visit.id


@pytest.fixture
def address(clinic: Clinic) -> Iterator[str]:
    with running(clinic, work=False) as found:
        yield found


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "smile.mp4"
    path.write_bytes(os.urandom(2 * PART_BYTES + 1000))
    return path


def _choose(page: Any, visit_id: str, video: Path) -> None:
    page.goto(f"/visits/{visit_id}/upload")
    page.get_by_label("No: the face is seen").check()
    page.get_by_label("Video", exact=True).set_input_files(video)


def _send(page: Any) -> None:
    page.get_by_role("button", name="Upload", exact=True).click()


def _stored_sha256(clinic: Clinic) -> str:
    with clinic.record.reading() as session:
        recording = session.query(Recording).filter(Recording.state == "waiting").one()
        assert recording.mirrored is False
        return session.get_one(Media, recording.video_media_id).sha256


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.slow
def test_a_chosen_video_arrives_in_parts(
    clinic: Clinic, address: str, visit_id: str, video: Path, open_page: OpenPage
) -> None:
    page = open_page(clinic, address, "therapist")
    _choose(page, visit_id, video)
    assert Axe().run(page).response["violations"] == []
    for part in ("fault", "progress", "pause", "continue"):
        assert not page.locator(f"[data-{part}]").is_visible(), part
    _send(page)
    page.wait_for_url("**/recordings/*")
    assert page.get_by_role("heading", name="Waiting to be measured").is_visible()
    assert sum("/api/v1/uploads/" in asked for asked in page.asked) == 4
    assert _stored_sha256(clinic) == _sha256(video)
    assert Axe().run(page).response["violations"] == []
    assert page.said == []


@pytest.mark.slow
def test_a_closed_page_goes_on_where_it_stopped(
    clinic: Clinic, address: str, visit_id: str, video: Path, open_page: OpenPage
) -> None:
    first = open_page(clinic, address, "therapist")
    first.route("**/api/v1/uploads/*", _only_the_first_part())
    _choose(first, visit_id, video)
    _send(first)
    first.get_by_text("No connection just now").first.wait_for()
    first.close()
    again = open_page(clinic, address, "therapist")
    _choose(again, visit_id, video)
    assert again.get_by_role("heading", name="Not finished: 49 % is here").is_visible()
    offsets: list[str | None] = []
    again.on("request", lambda asked: offsets.append(asked.headers.get("upload-offset")))
    _send(again)
    again.wait_for_url("**/recordings/*")
    assert [offset for offset in offsets if offset] == [str(PART_BYTES), str(2 * PART_BYTES)]
    assert _stored_sha256(clinic) == _sha256(video)


def _only_the_first_part() -> Callable[[Any], None]:
    def pass_on(route: Any) -> None:
        if route.request.headers.get("upload-offset") == "0":
            route.continue_()
        else:
            route.abort()

    return pass_on


@pytest.mark.slow
def test_pause_and_continue(
    clinic: Clinic, address: str, visit_id: str, video: Path, open_page: OpenPage
) -> None:
    page = open_page(clinic, address, "therapist")
    page.route("**/api/v1/uploads/*", _only_the_first_part())
    _choose(page, visit_id, video)
    _send(page)
    page.get_by_text("No connection just now").first.wait_for()
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("Paused. What arrived is kept.").first.wait_for()
    page.unroute("**/api/v1/uploads/*")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/recordings/*")
    assert _stored_sha256(clinic) == _sha256(video)


@pytest.mark.slow
def test_the_same_video_is_named_and_can_be_kept(
    clinic: Clinic, address: str, visit_id: str, video: Path, open_page: OpenPage
) -> None:
    page = open_page(clinic, address, "therapist")
    _choose(page, visit_id, video)
    _send(page)
    page.wait_for_url("**/recordings/*")
    _choose(page, visit_id, video)
    _send(page)
    page.get_by_role(
        "heading", name="This video has arrived and is not in the record yet"
    ).wait_for()
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url("**/recordings/*")
    with clinic.record.reading() as session:
        assert session.query(Recording).filter(Recording.state == "waiting").count() == 2


@pytest.mark.slow
def test_the_form_works_without_scripts(
    clinic: Clinic, address: str, visit_id: str, video: Path, open_page: OpenPage
) -> None:
    page = open_page(clinic, address, "therapist", java_script_enabled=False)
    _choose(page, visit_id, video)
    _send(page)
    page.wait_for_url("**/recordings/*")
    assert _stored_sha256(clinic) == _sha256(video)


def test_the_questions_come_first(
    clinic: Clinic, visit_id: str, as_therapist: Any, as_patient: Any
) -> None:
    with clinic.record.writing() as session:
        other = add(session, Visit(patient_id=ANNA, on=date(2026, 4, 4), kind="home")).id
    text = as_patient.get(f"/visits/{other}/upload").text
    assert f"/visits/{other}/questions" in text
    assert 'data-module="upload"' not in text


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("video", ("x.txt", b"abc"))], "not a video by its name"),
        ([("cues", ("c.json", b"{")), ("video", ("a.mp4", b"abc"))], "cue sheet is not JSON"),
        ([("cues", ("c.json", b"[{}]")), ("video", ("a.mp4", b"abc"))], "Row 1 of the cue sheet"),
        ([("video", ("", b""))], "No video was chosen"),
    ],
)
def test_a_wrong_form_is_shown_again_and_leaves_nothing(
    clinic: Clinic, visit_id: str, as_therapist: Any, files: list[Any], words: str
) -> None:
    answer = as_therapist.post(f"/visits/{visit_id}/upload", files=files)
    assert answer.status_code == 422
    assert words in answer.text
    with clinic.record.reading() as session:
        assert session.query(Recording).count() == 0
    assert clinic.services.uploads.parts.kept() == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_cue_sheet_is_read_as_windows_writes_it(
    clinic: Clinic, visit_id: str, as_therapist: Any, encoding: str
) -> None:
    row = {"movement": "smile_open", "repetition": 1, "start_s": 1, "onset_end_s": 2}
    row |= {"offset_start_s": 3, "end_s": 4}
    sheet = json.dumps([row]).encode(encoding)
    files = [("mirrored", (None, "no")), ("cues", ("c.json", sheet)), ("video", ("a.mp4", b"abc"))]
    answer = as_therapist.post(f"/visits/{visit_id}/upload", files=files, follow_redirects=False)
    assert answer.status_code == 303
    with clinic.record.reading() as session:
        assert "smile_open" in json.dumps(session.query(Recording).one().cues)


def test_a_form_with_a_video_above_the_limit_leaves_nothing(
    clinic: Clinic, visit_id: str, as_therapist: Any
) -> None:
    """A form does not say how large its video is: it is refused when the limit is passed."""
    uploads = clinic.services.uploads
    object.__setattr__(uploads, "rules", replace(uploads.rules, largest_bytes=1000))
    files = [("mirrored", (None, "no")), ("video", ("a.mp4", os.urandom(5000)))]
    answer = as_therapist.post(f"/visits/{visit_id}/upload", files=files)
    assert answer.status_code == 422
    assert "The video is too large" in answer.text
    assert clinic.services.uploads.parts.kept() == []
    with clinic.record.reading() as session:
        assert session.query(Recording).count() == 0
