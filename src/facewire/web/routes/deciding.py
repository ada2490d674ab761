"""Deciding at a visit: stage and eye first, wiring, what would tell, options, and the time line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import FacewireError, NotFoundError
from facewire.findings import complete
from facewire.record.deciding import (
    FORECAST,
    PLAN,
    WIRING,
    computed_of,
    decision_before,
    decision_of,
    given_since,
    newest_computed,
    read_computed,
    released_ids,
)
from facewire.record.inputs import Inputs, gather, inputs_of
from facewire.record.jobs import ACTIVE, FAILED, ask_to_decide, deciding_jobs
from facewire.record.recordings import document_of, newest_of_visit
from facewire.record.store import Session, get
from facewire.record.tables import (
    Computed,
    Decision,
    Job,
    Measurement,
    TreatmentGiven,
    Visit,
)
from facewire.report import came_words, wiring_words
from facewire.results.forecast import Forecast
from facewire.results.plan import Plan
from facewire.results.wiring import Wiring
from facewire.safety import fact_definitions
from facewire.version import facewire_version
from facewire.web import clinical_words
from facewire.web.api_models import STEP_WORDS, JobShow, ProblemShow, show_job
from facewire.web.deps import Clinician, HasServices, Reading, Services, Writing, reach
from facewire.web.forms import FormState, see_other
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.words import mark, translate
from facewire.words.treatments import kind_name

router = APIRouter(include_in_schema=False)

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""The nerve's picture carries its style inside."""
CHANGED = {
    "measurement": mark("the visit was measured again"),
    "findings": mark("findings of the visit"),
    "toxin_given": mark("toxin that was given"),
    "onset_date": mark("when it began"),
    "onset_precision": mark("how well the onset is known"),
    "toxin_list_complete": mark("whether every course of toxin is listed"),
}


@dataclass(frozen=True)
class ForecastLine:
    """A forecast of the visit: its id, when it was made, what was tried, and how it stands."""

    id: str
    made: Computed
    words: str
    barred: bool
    released: bool
    stale: tuple[str, ...]


@dataclass(frozen=True)
class DecidingView:
    """The page.

    Parameters
    ----------
    visit : Visit
    patient : PatientHead
    recording_id, measurement_id : str
        Of the newest measurement; empty before one.
    side_confirmed : bool
        Whether its sides are.
    fault : ProblemShow or None
        Why nothing can be computed now.
    job : JobShow or None
        What is being computed.
    step : str
        What happens now, in words.
    problem : ProblemShow or None
        Why the last computing failed.
    plan, wiring : Plan, Wiring or None
        As they hold.
    made : Computed or None
        The plan's row.
    stale : tuple of str
        What has changed since, in words.
    forecasts : tuple of ForecastLine
        The newest first.
    decision : Decision or None
    given : sequence of TreatmentGiven
        What was given from the day of the visit on.
    before : tuple of (Visit, Decision) or None
        The last decision of an earlier visit that rests on a forecast.
    came : tuple of tuple of str
        That forecast for this day beside what was measured.
    given_before : sequence of TreatmentGiven
        What was given from then until this visit.
    software : str
        The facewire that runs now.
    form : FormState
        Of the decision.
    """

    visit: Visit
    patient: PatientHead
    recording_id: str
    measurement_id: str
    side_confirmed: bool
    fault: ProblemShow | None
    job: JobShow | None
    step: str
    problem: ProblemShow | None
    plan: Plan | None
    wiring: Wiring | None
    made: Computed | None
    stale: tuple[str, ...]
    forecasts: tuple[ForecastLine, ...]
    decision: Decision | None
    given: Sequence[TreatmentGiven]
    before: tuple[Visit, Decision] | None
    came: tuple[tuple[str, ...], ...]
    given_before: Sequence[TreatmentGiven]
    software: str
    form: FormState

    @property
    def url(self) -> str:
        """Address of the visit."""
        return f"/visits/{self.visit.id}"

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What can be decided for: nothing, the plan's candidates, the forecasts, or words."""
        return decision_choices(self.plan, self.forecasts)

    def treatment(self, row: TreatmentGiven) -> str:
        """Return what was given, in words."""
        parts = [kind_name(row.procedure)]
        parts += [clinical_words.muscle_words(row.muscle)] if row.muscle else []
        parts += [clinical_words.words(clinical_words.SIDES, row.side)] if row.side else []
        units = "" if row.units is None else f"{row.units:g} "
        parts += [f"{units}{row.product}"] if row.product else []
        return ", ".join(parts)


