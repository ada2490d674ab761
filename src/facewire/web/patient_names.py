"""Names of patients as they may be shown: the one place that incognito mode has to change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from facewire.record.patients import identities_of, patients_by_id
from facewire.record.same_person import shown_id
from facewire.record.store import Session
from facewire.record.tables import Identity, Patient
from facewire.web.settings import WebSettings
from facewire.words import translate


class Named(Protocol):
    """Who a patient is; rows of the record's identities fit."""

    @property
    def given_name(self) -> str | None:
        """The given name, where it is known."""

    @property
    def family_name(self) -> str | None:
        """The family name, where it is known."""


@dataclass(frozen=True)
class Shown:
    """What may be seen of patients.

    Parameters
    ----------
    incognito : bool
        Whether names and faces are hidden.
    """

    incognito: bool = False

    def name(self, code: str, identity: Named | None) -> str:
        """Return a patient's name, or the code where names are hidden or unknown."""
        if self.incognito or identity is None:
            return code
        parts = [(identity.family_name or "").strip(), (identity.given_name or "").strip()]
        return ", ".join(part for part in parts if part) or code

    def person_name(self, shown_name: str, role: str) -> str:
        """Return the name of an account; a patient's own account is hidden too."""
        return translate("Patient") if self.incognito and role == "patient" else shown_name

    @property
    def faces(self) -> bool:
        """Whether pictures and videos of faces may be shown."""
        return not self.incognito


def shown_name(code: str, identity: Named | None, *, incognito: bool) -> str:
    """Return the name under which a patient is shown."""
    return Shown(incognito).name(code, identity)


@dataclass(frozen=True)
class PatientHead:
    """The head of every page of a patient.

    Parameters
    ----------
    id, code : str
        Of the patient; the code is the pseudonym that results carry.
    name : str
        As it may be shown; the code where names are hidden.
    born_on : date or None
        Day of birth; None where it is unknown or hidden.
    number : str
        The clinic's own number; empty where there is none or it is hidden.
    """

    id: str
    code: str
    name: str
    born_on: date | None
    number: str

    @property
    def url(self) -> str:
        """Address of the patient's page."""
        return f"/patients/{self.id}"


def patient_head(session: Session, settings: WebSettings, patient_id: str) -> PatientHead:
    """Return the head of a patient's pages; the caller has checked who may see them."""
    return patient_heads(session, settings, [patient_id])[patient_id]


def patient_heads(
    session: Session, settings: WebSettings, patient_ids: Iterable[str]
) -> Mapping[str, PatientHead]:
    """Return the heads of several patients, as each person is shown; a few queries for all."""
    shown = {one: shown_id(session, one) for one in patient_ids}
    identities = identities_of(session, shown.values())
    found = patients_by_id(session, shown.values())
    return {
        key: _head(found[one], identities.get(one), settings)
        for key, one in shown.items()
        if one in found
    }


def own_head(session: Session, settings: WebSettings, patient: Patient) -> PatientHead:
    """Return the head of one record, also where it is shown under another one."""
    return _head(patient, identities_of(session, [patient.id]).get(patient.id), settings)


def _head(patient: Patient, identity: Identity | None, settings: WebSettings) -> PatientHead:
    hidden = settings.incognito or identity is None
    return PatientHead(
        id=patient.id,
        code=patient.code,
        name=shown_name(patient.code, identity, incognito=settings.incognito),
        born_on=None if hidden or identity is None else identity.birth_date,
        number="" if hidden or identity is None else identity.clinic_number or "",
    )
