"""What routes ask for: services, the person, a reading or writing session, one patient.

A route is public (``PUBLIC``) or asks for one of the people below. A test walks the route table
and fails on a route that does neither.

One rule says whose rows a person reaches. What is not reached and what is not there answer alike.
`patient_for` notes in the trail that a patient was seen; the parts of an upload and the looks at a
job's progress come by the hundred and are reached without another note each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from starlette.requests import HTTPConnection

from facewire.errors import ForbiddenError, NotFoundError, OwnPasswordError, SignInError
from facewire.record import audit, sessions
from facewire.record.audit import Actor
from facewire.record.folder import DataFolder
from facewire.record.jobs import DECIDE, ROOM
from facewire.record.people import has_accounts
from facewire.record.same_person import shown_id
from facewire.record.store import Record, Session, find
from facewire.record.tables import Account, Job, Measurement, Patient, Recording, Upload, Visit
from facewire.web.cookies import token_of
from facewire.web.settings import SetupCode, WebSettings

PUBLIC = frozenset(
    (
        "/setup",
        "/login",
        "/login/code",
        "/look",
        "/health",
        "/static/{path:path}",
        "/api/v1/sign-in",
        "/api/v1/openapi.json",
    )
)
"""Addresses that answer without a person."""
FIRST = frozenset(
    (
        "/account",
        "/account/password",
        "/logout",
        "/look",
        "/api/v1/me",
        "/api/v1/password",
        "/api/v1/sign-out",
    )
)
"""Addresses that answer to a password that somebody else made."""


@dataclass(frozen=True)
class Services:
    """What the app holds while it runs; at ``app.state.facewire``.

    Parameters
    ----------
    settings : WebSettings
        What ``facewire serve`` was told.
    record : Record
        The only door to the database.
    media : MediaStore
        The only door to stored files.
    clock : callable
        The time now, aware, UTC.
    setup : SetupCode
        The one-time code of the first start.
    live, jobs, uploads, learner, trail : object
        Live sessions, the job queue, uploads of videos, what this clinic's own patients taught, and
        what the look at the audit trail found as the app started.
    folder : DataFolder or None
        The opened data folder: keys, working room, backups.
    """

    settings: WebSettings
    record: Record
    media: Any
    clock: Callable[[], datetime]
    setup: SetupCode
    live: Any = None
    jobs: Any = None
    uploads: Any = None
    folder: DataFolder | None = None
    learner: Any = None
    trail: Any = None
    known: dict[str, bool] = field(default_factory=dict)

    def is_empty(self) -> bool:
        """Whether nobody has an account yet; once somebody has, this is remembered."""
        if not self.known.get("accounts"):
            with self.record.reading() as session:
                self.known["accounts"] = has_accounts(session)
        return not self.known["accounts"]

    @property
    def today(self) -> date:
        """The day it is where the app runs: a clinic's own, not that of Greenwich."""
        return self.clock().astimezone().date()


@dataclass(frozen=True)
class Person:
    """Who is signed in.

    Parameters
    ----------
    account_id, name, shown_name : str
        The account, the name to sign in with, the name to show.
    role : str
        ``patient``, ``clinician`` or ``administrator``.
    profession : str or None
        Of a clinician; an administrator with a profession is a clinician too.
    patient_id : str or None
        The patient whose account it is.
    handed_out : bool
        Whether somebody else made the password.
    """

    account_id: str
    name: str
    shown_name: str
    role: str
    profession: str | None = None
    patient_id: str | None = None
    handed_out: bool = False

    @property
    def is_clinician(self) -> bool:
        """Whether this person treats patients here."""
        return self.role == "clinician" or (self.is_administrator and self.profession is not None)

    @property
    def is_administrator(self) -> bool:
        """Whether this person looks after accounts and settings."""
        return self.role == "administrator"

    @property
    def is_patient(self) -> bool:
        """Whether this is a patient's own account."""
        return self.role == "patient"

    @property
    def actor(self) -> Actor:
        """Return the person as the record names who did something."""
        return Actor(self.account_id, self.role)


def person_of(account: Account) -> Person:
    """Return an account as the person who is signed in."""
    return Person(
        account_id=account.id,
        name=account.name,
        shown_name=account.shown_name,
        role=account.role,
        profession=account.profession,
        patient_id=account.patient_id,
        handed_out=account.handed_out,
    )


def services_of(connection: HTTPConnection) -> Services:
    """Return the app's services; for requests and WebSockets."""
    found: Services = connection.app.state.facewire
    return found


HasServices = Annotated[Services, Depends(services_of)]


