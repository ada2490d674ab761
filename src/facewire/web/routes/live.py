"""Guided live recording: choose a set, the page that records, and its WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from facewire.clinic.live.follower import Message
from facewire.clinic.live.protocol import FULL, SHORT, Protocol
from facewire.clinic.live.room import Finish, Room, Send
from facewire.clinic.live.service import LOOK_S, LiveSessions
from facewire.clinic.live.words import plan_document
from facewire.errors import (
    FacewireError,
    ForbiddenError,
    NotFoundError,
    RecordError,
    SignInError,
    parts_of,
)
from facewire.face import Movement
from facewire.record.clinical import answers_of, consents_of, has_consent
from facewire.record.recordings import recordings_of
from facewire.record.store import Session, void
from facewire.record.tables import Recording, Visit
from facewire.web.cookies import token_of
from facewire.web.deps import (
    HasServices,
    PatientOrClinician,
    Person,
    Reading,
    Services,
    Writing,
    person_of_token,
    reach,
)
from facewire.web.forms import consent_first, see_other
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.web.routes.consents import KEEPS_VIDEO
from facewire.web.routes.red_flags import guidance_of
from facewire.words import mark, sentence, translate, when_you

router = APIRouter(include_in_schema=False)

SET_NAMES = {
    SHORT.name: mark("Short set"),
    FULL.name: mark("Full set"),
    "full_effort": mark("Full set, with one repetition at full effort"),
}


@dataclass(frozen=True)
class SetView:
    """A set that can be chosen: its name, its length in minutes, its movements in words."""

    key: str
    name: str
    minutes: str
    movements: tuple[str, ...]


@dataclass(frozen=True)
class ChooseView:
    """The page before a recording.

    Parameters
    ----------
    visit_id : str
        Of the visit.
    patient : PatientHead
        Whose visit it is.
    sets : tuple of SetView
        What can be chosen, the usual one first.
    unfinished : tuple of str
        Live recordings of this visit that can be continued.
    for_patient : bool
        Whether the patient reads it.
    keep_video : bool
        Whether keeping the video is offered first: the clinic's setting, where the patient agreed
        to a wording that speaks of it.
    unasked : bool
        Whether the clinic keeps videos and this patient agreed to a wording that does not say so.
    """

    visit_id: str
    patient: PatientHead
    sets: tuple[SetView, ...]
    unfinished: tuple[str, ...]
    for_patient: bool
    keep_video: bool
    unasked: bool


@dataclass(frozen=True)
class LiveView:
    """The page that records.

    Parameters
    ----------
    recording_id, visit_id : str
        Of the recording and its visit.
    keep_video : bool
        What was said about the video.
    for_patient : bool
        Whether the patient is alone with it.
    """

    recording_id: str
    visit_id: str
    keep_video: bool
    for_patient: bool


@router.get("/visits/{visit_id}/record")
async def choose(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    visit_id: str,
) -> Response:
    """Choose a set; the questions of this visit come first."""
    visit = reach(person, session, Visit, visit_id)
    elsewhere = _questions_first(person, session, visit)
    if elsewhere is not None:
        return elsewhere
    live = live_of(services)
    await live.warm()
    unfinished = [r.id for r in recordings_of(session, visit.id) if _can_continue(r)]
    wanted = services.settings.keep_video and not person.is_patient
    agreed = consents_of(session, visit.patient_id)["care"].wording in KEEPS_VIDEO
    view = ChooseView(
        visit.id,
        patient_head(session, services.settings, visit.patient_id),
        tuple(_set_view(one) for one in live.protocols.values()),
        tuple(unfinished),
        person.is_patient,
        keep_video=wanted and agreed,
        unasked=wanted and not agreed,
    )
    return page(request, "record/choose.html", view)


@router.post("/visits/{visit_id}/record")
def begin(
    person: PatientOrClinician,
    session: Writing,
    services: HasServices,
    visit_id: str,
    protocol: Annotated[str, Form(max_length=40)],
    keep_video: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Make the recording and lead to the page that records."""
    visit = reach(person, session, Visit, visit_id)
    elsewhere = _questions_first(person, session, visit)
    if elsewhere is not None:
        return elsewhere
    recording = live_of(services).create(session, visit, protocol, keep_video=keep_video == "yes")
    return see_other(f"/live/{recording.id}")


@router.get("/live/{recording_id}")
def record(
    request: Request, person: PatientOrClinician, session: Reading, recording_id: str
) -> Response:
    """Show the page that records; a finished recording leads to its own page."""
    recording = reach(person, session, Recording, recording_id)
    if not _can_continue(recording):
        return see_other(f"/recordings/{recording.id}")
    keep_video = bool(recording.capture.get("keep_video"))
    view = LiveView(recording.id, recording.visit_id, keep_video, person.is_patient)
    return page(request, "record/live.html", view)


