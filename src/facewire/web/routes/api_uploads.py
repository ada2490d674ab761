"""Uploads for programs and for the page's script: begin, send parts, ask, finish, remove.

Parts follow the core of the tus protocol: ``HEAD`` tells ``Upload-Offset``; ``PATCH`` sends from
there and is answered once everything is on the disk.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Path, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from facewire.clinic.new_upload import NewUpload
from facewire.clinic.uploads import Uploads, check_open
from facewire.errors import UsageError
from facewire.record.recordings import OPEN, unfinished
from facewire.record.store import get
from facewire.record.tables import Recording, Upload, Visit
from facewire.web.api_models import (
    RecordingShow,
    RowId,
    UploadCreate,
    UploadFinish,
    UploadShow,
    show_recording,
)
from facewire.web.deps import (
    HasServices,
    PatientOrClinician,
    Person,
    Reading,
    Services,
    Writing,
    reach,
    reach_upload,
)
from facewire.web.routes.openapi import ERRORS

router = APIRouter(prefix="/api/v1", tags=["uploads"], responses=ERRORS)

PART_TYPE = "application/offset+octet-stream"
STORED_AT_ONCE_BYTES = 2 * 1024 * 1024
"""A part is stored in pieces of this size, so that a cut connection costs little."""

UploadId = Annotated[RowId, Path()]
Offset = Annotated[int, Header(alias="Upload-Offset", ge=0, le=2**53)]


@router.post("/visits/{visit_id}/uploads", status_code=HTTPStatus.CREATED)
def create(
    visit_id: RowId,
    body: UploadCreate,
    response: Response,
    person: PatientOrClinician,
    session: Writing,
    services: HasServices,
) -> UploadShow:
    """Begin an upload; the unfinished one of the same file is gone on with."""
    visit = reach(person, session, Visit, visit_id)
    new = NewUpload(body.name, body.size_bytes, body.fingerprint, body.mirrored, body.cues)
    upload = services.uploads.create(session, visit, new, person.actor)
    shown = show_upload(services, upload)
    response.headers["Location"] = f"/api/v1/uploads/{upload.id}"
    response.headers["Upload-Offset"] = str(shown.received_bytes)
    return shown


@router.get("/visits/{visit_id}/uploads")
def list_unfinished(
    visit_id: RowId, person: PatientOrClinician, session: Reading, services: HasServices
) -> list[UploadShow]:
    """Return the unfinished uploads of a visit."""
    visit = reach(person, session, Visit, visit_id)
    return [show_upload(services, upload) for upload in unfinished(session, visit.id)]


@router.get("/uploads/{upload_id}")
def show(
    upload_id: UploadId, person: PatientOrClinician, session: Reading, services: HasServices
) -> UploadShow:
    """Return an upload: how much is here, and until when it is kept."""
    return show_upload(services, reach_upload(person, session, upload_id))


@router.head("/uploads/{upload_id}")
def where(
    upload_id: UploadId, person: PatientOrClinician, session: Reading, services: HasServices
) -> Response:
    """Tell in ``Upload-Offset`` where to go on."""
    shown = show_upload(services, reach_upload(person, session, upload_id))
    return Response(
        headers={
            "Upload-Offset": str(shown.received_bytes),
            "Upload-Length": str(shown.size_bytes),
        }
    )


@router.patch(
    "/uploads/{upload_id}",
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {PART_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def send_part(
    upload_id: UploadId,
    upload_offset: Offset,
    request: Request,
    person: PatientOrClinician,
    services: HasServices,
) -> Response:
    """Store what is sent from ``Upload-Offset`` on; answered once it is on the disk."""
    if request.headers.get("content-type") != PART_TYPE:
        raise UsageError("A part has another type", expected=f"Content-Type: {PART_TYPE}")
    upload = await run_in_threadpool(_open_upload, services, person, upload_id)
    with services.uploads.alone(upload_id):
        reached = await _receive(services.uploads, upload, upload_offset, request)
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Upload-Offset": str(reached)})


@router.post("/uploads/{upload_id}/finish")
def finish(
    upload_id: UploadId, body: UploadFinish, person: PatientOrClinician, services: HasServices
) -> RecordingShow:
    """Put the whole video into the record and have it measured."""
    upload = _reached(services, person, upload_id)
    with services.uploads.alone(upload_id):
        recording = services.uploads.finish(
            upload, person.actor, body.checksum, again=body.keep_both
        )
    services.jobs.wake()
    with services.record.reading() as session:
        return show_recording(session, get(session, Recording, recording.id))


@router.delete("/uploads/{upload_id}", status_code=HTTPStatus.NO_CONTENT)
def remove(upload_id: UploadId, person: PatientOrClinician, services: HasServices) -> Response:
    """Remove an unfinished upload."""
    upload = _reached(services, person, upload_id)
    with services.uploads.alone(upload_id):
        services.uploads.remove(upload, person.actor)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def show_upload(services: Services, upload: Upload) -> UploadShow:
    """Return an upload as it is shown; a file's name may be a person's."""
    uploads: Uploads = services.uploads
    is_open = upload.state == OPEN
    received = uploads.parts.received(upload.id) if is_open else upload.received_bytes
    name = "" if services.settings.incognito else upload.name
    return UploadShow.of(upload, received, uploads.rules.removed_at(upload), name)


def _reached(services: Services, person: Person, upload_id: str) -> Upload:
    with services.record.reading() as session:
        return reach_upload(person, session, upload_id)


def _open_upload(services: Services, person: Person, upload_id: str) -> Upload:
    upload = _reached(services, person, upload_id)
    check_open(upload.state)
    return upload


async def _receive(uploads: Uploads, upload: Upload, offset: int, request: Request) -> int:
    """Store the body piece by piece; what came before a cut connection is kept."""
    waiting = bytearray()
    reached = await run_in_threadpool(uploads.receive, upload, offset, b"")
    try:
        async for chunk in request.stream():
            waiting += chunk
            if len(waiting) >= STORED_AT_ONCE_BYTES:
                reached = await run_in_threadpool(uploads.receive, upload, reached, bytes(waiting))
                waiting.clear()
    except ClientDisconnect:
        await _store_rest(uploads, upload, reached, waiting)
        raise
    return await _store_rest(uploads, upload, reached, waiting)


async def _store_rest(uploads: Uploads, upload: Upload, reached: int, waiting: bytearray) -> int:
    reached = await run_in_threadpool(uploads.receive, upload, reached, bytes(waiting))
    await run_in_threadpool(uploads.note_received, upload.id)
    return reached
