"""`facewire serve` as a process of its own, to be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from web_app import PASSWORD, PEOPLE

from facewire.client import Client
from facewire.record.clinical import save_consent
from facewire.record.folder import open_data
from facewire.record.store import Record

LONGEST_START_S = 90.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class ServedApp:
    """The app over a data folder, on the same port at every start."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end(signal.SIGTERM)

    def start(self) -> None:
        program = [sys.executable, "-m", "facewire", "serve", "--data", str(self.data)]
        self._process = subprocess.Popen(
            [*program, "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        end = time.monotonic() + LONGEST_START_S
        while not self._answers():
            assert self._process.poll() is None, "the app ended at its start"
            assert time.monotonic() < end, "the app did not start"
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.end(signal.SIGKILL)

    def end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def signed_in(app: ServedApp) -> Client:
    """Return a client of the therapist."""
    client = Client(app.url)
    client.sign_in(PEOPLE["therapist"].name, PASSWORD)
    return client


def agree(data: Path, *patients: str) -> None:
    """Take down that patients agree to be recorded."""
    folder = open_data(data)
    record = Record.open(folder.engine())
    with record.writing() as session:
        for patient_id in patients:
            save_consent(session, patient_id, "care", given=True, wording="care/1")
    record.close()
