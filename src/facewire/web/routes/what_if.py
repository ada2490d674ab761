"""What if: treatments of this patient with their days, the side asked twice, refused where barred.

A side is asked in two ways, as the patient's left or right and as the affected or the other one.
Both have to say the same, and neither is chosen beforehand: one wrong click ends in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.clinic.deciding import wiring_of
from facewire.errors import FacewireError
from facewire.face import Side
from facewire.record.deciding import FORECAST, PLAN, newest_computed, read_computed
from facewire.record.inputs import LONGEST_DAYS, Inputs, as_asked, gather
from facewire.record.jobs import ask_to_decide
from facewire.record.recordings import document_of
from facewire.record.store import Session, get
from facewire.record.tables import Measurement, Visit
from facewire.report.plan_words import MEANS_NAMES
from facewire.results.plan import Candidate, Plan
from facewire.results.safety import Answer, TreatmentCheck
from facewire.results.wiring import Wiring
from facewire.treatment import MUSCLE_NAMES, PRODUCTS
from facewire.treatment.conflicts import check_treatments
from facewire.web import clinical_words
from facewire.web.deps import Clinician, HasServices, Reading, Services, Writing, reach
from facewire.web.forms import Entries, FormState, Sent, fault_words, see_other
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.words import mark, side_word, translate
from facewire.words.coverage import seen_sentences
from facewire.words.treatments import KIND_NAMES, kind_name

router = APIRouter(include_in_schema=False)

ROWS = 3
STRENGTHS = {
    "light": (30.0, mark("light: 30 % of the force less")),
    "moderate": (50.0, mark("moderate: 50 %")),
    "strong": (70.0, mark("strong: 70 %")),
}
"""The degrees of a plan's candidates; without one the simulation draws it from a wide range."""
HORIZONS = {"180": mark("half a year"), "365": mark("a year"), "730": mark("two years")}
ROLES = {"affected": mark("the affected side"), "other": mark("the other side")}
DRIVES = {
    "masseter_nerve": mark("masseter nerve"),
    "cross_face_nerve_graft": mark("cross-face nerve graft"),
}
WITH_MUSCLE = ("botulinum_toxin", "selective_neurolysis", "selective_denervation", "myectomy")
"""Kinds of treatment that name a muscle."""


@dataclass(frozen=True)
class WhatIfView:
    """The form.

    Parameters
    ----------
    visit : Visit
    patient : PatientHead
    affected : Side or None
        The affected side, as measured.
    form : FormState
        As it was sent, or as it starts.
    barred : tuple of TreatmentCheck
        What a rule bars of what was asked for.
    fault : str
        Why nothing can be simulated now; empty when it can.
    seen : tuple of str
        What the recording behind it showed and could not show; stands before the side.
    """

    visit: Visit
    patient: PatientHead
    affected: Side | None
    form: FormState
    barred: tuple[TreatmentCheck, ...] = ()
    fault: str = ""
    seen: tuple[str, ...] = ()

    @property
    def rows(self) -> range:
        """How many treatments can be asked for at once."""
        return range(ROWS)

    @property
    def kinds(self) -> tuple[tuple[str, str], ...]:
        """Choices of the treatment."""
        return (("", "-"), *((key, kind_name(key)) for key in KIND_NAMES))

    @property
    def muscles(self) -> tuple[tuple[str, str], ...]:
        """Choices of the muscle."""
        return (("", "-"), *clinical_words.muscle_options(MUSCLE_NAMES))

    @property
    def products(self) -> tuple[tuple[str, str], ...]:
        """Choices of the product of a toxin."""
        return (("", "-"), *((name, name) for name in PRODUCTS if name != "unspecified"))

    @property
    def strengths(self) -> tuple[tuple[str, str], ...]:
        """Choices of how much is weakened."""
        made = tuple((key, translate(words)) for key, (_, words) in STRENGTHS.items())
        return (("", translate("not said: simulated over a wide range")), *made)

    @property
    def drives(self) -> tuple[tuple[str, str], ...]:
        """Choices of what drives a free muscle."""
        return clinical_words.options(DRIVES, "-")

    @property
    def sides(self) -> tuple[tuple[str, str], ...]:
        """Choices of the side."""
        sides = {key: clinical_words.SIDES[key] for key in ("R", "L")}
        return clinical_words.options(sides)

    @property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """The same side, asked another way."""
        return clinical_words.options(ROLES)

    @property
    def horizons(self) -> tuple[tuple[str, str], ...]:
        """Choices of how far it is simulated."""
        return clinical_words.options(HORIZONS)

    def title(self, check: TreatmentCheck) -> str:
        """Name a treatment that a rule bars."""
        means = translate(MEANS_NAMES[check.means])
        return f"{means}, {check.what}, {side_word(check.side)}"


