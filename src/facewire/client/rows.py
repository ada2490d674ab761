"""Patients, visits, recordings, jobs and measurements of a running facewire.

What comes back is the interface's JSON, as its description at ``/api/v1/openapi.json`` says.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from facewire.client.base import Client, NoAnswerError
from facewire.errors import FacewireError

Shown = dict[str, Any]
LOOK_EVERY_S = 0.5


def find_patients(client: Client, words: str = "", page: int = 1) -> Shown:
    """Return a page of patients: ``items``, ``page``, ``pages``, ``count``.

    Parameters
    ----------
    client : Client
    words : str
        Beginnings of names, birth date, number, or the code.
    page : int
        From 1.
    """
    return dict(client.get("/patients", q=words, page=page))


def add_patient(client: Client, **who: Any) -> Shown:
    """Add a patient: ``given_name``, ``family_name``, ``birth_date``, ``clinic_number``..."""
    return dict(client.post("/patients", who))


def add_visit(
    client: Client, patient_id: str, on: str, kind: str = "in_person", reason: str | None = None
) -> Shown:
    """Add a visit on a day such as ``2026-03-04``; kind: in_person, virtual or home."""
    body = {"on": on, "kind": kind, "reason": reason}
    return dict(client.post(f"/patients/{patient_id}/visits", body))


def get_recording(client: Client, recording_id: str) -> Shown:
    """Return a recording and what became of it."""
    return dict(client.get(f"/recordings/{recording_id}"))


def ask_for_measurement(client: Client, recording_id: str, **said: Any) -> Shown:
    """Ask for a measurement, again or for the first time; return its job.

    Parameters
    ----------
    client : Client
    recording_id : str
    **said
        ``mirrored``, ``affected`` (``L``, ``R``, ``none``, ``infer``), ``iris_mm``.
    """
    return dict(client.post(f"/recordings/{recording_id}/measure", said))


def get_job(client: Client, job_id: str) -> Shown:
    """Return how far a job is."""
    return dict(client.get(f"/jobs/{job_id}"))


def wait_for(client: Client, job_id: str, patience_s: float = 3600.0) -> Shown:
    """Wait until a job has ended and return it; an app that restarts meanwhile is asked again.

    Parameters
    ----------
    client : Client
    job_id : str
    patience_s : float
        How long at most.

    Raises
    ------
    FacewireError
        It has not ended by then.
    """
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            job = get_job(client, job_id)
        except NoAnswerError:
            job = {"state": "unknown"}
        if job["state"] in ("done", "failed", "cancelled"):
            return job
        time.sleep(LOOK_EVERY_S)
    raise FacewireError("The job has not ended", expected=f"an end within {patience_s:g} s")


def list_measurements(client: Client, patient_id: str, page: int = 1) -> Shown:
    """Return a page of a patient's measurements that hold now, newest first."""
    return dict(client.get(f"/patients/{patient_id}/measurements", page=page))


def get_result(client: Client, measurement_id: str) -> Shown:
    """Return the result document, ``facewire.measurement/1``."""
    return dict(client.get(f"/measurements/{measurement_id}/result.json"))


def list_files(client: Client, measurement_id: str) -> list[Shown]:
    """Return path, size and SHA-256 of each file of a measurement."""
    return list(client.get(f"/measurements/{measurement_id}/files"))


def get_file(client: Client, measurement_id: str, path: str, to: Path) -> Path:
    """Store one file of a measurement, such as ``track.parquet``, and return where."""
    answer = client.ask("GET", f"/measurements/{measurement_id}/files/{path}")
    to.write_bytes(answer.content)
    return to
