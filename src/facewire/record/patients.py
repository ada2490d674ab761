"""Patients and who they are: adding, finding, correcting; the code that results carry."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session

from facewire.errors import NotFoundError, RecordError
from facewire.record.same_person import ids_of, joined_ids, shown_id
from facewire.record.sealed_columns import normal_words, words_match
from facewire.record.store import add, correct, get, supersede
from facewire.record.tables import Identity, Join, Patient, Visit

CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""No vowels, so that no code is a word, and nothing that is read for something else."""
CODE_PART = 3
LONGEST_NAME = 120
MOST_FOUND = 5000
"""So many are sorted by name; a search that finds more is narrowed."""

SortKey = tuple[list[str], str]
"""Words of family and given name, then the code."""

WORDS = Identity.__table__.c.search_text
"""The column by which patients are found."""
_EARLIEST = date(1900, 1, 1)
SPELLED_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"}
)
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "a", "œ": "o"}
)
"""How letters are written where a keyboard lacks them, beside leaving out their marks."""


@dataclass(frozen=True)
class Who:
    """Who a patient is.

    Parameters
    ----------
    given_name, family_name : str
        One of them may be empty, not both.
    birth_date : date, optional
        From 1900 on.
    clinic_number : str, optional
        The clinic's own number of the patient.
    contact : str, optional
        How to reach the patient.
    """

    given_name: str
    family_name: str
    birth_date: date | None = None
    clinic_number: str | None = None
    contact: str | None = None

    def __post_init__(self) -> None:
        names = (self.given_name, self.family_name)
        if not any(name.strip() for name in names) or max(map(len, names)) > LONGEST_NAME:
            raise RecordError(
                "The patient's name cannot be used",
                expected=f"a given or a family name, {LONGEST_NAME} characters at most each",
                found="no name" if not any(name.strip() for name in names) else "a longer one",
            )
        if self.birth_date is not None and self.birth_date < _EARLIEST:
            raise RecordError(
                "The birth date cannot be right",
                expected=f"a day from {_EARLIEST.isoformat()} on",
                found=self.birth_date.isoformat(),
            )

    @property
    def search_text(self) -> str:
        """Every word by which the patient may be looked for."""
        names = f"{self.given_name} {self.family_name}".casefold()
        parts = [names, names.translate(SPELLED_LETTERS), names.translate(PLAIN_LETTERS)]
        parts += [self.birth_date.isoformat()] if self.birth_date else []
        parts += [self.clinic_number] if self.clinic_number else []
        return " ".join(parts)

    def row(self, patient_id: str) -> Identity:
        """Return a new row for the record."""
        return Identity(
            patient_id=patient_id,
            given_name=self.given_name.strip(),
            family_name=self.family_name.strip(),
            birth_date=self.birth_date,
            clinic_number=_or_none(self.clinic_number),
            contact=_or_none(self.contact),
            search_text=self.search_text,
        )


@dataclass(frozen=True)
class FoundPatient:
    """A patient as a list shows it.

    Parameters
    ----------
    patient : Patient
    identity : Identity or None
        None after an erasure of the identity alone.
    last_visit_on : date or None
    """

    patient: Patient
    identity: Identity | None
    last_visit_on: date | None


def add_patient(session: Session, who: Who) -> Patient:
    """Store a new patient with an identity and a code of their own.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    who : Who
    """
    patient = add(session, Patient(code=new_code(session)))
    add(session, who.row(patient.id))
    return patient


def correct_identity(session: Session, patient_id: str, who: Who) -> Identity:
    """Store a corrected identity; the former one stays as a superseded row.

    Raises
    ------
    NotFoundError
        The patient has no identity.
    """
    old = identity_of(session, patient_id)
    if old is None:
        raise NotFoundError("This patient has no identity in the record", found=patient_id)
    return supersede(session, old, who.row(old.patient_id))


def identity_of(session: Session, patient_id: str) -> Identity | None:
    """Return who a patient is, as the person is shown; None when that is not in the record."""
    shown = shown_id(session, patient_id)
    return identities_of(session, [shown]).get(shown)


def who_of(identity: Identity | None) -> Who | None:
    """Return who an identity says a patient is; None of none."""
    if identity is None:
        return None
    return Who(
        identity.given_name,
        identity.family_name,
        identity.birth_date,
        identity.clinic_number,
        identity.contact,
    )


def age_years(session: Session, patient_id: str, on: date) -> float | None:
    """Return whole years on a day: norms of adults do not hold under 18; None where not known."""
    identity = identity_of(session, patient_id)
    if identity is None or identity.birth_date is None:
        return None
    birth = identity.birth_date
    return float(on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)))


def identities_of(session: Session, patient_ids: Iterable[str]) -> dict[str, Identity]:
    """Return who several patients are, by their ids; one query."""
    query = select(Identity).where(
        Identity.patient_id.in_(set(patient_ids)), Identity.voided_at.is_(None)
    )
    return {row.patient_id: row for row in session.scalars(query)}


