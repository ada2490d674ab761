"""Treatments given: the injection table, which can repeat the last pattern, and procedures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.clinic.learner import is_on
from facewire.errors import NotFoundError, RecordError
from facewire.face import Side
from facewire.record.injections import (
    TOXIN,
    Given,
    Injection,
    InjectionSession,
    Procedure,
    ProductTotal,
    days_since_toxin,
    injection_sessions,
    last_pattern,
    record_injections,
    record_procedure,
    totals_by_product,
    treatments_of,
    void_session,
)
from facewire.record.store import Session
from facewire.record.tables import TreatmentGiven
from facewire.report import learned_words
from facewire.treatment import MUSCLE_NAMES, PRODUCTS
from facewire.web import clinical_words
from facewire.web.deps import (
    Clinician,
    HasServices,
    Person,
    Reading,
    Services,
    Writing,
    patient_for,
)
from facewire.web.forms import Entries, FormState, Sent, fault_words, see_other
from facewire.web.pages import Link, page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.web.routes.patient import patient_tabs
from facewire.words import day_words, translate

router = APIRouter(include_in_schema=False)

MIRRORED = "mirrored"
SLIP = 5.0
"""From this many times the last amount on, or its inverse, it is asked whether it is right.

A decimal point that slipped makes ten.
"""

ROWS_SHOWN, ROWS_MOST = 12, 60
MOST_UNITS = 5000.0
"""More than any product's label of any indication gives at once; catches slips of the finger."""


@dataclass(frozen=True)
class TreatmentsView:
    """Treatments of a patient.

    Parameters
    ----------
    patient : PatientHead
        Whose they are.
    tabs : tuple of Link
        The pages of this patient.
    sessions : sequence of InjectionSession
        Toxin, the latest first.
    procedures : sequence of TreatmentGiven
        Other treatments, the latest first.
    totals : sequence of ProductTotal
        By product, each in its own units.
    days : tuple of (str, int)
        Sides in words, with the days since the last toxin.
    form : FormState
        The injection table as it was sent, or the pattern it starts from.
    procedure_form : FormState
        The form of another treatment.
    repeats : date or None
        Day of the session whose pattern the table shows.
    learns : bool
        Whether an administrator has turned on learning from this clinic's own patients.
    taught : tuple of (str, list of str) or None
        What courses taught of each treatment, this patient's own figures among it; None where
        nobody asked, or the record has not been read yet.
    asks_sure : bool
        Whether an amount differs so much from the last one that it is asked for again.
    """

    patient: PatientHead
    tabs: tuple[Link, ...]
    sessions: Sequence[InjectionSession]
    procedures: Sequence[TreatmentGiven]
    totals: Sequence[ProductTotal]
    days: tuple[tuple[str, int], ...]
    form: FormState
    procedure_form: FormState = field(default_factory=FormState)
    repeats: date | None = None
    learns: bool = False
    taught: tuple[tuple[str, list[str]], ...] | None = None
    asks_sure: bool = False

    @property
    def row_count(self) -> int:
        """Rows of the injection table: those with something in them, and some more."""
        used = [i for i in range(ROWS_MOST) if self.form.value(f"muscle-{i}")]
        return min(max(ROWS_SHOWN, (max(used) + 4) if used else 0), ROWS_MOST)

    @property
    def muscles(self) -> tuple[tuple[str, str], ...]:
        """Choices of the muscle."""
        return (("", "-"), *clinical_words.muscle_options(MUSCLE_NAMES))

    @property
    def products(self) -> tuple[tuple[str, str], ...]:
        """Choices of the product."""
        return (("", "-"), *((name, name) for name in PRODUCTS if name != "unspecified"))

    @property
    def kinds(self) -> tuple[tuple[str, str], ...]:
        """Choices of another treatment."""
        other = {key: text for key, text in clinical_words.PROCEDURES.items() if key != TOXIN}
        return clinical_words.options(other, "-")

    def words_of(self, row: TreatmentGiven) -> str:
        """Return a procedure in words."""
        return clinical_words.words(clinical_words.PROCEDURES, row.procedure)

    def vial(self, one: InjectionSession) -> tuple[str, ...]:
        """Return what is known of the vial of a session, in words."""
        known = one.rows[0].details
        words = {
            "lot": translate("lot {text}"),
            "expires_on": translate("expires {text}"),
            "dilution": translate("dilution {text}"),
        }
        shown = {name: str(known[name]) for name in words if name in known}
        if "expires_on" in shown:
            shown["expires_on"] = day_words(date.fromisoformat(shown["expires_on"]))
        return tuple(words[name].format(text=text) for name, text in shown.items())

    def muscle(self, name: str) -> str:
        """Return a muscle's name as people write it."""
        return clinical_words.muscle_words(name)


