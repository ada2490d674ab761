"""What clinicians grade at a visit: by eye and blind, then with the video's estimate beside it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.record.clinical import grades_of, save_grade
from facewire.record.recordings import document_of, newest_of_visit
from facewire.record.store import Session
from facewire.record.tables import Visit
from facewire.web.deps import Clinician, HasServices, Reading, Services, Writing, reach
from facewire.web.forms import FormState, Sent, see_other
from facewire.web.grade_form import (
    GradePart,
    form_values,
    grade_parts,
    graded,
    graders,
    read_grades,
    stored_items,
    summary,
)
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class GradesView:
    """The form of one clinician's grades.

    Parameters
    ----------
    visit : Visit
    patient : PatientHead
    parts : tuple of GradePart
        What can be graded.
    own : str
        What this clinician graded, in words; empty before.
    others : tuple of (str, str)
        What other clinicians graded at this visit: who, what; none before the own grades.
    measured : bool
        Whether there is a measurement of this visit to estimate from.
    form : FormState
        As it stands, or as it was sent.
    """

    visit: Visit
    patient: PatientHead
    parts: tuple[GradePart, ...]
    own: str
    others: tuple[tuple[str, str], ...]
    measured: bool
    form: FormState


@router.get("/visits/{visit_id}/grades")
def show(
    request: Request, person: Clinician, session: Reading, services: HasServices, visit_id: str
) -> Response:
    """Show the form with what this clinician graded."""
    visit = reach(person, session, Visit, visit_id)
    own = [row for row in grades_of(session, visit.id) if row.created_by == person.account_id]
    view = _view(session, services, visit, person.account_id, FormState(form_values(own)))
    return page(request, "visits/grades.html", view)


@router.post("/visits/{visit_id}/grades")
def store(
    request: Request,
    person: Clinician,
    session: Writing,
    services: HasServices,
    visit_id: str,
    sent: Sent,
) -> Response:
    """Store what was graded and has changed; a scale left open stays as it was."""
    visit = reach(person, session, Visit, visit_id)
    found = read_grades(sent)
    if sent.problems:
        view = _view(session, services, visit, person.account_id, sent.state)
        return page(request, "visits/grades.html", view, status=422)
    rows = grades_of(session, visit.id)
    held = {row.scale: row.items for row in rows if row.created_by == person.account_id}
    for scale, entered in found.items():
        items = stored_items(scale, entered)
        if held.get(scale) != items:
            save_grade(session, visit, scale, items)
    return see_other(f"/visits/{visit.id}/grades")


def _view(
    session: Session, services: Services, visit: Visit, account_id: str | None, form: FormState
) -> GradesView:
    measurement = newest_of_visit(session, visit.id)
    by = graders(session, visit.id)
    own = [row for _, rows in by for row in rows if row.created_by == account_id]
    others = [
        (name, ", ".join(summary(rows)))
        for name, rows in by
        if own and rows[0].created_by != account_id
    ]
    estimate = None if measurement is None else graded(document_of(measurement))
    return GradesView(
        visit=visit,
        patient=patient_head(session, services.settings, visit.patient_id),
        parts=grade_parts(estimate, form_values(own)),
        own=", ".join(summary(own)),
        others=tuple(others),
        measured=measurement is not None,
        form=form,
    )
