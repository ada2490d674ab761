"""A measurement: the face is the navigation, each region leads to its traces and frames."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from facewire.errors import NotFoundError
from facewire.face import Region, Side
from facewire.findings import complete
from facewire.record.clinical import grades_of
from facewire.record.recordings import document_of
from facewire.record.store import Session, get
from facewire.record.tables import Measurement, Visit
from facewire.report import (
    Clinical,
    FaceSpots,
    PageView,
    RegionView,
    face_spots,
    page_view,
    region_view,
    render_page,
)
from facewire.report.pdf import ClinicSettings, build_pdf, read_clinic
from facewire.results.measurement import Measurement as MeasurementDocument
from facewire.web.deps import HasServices, PatientOrClinician, Person, Reading, Services, reach
from facewire.web.grade_form import entered_of, graded
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.web.room_line import RoomLine, room_line
from facewire.web.routes.videos import has_video
from facewire.web.stored_files import FRAMES, SIGNALS, files_of
from facewire.words import day_words

router = APIRouter(include_in_schema=False)

CLINIC = "clinic.toml"
"""Letterhead of the clinic, in the data folder; see docs/reference/clinic-settings.md."""
REPORT_POLICY = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""The report is a document of its own: sandboxed, it reaches neither the app nor the network; which
script it runs is limited further by the policy inside it, which names the script's own hash."""


@dataclass(frozen=True)
class MeasurementView:
    """A measurement's page.

    Parameters
    ----------
    id : str
        Of the measurement.
    patient : PatientHead
        Whose it is.
    on : date
        Day of the visit.
    visit_id : str
        Of the visit.
    result : Measurement
        What was measured, judged.
    face : FaceSpots
        The face to touch.
    region : RegionView or None
        The region that was touched.
    for_patient : bool
        Whether the reader is the patient.
    faces_hidden : bool
        Whether pictures are left out on purpose.
    room : RoomLine or None
        What the room of the visit shows; None for the patient.
    has_video : bool
        Whether the video was kept and may be shown.
    """

    id: str
    patient: PatientHead
    on: date
    visit_id: str
    result: MeasurementDocument
    face: FaceSpots
    region: RegionView | None
    for_patient: bool
    faces_hidden: bool
    room: RoomLine | None
    has_video: bool = False


@router.get("/measurements/{measurement_id}")
def show(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    measurement_id: str,
    region: str = "",
    side: str = "L",
) -> Response:
    """Show a measurement, and one region of it when it was touched."""
    measurement = reach(person, session, Measurement, measurement_id)
    touched = _touched(services, measurement, region, side) if region else None
    visit = get(session, Visit, measurement.visit_id)
    result = complete(document_of(measurement))
    view = MeasurementView(
        id=measurement.id,
        patient=patient_head(session, services.settings, measurement.patient_id),
        on=visit.on,
        visit_id=visit.id,
        result=result,
        face=face_spots(result),
        region=touched,
        for_patient=person.is_patient,
        faces_hidden=services.settings.incognito,
        room=None if person.is_patient else room_line(session, visit, measurement.software),
        has_video=not services.settings.incognito and has_video(session, measurement),
    )
    return page(request, "measurements/show.html", view)


def _touched(services: Services, measurement: Measurement, region: str, side: str) -> RegionView:
    try:
        place, own = Region(region), Side(side)
    except ValueError as error:
        raise NotFoundError("There is no such region", found=f"{region} {side}") from error
    with files_of(services, measurement, (*SIGNALS, FRAMES)) as folder:
        return region_view(document_of(measurement), folder, place, own)


def clinic_of(services: Services) -> ClinicSettings | None:
    """Return the clinic's letterhead and paper; None where the data folder has none."""
    settings = services.settings.data / CLINIC
    return read_clinic(settings) if settings.is_file() else None


def report_view(session: Session, measurement: Measurement, folder: Path, by: Person) -> PageView:
    """Gather the report with what a result by itself does not know: the date, grades, the room."""
    rows = grades_of(session, measurement.visit_id)
    result = document_of(measurement)
    grades = graded(result, entered_of(rows))
    view = page_view(result, folder, clinical=Clinical(grades=grades))
    visit = get(session, Visit, measurement.visit_id)
    # As on the pages: what a room shows is the team's.
    room = "" if by.is_patient else room_line(session, visit, measurement.software).text
    return replace(view, date=day_words(visit.on), room=room)


@router.get("/measurements/{measurement_id}/report")
def report(
    person: PatientOrClinician, session: Reading, services: HasServices, measurement_id: str
) -> Response:
    """Show the whole report: one self-contained page, apart from the app's own pages."""
    measurement = reach(person, session, Measurement, measurement_id)
    with files_of(services, measurement) as folder:
        text = render_page(report_view(session, measurement, folder, person))
    return HTMLResponse(text, headers={"content-security-policy": REPORT_POLICY})


@router.get("/measurements/{measurement_id}/report.pdf")
def printed(
    person: PatientOrClinician, session: Reading, services: HasServices, measurement_id: str
) -> Response:
    """Give the report for the chart as PDF, with the clinic's letterhead where there is one."""
    measurement = reach(person, session, Measurement, measurement_id)
    with files_of(services, measurement) as folder:
        pdf = build_pdf(report_view(session, measurement, folder, person), clinic_of(services))
    name = f"facewire-{measurement.result.get('subject') or measurement.id[:8]}.pdf"
    headers = {"content-disposition": f'inline; filename="{name}"'}
    return Response(pdf, media_type="application/pdf", headers=headers)
