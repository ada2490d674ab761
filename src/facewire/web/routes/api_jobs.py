"""Recordings and the work on them, for programs and for the page's script."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from starlette.requests import Request

from facewire.clinic.rooms import erase_videos
from facewire.errors import NotFoundError
from facewire.record.jobs import ask, cancel
from facewire.record.recordings import recordings_of, recordings_page, stored_media
from facewire.record.store import change
from facewire.record.tables import Recording, Visit
from facewire.web.api_models import (
    JobShow,
    MeasureAsk,
    Page,
    PageNumber,
    RecordingShow,
    RowId,
    rows_of,
    show_job,
    show_recording,
)
from facewire.web.deps import (
    HasServices,
    PatientOrClinician,
    Reading,
    Writing,
    patient_for,
    reach,
    reach_job,
)
from facewire.web.routes.openapi import ERRORS
from facewire.web.stored_files import media_answer

router = APIRouter(prefix="/api/v1", tags=["recordings"], responses=ERRORS)


@router.get("/patients/{patient_id}/recordings")
def list_of_patient(
    patient_id: RowId,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    page: PageNumber = 1,
) -> Page[RecordingShow]:
    """Return the recordings of a patient, newest first."""
    patient = patient_for(person, session, patient_id)
    limits = services.settings.limits
    found = recordings_page(session, patient.id, page, limits.page_rows)
    return rows_of(found, page, limits).shown(lambda row: show_recording(session, row))


@router.get("/visits/{visit_id}/recordings")
def list_of_visit(
    visit_id: RowId, person: PatientOrClinician, session: Reading
) -> list[RecordingShow]:
    """Return the recordings of a visit, oldest first."""
    visit = reach(person, session, Visit, visit_id)
    return [show_recording(session, row) for row in recordings_of(session, visit.id)]


@router.get("/recordings/{recording_id}")
def show(recording_id: RowId, person: PatientOrClinician, session: Reading) -> RecordingShow:
    """Return a recording."""
    return show_recording(session, reach(person, session, Recording, recording_id))


@router.get("/recordings/{recording_id}/video", response_class=StreamingResponse)
def video(
    recording_id: RowId,
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
) -> StreamingResponse:
    """Return the video, whole or a range of it; not while faces are hidden."""
    recording = reach(person, session, Recording, recording_id)
    media = stored_media(session, recording.video_media_id)
    if media is None or services.settings.incognito:
        raise NotFoundError("There is no video of this recording to show")
    return media_answer(services.media, media, request)


@router.post("/recordings/{recording_id}/measure", status_code=HTTPStatus.ACCEPTED)
def measure(
    recording_id: RowId,
    body: MeasureAsk,
    person: PatientOrClinician,
    session: Writing,
    services: HasServices,
) -> JobShow:
    """Ask for the measurement of a recording, again or for the first time."""
    recording = reach(person, session, Recording, recording_id)
    if body.mirrored is not None:
        recording = change(session, recording, mirrored=body.mirrored)
    settings = body.model_dump(include={"affected", "iris_mm"}, exclude_none=True)
    job = ask(session, recording, settings)
    services.jobs.wake()
    return show_job(session, job, services.clock())


@router.get("/jobs/{job_id}")
def show_one_job(
    job_id: RowId, person: PatientOrClinician, session: Reading, services: HasServices
) -> JobShow:
    """Return how far a job is; ask every second or two."""
    return show_job(session, reach_job(person, session, job_id), services.clock())


@router.post("/jobs/{job_id}/cancel")
def cancel_job(
    job_id: RowId, person: PatientOrClinician, session: Writing, services: HasServices
) -> JobShow:
    """Stop a job that waits or runs; what was stored stays, but for the video of a room's check."""
    job = cancel(session, reach_job(person, session, job_id))
    erase_videos(session, services.media, coming=services.uploads.busy)
    return show_job(session, job, services.clock())