def decision_choices(
    plan: Plan | None, forecasts: Sequence[ForecastLine]
) -> tuple[tuple[str, str], ...]:
    """Return what can be decided for at a visit, each with its words.

    Parameters
    ----------
    plan : Plan or None
    forecasts : sequence of ForecastLine
        Those that a rule bars are left out.
    """
    from facewire.report import plan_words

    found = [("nothing", translate("No treatment now: wait and look again"))]
    for one in plan.candidates if plan else ():
        words = "; ".join(plan_words.weakening(each) for each in one.weakenings)
        found.append((one.id, f"{one.id}: {words}"))
    text = translate("Forecast of {moment}: {words}")
    for line in forecasts:
        if not line.barred:
            made = line.made.created_at.astimezone().strftime("%H:%M")
            found.append((line.id, text.format(moment=made, words=line.words)))
    return (*found, ("words", translate("Something else, in words")))


@router.get("/visits/{visit_id}/deciding")
def show(
    request: Request, person: Clinician, session: Reading, services: HasServices, visit_id: str
) -> Response:
    """Show what is known for a decision, or what is missing for it."""
    visit = reach(person, session, Visit, visit_id)
    form = FormState({"decided_by": person.shown_name, "decided_on": services.today.isoformat()})
    return page(request, "deciding/show.html", deciding_view(session, services, visit, form))


@router.post("/visits/{visit_id}/deciding")
def compute(person: Clinician, session: Writing, services: HasServices, visit_id: str) -> Response:
    """Ask for the wiring and the plan of a measured visit, again or for the first time."""
    visit = reach(person, session, Visit, visit_id)
    ask_to_decide(session, visit, {"of": PLAN})
    services.jobs.wake()
    return see_other(f"/visits/{visit.id}/deciding")


@router.get("/visits/{visit_id}/nerve.svg")
def nerve(person: Clinician, session: Reading, services: HasServices, visit_id: str) -> Response:
    """Give the picture of the inferred wiring."""
    visit = reach(person, session, Visit, visit_id)
    row = newest_computed(session, visit.id, WIRING)
    if row is None:
        raise NotFoundError("There is no wiring of this visit")
    picture = wiring_words.picture(read_computed(services.media, row, Wiring))
    headers = {"content-security-policy": PICTURE_POLICY}
    return Response(str(picture), media_type="image/svg+xml", headers=headers)


def deciding_view(
    session: Session, services: Services, visit: Visit, form: FormState
) -> DecidingView:
    """Gather the page of a visit; the caller has checked who may see it.

    Parameters
    ----------
    session : Session
    services : Services
    visit : Visit
    form : FormState
        Of the decision.
    """
    now, fault = _gathered(session, visit)
    measurement = newest_of_visit(session, visit.id)
    made = newest_computed(session, visit.id, PLAN)
    wiring = newest_computed(session, visit.id, WIRING)
    released = released_ids(session, visit.patient_id)
    job, problem = _work(session, visit, services)
    decision = decision_of(session, visit.id)
    before = decision_before(session, visit)
    return DecidingView(
        visit=visit,
        patient=patient_head(session, services.settings, visit.patient_id),
        recording_id="" if measurement is None else measurement.recording_id,
        measurement_id="" if measurement is None else measurement.id,
        side_confirmed=measurement is None or bool(measurement.result.get("side_confirmed")),
        fault=fault,
        job=job,
        step=translate(STEP_WORDS.get((job and job.step) or "start", "")),
        problem=problem,
        plan=None if made is None else read_computed(services.media, made, Plan),
        wiring=None if wiring is None else read_computed(services.media, wiring, Wiring),
        made=made,
        stale=() if made is None else changed_words(made, now),
        forecasts=tuple(forecast_lines(session, visit, now, released)),
        decision=decision,
        given=given_since(session, visit.patient_id, visit.on) if decision else (),
        before=before,
        came=_came(session, services, visit, before, measurement),
        given_before=(
            given_since(session, visit.patient_id, before[0].on, visit.on) if before else ()
        ),
        software=facewire_version(),
        form=form,
    )


