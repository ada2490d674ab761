"""Two records of one person: who may be one, joined, taken apart again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import NotFoundError
from facewire.record.alike import look_alikes
from facewire.record.patients import find_by_code, identity_of, who_of
from facewire.record.same_person import join, joins_of, take_apart
from facewire.record.store import Session, get
from facewire.record.tables import Join, Patient
from facewire.record.visits import visit_count
from facewire.web.deps import (
    Clinician,
    HasServices,
    Person,
    Reading,
    Services,
    Writing,
    patient_for,
)
from facewire.web.forms import Entries, FormState, Sent, fault_words, see_other
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, own_head, patient_head
from facewire.web.routes.patients import AlikeLine, alike_lines
from facewire.words import translate

router = APIRouter(include_in_schema=False)

ADDRESS = "/patients/{patient_id}/same-person"


@dataclass(frozen=True)
class JoinLine:
    """What is shown under a patient: the other record, how many visits it has, when it was said."""

    id: str
    head: PatientHead
    visits: int
    since: datetime


@dataclass(frozen=True)
class SamePersonView:
    """The page on which records of one person are joined.

    Parameters
    ----------
    patient : PatientHead
        Under whom the person is shown.
    alike : tuple of AlikeLine
        Who may be the same person.
    joined : tuple of JoinLine
        Which records are shown here.
    form : FormState
        As it was sent.
    """

    patient: PatientHead
    alike: tuple[AlikeLine, ...]
    joined: tuple[JoinLine, ...]
    form: FormState = field(default_factory=FormState)


@router.get(ADDRESS)
def show(
    request: Request, person: Clinician, session: Reading, services: HasServices, patient_id: str
) -> Response:
    """Show who may be the same person, and what is joined."""
    patient = patient_for(person, session, patient_id)
    view = _view(session, services, person, patient, FormState())
    return page(request, "patients/same_person.html", view)


@router.post(ADDRESS)
def join_two(
    request: Request,
    person: Clinician,
    session: Writing,
    services: HasServices,
    patient_id: str,
    sent: Sent,
) -> Response:
    """Join another record to this one, once both were looked at."""
    patient = patient_for(person, session, patient_id)
    other = _other(session, sent, patient)
    if other is None:
        view = _view(session, services, person, patient, sent.state)
        return page(request, "patients/same_person.html", view, status=422)
    patient_for(person, session, other.id)
    join(session, patient.id, other.id)
    return see_other(f"/patients/{patient.id}/same-person")


@router.post(ADDRESS + "/{join_id}/apart")
def apart(
    person: Clinician, session: Writing, patient_id: str, join_id: str, sent: Sent
) -> Response:
    """Take two records apart again: each has what was written for it."""
    patient = patient_for(person, session, patient_id)
    row = next((one for one in joins_of(session, patient.id) if one.id == join_id), None)
    if row is None:
        raise NotFoundError("These records are not joined", do="go back to the patient")
    reason = sent.text("reason", needed=True, longest=400)
    if not sent.problems:
        take_apart(session, row, reason)
    return see_other(f"/patients/{patient.id}/same-person")


def _other(session: Session, sent: Entries, patient: Patient) -> Patient | None:
    code = sent.text("code", needed=True, longest=20)
    if sent.text("seen") != "yes":
        sent.fault("seen", translate("Please say that you looked at both."))
    try:
        other = find_by_code(session, code) if code else None
    except NotFoundError as error:
        sent.fault("code", fault_words(error))
        return None
    if other is not None and other.id == patient.id:
        sent.fault("code", translate("This is the same record."))
    return None if sent.problems else other


def _view(
    session: Session, services: Services, person: Person, patient: Patient, form: FormState
) -> SamePersonView:
    who = who_of(identity_of(session, patient.id))
    alike = [] if who is None else look_alikes(session, who, but=patient.id)
    return SamePersonView(
        patient=patient_head(session, services.settings, patient.id),
        alike=alike_lines(session, services.settings, person, alike),
        joined=tuple(_line(session, services, one) for one in joins_of(session, patient.id)),
        form=form,
    )


def _line(session: Session, services: Services, row: Join) -> JoinLine:
    other = get(session, Patient, row.other_id)
    head = own_head(session, services.settings, other)
    return JoinLine(row.id, head, visit_count(session, other.id), row.created_at)
