"""The first page of each role: what is next, and the way to everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import NotFoundError
from facewire.record import audit
from facewire.record.clinical import has_consent
from facewire.record.patients import has_patients
from facewire.record.people import count_open_accounts
from facewire.record.recordings import (
    measured_of,
    measurements_of,
    newest_recording,
    open_recordings,
)
from facewire.record.store import Session, find
from facewire.record.tables import Patient, Recording
from facewire.record.visits import recent_visits, visits_of
from facewire.web.deps import HasServices, Person, Reading, Services, Signed
from facewire.web.pages import page
from facewire.web.patient_names import Shown, patient_heads
from facewire.web.recording_words import coverage_words, is_ending
from facewire.web.settings import WebSettings
from facewire.words import translate

router = APIRouter(include_in_schema=False)

RECENT = 12
WORKED_ON = ("waiting", "measuring")
LEFT = ("recording", "interrupted", "uploading")
NOT_MEASURED = ("failed", "uploaded")
"""States of a recording: the computer's turn, the patient's, nobody's until somebody asks."""


@dataclass(frozen=True)
class VisitLine:
    """A visit in the list: addresses, name as shown, date, kind, days since toxin, result."""

    id: str
    patient_id: str
    name: str
    on: date
    kind: str
    toxin: str
    measured: bool


@dataclass(frozen=True)
class OpenRecording:
    """A recording that is not measured yet.

    Address, name as shown, state, since when, whether it is a live session, what stood in the way.
    """

    id: str
    visit_id: str
    patient_id: str
    name: str
    state: str
    since: datetime
    live: bool
    cause: str


@dataclass(frozen=True)
class TeamView:
    """First page of clinicians and administrators.

    Parameters
    ----------
    today : date
        The computer's own date.
    visits : tuple of VisitLine
        Newest first.
    open_recordings : tuple of OpenRecording
        Oldest first.
    has_patients : bool
        Whether there is any patient yet.
    accounts, refused : int
        Open accounts; sign-ins refused in the last day (administrators only).
    trail_faults : int
        Places of the audit trail that did not fit as the app started (administrators only).
    trail_problem : str
        Why it could not be looked through then (administrators only).
    """

    today: date
    visits: tuple[VisitLine, ...] = ()
    open_recordings: tuple[OpenRecording, ...] = ()
    has_patients: bool = False
    accounts: int = 0
    refused: int = 0
    trail_faults: int = 0
    trail_problem: str = ""


@dataclass(frozen=True)
class PatientView:
    """A patient's own first page.

    Parameters
    ----------
    patient_id, given_name : str
        The patient; the name may be empty.
    may_record : bool
        Whether recording is agreed to.
    last_visit : date or None
        The last one.
    waiting, unfinished, failed : OpenRecording or None
        A recording that the computer works on; one that waits for the patient; the newest, where
        it could not be measured or was not. None of them stands in the way of the next but the
        first.
    coverage : str
        How much of what was asked was seen in the newest recording, in words.
    results : int
        How many measurements there are.
    """

    patient_id: str
    given_name: str
    may_record: bool
    last_visit: date | None
    waiting: OpenRecording | None
    unfinished: OpenRecording | None
    failed: OpenRecording | None
    coverage: str
    results: int


@router.get("/")
def home(request: Request, person: Signed, session: Reading, services: HasServices) -> Response:
    """Show what is next for this person."""
    if person.is_patient:
        return page(request, "home/patient.html", _patient_view(session, person, services))
    return page(request, "home/team.html", _team_view(session, person, services))


