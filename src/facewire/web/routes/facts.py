"""Facts that safety depends on: what the record holds, from where, and what is to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import FacewireError
from facewire.face import Side
from facewire.record.deciding import PLAN, newest_computed, read_computed
from facewire.record.facts import UNKNOWN, Stated, answers_up_to, save_answer
from facewire.record.inputs import gather
from facewire.record.store import Session
from facewire.record.tables import Visit
from facewire.results.plan import Plan
from facewire.safety import FactDefinition, Facts, fact_definitions
from facewire.safety.definitions import Value
from facewire.safety.facts import FactKey, Known
from facewire.web import clinical_words
from facewire.web.deps import Clinician, HasServices, Reading, Services, Writing, reach
from facewire.web.forms import Entries, FormState, Sent, fault_words, see_other
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.words import day_words, mark, plain, sentence, translate

router = APIRouter(include_in_schema=False)

YES_NO = {"yes": mark("yes"), "no": mark("no")}
_BOOL = {"yes": True, "no": False}
LONGEST_NAME = 120


@dataclass(frozen=True)
class Place:
    """A fact on one side: its form field, and what is known of it.

    Parameters
    ----------
    name : str
        Of the form field.
    side : str
        In words; empty for the whole face.
    known : str
        What counts now, with where it stands; empty when it is unknown.
    earlier : str
        An earlier answer that does not count any more; empty without one.
    """

    name: str
    side: str
    known: str
    earlier: str


@dataclass(frozen=True)
class Asked:
    """A fact with its places, and whether the plan waits for it."""

    definition: FactDefinition
    places: tuple[Place, ...]
    waited_for: bool

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The answers; the empty one leaves it unknown."""
        table = dict(YES_NO)
        if self.definition.kind == "choice":
            table = {one: one.replace("_", " ") for one in self.definition.choices}
        return (("", translate("not known")), *((k, translate(v)) for k, v in table.items()))


@dataclass(frozen=True)
class FactsView:
    """The page.

    Parameters
    ----------
    visit : Visit
    patient : PatientHead
    asked : tuple of Asked
        Those that the plan waits for first.
    form : FormState
    fault : str
        What contradicts what; empty when all fits.
    """

    visit: Visit
    patient: PatientHead
    asked: tuple[Asked, ...]
    form: FormState
    fault: str


@router.get("/visits/{visit_id}/facts")
def show(
    request: Request, person: Clinician, session: Reading, services: HasServices, visit_id: str
) -> Response:
    """Show every fact: known or not, and from where."""
    visit = reach(person, session, Visit, visit_id)
    today = services.today.isoformat()
    own = {n: _entered(one.value) for n, (_, one) in _own(session, visit).items()}
    form = FormState({"answered_by": person.shown_name, "answered_on": today, **own})
    return page(request, "deciding/facts.html", _view(session, services, visit, form))


@router.post("/visits/{visit_id}/facts")
def store(
    request: Request,
    person: Clinician,
    session: Writing,
    services: HasServices,
    visit_id: str,
    sent: Sent,
) -> Response:
    """Store the answers that are new; what was answered before keeps who gave it."""
    visit = reach(person, session, Visit, visit_id)
    by = sent.text("answered_by", needed=True, longest=LONGEST_NAME)
    today = services.today
    on = sent.day("answered_on", needed=True, latest=today)
    answers = _answers(sent, session, visit)
    if not sent.problems and on is not None:
        _save(session, visit, answers, sent, by=by, on=on)
    if sent.problems:
        view = _view(session, services, visit, sent.state)
        return page(request, "deciding/facts.html", view, status=422)
    return see_other(f"/visits/{visit.id}/facts")


def _save(
    session: Session,
    visit: Visit,
    answers: Mapping[FactKey, Value],
    sent: Entries,
    *,
    by: str,
    on: date,
) -> None:
    for place, value in answers.items():
        try:
            save_answer(session, visit, place, value, by=by, on=on)
        except FacewireError as error:
            sent.fault(_name(*place), fault_words(error))


def _name(key: str, side: Side | None) -> str:
    return f"fact-{key}" + (f"-{side}" if side else "")


def _definitions() -> tuple[FactDefinition, ...]:
    return tuple(one for one in fact_definitions().values() if not one.derived)


def _own(session: Session, visit: Visit) -> dict[str, tuple[FactKey, Stated]]:
    """Return the answers that were given at this visit, by their form field."""
    found = answers_up_to(session, visit)
    return {_name(*place): (place, one) for place, one in found.items() if one.here}


def _answers(sent: Entries, session: Session, visit: Visit) -> dict[FactKey, Value]:
    """Return the answers that differ from what this visit holds already."""
    own = _own(session, visit)
    found: dict[FactKey, Value] = {}
    for definition in _definitions():
        for side in definition.sides:
            name = _name(definition.key, side)
            if name not in sent.values:
                continue
            value = _read(sent, name, definition)
            held = own[name][1].value if name in own else UNKNOWN
            if value != held:
                found[definition.key, side] = value
    return found


def _read(sent: Entries, name: str, definition: FactDefinition) -> Value:
    if not sent.values[name].strip():
        return UNKNOWN
    if definition.kind == "number":
        number = sent.number(name, low=0.0, high=definition.high)
        return UNKNOWN if number is None else number
    if definition.kind == "choice":
        return sent.choice(name, definition.choices)
    return _BOOL.get(sent.choice(name, YES_NO), UNKNOWN)


def _view(session: Session, services: Services, visit: Visit, form: FormState) -> FactsView:
    facts, fault = _facts(session, visit)
    stated = answers_up_to(session, visit)
    row = newest_computed(session, visit.id, PLAN)
    plan = None if row is None else read_computed(services.media, row, Plan)
    waiting = {one.fact for one in plan.ask} if plan else set()
    asked = [_asked(one, facts, stated, waited_for=one.key in waiting) for one in _definitions()]
    return FactsView(
        visit=visit,
        patient=patient_head(session, services.settings, visit.patient_id),
        asked=tuple(sorted(asked, key=lambda one: not one.waited_for)),
        form=form,
        fault=fault,
    )


def _facts(session: Session, visit: Visit) -> tuple[Facts, str]:
    try:
        return gather(session, visit).facts.facts(), ""
    except FacewireError as error:
        return Facts(), fault_words(error)


def _asked(
    definition: FactDefinition,
    facts: Facts,
    stated: Mapping[FactKey, Stated],
    *,
    waited_for: bool,
) -> Asked:
    places = []
    for side in definition.sides:
        place = (definition.key, side)
        known = "; ".join(_words(one, stated.get(place)) for one in facts.answers(*place))
        old = stated.get(place)
        earlier = "" if old is None or old.holds else f"{_value(old.value)} ({_who(old)})"
        words = clinical_words.words(clinical_words.SIDES, str(side) if side else None)
        places.append(Place(_name(*place), words, known, earlier))
    return Asked(definition, tuple(places), waited_for)


def _words(known: Known, stated: Stated | None) -> str:
    holds = stated is not None and stated.holds
    where = _who(stated) if stated is not None and holds else translate(known.origin)
    where = where or known.source
    return f"{_value(known.value)} ({where})"


def _who(one: Stated) -> str:
    if not one.by:
        return translate("history, {day}").format(day=day_words(one.on))
    return translate("{name}, {day}").format(name=one.by, day=day_words(one.on))


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if isinstance(value, float):
        return plain(value, 1)
    return sentence(translate(value.replace("_", " ")))


def _entered(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
