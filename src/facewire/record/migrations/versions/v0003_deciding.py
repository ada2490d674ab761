"""Deciding: answers to facts, computed documents, decisions, and what is released to patients."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from facewire.record.migrations.guards import guard_kept

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.String(32)


def upgrade() -> None:
    """Add the tables, each with its guard, and the visit of a job."""
    op.execute(_VISIT_OF_A_JOB)
    op.create_index("ix_jobs_visit_id", "jobs", ["visit_id"])
    _kept(
        "fact_answers",
        sa.Column("fact", sa.String(60), nullable=False),
        sa.Column("side", sa.String(4)),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("answered_by", sa.Text, nullable=False),
        sa.Column("answered_on", sa.Date, nullable=False),
    )
    _kept(
        "computed",
        _to("measurement_id", "measurements.id", nullable=False, index=True),
        _to("job_id", "jobs.id", nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        _to("media_id", "media.id", nullable=False),
    )
    _kept(
        "decisions",
        _to("plan_id", "computed.id"),
        _to("forecast_id", "computed.id"),
        sa.Column("chosen", sa.String(40), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
    )
    _kept(
        "releases",
        _to("computed_id", "computed.id", nullable=False, index=True),
        sa.Column("given", sa.Boolean, nullable=False),
    )


_VISIT_OF_A_JOB = (
    "ALTER TABLE jobs ADD COLUMN visit_id VARCHAR(32)"
    " CONSTRAINT fk_jobs_visit_id REFERENCES visits (id)"
)
"""In SQL that both databases take: Alembic adds no reference to a table of SQLite."""


def _to(name: str, target: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, KEY, sa.ForeignKey(target), **more)


def _kept(table: str, *own: sa.Column[Any]) -> None:
    """Make the table of something that a visit holds, with what every kept row has."""
    names = tuple(column.name for column in own)
    op.create_table(
        table,
        sa.Column("id", KEY, primary_key=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY),
        sa.Column("software", sa.String(40), nullable=False),
        sa.Column("voided_at", MOMENT),
        sa.Column("voided_by", KEY),
        sa.Column("void_reason", sa.Text),
        sa.Column("supersedes", KEY, index=True),
        _to("patient_id", "patients.id", nullable=False, index=True),
        _to("visit_id", "visits.id", nullable=False, index=True),
        *own,
    )
    guard_kept(table, ("patient_id", "visit_id", *names))