def _gathered(session: Session, visit: Visit) -> tuple[Inputs | None, ProblemShow | None]:
    """Return what would be computed from now, or why it cannot be."""
    from facewire.errors import parts_of

    try:
        now = gather(session, visit)
        now.facts.facts()
    except FacewireError as error:
        return None, ProblemShow(**parts_of(error))
    return now, None


def _came(
    session: Session,
    services: Services,
    visit: Visit,
    before: tuple[Visit, Decision] | None,
    measurement: Measurement | None,
) -> tuple[tuple[str, ...], ...]:
    """Return the earlier forecast for this day beside what was measured."""
    if before is None or measurement is None:
        return ()
    then, decision = before
    row = get(session, Computed, decision.forecast_id or "")
    if row.voided_at is not None:
        return ()
    forecast = read_computed(services.media, row, Forecast)
    result = complete(document_of(measurement))
    return tuple(came_words.rows(forecast, result, (visit.on - then.on).days))


def changed_words(row: Computed, now: Inputs | None) -> tuple[str, ...]:
    """Return what has changed since a document was computed, in words.

    Parameters
    ----------
    row : Computed
    now : Inputs or None
        The same visit's, gathered now; None where that cannot be done.
    """
    if now is None:
        return ()
    names = inputs_of(row).changed(now)
    asked = fact_definitions()
    return tuple(
        translate(CHANGED[n]) if n in CHANGED else translate(asked[n].question) for n in names
    )


def forecast_lines(
    session: Session, visit: Visit, now: Inputs | None, released: frozenset[str]
) -> list[ForecastLine]:
    """Return the forecasts of a visit, the newest first, from what they were asked with.

    Parameters
    ----------
    session : Session
    visit : Visit
    now : Inputs or None
    released : frozenset of str
        What the patient may see.
    """
    return [
        ForecastLine(
            id=row.id,
            made=row,
            words=tried_words(inputs_of(row)),
            barred=bool(inputs_of(row).settings.get("simulate_barred")),
            released=row.id in released,
            stale=changed_words(row, now),
        )
        for row in computed_of(session, visit.id, FORECAST)
    ]


def tried_words(inputs: Inputs) -> str:
    """Say what a forecast was asked for: what, where, on which side and day."""
    return "; ".join(_row_words(row) for row in inputs.settings["treatments"])


def _row_words(row: dict[str, object]) -> str:
    names = row.get("muscle") or next(iter(_several(row)), "")
    parts = [kind_name(str(row["kind"]))]
    parts += [clinical_words.muscle_words(str(names))] if names else []
    parts.append(clinical_words.words(clinical_words.SIDES, str(row["side"])))
    parts.append(translate("day {day}").format(day=row["day"]))
    return ", ".join(parts)


def _several(row: dict[str, object]) -> list[str]:
    muscles, cuts = row.get("muscles"), row.get("cuts")
    if isinstance(muscles, list):
        return [str(one) for one in muscles]
    return [str(one["muscle"]) for one in cuts] if isinstance(cuts, list) else []


def _work(
    session: Session, visit: Visit, services: Services
) -> tuple[JobShow | None, ProblemShow | None]:
    """Return the job that goes on, else why the newest one failed."""
    jobs: Sequence[Job] = deciding_jobs(session, visit.id)
    active = next((job for job in jobs if job.state in ACTIVE), None)
    if active is not None:
        return show_job(session, active, services.clock()), None
    newest = next(iter(jobs), None)
    if newest is None or newest.state != FAILED or newest.problem is None:
        return None, None
    return None, ProblemShow(**newest.problem)
