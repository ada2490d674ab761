"""A small record with a row in every table, kept as text for every revision of the tables.

``python tests/record_fixture.py`` writes ``tests/fixtures/record_<revision>.sql`` with tables and
rows, and ``guards_<revision>.sql`` with what stands over them (indexes and triggers); the first two
revisions have both in one file. It is run once for each revision, before the next one changes the
tables; files that are there are not changed.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from argon2 import PasswordHasher
from sqlalchemy import Engine, MetaData, Table, inspect, select, text
from sqlalchemy.orm import Session

from facewire.record import people
from facewire.record.audit import Actor
from facewire.record.clinical import (
    Story,
    add_note,
    save_complaint,
    save_consent,
    save_finding,
    save_grade,
    save_history,
)
from facewire.record.engine import open_engine
from facewire.record.injections import Given, Injection, record_injections
from facewire.record.migrations import bring_up_to_date, newest_revision
from facewire.record.patients import Who, add_patient, change_code
from facewire.record.people import NewAccount, create_account
from facewire.record.same_person import join
from facewire.record.sessions import open_session
from facewire.record.store import Record, add, correct
from facewire.record.tables import (
    Computed,
    Decision,
    Erasing,
    FactAnswer,
    Job,
    Measurement,
    Media,
    Recording,
    RedFlagAnswers,
    Release,
    RoomCheck,
    Upload,
    Visit,
)
from facewire.record.visits import add_visit

FIXTURES = Path(__file__).parent / "fixtures"
GUARDS = ("CREATE INDEX", "CREATE UNIQUE INDEX", "CREATE TRIGGER")
BEGIN = "BEGIN TRANSACTION;"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BY = Actor("a" * 32, "clinician")


def write() -> Path:
    """Make the record and write it as SQL text."""
    people.HASHER = PasswordHasher(1, 8, 1)
    path = FIXTURES / f"record_{newest_revision()}.sql"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "record.sqlite"
        record = Record.open(open_engine(f"sqlite:///{file}"), clock=lambda: NOON)
        with record.writing(by=BY) as session:
            fill(session)
        record.close()
        with closing(sqlite3.connect(file)) as connection:
            # The dump ends with the guards: they come after the rows that they guard.
            lines = list(connection.iterdump())
    first = next(i for i, line in enumerate(lines) if line.startswith(GUARDS))
    path.write_text("\n".join([*lines[:first], "COMMIT;", ""]), "utf-8")
    _guards(newest_revision()).write_text("\n".join([BEGIN, *lines[first:], ""]), "utf-8")
    return path


def _guards(revision: str) -> Path:
    return FIXTURES / f"guards_{revision}.sql"


def fill(session: Session) -> None:
    """Put a row into every table."""
    patient = add_patient(session, Who("María", "Müller", date(1970, 1, 31), "K-123", "by post"))
    change_code(session, patient)
    visit = add_visit(session, patient.id, date(2026, 3, 2), "in_person", "first visit")
    correct(session, visit, on=date(2026, 3, 3))
    save_history(session, patient.id, Story("bell", date(2024, 5, 1), "month", "R", text="tired"))
    save_finding(session, visit, "platysma", "R", 2)
    save_finding(session, visit, "platysma", "R", 3)
    save_complaint(session, visit, "tightness", 7)
    save_grade(session, visit, "sunnybrook", {"eye": 1})
    save_consent(session, patient.id, "care", given=True, wording="2026-1")
    add_note(session, patient.id, "calm", visit.id)
    table = [Injection("mentalis", "R", 2.5), Injection("platysma", "L")]
    record_injections(session, Given(patient.id, visit.on, visit.id), "Botox", table)
    add(session, RedFlagAnswers(patient_id=patient.id, version="1", answers={"red_eye": False}))
    _fill_recording(session, visit)
    job = add(session, Job(kind="room", state="done", share=1.0, attempts=1, settings={}))
    check = RoomCheck(job_id=job.id, room="Room 2", on=visit.on, wording="room/1")
    check.result = {"schema": "x", "n": 0.5}
    add(session, check)
    correct(session, visit, room="Room 2")
    twin = add_patient(session, Who("Maria", "Mueller"))
    join(session, patient.id, twin.id)
    account = create_account(
        session, NewAccount("ann", "Ann", "three calm herons", "administrator")
    )
    open_session(session, account, NOON)
    session.add(Erasing(patient_id="0" * 32))


def _fill_recording(session: Session, visit: Visit) -> None:
    keys = {"patient_id": visit.patient_id, "visit_id": visit.id}
    media = Media(
        patient_id=visit.patient_id, kind="video", name="a.mp4", size_bytes=3, sha256="0" * 64
    )
    add(session, media)
    recording = Recording(
        **keys, origin="upload", state="measured", started_at=NOON, video_media_id=media.id
    )
    add(session, recording)
    measured = Measurement(**keys, recording_id=recording.id, result={"schema": "x", "n": 0.5})
    add(session, measured)
    _fill_decision(session, keys, measured.id, media.id)
    add(
        session, Job(kind="measure", recording_id=recording.id, state="done", share=1.0, attempts=1)
    )
    upload = Upload(
        recording_id=recording.id,
        account_id=BY.account_id,
        name="a.mp4",
        size_bytes=3,
        fingerprint="0" * 64,
        received_bytes=3,
        state="done",
        updated_at=NOON,
    )
    add(session, upload)


def _fill_decision(session: Session, keys: dict[str, str], measured: str, media: str) -> None:
    job = add(session, Job(kind="decide", visit_id=keys["visit_id"], state="done", share=1.0))
    links = {"measurement_id": measured, "job_id": job.id, "media_id": media}
    made = add(session, Computed(**keys, **links, kind="forecast", inputs="{}"))
    answer = FactAnswer(**keys, fact="dry_eye", side="R", value=False, answered_by="Ann")
    answer.answered_on = NOON.date()
    add(session, answer)
    decision = Decision(**keys, forecast_id=made.id, chosen=made.id, words="toxin")
    decision.reason, decision.decided_by = "the eye narrows", "Ann"
    decision.decided_on = NOON.date()
    add(session, decision)
    add(session, Release(**keys, computed_id=made.id, given=True))


def load(engine: Engine, revision: str) -> None:
    """Put the record of an older revision into an empty database."""
    script = (FIXTURES / f"record_{revision}.sql").read_text("utf-8")
    if (guards := _guards(revision)).exists():
        script += guards.read_text("utf-8")
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as connection:
            connection.executescript(script)
        return
    with TemporaryDirectory() as folder:
        source = open_engine(f"sqlite:///{Path(folder) / 'old.sqlite'}")
        load(source, revision)
        bring_up_to_date(engine, to=revision)
        _copy(source, engine)
        source.dispose()


def _copy(source: Engine, target: Engine) -> None:
    tables = set(inspect(source).get_table_names()) - {"alembic_version"}
    with source.connect() as reading, target.begin() as writing:
        writing.execute(text("SET LOCAL session_replication_role = replica"))
        for name in tables:
            old = Table(name, MetaData(), autoload_with=source, resolve_fks=False)
            new = Table(name, MetaData(), autoload_with=target, resolve_fks=False)
            for row in reading.execute(select(old)).mappings():
                writing.execute(new.insert().values(**{k: _aware(v) for k, v in row.items()}))


def _aware(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


if __name__ == "__main__":
    print(write())  # noqa: T201