@router.get("/live/{recording_id}/plan")
def plan(
    person: PatientOrClinician, session: Reading, services: HasServices, recording_id: str
) -> Response:
    """Return the steps, words and drawings that the page plays."""
    recording = reach(person, session, Recording, recording_id)
    return JSONResponse(plan_document(live_of(services).protocol(recording.protocol), 0))


@router.post("/live/{recording_id}/discard")
async def discard(
    person: PatientOrClinician, session: Writing, services: HasServices, recording_id: str
) -> Response:
    """Throw a recording away that is not finished: its pictures are deleted."""
    recording = reach(person, session, Recording, recording_id)
    if not _can_continue(recording):
        raise RecordError("This recording is finished", do="void it on its own page")
    void(session, recording, "discarded before it was finished")
    await live_of(services).discard(recording.id)
    return see_other(f"/visits/{recording.visit_id}")


@router.websocket("/live/{recording_id}")
async def live(
    socket: WebSocket, person: PatientOrClinician, services: HasServices, recording_id: str
) -> None:
    """Take pictures and messages of the page; send values, marks and states.

    The line ends within seconds when the person is signed out, the account is closed, the patient
    withdraws, or the recording is void or erased.
    """
    with services.record.reading() as session:
        recording = reach(person, session, Recording, recording_id)
    await socket.accept()
    sessions = live_of(services)

    async def send(message: Message) -> None:
        if socket.client_state is socket.client_state.CONNECTED:
            try:
                await socket.send_json(message)
            except (WebSocketDisconnect, RuntimeError):
                return

    async def finish(room: Room, keep_video: bool) -> str:
        return await sessions.finish(room, keep_video, person.actor)

    try:
        room = await sessions.open(recording)
        await room.join(send)
    except FacewireError as error:
        await _send_away(socket, send, error, 1011)
        return
    ended = asyncio.create_task(
        _refusal(socket, services, person, recording.id, lambda: room.holds(send))
    )
    heard = asyncio.create_task(_hear(socket, room, finish))
    try:
        await asyncio.wait((ended, heard), return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            await _send_away(socket, send, ended.result(), 1008)
        else:
            heard.result()
    finally:
        ended.cancel()
        heard.cancel()
        await room.leave(send)


async def _hear(socket: WebSocket, room: Room, finish: Finish) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        if message.get("bytes") is not None:
            await room.picture(message["bytes"])
        else:
            await room.message(message.get("text") or "", finish)


async def _refusal(
    socket: WebSocket,
    services: Services,
    person: Person,
    recording_id: str,
    is_held: Callable[[], bool],
) -> FacewireError:
    """Return why the person may no longer record this here, once that is so.

    A line that another page replaced ends too: a thousand of them would ask a thousand times.
    """
    token = token_of(socket, services.settings)

    def check() -> None:
        now = person_of_token(services, token)
        if now is None or (now.account_id, now.role) != (person.account_id, person.role):
            raise SignInError("Nobody is signed in here any more", do="sign in")
        live_of(services).check_may_go_on(recording_id)

    while True:
        await asyncio.sleep(LOOK_S)
        if not is_held():
            return RecordError("The recording goes on in another window", do="go on there")
        try:
            await asyncio.to_thread(check)
        except (SignInError, NotFoundError, ForbiddenError) as error:
            return error
        except FacewireError:
            continue  # the record does not answer for a while: ask again


async def _send_away(socket: WebSocket, send: Send, error: FacewireError, code: int) -> None:
    await send({"type": "problem", "fatal": True, **parts_of(error)})
    await socket.close(code)


def live_of(services: Services) -> LiveSessions:
    """Return the live sessions.

    Raises
    ------
    RecordError
        The app runs without a data folder.
    """
    found = services.live
    if not isinstance(found, LiveSessions):
        raise RecordError("This app cannot record", do="start it with `facewire serve`")
    return found


def _can_continue(recording: Recording) -> bool:
    return recording.origin == "live" and recording.state in ("recording", "interrupted")


def _questions_first(person: Person, session: Session, visit: Visit) -> Response | None:
    """Lead to consent or questions where they are missing, or to what the answers lead to."""
    if not has_consent(session, visit.patient_id, "care"):
        return see_other(consent_first(visit.patient_id, f"/visits/{visit.id}/record"))
    row = answers_of(session, visit.patient_id, visit.id)
    if row is None:
        return see_other(f"/visits/{visit.id}/questions")
    if person.is_patient and not guidance_of(row, visit.on).may_record:
        return see_other(f"/visits/{visit.id}/guidance")
    return None


def _set_view(protocol: Protocol) -> SetView:
    name = SET_NAMES.get(protocol.name, protocol.name)
    minutes = f"{max(protocol.length_s / 60, 0.5):.1f}".removesuffix(".0")
    return SetView(
        protocol.name, translate(name), minutes, tuple(_words(m) for m in protocol.movements)
    )


def _words(movement: Movement) -> str:
    return sentence(when_you(movement))
