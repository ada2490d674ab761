"""Every state of a recording: what it says, what can be done next, and what was seen of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from test_live_routes import make_visit
from web_app import ANNA, Clinic

from facewire.clinic.live.room import open_log
from facewire.record.jobs import ask
from facewire.record.store import add
from facewire.record.tables import RECORDING_STATES, Measurement, Media, Recording

NO_FACE = {"code": "NoFaceError", "what": "No face was found", "expected": "", "found": ""}
DISK = {"code": "StorageError", "what": "The disk is full", "expected": "", "found": ""}
SESSION = {
    "steps": [{"movement": m} for m in ("rest", "smile_open", "smile_open", "brow_raise")],
    "performed": [
        {"step": 0, "times_ms": [], "outcome": "kept", "seen": None, "why": ""},
        {"step": 1, "times_ms": [], "outcome": "repeated", "seen": False, "why": "no"},
        {"step": 1, "times_ms": [], "outcome": "kept", "seen": True, "why": ""},
        {"step": 2, "times_ms": [], "outcome": "kept", "seen": False, "why": "no"},
        {"step": 3, "times_ms": [], "outcome": "kept", "seen": None, "why": ""},
    ],
}
COVERAGE = {
    "asked": 3,
    "usable": 2,
    "movements": [
        {"movement": "smile_open", "asked": 2, "usable": 1, "why_not": ["it was not held"]},
        {"movement": "brow_raise", "asked": 1, "usable": 1, "why_not": []},
    ],
    "lacking": [],
    "patterns": [],
    "regions": [],
}
WATCHED = "1 of 3 repetitions were seen while recording (open smile 1 of 2; brow raise 0 of 1)"
GO_ON, UPLOAD = 'href="/live/{id}"', 'href="/visits/{visit}/upload"'
MEASURE, STOP = 'action="/recordings/{id}/measure"', 'action="/jobs/'
AGAIN, RESULT = 'href="/visits/{visit}/record"', 'href="/measurements/'

NEXT = {
    "recording": GO_ON,
    "interrupted": GO_ON,
    "uploading": UPLOAD,
    "uploaded": MEASURE,
    "waiting": STOP,
    "measuring": STOP,
    "measured": RESULT,
    "failed": AGAIN,
}


class Kept:
    """A recording in a state, with what belongs to it."""

    def __init__(self, clinic: Clinic, state: str, **columns: Any) -> None:
        self.clinic, self.visit_id = clinic, make_visit(clinic)
        with clinic.record.writing() as session:
            media = Media(id="e" * 32, patient_id=ANNA, kind="track", name="track.parquet")
            media.size_bytes, media.sha256 = 1, "0" * 64
            row = Recording(patient_id=ANNA, visit_id=self.visit_id, origin="live", state=state)
            row.started_at, row.protocol = datetime(2026, 3, 4, 9, tzinfo=UTC), "short"
            row.capture, row.mirrored = columns.pop("capture", {}), False
            for name, value in columns.items():
                setattr(row, name, value)
            if state not in ("recording", "interrupted", "uploading"):
                row.track_media_id = add(session, media).id
            self.id = add(session, row).id
            if state in ("waiting", "measuring"):
                ask(session, row)
            if state == "measured":
                made = Measurement(patient_id=ANNA, visit_id=self.visit_id, recording_id=self.id)
                made.result, made.files = {"coverage": COVERAGE}, {}
                add(session, made)

    def page(self, who: str, address: str = "/recordings/{id}") -> str:
        """Return a page as one of the people sees it."""
        found = self.clinic.client(who).get(self.fill(address))
        assert found.status_code == 200
        return str(found.text)

    def fill(self, text: str) -> str:
        """Put the ids into a text."""
        return text.format(id=self.id, visit=self.visit_id)


def test_every_state_is_walked() -> None:
    assert set(NEXT) == set(RECORDING_STATES)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["therapist", "patient"])
@pytest.mark.parametrize("state", RECORDING_STATES)
def test_every_state_has_a_next_action(clinic: Clinic, state: str, who: str) -> None:
    problem = NO_FACE if state == "failed" else None
    kept = Kept(clinic, state, problem=problem)
    assert kept.fill(NEXT[state]) in kept.page(who)
    assert kept.fill("/recordings/{id}") in kept.page(who, "/visits/{visit}") or state == "measured"


@pytest.mark.parametrize("state", RECORDING_STATES)
def test_only_work_under_way_stands_in_the_way_of_a_patient(clinic: Clinic, state: str) -> None:
    kept = Kept(clinic, state, problem=NO_FACE if state == "failed" else None)
    home = kept.page("patient", "/")
    assert ('action="/visits/home"' in home) == (state not in ("waiting", "measuring"))
    assert ("could not be measured: No face was found." in home) == (state == "failed")


@pytest.mark.slow
def test_trying_again_is_offered_only_where_it_can_help(clinic: Clinic) -> None:
    in_it = Kept(clinic, "failed", problem=NO_FACE)
    again = in_it.fill(MEASURE)
    assert again not in in_it.page("patient")
    assert "No face was found" in in_it.page("patient")
    team = in_it.page("therapist")
    assert '<details class="card more">' in team
    with clinic.record.writing() as session:
        session.get_one(Recording, in_it.id).problem = DISK
    assert again in in_it.page("patient")
    assert "Try again" in in_it.page("patient")


def test_a_session_that_was_asked_to_finish_goes_on_by_itself(clinic: Clinic) -> None:
    kept = Kept(clinic, "recording")
    folder = clinic.services.folder
    assert folder is not None
    protocol = clinic.services.live.protocols["short"]
    log = open_log(kept.id, folder.path / "live" / kept.id, protocol)
    log.note({"type": "finish", "keep_video": False})
    log.close()
    page = kept.page("patient")
    assert "goes on by itself" in page
    assert kept.fill(GO_ON) not in page
    assert "it goes on by itself" in kept.page("patient", "/")


@pytest.mark.slow
def test_what_was_seen_stands_on_every_page_before_it_is_measured(clinic: Clinic) -> None:
    kept = Kept(clinic, "failed", problem=NO_FACE, capture={"session": SESSION})
    for address in ("/recordings/{id}", "/visits/{visit}"):
        assert WATCHED in kept.page("therapist", address)
    assert WATCHED in kept.page("patient", "/")
    page = kept.page("therapist")
    assert "Of 1 it is known when they are measured." in page
    assert page.index(WATCHED) < page.index("No face was found")


@pytest.mark.slow
def test_what_could_be_used_stands_on_every_page_once_it_is_measured(clinic: Clinic) -> None:
    kept = Kept(clinic, "measured", capture={"session": SESSION})
    words = "2 of 3 repetitions could be used (open smile 1 of 2; brow raise 1 of 1)."
    for address in ("/recordings/{id}", "/visits/{visit}"):
        assert words in kept.page("therapist", address)
    assert words in kept.page("patient", "/")
