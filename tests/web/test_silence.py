"""Nothing secret in the logs, nothing sent out, whatever the environment says."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from web_app import PASSWORD, Clinic, TestClient

SECRET = "Grandmother Willow"


def test_no_secret_is_in_the_logs(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = clinic.client()
    client.post("/login", data={"name": SECRET, "password": "guessed password"})
    client.post("/login", data={"name": "therapist", "password": PASSWORD})
    token = client.cookies["facewire"]
    new = {"given_name": SECRET, "family_name": SECRET}
    client.post("/patients/new", data=new)
    client.post("/api/v1/patients", json=new | {"unknown": SECRET})
    client.get("/patients", params={"q": SECRET})
    own = (record for record in caplog.records if not record.name.startswith("httpx"))
    said = "\n".join(record.getMessage() for record in own)
    for word in (SECRET, PASSWORD, "guessed password", token, "Willow"):
        assert word not in said


def test_an_unexpected_fault_tells_nothing_and_keeps_the_headers(
    clinic: Clinic, as_therapist: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("facewire.web.routes.home._team_view", broken)
    answer = as_therapist.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert SECRET not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"


def test_a_fault_of_the_database_holds_no_values(clinic: Clinic) -> None:
    from sqlalchemy import text

    with (
        pytest.raises(Exception, match="did not answer as it should") as fault,
        clinic.record.reading() as one,
    ):
        one.execute(text("select * from nothing where name = :name"), {"name": SECRET})
    assert SECRET not in str(fault.value)


WATCHED = """
import sys, socket
asked = []
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        asked.append((event, str(args[1:] if event != "socket.getaddrinfo" else args[:2])))
sys.addaudithook(watch)
sys.path[:0] = {paths!r}
from pathlib import Path
from web_app import write_clinic, open_clinic
clinic = open_clinic(write_clinic(Path(sys.argv[1])))
with clinic.client("therapist") as client:
    assert client.get("/").status_code == 200
    assert client.get("/nowhere").status_code == 404
if {control}:
    try:
        socket.create_connection(("127.0.0.1", 9), 1)
    except OSError:
        pass
print(asked)
"""


@pytest.mark.slow
@pytest.mark.parametrize("control", [False, True])
def test_telemetry_variables_change_nothing(tmp_path: Path, control: bool) -> None:
    here = Path(__file__).parent
    code = WATCHED.format(paths=[str(here), str(here.parent)], control=control)
    settings = {
        "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_METRICS_EXPORTER": "otlp",
        "OTEL_LOGS_EXPORTER": "otlp",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(tmp_path / "data")],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    asked = done.stdout.strip().splitlines()[-1]
    assert (asked != "[]") == control
