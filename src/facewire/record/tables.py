"""The tables of the record: who, when, what, and nothing that is ever overwritten."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from facewire.record.rows import Base, Kept, Moment, new_id
from facewire.record.sealed_columns import Sealed, SealedDate, SearchWords

ROLES = ("patient", "clinician", "administrator")
PROFESSIONS = ("therapist", "surgeon", "injector", "psychologist", "educator")
PURPOSES = ("care", "outcomes_gallery", "research")
VISIT_KINDS = ("in_person", "virtual", "home")
RECORDING_STATES = (
    "recording",
    "uploading",
    "uploaded",
    "waiting",
    "measuring",
    "measured",
    "failed",
    "interrupted",
)
JOB_STATES = ("waiting", "running", "done", "failed", "cancelled")
COMPUTED = ("wiring", "plan", "forecast")
"""What is computed from a measurement: inferred, or simulated."""
FINDINGS = (
    "platysma",
    "chin_skin",
    "nasolabial_fold",
    "cheek_tightness",
    "stapedial_noise",
    "tearing",
)
"""What video cannot see; the clinician enters it as 0 to 3, with its side."""
COMPLAINTS = ("tightness", "pain", "bother")


def _one_live(table: str, column: str = "patient_id") -> Index:
    live = text("voided_at IS NULL")
    name = f"uq_{table}_live"
    return Index(name, column, unique=True, sqlite_where=live, postgresql_where=live)


class Account(Base):
    """Who may sign in. ``patient_id`` is set for a patient's own account.

    ``handed_out``: somebody else made the password and knows it. ``code_secret``: of the codes of a
    second step at sign-in, asked for once ``code_since`` is set; ``code_step`` is the last that was
    used, ``spare_codes`` the SHA-256 of those on paper.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("role in ('patient', 'clinician', 'administrator')", name="role"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    shown_name: Mapped[str] = mapped_column(Sealed("shown_name"))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20))
    profession: Mapped[str | None] = mapped_column(String(20))
    patient_id: Mapped[str | None] = mapped_column(ForeignKey("patients.id"))
    active: Mapped[bool] = mapped_column(default=True)
    handed_out: Mapped[bool] = mapped_column(default=False)
    code_secret: Mapped[str | None] = mapped_column(Sealed("code_secret"))
    code_since: Mapped[datetime | None] = mapped_column(Moment)
    code_step: Mapped[int] = mapped_column(Integer, default=0)
    spare_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    failed_attempts: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str | None] = mapped_column(String(32))


class SignIn(Base):
    """An open session; the token itself is only in the person's cookie.

    ``waits``: the password was right, the code of the second step has not come; it opens nothing.
    """

    __tablename__ = "sign_ins"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    waits: Mapped[bool] = mapped_column(default=False)


class Patient(Kept, Base):
    """A patient without identity: the code is the pseudonym that results carry."""

    __tablename__ = "patients"

    code: Mapped[str] = mapped_column(String(20), unique=True)


class Identity(Kept, Base):
    """Who the patient is: the one place where names are; corrections supersede.

    All values are text without limit, so that they can be stored encrypted.
    """

    __tablename__ = "identities"
    __table_args__ = (_one_live("identities"),)

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    given_name: Mapped[str] = mapped_column(Sealed("given_name"))
    family_name: Mapped[str] = mapped_column(Sealed("family_name"))
    birth_date: Mapped[date | None] = mapped_column(SealedDate("birth_date"))
    clinic_number: Mapped[str | None] = mapped_column(Sealed("clinic_number"))
    contact: Mapped[str | None] = mapped_column(Sealed("contact"))
    search_text: Mapped[str] = mapped_column(SearchWords)


class Join(Kept, Base):
    """Two records of one person: the other is shown under the patient; void, they are two again."""

    __tablename__ = "joins"
    __table_args__ = (_one_live("joins", "other_id"),)

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))


