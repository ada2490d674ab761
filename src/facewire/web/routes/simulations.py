"""One plan or forecast: whole for the team, in plain words for the patient once it is released."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.errors import ForbiddenError
from facewire.record.deciding import (
    FORECAST,
    PLAN,
    computed_row,
    read_computed,
    release,
    released_ids,
)
from facewire.record.store import Session, get
from facewire.record.tables import Computed, Measurement, Visit
from facewire.report.unmeasured import Pictures, Unmeasured, pictures_of
from facewire.results.forecast import Forecast
from facewire.results.pictures import Mesh
from facewire.results.plan import Plan
from facewire.web.deps import (
    Clinician,
    HasServices,
    PatientOrClinician,
    Reading,
    Services,
    Writing,
    reach,
)
from facewire.web.forms import Sent, see_other
from facewire.web.pages import page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.web.stored_files import files_of
from facewire.words import translate

router = APIRouter(include_in_schema=False)

MESH = "mesh.json"


@dataclass(frozen=True)
class SimulationView:
    """A plan or a forecast.

    Parameters
    ----------
    id : str
    visit : Visit
    patient : PatientHead
    made : Computed
        Its row.
    plan : Plan or None
    forecast : Forecast or None
    pictures : Pictures
        What shows a forecast.
    released : bool
        Whether the patient may see it now.
    for_patient : bool
        Whether the reader is the patient, or looks at it as the patient will.
    preview : bool
        Whether a member of the team looks at it as the patient will.
    """

    id: str
    visit: Visit
    patient: PatientHead
    made: Computed
    plan: Plan | None
    forecast: Forecast | None
    pictures: Pictures
    released: bool
    for_patient: bool
    preview: bool

    @property
    def url(self) -> str:
        """Its address."""
        return f"/visits/{self.visit.id}/simulations/{self.id}"

    @property
    def may_release(self) -> bool:
        """Whether it can be shown to the patient: nothing that a rule bars is."""
        return self.forecast is None or not self.forecast.barred


@router.get("/visits/{visit_id}/simulations/{computed_id}")
def show(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    visit_id: str,
    computed_id: str,
    as_patient: bool = False,
) -> Response:
    """Show a plan or a forecast; to its patient only while it is released."""
    visit = reach(person, session, Visit, visit_id)
    released = computed_id in released_ids(session, visit.patient_id)
    # What is not released answers a patient as what is not there.
    row = computed_row(session, visit.id, computed_id if released or person.is_clinician else "")
    plan = read_computed(services.media, row, Plan) if row.kind == PLAN else None
    forecast = read_computed(services.media, row, Forecast) if row.kind == FORECAST else None
    view = SimulationView(
        id=row.id,
        visit=visit,
        patient=patient_head(session, services.settings, visit.patient_id),
        made=row,
        plan=plan,
        forecast=forecast,
        pictures=_pictures(session, services, row, forecast),
        released=released,
        for_patient=person.is_patient or as_patient,
        preview=as_patient and person.is_clinician,
    )
    return page(request, "deciding/plain.html" if view.for_patient else "deciding/one.html", view)


@router.post("/visits/{visit_id}/simulations/{computed_id}/release")
def release_or_take_back(
    person: Clinician,
    session: Writing,
    services: HasServices,
    visit_id: str,
    computed_id: str,
    sent: Sent,
) -> Response:
    """Show a simulation to its patient, or take it back."""
    visit = reach(person, session, Visit, visit_id)
    row = computed_row(session, visit.id, computed_id)
    given = sent.choice("given", ("yes", "no")) == "yes"
    if given and row.kind == FORECAST and read_computed(services.media, row, Forecast).barred:
        raise ForbiddenError(
            "What a rule bars is not shown to a patient",
            expected="a simulation that no rule bars",
            do="simulate something that is not barred",
        )
    if not sent.problems:
        release(session, row, given=given)
    return see_other(f"/visits/{visit.id}/simulations/{row.id}")


def _pictures(
    session: Session, services: Services, row: Computed, forecast: Forecast | None
) -> Pictures:
    """Return the face that a forecast moves: the person's own, or a drawn one."""
    if forecast is None:
        return Pictures()
    measurement = get(session, Measurement, row.measurement_id)
    mesh, missing = None, translate("the recording has no mesh")
    if services.settings.incognito:
        missing = translate("faces are hidden in this window")
    elif MESH in measurement.files:
        with files_of(services, measurement, (MESH,)) as folder:
            path = folder / MESH
            mesh = Mesh.read(path) if path.is_file() else None
    return pictures_of(Unmeasured(forecast=forecast, mesh=mesh, mesh_missing=missing))
