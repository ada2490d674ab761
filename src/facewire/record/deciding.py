"""Deciding at a visit: computed documents, the decision with its reason, what the patient may see.

Nothing is overwritten: a document computed again is a new row, and the newest of its kind holds. A
simulation that was never released, or was taken back, does not exist for its patient.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from facewire.errors import NotFoundError, RecordError
from facewire.record.media import MediaStore
from facewire.record.same_person import ids_of
from facewire.record.store import add, find, get, supersede, void
from facewire.record.tables import Computed, Decision, Release, TreatmentGiven, Visit
from facewire.results.document import Document
from facewire.results.forecast import Forecast
from facewire.results.plan import Plan
from facewire.results.wiring import Wiring

WIRING, PLAN, FORECAST = "wiring", "plan", "forecast"
KINDS: dict[str, type[Document]] = {WIRING: Wiring, PLAN: Plan, FORECAST: Forecast}
NOTHING, BY_WORDS = "nothing", "words"
"""What may be chosen beside a candidate of the plan and a forecast."""
LONGEST_CHOICE = 40

AnyDocument = TypeVar("AnyDocument", bound=Document)


def computed_of(session: Session, visit_id: str, kind: str | None = None) -> Sequence[Computed]:
    """Return what was computed for a visit and holds, the newest first.

    Parameters
    ----------
    session : Session
    visit_id : str
    kind : str, optional
        ``wiring``, ``plan`` or ``forecast``; all of them unless given.
    """
    query = select(Computed).where(Computed.visit_id == visit_id, Computed.voided_at.is_(None))
    if kind is not None:
        query = query.where(Computed.kind == kind)
    return session.scalars(query.order_by(Computed.created_at.desc())).all()


def newest_computed(session: Session, visit_id: str, kind: str) -> Computed | None:
    """Return the document of a kind that holds for a visit; None before one was computed."""
    return next(iter(computed_of(session, visit_id, kind)), None)


def read_computed(media: MediaStore, row: Computed, kind: type[AnyDocument]) -> AnyDocument:
    """Return a computed document, read from its stored file and checked.

    Parameters
    ----------
    media : MediaStore
    row : Computed
    kind : type
        The document that it is.

    Raises
    ------
    StorageError, VaultError
        The file cannot be read.
    UsageError
        It does not fit the document.
    """
    return kind.from_json(b"".join(media.read(row.media_id)), f"The stored {row.kind} {row.id}")


@dataclass(frozen=True)
class Choice:
    """What was decided, by whom, on which day and why.

    Parameters
    ----------
    chosen : str
        ``nothing``, ``words``, the id of a candidate of the plan, or that of a computed forecast.
    words : str
        What was chosen, as it was read.
    reason : str
        In words; not empty.
    decided_by : str
        In words; may be somebody without an account.
    decided_on : date
    """

    chosen: str
    words: str
    reason: str
    decided_by: str
    decided_on: date

    def __post_init__(self) -> None:
        given = (self.chosen, self.words, self.reason, self.decided_by)
        if not all(one.strip() for one in given) or len(self.chosen) > LONGEST_CHOICE:
            raise RecordError(
                "The decision is not complete",
                expected="what was chosen, why, and who decided",
            )


def decide(
    session: Session,
    visit: Visit,
    choice: Choice,
    *,
    plan_id: str | None = None,
    forecast_id: str | None = None,
) -> Decision:
    """Store the decision of a visit; an earlier one is superseded and stays.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    visit : Visit
    choice : Choice
    plan_id, forecast_id : str, optional
        The documents that it rests on.

    Raises
    ------
    RecordError
        One of the documents is another visit's, or of another kind.
    """
    for computed_id, kind in ((plan_id, PLAN), (forecast_id, FORECAST)):
        if computed_id is not None:
            _own(session, visit.id, computed_id, (kind,))
    row = Decision(
        patient_id=visit.patient_id,
        visit_id=visit.id,
        plan_id=plan_id,
        forecast_id=forecast_id,
        chosen=choice.chosen.strip(),
        words=choice.words.strip(),
        reason=choice.reason.strip(),
        decided_by=choice.decided_by.strip(),
        decided_on=choice.decided_on,
    )
    before = decision_of(session, visit.id)
    return add(session, row) if before is None else supersede(session, before, row)


def decision_of(session: Session, visit_id: str) -> Decision | None:
    """Return the decision of a visit that holds."""
    query = select(Decision).where(Decision.visit_id == visit_id, Decision.voided_at.is_(None))
    return session.scalars(query).first()


def decision_before(session: Session, visit: Visit) -> tuple[Visit, Decision] | None:
    """Return the last decision of an earlier visit of the same patient that rests on a forecast."""
    query = (
        select(Visit, Decision)
        .join(Decision, Decision.visit_id == Visit.id)
        .where(
            Visit.patient_id.in_(ids_of(session, visit.patient_id)),
            Visit.id != visit.id,
            Visit.on <= visit.on,
            Visit.voided_at.is_(None),
            Decision.voided_at.is_(None),
            Decision.forecast_id.is_not(None),
        )
        .order_by(Visit.on.desc(), Decision.created_at.desc())
    )
    found = session.execute(query).first()
    return None if found is None else (found[0], found[1])


def given_since(
    session: Session, patient_id: str, start: date, end: date | None = None
) -> Sequence[TreatmentGiven]:
    """Return what a patient was given, in the order of days.

    Parameters
    ----------
    session : Session
    patient_id : str
    start : date
        From this day on.
    end : date, optional
        Up to this day.
    """
    query = select(TreatmentGiven).where(
        TreatmentGiven.patient_id.in_(ids_of(session, patient_id)),
        TreatmentGiven.on >= start,
        TreatmentGiven.voided_at.is_(None),
    )
    if end is not None:
        query = query.where(TreatmentGiven.on <= end)
    return session.scalars(query.order_by(TreatmentGiven.on, TreatmentGiven.created_at)).all()


def release(session: Session, row: Computed, *, given: bool) -> Release | None:
    """Show a plan or a forecast to its patient, or take it back; it takes effect at once.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    row : Computed
    given : bool
        False takes it back.

    Returns
    -------
    Release or None
        None when it is so already.

    Raises
    ------
    RecordError
        A wiring is not shown, and a void document neither.
    """
    own = _own(session, row.visit_id, row.id, (PLAN, FORECAST))
    if (own.id in released_ids(session, own.patient_id)) is given:
        return None
    new = Release(patient_id=own.patient_id, visit_id=own.visit_id, computed_id=own.id)
    new.given = given
    return add(session, new)


def released_ids(session: Session, patient_id: str) -> frozenset[str]:
    """Return the ids of what a patient may see now, by the newest row of each document."""
    query = (
        select(Release.computed_id, Release.given)
        .join(Computed, Computed.id == Release.computed_id)
        .where(
            Release.patient_id.in_(ids_of(session, patient_id)),
            Release.voided_at.is_(None),
            Computed.voided_at.is_(None),
        )
        .order_by(Release.created_at)
    )
    newest = dict(iter(session.execute(query)))
    return frozenset(computed_id for computed_id, given in newest.items() if given)


def released_documents(session: Session, patient_id: str) -> Sequence[Computed]:
    """Return what a patient may see now, the newest first."""
    ids = released_ids(session, patient_id)
    query = select(Computed).where(Computed.id.in_(ids)).order_by(Computed.created_at.desc())
    return session.scalars(query).all() if ids else ()


def void_computed(session: Session, measurement_ids: Iterable[str], reason: str) -> None:
    """Mark as void what was computed from measurements that are made void, releases with it."""
    query = select(Computed).where(
        Computed.measurement_id.in_(set(measurement_ids)), Computed.voided_at.is_(None)
    )
    for row in session.scalars(query).all():
        void(session, row, reason)


def computed_row(session: Session, visit_id: str, computed_id: str) -> Computed:
    """Return a document of a visit by its id.

    Raises
    ------
    NotFoundError
        There is none that holds.
    """
    row = find(session, Computed, computed_id)
    if row is None or row.visit_id != visit_id or row.voided_at is not None:
        raise NotFoundError("There is no such simulation", do="go back to the visit")
    return row


def _own(session: Session, visit_id: str, computed_id: str, kinds: Sequence[str]) -> Computed:
    row = get(session, Computed, computed_id)
    if row.visit_id != visit_id or row.kind not in kinds or row.voided_at is not None:
        raise RecordError(
            "This document does not belong here",
            expected=f"a {' or '.join(kinds)} of this visit that holds",
            found=f"a {row.kind}",
        )
    return row
