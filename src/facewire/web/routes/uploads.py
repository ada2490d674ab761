"""The page on which a video is uploaded; its form works without scripts too."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from facewire.care import Guidance
from facewire.clinic.new_upload import NewUpload
from facewire.clinic.uploads import TWIN, Uploads
from facewire.errors import CueSheetError, DuplicateError, FacewireError, ForbiddenError, UsageError
from facewire.files import decoded
from facewire.record import audit
from facewire.record.clinical import answers_of, has_consent
from facewire.record.recordings import unfinished
from facewire.record.same_person import ids_of
from facewire.record.store import Session, change, find, get
from facewire.record.tables import Recording, Upload, Visit
from facewire.video import SUFFIXES
from facewire.web.deps import (
    HasServices,
    PatientOrClinician,
    Person,
    Reading,
    Services,
    reach,
    reach_upload,
)
from facewire.web.form_upload import FormReader, take_video
from facewire.web.forms import FormState, consent_first, fault_words, see_other
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.web.routes.red_flags import guidance_of

router = APIRouter(include_in_schema=False)

FILE = "video"
FINGERPRINT_BYTES = 1024 * 1024
MIRRORED = {"yes": True, "no": False}


@dataclass(frozen=True)
class UnfinishedView:
    """An upload that is not finished.

    Parameters
    ----------
    id, name : str
        The name is empty where it is hidden.
    share : float
        How much of it is here.
    is_whole : bool
        Whether all of it is here.
    removed_at : datetime
        When it will be removed.
    twin_of : PatientHead or None
        The other patient whose recording has the same video; the team alone is told who.
    is_anothers : bool
        Whether another patient's recording has it.
    """

    id: str
    name: str
    share: float
    is_whole: bool
    removed_at: datetime
    twin_of: PatientHead | None = None
    is_anothers: bool = False


@dataclass(frozen=True)
class UploadView:
    """The page of an upload.

    Parameters
    ----------
    visit_id : str
        Of the visit that the video belongs to.
    patient : PatientHead
        Whose it is.
    guidance : Guidance or None
        Where the questions before a recording lead; None when they were not asked.
    unfinished : tuple of UnfinishedView
        Uploads of this visit that can go on.
    largest_gb : float
        Largest video.
    endings : str
        How the names of videos end that are taken, for the browser's choice of files.
    form : FormState
        As it was sent.
    for_patient : bool
        Whether the patient uploads.
    """

    visit_id: str
    patient: PatientHead
    guidance: Guidance | None
    unfinished: tuple[UnfinishedView, ...]
    largest_gb: float
    endings: str
    form: FormState
    for_patient: bool

    @property
    def may_send(self) -> bool:
        """Whether the questions allow a recording now; a clinician decides alone."""
        asked = self.guidance is not None
        return asked and (not self.for_patient or bool(self.guidance and self.guidance.may_record))


@router.get("/visits/{visit_id}/upload")
def show(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    visit_id: str,
) -> Response:
    """Show the form, and what was begun before."""
    visit = reach(person, session, Visit, visit_id)
    if not has_consent(session, visit.patient_id, "care"):
        return see_other(consent_first(visit.patient_id, f"/visits/{visit.id}/upload"))
    return page(request, "recordings/upload.html", _view(session, services, person, visit))


@router.post("/visits/{visit_id}/upload")
async def send(
    request: Request, person: PatientOrClinician, services: HasServices, visit_id: str
) -> Response:
    """Take a whole video from the form."""
    await run_in_threadpool(_reach_visit, services, person, visit_id)
    reader = FormReader(request, FILE)
    try:
        incoming = _Incoming(request, reader, services, person, visit_id)
        recording_id = await take_video(
            request, reader, incoming, services.uploads.rules.largest_bytes
        )
    except ForbiddenError:
        raise
    except FacewireError as error:
        words = "" if isinstance(error, DuplicateError) else fault_words(error)
        return await run_in_threadpool(_again, request, services, person, visit_id, words)
    services.jobs.wake()
    return see_other(f"/recordings/{recording_id}")


@router.post("/uploads/{upload_id}/keep")
def keep_both(person: PatientOrClinician, services: HasServices, upload_id: str) -> Response:
    """Keep a video that came whole although the same one is there already.

    Whether another patient's video is this patient's, the team decides.
    """
    upload = _reach_upload(services, person, upload_id)
    with services.record.reading() as session:
        if person.is_patient and _other_patient(session, upload) is not None:
            raise ForbiddenError(
                "The team decides whose video this is", do="ask your clinic, or remove it"
            )
    with services.uploads.alone(upload.id):
        recording = services.uploads.finish(upload, person.actor, again=True)
    services.jobs.wake()
    return see_other(f"/recordings/{recording.id}")


@router.post("/uploads/{upload_id}/remove")
def remove(person: PatientOrClinician, services: HasServices, upload_id: str) -> Response:
    """Remove an unfinished upload."""
    upload = _reach_upload(services, person, upload_id)
    with services.record.reading() as session:
        visit_id = _visit_of(session, upload)
    with services.uploads.alone(upload.id):
        services.uploads.remove(upload, person.actor)
    return see_other(f"/visits/{visit_id}/upload")


def _view(
    session: Session,
    services: Services,
    person: Person,
    visit: Visit,
    form: FormState | None = None,
) -> UploadView:
    uploads: Uploads = services.uploads
    asked = answers_of(session, visit.patient_id, visit.id)
    return UploadView(
        visit_id=visit.id,
        patient=patient_head(session, services.settings, visit.patient_id),
        guidance=None if asked is None else guidance_of(asked, visit.on),
        unfinished=tuple(
            _unfinished(session, services, person, upload)
            for upload in unfinished(session, visit.id)
        ),
        largest_gb=uploads.rules.largest_bytes / 1e9,
        endings=",".join(SUFFIXES),
        form=form or FormState({"mirrored": "unsure"}),
        for_patient=person.is_patient,
    )


def _unfinished(
    session: Session, services: Services, person: Person, upload: Upload
) -> UnfinishedView:
    uploads: Uploads = services.uploads
    other = _other_patient(session, upload)
    told = other is not None and person.is_clinician
    if other is not None and told:
        audit.saw(session, person.actor, "same_video", None, other)
    received = uploads.parts.received(upload.id)
    return UnfinishedView(
        id=upload.id,
        name="" if services.settings.incognito else upload.name,
        share=received / upload.size_bytes,
        is_whole=received == upload.size_bytes,
        removed_at=uploads.rules.removed_at(upload),
        twin_of=patient_head(session, services.settings, other) if other and told else None,
        is_anothers=other is not None,
    )


def _other_patient(session: Session, upload: Upload) -> str | None:
    """Return the other patient whose recording has the same video; None where none has."""
    own = get(session, Recording, upload.recording_id)
    twin = find(session, Recording, (own.capture or {}).get(TWIN))
    same = twin is None or twin.patient_id in ids_of(session, own.patient_id)
    return None if same or twin is None else twin.patient_id


def _again(
    request: Request, services: Services, person: Person, visit_id: str, words: str
) -> Response:
    """Show the form again, with what is wrong; of a duplicate the page itself tells."""
    with services.record.reading() as session:
        visit = reach(person, session, Visit, visit_id)
        form = FormState({"mirrored": "unsure"}, {"": words} if words else {})
        view = _view(session, services, person, visit, form)
    return page(request, "recordings/upload.html", view, status=422 if words else 409)


def _reach_visit(services: Services, person: Person, visit_id: str) -> None:
    with services.record.reading() as session:
        reach(person, session, Visit, visit_id)


def _reach_upload(services: Services, person: Person, upload_id: str) -> Upload:
    with services.record.reading() as session:
        return reach_upload(person, session, upload_id)


def _visit_of(session: Session, upload: Upload) -> str:
    return get(session, Recording, upload.recording_id).visit_id


class _Incoming:
    """A video that comes by the form: begun with its first bytes, stored as it comes."""

    def __init__(
        self, request: Request, reader: FormReader, services: Services, person: Person, visit: str
    ) -> None:
        self._request, self._reader, self._services = request, reader, services
        self._person, self._visit_id = person, visit
        self._upload: Upload | None = None
        self._offset = 0

    def store(self) -> Upload:
        """Store what came since the last time."""
        data = self._reader.take()
        upload = self._upload = self._upload or self._begin(data)
        self._offset = self._services.uploads.receive(upload, self._offset, data)
        return upload

    def finish(self) -> str:
        """Put the video into the record; return its recording."""
        upload, by = self.store(), self._person.actor
        with self._services.record.writing(by=by) as session:
            # The whole request was larger than the video in it.
            own = get(session, Upload, upload.id)
            own = change(session, own, size_bytes=max(self._offset, 1))
        with self._services.uploads.alone(upload.id):
            recording: Recording = self._services.uploads.finish(own, by)
        return recording.id

    def drop(self) -> None:
        """Remove what came: a form cannot go on where it stopped."""
        if self._upload is not None:
            self._services.uploads.remove(self._upload, self._person.actor)

    def _begin(self, first: bytes) -> Upload:
        reader = self._reader
        if not reader.file_name:
            raise UsageError("No video was chosen", do="choose a video, then send the form")
        new = NewUpload(
            name=reader.file_name,
            size_bytes=_length(self._request),
            fingerprint=hashlib.sha256(first[:FINGERPRINT_BYTES]).hexdigest(),
            mirrored=MIRRORED.get(reader.text("mirrored")),
            cues=cues_sent(reader.values.get("cues", b"")),
        )
        with self._services.record.writing(by=self._person.actor) as session:
            visit = reach(self._person, session, Visit, self._visit_id)
            upload: Upload = self._services.uploads.begin(session, visit, new, self._person.actor)
            return upload


def cues_sent(content: bytes) -> list[Any] | None:
    """Return the rows of a cue sheet that was sent, in any encoding of text; None without one.

    Raises
    ------
    CueSheetError
        It is no JSON list.
    """
    if not content.strip():
        return None
    try:
        rows = json.loads(decoded(content))
    except (ValueError, RecursionError) as error:
        raise CueSheetError("The cue sheet is not JSON", do="choose another, or none") from error
    if not isinstance(rows, list) or not rows:
        raise CueSheetError("The cue sheet holds no cues", expected="a JSON list of cues")
    return rows


def _length(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isdigit() else FINGERPRINT_BYTES
