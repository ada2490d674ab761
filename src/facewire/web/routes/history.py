"""How it began, what was done before, and the facts that safety depends on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import RecordError
from facewire.plan import FactDefinition, fact_definitions
from facewire.record.clinical import PRECISIONS, SIDES_AFFECTED, Story, history_of, save_history
from facewire.record.injections import TOXIN
from facewire.record.tables import History
from facewire.web import clinical_words
from facewire.web.deps import Clinician, HasServices, Reading, Writing, patient_for
from facewire.web.forms import Entries, FormState, Sent, fault_words, see_other
from facewire.web.pages import Link, page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.web.routes.patient import patient_tabs

router = APIRouter(include_in_schema=False)

SURGERY_ROWS = 4


@dataclass(frozen=True)
class Question:
    """A fact to ask; ``names`` are its form fields with the words of the side, empty for none."""

    definition: FactDefinition
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class HistoryView:
    """The form of the history.

    Parameters
    ----------
    patient : PatientHead
        Whose it is.
    tabs : tuple of Link
        The pages of this patient.
    questions : tuple of Question
        The facts that safety depends on.
    form : FormState
        As it stands, or as it was sent.
    surgery_rows : int
        How many rows for earlier surgery.
    """

    patient: PatientHead
    tabs: tuple[Link, ...]
    questions: tuple[Question, ...]
    form: FormState = field(default_factory=FormState)
    surgery_rows: int = SURGERY_ROWS

    @property
    def causes(self) -> tuple[tuple[str, str], ...]:
        """Choices of the cause."""
        return clinical_words.options(clinical_words.CAUSES, "-")

    @property
    def sides(self) -> tuple[tuple[str, str], ...]:
        """Choices of the side."""
        sides = {key: clinical_words.SIDES[key] for key in ("R", "L", "both")}
        return clinical_words.options(sides, "-")

    @property
    def precisions(self) -> tuple[tuple[str, str], ...]:
        """How well the day is known."""
        return clinical_words.options(clinical_words.PRECISIONS)

    @property
    def procedures(self) -> tuple[tuple[str, str], ...]:
        """Choices of earlier surgery."""
        surgery = {k: v for k, v in clinical_words.PROCEDURES.items() if k != TOXIN}
        return clinical_words.options(surgery, "-")


@router.get("/patients/{patient_id}/history")
def show(
    request: Request, person: Clinician, session: Reading, services: HasServices, patient_id: str
) -> Response:
    """Show the history, to be filled in or corrected."""
    patient = patient_for(person, session, patient_id)
    row = history_of(session, patient.id)
    view = HistoryView(
        patient_head(session, services.settings, patient.id),
        patient_tabs(patient.id, "history", for_patient=False),
        questions(),
        FormState({} if row is None else _values(row)),
    )
    return page(request, "patients/history.html", view)


@router.post("/patients/{patient_id}/history")
def store(
    request: Request,
    person: Clinician,
    session: Writing,
    services: HasServices,
    patient_id: str,
    sent: Sent,
) -> Response:
    """Store the history; what stood before stays in the record."""
    patient = patient_for(person, session, patient_id)
    story = _story(sent, services.today)
    if story is None:
        head = patient_head(session, services.settings, patient.id)
        tabs = patient_tabs(patient.id, "history", for_patient=False)
        view = HistoryView(head, tabs, questions(), sent.state)
        return page(request, "patients/history.html", view, status=422)
    save_history(session, patient.id, story)
    return see_other(f"/patients/{patient.id}")


def questions() -> tuple[Question, ...]:
    """Return the yes-or-no facts that are asked, by side where they have one."""
    return tuple(
        Question(
            one,
            tuple(
                (
                    f"fact-{one.key}" + (f"-{side}" if side else ""),
                    clinical_words.words(clinical_words.SIDES, str(side) if side else None),
                )
                for side in one.sides
            ),
        )
        for one in fact_definitions().values()
        if one.kind == "yes_no" and not one.derived
    )


def _story(sent: Entries, today: date) -> Story | None:
    onset = sent.day("onset_on", latest=today)
    precision = sent.choice("onset_precision", PRECISIONS, needed=False)
    surgery = [
        {
            "procedure": sent.choice(f"surgery-{i}", clinical_words.PROCEDURES, needed=False),
            "side": sent.choice(f"surgery-{i}-side", SIDES_AFFECTED, needed=False),
            "on": sent.text(f"surgery-{i}-on", longest=20),
        }
        for i in range(SURGERY_ROWS)
    ]
    facts = {
        name.removeprefix("fact-"): sent.yes_no(name)
        for question in questions()
        for name, _ in question.names
        if sent.yes_no(name) is not None
    }
    values = {
        "cause": sent.choice("cause", clinical_words.CAUSES, needed=False) or None,
        "side": sent.choice("side", SIDES_AFFECTED, needed=False) or None,
        "text": sent.text("text") or None,
    }
    if sent.problems:
        return None
    try:
        return Story(
            onset_on=onset,
            onset_precision=None if onset is None else precision or "day",
            palsy_before=sent.yes_no("palsy_before"),
            earlier_surgery=[one for one in surgery if one["procedure"]],
            facts=facts,
            **values,
        )
    except RecordError as error:
        sent.fault("", fault_words(error))
        return None


def _values(row: History) -> dict[str, str]:
    """Return the history as its form shows it."""
    answers = {True: "yes", False: "no"}
    values = {
        "cause": row.cause or "",
        "side": row.side or "",
        "onset_on": row.onset_on.isoformat() if row.onset_on else "",
        "onset_precision": row.onset_precision or "day",
        "palsy_before": answers.get(row.palsy_before, "") if row.palsy_before is not None else "",
        "text": row.text or "",
    }
    for i, one in enumerate(row.earlier_surgery[:SURGERY_ROWS]):
        values[f"surgery-{i}"] = one.get("procedure", "")
        values[f"surgery-{i}-side"] = one.get("side", "")
        values[f"surgery-{i}-on"] = one.get("on", "")
    return values | {f"fact-{key}": answers[value] for key, value in row.facts.items()}
