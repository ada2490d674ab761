"""What every row of the record is made of: its key, moments in UTC, what keeps it from loss."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from sqlalchemy import DateTime, MetaData, String, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Names of constraints, so that a migration can name them on both databases."""


def new_id() -> str:
    """Make the key of a new row: random, so that it tells nothing and never collides."""
    return uuid.uuid4().hex


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: both databases give back an aware datetime."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse a time without zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give UTC back: SQLite forgets the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(naming_convention=NAMING)


class Kept:
    """A row that is never overwritten: voided with a reason, or replaced by a later one.

    These columns stand before a table's own, so that no result is read to learn whether it is void.
    """

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id, sort_order=-9)
    created_at: Mapped[datetime] = mapped_column(Moment, sort_order=-8)
    created_by: Mapped[str | None] = mapped_column(String(32), sort_order=-8)
    software: Mapped[str] = mapped_column(String(40), sort_order=-8)
    voided_at: Mapped[datetime | None] = mapped_column(Moment, sort_order=-8)
    voided_by: Mapped[str | None] = mapped_column(String(32), sort_order=-8)
    void_reason: Mapped[str | None] = mapped_column(Text, sort_order=-8)
    supersedes: Mapped[str | None] = mapped_column(String(32), index=True, sort_order=-8)
