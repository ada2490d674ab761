"""Patients and visits for programs: search, add, show."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response

from facewire.errors import OutputExistsError
from facewire.record import audit
from facewire.record.alike import look_alikes
from facewire.record.patients import (
    MOST_FOUND,
    FoundPatient,
    Who,
    add_patient,
    find_patients,
    identity_of,
)
from facewire.record.store import Session
from facewire.record.tables import Patient, Visit
from facewire.record.visits import add_visit, visits_of
from facewire.web.api_models import (
    Page,
    PageNumber,
    PatientCreate,
    PatientShow,
    RowId,
    VisitCreate,
    VisitShow,
    slice_of,
)
from facewire.web.deps import (
    Clinician,
    HasServices,
    PatientOrClinician,
    Reading,
    Services,
    Writing,
    patient_for,
    reach,
)
from facewire.web.routes.openapi import ERRORS

router = APIRouter(prefix="/api/v1", tags=["patients"], responses=ERRORS)

Words = Annotated[
    str,
    Query(max_length=200, description="Beginnings of names, birth date, number, or the code."),
]


@router.get("/patients")
def list_patients(
    person: Clinician,
    session: Reading,
    services: HasServices,
    q: Words = "",
    page: PageNumber = 1,
) -> Page[PatientShow]:
    """Return patients by name; without words to search for, by their latest visit."""
    rows = slice_of(find_patients(session, q, MOST_FOUND), page, services.settings.limits)
    ids = [found.patient.id for found in rows.rows]
    audit.saw(session, person.actor, "patients", None, details={"patients": ids})
    return rows.shown(lambda found: _show(services, found))


@router.post("/patients", status_code=HTTPStatus.CREATED)
def add(
    body: PatientCreate,
    response: Response,
    person: Clinician,
    session: Writing,
    services: HasServices,
) -> PatientShow:
    """Add a patient; one who seems to be there already is refused unless it is said."""
    del person
    who = Who(body.given_name, body.family_name, body.birth_date, body.clinic_number, body.contact)
    alike = [] if body.although_known else look_alikes(session, who)
    if alike:
        raise OutputExistsError(
            "A patient like this one is in the record already",
            expected="a new patient",
            found=", ".join(one.found.patient.code for one in alike[:5]),
            do="take that one, or say although_known",
        )
    patient = add_patient(session, who)
    response.headers["Location"] = f"/api/v1/patients/{patient.id}"
    return _show_patient(session, services, patient)


@router.get("/patients/{patient_id}")
def show(
    patient_id: RowId, person: PatientOrClinician, session: Reading, services: HasServices
) -> PatientShow:
    """Return a patient."""
    return _show_patient(session, services, patient_for(person, session, patient_id))


@router.get("/patients/{patient_id}/visits")
def list_visits(
    patient_id: RowId,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    page: PageNumber = 1,
) -> Page[VisitShow]:
    """Return a patient's visits, the latest first."""
    patient = patient_for(person, session, patient_id)
    rows = visits_of(session, patient.id)
    return slice_of(rows, page, services.settings.limits).shown(VisitShow.of)


@router.post("/patients/{patient_id}/visits", status_code=HTTPStatus.CREATED)
def add_new_visit(
    patient_id: RowId,
    body: VisitCreate,
    response: Response,
    person: PatientOrClinician,
    session: Writing,
) -> VisitShow:
    """Add a visit; one that a patient adds is at home."""
    patient = patient_for(person, session, patient_id)
    kind = "home" if person.is_patient else body.kind
    visit = add_visit(session, patient.id, body.on, kind, body.reason)
    response.headers["Location"] = f"/api/v1/visits/{visit.id}"
    return VisitShow.of(visit)


@router.get("/visits/{visit_id}")
def show_visit(visit_id: RowId, person: PatientOrClinician, session: Reading) -> VisitShow:
    """Return a visit."""
    return VisitShow.of(reach(person, session, Visit, visit_id))


def _show(services: Services, found: FoundPatient) -> PatientShow:
    identity = None if services.settings.incognito else found.identity
    return PatientShow.of(found.patient, identity, found.last_visit_on)


def _show_patient(session: Session, services: Services, patient: Patient) -> PatientShow:
    visits = visits_of(session, patient.id)
    last = visits[0].on if visits else None
    return _show(services, FoundPatient(patient, identity_of(session, patient.id), last))
