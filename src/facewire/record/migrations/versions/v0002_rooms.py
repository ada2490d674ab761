"""Checks of rooms, and the room that a visit names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from facewire.record.migrations.guards import guard_corrected_again, guard_kept

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.String(32)
VISIT = ("patient_id", "on", "kind", "reason", "room")


def upgrade() -> None:
    """Add the table and the column, each with its guard."""
    op.create_table(
        "room_checks",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY),
        sa.Column("software", sa.String(40), nullable=False),
        sa.Column("voided_at", MOMENT),
        sa.Column("voided_by", KEY),
        sa.Column("void_reason", sa.Text),
        sa.Column("supersedes", KEY, index=True),
        sa.Column("job_id", KEY, sa.ForeignKey("jobs.id"), nullable=False, unique=True),
        sa.Column("room", sa.String(80), nullable=False, index=True),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("wording", sa.String(40), nullable=False),
        sa.Column("result", sa.JSON, nullable=False),
    )
    guard_kept("room_checks", ("job_id", "room", "on", "wording", "result"), owned=False)
    op.add_column("visits", sa.Column("room", sa.String(80)))
    guard_corrected_again("visits", VISIT)