def signed_in(connection: HTTPConnection, services: HasServices) -> Person:
    """Return who is signed in.

    Raises
    ------
    SignInError
        Nobody is, or the session has ended.
    OwnPasswordError
        The password was handed out, and this is not where an own one is chosen.
    """
    person = person_of_token(services, token_of(connection, services.settings))
    if person is None:
        raise SignInError("Nobody is signed in", do="sign in")
    connection.state.person = person
    if person.handed_out and connection.url.path not in FIRST:
        raise OwnPasswordError(
            "Somebody else knows this password",
            expected="one that you chose yourself",
            do="choose your own under your account; then everything opens",
        )
    return person


def person_of_token(services: Services, token: str | None) -> Person | None:
    """Return whose session a token opens; None without one that holds."""
    account = sessions.find_session(services.record, token, services.clock()) if token else None
    return None if account is None else person_of(account)


Signed = Annotated[Person, Depends(signed_in)]
"""Anyone who is signed in."""


def clinician(person: Signed) -> Person:
    """Return the clinician who is signed in, or refuse."""
    return _require(person, person.is_clinician, "This page is for clinicians")


def administrator(person: Signed) -> Person:
    """Return the administrator who is signed in, or refuse."""
    return _require(person, person.is_administrator, "This page is for administrators")


def patient_or_clinician(person: Signed) -> Person:
    """Return who may see data of patients at all; which patients, `patient_for` decides."""
    return _require(person, person.is_patient or person.is_clinician, "This page is for clinicians")


def _require(person: Person, may: bool, what: str) -> Person:
    if not may:
        raise ForbiddenError(what, found=f"the role {person.role}", do="ask an administrator")
    return person


Clinician = Annotated[Person, Depends(clinician)]
Administrator = Annotated[Person, Depends(administrator)]
PatientOrClinician = Annotated[Person, Depends(patient_or_clinician)]


def reading(services: HasServices) -> Iterator[Session]:
    """Give a session that reads; closed before the answer leaves."""
    with services.record.reading() as session:
        yield session


def writing(services: HasServices, person: Signed) -> Iterator[Session]:
    """Give one transaction by the person; committed before the answer leaves, or not at all."""
    with services.record.writing(by=person.actor) as session:
        yield session


Reading = Annotated[Session, Depends(reading, scope="function")]
Writing = Annotated[Session, Depends(writing, scope="function")]


def patient_for(person: Person, session: Session, patient_id: str) -> Patient:
    """Return a patient whom this person may see, and note that the patient was seen.

    Of records that are one person it is the one under whom the person is shown.

    Raises
    ------
    NotFoundError
        There is none, or it is another patient's: the two answers are the same.
    """
    shown = shown_id(session, patient_id)
    found = find(session, Patient, shown) if _may(person, session, shown) else None
    if found is None or found.voided_at is not None:
        raise NotFoundError("There is no such patient", do="search for the patient")
    audit.saw(session, person.actor, "patients", found.id, found.id)
    return found


Row = TypeVar("Row", Visit, Recording, Measurement)

_NAMES = {Visit: "visit", Recording: "recording", Measurement: "measurement"}


def reach(person: Person, session: Session, kind: type[Row], row_id: str) -> Row:
    """Return a visit, recording or measurement, and note that its patient was seen.

    Parameters
    ----------
    person : Person
        Who asks.
    session : Session
        Of the record.
    kind : type
        Which table.
    row_id : str
        Which row.

    Raises
    ------
    NotFoundError
        There is none, it is void, or it is another patient's.
    """
    row = find(session, kind, row_id)
    if row is None or row.voided_at is not None or not _may(person, session, row.patient_id):
        raise _missing(_NAMES[kind])
    patient_for(person, session, row.patient_id)
    return row


def reach_upload(person: Person, session: Session, upload_id: str) -> Upload:
    """Return an upload of a patient whom this person may see.

    Raises
    ------
    NotFoundError
        There is none, or it is another patient's.
    """
    upload = find(session, Upload, upload_id)
    recording = None if upload is None else find(session, Recording, upload.recording_id)
    if upload is None or recording is None or not _may(person, session, recording.patient_id):
        raise _missing("upload")
    return upload


def reach_job(person: Person, session: Session, job_id: str) -> Job:
    """Return a job on a recording of a patient whom this person may see, on a room, or a visit.

    What is computed for a visit does not exist for its patient.

    Raises
    ------
    NotFoundError
        There is none, or it is about another patient's recording.
    """
    job = find(session, Job, job_id)
    if job is not None and job.kind in (ROOM, DECIDE) and person.is_clinician:
        return job
    recording = None if job is None else find(session, Recording, job.recording_id)
    if job is None or recording is None or not _may(person, session, recording.patient_id):
        raise _missing("job")
    return job


def _may(person: Person, session: Session, patient_id: str) -> bool:
    if not person.is_patient or person.patient_id is None:
        return person.is_clinician
    return shown_id(session, person.patient_id) == shown_id(session, patient_id)


def _missing(kind: str) -> NotFoundError:
    return NotFoundError(f"There is no such {kind}", do="go back to the patient")
