"""A clinic made for tests: people, two patients, an app over it, and clients that are signed in."""

from __future__ import annotations

import shutil
import socket
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from facewire.record.folder import open_data
from facewire.record.people import NewAccount, create_account
from facewire.record.sessions import open_session
from facewire.record.store import Record, add
from facewire.record.tables import Account, Identity, Patient
from facewire.web.app import create_app
from facewire.web.deps import Services
from facewire.web.serving import server_config
from facewire.web.settings import WebSettings

with warnings.catch_warnings():
    # Starlette wants a newer client library than the one that facewire.client uses.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PORT = 8000
ORIGIN = f"http://localhost:{PORT}"
PASSWORD = "violet harbour teaspoon"
ANNA, BEN = "a" * 32, "b" * 32
"""Ids of the two patients."""

PEOPLE = {
    "administrator": NewAccount("admin", "Ada Admin", PASSWORD, "administrator"),
    "therapist": NewAccount("therapist", "Thea Therapist", PASSWORD, "clinician", "therapist"),
    "surgeon": NewAccount("surgeon", "Sam Surgeon", PASSWORD, "clinician", "surgeon"),
    "patient": NewAccount("anna", "Anna Example", PASSWORD, "patient", None, ANNA),
    "other_patient": NewAccount("ben", "Ben Example", PASSWORD, "patient", None, BEN),
}


@dataclass(frozen=True)
class Clinic:
    """The app over a data folder, with what a test needs of it."""

    app: FastAPI
    services: Services

    @property
    def record(self) -> Record:
        return self.services.record

    def client(self, who: str | None = None, **headers: str) -> TestClient:
        """Return a client that is signed in as one of `PEOPLE`, or as nobody."""
        made = TestClient(
            self.app,
            base_url=ORIGIN,
            headers={"origin": ORIGIN, **headers},
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        if who is not None:
            set_cookie(made, self.services.settings.cookie, self.token(who))
        return made

    def token(self, who: str) -> str:
        """Open a session for one of `PEOPLE` and return its token."""
        with self.record.writing() as session:
            account = session.query(Account).filter_by(name=PEOPLE[who].name).one()
            return open_session(session, account, datetime.now(UTC))


def set_cookie(client: TestClient, name: str, value: str) -> None:
    """Give a client a cookie as if the app had set it."""
    client.cookies.set(name, value, domain="localhost.local", path="/")


def write_clinic(folder: Path) -> Path:
    """Make a data folder with the people and the two patients."""
    data = open_data(folder, None)
    record = Record.open(data.engine())
    with record.writing() as session:
        for patient_id, given in ((ANNA, "Anna"), (BEN, "Ben")):
            code = f"P-{given[0]}001"
            add(session, Patient(id=patient_id, code=code))
            add(
                session,
                Identity(
                    patient_id=patient_id,
                    given_name=given,
                    family_name="Example",
                    birth_date=date(1980, 5, 17),
                    search_text=f"{given} Example 1980-05-17 {code}",
                ),
            )
        for person in PEOPLE.values():
            create_account(session, person)
    record.close()
    return folder


def open_clinic(folder: Path, **settings: object) -> Clinic:
    """Open an app over a data folder."""
    app = create_app(WebSettings(folder, port=PORT, **settings))  # type: ignore[arg-type]
    return Clinic(app, app.state.facewire)


def copy_clinic(prepared: Path, folder: Path) -> Path:
    """Copy a prepared data folder: hashing passwords anew for every test would take seconds."""
    return Path(shutil.copytree(prepared, folder))


@contextmanager
def running(clinic: Clinic, *, work: bool = True) -> Iterator[str]:
    """Run a clinic's app on a free port; gives its address. `work`: jobs and live sessions too."""
    listener = socket.create_server(("127.0.0.1", 0))
    lifespan = "on" if work else "off"
    config = server_config(clinic.app)
    config.log_config, config.lifespan, config.ws = None, lifespan, "websockets-sansio"
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
