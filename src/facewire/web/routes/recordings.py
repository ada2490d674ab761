"""A recording's page: its measuring as it goes, what stood in the way, which side is which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.clinic.rooms import erase_videos
from facewire.errors import NotFoundError
from facewire.record.jobs import ask, cancel, newest_job
from facewire.record.recordings import (
    UNFINISHED,
    VOIDABLE,
    measured_of,
    newest_measurement,
    stored_media,
)
from facewire.record.store import Session, change, get
from facewire.record.tables import Media, Recording, Visit
from facewire.web.api_models import STEP_WORDS, JobShow, ProblemShow, show_job
from facewire.web.deps import (
    HasServices,
    PatientOrClinician,
    Reading,
    Services,
    Writing,
    reach,
    reach_job,
)
from facewire.web.forms import Sent, see_other
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.web.recording_words import coverage_words, is_ending, retry_helps
from facewire.web.stored_files import media_answer
from facewire.words import mark, translate

router = APIRouter(include_in_schema=False)

STILL = "frames/rest_1_rest.jpg"
"""The face at rest: the picture by which a person says which side is which."""

AFFECTED = (
    ("", mark("As in the history; without one the recording tells it")),
    ("L", mark("The patient's left")),
    ("R", mark("The patient's right")),
    ("none", mark("Neither")),
    ("infer", mark("Let the recording tell it")),
)


@dataclass(frozen=True)
class RecordingView:
    """The page of a recording.

    Parameters
    ----------
    id, visit_id : str
        Of the recording and its visit.
    patient : PatientHead
        Whose it is.
    on : date
        Day of the visit.
    state : str
        One of `facewire.record.tables.RECORDING_STATES`.
    job : JobShow or None
        The work on it that was asked for last.
    step : str
        What happens now, in words.
    problem : ProblemShow or None
        What stood in the way.
    measurement_id : str
        Of the measurement that holds; empty when there is none.
    mirrored : bool or None
        What was said about the picture.
    has_still : bool
        Whether there is a picture by which to tell the sides.
    may_ask : bool
        Whether it can be measured (again), and that can help.
    coverage : str
        How much of what was asked was seen, in words; empty where that is not known.
    ending : bool
        Whether a live session was asked to finish and does so by itself.
    for_patient : bool
        Whether the patient reads it.
    """

    id: str
    visit_id: str
    patient: PatientHead
    on: date
    state: str
    job: JobShow | None
    step: str
    problem: ProblemShow | None
    measurement_id: str
    mirrored: bool | None
    has_still: bool
    may_ask: bool
    for_patient: bool
    coverage: str = ""
    ending: bool = False

    @property
    def retry_helps(self) -> bool:
        """Whether the same measurement again may go through."""
        return self.problem is not None and retry_helps(self.problem.model_dump())

    @property
    def affected(self) -> tuple[tuple[str, str], ...]:
        """What can be said of the affected side."""
        return tuple((value, translate(words)) for value, words in AFFECTED)

    @property
    def asks_side(self) -> bool:
        """Whether it is not said yet which side of the picture is which."""
        return bool(self.measurement_id) and self.mirrored is None and not self.is_busy

    @property
    def may_go_on(self) -> bool:
        """Whether a live session waits for somebody who goes on with it."""
        return self.state in UNFINISHED and not self.ending

    @property
    def record_again(self) -> bool:
        """Whether a new recording is what can help: what stood in the way lies in this one."""
        return self.state == "failed" and not self.is_busy

    @property
    def may_void(self) -> bool:
        """Whether this reader may mark it as void now."""
        return self.state in VOIDABLE and not self.is_busy and not self.for_patient

    @property
    def is_busy(self) -> bool:
        """Whether work on it waits or goes on."""
        return self.job is not None and self.job.state in ("waiting", "running")


@router.get("/recordings/{recording_id}")
def show(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    recording_id: str,
) -> Response:
    """Show how far a recording is."""
    recording = reach(person, session, Recording, recording_id)
    view = _view(session, services, recording, for_patient=person.is_patient)
    return page(request, "recordings/show.html", view)


@router.get("/recordings/{recording_id}/still")
def still(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    recording_id: str,
) -> Response:
    """Return the face at rest as it was filmed; not while faces are hidden."""
    recording = reach(person, session, Recording, recording_id)
    media = _still_of(session, services, recording)
    if media is None:
        raise NotFoundError("There is no picture of this recording to show")
    return media_answer(services.media, media, request)


@router.post("/recordings/{recording_id}/side")
def say_side(
    person: PatientOrClinician,
    session: Writing,
    services: HasServices,
    recording_id: str,
    sent: Sent,
) -> Response:
    """Take down in which half of the picture the patient's right side is; measure anew."""
    recording = reach(person, session, Recording, recording_id)
    half = sent.choice("right_is", ("left_half", "right_half"))
    if half:
        recording = change(session, recording, mirrored=half == "right_half")
        ask(session, recording)
        services.jobs.wake()
    return see_other(f"/recordings/{recording.id}")


