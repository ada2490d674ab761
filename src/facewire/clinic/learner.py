"""Whether the app's forecasts use what this clinic's own patients taught, and that itself.

Off until an administrator turns it on; the act stands in the audit trail, and the newest one holds.
What was learned is kept in memory alone, so that nobody who was erased stays in a file of it. It is
read in a thread of its own, and read again when treatments, measurements or consents have changed.
Until that is done the literature holds.
"""

from __future__ import annotations

import threading
from contextlib import suppress

from facewire.clinic.given_courses import PatientCourses, courses_of
from facewire.clinic.learning import document_of_courses
from facewire.errors import FacewireError
from facewire.record.audit import changes_since, head, newest_of, note
from facewire.record.clinical import has_consent
from facewire.record.injections import treated_patients
from facewire.record.store import Record, Session, get
from facewire.record.tables import Patient
from facewire.results.learned import Learned

LEARNING, ON, OFF = "learning", "turned_on", "turned_off"
TAUGHT_BY = (
    "consents",
    "erasing",
    "histories",
    "measurements",
    "patients",
    "recordings",
    "treatments_given",
    "visits",
)
"""Tables whose changes change what was learned."""


def is_on(session: Session) -> bool:
    """Return whether forecasts use what was learned; nobody has turned it on at first."""
    newest = newest_of(session, LEARNING)
    return newest is not None and newest.action == ON


def turn(session: Session, *, on: bool) -> None:
    """Turn learning on or off; what holds already is not noted again.

    Parameters
    ----------
    session : Session
        Of `Record.writing`, by an administrator.
    on : bool
    """
    if on != is_on(session):
        note(session, ON if on else OFF, LEARNING)


class Learner:
    """What was learned, as long as the record does not change.

    Parameters
    ----------
    record : Record
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        self._courses: dict[str, PatientCourses] = {}
        self._upto: int | None = None

    def learned_for(self, session: Session, patient_id: str) -> Learned | None:
        """Return what a forecast for a patient may use.

        Parameters
        ----------
        session : Session
        patient_id : str

        Returns
        -------
        Learned or None
            With this patient's own figures where there are two courses or more. None while
            learning is off, and until the record as it is now has been read.
        """
        if not is_on(session):
            self.forget()
            return None
        if not self.is_ready(session):
            self.wake()
            return None
        today = self._record.moment().astimezone().date()
        with self._lock:
            found = list(self._courses.values())
        return document_of_courses(found, today, get(session, Patient, patient_id))

    def is_ready(self, session: Session) -> bool:
        """Return whether what was read is the record as it is now."""
        return self._upto is not None and not changes_since(session, self._upto, TAUGHT_BY)

    def forget(self) -> None:
        """Drop what was read."""
        with self._lock:
            self._courses, self._upto = {}, None

    def wake(self) -> None:
        """Read the record in a thread, where none is at it."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="facewire-learn")
                self._thread.start()

    def stop(self) -> None:
        """End the thread, after the patient that it is at."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def read(self) -> None:
        """Read every patient's courses; those whose record has not changed stay as they are."""
        with self._record.reading() as session:
            upto = head(session).number
            since = changes_since(session, self._upto or 0, TAUGHT_BY)
            ids = [one for one in treated_patients(session) if has_consent(session, one, "care")]
        known = {} if self._upto is None or None in since else self._courses
        found = {}
        for patient_id in ids:
            if self._ending.is_set():
                return
            kept = known.get(patient_id)
            if kept is None or patient_id in since:
                with self._record.reading() as session:
                    kept = courses_of(session, patient_id)
            found[patient_id] = kept
        with self._lock:
            self._courses, self._upto = found, upto

    def _work(self) -> None:
        with suppress(FacewireError, OSError):
            self.read()
