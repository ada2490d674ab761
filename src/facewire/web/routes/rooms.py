"""Checks of rooms: asked for with a healthy person's video, listed by room, each on its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import PurePath

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from facewire.clinic.new_upload import plain_name
from facewire.clinic.rooms import ask_check, erase_videos
from facewire.errors import DuplicateError, FacewireError, NotFoundError, UsageError
from facewire.record import audit
from facewire.record.jobs import ROOM
from facewire.record.rooms import (
    LONGEST_ROOM,
    RoomAsked,
    check_of,
    checked_rooms,
    checks,
    document_of_check,
    unfinished_checks,
    waiting_checks,
)
from facewire.record.rows import new_id
from facewire.record.store import Session, find, void
from facewire.record.tables import Job, RoomCheck
from facewire.report.phantom_page import (
    alarm_sentences,
    check_notes,
    figures,
    headline,
    phantom_page,
    room_figures,
)
from facewire.results.phantom import Phantom, RegionCheck
from facewire.video import SUFFIXES
from facewire.web.api_models import STEP_WORDS, JobShow, show_job
from facewire.web.deps import Clinician, HasServices, Person, Reading, Services, Writing
from facewire.web.form_upload import FormReader, take_video
from facewire.web.forms import Entries, FormState, Sent, fault_words, see_other
from facewire.web.pages import page
from facewire.web.routes.measurements import REPORT_POLICY
from facewire.words import mark, region_name, translate

router = APIRouter(prefix="/rooms", include_in_schema=False)

FILE = "video"
MIRRORED = {"yes": True, "no": False, "unsure": None}
UNFINISHED = 12
MOST_WAITING = 5
"""A check takes many minutes and its video much room: more at once is a mistake, or an attack."""
WORDING = "room/1"
AGREED = mark(
    "The person in this video is healthy and no patient here, and agrees that it is measured to "
    "check this room, that it is erased when the check ends, and that the figures are kept "
    "without name and picture."
)
"""What the person who is filmed agrees to; `WORDING` changes when a word changes."""


@dataclass(frozen=True)
class CheckLine:
    """A check in the list: its address, day, version, figures, and what stands against them."""

    url: str
    on: date
    facewire: str
    figures: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class UnfinishedLine:
    """A check that waits, runs or failed: its address, the room, the day, the job's state."""

    url: str
    room: str
    on: date
    state: str


@dataclass(frozen=True)
class RoomsView:
    """The list of checks: those not finished, and by room the others, the newest first."""

    unfinished: tuple[UnfinishedLine, ...]
    rooms: tuple[tuple[str, tuple[CheckLine, ...]], ...]


@dataclass(frozen=True)
class NewCheckView:
    """The form of a new check.

    Parameters
    ----------
    form : FormState
        As it was sent.
    rooms : tuple of str
        Names that are there already.
    largest_gb : float
        Largest video.
    is_a_patients : bool
        Whether the file that was sent is a patient's.
    """

    form: FormState
    rooms: tuple[str, ...]
    largest_gb: float
    is_a_patients: bool = False
    agreed: str = AGREED
    endings: str = ",".join(SUFFIXES)


@dataclass(frozen=True)
class CheckView:
    """The page of a check.

    Parameters
    ----------
    id : str
        Of its job.
    asked : RoomAsked
        Room and day.
    job : JobShow
        How far it is.
    step : str
        What happens now, in words.
    found : Phantom or None
        What it found; None before its end.
    """

    id: str
    asked: RoomAsked
    job: JobShow
    step: str
    found: Phantom | None

    @property
    def is_busy(self) -> bool:
        """Whether the check waits or goes on."""
        return self.job.state in ("waiting", "running")

    @property
    def headline(self) -> str:
        """How small a change is found."""
        return headline(self.found) if self.found else ""

    @property
    def figures(self) -> dict[str, Callable[[RegionCheck], str]]:
        """Titles of the figures of a region, and how each is written."""
        return figures(self.found) if self.found else {}

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The figures of each region, written."""
        return [
            (region_name(each.region), *(words(each) for words in self.figures.values()))
            for each in (self.found.regions if self.found else ())
        ]

    @property
    def alarms(self) -> list[str]:
        """What was said of an affected side."""
        return alarm_sentences(self.found) if self.found else []


@router.get("")
def show_all(request: Request, person: Clinician, session: Reading) -> Response:
    """Show the checks of all rooms."""
    del person
    rows = groupby(checks(session), key=lambda row: row.room)
    view = RoomsView(
        tuple(_unfinished(job) for job in unfinished_checks(session, UNFINISHED)),
        tuple((room, tuple(_line(row) for row in group)) for room, group in rows),
    )
    return page(request, "rooms/list.html", view)


def _unfinished(job: Job) -> UnfinishedLine:
    asked = RoomAsked.of(job.settings)
    return UnfinishedLine(f"/rooms/{job.id}", asked.room, asked.on, job.state)


def _line(row: RoomCheck) -> CheckLine:
    found = document_of_check(row)
    made, notes = found.provenance.facewire, tuple(check_notes(found))
    return CheckLine(f"/rooms/{row.job_id}", row.on, made, room_figures(found), notes)


@router.get("/new")
def new(request: Request, person: Clinician, session: Reading, services: HasServices) -> Response:
    """Show the form of a new check; today is filled in."""
    del person
    today = services.today.isoformat()
    return page(request, "rooms/new.html", _form(session, services, FormState({"on": today})))


@router.post("/new")
async def send(request: Request, person: Clinician, services: HasServices) -> Response:
    """Take a healthy person's video from the form, and ask for the check."""
    reader = FormReader(request, FILE)
    incoming = _RoomVideo(reader, services, person)
    try:
        with services.uploads.alone(incoming.id):
            check_id = await take_video(
                request, reader, incoming, services.uploads.rules.largest_bytes
            )
    except FacewireError as error:
        return await run_in_threadpool(_again, request, services, reader, error)
    services.jobs.wake()
    return see_other(f"/rooms/{check_id}")


