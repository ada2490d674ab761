"""Measurements for programs: the result document, its files, the report as page and as PDF."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.requests import Request

from facewire.errors import NotFoundError
from facewire.record.recordings import document_of, measurements_page, media_by_id, stored_media
from facewire.record.tables import Measurement
from facewire.report import render_page
from facewire.results.measurement import Measurement as MeasurementDocument
from facewire.web.api_models import FileShow, MeasurementShow, Page, PageNumber, RowId, rows_of
from facewire.web.deps import HasServices, PatientOrClinician, Reading, patient_for, reach
from facewire.web.routes.measurements import REPORT_POLICY, report_view
from facewire.web.routes.openapi import ERRORS
from facewire.web.stored_files import files_of, media_answer

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
    limits = services.settings.limits
    found = measurements_page(session, patient.id, page, limits.page_rows)
    return rows_of(found, page, limits).shown(MeasurementShow.of)


@router.get("/measurements/{measurement_id}")
def show(measurement_id: RowId, person: PatientOrClinician, session: Reading) -> MeasurementShow:
    """Return a measurement without its document."""
    return MeasurementShow.of(reach(person, session, Measurement, measurement_id))


@router.get("/measurements/{measurement_id}/result.json", response_model=MeasurementDocument)
def result(measurement_id: RowId, person: PatientOrClinician, session: Reading) -> Response:
    """Return the result document, ``facewire.measurement/1``: the bytes that a file would hold."""
    document = document_of(reach(person, session, Measurement, measurement_id))
    return Response(document.to_json(), media_type="application/json")


@router.get("/measurements/{measurement_id}/files")
def files(measurement_id: RowId, person: PatientOrClinician, session: Reading) -> list[FileShow]:
    """Return the files of a measurement: track, signals, mesh, pictures, table, report."""
    row = reach(person, session, Measurement, measurement_id)
    stored = media_by_id(session, row.files.values()).values()
    return [FileShow.of(media) for media in sorted(stored, key=lambda media: media.name)]


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
    media = stored_media(session, row.files.get(path))
    hidden = services.settings.incognito and not path.endswith((".parquet", ".json", ".csv"))
    if media is None or hidden:
        raise NotFoundError("There is no such file of this measurement")
    return media_answer(services.media, media, request)


@router.get("/measurements/{measurement_id}/report.html", response_class=HTMLResponse)
def report(
    measurement_id: RowId, person: PatientOrClinician, session: Reading, services: HasServices
) -> HTMLResponse:
    """Return the report as one page that needs nothing else."""
    row = reach(person, session, Measurement, measurement_id)
    with files_of(services, row, READ) as folder:
        text = render_page(report_view(session, row, folder, person))
    return HTMLResponse(text, headers={"content-security-policy": REPORT_POLICY})


@router.get("/measurements/{measurement_id}/report.pdf")
def printed(
    measurement_id: RowId, person: PatientOrClinician, session: Reading, services: HasServices
) -> Response:
    """Return the report for paper."""
    from facewire.report.pdf import build_pdf

    row = reach(person, session, Measurement, measurement_id)
    with files_of(services, row, READ) as folder:
        made = build_pdf(report_view(session, row, folder, person))
    return Response(made, media_type="application/pdf")
