"""The decision of a visit with its reason: appended, with what it rests on."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.record.deciding import (
    BY_WORDS,
    FORECAST,
    PLAN,
    Choice,
    computed_of,
    decide,
    newest_computed,
    read_computed,
    released_ids,
)
from facewire.record.tables import Visit
from facewire.results.plan import Plan
from facewire.web.deps import Clinician, HasServices, Writing, reach
from facewire.web.forms import Sent, see_other
from facewire.web.pages import page
from facewire.web.routes.deciding import deciding_view, decision_choices, forecast_lines
from facewire.words import translate

router = APIRouter(include_in_schema=False)

LONGEST_NAME = 120


@router.post("/visits/{visit_id}/decision")
def store(
    request: Request,
    person: Clinician,
    session: Writing,
    services: HasServices,
    visit_id: str,
    sent: Sent,
) -> Response:
    """Store what was decided, by whom, when and why."""
    visit = reach(person, session, Visit, visit_id)
    made = newest_computed(session, visit.id, PLAN)
    plan = None if made is None else read_computed(services.media, made, Plan)
    released = released_ids(session, visit.patient_id)
    options = dict(decision_choices(plan, forecast_lines(session, visit, None, released)))
    chosen, words = sent.choice("chosen", options), sent.text("words", longest=400)
    if chosen == BY_WORDS and not words:
        sent.fault("words", translate("Please say in words what was decided."))
    reason = sent.text("reason", needed=True)
    by = sent.text("decided_by", needed=True, longest=LONGEST_NAME)
    today = services.today
    on = sent.day("decided_on", needed=True, latest=today)
    if on is not None and on < visit.on:
        sent.fault("decided_on", translate("This day lies before the visit."))
    if sent.problems or on is None:
        view = deciding_view(session, services, visit, sent.state)
        return page(request, "deciding/show.html", view, status=422)
    said = "; ".join(text for text in (options[chosen], words) if text)
    forecasts = {row.id for row in computed_of(session, visit.id, FORECAST)}
    decide(
        session,
        visit,
        Choice(chosen, words if chosen == BY_WORDS else said, reason, by, on),
        plan_id=None if made is None else made.id,
        forecast_id=chosen if chosen in forecasts else None,
    )
    return see_other(f"/visits/{visit.id}/deciding#decision")
