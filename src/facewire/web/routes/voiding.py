"""What was entered wrongly is marked as void: it stays in the record and is shown no more."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from facewire.errors import NotFoundError
from facewire.record.recordings import void_recording
from facewire.record.store import find, void
from facewire.record.tables import Complaint, Finding, Grade, Note, Recording, Visit
from facewire.record.visits import void_visit
from facewire.web.deps import Clinician, Writing, reach
from facewire.web.forms import Sent, see_other

router = APIRouter(include_in_schema=False)

ENTRIES = {
    "notes": Note,
    "grades": Grade,
    "findings": Finding,
    "complaints": Complaint,
}


@router.post("/visits/{visit_id}/void")
def void_one_visit(person: Clinician, session: Writing, visit_id: str, sent: Sent) -> Response:
    """Mark a visit that holds nothing as void."""
    visit = reach(person, session, Visit, visit_id)
    reason = sent.text("reason", needed=True, longest=400)
    if sent.problems:
        return see_other(f"/visits/{visit.id}")
    void_visit(session, visit, reason)
    return see_other(f"/patients/{visit.patient_id}")


@router.post("/recordings/{recording_id}/void")
def void_one_recording(
    person: Clinician, session: Writing, recording_id: str, sent: Sent
) -> Response:
    """Mark a recording and its measurements as void, such as a video of somebody else."""
    recording = reach(person, session, Recording, recording_id)
    reason = sent.text("reason", needed=True, longest=400)
    if sent.problems:
        return see_other(f"/recordings/{recording.id}")
    void_recording(session, recording, reason)
    return see_other(f"/visits/{recording.visit_id}")


@router.post("/visits/{visit_id}/entries/{kind}/{row_id}/void")
def void_entry(
    person: Clinician, session: Writing, visit_id: str, kind: str, row_id: str, sent: Sent
) -> Response:
    """Mark a note, a grade, a finding or a complaint of a visit as void."""
    visit = reach(person, session, Visit, visit_id)
    row = find(session, ENTRIES[kind], row_id) if kind in ENTRIES else None
    if (
        not isinstance(row, Note | Grade | Finding | Complaint)
        or row.visit_id != visit.id
        or row.voided_at is not None
    ):
        raise NotFoundError("There is no such entry of this visit")
    reason = sent.text("reason", needed=True, longest=400)
    if not sent.problems:
        void(session, row, reason)
    return see_other(f"/visits/{visit.id}#{kind}")
