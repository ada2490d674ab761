"""Two visits side by side: numbers with "more than measuring again?", faces moving in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from facewire.comparison import Visit as MeasuredVisit
from facewire.comparison import compare_visits
from facewire.errors import NotFoundError, UsageError
from facewire.record.recordings import document_of
from facewire.record.store import Session, get
from facewire.record.tables import Measurement
from facewire.record.timeline import CoursePoint, course
from facewire.report import MeshPairView, mesh_pair
from facewire.results.comparison import Comparison
from facewire.results.measurement import Measurement as MeasurementDocument
from facewire.results.pictures import Mesh
from facewire.web.deps import HasServices, PatientOrClinician, Reading, Services, patient_for
from facewire.web.forms import FormState, fault_words
from facewire.web.pages import Link, page
from facewire.web.patient_names import PatientHead, patient_head
from facewire.web.routes.patient import patient_tabs
from facewire.web.routes.videos import has_video
from facewire.web.stored_files import files_of
from facewire.words import day_words

router = APIRouter(include_in_schema=False)

MESH = "mesh.json"


@dataclass(frozen=True)
class CompareView:
    """The page.

    Parameters
    ----------
    patient : PatientHead
        Whose visits.
    tabs : tuple of Link
        The pages of this patient.
    choices : tuple of (str, str)
        Measurements to choose from, the latest first.
    form : FormState
        The two that are shown.
    changes : Comparison or None
        What changed; None when it cannot be told.
    fault : str
        Why it cannot be told.
    faces : MeshPairView or None
        Both faces; None when a recording has no mesh, or they share no movement.
    days : tuple of str
        Days of the two visits.
    synthetic : bool
        Whether a rendered person is among them.
    for_patient : bool
        Whether the reader is the patient.
    videos : bool
        Whether the videos of both were kept and may be shown.
    """

    patient: PatientHead
    tabs: tuple[Link, ...]
    choices: tuple[tuple[str, str], ...]
    form: FormState
    changes: Comparison | None = None
    fault: str = ""
    faces: MeshPairView | None = None
    days: tuple[str, ...] = ()
    synthetic: bool = False
    for_patient: bool = False
    videos: bool = False


@router.get("/patients/{patient_id}/compare")
def show(
    request: Request,
    person: PatientOrClinician,
    session: Reading,
    services: HasServices,
    patient_id: str,
    first: str = "",
    second: str = "",
) -> Response:
    """Compare two measurements: the first and the latest, or those chosen."""
    patient = patient_for(person, session, patient_id)
    points = course(session, patient.id)
    pair = _chosen(points, first, second)
    head = patient_head(session, services.settings, patient.id)
    tabs = patient_tabs(patient.id, "compare", for_patient=person.is_patient)
    choices = tuple(reversed([(p.measurement_id, day_words(p.on)) for p in points]))
    if pair is None:
        view = CompareView(head, tabs, choices, FormState(), for_patient=person.is_patient)
        return page(request, "patients/compare.html", view)
    form = FormState({"first": pair[0].measurement_id, "second": pair[1].measurement_id})
    results = [document_of(get(session, Measurement, p.measurement_id), patient.code) for p in pair]
    changes, fault = _changes(pair, results)
    meshes = [_mesh(services, session, point) for point in pair]
    view = CompareView(
        patient=head,
        tabs=tabs,
        choices=choices,
        form=form,
        changes=changes,
        fault=fault,
        faces=_faces(meshes, hidden=services.settings.incognito),
        days=tuple(day_words(point.on) for point in pair),
        synthetic=any(result.synthetic for result in results),
        for_patient=person.is_patient,
        videos=not services.settings.incognito
        and all(has_video(session, get(session, Measurement, p.measurement_id)) for p in pair),
    )
    return page(request, "patients/compare.html", view)


def _chosen(
    points: Sequence[CoursePoint], first: str, second: str
) -> tuple[CoursePoint, CoursePoint] | None:
    """Return the two points in the order of time; None when there are not two."""
    if len(points) < 2:
        return None
    by_id = {point.measurement_id: point for point in points}
    missing = {first, second} - set(by_id) - {""}
    if missing:
        raise NotFoundError("There is no such measurement of this patient")
    one, two = by_id.get(first, points[0]), by_id.get(second, points[-1])
    return (one, two) if points.index(one) <= points.index(two) else (two, one)


def _changes(
    pair: tuple[CoursePoint, CoursePoint], results: Sequence[MeasurementDocument]
) -> tuple[Comparison | None, str]:
    names = [point.on.isoformat() for point in pair]
    if names[0] == names[1]:
        names = [f"{name} ({i})" for i, name in enumerate(names, 1)]
    try:
        visits = [MeasuredVisit(*one) for one in zip(names, results, strict=True)]
        return compare_visits(visits), ""
    except UsageError as error:
        return None, fault_words(error)


def _mesh(services: Services, session: Session, point: CoursePoint) -> Mesh | None:
    measurement = get(session, Measurement, point.measurement_id)
    with files_of(services, measurement, (MESH,)) as folder:
        path = folder / MESH
        return Mesh.read(path) if path.is_file() else None


def _faces(meshes: Sequence[Mesh | None], *, hidden: bool) -> MeshPairView | None:
    first, second = meshes
    if hidden or first is None or second is None:
        return None
    return mesh_pair(first, second)
