"""A patient's page: what to know at a glance, the measured course, everything in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.figures.course import FindingsPlot, findings_plot
from facewire.record.clinical import history_of
from facewire.record.injections import days_since_toxin, treatments_of
from facewire.record.recordings import document_of
from facewire.record.store import Session, get
from facewire.record.tables import History, Measurement
from facewire.record.timeline import course, timeline
from facewire.web import clinical_words
from facewire.web.deps import HasServices, PatientOrClinician, Reading, patient_for
from facewire.web.forms import see_other
from facewire.web.pages import page
from facewire.web.people_shown import PatientHead, patient_head
from facewire.web.template_data import Link
from facewire.web.time_entries import Entry, entries
from facewire.words import translate

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Glance:
    """What to know before anything else; an empty text is unknown.

    Parameters
    ----------
    cause, side : str
        In words.
    onset : date or None
        When it began.
    onset_precision : str
        How well that is known, in words.
    toxin : tuple of (str, int)
        Sides in words, with the days since the last toxin.
    """

    cause: str
    side: str
    onset: date | None
    onset_precision: str
    toxin: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class PatientView:
    """The page of a patient.

    Parameters
    ----------
    patient : PatientHead
        Who.
    tabs : tuple of Link
        The pages of this patient.
    glance : Glance
        At a glance.
    plot : FindingsPlot or None
        The measured course; None when there is nothing to compare yet.
    entries : tuple of Entry
        The time line, the latest first.
    for_patient : bool
        Whether the reader is the patient.
    measured : int
        How many measurements there are.
    """

    patient: PatientHead
    tabs: tuple[Link, ...]
    glance: Glance
    plot: FindingsPlot | None
    entries: tuple[Entry, ...]
    for_patient: bool
    measured: int


@router.get("/results")
def own_results(person: PatientOrClinician) -> Response:
    """Lead a patient to the own page; a clinician to the patients."""
    return see_other(f"/patients/{person.patient_id}" if person.is_patient else "/patients")


@router.get("/patients/{patient_id}")
def show(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    patient_id: str,
) -> Response:
    """Show a patient."""
    patient = patient_for(person, session, patient_id)
    given = {
        row.on: clinical_words.words(clinical_words.PROCEDURES, row.procedure)
        for row in treatments_of(session, patient.id)
    }
    points = course(session, patient.id)
    visits = [(p.on, document_of(get(session, Measurement, p.measurement_id))) for p in points]
    hidden = services.settings.incognito
    view = PatientView(
        patient=patient_head(session, services.settings, patient.id),
        tabs=patient_tabs(patient.id, "", for_patient=person.is_patient),
        glance=_glance(session, patient.id, services.clock().astimezone().date()),
        plot=findings_plot(visits, given),
        entries=entries(
            timeline(session, patient.id), for_patient=person.is_patient, hidden=hidden
        ),
        for_patient=person.is_patient,
        measured=len(points),
    )
    return page(request, "patients/show.html", view)


def patient_tabs(patient_id: str, here: str, *, for_patient: bool) -> tuple[Link, ...]:
    """Return the pages of a patient; ``here`` is the last part of the address of this one."""
    own = f"/patients/{patient_id}"
    parts = [("", translate("Time line"), "clock"), ("compare", translate("Compare"), "chart")]
    if not for_patient:
        parts[1:1] = [
            ("history", translate("History"), "list"),
            ("treatments", translate("Treatments"), "syringe"),
        ]
    links = [
        Link(f"{own}/{name}" if name else own, text, icon, name == here)
        for name, text, icon in parts
    ]
    consents = f"/consents/{patient_id}"
    return (*links, Link(consents, translate("Consent"), "shield", here == "consents"))


def _glance(session: Session, patient_id: str, today: date) -> Glance:
    history: History | None = history_of(session, patient_id)
    days = days_since_toxin(session, patient_id, today)
    sides = clinical_words.SIDES
    return Glance(
        cause=clinical_words.words(clinical_words.CAUSES, history.cause) if history else "",
        side=clinical_words.words(sides, history.side) if history else "",
        onset=history.onset_on if history else None,
        onset_precision=clinical_words.words(
            clinical_words.PRECISIONS, history.onset_precision if history else None
        ),
        toxin=tuple(
            (clinical_words.words(sides, side), days[side]) for side in ("R", "L") if side in days
        ),
    )
