"""The first tables of the record."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from facewire.record.migrations.guards import guard_audit, guard_kept, make_functions

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.String(32)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False, index=True),
        sa.Column("account_id", KEY, index=True),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("row_id", sa.String(64)),
        sa.Column("patient_id", KEY, index=True),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("previous_sha256", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.UniqueConstraint("sha256"),
    )


def _erasing() -> None:
    op.create_table(
        "erasing",
        sa.Column("patient_id", KEY, primary_key=True),
    )


def _patients() -> None:
    op.create_table(
        "patients",
        *_kept(),
        sa.Column("code", sa.String(20), nullable=False, unique=True),
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
        sa.Column("shown_name", sa.Text, nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("profession", sa.String(20)),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id")),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("failed_attempts", sa.Integer, nullable=False),
        sa.Column("locked_until", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY),
        sa.CheckConstraint("role in ('patient', 'clinician', 'administrator')", name="role"),
    )


def _consents() -> None:
    op.create_table(
        "consents",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("wording", sa.String(40), nullable=False),
    )


def _histories() -> None:
    op.create_table(
        "histories",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("cause", sa.String(80)),
        sa.Column("onset_on", sa.Date),
        sa.Column("onset_precision", sa.String(10)),
        sa.Column("side", sa.String(4)),
        sa.Column("palsy_before", sa.Boolean),
        sa.Column("earlier_surgery", sa.JSON, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("text", sa.Text),
    )
    _one_live("histories")


def _identities() -> None:
    op.create_table(
        "identities",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("given_name", sa.Text, nullable=False),
        sa.Column("family_name", sa.Text, nullable=False),
        sa.Column("birth_date", sa.Text),
        sa.Column("clinic_number", sa.Text),
        sa.Column("contact", sa.Text),
        sa.Column("search_text", sa.Text, nullable=False),
    )
    _one_live("identities")


def _media() -> None:
    op.create_table(
        "media",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), index=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY),
        sa.Column("erased_at", MOMENT),
    )


def _visits() -> None:
    op.create_table(
        "visits",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False),
        sa.Column("on", sa.Date, nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text),
    )
    op.create_index("ix_visits_patient_on", "visits", ["patient_id", "on"])


def _complaints() -> None:
    op.create_table(
        "complaints",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("visit_id", KEY, sa.ForeignKey("visits.id"), nullable=False, index=True),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.CheckConstraint("score between 0 and 10", name="score"),
    )


def _findings() -> None:
    op.create_table(
        "findings",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("visit_id", KEY, sa.ForeignKey("visits.id"), nullable=False, index=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("degree", sa.Integer, nullable=False),
        sa.CheckConstraint("degree between 0 and 3", name="degree"),
    )


def _grades() -> None:
    op.create_table(
        "grades",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("visit_id", KEY, sa.ForeignKey("visits.id"), nullable=False, index=True),
        sa.Column("scale", sa.String(40), nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
    )


def _notes() -> None:
    op.create_table(
        "notes",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("visit_id", KEY, sa.ForeignKey("visits.id"), index=True),
        sa.Column("text", sa.Text, nullable=False),
    )


def _recordings() -> None:
    op.create_table(
        "recordings",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("visit_id", KEY, sa.ForeignKey("visits.id"), nullable=False, index=True),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("mirrored", sa.Boolean),
        sa.Column("protocol", sa.String(40)),
        sa.Column("cues", sa.JSON),
        sa.Column("capture", sa.JSON, nullable=False),
        sa.Column("video_media_id", KEY, sa.ForeignKey("media.id")),
        sa.Column("track_media_id", KEY, sa.ForeignKey("media.id")),
        sa.Column("problem", sa.JSON),
    )


def _red_flag_answers() -> None:
    op.create_table(
        "red_flag_answers",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("visit_id", KEY, sa.ForeignKey("visits.id")),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("urgency", sa.String(20)),
    )


def _sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("token_sha256", sa.String(64), primary_key=True),
        sa.Column("account_id", KEY, sa.ForeignKey("accounts.id"), nullable=False, index=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
    )


def _treatments_given() -> None:
    op.create_table(
        "treatments_given",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False),
        sa.Column("visit_id", KEY, sa.ForeignKey("visits.id")),
        sa.Column("session_id", KEY, nullable=False, index=True),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("procedure", sa.String(40), nullable=False),
        sa.Column("muscle", sa.String(40)),
        sa.Column("side", sa.String(4)),
        sa.Column("product", sa.String(60)),
        sa.Column("units", sa.Double),
        sa.Column("given_by", sa.Text),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("text", sa.Text),
    )
    op.create_index("ix_treatments_given_patient_on", "treatments_given", ["patient_id", "on"])


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("recording_id", KEY, sa.ForeignKey("recordings.id"), index=True),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("step", sa.String(60)),
        sa.Column("share", sa.Double, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("problem", sa.JSON),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY),
        sa.Column("started_at", MOMENT),
        sa.Column("beat_at", MOMENT),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("ix_jobs_state_created", "jobs", ["state", "created_at"])


def _measurements() -> None:
    op.create_table(
        "measurements",
        *_kept(),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("visit_id", KEY, sa.ForeignKey("visits.id"), nullable=False, index=True),
        sa.Column("recording_id", KEY, sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("result", sa.JSON, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
    )


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("recording_id", KEY, sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("received_bytes", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )


def _kept() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", KEY, primary_key=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY),
        sa.Column("software", sa.String(40), nullable=False),
        sa.Column("voided_at", MOMENT),
        sa.Column("voided_by", KEY),
        sa.Column("void_reason", sa.Text),
        sa.Column("supersedes", KEY, index=True),
    ]


def _one_live(table: str) -> None:
    live = sa.text("voided_at IS NULL")
    name = f"uq_{table}_live"
    op.create_index(
        name, table, ["patient_id"], unique=True, sqlite_where=live, postgresql_where=live
    )


MAKE = (
    _audit,
    _erasing,
    _patients,
    _accounts,
    _consents,
    _histories,
    _identities,
    _media,
    _visits,
    _complaints,
    _findings,
    _grades,
    _notes,
    _recordings,
    _red_flag_answers,
    _sign_ins,
    _treatments_given,
    _jobs,
    _measurements,
    _uploads,
)

WRITTEN_ONCE = {
    "patients": ("code",),
    "consents": ("patient_id", "purpose", "given", "wording"),
    "histories": (
        "patient_id",
        "cause",
        "onset_on",
        "onset_precision",
        "side",
        "palsy_before",
        "earlier_surgery",
        "facts",
        "text",
    ),
    "identities": (
        "patient_id",
        "given_name",
        "family_name",
        "birth_date",
        "clinic_number",
        "contact",
        "search_text",
    ),
    "visits": ("patient_id", "on", "kind", "reason"),
    "complaints": ("patient_id", "visit_id", "name", "score"),
    "findings": ("patient_id", "visit_id", "name", "side", "degree"),
    "grades": ("patient_id", "visit_id", "scale", "items"),
    "notes": ("patient_id", "visit_id", "text"),
    "recordings": ("patient_id", "visit_id", "origin", "started_at"),
    "red_flag_answers": ("patient_id", "visit_id", "version", "answers", "urgency"),
    "treatments_given": (
        "patient_id",
        "visit_id",
        "session_id",
        "on",
        "procedure",
        "muscle",
        "side",
        "product",
        "units",
        "given_by",
        "details",
        "text",
    ),
    "measurements": ("patient_id", "visit_id", "recording_id", "result", "files"),
}
"""What stays as it was written; in a patient and a visit it may be corrected."""


def upgrade() -> None:
    """Make the tables and the triggers that guard them."""
    for make in MAKE:
        make()
    make_functions()
    guard_audit()
    for table, columns in WRITTEN_ONCE.items():
        guard_kept(table, columns, corrected=table in ("patients", "visits"))