@router.get("/patients/{patient_id}/treatments")
def show(
    request: Request,
    person: Clinician,
    session: Reading,
    services: HasServices,
    patient_id: str,
    repeat: str = "",
    taught: str = "",
) -> Response:
    """Show what was given.

    ``repeat`` fills the table with the last pattern, ``mirrored`` with its sides exchanged;
    ``taught`` tells what courses taught.
    """
    patient = patient_for(person, session, patient_id)
    today = services.today.isoformat()
    start = {"on": today, "given_by": person.shown_name}
    last = last_pattern(session, patient.id) if repeat else None
    form = FormState(start | ({} if last is None else _pattern(last, repeat == MIRRORED)))
    view = _view(services, session, patient.id, form, repeats=last.on if last else None)
    if taught:
        view = replace(view, taught=_taught(services, session, patient.id))
    return page(request, "patients/treatments.html", view)


@router.post("/patients/{patient_id}/treatments/injections")
def store_injections(
    request: Request,
    person: Clinician,
    session: Writing,
    services: HasServices,
    patient_id: str,
    sent: Sent,
) -> Response:
    """Store an injection table."""
    patient = patient_for(person, session, patient_id)
    given = _given(sent, patient.id, services)
    product = sent.choice("product", PRODUCTS)
    rows = _injections(sent, _vial(sent, given))
    slips = _slips(session, patient.id, product, rows)
    if sent.text("units_sure") != "yes":
        for name, words in slips.items():
            sent.fault(name, words)
    if not rows:
        sent.fault("muscle-0", translate("Please enter at least one muscle."))
    if sent.problems or given is None:
        view = replace(_view(services, session, patient.id, sent.state), asks_sure=bool(slips))
        return page(request, "patients/treatments.html", view, status=422)
    record_injections(session, given, product, [row for _, row in rows])
    return see_other(f"/patients/{patient.id}/treatments")


@router.post("/patients/{patient_id}/treatments/procedures")
def store_procedure(
    request: Request,
    person: Clinician,
    session: Writing,
    services: HasServices,
    patient_id: str,
    sent: Sent,
) -> Response:
    """Store a treatment other than toxin."""
    patient = patient_for(person, session, patient_id)
    given = _given(sent, patient.id, services)
    kind = sent.choice("procedure", set(clinical_words.PROCEDURES) - {TOXIN})
    side = sent.choice("side", ("L", "R"), needed=False) or None
    muscle = sent.choice("muscle", MUSCLE_NAMES, needed=False) or None
    text = sent.text("text") or None
    if sent.problems or given is None:
        start = FormState({"on": services.today.isoformat()})
        view = _view(services, session, patient.id, start, procedure_form=sent.state)
        return page(request, "patients/treatments.html", view, status=422)
    record_procedure(session, given, Procedure(kind, side, muscle, text=text))
    return see_other(f"/patients/{patient.id}/treatments")


@router.post("/patients/{patient_id}/treatments/{session_id}/void")
def void_treatment(
    person: Clinician, session: Writing, patient_id: str, session_id: str, sent: Sent
) -> Response:
    """Mark a treatment that was entered wrongly as void; it stays in the record."""
    patient = patient_for(person, session, patient_id)
    _check_own(session, person, patient.id, session_id)
    reason = sent.text("reason", needed=True, longest=400)
    if not sent.problems:
        void_session(session, session_id, reason)
    return see_other(f"/patients/{patient.id}/treatments")


def _check_own(session: Session, person: Person, patient_id: str, session_id: str) -> None:
    del person
    if session_id not in {row.session_id for row in treatments_of(session, patient_id)}:
        raise NotFoundError("There is no such treatment of this patient")


