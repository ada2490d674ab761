"""Patients: finding, adding, correcting who somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import RecordError
from facewire.record import audit
from facewire.record.alike import Alike, look_alikes
from facewire.record.patients import (
    FoundPatient,
    Who,
    add_patient,
    change_code,
    correct_identity,
    find_patients,
    identity_of,
)
from facewire.record.store import Session
from facewire.web.clinical_words import ALIKE
from facewire.web.deps import Clinician, HasServices, Person, Reading, Writing, patient_for
from facewire.web.forms import Entries, FormState, Sent, fault_words, see_other
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head, patient_heads
from facewire.web.settings import WebSettings
from facewire.words import translate

router = APIRouter(include_in_schema=False)

SHOWN = 50


@dataclass(frozen=True)
class PatientLine:
    """A patient in a list: head, and the day of the latest visit."""

    head: PatientHead
    last_visit_on: date | None


@dataclass(frozen=True)
class AlikeLine:
    """A patient who may be the same person: head, and why."""

    head: PatientHead
    why: str


@dataclass(frozen=True)
class PatientsView:
    """The list of patients.

    Parameters
    ----------
    query : str
        What was looked for; empty shows the latest visits.
    lines : tuple of PatientLine
        Who was found.
    more : bool
        Whether there may be more than are shown.
    """

    query: str
    lines: tuple[PatientLine, ...]
    more: bool


@dataclass(frozen=True)
class PatientFormView:
    """The form of a patient's identity.

    Parameters
    ----------
    form : FormState
        As it was sent, or as it stands.
    patient : PatientHead or None
        Whose it is; None for a new patient.
    alike : tuple of AlikeLine
        Patients who may be the same person.
    """

    form: FormState = field(default_factory=FormState)
    patient: PatientHead | None = None
    alike: tuple[AlikeLine, ...] = ()


@router.get("/patients")
def patients(
    request: Request, person: Clinician, session: Reading, services: HasServices, q: str = ""
) -> Response:
    """Show the patients with the latest visits, or those who were looked for."""
    found = find_patients(session, q, limit=SHOWN)
    audit.saw(session, person.actor, "patients", None, details=_ids(found))
    lines = _lines(session, services.settings, found)
    return page(request, "patients/list.html", PatientsView(q.strip(), lines, len(found) == SHOWN))


@router.get("/patients/new")
def new_patient(request: Request, person: Clinician) -> Response:
    """Ask who the new patient is."""
    del person
    return page(request, "patients/form.html", PatientFormView())


@router.post("/patients/new")
def add_new_patient(
    request: Request, person: Clinician, session: Writing, services: HasServices, sent: Sent
) -> Response:
    """Add a patient; somebody who looks the same is shown first."""
    who = _who(sent, services.today)
    if who is None:
        return page(request, "patients/form.html", PatientFormView(sent.state), status=422)
    alike = look_alikes(session, who)
    if alike and sent.text("another") != "yes":
        lines = alike_lines(session, services.settings, person, alike)
        view = PatientFormView(sent.state, alike=lines)
        return page(request, "patients/form.html", view, status=409)
    patient = add_patient(session, who)
    return see_other(f"/patients/{patient.id}")


@router.get("/patients/{patient_id}/identity")
def identity(
    request: Request, person: Clinician, session: Reading, services: HasServices, patient_id: str
) -> Response:
    """Show who a patient is, to be corrected."""
    patient = patient_for(person, session, patient_id)
    row = identity_of(session, patient.id)
    values = {
        "given_name": row.given_name if row else "",
        "family_name": row.family_name if row else "",
        "birth_date": row.birth_date.isoformat() if row and row.birth_date else "",
        "clinic_number": (row.clinic_number if row else None) or "",
        "contact": (row.contact if row else None) or "",
    }
    if services.settings.incognito:
        values = dict.fromkeys(values, "")
    head = patient_head(session, services.settings, patient.id)
    return page(request, "patients/form.html", PatientFormView(FormState(values), head))


@router.post("/patients/{patient_id}/identity")
def store_identity(
    request: Request,
    person: Clinician,
    session: Writing,
    services: HasServices,
    patient_id: str,
    sent: Sent,
) -> Response:
    """Store a correction; what stood before stays in the record."""
    patient = patient_for(person, session, patient_id)
    who = _who(sent, services.today)
    if who is None:
        head = patient_head(session, services.settings, patient.id)
        view = PatientFormView(sent.state, head)
        return page(request, "patients/form.html", view, status=422)
    correct_identity(session, patient.id, who)
    return see_other(f"/patients/{patient.id}")


@router.post("/patients/{patient_id}/code")
def give_new_code(person: Clinician, session: Writing, patient_id: str) -> Response:
    """Give a patient a new code, where somebody learned whose the old one is."""
    patient = change_code(session, patient_for(person, session, patient_id))
    return see_other(f"/patients/{patient.id}/identity")


def _who(sent: Entries, today: date) -> Who | None:
    """Return who was entered; None where something is wrong, which is then noted."""
    given, family = sent.text("given_name"), sent.text("family_name")
    if not given and not family:
        sent.fault("family_name", translate("Please enter a name."))
    born = sent.day("birth_date", latest=today)
    number, contact = sent.text("clinic_number", longest=60), sent.text("contact", longest=400)
    if sent.problems:
        return None
    try:
        return Who(given, family, born, number or None, contact or None)
    except RecordError as error:
        sent.fault("family_name" if "name" in error.what else "birth_date", fault_words(error))
        return None


def alike_lines(
    session: Session, settings: WebSettings, person: Person, alike: Sequence[Alike]
) -> tuple[AlikeLine, ...]:
    """Return who may be the same person, with why; the trail notes who was seen."""
    if not alike:
        return ()
    found = [one.found for one in alike]
    audit.saw(session, person.actor, "look_alikes", None, details=_ids(found))
    heads = patient_heads(session, settings, [one.patient.id for one in found])
    return tuple(
        AlikeLine(
            heads[one.found.patient.id],
            ", ".join(translate(ALIKE[reason]) for reason in one.reasons),
        )
        for one in alike
    )


def _ids(found: Sequence[FoundPatient]) -> dict[str, list[str]]:
    return {"patients": [one.patient.id for one in found]}


def _lines(
    session: Session, settings: WebSettings, found: Sequence[FoundPatient]
) -> tuple[PatientLine, ...]:
    heads = patient_heads(session, settings, [one.patient.id for one in found])
    return tuple(PatientLine(heads[one.patient.id], one.last_visit_on) for one in found)
