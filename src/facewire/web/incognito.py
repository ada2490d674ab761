"""Names and faces as they may be shown: the one place that incognito mode has to change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

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
