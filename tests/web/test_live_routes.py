"""The pages around live recording, and who may open its line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.websockets import WebSocketDisconnect
from web_app import ANNA, BEN, ORIGIN, Clinic, TestClient, copy_clinic, open_clinic

from facewire.care import red_flags
from facewire.clinic.live.service import LiveSessions
from facewire.clinic.live.tracking import LiveTracking, nobody
from facewire.record.clinical import save_consent
from facewire.record.erase import erase_patient
from facewire.record.people import set_active, set_password, set_role
from facewire.record.sessions import close_all
from facewire.record.store import add, void
from facewire.record.tables import Account, Recording, RedFlagAnswers, Visit
from facewire.web.routes import live as live_route

LINE = ORIGIN.replace("http", "ws")
"""The test client sends another host with an address without one: it would always be refused."""

CALM: dict[str, Any] = {"signs": {}, "palsy_before": "yes", "began_on": None}


def make_visit(
    clinic: Clinic, patient_id: str = ANNA, *, answered: bool = True, agreed: bool = True
) -> str:
    with clinic.record.writing() as session:
        save_consent(session, patient_id, "care", given=agreed, wording="care/1")
        visit = add(session, Visit(patient_id=patient_id, on=date(2026, 3, 4), kind="in_person"))
        if answered:
            row = RedFlagAnswers(patient_id=patient_id, visit_id=visit.id, version="1")
            row.answers, row.urgency = CALM, None
            add(session, row)
        return visit.id


@pytest.fixture
def recording_id(clinic: Clinic, as_therapist: TestClient) -> str:
    answer = as_therapist.post(f"/visits/{make_visit(clinic)}/record", data={"protocol": "short"})
    assert answer.status_code == 303
    return str(answer.headers["location"].removeprefix("/live/"))


@pytest.mark.slow
def test_the_questions_come_first(clinic: Clinic, as_therapist: TestClient) -> None:
    visit_id = make_visit(clinic, answered=False)
    answer = as_therapist.get(f"/visits/{visit_id}/record")
    assert answer.headers["location"] == f"/visits/{visit_id}/questions"
    posted = as_therapist.post(f"/visits/{visit_id}/record", data={"protocol": "short"})
    assert posted.headers["location"] == f"/visits/{visit_id}/questions"


def test_consent_comes_first(clinic: Clinic, as_therapist: TestClient) -> None:
    visit_id = make_visit(clinic, agreed=False)
    answer = as_therapist.get(f"/visits/{visit_id}/record")
    assert answer.headers["location"].startswith(f"/consents/{ANNA}?next=/visits/")
    posted = as_therapist.post(f"/visits/{visit_id}/record", data={"protocol": "short"})
    assert posted.headers["location"].startswith("/consents/")


@pytest.mark.slow
def test_the_recording_keeps_what_was_chosen(
    clinic: Clinic, as_therapist: TestClient, recording_id: str
) -> None:
    with clinic.record.reading() as session:
        row = session.get_one(Recording, recording_id)
    assert (row.origin, row.state, row.protocol, row.mirrored) == (
        "live",
        "recording",
        "short",
        False,
    )
    assert row.capture == {"keep_video": False}
    assert as_therapist.get(f"/live/{recording_id}").status_code == 200


@pytest.mark.slow
def test_the_plan_has_steps_words_and_drawings(as_therapist: TestClient, recording_id: str) -> None:
    plan = as_therapist.get(f"/live/{recording_id}/plan").json()
    assert plan["steps"][0] == {
        "movement": "rest",
        "repetition": 0,
        "effort": "comfortable",
        "ready_s": 20.0,
        "onset_s": 0.0,
        "hold_s": 0.0,
        "release_s": 0.0,
    }
    smile = plan["movements"]["smile_open"]
    assert smile["drawings"][0] == plan["rest"]["drawing"]
    assert smile["drawings"][-1]["teeth"]
    assert plan["movements"]["eye_close_gentle"]["eyes_shut"]
    assert "several_faces" in plan["hints"]


BOX = '<input type="checkbox" name="keep_video" value="yes"{}>'
UNASKED = "has not been asked about keeping videos yet"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wording", "setting", "who", "ticked", "unasked"),
    [
        ("care/2", True, "therapist", True, False),
        ("care/1", True, "therapist", False, True),
        ("care/2", False, "therapist", False, False),
        ("care/2", True, "patient", False, False),
    ],
)
def test_the_video_is_kept_where_clinic_and_patient_agree(
    prepared_clinic: Path,
    tmp_path: Path,
    wording: str,
    setting: bool,
    who: str,
    ticked: bool,
    unasked: bool,
) -> None:
    clinic = open_clinic(copy_clinic(prepared_clinic, tmp_path / "data"), keep_video=setting)
    visit_id = make_visit(clinic, answered=False)
    with clinic.record.writing() as session:
        save_consent(session, ANNA, "care", given=True, wording=wording)
        signs = dict.fromkeys((sign.key for sign in red_flags().signs), "no")
        answers = RedFlagAnswers(patient_id=ANNA, visit_id=visit_id, version="1")
        answers.answers, answers.urgency = CALM | {"signs": signs}, None
        add(session, answers)
    page = clinic.client(who).get(f"/visits/{visit_id}/record").text
    assert (BOX.format(" checked") in page, BOX.format("") in page) == (ticked, not ticked)
    assert (UNASKED in page) == unasked
    clinic.record.close()


def test_an_unknown_set_is_refused(clinic: Clinic, as_therapist: TestClient) -> None:
    visit_id = make_visit(clinic)
    answer = as_therapist.post(f"/visits/{visit_id}/record", data={"protocol": "dance"})
    assert answer.status_code == 422


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/live/{}", "/live/{}/plan"])
def test_another_patients_recording_is_not_there(
    as_other_patient: TestClient, recording_id: str, path: str
) -> None:
    assert as_other_patient.get(path.format(recording_id)).status_code == 404


@pytest.mark.slow
def test_another_patients_visit_is_not_there(clinic: Clinic, as_patient: TestClient) -> None:
    visit_id = make_visit(clinic, BEN)
    assert as_patient.get(f"/visits/{visit_id}/record").status_code == 404
    posted = as_patient.post(f"/visits/{visit_id}/record", data={"protocol": "short"})
    assert posted.status_code == 404


@pytest.mark.slow
def test_the_line_is_closed_to_others(
    client: TestClient, as_other_patient: TestClient, recording_id: str
) -> None:
    for one in (client, as_other_patient):
        with (
            pytest.raises(WebSocketDisconnect),
            one.websocket_connect(f"{LINE}/live/{recording_id}") as line,
        ):
            line.receive_json()


def test_the_line_is_closed_to_other_origins(clinic: Clinic, recording_id: str) -> None:
    foreign = clinic.client("therapist", origin="http://elsewhere.example")
    with (
        pytest.raises(WebSocketDisconnect),
        foreign.websocket_connect(f"{LINE}/live/{recording_id}") as line,
    ):
        line.receive_json()


@pytest.mark.slow
def test_a_discarded_session_is_void(
    clinic: Clinic, as_therapist: TestClient, recording_id: str
) -> None:
    answer = as_therapist.post(f"/live/{recording_id}/discard")
    assert answer.status_code == 303
    with clinic.record.reading() as session:
        assert session.get_one(Recording, recording_id).voided_at is not None
    assert as_therapist.get(f"/live/{recording_id}").status_code == 404


class _StillTracker(LiveTracking):
    """A tracker that is there and does nothing: these tests are of the line."""

    def __init__(self) -> None:
        super().__init__(nobody)

    @property
    def alive(self) -> bool:
        return True

    async def close(self) -> None: ...


def _stop(live: LiveSessions) -> None:
    """Close the rooms, in a thread of its own: a browser of other tests keeps this one's loop."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, live.stop()).result()


