"""Consent, asked for each purpose; withdrawing takes effect at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import NotFoundError
from facewire.record.clinical import consents_of, save_consent
from facewire.record.store import Session
from facewire.record.tables import PURPOSES, Patient
from facewire.web.deps import HasServices, PatientOrClinician, Reading, Writing, patient_for
from facewire.web.forms import consent_first, own_path, see_other
from facewire.web.pages import Link, page
from facewire.web.patient_names import patient_head
from facewire.web.routes.patient import patient_tabs
from facewire.words import mark


@dataclass(frozen=True)
class Wording:
    """What a person agrees to.

    Parameters
    ----------
    version : str
        Kept with every answer; changes when a word changes.
    title, text, without : str
        The purpose, what is agreed to, and what happens without it or after withdrawing it.
    """

    version: str
    title: str
    text: str
    without: str


KEEPS_VIDEO = frozenset(("care/2",))
"""Wordings of consent to care that speak of keeping the video."""

WORDINGS = {
    "care": Wording(
        "care/2",
        mark("My care"),
        mark(
            "Video of my face is recorded and measured. The measurements, and the video unless I "
            "say otherwise, are kept in my record here, so that the people who treat me see how "
            "my face moves and what helps."
        ),
        mark(
            "Without it nothing new is recorded or measured. What is in the record stays there, "
            "as the law asks of a clinic; ask the clinic if you want it erased."
        ),
    ),
    "outcomes_gallery": Wording(
        "outcomes_gallery/1",
        mark("Before and after pictures"),
        mark(
            "Pictures and videos of my face before and after treatment, and the measured change, "
            "may be shown to other patients and to professionals. My name is not shown. "
            "Somebody who knows me may recognise me."
        ),
        mark("Without it nobody is shown them. My care is the same."),
    ),
    "research": Wording(
        "research/1",
        mark("Research"),
        mark(
            "Measurements from my record may be used for research without my name. "
            "Pictures and videos of my face are not given away for it."
        ),
        mark("Without it my measurements are left out of research. My care is the same."),
    ),
}


router = APIRouter(prefix="/consents", include_in_schema=False)


@dataclass(frozen=True)
class ConsentRow:
    """One purpose: its wording, the answer that holds and since when."""

    purpose: str
    wording: Wording
    given: bool | None
    since: datetime | None
    is_present_wording: bool


@dataclass(frozen=True)
class ConsentsView:
    """The consents of one patient.

    Parameters
    ----------
    patient_id, name : str
        The patient, as shown.
    rows : tuple of ConsentRow
        One for each purpose.
    by_clinician : bool
        Whether a clinician enters what the patient said.
    tabs : tuple of Link
        The pages of this patient.
    kept : bool
        Whether an answer was just kept.
    then : str
        Where one came from and goes on to; empty when from nowhere.
    """

    patient_id: str
    name: str
    rows: tuple[ConsentRow, ...]
    by_clinician: bool
    tabs: tuple[Link, ...]
    kept: bool = False
    then: str = ""

    @property
    def may_go_on(self) -> bool:
        """Whether one came from something that needs consent to care, and it holds now."""
        care = [row for row in self.rows if row.purpose == "care"]
        return bool(self.then) and all(row.given for row in care)


@router.get("/{patient_id}")
def consents(
    request: Request,
    patient_id: str,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    kept: str = "",
    then: Annotated[str, Query(alias="next")] = "",
) -> Response:
    """Show each purpose with what holds now."""
    patient = patient_for(person, session, patient_id)
    view = ConsentsView(
        patient_id=patient.id,
        name=patient_head(session, services.settings, patient.id).name,
        rows=_rows(session, patient),
        by_clinician=not person.is_patient,
        tabs=patient_tabs(patient.id, "consents", for_patient=person.is_patient),
        kept=bool(kept),
        then=own_path(then, ""),
    )
    return page(request, "consents.html", view)


@router.post("/{patient_id}/{purpose}")
def answer(
    patient_id: str,
    purpose: str,
    person: PatientOrClinician,
    session: Writing,
    given: Annotated[str, Form()] = "",
    then: Annotated[str, Form()] = "",
) -> Response:
    """Keep an answer for one purpose."""
    patient = patient_for(person, session, patient_id)
    if purpose not in PURPOSES:
        raise NotFoundError("There is no such purpose", expected=", ".join(PURPOSES))
    agreed, wording = given == "yes", WORDINGS[purpose].version
    save_consent(session, patient.id, purpose, given=agreed, wording=wording)
    return see_other(consent_first(patient.id, own_path(then, "")) + "&kept=1")


def _rows(session: Session, patient: Patient) -> tuple[ConsentRow, ...]:
    held = consents_of(session, patient.id)
    return tuple(
        ConsentRow(
            purpose=purpose,
            wording=WORDINGS[purpose],
            given=row.given if row else None,
            since=row.created_at if row else None,
            is_present_wording=row is None or row.wording == WORDINGS[purpose].version,
        )
        for purpose, row in ((one, held.get(one)) for one in PURPOSES)
    )