@router.get("/visits/{visit_id}/what-if")
def ask(
    request: Request,
    person: Clinician,
    session: Reading,
    services: HasServices,
    visit_id: str,
    candidate: str = "",
) -> Response:
    """Ask for treatments; ``candidate`` fills in muscles and degrees of the plan, never a side."""
    visit = reach(person, session, Visit, visit_id)
    start = {"days": "365", "date-0": visit.on.isoformat()}
    row = newest_computed(session, visit.id, PLAN)
    if candidate and row is not None:
        plan = read_computed(services.media, row, Plan)
        found = [one for one in plan.candidates if one.id == candidate]
        start |= _of_candidate(found[0], visit.on) if found else {}
    return page(request, "deciding/what_if.html", _view(session, services, visit, FormState(start)))


def _of_candidate(one: Candidate, on: date) -> dict[str, str]:
    found: dict[str, str] = {}
    for i, weakening in enumerate(one.weakenings[:ROWS]):
        found |= {f"kind-{i}": "botulinum_toxin", f"muscle-{i}": str(weakening.muscle)}
        found |= {f"strength-{i}": weakening.strength or "", f"date-{i}": on.isoformat()}
    return found


@router.post("/visits/{visit_id}/what-if")
def simulate(
    request: Request,
    person: Clinician,
    session: Writing,
    services: HasServices,
    visit_id: str,
    sent: Sent,
) -> Response:
    """Ask for a forecast; what a rule bars is refused with its reasons, unless it is asked for."""
    visit = reach(person, session, Visit, visit_id)
    inputs, fault = _now(session, visit)
    settings = None if inputs is None else _settings(sent, inputs)
    barred: tuple[TreatmentCheck, ...] = ()
    if inputs is not None and settings is not None:
        barred = _barred(session, services, sent, as_asked(inputs, settings), visit)
    asked_for = sent.values.get("although_barred") == "yes"
    if inputs is None or settings is None or sent.problems or (barred and not asked_for):
        view = _view(session, services, visit, sent.state, barred, fault)
        return page(request, "deciding/what_if.html", view, status=422)
    ask_to_decide(session, visit, settings | {"simulate_barred": bool(barred)})
    services.jobs.wake()
    return see_other(f"/visits/{visit.id}/deciding#time")


def _now(session: Session, visit: Visit) -> tuple[Inputs | None, str]:
    try:
        inputs = gather(session, visit)
        wiring_of(session, visit.id, inputs.measurement_id)
    except FacewireError as error:
        return None, fault_words(error)
    if inputs.affected is None:
        return None, translate("No side is affected: there is nothing to simulate.")
    return inputs, ""


def _view(
    session: Session,
    services: Services,
    visit: Visit,
    form: FormState,
    barred: tuple[TreatmentCheck, ...] = (),
    fault: str = "",
) -> WhatIfView:
    inputs, why = _now(session, visit)
    head = patient_head(session, services.settings, visit.patient_id)
    affected = None if inputs is None else inputs.affected
    return WhatIfView(visit, head, affected, form, barred, fault or why, _seen(session, inputs))


def _seen(session: Session, inputs: Inputs | None) -> tuple[str, ...]:
    if inputs is None:
        return ()
    return seen_sentences(document_of(get(session, Measurement, inputs.measurement_id)).coverage)