@router.post("/recordings/{recording_id}/measure")
def measure(
    person: PatientOrClinician,
    session: Writing,
    services: HasServices,
    recording_id: str,
    sent: Sent,
) -> Response:
    """Ask for the measurement again, with what is said now."""
    recording = reach(person, session, Recording, recording_id)
    affected = sent.values.get("affected", "")
    mirrored = {"yes": True, "no": False}.get(sent.values.get("mirrored", ""))
    if mirrored is not None:
        recording = change(session, recording, mirrored=mirrored)
    known = affected in ("L", "R", "none", "infer")
    ask(session, recording, {"affected": affected} if known else {})
    services.jobs.wake()
    return see_other(f"/recordings/{recording.id}")


@router.post("/jobs/{job_id}/cancel")
def stop(
    person: PatientOrClinician, session: Writing, services: HasServices, job_id: str
) -> Response:
    """Stop a job; a patient's video stays, that of a room's check is erased."""
    job = reach_job(person, session, job_id)
    # A job that ended a moment before the click needs no stopping.
    if job.state in ("waiting", "running"):
        cancel(session, job)
    erase_videos(session, services.media, coming=services.uploads.busy)
    if job.visit_id is not None:
        return see_other(f"/visits/{job.visit_id}/deciding")
    if job.recording_id is None:
        return see_other("/rooms")
    return see_other(f"/recordings/{job.recording_id}")


def _view(
    session: Session, services: Services, recording: Recording, *, for_patient: bool
) -> RecordingView:
    job = newest_job(session, recording.id)
    shown = None if job is None else show_job(session, job, services.clock())
    measurement = newest_measurement(session, recording.id)
    step = STEP_WORDS.get(shown.step or "start", "") if shown else ""
    stored = recording.video_media_id is not None or recording.track_media_id is not None
    return RecordingView(
        id=recording.id,
        visit_id=recording.visit_id,
        patient=patient_head(session, services.settings, recording.patient_id),
        on=get(session, Visit, recording.visit_id).on,
        state=recording.state,
        job=shown,
        step=translate(step),
        problem=None if recording.problem is None else ProblemShow(**recording.problem),
        measurement_id="" if measurement is None else measurement.id,
        mirrored=recording.mirrored,
        has_still=_still_of(session, services, recording) is not None,
        may_ask=stored and (not for_patient or retry_helps(recording.problem)),
        for_patient=for_patient,
        coverage=coverage_words(recording, measured_of(session, [recording.id]).get(recording.id)),
        ending=is_ending(services, recording),
    )


def _still_of(session: Session, services: Services, recording: Recording) -> Media | None:
    """Return the picture at rest; where it was turned round already it would mislead."""
    measurement = newest_measurement(session, recording.id)
    if measurement is None or services.settings.incognito:
        return None
    return stored_media(session, measurement.files.get(STILL))
