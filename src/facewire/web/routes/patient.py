"""A patient's page: what to know at a glance, the measured course, everything in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.figures.course import FindingsPlot, findings_plot
from facewire.record.alike import Reason, look_alikes
from facewire.record.clinical import history_of
from facewire.record.injections import TOXIN, days_since_toxin, treatments_of
from facewire.record.patients import identity_of, who_of
from facewire.record.recordings import document_of
from facewire.record.same_person import joins_of
from facewire.record.store import Session, get
from facewire.record.tables import History, Measurement, Recording, TreatmentGiven, Visit
from facewire.record.timeline import Event, course, timeline
from facewire.web import clinical_words
from facewire.web import clinical_words as words
from facewire.web.deps import (
    HasServices,
    PatientOrClinician,
    Person,
    Reading,
    Services,
    patient_for,
)
from facewire.web.forms import see_other
from facewire.web.grade_form import summary
from facewire.web.pages import Link, page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.web.routes.patients import AlikeLine, alike_lines
from facewire.words import translate

HIDDEN = ("notes", "findings", "grades", "histories")
"""What a patient's own account is not shown: the team's own entries."""


@dataclass(frozen=True)
class Entry:
    """One entry of the time line; ``url`` leads to more where there is more."""

    on: date
    title: str
    words: str
    url: str = ""
    kind: str = ""


def entries(events: Sequence[Event], *, for_patient: bool, hidden: bool) -> tuple[Entry, ...]:
    """Put events into words, the latest first; what belongs together is one entry.

    Parameters
    ----------
    events : sequence of Event
        Of `facewire.record.timeline.timeline`.
    for_patient : bool
        Whether the team's own entries are left out.
    hidden : bool
        Whether texts that may name people are hidden.
    """
    shown = [event for event in events if not (for_patient and event.kind in HIDDEN)]
    made: list[Entry] = []
    for _, group in groupby(shown, key=_belongs):
        rows = list(group)
        entry = _entry(rows, hidden=hidden)
        if entry is not None:
            made.append(entry)
    return tuple(reversed(made))


def _belongs(event: Event) -> tuple[Any, ...]:
    row = event.row
    if isinstance(row, TreatmentGiven):
        return event.on, event.kind, row.session_id
    if event.kind in ("findings", "complaints", "grades"):
        return event.on, event.kind, event.visit_id
    return (event.row_id,)


def _entry(events: list[Event], *, hidden: bool) -> Entry | None:
    event, rows = events[0], [one.row for one in events]
    visit = f"/visits/{event.visit_id}" if event.visit_id else ""
    made = _MAKERS.get(event.kind)
    if made is None or _is_told_by_its_result(event):
        return None
    title, text, url = made(rows, visit)
    if hidden and event.kind in ("notes", "visits", "histories"):
        text = ""
    return Entry(event.on, title, text, url, event.kind)


def _is_told_by_its_result(event: Event) -> bool:
    return isinstance(event.row, Recording) and event.row.state == "measured"


Made = tuple[str, str, str]


def _visit(rows: list[Any], visit: str) -> Made:
    row: Visit = rows[0]
    kind = words.words(words.VISIT_KINDS, row.kind)
    return translate("Visit, {kind}").format(kind=kind.lower()), row.reason or "", visit


def _measurement(rows: list[Any], visit: str) -> Made:
    del visit
    return translate("Measured"), "", f"/measurements/{rows[0].id}"


def _recording(rows: list[Any], visit: str) -> Made:
    row = rows[0]
    title = translate("Recorded live") if row.origin == "live" else translate("Uploaded video")
    state = words.words(words.STATES, row.state)
    return title, state, f"/recordings/{row.id}" if row.state != "recording" else visit


def _treatment(rows: list[Any], visit: str) -> Made:
    del visit
    first: TreatmentGiven = rows[0]
    title = words.words(words.PROCEDURES, first.procedure)
    if first.procedure != TOXIN:
        parts = [words.muscle_words(first.muscle) if first.muscle else "", _side(first.side)]
        return title, ", ".join(part for part in parts if part), f"{_treatments(first)}"
    by_side = []
    for side in ("R", "L"):
        own = [row for row in rows if row.side == side]
        if own:
            by_side.append(f"{_side(side)}: {_amount(own)}")
    return f"{title}, {first.product}", "; ".join(by_side), _treatments(first)


def _amount(rows: Iterable[Any]) -> str:
    own = list(rows)
    known = [row.units for row in own if row.units is not None]
    text = translate("1 place") if len(own) == 1 else translate("{count} places")
    places = text.format(count=len(own))
    if len(known) < len(own):
        return places
    return translate("{units} units in {places}").format(units=f"{sum(known):g}", places=places)


def _treatments(row: TreatmentGiven) -> str:
    return f"/patients/{row.patient_id}/treatments"


def _side(side: str | None) -> str:
    return words.words(words.SIDES, side)


def _complaints(rows: list[Any], visit: str) -> Made:
    told = [f"{words.words(words.COMPLAINTS, row.name)} {row.score}" for row in rows]
    return translate("How it felt, 0 to 10"), ", ".join(told), f"{visit}#complaints"


def _findings(rows: list[Any], visit: str) -> Made:
    told = [
        f"{words.words(words.FINDINGS, row.name)} {_side(row.side).lower()} {row.degree}"
        for row in rows
    ]
    return translate("Findings, 0 to 3"), ", ".join(told), f"{visit}#findings"


def _grades(rows: list[Any], visit: str) -> Made:
    return translate("Graded by eye"), ", ".join(summary(rows)), f"{visit}#grades"


def _note(rows: list[Any], visit: str) -> Made:
    return translate("Note"), rows[0].text, f"{visit}#notes" if visit else ""


def _answers(rows: list[Any], visit: str) -> Made:
    urgency = rows[0].urgency
    told = {
        "emergency": translate("a sign for the emergency services was named"),
        "same_day": translate("a sign for a doctor on the same day was named"),
        "soon": translate("a sign for a doctor soon was named"),
    }.get(urgency or "", translate("no sign was named; that is no clearance"))
    return translate("Questions before the recording"), told, f"{visit}/guidance" if visit else ""


def _history(rows: list[Any], visit: str) -> Made:
    del visit
    row = rows[0]
    cause = words.words(words.CAUSES, row.cause)
    return translate("History entered"), cause, f"/patients/{row.patient_id}/history"


def _consent(rows: list[Any], visit: str) -> Made:
    del visit
    row = rows[0]
    given = translate("given") if row.given else translate("withdrawn")
    title = translate("Consent: {purpose}").format(purpose=words.words(words.PURPOSES, row.purpose))
    return title, given, f"/consents/{row.patient_id}"


_MAKERS = {
    "visits": _visit,
    "measurements": _measurement,
    "recordings": _recording,
    "treatments_given": _treatment,
    "complaints": _complaints,
    "findings": _findings,
    "grades": _grades,
    "notes": _note,
    "red_flag_answers": _answers,
    "histories": _history,
    "consents": _consent,
}


router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Glance:
    """What to know before anything else; an empty text is unknown.

    Parameters
    ----------
    cause, side : str
        In words.
    onset : date or None
        When it began.
    onset_precision : str
        How well that is known, in words.
    toxin : tuple of (str, int)
        Sides in words, with the days since the last toxin.
    """

    cause: str
    side: str
    onset: date | None
    onset_precision: str
    toxin: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class PatientView:
    """The page of a patient.

    Parameters
    ----------
    patient : PatientHead
        Who.
    tabs : tuple of Link
        The pages of this patient.
    glance : Glance
        At a glance.
    plot : FindingsPlot or None
        The measured course; None when there is nothing to compare yet.
    entries : tuple of Entry
        The time line, the latest first.
    for_patient : bool
        Whether the reader is the patient.
    measured : int
        How many measurements there are.
    alike : tuple of AlikeLine
        Who may be the same person.
    joined : int
        How many other records are shown here.
    """

    patient: PatientHead
    tabs: tuple[Link, ...]
    glance: Glance
    plot: FindingsPlot | None
    entries: tuple[Entry, ...]
    for_patient: bool
    measured: int
    alike: tuple[AlikeLine, ...] = ()
    joined: int = 0


@router.get("/results")
def own_results(person: PatientOrClinician) -> Response:
    """Lead a patient to the own page; a clinician to the patients."""
    return see_other(f"/patients/{person.patient_id}" if person.is_patient else "/patients")


@router.get("/patients/{patient_id}")
def show(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    patient_id: str,
) -> Response:
    """Show a patient."""
    patient = patient_for(person, session, patient_id)
    given = {
        row.on: clinical_words.words(clinical_words.PROCEDURES, row.procedure)
        for row in treatments_of(session, patient.id)
    }
    points = course(session, patient.id)
    visits = [(p.on, document_of(get(session, Measurement, p.measurement_id))) for p in points]
    hidden = services.settings.incognito
    view = PatientView(
        patient=patient_head(session, services.settings, patient.id),
        tabs=patient_tabs(patient.id, "", for_patient=person.is_patient),
        glance=_glance(session, patient.id, services.today),
        plot=findings_plot(visits, given),
        entries=entries(
            timeline(session, patient.id), for_patient=person.is_patient, hidden=hidden
        ),
        for_patient=person.is_patient,
        measured=len(points),
        alike=() if person.is_patient else _alike(session, services, person, patient.id),
        joined=len(joins_of(session, patient.id)),
    )
    return page(request, "patients/show.html", view)


def _alike(
    session: Session, services: Services, person: Person, patient_id: str
) -> tuple[AlikeLine, ...]:
    who = who_of(identity_of(session, patient_id))
    found = [] if who is None else look_alikes(session, who, but=patient_id)
    # Brothers and sisters born on one day are told when a record is made, not for ever after.
    alike = [one for one in found if Reason.ONE_NAME not in one.reasons]
    return alike_lines(session, services.settings, person, alike)


def patient_tabs(patient_id: str, here: str, *, for_patient: bool) -> tuple[Link, ...]:
    """Return the pages of a patient; ``here`` is the last part of the address of this one."""
    own = f"/patients/{patient_id}"
    parts = [("", translate("Time line"), "clock"), ("compare", translate("Compare"), "chart")]
    if not for_patient:
        parts[1:1] = [
            ("history", translate("History"), "list"),
            ("treatments", translate("Treatments"), "syringe"),
        ]
    links = [
        Link(f"{own}/{name}" if name else own, text, icon, name == here)
        for name, text, icon in parts
    ]
    consents = f"/consents/{patient_id}"
    return (*links, Link(consents, translate("Consent"), "shield", here == "consents"))


def _glance(session: Session, patient_id: str, today: date) -> Glance:
    history: History | None = history_of(session, patient_id)
    days = days_since_toxin(session, patient_id, today)
    sides = clinical_words.SIDES
    return Glance(
        cause=clinical_words.words(clinical_words.CAUSES, history.cause) if history else "",
        side=clinical_words.words(sides, history.side) if history else "",
        onset=history.onset_on if history else None,
        onset_precision=clinical_words.words(
            clinical_words.PRECISIONS, history.onset_precision if history else None
        ),
        toxin=tuple(
            (clinical_words.words(sides, side), days[side]) for side in ("R", "L") if side in days
        ),
    )
