"""Today is the clinic's day: what was this morning in Auckland is yesterday in UTC."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from web_app import ANNA, Clinic, TestClient

from facewire.cli.serve import use_zone
from facewire.errors import UsageError

MORNING = datetime(2026, 3, 3, 20, 30, tzinfo=UTC)
"""Half past nine on 4 March in Auckland."""


@pytest.fixture(autouse=True)
def _zone_back() -> Iterator[None]:
    before = os.environ.get("TZ")
    yield
    os.environ.pop("TZ", None)
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def client(clinic: Clinic) -> TestClient:
    clinic.app.state.facewire = replace(clinic.services, clock=lambda: MORNING)
    return clinic.client("therapist")


def test_a_birth_and_an_onset_of_this_morning_are_taken(clinic: Clinic) -> None:
    use_zone("Pacific/Auckland")
    signed_in = client(clinic)
    born = {"family_name": "New", "birth_date": "2026-03-04"}
    assert signed_in.post("/patients/new", data=born).status_code == 303
    onset = {"cause": "bell", "onset_on": "2026-03-04", "onset_precision": "day", "side": "R"}
    assert signed_in.post(f"/patients/{ANNA}/history", data=onset).status_code == 303
    tomorrow = {"family_name": "Newer", "birth_date": "2026-03-05"}
    assert signed_in.post("/patients/new", data=tomorrow).status_code == 422


def test_without_a_setting_it_is_the_computer_s_day(clinic: Clinic) -> None:
    use_zone("UTC")
    use_zone("")
    born = {"family_name": "New", "birth_date": "2026-03-04"}
    assert client(clinic).post("/patients/new", data=born).status_code == 422


def test_a_zone_that_the_computer_does_not_know_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # The system's list is looked for elsewhere: the C library then falls back to UTC.
    monkeypatch.setenv("TZDIR", "/nowhere")
    with pytest.raises(UsageError, match="does not know the clinic's time zone"):
        use_zone("Asia/Kathmandu")
