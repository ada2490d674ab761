"""A visit: its recordings, and what was entered, each entry kept for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.care import Guidance
from facewire.record.clinical import (
    add_note,
    answers_of,
    complaints_of,
    continue_note,
    findings_of,
    notes_of,
    save_complaint,
    save_finding,
)
from facewire.record.deciding import released_documents
from facewire.record.recordings import measured_of, recordings_of, software_of_visit
from facewire.record.rooms import checked_rooms
from facewire.record.store import Session, void
from facewire.record.tables import (
    COMPLAINTS,
    FINDINGS,
    VISIT_KINDS,
    Complaint,
    Computed,
    Finding,
    Note,
    Recording,
    Visit,
)
from facewire.record.visits import add_visit, correct_visit
from facewire.web import clinical_words
from facewire.web.deps import (
    Clinician,
    HasServices,
    PatientOrClinician,
    Person,
    Reading,
    Writing,
    patient_for,
    reach,
)
from facewire.web.forms import Entries, FormState, Sent, see_other
from facewire.web.grade_form import graders, summary
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.web.recording_words import coverage_words
from facewire.web.room_line import RoomLine, room_line
from facewire.web.routes.red_flags import guidance_of
from facewire.words import translate

router = APIRouter(include_in_schema=False)

FINDING_SIDES = ("R", "L")
NOT_ASSESSED, NOT_ASKED = "set back to not assessed", "set back to not asked"
"""Reasons in the record; the audit trail is in English."""


@dataclass(frozen=True)
class RecordingLine:
    """A recording of a visit: when, from where, how far, its measurement, what it covers."""

    recording: Recording
    state: str
    measurement_id: str
    coverage: str


@dataclass(frozen=True)
class GradeLine:
    """One grade by eye: its id, who gave it, what it says, whether the reader gave it."""

    id: str
    who: str
    what: str
    own: bool


@dataclass(frozen=True)
class VisitView:
    """The page of a visit.

    Parameters
    ----------
    visit : Visit
        The visit.
    kind : str
        In words.
    patient : PatientHead
        Whose it is.
    recordings : tuple of RecordingLine
        The newest first.
    findings, complaints, notes : sequence
        What was entered and holds.
    grades : tuple of GradeLine
        What was graded by eye.
    guidance : Guidance or None
        Where the red-flag answers lead; None when they were not asked.
    form : FormState
        Of findings and complaints as they stand.
    for_patient : bool
        Whether the patient reads it.
    room : RoomLine or None
        What its room shows; None for the patient.
    released : sequence of Computed
        Simulations of this visit that the patient may see; empty for the team.
    """

    visit: Visit
    kind: str
    patient: PatientHead
    recordings: tuple[RecordingLine, ...]
    findings: Sequence[Finding]
    complaints: Sequence[Complaint]
    notes: Sequence[Note]
    grades: tuple[GradeLine, ...]
    guidance: Guidance | None
    form: FormState
    for_patient: bool
    room: RoomLine | None
    released: Sequence[Computed] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered yet: only then may the visit be made void."""
        held = (self.recordings, self.findings, self.complaints, self.notes, self.grades)
        return self.guidance is None and not any(held)

    @property
    def prints(self) -> tuple[tuple[str, str], ...]:
        """The short prints that this reader may have: the address of each, and its words."""
        own = (("patient", translate("Page for the patient")), ("photos", translate("Photo sheet")))
        if self.for_patient:
            return own
        summary = ("summary", translate("Chart summary, one page"))
        return (summary, ("letter", translate("Letter")), *own)

    @property
    def finding_names(self) -> tuple[tuple[str, str], ...]:
        """The findings that can be entered."""
        return clinical_words.options(clinical_words.FINDINGS)

    @property
    def complaint_names(self) -> tuple[tuple[str, str], ...]:
        """The complaints that can be entered."""
        return clinical_words.options(clinical_words.COMPLAINTS)

    @property
    def degrees(self) -> tuple[tuple[str, str], ...]:
        """The degrees of a finding; the empty one is "not assessed"."""
        return clinical_words.options(clinical_words.DEGREES)


