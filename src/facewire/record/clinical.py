"""What people enter: history, findings, complaints, grades, notes, answers, consents.

Entering the same thing again for the same visit replaces what was there: the newest holds and the
former stays as a superseded row. Answers and consents are a sequence: each stays, the newest holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from facewire.errors import ForbiddenError, NotFoundError, RecordError
from facewire.record.same_person import ids_of, owner_of, shown_id
from facewire.record.store import add, get, supersede
from facewire.record.tables import (
    COMPLAINTS,
    FINDINGS,
    PURPOSES,
    Complaint,
    Consent,
    Finding,
    Grade,
    History,
    Note,
    Patient,
    RedFlagAnswers,
    Visit,
)

SIDES_AFFECTED = ("L", "R", "both")
SIDES_FOUND = ("L", "R", "both", "mid")
"""Of a finding: the patient's own sides, both, or the midline (chin)."""
PRECISIONS = ("day", "month", "year")

_Entry = TypeVar("_Entry", Complaint, Finding, Grade, History)


@dataclass(frozen=True)
class Story:
    """How it began and what was done before; None is unknown, never "no".

    Parameters
    ----------
    cause : str or None
        Such as ``bell``, ``zoster``, ``trauma``, ``surgery``.
    onset_on : date or None
        The day, or the first day of the month or year that is known.
    onset_precision : str or None
        ``day``, ``month`` or ``year``.
    side : str or None
        ``L``, ``R`` or ``both``: the patient's own.
    palsy_before : bool or None
        Whether there was an earlier palsy.
    earlier_surgery : sequence of mapping
        Such as ``{"procedure": "eyelid_weight", "side": "R", "on": "2024-05"}``.
    facts : mapping
        Further facts by name; plain values.
    text : str or None
    """

    cause: str | None = None
    onset_on: date | None = None
    onset_precision: str | None = None
    side: str | None = None
    palsy_before: bool | None = None
    earlier_surgery: Sequence[Mapping[str, Any]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None

    def __post_init__(self) -> None:
        _check("side", self.side, (None, *SIDES_AFFECTED))
        _check("precision of the onset", self.onset_precision, (None, *PRECISIONS))
        if (self.onset_on is None) != (self.onset_precision is None):
            raise RecordError(
                "The onset is not complete", expected="a date with its precision, or neither"
            )


def save_history(session: Session, patient_id: str, story: Story) -> History:
    """Store a patient's history; the former one is superseded.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    patient_id : str
    story : Story
    """
    get(session, Patient, patient_id)
    row = History(
        patient_id=patient_id,
        cause=story.cause,
        onset_on=story.onset_on,
        onset_precision=story.onset_precision,
        side=story.side,
        palsy_before=story.palsy_before,
        earlier_surgery=[dict(one) for one in story.earlier_surgery],
        facts=dict(story.facts),
        text=story.text,
    )
    before = [one for one in _histories(session, patient_id) if one.patient_id == patient_id]
    return _replace(session, before[0] if before else None, row)


def history_of(session: Session, patient_id: str) -> History | None:
    """Return a patient's history; None when nobody has entered one.

    Of records that are one person it is that of the one who is shown, else the newest.
    """
    shown, found = shown_id(session, patient_id), _histories(session, patient_id)
    return next((one for one in found if one.patient_id == shown), found[0] if found else None)


def _histories(session: Session, patient_id: str) -> Sequence[History]:
    ids = ids_of(session, patient_id)
    query = select(History).where(History.patient_id.in_(ids), History.voided_at.is_(None))
    return session.scalars(query.order_by(History.created_at.desc())).all()


def save_finding(session: Session, visit: Visit, name: str, side: str, degree: int) -> Finding:
    """Store what was seen or felt at a visit; entered again, the newest holds.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    visit : Visit
    name : str
        One of `FINDINGS`.
    side : str
        One of `SIDES_FOUND`.
    degree : int
        0 (none) to 3 (severe).

    Raises
    ------
    RecordError
        A value is not one of these.
    """
    _check("finding", name, FINDINGS)
    _check("side", side, SIDES_FOUND)
    _check("degree", degree, range(4))
    before = {(row.name, row.side): row for row in findings_of(session, visit.id)}
    row = Finding(
        patient_id=visit.patient_id, visit_id=visit.id, name=name, side=side, degree=degree
    )
    return _replace(session, before.get((name, side)), row)


def findings_of(session: Session, visit_id: str) -> Sequence[Finding]:
    """Return the findings of a visit that hold; one that is not here was not assessed."""
    query = select(Finding).where(Finding.visit_id == visit_id, Finding.voided_at.is_(None))
    return session.scalars(query.order_by(Finding.name, Finding.side)).all()


def save_complaint(session: Session, visit: Visit, name: str, score: int) -> Complaint:
    """Store tightness, pain or bother at a visit; entered again, the newest holds.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    visit : Visit
    name : str
        One of `COMPLAINTS`.
    score : int
        0 (none) to 10 (worst imaginable).

    Raises
    ------
    RecordError
        A value is not one of these.
    """
    _check("complaint", name, COMPLAINTS)
    _check("score", score, range(11))
    before = {row.name: row for row in complaints_of(session, visit.id)}
    row = Complaint(patient_id=visit.patient_id, visit_id=visit.id, name=name, score=score)
    return _replace(session, before.get(name), row)


def complaints_of(session: Session, visit_id: str) -> Sequence[Complaint]:
    """Return the complaints of a visit that hold."""
    query = select(Complaint).where(Complaint.visit_id == visit_id, Complaint.voided_at.is_(None))
    return session.scalars(query.order_by(Complaint.name)).all()


def save_grade(session: Session, visit: Visit, scale: str, items: Mapping[str, Any]) -> Grade:
    """Store a grade by a person; the same person's former one of that visit is superseded.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    visit : Visit
    scale : str
        Such as ``sunnybrook``.
    items : mapping
        As entered; plain values.

    Raises
    ------
    RecordError
        No scale or no item.
    """
    if not scale.strip() or not items:
        raise RecordError("The grade is empty", expected="a scale with its items")
    row = Grade(
        patient_id=visit.patient_id, visit_id=visit.id, scale=scale.strip(), items=dict(items)
    )
    actor = session.info["actor"]
    before = [
        one
        for one in grades_of(session, visit.id)
        if one.scale == row.scale and one.created_by == actor.account_id
    ]
    return _replace(session, before[-1] if before else None, row)


def grades_of(session: Session, visit_id: str) -> Sequence[Grade]:
    """Return the grades of a visit that hold, in the order entered; people may differ."""
    query = select(Grade).where(Grade.visit_id == visit_id, Grade.voided_at.is_(None))
    return session.scalars(query.order_by(Grade.created_at)).all()


def add_note(session: Session, patient_id: str, text: str, visit_id: str | None = None) -> Note:
    """Store a note about a patient or a visit.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    patient_id : str
    text : str
        Not empty.
    visit_id : str, optional

    Raises
    ------
    RecordError
        It is empty, or the visit is another patient's.
    """
    row = _note(session, patient_id, text, visit_id)
    return add(session, row)


def continue_note(session: Session, visit: Visit, note_id: str, text: str, account_id: str) -> Note:
    """Go on with a note of a visit: the former words stay as a superseded row.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    visit : Visit
    note_id : str
        The note as it holds now.
    text : str
        Not empty; the same words change nothing.
    account_id : str
        Who writes: only who began a note goes on with it.

    Raises
    ------
    NotFoundError
        This person began no such note at this visit, or it was replaced or voided since.
    RecordError
        It is empty.
    """
    old = session.get(Note, note_id)
    own = old is not None and (old.visit_id, old.created_by) == (visit.id, account_id)
    if old is None or not own or old.voided_at is not None:
        raise NotFoundError("There is no such note to go on with", do="add a new note")
    if old.text == text.strip():
        return old
    return supersede(session, old, _note(session, visit.patient_id, text, visit.id))


def notes_of(session: Session, patient_id: str, visit_id: str | None = None) -> Sequence[Note]:
    """Return the notes about a patient, or of one visit; the latest first."""
    ids = ids_of(session, patient_id)
    query = select(Note).where(Note.patient_id.in_(ids), Note.voided_at.is_(None))
    if visit_id is not None:
        query = query.where(Note.visit_id == visit_id)
    return session.scalars(query.order_by(Note.created_at.desc())).all()


def save_answers(session: Session, row: RedFlagAnswers) -> RedFlagAnswers:
    """Store the questions before a recording, as asked and as answered.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    row : RedFlagAnswers
        With ``patient_id``, ``visit_id``, ``version``, ``answers`` and ``urgency``.

    Raises
    ------
    RecordError
        The visit is another patient's.
    """
    row.patient_id = owner_of(session, row.patient_id, row.visit_id)
    return add(session, row)


def answers_of(
    session: Session, patient_id: str, visit_id: str | None = None
) -> RedFlagAnswers | None:
    """Return the newest answers of a patient, or of one visit."""
    query = select(RedFlagAnswers).where(
        RedFlagAnswers.patient_id.in_(ids_of(session, patient_id)),
        RedFlagAnswers.voided_at.is_(None),
    )
    if visit_id is not None:
        query = query.where(RedFlagAnswers.visit_id == visit_id)
    return session.scalars(query.order_by(RedFlagAnswers.created_at.desc()).limit(1)).first()


def save_consent(
    session: Session, patient_id: str, purpose: str, *, given: bool, wording: str
) -> Consent:
    """Store that a patient consents to one purpose, or withdraws it; it takes effect at once.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    patient_id : str
    purpose : str
        One of `PURPOSES`.
    given : bool
    wording : str
        Which version of the text was shown.

    Raises
    ------
    RecordError
        There is no such purpose, or no wording.
    """
    _check("purpose", purpose, PURPOSES)
    if not wording.strip():
        raise RecordError("A consent names the text that was shown")
    get(session, Patient, patient_id)
    row = Consent(patient_id=patient_id, purpose=purpose, given=given, wording=wording.strip())
    return add(session, row)


def consents_of(session: Session, patient_id: str) -> dict[str, Consent]:
    """Return the consent that holds for each purpose; one never asked for is left out."""
    ids = ids_of(session, patient_id)
    query = select(Consent).where(Consent.patient_id.in_(ids), Consent.voided_at.is_(None))
    rows = session.scalars(query.order_by(Consent.created_at))
    return {row.purpose: row for row in rows}


def has_consent(session: Session, patient_id: str, purpose: str) -> bool:
    """Return whether a patient's consent to a purpose holds now."""
    _check("purpose", purpose, PURPOSES)
    row = consents_of(session, patient_id).get(purpose)
    return row is not None and row.given


def require_care(session: Session, patient_id: str) -> None:
    """Refuse to record or to measure anything new of a patient who does not agree to it now.

    Raises
    ------
    ForbiddenError
        Consent to care was withdrawn, or nobody asked yet.
    """
    if not has_consent(session, patient_id, "care"):
        raise ForbiddenError(
            "Nothing is recorded without the patient's consent",
            expected="consent to care",
            found="none that holds now",
            do="open the patient's page and ask for consent",
        )


def _replace(session: Session, before: _Entry | None, row: _Entry) -> _Entry:
    return add(session, row) if before is None else supersede(session, before, row)


def _note(session: Session, patient_id: str, text: str, visit_id: str | None) -> Note:
    if not text.strip():
        raise RecordError("The note is empty", expected="some words")
    get(session, Patient, patient_id)
    owner = owner_of(session, patient_id, visit_id)
    return Note(patient_id=owner, visit_id=visit_id, text=text.strip())


def _check(name: str, value: object, allowed: Sequence[object]) -> None:
    if value not in allowed:
        raise RecordError(
            f"There is no such {name}",
            expected=", ".join(str(one) for one in allowed if one is not None),
            found=str(value),
        )
