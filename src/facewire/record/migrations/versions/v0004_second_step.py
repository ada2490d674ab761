"""Accounts: passwords that somebody else made, and a second step at sign-in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; every account stays as it is, without a second step."""
    for table, column in _COLUMNS:
        op.add_column(table, column)


_COLUMNS = (
    ("accounts", sa.Column("handed_out", sa.Boolean, nullable=False, server_default=sa.false())),
    ("accounts", sa.Column("code_secret", sa.Text)),
    ("accounts", sa.Column("code_since", sa.DateTime(timezone=True))),
    ("accounts", sa.Column("code_step", sa.Integer, nullable=False, server_default="0")),
    ("accounts", sa.Column("spare_codes", sa.JSON, nullable=False, server_default="[]")),
    ("sign_ins", sa.Column("waits", sa.Boolean, nullable=False, server_default=sa.false())),
)
