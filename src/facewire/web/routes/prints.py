"""Short prints of a visit: chart summary, letter, the patient's page, photo sheet; page and PDF."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from facewire.record import audit
from facewire.record.clinical import has_consent
from facewire.record.recordings import document_of, newest_of_visit, stored_media
from facewire.record.store import Session, get
from facewire.record.tables import Measurement, Recording, Visit
from facewire.report.pdf import build_print
from facewire.report.prints import Print, PrintPicture, render_print
from facewire.report.stored import frame_time, frame_title, frames_view, load_frames
from facewire.web.deps import (
    Clinician,
    HasServices,
    PatientOrClinician,
    Person,
    Reading,
    Services,
    reach,
)
from facewire.web.pages import role_words
from facewire.web.patient_names import patient_head
from facewire.web.routes.measurements import REPORT_POLICY, clinic_of
from facewire.web.stored_files import FRAMES, files_of
from facewire.web.visit_prints import (
    Told,
    letter_print,
    patient_print,
    photo_print,
    summary_print,
    told,
)
from facewire.words import translate

router = APIRouter(include_in_schema=False)

VISIT = "/visits/{visit_id}"


def _told(session: Session, services: Services, person: Person, visit_id: str, what: str) -> Told:
    visit = reach(person, session, Visit, visit_id)
    audit.saw(session, person.actor, what, visit.id, visit.patient_id)
    head = patient_head(session, services.settings, visit.patient_id)
    return told(session, head, visit, hidden=services.settings.incognito)


def _summary(person: Clinician, session: Reading, services: HasServices, visit_id: str) -> Print:
    return summary_print(_told(session, services, person, visit_id, "summary"))


def _letter(person: Clinician, session: Reading, services: HasServices, visit_id: str) -> Print:
    one = _told(session, services, person, visit_id, "letter")
    return letter_print(one, person.shown_name, role_words(person.role, person.profession))


def _patient(
    person: PatientOrClinician, session: Reading, services: HasServices, visit_id: str
) -> Print:
    return patient_print(_told(session, services, person, visit_id, "patient_page"))


def _photos(
    person: PatientOrClinician, session: Reading, services: HasServices, visit_id: str
) -> Print:
    one = _told(session, services, person, visit_id, "photo_sheet")
    row = newest_of_visit(session, one.visit.id)
    missing = _why_no_photos(session, services, row)
    pictures = () if missing or row is None else _pictures(services, row)
    return photo_print(one, pictures, missing or translate("No picture was kept."))


def _why_no_photos(session: Session, services: Services, row: Measurement | None) -> str:
    """Return why no picture is shown; empty where they may be."""
    if row is None:
        return translate("Nothing was measured at this visit.")
    if services.settings.incognito:
        return translate("Faces are hidden here.")
    if not has_consent(session, row.patient_id, "care"):
        return translate("There are no pictures without the patient's consent.")
    video = get(session, Recording, row.recording_id).video_media_id
    if stored_media(session, video) is None:
        return translate(
            "The video of this recording was not kept, so no picture of it is printed."
        )
    return ""


def _pictures(services: Services, row: Measurement) -> tuple[PrintPicture, ...]:
    result = document_of(row)
    with files_of(services, row, (FRAMES,)) as folder:
        view = frames_view(result, load_frames(result, folder))
    return tuple(
        PrintPicture(frame_title(one.entry), frame_time(one.entry), one.address)
        for one in view.frames
    )


SummaryPrint = Annotated[Print, Depends(_summary)]
LetterPrint = Annotated[Print, Depends(_letter)]
PatientPrint = Annotated[Print, Depends(_patient)]
PhotoPrint = Annotated[Print, Depends(_photos)]


@router.get(VISIT + "/summary.html")
def summary(one: SummaryPrint) -> Response:
    """Show the chart summary."""
    return _page(one)


@router.get(VISIT + "/summary.pdf")
def summary_pdf(one: SummaryPrint, services: HasServices) -> Response:
    """Give the chart summary as one page of paper."""
    return _pdf(one, services, "summary")


@router.get(VISIT + "/letter.html")
def letter(one: LetterPrint) -> Response:
    """Show the letter."""
    return _page(one)


@router.get(VISIT + "/letter.pdf")
def letter_pdf(one: LetterPrint, services: HasServices) -> Response:
    """Give the letter as PDF."""
    return _pdf(one, services, "letter")


@router.get(VISIT + "/patient.html")
def patient_page(one: PatientPrint) -> Response:
    """Show the patient's page."""
    return _page(one)


@router.get(VISIT + "/patient.pdf")
def patient_pdf(one: PatientPrint, services: HasServices) -> Response:
    """Give the patient's page as PDF."""
    return _pdf(one, services, "patient")


@router.get(VISIT + "/photos.html")
def photos(one: PhotoPrint) -> Response:
    """Show the photo sheet."""
    return _page(one)


@router.get(VISIT + "/photos.pdf")
def photos_pdf(one: PhotoPrint, services: HasServices) -> Response:
    """Give the photo sheet as PDF."""
    return _pdf(one, services, "photos")


def _page(one: Print) -> Response:
    return HTMLResponse(render_print(one), headers={"content-security-policy": REPORT_POLICY})


def _pdf(one: Print, services: Services, name: str) -> Response:
    headers = {"content-disposition": f'inline; filename="facewire-{name}.pdf"'}
    pdf = build_print(one, clinic_of(services))
    return Response(pdf, media_type="application/pdf", headers=headers)
