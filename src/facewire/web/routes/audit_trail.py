"""The audit trail, read by an administrator: who saw and changed what. It cannot be edited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.clinic.trail_watch import TrailWatch
from facewire.errors import NotFoundError
from facewire.record.audit import Fault, Head, check_chain, find_rows, head
from facewire.record.patients import find_by_code, patients_by_id
from facewire.record.people import list_accounts
from facewire.record.store import Session
from facewire.record.tables import AuditRow
from facewire.web.deps import Administrator, HasServices, Reading
from facewire.web.forms import FormState
from facewire.web.pages import moment, page
from facewire.web.patient_names import Shown
from facewire.words import mark, translate

_NOTED = re.compile(r"(\d{1,9})\s+([0-9a-f]{16,64})")

router = APIRouter(prefix="/audit", include_in_schema=False)

ACTIONS = {
    "added": mark("added"),
    "changed": mark("changed"),
    "voided": mark("made void"),
    "superseded": mark("corrected"),
    "saw": mark("saw"),
    "signed_in": mark("signed in"),
    "signed_out": mark("signed out"),
    "turned_on": mark("turned on"),
    "turned_off": mark("turned off"),
    "sign_in_refused": mark("was refused at the door"),
}

KINDS = {
    "accounts": mark("account"),
    "complaints": mark("complaint"),
    "computed": mark("wiring, plan or forecast"),
    "consents": mark("consent"),
    "decisions": mark("decision"),
    "erasing": mark("erasing of a patient"),
    "fact_answers": mark("answer to a fact"),
    "findings": mark("finding"),
    "first_page": mark("first page"),
    "grades": mark("grade"),
    "histories": mark("history"),
    "identities": mark("who the patient is"),
    "jobs": mark("job"),
    "joins": mark("two records of one person"),
    "learned": mark("what the clinic's own courses teach"),
    "learning": mark("learning from this clinic's own patients"),
    "letter": mark("letter"),
    "look_alikes": mark("who may be one person"),
    "measurements": mark("measurement"),
    "media": mark("file"),
    "notes": mark("note"),
    "patient_page": mark("the patient's page"),
    "patients": mark("patient"),
    "photo_sheet": mark("photo sheet"),
    "recordings": mark("recording"),
    "red_flag_answers": mark("answers before a recording"),
    "releases": mark("release to the patient"),
    "room_checks": mark("check of a room"),
    "same_video": mark("whose the same video is"),
    "sign_ins": mark("signing in"),
    "summary": mark("chart summary"),
    "treatments_given": mark("treatment given"),
    "uploads": mark("upload"),
    "visits": mark("visit"),
}


@dataclass(frozen=True)
class TrailLine:
    """One row of the trail in words: number, moment, who, action, what, whose, columns."""

    number: int
    at: datetime
    who: str
    action: str
    what: str
    patient_code: str
    details: str


@dataclass(frozen=True)
class AuditView:
    """A page of the trail.

    Parameters
    ----------
    lines : tuple of TrailLine
        Newest first.
    people : tuple
        Id and name of every account, to filter by.
    form : FormState
        The filter.
    end : Head
        Number of rows and the fingerprint of the last.
    as_started : (str, str)
        What the look at the trail found as the app started: style of the notice, words.
    checked : bool
        Whether the whole chain was just checked.
    faults : tuple of Fault
        What does not fit in it.
    older : str
        Address of the next page, or nothing.
    """

    lines: tuple[TrailLine, ...]
    people: tuple[tuple[str, str], ...]
    form: FormState
    end: Head
    as_started: tuple[str, str]
    checked: bool
    faults: tuple[Fault, ...]
    older: str


@router.get("")
def audit_trail(
    request: Request,
    person: Administrator,
    session: Reading,
    services: HasServices,
    who: str = "",
    code: str = "",
    before: int | None = None,
    check: str = "",
) -> Response:
    """Show the trail; ``check`` (``yes``, or an end noted earlier) goes through the whole chain."""
    del person
    shown = Shown(services.settings.incognito)
    names = {one.id: shown.person_name(one.shown_name, one.role) for one in list_accounts(session)}
    limit = services.settings.limits.page_rows
    rows = find_rows(
        session,
        patient_id=_patient_id(session, code) if code.strip() else None,
        account_id=who or None,
        before=before,
        limit=limit,
    )
    form = FormState({"who": who, "code": code, "check": "" if check == "yes" else check})
    earlier, unread = _head_noted(form.value("check"))
    if unread:
        form = FormState(form.values, {"check": unread})
    again = {"who": who, "code": code, "before": rows[-1].number if rows else ""}
    view = AuditView(
        lines=_lines(session, rows, names),
        people=(("", translate("Everybody")), *sorted(names.items(), key=lambda one: one[1])),
        form=form,
        end=head(session),
        as_started=_as_started(services.trail),
        checked=bool(check) and not unread,
        faults=check_chain(session, earlier) if check and not unread else (),
        older=f"/audit?{urlencode(again)}" if len(rows) == limit else "",
    )
    return page(request, "audit.html", view)


def _as_started(trail: TrailWatch | None) -> tuple[str, str]:
    """Say what was seen of the trail as the app started, and no more than that."""
    if trail is None:
        return "", ""
    if trail.problem:
        words = translate("It could not be looked through as facewire started: {why}.")
        return "warn", words.format(why=trail.problem)
    if trail.faults is None:
        return "info", translate("It is being looked through since facewire started.")
    if trail.faults:
        words = translate(
            "As facewire started, places did not fit: {count}. The first: row {number}, {what}."
        )
        first = trail.faults[0]
        return "warn", words.format(count=len(trail.faults), number=first.number, what=first.what)
    if trail.noted_at is None:
        return "info", translate(
            "As facewire started its chain was whole. No end had been noted before: rows cut off "
            "its end would not have shown."
        )
    words = translate("As facewire started it was whole and held the end that was noted on {time}.")
    return "good", words.format(time=moment(trail.noted_at))


def _head_noted(text: str) -> tuple[Head | None, str]:
    """Return the end that somebody wrote down, or what is wrong with it; both empty for nothing."""
    if not text.strip():
        return None, ""
    parts = _NOTED.fullmatch(text.strip().lower())
    if parts is None:
        return None, translate("Write the number of the row and its fingerprint, as shown below.")
    return Head(int(parts[1]), parts[2]), ""


def _lines(
    session: Session, rows: Sequence[AuditRow], names: dict[str, str]
) -> tuple[TrailLine, ...]:
    found = list(rows)
    patients = patients_by_id(session, {row.patient_id for row in found if row.patient_id})
    return tuple(
        TrailLine(
            number=row.number,
            at=row.at,
            who=names.get(row.account_id or "", translate("facewire itself")),
            action=translate(ACTIONS.get(row.action, row.action)),
            what=translate(KINDS[row.kind]) if row.kind in KINDS else row.kind.replace("_", " "),
            patient_code=patients[row.patient_id].code if row.patient_id in patients else "",
            details=", ".join(map(str, row.details.get("columns", ()))),
        )
        for row in found
    )


def _patient_id(session: Session, code: str) -> str:
    """Return the id of a patient's code; a code that nobody has finds nothing."""
    try:
        return find_by_code(session, code, also_void=True).id
    except NotFoundError:
        return "nobody"
