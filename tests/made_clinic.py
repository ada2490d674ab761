"""A record with patients whose face is simulated: toxin on known days, of a known effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from facewire.face import Movement, Side
from facewire.face.muscles import MuscleGroup
from facewire.record.clinical import save_consent
from facewire.record.injections import Given, Injection, record_injections
from facewire.record.patients import Who, add_patient
from facewire.record.store import Session, add
from facewire.record.tables import Measurement, Patient, Recording
from facewire.record.visits import add_visit
from facewire.results.measurement import Measurement as Document
from facewire.treatment import BotulinumToxin
from facewire.treatment.base import OwnResponse
from facewire.wiring import FaceState, involuntary_mm, rest_change_mm, total_mm
from planning_face import face_state
from simulated.wiring_measured import simulated_measurement

MUSCLE, PRODUCT = "orbicularis_oculi", "onabotulinumtoxinA"
FIRST = date(2024, 3, 4)
MOVED_MM = 8.0
WRONG = {(Movement.SMILE_OPEN, MuscleGroup.ORBICULARIS_OCULI_PALPEBRAL): 0.6}
FACE = face_state(WRONG, Side.RIGHT)


@dataclass(frozen=True)
class MadeCourse:
    """A course of toxin of one patient.

    Parameters
    ----------
    start : int
        Day of the visit before and of the injection.
    effect : float
        Multiple of the literature's.
    seen : tuple of int
        Days after it at which the patient is measured.
    units : float
    """

    start: int
    effect: float
    seen: tuple[int, ...] = (28,)
    units: float = 10.0


def measured(state: FaceState, code: str) -> Document:
    """Return a face as its measurement, without noise; the deviations are those of real ones."""
    found = simulated_measurement(
        total_mm(state)[0],
        involuntary_mm(state)[0, 1],
        (state.rest_mm + rest_change_mm(state))[0],
        Side.RIGHT,
    )
    cells = tuple(
        cell if cell.change_mm is None else cell.replaced(voluntary_mm=MOVED_MM)
        for cell in found.synkinesis
    )
    return found.replaced(subject=code, synkinesis=cells)


def add_made_patient(session: Session, name: str, courses: tuple[MadeCourse, ...]) -> Patient:
    """Store a patient with visits, measurements and injections.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    name : str
    courses : tuple of MadeCourse
    """
    patient = add_patient(session, Who("Ottilie", name, date(1970, 1, 31)))
    save_consent(session, patient.id, "care", given=True, wording="care/1")
    for one in courses:
        _visit(session, patient, one.start, FACE)
        on = FIRST + timedelta(days=one.start)
        rows = [Injection(MUSCLE, "R", one.units / 2.0)] * 2
        record_injections(session, Given(patient.id, on), PRODUCT, rows)
        response = OwnResponse(one.effect, 0.0, 122.0, 0.0)
        toxin = BotulinumToxin(Side.RIGHT, MUSCLE, PRODUCT, response=response)
        for day in one.seen:
            _visit(session, patient, one.start + day, toxin.after(FACE, day))
    return patient


def _visit(session: Session, patient: Patient, day: int, state: FaceState) -> None:
    on = FIRST + timedelta(days=day)
    visit = add_visit(session, patient.id, on, "in_person")
    keys = {"patient_id": patient.id, "visit_id": visit.id}
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    recording = add(session, Recording(**keys, origin="upload", state="measured", started_at=at))
    result = measured(state, patient.code).plain()
    add(session, Measurement(**keys, recording_id=recording.id, result=result))