def patients_by_id(session: Session, patient_ids: Iterable[str]) -> dict[str, Patient]:
    """Return patients by their ids, void ones too; an id that is none is left out."""
    query = select(Patient).where(Patient.id.in_(set(patient_ids)))
    return {row.id: row for row in session.scalars(query)}


def has_patients(session: Session) -> bool:
    """Return whether the record holds any patient."""
    return session.scalar(select(Patient.id).limit(1)) is not None


def find_patients(session: Session, text: str = "", limit: int = 50) -> list[FoundPatient]:
    """Return patients of whom every word typed begins a word of name, birth date or number.

    Case, accents and their usual spellings (ue for ü) make no difference. The code finds its
    patient as well, from its first three signs on. Nothing typed: those with the latest visits.

    Parameters
    ----------
    session : Session
    text : str
        As typed.
    limit : int
        At most so many.

    Returns
    -------
    list of FoundPatient
        By name; when nothing was typed, by the latest visit.
    """
    if not normal_words(text):
        return found_patients(
            session, patients().order_by(_LAST_VISIT.desc().nulls_last()).limit(limit)
        )
    fits = (shown_id(session, patient_id) for _, patient_id in sorted(_matching(session, text)))
    ids = list(dict.fromkeys(fits))[:limit]
    rows = found_patients(session, patients().where(Patient.id.in_(ids)))
    found = {one.patient.id: one for one in rows}
    return [found[patient_id] for patient_id in ids]


def _matching(session: Session, text: str) -> list[tuple[SortKey, str]]:
    """Return how each patient who fits is sorted, and the id: names may be sealed in the tables."""
    fits = words_match(WORDS, text, session.get_bind().dialect)
    code = Patient.code.startswith(text.strip().upper(), autoescape=True)
    if len(text.strip()) < CODE_PART:
        code = false()  # a letter or two begin names; a code nobody sees yet would only surprise
    query = (
        select(Identity.family_name, Identity.given_name, Patient.code, Patient.id)
        .select_from(Patient)
        .outerjoin(Identity, _IS_LIVE_IDENTITY)
        .where(Patient.voided_at.is_(None), or_(fits, code))
        .limit(MOST_FOUND)
    )
    return [
        ((normal_words(f"{family or ''} {given or ''}"), code), patient_id)
        for family, given, code, patient_id in session.execute(query)
    ]


def find_by_code(session: Session, code: str, *, also_void: bool = False) -> Patient:
    """Return the patient of a code, as typed.

    Parameters
    ----------
    session : Session
    code : str
    also_void : bool
        Whether a patient who was made void, or a former code, is found too.

    Raises
    ------
    NotFoundError
        No patient has it.
    """
    query = select(Patient).where(Patient.code == code.strip().upper())
    if not also_void:
        query = query.where(Patient.voided_at.is_(None))
    found = session.scalars(query).first()
    if found is None:
        raise NotFoundError(
            "There is no patient with this code",
            found=code.strip() or "no code",
            do="copy the code from the patient's page",
        )
    return found if also_void else get(session, Patient, shown_id(session, found.id))


def new_code(session: Session) -> str:
    """Return a code that no patient has, such as ``K7Q-3XF``: random, it tells nothing."""
    while True:
        parts = ["".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_PART)) for _ in range(2)]
        code = "-".join(parts)
        if session.scalar(select(Patient.id).where(Patient.code == code)) is None:
            return code


def change_code(session: Session, patient: Patient) -> Patient:
    """Give a patient a new code, when somebody learned whose the old one is.

    The old code stays in the record as a superseded row and is never given again.
    """
    return correct(session, patient, code=new_code(session))


_IS_LIVE_IDENTITY = (Identity.patient_id == Patient.id) & Identity.voided_at.is_(None)
_LAST_VISIT = (
    select(func.max(Visit.on))
    .where(Visit.patient_id == Patient.id, Visit.voided_at.is_(None))
    .scalar_subquery()
)


def patients(*, also_joined: bool = False) -> Select[Patient, Identity | None, date | None]:
    """Return the query of all patients, each with identity and day of the last visit.

    Parameters
    ----------
    also_joined : bool
        Whether records that are shown under another one are found too.
    """
    query = (
        select(Patient, Identity, _LAST_VISIT)
        .outerjoin(Identity, _IS_LIVE_IDENTITY)
        .where(Patient.voided_at.is_(None))
    )
    joined = select(Join.other_id).where(Join.voided_at.is_(None))
    return query if also_joined else query.where(Patient.id.not_in(joined))


def found_patients(
    session: Session, query: Select[Patient, Identity | None, date | None]
) -> list[FoundPatient]:
    """Return what a query of `patients` finds."""
    found = [FoundPatient(*row) for row in session.execute(query)]
    if not joined_ids(session):
        return found
    return [replace(one, last_visit_on=_last_visit(session, one)) for one in found]


def _last_visit(session: Session, one: FoundPatient) -> date | None:
    ids = ids_of(session, one.patient.id)
    query = select(func.max(Visit.on)).where(Visit.patient_id.in_(ids), Visit.voided_at.is_(None))
    return one.last_visit_on if len(ids) == 1 else session.scalar(query)


def _or_none(text: str | None) -> str | None:
    return (text or "").strip() or None