def _settings(sent: Entries, inputs: Inputs) -> dict[str, Any] | None:
    """Return what is asked for; None on a fault, which the form then shows."""
    days = sent.choice("days", HORIZONS)
    used = [i for i in range(ROWS) if sent.values.get(f"kind-{i}")]
    if not used:
        sent.fault("kind-0", translate("Please choose a treatment."))
    rows = [row for i in used if (row := _row(sent, i, inputs)) is not None]
    if sent.problems or len(rows) < len(used):
        return None
    return {"of": FORECAST, "days": int(days), "treatments": rows}


def _row(sent: Entries, i: int, inputs: Inputs) -> dict[str, Any] | None:
    kind = sent.choice(f"kind-{i}", KIND_NAMES)
    side = _side(sent, i, inputs.affected)
    on = sent.day(f"date-{i}", needed=True)
    if on is not None and not inputs.on <= on <= inputs.on + timedelta(days=LONGEST_DAYS):
        words = translate("Please choose a day from the visit on, at most two years later.")
        sent.fault(f"date-{i}", words)
    own = _own(sent, i, kind)
    if side is None or on is None or sent.problems:
        return None
    return {"kind": kind, "side": str(side), "day": (on - inputs.on).days, **own}


def _side(sent: Entries, i: int, affected: Side | None) -> Side | None:
    """Return the side where both ways of saying it agree."""
    said, role = sent.choice(f"side-{i}", ("R", "L")), sent.choice(f"role-{i}", ROLES)
    if not said or not role or affected is None:
        return None
    side = Side(said)
    if (side is affected) is not (role == "affected"):
        words = translate(
            "The two answers name different sides: the patient's {side} is {role}. Look at the "
            "patient, then correct one of them."
        )
        is_role = ROLES["affected" if side is affected else "other"]
        sent.fault(f"role-{i}", words.format(side=side_word(side), role=translate(is_role)))
        return None
    return side


def _own(sent: Entries, i: int, kind: str) -> dict[str, Any]:
    """Return the fields that a kind of treatment has of its own."""
    muscle = sent.choice(f"muscle-{i}", MUSCLE_NAMES, needed=kind in WITH_MUSCLE)
    if kind == "botulinum_toxin":
        return {"muscle": muscle} | _toxin(sent, i)
    if kind == "gracilis_transfer":
        return {"drive": sent.choice(f"drive-{i}", DRIVES)}
    made: Mapping[str, Any] = {
        "selective_neurolysis": {"cuts": [{"muscle": muscle}]},
        "selective_denervation": {"muscle": muscle},
        "myectomy": {"muscles": [muscle]},
    }
    return dict(made.get(kind, {}))


def _toxin(sent: Entries, i: int) -> dict[str, Any]:
    product = sent.choice(f"product-{i}", PRODUCTS)
    units = sent.number(f"units-{i}", low=0.01, high=5000)
    sites = sent.number(f"sites-{i}", low=1, high=100)
    strength = sent.choice(f"strength-{i}", STRENGTHS, needed=False)
    found: dict[str, Any] = {"product": product}
    found |= {} if units is None else {"units": units}
    found |= {} if sites is None else {"sites": round(sites)}
    return found | ({"weakening_percent": STRENGTHS[strength][0]} if strength else {})


def _barred(
    session: Session, services: Services, sent: Entries, inputs: Inputs, visit: Visit
) -> tuple[TreatmentCheck, ...]:
    """Return what a rule bars; what cannot be meant at all becomes a fault of the form."""
    try:
        row = wiring_of(session, visit.id, inputs.measurement_id)
        checks: Sequence[TreatmentCheck] = check_treatments(
            read_computed(services.media, row, Wiring),
            inputs.plan().treatments,
            inputs.facts.facts(),
        )
    except FacewireError as error:
        sent.fault("", fault_words(error))
        return ()
    return tuple(check for check in checks if check.answer is Answer.BARRED)