@dataclass(frozen=True)
class VisitFormView:
    """The form of a new visit, or of one that is corrected: its id, else empty.

    ``rooms`` are those that can be named.
    """

    patient: PatientHead
    form: FormState
    rooms: tuple[tuple[str, str], ...]
    visit_id: str = ""

    @property
    def kinds(self) -> tuple[tuple[str, str], ...]:
        """The kinds of visit that can be chosen."""
        return clinical_words.options(clinical_words.VISIT_KINDS)


@router.get("/patients/{patient_id}/visits/new")
def new_visit(
    request: Request, person: Clinician, session: Reading, services: HasServices, patient_id: str
) -> Response:
    """Ask for the day and the kind of a new visit; today and in person are filled in."""
    patient = patient_for(person, session, patient_id)
    form = FormState({"on": services.today.isoformat(), "kind": "in_person"})
    head = patient_head(session, services.settings, patient.id)
    return page(request, "visits/new.html", VisitFormView(head, form, _rooms(session)))


@router.post("/patients/{patient_id}/visits/new")
def store_visit(
    request: Request,
    person: Clinician,
    session: Writing,
    services: HasServices,
    patient_id: str,
    sent: Sent,
) -> Response:
    """Add a visit."""
    patient = patient_for(person, session, patient_id)
    rooms = _rooms(session)
    entered = _entered(sent, services.today, rooms)
    if entered is None:
        head = patient_head(session, services.settings, patient.id)
        return page(request, "visits/new.html", VisitFormView(head, sent.state, rooms), status=422)
    return see_other(f"/visits/{add_visit(session, patient.id, *entered).id}")


@router.get("/visits/{visit_id}/correct")
def correct_form(
    request: Request, person: Clinician, session: Reading, services: HasServices, visit_id: str
) -> Response:
    """Ask what is right of a visit that was entered wrongly; its contents stay as they are."""
    visit = reach(person, session, Visit, visit_id)
    reason = "" if services.settings.incognito else visit.reason or ""
    values = {"on": visit.on.isoformat(), "kind": visit.kind, "reason": reason}
    form = FormState(values | {"room": visit.room or ""})
    head = patient_head(session, services.settings, visit.patient_id)
    view = VisitFormView(head, form, _rooms(session, visit), visit.id)
    return page(request, "visits/new.html", view)


@router.post("/visits/{visit_id}/correct")
def store_correction(
    request: Request,
    person: Clinician,
    session: Writing,
    services: HasServices,
    visit_id: str,
    sent: Sent,
) -> Response:
    """Correct the day, the kind or the reason of a visit; what was there stays in the record."""
    visit = reach(person, session, Visit, visit_id)
    rooms = _rooms(session, visit)
    entered = _entered(sent, services.today, rooms)
    if entered is None:
        head = patient_head(session, services.settings, visit.patient_id)
        view = VisitFormView(head, sent.state, rooms, visit.id)
        return page(request, "visits/new.html", view, status=422)
    on, kind, reason, room = entered
    if services.settings.incognito:
        reason = visit.reason or ""
    correct_visit(session, visit, on=on, kind=kind, reason=reason, room=room)
    return see_other(f"/visits/{visit.id}")


def _rooms(session: Session, visit: Visit | None = None) -> tuple[tuple[str, str], ...]:
    """Return the rooms that a visit can name: those with a check, and the one it names."""
    names = set(checked_rooms(session))
    if visit is not None and visit.room:
        names.add(visit.room)
    return ("", translate("not named")), *((name, name) for name in sorted(names))


def _entered(
    sent: Entries, latest: date, rooms: tuple[tuple[str, str], ...]
) -> tuple[date, str, str, str] | None:
    """Return day, kind, reason and room of a visit as they were entered; None on a fault."""
    on = sent.day("on", needed=True, latest=latest)
    kind, reason = sent.choice("kind", VISIT_KINDS), sent.text("reason")
    room = sent.choice("room", dict(rooms), needed=False)
    return None if sent.problems or on is None else (on, kind, reason, room)


@router.post("/visits/home")
def visit_at_home(person: PatientOrClinician, session: Writing, services: HasServices) -> Response:
    """Begin a session at home: a visit of today, then the questions before the recording."""
    patient = patient_for(person, session, person.patient_id or "")
    visit = add_visit(session, patient.id, services.today, "home")
    return see_other(f"/visits/{visit.id}/questions")


