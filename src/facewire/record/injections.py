"""Treatments given: injections by muscle and side, other procedures, and what follows from them.

Units belong to their product: amounts of different products are never added, compared or
converted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from facewire.errors import RecordError
from facewire.face import Side
from facewire.record.rows import new_id
from facewire.record.same_person import ids_of, owner_of, shown_id
from facewire.record.store import add, void
from facewire.record.tables import Patient, TreatmentGiven

TOXIN = "botulinum_toxin"
LONGEST_WORD, LONGEST_PRODUCT = 40, 60
"""Characters of a procedure or muscle, and of a product."""


@dataclass(frozen=True)
class Injection:
    """One row of an injection table: a muscle, a side, an amount.

    Parameters
    ----------
    muscle : str
        As the clinic names it; the names of `facewire.face` where they fit.
    side : str
        ``L`` or ``R``: the patient's own.
    units : float or None
        Of the session's product; None when the amount is not known.
    details : mapping
        Such as the point or the depth; plain values.
    text : str or None
    """

    muscle: str
    side: str
    units: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None

    def __post_init__(self) -> None:
        _check_word("muscle", self.muscle)
        _check_side(self.side)
        if self.units is not None and not (math.isfinite(self.units) and self.units > 0):
            raise RecordError(
                "The amount of an injection is wrong",
                expected="units above 0, or none when it is not known",
                found=str(self.units),
            )


@dataclass(frozen=True)
class Given:
    """When, where and by whom a treatment was given.

    Parameters
    ----------
    patient_id : str
    on : date
    visit_id : str, optional
        None for a treatment given elsewhere.
    given_by : str, optional
        In words; may be somebody without an account.
    """

    patient_id: str
    on: date
    visit_id: str | None = None
    given_by: str | None = None


@dataclass(frozen=True)
class Procedure:
    """A treatment that is no injection of toxin, such as a lid weight or a neurolysis.

    Parameters
    ----------
    name : str
        Such as ``selective_neurolysis``.
    side : str or None
        ``L`` or ``R``; None when it has none or is not known.
    muscle : str or None
    details : mapping
        Plain values.
    text : str or None
    """

    name: str
    side: str | None = None
    muscle: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None

    def __post_init__(self) -> None:
        _check_word("procedure", self.name)
        if self.name == TOXIN:
            raise RecordError("Toxin is recorded with its muscles", do="use record_injections")
        if self.muscle is not None:
            _check_word("muscle", self.muscle)
        if self.side is not None:
            _check_side(self.side)


@dataclass(frozen=True)
class InjectionSession:
    """The injections of one session, of one product.

    Parameters
    ----------
    session_id : str
    on : date
    product : str
    given_by : str or None
    rows : tuple of TreatmentGiven
        As entered.
    """

    session_id: str
    on: date
    product: str
    given_by: str | None
    rows: tuple[TreatmentGiven, ...]

    @property
    def total_units(self) -> float | None:
        """Sum over both sides in units of this product; None when an amount is not known."""
        return self.units_on(None)

    def units_on(self, side: str | None) -> float | None:
        """Sum on one side (None: both) in units of this product; None when one is not known."""
        rows = [row for row in self.rows if side is None or row.side == side]
        known = [row.units for row in rows if row.units is not None]
        return math.fsum(known) if len(known) == len(rows) else None

    @property
    def pattern(self) -> tuple[Injection, ...]:
        """The rows as a new table would hold them, to be given again."""
        return tuple(
            Injection(row.muscle or "", row.side or "", row.units, dict(row.details), row.text)
            for row in self.rows
        )


@dataclass(frozen=True)
class ProductTotal:
    """What a patient was given of one product, in that product's own units.

    Parameters
    ----------
    product : str
    sessions : int
    units : float or None
        None when an amount is not known.
    """

    product: str
    sessions: int
    units: float | None


def record_injections(
    session: Session, given: Given, product: str, rows: Iterable[Injection]
) -> InjectionSession:
    """Store the injections of one session of toxin.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    given : Given
    product : str
        The product's own name: its units mean nothing without it.
    rows : iterable of Injection
        At least one.

    Raises
    ------
    RecordError
        No product, no injection, or the visit is another patient's.
    """
    table = tuple(rows)
    name = product.strip()
    if not table or not 0 < len(name) <= LONGEST_PRODUCT:
        raise RecordError(
            "These injections cannot be stored",
            expected=f"a product (up to {LONGEST_PRODUCT} characters) and one injection or more",
            found=f"{len(table)} injections of {name or 'no product'}",
        )
    shared = {"session_id": new_id(), "procedure": TOXIN, "product": name}
    shared |= _common(session, given)
    stored = [
        TreatmentGiven(
            muscle=one.muscle.strip(),
            side=one.side,
            units=one.units,
            details=dict(one.details),
            text=one.text,
            **shared,
        )
        for one in table
    ]
    for row in stored:
        add(session, row)
    return _session_of(stored)


def record_procedure(session: Session, given: Given, what: Procedure) -> TreatmentGiven:
    """Store a treatment other than toxin.

    Parameters
    ----------
    session : Session
        Of `Record.writing`.
    given : Given
    what : Procedure

    Raises
    ------
    RecordError
        The visit is another patient's.
    """
    row = TreatmentGiven(
        session_id=new_id(),
        procedure=what.name.strip(),
        muscle=what.muscle,
        side=what.side,
        details=dict(what.details),
        text=what.text,
        **_common(session, given),
    )
    return add(session, row)


def void_session(session: Session, session_id: str, reason: str) -> int:
    """Mark every row of a session as void; returns how many.

    Raises
    ------
    RecordError
        No reason was given.
    """
    query = select(TreatmentGiven).where(
        TreatmentGiven.session_id == session_id, TreatmentGiven.voided_at.is_(None)
    )
    rows = session.scalars(query).all()
    for row in rows:
        void(session, row, reason)
    return len(rows)


def treatments_of(session: Session, patient_id: str) -> Sequence[TreatmentGiven]:
    """Return all treatments of a patient, the latest first."""
    query = (
        select(TreatmentGiven)
        .where(
            TreatmentGiven.patient_id.in_(ids_of(session, patient_id)),
            TreatmentGiven.voided_at.is_(None),
        )
        .order_by(TreatmentGiven.on.desc(), TreatmentGiven.created_at)
    )
    return session.scalars(query).all()


def treated_patients(session: Session) -> Sequence[str]:
    """Return the ids of all patients who were given anything, in the order of their ids."""
    query = (
        select(TreatmentGiven.patient_id)
        .join(Patient, Patient.id == TreatmentGiven.patient_id)
        .where(TreatmentGiven.voided_at.is_(None), Patient.voided_at.is_(None))
        .distinct()
    )
    found = session.scalars(query.order_by(TreatmentGiven.patient_id))
    return list(dict.fromkeys(shown_id(session, patient_id) for patient_id in found))


def injection_sessions(session: Session, patient_id: str) -> list[InjectionSession]:
    """Return the toxin sessions of a patient, the latest first."""
    groups: dict[str, list[TreatmentGiven]] = {}
    for row in treatments_of(session, patient_id):
        if row.procedure == TOXIN:
            groups.setdefault(row.session_id, []).append(row)
    return [_session_of(rows) for rows in groups.values()]


def last_pattern(session: Session, patient_id: str) -> InjectionSession | None:
    """Return the last toxin session, whose ``pattern`` a new table may start from."""
    return next(iter(injection_sessions(session, patient_id)), None)


def days_since_toxin(session: Session, patient_id: str, on: date) -> dict[str, int]:
    """Return the days from the last toxin on each side to a day; a side without one is left out."""
    query = (
        select(TreatmentGiven.side, func.max(TreatmentGiven.on))
        .where(
            TreatmentGiven.patient_id.in_(ids_of(session, patient_id)),
            TreatmentGiven.procedure == TOXIN,
            TreatmentGiven.side.is_not(None),
            TreatmentGiven.on <= on,
            TreatmentGiven.voided_at.is_(None),
        )
        .group_by(TreatmentGiven.side)
    )
    return {str(side): (on - last).days for side, last in session.execute(query)}


def totals_by_product(session: Session, patient_id: str) -> list[ProductTotal]:
    """Return what was given of each product in its own units; products are never added up."""
    groups: dict[str, list[InjectionSession]] = {}
    for one in injection_sessions(session, patient_id):
        groups.setdefault(one.product, []).append(one)
    return [_total(product, sessions) for product, sessions in sorted(groups.items())]


def _total(product: str, sessions: Sequence[InjectionSession]) -> ProductTotal:
    units = [one.total_units for one in sessions]
    known = [amount for amount in units if amount is not None]
    total = math.fsum(known) if len(known) == len(units) else None
    return ProductTotal(product, len(sessions), total)


def _session_of(rows: Sequence[TreatmentGiven]) -> InjectionSession:
    first = rows[0]
    return InjectionSession(
        first.session_id, first.on, first.product or "", first.given_by, tuple(rows)
    )


def _common(session: Session, given: Given) -> dict[str, Any]:
    return {
        "patient_id": owner_of(session, given.patient_id, given.visit_id),
        "visit_id": given.visit_id,
        "on": given.on,
        "given_by": (given.given_by or "").strip() or None,
    }


def _check_side(side: str) -> None:
    if side not in set(Side):
        raise RecordError(
            "The side of a treatment is wrong", expected="L or R, the patient's own", found=side
        )


def _check_word(name: str, word: str) -> None:
    if not 0 < len(word.strip()) <= LONGEST_WORD:
        raise RecordError(
            f"The {name} of a treatment cannot be used",
            expected=f"1 to {LONGEST_WORD} characters",
            found=f"{len(word.strip())} characters",
        )
