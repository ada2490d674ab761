"""Whether forecasts use what this clinic's own patients taught: an administrator decides."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.clinic.learner import is_on, turn
from facewire.web.deps import Administrator, HasServices, Reading, Writing
from facewire.web.forms import Sent, see_other
from facewire.web.pages import page

router = APIRouter(prefix="/learning", include_in_schema=False)


@dataclass(frozen=True)
class LearningView:
    """The setting.

    Parameters
    ----------
    on : bool
        Whether an administrator has turned it on.
    ready : bool
        Whether the record as it is now has been read.
    """

    on: bool
    ready: bool


@router.get("")
def show(
    request: Request, person: Administrator, session: Reading, services: HasServices
) -> Response:
    """Show whether it is on, and what that means."""
    del person
    learner = services.learner
    ready = learner is not None and learner.is_ready(session)
    return page(request, "learning.html", LearningView(is_on(session), ready))


@router.post("")
def decide(person: Administrator, session: Writing, services: HasServices, sent: Sent) -> Response:
    """Turn it on or off."""
    del person
    on = sent.choice("on", ("yes", "no")) == "yes"
    if not sent.problems:
        turn(session, on=on)
        if services.learner is not None and not on:
            services.learner.forget()
    return see_other("/learning")