def _team_view(session: Session, person: Person, services: Services) -> TeamView:
    settings = services.settings
    accounts = refused = faults = 0
    problem = ""
    visits: tuple[VisitLine, ...] = ()
    recordings: tuple[OpenRecording, ...] = ()
    if person.is_administrator:
        accounts = count_open_accounts(session)
        yesterday = services.clock() - timedelta(days=1)
        refused = audit.count_since(session, "sign_in_refused", yesterday)
        if services.trail is not None:
            faults, problem = len(services.trail.faults or ()), services.trail.problem
    if person.is_clinician:
        visits, recordings = _recent(session, settings), _open(session, settings)
        _note_seen(session, person, visits, recordings)
    return TeamView(
        today=services.today,
        visits=visits,
        open_recordings=recordings,
        has_patients=has_patients(session),
        accounts=accounts,
        refused=refused,
        trail_faults=faults,
        trail_problem=problem,
    )


def _recent(session: Session, settings: WebSettings) -> tuple[VisitLine, ...]:
    shown = Shown(settings.incognito)
    return tuple(
        VisitLine(
            id=visit.visit_id,
            patient_id=visit.patient_id,
            name=shown.name(visit.code, visit),
            on=visit.on,
            kind=visit.kind,
            toxin=_toxin_words(visit.toxin_days),
            measured=visit.measurement_id is not None,
        )
        for visit in recent_visits(session, RECENT)
    )


def _toxin_words(days: Mapping[str, int]) -> str:
    """Say how long ago the last toxin was at this visit, side by side."""
    words = translate("{days} days after toxin, {side}")
    sides = {"L": translate("left"), "R": translate("right")}
    return " · ".join(
        words.format(days=days[side], side=name) for side, name in sides.items() if side in days
    )


def _open(
    session: Session, settings: WebSettings, patient_id: str | None = None
) -> tuple[OpenRecording, ...]:
    found = open_recordings(session, RECENT, patient_id)
    heads = patient_heads(session, settings, [row.patient_id for row in found])
    return tuple(
        OpenRecording(
            row.id,
            row.visit_id,
            row.patient_id,
            heads[row.patient_id].name,
            row.state,
            row.started_at,
            row.origin == "live",
            str((row.problem or {}).get("what", "")).rstrip("."),
        )
        for row in found
    )


def _note_seen(
    session: Session,
    person: Person,
    visits: tuple[VisitLine, ...],
    recordings: tuple[OpenRecording, ...],
) -> None:
    """Note once which patients stand on the page; an empty page shows nobody."""
    ids = sorted({one.patient_id for one in visits} | {one.patient_id for one in recordings})
    if ids:
        audit.saw(session, person.actor, "first_page", None, details={"patients": ids})


def _patient_view(session: Session, person: Person, services: Services) -> PatientView:
    patient = find(session, Patient, person.patient_id)
    if patient is None or patient.voided_at is not None:
        raise NotFoundError(
            "This account belongs to no patient any more", do="ask who looks after the accounts"
        )
    audit.saw(session, person.actor, "first_page", None, patient.id)
    still_open = _open(session, services.settings, patient.id)
    newest = newest_recording(session, patient.id)
    ending = newest is not None and is_ending(services, newest)
    busy = [one for one in still_open if one.state in WORKED_ON or (ending and _is(one, newest))]
    unfinished = [one for one in still_open if one.state in LEFT and one not in busy]
    failed = [one for one in still_open if one.state in NOT_MEASURED and _is(one, newest)]
    visits = visits_of(session, patient.id)
    return PatientView(
        patient_id=patient.id,
        given_name=person.shown_name,
        may_record=has_consent(session, patient.id, "care"),
        last_visit=visits[0].on if visits else None,
        waiting=busy[-1] if busy else None,
        unfinished=unfinished[-1] if unfinished else None,
        failed=failed[-1] if failed else None,
        coverage=_covered(session, newest),
        results=len(measurements_of(session, patient.id)),
    )


def _is(one: OpenRecording, row: Recording | None) -> bool:
    return row is not None and one.id == row.id


def _covered(session: Session, newest: Recording | None) -> str:
    if newest is None:
        return ""
    return coverage_words(newest, measured_of(session, [newest.id]).get(newest.id))
