"""The questions before a recording; where an answer needs a person, that is said first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.care import Answers, Guidance, RedFlags, guide, red_flags
from facewire.record.clinical import answers_of, history_of, save_answers
from facewire.record.tables import RedFlagAnswers, Visit
from facewire.web.deps import (
    HasServices,
    PatientOrClinician,
    Reading,
    Writing,
    reach,
)
from facewire.web.forms import Entries, FormState, Sent, see_other
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.words import translate

router = APIRouter(include_in_schema=False)

GROUPS = ("emergency", "same_day", "soon")
ANSWERS = ("yes", "no", "unsure")


@dataclass(frozen=True)
class QuestionsView:
    """The questions.

    Parameters
    ----------
    visit_id : str
        Of the visit they belong to.
    patient : PatientHead
        Whose visit it is.
    questions : RedFlags
        As they stand in the package, with their sources.
    form : FormState
        As it was sent.
    for_patient : bool
        Whether the patient reads them.
    """

    visit_id: str
    patient: PatientHead
    questions: RedFlags
    form: FormState = field(default_factory=FormState)
    for_patient: bool = False


@dataclass(frozen=True)
class GuidanceView:
    """Where the answers lead."""

    visit_id: str
    patient: PatientHead
    guidance: Guidance
    for_patient: bool


@router.get("/visits/{visit_id}/questions")
def questions(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    visit_id: str,
) -> Response:
    """Ask before a recording."""
    visit = reach(person, session, Visit, visit_id)
    history = history_of(session, visit.patient_id)
    known = {}
    if history is not None and history.onset_on is not None:
        known["began_on"] = history.onset_on.isoformat()
    if history is not None and history.palsy_before is not None:
        known["palsy_before"] = "yes" if history.palsy_before else "no"
    head = patient_head(session, services.settings, visit.patient_id)
    view = QuestionsView(visit.id, head, red_flags(), FormState(known), person.is_patient)
    return page(request, "red_flags/questions.html", view)


@router.post("/visits/{visit_id}/questions")
def answer(
    request: Request,
    person: PatientOrClinician,
    session: Writing,
    services: HasServices,
    visit_id: str,
    sent: Sent,
) -> Response:
    """Store the answers, then show where they lead."""
    visit = reach(person, session, Visit, visit_id)
    answers = _answers(sent, services.today)
    if answers is None:
        head = patient_head(session, services.settings, visit.patient_id)
        view = QuestionsView(visit.id, head, red_flags(), sent.state, person.is_patient)
        return page(request, "red_flags/questions.html", view, status=422)
    row = RedFlagAnswers(
        patient_id=visit.patient_id,
        visit_id=visit.id,
        version=red_flags().version,
        answers=stored_form(answers),
        urgency=guide(answers, services.today).urgency,
    )
    save_answers(session, row)
    return see_other(f"/visits/{visit.id}/guidance")


@router.get("/visits/{visit_id}/guidance")
def guidance(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    visit_id: str,
) -> Response:
    """Show where the newest answers of a visit lead."""
    visit = reach(person, session, Visit, visit_id)
    row = answers_of(session, visit.patient_id, visit.id)
    if row is None:
        return see_other(f"/visits/{visit.id}/questions")
    head = patient_head(session, services.settings, visit.patient_id)
    view = GuidanceView(visit.id, head, guidance_of(row, visit.on), person.is_patient)
    return page(request, "red_flags/guidance.html", view)


def guidance_of(row: RedFlagAnswers, today: date) -> Guidance:
    """Return where stored answers lead."""
    stored = row.answers
    began = stored.get("began_on")
    answers = Answers(
        signs=stored.get("signs", {}),
        palsy_before=stored.get("palsy_before"),
        began_on=None if began is None else date.fromisoformat(began),
    )
    return guide(answers, today)


def stored_form(answers: Answers) -> dict[str, object]:
    """Return answers as the record keeps them."""
    began = answers.began_on
    return {
        "signs": dict(answers.signs),
        "palsy_before": answers.palsy_before,
        "began_on": None if began is None else began.isoformat(),
    }


def _answers(sent: Entries, today: date) -> Answers | None:
    """Return the answers; a group with neither a sign nor "none of these" is not answered."""
    signs: dict[str, str] = {}
    for sign in red_flags().signs:
        if sent.values.get(f"sign-{sign.key}") == "yes":
            signs[sign.key] = "yes"
        elif sent.values.get(f"group-{sign.urgency}") in ("no", "unsure"):
            signs[sign.key] = sent.values[f"group-{sign.urgency}"]
    for group in GROUPS:
        own = [sign.key for sign in red_flags().signs if sign.urgency == group]
        named = [key for key in own if signs.get(key) == "yes"]
        chosen = sent.values.get(f"group-{group}", "")
        if named and chosen in ("", "no"):
            signs |= {key: signs.get(key, "no") for key in own}
        elif chosen not in ("no", "unsure"):
            sent.fault(f"group-{group}", translate("Please tick what is so, or “None of these”."))
    before = sent.choice("palsy_before", ANSWERS)
    began = sent.day("began_on", latest=today)
    return None if sent.problems else Answers(signs, before, began)