@router.get("/visits/{visit_id}")
def show(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    visit_id: str,
) -> Response:
    """Show a visit."""
    visit = reach(person, session, Visit, visit_id)
    answers = answers_of(session, visit.patient_id, visit.id)
    findings, complaints = findings_of(session, visit.id), complaints_of(session, visit.id)
    view = VisitView(
        visit=visit,
        kind=clinical_words.words(clinical_words.VISIT_KINDS, visit.kind),
        patient=patient_head(session, services.settings, visit.patient_id),
        recordings=_recordings(session, visit),
        findings=findings,
        complaints=complaints,
        notes=() if person.is_patient else notes_of(session, visit.patient_id, visit.id),
        grades=() if person.is_patient else _graded(session, visit, person),
        guidance=None if answers is None else guidance_of(answers, visit.on),
        form=_as_entered(findings, complaints),
        for_patient=person.is_patient,
        room=None if person.is_patient else _room_line(session, visit),
        released=_released(session, visit) if person.is_patient else (),
    )
    return page(request, "visits/show.html", view)


def _released(session: Session, visit: Visit) -> Sequence[Computed]:
    found = released_documents(session, visit.patient_id)
    return [row for row in found if row.visit_id == visit.id]


def _room_line(session: Session, visit: Visit) -> RoomLine:
    return room_line(session, visit, software_of_visit(session, visit.id))


@router.post("/visits/{visit_id}/findings")
def store_findings(person: Clinician, session: Writing, visit_id: str, sent: Sent) -> Response:
    """Store the findings that were entered; one set back to not assessed is made void."""
    visit = reach(person, session, Visit, visit_id)
    held = {(one.name, one.side): one for one in findings_of(session, visit.id)}
    for name, side in product(FINDINGS, FINDING_SIDES):
        value = sent.choice(f"{name}-{side}", clinical_words.DEGREES, needed=False)
        before = held.get((name, side))
        if value and (before is None or before.degree != int(value)):
            save_finding(session, visit, name, side, int(value))
        elif before is not None and not value and f"{name}-{side}" in sent.values:
            void(session, before, NOT_ASSESSED)
    return see_other(f"/visits/{visit.id}#findings")


@router.post("/visits/{visit_id}/complaints")
def store_complaints(
    person: PatientOrClinician, session: Writing, visit_id: str, sent: Sent
) -> Response:
    """Store how it feels, 0 to 10; what is left open was not asked, and is made void if it was."""
    visit = reach(person, session, Visit, visit_id)
    held = {one.name: one for one in complaints_of(session, visit.id)}
    for name in COMPLAINTS:
        value, before = sent.number(name, low=0, high=10), held.get(name)
        if value is not None and (before is None or before.score != round(value)):
            save_complaint(session, visit, name, round(value))
        elif before is not None and sent.values.get(name) == "":
            void(session, before, NOT_ASKED)
    return see_other(f"/visits/{visit.id}#complaints")


@router.post("/visits/{visit_id}/notes")
def store_note(person: Clinician, session: Writing, visit_id: str, sent: Sent) -> Response:
    """Add a note, or go on with one that this person began: what was there stays, superseded."""
    visit = reach(person, session, Visit, visit_id)
    text, replaces = sent.text("text", needed=True), sent.text("replaces")
    if not sent.problems and replaces:
        continue_note(session, visit, replaces, text, person.account_id)
    elif not sent.problems:
        add_note(session, visit.patient_id, text, visit.id)
    return see_other(f"/visits/{visit.id}#notes")


def _graded(session: Session, visit: Visit, person: Person) -> tuple[GradeLine, ...]:
    return tuple(
        GradeLine(row.id, name, ", ".join(summary([row])), own=row.created_by == person.account_id)
        for name, rows in graders(session, visit.id)
        for row in rows
    )


def _recordings(session: Session, visit: Visit) -> tuple[RecordingLine, ...]:
    rows = recordings_of(session, visit.id)
    newest = measured_of(session, [one.id for one in rows])
    return tuple(
        RecordingLine(
            one,
            clinical_words.words(clinical_words.STATES, one.state),
            newest[one.id].id if one.id in newest else "",
            coverage_words(one, newest.get(one.id)),
        )
        for one in reversed(rows)
    )


def _as_entered(findings: Sequence[Finding], complaints: Sequence[Complaint]) -> FormState:
    values = {f"{one.name}-{one.side}": str(one.degree) for one in findings}
    return FormState(values | {one.name: str(one.score) for one in complaints})
