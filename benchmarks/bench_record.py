"""The record's queries with 10,000 visits in it, plain and encrypted."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from facewire.record.audit import SYSTEM, Actor, saw
from facewire.record.clinical import add_note
from facewire.record.engine import open_engine
from facewire.record.injections import TOXIN
from facewire.record.patients import Who, find_patients
from facewire.record.rows import new_id
from facewire.record.store import Record
from facewire.record.tables import Identity, Measurement, Patient, Recording, TreatmentGiven, Visit
from facewire.record.timeline import course, timeline
from facewire.record.visits import recent_visits
from rows import Row

PATIENTS, VISITS = 2500, 10_000
RESULT_BYTES = 6000
"""More than a page of SQLite, so that a query that reads results by mistake shows."""
REPEATS = 15
START = date(2020, 1, 1)
PERSON = Actor(new_id(), "clinician")

FAMILY = ("Muster", "Müller", "García", "Ångström", "O'Neill", "Nowak", "Rossi", "Sørensen")
GIVEN = ("Maria", "José", "Anna", "Otto", "Zoë", "Ivan", "Chiara", "Sven")


def rows() -> list[Row]:
    """Measure."""
    found = []
    for name, key in (("SQLite", None), ("SQLCipher", os.urandom(32))):
        with TemporaryDirectory() as folder:
            record = Record.open(open_engine(f"sqlite:///{Path(folder) / 'r.sqlite'}", key))
            patient_id = fill(record)
            found += measure(name, record, patient_id)
            record.close()
    return found


def measure(name: str, record: Record, patient_id: str) -> list[Row]:
    """Time the queries of the pages that are opened most."""

    def reading(query: Callable[[Session], object]) -> Callable[[], object]:
        def run() -> object:
            with record.reading() as session:
                return query(session)

        return run

    def write() -> None:
        with record.writing(by=PERSON) as session:
            add_note(session, patient_id, "calm")

    def look() -> None:
        with record.reading() as session:
            saw(session, PERSON, "timeline", None, patient_id)

    timed: tuple[tuple[str, Callable[[], object], float | None], ...] = (
        ("first page: 25 latest visits", reading(recent_visits), 30.0),
        ("search: 2 letters", reading(lambda s: find_patients(s, "mu")), 60.0),
        ("search: name and number", reading(lambda s: find_patients(s, "müller 12")), 60.0),
        ("search: nothing typed", reading(find_patients), 60.0),
        ("time line of one patient", reading(lambda s: timeline(s, patient_id)), 60.0),
        ("measured course of one patient", reading(lambda s: course(s, patient_id)), 60.0),
        ("one note stored", write, None),
        ("one look noted", look, None),
    )
    how = f"{VISITS} visits, median of {REPEATS}"
    return [
        Row("record", f"{name}, {what}", _ms(action), "ms", at_most=most, remark=how)
        for what, action, most in timed
    ]


def _ms(action: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return median(times[1:])


def fill(record: Record) -> str:
    """Put patients, visits, measurements and injections in; return the id of one patient."""
    rng = random.Random(1)
    patients = [_kept(code=f"P{number:06}") for number in range(PATIENTS)]
    ids = [row["id"] for row in patients]
    visits = [
        _kept(patient_id=rng.choice(ids), on=START + timedelta(days=n // 6), kind="in_person")
        for n in range(VISITS)
    ]
    recordings = [_of(v, origin="upload", state="measured", started_at=_now()) for v in visits]
    result = {"text": "x" * RESULT_BYTES}
    measurements = [_of(r, recording_id=r["id"], result=result) for r in recordings]
    with record.writing(by=SYSTEM) as session:
        _insert(session, Patient, patients)
        _insert(session, Identity, (_identity(rng, n, i) for n, i in enumerate(ids)))
        _insert(session, Visit, visits)
        _insert(session, Recording, (r | {"capture": {}} for r in recordings))
        _insert(session, Measurement, (m | {"files": {}} for m in measurements))
        _insert(session, TreatmentGiven, _injections(rng, visits))
    return str(visits[-1]["patient_id"])


def _identity(rng: random.Random, number: int, patient_id: str) -> dict[str, Any]:
    who = Who(
        rng.choice(GIVEN),
        f"{rng.choice(FAMILY)}-{number}",
        date(1950, 1, 1) + timedelta(days=number),
        f"K-{number}",
    )
    row = who.row(patient_id)
    names = ("given_name", "family_name", "birth_date", "clinic_number", "search_text")
    return _kept(patient_id=patient_id) | {name: getattr(row, name) for name in names}


def _injections(rng: random.Random, visits: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for visit in visits:
        session_id = new_id()
        for side in rng.sample(("L", "R"), rng.randint(0, 2)):
            yield _of(
                visit,
                session_id=session_id,
                on=visit["on"],
                procedure=TOXIN,
                muscle="mentalis",
                side=side,
                product="Botox",
                units=2.5,
                details={},
            )


def _of(row: dict[str, Any], **values: Any) -> dict[str, Any]:
    visit_id = row.get("visit_id", row["id"])
    return _kept(patient_id=row["patient_id"], visit_id=visit_id, **values)


def _kept(**values: Any) -> dict[str, Any]:
    return {"id": new_id(), "created_at": _now(), "software": "bench", **values}


def _now() -> datetime:
    return datetime.now(UTC)


def _insert(session: Session, kind: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    session.execute(insert(kind), list(rows))
