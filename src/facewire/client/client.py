"""A program's way to the clinic's app, over its documented interface.

>>> with Client("http://127.0.0.1:8000") as clinic:      # doctest: +SKIP
...     clinic.sign_in("m.keller", password)
...     patient = clinic.add_patient(given_name="Maria", family_name="Muster")
...     visit = clinic.add_visit(patient["id"], date.today())
...     recording = clinic.upload(visit["id"], Path("smile.mp4"))
...     job = clinic.wait(recording["job_id"])
...     result = clinic.result(job["measurement_id"])
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from facewire.client.errors import AnswerError, NoAnswerError
from facewire.client.uploads import Said, Sending, silent
from facewire.errors import FacewireError, UsageError

API = "/api/v1"
ENDED = ("done", "failed", "cancelled")

Row = dict[str, Any]


class Client:
    """A session with the app.

    Parameters
    ----------
    address : str
        Such as ``http://127.0.0.1:8000``.
    timeout_s : float
        How long one answer may take.
    transport : httpx.BaseTransport, optional
        Another way to the app; for tests.
    """

    def __init__(
        self,
        address: str,
        *,
        timeout_s: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(
            base_url=address.rstrip("/"),
            # The app refuses changes that do not say that they come from its own address.
            headers={"origin": address.rstrip("/"), "accept": "application/json"},
            timeout=timeout_s,
            transport=transport,
            # A clinic's app is on this computer or in this house: no proxy is asked.
            trust_env=False,
        )

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection; the session stays open until `sign_out` or its end."""
        self._http.close()

    def sign_in(self, name: str, password: str, code: str = "") -> Row:
        """Open a session and return who is signed in.

        Parameters
        ----------
        name, password : str
        code : str
            Of the phone, where the account asks for one.

        Raises
        ------
        AnswerError
            Name, password and code do not fit (code ``sign_in``).
        """
        sent = {"name": name, "password": password} | ({"code": code} if code else {})
        found = self._ask("POST", "/sign-in", json=sent)
        self._http.headers["authorization"] = f"Bearer {found['token']}"
        person: Row = found["person"]
        return person

    def choose_password(self, old: str, new: str) -> Row:
        """Change one's own password and go on; whoever was handed one out begins with this.

        Raises
        ------
        AnswerError
            The old password is wrong, or the new one cannot be used.
        """
        found = self._ask("POST", "/password", json={"old": old, "password": new})
        self._http.headers["authorization"] = f"Bearer {found['token']}"
        person: Row = found["person"]
        return person

    def sign_out(self) -> None:
        """End the session."""
        self._ask("POST", "/sign-out")
        del self._http.headers["authorization"]

    def me(self) -> Row:
        """Return who is signed in."""
        return self._row("GET", "/me")

    def patients(self, words: str = "") -> Iterator[Row]:
        """Yield patients that fit the words, page after page."""
        return self._pages("/patients", {"q": words})

    def add_patient(self, *, although_known: bool = False, **who: Any) -> Row:
        """Add a patient and return it.

        Parameters
        ----------
        although_known : bool
            Add although one of the same name or number is there.
        **who
            ``given_name``, ``family_name``, ``birth_date`` (date or text), ``clinic_number``,
            ``contact``.
        """
        return self._row(
            "POST", "/patients", json={**_patient_parts(who), "although_known": although_known}
        )

    def add_visit(
        self, patient_id: str, on: date, kind: str = "in_person", reason: str | None = None
    ) -> Row:
        """Add a visit and return it.

        Parameters
        ----------
        patient_id : str
            The patient.
        on : date
            Day of the visit.
        kind : str
            ``in_person``, ``virtual`` or ``home``.
        reason : str, optional
            In words.
        """
        sent = {"on": on.isoformat(), "kind": kind, "reason": reason}
        return self._row("POST", f"/patients/{patient_id}/visits", json=sent)

    def visits(self, patient_id: str) -> Iterator[Row]:
        """Yield a patient's visits, the latest first."""
        return self._pages(f"/patients/{patient_id}/visits", {})

    def upload(
        self,
        visit_id: str,
        path: Path,
        *,
        mirrored: bool | None = None,
        cues: list[Row] | None = None,
        keep_both: bool = False,
        patience_s: float = 300.0,
        said: Said = silent,
    ) -> Row:
        """Send a video and return its recording; what was cut off goes on where it stopped.

        Parameters
        ----------
        visit_id : str
            The visit.
        path : Path
            The video.
        mirrored : bool, optional
            Whether its picture is mirrored.
        cues : list, optional
            Rows of its cue sheet.
        keep_both : bool
            Keep it although the patient has the same video already.
        patience_s : float
            How long an app that does not answer, as while it starts again, is asked again.
        said : callable
            Called with the share that has arrived, 0 to 1.

        Raises
        ------
        AnswerError
            The app refuses it: the same video is there (code ``duplicate``), no room (507).
        NoAnswerError
            It did not answer for as long as ``patience_s``.
        UsageError
            The file cannot be read.
        """
        sending = Sending(self._answer, path, patience_s, said)
        return sending.run(visit_id, {"mirrored": mirrored, "cues": cues}, keep_both=keep_both)

    def measure(self, recording_id: str, **settings: Any) -> Row:
        """Ask for a measurement and return its job.

        Parameters
        ----------
        recording_id : str
            The recording.
        **settings
            ``mirrored``, ``affected``, ``iris_mm``.
        """
        return self._row("POST", f"/recordings/{recording_id}/measure", json=settings)

    def wait(self, job_id: str, *, limit_s: float = 3600.0, every_s: float = 1.0) -> Row:
        """Wait for a job to end and return it.

        Parameters
        ----------
        job_id : str
            The job.
        limit_s, every_s : float
            How long at most, and how often the app is asked.

        Raises
        ------
        FacewireError
            It failed or was cancelled (with the job's own four parts), or took too long.
        """
        until = time.monotonic() + limit_s
        while True:
            job = self._row("GET", f"/jobs/{job_id}")
            if job["state"] in ENDED:
                return _ended_well(job)
            if time.monotonic() > until:
                raise FacewireError(
                    "The measurement is not ready in time",
                    expected=f"at most {limit_s:g} s",
                    found=f"{job['share']:.0%} done",
                    do="wait longer: the job goes on",
                )
            time.sleep(every_s)

    def recording(self, recording_id: str) -> Row:
        """Return a recording: its state, its job, its measurement."""
        return self._row("GET", f"/recordings/{recording_id}")

    def result(self, measurement_id: str) -> Row:
        """Return a result document, as ``facewire measure`` writes it."""
        return self._row("GET", f"/measurements/{measurement_id}/result.json")

    def measurements(self, patient_id: str) -> Iterator[Row]:
        """Yield a patient's measurements that hold now, the newest first."""
        return self._pages(f"/patients/{patient_id}/measurements", {})

    def files(self, measurement_id: str) -> list[Row]:
        """Return path, size and SHA-256 of each file of a measurement."""
        return list(self._ask("GET", f"/measurements/{measurement_id}/files"))

    def file(self, measurement_id: str, path: str) -> bytes:
        """Return one file of a measurement, such as ``track.parquet``."""
        return self._answer("GET", f"/measurements/{measurement_id}/files/{path}").content

    def _pages(self, path: str, query: Mapping[str, Any]) -> Iterator[Row]:
        number, count = 1, 1
        while number <= count:
            found = self._ask("GET", path, params={**query, "page": number})
            yield from found["items"]
            number, count = number + 1, found["pages"]

    def _row(self, method: str, path: str, **sent: Any) -> Row:
        found: Row = self._ask(method, path, **sent)
        return found

    def _ask(self, method: str, path: str, **sent: Any) -> Any:
        answer = self._answer(method, path, **sent)
        return answer.json() if answer.content else None

    def _answer(self, method: str, path: str, **sent: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, API + path, **sent)
        except httpx.HTTPError as error:
            raise NoAnswerError(
                "The app does not answer",
                expected=f"facewire at {self._http.base_url}",
                found=type(error).__name__,
                do="start it with facewire serve, or check the address",
            ) from error
        if answer.is_error:
            raise _refusal(answer)
        return answer


def _refusal(answer: httpx.Response) -> AnswerError:
    try:
        parts = answer.json()["error"]
        return AnswerError(answer.status_code, str(parts["code"]), parts)
    except (ValueError, KeyError, TypeError):
        return AnswerError(answer.status_code, "unknown", {})


def _ended_well(job: Row) -> Row:
    if job["state"] == "done":
        return job
    problem = job["problem"] or {}
    raise FacewireError(
        problem.get("what") or f"The measurement was {job['state']}",
        expected=problem.get("expected", ""),
        found=problem.get("found", ""),
        do=problem.get("do", ""),
    )


def _patient_parts(values: Mapping[str, Any]) -> Row:
    known = {"given_name", "family_name", "birth_date", "clinic_number", "contact"}
    if unknown := sorted(set(values) - known):
        raise UsageError(
            "A patient has no such part", expected=", ".join(sorted(known)), found=unknown[0]
        )
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