def _again(
    request: Request, services: Services, reader: FormReader, error: FacewireError
) -> Response:
    entries, _ = _asked(services, reader)
    if not entries.problems:
        entries.fault("", fault_words(error))
    known = isinstance(error, DuplicateError)
    with services.record.reading() as session:
        view = _form(session, services, entries.state, is_a_patients=known)
    return page(request, "rooms/new.html", view, status=409 if known else 422)


def _form(
    session: Session, services: Services, form: FormState, *, is_a_patients: bool = False
) -> NewCheckView:
    largest_gb = services.uploads.rules.largest_bytes / 1e9
    return NewCheckView(form, tuple(checked_rooms(session)), largest_gb, is_a_patients)


def _asked(services: Services, reader: FormReader) -> tuple[Entries, RoomAsked | None]:
    """Read what was said before the video; None when something is wrong or missing."""
    sent = Entries({name: reader.text(name) for name in reader.values})
    room = " ".join(sent.text("room", needed=True, longest=LONGEST_ROOM).split())
    on = sent.day("on", needed=True, latest=services.today)
    mirrored = sent.choice("mirrored", MIRRORED)
    sent.choice("agreed", ("yes",))
    if sent.problems or on is None:
        return sent, None
    return sent, RoomAsked(room, on, MIRRORED[mirrored], WORDING, "")


class _RoomVideo:
    """A video that comes by the form: its parts lie with those of uploads until it is whole."""

    def __init__(self, reader: FormReader, services: Services, person: Person) -> None:
        self.id = new_id()
        self._reader, self._services, self._person = reader, services, person
        self._asked: RoomAsked | None = None
        self._offset = 0

    def store(self) -> None:
        """Store what came since the last time; what was said of it came before."""
        if not self._reader.file_name:
            raise UsageError("No video was chosen", do="choose a video, then send the form")
        if self._asked is None:
            self._refuse_many()
            _, asked = _asked(self._services, self._reader)
            if asked is None:
                raise UsageError("Something in the form needs another look")
            ending = PurePath(plain_name(self._reader.file_name)).suffix.lower()
            self._asked = replace(asked, ending=ending)
        data = self._reader.take()
        if data:
            self._offset = self._services.uploads.parts.add(self.id, self._offset, data)

    def _refuse_many(self) -> None:
        with self._services.record.reading() as session:
            waiting = waiting_checks(session)
        if waiting >= MOST_WAITING:
            raise UsageError(
                "Too many checks wait",
                expected=f"at most {MOST_WAITING} that are not finished",
                found=f"{waiting}",
                do="wait until one of them ends, or stop one",
            )

    def finish(self) -> str:
        """Ask for the check."""
        if self._asked is None or not self._offset:
            raise UsageError("The file is empty", do="choose the video again")
        although = self._reader.text("healthy") == "yes"
        uploads, by = self._services.uploads, self._person.actor
        try:
            ask_check(uploads, self.id, self._asked, by, although_a_patients=although)
        except FacewireError:
            self.drop()
            raise
        return self.id

    def drop(self) -> None:
        """Remove what came, wherever it is by now."""
        services = self._services
        services.uploads.parts.remove(self.id)
        others = services.uploads.busy - {self.id}
        with services.record.writing(by=self._person.actor) as session:
            erase_videos(session, services.media, coming=others)


@router.get("/{check_id}")
def show(
    request: Request, person: Clinician, session: Reading, services: HasServices, check_id: str
) -> Response:
    """Show how far a check is, what stood in its way, or what it found."""
    job, row = _reach(session, check_id)
    if row is not None:
        audit.saw(session, person.actor, "room_checks", row.id)
    shown = show_job(session, job, services.clock())
    view = CheckView(
        id=job.id,
        asked=RoomAsked.of(job.settings),
        job=shown,
        step=translate(STEP_WORDS.get(shown.step or "start", "")),
        found=None if row is None else document_of_check(row),
    )
    return page(request, "rooms/show.html", view)


@router.get("/{check_id}/report")
def report(person: Clinician, session: Reading, check_id: str) -> Response:
    """Show the page of `facewire phantom`: self-contained, apart from the app's own pages."""
    _, row = _reach(session, check_id)
    if row is None:
        raise _missing()
    audit.saw(session, person.actor, "room_checks", row.id)
    text = phantom_page(document_of_check(row))
    return HTMLResponse(text, headers={"content-security-policy": REPORT_POLICY})


@router.post("/{check_id}/void")
def void_check(person: Clinician, session: Writing, check_id: str, sent: Sent) -> Response:
    """Mark a check as void, such as one of a person who is not healthy."""
    del person
    job, row = _reach(session, check_id)
    reason = sent.text("reason", needed=True, longest=400)
    if row is None or sent.problems:
        return see_other(f"/rooms/{job.id}")
    void(session, row, reason)
    return see_other("/rooms")


def _reach(session: Session, check_id: str) -> tuple[Job, RoomCheck | None]:
    job, row = find(session, Job, check_id), check_of(session, check_id)
    if job is None or job.kind != ROOM or (row is not None and row.voided_at is not None):
        raise _missing()
    return job, row


def _missing() -> NotFoundError:
    return NotFoundError("There is no such check", do="go back to the rooms")
