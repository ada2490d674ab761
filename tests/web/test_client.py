"""The Python client against the app itself."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from web_app import ANNA, PASSWORD, Clinic, running

from facewire.client import AnswerError, Client
from facewire.errors import FacewireError, UsageError
from facewire.record.clinical import save_consent
from facewire.record.people import let_in_again


@pytest.fixture
def address(clinic: Clinic) -> Iterator[str]:
    with running(clinic, work=False) as found:
        yield found


@pytest.fixture
def therapist(address: str) -> Iterator[Client]:
    with Client(address) as client:
        client.sign_in("therapist", PASSWORD)
        yield client


def test_one_signs_in_and_out(address: str) -> None:
    with Client(address) as client:
        assert client.sign_in("therapist", PASSWORD)["profession"] == "therapist"
        assert client.me()["shown_name"] == "Thea Therapist"
        client.sign_out()
        with pytest.raises(AnswerError, match="Nobody is signed in") as refused:
            client.me()
    assert (refused.value.status, refused.value.code) == (401, "sign_in")


def test_who_was_handed_a_password_chooses_another_first(clinic: Clinic, address: str) -> None:
    with clinic.record.writing() as session:
        _, handed_out = let_in_again(session, "therapist")
    with Client(address) as client:
        client.sign_in("therapist", handed_out)
        with pytest.raises(AnswerError) as refused:
            list(client.patients())
        assert (refused.value.status, refused.value.code) == (403, "own_password")
        assert (
            client.choose_password(handed_out, "seven quiet otters paddle")["role"] == "clinician"
        )
        assert len(list(client.patients())) == 2


def test_a_wrong_password_is_refused(address: str) -> None:
    with Client(address) as client, pytest.raises(AnswerError, match="do not fit"):
        client.sign_in("therapist", "not the password")


def test_a_patient_is_added_and_found(therapist: Client) -> None:
    added = therapist.add_patient(
        given_name="Maria", family_name="Muster", birth_date=date(1970, 1, 1)
    )
    assert [one["id"] for one in therapist.patients("muster")] == [added["id"]]
    visit = therapist.add_visit(added["id"], date(2026, 3, 4), reason="first visit")
    assert [one["id"] for one in therapist.visits(added["id"])] == [visit["id"]]


def test_a_list_goes_on_page_after_page(clinic: Clinic, therapist: Client) -> None:
    object.__setattr__(clinic.services.settings.limits, "page_rows", 1)
    try:
        found = [one["code"] for one in therapist.patients()]
    finally:
        object.__setattr__(clinic.services.settings.limits, "page_rows", 50)
    assert sorted(found) == ["P-A001", "P-B001"]


def test_a_video_arrives_whole(clinic: Clinic, therapist: Client, tmp_path: Path) -> None:
    with clinic.record.writing() as session:
        save_consent(session, ANNA, "care", given=True, wording="care/1")
    video = tmp_path / "smile.mp4"
    video.write_bytes(bytes(range(256)) * 5000)
    visit = therapist.add_visit(ANNA, date(2026, 3, 4))
    recording = therapist.upload(visit["id"], video, mirrored=False)
    assert recording["has_video"]
    assert therapist.recording(recording["id"])["job_id"] == recording["job_id"]


@pytest.mark.slow
def test_a_job_that_takes_too_long_is_left_alone(
    clinic: Clinic, therapist: Client, tmp_path: Path
) -> None:
    with clinic.record.writing() as session:
        save_consent(session, ANNA, "care", given=True, wording="care/1")
    video = tmp_path / "smile.mp4"
    video.write_bytes(b"no video at all" * 1000)
    visit = therapist.add_visit(ANNA, date(2026, 3, 4))
    recording = therapist.upload(visit["id"], video)
    with pytest.raises(FacewireError, match="not ready in time"):
        therapist.wait(recording["job_id"], limit_s=0.05, every_s=0.01)


def test_what_is_missing_is_said(therapist: Client, tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match="There is no such patient") as refused:
        list(therapist.visits("f" * 32))
    assert refused.value.code == "not_found"
    with pytest.raises(UsageError, match="The video cannot be read"):
        therapist.upload("f" * 32, tmp_path / "none.mp4")
    with pytest.raises(UsageError, match="A patient has no such part"):
        therapist.add_patient(surname="Muster")


def test_an_app_that_is_not_there_is_said() -> None:
    refused = pytest.raises(FacewireError, match="The app does not answer")
    with Client("http://127.0.0.1:9") as client, refused:
        client.me()


def test_a_refusal_crosses_processes_unchanged() -> None:
    error = AnswerError(404, "not_found", {"what": "Nothing", "do": "look elsewhere"})
    again = pickle.loads(pickle.dumps(error))
    assert (again.status, again.code, str(again)) == (404, "not_found", str(error))
