"""What a clinic's record teaches about its treatments: a document, made and kept on this machine.

People who do not agree to care any more are left out, and so is everybody who was erased: the
document is made anew of what the record holds. No name, no date of a visit and no code is in it,
but for the code of the one person whose own courses are asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from facewire.clinic.given_courses import PatientCourses, courses_of
from facewire.record.clinical import has_consent
from facewire.record.injections import treated_patients
from facewire.record.store import Session
from facewire.record.tables import Patient
from facewire.results.learned import Learned
from facewire.treatment import learn
from facewire.version import facewire_version
from facewire.words import mark

STATEMENT = mark(
    "Inferred from this clinic's own courses: what came against what the literature's forecast "
    "said. Not validated elsewhere; it stays on this machine."
)
SMALL_COUNTS = mark(
    "Fewer than five people are never counted or shown: who knows the others would learn of the "
    "last one. Two of these files made before and after one person was added tell of that person "
    "all the same: keep them as the record itself."
)
MEASURED_BEFORE = mark(
    "A measurement on the day of a treatment is taken to be from before it, as nobody records the "
    "hour."
)
SYNTHETIC = mark("Synthetic patients: no person.")

Progress = Callable[[int, int], None]
"""Called with how many people were read, and of how many."""


def learn_from_record(
    session: Session, on: date, person: Patient | None = None, progress: Progress | None = None
) -> Learned:
    """Return what the record teaches about the treatments that were given.

    Parameters
    ----------
    session : Session
    on : date
        Today.
    person : Patient, optional
        Whose own figures are wanted beside the clinic's.
    progress : callable, optional
        A wiring is inferred for every day of treatment: seconds each.
    """
    ids = [one for one in treated_patients(session) if has_consent(session, one, "care")]
    found: list[PatientCourses] = []
    for number, patient_id in enumerate(ids):
        if progress is not None:
            progress(number, len(ids))
        found.append(courses_of(session, patient_id))
    return document_of_courses(found, on, person)


def document_of_courses(
    found: Sequence[PatientCourses], on: date, person: Patient | None = None
) -> Learned:
    """Return what the courses of a clinic's patients teach.

    Parameters
    ----------
    found : sequence of PatientCourses
    on : date
        Today.
    person : Patient, optional
        Whose own figures are wanted beside the clinic's.
    """
    lessons = learn(
        (course for one in found for course in one.courses),
        Counter(key for one in found for key in one.treated),
        (reason for one in found for reason in one.reasons),
        None if person is None else person.id,
    )
    synthetic = any(one.synthetic for one in found)
    return Learned(
        statement=STATEMENT,
        facewire=facewire_version(),
        made_on=on,
        subject=None if person is None else person.code,
        synthetic=synthetic,
        treatments=lessons.treatments,
        left_out=lessons.left_out,
        notes=(SMALL_COUNTS, MEASURED_BEFORE, *((SYNTHETIC,) if synthetic else ())),
    )