def _sign_out(clinic: Clinic) -> None:
    with clinic.record.writing() as session:
        close_all(session, _account(session).id, datetime.now(UTC))


def _close_account(clinic: Clinic) -> None:
    with clinic.record.writing() as session:
        set_active(session, _account(session), False)


def _change_role(clinic: Clinic) -> None:
    with clinic.record.writing() as session:
        set_role(session, _account(session), "administrator", None)


def _new_password(clinic: Clinic) -> None:
    with clinic.record.writing() as session:
        set_password(session, _account(session), "another harbour teaspoon")


def _withdraw(clinic: Clinic) -> None:
    with clinic.record.writing() as session:
        save_consent(session, ANNA, "care", given=False, wording="care/1")


def _void(clinic: Clinic) -> None:
    with clinic.record.writing() as session:
        void(session, session.scalars(select(Recording)).one(), "a wrong click")


def _erase(clinic: Clinic) -> None:
    folder = clinic.services.folder
    assert folder is not None
    erase_patient(folder, clinic.record, "P-A001", "asked for in writing")


def _account(session: Session) -> Account:
    return session.scalars(select(Account).where(Account.name == "therapist")).one()


@pytest.mark.slow
def test_a_line_that_another_page_replaced_ends(
    clinic: Clinic, as_therapist: TestClient, recording_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tracker() -> LiveTracking:
        return _StillTracker()

    monkeypatch.setattr(clinic.services.live, "_tracker", tracker)
    monkeypatch.setattr(live_route, "LOOK_S", 0.02)
    address = f"{LINE}/live/{recording_id}"
    with as_therapist.websocket_connect(address) as first:
        assert [first.receive_json()["type"], first.receive_json()["mode"]] == ["starting", "check"]
        with as_therapist.websocket_connect(address) as second:
            assert second.receive_json()["type"] == "state"
            assert first.receive_json() == {"type": "replaced"}
            assert first.receive_json()["what"] == "The recording goes on in another window"
            with pytest.raises(WebSocketDisconnect):
                first.receive_json()
            second.send_json({"type": "pause"})
            assert second.receive_json()["type"] == "state"
    _stop(clinic.services.live)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("revoke", "said"),
    [
        (_sign_out, "Nobody is signed in here any more"),
        (_close_account, "Nobody is signed in here any more"),
        (_change_role, "Nobody is signed in here any more"),
        (_new_password, "Nobody is signed in here any more"),
        (_withdraw, "Nothing is recorded without the patient's consent"),
        (_void, "This recording is void"),
        (_erase, "There is no such row in recordings"),
    ],
)
def test_a_line_ends_when_what_it_rests_on_is_taken_back(
    clinic: Clinic,
    as_therapist: TestClient,
    recording_id: str,
    monkeypatch: pytest.MonkeyPatch,
    revoke: Callable[[Clinic], None],
    said: str,
) -> None:
    live = clinic.services.live

    async def tracker() -> LiveTracking:
        return _StillTracker()

    monkeypatch.setattr(live, "_tracker", tracker)
    monkeypatch.setattr(live_route, "LOOK_S", 0.02)
    with as_therapist.websocket_connect(f"{LINE}/live/{recording_id}") as line:
        assert [line.receive_json()["type"], line.receive_json()["mode"]] == ["starting", "check"]
        revoke(clinic)
        told = line.receive_json()
        assert (told["type"], told["fatal"], told["what"]) == ("problem", True, said)
        with pytest.raises(WebSocketDisconnect):
            line.receive_json()
    _stop(live)
