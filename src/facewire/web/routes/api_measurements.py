"""Measurements for programs: the result document, its files, the report as page and as PDF."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request

from facewire.errors import NotFoundError
from facewire.record.tables import Measurement, Media
from facewire.report import page_view, render_page
from facewire.results.measurement import Measurement as Result
from facewire.web.api_models import FileShow, MeasurementShow, Page, RowId
from facewire.web.deps import HasServices, PatientOrClinician, Reading, patient_for
from facewire.web.listing import PageNumber, page_of
from facewire.web.measured import files_of
from facewire.web.media_answer import media_answer
from facewire.web.reach import reach
from facewire.web.routes.measurements import REPORT_POLICY
from facewire.web.routes.openapi import ERRORS

router = APIRouter(prefix="/api/v1", tags=["measurements"], responses=ERRORS)

READ = ("signals.parquet", "mesh.json", "frames/")
"""Which files a report reads."""

FilePath = Annotated[str, InPath(max_length=200, examples=["frames/frames.json"])]
"""Such as ``track.parquet``."""


@router.get("/patients/{patient_id}/measurements")
def list_of_patient(
    patient_id: RowId,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    page: PageNumber = 1,
) -> Page[MeasurementShow]:
    """Return the measurements of a patient that hold now, newest first."""
    patient = patient_for(person, session, patient_id)
    live = (Measurement.patient_id == patient.id) & Measurement.voided_at.is_(None)
    order, limits = Measurement.created_at.desc(), services.settings.limits
    return page_of(session, Measurement, live, order, page, limits).shown(MeasurementShow.of)


@router.get("/measurements/{measurement_id}")
def show(measurement_id: RowId, person: PatientOrClinician, session: Reading) -> MeasurementShow:
    """Return a measurement without its document."""
    return MeasurementShow.of(reach(person, session, Measurement, measurement_id))


@router.get("/measurements/{measurement_id}/result.json")
def result(measurement_id: RowId, person: PatientOrClinician, session: Reading) -> dict[str, Any]:
    """Return the result document, ``facewire.measurement/1``."""
    found: dict[str, Any] = reach(person, session, Measurement, measurement_id).result
    return found


@router.get("/measurements/{measurement_id}/files")
def files(measurement_id: RowId, person: PatientOrClinician, session: Reading) -> list[FileShow]:
    """Return the files of a measurement: track, signals, mesh, pictures, table, report."""
    row = reach(person, session, Measurement, measurement_id)
    return [FileShow.of(media) for media in _media_of(session, row)]


@router.get("/measurements/{measurement_id}/files/{path:path}", response_class=StreamingResponse)
def file(
    measurement_id: RowId,
    path: FilePath,
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
) -> StreamingResponse:
    """Return one file; pictures of a face not while faces are hidden."""
    row = reach(person, session, Measurement, measurement_id)
    media = session.get(Media, row.files.get(path, ""))
    hidden = services.settings.incognito and not path.endswith((".parquet", ".json", ".csv"))
    if media is None or media.erased_at is not None or hidden:
        raise NotFoundError("There is no such file of this measurement")
    return media_answer(services.media, media, request)


@router.get("/measurements/{measurement_id}/report.html", response_class=HTMLResponse)
def report(
    measurement_id: RowId, person: PatientOrClinician, session: Reading, services: HasServices
) -> HTMLResponse:
    """Return the report as one page that needs nothing else."""
    row = reach(person, session, Measurement, measurement_id)
    with files_of(services, row, READ) as folder:
        text = render_page(page_view(Result.from_values(row.result), folder))
    return HTMLResponse(text, headers={"content-security-policy": REPORT_POLICY})


@router.get("/measurements/{measurement_id}/report.pdf")
def printed(
    measurement_id: RowId, person: PatientOrClinician, session: Reading, services: HasServices
) -> Response:
    """Return the report for paper."""
    from facewire.report.pdf import build_pdf

    row = reach(person, session, Measurement, measurement_id)
    with files_of(services, row, READ) as folder:
        made = build_pdf(page_view(Result.from_values(row.result), folder))
    return Response(made, media_type="application/pdf")


def _media_of(session: Session, row: Measurement) -> list[Media]:
    query = select(Media).where(Media.id.in_(row.files.values()), Media.erased_at.is_(None))
    return sorted(session.scalars(query), key=lambda media: media.name)
