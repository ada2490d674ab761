"""Two records of one person are joined."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from facewire.record.migrations.guards import guard_kept

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.String(32)


def upgrade() -> None:
    """Add the table with its guard; a record is shown under one other at a time."""
    op.create_table(
        "joins",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY),
        sa.Column("software", sa.String(40), nullable=False),
        sa.Column("voided_at", MOMENT),
        sa.Column("voided_by", KEY),
        sa.Column("void_reason", sa.Text),
        sa.Column("supersedes", KEY, index=True),
        sa.Column("patient_id", KEY, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("other_id", KEY, sa.ForeignKey("patients.id"), nullable=False),
    )
    live = sa.text("voided_at IS NULL")
    op.create_index(
        "uq_joins_live",
        "joins",
        ["other_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    guard_kept("joins", ("patient_id", "other_id"), owners=("patient_id", "other_id"))
