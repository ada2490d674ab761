"""One page of a long list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from facewire.record.tables import Base
from facewire.web.api_models import Page
from facewire.web.settings import Limits

Row = TypeVar("Row")
TableRow = TypeVar("TableRow", bound=Base)
Shown = TypeVar("Shown")

PageNumber = Annotated[int, Query(ge=1, le=100_000, description="Page of the list, from 1.")]


@dataclass(frozen=True)
class Rows(Generic[Row]):
    """Rows of one page, the page's number from 1, the number of pages and of all rows."""

    rows: Sequence[Row]
    page: int
    pages: int
    count: int

    def shown(self, show: Callable[[Row], Shown]) -> Page[Shown]:
        """Return the page with each row as it is shown."""
        items = [show(row) for row in self.rows]
        return Page(items=items, page=self.page, pages=self.pages, count=self.count)


def page_of(
    session: Session,
    kind: type[TableRow],
    condition: ColumnElement[bool],
    order: ColumnElement[Any],
    page: int,
    limits: Limits,
) -> Rows[TableRow]:
    """Return one page of what a query finds.

    Parameters
    ----------
    session : Session
    kind : type
        Of row.
    condition : ColumnElement
        Which rows the list has.
    order : ColumnElement
        By what the list is ordered.
    page : int
        From 1; a page after the last is empty.
    limits : Limits
        Tells how many rows a page has.
    """
    count = session.scalar(select(func.count()).select_from(kind).where(condition)) or 0
    size = limits.page_rows
    query = select(kind).where(condition).order_by(order).offset((page - 1) * size).limit(size)
    return Rows(session.scalars(query).all(), page, max(1, -(-count // size)), count)


def slice_of(rows: Sequence[Row], page: int, limits: Limits) -> Rows[Row]:
    """Return one page of rows that are here already; a page after the last is empty."""
    size = limits.page_rows
    pages = max(1, -(-len(rows) // size))
    return Rows(rows[(page - 1) * size : page * size], page, pages, len(rows))