def _view(
    services: Services,
    session: Session,
    patient_id: str,
    form: FormState,
    *,
    procedure_form: FormState | None = None,
    repeats: date | None = None,
) -> TreatmentsView:
    today = services.today
    days = days_since_toxin(session, patient_id, today)
    sides = clinical_words.SIDES
    return TreatmentsView(
        patient=patient_head(session, services.settings, patient_id),
        tabs=patient_tabs(patient_id, "treatments", for_patient=False),
        sessions=injection_sessions(session, patient_id),
        procedures=[row for row in treatments_of(session, patient_id) if row.procedure != TOXIN],
        totals=totals_by_product(session, patient_id),
        days=tuple(
            (clinical_words.words(sides, side), days[side]) for side in ("R", "L") if side in days
        ),
        form=form,
        procedure_form=procedure_form or FormState({"on": today.isoformat()}),
        repeats=repeats,
        learns=is_on(session),
    )


def _taught(
    services: Services, session: Session, patient_id: str
) -> tuple[tuple[str, list[str]], ...] | None:
    learned = services.learner.learned_for(session, patient_id)
    if learned is None:
        return None
    return tuple((learned_words.title(row), learned_words.lines(row)) for row in learned.treatments)


def _given(sent: Entries, patient_id: str, services: Services) -> Given | None:
    latest = services.today
    on = sent.day("on", needed=True, latest=latest)
    by = sent.text("given_by", longest=120)
    return None if on is None else Given(patient_id, on, given_by=by or None)


def _vial(sent: Entries, given: Given | None) -> dict[str, str]:
    """Return what stands on the vial and how it was diluted; what was left open is left out."""
    expires = sent.day("expires_on")
    if expires is not None and given is not None and expires < given.on:
        sent.fault("expires_on", translate("This vial had expired on the day of the treatment."))
    found = {
        "lot": sent.text("lot", longest=40),
        "expires_on": "" if expires is None else expires.isoformat(),
        "dilution": sent.text("dilution", longest=80),
    }
    return {name: text for name, text in found.items() if text}


def _slips(
    session: Session, patient_id: str, product: str, rows: Sequence[tuple[str, Injection]]
) -> dict[str, str]:
    """Return the amounts that are many times the last of the same product, muscle and side."""
    last: dict[tuple[str, str], float] = {}
    for one in reversed(injection_sessions(session, patient_id)):
        if one.product == product:
            last |= {(r.muscle, r.side): r.units for r in one.pattern if r.units is not None}
    found = {}
    for name, row in rows:
        before = last.get((row.muscle, row.side))
        if before and row.units and not 1 / SLIP < row.units / before < SLIP:
            text = translate("{units} units here, {before} the last time: is that right?")
            found[name] = text.format(units=f"{row.units:g}", before=f"{before:g}")
    return found


def _injections(sent: Entries, vial: Mapping[str, str]) -> list[tuple[str, Injection]]:
    """Return the rows that were filled in, each with the name of its field of units."""
    rows = []
    for i in range(ROWS_MOST):
        muscle = sent.choice(f"muscle-{i}", MUSCLE_NAMES, needed=False)
        if not muscle:
            continue
        side = sent.choice(f"side-{i}", ("L", "R"))
        units = sent.number(f"units-{i}", low=0.01, high=MOST_UNITS)
        if not side:
            continue
        try:
            text = sent.text(f"text-{i}", longest=200)
            made = Injection(muscle, side, units, details=vial, text=text or None)
            rows.append((f"units-{i}", made))
        except RecordError as error:
            sent.fault(f"units-{i}", fault_words(error))
    return rows


def _pattern(last: InjectionSession, mirrored: bool) -> dict[str, str]:
    values = {"product": last.product}
    for i, one in enumerate(last.pattern[:ROWS_MOST]):
        values[f"muscle-{i}"] = one.muscle
        values[f"side-{i}"] = str(Side(one.side).other) if mirrored else one.side
        values[f"units-{i}"] = "" if one.units is None else f"{one.units:g}"
        values[f"text-{i}"] = one.text or ""
    return values
