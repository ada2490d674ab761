"""All parts of the pages on one page, to look at and to check."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.web.deps import Signed
from facewire.web.forms import FormState
from facewire.web.pages import Link, Pager, page

router = APIRouter(include_in_schema=False)

TROUBLE = FormState(
    {"filled": "m.keller", "chosen": "injector", "agreed": "yes", "text": "Some words."},
    {"wrong": "This date is in the future", "": "Something in the form needs another look"},
)


@dataclass(frozen=True)
class PatternsView:
    """Examples for every part."""

    form: FormState = TROUBLE
    plain: FormState = field(default_factory=FormState)
    tabs: tuple[Link, ...] = (
        Link("#overview", "Overview", "face", here=True),
        Link("#visits", "Visits", "calendar"),
        Link("#treatments", "Treatments", "syringe"),
    )
    pages: Pager = field(default_factory=lambda: Pager("/patterns", 2, 5))
    at: datetime = datetime(2026, 3, 4, 9, 5, tzinfo=UTC)


@router.get("/patterns")
def patterns(request: Request, person: Signed) -> Response:
    """Show every part of the pages."""
    del person
    return page(request, "patterns.html", PatternsView())
