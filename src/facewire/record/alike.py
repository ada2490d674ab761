"""Who may be one person: the same names, birth date or number, however they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import Session

from facewire.record.patients import (
    MOST_FOUND,
    PLAIN_LETTERS,
    SPELLED_LETTERS,
    WORDS,
    FoundPatient,
    Who,
    found_patients,
    patients,
)
from facewire.record.same_person import shown_id
from facewire.record.sealed_columns import normal_words, words_match
from facewire.record.tables import Identity, Patient

_SHORTER = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
"""Letters as they are written without their marks, so that Müller, Mueller and Muller are one."""
_DATE_PARTS = 3


class Reason(StrEnum):
    """Why two may be one person."""

    NUMBER = "number"
    NAMES = "names"
    NAMES_EXCHANGED = "names_exchanged"
    ONE_NAME = "one_name"
    BIRTH_DATE = "birth_date"
    DAY_AND_MONTH_EXCHANGED = "day_and_month_exchanged"
    BIRTH_DATE_NEAR = "birth_date_near"
    BIRTH_DATE_UNKNOWN = "birth_date_unknown"


@dataclass(frozen=True)
class Alike:
    """A patient who may be the person who is looked at, and why.

    Parameters
    ----------
    found : FoundPatient
    reasons : tuple of Reason
        Never empty.
    """

    found: FoundPatient
    reasons: tuple[Reason, ...]


def look_alikes(session: Session, who: Who, but: str | None = None) -> list[Alike]:
    """Return patients who may be the same person, and why.

    Exchanged given and family names, letters with and without their marks, exchanged day and month,
    one wrong part of a birth date, and numbers with other signs between make no difference. Nobody
    is decided upon here: a person looks.

    Parameters
    ----------
    session : Session
    who : Who
        About to be added, or in the record.
    but : str, optional
        Id of the patient who is looked at.
    """
    query = patients(also_joined=True).where(_may_fit(session, who)).limit(MOST_FOUND)
    fits = {
        shown_id(session, found.patient.id): reasons
        for found in found_patients(session, query)
        if found.identity is not None and (reasons := reasons_of(found.identity, who))
    }
    fits.pop(shown_id(session, but) if but else "", None)
    shown = found_patients(session, patients().where(Patient.id.in_(fits))) if fits else []
    alike = [Alike(found, fits[found.patient.id]) for found in shown]
    return sorted(alike, key=lambda one: (Reason.NUMBER not in one.reasons, one.found.patient.code))


def reasons_of(one: Identity | Who, who: Who) -> tuple[Reason, ...]:
    """Return why two may be one person; empty where nothing says so."""
    number = (Reason.NUMBER,) if _same_number(one.clinic_number, who.clinic_number) else ()
    names, birth = _names(one, who), _birth(one.birth_date, who.birth_date)
    fits = names in (Reason.NAMES, Reason.NAMES_EXCHANGED) and birth is not None
    fits = fits or (names is Reason.ONE_NAME and birth is Reason.BIRTH_DATE)
    told = (names, birth) if fits or birth is not Reason.BIRTH_DATE_UNKNOWN else (names,)
    return (*number, *filter(None, told)) if fits or number else ()


def _may_fit(session: Session, who: Who) -> ColumnElement[bool]:
    """Return the condition that finds all who may fit, by the words that are stored of them."""
    dialect = session.get_bind().dialect

    def found(word: str) -> ColumnElement[bool]:
        return or_(*(words_match(WORDS, one, dialect) for one in sorted(_spellings(word))))

    words = f"{who.given_name} {who.family_name}".casefold().split()
    fits = [and_(*map(found, words))]
    if who.birth_date is not None:
        born = words_match(WORDS, who.birth_date.isoformat(), dialect)
        fits.append(and_(born, or_(false(), *map(found, words))))
    if who.clinic_number:
        number = who.clinic_number
        apart = " ".join(re.findall(r"[^\W\d]+|\d+", number))
        written = sorted(one for one in {number, apart, _number(number)} if normal_words(one))
        fits += [words_match(WORDS, one, dialect) for one in written]
    return or_(*fits)


def _spellings(word: str) -> set[str]:
    tables = (PLAIN_LETTERS, SPELLED_LETTERS)
    return {word, _folded(word), *(word.translate(table) for table in tables)} - {""}


def _folded(name: str) -> str:
    """Return a name in the letters that all its spellings share, in one piece."""
    bare = "".join(normal_words(name.casefold().translate(PLAIN_LETTERS)))
    for long, short in _SHORTER:
        bare = bare.replace(long, short)
    return bare


def _names(one: Identity | Who, who: Who) -> Reason | None:
    first, second = _pair(one), _pair(who)
    if first == second:
        return Reason.NAMES
    if first == second[::-1] or _sorted(one) == _sorted(who):
        return Reason.NAMES_EXCHANGED
    shared = {name for name in first if name} & set(second)
    return Reason.ONE_NAME if shared else None


def _pair(one: Identity | Who) -> tuple[str, str]:
    return _folded(one.given_name), _folded(one.family_name)


def _sorted(one: Identity | Who) -> list[str]:
    return sorted(map(_folded, normal_words(f"{one.given_name} {one.family_name}")))


def _birth(one: date | None, other: date | None) -> Reason | None:
    """Return how two birth dates fit; None where they do not."""
    if one is None or other is None:
        return Reason.BIRTH_DATE_UNKNOWN
    if one == other:
        return Reason.BIRTH_DATE
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return Reason.DAY_AND_MONTH_EXCHANGED
    same = sum(a == b for a, b in zip(_parts(one), _parts(other), strict=True))
    return Reason.BIRTH_DATE_NEAR if same == _DATE_PARTS - 1 else None


def _parts(day: date) -> Iterable[int]:
    return day.year, day.month, day.day


def _same_number(one: str | None, other: str | None) -> bool:
    return bool(one and other and _number(one)) and _number(one or "") == _number(other or "")


def _number(number: str) -> str:
    """Return a number without what stands between its signs."""
    return "".join(normal_words(number)).replace("_", "")
