"""One page of a long list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Query

from facewire.web.api_models import Page
from facewire.web.settings import Limits

Row = TypeVar("Row")
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


def rows_of(found: tuple[Sequence[Row], int], page: int, limits: Limits) -> Rows[Row]:
    """Return one page that the record found, with the number of all rows there are."""
    rows, count = found
    return Rows(rows, page, max(1, -(-count // limits.page_rows)), count)


def slice_of(rows: Sequence[Row], page: int, limits: Limits) -> Rows[Row]:
    """Return one page of rows that are here already; a page after the last is empty."""
    size = limits.page_rows
    pages = max(1, -(-len(rows) // size))
    return Rows(rows[(page - 1) * size : page * size], page, pages, len(rows))