class History(Kept, Base):
    """How it began, and what was done before; ``None`` is unknown, never "no"."""

    __tablename__ = "histories"
    __table_args__ = (_one_live("histories"),)

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    cause: Mapped[str | None] = mapped_column(String(80))
    onset_on: Mapped[date | None] = mapped_column(Date)
    onset_precision: Mapped[str | None] = mapped_column(String(10))
    side: Mapped[str | None] = mapped_column(String(4))
    palsy_before: Mapped[bool | None] = mapped_column()
    earlier_surgery: Mapped[list[Any]] = mapped_column(JSON, default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text: Mapped[str | None] = mapped_column(Sealed("history_text"))


class Visit(Kept, Base):
    """A consultation, in person or virtual, or a session at home."""

    __tablename__ = "visits"
    __table_args__ = (Index("ix_visits_patient_on", "patient_id", "on"),)

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    on: Mapped[date] = mapped_column(Date, index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Sealed("visit_reason"))
    room: Mapped[str | None] = mapped_column(String(80))


class RedFlagAnswers(Kept, Base):
    """The questions before a recording, as asked and as answered."""

    __tablename__ = "red_flag_answers"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visits.id"))
    version: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    urgency: Mapped[str | None] = mapped_column(String(20))


class Media(Base):
    """A stored file: its bytes lie in the media folder, encrypted when a passphrase is set."""

    __tablename__ = "media"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    patient_id: Mapped[str | None] = mapped_column(ForeignKey("patients.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(Sealed("file_name"))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str | None] = mapped_column(String(32))
    erased_at: Mapped[datetime | None] = mapped_column(Moment)


class Recording(Kept, Base):
    """A face recorded once: live, or from an uploaded video."""

    __tablename__ = "recordings"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    origin: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), index=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    mirrored: Mapped[bool | None] = mapped_column()
    protocol: Mapped[str | None] = mapped_column(String(40))
    cues: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    capture: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    video_media_id: Mapped[str | None] = mapped_column(ForeignKey("media.id"))
    track_media_id: Mapped[str | None] = mapped_column(ForeignKey("media.id"))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Measurement(Kept, Base):
    """A result document of ``facewire measure``, with its files."""

    __tablename__ = "measurements"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recordings.id"), index=True)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    files: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Grade(Kept, Base):
    """A grade by a person: scale, items as entered, who."""

    __tablename__ = "grades"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    scale: Mapped[str] = mapped_column(String(40))
    items: Mapped[dict[str, Any]] = mapped_column(JSON)


class Finding(Kept, Base):
    """What the clinician saw or felt: 0 to 3, with its side."""

    __tablename__ = "findings"
    __table_args__ = (CheckConstraint("degree between 0 and 3", name="degree"),)

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    side: Mapped[str] = mapped_column(String(4))
    degree: Mapped[int] = mapped_column(Integer)


class Complaint(Kept, Base):
    """Tightness, pain and bother, 0 to 10, in the patient's own words of number."""

    __tablename__ = "complaints"
    __table_args__ = (CheckConstraint("score between 0 and 10", name="score"),)

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    name: Mapped[str] = mapped_column(String(20))
    score: Mapped[int] = mapped_column(Integer)


class TreatmentGiven(Kept, Base):
    """One treatment of one muscle or place; the rows of one injection share ``session_id``."""

    __tablename__ = "treatments_given"
    __table_args__ = (Index("ix_treatments_given_patient_on", "patient_id", "on"),)

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visits.id"))
    session_id: Mapped[str] = mapped_column(String(32), index=True)
    on: Mapped[date] = mapped_column(Date)
    procedure: Mapped[str] = mapped_column(String(40))
    muscle: Mapped[str | None] = mapped_column(String(40))
    side: Mapped[str | None] = mapped_column(String(4))
    product: Mapped[str | None] = mapped_column(String(60))
    units: Mapped[float | None] = mapped_column()
    given_by: Mapped[str | None] = mapped_column(Sealed("given_by"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text: Mapped[str | None] = mapped_column(Sealed("treatment_text"))


class Note(Kept, Base):
    """Words of a member of the team, or of the patient."""

    __tablename__ = "notes"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visits.id"), index=True)
    text: Mapped[str] = mapped_column(Sealed("note_text"))


class Consent(Kept, Base):
    """Consent for one purpose, given or withdrawn; the newest row holds."""

    __tablename__ = "consents"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(30))
    given: Mapped[bool] = mapped_column()
    wording: Mapped[str] = mapped_column(String(40))


class Upload(Base):
    """A video on its way: how much of it is safely here."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recordings.id"), index=True)
    account_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(Sealed("file_name"))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    fingerprint: Mapped[str] = mapped_column(String(64))
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class Job(Base):
    """Work that outlives the page that asked for it."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_created", "state", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    recording_id: Mapped[str | None] = mapped_column(ForeignKey("recordings.id"), index=True)
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visits.id"), index=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20))
    step: Mapped[str | None] = mapped_column(String(60))
    share: Mapped[float] = mapped_column(default=0.0)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str | None] = mapped_column(String(32))
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    beat_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class FactAnswer(Kept, Base):
    """A fact that safety depends on, as a named person answered it at a visit."""

    __tablename__ = "fact_answers"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    fact: Mapped[str] = mapped_column(String(60))
    side: Mapped[str | None] = mapped_column(String(4))
    value: Mapped[Any] = mapped_column(JSON)
    answered_by: Mapped[str] = mapped_column(Sealed("answered_by"))
    answered_on: Mapped[date] = mapped_column(Date)


class Computed(Kept, Base):
    """A document computed from a measurement: a wiring, a plan or a forecast, with its inputs.

    The newest of a kind holds; earlier ones stay as they were. The document is a stored file.
    """

    __tablename__ = "computed"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    measurement_id: Mapped[str] = mapped_column(ForeignKey("measurements.id"), index=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    inputs: Mapped[str] = mapped_column(Sealed("computed_inputs"))
    media_id: Mapped[str] = mapped_column(ForeignKey("media.id"))


class Decision(Kept, Base):
    """What was decided at a visit, by whom, when and why; a correction supersedes."""

    __tablename__ = "decisions"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    plan_id: Mapped[str | None] = mapped_column(ForeignKey("computed.id"))
    forecast_id: Mapped[str | None] = mapped_column(ForeignKey("computed.id"))
    chosen: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Sealed("decision_words"))
    reason: Mapped[str] = mapped_column(Sealed("decision_reason"))
    decided_by: Mapped[str] = mapped_column(Sealed("decided_by"))
    decided_on: Mapped[date] = mapped_column(Date)


class Release(Kept, Base):
    """A simulation shown to its patient, or taken back; the newest row of a document holds."""

    __tablename__ = "releases"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    computed_id: Mapped[str] = mapped_column(ForeignKey("computed.id"), index=True)
    given: Mapped[bool] = mapped_column()


class RoomCheck(Kept, Base):
    """What a room and its camera show of known changes: a document of ``facewire phantom``.

    Nobody's row: the healthy person who was filmed is not named, and the video is erased.
    """

    __tablename__ = "room_checks"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), unique=True)
    room: Mapped[str] = mapped_column(String(80), index=True)
    on: Mapped[date] = mapped_column(Date)
    wording: Mapped[str] = mapped_column(String(40))
    result: Mapped[dict[str, Any]] = mapped_column(JSON)


class Erasing(Base):
    """A patient whose rows may be deleted, for the length of one transaction.

    The database refuses to delete a kept row unless its patient is named here; the row is removed
    before the transaction ends.
    """

    __tablename__ = "erasing"

    patient_id: Mapped[str] = mapped_column(String(32), primary_key=True)


class AuditRow(Base):
    """Who saw and changed what. The database itself refuses changes to these rows."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("sha256"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    account_id: Mapped[str | None] = mapped_column(String(32), index=True)
    action: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str | None] = mapped_column(String(64))
    patient_id: Mapped[str | None] = mapped_column(String(32), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
